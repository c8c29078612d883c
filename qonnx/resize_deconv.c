/* SPDX-License-Identifier: BSD-3-Clause */
/* Repetition of pixels and a convolution behind it, as a ConvTranspose. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/deconv.h"
#include "qonnx/exec.h"
#include "qonnx/rounding.h"

/* Is each pixel repeated as often as the whole number says? Pixel i of the result lies at (i + 0.5) / scale - 0.5 of the image, less than
   half a pixel from pixel i / scale, or at i / scale itself. */
static int
repeats (const struct qx_node *resize, float scale)
{
  const char *mode = qx_node_string (resize, "coordinate_transformation_mode", "half_pixel");
  const char *rounding = qx_node_string (resize, "nearest_mode", "round_prefer_floor");

  if (scale == 1 || qx_opset_of (resize->model, "") < 11)
    return 1;
  if (strcmp (mode, "asymmetric") == 0)
    return strcmp (rounding, "floor") == 0 || (strcmp (rounding, "round_prefer_floor") == 0 && scale == 2);
  return (strcmp (mode, "half_pixel") == 0 || strcmp (mode, "pytorch_half_pixel") == 0) &&
         (strcmp (rounding, "round_prefer_floor") == 0 || strcmp (rounding, "round_prefer_ceil") == 0);
}

/* By which whole number both sides of an image grow; 0: it is another kind of Resize. */
static int64_t
factor_of (const struct qx_node *resize)
{
  size_t n;
  const float *scales = qx_static_floats (qx_node_in (resize, resize->n_in == 2 ? 1 : 2), &n);

  if (strcmp (qx_node_string (resize, "mode", "nearest"), "nearest") != 0 || scales == NULL || n != 4 ||
      scales[0] != 1 || scales[1] != 1 || scales[2] != scales[3] || scales[2] != rintf (scales[2]) ||
      scales[2] < 1 || scales[2] > INT16_MAX || !repeats (resize, scales[2]))
    return 0;
  return (int64_t) scales[2];
}

/* Adds the kernel, turned by 180 degrees, at each of the scale * scale offsets. Sums in double precision, as the reference has
   them. */
static void
add_turned (const float *kernel, int64_t k, int64_t scale, double *out)
{
  const int64_t size = k + scale - 1;
  int64_t i, j, y, x;

  for (i = 0; i < scale; i++)
    for (j = 0; j < scale; j++)
      for (y = 0; y < k; y++)
        for (x = 0; x < k; x++)
          out[(i + y) * size + j + x] += (double) kernel[(k - 1 - y) * k + k - 1 - x];
}

static struct qx_tensor *
enlarged (struct qx_edit *edit, const struct qx_deconv *d, int64_t scale)
{
  const int64_t *old = d->weight->dims, k = old[2], size = k + scale - 1;
  const int64_t dims[] = { old[1], old[0], size, size };
  struct qx_tensor *tensor = qx_tensor_new (edit->model, QX_FLOAT, dims, 4, edit->err);
  const float *data = tensor == NULL ? NULL : qx_tensor_floats (d->weight, edit->err);
  size_t i, area = (size_t) (size * size);
  double *sums = data == NULL ? NULL : malloc (area * sizeof *sums);
  int64_t ic, oc;

  if (data != NULL && sums == NULL)
    qx_oom (edit->err);
  for (ic = 0; sums != NULL && ic < old[1]; ic++)
    for (oc = 0; oc < old[0]; oc++) {
      memset (sums, 0, area * sizeof *sums);
      add_turned (data + (oc * old[1] + ic) * k * k, k, scale, sums);
      for (i = 0; i < area; i++)
        qx_put_float (tensor, (size_t) (ic * old[0] + oc) * area + i, (float) sums[i]);
    }
  tensor = sums == NULL ? NULL : tensor;
  free (sums);
  return tensor;
}

/* ---- the weight's quantiser ---- */

/* [O, I, …] to [I, O, …] */
static void
swap_channels (struct qx_edit *edit, struct qx_node *quant, size_t slot)
{
  static const int64_t perm[] = { 1, 0, 2, 3 };
  struct qx_tensor *old = quant->in[slot].value->init;

  if (old->n_dims != 4 || edit->failed)
    return;
  if (qx_own_constant (edit->model, quant, slot, edit->err) < 0) {
    edit->failed = 1;
    return;
  }
  qx_edit_set_init (edit, quant->in[slot].value, qx_transposed (edit->model, old, perm, edit->err));
}

static int
is_broadcast_to (const struct qx_tensor *tensor, const struct qx_tensor *weight)
{
  int64_t out[QX_MAX_RANK];
  size_t n;

  return tensor->n_dims <= 4 && (tensor->n_dims == 4 || tensor->n_elements == 1) &&
         qx_broadcast (tensor->dims, tensor->n_dims, weight->dims, 4, out, &n) == 0 && n == 4 &&
         memcmp (out, weight->dims, sizeof *out * 4) == 0;
}

/* Bits that hold all integers from low to high; a signed one-bit quantiser is another thing. */
static int
bits_for (double low, double high, int is_signed, int narrow)
{
  int bits = is_signed ? 2 : 1;
  double half;

  for (; bits < 64; bits++) {
    half = ldexp (1, is_signed ? bits - 1 : bits);
    if (is_signed ? low >= -half + narrow && high <= half - 1 : low >= 0 && high <= half - 1 - narrow)
      break;
  }
  return bits;
}

/* The integers that the new weight becomes; their range in *low and *high. */
static int
measure (struct qx_edit *edit, const struct qx_node *quant, const struct qx_tensor *weight, double *low,
         double *high)
{
  const struct qx_tensor *scale = quant->in[1].value->init, *zero = quant->in[2].value->init;
  const float *data = qx_tensor_floats (weight, edit->err), *scales = qx_tensor_floats (scale, edit->err),
              *zeros = qx_tensor_floats (zero, edit->err);
  enum qx_rounding mode = qx_rounding_named (qx_node_string (quant, "rounding_mode", "ROUND"));
  struct qx_walk at_scale, at_zero;
  size_t i;

  if (data == NULL || scales == NULL || zeros == NULL)
    return -1;
  qx_walk_broadcast (&at_scale, weight->dims, 4, scale);
  qx_walk_broadcast (&at_zero, weight->dims, 4, zero);
  *low = *high = 0;
  for (i = 0; i < weight->n_elements; i++) {
    double q = (double) qx_round (mode, data[i] / scales[at_scale.offset] + zeros[at_zero.offset]);
    *low = q < *low || i == 0 ? q : *low;
    *high = q > *high || i == 0 ? q : *high;
    qx_walk_next (&at_scale);
    qx_walk_next (&at_zero);
  }
  return 0;
}

static void
widen (struct qx_edit *edit, struct qx_node *quant, const struct qx_tensor *weight)
{
  double low, high;
  int bits;

  if (edit->failed || weight == NULL || measure (edit, quant, weight, &low, &high) < 0) {
    edit->failed = 1;
    return;
  }
  bits = bits_for (low, high, qx_node_int (quant, "signed", 1) != 0, qx_node_int (quant, "narrow", 0) != 0);
  qx_edit_in (edit, quant, 3, qx_edit_float (edit, "bits", (float) bits));
}

static int
quantiser_fits (const struct qx_deconv *d)
{
  return d->quant == NULL || (is_broadcast_to (d->quant->in[1].value->init, d->weight) &&
                              is_broadcast_to (d->quant->in[2].value->init, d->weight) &&
                              d->quant->in[3].value->init->n_elements == 1);
}

/* ---- the pass ---- */

static void
convert (struct qx_edit *edit, struct qx_node *resize, const void *args)
{
  struct qx_node *conv = qx_only_reader (qx_node_out (resize, 0));
  struct qx_tensor *weight;
  struct qx_deconv d;
  int64_t scale;

  if (!qx_is_standard (resize, "Resize") || qx_node_in (resize, 0) == NULL || conv == NULL ||
      !qx_deconv_read (conv, &d) || qx_node_in (conv, 0) != resize->out[0] || !quantiser_fits (&d))
    return;
  scale = factor_of (resize);
  if (scale == 0)
    return;
  weight = enlarged (edit, &d, scale);
  if (d.quant != NULL) {
    swap_channels (edit, d.quant, 1);
    swap_channels (edit, d.quant, 2);
    if (!qx_arg_bool (args, "maintain_bit_width"))
      widen (edit, d.quant, weight);
  }
  qx_deconv_replace (edit, &d, resize, resize->in[0].value, conv->out[0], weight, scale, 1);
}

int
qx_pass_resize_to_deconvolution (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  return qx_infer_shapes (model, err) < 0 ? -1 : qx_edit_sweep (model, convert, args, err);
}
