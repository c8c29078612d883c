/* SPDX-License-Identifier: BSD-3-Clause */
/* Python's repr of a float: the fewest digits that read back equal, with an exponent below 1e-4 and from 1e16 on. */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_write.h"

#define MAX_DIGITS 17

/* value = 0.d1d2d3… × 10^point, sign apart */
struct decimal {
  char digits[MAX_DIGITS + 1];
  int n, point;
};

/* "d.ddde±xx" as printf writes it in any locale: only digits and the exponent are looked at. */
static void
decimal_parse (struct decimal *decimal, const char *text)
{
  const char *p = text;

  decimal->n = 0;
  for (; *p != 'e'; p++)
    if (*p >= '0' && *p <= '9' && decimal->n < MAX_DIGITS)
      decimal->digits[decimal->n++] = *p;
  decimal->point = (int) strtol (p + 1, NULL, 10) + 1;
  while (decimal->n > 1 && decimal->digits[decimal->n - 1] == '0')
    decimal->n--;
}

/* Read and written in the same locale, so that its decimal point does not matter. */
static int
reads_back (double value, int digits, char *text, size_t size)
{
  snprintf (text, size, "%.*e", digits - 1, value);
  return strtod (text, NULL) == value;
}

/* Below a power of two doubles lie twice as dense as above it: the nearest decimal of 16 digits may lie too low to read back where the
   next one above does. A last digit of 9 would make that one shorter, and shorter ones were tried. */
static int
next_reads_back (double value, char *text)
{
  char *last = strchr (text, 'e') - 1;
  int exponent;

  if (frexp (value, &exponent) != 0.5 || *last == '9')
    return 0;
  ++*last;
  return strtod (text, NULL) == value;
}

/* Normal numbers keep any 15 digits, so that fewer are those without their zeros; subnormal ones hold less. */
static void
decimal_shortest (struct decimal *decimal, double value)
{
  char text[48];
  int digits = fpclassify (value) == FP_SUBNORMAL ? 1 : 15;

  while (!reads_back (value, digits, text, sizeof text) && digits < MAX_DIGITS) {
    if (digits == MAX_DIGITS - 1 && next_reads_back (value, text))
      break;
    digits++;
  }
  decimal_parse (decimal, text);
}

/* Most numbers of a report have few decimals. With |m| < 10^15 and k <= 22 both m and 10^k are exact doubles, so that m / 10^k
   is the double nearest to that decimal: if it is value, no shorter text exists than the one for the smallest k. */
static int
decimal_quick (struct decimal *decimal, double value)
{
  static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
  char text[24];
  size_t k;

  if (value < 1e-3 || value >= 1e9)
    return 0;
  for (k = 0; k < sizeof powers / sizeof powers[0]; k++) {
    double m = nearbyint (value * powers[k]);

    if (m / powers[k] != value)
      continue;
    decimal->n = snprintf (text, sizeof text, "%" PRId64, (int64_t) m);
    decimal->point = decimal->n - (int) k;
    while (decimal->n > 1 && text[decimal->n - 1] == '0')
      decimal->n--;
    memcpy (decimal->digits, text, (size_t) decimal->n);
    return 1;
  }
  return 0;
}

static char *
put (char *out, const char *digits, int n)
{
  memcpy (out, digits, (size_t) n);
  return out + n;
}

static char *
put_zeros (char *out, int n)
{
  memset (out, '0', (size_t) n);
  return out + n;
}

static void
put_exponent (char *out, const struct decimal *decimal)
{
  out = put (out, decimal->digits, 1);
  if (decimal->n > 1) {
    *out++ = '.';
    out = put (out, decimal->digits + 1, decimal->n - 1);
  }
  snprintf (out, 13, "e%+03d", decimal->point - 1);
}

static void
put_small (char *out, const struct decimal *decimal)
{
  out = put (out, "0.", 2);
  out = put_zeros (out, -decimal->point);
  out = put (out, decimal->digits, decimal->n);
  *out = '\0';
}

static void
put_fixed (char *out, const struct decimal *decimal)
{
  int whole = decimal->point < decimal->n ? decimal->point : decimal->n;

  out = put (out, decimal->digits, whole);
  out = put_zeros (out, decimal->point - whole);
  *out++ = '.';
  if (decimal->n > whole)
    out = put (out, decimal->digits + whole, decimal->n - whole);
  else
    out = put_zeros (out, 1);
  *out = '\0';
}

void
br_json_format_double (double value, char out[32])
{
  struct decimal decimal = { "0", 1, 1 };

  if (!isfinite (value)) {
    memcpy (out, isnan (value) ? "nan" : value > 0 ? "inf" : "-inf", isnan (value) || value > 0 ? 4 : 5);
    return;
  }
  if (signbit (value))
    *out++ = '-';
  value = fabs (value);
  if (value != 0 && !decimal_quick (&decimal, value))
    decimal_shortest (&decimal, value);
  if (decimal.point > 16 || decimal.point < -3)
    put_exponent (out, &decimal);
  else if (decimal.point <= 0)
    put_small (out, &decimal);
  else
    put_fixed (out, &decimal);
}
