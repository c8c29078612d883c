/* SPDX-License-Identifier: BSD-3-Clause */
/* report_timing_summary. Read are the design's summary with the sentence that closes it, the periods of the clocks, and the table of the
   clocks' own paths, which tells which clock has the worst slack. All of them stand before the details, however long those are. Slacks and
   periods are in ns, frequencies in MHz. */
#include <config.h>

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "core/metrics/text_report.h"

#define MAX_CLOCKS 4096 /* with more than that, fmax is not reckoned */
#define N_VALUES   12
#define ROUNDING   0.0011 /* ns: two numbers of three decimals */

/* Its columns have stood in this order in every release; a table with others is not understood. */
#define COLUMNS                                                                                              \
  "WNS(ns) TNS(ns) TNS Failing Endpoints TNS Total Endpoints WHS(ns) THS(ns) THS Failing Endpoints "         \
  "THS Total Endpoints WPWS(ns) TPWS(ns) TPWS Failing Endpoints TPWS Total Endpoints"
#define CLOCK_COLUMNS "Clock Waveform(ns) Period(ns) Frequency(MHz)"

/* States are what is expected next. */
enum {
  SUMMARY,
  SUMMARY_HEADER,
  SUMMARY_ROW,
  SENTENCE,
  CLOCKS,
  CLOCKS_HEADER,
  CLOCK,
  TABLE,
  TABLE_HEADER,
  TABLE_DASHES,
  TABLE_ROW,
  DONE
};

/* ---- Lines ---- */

/* Is it the heading "| name"? */
static int
is_heading (const char *text, const char *name)
{
  return text[0] == '|' && text[1] == ' ' && strcmp (text + 2, name) == 0;
}

static int
is_dashes (const char *text)
{
  return strchr (text, '-') != NULL && text[strspn (text, "- ")] == '\0';
}

static int
is_empty (const char *text)
{
  return text[strspn (text, " \t\r")] == '\0';
}

/* Is it these words, with any number of blanks between? */
static int
has_words (const char *text, const char *words)
{
  while (isspace ((unsigned char) *text))
    text++;
  for (; *words != '\0'; words++)
    if (*words != ' ') {
      if (*text++ != *words)
        return 0;
    } else {
      if (!isspace ((unsigned char) *text))
        return 0;
      while (isspace ((unsigned char) *text))
        text++;
    }
  return is_empty (text);
}

static int
expect_words (struct br_collecting *c, const struct br_line *line, const char *file, const char *words)
{
  return line->whole && has_words (line->text, words)
             ? 0
             : br_report_wrong (c, file, "line %zu: expected the columns %s", line->number, words);
}

/* ---- The design's row ---- */

/* Reads text of decimals, "NA" and "inf" (nothing is constrained) as absent. */
struct slack {
  int there;
  double worst, total, failing, endpoints;
};

static int
read_cell (const char *text, int is_time, double *value, int *absent)
{
  if (strcmp (text, "NA") == 0 || strcmp (text, "inf") == 0) {
    *absent = 1;
    return 0;
  }
  return (strchr (text, '.') != NULL) == is_time ? br_text_decimal (text, value) : -1;
}

/* The sum of slacks that are missed is not positive, and something fails exactly where the worst one is missed. */
static int
is_consistent (const struct slack *s)
{
  if (!s->there)
    return 1;
  if (s->total > 0 || s->failing < 0 || s->failing > s->endpoints)
    return 0;
  if (s->failing > 0)
    return s->worst <= 0 && s->total <= s->worst + ROUNDING;
  return s->worst >= 0 && s->total == 0;
}

static int
read_slack (const struct br_cells *cells, size_t first, struct slack *s)
{
  int absent = 0;

  if (read_cell (br_cells_get (cells, first), 1, &s->worst, &absent) < 0 ||
      read_cell (br_cells_get (cells, first + 1), 1, &s->total, &absent) < 0 ||
      read_cell (br_cells_get (cells, first + 2), 0, &s->failing, &absent) < 0 ||
      read_cell (br_cells_get (cells, first + 3), 0, &s->endpoints, &absent) < 0)
    return -1;
  s->there = !absent;
  return is_consistent (s) ? 0 : -1;
}

static int
split_words (struct br_collecting *c, const struct br_line *line, struct br_cells *cells)
{
  const char *at = line->text;
  size_t n;

  for (br_cells_clear (cells); (n = strcspn (at += strspn (at, " \t\r"), " \t\r")) > 0; at += n)
    if (cells->n < BR_MAX_CELLS && br_cells_add (cells, at, n) < 0)
      return br_error_oom (c->err);
  return 0;
}

static int
keep_row (struct br_timing *timing, const struct br_cells *cells)
{
  struct slack setup = { 0 }, hold = { 0 }, pulse = { 0 };

  if (cells->n != N_VALUES || read_slack (cells, 0, &setup) < 0 || read_slack (cells, 4, &hold) < 0 ||
      read_slack (cells, 8, &pulse) < 0)
    return -1;
  timing->has_row = 1;
  timing->has_setup = setup.there;
  timing->has_hold = hold.there;
  timing->wns = setup.worst;
  timing->tns = setup.total;
  timing->whs = hold.worst;
  timing->ths = hold.total;
  timing->met = setup.failing == 0 && hold.failing == 0 && pulse.failing == 0;
  return 0;
}

static int
take_row (struct br_collecting *c, struct br_timing *timing, const struct br_line *line, const char *file)
{
  struct br_cells cells = { 0 };
  int ret = split_words (c, line, &cells);

  if (ret == 0 && (!line->whole || keep_row (timing, &cells) < 0))
    ret = br_report_wrong (c, file,
                           "line %zu: expected %d values that go together: slacks, their sums and counts of "
                           "endpoints for setup, hold and pulse width",
                           line->number, N_VALUES);
  br_cells_free (&cells);
  return ret;
}

static int
take_sentence (struct br_collecting *c, struct br_timing *timing, const struct br_line *line,
               const char *file)
{
  int met = has_words (line->text, "All user specified timing constraints are met.");
  int missed = has_words (line->text, "Timing constraints are not met.");
  int none = has_words (line->text, "There are no user specified timing constraints.");

  if (!met && !missed && !none)
    return br_report_wrong (c, file, "line %zu: expected a sentence that says whether constraints are met",
                            line->number);
  if (met && !timing->met)
    return br_report_wrong (c, file, "line %zu: the sentence does not go with the slacks above it",
                            line->number);
  timing->constrained = !none;
  timing->met = met;
  return 0;
}

/* ---- Clocks ---- */

static int
add_clock (struct br_collecting *c, struct br_timing *timing, const char *name, size_t n, double period)
{
  struct br_clock *clocks;

  if (timing->n_clocks == MAX_CLOCKS)
    return 0;
  clocks = realloc (timing->clocks, (timing->n_clocks + 1) * sizeof *clocks);
  if (clocks == NULL)
    return br_error_oom (c->err);
  timing->clocks = clocks;
  clocks[timing->n_clocks].period = period;
  clocks[timing->n_clocks].name = br_printf ("%.*s", (int) n, name);
  if (clocks[timing->n_clocks].name == NULL)
    return br_error_oom (c->err);
  timing->n_clocks++;
  return 0;
}

/* The two are written with three decimals. Nearly every clock is high for half of its period: one that is high for half of
   what stands as its frequency has the two in each other's place. */
static int
go_together (double period, double frequency, double high)
{
  if (period <= 0 || fabs (period * frequency - 1000) > 0.001 * (period + frequency) + 1e-6)
    return 0;
  return fabs (2 * high - period) <= 2 * ROUNDING || fabs (2 * high - frequency) > 2 * ROUNDING;
}

/* "{0.000 5.000}": ns of the first two edges. */
static int
read_high (const char *wave, double *high)
{
  char *end;
  double rise = strtod (wave + 1, &end), fall;

  if (end == wave + 1)
    return -1;
  wave = end;
  fall = strtod (wave, &end);
  *high = fall - rise;
  return end != wave && fall > rise ? 0 : -1;
}

/* "  name   {0.000 5.000}   10.000   100.000" */
static int
take_clock (struct br_collecting *c, struct br_timing *timing, const struct br_line *line, const char *file)
{
  const char *name = line->text + strspn (line->text, " "), *wave = strchr (name, '{');
  const char *rest = wave != NULL ? strchr (wave, '}') : NULL;
  struct br_cells cells = { 0 };
  double period = 0, frequency = 0, high = 0;
  int ok, ret;

  if (rest == NULL || !line->whole || read_high (wave, &high) < 0)
    return br_report_wrong (c, file, "line %zu: expected a clock with its waveform, period and frequency",
                            line->number);
  ret = split_words (c, &(struct br_line){ rest + 1, line->number, 1 }, &cells);
  ok = cells.n == 2 && br_text_decimal (br_cells_get (&cells, 0), &period) == 0 &&
       br_text_decimal (br_cells_get (&cells, 1), &frequency) == 0 && go_together (period, frequency, high);
  br_cells_free (&cells);
  if (ret < 0)
    return -1;
  if (!ok)
    return br_report_wrong (c, file, "line %zu: expected a period in ns and its frequency in MHz",
                            line->number);
  return add_clock (c, timing, name, strcspn (name, " "), period);
}

/* ---- The clocks' own paths ---- */

/* Values end where the dashes of their column do; those of WNS are the second. */
static int
find_column (struct br_timing *timing, const char *text)
{
  const char *at = text + strspn (text, " ");

  at += strspn (at, "-");
  at += strspn (at, " ");
  timing->slack_end = (size_t) (at - text) + strspn (at, "-");
  free (timing->dashes);
  return br_str_copy (&timing->dashes, text);
}

static const struct br_clock *
find_clock (const struct br_timing *timing, const char *name, size_t n)
{
  for (size_t i = 0; i < timing->n_clocks; i++)
    if (strlen (timing->clocks[i].name) == n && memcmp (timing->clocks[i].name, name, n) == 0)
      return &timing->clocks[i];
  return NULL;
}

/* Does a column end before this character? */
static int
is_end (const struct br_timing *timing, size_t at)
{
  const char *dashes = timing->dashes;

  return at <= strlen (dashes) && dashes[at - 1] == '-' && dashes[at] != '-';
}

/* 1; 0 where the column is empty in this row; -1 where something in the row does not end with a column. */
static int
slack_in_row (const struct br_timing *timing, const char *text, double *slack)
{
  size_t at = strspn (text, " ");
  int found = 0;

  at += strcspn (text + at, " "); /* the clock's name */
  while (text[at += strspn (text + at, " ")] != '\0') {
    size_t begin = at;
    char number[24];

    at += strcspn (text + at, " ");
    if (!is_end (timing, at))
      return -1;
    if (at != timing->slack_end)
      continue;
    if (at - begin >= sizeof number)
      return -1;
    memcpy (number, text + begin, at - begin);
    number[at - begin] = '\0';
    if (strchr (number, '.') == NULL || br_text_decimal (number, slack) < 0)
      return -1;
    found = 1;
  }
  return found;
}

/* The worst slack; of two clocks that share it the slower one. */
static int
take_table_row (struct br_collecting *c, struct br_timing *timing, const struct br_line *line,
                const char *file)
{
  const char *name = line->text + strspn (line->text, " ");
  const struct br_clock *clock = find_clock (timing, name, strcspn (name, " "));
  double slack = 0;
  int there = slack_in_row (timing, line->text, &slack);

  if (!line->whole || (clock == NULL && timing->n_clocks < MAX_CLOCKS) || there < 0)
    return br_report_wrong (c, file, "line %zu: expected a clock of those above, with its slack",
                            line->number);
  if (clock == NULL || !there)
    return 0;
  if (!timing->has_worst || slack < timing->worst_slack ||
      (slack == timing->worst_slack && clock->period > timing->worst_period)) {
    timing->worst_slack = slack;
    timing->worst_period = clock->period;
  }
  timing->has_worst = 1;
  return 0;
}

/* ---- The order of things ---- */

static int
heading (struct br_timing *timing, const char *text)
{
  if (is_heading (text, "Design Timing Summary"))
    timing->state = SUMMARY_HEADER;
  else if (is_heading (text, "Clock Summary") && timing->state == CLOCKS)
    timing->state = CLOCKS_HEADER;
  else if (is_heading (text, "Intra Clock Table") && timing->state == TABLE)
    timing->state = TABLE_HEADER;
  else if (is_heading (text, "Inter Clock Table") && timing->state == TABLE_ROW)
    timing->state = DONE;
  else
    return 0;
  return 1;
}

static int
step (struct br_collecting *c, struct br_timing *timing, const struct br_line *line, const char *file)
{
  switch (timing->state) {
  case SUMMARY_HEADER:
    timing->state = SUMMARY_ROW;
    return expect_words (c, line, file, COLUMNS);
  case SUMMARY_ROW:
    timing->state = SENTENCE;
    return take_row (c, timing, line, file);
  case SENTENCE:
    timing->state = CLOCKS;
    return take_sentence (c, timing, line, file);
  case CLOCKS_HEADER:
    timing->state = CLOCK;
    return expect_words (c, line, file, CLOCK_COLUMNS);
  case CLOCK:
    return take_clock (c, timing, line, file);
  case TABLE_HEADER:
    timing->state = TABLE_DASHES;
    return expect_words (c, line, file, "Clock " COLUMNS);
  case TABLE_ROW:
    return take_table_row (c, timing, line, file);
  default:
    return 0;
  }
}

int
br_timing_line (struct br_collecting *c, struct br_timing *timing, const struct br_line *line,
                const char *file)
{
  const char *text = line->text;

  if (timing->state == DONE || (line->whole && heading (timing, text)))
    return 0;
  if (is_empty (text)) {
    if (timing->state == CLOCK && timing->n_clocks > 0)
      timing->state = TABLE;
    return 0;
  }
  if (text[0] == '|' && timing->state != SENTENCE)
    return 0;
  if (is_dashes (text)) {
    if (timing->state == TABLE_DASHES) {
      if (find_column (timing, text) < 0)
        return br_error_oom (c->err);
      timing->state = TABLE_ROW;
    } else if (timing->state == CLOCK && text[0] == '-' && strchr (text, ' ') == NULL)
      timing->state = TABLE; /* the rule above the next heading: there are no clocks */
    return 0;
  }
  return step (c, timing, line, file);
}

int
br_timing_is_done (const struct br_timing *timing)
{
  return timing->state == DONE;
}

int
br_timing_end (struct br_collecting *c, const struct br_timing *timing, const char *file)
{
  if (!timing->has_row)
    return br_report_wrong (c, file, "expected a Design Timing Summary");
  if (timing->state != DONE)
    return br_report_wrong (c, file, "the file ends before the Inter Clock Table");
  if (timing->has_worst && timing->has_setup && timing->worst_slack < timing->wns)
    return br_report_wrong (c, file, "a clock has a slack of %g ns, worse than the design's %g",
                            timing->worst_slack, timing->wns);
  return 0;
}

void
br_timing_free (struct br_timing *timing)
{
  for (size_t i = 0; i < timing->n_clocks; i++)
    free (timing->clocks[i].name);
  free (timing->clocks);
  free (timing->dashes);
  timing->dashes = NULL;
  timing->clocks = NULL;
  timing->n_clocks = 0;
}
