/* SPDX-License-Identifier: BSD-3-Clause */
/* Shapes of convolutions, pooling and resampling. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/infer.h"

/* A window that moves over the spatial dimensions. */
struct window {
  const int64_t *kernel, *strides, *dilations, *pads; /* NULL: from the weight; all 1; all 1; all 0 */
  size_t n;
  int same, valid, ceil;
};

static const int64_t *
list_of (const struct qx_infer *in, const char *name, size_t wanted, int *bad)
{
  size_t n;
  const int64_t *list = qx_node_ints (in->node, name, &n);

  if (list != NULL && n != wanted)
    *bad = 1;
  return list;
}

static int
read_window (const struct qx_infer *in, size_t n, struct window *window)
{
  const char *auto_pad = qx_node_string (in->node, "auto_pad", "NOTSET");
  int bad = 0;

  window->n = n;
  window->kernel = list_of (in, "kernel_shape", n, &bad);
  window->strides = list_of (in, "strides", n, &bad);
  window->dilations = list_of (in, "dilations", n, &bad);
  window->pads = list_of (in, "pads", 2 * n, &bad);
  window->same = strncmp (auto_pad, "SAME_", 5) == 0;
  window->valid = strcmp (auto_pad, "VALID") == 0;
  window->ceil = qx_node_int (in->node, "ceil_mode", 0) != 0;
  return bad ? -1 : 0;
}

static int64_t
item (const int64_t *list, size_t i, int64_t fallback)
{
  return list == NULL ? fallback : list[i];
}

/* Numbers beyond this are no image: they are kept out of the arithmetic. */
static int
sane (int64_t value)
{
  return value >= 0 && value <= INT32_MAX;
}

/* Places that the window finds along dimension i of size dim; -1 where unknown or absurd. */
static int64_t
window_places (const struct window *window, size_t i, int64_t dim, int64_t kernel)
{
  int64_t stride = item (window->strides, i, 1), dilation = item (window->dilations, i, 1), span;
  int64_t before = item (window->pads, i, 0), after = item (window->pads, i + window->n, 0);

  if (!sane (dim) || !sane (kernel) || !sane (stride) || stride == 0 || !sane (dilation) || !sane (before) ||
      !sane (after) || kernel == 0)
    return -1;
  if (window->same)
    return (dim + stride - 1) / stride;
  if (window->valid)
    before = after = 0;
  span = dim + before + after - (dilation * (kernel - 1) + 1);
  if (span < 0)
    return -1;
  return window->ceil ? (span + stride - 1) / stride + 1 : span / stride + 1;
}

static int
only_type (struct qx_infer *in)
{
  return qx_infer_set (in, 0, NULL, 0, qx_infer_type (in, 0));
}

int
qx_infer_conv (struct qx_infer *in)
{
  size_t i, n, n_weight;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *weight = qx_infer_dims (in, 1, &n_weight);
  struct window window;
  int64_t out[QX_MAX_RANK];

  if (dims == NULL || weight == NULL || n < 3 || n_weight != n || read_window (in, n - 2, &window) < 0)
    return only_type (in);
  out[0] = dims[0];
  out[1] = weight[0];
  for (i = 0; i < n - 2; i++)
    out[i + 2] = window_places (&window, i, dims[i + 2], item (window.kernel, i, weight[i + 2]));
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

static int64_t
transposed_size (const struct qx_infer *in, const struct window *window, size_t i, int64_t dim,
                 int64_t kernel)
{
  int64_t stride = item (window->strides, i, 1), dilation = item (window->dilations, i, 1), before, after,
          extra;
  size_t n_extra;
  const int64_t *extras = qx_node_ints (in->node, "output_padding", &n_extra);

  before = item (window->pads, i, 0);
  after = item (window->pads, i + window->n, 0);
  extra = extras != NULL && i < n_extra ? extras[i] : 0;
  if (!sane (dim) || !sane (kernel) || !sane (stride) || !sane (dilation) || !sane (before) ||
      !sane (after) || !sane (extra) || dim == 0 || kernel == 0)
    return -1;
  if (window->same)
    return dim * stride;
  return stride * (dim - 1) + extra + (kernel - 1) * dilation + 1 - before - after;
}

int
qx_infer_conv_transpose (struct qx_infer *in)
{
  size_t i, n, n_weight, n_shape;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *weight = qx_infer_dims (in, 1, &n_weight);
  const int64_t *shape = qx_node_ints (in->node, "output_shape", &n_shape);
  int64_t out[QX_MAX_RANK], group = qx_node_int (in->node, "group", 1);
  struct window window;

  if (dims == NULL || weight == NULL || n < 3 || n_weight != n || read_window (in, n - 2, &window) < 0 ||
      !sane (group) || !sane (weight[1]))
    return only_type (in);
  out[0] = dims[0];
  out[1] = weight[1] * group;
  for (i = 0; i < n - 2; i++) {
    out[i + 2] = transposed_size (in, &window, i, dims[i + 2], item (window.kernel, i, weight[i + 2]));
    if (shape != NULL && n_shape >= n - 2)
      out[i + 2] = shape[n_shape - (n - 2) + i];
  }
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

int
qx_infer_pool (struct qx_infer *in)
{
  size_t i, n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  struct window window;
  int64_t out[QX_MAX_RANK];

  if (dims == NULL || n < 3 || read_window (in, n - 2, &window) < 0 || window.kernel == NULL)
    return only_type (in);
  out[0] = dims[0];
  out[1] = dims[1];
  for (i = 0; i < n - 2; i++)
    out[i + 2] = window_places (&window, i, dims[i + 2], window.kernel[i]);
  if (qx_infer_set (in, 0, out, n, qx_infer_type (in, 0)) < 0)
    return -1;
  return qx_infer_set (in, 1, out, n, QX_INT64);
}

int
qx_infer_global_pool (struct qx_infer *in)
{
  size_t i, n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int64_t out[QX_MAX_RANK];

  if (dims == NULL || n < 2)
    return only_type (in);
  for (i = 0; i < n; i++)
    out[i] = i < 2 ? dims[i] : 1;
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

int
qx_infer_depth_to_space (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int64_t block = qx_node_int (in->node, "blocksize", 0), out[4];

  if (dims == NULL || n != 4 || block < 1 || block > INT16_MAX || !sane (dims[1]) || !sane (dims[2]) ||
      !sane (dims[3]))
    return only_type (in);
  out[0] = dims[0];
  out[1] = dims[1] / (block * block);
  out[2] = dims[2] * block;
  out[3] = dims[3] * block;
  return qx_infer_set (in, 0, out, 4, qx_infer_type (in, 0));
}

int
qx_infer_space_to_depth (struct qx_infer *in)
{
  size_t n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int64_t block = qx_node_int (in->node, "blocksize", 0), out[4];

  if (dims == NULL || n != 4 || block < 1 || block > INT16_MAX || !sane (dims[1]) || !sane (dims[2]) ||
      !sane (dims[3]))
    return only_type (in);
  out[0] = dims[0];
  out[1] = dims[1] * block * block;
  out[2] = dims[2] / block;
  out[3] = dims[3] / block;
  return qx_infer_set (in, 0, out, 4, qx_infer_type (in, 0));
}

/* ---- resampling ---- */

static const float *
static_floats (const struct qx_infer *in, size_t i, size_t *n)
{
  const struct qx_value *value = qx_node_in (in->node, i);

  *n = qx_is_static (value) ? value->init->n_elements : 0;
  return *n == 0 ? NULL : qx_tensor_floats (value->init, NULL);
}

static int
scaled (struct qx_infer *in, const int64_t *dims, size_t n, const float *scales)
{
  int64_t out[QX_MAX_RANK];
  size_t i;

  for (i = 0; i < n; i++) {
    float size = floorf ((float) dims[i] * scales[i]);
    out[i] = dims[i] < 0 || !(size >= 0 && size < 0x1p31F) ? -1 : (int64_t) size;
  }
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

/* Upsample has scales as attribute or input 1; Resize has them as input 1 (version 10) or 2, and sizes as input 3. */
int
qx_infer_resize (struct qx_infer *in)
{
  size_t n, n_scales, n_sizes;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *sizes = qx_infer_ints (in, 3, &n_sizes);
  const float *scales = qx_node_floats (in->node, "scales", &n_scales);

  if (scales == NULL)
    scales = static_floats (in, in->node->n_in == 2 ? 1 : 2, &n_scales);
  if (dims == NULL || qx_node_attr_type (in->node, "axes") != QX_ATTR_NONE)
    return only_type (in);
  if (scales != NULL && n_scales == n)
    return scaled (in, dims, n, scales);
  if (sizes != NULL && n_sizes == n &&
      qx_node_attr_type (in->node, "keep_aspect_ratio_policy") == QX_ATTR_NONE)
    return qx_infer_set (in, 0, sizes, n, qx_infer_type (in, 0));
  return only_type (in);
}

/* ---- QONNX's own ---- */

static int
is_channels_last (const struct qx_infer *in)
{
  return strcmp (qx_node_string (in->node, "data_layout", "NCHW"), "NHWC") == 0;
}

int
qx_infer_quant_avg_pool (struct qx_infer *in)
{
  size_t i, n, first = is_channels_last (in) ? 1 : 2;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  int64_t stride = qx_node_int (in->node, "stride", 1), kernel = qx_node_int (in->node, "kernel", 1), out[4];
  struct window window = { NULL, NULL, NULL, NULL, 2, 0, 0, 0 };
  const int64_t strides[2] = { stride, stride };

  if (dims == NULL || n != 4)
    return only_type (in);
  window.strides = strides;
  memcpy (out, dims, sizeof out);
  for (i = 0; i < 2; i++)
    out[first + i] = window_places (&window, i, dims[first + i], kernel);
  return qx_infer_set (in, 0, out, 4, qx_infer_type (in, 0));
}

/* Channels last: the spatial dimensions are those between the first and the last. */
int
qx_infer_max_pool_nhwc (struct qx_infer *in)
{
  size_t i, n;
  const int64_t *dims = qx_infer_dims (in, 0, &n);
  struct window window;
  int64_t out[QX_MAX_RANK];

  if (dims == NULL || n < 3 || read_window (in, n - 2, &window) < 0 || window.kernel == NULL)
    return only_type (in);
  memcpy (out, dims, n * sizeof *out);
  for (i = 0; i < n - 2; i++)
    out[i + 1] = window_places (&window, i, dims[i + 1], window.kernel[i]);
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

int
qx_infer_custom_conv (struct qx_infer *in)
{
  size_t i, n, n_weight;
  const int64_t *dims = qx_infer_dims (in, 0, &n), *weight = qx_infer_dims (in, 1, &n_weight);
  struct window window;
  int64_t out[QX_MAX_RANK];

  if (dims == NULL || weight == NULL || n < 3 || n_weight != n || read_window (in, n - 2, &window) < 0)
    return only_type (in);
  out[0] = dims[0];
  out[n - 1] = weight[0];
  for (i = 0; i < n - 2; i++)
    out[i + 1] = window_places (&window, i, dims[i + 1], item (window.kernel, i, weight[i + 1]));
  return qx_infer_set (in, 0, out, n, qx_infer_type (in, 0));
}

/* Pads stand as top, left, bottom, right. */
int
qx_infer_im2col (struct qx_infer *in)
{
  size_t i, n, n_kernel;
  const int64_t *dims = qx_infer_dims (in, 0, &n),
                *kernel = qx_node_ints (in->node, "kernel_size", &n_kernel);
  struct window window = { NULL, NULL, NULL, NULL, 2, 0, 0, 0 };
  int64_t out[4];
  int bad = 0;

  window.strides = list_of (in, "stride", 2, &bad);
  window.dilations = list_of (in, "dilations", 2, &bad);
  window.pads = list_of (in, "pad_amount", 4, &bad);
  if (dims == NULL || n != 4 || kernel == NULL || n_kernel != 2 || bad || !sane (kernel[0]) ||
      !sane (kernel[1]))
    return only_type (in);
  out[0] = dims[0];
  for (i = 0; i < 2; i++)
    out[i + 1] = window_places (&window, i, dims[i + 1], kernel[i]);
  out[3] = !sane (dims[3]) || __builtin_mul_overflow (kernel[0] * kernel[1], dims[3], &out[3]) ? -1 : out[3];
  return qx_infer_set (in, 0, out, 4, qx_infer_type (in, 0));
}
