/* SPDX-License-Identifier: BSD-3-Clause */
/* The host when memory runs out: the first allocation fails, then the second, and so on until all goes well. Each time
   there is an error and no crash, and nothing is kept. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "core/host/listing.h"
#include "core/host/modules.h"
#include "core/host/scan_wire.h"
#include "tests/unit/faults.h"
#include "tests/unit/scratch.h"

static char *scratch;
static char *path; /* of a good module */

static void
set_up (void)
{
  scratch = scratch_make ();
  path = scratch_path (scratch, "good.so");
  scratch_module (scratch, "good", "good.so");
}

static void
tear_down (void)
{
  scratch_remove (scratch);
  free (path);
}

/* Something to do: 0 when it was done, -1 with *err otherwise. It frees all that it made. */
typedef int attempt_function (struct br_error *err);

static void
try_all (attempt_function *attempt)
{
  for (long n = 0; n < 20000; n++) {
    struct br_error err = { 0 };
    int ret, failed;

    fault_arm (FAULT_ALLOC, n, NULL);
    ret = attempt (&err);
    failed = fault_disarm ();
    ck_assert_msg (ret == 0 || br_error_is_set (&err), "allocation %ld: no error", n);
    br_error_clear (&err);
    if (!failed) {
      ck_assert_int_eq (ret, 0);
      ck_assert_msg (n > 0 || getenv ("BUILDRUNNER_KEEP_MODULES") != NULL, "nothing was allocated");
      return;
    }
  }
  ck_abort_msg ("it does not come to an end");
}

static int
make_search (struct br_error *err)
{
  const char *const paths[] = { scratch, "relative:/x:/y", NULL };
  struct br_search search;

  if (br_search_init (&search, paths, 0, err) == -1)
    return -1;
  br_search_free (&search);
  return 0;
}

static int
make_listing (struct br_error *err)
{
  const char *const paths[] = { scratch, NULL };
  struct br_search search;
  struct br_listing listing = { 0 };
  int ret;

  if (br_search_init (&search, paths, 1, err) == -1)
    return -1;
  ret = br_listing_make (&listing, &search, err);
  br_listing_free (&listing);
  br_search_free (&search);
  return ret;
}

static int
open_and_describe (struct br_error *err)
{
  struct br_modules *modules = br_modules_new ();
  const struct br_module_handle *module = modules != NULL ? br_modules_open (modules, path, err) : NULL;
  struct br_plugin_info **infos = NULL;
  size_t n = 0;
  int ret = -1;

  if (modules == NULL)
    br_error_oom (err);
  if (module != NULL)
    ret = br_modules_describe (modules, module, &infos, &n, err);
  for (size_t i = 0; i < n; i++)
    br_plugin_info_free (infos[i]);
  free (infos);
  br_modules_free (modules);
  return ret;
}

static int
read_report (struct br_error *err)
{
  static const char line[] =
      "{\"printed\": \"x\", \"refused\": [\"y\"], \"plugins\": [{\"kind\": 0, \"name\": \"a\","
      " \"title\": \"b\", \"version\": \"1\", \"summary\": \"c\", \"params\": [{\"name\": \"p\","
      " \"type\": 5, \"choices\": [\"x\", \"y\"], \"default\": \"x\"}], \"aliases\": [\"q\"],"
      " \"output_stages\": [\"rtl\"], \"steps\": [\"s\"], \"input_types\": [{\"type\": \"onnx\","
      " \"step\": \"s\"}]}]}";
  struct br_scan_message message;

  if (br_scan_read (line, strlen (line), "m", "/m.so", &message) == -1)
    return br_error_oom (err);
  br_module_report_free (&message.report);
  return 0;
}

START_TEST (a_search_fails_as_a_whole)
{
  try_all (make_search);
}
END_TEST

START_TEST (a_listing_fails_as_a_whole)
{
  try_all (make_listing);
}
END_TEST

START_TEST (a_module_is_opened_or_not)
{
  try_all (open_and_describe);
}
END_TEST

START_TEST (a_report_is_read_or_not)
{
  try_all (read_report);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("memory");
  TCase *tc = tcase_create ("memory");
  SRunner *runner = srunner_create (suite);
  int n_failed;

  tcase_set_timeout (tc, 60);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, a_search_fails_as_a_whole);
  tcase_add_test (tc, a_listing_fails_as_a_whole);
  tcase_add_test (tc, a_module_is_opened_or_not);
  tcase_add_test (tc, a_report_is_read_or_not);
  suite_add_tcase (suite, tc);
  srunner_run_all (runner, CK_ENV);
  n_failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
