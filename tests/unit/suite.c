/* SPDX-License-Identifier: BSD-3-Clause */
/* Suites of one case. */
#include <config.h>

#include <stdlib.h>

#include "tests/unit/suite.h"

int
run_case (const char *name, TCase *tests)
{
  Suite *suite = suite_create (name);
  SRunner *runner;
  int failed;

  suite_add_tcase (suite, tests);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
run_tests (const char *name, const TTest *const *tests, size_t n, double seconds)
{
  TCase *tc = tcase_create (name);

  if (seconds > 0)
    tcase_set_timeout (tc, seconds);
  for (size_t i = 0; i < n; i++)
    tcase_add_test (tc, tests[i]);
  return run_case (name, tc);
}
