/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: networks of images, from cleanup to cost, with quantised biases and linear upsampling. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

/* x [1,2,4,4] → Conv 1×1 to 3 channels with a bias behind a quantiser → Upsample by 2 → y. */
static struct qx_model *
image_model (const char *mode)
{
  static const int64_t in[] = { 1, 2, 4, 4 }, w[] = { 3, 2, 1, 1 }, c[] = { 3 }, kernel[] = { 1, 1 },
                       four[] = { 4 };
  static const float weights[6] = { 1, 0, 3, 0, 5, 6 }, bias[3] = { 7, 1, -3 }, scales[4] = { 1, 1, 2, 2 };
  static const float one = 1, zero = 0, bits = 4;
  const char *inputs[] = { "x", "w", "bq" }, *conv = "conv", *quant[] = { "bias", "one", "zero", "bits" },
             *bq = "bq";
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("image", 9, &err);
  struct qx_node *node;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 4, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, in, 4, &err), &err);
  qx_floats (model, "w", 4, w, weights);
  qx_floats (model, "bias", 1, c, bias);
  qx_floats (model, "one", 0, NULL, &one);
  qx_floats (model, "zero", 0, NULL, &zero);
  qx_floats (model, "bits", 0, NULL, &bits);
  qx_floats (model, "scales", 1, four, scales);
  node = qx_node_insert (model, SIZE_MAX, "Quant", "", "", quant, 4, &bq, 1, &err);
  ck_ok (qx_node_set_int (model, node, "signed", 1, &err), &err);
  node = qx_node_insert (model, SIZE_MAX, "Conv", "", "", inputs, 3, &conv, 1, &err);
  ck_ok (qx_node_set_ints (model, node, "kernel_shape", kernel, 2, &err), &err);
  ck_ok (qx_node_set_string (model, qx_add (model, "Upsample", "conv", "scales", "y"), "mode", mode, &err),
         &err);
  ck_ok (qx_remove_output (model, "y", &err), &err);
  ck_ok (qx_infer_shapes (model, &err), &err);
  return model;
}

START_TEST (a_quantised_bias_is_extracted_by_cleanup)
{
  const struct qx_cleanup_options options = { .extract_conv_bias = 1 };
  struct qx_model *model = image_model ("nearest");
  struct qx_error err = { { 0 }, NULL };
  const struct qx_node *add;
  size_t n;

  ck_ok (qx_cleanup (model, &options, &err), &err);
  ck_assert_uint_eq (qx_n_nodes (model), 4);
  add = qx_node_at (model, 2);
  ck_assert_str_eq (qx_node_name (add), "Add_0");
  ck_assert_str_eq (qx_node_input (add, 0), "Conv_0_out0");
  ck_assert_str_eq (qx_node_input (add, 1), "Quant_0_out0");
  ck_assert_int_eq (qx_shape (model, "Quant_0_out0", &n)[1], 3);
  ck_assert_uint_eq (n, 4);
  ck_assert_uint_eq (qx_tensor_n_dims (qx_initializer (model, "Quant_0_param1")), 0);
  qx_model_free (model);
}
END_TEST

/* 16 places × 3 channels × 2 inputs; weights 6, 4 of them not zero; a plane of 64 numbers in each of 3 channels behind. */
START_TEST (convolutions_and_upsampling_are_costed)
{
  const struct qx_cost_options dense = { .dense = 1 };
  struct qx_model *model = image_model ("linear");
  struct qx_error err = { { 0 }, NULL };
  struct qx_cost *cost = qx_inference_cost (model, NULL, &err);

  ck_assert_msg (cost != NULL, "%s", qx_error_text (&err));
  ck_assert (qx_cost_value (qx_cost_total (cost), "mem_w_FLOAT32") == 6 * (4.0 / 6));
  ck_assert (qx_cost_value (qx_cost_total (cost), "total_macs") == 96 * (4.0 / 6) + 2 * 2 * 192);
  ck_assert_uint_eq (qx_cost_n_nodes (cost), 2);
  ck_assert_uint_eq (qx_cost_n_op_types (cost), 2);
  ck_assert_ptr_null (qx_cost_node (cost, 2));
  qx_cost_free (cost);
  cost = qx_inference_cost (model, &dense, &err);
  ck_assert (qx_cost_value (qx_cost_total (cost), "total_mem_o_elems") == 48 + 192);
  qx_cost_free (cost);
  qx_model_free (model);
  model = image_model ("cubic");
  ck_assert_ptr_null (qx_inference_cost (model, NULL, &err));
  ck_error (&err, "transform", "Upsample_0");
  qx_model_free (model);
}
END_TEST

START_TEST (an_operator_without_a_cost_is_listed_once)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  struct qx_cost *cost;

  qx_add (model, "Softmax", "y", NULL, "p");
  qx_add (model, "Softmax", "p", NULL, "q");
  qx_add (model, "Erf", "q", NULL, "r");
  cost = qx_inference_cost (model, NULL, &err);
  ck_assert_msg (cost != NULL, "%s", qx_error_text (&err));
  ck_assert_uint_eq (qx_cost_n_unsupported (cost), 2);
  ck_assert_str_eq (qx_cost_unsupported (cost, 0), "Erf");
  ck_assert_str_eq (qx_cost_unsupported (cost, 1), "Softmax");
  qx_cost_free (cost);
  qx_model_free (model);
}
END_TEST

START_TEST (the_input_shape_can_be_given)
{
  static const int64_t shape[] = { 2, 2, 8, 8 };
  const struct qx_cleanup_options options = { .input_shape = shape, .n_input_shape = 4 },
                                  none = { .input_shape = shape };
  struct qx_model *model = image_model ("nearest");
  struct qx_error err = { { 0 }, NULL };
  const int64_t out[] = { 1, 3, 8, 8 };
  size_t n;

  ck_ok (qx_add_output (model, "conv", QX_FLOAT, out, 4, &err), &err);
  ck_assert_int_eq (qx_cleanup (model, &none, &err), -1);
  ck_error (&err, "transform", "at least one dimension");
  ck_ok (qx_cleanup (model, &options, &err), &err);
  ck_assert_int_eq (qx_shape (model, "global_in", &n)[2], 8);
  ck_assert_int_eq (qx_shape (model, "global_out", &n)[0], 2);
  qx_model_free (model);
}
END_TEST

START_TEST (slices_and_splits_have_their_shapes)
{
  static const int64_t dims[] = { 7, 6 }, starts[] = { 1 }, ends[] = { -1 }, axes[] = { 0 },
                       parts[] = { 2, 4 };
  const char *x = "x", *outs[] = { "a", "b" }, *equal[] = { "c", "d" };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("parts", 9, &err);
  struct qx_node *node;
  size_t n;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 2, &err), &err);
  node = qx_add (model, "Slice", "x", NULL, "y");
  ck_ok (qx_node_set_ints (model, node, "starts", starts, 1, &err), &err);
  ck_ok (qx_node_set_ints (model, node, "ends", ends, 1, &err), &err);
  ck_ok (qx_node_set_ints (model, node, "axes", axes, 1, &err), &err);
  node = qx_node_insert (model, 0, "Split", "", "", &x, 1, outs, 2, &err);
  ck_ok (qx_node_set_ints (model, node, "split", parts, 2, &err), &err);
  ck_ok (qx_node_set_int (model, node, "axis", 1, &err), &err);
  ck_assert_ptr_nonnull (qx_node_insert (model, 0, "Split", "", "", &x, 1, equal, 2, &err));
  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_assert_int_eq (qx_shape (model, "y", &n)[0], 5);
  ck_assert_int_eq (qx_shape (model, "a", &n)[1], 2);
  ck_assert_int_eq (qx_shape (model, "b", &n)[1], 4);
  ck_assert_int_eq (qx_shape (model, "c", &n)[0], 4);
  ck_assert_int_eq (qx_shape (model, "d", &n)[0], 3);
  qx_model_free (model);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, a_quantised_bias_is_extracted_by_cleanup);
  tcase_add_test (tests, convolutions_and_upsampling_are_costed);
  tcase_add_test (tests, an_operator_without_a_cost_is_listed_once);
  tcase_add_test (tests, the_input_shape_can_be_given);
  tcase_add_test (tests, slices_and_splits_have_their_shapes);
  return run_case ("qx_images", tests);
}
