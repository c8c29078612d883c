/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists on the command line. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/series.h"

struct series {
  double *values;
  size_t n;
};

static int
add (struct series *s, double value)
{
  double *values;

  if (s->n == BR_CLI_MAX_SERIES)
    return -1;
  values = realloc (s->values, (s->n + 1) * sizeof *values);
  if (values == NULL)
    return -2;
  values[s->n++] = value;
  s->values = values;
  return 0;
}

/* Decimal with an exponent or none; *rest is what is behind it. */
static int
read_number (const char *text, double *value, const char **rest)
{
  char *end;

  if (strspn (text, "0123456789.") == 0 || text[0] == '.')
    return -1;
  /* strtod would read the first of the dots in "1..2", and "0x" */
  if (text[strspn (text, "0123456789")] == 'x')
    return -1;
  *value = strtod (text, &end);
  if (end[0] == '.' && end > text && end[-1] == '.')
    end--;
  *rest = end;
  /* below DBL_MIN there is no power of ten to go by */
  return isnormal (*value) && *value > 0 ? 0 : -1;
}

static int
add_range (struct series *s, double from, double to)
{
  static const double steps[] = { 1, 2, 5 };
  int ret = add (s, from);

  if (from > to)
    return -1;
  for (double power = pow (10, floor (log10 (from))); ret == 0 && power <= to; power *= 10)
    for (size_t i = 0; ret == 0 && i < 3; i++)
      if (steps[i] * power > from * (1 + 1e-9) && steps[i] * power < to * (1 - 1e-9))
        ret = add (s, steps[i] * power);
  return ret == 0 && to > from ? add (s, to) : ret;
}

/* One item, a number or a range; *text moves to the comma behind it, or the end. */
static int
read_item (struct series *s, const char **text)
{
  double from, to;

  if (read_number (*text, &from, text) < 0)
    return -1;
  if (strncmp (*text, "..", 2) != 0)
    return add (s, from);
  if (read_number (*text + 2, &to, text) < 0)
    return -1;
  return add_range (s, from, to);
}

int
br_cli_read_series (const char *text, double **values, size_t *n)
{
  struct series s = { 0 };
  int ret = read_item (&s, &text);

  while (ret == 0 && *text == ',') {
    text++;
    ret = read_item (&s, &text);
  }
  if (ret == 0 && *text != '\0')
    ret = -1;
  *values = s.values;
  *n = s.n;
  return ret;
}

int
br_cli_read_words (const char *text, char ***words, size_t *n)
{
  size_t most = 1;

  for (const char *c = text; *c != '\0'; c++)
    most += *c == ',';
  *n = 0;
  *words = calloc (most + 1, sizeof **words);
  if (*words == NULL)
    return -2;
  for (size_t i = 0; i < most; i++) {
    size_t length = strcspn (text, ",");

    if (length == 0)
      return -1;
    (*words)[i] = strndup (text, length);
    if ((*words)[i] == NULL)
      return -2;
    ++*n;
    text += length + 1;
  }
  return 0;
}
