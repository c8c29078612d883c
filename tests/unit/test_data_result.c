/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildResult and metrics: their life, their document, and what is refused when one is read back. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/str.h"
#include "core/data/result.h"
#include "core/data/times.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

#define HASH "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static char *
copy (const char *text)
{
  char *copied = strdup (text);

  ck_assert_ptr_nonnull (copied);
  return copied;
}

static void
add_sample_steps (struct br_result *r)
{
  struct br_step_result *step = br_result_add_step (r, "clean", "preprocessing", "graph_optimization", "1.0");

  step->status = BR_STATUS_SUCCESS;
  step->duration_seconds = 0.25;
  memcpy (step->output_sha256, HASH, sizeof HASH);
  memcpy (step->input_sha256, HASH, sizeof HASH);
  step = br_result_add_step (r, "look", "postprocessing", "performance_analysis", "1.0");
  step->status = BR_STATUS_FAILED;
  step->required = 1;
  step->error_category = copy ("metrics");
  step->error_message = copy ("nothing to see");
}

/* One with something in every member. */
static struct br_result *
sample (void)
{
  struct br_result *r = br_result_new ("config_00001");
  struct br_error err = { 0 };

  ck_assert_ptr_nonnull (r);
  r->backend_name = copy ("dataflow_estimate");
  r->backend_version = copy ("0.1");
  r->backend_module = copy ("dataflow_estimate");
  r->backend_sha256 = copy (HASH);
  r->simulated = 1;
  ck_assert_int_eq (
      br_metrics_set (&r->metrics, BR_THROUGHPUT, 1e6, "estimate", "report/a.json", "fps", &err), 0);
  ck_assert_int_eq (br_metrics_set (&r->metrics, BR_LUT_UTILIZATION, 0.5, "simulated", NULL, NULL, &err), 0);
  ck_assert_int_eq (br_metrics_set_raw (&r->metrics, "device", json_object_new_string ("xc7z020"), &err), 0);
  br_result_add_artifact (r, "estimate", "report/a.json");
  br_result_add_log (r, "build", "build_dataflow.log");
  add_sample_steps (r);
  br_result_add_warning (r, "kernels are not used");
  json_object_object_add (r->environment, "host_version", json_object_new_string ("0.1.0"));
  return r;
}

/* ---- Life ---- */

START_TEST (new_result_is_running_and_not_complete)
{
  struct br_result *r = br_result_new ("a");

  ck_assert_str_eq (br_status_name (r->status), "running");
  ck_assert_int_eq (br_result_is_successful (r), 0);
  ck_assert_int_gt (r->start.tv_sec, 1700000000);
  ck_assert_int_eq (r->end.tv_sec, 0);
  br_result_free (r);
  br_result_free (NULL);
}
END_TEST

START_TEST (completion_sets_status_end_duration_and_message)
{
  struct br_result *r = br_result_new ("a");

  ck_assert_int_eq (br_result_complete (r, BR_STATUS_FAILED, "broken"), 0);
  ck_assert_str_eq (br_status_name (r->status), "failed");
  ck_assert_str_eq (r->error_message, "broken");
  ck_assert (r->duration_seconds >= 0 && r->duration_seconds < 60);
  ck_assert_int_ge (r->end.tv_sec, r->start.tv_sec);
  ck_assert_int_eq (br_result_complete (r, BR_STATUS_SUCCESS, NULL), 0);
  ck_assert_ptr_null (r->error_message);
  ck_assert_int_eq (br_result_is_successful (r), 1);
  br_result_free (r);
}
END_TEST

START_TEST (metrics_are_had_only_after_success)
{
  struct br_result *r = br_result_new ("a");

  br_result_complete (r, BR_STATUS_SUCCESS, NULL);
  ck_assert_int_eq (br_result_has_metrics (r), 0);
  br_metrics_set (&r->metrics, BR_ACCURACY, 0, "executed", NULL, NULL, NULL);
  ck_assert_int_eq (br_result_has_metrics (r), 1);
  br_result_complete (r, BR_STATUS_TIMEOUT, "late");
  ck_assert_int_eq (br_result_has_metrics (r), 0);
  br_result_free (r);
}
END_TEST

START_TEST (artifact_of_the_same_name_is_replaced)
{
  struct br_result *r = br_result_new ("a");

  br_result_add_artifact (r, "x", "1");
  br_result_add_artifact (r, "y", "2");
  br_result_add_artifact (r, "x", "3");
  ck_assert_uint_eq (r->artifacts.n, 2);
  ck_assert_str_eq (br_result_artifact (r, "x"), "3");
  ck_assert_ptr_null (br_result_artifact (r, "z"));
  br_result_free (r);
}
END_TEST

START_TEST (first_error_is_kept)
{
  struct br_result *r = br_result_new ("a");

  br_result_set_error (r, "timing", "clock not met", "backend b");
  br_result_set_error (r, "memory", "later", NULL);
  ck_assert_str_eq (r->error.category, "timing");
  ck_assert_str_eq (r->error.summary, "clock not met");
  br_result_free (r);
}
END_TEST

/* ---- Metrics ---- */

static const struct {
  enum br_metric_id id;
  double value;
  int fine;
} values[] = {
  { BR_THROUGHPUT, 0, 1 },     { BR_THROUGHPUT, -1, 0 },       { BR_LATENCY, NAN, 0 },
  { BR_LATENCY, INFINITY, 0 }, { BR_LUT_UTILIZATION, 1.5, 1 }, { BR_URAM_UTILIZATION, -0.1, 0 },
  { BR_ACCURACY, 1, 1 },       { BR_ACCURACY, 1.01, 0 },       { BR_CLOCK_FREQUENCY, 1e9, 1 },
};

START_TEST (impossible_values_are_refused)
{
  struct br_metrics m;
  struct br_error err = { 0 };

  ck_assert_int_eq (br_metrics_init (&m), 0);
  ck_assert_int_eq (br_metrics_set (&m, values[_i].id, values[_i].value, "estimate", NULL, NULL, &err),
                    values[_i].fine ? 0 : -1);
  ck_assert_int_eq (m.has[values[_i].id], values[_i].fine);
  if (!values[_i].fine)
    ck_assert_str_eq (err.category, "metrics");
  br_error_clear (&err);
  br_metrics_free (&m);
}
END_TEST

START_TEST (unknown_origin_is_refused)
{
  struct br_metrics m;
  struct br_error err = { 0 };

  ck_assert_int_eq (br_metrics_init (&m), 0);
  ck_assert_int_eq (br_metrics_set (&m, BR_LATENCY, 1, "guess", NULL, NULL, &err), -1);
  ck_assert_str_eq (br_error_text (&err), "latency: origin \"guess\" is not known");
  br_error_clear (&err);
  br_metrics_free (&m);
}
END_TEST

/* The table of the design: name, unit, direction. */
static const struct {
  const char *name, *unit;
  int higher;
} table[] = {
  { "throughput", "inferences/s", 1 }, { "latency", "us", 0 },        { "clock_frequency", "MHz", 1 },
  { "lut_utilization", "1", 0 },       { "dsp_utilization", "1", 0 }, { "bram_utilization", "1", 0 },
  { "uram_utilization", "1", 0 },      { "total_power", "W", 0 },     { "accuracy", "1", 1 },
};

START_TEST (nine_metrics_with_units)
{
  int id = br_metric_find (table[_i].name);

  ck_assert_int_eq (id, _i);
  ck_assert_str_eq (br_metric_name ((enum br_metric_id) id), table[_i].name);
  ck_assert_str_eq (br_metric_unit ((enum br_metric_id) id), table[_i].unit);
  ck_assert_int_eq (br_metric_higher_is_better ((enum br_metric_id) id), table[_i].higher);
  ck_assert_int_eq (br_metric_find ("speed"), -1);
}
END_TEST

/* ---- The document ---- */

static struct json_object *
document (const struct br_result *r)
{
  BR_AUTOFREE char *text = br_result_text (r);
  struct json_object *root = br_json_parse (text, strlen (text), NULL);

  ck_assert_ptr_nonnull (root);
  return root;
}

static void
assert_member (struct json_object *root, const char *pointer, const char *expected)
{
  struct json_object *value = NULL;
  BR_AUTOFREE char *text = NULL;

  ck_assert_msg (br_json_pointer_get (root, pointer, &value), "%s", pointer);
  text = br_json_text (value, 0);
  ck_assert_str_eq (text, expected);
}

static char *
keys_of (struct json_object *object)
{
  struct br_str str = { 0 };

  json_object_object_foreach (object, key, value)
  {
    (void) value;
    br_str_printf (&str, "%s ", key);
  }
  return br_str_take (&str);
}

START_TEST (members_stand_in_the_designs_order)
{
  struct br_result *r = sample ();
  struct json_object *root, *metrics;
  BR_AUTOFREE char *keys = NULL;
  BR_AUTOFREE char *metric_keys = NULL;

  br_result_complete (r, BR_STATUS_SUCCESS, NULL);
  root = document (r);
  keys = keys_of (root);
  ck_assert_str_eq (
      keys,
      "config_id status metrics start_time end_time duration_seconds artifacts logs error_message backend "
      "simulated steps error warnings environment schema ");
  ck_assert_int_eq (json_object_object_get_ex (root, "metrics", &metrics), 1);
  metric_keys = keys_of (metrics);
  ck_assert_str_eq (metric_keys,
                    "throughput latency clock_frequency lut_utilization dsp_utilization bram_utilization "
                    "uram_utilization total_power accuracy raw_metrics ");
  json_object_put (root);
  br_result_free (r);
}
END_TEST

START_TEST (successful_result_is_written)
{
  struct br_result *r = sample ();
  struct json_object *root;

  br_result_complete (r, BR_STATUS_SUCCESS, NULL);
  root = document (r);
  assert_member (root, "/status", "\"success\"");
  assert_member (root, "/metrics/throughput", "1000000.0");
  assert_member (root, "/metrics/latency", "null");
  assert_member (
      root, "/metrics/raw_metrics",
      "{\"device\": \"xc7z020\", \"origin\": {\"throughput\": {\"file\": \"report/a.json\", \"key\": "
      "\"fps\", \"stage\": "
      "\"estimate\"}, \"lut_utilization\": {\"file\": null, \"key\": null, \"stage\": \"simulated\"}}}");
  assert_member (root, "/artifacts", "{\"estimate\": \"report/a.json\"}");
  assert_member (root, "/backend",
                 "{\"name\": \"dataflow_estimate\", \"version\": \"0.1\", \"module\": \"dataflow_estimate\", "
                 "\"module_sha256\": \"" HASH "\"}");
  assert_member (root, "/steps/0/status", "\"success\"");
  assert_member (root, "/steps/0/error", "null");
  assert_member (root, "/steps/1/error", "{\"category\": \"metrics\", \"message\": \"nothing to see\"}");
  assert_member (root, "/steps/1/input_sha256", "null");
  assert_member (root, "/error", "null");
  assert_member (root, "/simulated", "true");
  assert_member (root, "/schema", "1");
  json_object_put (root);
  br_result_free (r);
}
END_TEST

START_TEST (nine_metrics_are_null_unless_it_succeeded)
{
  static const enum br_status others[] = { BR_STATUS_FAILED, BR_STATUS_TIMEOUT, BR_STATUS_SKIPPED };
  struct br_result *r = sample ();
  struct json_object *root;

  br_result_complete (r, others[_i], "why");
  root = document (r);
  assert_member (root, "/metrics/throughput", "null");
  assert_member (root, "/metrics/lut_utilization", "null");
  assert_member (root, "/metrics/raw_metrics/device", "\"xc7z020\"");
  assert_member (root, "/error_message", "\"why\"");
  json_object_put (root);
  br_result_free (r);
}
END_TEST

START_TEST (error_is_written_with_evidence_and_tips)
{
  struct br_result *r = br_result_new ("a");
  struct json_object *root;

  br_result_set_error (r, "timing", "clock not met", "backend b");
  br_result_add_evidence (r, "vivado.log", 12, "WNS -0.1");
  br_result_add_evidence (r, NULL, 0, "no place");
  br_result_add_tip (r, "Slow down");
  br_result_complete (r, BR_STATUS_FAILED, "clock not met");
  root = document (r);
  assert_member (
      root, "/error",
      "{\"category\": \"timing\", \"summary\": \"clock not met\", \"evidence\": [{\"file\": \"vivado.log\", "
      "\"line\": 12, \"text\": \"WNS -0.1\"}, {\"file\": null, \"line\": null, \"text\": \"no place\"}], "
      "\"tips\": [\"Slow down\"], \"where\": \"backend b\"}");
  assert_member (root, "/backend", "null");
  json_object_put (root);
  br_result_free (r);
}
END_TEST

START_TEST (result_that_is_not_complete_says_so)
{
  struct br_result *r = br_result_new ("a");
  struct json_object *root = document (r);

  assert_member (root, "/status", "\"running\"");
  assert_member (root, "/end_time", "null");
  json_object_put (root);
  br_result_free (r);
}
END_TEST

/* ---- Reading back ---- */

static void
assert_reads_back (struct br_result *r)
{
  BR_AUTOFREE char *first = br_result_text (r);
  BR_AUTOFREE char *second = NULL;
  struct br_error err = { 0 };
  struct br_result *again = br_result_parse (first, strlen (first), &err);

  ck_assert_msg (again != NULL, "%s", br_error_text (&err));
  second = br_result_text (again);
  ck_assert_str_eq (second, first);
  br_result_free (again);
}

START_TEST (written_results_read_back_as_themselves)
{
  struct br_result *r = sample ();

  br_result_complete (r, BR_STATUS_SUCCESS, NULL);
  assert_reads_back (r);
  br_result_set_error (r, "timing", "clock not met", "backend b");
  br_result_add_evidence (r, "vivado.log", 12, "WNS -0.1");
  br_result_add_evidence (r, NULL, 0, "no place");
  br_result_add_tip (r, "Slow down");
  br_result_complete (r, BR_STATUS_FAILED, "clock not met");
  assert_reads_back (r);
  br_result_free (r);
}
END_TEST

/* One member of the document changed (value NULL: taken away), and a part of what is said of it. */
static const struct {
  const char *parent, *key, *value, *part;
} damages[] = {
  { "", "schema", NULL, "\"schema\" is missing" },
  { "", "schema", "2", "schema 2, this program reads 1" },
  { "", "config_id", "null", "\"config_id\" is null" },
  { "", "config_id", "5", "\"config_id\" has the wrong type" },
  { "", "status", "\"running\"", "none of success" },
  { "", "metrics", "[]", "wrong type" },
  { "/metrics", "latency", NULL, "metric latency is missing" },
  { "/metrics", "latency", "\"1\"", "metric latency is not a number" },
  { "/metrics", "latency", "-1", "is no value" },
  { "/metrics", "raw_metrics", "null", "raw_metrics" },
  { "/metrics/raw_metrics/origin/throughput", "stage", "\"guess\"", "origin \"guess\"" },
  { "", "start_time", "\"yesterday\"", "no time" },
  { "", "end_time", "null", "\"end_time\" is null" },
  { "", "duration_seconds", "-1", "negative" },
  { "", "artifacts", "{\"a\": 1}", "no path" },
  { "", "logs", "[]", "wrong type" },
  { "", "backend", "1", "wrong type" },
  { "/backend", "name", "null", "\"name\" is null" },
  { "", "simulated", "0", "wrong type" },
  { "", "steps", "{}", "wrong type" },
  { "", "steps", "[1]", "\"name\" is missing" },
  { "/steps/0", "kind", NULL, "\"kind\" is missing" },
  { "/steps/0", "parameters", "[]", "wrong type" },
  { "/steps/0", "cached", "null", "null" },
  { "/steps/0", "output_sha256", "\"abc\"", "no SHA-256" },
  { "/steps/1/error", "category", NULL, "\"category\" is missing" },
  { "", "error", "{\"category\": \"x\"}", "is missing" },
  { "", "error",
    "{\"category\": \"x\", \"summary\": null, \"where\": null, \"evidence\": [{}], \"tips\": []}",
    "\"file\" is missing" },
  { "", "error", "{\"category\": \"x\", \"summary\": null, \"where\": null, \"evidence\": [], \"tips\": [1]}",
    "no text" },
  { "", "warnings", "{}", "wrong type" },
  { "", "environment", NULL, "\"environment\" is missing" },
};

START_TEST (damaged_result_is_refused)
{
  struct br_result *r = sample ();
  struct json_object *root, *parent = NULL;
  const char *value = damages[_i].value;
  BR_AUTOFREE char *text = NULL;
  struct br_error err = { 0 };

  br_result_complete (r, BR_STATUS_SUCCESS, NULL);
  root = document (r);
  br_result_free (r);
  ck_assert_int_eq (br_json_pointer_get (root, damages[_i].parent, &parent), 1);
  json_object_object_del (parent, damages[_i].key);
  if (value != NULL)
    json_object_object_add (parent, damages[_i].key, br_json_parse (value, strlen (value), NULL));
  text = br_json_text (root, 2);
  json_object_put (root);
  ck_assert_ptr_null (br_result_parse (text, strlen (text), &err));
  ck_assert_msg (strstr (br_error_text (&err), damages[_i].part) != NULL, "%s", br_error_text (&err));
  br_error_clear (&err);
}
END_TEST

START_TEST (cut_result_is_refused_wherever_it_is_cut)
{
  struct br_result *r = sample ();
  BR_AUTOFREE char *text = NULL;
  size_t i, n;

  br_result_complete (r, BR_STATUS_SUCCESS, NULL);
  text = br_result_text (r);
  n = strlen (text) - 1; /* without the line end it is whole */
  for (i = 0; i < n; i++) {
    struct br_error err = { 0 };

    ck_assert_ptr_null (br_result_parse (text, i, &err));
    ck_assert_int_eq (br_error_is_set (&err), 1);
    br_error_clear (&err);
  }
  br_result_free (r);
}
END_TEST

START_TEST (other_json_is_no_result)
{
  static const char *const texts[] = { "null", "[]", "{}", "5", "{\"schema\": 1}" };
  size_t i;

  for (i = 0; i < N (texts); i++) {
    struct br_error err = { 0 };

    ck_assert_ptr_null (br_result_parse (texts[i], strlen (texts[i]), &err));
    ck_assert_str_eq (err.category, "config");
    br_error_clear (&err);
  }
}
END_TEST

/* ---- Times ---- */

static const struct {
  const char *text;
  long long seconds; /* -1: refused */
  long nanoseconds;
} times[] = {
  { "1970-01-01T00:00:00+00:00", 0, 0 },
  { "2001-09-09T01:46:40.5Z", 1000000000, 500000000 },
  { "2001-09-09T03:46:40.000001+02:00", 1000000000, 1000 },
  { "2001-09-08T20:16:40-05:30", 1000000000, 0 },
  { "2001-09-09T01:46:40", -1, 0 },
  { "2001-09-09 01:46:40Z", -1, 0 },
  { "2001-13-09T01:46:40Z", -1, 0 },
  { "2001-09-32T01:46:40Z", -1, 0 },
  { "2001-09-09T24:46:40Z", -1, 0 },
  { "2001-09-09T01:60:40Z", -1, 0 },
  { "2001-09-09T01:46:61Z", -1, 0 },
  { "2001-09-09T01:46:40.Z", -1, 0 },
  { "2001-09-09T01:46:40+0200", -1, 0 },
  { "2001-09-09T01:46:40+02:60", -1, 0 },
  { "2001-09-09T01:46:40+02:00 ", -1, 0 },
  { "0001-09-09T01:46:40Z", -1, 0 },
  { "", -1, 0 },
};

START_TEST (times_with_zone_are_read)
{
  struct timespec time = { 0 };

  ck_assert_int_eq (br_time_parse (times[_i].text, &time), times[_i].seconds >= 0 ? 0 : -1);
  if (times[_i].seconds < 0)
    return;
  ck_assert_int_eq (time.tv_sec, times[_i].seconds);
  ck_assert_int_eq (time.tv_nsec, times[_i].nanoseconds);
}
END_TEST

START_TEST (times_are_written_in_utc)
{
  struct timespec time = { 1000000000, 123456789 };
  char text[BR_TIME_SIZE];

  br_time_format (&time, text);
  ck_assert_str_eq (text, "2001-09-09T01:46:40.123456+00:00");
}
END_TEST

static void
add_life_tests (TCase *tc)
{
  tcase_add_test (tc, new_result_is_running_and_not_complete);
  tcase_add_test (tc, completion_sets_status_end_duration_and_message);
  tcase_add_test (tc, metrics_are_had_only_after_success);
  tcase_add_test (tc, artifact_of_the_same_name_is_replaced);
  tcase_add_test (tc, first_error_is_kept);
  tcase_add_loop_test (tc, impossible_values_are_refused, 0, N (values));
  tcase_add_test (tc, unknown_origin_is_refused);
  tcase_add_loop_test (tc, nine_metrics_with_units, 0, N (table));
}

static void
add_document_tests (TCase *tc)
{
  tcase_add_test (tc, members_stand_in_the_designs_order);
  tcase_add_test (tc, successful_result_is_written);
  tcase_add_loop_test (tc, nine_metrics_are_null_unless_it_succeeded, 0, 3);
  tcase_add_test (tc, error_is_written_with_evidence_and_tips);
  tcase_add_test (tc, result_that_is_not_complete_says_so);
  tcase_add_test (tc, written_results_read_back_as_themselves);
  tcase_add_loop_test (tc, damaged_result_is_refused, 0, N (damages));
  tcase_add_test (tc, cut_result_is_refused_wherever_it_is_cut);
  tcase_add_test (tc, other_json_is_no_result);
  tcase_add_loop_test (tc, times_with_zone_are_read, 0, N (times));
  tcase_add_test (tc, times_are_written_in_utc);
}

int
main (void)
{
  Suite *suite = suite_create ("data BuildResult");
  TCase *tc = tcase_create ("all");
  SRunner *runner;
  int failed;

  tcase_set_timeout (tc, 60);
  add_life_tests (tc);
  add_document_tests (tc);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed > 0;
}
