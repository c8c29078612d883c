/* SPDX-License-Identifier: BSD-3-Clause */
/* QONNX's quantisers, in float32 and in the order of operations that QONNX defines: the order shows in the last bit. */
#include <config.h>

#include <float.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "qonnx/exec.h"

enum rounding { HALF_EVEN, CEIL, FLOOR, UP, DOWN, HALF_UP, HALF_DOWN, NO_ROUNDING };

static enum rounding
rounding_of (const struct qx_node *node)
{
  static const char *const names[] = { "HALF_EVEN", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP", "HALF_DOWN" };
  const char *mode = qx_node_string (node, "rounding_mode", "ROUND");
  size_t i;

  if (strcasecmp (mode, "ROUND") == 0)
    return HALF_EVEN;
  for (i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcasecmp (mode, names[i]) == 0)
      return (enum rounding) i;
  return NO_ROUNDING;
}

static float
apply (enum rounding mode, float value)
{
  switch (mode) {
  case CEIL:
    return ceilf (value);
  case FLOOR:
    return floorf (value);
  case UP:
    return copysignf (ceilf (fabsf (value)), value);
  case DOWN:
    return truncf (value);
  case HALF_UP:
    return copysignf (floorf (fabsf (value) + 0.5F), value);
  case HALF_DOWN:
    return copysignf (ceilf (fabsf (value) - 0.5F), value);
  default:
    return rintf (value);
  }
}

/* ---- inputs ---- */

#define MAX_PARAMETERS 6

/* The data and its parameters, all as float32, broadcast to one shape. */
struct quant {
  const float *values[MAX_PARAMETERS];
  struct qx_walk walks[MAX_PARAMETERS];
  size_t n;
  struct qx_tensor *to;
};

static int
open_quant (struct qx_exec *x, size_t n, struct quant *quant)
{
  int64_t dims[QX_MAX_RANK], next[QX_MAX_RANK];
  size_t i, n_dims = 0;

  quant->n = n;
  for (i = 0; i < n; i++) {
    const struct qx_tensor *in = qx_exec_in (x, i);
    if (in == NULL || qx_broadcast (dims, n_dims, in->dims, in->n_dims, next, &n_dims) < 0)
      return qx_exec_fail (x, "its inputs do not fit each other");
    memcpy (dims, next, n_dims * sizeof *dims);
    quant->values[i] = qx_tensor_floats (in, x->err);
    if (quant->values[i] == NULL)
      return -1;
  }
  for (i = 0; i < n; i++)
    qx_walk_broadcast (&quant->walks[i], dims, n_dims, x->in[i]);
  quant->to = qx_exec_make (x, 0, QX_FLOAT, dims, n_dims);
  return quant->to == NULL ? -1 : 0;
}

static float
value_of (const struct quant *quant, size_t i)
{
  return quant->values[i][quant->walks[i].offset];
}

static void
next (struct quant *quant)
{
  size_t i;

  for (i = 0; i < quant->n; i++)
    qx_walk_next (&quant->walks[i]);
}

/* ---- Quant, IntQuant: x, scale, zero point, bit width ---- */

/* NaN fails both comparisons and passes. */
static float
clamp (float value, float low, float high)
{
  if (value > high)
    value = high;
  return value < low ? low : value;
}

static float
quantised (float value, float bits, int is_signed, int narrow, enum rounding mode)
{
  float low, high;

  if (is_signed && bits == 1)
    return value >= 0 ? 1 : -1;
  high = is_signed ? exp2f (bits - 1) - 1 : exp2f (bits) - 1 - (float) narrow;
  low = is_signed ? (float) narrow - exp2f (bits - 1) : 0;
  return apply (mode, clamp (value, low, high));
}

int
qx_exec_quant (struct qx_exec *x)
{
  enum rounding mode = rounding_of (x->node);
  int is_signed = qx_node_int (x->node, "signed", 1) != 0, narrow = qx_node_int (x->node, "narrow", 0) != 0;
  struct quant quant;
  size_t i;

  if (mode == NO_ROUNDING)
    return qx_exec_fail (x, "its rounding mode is unknown");
  if (open_quant (x, 4, &quant) < 0)
    return -1;
  for (i = 0; i < quant.to->n_elements; i++, next (&quant)) {
    float scale = value_of (&quant, 1), zero = value_of (&quant, 2), q = value_of (&quant, 0) / scale;
    q = quantised (q + zero, value_of (&quant, 3), is_signed, narrow, mode);
    qx_put_float (quant.to, i, (q - zero) * scale);
  }
  return 0;
}

int
qx_exec_bipolar_quant (struct qx_exec *x)
{
  struct quant quant;
  size_t i;

  if (open_quant (x, 2, &quant) < 0)
    return -1;
  for (i = 0; i < quant.to->n_elements; i++, next (&quant))
    qx_put_float (quant.to, i, value_of (&quant, 1) * (value_of (&quant, 0) >= 0 ? 1.0F : -1.0F));
  return 0;
}

/* ---- FloatQuant: x, scale, bits of exponent and mantissa, bias, largest value ---- */

static float
float_quantised (const struct quant *quant, enum rounding mode, float *largest)
{
  float value = value_of (quant, 0) / value_of (quant, 1), e = value_of (quant, 2), m = value_of (quant, 3);
  float bias = value_of (quant, 4), step = floorf (log2f (fabsf (value) + FLT_MIN)) - m;

  step = exp2f (fmaxf (step, 1 - bias - m));
  *largest = fminf ((2 - exp2f (-m)) * exp2f (exp2f (e) - 1 - bias), value_of (quant, 5));
  return step * apply (mode, value / step);
}

int
qx_exec_float_quant (struct qx_exec *x)
{
  enum rounding mode = rounding_of (x->node);
  int saturate = qx_node_int (x->node, "saturation", 1) != 0,
      has_inf = qx_node_int (x->node, "has_inf", 0) != 0;
  int has_nan = qx_node_int (x->node, "has_nan", 0) != 0;
  struct quant quant;
  size_t i;

  if (mode == NO_ROUNDING || (!saturate && !has_inf && !has_nan))
    return qx_exec_fail (x, "its attributes do not fit each other");
  if (open_quant (x, 6, &quant) < 0)
    return -1;
  for (i = 0; i < quant.to->n_elements; i++, next (&quant)) {
    float largest, raw = float_quantised (&quant, mode, &largest), q = clamp (raw, -largest, largest);
    if (!saturate && q != raw && !isnan (raw))
      q = has_inf ? copysignf (INFINITY, raw) : NAN;
    qx_put_float (quant.to, i, q * value_of (&quant, 1));
  }
  return 0;
}
