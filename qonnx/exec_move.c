/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators that join, cut and repeat data. Whatever the type, elements are copied as bytes. */
#include <config.h>

#include <string.h>

#include "qonnx/exec.h"

int
qx_exec_expand (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  int64_t dims[QX_MAX_RANK];
  size_t n, n_wanted;
  const int64_t *wanted = qx_exec_list (x, "", 1, &n_wanted);
  struct qx_walk walk;
  struct qx_tensor *to;

  if (from == NULL || wanted == NULL || n_wanted > QX_MAX_RANK ||
      qx_broadcast (from->dims, from->n_dims, wanted, n_wanted, dims, &n) < 0)
    return qx_exec_fail (x, "its inputs do not fit each other");
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, n);
  if (to == NULL)
    return -1;
  qx_walk_broadcast (&walk, dims, n, from);
  return qx_copy_walk (from, to, &walk, 0);
}

int
qx_exec_tile (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  size_t i, k, n_repeats, last;
  const int64_t *repeats = qx_exec_list (x, "", 1, &n_repeats);
  int64_t dims[QX_MAX_RANK];
  struct qx_walk walk = { 0 };
  struct qx_tensor *to;

  if (from == NULL || repeats == NULL || n_repeats != from->n_dims || 2 * n_repeats > QX_MAX_RANK)
    return qx_exec_fail (x, "its inputs do not fit each other");
  /* [a, b] repeated is [r, a, s, b] whose new dimensions all read the same data */
  walk.n_dims = 2 * n_repeats;
  for (i = 0; i < n_repeats; i++) {
    if (__builtin_mul_overflow (from->dims[i], repeats[i], &dims[i]))
      return qx_exec_fail (x, "it repeats too often");
    walk.dims[2 * i] = repeats[i];
    walk.dims[2 * i + 1] = from->dims[i];
  }
  for (k = n_repeats, last = 1; k-- > 0; last *= (size_t) from->dims[k])
    walk.strides[2 * k + 1] = (int64_t) last;
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, n_repeats);
  return to == NULL ? -1 : qx_copy_walk (from, to, &walk, 0);
}

/* ---- joining ---- */

/* The shape of all inputs behind each other along the axis. */
static int
joined_dims (struct qx_exec *x, size_t axis, int64_t *dims)
{
  const struct qx_tensor *first = x->in[0];
  size_t i, k;

  qx_copy_dims (dims, first->dims, first->n_dims);
  for (i = 1; i < x->n_in; i++) {
    const struct qx_tensor *next = qx_exec_need (x, i);
    if (next == NULL)
      return -1;
    if (qx_exec_type (next) != qx_exec_type (first) || next->n_dims != first->n_dims)
      return qx_exec_fail (x, "its inputs are of different types or ranks");
    for (k = 0; k < first->n_dims; k++)
      if (k != axis && next->dims[k] != first->dims[k])
        return qx_exec_fail (x, "its inputs do not fit each other");
    dims[axis] += next->dims[axis];
  }
  return 0;
}

int
qx_exec_concat (struct qx_exec *x)
{
  const struct qx_tensor *first = qx_exec_need (x, 0);
  int64_t dims[QX_MAX_RANK], axis;
  size_t i, k, outer, row, done = 0;
  struct qx_tensor *to;

  axis = first == NULL ? -1 : qx_exec_axis (x, 1, first->n_dims);
  if (axis < 0 || joined_dims (x, (size_t) axis, dims) < 0)
    return -1;
  to = qx_exec_make (x, 0, qx_exec_type (first), dims, first->n_dims);
  if (to == NULL)
    return -1;
  outer = qx_block (dims, 0, (size_t) axis);
  row = qx_block (dims, (size_t) axis, first->n_dims) * qx_exec_size (first);
  for (i = 0; i < x->n_in; i++) {
    size_t size = qx_block (x->in[i]->dims, (size_t) axis, first->n_dims) * qx_exec_size (first);
    for (k = 0; size > 0 && k < outer; k++)
      memcpy (qx_exec_bytes (to) + k * row + done, x->in[i]->raw + k * size, size);
    done += size;
  }
  return 0;
}

/* ---- cutting ---- */

/* Lengths of the parts: given, or as even as they go (the last one is shorter). */
static int
part_lengths (struct qx_exec *x, int64_t whole, int64_t *lengths)
{
  size_t i, n = 0;
  const int64_t *given = qx_exec_list (x, "split", 1, &n);
  int64_t each = (whole + (int64_t) x->n_out - 1) / (int64_t) x->n_out, sum = 0;

  if (given != NULL && n != x->n_out)
    return qx_exec_fail (x, "it has another number of parts than of outputs");
  for (i = 0; i < x->n_out; i++) {
    int64_t left = whole - sum;
    lengths[i] = given != NULL ? given[i] : left < each ? left : each;
    if (lengths[i] < 0 || lengths[i] > left)
      return qx_exec_fail (x, "its parts do not fit the dimension");
    sum += lengths[i];
  }
  return sum == whole ? 0 : qx_exec_fail (x, "its parts do not fit the dimension");
}

static int
cut_part (struct qx_exec *x, size_t k, size_t axis, size_t start, int64_t length)
{
  const struct qx_tensor *from = x->in[0];
  int64_t dims[QX_MAX_RANK];
  size_t i, outer = qx_block (from->dims, 0, axis);
  size_t inner = qx_block (from->dims, axis + 1, from->n_dims) * qx_exec_size (from);
  size_t row = (size_t) from->dims[axis] * inner, part = (size_t) length * inner;
  struct qx_tensor *to;

  qx_copy_dims (dims, from->dims, from->n_dims);
  dims[axis] = length;
  to = qx_exec_make (x, k, qx_exec_type (from), dims, from->n_dims);
  for (i = 0; to != NULL && part > 0 && i < outer; i++)
    memcpy (qx_exec_bytes (to) + i * part, from->raw + i * row + start * inner, part);
  return to == NULL ? -1 : 0;
}

int
qx_exec_split (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  int64_t axis = from == NULL ? -1 : qx_exec_axis (x, 0, from->n_dims), *lengths;
  size_t k, start = 0;

  lengths = axis < 0 ? NULL : qx_exec_scratch (x, x->n_out, sizeof *lengths);
  if (lengths == NULL || x->n_out == 0 || part_lengths (x, from->dims[axis], lengths) < 0)
    return -1;
  for (k = 0; k < x->n_out; k++) {
    if (cut_part (x, k, (size_t) axis, start, lengths[k]) < 0)
      return -1;
    start += (size_t) lengths[k];
  }
  return 0;
}

/* One dimension of a slice, clamped as the operator has it. */
static int64_t
slice_length (int64_t start, int64_t end, int64_t step, int64_t dim, int64_t *first)
{
  int64_t low = step < 0 ? -1 : 0, high = step < 0 ? dim - 1 : dim, span;

  start = start < 0 ? start + dim : start;
  end = end < 0 ? end + dim : end;
  start = start < 0 ? 0 : start > high ? high : start;
  end = end < low ? low : end > high ? high : end;
  /* nothing is left of an empty dimension, nor before its start */
  *first = start < 0 ? 0 : start;
  span = step < 0 ? start - end : end - start;
  if (span <= 0)
    return 0;
  if (step == INT64_MIN)
    return 1;
  step = step < 0 ? -step : step;
  return (span - 1) / step + 1;
}

int
qx_exec_slice (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  size_t i, n = 0, n_ends = 0, n_axes = 0, n_steps = 0;
  const int64_t *starts = qx_exec_list (x, "starts", 1, &n), *ends = qx_exec_list (x, "ends", 2, &n_ends);
  const int64_t *axes = qx_exec_list (x, "axes", 3, &n_axes), *steps = qx_exec_list (x, "", 4, &n_steps);
  struct qx_walk walk = { 0 };
  int64_t base = 0, first;
  struct qx_tensor *to;

  if (from == NULL || starts == NULL || ends == NULL || n != n_ends || (axes != NULL && n_axes != n) ||
      (steps != NULL && n_steps != n))
    return qx_exec_fail (x, "its starts, ends, axes and steps do not fit each other");
  walk.n_dims = from->n_dims;
  qx_strides (from->dims, from->n_dims, walk.strides);
  qx_copy_dims (walk.dims, from->dims, from->n_dims);
  for (i = 0; i < n; i++) {
    int64_t axis = qx_axis (axes == NULL ? (int64_t) i : axes[i], from->n_dims);
    int64_t step = steps == NULL ? 1 : steps[i];
    if (axis < 0 || step == 0)
      return qx_exec_fail (x, "there is no such axis, or its step is 0");
    walk.dims[axis] = slice_length (starts[i], ends[i], step, from->dims[axis], &first);
    base += first * walk.strides[axis];
    walk.strides[axis] *= walk.dims[axis] > 1 ? step : 0;
  }
  to = qx_exec_make (x, 0, qx_exec_type (from), walk.dims, from->n_dims);
  return to == NULL ? -1 : qx_copy_walk (from, to, &walk, base);
}

/* ---- padding ---- */

enum pad_mode { PAD_CONSTANT, PAD_REFLECT, PAD_EDGE, PAD_WRAP, PAD_UNKNOWN };

static enum pad_mode
pad_mode_of (const struct qx_node *node)
{
  static const char *const names[] = { "constant", "reflect", "edge", "wrap" };
  const char *mode = qx_node_string (node, "mode", "constant");
  size_t i;

  for (i = 0; i < 4 && strcmp (mode, names[i]) != 0; i++)
    ;
  return (enum pad_mode) i;
}

/* Where the element at position at (before 0 or behind the end) comes from; -1: from nowhere. */
static int64_t
pad_source (enum pad_mode mode, int64_t at, int64_t dim)
{
  int64_t period = mode == PAD_WRAP ? dim : 2 * (dim - 1);

  if (at >= 0 && at < dim)
    return at;
  if (mode == PAD_CONSTANT || dim == 0)
    return -1;
  if (mode == PAD_EDGE || period == 0)
    return at < 0 ? 0 : dim - 1;
  at %= period;
  at = at < 0 ? at + period : at;
  return at < dim ? at : period - at;
}

/* Begins of all dimensions in pads[…], ends behind them, from lists that may tell some axes only. */
static int
read_pads (struct qx_exec *x, size_t n_dims, int64_t *begins, int64_t *ends)
{
  size_t i, n = 0, n_axes = 0;
  const int64_t *pads = qx_exec_list (x, "pads", 1, &n), *axes = qx_exec_list (x, "", 3, &n_axes);
  size_t n_told = axes == NULL ? n_dims : n_axes;

  if (pads == NULL || n != 2 * n_told)
    return qx_exec_fail (x, "its pads do not fit its input");
  memset (begins, 0, n_dims * sizeof *begins);
  memset (ends, 0, n_dims * sizeof *ends);
  for (i = 0; i < n_told; i++) {
    int64_t axis = qx_axis (axes == NULL ? (int64_t) i : axes[i], n_dims);
    if (axis < 0 || pads[i] < INT32_MIN || pads[i] > INT32_MAX || pads[i + n_told] < INT32_MIN ||
        pads[i + n_told] > INT32_MAX)
      return qx_exec_fail (x, "its pads are out of range");
    begins[axis] = pads[i];
    ends[axis] = pads[i + n_told];
  }
  return 0;
}

/* Offsets of the sources along one dimension, in bytes. */
static int64_t *
pad_table (struct qx_exec *x, enum pad_mode mode, int64_t begin, int64_t length, int64_t dim, size_t stride)
{
  int64_t *table = qx_exec_scratch (x, (size_t) length, sizeof *table), i;

  for (i = 0; table != NULL && i < length; i++) {
    int64_t at = pad_source (mode, i - begin, dim);
    table[i] = at < 0 ? -1 : at * (int64_t) stride;
  }
  return table;
}

static int
fill_padded (struct qx_exec *x, struct qx_tensor *to, int64_t *const *tables, const uint8_t *value)
{
  size_t i, k, size = qx_exec_size (to);
  struct qx_walk walk = { 0 };

  walk.n_dims = to->n_dims;
  qx_copy_dims (walk.dims, to->dims, to->n_dims);
  for (i = 0; i < to->n_elements; i++, qx_walk_next (&walk)) {
    const uint8_t *source = x->in[0]->raw;
    for (k = 0; k < to->n_dims && source != NULL; k++)
      source = tables[k][walk.at[k]] < 0 ? NULL : source + tables[k][walk.at[k]];
    memcpy (qx_exec_bytes (to) + i * size, source == NULL ? value : source, size);
  }
  return 0;
}

/* The bytes of what is filled in: an input, an attribute before version 11, else zero. */
static int
pad_value (struct qx_exec *x, struct qx_tensor *one, const uint8_t **value)
{
  const struct qx_tensor *given = qx_exec_in (x, 2);

  if (given != NULL && (given->n_elements != 1 || qx_exec_type (given) != qx_exec_type (x->in[0])))
    return qx_exec_fail (x, "the value to pad with is not one number of its input's type");
  qx_put_float (one, 0, x->opset < 11 ? qx_node_float (x->node, "value", 0) : 0);
  *value = given != NULL ? given->raw : qx_exec_bytes (one);
  return 0;
}

int
qx_exec_pad (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  int64_t begins[QX_MAX_RANK], ends[QX_MAX_RANK], dims[QX_MAX_RANK], *tables[QX_MAX_RANK];
  enum pad_mode mode = pad_mode_of (x->node);
  struct qx_tensor *to, *one;
  const uint8_t *value = NULL;
  size_t i, stride;

  if (from == NULL || read_pads (x, from->n_dims, begins, ends) < 0)
    return -1;
  if (mode == PAD_UNKNOWN)
    return qx_exec_fail (x, "its mode is unknown");
  for (i = 0; i < from->n_dims; i++) {
    dims[i] = from->dims[i] + begins[i] + ends[i];
    if (dims[i] > 0 && from->dims[i] == 0 && mode != PAD_CONSTANT)
      return qx_exec_fail (x, "there is nothing to pad with");
  }
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, from->n_dims);
  one = to == NULL ? NULL : qx_tensor_new_in (&x->scratch, qx_exec_type (from), NULL, 0, x->err);
  if (one == NULL || pad_value (x, one, &value) < 0)
    return -1;
  stride = qx_exec_size (from);
  for (i = from->n_dims; i-- > 0; stride *= (size_t) from->dims[i]) {
    tables[i] = pad_table (x, mode, begins[i], dims[i], from->dims[i], stride);
    if (tables[i] == NULL)
      return -1;
  }
  return fill_padded (x, to, tables, value);
}

/* Axes of the given sizes, cut or filled with zeroes on both sides alike; the odd one is at the end. */
int
qx_exec_center_crop_pad (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  size_t i, n = 0, n_axes = 0, stride;
  const int64_t *sizes = qx_exec_list (x, "", 1, &n), *axes = qx_node_ints (x->node, "axes", &n_axes);
  int64_t dims[QX_MAX_RANK], *tables[QX_MAX_RANK], begin[QX_MAX_RANK] = { 0 };
  struct qx_tensor *to, *zero;

  if (from == NULL || sizes == NULL || n != (axes == NULL ? from->n_dims : n_axes))
    return qx_exec_fail (x, "its sizes and axes do not fit its input");
  qx_copy_dims (dims, from->dims, from->n_dims);
  for (i = 0; i < n; i++) {
    int64_t axis = qx_axis (axes == NULL ? (int64_t) i : axes[i], from->n_dims), more;
    if (axis < 0 || sizes[i] < 0)
      return qx_exec_fail (x, "its sizes and axes do not fit its input");
    dims[axis] = sizes[i];
    more = sizes[i] - from->dims[axis];
    begin[axis] = more < 0 ? -(-more / 2) : more / 2;
  }
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, from->n_dims);
  zero = to == NULL ? NULL : qx_tensor_new_in (&x->scratch, qx_exec_type (from), NULL, 0, x->err);
  if (zero == NULL)
    return -1;
  stride = qx_exec_size (from);
  for (i = from->n_dims; i-- > 0; stride *= (size_t) from->dims[i]) {
    tables[i] = pad_table (x, PAD_CONSTANT, begin[i], dims[i], from->dims[i], stride);
    if (tables[i] == NULL)
      return -1;
  }
  return fill_padded (x, to, tables, qx_exec_bytes (zero));
}
