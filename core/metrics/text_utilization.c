/* SPDX-License-Identifier: BSD-3-Clause */
/* report_utilization. The flat form has a table of site types for each kind; rows are known by their names, which differ with the device family,
   and each is checked against its own percentage, so that a moved column cannot pass. "Block RAM Tile" counts 36 Kb blocks, a half
   for each 18 Kb one. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "core/metrics/text_report.h"

#define HALF_PERCENT_STEP 0.0051 /* percentages have two decimals */

static const struct {
  const char *name;
  enum br_resource of;
  double scale;
} sites[] = {
  { "Slice LUTs", BR_LUT, 1 },
  { "CLB LUTs", BR_LUT, 1 },
  { "LUTs", BR_LUT, 1 },
  { "Register as Flip Flop", BR_FF, 1 },
  { "Block RAM Tile", BR_BRAM_18K, 2 },
  { "URAM", BR_URAM, 1 },
  { "DSPs", BR_DSP, 1 },
  { "DSP Slices", BR_DSP, 1 },
};

#define N_SITES (sizeof sites / sizeof *sites)

/* A mark for a footnote may stand behind the name. */
static int
is_site (const char *name, const char *site)
{
  size_t n = strlen (site);

  return strncmp (name, site, n) == 0 && strspn (name + n, "*") == strlen (name + n);
}

/* ---- The header ---- */

static size_t
column_of (const struct br_cells *cells, const char *name)
{
  size_t i = 0;

  while (i < cells->n && strcmp (br_cells_get (cells, i), name) != 0)
    i++;
  return i;
}

static int
take_header (struct br_collecting *c, struct br_utilization *u, const struct br_line *line, const char *file)
{
  u->width = u->cells.n;
  if (strcmp (br_cells_get (&u->cells, 0), "Instance") == 0)
    u->hierarchical = 1;
  u->wanted = column_of (&u->cells, "Site Type") == 0;
  if (!u->wanted)
    return 0;
  u->used = column_of (&u->cells, "Used");
  u->available = column_of (&u->cells, "Available");
  u->percent = column_of (&u->cells, "Util%");
  if (u->used < u->width && u->available < u->width && u->percent < u->width)
    return 0;
  return br_report_wrong (c, file, "line %zu: expected the columns Used, Available and Util%%", line->number);
}

/* ---- Rows ---- */

/* "<0.01" is how little is written. */
static int
check_percent (double used, double available, const char *text)
{
  double percent = 0;

  if (text[0] == '<')
    return br_text_decimal (text + 1, &percent) == 0 && used * 100 <= percent * available ? 0 : -1;
  if (br_text_decimal (text, &percent) < 0)
    return -1;
  if (available == 0)
    return used == 0 && percent == 0 ? 0 : -1;
  return fabs (used / available * 100 - percent) <= HALF_PERCENT_STEP ? 0 : -1;
}

static int
take_site (struct br_collecting *c, struct br_utilization *u, size_t i, const struct br_line *line,
           const char *file)
{
  const char *used_text = br_cells_get (&u->cells, u->used), *percent = br_cells_get (&u->cells, u->percent);
  const char *available_text = br_cells_get (&u->cells, u->available);
  double used, available;

  if (u->cells.n != u->width)
    return br_report_wrong (c, file, "line %zu: %zu cells, expected %zu as in the header", line->number,
                            u->cells.n, u->width);
  if (br_text_decimal (used_text, &used) < 0 || used < 0 ||
      br_text_decimal (available_text, &available) < 0 || available < 0)
    return br_report_wrong (c, file, "line %zu: %s: \"%s\" of \"%s\", expected two counts", line->number,
                            sites[i].name, used_text, available_text);
  if (check_percent (used, available, percent) < 0)
    return br_report_wrong (c, file, "line %zu: %s: %s of %s are not %s %%: a column has moved", line->number,
                            sites[i].name, used_text, available_text, percent);
  if (!u->has[sites[i].of])
    u->counts.n[sites[i].of] = used * sites[i].scale;
  u->has[sites[i].of] = 1;
  return 0;
}

static int
take_row (struct br_collecting *c, struct br_utilization *u, const struct br_line *line, const char *file)
{
  const struct br_row_place at = { file, line->number };

  if (u->hierarchical)
    return br_hierarchy_row (c, &u->hierarchy, &u->cells, &at);
  if (u->wanted && br_text_decimal (br_cells_get (&u->cells, 0), &(double){ 0 }) == 0)
    return br_report_wrong (c, file, "line %zu: \"%s\" is no site type: a column has moved", line->number,
                            br_cells_get (&u->cells, 0));
  for (size_t i = 0; u->wanted && i < N_SITES; i++)
    if (is_site (br_cells_get (&u->cells, 0), sites[i].name))
      return take_site (c, u, i, line, file);
  return 0;
}

/* A table is: border, header, border, rows, border. */
static void
take_border (struct br_utilization *u)
{
  if (!u->in_table) {
    u->in_table = 1;
    u->width = 0;
    u->wanted = 0;
  } else if (!u->rows && u->width > 0)
    u->rows = 1;
  else
    u->in_table = u->rows = 0;
}

int
br_utilization_line (struct br_collecting *c, struct br_utilization *u, const struct br_line *line,
                     const char *file)
{
  int is_row;

  if (br_line_is_border (line->text)) {
    if (line->whole)
      take_border (u);
    return 0;
  }
  if (!u->in_table)
    return 0;
  if ((is_row = br_line_cells (c, line, file, &u->cells)) < 0)
    return -1;
  if (is_row == 0)
    return br_report_wrong (c, file, "line %zu: expected a row of the table", line->number);
  if (u->rows)
    return take_row (c, u, line, file);
  if (take_header (c, u, line, file) < 0)
    return -1;
  return u->hierarchical ? take_row (c, u, line, file) : 0;
}

int
br_utilization_end (struct br_collecting *c, struct br_utilization *u, const char *file)
{
  static const enum br_resource needed[] = { BR_LUT, BR_FF, BR_BRAM_18K, BR_DSP };

  if (u->in_table)
    return br_report_wrong (c, file, "the file ends in a table");
  if (u->hierarchical) {
    u->counts = u->hierarchy.counts;
    if (!u->hierarchy.has_top) /* of a netlist that is opened as a part of something */
      br_counts_clear (&u->counts);
    return 0;
  }
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
    if (!u->has[needed[i]])
      return br_report_wrong (c, file, "expected a table of site types with a row for %s",
                              br_resource_names[needed[i]]);
  if (!u->has[BR_URAM])
    u->counts.n[BR_URAM] = -1;
  return 0;
}

void
br_utilization_free (struct br_utilization *u)
{
  br_cells_free (&u->cells);
  br_hierarchy_free (&u->hierarchy);
}
