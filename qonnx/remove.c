/* SPDX-License-Identifier: BSD-3-Clause */
/* Nodes that do nothing, or whose results nobody reads. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/infer.h"

/* ---- unused ---- */

static int
is_used (const struct qx_node *node)
{
  size_t i;

  for (i = 0; i < node->n_out; i++)
    if (node->out[i] != NULL && (node->out[i]->n_uses > 0 || qx_is_graph_output (node->out[i])))
      return 1;
  return 0;
}

/* Producers of a removed node may be unused then: a stack holds what is to be looked at. */
static void
remove_from (struct qx_model *model, struct qx_node **stack, size_t n)
{
  while (n > 0) {
    struct qx_node *node = stack[--n];
    size_t i;

    if (node->mark != 0 || is_used (node))
      continue;
    node->mark = 1;
    for (i = 0; i < node->n_in; i++)
      if (node->in[i].value != NULL && node->in[i].value->producer != NULL)
        stack[n++] = node->in[i].value->producer;
    for (i = 0; i < node->n_captures; i++)
      if (node->captures[i].value->producer != NULL)
        stack[n++] = node->captures[i].value->producer;
    qx_node_remove (model, node);
  }
}

int
qx_remove_unused_nodes (struct qx_model *model, struct qx_error *err)
{
  struct qx_node **stack;
  size_t i, slots = 1;

  qx_compact_nodes (model);
  for (i = 0; i < model->nodes.n; i++) {
    struct qx_node *node = model->nodes.items[i];
    node->mark = 0;
    slots += node->n_in + node->n_captures + 1;
  }
  stack = malloc (slots * sizeof (*stack));
  if (stack == NULL)
    return qx_oom (err);
  if (model->nodes.n > 0)
    memcpy (stack, model->nodes.items, model->nodes.n * sizeof (*stack));
  remove_from (model, stack, model->nodes.n);
  free (stack);
  qx_compact_nodes (model);
  return 0;
}

/* ---- identities ---- */

/* The reference's test is close (a, b, atol): its relative part counts too where b is not 0. */
static int
all_close (const struct qx_value *value, float wanted, double tolerance)
{
  size_t i, n;
  const float *data = qx_static_floats (value, &n);

  if (data == NULL)
    return 0;
  for (i = 0; i < n; i++)
    if (!(fabs ((double) data[i] - (double) wanted) <= tolerance + 1e-5 * fabs ((double) wanted)))
      return 0;
  return 1;
}

static int
pads_nothing (const struct qx_node *node)
{
  const struct qx_value *input = qx_node_in (node, 1);
  size_t i, n;
  const int64_t *pads = qx_node_ints (node, "pads", &n);

  if (pads == NULL && qx_is_static (input)) {
    pads = qx_tensor_ints (input->init, NULL);
    n = input->init->n_elements;
  }
  for (i = 0; pads != NULL && i < n; i++)
    if (pads[i] != 0)
      return 0;
  return pads != NULL;
}

static int
drops_nothing (const struct qx_node *node)
{
  const struct qx_value *ratio = qx_node_in (node, 1), *mask = qx_node_out (node, 1);

  if (mask != NULL && (mask->n_uses > 0 || qx_is_graph_output (mask)))
    return 0;
  if (qx_opset_of (node->model, "") < 12)
    return qx_node_attr_type (node, "ratio") == QX_ATTR_FLOAT && qx_node_float (node, "ratio", 1) == 0;
  return ratio == NULL || all_close (ratio, 0, 0);
}

static int
does_nothing (const struct qx_node *node, double tolerance)
{
  if (qx_node_is (node, "Add") || qx_node_is (node, "Sub"))
    return all_close (qx_node_in (node, 1), 0, tolerance);
  if (qx_node_is (node, "Mul") || qx_node_is (node, "Div"))
    return all_close (qx_node_in (node, 1), 1, tolerance);
  if (qx_node_is (node, "Pad"))
    return pads_nothing (node);
  if (qx_node_is (node, "Dropout"))
    return drops_nothing (node);
  return qx_node_is (node, "Identity");
}

/* A constant of more dimensions, or of other sizes, would change the shape. Unknown shapes are taken to differ, save where the
   other input is a single number. */
static int
keeps_shape (const struct qx_node *node, const struct qx_value *in, const struct qx_value *out)
{
  const struct qx_value *constant = qx_node_in (node, 1);
  size_t n_in, n_out, n;
  const int64_t *a = qx_value_dims (in, &n_in), *b = qx_value_dims (out, &n_out);

  if (a != NULL && b != NULL)
    return n_in == n_out && (n_in == 0 || memcmp (a, b, n_in * sizeof *a) == 0);
  return constant == NULL || !qx_is_static (constant) || (qx_value_dims (constant, &n) != NULL && n == 0) ||
         qx_node_is (node, "Pad") || qx_node_is (node, "Dropout");
}

static int
other_inputs_are_static (const struct qx_node *node)
{
  size_t i;

  for (i = 1; i < node->n_in; i++)
    if (node->in[i].value != NULL && !qx_is_static (node->in[i].value))
      return 0;
  return 1;
}

static size_t
n_readers (const struct qx_node *node)
{
  size_t i, n = 0;

  for (i = 0; i < node->n_out; i++)
    n += node->out[i] == NULL ? 0 : node->out[i]->n_uses;
  return n;
}

/* The producer makes the node's output, or the readers read its input. Which of the two decides about the name, and about what is known of
   the tensor. -1: neither is possible. */
static int
take_out (struct qx_edit *edit, struct qx_node *node)
{
  struct qx_value *in = node->in[0].value, *out = node->out[0];
  struct qx_node *producer = in->producer;
  size_t slot = in->producer_slot;

  if (producer != NULL && n_readers (producer) == 1 && in->n_uses == 1 && !qx_is_graph_output (in)) {
    qx_node_remove (edit->model, node);
    qx_edit_out (edit, producer, slot, out);
    return 0;
  }
  if (qx_is_graph_output (out))
    return -1;
  qx_node_remove (edit->model, node);
  qx_edit_redirect (edit, out, in);
  return 0;
}

/* Takes out the first node that can be, or all of them. *n: how many. */
static int
take_out_some (struct qx_model *model, double tolerance, int all, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i;

  *n = 0;
  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed && (all || *n == 0); i++) {
    struct qx_node *node = model->nodes.items[i];
    struct qx_value *in = node == NULL ? NULL : qx_node_in (node, 0);
    if (in != NULL && qx_node_out (node, 0) != NULL && node->n_captures == 0 &&
        does_nothing (node, tolerance) && other_inputs_are_static (node) &&
        keeps_shape (node, in, node->out[0]) && take_out (&edit, node) == 0)
      ++*n;
  }
  return qx_edit_end (&edit);
}

int
qx_remove_identity_ops (struct qx_model *model, double tolerance, struct qx_error *err)
{
  size_t n, budget = QX_SORT_BUDGET;
  int sorted = 1;

  if (qx_infer_shapes (model, err) < 0)
    return -1;
  do {
    if (take_out_some (model, tolerance, sorted == 0, &n, err) < 0)
      return -1;
    if (n > 0 && sorted == 1)
      sorted = qx_sort_between (model, &budget, err);
  } while (n > 0 && sorted >= 0);
  return sorted < 0 ? -1 : qx_infer_shapes (model, err);
}
