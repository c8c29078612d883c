/* SPDX-License-Identifier: BSD-3-Clause */
/* Modules that are linked into a program: this one has tests/modules/good and old_minor in it, and is its own
   scan worker. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "core/host/builtin.h"
#include "core/host/modules.h"
#include "tests/unit/scratch.h"

/* Made by libtool of -dlpreopen. */
extern const struct br_builtin_symbol lt__PROGRAM__LTX_preloaded_symbols[];

static char *scratch;
static struct br_error err;

static void
set_up (void)
{
  scratch = scratch_make ();
  setenv ("XDG_DATA_HOME", scratch, 1);
  unsetenv ("BUILDRUNNER_PLUGIN_PATH");
  err = (struct br_error){ 0 };
}

static void
tear_down (void)
{
  br_error_clear (&err);
  scratch_remove (scratch);
}

static struct br_catalogue *
scan (const char *option)
{
  const char *const options[] = { option, NULL };
  struct br_catalogue *c = NULL;
  struct br_search search;

  ck_assert_int_eq (br_search_init (&search, options, 0, &err), 0);
  ck_assert_str_eq (search.dirs[search.n - 1].origin, "builtin");
  ck_assert_msg (br_catalogue_scan (&search, NULL, &c, &err) == 0, "%s", br_error_text (&err));
  br_search_free (&search);
  return c;
}

START_TEST (the_table_names_the_modules)
{
  BR_AUTOFREE char *first = br_builtin_name (0);
  BR_AUTOFREE char *second = br_builtin_name (1);

  ck_assert_uint_eq (br_builtin_count (), 2);
  ck_assert_str_eq (first, "good");
  ck_assert_str_eq (second, "old_minor");
  ck_assert_ptr_null (br_builtin_name (2));
}
END_TEST

START_TEST (modules_that_are_linked_in_are_found_without_a_file)
{
  struct br_catalogue *c = scan (NULL);
  const struct br_plugin_info *info = br_catalogue_find (c, BR_KIND_BACKEND, "good_backend", NULL, NULL);

  ck_assert_ptr_nonnull (info);
  ck_assert_str_eq (info->path, "builtin:good");
  ck_assert_str_eq (info->module, "good");
  ck_assert_ptr_nonnull (br_catalogue_find (c, BR_KIND_BACKEND, "old_minor", NULL, NULL));
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_file_wins_over_what_is_linked_in)
{
  struct br_catalogue *c;

  scratch_module (scratch, "good", "good.so");
  c = scan (scratch);
  ck_assert_str_ne (br_catalogue_find (c, BR_KIND_BACKEND, "good_backend", NULL, NULL)->path, "builtin:good");
  ck_assert_uint_eq (c->n_shadowed, 3);
  ck_assert_str_eq (c->shadowed[0].path, "builtin:good");
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_module_that_is_linked_in_can_be_opened)
{
  struct br_modules *modules = br_modules_new ();
  struct br_module_handle *module = br_modules_open (modules, "builtin:good", &err);

  ck_assert_msg (module != NULL, "%s", br_error_text (&err));
  ck_assert_str_eq (br_module_handle_name (module), "good");
  ck_assert_ptr_nonnull (br_modules_backend (modules, module, "good_backend"));
  ck_assert_ptr_null (br_modules_open (modules, "builtin:moon", &err));
  br_modules_free (modules);
}
END_TEST

static int
run_tests (void)
{
  Suite *suite = suite_create ("builtin");
  TCase *tc = tcase_create ("builtin");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, the_table_names_the_modules);
  tcase_add_test (tc, modules_that_are_linked_in_are_found_without_a_file);
  tcase_add_test (tc, a_file_wins_over_what_is_linked_in);
  tcase_add_test (tc, a_module_that_is_linked_in_can_be_opened);
  suite_add_tcase (suite, tc);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  br_host_set_builtin (lt__PROGRAM__LTX_preloaded_symbols);
  br_host_set_own_worker ("--worker");
  if (argc == 3 && strcmp (argv[1], "--worker") == 0 && strcmp (argv[2], "scan") == 0)
    return br_scan_main ();
  return run_tests ();
}
