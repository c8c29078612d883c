/* SPDX-License-Identifier: BSD-3-Clause */
/* quantize_model as the host runs it: that its parameters reach the library, and what it refuses. What the library does with them stands in
   test_qx_quantize.c. */
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

/* x [1,2] → MatMul w [2,2] → y, and examples of it. */
static void
start (struct plugin_host *host, const char *params)
{
  static const int64_t row[] = { 1, 2 }, matrix[] = { 2, 2 };
  static const float w[] = { 1, -0.5F, 0.25F, 3 }, data[] = { 1, 2, 0, 3 }, below[] = { -1, 2, 0, 3 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("g", 13, &err);
  const struct {
    const char *name;
    const float *data;
  } files[] = { { "data.npy", data }, { "below.npy", below } };
  char *path;

  plugin_host_start (host, "{}", params);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, row, 2, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, row, 2, &err), &err);
  qx_floats (model, "w", 2, matrix, w);
  ck_ok (qx_node_set_name (model, qx_add (model, "MatMul", "x", "w", "y"), "product", &err), &err);
  path = plugin_host_path (host, "model.onnx");
  ck_ok (qx_save (model, path, &err), &err);
  free (path);
  qx_model_free (model);
  for (size_t i = 0; i < LENGTH (files); i++) {
    struct qx_tensor *tensor = qx_tensor_create_floats (matrix, 2, files[i].data, &err);
    path = plugin_host_path (host, files[i].name);
    ck_ok (qx_npy_save (tensor, path, &err), &err);
    qx_tensor_free (tensor);
    free (path);
  }
}

static int
apply (struct plugin_host *host)
{
  return plugin_host_apply (host, &qs_quantize_model, "model.onnx", "out.onnx");
}

/* What stands behind a slot of the product: a Quant, or NULL. */
static const struct qx_node *
quant_of (const struct qx_model *model, size_t slot)
{
  for (size_t i = 0; i < qx_n_nodes (model); i++)
    if (strcmp (qx_node_op_type (qx_node_at (model, i)), "MatMul") == 0)
      return qx_producer (model, qx_node_input (qx_node_at (model, i), slot));
  ck_abort_msg ("there is no MatMul");
}

static const struct {
  const char *params;
  struct {
    int bits, is_signed, narrow; /* bits 0: no Quant */
    size_t scales;
    float scale;
  } x, w;
  const char *mode;
} cases[] = {
  /* the examples have no negative numbers; what the model is fed later may */
  { "{\"data\": \"data.npy\"}", { 8, 1, 0, 1, 3.0F / 127 }, { 8, 1, 1, 1, 3.0F / 127 }, "ROUND" },
  { "{\"data\": \"data.npy\", \"weights\": false, \"signed\": false}",
    { 8, 0, 0, 1, 3.0F / 255 },
    { 0, 0, 0, 0, 0 },
    "ROUND" },
  { "{\"data\": {\"x\": \"below.npy\"}, \"bits\": 4}",
    { 4, 1, 0, 1, 3.0F / 7 },
    { 4, 1, 1, 1, 3.0F / 7 },
    "ROUND" },
  { "{\"data\": \"data.npy\", \"signed\": true, \"weight_bits\": 2, \"activation_bits\": 3, "
    "\"rounding_mode\": \"HALF_UP\"}",
    { 3, 1, 0, 1, 1 },
    { 2, 1, 1, 1, 3 },
    "HALF_UP" },
  { "{\"activations\": false, \"bits\": 3, \"per_channel\": true, \"narrow\": false}",
    { 0, 0, 0, 0, 0 },
    { 3, 1, 0, 2, 1.0F / 3 },
    "ROUND" },
  { "{\"weights\": false, \"bits\": 3, \"data\": \"data.npy\", \"power_of_two\": true}",
    { 3, 1, 0, 1, 1 },
    { 0, 0, 0, 0, 0 },
    "ROUND" },
};

static void
ck_quant (const struct qx_model *model, const struct qx_node *node, int bits, int is_signed, int narrow,
          size_t scales, float scale)
{
  const struct qx_tensor *found;

  if (bits == 0) {
    ck_assert_ptr_null (node);
    return;
  }
  ck_assert_ptr_nonnull (node);
  found = qx_initializer (model, qx_node_input (node, 1));
  ck_assert_float_eq (qx_tensor_floats (qx_initializer (model, qx_node_input (node, 3)), NULL)[0],
                      (float) bits);
  ck_assert_int_eq ((int) qx_node_int (node, "signed", -1), is_signed);
  ck_assert_int_eq ((int) qx_node_int (node, "narrow", -1), narrow);
  ck_assert_uint_eq (qx_tensor_n_elements (found), scales);
  ck_assert_float_eq_tol (qx_tensor_floats (found, NULL)[0], scale, 1e-6F);
}

START_TEST (parameters_reach_the_library)
{
  struct plugin_host host;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model;
  const struct qx_node *x, *w;
  char *path;

  start (&host, cases[_i].params);
  ck_assert_msg (apply (&host) == 0, "%s", br_error_text (&host.err));
  path = plugin_host_path (&host, "out.onnx");
  model = qx_load (path, &err);
  ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
  x = quant_of (model, 0);
  w = quant_of (model, 1);
  ck_quant (model, x, cases[_i].x.bits, cases[_i].x.is_signed, cases[_i].x.narrow, cases[_i].x.scales,
            cases[_i].x.scale);
  ck_quant (model, w, cases[_i].w.bits, cases[_i].w.is_signed, cases[_i].w.narrow, cases[_i].w.scales,
            cases[_i].w.scale);
  ck_assert_str_eq (qx_node_string (x != NULL ? x : w, "rounding_mode", ""), cases[_i].mode);
  free (path);
  qx_model_free (model);
  plugin_host_end (&host);
}
END_TEST

static const struct {
  const char *params, *category, *reason;
} bad[] = {
  { "{}", "config", "parameter data is missing" },
  { "{\"weights\": false, \"activations\": false}", "config", "neither weights nor activations" },
  { "{\"data\": \"absent.npy\"}", "environment", "absent.npy" },
  { "{\"data\": {\"z\": \"data.npy\"}}", "config", "z is no input of the model" },
  { "{\"data\": \"below.npy\", \"weights\": false, \"signed\": false}", "transform",
    "tensor x has negative numbers" },
  { "{\"activations\": false, \"exclude\": [\"prodct\"]}", "config", "no node prodct to leave out" },
  { "{\"activations\": false, \"exclude\": [\"product\"]}", "transform", "nothing to quantise" },
  { "{\"activations\": false, \"bits\": 40}", "config", "40 bits: 1 to 24" },
};

START_TEST (what_cannot_be_quantised_is_said)
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

START_TEST (a_model_that_cannot_be_run_is_said)
{
  static const int64_t row[] = { 1, 2 };
  struct plugin_host host;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model;
  char *path;

  start (&host, "{\"data\": \"data.npy\"}");
  path = plugin_host_path (&host, "model.onnx");
  model = qx_load (path, &err);
  ck_ok (qx_add_output (model, "z", QX_FLOAT, row, 2, &err), &err);
  qx_add (model, "NoSuchOperator", "y", NULL, "z");
  ck_ok (qx_save (model, path, &err), &err);
  qx_model_free (model);
  ck_assert_int_eq (apply (&host), -1);
  ck_assert_str_eq (host.err.category, "model_load");
  scratch_write (path, "no model", 8);
  ck_assert_int_eq (apply (&host), -1);
  ck_assert_str_eq (host.err.category, "model_load");
  free (path);
  plugin_host_end (&host);
}
END_TEST

START_TEST (the_descriptor_passes_the_hosts_checks)
{
  ck_transform_accepted (&qs_quantize_model);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, the_descriptor_passes_the_hosts_checks);
  tcase_add_loop_test (tests, parameters_reach_the_library, 0, LENGTH (cases));
  tcase_add_loop_test (tests, what_cannot_be_quantised_is_said, 0, LENGTH (bad));
  tcase_add_test (tests, a_model_that_cannot_be_run_is_said);
  return run_case ("steps_quantize", tests);
}
