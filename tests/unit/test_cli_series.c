/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of numbers and words of a command line. */
#include <config.h>

#include <check.h>
#include <stdlib.h>

#include "common/str.h"
#include "core/cli/series.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static void
assert_series (const char *text, const double *expected, size_t n)
{
  double *values = NULL;
  size_t count = 0;

  ck_assert_msg (br_cli_read_series (text, &values, &count) == 0, "%s", text);
  ck_assert_uint_eq (count, n);
  for (size_t i = 0; i < n; i++)
    ck_assert_double_eq_tol (values[i], expected[i], 1e-9 * expected[i]);
  free (values);
}

START_TEST (numbers_with_commas)
{
  static const double expected[] = { 100, 25000, 0.5 };

  assert_series ("100,2.5e4,0.5", expected, 3);
  assert_series ("100", expected, 1);
}
END_TEST

START_TEST (ranges_go_by_one_two_five)
{
  static const double decades[] = { 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5 };
  static const double odd[] = { 30, 50, 100, 200, 300 }, small[] = { 0.1, 0.2, 0.5, 1 };

  assert_series ("1e3..1e5", decades, N (decades));
  assert_series ("30..300", odd, N (odd));
  assert_series ("0.1..1", small, N (small));
}
END_TEST

START_TEST (ranges_beside_numbers)
{
  static const double expected[] = { 7, 10, 20, 20, 3 };

  assert_series ("7..20,20..20,3", expected, N (expected));
}
END_TEST

START_TEST (what_is_no_series)
{
  static const char *const texts[] = { "",    ",",    "1,",    ",1",      "0",   "-1",       "1..",
                                       "..1", "2..1", "1...2", "1..2..3", "a",   "1x",       "0x10",
                                       "nan", "inf",  "1e999", "1 2",     "1;2", "5e-324..1" };

  for (size_t i = 0; i < N (texts); i++) {
    double *values = NULL;
    size_t n;

    ck_assert_msg (br_cli_read_series (texts[i], &values, &n) == -1, "%s was taken", texts[i]);
    free (values);
  }
}
END_TEST

START_TEST (words)
{
  char **list;
  size_t n;

  ck_assert_int_eq (br_cli_read_words ("Pynq-Z1,ZCU104", &list, &n), 0);
  ck_assert_uint_eq (n, 2);
  ck_assert_str_eq (list[0], "Pynq-Z1");
  ck_assert_str_eq (list[1], "ZCU104");
  ck_assert_ptr_null (list[2]);
  br_strings_free (list);
  ck_assert_int_eq (br_cli_read_words ("a,,b", &list, &n), -1);
  br_strings_free (list);
  ck_assert_int_eq (br_cli_read_words ("", &list, &n), -1);
  br_strings_free (list);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    numbers_with_commas, ranges_go_by_one_two_five, ranges_beside_numbers, what_is_no_series, words,
  };
  Suite *suite = suite_create ("cli_series");
  TCase *tc = tcase_create ("series");
  SRunner *runner;
  int failed;

  for (size_t i = 0; i < N (tests); i++)
    tcase_add_test (tc, tests[i]);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
