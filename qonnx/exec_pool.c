/* SPDX-License-Identifier: BSD-3-Clause */
/* Pools: one number for all data under a window, channel by channel. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec_slide.h"

enum pool { AVERAGE, MAXIMUM, NORM };

/* A pool over one channel. */
struct pooling {
  struct qx_slide w;
  enum pool kind;
  int count_padding, column_major;
  double p; /* of the norm */
  const double *in;
  double *out, *weight; /* of each place: how many data are counted */
  int64_t *index;       /* of each place's maximum, or NULL */
};

/* How many elements of a window lie in the padded data: a last window may hang over it. */
static double
window_size (const struct qx_slide *w, const int64_t *out_at)
{
  double size = 1;
  size_t i;

  for (i = 0; i < w->n; i++) {
    int64_t start = out_at[i] * w->stride[i] - w->begin[i], n = 0, k;
    for (k = 0; k < w->kernel[i]; k++)
      n += start + k * w->dilation[i] < w->in[i] + w->end[i];
    size *= (double) n;
  }
  return size;
}

static void
add_one (struct pooling *pool, size_t place, int64_t source)
{
  double value = pool->in[source];

  if (pool->kind == MAXIMUM) {
    if (pool->weight[place] > 0 && !(value > pool->out[place]) && !isnan (value))
      return;
    pool->out[place] = value;
    if (pool->index != NULL)
      pool->index[place] = source;
  } else
    pool->out[place] += pool->kind == NORM ? pow (fabs (value), pool->p) : value;
  pool->weight[place]++;
}

/* All kernel elements over all places. */
static void
gather (struct pooling *pool)
{
  const struct qx_slide *w = &pool->w;
  int64_t kernel_at[QX_MAX_SPATIAL] = { 0 };

  do {
    int64_t out_at[QX_MAX_SPATIAL] = { 0 };
    size_t start = 0;
    do {
      struct qx_slide_row row = qx_slide_row (w, kernel_at, out_at);
      for (int64_t i = row.from; i < row.to; i++)
        add_one (pool, start + (size_t) i, row.first + i * row.step);
      start += (size_t) w->out[w->n - 1];
    } while (qx_odometer (out_at, w->out, w->n - 1));
  } while (qx_odometer (kernel_at, w->kernel, w->n));
}

static void
finish (struct pooling *pool)
{
  int64_t out_at[QX_MAX_SPATIAL] = { 0 };
  size_t i;

  for (i = 0; i < pool->w.n_out; i++) {
    if (pool->kind == AVERAGE)
      pool->out[i] /= pool->count_padding ? window_size (&pool->w, out_at) : pool->weight[i];
    else if (pool->kind == NORM)
      pool->out[i] = pow (pool->out[i], 1 / pool->p);
    else if (pool->weight[i] == 0)
      pool->out[i] = -(double) INFINITY;
    (void) qx_odometer (out_at, pool->w.out, pool->w.n);
  }
}

/* Position in one channel's data, with the first dimension running fastest. */
static int64_t
column_major (const struct qx_slide *w, int64_t at)
{
  int64_t result = 0, stride[QX_MAX_SPATIAL], step = 1;
  size_t i;

  for (i = 0; i < w->n; i++) {
    stride[i] = step;
    step *= w->in[i];
  }
  for (i = w->n; i-- > 0; at /= w->in[i])
    result += at % w->in[i] * stride[i];
  return result;
}

static void
tell_indices (const struct pooling *pool, size_t channel, int64_t *to)
{
  size_t i;

  for (i = 0; i < pool->w.n_out; i++)
    to[i] = (int64_t) (channel * pool->w.n_in) +
            (pool->column_major ? column_major (&pool->w, pool->index[i]) : pool->index[i]);
}

static struct qx_tensor *
make_result (struct qx_exec *x, size_t k, int elem_type, const struct qx_tensor *from,
             const struct qx_slide *w)
{
  int64_t dims[QX_MAX_SPATIAL + 2];

  qx_copy_dims (dims, from->dims, 2);
  qx_copy_dims (dims + 2, w->out, w->n);
  return qx_exec_make (x, k, elem_type, dims, w->n + 2);
}

static int
run_channels (struct qx_exec *x, struct pooling *pool, const struct qx_tensor *from)
{
  const double *in = qx_exec_doubles (x, 0);
  struct qx_tensor *to = make_result (x, 0, qx_exec_type (from), from, &pool->w), *indices = NULL;
  double *out = to == NULL || in == NULL ? NULL : qx_exec_out_doubles (x, to);
  size_t i, n = qx_block (from->dims, 0, 2);
  int64_t *index = NULL;

  if (out == NULL)
    return -1;
  if (qx_exec_has_out (x, 1)) {
    indices = make_result (x, 1, QX_INT64, from, &pool->w);
    index = indices == NULL ? NULL : qx_exec_out_ints (x, indices);
    pool->index = index == NULL ? NULL : qx_exec_scratch (x, pool->w.n_out, sizeof *index);
    if (pool->index == NULL)
      return -1;
  }
  pool->weight = qx_exec_scratch (x, pool->w.n_out, sizeof *pool->weight);
  for (i = 0; pool->weight != NULL && i < n; i++) {
    pool->in = in + i * pool->w.n_in;
    pool->out = out + i * pool->w.n_out;
    memset (pool->weight, 0, pool->w.n_out * sizeof *pool->weight);
    gather (pool);
    finish (pool);
    if (index != NULL)
      tell_indices (pool, i, index + i * pool->w.n_out);
  }
  return pool->weight == NULL ? -1 : 0;
}

static int
run_pool (struct qx_exec *x, enum pool kind)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  struct pooling pool = { .kind = kind };

  if (from == NULL || qx_slide_open (x, from, NULL, &pool.w) < 0)
    return -1;
  pool.count_padding = qx_node_int (x->node, "count_include_pad", 0) != 0;
  pool.column_major = qx_node_int (x->node, "storage_order", 0) != 0;
  pool.p = (double) qx_node_int (x->node, "p", 2);
  return run_channels (x, &pool, from);
}

int
qx_exec_max_pool (struct qx_exec *x)
{
  return run_pool (x, MAXIMUM);
}

int
qx_exec_average_pool (struct qx_exec *x)
{
  return run_pool (x, AVERAGE);
}

int
qx_exec_lp_pool (struct qx_exec *x)
{
  return run_pool (x, NORM);
}

/* One window over everything. */
int
qx_exec_global_pool (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  struct pooling pool = { .kind = AVERAGE };
  size_t i;

  if (from == NULL)
    return -1;
  if (from->n_dims < 3 || from->n_dims > QX_MAX_SPATIAL + 2)
    return qx_exec_fail (x, "its input has no spatial dimensions, or too many");
  if (qx_node_is (x->node, "GlobalMaxPool"))
    pool.kind = MAXIMUM;
  else if (qx_node_is (x->node, "GlobalLpPool"))
    pool.kind = NORM;
  pool.p = (double) qx_node_int (x->node, "p", 2);
  pool.w.n = from->n_dims - 2;
  for (i = 0; i < pool.w.n; i++) {
    pool.w.in[i] = pool.w.kernel[i] = from->dims[i + 2];
    pool.w.stride[i] = pool.w.dilation[i] = pool.w.out[i] = 1;
    if (from->dims[i + 2] == 0)
      return qx_exec_fail (x, "its input is empty");
  }
  pool.w.n_in = qx_block (from->dims, 2, from->n_dims);
  pool.w.n_out = 1;
  return run_channels (x, &pool, from);
}

/* A place in a tensor of shape from, as the same place in one of shape to; -1 where that has none. */
static int64_t
moved (int64_t at, const int64_t *from, const int64_t *to, size_t n)
{
  int64_t result = 0, stride = 1;
  size_t i;

  for (i = n; i-- > 0; at /= from[i]) {
    int64_t k = at % from[i];
    if (k >= to[i])
      return -1;
    result += k * stride;
    stride *= to[i];
  }
  return at == 0 ? result : -1;
}

/* The shape that the pool had read, as far as it can be told; indices count in it. */
static int
unpooled_dims (struct qx_exec *x, const struct qx_tensor *from, int64_t *dims)
{
  struct qx_slide w;
  size_t i, n;

  if (qx_slide_read (x, from, NULL, &w) < 0)
    return -1;
  qx_copy_dims (dims, from->dims, 2);
  for (i = 0; i < w.n; i++)
    dims[i + 2] = (w.in[i] - 1) * w.stride[i] - w.begin[i] - w.end[i] + w.kernel[i];
  if (qx_count_elements (dims, from->n_dims, &n) < 0 || (n == 0 && from->n_elements > 0))
    return qx_exec_fail (x, "its result would have a shape that is none");
  return 0;
}

/* The maxima go back to where their indices say; the rest is zero. */
int
qx_exec_max_unpool (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *at = qx_exec_need (x, 1);
  const int64_t *index = at == NULL ? NULL : qx_exec_ints (x, 1), *given;
  int64_t inner[QX_MAX_SPATIAL + 2], dims[QX_MAX_SPATIAL + 2];
  struct qx_tensor *to;
  size_t i, n, size;

  if (from == NULL || index == NULL || unpooled_dims (x, from, inner) < 0)
    return -1;
  qx_copy_dims (dims, inner, from->n_dims);
  given = qx_exec_list (x, "", 2, &n);
  if (given != NULL && n == from->n_dims)
    qx_copy_dims (dims, given, n);
  to = at->n_elements != from->n_elements ? NULL
                                          : qx_exec_make (x, 0, qx_exec_type (from), dims, from->n_dims);
  if (to == NULL)
    return qx_exec_fail (x, "its inputs do not fit each other");
  size = qx_exec_size (from);
  for (i = 0; i < from->n_elements; i++) {
    int64_t place = index[i] < 0 ? -1 : moved (index[i], inner, dims, from->n_dims);
    if (place < 0)
      return qx_exec_fail (x, "an index lies outside the result");
    memcpy (qx_exec_bytes (to) + (size_t) place * size, from->raw + i * size, size);
  }
  return 0;
}
