/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs that are run for plugins: output, limits, and nothing left of them. */
#include <config.h>

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "core/proc/child.h"
#include "tests/unit/scratch.h"

static char *scratch, *log_path;
static const char **env;
static struct br_child_spec spec;
static struct br_child_result result;
static struct br_error err;

static void
set_up (void)
{
  scratch = scratch_make ();
  log_path = scratch_path (scratch, "log");
  env = br_child_environment (NULL);
  err = (struct br_error){ 0 };
  spec = (struct br_child_spec){ .env = env, .cwd = scratch, .cancel_fd = -1 };
  spec.log_fd = open (log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  ck_assert_int_ge (spec.log_fd, 0);
}

static void
tear_down (void)
{
  close (spec.log_fd);
  br_error_clear (&err);
  free (env);
  free (log_path);
  scratch_remove (scratch);
}

static int
run_shell (const char *script)
{
  const char *argv[] = { "sh", "-c", script, NULL };

  spec.argv = argv;
  return br_child_run (&spec, &result, &err);
}

static void
expect_log (const char *text)
{
  BR_AUTOFREE char *log = NULL;
  size_t size;

  ck_assert_int_eq (br_file_read (log_path, 1 << 20, &log, &size, &err), 0);
  ck_assert_str_eq (log, text);
}

/* ---- Ends ---- */

START_TEST (the_exit_status_is_told)
{
  ck_assert_int_eq (run_shell ("exit 7"), 0);
  ck_assert_int_eq (result.exit_status, 7);
  ck_assert_int_eq (result.term_signal, 0);
  ck_assert_int_eq (result.ended_by, BR_CHILD_ITSELF);
}
END_TEST

START_TEST (a_signal_is_told)
{
  ck_assert_int_eq (run_shell ("kill -11 $$"), 0);
  ck_assert_int_eq (result.exit_status, -1);
  ck_assert_int_eq (result.term_signal, 11);
}
END_TEST

START_TEST (a_missing_program_is_an_error)
{
  const char *argv[] = { "no-such-program-at-all", NULL };

  spec.argv = argv;
  ck_assert_int_eq (br_child_run (&spec, &result, &err), -1);
  ck_assert_str_eq (err.category, "environment");
}
END_TEST

START_TEST (a_missing_folder_is_an_error)
{
  spec.cwd = "/no/such/folder";
  ck_assert_int_eq (run_shell ("exit 0"), -1);
  ck_assert_str_eq (err.category, "environment");
}
END_TEST

/* ---- Surroundings ---- */

START_TEST (standard_input_is_empty)
{
  ck_assert_int_eq (run_shell ("cat; echo end"), 0);
  expect_log ("end\n");
}
END_TEST

START_TEST (the_environment_is_the_given_one)
{
  const char *const changes[] = { "BR_TEST_A=1", "HOME", NULL };
  const char **changed = br_child_environment (changes);

  spec.env = changed;
  ck_assert_int_eq (run_shell ("echo \"$BR_TEST_A,${HOME-none}\""), 0);
  expect_log ("1,none\n");
  free (changed);
}
END_TEST

START_TEST (the_session_is_its_own)
{
  ck_assert_int_eq (run_shell ("set -- $(cat /proc/$$/stat); test \"$6\" = $$"), 0);
  ck_assert_int_eq (result.exit_status, 0);
}
END_TEST

START_TEST (no_descriptor_is_inherited)
{
  int fd = open ("/dev/null", O_RDONLY); /* without O_CLOEXEC */

  ck_assert_int_ge (fd, 0);
  ck_assert_int_eq (run_shell ("ls /proc/self/fd | wc -l"), 0);
  expect_log ("4\n"); /* 0, 1, 2, and the folder that ls reads */
  close (fd);
}
END_TEST

START_TEST (signals_are_as_they_were_at_first)
{
  /* 32 and 33 are the C library's own: a program that was started by posix_spawn has them ignored, and cannot change that */
  ck_assert_int_eq (run_shell ("i=$(grep SigIgn /proc/$$/status | cut -f2); echo $((0x$i & ~0x180000000))"),
                    0);
  expect_log ("0\n");
}
END_TEST

/* ---- Output ---- */

struct lines {
  size_t n, longest;
  int stop_at;
};

static int
on_line (void *closure, const char *text, size_t length)
{
  struct lines *lines = closure;

  (void) text;
  lines->n++;
  if (length > lines->longest)
    lines->longest = length;
  return lines->stop_at != 0 && (int) lines->n >= lines->stop_at;
}

START_TEST (both_outputs_reach_the_log)
{
  ck_assert_int_eq (run_shell ("echo out; echo err >&2"), 0);
  expect_log ("out\nerr\n");
}
END_TEST

START_TEST (lines_are_cut_and_the_log_is_not)
{
  struct lines lines = { 0 };
  struct stat st;

  spec.line = on_line;
  spec.closure = &lines;
  ck_assert_int_eq (run_shell ("head -c 3000000 /dev/zero; echo; echo last; printf 'no end'"), 0);
  ck_assert_uint_eq (lines.n, 3);
  ck_assert_uint_eq (lines.longest, BR_LINE_LIMIT);
  ck_assert_int_eq (stat (log_path, &st), 0);
  ck_assert_int_eq (st.st_size, 3000000 + 1 + 5 + 6);
}
END_TEST

START_TEST (a_callback_ends_the_program)
{
  struct lines lines = { .stop_at = 2 };

  spec.line = on_line;
  spec.closure = &lines;
  ck_assert_int_eq (run_shell ("echo 1; echo 2; echo 3; sleep 100"), 0);
  ck_assert_int_eq (result.ended_by, BR_CHILD_CALLBACK);
  ck_assert_int_eq (result.term_signal, 15);
  ck_assert_uint_eq (lines.n, 2);
}
END_TEST

START_TEST (a_log_that_cannot_be_written_is_an_error)
{
  int full = open ("/dev/full", O_WRONLY | O_CLOEXEC), log = spec.log_fd;

  ck_assert_int_ge (full, 0);
  spec.log_fd = full;
  ck_assert_int_eq (run_shell ("echo x; sleep 100"), -1);
  ck_assert_str_eq (err.category, "environment");
  spec.log_fd = log;
  close (full);
}
END_TEST

/* ---- Limits ---- */

START_TEST (the_wall_limit_ends_it)
{
  spec.wall_seconds = 0.2;
  ck_assert_int_eq (run_shell ("while :; do echo x; sleep 0.05; done"), 0);
  ck_assert_int_eq (result.ended_by, BR_CHILD_WALL);
}
END_TEST

START_TEST (the_silence_limit_ends_it)
{
  spec.silence_seconds = 0.3;
  ck_assert_int_eq (run_shell ("echo x; sleep 100"), 0);
  ck_assert_int_eq (result.ended_by, BR_CHILD_SILENCE);
}
END_TEST

START_TEST (a_word_from_outside_ends_it)
{
  int fds[2];

  ck_assert_int_eq (pipe2 (fds, O_CLOEXEC), 0);
  ck_assert_int_eq (write (fds[1], "x", 1), 1);
  spec.cancel_fd = fds[0];
  ck_assert_int_eq (run_shell ("sleep 100"), 0);
  ck_assert_int_eq (result.ended_by, BR_CHILD_CANCEL);
}
END_TEST

START_TEST (what_ignores_sigterm_is_killed)
{
  struct lines lines = { .stop_at = 1 };

  spec.line = on_line;
  spec.closure = &lines;
  ck_assert_int_eq (run_shell ("trap '' TERM; echo ready; while :; do sleep 0.1; done"), 0);
  ck_assert_int_eq (result.ended_by, BR_CHILD_CALLBACK);
  ck_assert_int_eq (result.term_signal, 9);
  ck_assert (result.duration_seconds >= BR_GRACE_SECONDS);
}
END_TEST

START_TEST (there_is_time_to_tidy_up)
{
  struct lines lines = { .stop_at = 1 };
  BR_AUTOFREE char *log = NULL;
  size_t size;

  spec.line = on_line;
  spec.closure = &lines;
  ck_assert_int_eq (run_shell ("trap 'echo tidy; exit 3' TERM; echo ready; while :; do sleep 0.05; done"), 0);
  ck_assert_int_eq (result.exit_status, 3);
  /* the shell may say before that its sleep was terminated */
  ck_assert_int_eq (br_file_read (log_path, 1000, &log, &size, &err), 0);
  ck_assert (br_str_ends (log, "tidy\n"));
}
END_TEST

/* Two forks, a session of its own, deaf to signals, and the pipe stays open. */
START_TEST (a_daemon_does_not_get_away)
{
  BR_AUTOFREE char *pid_path = scratch_path (scratch, "pid");
  BR_AUTOFREE char *pid = NULL;
  size_t size;

  ck_assert_int_eq (run_shell ("(setsid sh -c 'trap \"\" TERM; echo $$ >pid; while :; do sleep 1; done' &) &"
                               "while ! test -s pid; do sleep 0.01; done"),
                    0);
  ck_assert_int_eq (result.exit_status, 0);
  ck_assert_int_eq (br_file_read (pid_path, 100, &pid, &size, &err), 0);
  ck_assert_int_ne (kill ((pid_t) strtol (pid, NULL, 10), 0), 0);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("proc_child");
  TCase *tcase = tcase_create ("child");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tcase, 60);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, the_exit_status_is_told);
  tcase_add_test (tcase, a_signal_is_told);
  tcase_add_test (tcase, a_missing_program_is_an_error);
  tcase_add_test (tcase, a_missing_folder_is_an_error);
  tcase_add_test (tcase, standard_input_is_empty);
  tcase_add_test (tcase, the_environment_is_the_given_one);
  tcase_add_test (tcase, the_session_is_its_own);
  tcase_add_test (tcase, no_descriptor_is_inherited);
  tcase_add_test (tcase, signals_are_as_they_were_at_first);
  tcase_add_test (tcase, both_outputs_reach_the_log);
  tcase_add_test (tcase, lines_are_cut_and_the_log_is_not);
  tcase_add_test (tcase, a_callback_ends_the_program);
  tcase_add_test (tcase, a_log_that_cannot_be_written_is_an_error);
  tcase_add_test (tcase, the_wall_limit_ends_it);
  tcase_add_test (tcase, the_silence_limit_ends_it);
  tcase_add_test (tcase, a_word_from_outside_ends_it);
  tcase_add_test (tcase, what_ignores_sigterm_is_killed);
  tcase_add_test (tcase, there_is_time_to_tidy_up);
  tcase_add_test (tcase, a_daemon_does_not_get_away);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
