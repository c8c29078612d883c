/* SPDX-License-Identifier: BSD-3-Clause */
/* QONNX's quantisers, in float32 and in the order of operations that QONNX defines: the order shows in the last bit. */
#include <config.h>

#include <float.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "qonnx/exec.h"
#include "qonnx/rounding.h"

static enum qx_rounding
rounding_of (const struct qx_node *node)
{
  return qx_rounding_named (qx_node_string (node, "rounding_mode", "ROUND"));
}

/* ---- inputs ---- */

/* The data and its parameters, all as float32, broadcast to one shape. */
struct quant {
  const float *values[QX_MAX_OPERANDS];
  struct qx_rows rows;
  float *out;
};

static int
open_quant (struct qx_exec *x, size_t n, struct quant *quant)
{
  struct qx_tensor *to;
  size_t i;

  if (qx_rows_open (x, 0, n, &quant->rows) < 0)
    return -1;
  for (i = 0; i < n; i++) {
    quant->values[i] = qx_exec_floats (x, i);
    if (quant->values[i] == NULL)
      return -1;
  }
  to = qx_exec_make (x, 0, QX_FLOAT, quant->rows.dims, quant->rows.n_dims);
  quant->out = to == NULL ? NULL : qx_exec_out_floats (x, to);
  return quant->out == NULL ? -1 : 0;
}

/* Operand k of element i of the present row. */
static float
value_of (const struct quant *quant, size_t k, size_t i)
{
  return quant->values[k][qx_rows_at (&quant->rows, k) + i * quant->rows.step[k]];
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

/* The bounds of a bit width. */
struct bounds {
  float bits, low, high;
};

static struct bounds
bounds_of (float bits, int is_signed, int narrow)
{
  struct bounds bounds = { bits, 0, 0 };

  bounds.high = is_signed ? exp2f (bits - 1) - 1 : exp2f (bits) - 1 - (float) narrow;
  bounds.low = is_signed ? (float) narrow - exp2f (bits - 1) : 0;
  return bounds;
}

static float
quantised (float value, const struct bounds *bounds, int is_signed, enum qx_rounding mode)
{
  if (is_signed && bounds->bits == 1)
    return value >= 0 ? 1 : -1;
  return qx_round (mode, clamp (value, bounds->low, bounds->high));
}

/* Is operand k one number all along a row? */
static int
is_even (const struct quant *quant, size_t k)
{
  return quant->rows.step[k] == 0;
}

int
qx_exec_quant (struct qx_exec *x)
{
  enum qx_rounding mode = rounding_of (x->node);
  int is_signed = qx_node_int (x->node, "signed", 1) != 0, narrow = qx_node_int (x->node, "narrow", 0) != 0;
  struct bounds bounds = { 0, 0, 0 };
  struct quant quant;
  size_t r, i;

  if (mode == QX_NO_ROUNDING)
    return qx_exec_fail (x, "its rounding mode is unknown");
  if (open_quant (x, 4, &quant) < 0)
    return -1;
  for (r = 0; r < quant.rows.n_rows; r++, qx_rows_next (&quant.rows))
    for (i = 0; i < quant.rows.length; i++) {
      float scale = value_of (&quant, 1, i), zero = value_of (&quant, 2, i);
      if (i == 0 || !is_even (&quant, 3))
        bounds = bounds_of (value_of (&quant, 3, i), is_signed, narrow);
      *quant.out++ =
          (quantised (value_of (&quant, 0, i) / scale + zero, &bounds, is_signed, mode) - zero) * scale;
    }
  return 0;
}

int
qx_exec_bipolar_quant (struct qx_exec *x)
{
  struct quant quant;
  size_t r, i;

  if (open_quant (x, 2, &quant) < 0)
    return -1;
  for (r = 0; r < quant.rows.n_rows; r++, qx_rows_next (&quant.rows))
    for (i = 0; i < quant.rows.length; i++)
      *quant.out++ = value_of (&quant, 1, i) * (value_of (&quant, 0, i) >= 0 ? 1.0F : -1.0F);
  return 0;
}

/* ---- FloatQuant: x, scale, bits of exponent and mantissa, bias, largest value ---- */

static float
float_quantised (const struct quant *quant, size_t i, enum qx_rounding mode, float *largest)
{
  float value = value_of (quant, 0, i) / value_of (quant, 1, i), e = value_of (quant, 2, i);
  float m = value_of (quant, 3, i), bias = value_of (quant, 4, i);
  float step = floorf (log2f (fabsf (value) + FLT_MIN)) - m;

  step = exp2f (fmaxf (step, 1 - bias - m));
  *largest = fminf ((2 - exp2f (-m)) * exp2f (exp2f (e) - 1 - bias), value_of (quant, 5, i));
  return step * qx_round (mode, value / step);
}

int
qx_exec_float_quant (struct qx_exec *x)
{
  enum qx_rounding mode = rounding_of (x->node);
  int saturate = qx_node_int (x->node, "saturation", 1) != 0,
      has_inf = qx_node_int (x->node, "has_inf", 0) != 0;
  int has_nan = qx_node_int (x->node, "has_nan", 0) != 0;
  struct quant quant;
  size_t r, i;

  if (mode == QX_NO_ROUNDING || (!saturate && !has_inf && !has_nan))
    return qx_exec_fail (x, "its attributes do not fit each other");
  if (open_quant (x, 6, &quant) < 0)
    return -1;
  for (r = 0; r < quant.rows.n_rows; r++, qx_rows_next (&quant.rows))
    for (i = 0; i < quant.rows.length; i++) {
      float largest, raw = float_quantised (&quant, i, mode, &largest), q = clamp (raw, -largest, largest);
      if (!saturate && q != raw && !isnan (raw))
        q = has_inf ? copysignf (INFINITY, raw) : NAN;
      *quant.out++ = q * value_of (&quant, 1, i);
    }
  return 0;
}

/* ---- Trunc ---- */

/* Version 1: x, scale, zero point, bits before and after. No clamping, and the scale stays. */
static int
trunc_1 (struct qx_exec *x, enum qx_rounding mode)
{
  struct quant quant;
  size_t r, i;

  if (open_quant (x, 5, &quant) < 0)
    return -1;
  for (r = 0; r < quant.rows.n_rows; r++, qx_rows_next (&quant.rows))
    for (i = 0; i < quant.rows.length; i++) {
      float scale = value_of (&quant, 1, i), zero = value_of (&quant, 2, i);
      float y = rintf (value_of (&quant, 0, i) / scale + zero);
      y = qx_round (mode, y / exp2f (value_of (&quant, 3, i) - value_of (&quant, 4, i)));
      *quant.out++ = (y - zero) * scale;
    }
  return 0;
}

/* Version 2: x, scale, zero point, bits before (not used), scale and bits after. */
static int
trunc_2 (struct qx_exec *x, enum qx_rounding mode)
{
  int is_signed = qx_node_int (x->node, "signed", 1) != 0, narrow = qx_node_int (x->node, "narrow", 0) != 0;
  struct quant quant;
  size_t r, i;

  if (open_quant (x, 6, &quant) < 0)
    return -1;
  for (r = 0; r < quant.rows.n_rows; r++, qx_rows_next (&quant.rows))
    for (i = 0; i < quant.rows.length; i++) {
      float scale = value_of (&quant, 1, i), zero = value_of (&quant, 2, i),
            out_scale = value_of (&quant, 4, i);
      float t = exp2f (rintf (log2f (out_scale / scale)));
      struct bounds bounds = bounds_of (value_of (&quant, 5, i), is_signed, narrow);
      float y = rintf (value_of (&quant, 0, i) / scale + zero) / t;
      y = quantised (y, &bounds, is_signed, mode);
      *quant.out++ = (y - zero / t) * out_scale;
    }
  return 0;
}

int
qx_exec_trunc (struct qx_exec *x)
{
  enum qx_rounding mode =
      qx_node_attr_type (x->node, "rounding_mode") == QX_ATTR_NONE ? QX_FLOOR : rounding_of (x->node);

  if (mode == QX_NO_ROUNDING)
    return qx_exec_fail (x, "its rounding mode is unknown");
  return x->opset < 2 ? trunc_1 (x, mode) : trunc_2 (x, mode);
}
