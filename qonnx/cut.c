/* SPDX-License-Identifier: BSD-3-Clause */
/* Cutting masked channels out of shapes and constants. */
#include <config.h>

#include <string.h>

#include "qonnx/edit.h"
#include "qonnx/infer.h"
#include "qonnx/masks.h"

static int
out_of_range (const struct qx_value *value, size_t axis, struct qx_error *err)
{
  return qx_fail (err, "transform", "tensor %s: has no such channels along dimension %zu", value->name, axis);
}

/* Every channel of the set is one of the dimension's. */
static int
fits (const struct qx_mask_axis *set, int64_t dim)
{
  size_t i;

  for (i = dim < 0 ? 0 : (size_t) dim; i < set->n; i++)
    if (set->set[i])
      return 0;
  return dim >= 0;
}

/* ---- shapes of tensors that are computed ---- */

static int
cut_shape (struct qx_model *model, struct qx_value *value, const struct qx_mask *mask, struct qx_error *err)
{
  int64_t dims[QX_MAX_RANK], product = 1;
  size_t i;

  if (!value->has_shape || value->n_dims > QX_MAX_RANK)
    return qx_fail (err, "transform", "tensor %s: its shape is not known", value->name);
  for (i = 0; i < value->n_dims; i++) {
    dims[i] = value->dims[i];
    product *= dims[i] == 1 ? 1 : 2;
    product = product > 2 ? 2 : product;
  }
  for (i = 0; product != 1 && i < QX_MASK_AXES; i++) {
    const struct qx_mask_axis *set = &mask->axes[i];
    if (set->count == 0)
      continue;
    if (i >= value->n_dims || !fits (set, dims[i]))
      return out_of_range (value, i, err);
    dims[i] -= (int64_t) set->count;
  }
  return qx_value_set_shape (model, value, dims, value->n_dims, QX_UNDEFINED, err);
}

/* ---- constants ---- */

static struct qx_tensor *
without (struct qx_model *model, const struct qx_tensor *old, size_t axis, const struct qx_mask_axis *set,
         struct qx_error *err)
{
  size_t i, k, size, inner = qx_type_bits (old->proto->data_type) / 8, outer = 1, at = 0;
  int64_t dims[QX_MAX_RANK];
  const uint8_t *from = qx_tensor_raw (old, &size, err);
  struct qx_tensor *tensor;

  for (i = 0; i < old->n_dims; i++) {
    dims[i] = old->dims[i];
    outer *= i < axis ? (size_t) dims[i] : 1;
    inner *= i > axis ? (size_t) dims[i] : 1;
  }
  dims[axis] -= (int64_t) set->count;
  tensor = from == NULL ? NULL : qx_tensor_new (model, old->proto->data_type, dims, old->n_dims, err);
  for (i = 0; tensor != NULL && i < outer; i++)
    for (k = 0; k < (size_t) old->dims[axis]; k++) {
      if (qx_mask_has (set, (int64_t) k))
        continue;
      memcpy (tensor->proto->raw_data.data + at, from + (i * (size_t) old->dims[axis] + k) * inner, inner);
      at += inner;
    }
  return tensor;
}

static int
cut_axis (struct qx_model *model, struct qx_value *value, size_t axis, const struct qx_mask_axis *set,
          struct qx_error *err)
{
  struct qx_tensor *old = value->init, *tensor;

  if (set->count == 0 || old->n_elements == 1 || old->n_dims == 0)
    return 0;
  if (axis >= old->n_dims || old->n_dims > QX_MAX_RANK || qx_type_bits (old->proto->data_type) < 8 ||
      !fits (set, old->dims[axis]))
    return out_of_range (value, axis, err);
  tensor = without (model, old, axis, set, err);
  return tensor == NULL ? -1 : qx_value_set_init (model, value, tensor, err);
}

static int
cut_weight (struct qx_model *model, struct qx_node *node, struct qx_value *value, const struct qx_mask *mask,
            struct qx_error *err)
{
  int64_t groups = qx_node_int (node, "group", 1);

  if (qx_node_is (node, "Conv") && groups > 1) {
    if (value->init->n_dims < 2 || value->init->dims[1] != 1)
      return qx_fail (err, "transform", "node %s (Conv): only depthwise groups can be pruned",
                      qx_node_label (node));
    if (cut_axis (model, value, 0, &mask->axes[0], err) < 0)
      return -1;
    return qx_node_set_int (model, node, "group", value->init->dims[0], err);
  }
  return cut_axis (model, value, 0, &mask->axes[0], err) < 0
             ? -1
             : cut_axis (model, value, 1, &mask->axes[1], err);
}

/* A parameter of fewer dimensions than the data: a list has the channels along its only one. */
static int
cut_parameter (struct qx_model *model, struct qx_value *value, const struct qx_mask *mask,
               struct qx_error *err)
{
  size_t i, rank = value->init->n_dims;

  for (i = 0; i < QX_MASK_AXES; i++)
    if (mask->axes[i].present && rank > 0 &&
        cut_axis (model, value, i >= rank && rank == 1 ? 0 : i, &mask->axes[i], err) < 0)
      return -1;
  return 0;
}

int
qx_cut_tensor (struct qx_model *model, struct qx_node *node, struct qx_value *value,
               const struct qx_mask *mask, struct qx_error *err)
{
  if (value->init == NULL)
    return cut_shape (model, value, mask, err);
  if (qx_node_is (node, "MatMul") || qx_node_is (node, "Conv"))
    return cut_weight (model, node, value, mask, err);
  return cut_parameter (model, value, mask, err);
}
