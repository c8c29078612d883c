/* SPDX-License-Identifier: BSD-3-Clause */
/* Which plugin a name means: path order, shadowed names, kinds. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "tests/unit/scan_rig.h"
#include "tests/unit/scratch.h"

START_TEST (the_first_of_a_name_wins_and_the_other_is_told_of)
{
  struct br_catalogue *c;

  scratch_module (scratch, "duplicate_b", "duplicate_b.so");
  scratch_module (scratch, "duplicate_a", "duplicate_a.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n, 1);
  ck_assert_str_eq (scan_find (c, "duplicate")->module, "duplicate_a");
  ck_assert_uint_eq (c->n_shadowed, 1);
  ck_assert_str_eq (c->shadowed[0].name, "duplicate");
  ck_assert (br_str_ends (c->shadowed[0].path, "/duplicate_b.so"));
  ck_assert (br_str_ends (c->shadowed[0].by, "/duplicate_a.so"));
  br_catalogue_free (c);
}
END_TEST

START_TEST (the_hidden_one_can_be_asked_for_by_its_module)
{
  const struct br_plugin_info *info;
  struct br_catalogue *c;

  scratch_module (scratch, "duplicate_b", "duplicate_b.so");
  scratch_module (scratch, "duplicate_a", "duplicate_a.so");
  c = scan_path (scratch);
  info = br_catalogue_find (c, BR_KIND_BACKEND, "duplicate", "duplicate_b", NULL);
  ck_assert_ptr_nonnull (info);
  ck_assert_str_eq (info->module, "duplicate_b");
  ck_assert_ptr_null (br_catalogue_find (c, BR_KIND_BACKEND, "duplicate", "duplicate_c", NULL));
  br_catalogue_free (c);
}
END_TEST

START_TEST (directories_count_in_path_order)
{
  BR_AUTOFREE char *one = scratch_path (scratch, "one");
  BR_AUTOFREE char *two = scratch_path (scratch, "two");
  BR_AUTOFREE char *path = br_printf ("%s:%s", two, one);
  struct br_catalogue *c;

  scratch_mkdir (one, 0755);
  scratch_mkdir (two, 0755);
  scratch_module (one, "duplicate_a", "duplicate_a.so");
  scratch_module (two, "duplicate_b", "duplicate_b.so");
  c = scan_path (path);
  ck_assert_str_eq (scan_find (c, "duplicate")->module, "duplicate_b");
  br_catalogue_free (c);
}
END_TEST

/* The loader and libltdl know modules by their names, too: the second file must not be taken for the first. */
START_TEST (files_of_one_name_in_two_directories_are_two_modules)
{
  BR_AUTOFREE char *one = scratch_path (scratch, "one");
  BR_AUTOFREE char *two = scratch_path (scratch, "two");
  BR_AUTOFREE char *path = br_printf ("%s:%s", one, two);
  const struct br_plugin_info *info;
  struct br_catalogue *c;

  scratch_mkdir (one, 0755);
  scratch_mkdir (two, 0755);
  scratch_module (one, "duplicate_a", "same.so");
  scratch_module (two, "old_minor", "same.so");
  c = scan_path (path);
  ck_assert_uint_eq (c->n, 2);
  info = scan_find (c, "duplicate");
  ck_assert (info != NULL && br_str_starts (info->path, one));
  info = br_catalogue_find (c, BR_KIND_BACKEND, "old_minor", "same", NULL);
  ck_assert (info != NULL && br_str_starts (info->path, two));
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_directory_that_is_named_twice_counts_once)
{
  BR_AUTOFREE char *path = br_printf ("%s:%s/.", scratch, scratch);
  struct br_catalogue *c;

  scratch_module (scratch, "good", "good.so");
  c = scan_path (path);
  ck_assert_uint_eq (c->n, 3);
  ck_assert_uint_eq (c->n_shadowed, 0);
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_kind_before_the_name_tells_kinds_apart)
{
  struct br_catalogue *c;

  scratch_module (scratch, "good", "good.so");
  c = scan_path (scratch);
  ck_assert_ptr_nonnull (scan_find (c, "backend/good_backend"));
  ck_assert_ptr_null (scan_find (c, "analysis/good_backend"));
  ck_assert_ptr_nonnull (scan_find (c, "analysis/good_analysis"));
  ck_assert_ptr_null (br_catalogue_find (c, BR_KIND_TRANSFORM, "good_analysis", NULL, NULL));
  br_catalogue_free (c);
}
END_TEST

START_TEST (a_name_that_two_kinds_share_is_ambiguous)
{
  struct br_catalogue *c;
  int ambiguous = 0;

  scratch_module (scratch, "two_kinds", "two_kinds.so");
  c = scan_path (scratch);
  ck_assert_ptr_null (br_catalogue_find (c, BR_N_KINDS, "shared", NULL, &ambiguous));
  ck_assert_int_eq (ambiguous, 1);
  ck_assert_int_eq (scan_find (c, "analysis/shared")->kind, BR_KIND_ANALYSIS);
  ck_assert_ptr_nonnull (br_catalogue_find (c, BR_KIND_TRANSFORM, "shared", NULL, &ambiguous));
  ck_assert_int_eq (ambiguous, 0);
  br_catalogue_free (c);
}
END_TEST

START_TEST (names_are_listed_by_kind)
{
  const char **names = NULL;
  struct br_catalogue *c;

  scratch_module (scratch, "good", "good.so");
  scratch_module (scratch, "two_kinds", "two_kinds.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (br_catalogue_names (c, BR_KIND_ANALYSIS, &names), 2);
  ck_assert_str_eq (names[0], "good_analysis");
  ck_assert_str_eq (names[1], "shared");
  free (names);
  ck_assert_uint_eq (br_catalogue_names (c, BR_N_KINDS, &names), 5);
  free (names);
  br_catalogue_free (c);
}
END_TEST

START_TEST (what_is_not_offered_is_in_no_list_and_says_why)
{
  const char **names = NULL;
  struct br_catalogue *c;

  scratch_module (scratch, "not_offered", "not_offered.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n_refused, 0);
  ck_assert_uint_eq (br_catalogue_names (c, BR_N_KINDS, &names), 1);
  ck_assert_str_eq (names[0], "Offered");
  free (names);
  ck_assert_ptr_null (scan_find (c, "NotOffered"));
  ck_assert_str_eq (br_catalogue_left_out (c, "NotOffered")->summary, "it takes a function of Python");
  ck_assert_str_eq (br_catalogue_left_out (c, "not_offered_backend")->summary, "it would take a year");
  ck_assert_str_eq (br_catalogue_left_out (c, "analysis/not_offered_analysis")->summary,
                    "it is not done yet");
  ck_assert_ptr_null (br_catalogue_left_out (c, "backend/not_offered_analysis"));
  ck_assert_ptr_null (br_catalogue_left_out (c, "Offered"));
  br_catalogue_free (c);
}
END_TEST

/* Neither hides the other. */
START_TEST (what_another_module_offers_is_found)
{
  struct br_catalogue *c;

  scratch_module (scratch, "not_offered", "not_offered.so");
  scratch_module (scratch, "two_kinds", "two_kinds.so");
  c = scan_path (scratch);
  ck_assert_uint_eq (c->n_shadowed, 0);
  ck_assert_str_eq (br_catalogue_find (c, BR_KIND_TRANSFORM, "shared", NULL, NULL)->module, "two_kinds");
  ck_assert_ptr_null (br_catalogue_find (c, BR_KIND_TRANSFORM, "shared", "not_offered", NULL));
  br_catalogue_free (c);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("order");
  TCase *tc = tcase_create ("order");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_set_timeout (tc, 60);
  tcase_add_checked_fixture (tc, scan_set_up, scan_tear_down);
  tcase_add_test (tc, the_first_of_a_name_wins_and_the_other_is_told_of);
  tcase_add_test (tc, the_hidden_one_can_be_asked_for_by_its_module);
  tcase_add_test (tc, directories_count_in_path_order);
  tcase_add_test (tc, files_of_one_name_in_two_directories_are_two_modules);
  tcase_add_test (tc, a_directory_that_is_named_twice_counts_once);
  tcase_add_test (tc, a_kind_before_the_name_tells_kinds_apart);
  tcase_add_test (tc, a_name_that_two_kinds_share_is_ambiguous);
  tcase_add_test (tc, names_are_listed_by_kind);
  tcase_add_test (tc, what_is_not_offered_is_in_no_list_and_says_why);
  tcase_add_test (tc, what_another_module_offers_is_found);
  suite_add_tcase (suite, tc);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
