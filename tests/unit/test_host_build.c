/* SPDX-License-Identifier: BSD-3-Clause */
/* The host operations as a plugin sees them, and how the host judges what a plugin returns. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "common/str.h"
#include "core/host/build.h"
#include "tests/modules/dummy.h"
#include "tests/unit/scratch.h"

#undef fail /* a macro of old Check; here it is a member of struct br_host */

static const struct br_host *host;
static struct br_build *build;
static struct br_build_spec spec;
static char *scratch;
static char *changes; /* "what name;" for each call of the hook */

static void
note (void *closure, const char *what, const char *name)
{
  char *longer = br_printf ("%s%s %s;", changes, what, name);

  ck_assert_ptr_eq (closure, &spec);
  free (changes);
  changes = longer;
}

static char *logged;

static void
note_log (void *closure, int level, const char *text)
{
  (void) closure;
  free (logged);
  logged = br_printf ("%d %s", level, text);
}

static int
pretend_command (void *closure, struct br_build *of, const struct br_command *command,
                 struct br_command_result *result, struct br_error *err)
{
  (void) closure;
  ck_assert_ptr_eq (of, build);
  if (strcmp (command->argv[0], "missing") == 0)
    return br_error_set (err, "environment", "missing: not found");
  ck_assert (command->wall_seconds == 0 || command->wall_seconds == 5);
  result->exit_status = 7;
  result->duration_seconds = 1.5;
  return 0;
}

static int
pretend_device (void *closure, const char *name, struct br_device *device)
{
  (void) closure;
  if (name != NULL && strcmp (name, "Pynq-Z1") != 0)
    return 0;
  device->part = "xc7z020clg400-1";
  device->lut = 53200;
  return 1;
}

static const struct br_build_hooks hooks = {
  .changed = note, .log = note_log, .run_command = pretend_command, .device = pretend_device
};

static struct json_object *
parse (const char *text)
{
  struct br_error err = { 0 };
  struct json_object *object = br_json_parse (text, strlen (text), &err);

  ck_assert_msg (object != NULL, "%s", br_error_text (&err));
  return object;
}

static void
set_up (void)
{
  scratch = scratch_make ();
  changes = strdup ("");
  host = br_host_operations ();
  spec = (struct br_build_spec){
    .config = parse (
        "{\"id\": \"x\", \"flags\": {\"a/b\": 1, \"c\": null, \"fps\": 100, \"clock\": 2.5, \"on\": true},"
        " \"list\": [\"p\", \"q\"], \"mixed\": [\"p\", 1]}"),
    .params = parse ("{\"depth\": 4, \"name\": \"n\"}"),
    .output_dir = scratch,
    .result = br_result_new ("x"),
    .memo = br_memo_new (),
    .hooks = &hooks,
    .closure = &spec,
  };
  ck_assert_ptr_nonnull (spec.result);
  build = br_build_new (&spec);
}

static void
tear_down (void)
{
  br_build_free (build);
  br_memo_free (spec.memo);
  br_result_free (spec.result);
  json_object_put (spec.config);
  json_object_put (spec.params);
  scratch_remove (scratch);
  free (changes);
  free (logged);
  logged = NULL;
}

static void
check_failed (const char *category, const char *text)
{
  const struct br_error *err = br_build_error (build);

  ck_assert_str_eq (err->category, category);
  ck_assert_str_eq (br_error_text (err), text);
}

/* ---- Reading ---- */

START_TEST (values_are_read_by_pointer)
{
  const char *const *list = NULL;
  const char *text = NULL;
  double number = 0;
  int64_t integer = 0;
  int32_t flag = 0;

  ck_assert_int_eq (host->get_string (build, BR_CONFIG, "/id", &text), 1);
  ck_assert_str_eq (text, "x");
  ck_assert_int_eq (host->get_int (build, BR_CONFIG, "/flags/a~1b", &integer), 1);
  ck_assert_int_eq (integer, 1);
  ck_assert_int_eq (host->get_int (build, BR_PARAMS, "/depth", &integer), 1);
  ck_assert_int_eq (integer, 4);
  ck_assert_int_eq (host->get_double (build, BR_CONFIG, "/flags/clock", &number), 1);
  ck_assert (number == 2.5);
  ck_assert_int_eq (host->get_double (build, BR_CONFIG, "/flags/fps", &number), 1);
  ck_assert (number == 100);
  ck_assert_int_eq (host->get_bool (build, BR_CONFIG, "/flags/on", &flag), 1);
  ck_assert_int_eq (flag, 1);
  ck_assert_int_eq (host->get_strings (build, BR_CONFIG, "/list", &list), 1);
  ck_assert_str_eq (list[1], "q");
  ck_assert_ptr_null (list[2]);
  ck_assert (!br_error_is_set (br_build_error (build)));
}
END_TEST

START_TEST (absent_and_null_leave_the_value_alone)
{
  int64_t integer = 42;

  ck_assert_int_eq (host->get_int (build, BR_CONFIG, "/flags/none", &integer), 0);
  ck_assert_int_eq (host->get_int (build, BR_CONFIG, "/flags/c", &integer), 0);
  ck_assert_int_eq (host->get_int (build, 77, "/id", &integer), 0);
  ck_assert_int_eq (integer, 42);
  ck_assert (!br_error_is_set (br_build_error (build)));
}
END_TEST

START_TEST (another_type_fails_with_the_place)
{
  int64_t integer = 42;

  ck_assert_int_eq (host->get_int (build, BR_CONFIG, "/id", &integer), -1);
  ck_assert_int_eq (integer, 42);
  check_failed ("config", "/id: expected an integer");
}
END_TEST

START_TEST (a_list_of_strings_holds_strings_only)
{
  const char *const *list = NULL;

  ck_assert_int_eq (host->get_strings (build, BR_CONFIG, "/mixed", &list), -1);
  ck_assert_ptr_null (list);
  check_failed ("config", "/mixed: expected a list of strings");
}
END_TEST

START_TEST (a_value_of_any_shape_can_be_walked)
{
  ck_assert_int_eq (host->json_type (build, BR_CONFIG, ""), BR_JSON_OBJECT);
  ck_assert_int_eq (host->json_type (build, BR_CONFIG, "/flags/c"), BR_JSON_NULL);
  ck_assert_int_eq (host->json_type (build, BR_CONFIG, "/flags/x"), BR_JSON_ABSENT);
  ck_assert_int_eq (host->json_type (build, BR_CONFIG, "/flags/clock"), BR_JSON_FLOAT);
  ck_assert_int_eq (host->json_type (build, BR_CONFIG, "/flags/fps"), BR_JSON_INT);
  ck_assert_int_eq (host->json_type (build, BR_CONFIG, "/flags/on"), BR_JSON_BOOL);
  ck_assert_int_eq (host->json_type (build, BR_CONFIG, "/list"), BR_JSON_ARRAY);
  ck_assert_int_eq (host->json_type (build, BR_CONFIG, "/list/0"), BR_JSON_STRING);
  ck_assert_uint_eq (host->json_size (build, BR_CONFIG, "/flags"), 5);
  ck_assert_uint_eq (host->json_size (build, BR_CONFIG, "/list"), 2);
  ck_assert_uint_eq (host->json_size (build, BR_CONFIG, "/id"), 0);
  ck_assert_str_eq (host->json_key (build, BR_CONFIG, "/flags", 2), "fps");
  ck_assert_ptr_null (host->json_key (build, BR_CONFIG, "/flags", 5));
  ck_assert_str_eq (host->json_text (build, BR_CONFIG, "/list"), "[\"p\", \"q\"]");
  ck_assert_ptr_null (host->json_text (build, BR_CONFIG, "/none"));
}
END_TEST

/* ---- Files ---- */

START_TEST (a_file_is_written_with_its_folders_and_can_be_listed)
{
  BR_AUTOFREE char *path = scratch_path (scratch, "report/deep/x.json");
  BR_AUTOFREE char *text = NULL;
  struct br_error err = { 0 };
  size_t size;

  ck_assert_int_eq (host->write_file (build, "report/deep/x.json", "{}", 2), 0);
  ck_assert_int_eq (br_file_read (path, 100, &text, &size, &err), 0);
  ck_assert_uint_eq (size, 2);
  ck_assert_int_eq (host->add_artifact (build, "x", path), 0);
  ck_assert_str_eq (br_result_artifact (spec.result, "x"), "report/deep/x.json");
  ck_assert_str_eq (host->get_artifact (build, "x"), path);
  ck_assert_int_eq (host->add_log (build, "l", "report/deep/x.json"), 0);
  ck_assert_str_eq (changes, "artifact x;log l;");
}
END_TEST

static const char *const outside[] = { "../x", "/etc/passwd", "a/../../x", "", ".", "link/x", "link" };

START_TEST (nothing_outside_the_output_folder_is_written_or_listed)
{
  BR_AUTOFREE char *link = scratch_path (scratch, "link");

  ck_assert_int_eq (symlink ("/tmp", link), 0);
  ck_assert_int_eq (host->write_file (build, outside[_i], "x", 1), -1);
  ck_assert_str_eq (br_build_error (build)->category, "plugin");
  ck_assert (br_str_ends (br_error_text (br_build_error (build)), "is not inside the output folder"));
  ck_assert_int_eq (host->add_artifact (build, "x", outside[_i]), -1);
  ck_assert_ptr_null (br_result_artifact (spec.result, "x"));
}
END_TEST

START_TEST (what_is_not_there_cannot_be_listed)
{
  ck_assert_int_eq (host->add_artifact (build, "x", "none.txt"), -1);
  check_failed ("plugin", "artifact x: none.txt: No such file or directory");
}
END_TEST

START_TEST (a_name_that_is_no_file_name_cannot_be_listed)
{
  ck_assert_int_eq (host->write_file (build, "x", "x", 1), 0);
  ck_assert_int_eq (host->add_artifact (build, "a/b", "x"), -1);
  check_failed ("plugin", "add_artifact: \"a/b\" is no name");
}
END_TEST

START_TEST (the_results_own_file_is_not_the_plugins_to_write)
{
  ck_assert_int_eq (host->write_file (build, "report/../build_result.json", "{}", 2), -1);
  check_failed ("plugin", "write_file: report/../build_result.json is the host's own");
}
END_TEST

/* ---- The folder for temporary files ---- */

static void
take_temporary (const char *path)
{
  br_build_free (build);
  spec.temporary_dir = path;
  build = br_build_new (&spec);
}

START_TEST (a_temporary_folder_is_made_once_for_whoever_asks)
{
  BR_AUTOFREE char *path = scratch_path (scratch, "temporary");
  struct stat st;

  take_temporary (path);
  ck_assert_int_ne (access (path, F_OK), 0);
  ck_assert_str_eq (host->temporary_dir (build), path);
  ck_assert_int_eq (stat (path, &st), 0);
  ck_assert (S_ISDIR (st.st_mode));
  ck_assert_uint_eq (st.st_mode & 0777, 0700);
  ck_assert_str_eq (host->temporary_dir (build), path);
}
END_TEST

START_TEST (what_is_in_the_place_of_a_temporary_folder_is_left_alone)
{
  BR_AUTOFREE char *path = scratch_path (scratch, "temporary");
  BR_AUTOFREE char *said = br_printf ("cannot make %s: File exists", path);

  take_temporary (path);
  ck_assert_int_eq (symlink ("/tmp", path), 0);
  ck_assert_ptr_null (host->temporary_dir (build));
  check_failed ("environment", said);
}
END_TEST

START_TEST (a_probe_has_no_temporary_folder)
{
  ck_assert_ptr_null (host->temporary_dir (build));
  check_failed ("plugin", "there is no temporary folder here");
}
END_TEST

START_TEST (a_hash_is_that_of_the_file)
{
  BR_AUTOFREE char *path = scratch_path (scratch, "abc");

  scratch_write (path, "abc", 3); /* the value is FIPS 180's example */
  ck_assert_str_eq (host->sha256 (build, path),
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ck_assert_ptr_null (host->sha256 (build, "/nonexistent/x"));
  ck_assert_str_eq (br_build_error (build)->category, "environment");
}
END_TEST

/* ---- Metrics ---- */

START_TEST (metrics_are_set_and_read_back)
{
  double value = 0;

  ck_assert_int_eq (host->get_metric (build, "latency", &value), 0);
  ck_assert_int_eq (host->set_metric (build, "latency", 12.5, "estimate", "report/x.json", "latency"), 0);
  ck_assert_int_eq (host->get_metric (build, "latency", &value), 1);
  ck_assert (value == 12.5);
  ck_assert_str_eq (spec.result->metrics.origin[BR_LATENCY].file, "report/x.json");
  ck_assert_str_eq (changes, "metric latency;");
}
END_TEST

START_TEST (an_unknown_metric_fails)
{
  double value = 0;

  ck_assert_int_eq (host->set_metric (build, "beauty", 1, "estimate", NULL, NULL), -1);
  ck_assert_int_eq (host->get_metric (build, "beauty", &value), -1);
  check_failed ("metrics", "unknown metric beauty");
}
END_TEST

START_TEST (an_unknown_stage_fails)
{
  ck_assert_int_eq (host->set_metric (build, "latency", 1, "guess", NULL, NULL), -1);
  check_failed ("metrics", "latency: unknown stage guess");
}
END_TEST

START_TEST (a_value_that_is_no_number_fails)
{
  ck_assert_int_eq (host->set_metric (build, "latency", NAN, "estimate", NULL, NULL), -1);
  ck_assert_str_eq (br_build_error (build)->category, "metrics");
}
END_TEST

START_TEST (an_analysis_sets_only_what_is_absent)
{
  ck_assert_int_eq (host->set_metric (build, "latency", 1, "estimate", NULL, NULL), 0);
  br_build_free (build);
  spec.only_absent_metrics = 1;
  build = br_build_new (&spec);
  ck_assert_int_eq (host->set_metric (build, "accuracy", 0.9, "executed", NULL, NULL), 0);
  ck_assert_int_eq (host->set_metric (build, "latency", 2, "estimate", NULL, NULL), -1);
  check_failed ("metrics", "latency is set already; an analysis sets only what is absent");
}
END_TEST

START_TEST (raw_values_are_json)
{
  ck_assert_int_eq (host->set_raw (build, "layers", "{\"a\":[1,2.0]}"), 0);
  ck_assert_str_eq (host->get_raw (build, "layers"), "{\"a\": [1, 2.0]}");
  ck_assert_int_eq (host->set_raw (build, "layers", "3"), 0);
  ck_assert_str_eq (host->get_raw (build, "layers"), "3");
  ck_assert_ptr_null (host->get_raw (build, "none"));
  ck_assert (!br_error_is_set (br_build_error (build)));
  ck_assert_int_eq (host->set_raw (build, "bad", "{"), -1);
  ck_assert (br_str_starts (br_error_text (br_build_error (build)), "set_raw bad: "));
}
END_TEST

/* ---- The rest ---- */

START_TEST (a_message_is_formatted_once)
{
  host->log (build, BR_LOG_WARNING, "%s is %d", "x", 3);
  ck_assert_str_eq (logged, "30 x is 3");
}
END_TEST

START_TEST (a_command_gets_and_gives_structs_of_the_size_that_both_know)
{
  const char *const argv[] = { "tool", NULL };
  struct {
    struct br_command now;
    const char *later;
  } command = { .now = { .struct_size = sizeof command, .argv = argv, .wall_seconds = 5 } };
  struct br_command_result result = { .struct_size = offsetof (struct br_command_result, duration_seconds),
                                      .duration_seconds = -1 };

  ck_assert_int_eq (host->run_command (build, &command.now, &result), 0);
  ck_assert_int_eq (result.exit_status, 7);
  ck_assert (result.duration_seconds == -1);
  ck_assert_uint_eq (result.struct_size, offsetof (struct br_command_result, duration_seconds));
}
END_TEST

START_TEST (a_command_that_cannot_be_started_fails)
{
  const char *const argv[] = { "missing", NULL };
  struct br_command command = { .struct_size = sizeof command, .argv = argv };
  struct br_command_result result = { .struct_size = sizeof result };

  ck_assert_int_eq (host->run_command (build, &command, &result), -1);
  check_failed ("environment", "missing: not found");
}
END_TEST

START_TEST (a_command_without_a_size_fails)
{
  struct br_command command = { 0 };
  struct br_command_result result = { .struct_size = sizeof result };

  ck_assert_int_eq (host->run_command (build, &command, &result), -1);
  check_failed ("plugin", "run_command: struct_size is not set");
}
END_TEST

START_TEST (a_device_is_known_or_not)
{
  struct br_device device = { .struct_size = sizeof device };

  ck_assert_int_eq (host->device (build, "Pynq-Z1", &device), 1);
  ck_assert_int_eq (device.lut, 53200);
  ck_assert_int_eq (host->device (build, NULL, &device), 1);
  ck_assert_int_eq (host->device (build, "Moon-1", &device), 0);
  ck_assert (!br_error_is_set (br_build_error (build)));
}
END_TEST

START_TEST (the_memo_is_the_builds)
{
  int value = 1;

  ck_assert_int_eq (host->memo_put (build, "k", &value, NULL), 0);
  br_build_free (build);
  build = br_build_new (&spec);
  ck_assert_ptr_eq (host->memo_get (build, "k"), &value);
}
END_TEST

START_TEST (without_hooks_and_result_nothing_is_known)
{
  struct br_build_spec bare = { 0 };
  struct br_device device = { .struct_size = sizeof device };
  double value = 0;

  br_build_free (build);
  build = br_build_new (&bare);
  host->progress (build, 0.5, NULL);
  host->log (build, BR_LOG_INFO, "x");
  ck_assert_int_eq (host->cancelled (build), 0);
  ck_assert_int_eq (host->device (build, NULL, &device), 0);
  ck_assert_ptr_null (host->output_dir (build));
  ck_assert_ptr_null (host->steps (build)[0]);
  ck_assert_int_eq (host->memo_put (build, "k", &value, NULL), -1);
  ck_assert_ptr_null (host->memo_get (build, "k"));
  ck_assert_ptr_null (host->get_artifact (build, "x"));
  ck_assert (!br_error_is_set (br_build_error (build)));
  ck_assert_int_eq (host->get_metric (build, "latency", &value), -1);
  ck_assert_int_eq (host->write_file (build, "x", "x", 1), -1);
}
END_TEST

/* ---- Judging ---- */

static int32_t answer;
static const char *complaint; /* category and text are the same */

static int32_t
answering (const struct br_host *h, struct br_build *b)
{
  if (complaint != NULL) {
    h->fail (b, complaint, "%s", complaint);
    h->fail_text (b, "timing", "a second reason");
  }
  return answer;
}

static const struct br_backend backend = { DUMMY_BACKEND, .name = "mine", .probe = answering };

static const struct {
  const char *fail;
  int32_t returns;
  int expected;
  const char *category, *text;
} verdicts[] = {
  { NULL, 0, 0, NULL, NULL },
  { "resource", -1, -1, "resource", "resource" },
  { "resource", 0, -1, "resource", "resource" },
  { NULL, -1, -1, "plugin", "mine gave no reason" },
  { NULL, 5, -1, "plugin", "mine returned 5 and gave no reason" },
  { "moonshine", -1, -1, "unknown", "moonshine" },
  { "plugin_crash", -1, -1, "unknown", "plugin_crash" },
};

START_TEST (a_run_is_judged_by_fail_and_by_what_it_returns)
{
  struct br_backend runs = backend;
  struct br_error err = { 0 };

  runs.run = answering;
  complaint = verdicts[_i].fail;
  answer = verdicts[_i].returns;
  ck_assert_int_eq (br_call_backend (&runs, &spec, &err), verdicts[_i].expected);
  ck_assert_int_eq (br_error_is_set (&err), verdicts[_i].category != NULL);
  if (verdicts[_i].category != NULL) {
    ck_assert_str_eq (err.category, verdicts[_i].category);
    ck_assert_str_eq (br_error_text (&err), verdicts[_i].text);
  }
  br_error_clear (&err);
}
END_TEST

static const struct {
  const char *fail;
  int32_t returns;
  int expected;
} probes[] = { { NULL, 1, 1 },           { "environment", 0, 0 }, { NULL, 0, 0 },
               { "environment", 1, -1 }, { NULL, -1, -1 },        { NULL, 2, -1 } };

START_TEST (a_probe_says_yes_no_or_cannot_tell)
{
  struct br_error err = { 0 };

  complaint = probes[_i].fail;
  answer = probes[_i].returns;
  ck_assert_int_eq (br_call_probe (&backend, &spec, &err), probes[_i].expected);
  ck_assert_int_eq (br_error_is_set (&err), probes[_i].expected != 1);
  br_error_clear (&err);
}
END_TEST

START_TEST (a_backend_without_probe_always_can)
{
  struct br_backend silent = backend;
  struct br_error err = { 0 };

  silent.probe = NULL;
  ck_assert_int_eq (br_call_probe (&silent, &spec, &err), 1);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("build");
  TCase *tc = tcase_create ("build");
  SRunner *runner = srunner_create (suite);
  int failed;

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, values_are_read_by_pointer);
  tcase_add_test (tc, absent_and_null_leave_the_value_alone);
  tcase_add_test (tc, another_type_fails_with_the_place);
  tcase_add_test (tc, a_list_of_strings_holds_strings_only);
  tcase_add_test (tc, a_value_of_any_shape_can_be_walked);
  tcase_add_test (tc, a_file_is_written_with_its_folders_and_can_be_listed);
  tcase_add_loop_test (tc, nothing_outside_the_output_folder_is_written_or_listed, 0,
                       sizeof outside / sizeof outside[0]);
  tcase_add_test (tc, what_is_not_there_cannot_be_listed);
  tcase_add_test (tc, a_name_that_is_no_file_name_cannot_be_listed);
  tcase_add_test (tc, the_results_own_file_is_not_the_plugins_to_write);
  tcase_add_test (tc, a_temporary_folder_is_made_once_for_whoever_asks);
  tcase_add_test (tc, what_is_in_the_place_of_a_temporary_folder_is_left_alone);
  tcase_add_test (tc, a_probe_has_no_temporary_folder);
  tcase_add_test (tc, a_hash_is_that_of_the_file);
  tcase_add_test (tc, metrics_are_set_and_read_back);
  tcase_add_test (tc, an_unknown_metric_fails);
  tcase_add_test (tc, an_unknown_stage_fails);
  tcase_add_test (tc, a_value_that_is_no_number_fails);
  tcase_add_test (tc, an_analysis_sets_only_what_is_absent);
  tcase_add_test (tc, raw_values_are_json);
  tcase_add_test (tc, a_message_is_formatted_once);
  tcase_add_test (tc, a_command_gets_and_gives_structs_of_the_size_that_both_know);
  tcase_add_test (tc, a_command_that_cannot_be_started_fails);
  tcase_add_test (tc, a_command_without_a_size_fails);
  tcase_add_test (tc, a_device_is_known_or_not);
  tcase_add_test (tc, the_memo_is_the_builds);
  tcase_add_test (tc, without_hooks_and_result_nothing_is_known);
  tcase_add_loop_test (tc, a_run_is_judged_by_fail_and_by_what_it_returns, 0,
                       sizeof verdicts / sizeof verdicts[0]);
  tcase_add_loop_test (tc, a_probe_says_yes_no_or_cannot_tell, 0, sizeof probes / sizeof probes[0]);
  tcase_add_test (tc, a_backend_without_probe_always_can);
  suite_add_tcase (suite, tc);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
