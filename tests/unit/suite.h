/* SPDX-License-Identifier: BSD-3-Clause */
/* What a test program's main () does with its tests, and returns: EXIT_SUCCESS when all pass, else EXIT_FAILURE. */
#ifndef BR_TESTS_SUITE_H
#define BR_TESTS_SUITE_H

#include <check.h>
#include <stddef.h>

/* Runs one case, as a suite of that name; the case is freed. */
int run_case (const char *name, TCase *tests);
/* Runs a list, each test for at most so many seconds (0: Check's own limit). */
int run_tests (const char *name, const TTest *const *tests, size_t n, double seconds);

#endif
