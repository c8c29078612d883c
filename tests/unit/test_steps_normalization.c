/* SPDX-License-Identifier: BSD-3-Clause */
/* input_normalization as the host runs it: what each method makes of its parameters, and what it refuses. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/qonnx_steps/steps.h"
#include "qonnx/qonnx.h"
#include "tests/unit/plugin_host.h"
#include "tests/unit/qx_build.h"
#include "tests/unit/scratch.h"
#include "tests/unit/steps_rig.h"
#include "tests/unit/suite.h"

#define LENGTH(array) (sizeof (array) / sizeof (array)[0])

/* x [1,2,2] → Relu → y: nothing that could take numbers in. */
static void
save_model (const struct plugin_host *host)
{
  static const int64_t dims[] = { 1, 2, 2 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("g", 13, &err);
  char *path = plugin_host_path (host, "model.onnx");

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 3, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, dims, 3, &err), &err);
  qx_add (model, "Relu", "x", NULL, "y");
  ck_ok (qx_save (model, path, &err), &err);
  qx_model_free (model);
  free (path);
}

/* Two examples: the first channel holds 1 3 5 7, the second 2 2 6 6; and a file whose second channel never changes. */
static void
save_data (const struct plugin_host *host)
{
  static const int64_t dims[] = { 2, 2, 2 };
  static const float data[] = { 1, 3, 2, 2, 5, 7, 6, 6 }, still[] = { 1, 3, 2, 2, 5, 7, 2, 2 };
  const struct {
    const char *name;
    const float *data;
  } files[] = { { "data.npy", data }, { "still.npy", still } };
  struct qx_error err = { { 0 }, NULL };

  for (size_t i = 0; i < LENGTH (files); i++) {
    char *path = plugin_host_path (host, files[i].name);
    struct qx_tensor *tensor = qx_tensor_create_floats (dims, 3, files[i].data, &err);
    ck_assert_ptr_nonnull (tensor);
    ck_ok (qx_npy_save (tensor, path, &err), &err);
    qx_tensor_free (tensor);
    free (path);
  }
}

/* Parameters with DIR for the folder. */
static void
start (struct plugin_host *host, const char *params)
{
  char text[512] = "", *end = text;

  plugin_host_start (host, "{}", "{}");
  save_model (host);
  save_data (host);
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

static int
apply (struct plugin_host *host)
{
  return plugin_host_apply (host, &qs_input_normalization, "model.onnx", "out.onnx");
}

static struct qx_model *
load (const struct plugin_host *host)
{
  struct qx_error err = { { 0 }, NULL };
  char *path = plugin_host_path (host, "out.onnx");
  struct qx_model *model = qx_load (path, &err);

  ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
  free (path);
  return model;
}

static void
check_constants (const struct qx_model *model, const char *op_type, const double *wanted, size_t n)
{
  for (size_t i = 0; i < qx_n_nodes (model); i++) {
    const struct qx_node *node = qx_node_at (model, i);
    const struct qx_tensor *constant = qx_initializer (model, qx_node_input (node, 1));

    if (strcmp (qx_node_op_type (node), op_type) != 0)
      continue;
    ck_assert_uint_eq (qx_tensor_n_elements (constant), n);
    for (size_t k = 0; k < n; k++)
      ck_assert_float_eq_tol (qx_tensor_floats (constant, NULL)[k], (float) wanted[k], 1e-6F);
    return;
  }
  ck_abort_msg ("there is no %s", op_type);
}

/* Deviations: of 1 3 5 7 around 4 the square root of 5, of 2 2 6 6 around 4 it is 2. Of all eight around 4 the square root of 4.5. */
static const struct {
  const char *params;
  double scale[2], offset[2];
  size_t n;
} methods[] = {
  { "{\"method\": \"mean_std\", \"mean\": [0.5, 1], \"std\": [0.25, 2]}", { 4, 0.5 }, { -2, -0.5 }, 2 },
  { "{\"method\": \"mean_std\", \"mean\": [0.5], \"std\": [0.25, 2]}", { 4, 0.5 }, { -2, -0.25 }, 2 },
  { "{\"method\": \"mean_std\", \"mean\": [0.5, 1], \"std\": [0.25]}", { 4, 4 }, { -2, -4 }, 2 },
  { "{\"method\": \"mean_std\", \"mean\": [0.5], \"std\": [0.25]}", { 4 }, { -2 }, 1 },
  { "{\"method\": \"z_score\", \"data\": \"DIR/data.npy\"}", { 0.4472136, 0.5 }, { -1.7888544, -2 }, 2 },
  { "{\"method\": \"z_score\", \"data\": \"DIR/data.npy\", \"per_channel\": false}",
    { 0.4714045 },
    { -1.8856181 },
    1 },
  { "{\"method\": \"min_max\", \"minimum\": [0], \"maximum\": [255], \"low\": -1, \"high\": 1}",
    { 0.00784314 },
    { -1 },
    1 },
  { "{\"method\": \"min_max\", \"data\": \"DIR/data.npy\", \"high\": 12}", { 2, 3 }, { -2, -6 }, 2 },
  { "{\"method\": \"scale\", \"scale\": [0.5], \"offset\": [1, -1]}", { 0.5, 0.5 }, { 1, -1 }, 2 },
};

START_TEST (each_method_comes_down_to_factors_and_offsets)
{
  struct plugin_host host;
  struct qx_model *model;

  start (&host, methods[_i].params);
  ck_assert_msg (apply (&host) == 0, "%s", br_error_text (&host.err));
  model = load (&host);
  ck_assert_uint_eq (qx_n_nodes (model), 3);
  check_constants (model, "Mul", methods[_i].scale, methods[_i].n);
  check_constants (model, "Add", methods[_i].offset, methods[_i].n);
  qx_model_free (model);
  plugin_host_end (&host);
}
END_TEST

START_TEST (a_factor_alone_is_one_node)
{
  static const double scale[] = { 0.5 };
  struct plugin_host host;
  struct qx_model *model;
  struct qx_dtype dtype;

  start (&host, "{\"method\": \"scale\", \"scale\": [0.5], \"datatype\": \"UINT8\", \"input\": \"x\", "
                "\"fold\": false}");
  ck_assert_msg (apply (&host) == 0, "%s", br_error_text (&host.err));
  model = load (&host);
  ck_assert_uint_eq (qx_n_nodes (model), 2);
  check_constants (model, "Mul", scale, 1);
  dtype = qx_tensor_dtype (model, "x");
  ck_assert_int_eq (dtype.kind, QX_DT_UINT);
  ck_assert_int_eq (dtype.bits, 8);
  qx_model_free (model);
  plugin_host_end (&host);
}
END_TEST

static const struct {
  const char *params, *category, *reason;
} bad[] = {
  { "{\"method\": \"mean_std\"}", "config", "method mean_std takes mean and std" },
  { "{\"method\": \"mean_std\", \"mean\": [1]}", "config", "method mean_std takes mean and std" },
  { "{\"method\": \"mean_std\", \"mean\": [1], \"std\": [1], \"scale\": [2]}", "config",
    "and no other numbers" },
  { "{\"method\": \"mean_std\", \"mean\": [1], \"std\": [1, 0]}", "config", "std of channel 1 is 0" },
  { "{\"method\": \"mean_std\", \"mean\": [1, 2, 3], \"std\": [1, 1]}", "config",
    "mean has 3 numbers, and std has 2" },
  { "{\"method\": \"mean_std\", \"mean\": [1, 2, 3], \"std\": [1]}", "config",
    "3 numbers are given, and input x has 2 channels" },
  { "{\"method\": \"z_score\"}", "config", "method z_score takes data" },
  { "{\"method\": \"z_score\", \"data\": \"DIR/none.npy\"}", "environment", "none.npy" },
  { "{\"method\": \"z_score\", \"data\": \"DIR/model.onnx\"}", "environment", "model.onnx" },
  { "{\"method\": \"z_score\", \"data\": \"DIR/still.npy\"}", "config", "the deviation of channel 1 is 0" },
  { "{\"method\": \"z_score\", \"data\": \"DIR/data.npy\", \"axis\": 3}", "config",
    "data.npy: the data have no dimension 3" },
  { "{\"method\": \"min_max\", \"minimum\": [0]}", "config", "takes minimum and maximum, or data" },
  { "{\"method\": \"min_max\", \"minimum\": [0], \"maximum\": [0]}", "config",
    "maximum - minimum of channel 0 is 0" },
  { "{\"method\": \"min_max\", \"minimum\": [0], \"maximum\": [1], \"low\": 2}", "config",
    "high has to be above low" },
  { "{\"method\": \"min_max\", \"data\": \"DIR/still.npy\"}", "config",
    "maximum - minimum of channel 1 is 0" },
  { "{\"method\": \"scale\"}", "config",
    "method scale takes scale, and no other numbers or data but offset" },
  { "{\"method\": \"scale\", \"scale\": [0]}", "config", "a factor of 0" },
  { "{\"method\": \"scale\", \"scale\": [1], \"input\": \"y\"}", "config", "y is no input of the model" },
  { "{\"method\": \"scale\", \"scale\": [1], \"datatype\": \"BYTE\"}", "config", "BYTE is no data type" },
  { "{\"method\": \"guess\"}", "config", "expected mean_std, z_score, min_max or scale" },
};

START_TEST (parameters_that_make_no_sense_are_refused)
{
  struct plugin_host host;
  char *out;

  start (&host, bad[_i].params);
  ck_assert_int_eq (apply (&host), -1);
  ck_assert_str_eq (host.err.category, bad[_i].category);
  ck_assert_msg (strstr (br_error_text (&host.err), bad[_i].reason) != NULL, "%s", br_error_text (&host.err));
  out = plugin_host_path (&host, "out.onnx");
  ck_assert_ptr_null (qx_load (out, NULL));
  free (out);
  plugin_host_end (&host);
}
END_TEST

START_TEST (a_model_that_is_none_is_said)
{
  struct plugin_host host;
  char *path;

  start (&host, "{\"method\": \"scale\", \"scale\": [2]}");
  path = plugin_host_path (&host, "model.onnx");
  scratch_write (path, "no model", 8);
  ck_assert_int_eq (apply (&host), -1);
  ck_assert_str_eq (host.err.category, "model_load");
  free (path);
  plugin_host_end (&host);
}
END_TEST

START_TEST (the_descriptor_passes_the_hosts_checks)
{
  ck_transform_accepted (&qs_input_normalization);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, the_descriptor_passes_the_hosts_checks);
  tcase_add_loop_test (tests, each_method_comes_down_to_factors_and_offsets, 0, LENGTH (methods));
  tcase_add_test (tests, a_factor_alone_is_one_node);
  tcase_add_loop_test (tests, parameters_that_make_no_sense_are_refused, 0, LENGTH (bad));
  tcase_add_test (tests, a_model_that_is_none_is_said);
  return run_case ("steps_normalization", tests);
}
