/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of tables in reports, and Vivado's hierarchical utilisation table, which comes as XML and as text. */
#ifndef BR_METRICS_TABLE_H
#define BR_METRICS_TABLE_H

#include "common/str.h"
#include "core/metrics/report.h"

#define BR_MAX_CELLS 64

/* The cells of one row, without blanks around them. Start with zeroes; reused from row to row. */
struct br_cells {
  struct br_str text; /* each cell ends with NUL */
  size_t at[BR_MAX_CELLS];
  size_t n;
};

void br_cells_clear (struct br_cells *cells);
void br_cells_free (struct br_cells *cells);
/* 0, or -1 where there are too many or memory ran out. */
int br_cells_add (struct br_cells *cells, const char *text, size_t n);
const char *br_cells_get (const struct br_cells *cells, size_t i);

/* Where a row stands, for errors. */
struct br_row_place {
  const char *file;
  size_t line;
};

/* A whole number, as "12" or "12(3.45%)". 0 or -1 with the error. */
int br_cell_count (struct br_collecting *c, const struct br_row_place *at, const char *column,
                   const char *text, double *value);

/* Start with zeroes. */
struct br_hierarchy {
  struct br_cells header; /* empty: not seen yet */
  /* where LUT, FF, RAMB18 (as BRAM_18K), URAM, DSP, RAMB36 and three kinds of LUT stand; -1: the table has none */
  int column[BR_N_RESOURCES + 4];
  int has_top;
  struct br_counts counts; /* of the row "(top)" */
};

/* Takes one row; those before the header and those of instances are passed over. 0 or -1. */
int br_hierarchy_row (struct br_collecting *c, struct br_hierarchy *table, const struct br_cells *cells,
                      const struct br_row_place *at);
/* Was everything there? 0 or -1. */
int br_hierarchy_end (struct br_collecting *c, const struct br_hierarchy *table, const char *file);
void br_hierarchy_free (struct br_hierarchy *table);

#endif
