/* SPDX-License-Identifier: BSD-3-Clause */
/* What a test program's main () does with its list of tests. */
#ifndef BR_TESTS_SUITE_H
#define BR_TESTS_SUITE_H

#include <check.h>
#include <stddef.h>

/* Runs them, each for at most so many seconds (0: Check's own limit). EXIT_SUCCESS or EXIT_FAILURE. */
int run_tests (const char *name, const TTest *const *tests, size_t n, double seconds);

#endif
