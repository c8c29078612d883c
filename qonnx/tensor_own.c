/* SPDX-License-Identifier: BSD-3-Clause */
/* Tensors that belong to no model: each has an arena of its own, in which it lies itself. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/exec.h"

struct qx_tensor *
qx_tensor_alone (int elem_type, const int64_t *dims, size_t n_dims, struct qx_error *err)
{
  struct qx_arena *arena = calloc (1, sizeof *arena);
  struct qx_tensor *tensor;

  if (arena == NULL) {
    qx_oom (err);
    return NULL;
  }
  tensor = qx_tensor_new_in (arena, elem_type, dims, n_dims, err);
  if (tensor != NULL)
    return tensor;
  qx_arena_free (arena);
  free (arena);
  return NULL;
}

void
qx_tensor_free (struct qx_tensor *tensor)
{
  struct qx_arena *arena = tensor == NULL ? NULL : tensor->arena;

  if (arena == NULL)
    return;
  qx_arena_free (arena);
  free (arena);
}

struct qx_tensor *
qx_tensor_create (int elem_type, const int64_t *dims, size_t n_dims, const void *bytes, size_t size,
                  struct qx_error *err)
{
  struct qx_tensor *tensor;

  if (qx_type_bits (elem_type) == 0) {
    qx_fail (err, "transform", "a tensor of type %s is not offered", qx_elem_type_name (elem_type));
    return NULL;
  }
  tensor = qx_tensor_alone (elem_type, dims, n_dims, err);
  if (tensor == NULL || bytes == NULL)
    return tensor;
  if (size == tensor->proto->raw_data.len) {
    if (size > 0)
      memcpy (tensor->proto->raw_data.data, bytes, size);
    return tensor;
  }
  qx_fail (err, "transform", "%zu bytes of data do not fit the shape and type of a tensor", size);
  qx_tensor_free (tensor);
  return NULL;
}

struct qx_tensor *
qx_tensor_create_floats (const int64_t *dims, size_t n_dims, const float *values, struct qx_error *err)
{
  struct qx_tensor *tensor = qx_tensor_alone (QX_FLOAT, dims, n_dims, err);
  size_t i;

  for (i = 0; tensor != NULL && i < tensor->n_elements; i++)
    qx_put_float (tensor, i, values[i]);
  return tensor;
}

struct qx_tensor *
qx_tensor_clone (const struct qx_tensor *tensor, struct qx_error *err)
{
  size_t size;
  const uint8_t *bytes = qx_tensor_raw (tensor, &size, err);

  return bytes == NULL
             ? NULL
             : qx_tensor_create (qx_tensor_type (tensor), tensor->dims, tensor->n_dims, bytes, size, err);
}

const void *
qx_tensor_bytes (const struct qx_tensor *tensor, size_t *size, struct qx_error *err)
{
  return qx_tensor_raw (tensor, size, err);
}

struct qx_tensor *
qx_tensor_rows (const struct qx_tensor *tensor, int64_t first, int64_t n, struct qx_error *err)
{
  int64_t dims[QX_MAX_RANK];
  struct qx_tensor *rows;
  const uint8_t *bytes;
  size_t size, row;

  if (tensor->n_dims == 0 || tensor->n_dims > QX_MAX_RANK || first < 0 || n < 0 || n > tensor->dims[0] ||
      first > tensor->dims[0] - n || qx_type_bits (qx_tensor_type (tensor)) < 8) {
    qx_fail (err, "transform", "a tensor has no rows %lld to %lld", (long long) first,
             (long long) (first + n));
    return NULL;
  }
  if ((bytes = qx_tensor_raw (tensor, &size, err)) == NULL)
    return NULL;
  qx_copy_dims (dims, tensor->dims, tensor->n_dims);
  row = tensor->dims[0] == 0 ? 0 : size / (size_t) tensor->dims[0];
  dims[0] = n;
  rows = qx_tensor_alone (qx_tensor_type (tensor), dims, tensor->n_dims, err);
  if (rows != NULL && row > 0 && n > 0)
    memcpy (rows->proto->raw_data.data, bytes + (size_t) first * row, (size_t) n * row);
  return rows;
}

/* ---- conversion ---- */

static int
has_fraction (double value)
{
  return !(value >= -0x1p63 && value < 0x1p63) || value != floor (value);
}

/* Does the integer type hold the number? */
static int
put_checked (struct qx_tensor *to, size_t i, int64_t value)
{
  int type = qx_tensor_type (to), is_unsigned = qx_is_unsigned (type) || type == QX_BOOL;
  unsigned bits = type == QX_BOOL ? 1 : (unsigned) qx_type_bits (type), kept = is_unsigned ? bits : bits - 1;
  int64_t high = kept >= 63 ? INT64_MAX : (int64_t) (((uint64_t) 1 << kept) - 1);

  if (value > high || value < (is_unsigned ? 0 : -high - 1))
    return -1;
  qx_put_int (to, i, value);
  return 0;
}

static int
does_not_hold (size_t i, double number, int elem_type, struct qx_error *err)
{
  return qx_fail (err, "transform", "element %zu is %g, which type %s does not hold", i, number,
                  qx_elem_type_name (elem_type));
}

/* Those of 64 bits are exact only as such. */
static int
convert_ints (const struct qx_tensor *from, struct qx_tensor *to, struct qx_error *err)
{
  const int64_t *ints = qx_tensor_ints (from, err);
  size_t i;

  for (i = 0; ints != NULL && i < to->n_elements; i++)
    if (put_checked (to, i, ints[i]) < 0)
      return does_not_hold (i, (double) ints[i], qx_tensor_type (to), err);
  return ints == NULL ? -1 : 0;
}

static int
convert (const struct qx_tensor *from, struct qx_tensor *to, struct qx_error *err)
{
  int type = qx_tensor_type (to), to_float = qx_is_float (type) || qx_is_small_float (type);
  const double *numbers;
  size_t i;

  if (!to_float && qx_is_integer (qx_tensor_type (from)))
    return convert_ints (from, to, err);
  numbers = qx_tensor_doubles (from, err);
  if (numbers == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++) {
    if (to_float)
      qx_put_double (to, i, numbers[i]);
    else if (has_fraction (numbers[i]) || put_checked (to, i, (int64_t) numbers[i]) < 0)
      return does_not_hold (i, numbers[i], type, err);
  }
  return 0;
}

struct qx_tensor *
qx_tensor_convert (const struct qx_tensor *tensor, int elem_type, struct qx_error *err)
{
  struct qx_tensor *to;

  if (elem_type == qx_tensor_type (tensor))
    return qx_tensor_clone (tensor, err);
  if (qx_type_bits (elem_type) == 0 || elem_type == QX_COMPLEX64 || elem_type == QX_COMPLEX128) {
    qx_fail (err, "transform", "a conversion to type %s is not offered", qx_elem_type_name (elem_type));
    return NULL;
  }
  to = qx_tensor_alone (elem_type, tensor->dims, tensor->n_dims, err);
  if (to == NULL || convert (tensor, to, err) == 0)
    return to;
  qx_tensor_free (to);
  return NULL;
}
