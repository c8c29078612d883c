/* SPDX-License-Identifier: BSD-3-Clause */
/* Builds in which one operation fails: an allocation, an open, a write, an fsync, a rename, a fork; the first of its kind, the second, and so
   on until a build meets no failure. Each build either says why it failed, with category memory or environment, or is in everything what a
   build without a failure is. Nothing is half-written, nothing leaks, no process stays.

   BUILDRUNNER_FAULTS=all tries every single operation (make check-faults); otherwise the further ones are sampled. */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/str.h"
#include "tests/unit/faults.h"
#include "tests/unit/run_rig.h"
#include "tests/unit/scratch.h"

static struct rig rig;
static char *mark; /* made where an operation fails in another process */

/* ---- Builds ---- */

/* Has a step of each kind, a program, a report and a metric of it. */
static const char good[] =
    "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"sh\", \"-c\", \"mkdir -p $1/report; "
    "echo built; printf '{{\\\"throughput[images/s]\\\": 5, \\\"fclk[mhz]\\\": 100}' "
    ">$1/report/rtlsim_performance.json\", \"-\", \"{output_dir}\"]},"
    "\"preprocessing\": [{\"name\": \"misbehave_append_byte\"}],"
    "\"postprocessing\": [{\"name\": \"misbehave_report_ok\"}]";
/* Fails by itself, and is diagnosed. */
static const char bad[] = "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"sh\", \"-c\", "
                          "\"echo some words; exit 3\"]},"
                          "\"postprocessing\": [{\"name\": \"misbehave_report_ok\"}]";

static const char *members;

static void
set_up (void)
{
  BR_AUTOFREE char *worker = scratch_program ("tests/unit/faulty_worker");

  rig_make (&rig);
  free (rig.worker);
  rig.worker = strdup (worker);
  rig.options.worker = rig.worker;
  mark = scratch_path (rig.dir, "failed");
}

static void
tear_down (void)
{
  unsetenv (BR_FAULT_VARIABLE);
  free (mark);
  rig_free (&rig);
}

/* ---- What a build left ---- */

/* Names of all files below dir, sorted, one a line. */
static void
list_files (const char *dir, const char *prefix, struct br_str *out)
{
  struct dirent **entries;
  int n = scandir (dir, &entries, NULL, alphasort);

  for (int i = 0; i < n; i++) {
    BR_AUTOFREE char *path = br_printf ("%s/%s", dir, entries[i]->d_name);
    BR_AUTOFREE char *name = br_printf ("%s%s", prefix, entries[i]->d_name);
    BR_AUTOFREE char *inside = br_printf ("%s/", name);

    if (entries[i]->d_type == DT_DIR && entries[i]->d_name[0] != '.')
      list_files (path, inside, out);
    else if (entries[i]->d_type != DT_DIR)
      br_str_printf (out, "%s\n", name);
    free (entries[i]);
  }
  if (n >= 0)
    free (entries);
}

static void
add_steps (const struct br_result *result, struct br_str *out)
{
  for (size_t i = 0; i < result->n_steps; i++) {
    const struct br_step_result *step = &result->steps[i];

    br_str_printf (out, "%s %s %s %s %s\n", step->kind, step->name, br_status_name (step->status),
                   step->input_sha256, step->output_sha256);
  }
}

static void
add_paths (const struct br_named_paths *paths, struct br_str *out)
{
  for (size_t i = 0; i < paths->n; i++)
    br_str_printf (out, "%s %s\n", paths->items[i].name, paths->items[i].path);
}

/* All of a build but its times, its warnings and its environment: two builds that are the same have the same text. */
static char *
describe (const struct br_result *result)
{
  struct br_str out = { 0 };
  struct br_json_writer w = { .out = &out };

  br_str_printf (&out, "%s: %s: %s\n", br_status_name (result->status),
                 result->error.category != NULL ? result->error.category : "-",
                 result->error.summary != NULL ? result->error.summary : "-");
  add_steps (result, &out);
  add_paths (&result->artifacts, &out);
  add_paths (&result->logs, &out);
  br_metrics_write (&result->metrics, &w);
  br_str_add (&out, "\n");
  list_files (rig.output, "", &out);
  ck_assert (!br_str_failed (&out));
  return br_str_take (&out);
}

/* ---- One build ---- */

struct place {
  const char *role;
  enum fault_kind kind;
  long n;
};

static const char *
name_of (const struct place *at)
{
  static char text[80];

  snprintf (text, sizeof text, "%s, %s %ld", at->role, fault_name (at->kind), at->n);
  return text;
}

static int
is_host (const struct place *at)
{
  return strcmp (at->role, "host") == 0 || strcmp (at->role, "in-process") == 0;
}

static void
arm (const struct place *at)
{
  BR_AUTOFREE char *text = br_printf ("%s %s %ld %s", at->role, fault_name (at->kind), at->n, mark);

  unlink (mark);
  rig.options.in_process = strcmp (at->role, "in-process") == 0;
  if (is_host (at)) {
    unsetenv (BR_FAULT_VARIABLE);
    fault_arm (at->kind, at->n);
  } else
    setenv (BR_FAULT_VARIABLE, text, 1);
}

static int
disarm (const struct place *at)
{
  int fired = fault_disarm ();

  unsetenv (BR_FAULT_VARIABLE);
  return is_host (at) ? fired : access (mark, F_OK) == 0;
}

static int
count_descriptors (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  int n = 0;

  ck_assert_ptr_nonnull (dir);
  while (readdir (dir) != NULL)
    n++;
  closedir (dir);
  return n;
}

/* Runs the build with one operation failing: 1 when it was reached. */
static int
run_once (const struct place *at)
{
  struct br_error none = { 0 };
  struct br_config *config;
  struct br_plan *plan;
  int descriptors, fired;

  br_dir_remove (rig.output, &none);
  plan = rig_plan (&rig, members, &config);
  ck_assert_ptr_nonnull (plan);
  br_result_free (rig.result);
  br_error_clear (&rig.error);
  descriptors = count_descriptors ();
  arm (at);
  rig.result = br_run (plan, &rig.options, &rig.exit_code, &rig.error);
  fired = disarm (at);
  ck_assert_msg (count_descriptors () == descriptors, "%s: a descriptor stays open", name_of (at));
  br_plan_free (plan);
  br_config_free (config);
  return fired;
}

/* ---- Judging ---- */

static int
is_ours (const char *category)
{
  return category != NULL && (strcmp (category, "memory") == 0 || strcmp (category, "environment") == 0);
}

/* Documents are whole, and no file of a write in progress stays. */
static void
check_files (const struct place *at)
{
  static const char *const documents[] = { "build_result.json", "build_config.json", NULL };
  struct br_str names = { 0 };

  list_files (rig.output, "", &names);
  ck_assert_msg (names.text == NULL || strstr (names.text, ".tmp\n") == NULL, "%s: %s", name_of (at),
                 names.text);
  for (size_t i = 0; documents[i] != NULL; i++) {
    BR_AUTOFREE char *text = rig_read (&rig, documents[i]);
    struct br_error err = { 0 };
    struct json_object *root = text != NULL ? br_json_parse (text, strlen (text), &err) : NULL;

    ck_assert_msg (text == NULL || root != NULL, "%s: %s: %s", name_of (at), documents[i],
                   br_error_text (&err));
    json_object_put (root);
  }
  br_str_free (&names);
}

static void
check_failed (const struct place *at, const char *reference)
{
  BR_AUTOFREE char *text = describe (rig.result);

  if (is_ours (rig.result->error.category)) {
    ck_assert_msg (rig.exit_code == 1, "%s: exit code %d", name_of (at), rig.exit_code);
    rig_check_written (&rig);
    return;
  }
  ck_assert_msg (strcmp (text, reference) == 0,
                 "%s: neither an error of ours nor the build as it is:\n%s\nfor\n%s", name_of (at), text,
                 reference);
  rig_check_written (&rig);
}

static void
judge (const struct place *at, const char *reference)
{
  check_files (at);
  if (rig.result != NULL)
    check_failed (at, reference);
  else {
    ck_assert_msg (is_ours (rig.error.category), "%s: no result, and category %s: %s", name_of (at),
                   rig.error.category, br_error_text (&rig.error));
    ck_assert_msg (rig.exit_code != 0, "%s: exit code 0", name_of (at));
    ck_assert_msg (!rig_has (&rig, "build_result.json"), "%s: no result, but one is written", name_of (at));
  }
  ck_assert_msg (rig_processes (&rig) == 0, "%s: a process stays", name_of (at));
}

/* ---- Sweeps ---- */

static long
next (long n)
{
  const char *all = getenv ("BUILDRUNNER_FAULTS");

  if (all != NULL && strcmp (all, "all") == 0)
    return n + 1;
  return n + 1 + (getenv ("BR_VALGRIND") != NULL ? n : n / 12);
}

static void
sweep (const char *role, enum fault_kind kind, const char *reference, long *reached)
{
  struct place at = { .role = role, .kind = kind };

  for (at.n = 0; run_once (&at); at.n = next (at.n)) {
    judge (&at, reference);
    ck_assert_int_lt (at.n, 100000);
  }
  judge (&at, reference);
  *reached += at.n;
}

static char *
make_reference (int in_process)
{
  const struct place never = { .role = in_process ? "in-process" : "host",
                               .kind = FAULT_ALLOC,
                               .n = 1000000 };

  ck_assert_int_eq (run_once (&never), 0);
  ck_assert_msg (rig.result != NULL, "%s", br_error_text (&rig.error));
  return describe (rig.result);
}

static void
sweep_all (const char *role)
{
  BR_AUTOFREE char *reference = make_reference (strcmp (role, "in-process") == 0);
  long reached = 0;

  for (int kind = 0; kind < FAULT_KINDS; kind++)
    sweep (role, (enum fault_kind) kind, reference, &reached);
  ck_assert_int_gt (reached, 0);
}

static const char *const roles[] = { "in-process", "host", "supervisor", "worker", "keeper" };

START_TEST (a_build_that_would_succeed_says_why_it_did_not)
{
  members = good;
  sweep_all (roles[_i]);
}
END_TEST

START_TEST (a_build_that_fails_anyway_still_says_why)
{
  members = bad;
  sweep_all (roles[_i]);
}
END_TEST

START_TEST (the_builds_are_what_the_test_takes_them_for)
{
  BR_AUTOFREE char *succeeded = NULL;
  BR_AUTOFREE char *failed = NULL;

  members = good;
  succeeded = make_reference (0);
  ck_assert_int_eq (rig.result->status, BR_STATUS_SUCCESS);
  ck_assert_double_eq (rig.result->metrics.value[BR_THROUGHPUT], 5);
  members = bad;
  failed = make_reference (0);
  ck_assert_int_eq (rig.result->status, BR_STATUS_FAILED);
  ck_assert (!is_ours (rig.result->error.category));
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("run_faults");
  TCase *tcase = tcase_create ("faults");
  SRunner *runner;
  int failed, n = (int) (sizeof roles / sizeof *roles);

  tcase_set_timeout (tcase, 3600);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, the_builds_are_what_the_test_takes_them_for);
  tcase_add_loop_test (tcase, a_build_that_would_succeed_says_why_it_did_not, 0, n);
  tcase_add_loop_test (tcase, a_build_that_fails_anyway_still_says_why, 0, n);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
