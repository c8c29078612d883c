/* SPDX-License-Identifier: BSD-3-Clause */
/* report_power: the first table of the summary, in W. The total may have a remark behind it, as that the junction gets too hot. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "common/cleanup.h"
#include "core/metrics/text_report.h"

#define ROUNDING 0.0025 /* W: three numbers of three decimals */

static const char *const rows[] = { "Total On-Chip Power (W)", "Dynamic (W)", "Device Static (W)" };

static int
take (struct br_collecting *c, struct br_power *power, int which, const struct br_line *line,
      const char *file)
{
  const char *text = br_cells_get (&power->cells, 1);
  size_t n = strcspn (text, " (");
  BR_AUTOFREE char *number = br_printf ("%.*s", (int) n, text);
  const char *rest = text + n + strspn (text + n, " ");

  if (number == NULL)
    return br_error_oom (c->err);
  if (power->cells.n != 2 || br_text_decimal (number, &power->watts[which]) < 0 || power->watts[which] < 0 ||
      (*rest != '\0' && *rest != '('))
    return br_report_wrong (c, file, "line %zu: %s is \"%s\", expected a number of watts", line->number,
                            rows[which], text);
  power->has[which] = 1;
  return 0;
}

int
br_power_line (struct br_collecting *c, struct br_power *power, const struct br_line *line, const char *file)
{
  int is_row;

  if (power->done)
    return 0;
  if (br_line_is_border (line->text)) {
    power->done = power->in_table && power->has[0];
    power->in_table = 1;
    return 0;
  }
  if (!power->in_table || (is_row = br_line_cells (c, line, file, &power->cells)) == 0)
    return 0;
  if (is_row < 0)
    return -1;
  for (int i = 0; i < 3; i++)
    if (strcmp (br_cells_get (&power->cells, 0), rows[i]) == 0)
      return take (c, power, i, line, file);
  return 0;
}

int
br_power_end (struct br_collecting *c, const struct br_power *power, const char *file)
{
  for (int i = 0; i < 3; i++)
    if (!power->has[i])
      return br_report_wrong (c, file, "expected a row \"%s\"", rows[i]);
  if (!power->done)
    return br_report_wrong (c, file, "the file ends in the table of \"%s\"", rows[0]);
  if (fabs (power->watts[0] - power->watts[1] - power->watts[2]) > ROUNDING)
    return br_report_wrong (c, file, "%s is %g, expected the sum of dynamic and static power, %g", rows[0],
                            power->watts[0], power->watts[1] + power->watts[2]);
  return 0;
}

void
br_power_free (struct br_power *power)
{
  br_cells_free (&power->cells);
}
