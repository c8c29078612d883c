/* SPDX-License-Identifier: BSD-3-Clause */
/* For operators: element types, single elements, and walking through broadcast shapes. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"
#include "qonnx/half.h"

int
qx_is_float (int elem_type)
{
  return elem_type == QX_FLOAT || elem_type == QX_DOUBLE || elem_type == QX_FLOAT16 ||
         elem_type == QX_BFLOAT16;
}

int
qx_is_integer (int elem_type)
{
  return (elem_type >= QX_UINT8 && elem_type <= QX_INT64) || elem_type == QX_UINT32 || elem_type == QX_UINT64;
}

int
qx_is_small_float (int elem_type)
{
  return (elem_type >= QX_FLOAT8E4M3FN && elem_type <= QX_FLOAT8E5M2FNUZ) || elem_type == QX_FLOAT4E2M1 ||
         elem_type == QX_FLOAT8E8M0;
}

int
qx_is_unsigned (int elem_type)
{
  return elem_type == QX_UINT8 || elem_type == QX_UINT16 || elem_type == QX_UINT32 ||
         elem_type == QX_UINT64 || elem_type == QX_UINT4 || elem_type == QX_UINT2;
}

/* ---- elements ---- */

static void
put_bits (struct qx_tensor *tensor, size_t i, uint64_t bits)
{
  size_t k, n = qx_type_bits (tensor->proto->data_type);
  uint8_t *to = tensor->proto->raw_data.data;

  if (n < 8) {
    unsigned shift = (unsigned) (i * n % 8), mask = (1U << n) - 1;
    uint8_t *byte = to + i * n / 8;
    *byte = (uint8_t) ((*byte & ~(mask << shift)) | (bits & mask) << shift);
  }
  for (k = 0; k < n / 8; k++)
    to[i * (n / 8) + k] = (uint8_t) (bits >> (8 * k));
}

void
qx_put_float (struct qx_tensor *tensor, size_t i, float value)
{
  int type = tensor->proto->data_type;
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  if (type == QX_FLOAT)
    put_bits (tensor, i, bits);
  else if (type == QX_FLOAT16 || type == QX_BFLOAT16)
    put_bits (tensor, i, qx_to_half (type, value));
  else
    qx_put_double (tensor, i, (double) value);
}

void
qx_put_double (struct qx_tensor *tensor, size_t i, double value)
{
  int type = tensor->proto->data_type;
  uint64_t bits;

  memcpy (&bits, &value, sizeof bits);
  if (type == QX_DOUBLE)
    put_bits (tensor, i, bits);
  else if (qx_is_float (type))
    qx_put_float (tensor, i, (float) value);
  else if (qx_is_small_float (type))
    qx_put_small (tensor, i, value, 1);
  else if (type == QX_BOOL)
    put_bits (tensor, i, value != 0);
  else if (value >= -0x1p63 && value < 0x1p63)
    put_bits (tensor, i, (uint64_t) (int64_t) value);
  else if (value >= 0x1p63 && value < 0x1p64)
    put_bits (tensor, i, (uint64_t) value);
}

void
qx_put_quantised (struct qx_tensor *tensor, size_t i, double value)
{
  int type = tensor->proto->data_type, bits = (int) qx_type_bits (type);
  double high = ldexp (1, qx_is_unsigned (type) ? bits : bits - 1) - 1,
         low = qx_is_unsigned (type) ? 0 : -high - 1;

  value = value > high ? high : value;
  qx_put_int (tensor, i, (int64_t) (value >= low ? value : low));
}

void
qx_put_exponent (struct qx_tensor *tensor, size_t i, float value, const char *round_mode, int saturate)
{
  put_bits (tensor, i, qx_to_exponent (value, round_mode, saturate));
}

void
qx_put_small (struct qx_tensor *tensor, size_t i, double value, int saturate)
{
  put_bits (tensor, i, qx_to_small (tensor->proto->data_type, value, saturate));
}

void
qx_put_int (struct qx_tensor *tensor, size_t i, int64_t value)
{
  int type = tensor->proto->data_type;

  if (type == QX_DOUBLE)
    qx_put_double (tensor, i, (double) value);
  else if (qx_is_float (type))
    qx_put_float (tensor, i, (float) value);
  else
    put_bits (tensor, i, type == QX_BOOL ? value != 0 : (uint64_t) value);
}

/* ---- shapes ---- */

void
qx_copy_dims (int64_t *to, const int64_t *from, size_t n)
{
  if (n > 0)
    memcpy (to, from, n * sizeof *to);
}

size_t
qx_block (const int64_t *dims, size_t from, size_t to)
{
  size_t n = 1;

  for (; from < to; from++)
    n *= (size_t) dims[from];
  return n;
}

void
qx_strides (const int64_t *dims, size_t n_dims, int64_t *strides)
{
  int64_t stride = 1;
  size_t i = n_dims;

  while (i-- > 0) {
    strides[i] = stride;
    stride *= dims[i];
  }
}

/* ---- walking ---- */

void
qx_walk_next (struct qx_walk *walk)
{
  size_t i = walk->n_dims;

  while (i-- > 0) {
    walk->offset += walk->strides[i];
    if (++walk->at[i] < walk->dims[i])
      return;
    walk->offset -= walk->strides[i] * walk->dims[i];
    walk->at[i] = 0;
  }
}

void
qx_walk_broadcast (struct qx_walk *walk, const int64_t *dims, size_t n_dims, const struct qx_tensor *tensor)
{
  int64_t stride = 1;
  size_t i;

  memset (walk, 0, sizeof *walk);
  walk->n_dims = n_dims;
  if (n_dims > 0)
    memcpy (walk->dims, dims, n_dims * sizeof *dims);
  for (i = 0; i < tensor->n_dims && i < n_dims; i++) {
    int64_t dim = tensor->dims[tensor->n_dims - 1 - i];
    walk->strides[n_dims - 1 - i] = dim == 1 ? 0 : stride;
    stride *= dim;
  }
}

int
qx_copy_walk (const struct qx_tensor *from, struct qx_tensor *to, struct qx_walk *walk, int64_t base)
{
  size_t i, size = qx_exec_size (from);
  uint8_t *bytes = to->proto->raw_data.data;

  for (i = 0; i < to->n_elements; i++) {
    memcpy (bytes + i * size, from->raw + (size_t) (base + walk->offset) * size, size);
    qx_walk_next (walk);
  }
  return 0;
}

/* ---- rows ---- */

enum run { ANY, CONTIGUOUS, REPEATED };

/* How the operand goes through a dimension that the result has. */
static enum run
run_of (const struct qx_tensor *tensor, const struct qx_rows *rows, size_t axis)
{
  size_t from_right = rows->n_dims - axis;

  if (rows->dims[axis] == 1)
    return ANY;
  if (from_right > tensor->n_dims || tensor->dims[tensor->n_dims - from_right] == 1)
    return REPEATED;
  return CONTIGUOUS;
}

static int
joins (enum run *runs, const struct qx_rows *rows, const struct qx_tensor *const *tensors, size_t axis)
{
  size_t k;

  for (k = 0; k < rows->n_operands; k++) {
    enum run run = run_of (tensors[k], rows, axis);
    if (run != ANY && runs[k] != ANY && run != runs[k])
      return 0;
  }
  for (k = 0; k < rows->n_operands; k++)
    if (runs[k] == ANY)
      runs[k] = run_of (tensors[k], rows, axis);
  return 1;
}

void
qx_rows_start (struct qx_rows *rows, const struct qx_tensor *const *tensors, size_t n)
{
  enum run runs[QX_MAX_OPERANDS] = { ANY };
  size_t k, outer = rows->n_dims;

  rows->n_operands = n;
  while (outer > 0 && joins (runs, rows, tensors, outer - 1))
    outer--;
  rows->length = qx_block (rows->dims, outer, rows->n_dims);
  rows->n_rows = rows->length == 0 ? 0 : qx_block (rows->dims, 0, outer);
  for (k = 0; k < n; k++) {
    qx_walk_broadcast (&rows->walks[k], rows->dims, rows->n_dims, tensors[k]);
    rows->walks[k].n_dims = outer;
    rows->step[k] = runs[k] == CONTIGUOUS ? 1 : 0;
  }
}

int
qx_rows_open (struct qx_exec *x, size_t first, size_t n, struct qx_rows *rows)
{
  const struct qx_tensor *tensors[QX_MAX_OPERANDS];
  int64_t next[QX_MAX_RANK];
  size_t k;

  rows->n_dims = 0;
  for (k = 0; k < n; k++) {
    tensors[k] = qx_exec_need (x, first + k);
    if (tensors[k] == NULL)
      return -1;
    if (qx_broadcast (rows->dims, rows->n_dims, tensors[k]->dims, tensors[k]->n_dims, next, &rows->n_dims) <
        0)
      return qx_exec_fail (x, "its inputs do not fit each other");
    memcpy (rows->dims, next, sizeof next[0] * rows->n_dims);
  }
  qx_rows_start (rows, tensors, n);
  return 0;
}

void
qx_rows_next (struct qx_rows *rows)
{
  size_t k;

  for (k = 0; k < rows->n_operands; k++)
    qx_walk_next (&rows->walks[k]);
}

size_t
qx_rows_at (const struct qx_rows *rows, size_t k)
{
  return (size_t) rows->walks[k].offset;
}
