/* SPDX-License-Identifier: BSD-3-Clause */
/* Another model before this one. */
#include <config.h>

#include <string.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/splice.h"

/* The first input or output that is no constant. */
static struct qx_value *
first_dynamic (struct qx_model *model, const struct qx_list *list)
{
  size_t i;

  qx_compact_values (model);
  for (i = 0; i < list->n; i++)
    if (((struct qx_value *) list->items[i])->init == NULL)
      return list->items[i];
  return NULL;
}

static int
check_joint (const struct qx_value *out, const struct qx_value *in, struct qx_error *err)
{
  if (out == NULL || out->producer == NULL)
    return qx_fail (err, "transform", "the model before has no output that a node makes");
  if (in == NULL)
    return qx_fail (err, "transform", "the graph has no input to connect to");
  if (!out->has_shape || !in->has_shape || out->n_dims != in->n_dims ||
      (in->n_dims > 0 && memcmp (out->dims, in->dims, in->n_dims * sizeof *in->dims) != 0))
    return qx_fail (err, "transform", "tensor %s: has not the shape of output %s of the model before",
                    in->name, out->name);
  return 0;
}

/* Inputs of the model before are the graph's from now on, before those that are left. */
static int
take_inputs (struct qx_model *model, struct qx_model *before, struct qx_error *err)
{
  size_t i, n_old = qx_n_inputs (model), n;

  qx_compact_values (before);
  for (i = 0; i < before->inputs.n; i++) {
    const struct qx_value *in = before->inputs.items[i];
    if (in->init != NULL)
      continue;
    if (!in->has_shape)
      return qx_fail (err, "transform", "tensor %s: its shape is not known", in->name);
    if (qx_add_input (model, in->name, in->elem_type, in->dims, in->n_dims, err) < 0)
      return -1;
  }
  n = qx_n_inputs (model);
  for (i = 0; i < n_old; i++) {
    void *first = model->inputs.items[0];
    memmove (model->inputs.items, model->inputs.items + 1, (n - 1) * sizeof *model->inputs.items);
    model->inputs.items[n - 1] = first;
  }
  return 0;
}

/* Imports of both, in the higher version. */
static int
take_opsets (struct qx_model *model, const struct qx_model *before, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < qx_n_opsets (before); i++)
    if (qx_opset_version (before, i) > qx_opset_of (model, qx_opset_domain (before, i)) &&
        qx_set_opset (model, qx_opset_domain (before, i), qx_opset_version (before, i), err) < 0)
      return -1;
  return 0;
}

/* What the output was called before is called as the input. */
static int
connect (struct qx_model *model, struct qx_model *before, struct qx_error *err)
{
  struct qx_value *out = first_dynamic (before, &before->outputs),
                  *in = first_dynamic (model, &model->inputs);
  const char *name;
  size_t i;

  if (check_joint (out, in, err) < 0)
    return -1;
  name = in->name;
  if (out->infos[QX_INFO_INPUT] != NULL)
    return qx_fail (err, "transform", "tensor %s: input and output of the model before", out->name);
  while (qx_n_outputs (before) > 0)
    if (qx_remove_output (before, qx_output (before, 0), err) < 0)
      return -1;
  if (strcmp (out->name, name) != 0) {
    struct qx_value *taken = qx_find (before, name);
    if (taken != NULL && qx_value_known (taken)) {
      struct qx_value *other = qx_suffixed_value (before, taken, "_before", err);
      if (other == NULL || qx_rename_tensor (before, name, other->name, err) < 0)
        return -1;
    }
    if (qx_rename_tensor (before, out->name, name, err) < 0)
      return -1;
  }
  for (i = 0; i < qx_n_nodes (before); i++)
    if (qx_node_set_name (before, qx_node_at (before, i), "", err) < 0)
      return -1;
  for (i = 0; i < qx_n_nodes (model); i++)
    if (qx_node_set_name (model, qx_node_at (model, i), "", err) < 0)
      return -1;
  if (qx_remove_input (model, name, err) < 0 || qx_splice (model, before, &out, 1, 1, err) < 0)
    return -1;
  return take_inputs (model, before, err) < 0 ? -1 : take_opsets (model, before, err);
}

static int
finish (struct qx_model *model, struct qx_error *err)
{
  if (qx_set_producer (model, "fuse_model", "", err) < 0 ||
      (model->graph->name = qx_arena_strdup (&model->arena, "fuse-graph")) == NULL)
    return qx_oom (err);
  if (qx_tidy (model, err) < 0 || qx_infer_shapes (model, err) < 0 || qx_tidy (model, err) < 0 ||
      qx_infer_datatypes (model, 0, err) < 0 || qx_infer_data_layouts (model, err) < 0 ||
      qx_give_unique_node_names (model, "", err) < 0 || qx_tidy (model, err) < 0)
    return -1;
  return qx_give_readable_tensor_names (model, err);
}

int
qx_pass_merge_onnx_models (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  struct qx_model *before = qx_load (qx_arg_string (args, "pre_model"), err);
  int ret;

  if (before == NULL)
    return -1;
  ret = qx_remove_static_graph_inputs (model, err) < 0 || qx_remove_static_graph_inputs (before, err) < 0
            ? -1
            : connect (model, before, err);
  qx_model_free (before);
  return ret < 0 ? -1 : finish (model, err);
}
