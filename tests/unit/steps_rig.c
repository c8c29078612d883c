/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include "tests/unit/steps_rig.h"

#include <check.h>

#include "core/host/modules.h"

void
ck_transform_accepted (const struct br_transform *transform)
{
  struct br_modules *modules = br_modules_new ();
  struct br_error err = { 0 };

  ck_assert_ptr_nonnull (modules);
  ck_assert_msg (br_modules_add_transform (modules, transform, &err) == 0, "%s", br_error_text (&err));
  br_modules_free (modules);
}

void
ck_analysis_accepted (const struct br_analysis *analysis)
{
  struct br_modules *modules = br_modules_new ();
  struct br_error err = { 0 };

  ck_assert_ptr_nonnull (modules);
  ck_assert_msg (br_modules_add_analysis (modules, analysis, &err) == 0, "%s", br_error_text (&err));
  br_modules_free (modules);
}
