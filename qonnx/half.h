/* SPDX-License-Identifier: BSD-3-Clause */
/* Floating-point types of 16 bits and fewer. */
#ifndef QX_HALF_H
#define QX_HALF_H

#include <stdint.h>

/* The value of bits read as FLOAT16, BFLOAT16, one of the FLOAT8 types or FLOAT4E2M1. */
double qx_small_float (int elem_type, unsigned bits);
/* Nearest FLOAT16 or BFLOAT16, ties to even. */
uint16_t qx_to_half (int elem_type, float value);
/* The nearest of a float type of 8 or 4 bits, ties to even. What is too large becomes the largest with saturate, else infinity, or
   NaN where the type has none; FLOAT4E2M1 always saturates. */
unsigned qx_to_small (int elem_type, double value, int saturate);
/* FLOAT8E8M0: the power of two above, below ("down") or nearest to the size of value; NaN for what is not finite. */
unsigned qx_to_exponent (float value, const char *round_mode, int saturate);

#endif
