/* SPDX-License-Identifier: BSD-3-Clause */
/* Durations, sizes and numbers of a command line. */
#include <config.h>

#include <stdlib.h>

#include <check.h>

#include "core/cli/units.h"

typedef int reader (const char *text, double *value);

struct sample {
  const char *text;
  double value;
};

static void
check_samples (reader *read, const struct sample *samples)
{
  for (; samples->text != NULL; samples++) {
    double value = -1;

    ck_assert_msg (read (samples->text, &value) == 0, "%s was not read", samples->text);
    ck_assert_double_eq_tol (value, samples->value, 1e-9 * samples->value);
  }
}

/* What is refused leaves the value alone. */
static void
check_refused (reader *read, const char *const *texts)
{
  for (; *texts != NULL; texts++) {
    double value = -1;

    ck_assert_msg (read (*texts, &value) < 0, "\"%s\" was read", *texts);
    ck_assert_double_eq (value, -1);
  }
}

static const char *const no_numbers[] = { "",    " 1",    "1 ",   "-1",       "+1",  "0",   "0.0",
                                          ".",   "1.2.3", "1e3",  "0x1",      "nan", "inf", "1,5",
                                          "one", "1\n",   "1q",   "1mm",      "m",   "--",  "1-",
                                          "1e",  "1e400", "1e-3", "infinity", NULL };

START_TEST (durations_are_minutes)
{
  static const struct sample samples[] = {
    { "60", 1 },   { "90s", 1.5 }, { "30m", 30 },  { "2h", 120 },    { "1.5h", 90 },
    { "2H", 120 }, { "1d", 1440 }, { ".5m", 0.5 }, { "0.6s", 0.01 }, { NULL, 0 },
  };

  check_samples (br_cli_read_duration, samples);
  check_refused (br_cli_read_duration, no_numbers);
}
END_TEST

START_TEST (sizes_are_powers_of_1024)
{
  static const struct sample samples[] = {
    { "1048576", 1 }, { "1024K", 1 }, { "512M", 512 },   { "8G", 8192 },   { "8GB", 8192 },
    { "8GiB", 8192 }, { "8g", 8192 }, { "1T", 1048576 }, { "1.5G", 1536 }, { NULL, 0 },
  };

  check_samples (br_cli_read_size, samples);
  check_refused (br_cli_read_size, no_numbers);
}
END_TEST

START_TEST (numbers_have_no_unit)
{
  static const struct sample samples[] = { { "1", 1 }, { "2.5", 2.5 }, { "1000000", 1e6 }, { NULL, 0 } };
  static const char *const units[] = { "1s", "1K", NULL };

  check_samples (br_cli_read_number, samples);
  check_refused (br_cli_read_number, no_numbers);
  check_refused (br_cli_read_number, units);
}
END_TEST

START_TEST (truth_has_many_spellings)
{
  int value = -1;

  ck_assert_int_eq (br_cli_read_bool ("Yes", &value), 0);
  ck_assert_int_eq (value, 1);
  ck_assert_int_eq (br_cli_read_bool ("FALSE", &value), 0);
  ck_assert_int_eq (value, 0);
  value = -1;
  ck_assert_int_lt (br_cli_read_bool ("", &value), 0);
  ck_assert_int_lt (br_cli_read_bool ("2", &value), 0);
  ck_assert_int_lt (br_cli_read_bool ("truely", &value), 0);
  ck_assert_int_eq (value, -1);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("cli units");
  TCase *tests = tcase_create ("units");
  SRunner *runner;
  int failed;

  tcase_add_test (tests, durations_are_minutes);
  tcase_add_test (tests, sizes_are_powers_of_1024);
  tcase_add_test (tests, numbers_have_no_unit);
  tcase_add_test (tests, truth_has_many_spellings);
  suite_add_tcase (suite, tests);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
