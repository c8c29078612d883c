/* SPDX-License-Identifier: BSD-3-Clause */
/* Rounding modes of the quantisers, in single precision. */
#ifndef QX_ROUNDING_H
#define QX_ROUNDING_H

enum qx_rounding {
  QX_HALF_EVEN, /* ROUND too */
  QX_CEIL,
  QX_FLOOR,
  QX_UP, /* away from zero */
  QX_DOWN,
  QX_HALF_UP,
  QX_HALF_DOWN,
  QX_NO_ROUNDING /* a name that is none */
};

enum qx_rounding qx_rounding_named (const char *name); /* in any case of letters */
float qx_round (enum qx_rounding mode, float value);

#endif
