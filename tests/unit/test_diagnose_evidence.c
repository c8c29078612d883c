/* SPDX-License-Identifier: BSD-3-Clause */
/* What a failed build tells: evidence from its log, tips, and the report. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/diagnose/diagnose.h"
#include "core/diagnose/rules.h"
#include "tests/unit/scratch.h"

static char *scratch, *log_path;
static struct br_result *result;
static struct br_rules *rules;

static void
set_up (void)
{
  struct br_problems problems = { 0 };

  scratch = scratch_make ();
  log_path = scratch_path (scratch, "log");
  result = br_result_new ("evidence");
  rules = br_rules_load (NULL, &problems);
  ck_assert_ptr_nonnull (rules);
  ck_assert_ptr_nonnull (result);
}

static void
tear_down (void)
{
  br_result_free (result);
  br_rules_free (rules);
  free (log_path);
  scratch_remove (scratch);
}

static void
diagnose (const char *category, const char *log, size_t n)
{
  if (log != NULL)
    scratch_write (log_path, log, n);
  ck_assert_int_eq (br_result_set_error (result, category, "it failed", "somewhere"), 0);
  ck_assert_int_eq (br_diagnose (result, rules, scratch, "log"), 0);
}

static void
expect_one (const char *text, size_t line)
{
  ck_assert_uint_eq (result->error.n_evidence, 1);
  ck_assert_str_eq (result->error.evidence[0].text, text);
  ck_assert_uint_eq (result->error.evidence[0].line, line);
}

START_TEST (the_last_exception_is_the_evidence)
{
  static const char log[] = "Traceback (most recent call last):\nKeyError: 'a'\n  File \"x.py\", line 3\n"
                            "finn.util.MyException: second\nnote: an Error: not at the start\n0 errors\n";

  diagnose ("unknown", log, sizeof log - 1);
  expect_one ("finn.util.MyException: second", 4);
}
END_TEST

START_TEST (a_bare_assertion_counts)
{
  diagnose ("unknown", "x\nAssertionError\n", 17);
  expect_one ("AssertionError", 2);
}
END_TEST

START_TEST (words_that_hold_error_do_not_count)
{
  static const char log[] = "ErrorHandler started\nstep_error_check: fine\nERROR\n";

  diagnose ("synthesis", log, sizeof log - 1);
  expect_one ("it failed", 0);
}
END_TEST

static int
is_shown (const char *text)
{
  for (size_t i = 0; i < result->error.n_evidence; i++)
    if (strcmp (result->error.evidence[i].text, text) == 0)
      return 1;
  return 0;
}

START_TEST (what_calls_itself_an_error_stands_behind_the_cause)
{
  static const char log[] = "early error 1\nearly error 2\nerror 3\nerror 4\nerror 5\n"
                            "ERROR: [Synth 8-439] module 'x' not found\na later error\n"
                            "INFO: an error of no importance\n";

  diagnose ("unknown", log, sizeof log - 1);
  ck_assert_str_eq (result->error.category, "synthesis");
  ck_assert_str_eq (result->error.evidence[0].text, "ERROR: [Synth 8-439] module 'x' not found");
  ck_assert (is_shown ("early error 2") && is_shown ("error 5"));
  ck_assert (!is_shown ("early error 1") && !is_shown ("INFO: an error of no importance"));
}
END_TEST

START_TEST (what_calls_itself_an_error_is_forgotten_where_all_went_well)
{
  static const char log[] = "an early error\nbuild completed successfully\nsynth: Killed\n";

  diagnose ("unknown", log, sizeof log - 1);
  ck_assert (!is_shown ("an early error"));
}
END_TEST

START_TEST (without_a_cause_the_last_lines_that_are_not_empty_are_shown)
{
  struct br_str log = { 0 };

  for (int i = 1; i <= 30; i++)
    br_str_printf (&log, "line %d\n\n  \n", i);
  diagnose ("unknown", log.text, log.length);
  ck_assert_uint_eq (result->error.n_evidence, BR_EVIDENCE_LINES);
  ck_assert_str_eq (result->error.evidence[0].text, "line 11");
  ck_assert_uint_eq (result->error.evidence[0].line, 31);
  ck_assert_str_eq (result->error.evidence[BR_EVIDENCE_LINES - 1].text, "line 30");
  br_str_free (&log);
}
END_TEST

START_TEST (a_missing_or_empty_log_leaves_the_reason_itself)
{
  diagnose ("unknown", NULL, 0);
  expect_one ("it failed", 0);
}
END_TEST

START_TEST (any_bytes_and_any_length_become_text)
{
  char *log = malloc (300000);

  ck_assert_ptr_nonnull (log);
  memset (log, 'x', 300000);
  memcpy (log, "ValueError: \xff\x01", 14);
  log[299999] = '\n';
  diagnose ("unknown", log, 300000);
  ck_assert_uint_eq (result->error.n_evidence, 1);
  ck_assert_uint_lt (strlen (result->error.evidence[0].text), BR_EVIDENCE_BYTES + 100);
  ck_assert (br_utf8_valid (result->error.evidence[0].text, strlen (result->error.evidence[0].text)));
  ck_assert (br_str_ends (result->error.evidence[0].text, "…"));
  free (log);
}
END_TEST

START_TEST (a_network_of_floats_has_the_tip_to_quantise_it)
{
  static const char log[] = "[2026-01-01 10:00:00,000] Running step: step_qonnx_to_finn [1/10]\n"
                            "[2026-01-01 10:00:01,000] transform: /Relu: no node of this network can be a "
                            "hardware layer; it stops at "
                            "this one, and nothing in it is quantised\n";
  static const char quantised[] =
      "[2026-01-01 10:00:01,000] transform: /Relu: no node of this network can be a hardware layer; it "
      "stops at this one\n";

  diagnose ("transform", log, sizeof log - 1);
  ck_assert_ptr_nonnull (strstr (result->error.tips[0], "quantize_model"));
  br_result_free (result);
  result = br_result_new ("evidence");
  diagnose ("transform", quantised, sizeof quantised - 1);
  ck_assert_uint_gt (result->error.n_tips, 0);
  for (size_t i = 0; i < result->error.n_tips; i++)
    ck_assert_ptr_null (strstr (result->error.tips[i], "quantize_model"));
}
END_TEST

START_TEST (every_category_has_words_and_tips)
{
  static const char *const categories[] = { "model_load", "preprocessing", "postprocessing", "transform",
                                            "kernel",     "synthesis",     "timing",         "resource",
                                            "memory",     "metrics",       "config",         "environment",
                                            "plugin",     "plugin_crash",  "timeout",        "interrupted",
                                            NULL };

  for (size_t i = 0; categories[i] != NULL; i++) {
    ck_assert_ptr_nonnull (br_category_tips (categories[i])[0]);
    ck_assert_str_ne (br_category_description (categories[i]), br_category_description ("unknown"));
  }
  ck_assert_ptr_nonnull (br_category_tips ("of a later version")[0]);
}
END_TEST

START_TEST (the_report_says_what_people_need)
{
  const struct br_report_subject subject = { .model = "/m.onnx", .device = "Pynq-Z1", .clock_period_ns = 10 };
  static const char *const parts[] = {
    "evidence",       "resource", "it failed",          "/m.onnx", "Pynq-Z1", "10 ns",
    "MyError: small", "log:1",    "- lower target_fps", NULL
  };
  BR_AUTOFREE char *report = NULL;

  diagnose ("resource", "MyError: small\n", 15);
  report = br_error_report (result, &subject);
  ck_assert_ptr_nonnull (report);
  for (size_t i = 0; parts[i] != NULL; i++) {
    const char *at = report;

    while (*at != '\0' && !br_str_starts (at, parts[i]))
      at++;
    ck_assert_msg (*at != '\0', "the report does not say %s", parts[i]);
  }
}
END_TEST

/* ---- Excerpts ---- */

static char *
report_of (const char *log, size_t n)
{
  const struct br_report_subject subject = { .output_dir = scratch };
  char *report;

  diagnose ("resource", log, n);
  report = br_error_report (result, &subject);
  ck_assert_ptr_nonnull (report);
  return report;
}

START_TEST (the_report_shows_the_lines_around_the_evidence)
{
  struct br_str log = { 0 };
  BR_AUTOFREE char *report = NULL;

  for (int i = 1; i <= 30; i++)
    br_str_printf (&log, "line %d\n", i);
  br_str_add (&log, "MyError: last\n");
  report = report_of (log.text, log.length);
  br_str_free (&log);
  ck_assert_ptr_nonnull (strstr (report, "\nLog excerpts\n\nlog\n       28  line 28\n"));
  ck_assert_ptr_nonnull (strstr (report, "\n       30  line 30\n>      31  MyError: last\n"));
  ck_assert_ptr_null (strstr (report, "line 27"));
}
END_TEST

START_TEST (excerpts_that_touch_are_one_and_others_stand_apart)
{
  static const char *const lines[] = { "ERROR: [Place 30-640] a",
                                       "x1",
                                       "x2",
                                       "ERROR: [Place 30-640] b",
                                       "x3",
                                       "x4",
                                       "x5",
                                       "x6",
                                       "x7",
                                       "x8",
                                       "x9",
                                       "ERROR: [Common 17-39] failed" };
  struct br_str log = { 0 };
  BR_AUTOFREE char *report = NULL;

  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    br_str_printf (&log, "%s\n", lines[i]);
  report = report_of (log.text, log.length);
  br_str_free (&log);
  ck_assert_ptr_nonnull (strstr (report,
                                 "log\n>       1  ERROR: [Place 30-640] a\n        2  x1\n        3  x2\n"
                                 ">       4  ERROR: [Place 30-640] b\n"));
  ck_assert_ptr_nonnull (strstr (report, "        7  x5\n   ...\n        9  x7\n"));
  ck_assert_ptr_null (strstr (report, "x6"));
}
END_TEST

START_TEST (an_excerpt_has_its_bounds)
{
  struct br_str log = { 0 };
  BR_AUTOFREE char *report = NULL;

  for (int i = 0; i < 500; i++)
    br_str_add_char (&log, 'y');
  br_str_add (&log, "\nMyError: \x01\n");
  report = report_of (log.text, log.length);
  br_str_free (&log);
  ck_assert_ptr_nonnull (strstr (report, "yyy …\n>       2  MyError: \\x01\n"));
  ck_assert_uint_lt (strlen (report), 2000);
}
END_TEST

START_TEST (a_log_that_is_gone_has_no_excerpt)
{
  const struct br_report_subject subject = { .output_dir = "/nowhere" };
  BR_AUTOFREE char *report = NULL;

  diagnose ("resource", "MyError: small\n", 15);
  report = br_error_report (result, &subject);
  ck_assert_ptr_nonnull (report);
  ck_assert_ptr_nonnull (strstr (report, "log:1: MyError: small"));
  ck_assert_ptr_null (strstr (report, "Log excerpts"));
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("diagnose_evidence");
  TCase *tcase = tcase_create ("evidence");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, the_last_exception_is_the_evidence);
  tcase_add_test (tcase, a_bare_assertion_counts);
  tcase_add_test (tcase, words_that_hold_error_do_not_count);
  tcase_add_test (tcase, what_calls_itself_an_error_stands_behind_the_cause);
  tcase_add_test (tcase, what_calls_itself_an_error_is_forgotten_where_all_went_well);
  tcase_add_test (tcase, without_a_cause_the_last_lines_that_are_not_empty_are_shown);
  tcase_add_test (tcase, a_missing_or_empty_log_leaves_the_reason_itself);
  tcase_add_test (tcase, any_bytes_and_any_length_become_text);
  tcase_add_test (tcase, a_network_of_floats_has_the_tip_to_quantise_it);
  tcase_add_test (tcase, every_category_has_words_and_tips);
  tcase_add_test (tcase, the_report_says_what_people_need);
  tcase_add_test (tcase, the_report_shows_the_lines_around_the_evidence);
  tcase_add_test (tcase, excerpts_that_touch_are_one_and_others_stand_apart);
  tcase_add_test (tcase, an_excerpt_has_its_bounds);
  tcase_add_test (tcase, a_log_that_is_gone_has_no_excerpt);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
