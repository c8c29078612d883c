/* SPDX-License-Identifier: BSD-3-Clause */
/* Softmax, LogSoftmax, Hardmax; sums along an axis; the largest by rank. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/exec.h"

/* Lines of data along an axis. Before version 13 the axis and all behind it were one. */
struct lines {
  size_t n, length, stride;
};

static int
open_lines (struct qx_exec *x, const struct qx_tensor *from, struct lines *lines)
{
  int64_t axis = qx_exec_axis (x, x->opset < 13 ? 1 : -1, from->n_dims);

  if (axis < 0)
    return -1;
  lines->length = (size_t) from->dims[axis];
  lines->stride = qx_block (from->dims, (size_t) axis + 1, from->n_dims);
  if (x->opset < 13) {
    lines->length *= lines->stride;
    lines->stride = 1;
  }
  lines->n = lines->length == 0 ? 0 : from->n_elements / lines->length;
  return 0;
}

static size_t
line_start (const struct lines *lines, size_t i)
{
  return i / lines->stride * lines->stride * lines->length + i % lines->stride;
}

static void
hard_line (const double *in, double *out, size_t n, size_t stride)
{
  size_t k, best = 0;

  for (k = 0; k < n; k++) {
    out[k * stride] = 0;
    if (in[k * stride] > in[best * stride])
      best = k;
  }
  out[best * stride] = 1;
}

static void
soft_line (const double *in, double *out, size_t n, size_t stride, int logarithm)
{
  double most = in[0], sum = 0;
  size_t k;

  for (k = 1; k < n; k++)
    most = in[k * stride] > most ? in[k * stride] : most;
  for (k = 0; k < n; k++)
    sum += out[k * stride] = exp (in[k * stride] - most);
  for (k = 0; k < n; k++)
    out[k * stride] = logarithm ? in[k * stride] - most - log (sum) : out[k * stride] / sum;
}

int
qx_exec_softmax (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  const double *in = from == NULL ? NULL : qx_exec_doubles (x, 0);
  int hard = qx_node_is (x->node, "Hardmax"), logarithm = qx_node_is (x->node, "LogSoftmax");
  struct qx_tensor *to;
  struct lines lines;
  double *out;
  size_t i;

  if (in == NULL || open_lines (x, from, &lines) < 0)
    return -1;
  to = qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  out = to == NULL ? NULL : qx_exec_out_doubles (x, to);
  for (i = 0; out != NULL && i < lines.n; i++) {
    size_t start = line_start (&lines, i);
    if (hard)
      hard_line (in + start, out + start, lines.length, lines.stride);
    else
      soft_line (in + start, out + start, lines.length, lines.stride, logarithm);
  }
  return out == NULL ? -1 : 0;
}

/* ---- running sums ---- */

/* How one line is walked. */
struct running {
  size_t start, stride, length;
  int exclusive, reverse;
};

static size_t
running_at (const struct running *running, size_t k)
{
  return running->start + (running->reverse ? running->length - 1 - k : k) * running->stride;
}

static void
sum_doubles (const double *in, double *out, const struct running *running)
{
  double sum = 0;

  for (size_t k = 0; k < running->length; k++) {
    size_t at = running_at (running, k);
    out[at] = running->exclusive ? sum : sum + in[at];
    sum += in[at];
  }
}

/* Exact; what is too large wraps, as integers do. */
static void
sum_ints (const int64_t *in, int64_t *out, const struct running *running)
{
  uint64_t sum = 0;

  for (size_t k = 0; k < running->length; k++) {
    size_t at = running_at (running, k);
    out[at] = (int64_t) (running->exclusive ? sum : sum + (uint64_t) in[at]);
    sum += (uint64_t) in[at];
  }
}

static int
sum_lines (struct qx_exec *x, const struct lines *lines, struct qx_tensor *to)
{
  int whole = qx_is_integer (qx_exec_type (to));
  const int64_t *ints = whole ? qx_exec_ints (x, 0) : NULL;
  const double *doubles = whole ? NULL : qx_exec_doubles (x, 0);
  int64_t *out_ints = ints == NULL ? NULL : qx_exec_out_ints (x, to);
  double *out_doubles = doubles == NULL ? NULL : qx_exec_out_doubles (x, to);
  struct running running = { .stride = lines->stride, .length = lines->length };

  if (out_ints == NULL && out_doubles == NULL)
    return -1;
  running.exclusive = qx_node_int (x->node, "exclusive", 0) != 0;
  running.reverse = qx_node_int (x->node, "reverse", 0) != 0;
  for (size_t i = 0; i < lines->n; i++) {
    running.start = line_start (lines, i);
    if (whole)
      sum_ints (ints, out_ints, &running);
    else
      sum_doubles (doubles, out_doubles, &running);
  }
  return 0;
}

int
qx_exec_cumsum (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  struct lines lines;
  struct qx_tensor *to;
  double wanted;
  int64_t axis;

  if (from == NULL || qx_exec_need (x, 1) == NULL || qx_exec_number (x, 1, 0, &wanted) < 0)
    return -1;
  axis = fabs (wanted) < 64 ? qx_axis ((int64_t) wanted, from->n_dims) : -1;
  if (axis < 0)
    return qx_exec_fail (x, "there is no such axis");
  lines.length = (size_t) from->dims[axis];
  lines.stride = qx_block (from->dims, (size_t) axis + 1, from->n_dims);
  lines.n = lines.length == 0 ? 0 : from->n_elements / lines.length;
  to = qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  return to == NULL ? -1 : sum_lines (x, &lines, to);
}

/* ---- the largest ---- */

struct ranked {
  double value; /* 0 for integers */
  uint64_t key; /* of integers: larger where the number is wanted earlier; else 0 */
  size_t at;
};

/* Larger first; of equals the one that stands first. NaN counts as the largest. Integers are told apart to the last digit. */
static int
by_size (const void *a, const void *b)
{
  const struct ranked *left = a, *right = b;

  if (isnan (left->value) != isnan (right->value))
    return isnan (left->value) ? -1 : 1;
  if (left->value != right->value && !isnan (left->value))
    return left->value > right->value ? -1 : 1;
  if (left->key != right->key)
    return left->key > right->key ? -1 : 1;
  return left->at < right->at ? -1 : left->at > right->at;
}

static int
read_k (struct qx_exec *x, size_t length, size_t *k)
{
  double given;

  if (x->opset < 10)
    given = (double) qx_node_int (x->node, "k", -1);
  else if (qx_exec_need (x, 1) == NULL || qx_exec_number (x, 1, 0, &given) < 0)
    return -1;
  if (!(given >= 0 && given <= (double) length))
    return qx_exec_fail (x, "it asks for more than there are");
  *k = (size_t) given;
  return 0;
}

/* The numbers to be ranked: one of the arrays is there. */
struct ranking {
  const double *doubles;
  const int64_t *ints;
  uint64_t flip; /* of the bits of an integer, so that they are in order without a sign */
  double sign;   /* -1: the smallest are wanted */
};

static int
open_ranking (struct qx_exec *x, struct ranking *ranking)
{
  int type = qx_exec_type (x->in[0]), largest = qx_node_int (x->node, "largest", 1) != 0;

  memset (ranking, 0, sizeof *ranking);
  ranking->sign = largest ? 1 : -1;
  ranking->flip = (qx_is_unsigned (type) ? 0 : (uint64_t) 1 << 63) ^ (largest ? 0 : UINT64_MAX);
  if (qx_is_integer (type))
    ranking->ints = qx_exec_ints (x, 0);
  else
    ranking->doubles = qx_exec_doubles (x, 0);
  return ranking->ints == NULL && ranking->doubles == NULL ? -1 : 0;
}

static struct ranked
rank (const struct ranking *ranking, size_t place, size_t at)
{
  struct ranked ranked = { 0, 0, at };

  if (ranking->ints != NULL)
    ranked.key = (uint64_t) ranking->ints[place] ^ ranking->flip;
  else
    ranked.value = ranking->sign * ranking->doubles[place];
  return ranked;
}

int
qx_exec_topk (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  int64_t dims[QX_MAX_RANK], axis = from == NULL ? -1 : qx_exec_axis (x, -1, from->n_dims), *indices;
  struct qx_tensor *values, *at;
  struct ranking ranking;
  struct ranked *line;
  size_t i, j, k = 0, length, stride, size;

  if (axis < 0 || open_ranking (x, &ranking) < 0 || read_k (x, (size_t) from->dims[axis], &k) < 0)
    return -1;
  length = (size_t) from->dims[axis];
  stride = qx_block (from->dims, (size_t) axis + 1, from->n_dims);
  qx_copy_dims (dims, from->dims, from->n_dims);
  dims[axis] = (int64_t) k;
  values = qx_exec_make (x, 0, qx_exec_type (from), dims, from->n_dims);
  at = values == NULL ? NULL : qx_exec_make (x, 1, QX_INT64, dims, from->n_dims);
  indices = at == NULL ? NULL : qx_exec_out_ints (x, at);
  line = indices == NULL ? NULL : qx_exec_scratch (x, length, sizeof *line);
  if (line == NULL)
    return -1;
  size = qx_exec_size (from);
  for (i = 0; length > 0 && i < from->n_elements / length; i++) {
    size_t start = i / stride * stride * length + i % stride, to = i / stride * stride * k + i % stride;
    for (j = 0; j < length; j++)
      line[j] = rank (&ranking, start + j * stride, j);
    qsort (line, length, sizeof *line, by_size);
    for (j = 0; j < k; j++) {
      memcpy (qx_exec_bytes (values) + (to + j * stride) * size,
              from->raw + (start + line[j].at * stride) * size, size);
      indices[to + j * stride] = (int64_t) line[j].at;
    }
  }
  return 0;
}
