/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of operators that can be run, and what they share. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/exec.h"
#include "qonnx/half.h"

static const struct {
  const char *op_type;
  qx_exec_op *op;
} ops[] = {
  { "Add", qx_exec_binary },
  { "Cast", qx_exec_cast },
  { "Concat", qx_exec_concat },
  { "Constant", qx_exec_constant },
  { "ConstantOfShape", qx_exec_constant_of_shape },
  { "Div", qx_exec_binary },
  { "Expand", qx_exec_expand },
  { "Flatten", qx_exec_flatten },
  { "Gather", qx_exec_gather },
  { "Identity", qx_exec_identity },
  { "Mul", qx_exec_binary },
  { "Neg", qx_exec_unary },
  { "Pow", qx_exec_binary },
  { "Relu", qx_exec_unary },
  { "Reshape", qx_exec_reshape },
  { "Shape", qx_exec_shape },
  { "Slice", qx_exec_slice },
  { "Sqrt", qx_exec_unary },
  { "Squeeze", qx_exec_squeeze },
  { "Sub", qx_exec_binary },
  { "Transpose", qx_exec_transpose },
  { "Unsqueeze", qx_exec_unsqueeze },
}, custom_ops[] = {
  { "BipolarQuant", qx_exec_bipolar_quant },
  { "FloatQuant", qx_exec_float_quant },
  { "IntQuant", qx_exec_quant },
  { "Quant", qx_exec_quant },
};

static int
by_op_type (const void *key, const void *entry)
{
  return strcmp (key, *(const char *const *) entry);
}

qx_exec_op *
qx_exec_find (const char *domain, const char *op_type)
{
  size_t i;

  if (domain[0] == '\0' || strcmp (domain, "ai.onnx") == 0) {
    const void *found = bsearch (op_type, ops, sizeof ops / sizeof ops[0], sizeof ops[0], by_op_type);
    return found == NULL ? NULL : ops[((const char *) found - (const char *) ops) / sizeof ops[0]].op;
  }
  for (i = 0; qx_is_custom_domain (domain) && i < sizeof custom_ops / sizeof custom_ops[0]; i++)
    if (strcmp (custom_ops[i].op_type, op_type) == 0)
      return custom_ops[i].op;
  return NULL;
}

int
qx_exec_node (struct qx_exec *x, qx_exec_op *op)
{
  size_t i, size;

  for (i = 0; i < x->n_in; i++)
    if (x->in[i] != NULL && x->in[i]->n_dims > QX_MAX_RANK)
      return qx_exec_fail (x, "an input has too many dimensions");
  /* the data are there and fit their shape: operators need not look again */
  for (i = 0; i < x->n_in; i++)
    if (x->in[i] != NULL && qx_tensor_raw (x->in[i], &size, x->err) == NULL)
      return -1;
  return op (x);
}

int
qx_exec_fail (struct qx_exec *x, const char *why)
{
  return qx_fail (x->err, "transform", "node %s (%s): %s", qx_node_label (x->node), qx_node_op_type (x->node),
                  why);
}

const struct qx_tensor *
qx_exec_in (const struct qx_exec *x, size_t i)
{
  return i < x->n_in ? x->in[i] : NULL;
}

struct qx_tensor *
qx_exec_make (struct qx_exec *x, size_t k, int elem_type, const int64_t *dims, size_t n_dims)
{
  size_t n;

  if (k >= x->n_out) {
    qx_exec_fail (x, "an output is missing");
    return NULL;
  }
  if (n_dims > QX_MAX_RANK || qx_count_elements (dims, n_dims, &n) < 0 || n > QX_MAX_FOLDED ||
      qx_type_bits (elem_type) < 8) {
    qx_exec_fail (x, "its result is too large, or of a type that is not offered");
    return NULL;
  }
  return x->out[k] = qx_tensor_new (x->model, elem_type, dims, n_dims, x->err);
}

const int64_t *
qx_exec_ints (struct qx_exec *x, const char *attr, size_t i, size_t *n)
{
  const int64_t *list = qx_node_ints (x->node, attr, n);
  const struct qx_tensor *tensor = qx_exec_in (x, i);

  if (list != NULL || tensor == NULL)
    return list;
  *n = tensor->n_elements;
  return qx_tensor_ints (tensor, x->err);
}

int
qx_is_float (int elem_type)
{
  return elem_type == QX_FLOAT || elem_type == QX_DOUBLE || elem_type == QX_FLOAT16 ||
         elem_type == QX_BFLOAT16;
}

/* ---- elements ---- */

static void
put_bits (struct qx_tensor *tensor, size_t i, uint64_t bits)
{
  size_t k, n = qx_type_bits (tensor->proto->data_type) / 8;

  for (k = 0; k < n; k++)
    tensor->proto->raw_data.data[i * n + k] = (uint8_t) (bits >> (8 * k));
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
  else if (type == QX_BOOL)
    put_bits (tensor, i, value != 0);
  else if (value >= -0x1p63 && value < 0x1p63)
    put_bits (tensor, i, (uint64_t) (int64_t) value);
  else if (value >= 0x1p63 && value < 0x1p64)
    put_bits (tensor, i, (uint64_t) value);
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
