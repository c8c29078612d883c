/* SPDX-License-Identifier: BSD-3-Clause */
/* What is known before a build: names, parameters, stages, the model file, the output folder. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/metrics/device.h"
#include "tests/unit/run_rig.h"
#include "tests/unit/scratch.h"

static struct rig rig;

static void
set_up (void)
{
  rig_make (&rig);
}

static void
tear_down (void)
{
  rig_free (&rig);
}

static int
says (const char *text, const char *part)
{
  size_t n = strlen (part);

  for (; *text != '\0'; text++)
    if (strncmp (text, part, n) == 0)
      return 1;
  return 0;
}

/* The plan is refused with this exit code, and the first problem says all of the parts. */
static void
expect_refused (const char *members, int exit_code, const char *one, const char *two)
{
  struct br_config *config;
  struct br_plan *plan = rig_plan (&rig, members, &config);

  ck_assert_msg (plan == NULL, "%s was planned", members);
  ck_assert_int_eq (rig.exit_code, exit_code);
  ck_assert_msg (says (br_error_text (&rig.error), one), "%s", br_error_text (&rig.error));
  ck_assert_msg (says (br_error_text (&rig.error), two), "%s", br_error_text (&rig.error));
  br_config_free (config);
}

/* ---- Names ---- */

START_TEST (a_missing_backend_is_named_with_the_nearest)
{
  expect_refused ("\"backend\": \"misbehave_okk\"", BR_EXIT_PLUGIN, "misbehave_okk",
                  "did you mean misbehave_ok?");
}
END_TEST

START_TEST (a_missing_step_is_a_plugin_problem_with_its_place)
{
  expect_refused ("\"backend\": \"misbehave_ok\", \"preprocessing\": [{\"name\": \"nothing_like_it\"}]",
                  BR_EXIT_PLUGIN, "/preprocessing/0", "no transform nothing_like_it");
  expect_refused ("\"backend\": \"misbehave_ok\", \"postprocessing\": [{\"name\": \"nothing_like_it\"}]",
                  BR_EXIT_PLUGIN, "/postprocessing/0", "no analysis nothing_like_it");
}
END_TEST

START_TEST (disabled_steps_are_looked_up_too)
{
  expect_refused (
      "\"backend\": \"misbehave_ok\", \"preprocessing\": [{\"name\": \"nothing\", \"enabled\": false}]",
      BR_EXIT_PLUGIN, "/preprocessing/0", "no transform nothing");
}
END_TEST

START_TEST (a_step_can_ask_for_its_module)
{
  struct br_config *config;
  struct br_plan *plan = rig_plan (&rig,
                                   "\"backend\": \"misbehave_ok\", \"preprocessing\": [{\"name\":"
                                   "\"misbehave_copy_ok\", \"plugin\": \"misbehave\"}]",
                                   &config);

  ck_assert_ptr_nonnull (plan);
  ck_assert_str_eq (plan->preprocessing[0].info->module, "misbehave");
  br_plan_free (plan);
  br_config_free (config);
  expect_refused ("\"backend\": \"misbehave_ok\", \"preprocessing\": [{\"name\": \"misbehave_copy_ok\","
                  "\"plugin\": \"command\"}]",
                  BR_EXIT_PLUGIN, "no module command offers", "misbehave_copy_ok");
}
END_TEST

/* ---- Parameters ---- */

START_TEST (parameters_are_checked_with_their_place)
{
  expect_refused ("\"backend\": \"command\"", BR_EXIT_CONFIG, "/backend_parameters", "command");
  expect_refused ("\"backend\": \"command\", \"backend_parameters\": {\"command\": [\"x\"], \"wall\": 1}",
                  BR_EXIT_CONFIG, "/backend_parameters/wall", "wall");
  expect_refused ("\"backend\": \"misbehave_ok\", \"postprocessing\": [{\"name\": \"command\", "
                  "\"parameters\": {\"command\":"
                  "[\"x\"], \"wall_seconds\": -1}}]",
                  BR_EXIT_CONFIG, "/postprocessing/0/parameters/wall_seconds", "wall_seconds");
}
END_TEST

/* ---- auto ---- */

START_TEST (auto_with_nothing_to_choose_is_a_plugin_problem)
{
  expect_refused ("", BR_EXIT_PLUGIN, "/backend", "no backend for auto");
}
END_TEST

static int32_t
run_nothing (const struct br_host *host, struct br_build *build)
{
  (void) host;
  (void) build;
  return 0;
}

static const char *const graph_only[] = { "dataflow_graph", NULL };

static const struct br_backend ranked_first = {
  .struct_size = sizeof ranked_first,
  .abi_minor = BR_ABI_MINOR,
  .name = "ranked_first",
  .title = "First",
  .version = "1",
  .summary = "Ranked first",
  .output_stages = graph_only,
  .auto_rank = 1,
  .run = run_nothing,
};

START_TEST (auto_chooses_by_rank_and_says_so)
{
  struct br_config *config;
  struct br_plan *plan;

  rig_add_backend (&rig, &ranked_first);
  plan = rig_plan (&rig, "", &config);
  ck_assert_msg (plan != NULL, "%s", br_error_text (&rig.error));
  ck_assert_str_eq (plan->backend->name, "ranked_first");
  ck_assert (says (plan->auto_reason, "ranked_first"));
  br_plan_free (plan);
  br_config_free (config);
  expect_refused ("\"global_config\": {\"output_stage\": \"rtl\"}", BR_EXIT_CONFIG, "not ranked_first",
                  "no output stage rtl");
}
END_TEST

START_TEST (an_unknown_stage_names_those_there_are)
{
  rig_add_backend (&rig, &ranked_first);
  expect_refused ("\"backend\": \"ranked_first\", \"global_config\": {\"output_stage\": \"rtl\"}",
                  BR_EXIT_CONFIG, "/global_config/output_stage", "dataflow_graph");
}
END_TEST

/* ---- The device, as backends see it ---- */

static int32_t
run_device (const struct br_host *host, struct br_build *build)
{
  struct br_device device = { .struct_size = sizeof device };

  if (host->device (build, NULL, &device) != 1 || device.lut != 230400)
    return host->fail_text (build, "unknown", "the build's device is not known");
  if (host->device (build, "no-such-board", &device) != 0)
    return host->fail_text (build, "unknown", "a device that is not there was found");
  return 0;
}

static const struct br_backend device_backend = {
  .struct_size = sizeof device_backend,
  .abi_minor = BR_ABI_MINOR,
  .name = "device_backend",
  .title = "Device",
  .version = "1",
  .summary = "Looks at the device",
  .output_stages = graph_only,
  .run = run_device,
};

START_TEST (a_backend_sees_the_device_of_its_build)
{
  rig_add_backend (&rig, &device_backend);
  rig_run (&rig, "\"backend\": \"device_backend\", \"config_flags\": {\"board\": \"ZCU104\"}");
  ck_assert_msg (rig.exit_code == 0, "%s", rig.result->error_message);
}
END_TEST

/* ---- The model file ---- */

static void
expect_model (const char *bytes, size_t n, const char *why)
{
  struct br_error err = { 0 };
  int ret;

  scratch_write (rig.model, bytes, n);
  ret = br_model_probe (rig.model, &err);
  if (why == NULL)
    ck_assert_msg (ret == 0, "%s", br_error_text (&err));
  else {
    ck_assert_int_eq (ret, -1);
    ck_assert_str_eq (err.category, "model_load");
    ck_assert_msg (says (br_error_text (&err), why), "%s", br_error_text (&err));
    ck_assert (says (br_error_text (&err), rig.model));
  }
  br_error_clear (&err);
}

START_TEST (models_are_told_from_what_is_none)
{
  expect_model ("\x08\x08\x3a\x04\x12\x02g1", 8, NULL);
  expect_model ("", 0, "empty");
  expect_model ("\x08\x08", 2, "no graph");
  expect_model ("\x08\x08\x3a\x05\x12\x02g1", 8, "longer than the file");
  expect_model ("\x08\xff", 2, "ends within");
  expect_model ("\x00\x01", 2, "without a number");
  expect_model ("\x0b", 1, "type that there is not");
  expect_model ("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13, "has no end");
  expect_model ("PK\x03\x04 this is a zip", 18, "not an ONNX model");
  expect_model ("\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, "longer than the file");
}
END_TEST

START_TEST (what_is_no_regular_file_is_no_model)
{
  BR_AUTOFREE char *fifo = scratch_path (rig.dir, "fifo");
  struct br_error err = { 0 };

  ck_assert_int_eq (br_model_probe (rig.dir, &err), -1);
  ck_assert (says (br_error_text (&err), "directory"));
  br_error_clear (&err);
  ck_assert_int_eq (mkfifo (fifo, 0644), 0);
  ck_assert_int_eq (br_model_probe (fifo, &err), -1);
  ck_assert (says (br_error_text (&err), "not a regular file"));
  br_error_clear (&err);
  ck_assert_int_eq (br_model_probe ("/no/such/model.onnx", &err), -1);
  ck_assert_str_eq (err.category, "model_load");
  br_error_clear (&err);
}
END_TEST

/* ---- The output folder ---- */

START_TEST (output_folders_are_checked_without_being_made)
{
  BR_AUTOFREE char *below = scratch_path (rig.output, "a/b/c");
  BR_AUTOFREE char *in_file = scratch_path (rig.model, "below");
  struct br_error err = { 0 };

  ck_assert_int_eq (br_output_dir_check (below, &err), 0);
  ck_assert (access (rig.output, F_OK) != 0);
  ck_assert_int_eq (br_output_dir_check (rig.dir, &err), 0);
  ck_assert_int_eq (br_output_dir_check (rig.model, &err), -1);
  ck_assert_str_eq (err.category, "config");
  br_error_clear (&err);
  ck_assert_int_eq (br_output_dir_check (in_file, &err), -1);
  br_error_clear (&err);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("run_plan");
  TCase *tcase = tcase_create ("plan");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, a_missing_backend_is_named_with_the_nearest);
  tcase_add_test (tcase, a_missing_step_is_a_plugin_problem_with_its_place);
  tcase_add_test (tcase, disabled_steps_are_looked_up_too);
  tcase_add_test (tcase, a_step_can_ask_for_its_module);
  tcase_add_test (tcase, parameters_are_checked_with_their_place);
  tcase_add_test (tcase, auto_with_nothing_to_choose_is_a_plugin_problem);
  tcase_add_test (tcase, auto_chooses_by_rank_and_says_so);
  tcase_add_test (tcase, an_unknown_stage_names_those_there_are);
  tcase_add_test (tcase, a_backend_sees_the_device_of_its_build);
  tcase_add_test (tcase, models_are_told_from_what_is_none);
  tcase_add_test (tcase, what_is_no_regular_file_is_no_model);
  tcase_add_test (tcase, output_folders_are_checked_without_being_made);
  suite_add_tcase (suite, tcase);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
