/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildConfig: what is refused, with its places, and what is read all the same. */
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

int
main (void)
{
  Suite *suite = suite_create ("data BuildConfig refused");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

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
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
