/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildConfig: what is accepted, with its defaults, and what the command line changes. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/str.h"
#include "core/data/config.h"
#include "tests/unit/config_text.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

/* ---- The explorer's document ---- */

static const char explorer[] =
    "{\"id\": \"config_00001\", \"design_space_id\": \"ds_1a2b\",\n"
    " \"kernels\": [[\"MatMul\", [\"hls\"]], [\"Softmax\", [\"rtl\", \"hls\"]]],\n"
    " \"transforms\": {\"streamline\": [\"AbsorbSignBias\"]},\n"
    " \"preprocessing\": [{\"name\": \"graph_optimization\", \"type\": \"preprocessing\", \"parameters\": "
    "{}, \"enabled\": true}],\n"
    " \"postprocessing\": [{\"name\": \"performance_analysis\", \"type\": \"postprocessing\", "
    "\"parameters\": {\"enabled\": true, "
    "\"x\": 1}, \"enabled\": false}],\n"
    " \"build_steps\": [], \"config_flags\": {\"clock_period_ns\": 5.0, \"board\": \"Pynq-Z1\", "
    "\"target_fps\": 10000},\n"
    " \"global_config\": {\"output_stage\": \"rtl\", \"working_directory\": \"work\", \"cache_results\": "
    "true,\n"
    "   \"save_artifacts\": false, \"log_level\": \"DEBUG\", \"start_step\": null, \"stop_step\": 3,\n"
    "   \"input_type\": null, \"output_type\": \"rtl\", \"timeout_minutes\": 90, \"max_combinations\": "
    "1000},\n"
    " \"timestamp\": \"2026-01-01T00:00:00\", \"combination_index\": 4, \"total_combinations\": 9, "
    "\"output_dir\": "
    "\"out/config_00001\"}";

START_TEST (explorers_document_is_read_whole)
{
  struct br_config *c = good (explorer, NULL);

  ck_assert_str_eq (c->id, "config_00001");
  ck_assert_str_eq (c->design_space_id, "ds_1a2b");
  ck_assert_str_eq (c->timestamp, "2026-01-01T00:00:00");
  ck_assert_int_eq (c->combination_index, 4);
  ck_assert_int_eq (c->total_combinations, 9);
  ck_assert_uint_eq (json_object_array_length (c->kernels), 2);
  ck_assert_int_eq (json_object_object_length (c->transforms), 1);
  ck_assert_str_eq (c->output_dir, "/base/out/config_00001");
  ck_assert_ptr_null (c->build_steps[0]);
  ck_assert_ptr_null (c->model_path);
  ck_assert_ptr_null (c->backend);
  ck_assert (c->clock_period_ns == 5 && !c->clock_is_int);
  ck_assert_str_eq (c->device, "Pynq-Z1");
  br_config_free (c);
}
END_TEST

START_TEST (explorers_steps_and_global_config_are_read)
{
  struct br_config *c = good (explorer, NULL);

  ck_assert_uint_eq (c->preprocessing.n, 1);
  ck_assert_str_eq (c->preprocessing.items[0].name, "graph_optimization");
  ck_assert_str_eq (c->preprocessing.items[0].pointer, "/preprocessing/0");
  ck_assert_int_eq (c->preprocessing.items[0].enabled, 1);
  ck_assert_uint_eq (c->postprocessing.n, 1);
  ck_assert_int_eq (c->postprocessing.items[0].enabled, 0);
  ck_assert_int_eq (json_object_object_length (c->postprocessing.items[0].parameters), 1);
  ck_assert_str_eq (c->global.output_stage, "rtl");
  ck_assert_str_eq (c->global.working_directory, "/base/work");
  ck_assert_int_eq (c->global.cache_results, 1);
  ck_assert_int_eq (c->global.save_artifacts, 0);
  ck_assert_str_eq (c->global.log_level, "DEBUG");
  ck_assert_ptr_null (c->global.start_step);
  ck_assert_str_eq (c->global.stop_step, "3");
  ck_assert_ptr_null (c->global.input_type);
  ck_assert_str_eq (c->global.output_type, "rtl");
  ck_assert (c->global.timeout_minutes == 90 && c->global.silence_minutes == 0);
  br_config_free (c);
}
END_TEST

/* ---- Defaults and the effective document ---- */

static char *
effective (const struct br_config *config, int indent)
{
  struct br_str str = { 0 };
  struct br_json_writer w = { .out = &str, .indent = indent };

  br_config_write (config, &w);
  return br_str_take (&str);
}

START_TEST (only_id_is_required_and_every_default_is_written)
{
  struct br_config *c = good ("{\"id\": \"a\"}", NULL);
  BR_AUTOFREE char *text = effective (c, 0);

  ck_assert_str_eq (text, "{\"id\": \"a\", \"design_space_id\": null, \"kernels\": [], \"transforms\": {}, "
                          "\"preprocessing\": [], "
                          "\"postprocessing\": [], \"build_steps\": [], \"config_flags\": "
                          "{\"clock_period_ns\": 10.0, \"board\": \"Pynq-Z1\"}, "
                          "\"global_config\": {\"output_stage\": \"dataflow_graph\", \"working_directory\": "
                          "\"/base/work\", \"cache_results\": true, "
                          "\"save_artifacts\": true, \"log_level\": \"INFO\", \"start_step\": null, "
                          "\"stop_step\": null, \"input_type\": null, "
                          "\"output_type\": null, \"timeout_minutes\": null, \"silence_minutes\": null, "
                          "\"memory_mb\": null}, \"timestamp\": null, "
                          "\"combination_index\": 0, \"total_combinations\": 1, \"output_dir\": "
                          "\"/base/work/a\", \"model_path\": null, "
                          "\"backend\": null, \"backend_parameters\": {}}");
  ck_assert (c->clock_period_ns == 10 && !c->clock_is_int);
  ck_assert_str_eq (c->device, "Pynq-Z1");
  br_config_free (c);
}
END_TEST

/* Read again, the effective document means the same: that is what makes build_config.json a config. */
static void
assert_round_trip (const struct br_config *config)
{
  BR_AUTOFREE char *first = effective (config, 2);
  BR_AUTOFREE char *second = NULL;
  struct br_problems problems = { 0 };
  struct br_config *again = br_config_read (first, strlen (first), "c.json", "/elsewhere", NULL, &problems);

  ck_assert_msg (again != NULL, "%s", problems.n > 0 ? problems.items[0].text : "");
  second = effective (again, 2);
  ck_assert_str_eq (second, first);
  ck_assert (again->clock_period_ns == config->clock_period_ns);
  ck_assert_str_eq (again->device, config->device);
  br_config_free (again);
  br_problems_free (&problems);
}

static const char *const round_trips[] = {
  explorer,
  "{\"id\": \"a\"}",
  "{\"id\": \"a\", \"transforms_by_stage\": {\"pre_proc\": [\"p\"], \"post_proc\": [\"q\"], \"other\": "
  "[\"r\"]}}",
  "{\"id\": \"\\u00e9\", \"config_flags\": {\"a\": 1e-05, \"b\": 18446744073709551615, \"c\": [1.0, {\"d\": "
  "null}]}}",
  "{\"id\": \"a\", \"backend\": \"auto\", \"global_config\": {\"memory_mb\": 1.5, \"silence_minutes\": 3}}",
  "{\"id\": \"a\", \"preprocessing\": [{\"name\": \"p\", \"plugin\": \"m\", \"required\": true, \"type\": "
  "null}]}",
};

START_TEST (effective_document_reads_back_as_itself)
{
  struct br_config *c = good (round_trips[_i], NULL);

  assert_round_trip (c);
  br_config_free (c);
}
END_TEST

START_TEST (unknown_members_are_kept_in_the_effective_document)
{
  const char *text = "{\"id\": \"a\", \"mine\": [1], \"global_config\": {\"zzz\": 2}, \"preprocessing\": "
                     "[{\"name\": \"p\", \"qqq\": 3}]}";
  struct br_problems problems = { 0 };
  struct br_config *c = read_over (text, NULL, &problems);
  struct json_object *value;

  ck_assert_uint_eq (problems.n, 3);
  ck_assert_uint_eq (problems.n_errors, 0);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/mine/0", &value), 1);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/global_config/zzz", &value), 1);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/preprocessing/0/qqq", &value), 1);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

START_TEST (named_steps_follow_the_listed_ones)
{
  struct br_config *c =
      good ("{\"id\": \"a\", \"transforms_by_stage\": {\"pre_proc\": [\"x\", \"y\"], \"other\": [\"z\"]}, "
            "\"preprocessing\": [{\"name\": \"w\"}]}",
            NULL);
  struct json_object *value;

  ck_assert_uint_eq (c->preprocessing.n, 3);
  ck_assert_str_eq (c->preprocessing.items[0].name, "w");
  ck_assert_str_eq (c->preprocessing.items[2].name, "y");
  ck_assert_str_eq (c->preprocessing.items[2].type, "preprocessing");
  ck_assert_str_eq (c->preprocessing.items[2].pointer, "/transforms_by_stage/pre_proc/1");
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/preprocessing/2/name", &value), 1);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/transforms_by_stage/pre_proc", &value), 0);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/transforms_by_stage/other/0", &value), 1);
  br_config_free (c);
}
END_TEST

static const struct {
  const char *flags, *device;
  double clock;
  int is_int;
} flags[] = {
  { "{\"clock_period_ns\": 5}", "Pynq-Z1", 5, 1 },
  { "{\"clock_period_ns\": 5, \"target_clock_ns\": 4.0}", "Pynq-Z1", 4, 0 },
  { "{\"synth_clk_period_ns\": 3, \"target_clock_ns\": 4, \"clock_period_ns\": 5.0}", "Pynq-Z1", 3, 1 },
  { "{\"synth_clk_period_ns\": null, \"clock_period_ns\": 5.0}", "Pynq-Z1", 5, 0 },
  { "{\"board\": \"U250\"}", "U250", 10, 0 },
  { "{\"board\": \"U250\", \"target_device\": \"t\"}", "t", 10, 0 },
  { "{\"board\": \"U250\", \"target_device\": \"t\", \"fpga_part\": \"p\"}", "p", 10, 0 },
  { "{\"fpga_part\": null, \"board\": null}", "Pynq-Z1", 10, 0 },
};

START_TEST (clock_and_device_by_precedence)
{
  BR_AUTOFREE char *text = br_printf ("{\"id\": \"a\", \"config_flags\": %s}", flags[_i].flags);
  struct br_config *c = good (text, NULL);

  ck_assert_str_eq (c->device, flags[_i].device);
  ck_assert (c->clock_period_ns == flags[_i].clock);
  ck_assert_int_eq (c->clock_is_int, flags[_i].is_int);
  assert_round_trip (c);
  br_config_free (c);
}
END_TEST

START_TEST (null_is_absent_everywhere)
{
  struct br_config *c =
      good ("{\"id\": \"a\", \"kernels\": null, \"transforms\": null, \"preprocessing\": null, "
            "\"build_steps\": null, "
            "\"config_flags\": null, \"global_config\": null, \"output_dir\": null, \"backend\": null, "
            "\"backend_parameters\": null, \"transforms_by_stage\": null, \"combination_index\": null}",
            NULL);

  ck_assert_str_eq (c->output_dir, "/base/work/a");
  ck_assert_int_eq (json_object_array_length (c->kernels), 0);
  br_config_free (c);
}
END_TEST

START_TEST (paths_are_relative_to_the_configs_folder)
{
  struct br_config *c = good (
      "{\"id\": \"a\", \"model_path\": \"../m.onnx\", \"global_config\": {\"working_directory\": \"/w\"}}",
      NULL);

  ck_assert_str_eq (c->model_path, "/m.onnx");
  ck_assert_str_eq (c->output_dir, "/w/a");
  br_config_free (c);
}
END_TEST

/* ---- The command line over the text ---- */

START_TEST (set_puts_json_or_a_string)
{
  const char *const sets[] = { "/config_flags/target_fps=20000",   "/config_flags/board=U250",
                               "/preprocessing/0/enabled=false",   "/preprocessing/-={\"name\": \"q\"}",
                               "/global_config/stop_step=",        "/backend_parameters/a~1b/c=null",
                               "/global_config/stop_step=\"s=t\"", NULL };
  struct br_config_overrides over = { .sets = sets };
  struct br_config *c = good ("{\"id\": \"a\", \"preprocessing\": [{\"name\": \"p\"}]}", &over);
  struct json_object *value = c->tree;

  ck_assert_str_eq (c->device, "U250");
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/config_flags/target_fps", &value), 1);
  ck_assert_int_eq (json_object_get_int (value), 20000);
  ck_assert_uint_eq (c->preprocessing.n, 2);
  ck_assert_int_eq (c->preprocessing.items[0].enabled, 0);
  ck_assert_str_eq (c->preprocessing.items[1].name, "q");
  ck_assert_str_eq (c->global.stop_step, "s=t");
  ck_assert_int_eq (br_json_pointer_get (c->backend_parameters, "/a~1b/c", &value), 1);
  ck_assert_ptr_null (value);
  br_config_free (c);
}
END_TEST

static const struct {
  const char *set, *part;
  int exit_code;
} bad_sets[] = {
  { "no_pointer=1", "not of the form /POINTER=VALUE", BR_EXIT_USAGE },
  { "/id", "not of the form", BR_EXIT_USAGE },
  { "/id=\xff", "not UTF-8", BR_EXIT_USAGE },
  { "/id/x=1", "nothing to set inside", BR_EXIT_CONFIG },
  { "/preprocessing/5/enabled=true", "no such index", BR_EXIT_CONFIG },
  { "/preprocessing/x=1", "no such index", BR_EXIT_CONFIG },
  { "/kernels={\"a\": 1, \"a\": 2}", "duplicate key", BR_EXIT_CONFIG },
  { "/id=5", "a string expected, found 5", BR_EXIT_CONFIG },
  { "/global_config/log_level=LOUD", "is not known", BR_EXIT_CONFIG },
};

START_TEST (bad_set_is_told_without_a_place_in_the_text)
{
  const char *const sets[] = { bad_sets[_i].set, NULL };
  struct br_config_overrides over = { .sets = sets };
  struct br_problems problems = { 0 };

  br_config_free (faulty ("{\"id\": \"a\", \"preprocessing\": [{\"name\": \"p\"}]}", &over, &problems));
  ck_assert_uint_eq (problems.n, 1);
  ck_assert_ptr_null (problems.items[0].file);
  ck_assert_uint_eq (problems.items[0].line, 0);
  ck_assert_msg (strstr (problems.items[0].text, bad_sets[_i].part) != NULL, "%s", problems.items[0].text);
  ck_assert_int_eq (br_problems_exit_code (&problems), bad_sets[_i].exit_code);
  br_problems_free (&problems);
}
END_TEST

START_TEST (options_win_over_the_text)
{
  struct br_config_overrides over = { .backend = "b",
                                      .output_dir = "out",
                                      .model_path = "/m.onnx",
                                      .timeout_minutes = 120,
                                      .silence_minutes = 0.5,
                                      .memory_mb = 8192 };
  struct br_config *c;
  struct json_object *value;

  ck_assert_int_eq (chdir ("/usr"), 0);
  c = good ("{\"id\": \"a\", \"backend\": \"x\", \"output_dir\": \"y\", \"model_path\": \"z\", "
            "\"global_config\": {\"timeout_minutes\": 1}}",
            &over);
  ck_assert_str_eq (c->backend, "b");
  ck_assert_str_eq (c->output_dir, "/usr/out");
  ck_assert_str_eq (c->model_path, "/m.onnx");
  ck_assert (c->global.timeout_minutes == 120 && c->global.silence_minutes == 0.5 &&
             c->global.memory_mb == 8192);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/global_config/timeout_minutes", &value), 1);
  ck_assert (json_object_get_double (value) == 120);
  br_config_free (c);
}
END_TEST

START_TEST (parameters_of_the_command_line_have_no_place_in_the_text)
{
  struct br_config *c = good ("{\"id\": \"a\", \"backend_parameters\": {\"a/b\": 1, \"c\": 2}}", NULL);
  struct br_problems problems = { 0 };
  struct json_object *value;

  ck_assert_int_eq (br_config_set_parameter (c, "a/b", json_object_new_int (3)), 0);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/backend_parameters/a~1b", &value), 1);
  ck_assert_int_eq (json_object_get_int (value), 3);
  br_config_problem (c, &problems, "config", BR_EXIT_CONFIG, "/backend_parameters/a~1b", "bad");
  br_config_problem (c, &problems, "config", BR_EXIT_CONFIG, "/backend_parameters/c", "bad");
  ck_assert_ptr_null (problems.items[0].file);
  ck_assert_str_eq (problems.items[1].file, "c.json");
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

START_TEST (empty_output_option_is_refused)
{
  struct br_config_overrides over = { .output_dir = "" };
  struct br_problems problems = { 0 };

  br_config_free (faulty ("{\"id\": \"a\"}", &over, &problems));
  ck_assert_str_eq (problems.items[0].pointer, "/output_dir");
  br_problems_free (&problems);
}
END_TEST

/* ---- Without a file ---- */

static const char *const default_ids[][2] = {
  { "/models/tfc_w1a1.onnx", "tfc_w1a1" },
  { "m", "m" },
  { ".onnx", "model" },
  { "dir/", "model" },
  { "..", "model" },
  { "a\nb.onnx", "a_b" },
  { "x\xff"
    "y.onnx",
    "x_y" },
  { "caf\xc3\xa9.onnx", "caf\xc3\xa9" },
};

START_TEST (default_config_takes_its_id_from_the_model)
{
  struct br_config_overrides over = { .model_path = "/m.onnx" };
  struct br_problems problems = { 0 };
  struct br_config *c = br_config_default (default_ids[_i][0], &over, &problems);

  ck_assert_ptr_nonnull (c);
  ck_assert_uint_eq (problems.n, 0);
  ck_assert_str_eq (c->id, default_ids[_i][1]);
  ck_assert_str_eq (c->model_path, "/m.onnx");
  ck_assert_str_eq (c->global.output_stage, "dataflow_graph");
  br_config_free (c);
}
END_TEST

START_TEST (long_model_name_is_cut_between_characters)
{
  struct br_problems problems = { 0 };
  struct br_str name = { 0 };
  struct br_config *c;
  int i;

  br_str_add (&name, "x");
  for (i = 0; i < 150; i++)
    br_str_add (&name, "\xc3\xa9");
  c = br_config_default (name.text, NULL, &problems);
  ck_assert_ptr_nonnull (c);
  ck_assert_uint_eq (strlen (c->id), 199);
  ck_assert_int_eq (br_utf8_valid (c->id, 199), 1);
  br_config_free (c);
  br_str_free (&name);
}
END_TEST

/* ---- Changes by whoever knows the plugins ---- */

START_TEST (effective_parameters_stand_in_the_document)
{
  struct br_config *c = good ("{\"id\": \"a\", \"preprocessing\": [{\"name\": \"p\"}], "
                              "\"transforms_by_stage\": {\"pre_proc\": [\"q\"], "
                              "\"post_proc\": [\"r\"]}}",
                              NULL);
  struct br_error err = { 0 };
  struct json_object *value;

  ck_assert_int_eq (br_config_set_backend (c, "b", br_json_parse ("{\"x\": 1}", 8, NULL), &err), 0);
  ck_assert_int_eq (br_config_set_step_parameters (c, &c->preprocessing.items[1],
                                                   br_json_parse ("{\"y\": 2}", 8, NULL), &err),
                    0);
  ck_assert_int_eq (br_config_set_step_parameters (c, &c->postprocessing.items[0],
                                                   br_json_parse ("{\"z\": 3}", 8, NULL), &err),
                    0);
  ck_assert_str_eq (c->backend, "b");
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/backend_parameters/x", &value), 1);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/preprocessing/1/parameters/y", &value), 1);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/postprocessing/0/parameters/z", &value), 1);
  ck_assert_int_eq (br_json_pointer_get (c->preprocessing.items[1].parameters, "/y", &value), 1);
  assert_round_trip (c);
  br_config_free (c);
}
END_TEST

START_TEST (problem_of_a_plugin_has_its_place)
{
  struct br_config *c = good ("{\"id\": \"a\",\n \"backend_parameters\": {\"x\": 1}}", NULL);
  struct br_problems problems = { 0 };
  BR_AUTOFREE char *text = NULL;

  br_config_problem (c, &problems, "plugin", BR_EXIT_PLUGIN, "/backend_parameters/x", "%s\n", "bad");
  text = br_problem_text (&problems.items[0]);
  ck_assert_str_eq (text, "c.json:2:30: /backend_parameters/x: bad\\x0a");
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_PLUGIN);
  br_config_problem (c, &problems, "config", BR_EXIT_CONFIG, "/nope", "other");
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_CONFIG);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

static void
add_good_tests (TCase *tc)
{
  tcase_add_test (tc, explorers_document_is_read_whole);
  tcase_add_test (tc, explorers_steps_and_global_config_are_read);
  tcase_add_test (tc, only_id_is_required_and_every_default_is_written);
  tcase_add_loop_test (tc, effective_document_reads_back_as_itself, 0, N (round_trips));
  tcase_add_test (tc, unknown_members_are_kept_in_the_effective_document);
  tcase_add_test (tc, named_steps_follow_the_listed_ones);
  tcase_add_loop_test (tc, clock_and_device_by_precedence, 0, N (flags));
  tcase_add_test (tc, null_is_absent_everywhere);
  tcase_add_test (tc, paths_are_relative_to_the_configs_folder);
  tcase_add_loop_test (tc, default_config_takes_its_id_from_the_model, 0, N (default_ids));
  tcase_add_test (tc, long_model_name_is_cut_between_characters);
  tcase_add_test (tc, effective_parameters_stand_in_the_document);
}

static void
add_command_line_tests (TCase *tc)
{
  tcase_add_test (tc, set_puts_json_or_a_string);
  tcase_add_loop_test (tc, bad_set_is_told_without_a_place_in_the_text, 0, N (bad_sets));
  tcase_add_test (tc, options_win_over_the_text);
  tcase_add_test (tc, parameters_of_the_command_line_have_no_place_in_the_text);
  tcase_add_test (tc, empty_output_option_is_refused);
  tcase_add_test (tc, problem_of_a_plugin_has_its_place);
}

int
main (void)
{
  Suite *suite = suite_create ("data BuildConfig");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

  add_good_tests (tc);
  add_command_line_tests (tc);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
