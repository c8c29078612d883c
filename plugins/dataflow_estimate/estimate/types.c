/* SPDX-License-Identifier: BSD-3-Clause */
/* Data types: ranges, names, smallest types. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/types.h"

#define LARGEST_TYPE 64
#define LARGEST_NAMED                                                                                        \
  256 /* accumulators of types that files set may be wider than any type the flow looks for */

int
est_type_is_integer (struct est_type type)
{
  return type.kind != EST_FLOAT32;
}

int
est_type_is_signed (struct est_type type)
{
  return type.kind != EST_UINT;
}

int
est_type_equal (struct est_type a, struct est_type b)
{
  return a.kind == b.kind && a.bits == b.bits;
}

double
est_type_min (struct est_type type)
{
  switch (type.kind) {
  case EST_INT:
    return -ldexp (1, type.bits - 1);
  case EST_UINT:
    return 0;
  case EST_BIPOLAR:
  case EST_TERNARY:
    return -1;
  case EST_FLOAT32:
    break;
  }
  return -HUGE_VAL;
}

double
est_type_max (struct est_type type)
{
  switch (type.kind) {
  case EST_INT:
    return ldexp (1, type.bits - 1) - 1;
  case EST_UINT:
    return ldexp (1, type.bits) - 1;
  case EST_BIPOLAR:
  case EST_TERNARY:
    return 1;
  case EST_FLOAT32:
    break;
  }
  return HUGE_VAL;
}

int
est_type_holds (struct est_type type, double value)
{
  if (type.kind == EST_FLOAT32)
    return 1;
  if (type.kind == EST_BIPOLAR)
    return value == -1 || value == 1;
  return value == floor (value) && value >= est_type_min (type) && value <= est_type_max (type);
}

struct est_type
est_type_smallest (double value)
{
  if (value != floor (value))
    return EST_TYPE_FLOAT;
  for (int bits = 1; bits <= LARGEST_TYPE; bits++)
    if (est_type_holds (EST_TYPE_UINT (bits), value))
      return EST_TYPE_UINT (bits);
  if (value == -1)
    return EST_TYPE_BIPOLAR;
  for (int bits = 2; bits <= LARGEST_TYPE; bits++)
    if (est_type_holds (EST_TYPE_INT (bits), value))
      return EST_TYPE_INT (bits);
  return EST_TYPE_FLOAT;
}

struct est_type
est_type_for_range (double low, double high)
{
  if (low >= 0)
    return est_type_smallest (high);
  if (fabs (low) > high)
    return est_type_smallest (low);
  return est_type_smallest (-high - 1);
}

struct est_type
est_type_for_both (double low, double high)
{
  for (int bits = 1; bits <= LARGEST_TYPE && low >= 0; bits++)
    if (est_type_max (EST_TYPE_UINT (bits)) >= high)
      return EST_TYPE_UINT (bits);
  for (int bits = 1; bits <= LARGEST_TYPE && low < 0; bits++)
    if (est_type_min (EST_TYPE_INT (bits)) <= low && est_type_max (EST_TYPE_INT (bits)) >= high)
      return EST_TYPE_INT (bits);
  return low >= 0 ? EST_TYPE_UINT (LARGEST_TYPE) : EST_TYPE_INT (LARGEST_TYPE);
}

void
est_type_name (struct est_type type, char name[EST_TYPE_NAME])
{
  switch (type.kind) {
  case EST_INT:
    snprintf (name, EST_TYPE_NAME, "INT%d", type.bits);
    return;
  case EST_UINT:
    if (type.bits == 1)
      snprintf (name, EST_TYPE_NAME, "BINARY");
    else
      snprintf (name, EST_TYPE_NAME, "UINT%d", type.bits);
    return;
  case EST_BIPOLAR:
    snprintf (name, EST_TYPE_NAME, "BIPOLAR");
    return;
  case EST_TERNARY:
    snprintf (name, EST_TYPE_NAME, "TERNARY");
    return;
  case EST_FLOAT32:
    break;
  }
  snprintf (name, EST_TYPE_NAME, "FLOAT32");
}

static int
parse_bits (const char *digits, int *bits)
{
  char *end;
  long value;

  if (*digits < '1' || *digits > '9')
    return 0;
  value = strtol (digits, &end, 10);
  if (*end != '\0' || value > LARGEST_NAMED)
    return 0;
  *bits = (int) value;
  return 1;
}

int
est_type_parse (const char *name, struct est_type *type)
{
  static const struct {
    const char *name;
    struct est_type type;
  } fixed[] = {
    { "BINARY", { EST_UINT, 1 } },
    { "BIPOLAR", { EST_BIPOLAR, 1 } },
    { "FLOAT32", { EST_FLOAT32, 32 } },
    { "TERNARY", { EST_TERNARY, 2 } },
  };
  int bits;

  for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
    if (strcmp (name, fixed[i].name) == 0) {
      *type = fixed[i].type;
      return 1;
    }
  if (strncmp (name, "INT", 3) == 0 && parse_bits (name + 3, &bits)) {
    *type = EST_TYPE_INT (bits);
    return 1;
  }
  if (strncmp (name, "UINT", 4) == 0 && parse_bits (name + 4, &bits)) {
    *type = EST_TYPE_UINT (bits);
    return 1;
  }
  return 0;
}
