/* SPDX-License-Identifier: BSD-3-Clause */
/* Small floating-point types by their parameters: bits of exponent and mantissa, bias, and what stands for infinity and NaN. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/half.h"
#include "qonnx/qonnx.h"

enum specials {
  IEEE,    /* all exponent bits set: infinity and NaN */
  ONE_NAN, /* no infinity; NaN only where exponent and mantissa are all ones */
  NEG_NAN, /* no infinity, no negative zero: its pattern is NaN */
  NONE
};

struct form {
  int elem_type;
  unsigned exponent, mantissa;
  int bias;
  enum specials specials;
};

static const struct form forms[] = {
  { QX_FLOAT16, 5, 10, 15, IEEE },       { QX_BFLOAT16, 8, 7, 127, IEEE },
  { QX_FLOAT8E4M3FN, 4, 3, 7, ONE_NAN }, { QX_FLOAT8E4M3FNUZ, 4, 3, 8, NEG_NAN },
  { QX_FLOAT8E5M2, 5, 2, 15, IEEE },     { QX_FLOAT8E5M2FNUZ, 5, 2, 16, NEG_NAN },
  { QX_FLOAT4E2M1, 2, 1, 1, NONE },
};

static const struct form *
form_of (int elem_type)
{
  size_t i;

  for (i = 0; i < sizeof forms / sizeof forms[0]; i++)
    if (forms[i].elem_type == elem_type)
      return &forms[i];
  return &forms[0];
}

static double
value_of (const struct form *form, unsigned bits)
{
  unsigned top = (1U << form->exponent) - 1, full = (1U << form->mantissa) - 1;
  unsigned sign = bits >> (form->exponent + form->mantissa) & 1;
  unsigned exponent = bits >> form->mantissa & top, mantissa = bits & full;
  double size;

  if (form->specials == IEEE && exponent == top)
    return mantissa != 0 ? (double) NAN : sign ? -(double) INFINITY : (double) INFINITY;
  if (form->specials == ONE_NAN && exponent == top && mantissa == full)
    return (double) NAN;
  if (form->specials == NEG_NAN && sign && exponent == 0 && mantissa == 0)
    return (double) NAN;
  size = exponent == 0
             ? ldexp ((double) mantissa, 1 - form->bias - (int) form->mantissa)
             : ldexp ((double) (mantissa | (full + 1)), (int) exponent - form->bias - (int) form->mantissa);
  return sign ? -size : size;
}

double
qx_small_float (int elem_type, unsigned bits)
{
  const struct form *form = form_of (elem_type);

  if (elem_type == QX_FLOAT8E8M0)
    return bits == 255 ? (double) NAN : ldexp (1, (int) bits - 127);
  return value_of (form, bits);
}

static uint16_t
to_bfloat (float value)
{
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  if (isnan (value))
    return (uint16_t) (bits >> 16 | 0x40);
  return (uint16_t) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

uint16_t
qx_to_half (int elem_type, float value)
{
  unsigned sign = signbit (value) ? 0x8000 : 0;
  float size = fabsf (value);
  int exponent;

  if (elem_type == QX_BFLOAT16)
    return to_bfloat (value);
  if (isnan (value))
    return (uint16_t) (sign | 0x7e00);
  if (size >= 65520.0F)
    return (uint16_t) (sign | 0x7c00);
  if (size < 0x1p-14F)
    return (uint16_t) (sign | (unsigned) rintf (size * 0x1p24F));
  (void) frexpf (size, &exponent);
  /* 11 bits of mantissa; a carry runs over into the exponent as it should */
  return (uint16_t) (sign |
                     (((unsigned) (exponent + 13) << 10) + (unsigned) rintf (ldexpf (size, 11 - exponent))));
}

static unsigned
not_a_number (const struct form *form, unsigned sign)
{
  unsigned full = (1U << (form->exponent + form->mantissa)) - 1;

  /* types that have none: the pattern of negative zero */
  return form->specials == NEG_NAN || form->specials == NONE ? full + 1 : sign | full;
}

/* The pattern behind which there is no finite number. */
static unsigned
largest (const struct form *form)
{
  unsigned full = (1U << (form->exponent + form->mantissa)) - 1;

  if (form->specials == IEEE)
    return full - (1U << form->mantissa);
  return form->specials == ONE_NAN ? full - 1 : full;
}

/* Exponent and mantissa of a size as one number, which counts the sizes up from zero. */
static unsigned
pattern_of (const struct form *form, double size)
{
  int exponent, low = 1 - form->bias, m = (int) form->mantissa;

  if (size == 0)
    return 0;
  (void) frexp (size, &exponent);
  exponent -= 1;
  if (exponent < low)
    return (unsigned) rint (ldexp (size, m - low));
  return ((unsigned) (exponent + form->bias - 1) << form->mantissa) +
         (unsigned) rint (ldexp (size, m - exponent));
}

unsigned
qx_to_small (int elem_type, double value, int saturate)
{
  const struct form *form = form_of (elem_type);
  unsigned sign = signbit (value) ? 1U << (form->exponent + form->mantissa) : 0, most = largest (form),
           pattern;

  if (elem_type == QX_FLOAT8E8M0)
    return qx_to_exponent ((float) value, "up", saturate);
  if (isnan (value))
    return not_a_number (form, sign);
  pattern = fabs (value) < 0x1p40 ? pattern_of (form, fabs (value)) : most + 1;
  if (pattern > most) {
    if (saturate || form->specials == NONE)
      return sign | most;
    return form->specials == IEEE ? sign | (most + 1) : not_a_number (form, sign);
  }
  return pattern == 0 && form->specials == NEG_NAN ? 0 : sign | pattern;
}

unsigned
qx_to_exponent (float value, const char *round_mode, int saturate)
{
  uint32_t bits, fraction;
  unsigned exponent;
  int up;

  memcpy (&bits, &value, sizeof bits);
  exponent = bits >> 23 & 255;
  fraction = bits & 0x7fffff;
  if (exponent == 255)
    return 255;
  up = fraction > 0;
  if (strcmp (round_mode, "down") == 0)
    up = 0;
  else if (strcmp (round_mode, "nearest") == 0)
    up = fraction > 0x400000 || (fraction == 0x400000 && exponent > 0);
  return exponent + (up && !(saturate && exponent == 254));
}
