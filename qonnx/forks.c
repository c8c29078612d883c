/* SPDX-License-Identifier: BSD-3-Clause */
/* Nodes before a fork copied into its branches. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/channels_last.h"

static int
by_place (const void *a, const void *b)
{
  const struct qx_use *x = a, *y = b;

  if (x->node->index != y->node->index)
    return x->node->index < y->node->index ? -1 : 1;
  return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* Its readers in graph order, to be freed. NULL: no memory. */
static struct qx_use *
readers_of (const struct qx_value *value)
{
  struct qx_use *uses = malloc ((value->n_uses + 1) * sizeof *uses);

  if (uses == NULL)
    return NULL;
  memcpy (uses, value->uses, value->n_uses * sizeof *uses);
  qsort (uses, value->n_uses, sizeof *uses, by_place);
  return uses;
}

/* Read by two nodes at least, and with at most one input that is not constant. */
static int
forks (const struct qx_node *node)
{
  const struct qx_value *out = qx_node_out (node, 0);
  size_t i;

  if (out == NULL || node->n_out != 1 || node->n_captures > 0 || out->n_uses < 2)
    return 0;
  for (i = 1; i < node->n_in; i++)
    if (node->in[i].value != NULL && !qx_is_static (node->in[i].value))
      return 0;
  for (i = 0; i < out->n_uses; i++)
    if (out->uses[i].slot == QX_CAPTURE)
      return 0;
  for (i = 1; i < out->n_uses; i++)
    if (out->uses[i].node != out->uses[0].node)
      return 1;
  return 0;
}

static struct qx_value *
copy_constant (struct qx_edit *edit, const struct qx_value *value)
{
  if (edit->failed || value == NULL)
    return NULL;
  return qx_edit_constant (
      edit, value->name,
      qx_tensor_reshaped (edit->model, value->init, value->init->dims, value->init->n_dims, edit->err));
}

/* A node like another, with constants of its own, before the one at position. */
static struct qx_value *
copy_node (struct qx_edit *edit, const struct qx_node *node, size_t at)
{
  struct qx_value *out = qx_edit_like (edit, "branch", node->out[0]);
  struct qx_node *copy =
      qx_edit_custom (edit, at, qx_node_domain (node), qx_node_op_type (node), &node->in[0].value, 1, out);
  size_t i;

  if (copy == NULL || qx_copy_attributes (edit->model, copy, node, edit->err) < 0) {
    edit->failed = 1;
    return NULL;
  }
  for (i = 1; i < node->n_in; i++)
    qx_edit_in (edit, copy, i, copy_constant (edit, node->in[i].value));
  return out;
}

/* The first reader keeps the node. */
static void
split (struct qx_edit *edit, struct qx_node *node)
{
  size_t i, n = node->out[0]->n_uses;
  struct qx_use *uses = readers_of (node->out[0]);

  if (uses == NULL)
    qx_edit_no_memory (edit);
  for (i = 1; i < n && !edit->failed; i++)
    qx_edit_in (edit, uses[i].node, uses[i].slot, copy_node (edit, node, node->index + 1));
  free (uses);
}

/* By its type alone, of whatever domain. */
static int
is_listed (const struct qx_node *node, const char *const *ops)
{
  for (; *ops != NULL; ops++)
    if (qx_node_is (node, *ops))
      return 1;
  return 0;
}

int
qx_move_past_fork (struct qx_model *model, const char *const *ops, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i, n_split;

  do {
    n_split = 0;
    qx_edit_begin (&edit, model, err);
    for (i = 0; i < model->nodes.n && !edit.failed; i++)
      if (is_listed (model->nodes.items[i], ops) && forks (model->nodes.items[i])) {
        split (&edit, model->nodes.items[i]);
        n_split++;
      }
    if (qx_edit_end (&edit) < 0 || qx_infer_shapes (model, err) < 0 || qx_tidy (model, err) < 0)
      return -1;
    *n += n_split;
  } while (n_split > 0);
  return 0;
}

/* ---- passes ---- */

int
qx_move_add_past_fork (struct qx_model *model, struct qx_error *err)
{
  static const char *const ops[] = { "Add", NULL };
  size_t n = 0;

  return qx_move_past_fork (model, ops, &n, err);
}

int
qx_move_mul_past_fork (struct qx_model *model, struct qx_error *err)
{
  static const char *const ops[] = { "Mul", NULL };
  size_t n = 0;

  return qx_move_past_fork (model, ops, &n, err);
}

int
qx_move_linear_past_fork (struct qx_model *model, struct qx_error *err)
{
  static const char *const ops[] = { "Add", "Mul", NULL };
  size_t n = 0;

  return qx_move_past_fork (model, ops, &n, err);
}

int
qx_move_transpose_past_fork (struct qx_model *model, struct qx_error *err)
{
  static const char *const ops[] = { "Transpose", NULL };
  size_t n = 0;

  return qx_move_past_fork (model, ops, &n, err);
}

int
qx_pass_move_op_past_fork (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  size_t n = 0;
  const char **ops = qx_arg_words (args, "op_name_list", err);
  int ret = ops == NULL ? -1 : qx_move_past_fork (model, ops, &n, err);

  free (ops);
  return ret;
}
