/* SPDX-License-Identifier: BSD-3-Clause */
/* Convolutions as matrix products: the data under each element of the kernel become a row, and the weights multiply them. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec_product.h"
#include "qonnx/exec_slide.h"

/* One convolution. Elements are floats, or doubles where integers are to stay exact. */
struct conv {
  struct qx_slide w;
  size_t batch, groups, in_channels, out_channels; /* channels of one group */
  int doubles;
  const void *data, *weights;
  void *columns, *out;
};

static size_t
size_of (const struct conv *c)
{
  return c->doubles ? sizeof (double) : sizeof (float);
}

/* ---- geometry ---- */

static int
open_conv (struct qx_exec *x, const struct qx_tensor *data, const struct qx_tensor *weights, struct conv *c)
{
  int64_t groups = qx_node_int (x->node, "group", 1);

  if (data->n_dims < 3 || weights->n_dims != data->n_dims)
    return qx_exec_fail (x, "its data and weights do not fit each other");
  if (groups < 1 || data->dims[1] % groups != 0 || weights->dims[0] % groups != 0 ||
      data->dims[1] / groups != weights->dims[1])
    return qx_exec_fail (x, "its channels and groups do not fit each other");
  if (qx_slide_open (x, data, weights->dims + 2, &c->w) < 0)
    return -1;
  c->batch = (size_t) data->dims[0];
  c->groups = (size_t) groups;
  c->in_channels = (size_t) weights->dims[1];
  c->out_channels = (size_t) (weights->dims[0] / groups);
  return 0;
}

static struct qx_tensor *
make_result (struct qx_exec *x, const struct conv *c, int elem_type)
{
  int64_t dims[QX_MAX_SPATIAL + 2];

  dims[0] = (int64_t) c->batch;
  dims[1] = (int64_t) (c->groups * c->out_channels);
  qx_copy_dims (dims + 2, c->w.out, c->w.n);
  return qx_exec_make (x, 0, elem_type, dims, c->w.n + 2);
}

/* ---- columns ---- */

static void
copy_row (const struct conv *c, const struct qx_slide_row *row, const uint8_t *from, uint8_t *to)
{
  size_t size = size_of (c), places = (size_t) c->w.out[c->w.n - 1];
  int64_t i;

  if (row->from > 0 || row->to == 0)
    memset (to, 0, (row->to == 0 ? places : (size_t) row->from) * size);
  if (row->to == 0)
    return;
  if (row->step == 1 && row->to > row->from)
    memcpy (to + (size_t) row->from * size, from + (size_t) (row->first + row->from) * size,
            (size_t) (row->to - row->from) * size);
  for (i = row->from; row->step != 1 && i < row->to; i++)
    memcpy (to + (size_t) i * size, from + (size_t) (row->first + i * row->step) * size, size);
  memset (to + (size_t) row->to * size, 0, (places - (size_t) row->to) * size);
}

/* The columns of one group of one example: channel and kernel element down, places of the result across. */
static void
fill_columns (const struct conv *c, const uint8_t *data)
{
  uint8_t *to = c->columns;
  size_t channel, places = (size_t) c->w.out[c->w.n - 1];

  for (channel = 0; channel < c->in_channels; channel++) {
    const uint8_t *from = data + channel * c->w.n_in * size_of (c);
    int64_t kernel_at[QX_MAX_SPATIAL] = { 0 };
    do {
      int64_t out_at[QX_MAX_SPATIAL] = { 0 };
      do {
        struct qx_slide_row row = qx_slide_row (&c->w, kernel_at, out_at);
        copy_row (c, &row, from, to);
        to += places * size_of (c);
      } while (qx_odometer (out_at, c->w.out, c->w.n - 1));
    } while (qx_odometer (kernel_at, c->w.kernel, c->w.n));
  }
}

/* A kernel of one element that is moved by one: the data are the columns. */
static int
is_pointwise (const struct conv *c)
{
  size_t i;

  for (i = 0; i < c->w.n; i++)
    if (c->w.kernel[i] != 1 || c->w.stride[i] != 1 || c->w.begin[i] != 0 || c->w.end[i] != 0)
      return 0;
  return 1;
}

static int
multiply (struct qx_exec *x, struct conv *c)
{
  struct qx_product p = { c->out_channels, c->w.n_out, c->in_channels * c->w.n_kernel, 0, 0 };
  size_t i, size = size_of (c), data_size = c->in_channels * c->w.n_in * size;
  int pointwise = is_pointwise (c);

  if (!pointwise) {
    c->columns = qx_exec_matrix (x, p.k, p.n, size);
    if (c->columns == NULL)
      return -1;
  }
  if (p.n == 0)
    return 0;
  for (i = 0; i < c->batch * c->groups; i++) {
    const uint8_t *data = (const uint8_t *) c->data + i * data_size;
    const uint8_t *weights = (const uint8_t *) c->weights + i % c->groups * p.m * p.k * size;
    uint8_t *out = (uint8_t *) c->out + i * p.m * p.n * size;
    if (!pointwise)
      fill_columns (c, data);
    if (c->doubles)
      qx_product_doubles (&p, (const double *) weights, pointwise ? (const double *) data : c->columns,
                          (double *) out);
    else
      qx_product_floats (x, &p, (const float *) weights, pointwise ? (const float *) data : c->columns,
                         (float *) out);
  }
  return 0;
}

/* Bias and the like: one number for each channel. */
static int
check_bias (struct qx_exec *x, size_t i, const struct conv *c)
{
  const struct qx_tensor *bias = qx_exec_in (x, i);

  if (bias != NULL && bias->n_elements != c->groups * c->out_channels)
    return qx_exec_fail (x, "its bias does not fit its weights");
  return 0;
}

static int
conv_doubles (struct qx_exec *x, struct conv *c, struct qx_tensor *to)
{
  const double *bias = NULL;
  double *out = qx_exec_out_doubles (x, to);
  size_t i, n = c->groups * c->out_channels;

  c->doubles = 1;
  c->data = qx_exec_doubles (x, 0);
  c->weights = qx_exec_doubles (x, 1);
  c->out = out;
  if (out == NULL || c->data == NULL || c->weights == NULL || multiply (x, c) < 0)
    return -1;
  if (qx_exec_in (x, 2) != NULL && (bias = qx_exec_doubles (x, 2)) == NULL)
    return -1;
  for (i = 0; bias != NULL && i < to->n_elements; i++)
    out[i] += bias[i / c->w.n_out % n];
  return 0;
}

static int
conv_floats (struct qx_exec *x, struct conv *c, struct qx_tensor *to)
{
  const float *bias = NULL;
  float *out = qx_exec_out_floats (x, to);
  size_t i, n = c->groups * c->out_channels;

  c->data = qx_exec_floats (x, 0);
  c->weights = qx_exec_floats (x, 1);
  c->out = out;
  if (out == NULL || c->data == NULL || c->weights == NULL || multiply (x, c) < 0)
    return -1;
  if (qx_exec_in (x, 2) != NULL && (bias = qx_exec_floats (x, 2)) == NULL)
    return -1;
  for (i = 0; bias != NULL && i < to->n_elements; i++)
    out[i] += bias[i / c->w.n_out % n];
  return 0;
}

int
qx_exec_conv (struct qx_exec *x)
{
  const struct qx_tensor *data = qx_exec_need (x, 0), *weights = qx_exec_need (x, 1);
  struct conv c = { .doubles = 0 };
  struct qx_tensor *to;

  if (data == NULL || weights == NULL || open_conv (x, data, weights, &c) < 0 || check_bias (x, 2, &c) < 0)
    return -1;
  to = make_result (x, &c, qx_exec_type (data));
  if (to == NULL)
    return -1;
  return qx_exec_type (data) == QX_DOUBLE ? conv_doubles (x, &c, to) : conv_floats (x, &c, to);
}

/* ---- integers with zero points ---- */

/* Input i as doubles, less its zero point: one number, or one for each of the first dimension's. */
static double *
without_zero (struct qx_exec *x, size_t i, size_t zero_at)
{
  const struct qx_tensor *in = qx_exec_in (x, i), *zeroes = qx_exec_in (x, zero_at);
  const double *numbers = qx_exec_doubles (x, i),
               *zero = zeroes == NULL ? NULL : qx_exec_doubles (x, zero_at);
  double *shifted = numbers == NULL ? NULL : qx_exec_scratch (x, in->n_elements, sizeof *shifted);
  size_t k, n = zeroes == NULL ? 1 : zeroes->n_elements;

  if (shifted == NULL || (zeroes != NULL && zero == NULL))
    return NULL;
  if (n != 1 && (in->n_dims == 0 || (int64_t) n != in->dims[0] || n == 0)) {
    qx_exec_fail (x, "a zero point does not fit");
    return NULL;
  }
  for (k = 0; k < in->n_elements; k++)
    shifted[k] = numbers[k] - (zero == NULL ? 0 : zero[k / (in->n_elements / n)]);
  return shifted;
}

int
qx_exec_conv_integer (struct qx_exec *x)
{
  const struct qx_tensor *data = qx_exec_need (x, 0), *weights = qx_exec_need (x, 1);
  struct conv c = { .doubles = 1 };
  struct qx_tensor *to;

  if (data == NULL || weights == NULL || open_conv (x, data, weights, &c) < 0)
    return -1;
  to = make_result (x, &c, QX_INT32);
  c.out = to == NULL ? NULL : qx_exec_out_doubles (x, to);
  c.data = c.out == NULL ? NULL : without_zero (x, 0, 2);
  c.weights = c.data == NULL ? NULL : without_zero (x, 1, 3);
  return c.weights == NULL ? -1 : multiply (x, &c);
}

/* data, scale, zero point, weights, scale, zero point, scale and zero point of the result, bias (in the scale of the products) */
int
qx_exec_qlinear_conv (struct qx_exec *x)
{
  const struct qx_tensor *data = qx_exec_need (x, 0), *weights = qx_exec_need (x, 3),
                         *zero_of_y = qx_exec_need (x, 7);
  const struct qx_tensor *scales = qx_exec_need (x, 4);
  const double *bias = NULL, *scale_w = scales == NULL ? NULL : qx_exec_doubles (x, 4);
  struct conv c = { .doubles = 1 };
  double scale_x, scale_y, zero, *sum;
  struct qx_tensor *to;
  size_t i, n;

  if (data == NULL || weights == NULL || zero_of_y == NULL || scale_w == NULL ||
      open_conv (x, data, weights, &c) < 0 || check_bias (x, 8, &c) < 0)
    return -1;
  n = c.groups * c.out_channels;
  if (scales->n_elements != 1 && scales->n_elements != n)
    return qx_exec_fail (x, "its scales do not fit its weights");
  if (qx_exec_number (x, 1, 1, &scale_x) < 0 || qx_exec_number (x, 6, 1, &scale_y) < 0 ||
      qx_exec_number (x, 7, 0, &zero) < 0 ||
      (qx_exec_in (x, 8) != NULL && (bias = qx_exec_doubles (x, 8)) == NULL))
    return -1;
  to = make_result (x, &c, qx_exec_type (zero_of_y));
  sum = to == NULL ? NULL : qx_exec_scratch (x, to->n_elements, sizeof *sum);
  c.out = sum;
  c.data = sum == NULL ? NULL : without_zero (x, 0, 2);
  c.weights = c.data == NULL ? NULL : without_zero (x, 3, 5);
  if (c.weights == NULL || multiply (x, &c) < 0)
    return -1;
  for (i = 0; i < to->n_elements; i++) {
    size_t channel = i / c.w.n_out % n;
    double value = sum[i] + (bias == NULL ? 0 : bias[channel]);
    qx_put_quantised (
        to, i, rint (value * (scale_x * scale_w[scales->n_elements == 1 ? 0 : channel] / scale_y)) + zero);
  }
  return 0;
}

/* ---- the transposed one ---- */

/* What a place of the data adds to: its own windows, run backwards. Data are the places of the result here, and the result is the data. */
static int64_t
default_out (const struct qx_slide *w, size_t i, int64_t output_padding)
{
  return w->stride[i] * (w->in[i] - 1) + output_padding + (w->kernel[i] - 1) * w->dilation[i] + 1 -
         w->begin[i] - w->end[i];
}

static void
split_padding (const char *mode, int64_t total, int64_t *begin, int64_t *end)
{
  total = total < 0 ? 0 : total;
  *begin = strcmp (mode, "SAME_UPPER") == 0 ? total / 2 : total - total / 2;
  *end = total - *begin;
}

/* The size of the result, from output_shape or auto_pad where they are given, and the padding that goes with it. */
static int
find_transposed (struct qx_exec *x, struct qx_slide *w, int64_t *out)
{
  const char *mode = qx_node_string (x->node, "auto_pad", "NOTSET");
  int same = strcmp (mode, "SAME_UPPER") == 0 || strcmp (mode, "SAME_LOWER") == 0;
  size_t i, n_shape, n_extra;
  const int64_t *shape = qx_node_ints (x->node, "output_shape", &n_shape);
  const int64_t *extra = qx_node_ints (x->node, "output_padding", &n_extra);

  if ((extra != NULL && n_extra != w->n) || (shape != NULL && n_shape < w->n))
    return qx_exec_fail (x, "output_padding or output_shape does not fit its input");
  for (i = 0; i < w->n; i++) {
    int64_t more = extra == NULL ? 0 : extra[i], wanted;
    if (more < 0 || more > INT32_MAX || w->in[i] > INT32_MAX)
      return qx_exec_fail (x, "a number of output_padding is out of range");
    if (shape == NULL && !same) {
      out[i] = default_out (w, i, more);
      continue;
    }
    wanted = shape != NULL ? shape[n_shape - w->n + i] : w->in[i] * w->stride[i];
    if (wanted < 0 || wanted > INT32_MAX)
      return qx_exec_fail (x, "a number of output_shape is out of range");
    w->begin[i] = w->end[i] = 0;
    split_padding (mode, default_out (w, i, more) - wanted, &w->begin[i], &w->end[i]);
    out[i] = wanted;
  }
  return 0;
}

/* The window as an ordinary convolution of the result would have it, so that rows are found alike. */
static int
turn_window (struct qx_exec *x, const struct qx_tensor *data, const struct qx_tensor *weights,
             struct qx_slide *w)
{
  int64_t out[QX_MAX_SPATIAL];
  size_t n;

  if (data->n_dims < 3 || data->n_dims > QX_MAX_SPATIAL + 2 || weights->n_dims != data->n_dims)
    return qx_exec_fail (x, "its data and weights do not fit each other");
  if (qx_slide_read (x, data, weights->dims + 2, w) < 0 || find_transposed (x, w, out) < 0)
    return -1;
  qx_copy_dims (w->out, w->in, w->n);
  qx_copy_dims (w->in, out, w->n);
  if (qx_count_elements (w->in, w->n, &n) < 0)
    return qx_exec_fail (x, "its result would have a shape that is none");
  w->n_in = n;
  w->n_out = qx_block (w->out, 0, w->n);
  return 0;
}

/* Adds the columns of one group to where they belong. */
static void
add_columns (const struct conv *c, const float *columns, float *to)
{
  size_t channel, places = (size_t) c->w.out[c->w.n - 1];

  for (channel = 0; channel < c->out_channels; channel++, to += c->w.n_in) {
    int64_t kernel_at[QX_MAX_SPATIAL] = { 0 };
    do {
      int64_t out_at[QX_MAX_SPATIAL] = { 0 };
      do {
        struct qx_slide_row row = qx_slide_row (&c->w, kernel_at, out_at);
        for (int64_t i = row.from; i < row.to; i++)
          to[row.first + i * row.step] += columns[i];
        columns += places;
      } while (qx_odometer (out_at, c->w.out, c->w.n - 1));
    } while (qx_odometer (kernel_at, c->w.kernel, c->w.n));
  }
}

static int
open_transposed (struct qx_exec *x, const struct qx_tensor *data, const struct qx_tensor *weights,
                 struct conv *c)
{
  int64_t groups = qx_node_int (x->node, "group", 1);

  if (turn_window (x, data, weights, &c->w) < 0)
    return -1;
  if (groups < 1 || data->dims[1] % groups != 0 || weights->dims[0] != data->dims[1])
    return qx_exec_fail (x, "its channels and groups do not fit each other");
  c->batch = (size_t) data->dims[0];
  c->groups = (size_t) groups;
  c->in_channels = (size_t) (data->dims[1] / groups);
  c->out_channels = (size_t) weights->dims[1];
  return check_bias (x, 2, c);
}

/* One example and group after the other: weights (transposed) times data gives the columns. */
static int
multiply_transposed (struct qx_exec *x, const struct conv *c, const float *data, const float *weights,
                     float *out)
{
  struct qx_product p = { c->out_channels * c->w.n_kernel, c->w.n_out, c->in_channels, 1, 0 };
  float *columns = qx_exec_matrix (x, p.m, p.n, sizeof *columns);
  size_t i;

  if (columns == NULL)
    return -1;
  for (i = 0; p.n > 0 && i < c->batch * c->groups; i++) {
    qx_product_floats (x, &p, weights + i % c->groups * p.m * p.k, data + i * p.k * p.n, columns);
    add_columns (c, columns, out + i * c->out_channels * c->w.n_in);
  }
  return 0;
}

int
qx_exec_conv_transpose (struct qx_exec *x)
{
  const struct qx_tensor *data = qx_exec_need (x, 0), *weights = qx_exec_need (x, 1);
  const float *numbers = data == NULL || weights == NULL ? NULL : qx_exec_floats (x, 0), *factors,
              *bias = NULL;
  struct conv c = { .doubles = 0 };
  int64_t dims[QX_MAX_SPATIAL + 2];
  struct qx_tensor *to;
  float *out;
  size_t i, n;

  factors = numbers == NULL ? NULL : qx_exec_floats (x, 1);
  if (factors == NULL || open_transposed (x, data, weights, &c) < 0)
    return -1;
  n = c.groups * c.out_channels;
  dims[0] = data->dims[0];
  dims[1] = (int64_t) n;
  qx_copy_dims (dims + 2, c.w.in, c.w.n);
  to = qx_exec_make (x, 0, qx_exec_type (data), dims, c.w.n + 2);
  out = to == NULL ? NULL : qx_exec_out_floats (x, to);
  if (out == NULL || multiply_transposed (x, &c, numbers, factors, out) < 0)
    return -1;
  if (qx_exec_in (x, 2) != NULL && (bias = qx_exec_floats (x, 2)) == NULL)
    return -1;
  for (i = 0; bias != NULL && i < to->n_elements; i++)
    out[i] += bias[i / c.w.n_in % n];
  return 0;
}
