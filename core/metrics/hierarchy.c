/* SPDX-License-Identifier: BSD-3-Clause */
/* Vivado's hierarchical utilisation table. Its columns differ with the device family, but their order does not; of the names, that of the
   DSP column has changed ("DSP48 Blocks", "DSP Blocks"). RAMB36 are whole blocks, RAMB18 halves; total LUTs are those for logic, for RAM and for
   shift registers together. */
#include <config.h>

#include <string.h>

#include "core/metrics/table.h"

/* Columns beside those of a resource each. */
enum { RAMB36 = BR_N_RESOURCES, LOGIC, LUTRAM, SRL, N_WANTED };

static const struct {
  const char *name;
  int of; /* resource, one of the others, or -1 */
} columns[] = {
  { "Instance", -1 },        { "Module", -1 },    { "Total LUTs", BR_LUT }, { "Logic LUTs", LOGIC },
  { "LUTRAMs", LUTRAM },     { "SRLs", SRL },     { "FFs", BR_FF },         { "RAMB36", RAMB36 },
  { "RAMB18", BR_BRAM_18K }, { "URAM", BR_URAM }, { "DSP", BR_DSP },
};

#define N_COLUMNS (sizeof columns / sizeof *columns)

static int
is_header (const struct br_cells *cells)
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
keep_header (struct br_hierarchy *table, const struct br_cells *cells)
{
  for (size_t i = 0; i < cells->n; i++)
    if (br_cells_add (&table->header, br_cells_get (cells, i), strlen (br_cells_get (cells, i))) < 0)
      return -1;
  return 0;
}

static int
take_header (struct br_collecting *c, struct br_hierarchy *table, const struct br_cells *cells,
             const struct br_row_place *at)
{
  int last = -1;

  for (int i = 0; i < N_WANTED; i++)
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
  if (keep_header (table, cells) < 0)
    return br_error_oom (c->err);
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
read_cells (struct br_collecting *c, const struct br_hierarchy *table, const struct br_cells *cells,
            const struct br_row_place *at, double n[N_WANTED])
{
  for (int i = 0; i < N_WANTED; i++) {
    size_t column = (size_t) table->column[i];

    n[i] = -1;
    if (table->column[i] >= 0 &&
        br_cell_count (c, at, br_cells_get (&table->header, column), br_cells_get (cells, column), &n[i]) < 0)
      return -1;
  }
  return 0;
}

static int
take_top (struct br_collecting *c, struct br_hierarchy *table, const struct br_cells *cells,
          const struct br_row_place *at)
{
  double n[N_WANTED];

  if (cells->n != table->header.n)
    return br_report_wrong (c, at->file, "line %zu: %zu cells, expected %zu as in the header", at->line,
                            cells->n, table->header.n);
  if (read_cells (c, table, cells, at, n) < 0)
    return -1;
  if (n[LOGIC] >= 0 && n[LUTRAM] >= 0 && n[SRL] >= 0 && n[BR_LUT] != n[LOGIC] + n[LUTRAM] + n[SRL])
    return br_report_wrong (c, at->file,
                            "line %zu: Total LUTs is %g, expected the sum of the three kinds, %g", at->line,
                            n[BR_LUT], n[LOGIC] + n[LUTRAM] + n[SRL]);
  memcpy (table->counts.n, n, sizeof table->counts.n);
  table->counts.n[BR_BRAM_18K] += 2 * n[RAMB36];
  table->has_top = 1;
  return 0;
}

int
br_hierarchy_row (struct br_collecting *c, struct br_hierarchy *table, const struct br_cells *cells,
                  const struct br_row_place *at)
{
  if (table->has_top)
    return 0;
  if (table->header.n == 0 && is_header (cells))
    return take_header (c, table, cells, at);
  if (!is_top (cells))
    return 0;
  if (table->header.n == 0)
    return br_report_wrong (c, at->file, "line %zu: the row (top) has no header before it", at->line);
  return take_top (c, table, cells, at);
}

int
br_hierarchy_end (struct br_collecting *c, const struct br_hierarchy *table, const char *file)
{
  if (table->header.n == 0)
    return br_report_wrong (c, file, "expected a table with the column Instance");
  return table->has_top ? 0 : br_report_wrong (c, file, "expected a row (top)");
}

void
br_hierarchy_free (struct br_hierarchy *table)
{
  br_cells_free (&table->header);
}
