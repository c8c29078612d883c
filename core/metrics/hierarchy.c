/* SPDX-License-Identifier: BSD-3-Clause */
/* Vivado's hierarchical utilisation table. Its columns differ with the device family, but their order does not; of the names, that of the
   DSP column has changed ("DSP48 Blocks", "DSP Blocks"). RAMB36 are whole blocks, RAMB18 halves. */
#include <config.h>

#include <string.h>

#include "core/metrics/table.h"

#define RAMB36 BR_N_RESOURCES

static const struct {
  const char *name;
  int of; /* resource, or -1 */
} columns[] = {
  { "Instance", -1 },        { "Module", -1 },    { "Total LUTs", BR_LUT }, { "Logic LUTs", -1 },
  { "LUTRAMs", -1 },         { "SRLs", -1 },      { "FFs", BR_FF },         { "RAMB36", RAMB36 },
  { "RAMB18", BR_BRAM_18K }, { "URAM", BR_URAM }, { "DSP", BR_DSP },
};

#define N_COLUMNS (sizeof columns / sizeof *columns)

int
br_hierarchy_is_header (const struct br_cells *cells)
{
  for (size_t i = 0; i < cells->n; i++)
    if (strcmp (br_cells_get (cells, i), "Instance") == 0)
      return 1;
  return 0;
}

/* Index in columns, or -1 for one that says nothing to us. */
static int
column_of (const char *name)
{
  if (strncmp (name, "DSP", 3) == 0)
    return (int) N_COLUMNS - 1;
  for (size_t i = 0; i < N_COLUMNS; i++)
    if (strcmp (columns[i].name, name) == 0)
      return (int) i;
  return -1;
}

static int
take_header (struct br_collecting *c, struct br_hierarchy *table, const struct br_cells *cells,
             const struct br_row_place *at)
{
  int last = -1;

  for (int i = 0; i <= RAMB36; i++)
    table->column[i] = -1;
  for (size_t i = 0; i < cells->n; i++) {
    int known = column_of (br_cells_get (cells, i));

    if (known < 0)
      continue;
    if (known <= last)
      return br_report_wrong (c, at->file, "line %zu: column \"%s\" stands behind \"%s\", expected it before",
                              at->line, br_cells_get (cells, i), columns[last].name);
    last = known;
    if (columns[known].of >= 0)
      table->column[columns[known].of] = (int) i;
  }
  table->width = cells->n;
  if (table->column[BR_LUT] >= 0 && table->column[BR_FF] >= 0 && table->column[RAMB36] >= 0 &&
      table->column[BR_BRAM_18K] >= 0)
    return 0;
  return br_report_wrong (c, at->file, "line %zu: expected the columns Total LUTs, FFs, RAMB36 and RAMB18",
                          at->line);
}

static int
is_top (const struct br_cells *cells)
{
  for (size_t i = 0; i < cells->n; i++)
    if (strcmp (br_cells_get (cells, i), "(top)") == 0)
      return 1;
  return 0;
}

static int
cell_of (struct br_collecting *c, const struct br_hierarchy *table, int which, const struct br_cells *cells,
         const struct br_row_place *at, double *value)
{
  const char *name = which == RAMB36 ? "RAMB36" : br_resource_names[which];

  *value = -1;
  if (table->column[which] < 0)
    return 0;
  return br_cell_count (c, at, name, br_cells_get (cells, (size_t) table->column[which]), value);
}

static int
take_top (struct br_collecting *c, struct br_hierarchy *table, const struct br_cells *cells,
          const struct br_row_place *at)
{
  double wholes;

  if (cells->n != table->width)
    return br_report_wrong (c, at->file, "line %zu: %zu cells, expected %zu as in the header", at->line,
                            cells->n, table->width);
  for (int i = 0; i < BR_N_RESOURCES; i++)
    if (cell_of (c, table, i, cells, at, &table->counts.n[i]) < 0)
      return -1;
  if (cell_of (c, table, RAMB36, cells, at, &wholes) < 0)
    return -1;
  table->counts.n[BR_BRAM_18K] += 2 * wholes;
  table->has_top = 1;
  return 0;
}

int
br_hierarchy_row (struct br_collecting *c, struct br_hierarchy *table, const struct br_cells *cells,
                  const struct br_row_place *at)
{
  if (table->has_top)
    return 0;
  if (table->width == 0 && br_hierarchy_is_header (cells))
    return take_header (c, table, cells, at);
  if (!is_top (cells))
    return 0;
  if (table->width == 0)
    return br_report_wrong (c, at->file, "line %zu: the row (top) has no header before it", at->line);
  return take_top (c, table, cells, at);
}

int
br_hierarchy_end (struct br_collecting *c, const struct br_hierarchy *table, const char *file)
{
  if (table->width == 0)
    return br_report_wrong (c, file, "expected a table with the column Instance");
  return table->has_top ? 0 : br_report_wrong (c, file, "expected a row (top)");
}
