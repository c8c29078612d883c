/* SPDX-License-Identifier: BSD-3-Clause */
/* Reports that are damaged in many ways: cut, with cells or columns in each other's place, with values of other types. Whatever happens to a
   report, the collector says that it is wrong, or the numbers are those of the report as it was. */
#include <config.h>

#include <check.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"
#include "tests/unit/metrics_rig.h"
#include "tests/unit/scratch.h"

static const struct {
  const char *folder, *file, *device;
} reports[] = {
  { "zynq", "report/estimate_layer_config_alternatives.json", "Pynq-Z1" },
  { "zynq", "report/estimate_layer_cycles.json", "Pynq-Z1" },
  { "zynq", "report/estimate_layer_resources.json", "Pynq-Z1" },
  { "zynq", "report/estimate_layer_resources_hls.json", "Pynq-Z1" },
  { "zynq", "report/estimate_network_performance.json", "Pynq-Z1" },
  { "zynq", "report/ooc_synth_and_timing.json", "Pynq-Z1" },
  { "zynq", "report/op_and_param_counts.json", "Pynq-Z1" },
  { "zynq", "report/post_route_timing.rpt", "Pynq-Z1" },
  { "zynq", "report/post_synth_resources.json", "Pynq-Z1" },
  { "zynq", "report/post_synth_resources.xml", "Pynq-Z1" },
  { "zynq", "report/rtlsim_performance.json", "Pynq-Z1" },
  { "zynq", "time_per_step.json", "Pynq-Z1" },
  { "plus", "report/estimate_layer_resources_hls.json", "ZCU104" },
  { "plus", "report/fifo_sizing.json", "ZCU104" },
  { "plus", "report/ooc_synth_and_timing_pnr.json", "ZCU104" },
  { "plus", "report/power_estimate_summary.json", "ZCU104" },
  { "plus", "report/rtlsim_performance.json", "ZCU104" },
  { "plus", "report/time_per_step.json", "ZCU104" },
  { "older", "report/estimate_layer_resources_hls.json", "Pynq-Z1" },
  { "older", "report/rtlsim_performance.json", "Pynq-Z1" },
  { "alveo", "vivado_reports/hw_utilization_synth.rpt", "U250" },
  { "alveo", "vivado_reports/hw_region_utilization_routed.rpt", "U250" },
  { "alveo", "vivado_reports/impl_1/hw_bb_locked_timing_summary_routed.rpt", "U250" },
  { "alveo", "vivado_reports/impl_1/hw_bb_locked_utilization_routed.rpt", "U250" },
  { "alveo", "vivado_reports/impl_1/hw_drc_routed.rpt", "U250" },
  { "alveo", "vivado_reports/impl_1/hw_power_routed.rpt", "U250" },
  { "stitched", "stitched_ip/finn_design_partition_util.rpt", "ZCU104" },
};

#define N_REPORTS ((int) (sizeof reports / sizeof *reports))

static struct metrics_rig rig;
static char *whole; /* the report as it is */
static size_t size;
static char *expected; /* what the collector makes of it */
static size_t refused, same, tries;
static size_t every; /* of the damages: that many, to keep valgrind's runs short */

static void
set_up (void)
{
  every = getenv ("BR_VALGRIND") != NULL ? 8 : 1;
  metrics_rig_make (&rig);
}

static void
tear_down (void)
{
  free (whole);
  free (expected);
  metrics_rig_free (&rig);
}

/* All reports of the folder are there, since they are checked against each other; the one that is damaged is given. */
static void
begin (int i)
{
  BR_AUTOFREE char *path = scratch_path (rig.dir, reports[i].file);
  struct br_error err = { 0 };

  metrics_rig_copy (&rig, reports[i].folder);
  rig.device = reports[i].device;
  ck_assert_msg (br_file_read (path, 1 << 24, &whole, &size, &err) == 0, "%s", br_error_text (&err));
  metrics_rig_expect_success (&rig);
  expected = metrics_rig_text (&rig);
  refused = same = tries = 0;
}

static void
try_bytes (int i, const void *bytes, size_t n, const char *what, size_t at)
{
  BR_AUTOFREE char *text = NULL;
  size_t k;

  if (tries++ % every != 0)
    return;
  metrics_rig_write_bytes (&rig, reports[i].file, bytes, n);
  if (metrics_rig_collect (&rig) < 0) {
    ck_assert_str_eq (rig.error.category, "metrics");
    ck_assert_msg (strstr (br_error_text (&rig.error), "report") != NULL ||
                       strstr (br_error_text (&rig.error), "_") != NULL,
                   "no file in: %s", br_error_text (&rig.error));
    refused++;
    return;
  }
  text = metrics_rig_text (&rig);
  for (k = 0; text[k] != '\0' && text[k] == expected[k];)
    k++;
  ck_assert_msg (text[k] == expected[k], "%s: %s at byte %zu gives other numbers: %.60s for %.60s",
                 reports[i].file, what, at, text + (k > 40 ? k - 40 : 0), expected + (k > 40 ? k - 40 : 0));
  same++;
}

/* Puts text in the place of the bytes from a to b. */
static void
try_with (int i, size_t a, size_t b, const char *text, const char *what)
{
  struct br_str changed = { 0 };

  br_str_add_bytes (&changed, whole, a);
  br_str_add (&changed, text);
  br_str_add_bytes (&changed, whole + b, size - b);
  ck_assert (!br_str_failed (&changed));
  try_bytes (i, changed.text, changed.length, what, a);
  br_str_free (&changed);
}

/* ---- Cut ---- */

START_TEST (a_cut_report_gives_the_same_numbers_or_an_error)
{
  begin (_i);
  for (size_t n = 0; n < size; n += 64)
    try_bytes (_i, whole, n, "a cut", n);
  for (size_t n = size < 48 ? 0 : size - 48; n < size; n++)
    try_bytes (_i, whole, n, "a cut", n);
  if (br_str_ends (reports[_i].file, ".json") || br_str_ends (reports[_i].file, ".xml"))
    ck_assert_uint_le (same, 1); /* the line end behind the document */
}
END_TEST

/* ---- Other types ---- */

static int
begins_number (size_t i)
{
  return isdigit ((unsigned char) whole[i]) && (i == 0 || strchr (" \t\n|:[,(\"", whole[i - 1]) != NULL);
}

/* The version of Vivado is text in some reports and a number in others. */
static int
is_name_of_tool (size_t i)
{
  size_t begin = i;

  while (begin > 0 && whole[begin - 1] != '\n')
    begin--;
  return strncmp (whole + begin, "  \"vivado_", 10) == 0;
}

static size_t
end_of_number (size_t i)
{
  while (i < size && (isdigit ((unsigned char) whole[i]) || whole[i] == '.' || whole[i] == 'e'))
    i++;
  return i;
}

START_TEST (a_value_of_another_type_gives_the_same_numbers_or_an_error)
{
  static const char *const others[] = { "NaN", "\"5\"", "true", "[5]", "5x", "1.2.3", "1e999", "" };

  begin (_i);
  for (size_t a = 0; a < size; a++) {
    size_t b = begins_number (a) ? end_of_number (a) : a;

    for (size_t k = 0; b > a && !is_name_of_tool (a) && k < sizeof others / sizeof *others; k++)
      if (k != 1 || a == 0 || whole[a - 1] != '"')
        try_with (_i, a, b, others[k], others[k]);
    a = b > a ? b : a;
  }
}
END_TEST

/* ---- Places ---- */

struct cell {
  size_t begin, end;
};

/* The cells of a line: what stands between bars, in XML between quotes, else between blanks. */
static size_t
cells_of_line (size_t begin, size_t end, struct cell *cells, size_t most)
{
  int bars = whole[begin] == '|';
  size_t n = 0, at = begin;

  while (at < end && n < most) {
    while (at < end && (whole[at] == ' ' || whole[at] == '|'))
      at++;
    cells[n].begin = at;
    while (at < end && whole[at] != '|' && (bars || whole[at] != ' '))
      at++;
    cells[n].end = at;
    while (cells[n].end > cells[n].begin && whole[cells[n].end - 1] == ' ')
      cells[n].end--;
    n += cells[n].end > cells[n].begin;
  }
  return n;
}

static void
try_swap (int i, struct cell a, struct cell b)
{
  BR_AUTOFREE char *text =
      br_printf ("%.*s%.*s%.*s", (int) (b.end - b.begin), whole + b.begin, (int) (b.begin - a.end),
                 whole + a.end, (int) (a.end - a.begin), whole + a.begin);

  ck_assert_ptr_nonnull (text);
  try_with (i, a.begin, b.end, text, "a swap");
}

/* A hierarchical table's rows have nothing to check them by, except among the kinds of LUT. */
static int
can_be_checked (const struct cell *cells, size_t n)
{
  return n < 3 || strchr (whole + cells[2].begin, '(') == NULL || whole[cells[1].begin] != '(';
}

START_TEST (cells_of_text_in_each_others_place_give_the_same_numbers_or_an_error)
{
  struct cell cells[32];
  size_t begin_of_line = 0;

  begin (_i);
  while (br_str_ends (reports[_i].file, ".rpt") && begin_of_line < size) {
    const char *end = memchr (whole + begin_of_line, '\n', size - begin_of_line);
    size_t end_of_line = end != NULL ? (size_t) (end - whole) : size;
    size_t n = cells_of_line (begin_of_line, end_of_line, cells, 32);

    for (size_t k = 0; k + 1 < n; k++)
      if (can_be_checked (cells, n))
        try_swap (_i, cells[k], cells[k + 1]);
    begin_of_line = end_of_line + 1;
  }
}
END_TEST

static int
has_row_end (size_t a, size_t b)
{
  BR_AUTOFREE char *between = br_printf ("%.*s", (int) (b - a), whole + a);

  ck_assert_ptr_nonnull (between);
  return strstr (between, "</tablerow>") != NULL;
}

/* The contents of cell after cell of a row. */
START_TEST (cells_of_xml_in_each_others_place_give_the_same_numbers_or_an_error)
{
  static const char mark[] = "contents=\"";
  struct cell last = { 0, 0 };
  const char *at;

  begin (_i);
  if (!br_str_ends (reports[_i].file, ".xml"))
    return;
  for (at = strstr (whole, mark); at != NULL; at = strstr (at, mark)) {
    struct cell cell = { .begin = (size_t) (at - whole) + sizeof mark - 1 };

    at = strchr (whole + cell.begin, '"');
    cell.end = (size_t) (at - whole);
    if (last.end > 0 && !has_row_end (last.end, cell.begin))
      try_swap (_i, last, cell);
    last = cell;
  }
  ck_assert_uint_gt (refused, 10 / every);
}
END_TEST

/* ---- Bytes ---- */

START_TEST (a_byte_that_is_lost_never_crashes_the_collector)
{
  begin (_i);
  for (size_t a = 0; a < size; a += 7 * every) {
    BR_AUTOFREE char *changed = malloc (size);

    ck_assert_ptr_nonnull (changed);
    memcpy (changed, whole, size);
    changed[a] = (char) 0xff;
    metrics_rig_write_bytes (&rig, reports[_i].file, changed, size);
    if (metrics_rig_collect (&rig) < 0)
      ck_assert_str_eq (rig.error.category, "metrics");
  }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("metrics_damage");
  TCase *tcase = tcase_create ("damage");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tcase, 120);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, a_cut_report_gives_the_same_numbers_or_an_error, 0, N_REPORTS);
  tcase_add_loop_test (tcase, a_value_of_another_type_gives_the_same_numbers_or_an_error, 0, N_REPORTS);
  tcase_add_loop_test (tcase, cells_of_text_in_each_others_place_give_the_same_numbers_or_an_error, 0,
                       N_REPORTS);
  tcase_add_loop_test (tcase, cells_of_xml_in_each_others_place_give_the_same_numbers_or_an_error, 0,
                       N_REPORTS);
  tcase_add_loop_test (tcase, a_byte_that_is_lost_never_crashes_the_collector, 0, N_REPORTS);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
