/* SPDX-License-Identifier: BSD-3-Clause */
/* Initializers: constants of the graph. */
#include <config.h>

#include <string.h>

#include "qonnx/half.h"
#include "qonnx/model.h"

static struct qx_model *
settled (const struct qx_model *model)
{
  struct qx_model *mutable = (struct qx_model *) model;

  /* closing holes changes nothing that can be seen */
  if (model->inits.holes > 0)
    qx_compact_values (mutable);
  return mutable;
}

size_t
qx_n_initializers (const struct qx_model *model)
{
  return model->inits.n - model->inits.holes;
}

const char *
qx_initializer_name (const struct qx_model *model, size_t i)
{
  const struct qx_model *m = settled (model);

  return i < m->inits.n ? ((const struct qx_value *) m->inits.items[i])->name : "";
}

const struct qx_tensor *
qx_initializer (const struct qx_model *model, const char *tensor)
{
  const struct qx_value *value = qx_find (model, tensor);

  return value == NULL ? NULL : value->init;
}

int
qx_value_set_init (struct qx_model *model, struct qx_value *value, struct qx_tensor *tensor,
                   struct qx_error *err)
{
  if (value->producer != NULL)
    return qx_fail (err, "transform", "tensor %s: made by node %s, so no constant", value->name,
                    qx_node_label (value->producer));
  if (value->init == NULL && qx_list_add (model, &model->inits, value, &value->init_at) < 0)
    return qx_oom (err);
  value->init = tensor;
  return qx_value_set_shape (model, value, tensor->dims, tensor->n_dims, tensor->proto->data_type, err);
}

void
qx_value_drop_init (struct qx_model *model, struct qx_value *value)
{
  if (value->init == NULL)
    return;
  value->init = NULL;
  qx_list_remove (&model->inits, value->init_at);
}

void
qx_remove_initializer (struct qx_model *model, const char *tensor)
{
  struct qx_value *value = qx_find (model, tensor);

  if (value != NULL)
    qx_value_drop_init (model, value);
}

int
qx_set_initializer_raw (struct qx_model *model, const char *tensor, int elem_type, const int64_t *dims,
                        size_t n_dims, const void *bytes, size_t size, struct qx_error *err)
{
  struct qx_value *value;
  struct qx_tensor *data;

  if (tensor[0] == '\0' || qx_type_bits (elem_type) == 0)
    return qx_fail (err, "transform", "tensor %s: no constant of type %s", tensor,
                    qx_elem_type_name (elem_type));
  data = qx_tensor_new (model, elem_type, dims, n_dims, err);
  if (data == NULL)
    return -1;
  if (data->proto->raw_data.len != size)
    return qx_fail (err, "transform", "tensor %s: %zu bytes of data where its shape needs %zu", tensor, size,
                    data->proto->raw_data.len);
  if (size > 0)
    memcpy (data->proto->raw_data.data, bytes, size);
  value = qx_intern (model, tensor);
  return value == NULL ? qx_oom (err) : qx_value_set_init (model, value, data, err);
}

/* Little-endian bytes of n items of size bytes in the machine's order. */
static void *
little_bytes (struct qx_model *model, const void *items, size_t n, size_t size)
{
  const uint16_t one = 1;
  uint8_t *bytes = qx_arena_alloc (&model->arena, n * size), first;
  size_t i, k;

  memcpy (&first, &one, 1);
  if (bytes == NULL)
    return NULL;
  if (first == 1) {
    if (n > 0)
      memcpy (bytes, items, n * size);
    return bytes;
  }
  for (i = 0; i < n; i++)
    for (k = 0; k < size; k++)
      bytes[i * size + k] = ((const uint8_t *) items)[i * size + size - 1 - k];
  return bytes;
}

static int
set_items (struct qx_model *model, const char *tensor, int elem_type, const int64_t *dims, size_t n_dims,
           const void *items, size_t size, struct qx_error *err)
{
  size_t n;
  void *bytes;

  if (qx_count_elements (dims, n_dims, &n) < 0)
    return qx_fail (err, "transform", "tensor %s: its dimensions are no shape", tensor);
  bytes = little_bytes (model, items, n, size);
  if (bytes == NULL)
    return qx_oom (err);
  return qx_set_initializer_raw (model, tensor, elem_type, dims, n_dims, bytes, n * size, err);
}

int
qx_set_initializer_floats (struct qx_model *model, const char *tensor, const int64_t *dims, size_t n_dims,
                           const float *values, struct qx_error *err)
{
  return set_items (model, tensor, QX_FLOAT, dims, n_dims, values, sizeof *values, err);
}

int
qx_set_initializer_ints (struct qx_model *model, const char *tensor, const int64_t *dims, size_t n_dims,
                         const int64_t *values, struct qx_error *err)
{
  return set_items (model, tensor, QX_INT64, dims, n_dims, values, sizeof *values, err);
}
