/* SPDX-License-Identifier: BSD-3-Clause */
/* Resize and Upsample: one axis after the other, since every mode of interpolation is a product of weights along axes. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

enum mode { NEAREST, LINEAR, CUBIC };

/* What attributes and inputs ask for. */
struct resize {
  enum mode mode;
  const char *transform, *nearest;
  double cubic_a, extrapolation;
  int antialias, exclude_outside;
  int64_t dims[QX_MAX_RANK];
  double scales[QX_MAX_RANK], roi[2 * QX_MAX_RANK];
};

/* Where the places of an axis come from: for each, n sources with weights; a source of -1 is the extrapolation value. */
struct taps {
  size_t n;
  int64_t *sources;
  double *weights;
};

/* ---- coordinates ---- */

/* The place in the data that place i of the result stands for. */
static double
original (const struct resize *r, size_t axis, int64_t dim, size_t n_dims, int64_t i)
{
  double at = (double) i, scale = r->scales[axis], length = scale * (double) dim;

  if (strcmp (r->transform, "asymmetric") == 0)
    return at / scale;
  if (strcmp (r->transform, "align_corners") == 0)
    return length == 1 ? 0 : at * (double) (dim - 1) / (length - 1);
  if (strcmp (r->transform, "pytorch_half_pixel") == 0)
    return length == 1 ? 0 : (at + 0.5) / scale - 0.5;
  if (strcmp (r->transform, "tf_half_pixel_for_nn") == 0)
    return (at + 0.5) / scale;
  if (strcmp (r->transform, "tf_crop_and_resize") == 0) {
    double start = r->roi[axis], end = r->roi[axis + n_dims], last = (double) (dim - 1);
    return length == 1 ? 0.5 * (start + end) * last : start * last + at * (end - start) * last / (length - 1);
  }
  if (strcmp (r->transform, "half_pixel_symmetric") == 0) {
    double adjustment = (double) r->dims[axis] / length, centre = (double) dim / 2;
    return centre * (1 - adjustment) + (at + 0.5) / scale - 0.5;
  }
  return (at + 0.5) / scale - 0.5;
}

static int64_t
nearest (const struct resize *r, double at)
{
  if (strcmp (r->nearest, "floor") == 0)
    return (int64_t) floor (at);
  if (strcmp (r->nearest, "ceil") == 0)
    return (int64_t) ceil (at);
  if (strcmp (r->nearest, "round_prefer_ceil") == 0)
    return (int64_t) floor (at + 0.5);
  return (int64_t) ceil (at - 0.5);
}

/* ---- weights ---- */

static double
cubic_weight (double a, double distance)
{
  double d = fabs (distance);

  if (d <= 1)
    return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

static double
weight_of (const struct resize *r, double distance)
{
  double d = fabs (distance);

  if (r->mode == CUBIC)
    return cubic_weight (r->cubic_a, distance);
  return d < 1 ? 1 - d : 0;
}

static int64_t
clamped (int64_t at, int64_t dim)
{
  return at < 0 ? 0 : at >= dim ? dim - 1 : at;
}

/* With antialias a smaller result widens the filter by as much. */
static double
filter_scale (const struct resize *r, size_t axis)
{
  return r->antialias && r->scales[axis] < 1 ? r->scales[axis] : 1;
}

static size_t
tap_count (const struct resize *r, size_t axis)
{
  double reach = r->mode == CUBIC ? 2 : 1;

  return r->mode == NEAREST ? 1 : 2 * (size_t) ceil (reach / filter_scale (r, axis)) + (r->antialias ? 1 : 0);
}

/* Sources and weights around one place. */
static void
spread (const struct resize *r, size_t axis, int64_t dim, double at, size_t n, int64_t *sources,
        double *weights)
{
  double scale = filter_scale (r, axis), sum = 0;
  int64_t first = (int64_t) floor (at) - (int64_t) (n / 2) + (r->antialias ? 0 : 1);
  size_t k;

  for (k = 0; k < n; k++) {
    int64_t source = first + (int64_t) k;
    weights[k] = weight_of (r, (at - (double) source) * scale);
    if (r->exclude_outside && (source < 0 || source >= dim))
      weights[k] = 0;
    sources[k] = clamped (source, dim);
    sum += weights[k];
  }
  for (k = 0; k < n && (r->exclude_outside || r->antialias) && sum != 0; k++)
    weights[k] /= sum;
}

static int
make_taps (struct qx_exec *x, const struct resize *r, size_t axis, int64_t dim, size_t n_dims,
           struct taps *taps)
{
  size_t places = (size_t) r->dims[axis], i;
  int crop = strcmp (r->transform, "tf_crop_and_resize") == 0;

  taps->n = tap_count (r, axis);
  taps->sources = qx_exec_matrix (x, places, taps->n, sizeof *taps->sources);
  taps->weights = taps->sources == NULL ? NULL : qx_exec_matrix (x, places, taps->n, sizeof *taps->weights);
  if (taps->weights == NULL)
    return -1;
  for (i = 0; i < places; i++) {
    double at = original (r, axis, dim, n_dims, (int64_t) i);
    int64_t *sources = taps->sources + i * taps->n;
    double *weights = taps->weights + i * taps->n;
    if (!(fabs (at) < 0x1p53))
      return qx_exec_fail (x, "its scales lead out of range");
    weights[0] = 1;
    if (crop && (at < 0 || at > (double) (dim - 1)))
      sources[0] = -1;
    else if (r->mode == NEAREST)
      sources[0] = clamped (nearest (r, at), dim);
    else
      spread (r, axis, dim, at, taps->n, sources, weights);
  }
  return 0;
}

/* ---- one axis ---- */

static double
blend (const struct resize *r, const struct taps *taps, size_t place, const double *line, size_t stride)
{
  const int64_t *sources = taps->sources + place * taps->n;
  const double *weights = taps->weights + place * taps->n;
  double sum = 0;
  size_t k;

  if (sources[0] < 0)
    return r->extrapolation;
  for (k = 0; k < taps->n; k++)
    sum += weights[k] * line[(size_t) sources[k] * stride];
  return sum;
}

/* From dims to the same with the axis resized, which dims says afterwards. */
static double *
resize_axis (struct qx_exec *x, const struct resize *r, size_t axis, int64_t *dims, size_t n_dims,
             const double *in)
{
  size_t n, i, k, inner = qx_block (dims, axis + 1, n_dims), outer = qx_block (dims, 0, axis);
  size_t places = (size_t) r->dims[axis], length = (size_t) dims[axis];
  struct taps taps;
  double *out;

  if (make_taps (x, r, axis, dims[axis], n_dims, &taps) < 0)
    return NULL;
  dims[axis] = r->dims[axis];
  if (qx_count_elements (dims, n_dims, &n) < 0)
    return qx_exec_fail (x, "its result would have a shape that is none"), NULL;
  out = qx_exec_scratch (x, n, sizeof *out);
  for (i = 0; out != NULL && i < outer * places; i++)
    for (k = 0; k < inner; k++)
      out[i * inner + k] = blend (r, &taps, i % places, in + i / places * length * inner + k, inner);
  return out;
}

/* ---- what is asked for ---- */

static int
read_mode (struct qx_exec *x, struct resize *r)
{
  static const char *const transforms[] = { "asymmetric",          "align_corners",
                                            "pytorch_half_pixel",  "tf_half_pixel_for_nn",
                                            "tf_crop_and_resize",  "half_pixel",
                                            "half_pixel_symmetric" };
  const char *mode = qx_node_string (x->node, "mode", "nearest");
  int old = x->opset < 11 || qx_node_is (x->node, "Upsample");
  size_t i;

  r->mode = strcmp (mode, "cubic") == 0                                      ? CUBIC
            : strcmp (mode, "linear") == 0 || strcmp (mode, "bilinear") == 0 ? LINEAR
                                                                             : NEAREST;
  if (r->mode == NEAREST && strcmp (mode, "nearest") != 0)
    return qx_exec_fail (x, "its mode is unknown");
  r->transform =
      old ? "asymmetric" : qx_node_string (x->node, "coordinate_transformation_mode", "half_pixel");
  r->nearest = old ? "floor" : qx_node_string (x->node, "nearest_mode", "round_prefer_floor");
  r->cubic_a = (double) qx_node_float (x->node, "cubic_coeff_a", -0.75F);
  r->extrapolation = (double) qx_node_float (x->node, "extrapolation_value", 0);
  r->antialias = qx_node_int (x->node, "antialias", 0) != 0 && r->mode != NEAREST;
  r->exclude_outside = qx_node_int (x->node, "exclude_outside", 0) != 0;
  for (i = 0; i < sizeof transforms / sizeof transforms[0]; i++)
    if (strcmp (r->transform, transforms[i]) == 0)
      return 0;
  return qx_exec_fail (x, "its coordinate_transformation_mode is unknown");
}

/* Which dimension the k-th number of scales, sizes or roi is for. */
static int64_t
axis_of (const struct qx_exec *x, size_t k, size_t n_dims, size_t *n)
{
  const int64_t *axes = qx_node_ints (x->node, "axes", n);

  if (axes != NULL)
    return k < *n ? qx_axis (axes[k], n_dims) : -1;
  *n = n_dims;
  return k < n_dims ? (int64_t) k : -1;
}

static int
read_scales (struct qx_exec *x, const struct qx_tensor *from, size_t slot, struct resize *r)
{
  const struct qx_tensor *scales = qx_exec_in (x, slot);
  size_t k, n, n_listed = 0;
  const float *listed =
      scales != NULL ? qx_exec_floats (x, slot) : qx_node_floats (x->node, "scales", &n_listed);

  (void) axis_of (x, 0, from->n_dims, &n);
  n_listed = scales != NULL ? scales->n_elements : n_listed;
  if (listed == NULL || n_listed != n)
    return qx_exec_fail (x, "its scales do not fit its input");
  for (k = 0; k < n; k++) {
    int64_t axis = axis_of (x, k, from->n_dims, &n);
    if (axis < 0 || !(listed[k] > 0) || (double) listed[k] * (double) from->dims[axis] > 0x1p31)
      return qx_exec_fail (x, "a scale or axis is out of range");
    r->scales[axis] = (double) listed[k];
    r->dims[axis] = (int64_t) floor ((double) listed[k] * (double) from->dims[axis]);
  }
  return 0;
}

/* Sizes are kept to one ratio where keep_aspect_ratio_policy asks for it: the least or the greatest that they give. */
static int
keep_ratio (struct qx_exec *x, const struct qx_tensor *from, struct resize *r)
{
  const char *policy = qx_node_string (x->node, "keep_aspect_ratio_policy", "stretch");
  int larger = strcmp (policy, "not_smaller") == 0;
  double ratio = larger ? 0 : (double) INFINITY;
  size_t k, n;

  if (strcmp (policy, "stretch") == 0)
    return 0;
  if (!larger && strcmp (policy, "not_larger") != 0)
    return qx_exec_fail (x, "its keep_aspect_ratio_policy is unknown");
  (void) axis_of (x, 0, from->n_dims, &n);
  for (k = 0; k < n; k++) {
    double scale = r->scales[axis_of (x, k, from->n_dims, &n)];
    ratio = larger ? fmax (ratio, scale) : fmin (ratio, scale);
  }
  for (k = 0; k < n; k++) {
    size_t axis = (size_t) axis_of (x, k, from->n_dims, &n);
    r->scales[axis] = ratio;
    r->dims[axis] = (int64_t) floor (ratio * (double) from->dims[axis] + 0.5);
  }
  return 0;
}

static int
read_sizes (struct qx_exec *x, const struct qx_tensor *from, struct resize *r)
{
  const int64_t *sizes = qx_exec_ints (x, 3);
  size_t k, n;

  (void) axis_of (x, 0, from->n_dims, &n);
  if (sizes == NULL || x->in[3]->n_elements != n)
    return qx_exec_fail (x, "its sizes do not fit its input");
  for (k = 0; k < n; k++) {
    int64_t axis = axis_of (x, k, from->n_dims, &n);
    if (axis < 0 || sizes[k] < 0 || sizes[k] > INT32_MAX || from->dims[axis] == 0)
      return qx_exec_fail (x, "a size or axis is out of range");
    r->dims[axis] = sizes[k];
    r->scales[axis] = (double) sizes[k] / (double) from->dims[axis];
  }
  return keep_ratio (x, from, r);
}

static int
read_roi (struct qx_exec *x, const struct qx_tensor *from, struct resize *r)
{
  const double *roi;
  size_t k, n, n_dims = from->n_dims;

  for (k = 0; k < n_dims; k++)
    r->roi[k + n_dims] = 1;
  if (strcmp (r->transform, "tf_crop_and_resize") != 0)
    return 0;
  (void) axis_of (x, 0, n_dims, &n);
  roi = qx_exec_doubles (x, 1);
  if (roi == NULL || x->in[1]->n_elements != 2 * n)
    return qx_exec_fail (x, "its region does not fit its input");
  for (k = 0; k < n; k++) {
    int64_t axis = axis_of (x, k, n_dims, &n);
    if (axis < 0)
      return qx_exec_fail (x, "there is no such axis");
    r->roi[axis] = roi[k];
    r->roi[(size_t) axis + n_dims] = roi[k + n];
  }
  return 0;
}

static int
read_resize (struct qx_exec *x, const struct qx_tensor *from, struct resize *r)
{
  int old = x->opset < 11 || qx_node_is (x->node, "Upsample");
  const struct qx_tensor *sizes = old ? NULL : qx_exec_in (x, 3);
  size_t i;

  memset (r, 0, sizeof *r);
  for (i = 0; i < from->n_dims; i++)
    r->scales[i] = 1;
  qx_copy_dims (r->dims, from->dims, from->n_dims);
  if (read_mode (x, r) < 0 || read_roi (x, from, r) < 0)
    return -1;
  return sizes != NULL && sizes->n_elements > 0 ? read_sizes (x, from, r)
                                                : read_scales (x, from, old ? 1 : 2, r);
}

int
qx_exec_resize (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  const double *numbers = from == NULL ? NULL : qx_exec_doubles (x, 0);
  int64_t dims[QX_MAX_RANK];
  struct resize r;
  struct qx_tensor *to;
  double *out;
  size_t axis;

  if (numbers == NULL || read_resize (x, from, &r) < 0)
    return -1;
  if (from->n_elements == 0)
    return qx_exec_fail (x, "its input is empty");
  to = qx_exec_make (x, 0, qx_exec_type (from), r.dims, from->n_dims);
  if (to != NULL && to->n_elements == 0)
    return 0;
  out = to == NULL ? NULL : qx_exec_out_doubles (x, to);
  qx_copy_dims (dims, from->dims, from->n_dims);
  for (axis = 0; out != NULL && axis < from->n_dims; axis++)
    if (r.dims[axis] != dims[axis] || r.scales[axis] != 1 || r.roi[axis] != 0 ||
        r.roi[axis + from->n_dims] != 1) {
      numbers = resize_axis (x, &r, axis, dims, from->n_dims, numbers);
      if (numbers == NULL)
        return -1;
    }
  if (out != NULL)
    memcpy (out, numbers, to->n_elements * sizeof *out);
  return out == NULL ? -1 : 0;
}
