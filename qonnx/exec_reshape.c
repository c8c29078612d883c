/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators that give all data another shape, or another order. Whatever the type, elements are copied as bytes. */
#include <config.h>

#include <string.h>

#include "qonnx/exec.h"
#include "qonnx/exec_text.h"

/* All data of input 0 under other dimensions. */
static int
copy_as (struct qx_exec *x, const struct qx_tensor *from, const int64_t *dims, size_t n_dims)
{
  struct qx_tensor *to;
  size_t n;

  if (n_dims > QX_MAX_RANK || qx_count_elements (dims, n_dims, &n) < 0 || n != from->n_elements)
    return qx_exec_fail (x, "the new shape has another number of elements");
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, n_dims);
  if (to == NULL)
    return -1;
  if (n > 0)
    memcpy (qx_exec_bytes (to), from->raw, n * qx_exec_size (from));
  return 0;
}

int
qx_exec_identity (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_in (x, 0);

  if (from != NULL && qx_tensor_is_text (from))
    return qx_exec_text_copy (x, from);
  from = qx_exec_need (x, 0);
  return from == NULL ? -1 : copy_as (x, from, from->dims, from->n_dims);
}

/* 0 means the input's dimension (unless allowzero), -1 what is left. */
int
qx_exec_reshape (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  int allow_zero = qx_node_int (x->node, "allowzero", 0) != 0;
  int64_t dims[QX_MAX_RANK], known = 1;
  size_t i, n = 0, open = SIZE_MAX;
  const int64_t *wanted = qx_exec_list (x, "shape", 1, &n);

  if (from == NULL || wanted == NULL || n > QX_MAX_RANK)
    return qx_exec_fail (x, "its new shape is missing, or none");
  for (i = 0; i < n; i++) {
    dims[i] = wanted[i];
    if (wanted[i] == 0 && !allow_zero && i < from->n_dims)
      dims[i] = from->dims[i];
    if (wanted[i] == -1 && open == SIZE_MAX)
      open = i;
    else if (dims[i] < 0 || __builtin_mul_overflow (known, dims[i], &known))
      return qx_exec_fail (x, "its new shape is none");
  }
  if (open != SIZE_MAX)
    dims[open] = known > 0 ? (int64_t) from->n_elements / known : 0;
  return copy_as (x, from, dims, n);
}

int
qx_exec_flatten (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  int64_t axis = qx_node_int (x->node, "axis", 1), dims[2];

  if (from == NULL)
    return -1;
  axis = axis < 0 ? axis + (int64_t) from->n_dims : axis;
  if (axis < 0 || axis > (int64_t) from->n_dims)
    return qx_exec_fail (x, "there is no such axis");
  dims[0] = (int64_t) qx_block (from->dims, 0, (size_t) axis);
  dims[1] = (int64_t) qx_block (from->dims, (size_t) axis, from->n_dims);
  return copy_as (x, from, dims, 2);
}

/* Marks the axes of a list; -1 where one is none, or stands there twice. */
static int
mark_axes (struct qx_exec *x, const int64_t *axes, size_t n, size_t n_dims, char *marks)
{
  size_t i;

  for (i = 0; i < n; i++) {
    int64_t axis = qx_axis (axes[i], n_dims);
    if (axis < 0 || marks[axis])
      return qx_exec_fail (x, "its axes are none of the shape");
    marks[axis] = 1;
  }
  return 0;
}

int
qx_exec_squeeze (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  char marks[QX_MAX_RANK] = { 0 };
  int64_t dims[QX_MAX_RANK];
  size_t i, n_axes = 0, n = 0;
  const int64_t *axes = qx_exec_list (x, "axes", 1, &n_axes);

  if (from == NULL || mark_axes (x, axes, n_axes, from->n_dims, marks) < 0)
    return -1;
  for (i = 0; i < from->n_dims; i++) {
    if (marks[i] && from->dims[i] != 1)
      return qx_exec_fail (x, "a dimension to be squeezed is not 1");
    if (axes == NULL ? from->dims[i] != 1 : !marks[i])
      dims[n++] = from->dims[i];
  }
  return copy_as (x, from, dims, n);
}

int
qx_exec_unsqueeze (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  char marks[QX_MAX_RANK] = { 0 };
  int64_t dims[QX_MAX_RANK];
  size_t i, k = 0, n_axes = 0, n;
  const int64_t *axes = qx_exec_list (x, "axes", 1, &n_axes);

  if (from == NULL)
    return -1;
  n = from->n_dims + n_axes;
  if (axes == NULL || n > QX_MAX_RANK)
    return qx_exec_fail (x, "its axes are missing, or too many");
  if (mark_axes (x, axes, n_axes, n, marks) < 0)
    return -1;
  for (i = 0; i < n; i++)
    dims[i] = marks[i] ? 1 : from->dims[k++];
  return copy_as (x, from, dims, n);
}

/* ---- order ---- */

static void
turn (const struct qx_tensor *from, const int64_t *perm, struct qx_walk *walk)
{
  int64_t strides[QX_MAX_RANK];
  size_t i;

  memset (walk, 0, sizeof *walk);
  qx_strides (from->dims, from->n_dims, strides);
  walk->n_dims = from->n_dims;
  for (i = 0; i < from->n_dims; i++) {
    size_t k = perm == NULL ? from->n_dims - 1 - i : (size_t) perm[i];
    walk->dims[i] = from->dims[k];
    walk->strides[i] = strides[k];
  }
}

struct qx_tensor *
qx_transposed (struct qx_model *model, const struct qx_tensor *from, const int64_t *perm,
               struct qx_error *err)
{
  struct qx_walk walk;
  struct qx_tensor *to;
  size_t size;

  if (qx_tensor_raw (from, &size, err) == NULL)
    return NULL;
  turn (from, perm, &walk);
  to = qx_tensor_new (model, from->proto->data_type, walk.dims, from->n_dims, err);
  if (to != NULL)
    qx_copy_walk (from, to, &walk, 0);
  return to;
}

int
qx_is_permutation (const int64_t *perm, size_t n_perm, size_t n_dims)
{
  char seen[QX_MAX_RANK] = { 0 };
  size_t i;

  if (n_perm != n_dims || n_dims > QX_MAX_RANK)
    return 0;
  for (i = 0; i < n_perm; i++) {
    if (perm[i] < 0 || perm[i] >= (int64_t) n_dims || seen[perm[i]])
      return 0;
    seen[perm[i]] = 1;
  }
  return 1;
}

int
qx_exec_transpose (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  const int64_t *perm;
  struct qx_walk walk;
  struct qx_tensor *to;
  size_t n_perm;

  if (from == NULL)
    return -1;
  perm = qx_node_ints (x->node, "perm", &n_perm);
  if (perm != NULL && !qx_is_permutation (perm, n_perm, from->n_dims))
    return qx_exec_fail (x, "its perm is no permutation of the dimensions");
  turn (from, perm, &walk);
  to = qx_exec_make (x, 0, qx_exec_type (from), walk.dims, from->n_dims);
  return to == NULL ? -1 : qx_copy_walk (from, to, &walk, 0);
}

/* [N, C, H, W] seen as six dimensions, turned, and seen as four again. */
static int
regroup (struct qx_exec *x, const int64_t six[6], const int64_t *perm, const int64_t four[4])
{
  const struct qx_tensor *from = qx_exec_in (x, 0);
  struct qx_tensor seen = *from, *to;
  struct qx_walk walk;
  int64_t dims[6];

  memcpy (dims, six, sizeof dims);
  seen.dims = dims;
  seen.n_dims = 6;
  turn (&seen, perm, &walk);
  to = qx_exec_make (x, 0, qx_exec_type (from), four, 4);
  return to == NULL ? -1 : qx_copy_walk (&seen, to, &walk, 0);
}

/* An image, and the block size that its dimensions divide by. */
static const struct qx_tensor *
image (struct qx_exec *x, int64_t *block)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);

  *block = qx_node_int (x->node, "blocksize", 0);
  if (from == NULL)
    return NULL;
  if (from->n_dims == 4 && *block > 0 && *block <= 1 << 16)
    return from;
  qx_exec_fail (x, "it needs four dimensions and a block size above 0");
  return NULL;
}

int
qx_exec_depth_to_space (struct qx_exec *x)
{
  static const int64_t depth_first[] = { 0, 3, 4, 1, 5, 2 }, columns_first[] = { 0, 1, 4, 2, 5, 3 };
  const char *mode = qx_node_string (x->node, "mode", "DCR");
  int64_t b, c;
  const struct qx_tensor *from = image (x, &b);
  const int64_t *d = from == NULL ? NULL : from->dims;

  if (d == NULL)
    return -1;
  if (d[1] % (b * b) != 0)
    return qx_exec_fail (x, "its channels are no multiple of the block");
  c = d[1] / (b * b);
  if (strcmp (mode, "CRD") == 0)
    return regroup (x, (int64_t[]){ d[0], c, b, b, d[2], d[3] }, columns_first,
                    (int64_t[]){ d[0], c, d[2] * b, d[3] * b });
  if (strcmp (mode, "DCR") != 0)
    return qx_exec_fail (x, "its mode is unknown");
  return regroup (x, (int64_t[]){ d[0], b, b, c, d[2], d[3] }, depth_first,
                  (int64_t[]){ d[0], c, d[2] * b, d[3] * b });
}

int
qx_exec_space_to_depth (struct qx_exec *x)
{
  static const int64_t depth_first[] = { 0, 3, 5, 1, 2, 4 }, columns_first[] = { 0, 1, 3, 5, 2, 4 };
  int by_column = strcmp (qx_node_string (x->node, "mode", "DCR"), "CRD") == 0;
  int64_t b;
  const struct qx_tensor *from = image (x, &b);
  const int64_t *d = from == NULL ? NULL : from->dims;

  if (d == NULL)
    return -1;
  if (d[2] % b != 0 || d[3] % b != 0)
    return qx_exec_fail (x, "height or width is no multiple of the block");
  return regroup (x, (int64_t[]){ d[0], d[1], d[2] / b, b, d[3] / b, b },
                  by_column ? columns_first : depth_first,
                  (int64_t[]){ d[0], d[1] * b * b, d[2] / b, d[3] / b });
}
