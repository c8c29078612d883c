/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers with units, as a command line writes them. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/cli/units.h"

struct unit {
  const char *name;
  double factor;
};

/* What strtod would take beyond this (signs, hexadecimal, exponents, "nan") is no number here. */
static int
read_prefix (const char *text, double *value, const char **rest)
{
  size_t digits = strspn (text, "0123456789.");
  char *end;
  double number;

  if (digits == 0 || text[digits] == 'x' || text[digits] == 'X')
    return -1;
  number = strtod (text, &end);
  if (end != text + digits || !isfinite (number) || number <= 0)
    return -1;
  *value = number;
  *rest = end;
  return 0;
}

static int
read_with_unit (const char *text, const struct unit *units, double *value)
{
  const char *rest;
  double number;

  if (read_prefix (text, &number, &rest) < 0)
    return -1;
  for (; units->name != NULL; units++)
    if (strcasecmp (rest, units->name) == 0) {
      *value = number * units->factor;
      return 0;
    }
  return -1;
}

int
br_cli_read_number (const char *text, double *value)
{
  static const struct unit units[] = { { "", 1 }, { NULL, 0 } };

  return read_with_unit (text, units, value);
}

int
br_cli_read_duration (const char *text, double *minutes)
{
  static const struct unit units[] = {
    { "", 1.0 / 60 }, { "s", 1.0 / 60 }, { "m", 1 }, { "h", 60 }, { "d", 24 * 60 }, { NULL, 0 },
  };

  return read_with_unit (text, units, minutes);
}

int
br_cli_read_size (const char *text, double *mebibytes)
{
  static const struct unit units[] = {
    { "", 1.0 / (1024 * 1024) },
    { "B", 1.0 / (1024 * 1024) },
    { "K", 1.0 / 1024 },
    { "KB", 1.0 / 1024 },
    { "KiB", 1.0 / 1024 },
    { "M", 1 },
    { "MB", 1 },
    { "MiB", 1 },
    { "G", 1024 },
    { "GB", 1024 },
    { "GiB", 1024 },
    { "T", 1024.0 * 1024 },
    { NULL, 0 },
  };

  return read_with_unit (text, units, mebibytes);
}

static int
one_of (const char *text, const char *const *words)
{
  for (; *words != NULL; words++)
    if (strcasecmp (text, *words) == 0)
      return 1;
  return 0;
}

int
br_cli_read_bool (const char *text, int *value)
{
  static const char *const yes[] = { "1", "y", "yes", "t", "true", NULL };
  static const char *const no[] = { "0", "n", "no", "f", "false", NULL };

  if (!one_of (text, yes) && !one_of (text, no))
    return -1;
  *value = one_of (text, yes);
  return 0;
}
