/* SPDX-License-Identifier: BSD-3-Clause */
/* Builds in which one operation fails: an allocation, an open, a write, an fsync, a rename, a fork; the first of its kind, the second, and so
   on until a build meets no failure. Each build either says why it failed, with category memory or environment, or is in everything what a
   build without a failure is. Nothing is half-written, nothing leaks, no process stays.

   BUILDRUNNER_FAULTS=all tries every single operation (make check-faults); otherwise the further ones are sampled. */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <stdarg.h>
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
#include "core/run/events.h"
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
    else if (entries[i]->d_type != DT_DIR && strcmp (name, "error_report.txt") != 0)
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

/* All of a build but its times, its warnings and what is there for people alone: two builds that are the same have the same text. */
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
  br_json_value (&w, result->environment);
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

static int complaints;

/* One line, and the next operation is tried. */
static void
complain (const struct place *at, const char *format, ...)
{
  BR_AUTOFREE char *trace = NULL;
  struct br_error none = { 0 };
  size_t size = 0;
  va_list args;

  complaints++;
  printf ("%s, %s %ld: ", at->role, fault_name (at->kind), at->n);
  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  putchar ('\n');
  if (br_file_read (mark, 1 << 20, &trace, &size, &none) == 0)
    fputs (trace, stdout);
  fflush (stdout);
  br_error_clear (&none);
}

/* Of a build in processes of its own. */
static int
is_its_host (const struct place *at)
{
  return strcmp (at->role, "host") == 0 || strcmp (at->role, "keeping") == 0;
}

static int
is_host (const struct place *at)
{
  return is_its_host (at) || strcmp (at->role, "in-process") == 0;
}

static void
arm (const struct place *at)
{
  BR_AUTOFREE char *text = br_printf ("%s %s %ld %s", at->role, fault_name (at->kind), at->n, mark);

  unlink (mark);
  rig.options.in_process = strcmp (at->role, "in-process") == 0;
  if (is_host (at)) {
    unsetenv (BR_FAULT_VARIABLE);
    fault_arm (at->kind, at->n, mark);
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
  rig.options.kept = strcmp (at->role, "keeping") == 0 ? br_kept_new () : NULL;
  arm (at);
  rig.result = br_run (plan, &rig.options, &rig.exit_code, &rig.error);
  fired = disarm (at);
  br_kept_free (rig.options.kept);
  rig.options.kept = NULL;
  if (count_descriptors () != descriptors)
    complain (at, "a descriptor stays open");
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
  if (names.text != NULL && strstr (names.text, ".tmp\n") != NULL)
    complain (at, "a file of a write in progress stays");
  for (size_t i = 0; documents[i] != NULL; i++) {
    BR_AUTOFREE char *text = rig_read (&rig, documents[i]);
    struct br_error err = { 0 };
    struct json_object *root = text != NULL ? br_json_parse (text, strlen (text), &err) : NULL;

    if (text != NULL && root == NULL)
      complain (at, "%s: %s", documents[i], br_error_text (&err));
    json_object_put (root);
    br_error_clear (&err);
  }
  br_str_free (&names);
}

/* What is written says what is returned. A report for people that is missing is said in a warning. */
static void
check_written (const struct place *at)
{
  BR_AUTOFREE char *text = rig_read (&rig, "build_result.json");
  struct br_error err = { 0 };
  struct br_result *written = text != NULL ? br_result_parse (text, strlen (text), &err) : NULL;

  if (written == NULL)
    complain (at, "the result that is written: %s", text != NULL ? br_error_text (&err) : "there is none");
  else if (written->status != rig.result->status || written->n_steps != rig.result->n_steps)
    complain (at, "another result is written");
  if (rig.result->status != BR_STATUS_SUCCESS && !rig_has (&rig, "error_report.txt") &&
      json_object_array_length (rig.result->warnings) == 0)
    complain (at, "there is no error_report.txt, and no warning");
  br_result_free (written);
  br_error_clear (&err);
}

/* An analysis that failed costs no more than itself. */
static int
has_failed_step (const struct br_result *result)
{
  for (size_t i = 0; i < result->n_steps; i++)
    if (strcmp (result->steps[i].kind, "postprocessing") == 0 && is_ours (result->steps[i].error_category))
      return 1;
  return 0;
}

static void
check_result (const struct place *at, const char *reference)
{
  BR_AUTOFREE char *text = describe (rig.result);

  check_written (at);
  if (is_ours (rig.result->error.category)) {
    if (rig.exit_code != 1)
      complain (at, "exit code %d", rig.exit_code);
  } else if (strcmp (text, reference) != 0 && !has_failed_step (rig.result))
    complain (at, "neither an error of ours nor the build as it is:\n%s\nfor\n%s", text, reference);
}

/* What the supervisor has written stands, also where the host cannot read it. */
static void
judge (const struct place *at, const char *reference)
{
  check_files (at);
  if (rig.result != NULL)
    check_result (at, reference);
  else if (!is_ours (rig.error.category))
    complain (at, "no result, and category %s: %s", rig.error.category, br_error_text (&rig.error));
  else if (rig.exit_code == 0)
    complain (at, "no result, and exit code 0");
  else if (!is_its_host (at) && rig_has (&rig, "build_result.json"))
    complain (at, "no result, but one is written");
  if (rig_processes (&rig) != 0)
    complain (at, "a process stays");
}

/* ---- Sweeps ---- */

static long
next (long n)
{
  const char *all = getenv ("BUILDRUNNER_FAULTS");

  if (all != NULL && strcmp (all, "all") == 0)
    return n + 1;
  return n + 1 + (getenv ("BR_VALGRIND") != NULL ? n : n / 4);
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
  ck_assert_int_eq (complaints, 0);
}

/* keeping: a host whose supervisor waits for another build */
static const char *const roles[] = { "in-process", "host", "keeping", "supervisor", "worker", "keeper" };

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

/* A host that missed it would wait for ever. */
START_TEST (the_end_of_a_build_is_heard_without_memory)
{
  static const char line[] = "{\"event\": \"finished\"}";
  struct br_heard heard = { .running = BR_NO_STEP };

  fault_arm (FAULT_ALLOC, 0, NULL);
  br_heard_line (&heard, line, sizeof line - 1, NULL);
  fault_disarm ();
  ck_assert_int_eq (heard.finished, 1);
  ck_assert_int_eq (heard.lost, 0);
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

/* 1 when the operation was reached. */
static int
probe_once (const struct place *at, const struct br_plan *plan, const struct br_config *config)
{
  struct br_error why = { 0 };
  int answer, fired;

  arm (at);
  answer = br_run_probe (plan->backend, config, rig.worker, &why);
  fired = disarm (at);
  if (answer != 1 && !is_ours (why.category))
    complain (at, "answer %d, category %s: %s", answer, why.category, br_error_text (&why));
  br_error_clear (&why);
  return fired;
}

START_TEST (a_probe_that_cannot_answer_says_why)
{
  struct place at = { .role = "worker" };
  struct br_config *config;
  struct br_plan *plan = rig_plan (&rig, good, &config);
  long reached = 0;

  for (int kind = 0; kind < FAULT_KINDS; kind++, reached += at.n) {
    at.kind = (enum fault_kind) kind;
    for (at.n = 0; probe_once (&at, plan, config); at.n = next (at.n))
      ck_assert_int_lt (at.n, 100000);
  }
  ck_assert_int_gt (reached, 0);
  ck_assert_int_eq (complaints, 0);
  br_plan_free (plan);
  br_config_free (config);
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
  tcase_add_test (tcase, the_end_of_a_build_is_heard_without_memory);
  tcase_add_loop_test (tcase, a_build_that_would_succeed_says_why_it_did_not, 0, n);
  tcase_add_loop_test (tcase, a_build_that_fails_anyway_still_says_why, 0, n);
  tcase_add_test (tcase, a_probe_that_cannot_answer_says_why);
  suite_add_tcase (suite, tcase);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
