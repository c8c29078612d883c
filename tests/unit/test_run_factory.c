/* SPDX-License-Identifier: BSD-3-Clause */
/* The embedding API with the program's own modules: runners by name, what they say of themselves, and whom auto takes. */
#include <config.h>

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <buildrunner/buildrunner.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "tests/unit/children.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static char *scratch, *model;
static struct br_registry *registry;

/* As far as its outermost fields go. */
static const unsigned char tiny_model[] = { 010, 010, 072, 004, 022, 002, 'g', '1' };

/* of: a folder of modules; NULL: those of the build tree. */
static void
scan (const char *of)
{
  const char *top = getenv ("top_builddir");
  BR_AUTOFREE char *all = br_path_join (top != NULL ? top : ".", "stage/plugins");
  BR_AUTOFREE char *absolute = br_path_absolute (all);
  const char *const directories[] = { of != NULL ? of : absolute, NULL };
  char *reason = NULL;

  registry = br_registry_new ();
  ck_assert_ptr_nonnull (registry);
  ck_assert_msg (br_registry_scan (registry, directories, &reason) == 0, "%s", reason);
}

static void
set_up (void)
{
  BR_AUTOFREE char *worker = scratch_program ("buildrunner-worker");

  setenv ("BUILDRUNNER_WORKER", worker, 1);
  scratch = scratch_make ();
  model = scratch_path (scratch, "model.onnx");
  scratch_write (model, tiny_model, sizeof tiny_model);
}

static void
tear_down (void)
{
  br_registry_free (registry);
  registry = NULL;
  free (model);
  scratch_remove (scratch);
}

static const struct {
  const char *name, *title, *stages;
} known[] = {
  { "legacy_finn", "FINN Legacy Builder", "dataflow_graph rtl stitched_ip" },
  { "brainsmith_stub", "FINN-Brainsmith Direct (Stub)", "dataflow_graph rtl stitched_ip" },
  { "future_brainsmith", "FINN-Brainsmith Direct (Stub)", "dataflow_graph rtl stitched_ip" },
  { "dataflow_estimate", NULL, "dataflow_graph" },
  { "auto", "auto", "" },
};

START_TEST (a_runner_says_its_name_and_its_stages)
{
  struct br_str stages = { 0 };
  char *reason = NULL;
  struct br_runner *runner;
  const char *const *stage;

  scan (NULL);
  runner = br_runner_create (registry, known[_i].name, &reason);
  ck_assert_msg (runner != NULL, "%s", reason);
  if (known[_i].title != NULL)
    ck_assert_str_eq (br_runner_backend_name (runner), known[_i].title);
  for (stage = br_runner_output_stages (runner); *stage != NULL; stage++)
    br_str_printf (&stages, "%s%s", stages.length > 0 ? " " : "", *stage);
  ck_assert_str_eq (stages.text != NULL ? stages.text : "", known[_i].stages);
  br_str_free (&stages);
  br_runner_free (runner);
}
END_TEST

START_TEST (an_unknown_name_lists_the_known_ones)
{
  char *reason = NULL;

  scan (NULL);
  ck_assert_ptr_null (br_runner_create (registry, "legacy_fin", &reason));
  ck_assert_str_eq (reason, "there is no backend legacy_fin; known are auto, brainsmith_stub, command, "
                            "dataflow_estimate, legacy_finn");
  free (reason);
  /* who asks for no reason gets none */
  ck_assert_ptr_null (br_runner_create (registry, "nowhere", NULL));
}
END_TEST

/* Runs a config of the id alone, with these members besides; what ran stands in the result, freed by the caller. */
static int
run (struct br_runner *runner, const char *members, char **result, char **reason)
{
  BR_AUTOFREE char *config = br_printf ("{\"id\": \"one\", \"output_dir\": \"out\"%s}", members);

  return br_runner_run (runner, config, scratch, model, result, reason);
}

START_TEST (the_name_that_was_asked_for_wins_over_the_configs)
{
  char *reason = NULL, *result = NULL;
  struct br_runner *runner;

  scan (NULL);
  runner = br_runner_create (registry, "brainsmith_stub", &reason);
  ck_assert_int_eq (run (runner, ", \"backend\": \"legacy_finn\"", &result, &reason), 0);
  ck_assert_ptr_nonnull (result);
  ck_assert_ptr_nonnull (strstr (result, "\"brainsmith_stub\""));
  ck_assert_ptr_null (strstr (result, "legacy_finn\""));
  free (result);
  br_runner_free (runner);
}
END_TEST

START_TEST (auto_takes_none_that_is_simulated)
{
  char *reason = NULL, *result = NULL;
  struct br_runner *runner;

  scan (NULL);
  /* without a FINN to be found, and beyond what the estimate does */
  setenv ("PATH", scratch, 1);
  runner = br_runner_create (registry, "auto", &reason);
  ck_assert_int_eq (
      run (runner, ", \"global_config\": {\"output_stage\": \"stitched_ip\"}", &result, &reason), 3);
  ck_assert_ptr_null (result);
  ck_assert_ptr_nonnull (strstr (reason, "not legacy_finn: "));
  ck_assert_ptr_nonnull (strstr (reason, "not dataflow_estimate: it has no output stage stitched_ip"));
  ck_assert_ptr_null (strstr (reason, "brainsmith_stub"));
  free (reason);
  br_runner_free (runner);
}
END_TEST

START_TEST (auto_takes_the_estimate_where_there_is_no_finn_and_says_so)
{
  char *reason = NULL, *result = NULL;
  struct br_runner *runner;

  scan (NULL);
  setenv ("PATH", scratch, 1);
  runner = br_runner_create (registry, "auto", &reason);
  /* the model is none that it can estimate: the build fails, and in the backend that was chosen */
  ck_assert_int_eq (run (runner, "", &result, &reason), 1);
  ck_assert_ptr_nonnull (result);
  ck_assert_ptr_nonnull (strstr (result, "\"dataflow_estimate\""));
  ck_assert_str_ne (br_runner_backend_name (runner), "auto");
  free (result);
  br_runner_free (runner);
}
END_TEST

static void
build_simulated (void)
{
  char *reason = NULL;
  struct br_runner *runner = br_runner_create (registry, "brainsmith_stub", &reason);

  ck_assert_msg (runner != NULL, "%s", reason);
  ck_assert_int_eq (run (runner, "", NULL, &reason), 0);
  br_runner_free (runner);
}

START_TEST (the_runners_of_a_registry_share_the_supervisor_that_the_scan_started)
{
  pid_t supervisor;
  unsigned n;

  scan (NULL);
  supervisor = first_child (&n);
  ck_assert_uint_eq (n, 1);
  for (int i = 0; i < 3; i++) {
    build_simulated ();
    ck_assert_int_eq (first_child (&n), supervisor);
    ck_assert_uint_eq (n, 1);
  }
  br_registry_free (registry);
  registry = NULL;
  ck_assert_int_eq (first_child (NULL), 0);
}
END_TEST

/* NULL, or why the first of its builds that failed did. */
static void *
build_in_thread (void *output)
{
  BR_AUTOFREE char *config = br_printf ("{\"id\": \"one\", \"output_dir\": \"%s\"}", (const char *) output);
  char *reason = NULL, *result = NULL;
  struct br_runner *runner = br_runner_create (registry, "brainsmith_stub", &reason);

  for (int i = 0; i < 5 && runner != NULL && reason == NULL; i++) {
    if (br_runner_run (runner, config, scratch, model, &result, &reason) == 0)
      free (result);
    else if (reason == NULL)
      reason = result;
  }
  br_runner_free (runner);
  return reason;
}

START_TEST (runners_of_two_threads_build_at_the_same_time)
{
  char first[] = "first", second[] = "second";
  char *here;
  pthread_t thread;
  void *there = NULL;

  scan (NULL);
  ck_assert_int_eq (pthread_create (&thread, NULL, build_in_thread, first), 0);
  here = build_in_thread (second);
  ck_assert_int_eq (pthread_join (thread, &there), 0);
  ck_assert_msg (here == NULL, "%s", here);
  ck_assert_msg (there == NULL, "%s", (char *) there);
  br_registry_free (registry);
  registry = NULL;
  ck_assert_int_eq (first_child (NULL), 0);
}
END_TEST

START_TEST (the_reason_holds_all_that_is_wrong_with_a_config)
{
  char *reason = NULL, *result = NULL;
  struct br_runner *runner;

  scan (NULL);
  runner = br_runner_create (registry, "brainsmith_stub", &reason);
  ck_assert_int_eq (
      run (runner, ", \"timestamp\": 5,\n\"preprocessing\": [{\"name\": \"no_such\"}]", &result, &reason), 3);
  ck_assert_ptr_null (result);
  ck_assert_str_eq (reason, "configuration:1:49: /timestamp: a string expected, found 5\n"
                            "configuration:2:19: /preprocessing/0: there is no transform no_such");
  free (reason);
  br_runner_free (runner);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("factory");

  tcase_add_checked_fixture (tests, set_up, tear_down);
  tcase_set_timeout (tests, 60);
  tcase_add_loop_test (tests, a_runner_says_its_name_and_its_stages, 0, sizeof known / sizeof known[0]);
  tcase_add_test (tests, an_unknown_name_lists_the_known_ones);
  tcase_add_test (tests, the_name_that_was_asked_for_wins_over_the_configs);
  tcase_add_test (tests, auto_takes_none_that_is_simulated);
  tcase_add_test (tests, the_reason_holds_all_that_is_wrong_with_a_config);
  tcase_add_test (tests, auto_takes_the_estimate_where_there_is_no_finn_and_says_so);
  tcase_add_test (tests, the_runners_of_a_registry_share_the_supervisor_that_the_scan_started);
  tcase_add_test (tests, runners_of_two_threads_build_at_the_same_time);
  return run_case ("run_factory", tests);
}
