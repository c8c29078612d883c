/* SPDX-License-Identifier: BSD-3-Clause */
/* Modules open in this process, descriptors registered in-process, the memo. */
#include <config.h>

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/hash.h"
#include "common/str.h"
#include "core/host/abi.h"
#include "core/host/modules.h"
#include "core/run/registry.h"
#include "tests/modules/dummy.h"
#include "tests/unit/scratch.h"

static char *scratch;
static struct br_modules *modules;
static struct br_error err;

static void
set_up (void)
{
  scratch = scratch_make ();
  modules = br_modules_new ();
  ck_assert_ptr_nonnull (modules);
  err = (struct br_error){ 0 };
}

static void
tear_down (void)
{
  br_error_clear (&err);
  br_modules_free (modules);
  scratch_remove (scratch);
}

/* ---- Opening ---- */

static struct br_module_handle *
open_dummy (const char *name)
{
  BR_AUTOFREE char *file = br_printf ("%s.so", name);
  BR_AUTOFREE char *path = scratch_path (scratch, file);

  scratch_module (scratch, name, file);
  return br_modules_open (modules, path, &err);
}

START_TEST (an_open_module_gives_copies_of_its_descriptors)
{
  struct br_module_handle *module = open_dummy ("good");
  const struct br_backend *backend;

  ck_assert_ptr_nonnull (module);
  ck_assert_str_eq (br_module_handle_name (module), "good");
  backend = br_modules_backend (modules, module, "good_backend");
  ck_assert_ptr_nonnull (backend);
  ck_assert_ptr_nonnull (backend->run);
  ck_assert_ptr_nonnull (br_modules_transform (modules, module, "GoodTransform"));
  ck_assert_ptr_nonnull (br_modules_analysis (modules, module, "good_analysis"));
  ck_assert_ptr_null (br_modules_analysis (modules, module, "good_backend"));
  ck_assert_ptr_null (br_modules_backend (modules, module, "fine"));
}
END_TEST

START_TEST (a_module_is_opened_once)
{
  struct br_module_handle *module = open_dummy ("good");

  ck_assert_ptr_eq (br_modules_open (modules, br_module_handle_path (module), &err), module);
}
END_TEST

/* The hash is the file's, also when the file has gone meanwhile: the module that is open is still that one. */
START_TEST (an_open_module_keeps_the_hash_of_its_file)
{
  char *dir = scratch_make (), *path = scratch_path (dir, "good.so");
  struct br_module_handle *module;
  char hash[BR_SHA256_HEX];

  scratch_module (dir, "good", "good.so");
  module = br_modules_open (modules, path, &err);
  ck_assert_msg (module != NULL, "%s", br_error_text (&err));
  ck_assert_int_eq (br_sha256_file (path, hash, &err), 0);
  ck_assert_str_eq (br_module_handle_sha256 (module), hash);
  scratch_remove (dir);
  ck_assert_str_eq (br_module_handle_sha256 (module), hash);
  free (path);
}
END_TEST

START_TEST (a_longer_descriptor_is_cut_to_what_this_host_knows)
{
  struct br_module_handle *module = open_dummy ("future_minor");
  const struct br_backend *backend = br_modules_backend (modules, module, "future_minor");

  ck_assert_uint_gt (backend->struct_size, sizeof *backend);
  ck_assert_uint_eq (backend->abi_minor, 9);
}
END_TEST

START_TEST (a_refusal_has_the_loaders_own_reason_without_the_path)
{
  ck_assert_ptr_null (open_dummy ("undefined_symbol"));
  ck_assert_str_eq (err.category, "plugin");
  ck_assert_str_eq (br_error_text (&err), "undefined symbol: there_is_no_such_function");
}
END_TEST

START_TEST (a_module_that_is_missing_is_refused)
{
  ck_assert_ptr_null (br_modules_open (modules, "/nonexistent/x.so", &err));
  ck_assert_str_eq (br_error_text (&err), "cannot open shared object file: No such file or directory");
}
END_TEST

START_TEST (a_program_without_modules_of_its_own_has_no_builtin)
{
  ck_assert_ptr_null (br_modules_open (modules, "builtin:good", &err));
  ck_assert_str_eq (br_error_text (&err), "not linked into this program");
}
END_TEST

START_TEST (describe_gives_entries_of_the_callers_own)
{
  struct br_module_handle *module = open_dummy ("good");
  struct br_plugin_info **infos = NULL;
  size_t n = 0;

  ck_assert_int_eq (br_modules_describe (modules, module, &infos, &n, &err), 0);
  ck_assert_uint_eq (n, 3);
  br_modules_free (modules);
  modules = NULL;
  ck_assert_str_eq (infos[0]->name, "good_backend");
  for (size_t i = 0; i < n; i++)
    br_plugin_info_free (infos[i]);
  free (infos);
}
END_TEST

/* ---- In-process ---- */

START_TEST (a_registered_backend_is_found_and_has_no_module)
{
  static const struct br_backend mine = { DUMMY_BACKEND, .name = "mine" };
  struct br_module_handle *handle;

  ck_assert_ptr_null (br_modules_in_process (modules));
  ck_assert_int_eq (br_modules_add_backend (modules, &mine, &err), 0);
  handle = br_modules_in_process (modules);
  ck_assert_ptr_nonnull (br_modules_backend (modules, handle, "mine"));
  ck_assert_str_eq (br_module_handle_path (handle), "registered");
  ck_assert_ptr_null (br_module_handle_sha256 (handle));
}
END_TEST

START_TEST (a_registered_descriptor_is_checked_as_a_modules)
{
  static const struct br_backend later = { DUMMY_BACKEND, .name = "later", .needs_minor = 7 };

  ck_assert_int_eq (br_modules_add_backend (modules, &later, &err), -1);
  ck_assert_str_eq (br_error_text (&err), "backend later: needs plugin ABI 1.7, this buildrunner has 1.0");
}
END_TEST

static const struct {
  struct br_param a;
  const char *reason;
} bad_params[] = {
  { { .struct_size = 8, .type = BR_PARAM_INT, .name = "a" }, "parameter number 1: descriptor too small" },
  { { .struct_size = sizeof (struct br_param), .type = BR_PARAM_INT },
    "parameter number 1: a name is [A-Za-z0-9_]+" },
  { { .struct_size = sizeof (struct br_param), .type = BR_PARAM_INT, .name = "a-b" },
    "parameter a-b: a name is" },
  { { .struct_size = sizeof (struct br_param), .type = BR_PARAM_BOOL, .name = "enabled" },
    "parameter enabled: the name is the host's own" },
  { { .struct_size = sizeof (struct br_param), .type = 0, .name = "a" }, "parameter a: unknown type 0" },
  { { .struct_size = sizeof (struct br_param), .type = BR_PARAM_CHOICE, .name = "a" },
    "parameter a: a choice without choices" },
  { { .struct_size = sizeof (struct br_param),
      .type = BR_PARAM_INT,
      .name = "a",
      .flags = BR_PARAM_HAS_MIN | BR_PARAM_HAS_MAX,
      .minimum = 2,
      .maximum = 1 },
    "parameter a: its minimum is above its maximum" },
  { { .struct_size = sizeof (struct br_param),
      .type = BR_PARAM_FLOAT,
      .name = "a",
      .flags = BR_PARAM_HAS_MIN,
      .minimum = -1.0 / 0.0 },
    "parameter a: its range is not of finite numbers" },
  { { .struct_size = sizeof (struct br_param),
      .type = BR_PARAM_INT,
      .name = "a",
      .flags = BR_PARAM_HAS_MAX,
      .maximum = 10,
      .default_json = "11" },
    "parameter a: its default 11: " },
  { { .struct_size = sizeof (struct br_param), .type = BR_PARAM_INT, .name = "a", .help = "one\ntwo" },
    "parameter a: help has control bytes or more than one line" },
  { { .struct_size = sizeof (struct br_param), .type = BR_PARAM_INT, .name = "a", .unit = "\xff" },
    "parameter a: unit is not UTF-8" },
};

START_TEST (a_bad_parameter_refuses_its_plugin)
{
  const struct br_param *params[] = { &bad_params[_i].a, NULL };
  const struct br_backend mine = { DUMMY_BACKEND, .name = "mine", .params = params };
  BR_AUTOFREE char *expected = br_printf ("backend mine: %s", bad_params[_i].reason);

  ck_assert_int_eq (br_modules_add_backend (modules, &mine, &err), -1);
  ck_assert_msg (br_str_starts (br_error_text (&err), expected), "%s", br_error_text (&err));
}
END_TEST

START_TEST (a_step_that_is_there_twice_refuses_its_plugin)
{
  static const char *const steps[] = { "step_a", "step_b", "step_a", NULL };
  static const struct br_backend mine = { DUMMY_BACKEND, .name = "mine", .steps = steps };

  ck_assert_int_eq (br_modules_add_backend (modules, &mine, &err), -1);
  ck_assert_str_eq (br_error_text (&err), "backend mine: build step step_a is there twice");
}
END_TEST

START_TEST (an_alias_that_is_no_name_refuses_its_plugin)
{
  static const char *const aliases[] = { "Fine!", NULL };
  static const struct br_backend mine = { DUMMY_BACKEND, .name = "mine", .aliases = aliases };

  ck_assert_int_eq (br_modules_add_backend (modules, &mine, &err), -1);
  ck_assert_str_eq (br_error_text (&err), "backend mine: alias \"Fine!\": a name is [a-z0-9_]+");
}
END_TEST

START_TEST (a_table_without_an_end_is_refused)
{
  static const char *steps[BR_TABLE_LIMIT + 1];
  static const struct br_backend mine = { DUMMY_BACKEND, .name = "mine", .steps = steps };

  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
    steps[i] = "step";
  ck_assert_int_eq (br_modules_add_backend (modules, &mine, &err), -1);
  ck_assert_str_eq (br_error_text (&err), "backend mine: steps does not end with NULL");
}
END_TEST

START_TEST (capitals_are_for_transforms_and_analyses_only)
{
  static const struct br_backend mine = { DUMMY_BACKEND, .name = "Mine" };

  ck_assert_int_eq (br_modules_add_backend (modules, &mine, &err), -1);
  ck_assert_str_eq (br_error_text (&err), "backend Mine: a name is [a-z0-9_]+, of 255 bytes at most");
}
END_TEST

/* ---- Registry of the embedding interface ---- */

START_TEST (a_registry_takes_each_name_once)
{
  static const struct br_backend mine = { DUMMY_BACKEND, .name = "mine" };
  struct br_registry *registry = br_registry_new ();
  char *reason = NULL;

  ck_assert_int_eq (br_registry_add_backend (registry, &mine, &reason), 0);
  ck_assert_ptr_null (reason);
  ck_assert_int_eq (br_registry_add_backend (registry, &mine, &reason), -1);
  ck_assert_str_eq (reason, "backend mine: the module has two of this name");
  free (reason);
  ck_assert_int_eq (br_registry_add_backend (registry, &mine, NULL), -1);
  ck_assert_uint_eq (registry->catalogue->n, 1);
  br_registry_free (registry);
}
END_TEST

START_TEST (what_is_registered_stands_before_what_is_found)
{
  static const struct br_backend mine = { DUMMY_BACKEND, .name = "good_backend" };
  BR_AUTOFREE char *worker = scratch_program ("tests/unit/scan_worker");
  struct br_registry *registry = br_registry_new ();
  const char *const directories[] = { scratch, NULL };
  char *reason = NULL;

  setenv ("BUILDRUNNER_WORKER", worker, 1);
  scratch_module (scratch, "good", "good.so");
  ck_assert_int_eq (br_registry_add_backend (registry, &mine, &reason), 0);
  ck_assert_msg (br_registry_scan (registry, directories, &reason) == 0, "%s", reason);
  ck_assert_uint_eq (registry->catalogue->n, 3);
  ck_assert_str_eq (registry->catalogue->plugins[0]->path, "registered");
  ck_assert_uint_eq (registry->catalogue->n_shadowed, 1);
  ck_assert_str_eq (registry->catalogue->shadowed[0].by, "registered");
  ck_assert_int_eq (br_registry_scan (registry, directories, &reason), -1);
  ck_assert_str_eq (reason, "a registry is scanned once");
  free (reason);
  br_registry_free (registry);
}
END_TEST

/* ---- Memo ---- */

static int released;

static void
release (void *value)
{
  released += *(int *) value;
}

START_TEST (a_memo_keeps_values_apart_by_module_and_key)
{
  struct br_memo *memo = br_memo_new ();
  const struct br_module_handle *a = open_dummy ("good"), *b = open_dummy ("old_minor");
  int one = 1, two = 2, three = 4;

  ck_assert_int_eq (br_memo_put (memo, a, "model", &one, release), 0);
  ck_assert_int_eq (br_memo_put (memo, b, "model", &two, release), 0);
  ck_assert_ptr_eq (br_memo_get (memo, a, "model"), &one);
  ck_assert_ptr_eq (br_memo_get (memo, b, "model"), &two);
  ck_assert_ptr_null (br_memo_get (memo, a, "graph"));
  ck_assert_int_eq (br_memo_put (memo, a, "model", &three, release), 0);
  ck_assert_int_eq (released, 1);
  ck_assert_ptr_eq (br_memo_get (memo, a, "model"), &three);
  br_memo_free (memo);
  ck_assert_int_eq (released, 7);
}
END_TEST

START_TEST (putting_the_same_value_again_does_not_release_it)
{
  struct br_memo *memo = br_memo_new ();
  int one = 1;

  released = 0;
  br_memo_put (memo, NULL, "model", &one, release);
  br_memo_put (memo, NULL, "model", &one, release);
  ck_assert_int_eq (released, 0);
  br_memo_free (memo);
  ck_assert_int_eq (released, 1);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("modules");
  TCase *tc = tcase_create ("modules");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, an_open_module_gives_copies_of_its_descriptors);
  tcase_add_test (tc, a_module_is_opened_once);
  tcase_add_test (tc, an_open_module_keeps_the_hash_of_its_file);
  tcase_add_test (tc, a_longer_descriptor_is_cut_to_what_this_host_knows);
  tcase_add_test (tc, a_refusal_has_the_loaders_own_reason_without_the_path);
  tcase_add_test (tc, a_module_that_is_missing_is_refused);
  tcase_add_test (tc, a_program_without_modules_of_its_own_has_no_builtin);
  tcase_add_test (tc, describe_gives_entries_of_the_callers_own);
  tcase_add_test (tc, a_registered_backend_is_found_and_has_no_module);
  tcase_add_test (tc, a_registered_descriptor_is_checked_as_a_modules);
  tcase_add_loop_test (tc, a_bad_parameter_refuses_its_plugin, 0, sizeof bad_params / sizeof bad_params[0]);
  tcase_add_test (tc, a_step_that_is_there_twice_refuses_its_plugin);
  tcase_add_test (tc, an_alias_that_is_no_name_refuses_its_plugin);
  tcase_add_test (tc, a_table_without_an_end_is_refused);
  tcase_add_test (tc, capitals_are_for_transforms_and_analyses_only);
  tcase_add_test (tc, a_registry_takes_each_name_once);
  tcase_add_test (tc, what_is_registered_stands_before_what_is_found);
  tcase_add_test (tc, a_memo_keeps_values_apart_by_module_and_key);
  tcase_add_test (tc, putting_the_same_value_again_does_not_release_it);
  suite_add_tcase (suite, tc);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
