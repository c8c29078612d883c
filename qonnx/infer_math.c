/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapes of elementwise operators, matrix products, reductions and quantisers. */
#include <config.h>

#include <string.h>

#include "qonnx/infer.h"

int
qx_infer_same (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);

  return qx_infer_set (in, 0, dims, n, qx_infer_type (in, 0));
}

int
qx_infer_same_boolean (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);

  return qx_infer_set (in, 0, dims, n, QX_BOOL);
}

/* All inputs from first on, broadcast; -1 where one is unknown or they do not fit. */
static int
broadcast_inputs (const struct qx_infer *in, size_t first, int64_t *out, size_t *n_out)
{
  size_t i, n;

  *n_out = 0;
  for (i = first; i < in->node->n_in; i++) {
    const int64_t *dims = qx_infer_dims (in, i, &n);
    int64_t next[QX_MAX_RANK];
    if (dims == NULL || qx_broadcast (out, *n_out, dims, n, next, n_out) < 0)
      return -1;
    memcpy (out, next, *n_out * sizeof *out);
  }
  return in->node->n_in > first ? 0 : -1;
}

static int
set_broadcast (struct qx_infer *in, size_t first, int elem_type)
{
  int64_t dims[QX_MAX_RANK];
  size_t n;

  if (broadcast_inputs (in, first, dims, &n) < 0)
    return qx_infer_set (in, 0, NULL, 0, elem_type);
  return qx_infer_set (in, 0, dims, n, elem_type);
}

int
qx_infer_binary (struct qx_infer *in)
{
  return set_broadcast (in, 0, qx_infer_type (in, 0));
}

int
qx_infer_variadic (struct qx_infer *in)
{
  return set_broadcast (in, 0, qx_infer_type (in, 0));
}

int
qx_infer_compare (struct qx_infer *in)
{
  return set_broadcast (in, 0, QX_BOOL);
}

int
qx_infer_where (struct qx_infer *in)
{
  return set_broadcast (in, 0, qx_infer_type (in, 1));
}

int
qx_infer_cast (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);

  return qx_infer_set (in, 0, dims, n, (int) qx_node_int (in->node, "to", QX_UNDEFINED));
}

/* As numpy multiplies matrices: a vector is a row at the left, a column at the right, and that dimension goes again. */
static int
matmul_shape (const int64_t *a, size_t n_a, const int64_t *b, size_t n_b, int64_t *out, size_t *n_out)
{
  size_t batch_a = n_a > 2 ? n_a - 2 : 0, batch_b = n_b > 2 ? n_b - 2 : 0;

  if (n_a == 0 || n_b == 0 || qx_broadcast (a, batch_a, b, batch_b, out, n_out) < 0)
    return -1;
  if (n_a > 1)
    out[(*n_out)++] = a[n_a - 2];
  if (n_b > 1)
    out[(*n_out)++] = b[n_b - 1];
  return 0;
}

int
qx_infer_matmul (struct qx_infer *in)
{
  size_t n_a, n_b, n = 0;
  const int64_t *a = qx_infer_dims (in, 0, &n_a), *b = qx_infer_dims (in, 1, &n_b);
  int64_t out[QX_MAX_RANK + 2];

  if (a == NULL || b == NULL || matmul_shape (a, n_a, b, n_b, out, &n) < 0)
    return qx_infer_set (in, 0, NULL, 0, qx_infer_type (in, 0));
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

int
qx_infer_gemm (struct qx_infer *in)
{
  size_t n_a, n_b;
  const int64_t *a = qx_infer_dims (in, 0, &n_a), *b = qx_infer_dims (in, 1, &n_b);
  int64_t out[2];

  if (a == NULL || b == NULL || n_a != 2 || n_b != 2)
    return qx_infer_set (in, 0, NULL, 0, qx_infer_type (in, 0));
  out[0] = a[qx_node_int (in->node, "transA", 0) != 0];
  out[1] = b[qx_node_int (in->node, "transB", 0) == 0];
  return qx_infer_set (in, 0, out, 2, qx_infer_type (in, 0));
}

/* ---- reductions ---- */

/* dims without the axes marked, or with 1 in their place. */
static int
set_reduced (struct qx_infer *in, const int64_t *dims, size_t n, const char *reduced, int keep, int elem_type,
             size_t n_out)
{
  int64_t out[QX_MAX_RANK];
  size_t i, k, m = 0;

  for (i = 0; i < n; i++) {
    if (!reduced[i])
      out[m++] = dims[i];
    else if (keep)
      out[m++] = 1;
  }
  for (k = 0; k < n_out; k++)
    if (qx_infer_set (in, k, out, m, elem_type) < 0)
      return -1;
  return 0;
}

int
qx_infer_reduce (struct qx_infer *in)
{
  size_t i, n, n_axes;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *axes = qx_node_ints (in->node, "axes", &n_axes);
  char reduced[QX_MAX_RANK] = { 0 };

  if (axes == NULL)
    axes = qx_infer_ints (in, 1, &n_axes);
  if (dims == NULL || (axes == NULL && qx_node_in (in->node, 1) != NULL))
    return qx_infer_set (in, 0, NULL, 0, qx_infer_type (in, 0));
  if ((axes == NULL || n_axes == 0) && qx_node_int (in->node, "noop_with_empty_axes", 0) == 0)
    memset (reduced, 1, n);
  for (i = 0; axes != NULL && i < n_axes; i++) {
    if (qx_axis (axes[i], n) < 0)
      return 0;
    reduced[qx_axis (axes[i], n)] = 1;
  }
  return set_reduced (in, dims, n, reduced, qx_node_int (in->node, "keepdims", 1) != 0, qx_infer_type (in, 0),
                      1);
}

int
qx_infer_arg (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int64_t axis = dims == NULL ? -1 : qx_axis (qx_node_int (in->node, "axis", 0), n);
  char reduced[QX_MAX_RANK] = { 0 };

  if (axis < 0)
    return qx_infer_set (in, 0, NULL, 0, QX_INT64);
  reduced[axis] = 1;
  return set_reduced (in, dims, n, reduced, qx_node_int (in->node, "keepdims", 1) != 0, QX_INT64, 1);
}

int
qx_infer_topk (struct qx_infer *in)
{
  size_t n, n_k;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *k = qx_infer_ints (in, 1, &n_k);
  int64_t axis = dims == NULL ? -1 : qx_axis (qx_node_int (in->node, "axis", -1), n), out[QX_MAX_RANK];

  if (axis < 0)
    return qx_infer_set (in, 0, NULL, 0, qx_infer_type (in, 0)) < 0 ||
                   qx_infer_set (in, 1, NULL, 0, QX_INT64) < 0
               ? -1
               : 0;
  memcpy (out, dims, n * sizeof *out);
  out[axis] = k != NULL && n_k == 1 ? k[0] : qx_node_int (in->node, "k", -1);
  if (qx_infer_set (in, 0, out, n, qx_infer_type (in, 0)) < 0)
    return -1;
  return qx_infer_set (in, 1, out, n, QX_INT64);
}

/* ---- quantisers ---- */

int
qx_infer_quantize (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int type = qx_node_in (in->node, 2) == NULL ? (int) qx_node_int (in->node, "output_dtype", 0)
                                              : qx_infer_type (in, 2);

  return qx_infer_set (in, 0, dims, n, type == QX_UNDEFINED ? QX_UINT8 : type);
}

int
qx_infer_dequantize (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int type = qx_infer_type (in, 1);

  return qx_infer_set (in, 0, dims, n, type == QX_UNDEFINED ? QX_FLOAT : type);
}

/* The output keeps the type that it has. */
int
qx_infer_quant (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);

  return qx_infer_set (in, 0, dims, n, QX_FLOAT);
}

int
qx_infer_float_quant (struct qx_infer *in)
{
  return qx_infer_quant (in);
}
