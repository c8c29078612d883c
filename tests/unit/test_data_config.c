/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildConfig: what is accepted, with its defaults; what is refused, with its places. */
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

#define N(array) (sizeof (array) / sizeof (array)[0])

static struct br_config *
read_over (const char *text, const struct br_config_overrides *over, struct br_problems *problems)
{
  return br_config_read (text, strlen (text), "c.json", "/base", over, problems);
}

/* A config that has to be fine. */
static struct br_config *
good (const char *text, const struct br_config_overrides *over)
{
  struct br_problems problems = { 0 };
  struct br_config *config = read_over (text, over, &problems);

  ck_assert_msg (config != NULL, "%s", problems.n > 0 ? problems.items[0].text : "");
  ck_assert_uint_eq (problems.n, 0);
  br_problems_free (&problems);
  return config;
}

/* A config with errors, which are left in problems; what could be read of it can be looked at. */
static struct br_config *
faulty (const char *text, const struct br_config_overrides *over, struct br_problems *problems)
{
  struct br_config *config = read_over (text, over, problems);

  ck_assert_msg (problems->n_errors > 0, "%s", text);
  ck_assert_int_eq (problems->failed, 0);
  return config;
}

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

/* ---- What is refused ---- */

/* '@' marks the place that has to be told; it is not part of the text. */
static const struct {
  const char *text, *pointer, *part;
} bad[] = {
  { "@", "", "empty" },
  { "@null", "", "an object expected, found null" },
  { "@[]", "", "an object expected, found []" },
  { "{\"id\": \"a\",\n @\"id\": \"b\"}", "/id", "duplicate key" },
  { "{\"id\": \"a\"} @{}", "", "more text" },
  { "{\"id\": @NaN}", "/id", "JSON value" },
  { "@{}", "/id", "\"id\" is required" },
  { "{\"id\": @null}", "/id", "\"id\" is required" },
  { "{\"id\": @5}", "/id", "a string expected, found 5" },
  { "{\"id\": @\"\"}", "/id", "not a name" },
  { "{\"id\": @\"a/b\"}", "/id", "not a name" },
  { "{\"id\": @\"..\"}", "/id", "not a name" },
  { "{\"id\": @\"a\\nb\"}", "/id", "not a name" },
  { "{\"id\": \"a\", \"kernels\": @{}}", "/kernels", "a list of kernels" },
  { "{\"id\": \"a\", \"kernels\": [[\"k\", [\"hls\"]], @\"x\"]}", "/kernels/1", "a kernel" },
  { "{\"id\": \"a\", \"kernels\": [@[1, []]]}", "/kernels/0", "a kernel" },
  { "{\"id\": \"a\", \"kernels\": [[\"k\", @\"hls\"]]}", "/kernels/0/1", "a list of names" },
  { "{\"id\": \"a\", \"kernels\": [[\"k\", [@7]]]}", "/kernels/0/1/0", "a name expected, found 7" },
  { "{\"id\": \"a\", \"transforms\": @[]}", "/transforms", "an object" },
  { "{\"id\": \"a\", \"transforms\": {\"s\": @\"x\"}}", "/transforms/s", "a list of names" },
  { "{\"id\": \"a\", \"preprocessing\": @{}}", "/preprocessing", "a list of steps" },
  { "{\"id\": \"a\", \"preprocessing\": [@\"p\"]}", "/preprocessing/0", "a step" },
  { "{\"id\": \"a\", \"preprocessing\": [@{}]}", "/preprocessing/0/name", "\"name\" is required" },
  { "{\"id\": \"a\", \"preprocessing\": [{\"name\": @\"../x\"}]}", "/preprocessing/0/name", "not a name" },
  { "{\"id\": \"a\", \"preprocessing\": [@{\"name\": \"x\", \"type\": \"postprocessing\"}]}",
    "/preprocessing/0", "type \"postprocessing\" in the list of preprocessing" },
  { "{\"id\": \"a\", \"preprocessing\": [{\"name\": \"x\", \"type\": @\"preprocesing\"}]}",
    "/preprocessing/0/type", "did you mean \"preprocessing\"?" },
  { "{\"id\": \"a\", \"preprocessing\": [{\"name\": \"x\", \"parameters\": @[]}]}",
    "/preprocessing/0/parameters", "an object" },
  { "{\"id\": \"a\", \"preprocessing\": [{\"name\": \"x\", \"enabled\": @1}]}", "/preprocessing/0/enabled",
    "true or false" },
  { "{\"id\": \"a\", \"transforms_by_stage\": {\"pre_proc\": [@\"a/b\"]}}", "/transforms_by_stage/pre_proc/0",
    "not a name" },
  { "{\"id\": \"a\", \"transforms_by_stage\": {\"post_proc\": @1}}", "/transforms_by_stage/post_proc",
    "a list of names" },
  { "{\"id\": \"a\", \"transforms_by_stage\": @1}", "/transforms_by_stage", "an object" },
  { "{\"id\": \"a\", \"build_steps\": @\"s\"}", "/build_steps", "a list of names" },
  { "{\"id\": \"a\", \"build_steps\": [\"s\", @\"a/b\", \"t\"]}", "/build_steps/1", "not a name" },
  { "{\"id\": \"a\", \"config_flags\": @[]}", "/config_flags", "an object" },
  { "{\"id\": \"a\", \"config_flags\": {\"clock_period_ns\": @\"5\"}}", "/config_flags/clock_period_ns",
    "a clock period" },
  { "{\"id\": \"a\", \"config_flags\": {\"target_clock_ns\": @0}}", "/config_flags/target_clock_ns",
    "0.001 to 1000000" },
  { "{\"id\": \"a\", \"config_flags\": {\"board\": @5}}", "/config_flags/board", "a string" },
  { "{\"id\": \"a\", \"config_flags\": {\"fpga_part\": @\"\"}}", "/config_flags/fpga_part",
    "an empty string" },
  { "{\"id\": \"a\", \"config_flags\": {\"target_fps\": @-1}}", "/config_flags/target_fps",
    "a number above 0" },
  { "{\"id\": \"a\", \"config_flags\": {\"target_fps\": @\"x\"}}", "/config_flags/target_fps",
    "a number above 0" },
  { "{\"id\": \"a\", \"global_config\": @1}", "/global_config", "an object" },
  { "{\"id\": \"a\", \"global_config\": {\"output_stage\": @\"stiched_ip\"}}", "/global_config/output_stage",
    "did you mean \"stitched_ip\"? (dataflow_graph, rtl or stitched_ip)" },
  { "{\"id\": \"a\", \"global_config\": {\"log_level\": @\"LOUD\"}}", "/global_config/log_level",
    "is not known" },
  { "{\"id\": \"a\", \"global_config\": {\"start_step\": @-1}}", "/global_config/start_step",
    "index from 0" },
  { "{\"id\": \"a\", \"global_config\": {\"stop_step\": @1.5}}", "/global_config/stop_step", "index from 0" },
  { "{\"id\": \"a\", \"global_config\": {\"input_type\": @\"rtl\"}}", "/global_config/input_type",
    "is not known" },
  { "{\"id\": \"a\", \"global_config\": {\"timeout_minutes\": @-1}}", "/global_config/timeout_minutes",
    "from 0" },
  { "{\"id\": \"a\", \"global_config\": {\"memory_mb\": @1e300}}", "/global_config/memory_mb", "from 0" },
  { "{\"id\": \"a\", \"combination_index\": @-1}", "/combination_index", "0 or more" },
  { "{\"id\": \"a\", \"total_combinations\": @1.5}", "/total_combinations", "an integer" },
  { "{\"id\": \"a\", \"output_dir\": @\"\"}", "/output_dir", "an empty string" },
  { "{\"id\": \"a\", \"backend\": @1}", "/backend", "a string" },
  { "{\"id\": \"a\", \"backend_parameters\": @[\"a text long enough that nobody wants to read it all again "
    "in a message\"]}",
    "/backend_parameters", "an object expected, found a long value of type array" },
};

/* The text without its mark; the caller frees. */
static char *
unmarked (const char *marked, size_t *line, size_t *column)
{
  size_t before = strcspn (marked, "@"), i;

  *line = *column = 1;
  for (i = 0; i < before; i++) {
    *column = marked[i] == '\n' ? 1 : *column + 1;
    *line += marked[i] == '\n';
  }
  return br_printf ("%.*s%s", (int) before, marked, marked + before + 1);
}

START_TEST (bad_config_is_told_with_its_place)
{
  struct br_problems problems = { 0 };
  size_t line, column;
  BR_AUTOFREE char *text = unmarked (bad[_i].text, &line, &column);

  br_config_free (faulty (text, NULL, &problems));
  ck_assert_uint_eq (problems.n, 1);
  ck_assert_str_eq (problems.items[0].file, "c.json");
  ck_assert_str_eq (problems.items[0].category, "config");
  ck_assert_str_eq (problems.items[0].pointer, bad[_i].pointer);
  ck_assert_uint_eq (problems.items[0].line, line);
  ck_assert_uint_eq (problems.items[0].column, column);
  ck_assert_msg (strstr (problems.items[0].text, bad[_i].part) != NULL, "%s", problems.items[0].text);
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_CONFIG);
  br_problems_free (&problems);
}
END_TEST

START_TEST (id_of_200_bytes_is_the_longest)
{
  char id[202];
  struct br_problems problems = { 0 };
  BR_AUTOFREE char *fine = NULL;
  BR_AUTOFREE char *longer = NULL;

  memset (id, 'i', 201);
  id[201] = '\0';
  fine = br_printf ("{\"id\": \"%s\"}", id + 1);
  longer = br_printf ("{\"id\": \"%s\"}", id);
  br_config_free (good (fine, NULL));
  br_config_free (faulty (longer, NULL, &problems));
  br_problems_free (&problems);
}
END_TEST

/* What is no object is nothing of which more could be read. */
START_TEST (what_is_no_object_makes_no_config)
{
  static const char *const texts[] = {
    "", "null", "[]", "\"id\"", "{\"id\": \"a\"", "{\"id\": \"a\"} {}", "\xef\xbb\xbf{\"id\": \"a\"}"
  };

  for (size_t i = 0; i < N (texts); i++) {
    struct br_problems problems = { 0 };

    ck_assert_msg (faulty (texts[i], NULL, &problems) == NULL, "%s", texts[i]);
    ck_assert_uint_eq (problems.n, 1);
    br_problems_free (&problems);
  }
}
END_TEST

START_TEST (what_can_be_read_is_read_and_the_rest_is_absent)
{
  struct br_problems problems = { 0 };
  struct br_config *c = faulty (
      "{\"id\": \"a/b\", \"backend\": \"b\", \"build_steps\": [\"s\", 5, \"t\"], \"kernels\": [1, [\"k\"]],"
      " \"preprocessing\": [{\"name\": \"\"}, 3, {\"name\": \"p\", \"parameters\": {\"x\": 1}}],"
      " \"config_flags\": {\"clock_period_ns\": 0, \"target_fps\": \"x\", \"board\": \"U250\"},"
      " \"global_config\": {\"output_stage\": \"rlt\", \"start_step\": 2}}",
      NULL, &problems);
  struct json_object *value;

  ck_assert_uint_eq (problems.n, 8);
  ck_assert_ptr_null (c->id);
  ck_assert_ptr_null (c->output_dir);
  ck_assert_str_eq (c->backend, "b");
  ck_assert_str_eq (c->build_steps[1], "");
  ck_assert_str_eq (c->build_steps[2], "t");
  ck_assert_uint_eq (c->preprocessing.n, 3);
  ck_assert_ptr_null (c->preprocessing.items[0].name);
  ck_assert_ptr_null (c->preprocessing.items[1].name);
  ck_assert_str_eq (c->preprocessing.items[2].name, "p");
  ck_assert (c->clock_period_ns == 10);
  ck_assert_str_eq (c->device, "U250");
  ck_assert_str_eq (c->global.output_stage, "dataflow_graph");
  ck_assert_str_eq (c->global.start_step, "2");
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/config_flags/target_fps", &value), 1);
  ck_assert_ptr_null (value);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/kernels/0", &value), 1);
  ck_assert_ptr_null (value);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/preprocessing/2/parameters/x", &value), 1);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

START_TEST (a_place_that_is_wrong_has_no_second_problem)
{
  const char *const sets[] = { "/backend_parameters={", NULL };
  struct br_config_overrides over = { .sets = sets };
  struct br_problems problems = { 0 };
  struct br_config *c = faulty ("{\"id\": \"a\", \"global_config\": 5}", &over, &problems);
  static const char *const wrong[] = { "/global_config", "/global_config/output_stage",
                                       "/backend_parameters/x" };
  static const char *const fine[] = { "/global_configs", "/id", "", "/output_dir" };

  ck_assert_uint_eq (problems.n, 2);
  for (size_t i = 0; i < N (wrong); i++) {
    ck_assert_int_eq (br_config_is_wrong (c, wrong[i]), 1);
    br_config_problem (c, &problems, "config", BR_EXIT_CONFIG, wrong[i], "more");
  }
  ck_assert_uint_eq (problems.n, 2);
  for (size_t i = 0; i < N (fine); i++)
    ck_assert_int_eq (br_config_is_wrong (c, fine[i]), 0);
  ck_assert_int_eq (br_config_set_wrong (c, "/id"), 0);
  ck_assert_int_eq (br_config_is_wrong (c, "/id"), 1);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

/* Beyond a thousand, nothing more is looked for. */
START_TEST (a_thousand_wrong_places_are_enough)
{
  struct br_problems problems = { 0 };
  struct br_str text = { 0 };
  struct br_config *c;

  br_str_add (&text, "{\"id\": \"a\", \"build_steps\": [0");
  for (int i = 0; i < 1000; i++)
    br_str_add (&text, ", 0");
  br_str_add (&text, "]}");
  c = faulty (text.text, NULL, &problems);
  ck_assert_uint_eq (problems.n, 1001);
  ck_assert_int_eq (br_config_is_wrong (c, "/backend"), 1);
  br_str_free (&text);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

/* What is wrong beyond them is not told, but absent as well. */
START_TEST (a_thousand_wrong_places_do_not_hide_what_is_wrong_behind_them)
{
  struct br_problems problems = { 0 };
  struct json_object *value;
  struct br_str text = { 0 };
  struct br_config *c;

  br_str_add (&text, "{\"id\": \"a\", \"kernels\": [0");
  for (int i = 0; i < 1000; i++)
    br_str_add (&text, ", 0");
  br_str_add (&text, "], \"preprocessing\": [5, {\"name\": 7}], \"config_flags\": [], \"global_config\": 7}");
  c = faulty (text.text, NULL, &problems);
  ck_assert_uint_eq (problems.n, 1001);
  ck_assert_uint_eq (c->preprocessing.n, 2);
  ck_assert_ptr_null (c->preprocessing.items[1].name);
  ck_assert_int_eq (br_json_pointer_get (c->tree, "/preprocessing/1/name", &value), 1);
  ck_assert_ptr_null (value);
  ck_assert_str_eq (c->global.output_stage, "dataflow_graph");
  br_str_free (&text);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

START_TEST (what_json_cannot_hold_leaves_the_rest_to_be_read)
{
  const char *text =
      "{\"id\": \"a\", \"id\": \"b\", \"timestamp\": \"\\ud800\", \"design_space_id\": \"\xff\","
      " \"combination_index\": 99999999999999999999, \"total_combinations\": 0.5,"
      " \"config_flags\": {\"clock_period_ns\": 1e999, \"target_fps\": 0}}";
  struct br_problems problems = { 0 };
  struct br_config *c = faulty (text, NULL, &problems);

  ck_assert_uint_eq (problems.n, 7);
  ck_assert_str_eq (problems.items[5].pointer, "/config_flags/target_fps");
  ck_assert_str_eq (problems.items[6].pointer, "/total_combinations");
  ck_assert_ptr_null (c->id);
  ck_assert_ptr_null (c->timestamp);
  ck_assert (c->clock_period_ns == 10);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

static const struct {
  const char *text, *pointer, *dir;
} outputs[] = {
  { "{\"id\": \"a\"}", "/global_config/working_directory", "/base/work/a" },
  { "{\"id\": \"a\", \"output_dir\": \"o\"}", "/output_dir", "/base/o" },
  { "{\"id\": 1, \"output_dir\": \"o\"}", "/output_dir", "/base/o" },
  { "{\"id\": 1}", "/global_config/working_directory", NULL },
  { "{\"id\": \"a\", \"output_dir\": 1}", "/output_dir", NULL },
  { "{\"id\": \"a\", \"global_config\": {\"working_directory\": 1}}", "/global_config/working_directory",
    NULL },
};

START_TEST (output_folder_is_known_where_what_says_it_could_be_read)
{
  struct br_problems problems = { 0 };
  struct br_config *c = read_over (outputs[_i].text, NULL, &problems);

  ck_assert_str_eq (c->output_pointer, outputs[_i].pointer);
  if (outputs[_i].dir != NULL)
    ck_assert_str_eq (c->output_dir, outputs[_i].dir);
  else
    ck_assert_ptr_null (c->output_dir);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

START_TEST (problems_are_sorted_by_place)
{
  static const struct {
    const char *file;
    size_t line, column;
  } places[] = { { NULL, 0, 0 }, { "b", 1, 1 }, { "a", 2, 1 }, { "a", 1, 9 },
                 { "a", 0, 0 },  { "a", 1, 2 }, { "a", 1, 9 } };
  static const char order[] = "5362104";
  struct br_problems problems = { 0 };

  br_problems_sort (&problems);
  for (size_t i = 0; i < N (places); i++)
    br_problems_add (&problems, "config", BR_EXIT_CONFIG, places[i].file, places[i].line, places[i].column,
                     NULL, "%zu", i);
  br_problems_sort (&problems);
  for (size_t i = 0; i < N (places); i++)
    ck_assert_int_eq (problems.items[i].text[0], order[i]);
  br_problems_free (&problems);
}
END_TEST

START_TEST (exit_code_is_of_what_is_met_first)
{
  struct br_problems problems = { 0 };

  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_OK);
  br_problems_add (&problems, "config", 0, NULL, 0, 0, NULL, "a warning");
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_OK);
  br_problems_add (&problems, "plugin", BR_EXIT_PLUGIN, NULL, 0, 0, NULL, "missing");
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_PLUGIN);
  br_problems_add (&problems, "config", BR_EXIT_CONFIG, NULL, 0, 0, NULL, "wrong");
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_CONFIG);
  br_problems_add (&problems, "config", BR_EXIT_USAGE, NULL, 0, 0, NULL, "misused");
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_USAGE);
  br_problems_free (&problems);
}
END_TEST

START_TEST (all_problems_come_at_once)
{
  const char *text = "{\"preprocesing\": [],\n \"combination_index\": true,\n \"global_config\": "
                     "{\"log_level\": 1, \"loglevel\": 2},\n"
                     " \"build_steps\": [1, 2], \"config_flags\": {\"board\": []}}";
  struct br_problems problems = { 0 };

  br_config_free (faulty (text, NULL, &problems));
  ck_assert_uint_eq (problems.n, 8);
  ck_assert_uint_eq (problems.n_errors, 6);
  br_problems_free (&problems);
}
END_TEST

START_TEST (unknown_keys_warn_with_the_nearest_name)
{
  struct br_problems problems = { 0 };
  struct br_config *c = read_over ("{\"id\": \"a\",\n  \"ouput_dir\": \"x\"}", NULL, &problems);
  BR_AUTOFREE char *text = NULL;

  ck_assert_ptr_nonnull (c);
  ck_assert_uint_eq (problems.n, 1);
  ck_assert_int_eq (problems.items[0].warning, 1);
  text = br_problem_text (&problems.items[0]);
  ck_assert_str_eq (text, "c.json:2:3: /ouput_dir: unknown key; did you mean \"output_dir\"?");
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_OK);
  br_problems_free (&problems);
  br_config_free (c);
}
END_TEST

START_TEST (strict_makes_them_errors)
{
  struct br_config_overrides over = { .strict = 1 };
  struct br_problems problems = { 0 };

  br_config_free (faulty ("{\"id\": \"a\", \"zzzzzz\": 1}", &over, &problems));
  ck_assert_str_eq (problems.items[0].text, "unknown key");
  ck_assert_int_eq (br_problems_exit_code (&problems), BR_EXIT_CONFIG);
  br_problems_free (&problems);
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
add_bad_tests (TCase *tc)
{
  tcase_add_loop_test (tc, bad_config_is_told_with_its_place, 0, N (bad));
  tcase_add_test (tc, id_of_200_bytes_is_the_longest);
  tcase_add_test (tc, all_problems_come_at_once);
  tcase_add_test (tc, what_is_no_object_makes_no_config);
  tcase_add_test (tc, what_can_be_read_is_read_and_the_rest_is_absent);
  tcase_add_test (tc, a_place_that_is_wrong_has_no_second_problem);
  tcase_add_test (tc, a_thousand_wrong_places_are_enough);
  tcase_add_test (tc, a_thousand_wrong_places_do_not_hide_what_is_wrong_behind_them);
  tcase_add_test (tc, what_json_cannot_hold_leaves_the_rest_to_be_read);
  tcase_add_loop_test (tc, output_folder_is_known_where_what_says_it_could_be_read, 0, N (outputs));
  tcase_add_test (tc, problems_are_sorted_by_place);
  tcase_add_test (tc, exit_code_is_of_what_is_met_first);
  tcase_add_test (tc, unknown_keys_warn_with_the_nearest_name);
  tcase_add_test (tc, strict_makes_them_errors);
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
  add_bad_tests (tc);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
