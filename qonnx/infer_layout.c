/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapes of operators that move data around. */
#include <config.h>

#include <string.h>

#include "qonnx/infer.h"

static int
only_type (struct qx_infer *in)
{
  return qx_infer_set (in, 0, NULL, 0, qx_infer_type (in, 0));
}

int
qx_infer_constant (struct qx_infer *in)
{
  const struct qx_tensor *tensor = qx_node_tensor (in->node, "value");
  int64_t n = 0;
  size_t count;

  if (tensor != NULL)
    return qx_infer_set (in, 0, qx_tensor_dims (tensor), qx_tensor_n_dims (tensor), qx_tensor_type (tensor));
  if (qx_node_attr_type (in->node, "value_float") == QX_ATTR_FLOAT)
    return qx_infer_set (in, 0, &n, 0, QX_FLOAT);
  if (qx_node_attr_type (in->node, "value_int") == QX_ATTR_INT)
    return qx_infer_set (in, 0, &n, 0, QX_INT64);
  if (qx_node_floats (in->node, "value_floats", &count) != NULL) {
    n = (int64_t) count;
    return qx_infer_set (in, 0, &n, 1, QX_FLOAT);
  }
  if (qx_node_ints (in->node, "value_ints", &count) == NULL)
    return 0;
  n = (int64_t) count;
  return qx_infer_set (in, 0, &n, 1, QX_INT64);
}

int
qx_infer_constant_of_shape (struct qx_infer *in)
{
  const struct qx_tensor *value = qx_node_tensor (in->node, "value");
  size_t n;
  const int64_t *dims = qx_infer_ints (in, 0, &n);

  return qx_infer_set (in, 0, dims, n, value == NULL ? QX_FLOAT : qx_tensor_type (value));
}

/* -1 where the sum is none that a dimension can have. */
static int64_t
sum (int64_t a, int64_t b)
{
  int64_t result;

  return __builtin_add_overflow (a, b, &result) ? -1 : result;
}

/* Joins input k to what is in out; unknown dimensions are taken from whoever knows them. */
static int
join (int64_t *out, const int64_t *dims, size_t n, int64_t axis)
{
  size_t i;

  for (i = 0; i < n; i++) {
    if ((int64_t) i == axis)
      out[i] = out[i] < 0 || dims[i] < 0 ? -1 : sum (out[i], dims[i]);
    else if (out[i] < 0)
      out[i] = dims[i];
    else if (dims[i] >= 0 && dims[i] != out[i])
      return -1;
  }
  return 0;
}

int
qx_infer_concat (struct qx_infer *in)
{
  size_t i, n, n_more;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int64_t axis = dims == NULL ? -1 : qx_axis (qx_node_int (in->node, "axis", 1), n), out[QX_MAX_RANK];

  if (axis < 0)
    return only_type (in);
  memcpy (out, dims, n * sizeof *out);
  for (i = 1; i < in->node->n_in; i++) {
    dims = qx_infer_dims (in, i, &n_more);
    if (dims == NULL || n_more != n || join (out, dims, n, axis) < 0)
      return only_type (in);
  }
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

int
qx_infer_expand (struct qx_infer *in)
{
  size_t n, n_to, n_out;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *to = qx_infer_ints (in, 1, &n_to);
  int64_t out[QX_MAX_RANK];

  if (dims == NULL || to == NULL || n_to > QX_MAX_RANK || qx_broadcast (dims, n, to, n_to, out, &n_out) < 0)
    return only_type (in);
  return qx_infer_set (in, 0, out, n_out, qx_infer_type (in, 0));
}

/* The product of some dimensions; -1 where one is unknown or it is too large. */
static int64_t
product (const int64_t *dims, size_t n)
{
  size_t count;

  return qx_count_elements (dims, n, &count) < 0 ? -1 : (int64_t) count;
}

int
qx_infer_flatten (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int64_t axis = qx_node_int (in->node, "axis", 1), out[2];

  if (axis < 0)
    axis += (int64_t) n;
  if (dims == NULL || axis < 0 || axis > (int64_t) n)
    return only_type (in);
  out[0] = product (dims, (size_t) axis);
  out[1] = product (dims + axis, n - (size_t) axis);
  return qx_infer_set (in, 0, out, 2, qx_infer_type (in, 0));
}

int
qx_infer_gather (struct qx_infer *in)
{
  size_t n, n_index;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *index = qx_infer_dims (in, 1, &n_index);
  int64_t axis = dims == NULL ? -1 : qx_axis (qx_node_int (in->node, "axis", 0), n), out[2 * QX_MAX_RANK];

  if (axis < 0 || index == NULL)
    return only_type (in);
  memcpy (out, dims, (size_t) axis * sizeof *out);
  memcpy (out + axis, index, n_index * sizeof *out);
  memcpy (out + (size_t) axis + n_index, dims + axis + 1, (n - (size_t) axis - 1) * sizeof *out);
  return qx_infer_set (in, 0, out, n + n_index - 1, qx_infer_type (in, 0));
}

int
qx_infer_pad (struct qx_infer *in)
{
  size_t i, n, n_pads;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *pads = qx_node_ints (in->node, "pads", &n_pads);
  int64_t out[QX_MAX_RANK];

  if (pads == NULL)
    pads = qx_infer_ints (in, 1, &n_pads);
  if (dims == NULL || pads == NULL || n_pads != 2 * n || qx_node_in (in->node, 3) != NULL)
    return only_type (in);
  for (i = 0; i < n; i++)
    out[i] = dims[i] < 0 ? -1 : sum (sum (dims[i], pads[i]), pads[i + n]);
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

/* 0 copies a dimension, one -1 takes what is left over. */
static void
reshape_dims (const int64_t *dims, size_t n, const int64_t *to, size_t n_to, int allow_zero, int64_t *out)
{
  int64_t total = dims == NULL ? -1 : product (dims, n), rest;
  size_t i, open = n_to;

  for (i = 0; i < n_to; i++) {
    out[i] = to[i] == 0 && !allow_zero ? dims != NULL && i < n ? dims[i] : -1 : to[i];
    if (to[i] == -1)
      open = i;
  }
  if (open == n_to)
    return;
  out[open] = 1;
  rest = product (out, n_to);
  out[open] = total >= 0 && rest > 0 && total % rest == 0 ? total / rest : -1;
}

int
qx_infer_reshape (struct qx_infer *in)
{
  size_t n, n_to;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *to = qx_infer_ints (in, 1, &n_to);
  int64_t out[QX_MAX_RANK];

  if (to == NULL)
    to = qx_node_ints (in->node, "shape", &n_to);
  if (to == NULL || n_to > QX_MAX_RANK)
    return only_type (in);
  reshape_dims (dims, n, to, n_to, qx_node_int (in->node, "allowzero", 0) != 0, out);
  return qx_infer_set (in, 0, out, n_to, qx_infer_type (in, 0));
}

static int64_t
clamp (int64_t value, int64_t low, int64_t high)
{
  return value < low ? low : value > high ? high : value;
}

int
qx_infer_shape (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int64_t start = qx_node_int (in->node, "start", 0), end = qx_node_int (in->node, "end", INT64_MAX), out,
          rank;

  if (dims == NULL)
    return qx_infer_set (in, 0, NULL, 0, QX_INT64);
  rank = (int64_t) n;
  start = clamp (start < 0 ? start + rank : start, 0, rank);
  end = clamp (end < 0 ? end + rank : end, 0, rank);
  out = end > start ? end - start : 0;
  return qx_infer_set (in, 0, &out, 1, QX_INT64);
}

/* How many elements start:end:step takes from dim. */
static int64_t
slice_length (int64_t dim, int64_t start, int64_t end, int64_t step)
{
  int64_t low = step < 0 ? -1 : 0, high = step < 0 ? dim - 1 : dim, span;

  if (step == 0 || step == INT64_MIN)
    return -1;
  start = clamp (start < 0 ? start + dim : start, step < 0 ? 0 : low, high);
  end = clamp (end < 0 ? end + dim : end, low, dim);
  span = step < 0 ? start - end : end - start;
  step = step < 0 ? -step : step;
  return span <= 0 ? 0 : (span - 1) / step + 1;
}

int
qx_infer_slice (struct qx_infer *in)
{
  size_t i, n, n_starts, n_ends, n_axes, n_steps;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *starts = qx_node_ints (in->node, "starts", &n_starts),
                *ends, *axes, *steps;
  int64_t out[QX_MAX_RANK];
  int by_input = starts == NULL;

  starts = by_input ? qx_infer_ints (in, 1, &n_starts) : starts;
  ends = by_input ? qx_infer_ints (in, 2, &n_ends) : qx_node_ints (in->node, "ends", &n_ends);
  axes = by_input ? qx_infer_ints (in, 3, &n_axes) : qx_node_ints (in->node, "axes", &n_axes);
  steps = by_input ? qx_infer_ints (in, 4, &n_steps) : NULL;
  if (dims == NULL || starts == NULL || ends == NULL || n_ends != n_starts || n_starts > n ||
      (axes == NULL && qx_node_in (in->node, 3) != NULL) ||
      (steps == NULL && qx_node_in (in->node, 4) != NULL) || (axes != NULL && n_axes != n_starts) ||
      (steps != NULL && n_steps != n_starts))
    return only_type (in);
  memcpy (out, dims, n * sizeof *out);
  for (i = 0; i < n_starts; i++) {
    int64_t axis = qx_axis (axes == NULL ? (int64_t) i : axes[i], n);
    if (axis < 0)
      return only_type (in);
    out[axis] =
        dims[axis] < 0 ? -1 : slice_length (dims[axis], starts[i], ends[i], steps == NULL ? 1 : steps[i]);
  }
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

int
qx_infer_split (struct qx_infer *in)
{
  size_t k, n, n_parts, n_out = in->node->n_out;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *parts = qx_node_ints (in->node, "split", &n_parts);
  int64_t axis = dims == NULL ? -1 : qx_axis (qx_node_int (in->node, "axis", 0), n), out[QX_MAX_RANK], part;

  if (parts == NULL)
    parts = qx_infer_ints (in, 1, &n_parts);
  if (axis < 0 || n_out == 0 || (parts == NULL && qx_node_in (in->node, 1) != NULL) ||
      (parts != NULL && n_parts != n_out))
    return 0;
  memcpy (out, dims, n * sizeof *out);
  /* without a list: equal parts, the last one smaller */
  part = dims[axis] < 0 ? -1 : dims[axis] / (int64_t) n_out + (dims[axis] % (int64_t) n_out != 0);
  for (k = 0; k < n_out; k++) {
    out[axis] = parts != NULL ? parts[k] : k + 1 < n_out || part < 0 ? part : dims[axis] - part * (int64_t) k;
    if (qx_infer_set (in, k, out, n, qx_infer_type (in, 0)) < 0)
      return -1;
  }
  return 0;
}

/* Marks the axes of a list; -1 where one is not there. */
static int
mark_axes (const int64_t *axes, size_t n_axes, size_t n_dims, char *marked)
{
  size_t i;

  memset (marked, 0, QX_MAX_RANK);
  for (i = 0; i < n_axes; i++) {
    int64_t axis = qx_axis (axes[i], n_dims);
    if (axis < 0)
      return -1;
    marked[axis] = 1;
  }
  return 0;
}

int
qx_infer_squeeze (struct qx_infer *in)
{
  size_t i, n, n_axes, m = 0;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *axes = qx_node_ints (in->node, "axes", &n_axes);
  int64_t out[QX_MAX_RANK];
  char dropped[QX_MAX_RANK];

  if (axes == NULL)
    axes = qx_infer_ints (in, 1, &n_axes);
  if (dims == NULL || (axes == NULL && qx_node_in (in->node, 1) != NULL) ||
      mark_axes (axes, n_axes, n, dropped) < 0)
    return only_type (in);
  for (i = 0; i < n; i++) {
    if (axes == NULL && dims[i] < 0)
      return only_type (in);
    if (axes == NULL ? dims[i] != 1 : !dropped[i])
      out[m++] = dims[i];
  }
  return qx_infer_set (in, 0, out, m, qx_infer_type (in, 0));
}

int
qx_infer_unsqueeze (struct qx_infer *in)
{
  size_t i, n, n_axes, k = 0;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *axes = qx_node_ints (in->node, "axes", &n_axes);
  int64_t out[QX_MAX_RANK];
  char added[QX_MAX_RANK];

  if (axes == NULL)
    axes = qx_infer_ints (in, 1, &n_axes);
  if (dims == NULL || axes == NULL || n_axes > QX_MAX_RANK - n ||
      mark_axes (axes, n_axes, n + n_axes, added) < 0)
    return only_type (in);
  for (i = 0; i < n + n_axes; i++) {
    /* the same axis twice leaves too few places */
    if (!added[i] && k == n)
      return only_type (in);
    out[i] = added[i] ? 1 : dims[k++];
  }
  return qx_infer_set (in, 0, out, n + n_axes, qx_infer_type (in, 0));
}

int
qx_infer_tile (struct qx_infer *in)
{
  size_t i, n, n_times;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *times = qx_infer_ints (in, 1, &n_times);
  int64_t out[QX_MAX_RANK];

  if (dims == NULL || times == NULL || n_times != n)
    return only_type (in);
  for (i = 0; i < n; i++)
    if (dims[i] < 0 || times[i] < 0 || __builtin_mul_overflow (dims[i], times[i], &out[i]))
      out[i] = -1;
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

int
qx_infer_transpose (struct qx_infer *in)
{
  size_t i, n, n_perm;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *perm = qx_node_ints (in->node, "perm", &n_perm);
  int64_t out[QX_MAX_RANK];

  if (dims == NULL || (perm != NULL && n_perm != n))
    return only_type (in);
  for (i = 0; i < n; i++) {
    int64_t from = perm == NULL ? (int64_t) (n - 1 - i) : perm[i];
    if (from < 0 || from >= (int64_t) n)
      return only_type (in);
    out[i] = dims[from];
  }
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}
