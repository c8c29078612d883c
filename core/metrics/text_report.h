/* SPDX-License-Identifier: BSD-3-Clause */
/* Vivado's text reports, read as streams of lines: timing summary, utilisation, power. */
#ifndef BR_METRICS_TEXT_REPORT_H
#define BR_METRICS_TEXT_REPORT_H

#include <stdio.h>

#include "core/metrics/table.h"

#define BR_LINE_LIMIT 16384 /* bytes; of a longer line the rest is passed over */

/* One line, without its end. */
struct br_line {
  const char *text; /* NUL-ended */
  size_t number;
  int whole; /* 0: too long, or the file ends in it */
};

/* ---- Timing summary (report_timing_summary) ---- */

struct br_clock {
  char *name;
  double period; /* ns */
};

/* Slacks in ns, as in FINN's reports. Start with zeroes. */
struct br_timing {
  int state; /* of the reader */
  int has_row, constrained, met;
  int has_setup, has_hold; /* "NA" otherwise */
  double wns, tns, whs, ths;
  struct br_clock *clocks;
  size_t n_clocks;
  char *dashes;     /* under the header of the table of clocks; owned */
  size_t slack_end; /* column behind the last character of a WNS there */
  int has_worst;    /* a clock of its own has the worst slack: between two clocks there is no fmax */
  double worst_slack, worst_period;
};

int br_timing_line (struct br_collecting *c, struct br_timing *timing, const struct br_line *line,
                    const char *file);
/* Has all been read that is wanted? */
int br_timing_is_done (const struct br_timing *timing);
int br_timing_end (struct br_collecting *c, const struct br_timing *timing, const char *file);
void br_timing_free (struct br_timing *timing);

/* ---- Utilisation (report_utilization, flat or hierarchical) ---- */

struct br_utilization {
  int in_table, rows; /* between its first border and its last; rows: its header is done */
  int wanted;         /* a table of site types */
  size_t width, used, available, percent; /* columns, and where three of them stand */
  struct br_cells cells;
  struct br_hierarchy hierarchy;
  int hierarchical;
  int has[BR_N_RESOURCES];
  struct br_counts counts;
};

int br_utilization_line (struct br_collecting *c, struct br_utilization *u, const struct br_line *line,
                         const char *file);
int br_utilization_end (struct br_collecting *c, struct br_utilization *u, const char *file);
void br_utilization_free (struct br_utilization *u);

/* ---- Power (report_power) ---- */

struct br_power {
  int in_table, done;
  int has[3];
  double watts[3]; /* total, dynamic, static */
  struct br_cells cells;
};

int br_power_line (struct br_collecting *c, struct br_power *power, const struct br_line *line,
                   const char *file);
int br_power_end (struct br_collecting *c, const struct br_power *power, const char *file);
void br_power_free (struct br_power *power);

/* ---- What the three share ---- */

/* "+----+---+" */
int br_line_is_border (const char *text);
/* Splits "| a | b |". 1; 0: the line is no row; -1 with the error. */
int br_line_cells (struct br_collecting *c, const struct br_line *line, const char *file,
                   struct br_cells *cells);
/* A decimal number that is the whole text. 0 or -1 (no error set). */
int br_text_decimal (const char *text, double *value);

#endif
