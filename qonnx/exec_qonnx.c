/* SPDX-License-Identifier: BSD-3-Clause */
/* QONNX's operators beside its quantisers: thresholds, windows as matrices, pools that keep to integers, and ONNX's operators on
   data whose channels come last. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/exec_operators.h"

/* ---- MultiThreshold ---- */

/* Channels are dimension 1, or the last one where the layout ends in C. */
static size_t
channel_axis (const struct qx_node *node, size_t n_dims)
{
  const char *layout = qx_node_string (node, "data_layout", "NCHW");
  size_t n = strlen (layout);

  return n_dims < 2 || (n > 0 && layout[n - 1] == 'C') ? n_dims - 1 : 1;
}

/* How many thresholds the value reaches. Rows need not be sorted; NaN reaches none. */
static float
reached (float value, const float *row, size_t n)
{
  size_t i, count = 0;

  for (i = 0; i < n; i++)
    count += value >= row[i];
  return (float) count;
}

int
qx_exec_multi_threshold (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0), *thresholds = qx_exec_need (x, 1);
  const float *in = from == NULL ? NULL : qx_exec_floats (x, 0),
              *rows = thresholds == NULL ? NULL : qx_exec_floats (x, 1);
  float scale = qx_node_float (x->node, "out_scale", 1), bias = qx_node_float (x->node, "out_bias", 0), *out;
  size_t i, n, n_rows, axis, inner;
  struct qx_tensor *to;

  if (in == NULL || rows == NULL)
    return -1;
  if (from->n_dims == 0 || thresholds->n_dims != 2)
    return qx_exec_fail (x, "its thresholds are no matrix, or its input has no channels");
  axis = channel_axis (x->node, from->n_dims);
  n_rows = (size_t) thresholds->dims[0];
  n = (size_t) thresholds->dims[1];
  if (n_rows != 1 && thresholds->dims[0] != from->dims[axis])
    return qx_exec_fail (x, "it has another number of thresholds than of channels");
  to = qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  out = to == NULL ? NULL : qx_exec_out_floats (x, to);
  inner = qx_block (from->dims, axis + 1, from->n_dims);
  for (i = 0; out != NULL && i < to->n_elements; i++) {
    size_t channel = n_rows == 1 ? 0 : i / inner % n_rows;
    out[i] = scale * reached (in[i], rows + channel * n, n) + bias;
  }
  return out == NULL ? -1 : 0;
}

/* ---- Im2Col ---- */

/* Data [N, H, W, C], result [N, out H, out W, kernel H × kernel W × C]. */
struct im2col {
  int64_t kernel[2], stride[2], dilation[2], pad[4]; /* pads: H and W before, H and W behind */
  int64_t in[2], out[2];
  size_t batch, channels;
  float fill;
};

static int
read_pairs (struct qx_exec *x, const char *attr, size_t n, int64_t low, int64_t fallback, int64_t *list)
{
  size_t i, n_given;
  const int64_t *given = qx_node_ints (x->node, attr, &n_given);

  for (i = 0; i < n; i++)
    list[i] = fallback;
  if (given == NULL && fallback >= low)
    return 0;
  if (given == NULL || n_given != n)
    return qx_exec_fail (
        x, "stride, kernel_size, pad_amount or dilations is missing, or has another number of numbers");
  for (i = 0; i < n; i++) {
    if (given[i] < low || given[i] > INT32_MAX)
      return qx_exec_fail (x, "stride, kernel_size, pad_amount or dilations is out of range");
    list[i] = given[i];
  }
  return 0;
}

static int
open_im2col (struct qx_exec *x, const struct qx_tensor *from, struct im2col *c)
{
  size_t i;

  memset (c, 0, sizeof *c);
  if (from->n_dims != 4)
    return qx_exec_fail (x, "its input is no image");
  if (read_pairs (x, "kernel_size", 2, 1, 0, c->kernel) < 0 ||
      read_pairs (x, "stride", 2, 1, 0, c->stride) < 0 ||
      read_pairs (x, "dilations", 2, 1, 1, c->dilation) < 0 ||
      read_pairs (x, "pad_amount", 4, 0, 0, c->pad) < 0)
    return -1;
  c->batch = (size_t) from->dims[0];
  c->channels = (size_t) from->dims[3];
  c->fill = (float) qx_node_int (x->node, "pad_value", 0);
  for (i = 0; i < 2; i++) {
    int64_t room;
    c->in[i] = from->dims[i + 1];
    room = c->in[i] + c->pad[i] + c->pad[i + 2] - c->dilation[i] * (c->kernel[i] - 1) - 1;
    if (room < 0)
      return qx_exec_fail (x, "its kernel is larger than its input");
    c->out[i] = room / c->stride[i] + 1;
  }
  return 0;
}

/* All that one kernel element sees at one place: its channels, or padding. */
static void
copy_channels (const struct im2col *c, const float *image, int64_t row, int64_t column, float *to)
{
  size_t i;

  if (row >= 0 && row < c->in[0] && column >= 0 && column < c->in[1]) {
    memcpy (to, image + (size_t) (row * c->in[1] + column) * c->channels, c->channels * sizeof *to);
    return;
  }
  for (i = 0; i < c->channels; i++)
    to[i] = c->fill;
}

static void
fill_place (const struct im2col *c, const float *image, int64_t y, int64_t xx, float *to)
{
  int64_t ky, kx;

  for (ky = 0; ky < c->kernel[0]; ky++)
    for (kx = 0; kx < c->kernel[1]; kx++, to += c->channels)
      copy_channels (c, image, y * c->stride[0] + ky * c->dilation[0] - c->pad[0],
                     xx * c->stride[1] + kx * c->dilation[1] - c->pad[1], to);
}

int
qx_exec_im2col (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  const float *in = from == NULL ? NULL : qx_exec_floats (x, 0);
  int64_t dims[4], y, xx;
  struct im2col c;
  struct qx_tensor *to;
  float *out;
  size_t b;

  if (in == NULL || open_im2col (x, from, &c) < 0)
    return -1;
  dims[0] = from->dims[0];
  dims[1] = c.out[0];
  dims[2] = c.out[1];
  if (__builtin_mul_overflow (c.kernel[0] * c.kernel[1], from->dims[3], &dims[3]))
    return qx_exec_fail (x, "its result would have a shape that is none");
  to = qx_exec_make (x, 0, qx_exec_type (from), dims, 4);
  out = to == NULL ? NULL : qx_exec_out_floats (x, to);
  for (b = 0; out != NULL && c.channels > 0 && b < c.batch; b++)
    for (y = 0; y < c.out[0]; y++)
      for (xx = 0; xx < c.out[1]; xx++, out += dims[3])
        fill_place (&c, in + b * (size_t) (c.in[0] * c.in[1]) * c.channels, y, xx, out);
  return to == NULL ? -1 : 0;
}

/* ---- QuantAvgPool2d ---- */

/* What one place of the pool sees, as a sum. */
struct avg_pool {
  int64_t kernel, stride, batch, channels, in[2], out[2];
  int64_t step[4]; /* in the data: of example, channel, row, column */
};

static float
window_sum (const struct avg_pool *p, const float *at)
{
  float sum = 0;
  int64_t i, k;

  for (i = 0; i < p->kernel; i++)
    for (k = 0; k < p->kernel; k++)
      sum += at[i * p->step[2] + k * p->step[3]];
  return sum;
}

static int
open_avg_pool (struct qx_exec *x, const struct qx_tensor *from, int last, struct avg_pool *p)
{
  int64_t strides[4];
  size_t i;

  memset (p, 0, sizeof *p);
  if (from->n_dims != 4)
    return qx_exec_fail (x, "its input is no image");
  qx_strides (from->dims, 4, strides);
  p->kernel = qx_node_int (x->node, "kernel", 0);
  p->stride = qx_node_int (x->node, "stride", 0);
  p->batch = from->dims[0];
  p->channels = from->dims[last ? 3 : 1];
  p->step[0] = strides[0];
  p->step[1] = strides[last ? 3 : 1];
  for (i = 0; i < 2; i++) {
    size_t axis = last ? i + 1 : i + 2;
    p->in[i] = from->dims[axis];
    p->step[i + 2] = strides[axis];
    if (p->kernel < 1 || p->kernel > p->in[i] || p->stride < 1 || p->stride > INT32_MAX)
      return qx_exec_fail (x, "its kernel or stride does not fit its input");
    p->out[i] = (p->in[i] - p->kernel) / p->stride + 1;
  }
  return 0;
}

/* By how many bits the sum of a window is cut so that it fits the bits of the output. */
static int
shift_of (const struct qx_node *node, int64_t kernel)
{
  double most = (exp2 ((double) qx_node_int (node, "ibits", 0)) - 1) * (double) kernel * (double) kernel;
  int bits;

  (void) frexp (most, &bits);
  bits = most < 1 ? 0 : bits;
  bits -= (int) qx_node_int (node, "obits", 0);
  return bits < 0 ? 0 : bits;
}

int
qx_exec_quant_avg_pool (struct qx_exec *x)
{
  const char *layout = qx_node_string (x->node, "data_layout", "NCHW");
  const struct qx_tensor *from = qx_exec_need (x, 0);
  const float *in = from == NULL ? NULL : qx_exec_floats (x, 0);
  int last = strcmp (layout, "NHWC") == 0;
  int64_t dims[4];
  struct avg_pool p;
  struct qx_walk walk = { 0 };
  struct qx_tensor *to;
  double divisor;
  size_t i;

  if (in == NULL || open_avg_pool (x, from, last, &p) < 0)
    return -1;
  dims[0] = p.batch;
  dims[last ? 3 : 1] = p.channels;
  dims[last ? 1 : 2] = p.out[0];
  dims[last ? 2 : 3] = p.out[1];
  to = qx_exec_make (x, 0, QX_FLOAT, dims, 4);
  if (to == NULL)
    return -1;
  walk.n_dims = 4;
  qx_copy_dims (walk.dims, dims, 4);
  walk.strides[0] = p.step[0];
  walk.strides[last ? 3 : 1] = p.step[1];
  walk.strides[last ? 1 : 2] = p.step[2] * p.stride;
  walk.strides[last ? 2 : 3] = p.step[3] * p.stride;
  divisor = ldexp (1, shift_of (x->node, p.kernel));
  for (i = 0; i < to->n_elements; i++, qx_walk_next (&walk)) {
    float average = window_sum (&p, in + walk.offset) / (float) (p.kernel * p.kernel);
    qx_put_double (to, i, floor ((double) rintf (average * (float) (p.kernel * p.kernel)) / divisor));
  }
  return 0;
}

/* ---- channels last ---- */

static struct qx_tensor *
turned (struct qx_exec *x, const struct qx_tensor *from, int to_last)
{
  int64_t perm[QX_MAX_RANK], dims[QX_MAX_RANK], strides[QX_MAX_RANK];
  struct qx_walk walk = { 0 };
  struct qx_tensor *to;
  size_t i, n = from->n_dims;

  for (i = 0; i < n; i++)
    perm[i] = i == 0 ? 0 : to_last ? (int64_t) (i + 1 < n ? i + 1 : 1) : (int64_t) (i == 1 ? n - 1 : i - 1);
  qx_strides (from->dims, n, strides);
  walk.n_dims = n;
  for (i = 0; i < n; i++) {
    dims[i] = walk.dims[i] = from->dims[perm[i]];
    walk.strides[i] = strides[perm[i]];
  }
  to = to_last ? qx_exec_make (x, 0, qx_exec_type (from), dims, n)
               : qx_tensor_new_in (&x->scratch, qx_exec_type (from), dims, n, x->err);
  if (to == NULL)
    return NULL;
  qx_copy_walk (from, to, &walk, 0);
  to->raw = qx_exec_bytes (to);
  return to;
}

/* Runs ONNX's operator on data (and weights) turned to channels first, and turns its result back. */
static int
run_turned (struct qx_exec *x, qx_exec_op *op, size_t n_turned)
{
  const struct qx_tensor *in[8] = { NULL };
  struct qx_exec inner = *x;
  struct qx_tensor *first = NULL;
  int ret;

  if (x->n_in == 0 || x->n_in > 8)
    return qx_exec_fail (x, "it has another number of inputs than it takes");
  for (size_t i = 0; i < x->n_in; i++) {
    in[i] = x->in[i];
    if (i >= n_turned)
      continue;
    if (qx_exec_need (x, i) == NULL)
      return -1;
    if (in[i]->n_dims < 3)
      return qx_exec_fail (x, "its input has no spatial dimensions");
    in[i] = turned (x, in[i], 0);
    if (in[i] == NULL)
      return -1;
  }
  inner.in = in;
  inner.out = &first;
  inner.n_out = 1;
  inner.model = NULL;
  memset (&inner.scratch, 0, sizeof inner.scratch);
  ret = qx_exec_node (&inner, &(const struct qx_exec_entry){ "", 1, 0, 0, op });
  x->refused = inner.refused;
  if (ret == 0 && first != NULL) {
    size_t size;
    ret = qx_tensor_raw (first, &size, x->err) == NULL || turned (x, first, 1) == NULL ? -1 : 0;
  }
  qx_tensor_free (first);
  return ret;
}

int
qx_exec_last_conv (struct qx_exec *x)
{
  return run_turned (x, qx_exec_conv, 2);
}

int
qx_exec_last_max_pool (struct qx_exec *x)
{
  return run_turned (x, qx_exec_max_pool, 1);
}

int
qx_exec_last_batch_norm (struct qx_exec *x)
{
  return run_turned (x, qx_exec_batch_norm, 1);
}
