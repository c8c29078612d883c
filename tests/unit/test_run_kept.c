/* SPDX-License-Identifier: BSD-3-Clause */
/* A supervisor that stays between builds: whose it is, when it is another one, and that none of them is left. */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "core/run/run_private.h"
#include "tests/unit/children.h"
#include "tests/unit/run_rig.h"
#include "tests/unit/suite.h"

static struct rig rig;

static void
set_up (void)
{
  rig_make (&rig);
  rig.options.kept = br_kept_new ();
  ck_assert_ptr_nonnull (rig.options.kept);
}

static void
tear_down (void)
{
  br_kept_free (rig.options.kept);
  ck_assert_int_eq (rig_processes (&rig), 0);
  rig_free (&rig);
}

static pid_t
supervisor_of_a_build (const char *backend, int exit_code)
{
  char members[64];

  snprintf (members, sizeof members, "\"backend\": \"%s\"", backend);
  rig_run (&rig, members);
  ck_assert_int_eq (rig.exit_code, exit_code);
  rig_check_written (&rig);
  return first_child (NULL);
}

/* The folder is the same one each time: its lock has to be free again. */
START_TEST (it_is_the_same_for_every_build)
{
  pid_t first = supervisor_of_a_build ("misbehave_ok", 0);

  ck_assert_int_ne (first, 0);
  for (int i = 0; i < 20; i++)
    ck_assert_int_eq (supervisor_of_a_build ("misbehave_ok", 0), first);
}
END_TEST

START_TEST (one_that_was_started_ahead_serves_the_first_build)
{
  pid_t ahead;

  br_kept_start (rig.options.kept, rig.worker);
  ahead = first_child (NULL);
  ck_assert_int_ne (ahead, 0);
  ck_assert_int_eq (supervisor_of_a_build ("misbehave_ok", 0), ahead);
}
END_TEST

START_TEST (one_that_was_started_ahead_for_no_build_ends)
{
  br_kept_start (rig.options.kept, rig.worker);
  br_kept_free (rig.options.kept);
  ck_assert_int_eq (first_child (NULL), 0);
  rig.options.kept = br_kept_new ();
}
END_TEST

/* The build says what is wrong, as if nothing had been tried. */
START_TEST (one_that_cannot_be_started_ahead_is_the_builds_to_tell)
{
  /* under valgrind a spawned program that is not there cannot be told from one that ended at once */
  if (getenv ("BR_VALGRIND") != NULL)
    return;
  rig.options.worker = "/nonexistent/worker";
  br_kept_start (rig.options.kept, rig.options.worker);
  ck_assert_int_eq (first_child (NULL), 0);
  rig_run (&rig, "\"backend\": \"misbehave_ok\"");
  ck_assert_ptr_null (rig.result);
  ck_assert_str_eq (rig.error.category, "environment");
}
END_TEST

START_TEST (it_outlives_a_plugin_that_crashes)
{
  pid_t first = supervisor_of_a_build ("misbehave_segfault", 1);

  ck_assert_str_eq (rig.result->error.category, "plugin_crash");
  ck_assert_int_ne (first, 0);
  ck_assert_int_eq (supervisor_of_a_build ("misbehave_ok", 0), first);
}
END_TEST

static int
n_descriptors (pid_t pid)
{
  char path[64];
  DIR *dir;
  int n = 0;

  snprintf (path, sizeof path, "/proc/%d/fd", (int) pid);
  dir = opendir (path);
  ck_assert_ptr_nonnull (dir);
  while (readdir (dir) != NULL)
    n++;
  closedir (dir);
  return n;
}

START_TEST (it_keeps_no_descriptor_of_a_build)
{
  pid_t pid = supervisor_of_a_build ("misbehave_ok", 0);
  int n = n_descriptors (pid);

  supervisor_of_a_build ("misbehave_segfault", 1);
  supervisor_of_a_build ("misbehave_ok", 0);
  ck_assert_int_eq (n_descriptors (pid), n);
}
END_TEST

START_TEST (one_that_was_killed_is_replaced)
{
  pid_t first = supervisor_of_a_build ("misbehave_ok", 0), second;
  siginfo_t dead;

  ck_assert_int_eq (kill (first, SIGKILL), 0);
  ck_assert_int_eq (waitid (P_PID, (id_t) first, &dead, WEXITED | WNOWAIT), 0);
  second = supervisor_of_a_build ("misbehave_ok", 0);
  ck_assert_int_ne (second, 0);
  ck_assert_int_ne (second, first);
}
END_TEST

START_TEST (another_environment_takes_another_one)
{
  pid_t first = supervisor_of_a_build ("misbehave_ok", 0), second;

  ck_assert_int_eq (setenv ("BUILDRUNNER_TEST_KEPT", "new", 1), 0);
  second = supervisor_of_a_build ("misbehave_ok", 0);
  ck_assert_int_ne (second, first);
  ck_assert_int_eq (kill (first, 0), -1);
  ck_assert_int_eq (supervisor_of_a_build ("misbehave_ok", 0), second);
}
END_TEST

/* As two runs at the same time leave them. */
START_TEST (several_may_wait)
{
  pid_t one, other, taken[2] = { 0 };
  int host[2];
  unsigned n;

  br_kept_start (rig.options.kept, rig.worker);
  one = first_child (NULL);
  br_kept_start (rig.options.kept, rig.worker);
  first_child (&n);
  ck_assert_uint_eq (n, 2);
  for (int i = 0; i < 2; i++)
    ck_assert_int_eq (br_kept_take (rig.options.kept, rig.worker, &taken[i], &host[i]), 1);
  other = taken[0] == one ? taken[1] : taken[0];
  ck_assert_int_ne (other, one);
  ck_assert_int_eq (br_kept_take (rig.options.kept, rig.worker, &taken[0], &host[0]), 0);
  for (int i = 0; i < 2; i++)
    br_kept_give (rig.options.kept, rig.worker, taken[i], host[i]);
  br_kept_free (rig.options.kept);
  ck_assert_int_eq (first_child (NULL), 0);
  rig.options.kept = br_kept_new ();
}
END_TEST

START_TEST (a_build_that_keeps_none_leaves_none)
{
  struct br_kept *kept = rig.options.kept;

  rig.options.kept = NULL;
  ck_assert_int_eq (supervisor_of_a_build ("misbehave_ok", 0), 0);
  rig.options.kept = kept;
}
END_TEST

START_TEST (it_ends_with_its_owner)
{
  pid_t pid = supervisor_of_a_build ("misbehave_ok", 0);

  br_kept_free (rig.options.kept);
  rig.options.kept = NULL;
  ck_assert_int_eq (kill (pid, 0), -1);
}
END_TEST

/* ---- Requests ---- */

/* A worker reads from descriptor 0; the other end is ours. */
static int
socket_of_a_worker (void)
{
  int ends[2];

  ck_assert_int_eq (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  ck_assert_int_eq (dup2 (ends[1], BR_WORKER_HOST), BR_WORKER_HOST);
  close (ends[1]);
  return ends[0];
}

START_TEST (the_lock_comes_with_its_request)
{
  BR_AUTOCLOSE int host = socket_of_a_worker ();
  BR_AUTOCLOSE int lock = -1;
  BR_AUTOFREE char *text = NULL;
  size_t size = 0;

  ck_assert_int_eq (br_worker_send (host, "{}\n", 3, host), 0);
  text = br_worker_request (&size, &lock);
  ck_assert_ptr_nonnull (text);
  ck_assert_str_eq (text, "{}\n");
  ck_assert_int_ge (lock, 0);
  ck_assert_int_ne (fcntl (lock, F_GETFD) & FD_CLOEXEC, 0);
}
END_TEST

START_TEST (an_interruption_that_comes_late_is_no_part_of_the_next_request)
{
  static const char late[] = { 2, 15, '{', '}', '\n', 2 };
  BR_AUTOCLOSE int host = socket_of_a_worker ();
  BR_AUTOCLOSE int lock = -1;
  BR_AUTOFREE char *text = NULL;
  size_t size = 0;
  char rest = 0;

  ck_assert_int_eq (br_worker_send (host, late, sizeof late, -1), 0);
  text = br_worker_request (&size, &lock);
  ck_assert_ptr_nonnull (text);
  ck_assert_str_eq (text, "{}\n");
  ck_assert_int_eq (lock, -1);
  /* one that comes afterwards is for the build */
  ck_assert_int_eq (read (BR_WORKER_HOST, &rest, 1), 1);
  ck_assert_int_eq (rest, 2);
}
END_TEST

START_TEST (half_a_request_is_none)
{
  int host = socket_of_a_worker ();
  BR_AUTOCLOSE int lock = -1;
  size_t size = 0;

  ck_assert_int_eq (br_worker_send (host, "{\"config_id\"", 12, -1), 0);
  close (host);
  ck_assert_ptr_null (br_worker_request (&size, &lock));
}
END_TEST

int
main (void)
{
  TCase *builds = tcase_create ("run_kept");

  tcase_set_timeout (builds, 120);
  tcase_add_checked_fixture (builds, set_up, tear_down);
  tcase_add_test (builds, it_is_the_same_for_every_build);
  tcase_add_test (builds, one_that_was_started_ahead_serves_the_first_build);
  tcase_add_test (builds, one_that_was_started_ahead_for_no_build_ends);
  tcase_add_test (builds, one_that_cannot_be_started_ahead_is_the_builds_to_tell);
  tcase_add_test (builds, it_outlives_a_plugin_that_crashes);
  tcase_add_test (builds, it_keeps_no_descriptor_of_a_build);
  tcase_add_test (builds, one_that_was_killed_is_replaced);
  tcase_add_test (builds, another_environment_takes_another_one);
  tcase_add_test (builds, several_may_wait);
  tcase_add_test (builds, a_build_that_keeps_none_leaves_none);
  tcase_add_test (builds, it_ends_with_its_owner);
  tcase_add_test (builds, the_lock_comes_with_its_request);
  tcase_add_test (builds, an_interruption_that_comes_late_is_no_part_of_the_next_request);
  tcase_add_test (builds, half_a_request_is_none);
  return run_case ("run_kept", builds);
}
