/* SPDX-License-Identifier: BSD-3-Clause */
/* Data when memory runs out: the first allocation fails, then the second, and so on until all goes well. Each time there is
   an error and no crash, nothing is kept, and what is said to be done is what it is with memory. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/path.h"
#include "common/str.h"
#include "core/data/config.h"
#include "core/data/result.h"
#include "core/data/stage.h"
#include "tests/unit/faults.h"

/* What an attempt made, as text (the caller frees), or NULL when it said that it failed. */
typedef char *attempt_function (void);

static void
try_all (attempt_function *attempt)
{
  BR_AUTOFREE char *reference = attempt ();
  long n;

  ck_assert_ptr_nonnull (reference);
  for (n = 0; n < 20000; n++) {
    char *text;
    int failed;

    fault_arm (FAULT_ALLOC, n, NULL);
    text = attempt ();
    failed = fault_disarm ();
    if (text != NULL)
      ck_assert_str_eq (text, reference);
    free (text);
    if (!failed) {
      ck_assert_int_gt (n, 0);
      return;
    }
  }
  ck_abort_msg ("it does not come to an end");
}

/* Check's own allocations, of the library that is linked statically, must not fail. */
static void
must (int fact)
{
  long paused = fault_pause ();

  ck_assert (fact);
  fault_resume (paused);
}

static char *
read_config (void)
{
  static const char text[] = "{\"id\": \"a\", \"kernels\": [[\"k\", [\"hls\"]]], \"transforms\": {\"s\": "
                             "[\"t\"]}, \"build_steps\": [\"b\"], "
                             "\"preprocessing\": [{\"name\": \"p\", \"parameters\": {\"x\": 1}, \"plugin\": "
                             "\"m\"}], \"transforms_by_stage\": "
                             "{\"post_proc\": [\"q\"], \"other\": []}, \"config_flags\": {\"board\": "
                             "\"U250\"}, \"output_dir\": \"o\", "
                             "\"model_path\": \"m\", \"backend\": \"auto\", \"global_config\": "
                             "{\"start_step\": 1, \"log_level\": \"INFO\"}}";
  const char *const sets[] = { "/config_flags/target_fps=5", "/mine/inner=text", NULL };
  struct br_config_overrides over = { .sets = sets, .output_dir = "/x", .timeout_minutes = 1 };
  struct br_problems problems = { 0 };
  struct br_config *config = br_config_read (text, strlen (text), "f", "/base", &over, &problems);
  struct br_str out = { 0 };
  struct br_json_writer w = { .out = &out };

  must (config != NULL || problems.failed || problems.n_errors > 0);
  if (problems.n_errors == 0 && config != NULL)
    br_config_write (config, &w);
  else
    out.failed = 1;
  br_problems_free (&problems);
  br_config_free (config);
  return br_str_take (&out);
}

/* All problems, or an incomplete list that says so. */
static char *
refuse_config (void)
{
  static const char text[] =
      "{\"id\": 5, \"kernels\": [1], \"global_config\": {\"log_levl\": 1, \"output_stage\": \"x\"}}";
  struct br_problems problems = { 0 };
  struct br_config *config = br_config_read (text, strlen (text), "f", "/base", NULL, &problems);
  struct br_str out = { 0 };

  must (config != NULL || problems.failed);
  must (problems.failed || problems.n_errors > 0);
  must (br_problems_exit_code (&problems) != BR_EXIT_OK);
  if (!problems.failed && problems.n == 4)
    br_str_printf (&out, "%zu problems, %zu errors", problems.n, problems.n_errors);
  else
    out.failed = 1;
  br_config_free (config);
  br_problems_free (&problems);
  return br_str_take (&out);
}

static char *
default_config (void)
{
  struct br_problems problems = { 0 };
  struct br_config *config = br_config_default ("/models/caf\xc3\xa9.onnx", NULL, &problems);
  char *id = config != NULL ? strdup (config->id) : NULL;

  must (config != NULL || problems.failed || problems.n_errors > 0);
  br_problems_free (&problems);
  br_config_free (config);
  return id;
}

/* 0 when everything went in. */
static int
fill_result (struct br_result *result)
{
  struct br_step_result *step;

  if (br_metrics_set (&result->metrics, BR_LATENCY, 1, "estimate", "f", "k", NULL) < 0 ||
      br_result_add_artifact (result, "a", "b") < 0 || br_result_add_artifact (result, "a", "c") < 0 ||
      br_result_add_log (result, "l", "m") < 0 ||
      br_result_set_error (result, "timing", "late", "here") < 0 ||
      br_result_add_evidence (result, "f", 1, "t") < 0 || br_result_add_tip (result, "tip") < 0)
    return -1;
  step = br_result_add_step (result, "s", "backend", "p", "1");
  if (step == NULL)
    return -1;
  step->status = BR_STATUS_FAILED;
  return br_result_complete (result, BR_STATUS_FAILED, "late");
}

/* The times are those of the first attempt, so that texts can be compared. */
static char *
make_result (void)
{
  struct br_result *result = br_result_new ("a");
  char *text = NULL;

  if (result != NULL && fill_result (result) == 0) {
    result->start = result->end = (struct timespec){ 1000000000, 0 };
    result->duration_seconds = 0;
    text = br_result_text (result);
  }
  br_result_free (result);
  return text;
}

static char *result_text;

static char *
parse_result (void)
{
  struct br_error err = { 0 };
  struct br_result *result = br_result_parse (result_text, strlen (result_text), &err);
  char *text = result != NULL ? br_result_text (result) : NULL;

  must (result != NULL || br_error_is_set (&err));
  br_error_clear (&err);
  br_result_free (result);
  return text;
}

static void
note_no_memory (void *closure, const char *where, const char *text)
{
  (void) where;
  must (text == NULL);
  *(int *) closure = 1;
}

static char *
resolve_range (void)
{
  char *names[] = { "a", "b", "c", NULL };
  struct br_type_entry types[] = { { "onnx", "b" } };
  const struct br_step_list list = { names, types, types, 1, 1, NULL };
  const struct br_range_request request = { .input_type = "onnx", .stop_step = "c" };
  struct br_range range = { 0 };
  int failed = 0;
  char *text = NULL;

  if (br_range_resolve (&list, &request, &range, note_no_memory, &failed) == 0)
    text = br_printf ("%s to %s, %zu of %zu", range.start, range.stop, range.n, range.total);
  else
    must (failed);
  br_range_free (&range);
  return text;
}

static char *
scan_problems (void)
{
  static const char text[] = "{\"a\": [1e999], \"a/b\": 99999999999999999999, \"a\": \"\\ud800\"}";
  struct br_json_problems problems = { 0 };
  char *last = NULL;

  must (br_json_scan (text, strlen (text), &problems) == -1);
  must (problems.failed || problems.n > 0);
  if (!problems.failed)
    last = br_printf ("%zu: %s: %s", problems.n, problems.items[1].pointer, problems.items[1].text);
  br_json_problems_free (&problems);
  return last;
}

static char *
absolute_path (void)
{
  return br_path_absolute ("a/../b");
}

START_TEST (a_config_is_read_or_refused)
{
  try_all (read_config);
}
END_TEST

START_TEST (a_bad_config_is_always_refused)
{
  try_all (refuse_config);
}
END_TEST

START_TEST (a_default_config_is_made_or_not)
{
  try_all (default_config);
}
END_TEST

START_TEST (a_result_is_made_or_not)
{
  try_all (make_result);
}
END_TEST

START_TEST (a_result_is_read_back_or_refused)
{
  result_text = make_result ();
  try_all (parse_result);
  free (result_text);
}
END_TEST

START_TEST (a_range_is_resolved_or_not)
{
  try_all (resolve_range);
}
END_TEST

START_TEST (a_scan_of_bad_text_never_finds_it_good)
{
  try_all (scan_problems);
}
END_TEST

START_TEST (a_path_is_made_absolute_or_not)
{
  try_all (absolute_path);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("data without memory");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int n_failed;

  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, a_config_is_read_or_refused);
  tcase_add_test (tc, a_bad_config_is_always_refused);
  tcase_add_test (tc, a_default_config_is_made_or_not);
  tcase_add_test (tc, a_result_is_made_or_not);
  tcase_add_test (tc, a_result_is_read_back_or_refused);
  tcase_add_test (tc, a_range_is_resolved_or_not);
  tcase_add_test (tc, a_scan_of_bad_text_never_finds_it_good);
  tcase_add_test (tc, a_path_is_made_absolute_or_not);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  n_failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return n_failed > 0;
}
