/* SPDX-License-Identifier: BSD-3-Clause */
/* Scans of a scratch folder: what the tests of the catalogue share. Everything here ends the test when it cannot be done. */
#ifndef BR_TESTS_SCAN_RIG_H
#define BR_TESTS_SCAN_RIG_H

#include "core/host/catalogue.h"

/* A test's folder, and the worker that scans: set and freed by the fixture. */
extern char *scratch, *worker;

void scan_set_up (void);
void scan_tear_down (void);
/* The catalogue of a path with ':'; the caller frees. */
struct br_catalogue *scan_path (const char *path);
/* Of any kind; NULL where the name is not there. */
const struct br_plugin_info *scan_find (const struct br_catalogue *c, const char *name);

#endif
