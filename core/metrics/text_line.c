/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of text reports. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "core/metrics/text_report.h"

int
br_line_is_border (const char *text)
{
  return text[0] == '+' && text[1] == '-' && text[strspn (text, "+-")] == '\0';
}

int
br_line_cells (struct br_collecting *c, const struct br_line *line, const char *file, struct br_cells *cells)
{
  const char *at = line->text, *end;

  br_cells_clear (cells);
  if (*at != '|')
    return 0;
  for (at++; (end = strchr (at, '|')) != NULL; at = end + 1)
    if (br_cells_add (cells, at, (size_t) (end - at)) < 0)
      return br_str_failed (&cells->text)
                 ? br_error_oom (c->err)
                 : br_report_wrong (c, file, "line %zu: too many cells", line->number);
  if (line->whole && at[strspn (at, " \r")] == '\0')
    return 1;
  return br_report_wrong (c, file, "line %zu: the row is cut, expected | at its end", line->number);
}

int
br_text_decimal (const char *text, double *value)
{
  const char *digits = text + (*text == '-');
  size_t n = strspn (digits, "0123456789.");

  if (n == 0 || n > 18 || digits[n] != '\0' || digits[0] == '.' || digits[n - 1] == '.' ||
      (strchr (digits, '.') != NULL && strchr (strchr (digits, '.') + 1, '.') != NULL))
    return -1;
  *value = strtod (text, NULL);
  return 0;
}
