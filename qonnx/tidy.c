/* SPDX-License-Identifier: BSD-3-Clause */
/* The chain that QONNX runs after every transformation. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/model.h"

static int
is_used (const struct qx_value *value)
{
  return value->producer != NULL || value->n_uses > 0 || value->pinned;
}

/* Outputs of a node are used by it. Constants wired to a graph output stay: somebody outside reads them. */
int
qx_remove_unused_tensors (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  (void) err;
  for (i = 0; i < model->inits.n; i++) {
    struct qx_value *value = model->inits.items[i];
    if (value != NULL && !is_used (value) && value->infos[QX_INFO_OUTPUT] == NULL)
      qx_value_drop_init (model, value);
  }
  for (i = 0; i < model->infos.n; i++) {
    struct qx_value *value = model->infos.items[i];
    if (value != NULL && !is_used (value))
      qx_value_drop_info (model, value);
  }
  for (i = 0; i < model->annotations.n; i++) {
    struct qx_value *value = model->annotations.items[i];
    if (value == NULL || is_used (value) || value->infos[QX_INFO_INPUT] != NULL ||
        value->infos[QX_INFO_OUTPUT] != NULL)
      continue;
    value->annotation = NULL;
    qx_list_remove (&model->annotations, i);
  }
  qx_compact_values (model);
  return 0;
}

int
qx_remove_static_graph_inputs (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < model->inputs.n; i++) {
    struct qx_value *value = model->inputs.items[i];
    if (value == NULL || value->init == NULL)
      continue;
    if (qx_list_add (model, &model->infos, value, &value->info_at) < 0)
      return qx_oom (err);
    value->infos[QX_INFO_OTHER] = value->infos[QX_INFO_INPUT];
    value->infos[QX_INFO_INPUT] = NULL;
    qx_list_remove (&model->inputs, i);
  }
  qx_compact_values (model);
  return 0;
}

static int
is_commutative (const struct qx_node *node)
{
  static const char *const ops[] = { "Add", "And", "Mul", "Or", "Sum", "Xor" };
  size_t i;

  for (i = 0; i < sizeof ops / sizeof ops[0]; i++)
    if (qx_node_is (node, ops[i]))
      return 1;
  return 0;
}

/* Constants after everything else, each group in its order. */
static int
sort_inputs (struct qx_model *model, struct qx_node *node)
{
  struct qx_value **sorted = qx_arena_alloc (&model->arena, node->n_in * sizeof (*sorted));
  size_t i, n = 0;

  if (sorted == NULL)
    return -1;
  for (i = 0; i < node->n_in; i++)
    if (!qx_is_static (node->in[i].value))
      sorted[n++] = node->in[i].value;
  for (i = 0; i < node->n_in; i++)
    if (qx_is_static (node->in[i].value))
      sorted[n++] = node->in[i].value;
  for (i = 0; i < node->n_in; i++)
    if (qx_node_wire_in (model, node, i, sorted[i]) < 0)
      return -1;
  return 0;
}

static int
is_sorted (const struct qx_node *node)
{
  size_t i;

  for (i = 1; i < node->n_in; i++)
    if (qx_is_static (node->in[i - 1].value) && !qx_is_static (node->in[i].value))
      return 0;
  return 1;
}

int
qx_sort_commutative_inputs (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++) {
    struct qx_node *node = qx_node_at (model, i);
    if (is_commutative (node) && !is_sorted (node) && sort_inputs (model, node) < 0)
      return qx_oom (err);
  }
  return 0;
}

/* ---- unique parameters ---- */

/* A constant of the same data under a name of its own. It is annotated with the data type of the original, FLOAT32 too; its
   message is a copy that shares the data. */
static struct qx_value *
copy_parameter (struct qx_model *model, const struct qx_value *value, struct qx_error *err)
{
  struct qx_value *copy = qx_fresh_value (model, value->name);
  struct qx_tensor *tensor = qx_arena_memdup (&model->arena, value->init, sizeof *value->init);
  struct qx_dtype dtype = qx_tensor_dtype (model, value->name);

  if (copy == NULL || tensor == NULL) {
    qx_oom (err);
    return NULL;
  }
  tensor->proto = qx_arena_memdup (&model->arena, value->init->proto, sizeof *value->init->proto);
  if (tensor->proto == NULL) {
    qx_oom (err);
    return NULL;
  }
  if (qx_value_set_init (model, copy, tensor, err) < 0 ||
      qx_set_tensor_dtype (model, copy->name, &dtype, err) < 0)
    return NULL;
  return copy;
}

static int
make_unique (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < node->n_in; i++) {
    struct qx_value *value = node->in[i].value;
    if (!qx_is_static (value))
      continue;
    if (value->mark == 0) {
      value->mark = 1;
      continue;
    }
    value = copy_parameter (model, value, err);
    if (value == NULL)
      return -1;
    value->mark = 1;
    if (qx_node_wire_in (model, node, i, value) < 0)
      return qx_oom (err);
  }
  return 0;
}

int
qx_give_unique_parameter_tensors (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  qx_compact_values (model);
  for (i = 0; i < model->inits.n; i++)
    ((struct qx_value *) model->inits.items[i])->mark = 0;
  for (i = 0; i < qx_n_nodes (model); i++)
    if (make_unique (model, qx_node_at (model, i), err) < 0)
      return -1;
  return 0;
}

int
qx_tidy (struct qx_model *model, struct qx_error *err)
{
  if (qx_remove_unused_tensors (model, err) < 0 || qx_remove_static_graph_inputs (model, err) < 0 ||
      qx_sort_graph (model, err) < 0 || qx_sort_commutative_inputs (model, err) < 0)
    return -1;
  return qx_give_unique_parameter_tensors (model, err);
}
