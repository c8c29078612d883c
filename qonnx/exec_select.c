/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators that pick elements by index, by mask or by condition, and that put them back. */
#include <config.h>

#include <string.h>

#include "qonnx/exec.h"

/* A negative index counted from the end; -1 after failing. */
static int64_t
checked (struct qx_exec *x, int64_t index, int64_t dim)
{
  index = index < 0 ? index + dim : index;
  if (index >= 0 && index < dim)
    return index;
  qx_exec_fail (x, "an index lies outside the data");
  return -1;
}

int
qx_exec_gather (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *at = qx_exec_need (x, 1);
  const int64_t *index = at == NULL ? NULL : qx_exec_ints (x, 1);
  size_t i, k, n, outer, inner;
  int64_t dims[2 * QX_MAX_RANK], axis;
  struct qx_tensor *to;

  axis = from == NULL || index == NULL ? -1 : qx_exec_axis (x, 0, from->n_dims);
  if (axis < 0)
    return -1;
  n = (size_t) axis;
  qx_copy_dims (dims, from->dims, n);
  qx_copy_dims (dims + n, at->dims, at->n_dims);
  qx_copy_dims (dims + n + at->n_dims, from->dims + n + 1, (from->n_dims - n - 1));
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, from->n_dims + at->n_dims - 1);
  if (to == NULL)
    return -1;
  outer = qx_block (from->dims, 0, n);
  inner = qx_block (from->dims, n + 1, from->n_dims) * qx_exec_size (from);
  for (i = 0; i < outer; i++)
    for (k = 0; k < at->n_elements; k++) {
      int64_t row = checked (x, index[k], from->dims[axis]);
      if (row < 0)
        return -1;
      if (inner > 0)
        memcpy (qx_exec_bytes (to) + (i * at->n_elements + k) * inner,
                from->raw + (i * (size_t) from->dims[axis] + (size_t) row) * inner, inner);
    }
  return 0;
}

/* ---- one index for each element ---- */

/* Does an index tensor fit the data: the same rank, no dimension larger but the axis? */
static int
fits (const struct qx_tensor *data, const struct qx_tensor *at, size_t axis)
{
  size_t i;

  if (data->n_dims != at->n_dims)
    return 0;
  for (i = 0; i < data->n_dims; i++)
    if (i != axis && at->dims[i] > data->dims[i])
      return 0;
  return 1;
}

/* Walks the index tensor; offset is the place in the data, the axis left out. */
static void
walk_index (const struct qx_tensor *data, const struct qx_tensor *at, size_t axis, struct qx_walk *walk,
            size_t *stride)
{
  memset (walk, 0, sizeof *walk);
  walk->n_dims = data->n_dims;
  qx_copy_dims (walk->dims, at->dims, at->n_dims);
  qx_strides (data->dims, data->n_dims, walk->strides);
  *stride = (size_t) walk->strides[axis];
  walk->strides[axis] = 0;
}

int
qx_exec_gather_elements (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *at = qx_exec_need (x, 1);
  const int64_t *index = at == NULL ? NULL : qx_exec_ints (x, 1);
  int64_t axis = from == NULL || index == NULL ? -1 : qx_exec_axis (x, 0, from->n_dims), row;
  size_t i, stride, size;
  struct qx_walk walk;
  struct qx_tensor *to;

  if (axis < 0)
    return -1;
  if (!fits (from, at, (size_t) axis))
    return qx_exec_fail (x, "its inputs do not fit each other");
  to = qx_exec_make (x, 0, qx_exec_type (from), at->dims, at->n_dims);
  if (to == NULL)
    return -1;
  size = qx_exec_size (from);
  walk_index (from, at, (size_t) axis, &walk, &stride);
  for (i = 0; i < to->n_elements; i++, qx_walk_next (&walk)) {
    row = checked (x, index[i], from->dims[axis]);
    if (row < 0)
      return -1;
    memcpy (qx_exec_bytes (to) + i * size, from->raw + ((size_t) walk.offset + (size_t) row * stride) * size,
            size);
  }
  return 0;
}

/* ---- tuples of indices ---- */

/* Where the slice that a tuple means begins, in slices; -1 after failing. */
static int64_t
slice_of (struct qx_exec *x, const int64_t *tuple, size_t n, const int64_t *dims)
{
  int64_t at = 0;
  size_t i;

  for (i = 0; i < n; i++) {
    int64_t index = checked (x, tuple[i], dims[i]);
    if (index < 0)
      return -1;
    at = at * dims[i] + index;
  }
  return at;
}

int
qx_exec_gather_nd (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *at = qx_exec_need (x, 1);
  const int64_t *index = at == NULL ? NULL : qx_exec_ints (x, 1);
  int64_t batch = qx_node_int (x->node, "batch_dims", 0), dims[2 * QX_MAX_RANK];
  size_t i, n, length, b = (size_t) batch, inner, per_batch;
  struct qx_tensor *to;

  if (from == NULL || index == NULL)
    return -1;
  if (at->n_dims == 0 || batch < 0 || batch >= (int64_t) at->n_dims || batch >= (int64_t) from->n_dims ||
      at->dims[at->n_dims - 1] < 1 || at->dims[at->n_dims - 1] > (int64_t) (from->n_dims - b) ||
      memcmp (at->dims, from->dims, b * sizeof *dims) != 0)
    return qx_exec_fail (x, "its inputs do not fit each other");
  length = (size_t) at->dims[at->n_dims - 1];
  n = at->n_dims - 1;
  qx_copy_dims (dims, at->dims, n);
  qx_copy_dims (dims + n, from->dims + b + length, (from->n_dims - b - length));
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, n + from->n_dims - b - length);
  if (to == NULL)
    return -1;
  inner = qx_block (from->dims, b + length, from->n_dims) * qx_exec_size (from);
  per_batch = qx_block (at->dims, b, n);
  for (i = 0; i < at->n_elements / length; i++) {
    int64_t slice = slice_of (x, index + i * length, length, from->dims + b);
    if (slice < 0)
      return -1;
    slice += (int64_t) (i / per_batch * qx_block (from->dims, b, b + length));
    if (inner > 0)
      memcpy (qx_exec_bytes (to) + i * inner, from->raw + (size_t) slice * inner, inner);
  }
  return 0;
}

/* ---- putting back ---- */

enum reduction { REPLACE, ADD, MUL, MIN, MAX, UNKNOWN };

static enum reduction
reduction_of (const struct qx_node *node)
{
  static const char *const names[] = { "none", "add", "mul", "min", "max" };
  const char *reduction = qx_node_string (node, "reduction", "none");
  size_t i;

  for (i = 0; i < 5 && strcmp (reduction, names[i]) != 0; i++)
    ;
  return (enum reduction) i;
}

static double
reduced (enum reduction how, double old, double update)
{
  switch (how) {
  case ADD:
    return old + update;
  case MUL:
    return old * update;
  case MIN:
    return update < old ? update : old;
  case MAX:
    return update > old ? update : old;
  default:
    return update;
  }
}

/* Exact; what is too large wraps, as integers do. */
static int64_t
reduced_int (enum reduction how, int64_t old, int64_t update, int is_unsigned)
{
  int below = is_unsigned ? (uint64_t) update < (uint64_t) old : update < old;

  switch (how) {
  case ADD:
    return (int64_t) ((uint64_t) old + (uint64_t) update);
  case MUL:
    return (int64_t) ((uint64_t) old * (uint64_t) update);
  case MIN:
    return below ? update : old;
  case MAX:
    return below ? old : update;
  default:
    return update;
  }
}

/* Data being changed: bytes where elements are replaced, numbers where they are reduced, which are whole or not. */
struct scatter {
  enum reduction how;
  struct qx_tensor *to;
  double *numbers;
  const double *updates;
  int64_t *ints;
  const int64_t *int_updates;
  int is_unsigned;
  const uint8_t *bytes;
  size_t size;
};

static int
open_doubles (struct qx_exec *x, struct scatter *scatter)
{
  const double *old = qx_exec_doubles (x, 0);

  scatter->updates = qx_exec_doubles (x, 2);
  scatter->numbers = old == NULL ? NULL : qx_exec_out_doubles (x, scatter->to);
  if (scatter->numbers == NULL || scatter->updates == NULL)
    return -1;
  if (scatter->to->n_elements > 0)
    memcpy (scatter->numbers, old, scatter->to->n_elements * sizeof *old);
  return 0;
}

static int
open_ints (struct qx_exec *x, struct scatter *scatter)
{
  const int64_t *old = qx_exec_ints (x, 0);

  scatter->is_unsigned = qx_is_unsigned (qx_exec_type (scatter->to));
  scatter->int_updates = qx_exec_ints (x, 2);
  scatter->ints = old == NULL ? NULL : qx_exec_out_ints (x, scatter->to);
  if (scatter->ints == NULL || scatter->int_updates == NULL)
    return -1;
  if (scatter->to->n_elements > 0)
    memcpy (scatter->ints, old, scatter->to->n_elements * sizeof *old);
  return 0;
}

static int
scatter_open (struct qx_exec *x, struct scatter *scatter)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *updates = qx_exec_need (x, 2);

  if (from == NULL || updates == NULL || qx_exec_type (from) != qx_exec_type (updates))
    return qx_exec_fail (x, "its data and updates are not of one type");
  scatter->how = reduction_of (x->node);
  scatter->size = qx_exec_size (from);
  scatter->bytes = updates->raw;
  scatter->to =
      scatter->how == UNKNOWN ? NULL : qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  if (scatter->to == NULL)
    return qx_exec_fail (x, "its reduction is unknown");
  if (from->n_elements > 0)
    memcpy (qx_exec_bytes (scatter->to), from->raw, from->n_elements * scatter->size);
  if (scatter->how == REPLACE)
    return 0;
  return qx_is_integer (qx_exec_type (from)) ? open_ints (x, scatter) : open_doubles (x, scatter);
}

/* n elements from update on go to at. */
static void
scatter_put (struct scatter *scatter, size_t at, size_t update, size_t n)
{
  size_t i;

  if (scatter->how == REPLACE && n > 0)
    memcpy (qx_exec_bytes (scatter->to) + at * scatter->size, scatter->bytes + update * scatter->size,
            n * scatter->size);
  for (i = 0; i < n && scatter->ints != NULL; i++)
    scatter->ints[at + i] = reduced_int (scatter->how, scatter->ints[at + i],
                                         scatter->int_updates[update + i], scatter->is_unsigned);
  for (i = 0; i < n && scatter->numbers != NULL; i++)
    scatter->numbers[at + i] = reduced (scatter->how, scatter->numbers[at + i], scatter->updates[update + i]);
}

int
qx_exec_scatter_elements (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *at = qx_exec_need (x, 1);
  const int64_t *index = at == NULL ? NULL : qx_exec_ints (x, 1);
  int64_t axis = from == NULL || index == NULL ? -1 : qx_exec_axis (x, 0, from->n_dims), row;
  struct scatter scatter = { .how = REPLACE };
  size_t i, stride;
  struct qx_walk walk;

  if (axis < 0 || scatter_open (x, &scatter) < 0)
    return -1;
  if (!fits (from, at, (size_t) axis) || x->in[2]->n_elements != at->n_elements)
    return qx_exec_fail (x, "its inputs do not fit each other");
  walk_index (from, at, (size_t) axis, &walk, &stride);
  for (i = 0; i < at->n_elements; i++, qx_walk_next (&walk)) {
    row = checked (x, index[i], from->dims[axis]);
    if (row < 0)
      return -1;
    scatter_put (&scatter, (size_t) walk.offset + (size_t) row * stride, i, 1);
  }
  return 0;
}

int
qx_exec_scatter_nd (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *at = qx_exec_need (x, 1);
  const int64_t *index = at == NULL ? NULL : qx_exec_ints (x, 1);
  struct scatter scatter = { .how = REPLACE };
  size_t i, length, inner;

  if (index == NULL || from == NULL || scatter_open (x, &scatter) < 0)
    return -1;
  if (at->n_dims == 0 || at->dims[at->n_dims - 1] < 1 || at->dims[at->n_dims - 1] > (int64_t) from->n_dims)
    return qx_exec_fail (x, "its inputs do not fit each other");
  length = (size_t) at->dims[at->n_dims - 1];
  inner = qx_block (from->dims, length, from->n_dims);
  if (x->in[2]->n_elements != at->n_elements / length * inner)
    return qx_exec_fail (x, "its inputs do not fit each other");
  for (i = 0; i < at->n_elements / length; i++) {
    int64_t slice = slice_of (x, index + i * length, length, from->dims);
    if (slice < 0)
      return -1;
    scatter_put (&scatter, (size_t) slice * inner, i * inner, inner);
  }
  return 0;
}

/* ---- masks and conditions ---- */

int
qx_exec_where (struct qx_exec *x)
{
  const struct qx_tensor *a = qx_exec_need (x, 1), *b = qx_exec_need (x, 2);
  struct qx_rows rows;
  struct qx_tensor *to;
  size_t r, i, size;
  uint8_t *next;

  if (a == NULL || b == NULL || qx_exec_type (a) != qx_exec_type (b))
    return qx_exec_fail (x, "its inputs are not of one type");
  if (qx_rows_open (x, 0, 3, &rows) < 0)
    return -1;
  to = qx_exec_make (x, 0, qx_exec_type (a), rows.dims, rows.n_dims);
  if (to == NULL || qx_exec_type (x->in[0]) != QX_BOOL)
    return qx_exec_fail (x, "its condition is not of type BOOL");
  size = qx_exec_size (a);
  next = qx_exec_bytes (to);
  for (r = 0; r < rows.n_rows; r++, qx_rows_next (&rows))
    for (i = 0; i < rows.length; i++, next += size) {
      size_t k = x->in[0]->raw[qx_rows_at (&rows, 0) + i * rows.step[0]] != 0 ? 1 : 2;
      memcpy (next, x->in[k]->raw + (qx_rows_at (&rows, k) + i * rows.step[k]) * size, size);
    }
  return 0;
}

int
qx_exec_compress (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *mask = qx_exec_need (x, 1);
  int flat = qx_node_attr_type (x->node, "axis") == QX_ATTR_NONE;
  int64_t dims[QX_MAX_RANK], axis = 0, n = 0;
  size_t i, k, outer, inner, length, done = 0;
  struct qx_tensor *to;

  if (from == NULL || mask == NULL || qx_exec_type (mask) != QX_BOOL)
    return qx_exec_fail (x, "its condition is not of type BOOL");
  if (!flat && (axis = qx_exec_axis (x, 0, from->n_dims)) < 0)
    return -1;
  length = flat ? from->n_elements : (size_t) from->dims[axis];
  length = mask->n_elements < length ? mask->n_elements : length;
  for (i = 0; i < length; i++)
    n += mask->raw[i] != 0;
  qx_copy_dims (dims, from->dims, from->n_dims);
  dims[flat ? 0 : axis] = n;
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, flat ? 1 : from->n_dims);
  if (to == NULL)
    return -1;
  outer = flat ? 1 : qx_block (from->dims, 0, (size_t) axis);
  inner = (flat ? 1 : qx_block (from->dims, (size_t) axis + 1, from->n_dims)) * qx_exec_size (from);
  for (k = 0; k < outer; k++)
    for (i = 0; inner > 0 && i < length; i++)
      if (mask->raw[i] != 0)
        memcpy (qx_exec_bytes (to) + done++ * inner,
                from->raw + (k * (flat ? 0 : (size_t) from->dims[axis]) + i) * inner, inner);
  return 0;
}

int
qx_exec_non_zero (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  const double *numbers = from == NULL ? NULL : qx_exec_doubles (x, 0);
  struct qx_walk walk = { 0 };
  int64_t dims[2], *out;
  size_t i, k, n = 0, found = 0;
  struct qx_tensor *to;

  if (numbers == NULL || qx_tensor_count_nonzero (from, &n, x->err) < 0)
    return -1;
  dims[0] = (int64_t) from->n_dims;
  dims[1] = (int64_t) n;
  to = qx_exec_make (x, 0, QX_INT64, dims, 2);
  out = to == NULL ? NULL : qx_exec_out_ints (x, to);
  walk.n_dims = from->n_dims;
  qx_copy_dims (walk.dims, from->dims, from->n_dims);
  for (i = 0; out != NULL && i < from->n_elements; i++, qx_walk_next (&walk))
    if (numbers[i] != 0) {
      for (k = 0; k < from->n_dims; k++)
        out[k * n + found] = walk.at[k];
      found++;
    }
  return out == NULL ? -1 : 0;
}

/* The triangle above or below diagonal k; the rest is zero. */
int
qx_exec_trilu (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  int upper = qx_node_int (x->node, "upper", 1) != 0;
  struct qx_tensor *to;
  double shift;
  size_t i, n, size;

  if (from == NULL || qx_exec_number (x, 1, 0, &shift) < 0)
    return -1;
  if (from->n_dims < 2)
    return qx_exec_fail (x, "its input is no matrix");
  to = qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  n = (size_t) from->dims[from->n_dims - 1];
  size = qx_exec_size (from);
  for (i = 0; to != NULL && i < from->n_elements; i++) {
    double row = (double) (i / n % (size_t) from->dims[from->n_dims - 2]), column = (double) (i % n);
    if (upper ? column >= row + shift : column <= row + shift)
      memcpy (qx_exec_bytes (to) + i * size, from->raw + i * size, size);
  }
  return to == NULL ? -1 : 0;
}

/* ---- one-hot ---- */

int
qx_exec_one_hot (struct qx_exec *x)
{
  const struct qx_tensor *at = qx_exec_need (x, 0), *values = qx_exec_need (x, 2);
  const double *index = at == NULL ? NULL : qx_exec_doubles (x, 0);
  int64_t dims[QX_MAX_RANK + 1], axis;
  struct qx_tensor *to;
  double depth;
  size_t i, k, inner, size;

  if (index == NULL || values == NULL || values->n_elements != 2 || qx_exec_number (x, 1, 0, &depth) < 0 ||
      qx_exec_need (x, 1) == NULL)
    return qx_exec_fail (x, "its depth or values are not what it needs");
  axis = qx_exec_axis (x, -1, at->n_dims + 1);
  if (axis < 0)
    return -1;
  if (!(depth >= 1 && depth < 0x1p31))
    return qx_exec_fail (x, "its depth is out of range");
  qx_copy_dims (dims, at->dims, (size_t) axis);
  dims[axis] = (int64_t) depth;
  qx_copy_dims (dims + axis + 1, at->dims + axis, (at->n_dims - (size_t) axis));
  to = qx_exec_make (x, 0, qx_exec_type (values), dims, at->n_dims + 1);
  if (to == NULL)
    return -1;
  size = qx_exec_size (values);
  inner = qx_block (dims, (size_t) axis + 1, at->n_dims + 1);
  for (i = 0; i < to->n_elements; i++) {
    k = i / inner % (size_t) dims[axis];
    double wanted = index[i / inner / (size_t) dims[axis] * inner + i % inner];
    wanted = wanted < 0 ? wanted + depth : wanted;
    memcpy (qx_exec_bytes (to) + i * size, values->raw + (wanted == (double) k ? size : 0), size);
  }
  return 0;
}

/* The first lengths[b] elements of the time axis backwards, the rest as it is. */
int
qx_exec_reverse_sequence (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *lengths = qx_exec_need (x, 1);
  const int64_t *length = lengths == NULL ? NULL : qx_exec_ints (x, 1);
  int64_t batch = qx_node_int (x->node, "batch_axis", 1), time = qx_node_int (x->node, "time_axis", 0);
  struct qx_walk walk = { 0 };
  struct qx_tensor *to;
  size_t i, size;

  if (from == NULL || length == NULL)
    return -1;
  if (batch < 0 || time < 0 || batch == time || batch >= (int64_t) from->n_dims ||
      time >= (int64_t) from->n_dims || (int64_t) lengths->n_elements != from->dims[batch])
    return qx_exec_fail (x, "its axes or lengths do not fit its input");
  for (i = 0; i < lengths->n_elements; i++)
    if (length[i] < 0 || length[i] > from->dims[time])
      return qx_exec_fail (x, "a length lies outside the data");
  to = qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  if (to == NULL)
    return -1;
  size = qx_exec_size (from);
  walk.n_dims = from->n_dims;
  qx_copy_dims (walk.dims, from->dims, from->n_dims);
  qx_strides (from->dims, from->n_dims, walk.strides);
  for (i = 0; i < to->n_elements; i++, qx_walk_next (&walk)) {
    int64_t n = length[walk.at[batch]], at = walk.at[time], source = at < n ? n - 1 - at : at;
    memcpy (qx_exec_bytes (to) + i * size,
            from->raw + (size_t) (walk.offset + (source - at) * walk.strides[time]) * size, size);
  }
  return 0;
}
