/* SPDX-License-Identifier: BSD-3-Clause */
/* Scans of a scratch folder. */
#include <config.h>

#include "tests/unit/scan_rig.h"

#include <check.h>
#include <stdlib.h>

#include "tests/unit/scratch.h"

char *scratch, *worker;

void
scan_set_up (void)
{
  scratch = scratch_make ();
  worker = scratch_program ("tests/unit/scan_worker");
}

void
scan_tear_down (void)
{
  scratch_remove (scratch);
  free (worker);
}

struct br_catalogue *
scan_path (const char *path)
{
  const char *const paths[] = { path, NULL };
  struct br_catalogue *c = NULL;
  struct br_error err = { 0 };
  struct br_search search;

  ck_assert_int_eq (br_search_init (&search, paths, 1, &err), 0);
  ck_assert_msg (br_catalogue_scan (&search, worker, &c, &err) == 0, "%s", br_error_text (&err));
  br_search_free (&search);
  return c;
}

const struct br_plugin_info *
scan_find (const struct br_catalogue *c, const char *name)
{
  return br_catalogue_find (c, BR_N_KINDS, name, NULL, NULL);
}
