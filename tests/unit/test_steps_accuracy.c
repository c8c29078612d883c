/* SPDX-License-Identifier: BSD-3-Clause */
/* accuracy_validation as the host runs it. The processed model passes scores on as they are, so that each test says by its data what is right. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "plugins/qonnx_steps/steps.h"
#include "qonnx/qonnx.h"
#include "tests/unit/plugin_host.h"
#include "tests/unit/qx_build.h"
#include "tests/unit/scratch.h"
#include "tests/unit/steps_rig.h"
#include "tests/unit/suite.h"

#define LENGTH(array) (sizeof (array) / sizeof (array)[0])

/* Scores of five examples for three classes. Best first: 0 1 2, 2 1 0, 1 2 0 (equal, so that the first wins), 2 0 1, 1 0 2. */
static const float scores[] = { 9, 5, 1, 0, 1, 2, 1, 3, 3, 5, 4, 6, 2, 7, 1 };

static void
save_floats (const struct plugin_host *host, const char *name, int64_t rows, int64_t columns,
             const float *data)
{
  const int64_t dims[] = { rows, columns };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *tensor = qx_tensor_create_floats (dims, columns == 0 ? 1 : 2, data, &err);
  char *path = plugin_host_path (host, name);

  ck_assert_ptr_nonnull (tensor);
  ck_ok (qx_npy_save (tensor, path, &err), &err);
  qx_tensor_free (tensor);
  free (path);
}

/* x [1,3] → op (with the constant c where that is not NULL) → y [1,3] */
static char *
save_model (const struct plugin_host *host, const char *name, const char *op_type, const float *c)
{
  static const int64_t dims[] = { 1, 3 }, three[] = { 3 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("g", 13, &err);
  char *path = plugin_host_path (host, name);

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 2, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, dims, 2, &err), &err);
  if (c != NULL)
    qx_floats (model, "c", 1, three, c);
  qx_add (model, op_type, "x", c == NULL ? NULL : "c", "y");
  ck_ok (qx_save (model, path, &err), &err);
  qx_model_free (model);
  return path;
}

/* Labels are given as floats, which is what many files hold. */
static void
start (struct plugin_host *host, const char *params)
{
  static const float labels[] = { 0, 2, 2, 0, 1 }, few[] = { 0, 1 }, wrong[] = { 0, 1, 2, 3, 0 },
                     fraction[] = { 0, 1, 0.5F, 0, 0 };
  static const float shift[] = { 0, 0, 2.5F };
  char text[512] = "", *end = text;

  plugin_host_start (host, "{}", "{}");
  host->model = save_model (host, "processed.onnx", "Identity", NULL);
  host->original = save_model (host, "original.onnx", "Add", shift);
  save_floats (host, "scores.npy", 5, 3, scores);
  save_floats (host, "none.npy", 0, 3, NULL);
  save_floats (host, "wide.npy", 5, 4, (float[20]){ 0 });
  save_floats (host, "two.npy", 2, 3, scores);
  save_floats (host, "labels.npy", 5, 0, labels);
  save_floats (host, "few.npy", 2, 0, few);
  save_floats (host, "wrong.npy", 5, 0, wrong);
  save_floats (host, "fraction.npy", 5, 0, fraction);
  for (; *params != '\0'; end += strlen (end)) {
    int is_dir = strncmp (params, "DIR", 3) == 0;
    ck_assert_uint_lt ((size_t) (end - text) + strlen (host->dir) + 2, sizeof text);
    if (is_dir)
      strcpy (end, host->dir);
    else
      memcpy (end, params, 1);
    params += is_dir ? 3 : 1;
  }
  plugin_host_set_params (host, text);
}

static struct json_object *
validate (struct plugin_host *host)
{
  ck_assert_msg (plugin_host_analyze (host, &qs_accuracy_validation, "report.json") == 0, "%s",
                 br_error_text (&host->err));
  return plugin_host_read_json (host, "report.json");
}

static void
ck_metric (const struct plugin_host *host, double wanted)
{
  ck_assert_int_eq (host->result->metrics.has[BR_ACCURACY], 1);
  ck_assert_double_eq_tol (host->result->metrics.value[BR_ACCURACY], wanted, 1e-12);
}

/* Right are examples 0, 1 and 4; the labels of 2 and 3 come second. */
START_TEST (right_answers_are_counted_against_labels)
{
  struct plugin_host host;
  struct json_object *report;

  start (&host, "{\"data\": \"scores.npy\", \"labels\": \"DIR/labels.npy\", \"top_k\": 2}");
  report = validate (&host);
  ck_assert_double_eq (json_number (report, "/examples"), 5);
  ck_assert_str_eq (json_text_at (report, "/reference"), "labels");
  ck_assert_double_eq_tol (json_number (report, "/accuracy"), 0.6, 1e-12);
  ck_assert_double_eq (json_number (report, "/labels/correct"), 3);
  ck_assert_double_eq_tol (json_number (report, "/labels/top_k_accuracy"), 1, 1e-12);
  ck_assert_ptr_null (json_at (report, "/original"));
  ck_metric (&host, 0.6);
  json_object_put (report);
  plugin_host_end (&host);
}
END_TEST

/* 2.5 more for class 2 makes it the answer of examples 2 (5.5 before 3) and 3 (where it was), and of no other but 1: 0 2 2 2 1 against 0 2 1 2 1. */
START_TEST (without_labels_the_original_model_is_the_reference)
{
  struct plugin_host host;
  struct json_object *report;

  start (&host, "{\"data\": {\"x\": \"DIR/scores.npy\"}, \"top_k\": 1}");
  report = validate (&host);
  ck_assert_str_eq (json_text_at (report, "/reference"), "original");
  ck_assert_double_eq_tol (json_number (report, "/accuracy"), 0.8, 1e-12);
  ck_assert_double_eq (json_number (report, "/original/agreeing"), 4);
  ck_assert_double_eq_tol (json_number (report, "/original/top_k_agreement"), 0.8, 1e-12);
  ck_assert_double_eq (json_number (report, "/original/largest_error"), 2.5);
  ck_assert_double_eq_tol (json_number (report, "/original/outputs/0/mean_error"), 2.5 / 3, 1e-12);
  ck_assert_double_eq (json_number (report, "/original/outputs/0/not_finite"), 0);
  ck_assert_ptr_null (json_at (report, "/original/accuracy"));
  ck_assert_ptr_null (json_at (report, "/labels"));
  ck_metric (&host, 0.8);
  json_object_put (report);
  plugin_host_end (&host);
}
END_TEST

/* The original is right at 0, 1, 2 and 4. */
START_TEST (both_are_compared_where_that_is_asked_for)
{
  struct plugin_host host;
  struct json_object *report;

  start (
      &host,
      "{\"data\": \"scores.npy\", \"labels\": \"DIR/labels.npy\", \"against\": \"both\", \"output\": \"y\"}");
  report = validate (&host);
  ck_assert_double_eq_tol (json_number (report, "/accuracy"), 0.6, 1e-12);
  ck_assert_double_eq_tol (json_number (report, "/original/accuracy"), 0.8, 1e-12);
  ck_assert_double_eq_tol (json_number (report, "/original/agreement"), 0.8, 1e-12);
  json_object_put (report);
  plugin_host_end (&host);
}
END_TEST

START_TEST (the_original_can_be_fed_something_else)
{
  static const float shift[] = { 0, 0, -2.5F };
  float shifted[15];
  struct plugin_host host;
  struct json_object *report;

  start (&host, "{\"data\": \"scores.npy\", \"original_data\": \"shifted.npy\"}");
  for (size_t i = 0; i < LENGTH (shifted); i++)
    shifted[i] = scores[i] + shift[i % 3];
  save_floats (&host, "shifted.npy", 5, 3, shifted);
  report = validate (&host);
  ck_assert_double_eq (json_number (report, "/accuracy"), 1);
  ck_assert_double_eq (json_number (report, "/original/largest_error"), 0);
  json_object_put (report);
  plugin_host_end (&host);
}
END_TEST

/* Indices, best first, stand for scores; classes have no distance. */
START_TEST (a_processed_model_may_give_indices)
{
  const struct qx_argument two = { "k", "2" };
  struct plugin_host host;
  struct json_object *report;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model;

  start (&host, "{\"data\": \"scores.npy\", \"labels\": \"DIR/labels.npy\", \"against\": \"both\"}");
  model = qx_load (host.model, &err);
  ck_ok (qx_pass_apply (model, "InsertTopK", &two, 1, &err), &err);
  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_ok (qx_save (model, host.model, &err), &err);
  qx_model_free (model);
  report = validate (&host);
  ck_assert_double_eq_tol (json_number (report, "/accuracy"), 0.6, 1e-12);
  ck_assert_double_eq_tol (json_number (report, "/labels/top_k_accuracy"), 1, 1e-12);
  ck_assert_double_eq_tol (json_number (report, "/original/agreement"), 0.8, 1e-12);
  ck_assert_ptr_null (json_at (report, "/original/largest_error"));
  json_object_put (report);
  plugin_host_end (&host);
}
END_TEST

START_TEST (what_is_not_a_number_is_counted_and_is_the_answer_as_in_numpy)
{
  float odd[6] = { 1, NAN, 3, 4, 5, INFINITY };
  static const float labels[] = { 1, 2 };
  struct plugin_host host;
  struct json_object *report;

  start (&host, "{\"data\": \"odd.npy\", \"labels\": \"DIR/odd_labels.npy\", \"against\": \"both\"}");
  save_floats (&host, "odd.npy", 2, 3, odd);
  save_floats (&host, "odd_labels.npy", 2, 0, labels);
  report = validate (&host);
  ck_assert_double_eq (json_number (report, "/accuracy"), 1);
  ck_assert_double_eq (json_number (report, "/original/largest_error"), 2.5); /* 3 and 5.5 */
  ck_assert_double_eq (json_number (report, "/original/outputs/0/not_finite"), 0);
  json_object_put (report);
  plugin_host_end (&host);
}
END_TEST

/* One number for each example says no class; it is still compared. */
START_TEST (an_output_of_no_classes_has_an_error_and_no_accuracy)
{
  static const int64_t in[] = { 1, 3 }, out[] = { 1, 1 }, axes[] = { 1 };
  struct plugin_host host;
  struct json_object *report;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model;

  start (&host, "{\"data\": \"scores.npy\"}");
  model = qx_model_new ("g", 12, &err);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 2, &err), &err);
  ck_ok (qx_add_output (model, "s", QX_FLOAT, out, 2, &err), &err);
  ck_ok (qx_node_set_ints (model, qx_add (model, "ReduceSum", "x", NULL, "s"), "axes", axes, 1, &err), &err);
  ck_ok (qx_save (model, host.model, &err), &err);
  ck_ok (qx_save (model, host.original, &err), &err);
  qx_model_free (model);
  report = validate (&host);
  ck_assert_ptr_null (json_at (report, "/accuracy"));
  ck_assert_double_eq (json_number (report, "/original/largest_error"), 0);
  ck_assert_int_eq (host.result->metrics.has[BR_ACCURACY], 0);
  json_object_put (report);
  plugin_host_set_params (&host, "{\"data\": \"scores.npy\", \"min_accuracy\": 0.5}");
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_accuracy_validation, "report.json"), -1);
  ck_assert_ptr_nonnull (strstr (br_error_text (&host.err), "not one of classes"));
  plugin_host_end (&host);
}
END_TEST

START_TEST (an_accuracy_that_the_backend_measured_stands)
{
  struct plugin_host host;
  struct br_error err = { 0 };

  start (&host, "{\"data\": \"scores.npy\"}");
  ck_assert_int_eq (
      br_metrics_set (&host.result->metrics, BR_ACCURACY, 0.25, "executed", "board.json", "accuracy", &err),
      0);
  json_object_put (validate (&host));
  ck_metric (&host, 0.25);
  plugin_host_end (&host);
}
END_TEST

START_TEST (too_low_an_accuracy_fails_the_step)
{
  struct plugin_host host;

  start (&host, "{\"data\": \"scores.npy\", \"labels\": \"DIR/labels.npy\", \"min_accuracy\": 0.6}");
  json_object_put (validate (&host));
  plugin_host_end (&host);
  start (&host, "{\"data\": \"scores.npy\", \"labels\": \"DIR/labels.npy\", \"min_accuracy\": 0.61}");
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_accuracy_validation, "report.json"), -1);
  ck_assert_str_eq (host.err.category, "postprocessing");
  ck_assert_ptr_nonnull (strstr (br_error_text (&host.err), "accuracy is 0.6, min_accuracy 0.61"));
  plugin_host_end (&host);
}
END_TEST

START_TEST (a_build_that_is_to_end_ends)
{
  struct plugin_host host;

  start (&host, "{\"data\": \"scores.npy\"}");
  host.cancelled = 1;
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_accuracy_validation, "report.json"), -1);
  ck_assert_str_eq (host.err.category, "timeout");
  plugin_host_end (&host);
}
END_TEST

static const struct {
  const char *params, *category, *reason;
} bad[] = {
  { "{}", "config", "data: expected a file" },
  { "{\"data\": 3}", "config", "data: expected a file" },
  { "{\"data\": \"absent.npy\"}", "environment", "absent.npy" },
  { "{\"data\": \"none.npy\"}", "config", "there are no examples" },
  { "{\"data\": \"wide.npy\"}", "config", "x" },
  { "{\"data\": {}}", "config", "there is no file for input x" },
  { "{\"data\": {\"z\": \"scores.npy\"}}", "config", "z is no input of the model" },
  { "{\"data\": {\"x\": 3}}", "config", "x" },
  { "{\"data\": \"scores.npy\", \"against\": \"both\"}", "config", "against both needs labels" },
  { "{\"data\": \"scores.npy\", \"output\": \"z\"}", "config", "z is no output of the model" },
  { "{\"data\": \"scores.npy\", \"labels\": \"DIR/few.npy\"}", "config",
    "2 labels, and there are 5 examples" },
  { "{\"data\": \"scores.npy\", \"labels\": \"DIR/wrong.npy\"}", "config",
    "example 3 is of class 3, and the model has 3" },
  { "{\"data\": \"scores.npy\", \"labels\": \"DIR/fraction.npy\"}", "transform",
    "fraction.npy: element 2 is 0.5" },
  { "{\"data\": \"scores.npy\", \"labels\": \"DIR/absent.npy\"}", "environment", "absent.npy" },
  { "{\"data\": \"scores.npy\", \"original_data\": \"two.npy\"}", "config",
    "original_data: 2 examples, and data has 5" },
};

START_TEST (what_cannot_be_compared_is_said)
{
  struct plugin_host host;

  start (&host, bad[_i].params);
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_accuracy_validation, "report.json"), -1);
  ck_assert_str_eq (host.err.category, bad[_i].category);
  ck_assert_msg (strstr (br_error_text (&host.err), bad[_i].reason) != NULL, "%s", br_error_text (&host.err));
  ck_assert_int_eq (host.result->metrics.has[BR_ACCURACY], 0);
  plugin_host_end (&host);
}
END_TEST

START_TEST (labels_of_what_has_no_classes_are_refused)
{
  static const float *const none = NULL;
  struct plugin_host host;
  char *path;

  start (&host, "{\"data\": \"flat.npy\", \"labels\": \"DIR/few.npy\"}");
  save_floats (&host, "flat.npy", 2, 1, (float[]){ 1, 2 });
  free (save_model (&host, "processed.onnx", "Relu", none));
  {
    static const int64_t dims[] = { 1, 1 };
    struct qx_error err = { { 0 }, NULL };
    struct qx_model *model = qx_model_new ("g", 13, &err);

    path = plugin_host_path (&host, "processed.onnx");
    ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 2, &err), &err);
    ck_ok (qx_add_output (model, "y", QX_FLOAT, dims, 2, &err), &err);
    qx_add (model, "Relu", "x", NULL, "y");
    ck_ok (qx_save (model, path, &err), &err);
    qx_model_free (model);
    free (path);
  }
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_accuracy_validation, "report.json"), -1);
  ck_assert_str_eq (host.err.category, "config");
  ck_assert_ptr_nonnull (strstr (br_error_text (&host.err), "output y is not one of classes"));
  plugin_host_end (&host);
}
END_TEST

START_TEST (a_model_that_cannot_be_run_is_named)
{
  struct plugin_host host;

  start (&host, "{\"data\": \"scores.npy\"}");
  free (save_model (&host, "original.onnx", "NoSuchOperator", NULL));
  ck_assert_int_eq (plugin_host_analyze (&host, &qs_accuracy_validation, "report.json"), -1);
  ck_assert_str_eq (host.err.category, "model_load");
  ck_assert_ptr_nonnull (strstr (br_error_text (&host.err), "original.onnx"));
  ck_assert_ptr_nonnull (strstr (br_error_text (&host.err), "NoSuchOperator"));
  plugin_host_end (&host);
}
END_TEST

START_TEST (the_descriptor_passes_the_hosts_checks)
{
  ck_analysis_accepted (&qs_accuracy_validation);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, the_descriptor_passes_the_hosts_checks);
  tcase_add_test (tests, right_answers_are_counted_against_labels);
  tcase_add_test (tests, without_labels_the_original_model_is_the_reference);
  tcase_add_test (tests, both_are_compared_where_that_is_asked_for);
  tcase_add_test (tests, the_original_can_be_fed_something_else);
  tcase_add_test (tests, a_processed_model_may_give_indices);
  tcase_add_test (tests, what_is_not_a_number_is_counted_and_is_the_answer_as_in_numpy);
  tcase_add_test (tests, an_output_of_no_classes_has_an_error_and_no_accuracy);
  tcase_add_test (tests, an_accuracy_that_the_backend_measured_stands);
  tcase_add_test (tests, too_low_an_accuracy_fails_the_step);
  tcase_add_test (tests, a_build_that_is_to_end_ends);
  tcase_add_loop_test (tests, what_cannot_be_compared_is_said, 0, LENGTH (bad));
  tcase_add_test (tests, labels_of_what_has_no_classes_are_refused);
  tcase_add_test (tests, a_model_that_cannot_be_run_is_named);
  return run_case ("steps_accuracy", tests);
}
