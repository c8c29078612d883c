/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory limit by a control group, where one was delegated. The groups are folders that a worker of the tests fills as the kernel would
   (cgroup_files.c); what the kernel does to a process is done by the program itself. */
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
#include "common/str.h"
#include "core/proc/cgroup.h"
#include "tests/unit/run_rig.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static struct rig rig;
static char *root;

static void
set_up (void)
{
  rig_make (&rig);
  free (rig.worker);
  rig.worker = scratch_program ("tests/unit/cgroup_worker");
  rig.options.worker = rig.worker;
  root = scratch_path (rig.dir, "cgroup");
  ck_assert_int_eq (br_dir_make (root, &rig.error), 0);
  ck_assert_int_eq (setenv ("BUILDRUNNER_CGROUP", root, 1), 0);
}

static void
tear_down (void)
{
  ck_assert_int_eq (rig_processes (&rig), 0);
  free (root);
  rig_free (&rig);
}

static void
root_says (const char *name)
{
  BR_AUTOFREE char *path = scratch_path (root, name);

  scratch_write (path, "", 0);
}

/* Runs a shell script as the backend's program, with a limit of 256 MB: $1 is the output folder, $2 the group. */
static void
run_limited (const char *script)
{
  BR_AUTOFREE char *path = scratch_path (rig.dir, "backend.sh");
  BR_AUTOFREE char *members =
      br_printf ("\"global_config\": {\"memory_mb\": 256}, \"backend\": \"command\", \"backend_parameters\": "
                 "{\"command\":"
                 "[\"sh\", \"-c\", \"set -- $1 $2/buildrunner-*; . $0\", \"%s\", \"{output_dir}\", \"%s\"]}",
                 path, root);

  scratch_write (path, script, strlen (script));
  rig_run (&rig, members);
}

/* The address sanitizer needs more address space than any limit leaves. */
static int
no_rlimit (void)
{
#if defined __SANITIZE_ADDRESS__
  printf ("skipped: no address space limit under ASan\n");
  return 1;
#else
  return 0;
#endif
}

static void
expect_limited_by (const char *what)
{
  struct json_object *limits = NULL;

  ck_assert_msg (rig.result != NULL, "%s", br_error_text (&rig.error));
  ck_assert (json_object_object_get_ex (rig.result->environment, "limits", &limits));
  ck_assert_str_eq (json_object_get_string (json_object_object_get (limits, "memory_by")), what);
}

static void
expect_no_group (void)
{
  DIR *dir = opendir (root);
  const struct dirent *entry;

  ck_assert_ptr_nonnull (dir);
  while ((entry = readdir (dir)) != NULL)
    ck_assert_msg (!br_str_starts (entry->d_name, "buildrunner-"), "%s is left", entry->d_name);
  closedir (dir);
}

static void
expect_memory (const char *part)
{
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_eq (rig.result->error.category, "memory");
  ck_assert_msg (strstr (rig.result->error.summary, part) != NULL, "%s", rig.result->error.summary);
  ck_assert (strstr (rig.result->error.summary, "256 MB") != NULL);
  rig_check_written (&rig);
}

START_TEST (a_build_has_a_group_of_its_own)
{
  BR_AUTOFREE char *seen = NULL;

  root_says ("hands-down-memory");
  run_limited (
      "echo $(cat $2/memory.max) $(cat $2/memory.swap.max) $(cat $2/cgroup.procs) $(ulimit -v) >$1/seen");
  ck_assert_int_eq (rig.exit_code, 0);
  seen = rig_read (&rig, "seen");
  ck_assert_str_eq (seen, "268435456 0 0 unlimited\n"); /* of processes, 0 is the one that writes */
  expect_limited_by ("cgroup");
  expect_no_group ();
}
END_TEST

START_TEST (the_controller_is_asked_for_where_it_is_not_handed_down)
{
  BR_AUTOFREE char *control = scratch_path (root, "cgroup.subtree_control");
  BR_AUTOFREE char *text = NULL;
  size_t size = 0;

  if (no_rlimit ())
    return;
  root_says ("cgroup.subtree_control");
  run_limited ("exit 0");
  ck_assert_int_eq (rig.exit_code, 0);
  ck_assert_int_eq (br_file_read (control, 100, &text, &size, &rig.error), 0);
  ck_assert_str_eq (text, "+memory");
  expect_limited_by ("rlimit"); /* nothing came of it */
  expect_no_group ();
}
END_TEST

START_TEST (a_group_that_takes_nobody_leaves_the_rlimit)
{
  BR_AUTOFREE char *seen = NULL;

  if (no_rlimit ())
    return;
  root_says ("hands-down-memory");
  root_says ("takes-nobody");
  run_limited ("ulimit -v >$1/seen");
  ck_assert_int_eq (rig.exit_code, 0);
  seen = rig_read (&rig, "seen");
  ck_assert_str_eq (seen, "262144\n");
  expect_limited_by ("rlimit");
  expect_no_group ();
}
END_TEST

START_TEST (a_root_that_is_not_there_leaves_the_rlimit)
{
  if (no_rlimit ())
    return;
  ck_assert_int_eq (setenv ("BUILDRUNNER_CGROUP", "/nonexistent", 1), 0);
  run_limited ("exit 0");
  ck_assert_int_eq (rig.exit_code, 0);
  expect_limited_by ("rlimit");
}
END_TEST

START_TEST (a_program_that_the_kernel_killed_is_out_of_memory)
{
  root_says ("hands-down-memory");
  run_limited ("printf 'oom 1\\noom_kill 1\\n' >$2/memory.events; kill -KILL $$");
  expect_memory ("killed by signal 9");
  ck_assert_str_eq (rig_step (&rig, "backend", 0)->error_category, "memory");
  expect_limited_by ("cgroup");
  expect_no_group ();
}
END_TEST

START_TEST (a_program_that_fails_for_another_reason_keeps_it)
{
  root_says ("hands-down-memory");
  run_limited ("printf 'oom_group_kill 1\\noom_kill 0\\n' >$2/memory.events; kill -KILL $$");
  ck_assert_int_eq (rig.exit_code, 1);
  ck_assert_str_ne (rig.result->error.category, "memory");
  expect_no_group ();
}
END_TEST

/* The worker is the parent of the program's keeper. */
START_TEST (a_worker_that_the_kernel_killed_is_out_of_memory)
{
  root_says ("hands-down-memory");
  run_limited ("read -r a b c worker rest </proc/$PPID/stat; echo oom_kill 3 >$2/memory.events; kill -KILL "
               "$worker; sleep 9");
  expect_memory ("backend command was killed");
  expect_no_group ();
}
END_TEST

START_TEST (the_group_of_a_supervisor_that_died_is_removed)
{
  BR_AUTOFREE char *group = br_printf ("%s/buildrunner-4000000", root);

  ck_assert_int_eq (br_dir_make (group, &rig.error), 0);
  br_cgroup_end (4000000);
  expect_no_group ();
  br_cgroup_end (4000000);
}
END_TEST

int
main (void)
{
  static const TTest *const *const tests[] = {
    &a_build_has_a_group_of_its_own,
    &the_controller_is_asked_for_where_it_is_not_handed_down,
    &a_group_that_takes_nobody_leaves_the_rlimit,
    &a_root_that_is_not_there_leaves_the_rlimit,
    &a_program_that_the_kernel_killed_is_out_of_memory,
    &a_program_that_fails_for_another_reason_keeps_it,
    &a_worker_that_the_kernel_killed_is_out_of_memory,
    &the_group_of_a_supervisor_that_died_is_removed,
  };
  TCase *tcase = tcase_create ("cgroup");

  tcase_set_timeout (tcase, 60);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
    tcase_add_test (tcase, *tests[i]);
  return run_case ("run_cgroup", tcase);
}
