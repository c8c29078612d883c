/* SPDX-License-Identifier: BSD-3-Clause */
/* QONNX's data types. */
#include <config.h>

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "qonnx/fail.h"

#define MAX_BITS       4096
#define MAX_FLOAT_BITS 64

static const struct {
  const char *name;
  struct qx_dtype dtype;
} fixed_names[] = {
  { "BINARY", { .kind = QX_DT_UINT, .bits = 1 } },      { "BIPOLAR", { .kind = QX_DT_BIPOLAR, .bits = 1 } },
  { "TERNARY", { .kind = QX_DT_TERNARY, .bits = 2 } },  { "FLOAT32", { .kind = QX_DT_FLOAT32, .bits = 32 } },
  { "FLOAT16", { .kind = QX_DT_FLOAT16, .bits = 16 } },
};

/* Up to three integers, separated by commas, blanks around each; ends at '>' or at the end. How many, or -1. */
static int
parse_numbers (const char *text, long numbers[3])
{
  int n = 0;

  for (;;) {
    char *end;
    errno = 0;
    numbers[n] = strtol (text, &end, 10);
    if (end == text || errno != 0 || labs (numbers[n]) > MAX_BITS)
      return -1;
    n++;
    for (text = end; isspace ((unsigned char) *text); text++)
      ;
    if (*text == '>')
      return text[1] == '\0' ? n : -1;
    if (*text == '\0')
      return n;
    if (*text++ != ',' || n == 3)
      return -1;
  }
}

static int
parse_width (const char *text, int *bits)
{
  long numbers[3];

  if (!isdigit ((unsigned char) text[0]) || parse_numbers (text, numbers) != 1 || numbers[0] < 1 ||
      !isdigit ((unsigned char) text[strlen (text) - 1]))
    return -1;
  *bits = (int) numbers[0];
  return 0;
}

static int
parse_fixed (const char *text, struct qx_dtype *dtype)
{
  long numbers[3];

  if (parse_numbers (text, numbers) != 2 || numbers[0] < 1 || numbers[1] >= numbers[0])
    return -1;
  dtype->bits = (int) numbers[0];
  dtype->integer = (int) numbers[1];
  return 0;
}

/* Only the first number counts. */
static int
parse_scaled (const char *text, struct qx_dtype *dtype)
{
  long numbers[3];

  if (parse_numbers (text, numbers) < 1 || numbers[0] < 1)
    return -1;
  dtype->bits = (int) numbers[0];
  return 0;
}

static int
parse_float (const char *text, struct qx_dtype *dtype)
{
  long numbers[3] = { 0, 0, 0 };
  int n = parse_numbers (text, numbers);

  if (n < 2 || numbers[0] < 1 || numbers[1] < 0 || numbers[0] + numbers[1] > MAX_FLOAT_BITS ||
      numbers[0] > 11)
    return -1;
  dtype->exponent = (int) numbers[0];
  dtype->mantissa = (int) numbers[1];
  dtype->bias = numbers[2] != 0 ? (int) numbers[2] : (1 << (dtype->exponent - 1)) - 1;
  dtype->bits = 1 + dtype->exponent + dtype->mantissa;
  return 0;
}

static int
parse_prefixed (const char *name, struct qx_dtype *dtype)
{
  memset (dtype, 0, sizeof *dtype);
  if (br_str_starts (name, "UINT")) {
    dtype->kind = QX_DT_UINT;
    return parse_width (name + 4, &dtype->bits);
  }
  if (br_str_starts (name, "INT")) {
    dtype->kind = QX_DT_INT;
    return parse_width (name + 3, &dtype->bits);
  }
  if (br_str_starts (name, "FIXED<")) {
    dtype->kind = QX_DT_FIXED;
    return parse_fixed (name + 6, dtype);
  }
  if (br_str_starts (name, "SCALEDINT<")) {
    dtype->kind = QX_DT_SCALEDINT;
    return parse_scaled (name + 10, dtype);
  }
  dtype->kind = QX_DT_FLOAT;
  return br_str_starts (name, "FLOAT<") ? parse_float (name + 6, dtype) : -1;
}

int
qx_dtype_parse (const char *name, struct qx_dtype *dtype, struct qx_error *err)
{
  struct qx_dtype parsed;
  size_t i;

  for (i = 0; i < sizeof fixed_names / sizeof fixed_names[0]; i++)
    if (strcmp (name, fixed_names[i].name) == 0) {
      *dtype = fixed_names[i].dtype;
      return 0;
    }
  if (parse_prefixed (name, &parsed) < 0)
    return qx_fail (err, "transform", "%s: not a data type of QONNX", name);
  *dtype = parsed;
  return 0;
}

void
qx_dtype_name (const struct qx_dtype *dtype, char name[QX_DTYPE_NAME])
{
  switch (dtype->kind) {
  case QX_DT_UINT:
    if (dtype->bits == 1)
      snprintf (name, QX_DTYPE_NAME, "BINARY");
    else
      snprintf (name, QX_DTYPE_NAME, "UINT%d", dtype->bits);
    return;
  case QX_DT_INT:
    snprintf (name, QX_DTYPE_NAME, "INT%d", dtype->bits);
    return;
  case QX_DT_BIPOLAR:
    snprintf (name, QX_DTYPE_NAME, "BIPOLAR");
    return;
  case QX_DT_TERNARY:
    snprintf (name, QX_DTYPE_NAME, "TERNARY");
    return;
  case QX_DT_FIXED:
    snprintf (name, QX_DTYPE_NAME, "FIXED<%d,%d>", dtype->bits, dtype->integer);
    return;
  case QX_DT_SCALEDINT:
    snprintf (name, QX_DTYPE_NAME, "SCALEDINT<%d>", dtype->bits);
    return;
  case QX_DT_FLOAT:
    snprintf (name, QX_DTYPE_NAME, "FLOAT<%d,%d,%d>", dtype->exponent, dtype->mantissa, dtype->bias);
    return;
  case QX_DT_FLOAT16:
    snprintf (name, QX_DTYPE_NAME, "FLOAT16");
    return;
  default:
    snprintf (name, QX_DTYPE_NAME, "FLOAT32");
  }
}

int
qx_dtype_equal (const struct qx_dtype *a, const struct qx_dtype *b)
{
  char name_a[QX_DTYPE_NAME], name_b[QX_DTYPE_NAME];

  qx_dtype_name (a, name_a);
  qx_dtype_name (b, name_b);
  return strcmp (name_a, name_b) == 0;
}

double
qx_dtype_max (const struct qx_dtype *dtype)
{
  switch (dtype->kind) {
  case QX_DT_UINT:
    return ldexp (1.0, dtype->bits) - 1;
  case QX_DT_INT:
    return ldexp (1.0, dtype->bits - 1) - 1;
  case QX_DT_BIPOLAR:
  case QX_DT_TERNARY:
    return 1;
  case QX_DT_FIXED:
    return ldexp (ldexp (1.0, dtype->bits - 1) - 1, dtype->integer - dtype->bits);
  case QX_DT_SCALEDINT:
    return (double) NAN;
  case QX_DT_FLOAT:
    return ldexp (2.0 - ldexp (1.0, -dtype->mantissa), (1 << dtype->exponent) - 1 - dtype->bias);
  case QX_DT_FLOAT16:
    return 65504;
  default:
    return (double) FLT_MAX;
  }
}

double
qx_dtype_min (const struct qx_dtype *dtype)
{
  switch (dtype->kind) {
  case QX_DT_UINT:
    return 0;
  case QX_DT_INT:
    return -ldexp (1.0, dtype->bits - 1);
  case QX_DT_FIXED:
    return -ldexp (1.0, dtype->integer - 1);
  default:
    return -qx_dtype_max (dtype);
  }
}

int
qx_dtype_bits (const struct qx_dtype *dtype)
{
  return dtype->bits;
}

int
qx_dtype_signed (const struct qx_dtype *dtype)
{
  return dtype->kind != QX_DT_UINT;
}

int
qx_dtype_is_integer (const struct qx_dtype *dtype)
{
  return dtype->kind <= QX_DT_TERNARY;
}

int
qx_dtype_is_fixed (const struct qx_dtype *dtype)
{
  return dtype->kind == QX_DT_FIXED;
}

/* Subnormals lose one bit of mantissa for each step of the exponent. */
static int
float_allows (const struct qx_dtype *dtype, double value)
{
  int exponent;
  double units;

  if (value == 0)
    return 1;
  if (!(fabs (value) <= qx_dtype_max (dtype)))
    return 0;
  (void) frexp (value, &exponent);
  exponent--;
  if (exponent < 1 - dtype->bias)
    exponent = 1 - dtype->bias;
  units = ldexp (value, dtype->mantissa - exponent);
  return units == rint (units);
}

int
qx_dtype_allowed (const struct qx_dtype *dtype, double value)
{
  if (dtype->kind == QX_DT_SCALEDINT || dtype->kind == QX_DT_FLOAT32 || dtype->kind == QX_DT_FLOAT16)
    return 1;
  if (dtype->kind == QX_DT_FLOAT)
    return float_allows (dtype, value);
  if (!(value >= qx_dtype_min (dtype) && value <= qx_dtype_max (dtype)))
    return 0;
  if (dtype->kind == QX_DT_FIXED)
    value = ldexp (value, dtype->bits - dtype->integer);
  if (dtype->kind == QX_DT_BIPOLAR && value == 0)
    return 0;
  return value == rint (value);
}

static struct qx_dtype
first_width (int kind, double value)
{
  struct qx_dtype dtype = { .kind = kind, .bits = 1 };

  while (dtype.bits <= 64 && !qx_dtype_allowed (&dtype, value))
    dtype.bits++;
  return dtype;
}

struct qx_dtype
qx_dtype_smallest (double value)
{
  struct qx_dtype none = { .kind = QX_DT_FLOAT32, .bits = 32 }, dtype;

  if (isnan (value) || value != rint (value))
    return none;
  if (value == -1)
    return (struct qx_dtype){ .kind = QX_DT_BIPOLAR, .bits = 1 };
  dtype = first_width (value < 0 ? QX_DT_INT : QX_DT_UINT, value);
  return dtype.bits <= 64 ? dtype : none;
}
