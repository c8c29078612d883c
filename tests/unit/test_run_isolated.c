/* SPDX-License-Identifier: BSD-3-Clause */
/* Plugins that go wrong in a process of their own: the build has a result that names them, and nothing is left running. */
#include <config.h>

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "tests/unit/run_rig.h"
#include "tests/unit/scratch.h"

static struct rig rig;

static void
set_up (void)
{
  rig_make (&rig);
}

static void
tear_down (void)
{
  ck_assert_int_eq (rig_processes (&rig), 0);
  rig_free (&rig);
}

static void
expect_failure (const char *category, const char *where)
{
  ck_assert_msg (rig.result != NULL, "%s", br_error_text (&rig.error));
  ck_assert_str_eq (rig.result->error.category, category);
  ck_assert_str_eq (rig.result->error.where, where);
  ck_assert_uint_ge (rig.result->error.n_evidence, 1);
  ck_assert_uint_ge (rig.result->error.n_tips, 1);
  rig_check_written (&rig);
}

static void
expect_text (const char *text, const char *part)
{
  size_t n = strlen (part);

  for (const char *at = text; *at != '\0'; at++)
    if (strncmp (at, part, n) == 0)
      return;
  ck_abort_msg ("\"%s\" does not say \"%s\"", text, part);
}

/* ---- Backends ---- */

START_TEST (a_segfault_is_a_crash_with_its_signal)
{
  rig_run (&rig,
           "\"backend\": \"misbehave_segfault\", \"postprocessing\": [{\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 1);
  expect_failure ("plugin_crash", "backend misbehave_segfault");
  expect_text (rig.result->error.summary, "misbehave_segfault");
#if !defined __SANITIZE_ADDRESS__ /* ASan takes the signal and exits */
  expect_text (rig.result->error.summary, "SIGSEGV");
#endif
  ck_assert_int_eq (rig_step (&rig, "backend", 0)->status, BR_STATUS_FAILED);
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 0)->status, BR_STATUS_SKIPPED);
}
END_TEST

START_TEST (an_abort_is_a_crash_and_its_words_are_in_the_log)
{
  BR_AUTOFREE char *log = NULL;

  rig_run (&rig, "\"backend\": \"misbehave_abort_now\"");
  expect_failure ("plugin_crash", "backend misbehave_abort_now");
  expect_text (rig.result->error.summary, "SIGABRT");
  log = rig_read (&rig, "build_dataflow.log");
  expect_text (log, "misbehave: about to abort");
}
END_TEST

START_TEST (an_exit_is_a_crash_also_with_status_0)
{
  rig_run (&rig, "\"backend\": \"misbehave_exit_zero\"");
  ck_assert_int_eq (rig.exit_code, 1);
  expect_failure ("plugin_crash", "backend misbehave_exit_zero");
  expect_text (rig.result->error.summary, "exit status 0");
}
END_TEST

START_TEST (a_loop_ends_with_the_time_limit)
{
  rig_run (&rig, "\"backend\": \"misbehave_loop\", \"global_config\": {\"timeout_minutes\": 0.02}");
  ck_assert_int_eq (rig.exit_code, 5);
  ck_assert_int_eq (rig.result->status, BR_STATUS_TIMEOUT);
  expect_failure ("timeout", "backend misbehave_loop");
  expect_text (rig.result->error.summary, "time limit");
}
END_TEST

START_TEST (a_loop_ends_with_the_silence_limit)
{
  rig_run (&rig, "\"backend\": \"misbehave_loop\", \"global_config\": {\"silence_minutes\": 0.02}");
  ck_assert_int_eq (rig.exit_code, 5);
  expect_failure ("timeout", "backend misbehave_loop");
  expect_text (rig.result->error.summary, "silence limit");
}
END_TEST

START_TEST (eating_memory_ends_at_the_limit)
{
#if defined __SANITIZE_ADDRESS__
  printf ("eating_memory_ends_at_the_limit: skipped: no address space limit under ASan\n");
#else
  struct json_object *limits = NULL;

  rig_run (&rig, "\"backend\": \"misbehave_eat_memory\", \"global_config\": {\"memory_mb\": 300}");
  ck_assert_int_eq (rig.exit_code, 1);
  expect_failure ("memory", "backend misbehave_eat_memory");
  ck_assert (json_object_object_get_ex (rig.result->environment, "limits", &limits));
  ck_assert_str_eq (json_object_get_string (json_object_object_get (limits, "memory_by")), "rlimit");
#endif
}
END_TEST

START_TEST (closed_descriptors_are_a_crash)
{
  rig_run (&rig, "\"backend\": \"misbehave_close_descriptors\"");
  ck_assert_int_eq (rig.exit_code, 1);
  expect_failure ("plugin_crash", "backend misbehave_close_descriptors");
  expect_text (rig.result->error.summary, "descriptors");
}
END_TEST

START_TEST (standard_output_goes_to_the_log)
{
  BR_AUTOFREE char *log = NULL;

  rig_run (&rig, "\"backend\": \"misbehave_print\"");
  ck_assert_int_eq (rig.exit_code, 0);
  log = rig_read (&rig, "build_dataflow.log");
  ck_assert_str_eq (log, "{\"misbehave\": \"this is standard output\"}\n");
}
END_TEST

START_TEST (what_a_plugin_leaves_running_ends)
{
  rig_run (&rig, "\"backend\": \"misbehave_linger\"");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (rig_processes (&rig), 0);
}
END_TEST

/* ---- Steps ---- */

START_TEST (a_crashing_transform_fails_the_build)
{
  rig_run (
      &rig,
      "\"backend\": \"misbehave_ok\", \"preprocessing\": [{\"name\": \"misbehave_transform_segfault\"}]");
  ck_assert_int_eq (rig.exit_code, 1);
  expect_failure ("plugin_crash", "preprocessing step misbehave_transform_segfault");
  ck_assert (br_str_starts (rig.result->error_message, "Preprocessing failed"));
}
END_TEST

START_TEST (a_crashing_analysis_costs_itself_alone)
{
  rig_run (&rig, "\"backend\": \"misbehave_ok\", \"postprocessing\": [{\"name\": \"misbehave_report_ok\"},"
                 "{\"name\": \"misbehave_analysis_segfault\"}, {\"name\": \"misbehave_analysis_segfault\"},"
                 "{\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (rig.result->status, BR_STATUS_SUCCESS);
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 0)->status, BR_STATUS_SUCCESS);
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 1)->status, BR_STATUS_FAILED);
  ck_assert_str_eq (rig_step (&rig, "postprocessing", 1)->error_category, "plugin_crash");
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 2)->status, BR_STATUS_FAILED);
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 3)->status, BR_STATUS_SUCCESS);
  ck_assert_ptr_nonnull (br_result_artifact (rig.result, "misbehave_report_ok-2_analysis"));
  rig_check_written (&rig);
}
END_TEST

START_TEST (a_crashing_analysis_that_is_required_fails_the_build)
{
  rig_run (&rig,
           "\"backend\": \"misbehave_ok\", \"postprocessing\": [{\"name\": \"misbehave_analysis_segfault\","
           "\"required\": true}, {\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 1);
  expect_failure ("plugin_crash", "postprocessing step misbehave_analysis_segfault");
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 1)->status, BR_STATUS_SUCCESS);
}
END_TEST

START_TEST (a_time_limit_in_an_analysis_costs_no_build)
{
  rig_run (
      &rig,
      "\"backend\": \"misbehave_ok\", \"global_config\": {\"timeout_minutes\": 0.03},"
      "\"postprocessing\": [{\"name\": \"misbehave_analysis_loop\"}, {\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_str_eq (rig_step (&rig, "postprocessing", 0)->error_category, "timeout");
  ck_assert_str_eq (rig_step (&rig, "postprocessing", 1)->error_category, "timeout");
}
END_TEST

START_TEST (a_silence_limit_in_an_analysis_leaves_time_for_the_rest)
{
  rig_run (
      &rig,
      "\"backend\": \"misbehave_ok\", \"global_config\": {\"silence_minutes\": 0.02},"
      "\"postprocessing\": [{\"name\": \"misbehave_analysis_loop\"}, {\"name\": \"misbehave_report_ok\"}]");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_str_eq (rig_step (&rig, "postprocessing", 0)->error_category, "timeout");
  ck_assert_int_eq (rig_step (&rig, "postprocessing", 1)->status, BR_STATUS_SUCCESS);
}
END_TEST

/* ---- Interruption ---- */

START_TEST (an_interruption_has_its_own_reason)
{
  int fds[2];

  ck_assert_int_eq (pipe (fds), 0);
  ck_assert_int_eq (write (fds[1], "\x02", 1), 1);
  rig.options.interrupt_fd = fds[0];
  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"sleep\", \"100\"]}");
  ck_assert_int_eq (rig.exit_code, 130);
  ck_assert_int_eq (rig.result->status, BR_STATUS_FAILED);
  ck_assert_str_eq (rig.result->error.category, "interrupted");
  expect_text (rig.result->error.summary, "SIGINT");
  rig_check_written (&rig);
}
END_TEST

/* ---- Starting ---- */

START_TEST (a_missing_worker_is_no_build)
{
  /* under valgrind a spawned program that is not there cannot be told from one that ended at once */
  if (getenv ("BR_VALGRIND") != NULL)
    return;
  rig.options.worker = "/nonexistent/worker";
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_ptr_null (rig.result);
  ck_assert_int_eq (rig.exit_code, 3);
  ck_assert (access (rig.output, F_OK) != 0);
  ck_assert_str_eq (rig.error.category, "environment");
}
END_TEST

START_TEST (a_worker_of_another_kind_leaves_no_result)
{
  rig.options.worker = "/bin/true";
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_ptr_null (rig.result);
  ck_assert (!rig_has (&rig, "build_result.json"));
}
END_TEST

/* A program that dies before it has looked at the folder, instead of the supervisor. */
static void
write_dying_worker (const char *path)
{
  static const char script[] = "#!/bin/sh\nkill -KILL $$\n";

  scratch_write (path, script, sizeof script - 1);
  ck_assert_int_eq (chmod (path, 0755), 0);
}

START_TEST (an_older_result_does_not_pass_for_that_of_a_killed_supervisor)
{
  BR_AUTOFREE char *dying = scratch_path (rig.dir, "dying-worker");

  write_dying_worker (dying);
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_int_eq (rig.exit_code, 0);
  rig.options.worker = dying;
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_int_eq (rig.exit_code, 1);
  expect_failure ("environment", "the build itself");
  expect_text (rig.result->error.summary, "SIGKILL");
}
END_TEST

START_TEST (an_older_result_does_not_pass_for_that_of_another_program)
{
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_int_eq (rig.exit_code, 0);
  rig.options.worker = "/bin/true";
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_ptr_null (rig.result);
  ck_assert (!rig_has (&rig, "build_result.json"));
}
END_TEST

START_TEST (an_older_result_stays_where_no_worker_can_be_started)
{
  if (getenv ("BR_VALGRIND") != NULL)
    return; /* as above */
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_int_eq (rig.exit_code, 0);
  rig.options.worker = "/nonexistent/worker";
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_int_eq (rig.exit_code, 3);
  ck_assert (rig_has (&rig, "build_result.json"));
}
END_TEST

/* ---- Hostile children ---- */

/* Leaves its parents, its session and its group, ignores what can be ignored, and holds the pipe. */
#define HOSTILE                                                                                              \
  "trap '' TERM HUP INT; (setsid sh -c 'trap \\\"\\\" TERM HUP INT; while :; do sleep 1; done' & ) & "

START_TEST (a_hostile_child_ends_with_its_program)
{
  rig_run (&rig, "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"sh\", \"-c\", \"" HOSTILE
                 " exit 0\"]}");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (rig_processes (&rig), 0);
}
END_TEST

START_TEST (a_hostile_child_ends_with_the_limit)
{
  rig_run (&rig,
           "\"backend\": \"command\", \"global_config\": {\"timeout_minutes\": 0.01}, \"backend_parameters\":"
           "{\"command\": [\"sh\", \"-c\", \"" HOSTILE " while :; do sleep 1; done\"]}");
  ck_assert_int_eq (rig.exit_code, 5);
  ck_assert_int_eq (rig_processes (&rig), 0);
  ck_assert (rig.result->duration_seconds < 30);
}
END_TEST

/* ---- Kill -9 ---- */

/* The build in a process of its own, which is killed after a while; its processes have to end by themselves. */
static void
kill_host_after (unsigned microseconds, const char *members)
{
  pid_t host = fork ();

  ck_assert_int_ge (host, 0);
  if (host == 0) {
    rig_run (&rig, members);
    _exit (0);
  }
  usleep (microseconds);
  kill (host, SIGKILL);
  waitpid (host, NULL, 0);
}

/* A process that is starting a program just now shows no environment: quiet is what lasts. */
static void
expect_quiet (void)
{
  int quiet = 0;

  for (int i = 0; i < 3000 && quiet < 3; i++) {
    quiet = rig_processes (&rig) == 0 ? quiet + 1 : 0;
    usleep (10000);
  }
  ck_assert_int_eq (quiet, 3);
}

static void
expect_valid_or_none (void)
{
  BR_AUTOFREE char *text = rig_read (&rig, "build_result.json");
  struct br_error err = { 0 };
  struct br_result *result;

  if (text == NULL)
    return;
  result = br_result_parse (text, strlen (text), &err);
  ck_assert_msg (result != NULL, "%s", br_error_text (&err));
  br_result_free (result);
}

#define SLOW                                                                                                 \
  "\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"sh\", \"-c\", \"" HOSTILE              \
  " sleep 60\"]}"

START_TEST (a_killed_host_leaves_nothing_running)
{
  kill_host_after (300000, SLOW);
  expect_quiet ();
  ck_assert (!rig_has (&rig, "build_result.json"));
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_int_eq (rig.exit_code, 0);
}
END_TEST

START_TEST (a_host_that_is_killed_at_any_moment_leaves_a_valid_result_or_none)
{
  for (unsigned i = 0; i < 60; i++) {
    kill_host_after (i * 150,
                     "\"backend\": \"misbehave_ok\", \"preprocessing\": [{\"name\": \"misbehave_copy_ok\"}],"
                     "\"postprocessing\": [{\"name\": \"misbehave_report_ok\"}]");
    expect_quiet ();
    expect_valid_or_none ();
  }
}
END_TEST

/* The i-th child of a process, or 0. */
static pid_t
child_of (pid_t parent)
{
  BR_AUTOFREE char *path = br_printf ("/proc/%d/task/%d/children", (int) parent, (int) parent);
  FILE *file = fopen (path, "r");
  int pid = 0;

  if (file != NULL) {
    if (fscanf (file, "%d", &pid) != 1)
      pid = 0;
    fclose (file);
  }
  return (pid_t) pid;
}

static pid_t
wait_for_child (pid_t parent)
{
  pid_t pid = 0;

  for (int i = 0; i < 3000 && (pid = child_of (parent)) == 0; i++)
    usleep (10000);
  ck_assert_int_ne (pid, 0);
  return pid;
}

/* Kills the supervisor (depth 1) or the worker (2) of a build that runs in a child of ours; what the child's exit says is the exit code. */
static int
kill_below (int depth, const char *members)
{
  pid_t host = fork (), victim = host;
  int status;

  ck_assert_int_ge (host, 0);
  if (host == 0) {
    rig_run (&rig, members);
    _exit (rig.result != NULL ? rig.exit_code : 99);
  }
  for (int i = 0; i < depth; i++)
    victim = wait_for_child (victim);
  usleep (200000);
  kill (victim, SIGKILL);
  waitpid (host, &status, 0);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

START_TEST (a_killed_worker_is_a_crash_of_its_plugin)
{
  ck_assert_int_eq (kill_below (2, "\"backend\": \"misbehave_loop\""), 1);
  expect_quiet ();
  expect_valid_or_none ();
  ck_assert (rig_has (&rig, "build_result.json"));
}
END_TEST

START_TEST (a_killed_supervisor_leaves_a_failed_result)
{
  ck_assert_int_eq (kill_below (1, "\"backend\": \"misbehave_loop\""), 1);
  expect_quiet ();
  expect_valid_or_none ();
  ck_assert (rig_has (&rig, "build_result.json"));
}
END_TEST

/* Stopped, it takes nothing that it is told; the time limit has to hold all the same. */
START_TEST (a_stopped_host_stops_no_clock)
{
  pid_t host = fork ();
  int status;

  ck_assert_int_ge (host, 0);
  if (host == 0) {
    rig_run (&rig, "\"backend\": \"misbehave_loop\", \"global_config\": {\"timeout_minutes\": 0.03}");
    _exit (rig.exit_code);
  }
  wait_for_child (wait_for_child (host));
  kill (host, SIGSTOP);
  for (int i = 0; i < 3000 && !rig_has (&rig, "build_result.json"); i++)
    usleep (10000);
  ck_assert (rig_has (&rig, "build_result.json"));
  kill (host, SIGCONT);
  waitpid (host, &status, 0);
  ck_assert_int_eq (WEXITSTATUS (status), 5);
}
END_TEST

/* 1 once it has ended by itself; a child that has not after a while is killed. */
static int
ends (pid_t pid, int *status)
{
  for (int i = 0; i < 3000; i++) {
    if (waitpid (pid, status, WNOHANG) == pid)
      return 1;
    usleep (10000);
  }
  kill (pid, SIGKILL);
  waitpid (pid, status, 0);
  return 0;
}

/* What it is told of the end may be lost with the rest: it hears of it all the same, also where its supervisor would stay. */
START_TEST (a_host_that_missed_what_happened_hears_of_the_end)
{
  BR_AUTOFREE char *go = scratch_path (rig.dir, "go");
  pid_t host = fork ();
  int status = 0;

  ck_assert_int_ge (host, 0);
  if (host == 0) {
    rig.options.kept = br_kept_new ();
    rig_run (&rig, "\"backend\": \"misbehave_talk\"");
    br_kept_free (rig.options.kept);
    _exit (rig.exit_code);
  }
  wait_for_child (wait_for_child (host));
  kill (host, SIGSTOP);
  scratch_write (go, "", 0);
  for (int i = 0; i < 3000 && !rig_has (&rig, "build_result.json"); i++)
    usleep (10000);
  ck_assert (rig_has (&rig, "build_result.json"));
  sleep (3); /* more than anybody waits for it */
  kill (host, SIGCONT);
  ck_assert (ends (host, &status));
  ck_assert_int_eq (WEXITSTATUS (status), 0);
}
END_TEST

/* The one to kill may not be there yet, or not any more: both are moments too. */
static void
kill_below_after (int depth, unsigned microseconds, const char *members)
{
  pid_t host = fork (), victim = host;

  ck_assert_int_ge (host, 0);
  if (host == 0) {
    rig_run (&rig, members);
    _exit (0);
  }
  usleep (microseconds);
  for (int i = 0; i < depth && victim != 0; i++)
    victim = child_of (victim);
  if (victim != 0)
    kill (victim, SIGKILL);
  waitpid (host, NULL, 0);
}

START_TEST (whoever_is_killed_at_any_moment_the_result_is_valid_or_none)
{
  for (unsigned i = 0; i < 80; i++) {
    kill_below_after (1 + (int) (i % 2), i * 100,
                      "\"backend\": \"misbehave_ok\", \"preprocessing\": [{\"name\": \"misbehave_copy_ok\"}],"
                      "\"postprocessing\": [{\"name\": \"misbehave_report_ok\"}]");
    expect_quiet ();
    expect_valid_or_none ();
  }
}
END_TEST

/* ---- Probes ---- */

START_TEST (a_backend_without_a_probe_says_yes)
{
  struct br_config *config;
  struct br_plan *plan = rig_plan (&rig, "\"backend\": \"misbehave_ok\"", &config);

  ck_assert_int_eq (br_run_probe (plan->backend, config, rig.worker, &rig.error), 1);
  br_plan_free (plan);
  br_config_free (config);
}
END_TEST

START_TEST (a_memory_limit_is_for_the_build_and_not_for_its_choice)
{
  const char *members = "\"backend\": \"misbehave_ok\", \"global_config\": {\"memory_mb\": 0.001}";
  struct br_config *config;
  struct br_plan *plan = rig_plan (&rig, members, &config);

  ck_assert_int_eq (br_run_probe (plan->backend, config, rig.worker, &rig.error), 1);
  br_plan_free (plan);
  br_config_free (config);
}
END_TEST

static int
probe (const char *id, double answer, struct br_error *why)
{
  BR_AUTOFREE char *members = br_printf (
      "\"backend\": \"misbehave_asked\", \"design_space_id\": \"%s\", \"config_flags\": {\"answer\": %g}", id,
      answer);
  struct br_config *config;
  struct br_plan *plan = rig_plan (&rig, members, &config);
  int ret = br_run_probe (plan->backend, config, rig.worker, why);

  br_plan_free (plan);
  br_config_free (config);
  return ret;
}

static size_t
times_asked (void)
{
  BR_AUTOFREE char *path = scratch_path (rig.dir, "asked");
  struct stat st;

  return stat (path, &st) == 0 ? (size_t) st.st_size : 0;
}

START_TEST (a_question_is_asked_once)
{
  struct br_error why = { 0 };

  for (int i = 0; i < 3; i++)
    ck_assert_int_eq (probe (i == 0 ? "a" : "b", 1, &why), 1);
  ck_assert (!br_error_is_set (&why));
  ck_assert_uint_eq (times_asked (), 1);
  for (int i = 0; i < 3; i++) {
    ck_assert_int_eq (probe ("a", 0, &why), 0);
    ck_assert_str_eq (why.category, "config");
    ck_assert_str_eq (br_error_text (&why), "it does not like this config");
    br_error_clear (&why);
  }
  ck_assert_uint_eq (times_asked (), 2);
}
END_TEST

START_TEST (another_environment_is_another_question)
{
  struct br_error why = { 0 };

  ck_assert_int_eq (probe ("a", 1, &why), 1);
  ck_assert_int_eq (setenv ("MISBEHAVE_ANOTHER", "1", 1), 0);
  ck_assert_int_eq (probe ("a", 1, &why), 1);
  ck_assert_int_eq (unsetenv ("MISBEHAVE_ANOTHER"), 0);
  ck_assert_uint_eq (times_asked (), 2);
}
END_TEST

START_TEST (what_could_not_be_answered_is_asked_again)
{
  struct br_error why = { 0 };

  for (size_t i = 1; i <= 2; i++) {
    ck_assert_int_eq (probe ("a", 2, &why), -1);
    ck_assert_str_eq (why.category, "plugin_crash");
    br_error_clear (&why);
    ck_assert_uint_eq (times_asked (), i);
  }
}
END_TEST

START_TEST (many_answers_leave_the_latest)
{
  struct br_error why = { 0 };

  for (int i = 0; i < 70; i++)
    ck_assert_int_eq (probe ("a", 1 + i / 100.0, &why), 1);
  ck_assert_int_eq (probe ("a", 1.69, &why), 1);
  ck_assert_uint_eq (times_asked (), 70);
  ck_assert_int_eq (probe ("a", 1, &why), 1);
  ck_assert_uint_eq (times_asked (), 71);
}
END_TEST

/* ---- Suite ---- */

int
main (void)
{
  Suite *suite = suite_create ("run_isolated");
  TCase *tcase = tcase_create ("isolated");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tcase, 120);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, a_segfault_is_a_crash_with_its_signal);
  tcase_add_test (tcase, an_abort_is_a_crash_and_its_words_are_in_the_log);
  tcase_add_test (tcase, an_exit_is_a_crash_also_with_status_0);
  tcase_add_test (tcase, a_loop_ends_with_the_time_limit);
  tcase_add_test (tcase, a_loop_ends_with_the_silence_limit);
  tcase_add_test (tcase, eating_memory_ends_at_the_limit);
  tcase_add_test (tcase, closed_descriptors_are_a_crash);
  tcase_add_test (tcase, standard_output_goes_to_the_log);
  tcase_add_test (tcase, what_a_plugin_leaves_running_ends);
  tcase_add_test (tcase, a_crashing_transform_fails_the_build);
  tcase_add_test (tcase, a_crashing_analysis_costs_itself_alone);
  tcase_add_test (tcase, a_crashing_analysis_that_is_required_fails_the_build);
  tcase_add_test (tcase, a_time_limit_in_an_analysis_costs_no_build);
  tcase_add_test (tcase, a_silence_limit_in_an_analysis_leaves_time_for_the_rest);
  tcase_add_test (tcase, an_interruption_has_its_own_reason);
  tcase_add_test (tcase, a_missing_worker_is_no_build);
  tcase_add_test (tcase, a_worker_of_another_kind_leaves_no_result);
  tcase_add_test (tcase, an_older_result_does_not_pass_for_that_of_a_killed_supervisor);
  tcase_add_test (tcase, an_older_result_does_not_pass_for_that_of_another_program);
  tcase_add_test (tcase, an_older_result_stays_where_no_worker_can_be_started);
  tcase_add_test (tcase, a_hostile_child_ends_with_its_program);
  tcase_add_test (tcase, a_hostile_child_ends_with_the_limit);
  tcase_add_test (tcase, a_killed_host_leaves_nothing_running);
  tcase_add_test (tcase, a_host_that_is_killed_at_any_moment_leaves_a_valid_result_or_none);
  tcase_add_test (tcase, a_killed_worker_is_a_crash_of_its_plugin);
  tcase_add_test (tcase, a_killed_supervisor_leaves_a_failed_result);
  tcase_add_test (tcase, a_stopped_host_stops_no_clock);
  tcase_add_test (tcase, a_host_that_missed_what_happened_hears_of_the_end);
  tcase_add_test (tcase, whoever_is_killed_at_any_moment_the_result_is_valid_or_none);
  tcase_add_test (tcase, a_backend_without_a_probe_says_yes);
  tcase_add_test (tcase, a_memory_limit_is_for_the_build_and_not_for_its_choice);
  tcase_add_test (tcase, a_question_is_asked_once);
  tcase_add_test (tcase, another_environment_is_another_question);
  tcase_add_test (tcase, what_could_not_be_answered_is_asked_again);
  tcase_add_test (tcase, many_answers_leave_the_latest);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
