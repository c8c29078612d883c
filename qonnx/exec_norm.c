/* SPDX-License-Identifier: BSD-3-Clause */
/* Normalisations. Means and variances are taken in float64. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

/* The float type's numbers as doubles, and a result of the same shape. */
static double *
open_norm (struct qx_exec *x, const struct qx_tensor **from, const double **in)
{
  struct qx_tensor *to;

  *from = qx_exec_need (x, 0);
  *in = *from == NULL ? NULL : qx_exec_doubles (x, 0);
  to = *in == NULL ? NULL : qx_exec_make (x, 0, qx_exec_type (*from), (*from)->dims, (*from)->n_dims);
  return to == NULL ? NULL : qx_exec_out_doubles (x, to);
}

/* Input i: n numbers, or NULL after failing. */
static const double *
numbers (struct qx_exec *x, size_t i, size_t n)
{
  const struct qx_tensor *tensor = qx_exec_need (x, i);

  if (tensor == NULL)
    return NULL;
  if (tensor->n_elements == n)
    return qx_exec_doubles (x, i);
  qx_exec_fail (x, "a scale, bias, mean or variance does not fit");
  return NULL;
}

struct moments {
  double mean, variance;
};

static struct moments
moments_of (const double *in, size_t n)
{
  struct moments m = { 0, 0 };
  size_t i;

  for (i = 0; i < n; i++)
    m.mean += in[i];
  m.mean /= (double) n;
  for (i = 0; i < n; i++)
    m.variance += (in[i] - m.mean) * (in[i] - m.mean);
  m.variance /= (double) n;
  return m;
}

/* ---- batch ---- */

/* In training the batch's own moments are used, and the running ones follow with a momentum. */
static int
train (struct qx_exec *x, const struct qx_tensor *from, const double *in, struct moments *moments, size_t n,
       size_t inner)
{
  double momentum = (double) qx_node_float (x->node, "momentum", 0.9F);
  const double *means = numbers (x, 3, n), *variances = means == NULL ? NULL : numbers (x, 4, n);
  size_t c, i, k, each = from->n_elements / n;
  double *sample = variances == NULL ? NULL : qx_exec_scratch (x, each, sizeof *sample);
  struct qx_tensor *out[2] = { NULL, NULL };

  for (k = 0; sample != NULL && k < 2; k++)
    if (qx_exec_has_out (x, k + 1) && (out[k] = qx_exec_make (x, k + 1, qx_exec_type (x->in[3 + k]),
                                                              (int64_t[]){ (int64_t) n }, 1)) == NULL)
      return -1;
  for (c = 0; sample != NULL && c < n; c++) {
    for (i = 0; i < each; i++)
      sample[i] = in[(i / inner * n + c) * inner + i % inner];
    moments[c] = moments_of (sample, each);
    if (out[0] != NULL)
      qx_put_double (out[0], c, means[c] * momentum + moments[c].mean * (1 - momentum));
    if (out[1] != NULL)
      qx_put_double (out[1], c, variances[c] * momentum + moments[c].variance * (1 - momentum));
  }
  return sample == NULL ? -1 : 0;
}

static int
read_moments (struct qx_exec *x, struct moments *moments, size_t n)
{
  const double *means = numbers (x, 3, n), *variances = means == NULL ? NULL : numbers (x, 4, n);
  size_t c;

  for (c = 0; variances != NULL && c < n; c++)
    moments[c] = (struct moments){ means[c], variances[c] };
  return variances == NULL ? -1 : 0;
}

int
qx_exec_batch_norm (struct qx_exec *x)
{
  double epsilon = (double) qx_node_float (x->node, "epsilon", 1e-5F);
  const struct qx_tensor *from;
  const double *in, *scale, *bias;
  double *out = open_norm (x, &from, &in);
  struct moments *moments;
  size_t i, c, n, inner;

  if (out == NULL)
    return -1;
  if (from->n_dims < 2)
    return qx_exec_fail (x, "its input has no channels");
  n = (size_t) from->dims[1];
  inner = qx_block (from->dims, 2, from->n_dims);
  scale = numbers (x, 1, n);
  bias = scale == NULL ? NULL : numbers (x, 2, n);
  moments = bias == NULL ? NULL : qx_exec_scratch (x, n, sizeof *moments);
  if (moments == NULL || from->n_elements == 0)
    return moments == NULL ? -1 : 0;
  if (qx_node_int (x->node, "training_mode", 0) != 0 ? train (x, from, in, moments, n, inner) < 0
                                                     : read_moments (x, moments, n) < 0)
    return -1;
  for (i = 0; i < from->n_elements; i++) {
    c = i / inner % n;
    out[i] = (in[i] - moments[c].mean) / sqrt (moments[c].variance + epsilon) * scale[c] + bias[c];
  }
  return 0;
}

/* ---- instance, group ---- */

/* Each run of data in a group of channels by itself; scale and bias by channel, or (before version 21) by group. */
int
qx_exec_group_norm (struct qx_exec *x)
{
  double epsilon = (double) qx_node_float (x->node, "epsilon", 1e-5F);
  const struct qx_tensor *from;
  const double *in, *scale, *bias;
  double *out = open_norm (x, &from, &in);
  int64_t groups;
  size_t g, i, n, inner, size, by_group;

  if (out == NULL)
    return -1;
  if (from->n_dims < 2)
    return qx_exec_fail (x, "its input has no channels");
  n = (size_t) from->dims[1];
  groups =
      qx_node_is (x->node, "InstanceNormalization") ? (int64_t) n : qx_node_int (x->node, "num_groups", 0);
  if (n == 0 || groups < 1 || from->dims[1] % groups != 0)
    return qx_exec_fail (x, "its channels and groups do not fit each other");
  by_group = qx_node_is (x->node, "GroupNormalization") && x->opset < 21;
  scale = numbers (x, 1, by_group ? (size_t) groups : n);
  bias = scale == NULL ? NULL : numbers (x, 2, by_group ? (size_t) groups : n);
  if (bias == NULL)
    return -1;
  inner = qx_block (from->dims, 2, from->n_dims);
  size = n / (size_t) groups * inner;
  for (g = 0; size > 0 && g < from->n_elements / size; g++) {
    struct moments m = moments_of (in + g * size, size);
    for (i = g * size; i < (g + 1) * size; i++) {
      size_t c = by_group ? g % (size_t) groups : i / inner % n;
      out[i] = (in[i] - m.mean) / sqrt (m.variance + epsilon) * scale[c] + bias[c];
    }
  }
  return 0;
}

/* ---- layer ---- */

static int
make_statistic (struct qx_exec *x, size_t k, const struct qx_tensor *from, size_t axis, struct qx_tensor **to)
{
  int64_t dims[QX_MAX_RANK];
  size_t i;

  *to = NULL;
  if (!qx_exec_has_out (x, k))
    return 0;
  for (i = 0; i < from->n_dims; i++)
    dims[i] = i < axis ? from->dims[i] : 1;
  *to = qx_exec_make (x, k, (int) qx_node_int (x->node, "stash_type", QX_FLOAT), dims, from->n_dims);
  return *to == NULL ? -1 : 0;
}

/* Where scale or bias of each normalised element is. */
static int
walk_parameter (struct qx_exec *x, const struct qx_tensor *from, size_t axis, size_t k, struct qx_walk *walk)
{
  const struct qx_tensor *parameter = qx_exec_in (x, k);
  int64_t dims[QX_MAX_RANK];
  size_t n;

  if (qx_broadcast (from->dims + axis, from->n_dims - axis, parameter->dims, parameter->n_dims, dims, &n) <
          0 ||
      n != from->n_dims - axis || qx_block (dims, 0, n) != qx_block (from->dims, axis, from->n_dims))
    return qx_exec_fail (x, "its scale or bias does not fit");
  qx_walk_broadcast (walk, dims, n, parameter);
  return 0;
}

/* LayerNormalization, and RMSNormalization, which takes no mean off. */
int
qx_exec_layer_norm (struct qx_exec *x)
{
  double epsilon = (double) qx_node_float (x->node, "epsilon", 1e-5F);
  int rms = qx_node_is (x->node, "RMSNormalization");
  const struct qx_tensor *from;
  const double *in, *scale, *bias = NULL;
  double *out = open_norm (x, &from, &in);
  struct qx_tensor *means = NULL, *inverses = NULL;
  struct qx_walk at_scale, at_bias;
  int64_t axis;
  size_t g, i, size;

  axis = out == NULL ? -1 : qx_exec_axis (x, -1, from->n_dims);
  scale = axis < 0 ? NULL : qx_exec_doubles (x, 1);
  if (scale == NULL || walk_parameter (x, from, (size_t) axis, 1, &at_scale) < 0)
    return -1;
  if (qx_exec_in (x, 2) != NULL &&
      ((bias = qx_exec_doubles (x, 2)) == NULL || walk_parameter (x, from, (size_t) axis, 2, &at_bias) < 0))
    return -1;
  if (!rms && (make_statistic (x, 1, from, (size_t) axis, &means) < 0 ||
               make_statistic (x, 2, from, (size_t) axis, &inverses) < 0))
    return -1;
  size = qx_block (from->dims, (size_t) axis, from->n_dims);
  for (g = 0; size > 0 && g < from->n_elements / size; g++) {
    struct moments m = moments_of (in + g * size, size);
    double inverse;
    if (rms) {
      m.variance += m.mean * m.mean;
      m.mean = 0;
    }
    inverse = 1 / sqrt (m.variance + epsilon);
    for (i = g * size; i < (g + 1) * size; i++) {
      out[i] = (in[i] - m.mean) * inverse * scale[at_scale.offset];
      qx_walk_next (&at_scale);
      if (bias != NULL) {
        out[i] += bias[at_bias.offset];
        qx_walk_next (&at_bias);
      }
    }
    if (means != NULL)
      qx_put_double (means, g, m.mean);
    if (inverses != NULL)
      qx_put_double (inverses, g, inverse);
  }
  return 0;
}

/* ---- others ---- */

int
qx_exec_lrn (struct qx_exec *x)
{
  double alpha = (double) qx_node_float (x->node, "alpha", 1e-4F),
         beta = (double) qx_node_float (x->node, "beta", 0.75F);
  double offset = (double) qx_node_float (x->node, "bias", 1), sum;
  int64_t size = qx_node_int (x->node, "size", 0), channels, c, k;
  const struct qx_tensor *from;
  const double *in;
  double *out = open_norm (x, &from, &in);
  size_t i, inner;

  if (out == NULL)
    return -1;
  if (from->n_dims < 2 || size < 1)
    return qx_exec_fail (x, "its input has no channels, or its size is none");
  channels = from->dims[1];
  size = size > 2 * channels + 2 ? 2 * channels + 2 : size;
  inner = qx_block (from->dims, 2, from->n_dims);
  for (i = 0; i < from->n_elements; i++) {
    c = (int64_t) (i / inner % (size_t) channels);
    for (sum = 0, k = c - (size - 1) / 2; k <= c + size / 2; k++)
      if (k >= 0 && k < channels) {
        double value = in[(int64_t) i + (k - c) * (int64_t) inner];
        sum += value * value;
      }
    out[i] = in[i] / pow (offset + alpha / (double) qx_node_int (x->node, "size", 1) * sum, beta);
  }
  return 0;
}

/* Along one axis: divided by the sum of sizes, or by the root of the sum of squares. */
int
qx_exec_lp_norm (struct qx_exec *x)
{
  int64_t p = qx_node_int (x->node, "p", 2), axis;
  const struct qx_tensor *from;
  const double *in;
  double *out = open_norm (x, &from, &in), norm;
  size_t i, k, n, inner;

  axis = out == NULL ? -1 : qx_exec_axis (x, -1, from->n_dims);
  if (axis < 0)
    return -1;
  if (p != 1 && p != 2)
    return qx_exec_fail (x, "its p is neither 1 nor 2");
  n = (size_t) from->dims[axis];
  inner = qx_block (from->dims, (size_t) axis + 1, from->n_dims);
  for (i = 0; n > 0 && i < from->n_elements / n; i++) {
    size_t start = i / inner * inner * n + i % inner;
    for (norm = 0, k = 0; k < n; k++)
      norm += p == 1 ? fabs (in[start + k * inner]) : in[start + k * inner] * in[start + k * inner];
    norm = p == 1 ? norm : sqrt (norm);
    for (k = 0; k < n; k++)
      out[start + k * inner] = norm == 0 ? 0 : in[start + k * inner] / norm;
  }
  return 0;
}

/* Each channel (what the axes leave) less its mean, by its standard deviation. */
int
qx_exec_mean_variance_norm (struct qx_exec *x)
{
  static const int64_t usual[] = { 0, 2, 3 };
  size_t i, n_axes, n = 1;
  const int64_t *axes = qx_node_ints (x->node, "axes", &n_axes);
  const struct qx_tensor *from;
  const double *in;
  double *out = open_norm (x, &from, &in), *sums, *squares;
  struct qx_walk walk = { 0 }, again;

  if (out == NULL)
    return -1;
  if (axes == NULL) {
    axes = usual;
    n_axes = 3;
  }
  walk.n_dims = from->n_dims;
  qx_copy_dims (walk.dims, from->dims, from->n_dims);
  for (i = 0; i < from->n_dims; i++)
    walk.strides[i] = 1;
  for (i = 0; i < n_axes; i++) {
    int64_t axis = qx_axis (axes[i], from->n_dims);
    if (axis < 0)
      return qx_exec_fail (x, "there is no such axis");
    walk.strides[axis] = 0;
  }
  for (i = from->n_dims; i-- > 0;)
    if (walk.strides[i] != 0) {
      walk.strides[i] = (int64_t) n;
      n *= (size_t) from->dims[i];
    }
  again = walk;
  sums = qx_exec_scratch (x, n, sizeof *sums);
  squares = sums == NULL ? NULL : qx_exec_scratch (x, n, sizeof *squares);
  if (squares == NULL)
    return -1;
  for (i = 0; i < from->n_elements; i++, qx_walk_next (&walk))
    sums[walk.offset] += in[i] / (double) (from->n_elements / n);
  for (i = 0; i < from->n_elements; i++, qx_walk_next (&walk))
    squares[walk.offset] +=
        (in[i] - sums[walk.offset]) * (in[i] - sums[walk.offset]) / (double) (from->n_elements / n);
  for (i = 0; i < from->n_elements; i++, qx_walk_next (&again))
    out[i] = (in[i] - sums[again.offset]) / (sqrt (squares[again.offset]) + 1e-9);
  return 0;
}
