/* SPDX-License-Identifier: BSD-3-Clause */
/* Reductions along axes, and the place of the largest or smallest along one. Sums are taken in float64. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

enum reduction { SUM, MEAN, L1, L2, LOG_SUM, LOG_SUM_EXP, MAX, MIN, PROD, SUM_SQUARE };

static enum reduction
reduction_of (const struct qx_node *node)
{
  static const char *const names[] = { "ReduceSum", "ReduceMean",   "ReduceL1",
                                       "ReduceL2",  "ReduceLogSum", "ReduceLogSumExp",
                                       "ReduceMax", "ReduceMin",    "ReduceProd" };
  size_t i;

  for (i = 0; i < sizeof names / sizeof names[0] && !qx_node_is (node, names[i]); i++)
    ;
  return (enum reduction) i;
}

/* What each element does to the result so far. */
static double
step (enum reduction how, double so_far, double value)
{
  switch (how) {
  case L1:
    return so_far + fabs (value);
  case L2:
  case SUM_SQUARE:
    return so_far + value * value;
  case MAX:
    return value > so_far || isnan (value) ? value : so_far;
  case MIN:
    return value < so_far || isnan (value) ? value : so_far;
  case PROD:
    return so_far * value;
  default:
    return so_far + value;
  }
}

/* What nothing at all is reduced to: the bound of the type. */
static double
start_of (enum reduction how, int elem_type)
{
  if (how == MAX)
    return elem_type == QX_BOOL ? 0 : -(double) INFINITY;
  if (how == MIN)
    return elem_type == QX_BOOL ? 1 : (double) INFINITY;
  return how == PROD ? 1 : 0;
}

static double
end_of (enum reduction how, double result, double n)
{
  if (how == MEAN)
    return result / n;
  return how == L2 ? sqrt (result) : how == LOG_SUM ? log (result) : result;
}

/* ---- axes ---- */

/* marks[i]: axis i is reduced. Without axes all are, or none with noop_with_empty_axes. */
static int
read_axes (struct qx_exec *x, size_t n_dims, char *marks)
{
  size_t i, n = 0;
  const int64_t *axes = qx_exec_list (x, "axes", 1, &n);
  int all = n == 0 && qx_node_int (x->node, "noop_with_empty_axes", 0) == 0;

  memset (marks, all, n_dims);
  for (i = 0; axes != NULL && i < n; i++) {
    int64_t axis = qx_axis (axes[i], n_dims);
    if (axis < 0)
      return qx_exec_fail (x, "there is no such axis");
    marks[axis] = 1;
  }
  return 0;
}

/* Walks the data; the offset is the place in the result. */
static void
walk_result (const struct qx_tensor *from, const char *marks, struct qx_walk *walk)
{
  int64_t stride = 1;
  size_t i = from->n_dims;

  memset (walk, 0, sizeof *walk);
  walk->n_dims = from->n_dims;
  qx_copy_dims (walk->dims, from->dims, from->n_dims);
  while (i-- > 0) {
    walk->strides[i] = marks[i] ? 0 : stride;
    stride *= marks[i] ? 1 : from->dims[i];
  }
}

static struct qx_tensor *
make_result (struct qx_exec *x, const struct qx_tensor *from, const char *marks, int elem_type)
{
  int keep = qx_node_int (x->node, "keepdims", 1) != 0;
  int64_t dims[QX_MAX_RANK];
  size_t i, n = 0;

  for (i = 0; i < from->n_dims; i++)
    if (!marks[i] || keep)
      dims[n++] = marks[i] ? 1 : from->dims[i];
  return qx_exec_make (x, 0, elem_type, dims, n);
}

/* ---- reduction ---- */

static void
reduce (enum reduction how, const struct qx_tensor *from, const double *in, struct qx_walk walk, double *out)
{
  size_t i;

  for (i = 0; i < from->n_elements; i++, qx_walk_next (&walk))
    out[walk.offset] = step (how, out[walk.offset], in[i]);
}

/* The largest is taken out of the exponent, so that nothing overflows. */
static int
log_sum_exp (struct qx_exec *x, const struct qx_tensor *from, const double *in, struct qx_walk walk,
             struct qx_tensor *to, double *out)
{
  double *most = qx_exec_scratch (x, to->n_elements, sizeof *most);
  struct qx_walk again = walk;
  size_t i;

  if (most == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++)
    most[i] = -(double) INFINITY;
  reduce (MAX, from, in, walk, most);
  for (i = 0; i < from->n_elements; i++, qx_walk_next (&again))
    out[again.offset] += exp (in[i] - (isinf (most[again.offset]) ? 0 : most[again.offset]));
  for (i = 0; i < to->n_elements; i++)
    out[i] = log (out[i]) + (isinf (most[i]) ? 0 : most[i]);
  return 0;
}

/* ---- integers: those of 64 bits are exact only as such ---- */

static int
has_ints (enum reduction how)
{
  return how == SUM || how == MAX || how == MIN || how == PROD;
}

static int64_t
int_start (enum reduction how, int elem_type)
{
  int is_unsigned = qx_is_unsigned (elem_type);
  uint64_t high =
      UINT64_MAX >> (64 - (is_unsigned ? qx_type_bits (elem_type) : qx_type_bits (elem_type) - 1));

  if (how == MAX)
    return is_unsigned ? 0 : -(int64_t) high - 1;
  return how == MIN ? (int64_t) high : how == PROD;
}

static int64_t
int_step (enum reduction how, int64_t so_far, int64_t value, int is_unsigned)
{
  int below = is_unsigned ? (uint64_t) value < (uint64_t) so_far : value < so_far;

  switch (how) {
  case MAX:
    return below ? so_far : value;
  case MIN:
    return below ? value : so_far;
  case PROD:
    return (int64_t) ((uint64_t) so_far * (uint64_t) value);
  default:
    return (int64_t) ((uint64_t) so_far + (uint64_t) value);
  }
}

static int
reduce_ints (struct qx_exec *x, enum reduction how, const struct qx_tensor *from, struct qx_walk walk,
             struct qx_tensor *to)
{
  int type = qx_exec_type (from);
  const int64_t *in = qx_exec_ints (x, 0);
  int64_t *out = in == NULL ? NULL : qx_exec_out_ints (x, to);
  size_t i;

  if (out == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++)
    out[i] = int_start (how, type);
  for (i = 0; i < from->n_elements; i++, qx_walk_next (&walk))
    out[walk.offset] = int_step (how, out[walk.offset], in[i], qx_is_unsigned (type));
  return 0;
}

int
qx_exec_reduce (struct qx_exec *x)
{
  enum reduction how = reduction_of (x->node);
  const struct qx_tensor *from = qx_exec_need (x, 0);
  char marks[QX_MAX_RANK];
  struct qx_walk walk;
  struct qx_tensor *to;
  const double *in;
  double *out, each;
  size_t i;

  if (from == NULL || read_axes (x, from->n_dims, marks) < 0)
    return -1;
  walk_result (from, marks, &walk);
  to = make_result (x, from, marks, qx_exec_type (from));
  if (to == NULL)
    return -1;
  if (has_ints (how) && qx_is_integer (qx_exec_type (from)))
    return reduce_ints (x, how, from, walk, to);
  in = qx_exec_doubles (x, 0);
  out = in == NULL ? NULL : qx_exec_out_doubles (x, to);
  if (out == NULL)
    return -1;
  if (how == LOG_SUM_EXP)
    return log_sum_exp (x, from, in, walk, to, out);
  for (i = 0; i < to->n_elements; i++)
    out[i] = start_of (how, qx_exec_type (from));
  reduce (how, from, in, walk, out);
  each = to->n_elements == 0 ? 0 : (double) (from->n_elements / to->n_elements);
  for (i = 0; i < to->n_elements; i++)
    out[i] = end_of (how, out[i], each);
  return 0;
}

/* ---- ArgMax, ArgMin ---- */

int
qx_exec_arg (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  const double *in = from == NULL ? NULL : qx_exec_doubles (x, 0);
  int last = qx_node_int (x->node, "select_last_index", 0) != 0;
  double sign = qx_node_is (x->node, "ArgMin") ? -1 : 1;
  int64_t axis = in == NULL ? -1 : qx_exec_axis (x, 0, from->n_dims), *out;
  char marks[QX_MAX_RANK] = { 0 };
  size_t i, k, n, stride;
  struct qx_tensor *to;

  if (axis < 0)
    return -1;
  marks[axis] = 1;
  n = (size_t) from->dims[axis];
  stride = qx_block (from->dims, (size_t) axis + 1, from->n_dims);
  to = n == 0 ? NULL : make_result (x, from, marks, QX_INT64);
  if (to == NULL)
    return qx_exec_fail (x, "its axis is empty");
  out = qx_exec_out_ints (x, to);
  for (i = 0; out != NULL && i < to->n_elements; i++) {
    const double *line = in + (i / stride * stride * n + i % stride);
    size_t best = 0;
    for (k = 1; k < n; k++)
      if (sign * line[k * stride] > sign * line[best * stride] ||
          (last && line[k * stride] == line[best * stride]))
        best = k;
    out[i] = (int64_t) best;
  }
  return out == NULL ? -1 : 0;
}
