/* SPDX-License-Identifier: BSD-3-Clause */
/* Types and shapes of values: kept in the value, written into its messages when they change. */
#include <config.h>

#include <string.h>

#include "qonnx/model.h"

static const Onnx__TypeProto__Tensor *
tensor_type_of (const Onnx__ValueInfoProto *info)
{
  if (info->type == NULL || info->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
    return NULL;
  return info->type->tensor_type;
}

static int64_t
dim_of (const Onnx__TensorShapeProto__Dimension *dim)
{
  if (dim->value_case != ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE || dim->dim_value < 0)
    return -1;
  return dim->dim_value;
}

int
qx_value_read_info (struct qx_model *model, struct qx_value *value, Onnx__ValueInfoProto *info,
                    struct qx_error *err)
{
  const Onnx__TypeProto__Tensor *type = tensor_type_of (info);
  size_t i;

  if (type == NULL)
    return 0;
  if (type->has_elem_type)
    value->elem_type = type->elem_type;
  if (type->shape == NULL)
    return 0;
  value->dims = qx_arena_alloc (&model->arena, type->shape->n_dim * sizeof *value->dims);
  if (value->dims == NULL)
    return qx_oom (err);
  for (i = 0; i < type->shape->n_dim; i++)
    value->dims[i] = dim_of (type->shape->dim[i]);
  value->n_dims = type->shape->n_dim;
  value->has_shape = 1;
  return 0;
}

/* ---- writing ---- */

static Onnx__TypeProto__Tensor *
own_tensor_type (struct qx_model *model, Onnx__ValueInfoProto *info)
{
  Onnx__TypeProto__Tensor *tensor;

  if (tensor_type_of (info) != NULL)
    return info->type->tensor_type;
  info->type = qx_arena_alloc (&model->arena, sizeof *info->type);
  tensor = qx_arena_alloc (&model->arena, sizeof *tensor);
  if (info->type == NULL || tensor == NULL)
    return NULL;
  onnx__type_proto__init (info->type);
  onnx__type_proto__tensor__init (tensor);
  info->type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
  info->type->tensor_type = tensor;
  return tensor;
}

/* A dimension that is already written is kept where it says the same, so that symbolic names stay. */
static int
write_dims (struct qx_model *model, Onnx__TypeProto__Tensor *type, const int64_t *dims, size_t n_dims)
{
  Onnx__TensorShapeProto *old = type->shape, *shape = qx_arena_alloc (&model->arena, sizeof *shape);
  size_t i;

  if (shape == NULL)
    return -1;
  onnx__tensor_shape_proto__init (shape);
  shape->n_dim = n_dims;
  shape->dim = qx_arena_alloc (&model->arena, n_dims * sizeof (*shape->dim));
  if (shape->dim == NULL)
    return -1;
  for (i = 0; i < n_dims; i++) {
    Onnx__TensorShapeProto__Dimension *dim;
    if (old != NULL && i < old->n_dim && dim_of (old->dim[i]) == dims[i]) {
      shape->dim[i] = old->dim[i];
      continue;
    }
    shape->dim[i] = dim = qx_arena_alloc (&model->arena, sizeof *dim);
    if (dim == NULL)
      return -1;
    onnx__tensor_shape_proto__dimension__init (dim);
    if (dims[i] >= 0) {
      dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
      dim->dim_value = dims[i];
    }
  }
  type->shape = shape;
  return 0;
}

static int
write_info (struct qx_model *model, const struct qx_value *value, Onnx__ValueInfoProto *info)
{
  Onnx__TypeProto__Tensor *type = own_tensor_type (model, info);

  if (type == NULL)
    return -1;
  type->has_elem_type = 1;
  type->elem_type = value->elem_type;
  return value->has_shape ? write_dims (model, type, value->dims, value->n_dims) : 0;
}

static int
has_info (const struct qx_value *value)
{
  return value->infos[QX_INFO_INPUT] != NULL || value->infos[QX_INFO_OUTPUT] != NULL ||
         value->infos[QX_INFO_OTHER] != NULL;
}

static int
add_other_info (struct qx_model *model, struct qx_value *value)
{
  Onnx__ValueInfoProto *info = qx_arena_alloc (&model->arena, sizeof *info);

  if (info == NULL || qx_list_add (model, &model->infos, value, &value->info_at) < 0)
    return -1;
  onnx__value_info_proto__init (info);
  value->infos[QX_INFO_OTHER] = info;
  return 0;
}

static int
write_infos (struct qx_model *model, struct qx_value *value, struct qx_error *err)
{
  size_t i;

  if (!has_info (value) && add_other_info (model, value) < 0)
    return qx_oom (err);
  for (i = 0; i < QX_N_INFOS; i++)
    if (value->infos[i] != NULL && write_info (model, value, value->infos[i]) < 0)
      return qx_oom (err);
  return 0;
}

int
qx_value_set_type (struct qx_model *model, struct qx_value *value, int elem_type, struct qx_error *err)
{
  if (value->elem_type == elem_type && has_info (value))
    return 0;
  value->elem_type = elem_type;
  return write_infos (model, value, err);
}

int
qx_value_set_shape (struct qx_model *model, struct qx_value *value, const int64_t *dims, size_t n_dims,
                    int elem_type, struct qx_error *err)
{
  int64_t *copy;

  if (elem_type == QX_UNDEFINED)
    elem_type = value->elem_type == QX_UNDEFINED ? QX_FLOAT : value->elem_type;
  if (value->has_shape && has_info (value) && value->elem_type == elem_type && value->n_dims == n_dims &&
      (n_dims == 0 || memcmp (value->dims, dims, n_dims * sizeof *dims) == 0))
    return 0;
  copy = qx_arena_memdup (&model->arena, dims, n_dims * sizeof *dims);
  if (copy == NULL)
    return qx_oom (err);
  value->dims = copy;
  value->n_dims = n_dims;
  value->has_shape = 1;
  value->elem_type = elem_type;
  return write_infos (model, value, err);
}

void
qx_value_drop_info (struct qx_model *model, struct qx_value *value)
{
  if (value->infos[QX_INFO_OTHER] == NULL)
    return;
  value->infos[QX_INFO_OTHER] = NULL;
  qx_list_remove (&model->infos, value->info_at);
  qx_value_forget (value);
}

void
qx_value_forget (struct qx_value *value)
{
  if (has_info (value))
    return;
  value->has_shape = 0;
  value->elem_type = QX_UNDEFINED;
}

/* ---- reading ---- */

const int64_t *
qx_value_dims (const struct qx_value *value, size_t *n_dims)
{
  *n_dims = 0;
  if (value == NULL)
    return NULL;
  if (value->has_shape) {
    *n_dims = value->n_dims;
    return value->dims;
  }
  if (value->init == NULL)
    return NULL;
  *n_dims = value->init->n_dims;
  return qx_tensor_dims (value->init);
}

int
qx_value_elem_type (const struct qx_value *value)
{
  if (value == NULL)
    return QX_UNDEFINED;
  if (value->elem_type != QX_UNDEFINED || value->init == NULL)
    return value->elem_type;
  return value->init->proto->data_type;
}

const int64_t *
qx_shape (const struct qx_model *model, const char *tensor, size_t *n_dims)
{
  return qx_value_dims (qx_find (model, tensor), n_dims);
}

int
qx_elem_type (const struct qx_model *model, const char *tensor)
{
  return qx_value_elem_type (qx_find (model, tensor));
}

int
qx_set_shape (struct qx_model *model, const char *tensor, const int64_t *dims, size_t n_dims, int elem_type,
              struct qx_error *err)
{
  struct qx_value *value;
  size_t i;

  if (tensor[0] == '\0')
    return qx_fail (err, "transform", "the empty name is no tensor");
  for (i = 0; i < n_dims; i++)
    if (dims[i] < -1)
      return qx_fail (err, "transform", "tensor %s: a dimension cannot be %lld", tensor, (long long) dims[i]);
  value = qx_intern (model, tensor);
  if (value == NULL)
    return qx_oom (err);
  return qx_value_set_shape (model, value, dims, n_dims, elem_type, err);
}
