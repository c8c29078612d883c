/* SPDX-License-Identifier: BSD-3-Clause */
/* Rounding modes of the quantisers. */
#include <config.h>

#include <math.h>
#include <stddef.h>
#include <strings.h>

#include "qonnx/rounding.h"

enum qx_rounding
qx_rounding_named (const char *name)
{
  static const char *const names[] = { "HALF_EVEN", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP", "HALF_DOWN" };
  size_t i;

  if (strcasecmp (name, "ROUND") == 0)
    return QX_HALF_EVEN;
  for (i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcasecmp (name, names[i]) == 0)
      return (enum qx_rounding) i;
  return QX_NO_ROUNDING;
}

float
qx_round (enum qx_rounding mode, float value)
{
  switch (mode) {
  case QX_CEIL:
    return ceilf (value);
  case QX_FLOOR:
    return floorf (value);
  case QX_UP:
    return copysignf (ceilf (fabsf (value)), value);
  case QX_DOWN:
    return truncf (value);
  case QX_HALF_UP:
    return copysignf (floorf (fabsf (value) + 0.5F), value);
  case QX_HALF_DOWN:
    return copysignf (ceilf (fabsf (value) - 0.5F), value);
  default:
    return rintf (value);
  }
}
