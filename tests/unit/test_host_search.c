/* SPDX-License-Identifier: BSD-3-Clause */
/* Where modules are looked for, and what is not trusted. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "core/host/search.h"
#include "tests/unit/scratch.h"

static char *scratch;

static void
set_up (void)
{
  scratch = scratch_make ();
  unsetenv ("BUILDRUNNER_PLUGIN_PATH");
  unsetenv ("XDG_DATA_HOME");
  setenv ("HOME", scratch, 1);
}

static void
tear_down (void)
{
  scratch_remove (scratch);
}

static void
search (struct br_search *out, const char *option, int only)
{
  const char *const options[] = { option, NULL };
  struct br_error err = { 0 };

  ck_assert_int_eq (br_search_init (out, option != NULL ? options : NULL, only, &err), 0);
}

START_TEST (the_order_is_option_variable_user_installed)
{
  struct br_search s;

  setenv ("BUILDRUNNER_PLUGIN_PATH", "/var/one:/var/two", 1);
  setenv ("XDG_DATA_HOME", "/var/data", 1);
  search (&s, "/opt/a:/opt/b", 0);
  ck_assert_uint_eq (s.n, 6);
  ck_assert_str_eq (s.dirs[0].path, "/opt/a");
  ck_assert_str_eq (s.dirs[0].origin, "--plugin-path");
  ck_assert_str_eq (s.dirs[1].path, "/opt/b");
  ck_assert_str_eq (s.dirs[2].path, "/var/one");
  ck_assert_str_eq (s.dirs[2].origin, "BUILDRUNNER_PLUGIN_PATH");
  ck_assert_str_eq (s.dirs[3].path, "/var/two");
  ck_assert_str_eq (s.dirs[4].path, "/var/data/buildrunner/plugins");
  ck_assert_str_eq (s.dirs[4].origin, "user");
  ck_assert_str_eq (s.dirs[5].origin, "installed");
  ck_assert_int_eq (s.dirs[0].missing, 1);
  br_search_free (&s);
}
END_TEST

START_TEST (only_drops_all_but_the_option)
{
  struct br_search s;

  setenv ("BUILDRUNNER_PLUGIN_PATH", "/var/one", 1);
  search (&s, scratch, 1);
  ck_assert_uint_eq (s.n, 1);
  ck_assert_str_eq (s.dirs[0].path, scratch);
  ck_assert_ptr_null (s.dirs[0].refused);
  ck_assert_int_eq (s.dirs[0].missing, 0);
  br_search_free (&s);
}
END_TEST

START_TEST (the_option_is_made_absolute)
{
  struct br_search s;
  BR_AUTOFREE char *expected = scratch_path (scratch, "modules");

  ck_assert_int_eq (chdir (scratch), 0);
  search (&s, "./x/../modules", 1);
  ck_assert_str_eq (s.dirs[0].path, expected);
  ck_assert_int_eq (chdir ("/"), 0);
  br_search_free (&s);
}
END_TEST

START_TEST (relative_and_empty_elements_of_the_variable_are_refused)
{
  struct br_search s;

  setenv ("BUILDRUNNER_PLUGIN_PATH", "here::/var/one", 1);
  search (&s, NULL, 0);
  ck_assert_str_eq (s.dirs[0].path, "here");
  ck_assert_ptr_nonnull (s.dirs[0].refused);
  ck_assert_str_eq (s.dirs[1].path, "");
  ck_assert_ptr_nonnull (s.dirs[1].refused);
  ck_assert_str_eq (s.dirs[2].path, "/var/one");
  ck_assert_ptr_null (s.dirs[2].refused);
  br_search_free (&s);
}
END_TEST

START_TEST (a_relative_data_home_counts_as_not_set)
{
  BR_AUTOFREE char *expected = scratch_path (scratch, ".local/share/buildrunner/plugins");
  struct br_search s;

  setenv ("XDG_DATA_HOME", "data", 1);
  search (&s, NULL, 0);
  ck_assert_str_eq (s.dirs[0].path, expected);
  br_search_free (&s);
}
END_TEST

START_TEST (a_directory_that_all_can_write_is_refused)
{
  BR_AUTOFREE char *dir = scratch_path (scratch, "open");
  struct br_search s;

  scratch_mkdir (dir, 0777);
  search (&s, dir, 1);
  ck_assert_str_eq (s.dirs[0].refused, "all users can write to it (mode 0777)");
  br_search_free (&s);
}
END_TEST

START_TEST (a_sticky_directory_is_only_warned_of)
{
  BR_AUTOFREE char *dir = scratch_path (scratch, "sticky");
  struct br_search s;

  scratch_mkdir (dir, 01777);
  search (&s, dir, 1);
  ck_assert_ptr_null (s.dirs[0].refused);
  ck_assert_str_eq (s.dirs[0].warning, "all users can add files to it (mode 1777)");
  br_search_free (&s);
}
END_TEST

START_TEST (a_link_is_judged_by_what_it_leads_to)
{
  BR_AUTOFREE char *dir = scratch_path (scratch, "open");
  BR_AUTOFREE char *link = scratch_path (scratch, "link");
  struct br_search s;

  scratch_mkdir (dir, 0777);
  ck_assert_int_eq (symlink ("open", link), 0);
  search (&s, link, 1);
  ck_assert_ptr_nonnull (s.dirs[0].refused);
  br_search_free (&s);
}
END_TEST

START_TEST (a_file_is_no_directory)
{
  BR_AUTOFREE char *file = scratch_path (scratch, "file");
  struct br_search s;

  scratch_write (file, "x", 1);
  search (&s, file, 1);
  ck_assert_str_eq (s.dirs[0].refused, "not a directory");
  br_search_free (&s);
}
END_TEST

/* Why a module is not trusted, or NULL; the caller frees. */
static char *
problem_of (const char *path)
{
  char *problem = NULL;

  ck_assert_int_eq (br_trust_look (path, &problem, NULL), 0);
  return problem;
}

START_TEST (a_module_that_all_can_write_is_not_trusted)
{
  BR_AUTOFREE char *file = scratch_path (scratch, "x.so");
  BR_AUTOFREE char *why = NULL;

  scratch_write (file, "x", 1);
  ck_assert_ptr_null (problem_of (file));
  ck_assert_int_eq (chmod (file, 0666), 0);
  why = problem_of (file);
  ck_assert_str_eq (why, "all users can write to it (mode 0666)");
}
END_TEST

START_TEST (a_link_into_a_directory_that_all_can_write_is_not_trusted)
{
  BR_AUTOFREE char *dir = scratch_path (scratch, "open");
  BR_AUTOFREE char *file = scratch_path (dir, "x.so");
  BR_AUTOFREE char *link = scratch_path (scratch, "x.so");
  BR_AUTOFREE char *why = NULL;

  scratch_mkdir (dir, 0777);
  scratch_write (file, "x", 1);
  ck_assert_int_eq (symlink (file, link), 0);
  why = problem_of (link);
  ck_assert_ptr_nonnull (why);
  ck_assert (br_str_starts (why, "all users can write to its directory"));
}
END_TEST

/* Only root can make files of others. */
START_TEST (a_foreign_module_in_a_sticky_directory_is_not_trusted)
{
  BR_AUTOFREE char *dir = scratch_path (scratch, "sticky");
  BR_AUTOFREE char *file = scratch_path (dir, "x.so");
  BR_AUTOFREE char *why = NULL;

  if (geteuid () != 0) {
    puts ("skipped: needs root to make a file of another user");
    return;
  }
  scratch_mkdir (dir, 01777);
  scratch_write (file, "x", 1);
  ck_assert_ptr_null (problem_of (file));
  ck_assert_int_eq (chown (file, 12345, 12345), 0);
  why = problem_of (file);
  ck_assert_str_eq (why, "it belongs to another user, in a directory that all can write to");
}
END_TEST

/* What this program finds when it runs with another group's rights, as a line; NULL: it could not be had. */
static char *
search_with_rights (void)
{
  BR_AUTOFREE char *copy = scratch_path (scratch, "privileged");
  BR_AUTOFREE char *command = br_printf ("%s --print", copy);
  struct br_error err = { 0 };
  char *line = NULL;
  size_t capacity = 0;
  FILE *output;

  ck_assert_int_eq (br_file_copy ("/proc/self/exe", copy, 0, &err), 0);
  if (chown (copy, 0, 12345) == -1 || chmod (copy, 02755) == -1 || (output = popen (command, "r")) == NULL)
    return NULL;
  if (getline (&line, &capacity, output) == -1)
    line[0] = '\0';
  pclose (output);
  return line;
}

START_TEST (a_privileged_program_listens_to_no_environment)
{
  BR_AUTOFREE char *line = NULL;

  setenv ("BUILDRUNNER_PLUGIN_PATH", "/var/one", 1);
  if (geteuid () == 0)
    line = search_with_rights ();
  if (line == NULL || strcmp (line, "not privileged\n") == 0) {
    puts ("skipped: needs root and a file system where programs gain rights");
    return;
  }
  ck_assert_str_eq (line, "installed\n");
}
END_TEST

/* For the test above: the origins that are looked at. */
static int
print_origins (void)
{
  struct br_search s;
  struct br_error err = { 0 };

  if (getauxval (AT_SECURE) == 0) {
    puts ("not privileged");
    return 0;
  }
  if (br_search_init (&s, NULL, 0, &err) == -1)
    return 1;
  for (size_t i = 0; i < s.n; i++)
    printf ("%s%s", i > 0 ? " " : "", s.dirs[i].origin);
  putchar ('\n');
  br_search_free (&s);
  return 0;
}

static int
run_tests (void)
{
  Suite *suite = suite_create ("search");
  TCase *tc = tcase_create ("search");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, the_order_is_option_variable_user_installed);
  tcase_add_test (tc, only_drops_all_but_the_option);
  tcase_add_test (tc, the_option_is_made_absolute);
  tcase_add_test (tc, relative_and_empty_elements_of_the_variable_are_refused);
  tcase_add_test (tc, a_relative_data_home_counts_as_not_set);
  tcase_add_test (tc, a_directory_that_all_can_write_is_refused);
  tcase_add_test (tc, a_sticky_directory_is_only_warned_of);
  tcase_add_test (tc, a_link_is_judged_by_what_it_leads_to);
  tcase_add_test (tc, a_file_is_no_directory);
  tcase_add_test (tc, a_module_that_all_can_write_is_not_trusted);
  tcase_add_test (tc, a_link_into_a_directory_that_all_can_write_is_not_trusted);
  tcase_add_test (tc, a_foreign_module_in_a_sticky_directory_is_not_trusted);
#ifndef BR_SANITIZERS /* their run time wants what such a program may not */
  tcase_add_test (tc, a_privileged_program_listens_to_no_environment);
#else
  (void) a_privileged_program_listens_to_no_environment;
#endif
  suite_add_tcase (suite, tc);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "--print") == 0)
    return print_origins ();
  return run_tests ();
}
