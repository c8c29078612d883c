/* SPDX-License-Identifier: BSD-3-Clause */
/* Other batch sizes and input shapes. */
#include <config.h>

#include <string.h>

#include "qonnx/infer.h"

static int
set_first_dim (struct qx_model *model, struct qx_value *value, int64_t batch, struct qx_error *err)
{
  int64_t dims[QX_MAX_RANK];

  if (!value->has_shape || value->n_dims == 0 || value->n_dims > QX_MAX_RANK)
    return qx_fail (err, "transform", "tensor %s: has no batch dimension to change", value->name);
  memcpy (dims, value->dims, value->n_dims * sizeof *dims);
  dims[0] = batch;
  return qx_value_set_shape (model, value, dims, value->n_dims, QX_UNDEFINED, err);
}

/* A constant target shape names the batch too. */
static int
change_reshape (struct qx_model *model, const struct qx_node *node, int64_t batch, struct qx_error *err)
{
  struct qx_value *shape = qx_node_in (node, 1);
  int64_t dims[QX_MAX_RANK], n;
  const int64_t *old;

  if (!qx_node_is (node, "Reshape") || !qx_is_static (shape) || shape->init->n_elements == 0 ||
      shape->init->n_elements > QX_MAX_RANK)
    return 0;
  old = qx_tensor_ints (shape->init, err);
  if (old == NULL)
    return -1;
  n = (int64_t) shape->init->n_elements;
  memcpy (dims, old, (size_t) n * sizeof *dims);
  dims[0] = batch;
  return qx_set_initializer_ints (model, shape->name, &n, 1, dims, err);
}

static void
drop_all_infos (struct qx_model *model)
{
  size_t i;

  for (i = 0; i < model->infos.n; i++)
    if (model->infos.items[i] != NULL)
      qx_value_drop_info (model, model->infos.items[i]);
  qx_compact_values (model);
}

int
qx_change_batch_size (struct qx_model *model, int64_t batch, struct qx_error *err)
{
  size_t i;

  qx_compact_values (model);
  if (batch < 1)
    return qx_fail (err, "transform", "a batch has at least one element");
  if (model->inputs.n == 0 || model->outputs.n == 0)
    return qx_fail (err, "transform", "the graph has no input or no output whose batch could change");
  if (set_first_dim (model, model->inputs.items[0], batch, err) < 0 ||
      set_first_dim (model, model->outputs.items[0], batch, err) < 0)
    return -1;
  drop_all_infos (model);
  for (i = 0; i < qx_n_nodes (model); i++)
    if (change_reshape (model, qx_node_at (model, i), batch, err) < 0)
      return -1;
  return 0;
}
