/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of cells. */
#include <config.h>

#include "core/metrics/table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void
br_cells_clear (struct br_cells *cells)
{
  br_str_truncate (&cells->text, 0);
  cells->n = 0;
}

void
br_cells_free (struct br_cells *cells)
{
  br_str_free (&cells->text);
  cells->n = 0;
}

int
br_cells_add (struct br_cells *cells, const char *text, size_t n)
{
  if (cells->n == BR_MAX_CELLS)
    return -1;
  while (n > 0 && isspace ((unsigned char) text[n - 1]))
    n--;
  for (; n > 0 && isspace ((unsigned char) *text); n--)
    text++;
  cells->at[cells->n] = cells->text.length;
  br_str_add_bytes (&cells->text, text, n);
  br_str_add_char (&cells->text, '\0');
  if (br_str_failed (&cells->text))
    return -1;
  cells->n++;
  return 0;
}

const char *
br_cells_get (const struct br_cells *cells, size_t i)
{
  return i < cells->n ? cells->text.text + cells->at[i] : "";
}

/* "(3.45%)" */
static int
is_percentage (const char *text)
{
  size_t n = strlen (text);

  return n > 3 && text[0] == '(' && text[n - 1] == ')' && text[n - 2] == '%' &&
         strspn (text + 1, "0123456789.<") == n - 3;
}

int
br_cell_count (struct br_collecting *c, const struct br_row_place *at, const char *column, const char *text,
               double *value)
{
  size_t digits = strspn (text, "0123456789");

  if (digits == 0 || digits > 15 || (text[digits] != '\0' && !is_percentage (text + digits)))
    return br_report_wrong (c, at->file, "line %zu: %s is \"%s\", expected a count", at->line, column, text);
  *value = (double) strtoull (text, NULL, 10);
  return 0;
}
