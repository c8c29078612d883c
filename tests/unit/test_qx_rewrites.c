/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: passes by name on small graphs. What is expected was worked out by hand from QONNX's rules. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

/* ---- help ---- */

static struct qx_model *
new_model (size_t n_dims, const int64_t *in, const int64_t *out, size_t n_out)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("rewrites", 13, &err);

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, n_dims, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, out, n_out, &err), &err);
  return model;
}

static struct qx_node *
add (struct qx_model *model, const char *domain, const char *op_type, const char *const *in, size_t n,
     const char *out)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *node = qx_node_insert (model, SIZE_MAX, op_type, domain, "", in, n, &out, 1, &err);

  ck_assert_msg (node != NULL, "%s", qx_error_text (&err));
  return node;
}

/* ---- the table ---- */

START_TEST (every_pass_is_found_by_its_name_and_once)
{
  size_t i, k;

  for (i = 0; i < qx_n_passes (); i++) {
    ck_assert_ptr_eq (qx_pass_find (qx_pass_at (i)->name), qx_pass_at (i));
    for (k = 0; k < i; k++)
      ck_assert_str_ne (qx_pass_at (k)->name, qx_pass_at (i)->name);
  }
  ck_assert_ptr_null (qx_pass_at (i));
  ck_assert_ptr_null (qx_pass_find ("Streamline"));
}
END_TEST

START_TEST (what_is_asked_for_wrongly_is_said)
{
  struct qx_model *model = qx_exported_model ();

  qx_refuse (model, "BatchNormToAfine", NULL, NULL, "config", "did you mean BatchNormToAffine?");
  qx_refuse (model, "FoldConstantsFiltered", NULL, NULL, "config",
             "not offered: it takes a function of Python");
  qx_refuse (model, "InsertTopK", "K", "3", "config", "no parameter K");
  qx_refuse (model, "InsertTopK", "k", "three", "config", "three is not an integer");
  qx_refuse (model, "ChangeBatchSize", NULL, NULL, "config", "bsize is required");
  qx_model_free (model);
}
END_TEST

/* ---- arithmetic ---- */

/* A = 6 / sqrt (1 + 3) = 3 and B = 1 - 3 * 2 = -5 for one channel; 2 / sqrt (1 + 0) = 2 and 0 - 2 * -1 = 2 for the other. */
START_TEST (a_normalisation_becomes_a_product_and_a_sum)
{
  static const int64_t image[] = { 1, 2, 3, 3 }, channels[] = { 2 }, wanted[] = { 1, 2, 1, 1 };
  static const float scale[] = { 6, 2 }, bias[] = { 1, 0 }, mean[] = { 2, -1 }, variance[] = { 3, 0 };
  static const char *const in[] = { "x", "scale", "bias", "mean", "variance" };
  struct qx_model *model = new_model (4, image, image, 4);
  struct qx_error err = { { 0 }, NULL };
  const struct qx_tensor *factors;

  qx_floats (model, "scale", 1, channels, scale);
  qx_floats (model, "bias", 1, channels, bias);
  qx_floats (model, "mean", 1, channels, mean);
  qx_floats (model, "variance", 1, channels, variance);
  ck_ok (qx_node_set_float (model, add (model, "", "BatchNormalization", in, 5, "y"), "epsilon", 1, &err),
         &err);
  qx_apply (model, "BatchNormToAffine", NULL, NULL);
  ck_ops (model, "Mul Add");
  factors = qx_initializer (model, qx_node_input (qx_node_at (model, 0), 1));
  ck_dims (qx_tensor_dims (factors), qx_tensor_n_dims (factors), wanted, 4);
  ck_assert (qx_constant (model, 0, 1)[0] == 3 && qx_constant (model, 0, 1)[1] == 2);
  ck_assert (qx_constant (model, 1, 1)[0] == -5 && qx_constant (model, 1, 1)[1] == 2);
  ck_assert_uint_eq (qx_n_initializers (model), 2);
  qx_model_free (model);
}
END_TEST

START_TEST (gemm_becomes_a_product_and_a_sum_and_keeps_its_factors)
{
  static const int64_t in[] = { 1, 2 }, out[] = { 1, 3 }, weight[] = { 3, 2 }, three[] = { 3 };
  static const float w[6] = { 1, 2, 3, 4, 5, 6 }, b[3] = { 1, 1, 1 };
  static const char *const inputs[] = { "x", "w", "b" };
  struct qx_model *model = new_model (2, in, out, 2);
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *gemm;

  qx_floats (model, "w", 2, weight, w);
  qx_floats (model, "b", 1, three, b);
  gemm = add (model, "", "Gemm", inputs, 3, "y");
  ck_ok (qx_node_set_int (model, gemm, "transB", 1, &err), &err);
  ck_ok (qx_node_set_float (model, gemm, "alpha", 2, &err), &err);
  ck_ok (qx_infer_shapes (model, &err), &err);
  qx_apply (model, "GemmToMatMul", NULL, NULL);
  /* beta is 1: its product is gone, that of alpha is not, and the factor is of single precision */
  ck_ops (model, "Transpose MatMul Mul Add");
  ck_assert (qx_constant (model, 2, 1)[0] == 2);
  ck_assert_int_eq (qx_elem_type (model, qx_node_input (qx_node_at (model, 2), 1)), QX_FLOAT);
  qx_model_free (model);
}
END_TEST

START_TEST (constant_differences_and_quotients_are_turned_over)
{
  static const int64_t two[] = { 2 };
  static const float c[] = { 4, -0.5F };
  struct qx_model *model = new_model (1, two, two, 1);

  qx_floats (model, "c", 1, two, c);
  qx_add (model, "Sub", "x", "c", "d");
  qx_add (model, "Div", "d", "c", "y");
  qx_apply (model, "ConvertSubToAdd", NULL, NULL);
  qx_apply (model, "ConvertDivToMul", NULL, NULL);
  ck_ops (model, "Add Mul");
  ck_assert (qx_constant (model, 0, 1)[0] == -4 && qx_constant (model, 0, 1)[1] == 0.5F);
  ck_assert (qx_constant (model, 1, 1)[0] == 0.25F && qx_constant (model, 1, 1)[1] == -2);
  qx_model_free (model);
}
END_TEST

/* ---- nodes that do nothing ---- */

START_TEST (identities_go_unless_they_change_the_shape)
{
  static const int64_t in[] = { 2 }, out[] = { 3, 2 }, three[] = { 3, 1 };
  static const float zero = 0, zeroes[3] = { 0, 0, 0 }, nearly = 1.00001F;
  struct qx_model *model = new_model (1, in, out, 2);

  qx_floats (model, "zero", 0, NULL, &zero);
  qx_floats (model, "nearly", 0, NULL, &nearly);
  qx_floats (model, "zeroes", 2, three, zeroes);
  qx_add (model, "Add", "x", "zero", "a");
  qx_add (model, "Mul", "a", "nearly", "b");
  qx_add (model, "Identity", "b", NULL, "c");
  qx_add (model, "Relu", "c", NULL, "d");
  qx_add (model, "Add", "d", "zeroes", "y");
  qx_apply (model, "RemoveIdentityOps", NULL, NULL);
  ck_ops (model, "Relu Add");
  ck_assert_str_eq (qx_node_input (qx_node_at (model, 0), 0), "x");
  qx_model_free (model);
}
END_TEST

/* The second output of Split goes through an Identity: it is the second that has to be rewired. */
START_TEST (the_right_output_of_a_producer_is_rewired)
{
  static const int64_t in[] = { 4 }, out[] = { 2 };
  static const char *const splits = "x", *const halves[] = { "a", "b" };
  struct qx_model *model = new_model (1, in, out, 1);
  struct qx_error err = { { 0 }, NULL };

  ck_assert_ptr_nonnull (qx_node_insert (model, SIZE_MAX, "Split", "", "", &splits, 1, halves, 2, &err));
  qx_add (model, "Identity", "b", NULL, "y");
  qx_apply (model, "RemoveIdentityOps", NULL, NULL);
  ck_ops (model, "Split");
  ck_assert_str_eq (qx_node_output (qx_node_at (model, 0), 0), "a");
  ck_assert_str_eq (qx_node_output (qx_node_at (model, 0), 1), "y");
  qx_model_free (model);
}
END_TEST

START_TEST (an_identity_between_the_ends_stays)
{
  static const int64_t in[] = { 4 };
  struct qx_model *model = new_model (1, in, in, 1);

  qx_add (model, "Identity", "x", NULL, "y");
  qx_apply (model, "RemoveIdentityOps", NULL, NULL);
  ck_ops (model, "Identity");
  qx_model_free (model);
}
END_TEST

START_TEST (nodes_that_no_output_needs_go_with_their_producers)
{
  static const int64_t in[] = { 4 };
  struct qx_model *model = new_model (1, in, in, 1);

  qx_add (model, "Relu", "x", NULL, "a");
  qx_add (model, "Neg", "a", NULL, "b");
  qx_add (model, "Sqrt", "x", NULL, "y");
  qx_apply (model, "RemoveUnusedNodes", NULL, NULL);
  ck_ops (model, "Sqrt");
  qx_model_free (model);
}
END_TEST

/* ---- convolutions ---- */

static struct qx_model *
convolution (int64_t outputs, int64_t group, const float *w)
{
  const int64_t in[] = { 1, 2, 4, 4 }, out[] = { 1, outputs, 4, 4 }, weight[] = { outputs, 2 / group, 3, 3 };
  static const int64_t kernel[] = { 3, 3 }, pads[] = { 1, 1, 1, 1 };
  static const char *const inputs[] = { "x", "w" };
  struct qx_model *model = new_model (4, in, out, 4);
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *conv;

  qx_floats (model, "w", 4, weight, w);
  conv = add (model, "", "Conv", inputs, 2, "y");
  ck_ok (qx_node_set_ints (model, conv, "kernel_shape", kernel, 2, &err), &err);
  ck_ok (qx_node_set_ints (model, conv, "pads", pads, 4, &err), &err);
  ck_ok (qx_node_set_int (model, conv, "group", group, &err), &err);
  return model;
}

/* Rows are (kh, kw, channel), columns are outputs. */
START_TEST (a_convolution_becomes_columns_and_a_product)
{
  static const int64_t wanted[] = { 18, 1 };
  const struct qx_tensor *weight;
  struct qx_model *model;
  float w[18];
  size_t i;

  for (i = 0; i < 18; i++)
    w[i] = (float) i;
  model = convolution (1, 1, w);
  qx_apply (model, "LowerConvsToMatMul", NULL, NULL);
  ck_ops (model, "Transpose Im2Col MatMul Transpose");
  weight = qx_initializer (model, qx_node_input (qx_node_at (model, 2), 1));
  ck_dims (qx_tensor_dims (weight), qx_tensor_n_dims (weight), wanted, 2);
  /* place 0 of channel 0 and of channel 1, then place 1 of both */
  ck_assert (qx_constant (model, 2, 1)[0] == 0 && qx_constant (model, 2, 1)[1] == 9);
  ck_assert (qx_constant (model, 2, 1)[2] == 1 && qx_constant (model, 2, 1)[3] == 10);
  ck_assert_str_eq (qx_node_string (qx_node_at (model, 1), "input_shape", ""), "(1,4,4,2)");
  ck_assert_int_eq (qx_node_int (qx_node_at (model, 1), "depthwise", -1), 0);
  qx_model_free (model);
}
END_TEST

START_TEST (a_depthwise_convolution_becomes_a_sparse_matrix)
{
  struct qx_model *model;
  const char *weight;
  float w[18];
  size_t i;

  for (i = 0; i < 18; i++)
    w[i] = (float) (i + 1);
  model = convolution (2, 2, w);
  qx_apply (model, "LowerConvsToMatMul", NULL, NULL);
  ck_ops (model, "Transpose Im2Col MatMul Transpose");
  weight = qx_node_input (qx_node_at (model, 2), 1);
  ck_assert_str_eq (qx_annotation (model, weight, "tensor_sparsity"), "{'dw': {'kernel_shape': [3, 3]}}");
  /* row (0, 0, channel 0) gives output 0 alone, row (0, 0, channel 1) output 1 */
  ck_assert (qx_constant (model, 2, 1)[0] == 1 && qx_constant (model, 2, 1)[1] == 0);
  ck_assert (qx_constant (model, 2, 1)[2] == 0 && qx_constant (model, 2, 1)[3] == 10);
  ck_assert_int_eq (qx_node_int (qx_node_at (model, 1), "depthwise", -1), 1);
  qx_model_free (model);
}
END_TEST

START_TEST (channels_last_leaves_two_transposes_around_a_convolution)
{
  static const float w[36] = { 1 };
  struct qx_model *model = convolution (2, 1, w);

  qx_apply (model, "ConvertToChannelsLastAndClean", NULL, NULL);
  ck_ops (model, "Transpose Conv Transpose");
  ck_assert_str_eq (qx_node_domain (qx_node_at (model, 1)), "qonnx.custom_op.channels_last");
  ck_assert_int_eq (qx_opset_of (model, "qonnx.custom_op.channels_last"), 13);
  qx_apply (model, "MakeInputChannelsLast", NULL, NULL);
  qx_apply (model, "RemoveConsecutiveChanFirstAndChanLastTrafos", NULL, NULL);
  ck_ops (model, "Conv Transpose");
  ck_assert_str_eq (qx_annotation (model, "x", "tensor_layout"), "['N', 'H', 'W', 'C']");
  qx_model_free (model);
}
END_TEST

/* Block 1 is no change of places: the kernel is turned by 180 degrees and nothing else. */
START_TEST (a_convolution_before_depth_to_space_is_turned)
{
  static const int64_t image[] = { 1, 2, 4, 4 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model;
  float w[18];
  size_t i;

  for (i = 0; i < 18; i++)
    w[i] = (float) i;
  model = convolution (1, 1, w);
  ck_ok (qx_rename_tensor (model, "y", "conv", &err), &err);
  ck_ok (qx_remove_output (model, "conv", &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, image, 4, &err), &err);
  ck_ok (qx_node_set_int (model, qx_add (model, "DepthToSpace", "conv", NULL, "y"), "blocksize", 1, &err),
         &err);
  qx_apply (model, "SubPixelToDeconvolution", NULL, NULL);
  ck_ops (model, "ConvTranspose");
  ck_assert (qx_constant (model, 0, 1)[0] == 8 && qx_constant (model, 0, 1)[8] == 0 &&
             qx_constant (model, 0, 1)[9] == 17);
  qx_model_free (model);
}
END_TEST

/* ---- quantisers ---- */

/* x → Quant (scale 0.5, zero point 0, bits) → y */
static struct qx_model *
quantised (float zero, float bits, const char *mode)
{
  static const int64_t dims[] = { 1, 4 };
  static const char *const inputs[] = { "x", "scale", "zero", "bits" };
  static const float half = 0.5F;
  struct qx_model *model = new_model (2, dims, dims, 2);
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *node;

  qx_floats (model, "scale", 0, NULL, &half);
  qx_floats (model, "zero", 0, NULL, &zero);
  qx_floats (model, "bits", 0, NULL, &bits);
  node = add (model, "qonnx.custom_op.general", "Quant", inputs, 4, "y");
  ck_ok (qx_node_set_int (model, node, "signed", 1, &err), &err);
  ck_ok (qx_node_set_int (model, node, "narrow", 1, &err), &err);
  ck_ok (qx_node_set_string (model, node, "rounding_mode", mode, &err), &err);
  return model;
}

START_TEST (scale_and_zero_point_come_out_of_a_quantiser)
{
  struct qx_model *model = quantised (3, 4, "ROUND");

  qx_apply (model, "ExtractQuantScaleZeroPt", NULL, NULL);
  ck_ops (model, "Div Add Quant Sub Mul");
  ck_assert (qx_constant (model, 0, 1)[0] == 0.5F && qx_constant (model, 1, 1)[0] == 3);
  ck_assert (qx_constant (model, 2, 1)[0] == 1 && qx_constant (model, 2, 2)[0] == 0);
  ck_assert (qx_constant (model, 3, 1)[0] == 3 && qx_constant (model, 4, 1)[0] == 0.5F);
  ck_assert_str_eq (qx_node_output (qx_node_at (model, 4), 0), "y");
  qx_model_free (model);
}
END_TEST

START_TEST (a_quantiser_becomes_three_nodes_and_one_again)
{
  struct qx_model *model = quantised (0, 4, "ROUND");
  const struct qx_node *quant;

  qx_apply (model, "QuantToQCDQ", NULL, NULL);
  ck_ops (model, "Constant Constant Constant Constant QuantizeLinear Clip DequantizeLinear");
  qx_apply (model, "FoldConstants", "exclude_op_types", "[]");
  qx_apply (model, "QCDQToQuant", NULL, NULL);
  ck_ops (model, "Quant");
  quant = qx_node_at (model, 0);
  ck_assert (qx_constant (model, 0, 1)[0] == 0.5F && qx_constant (model, 0, 2)[0] == 0 &&
             qx_constant (model, 0, 3)[0] == 4);
  ck_assert_int_eq (qx_node_int (quant, "signed", 0), 1);
  ck_assert_int_eq (qx_node_int (quant, "narrow", 0), 1);
  qx_model_free (model);
}
END_TEST

START_TEST (only_what_means_the_same_becomes_qcdq)
{
  static const struct {
    float zero, bits;
    const char *mode;
  } cases[] = {
    { 0, 4, "FLOOR" }, { 1, 4, "ROUND" }, { 0, 9, "ROUND" }, { 0, 1, "ROUND" }, { 0, 3.5F, "ROUND" }
  };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_model *model = quantised (cases[i].zero, cases[i].bits, cases[i].mode);
    qx_apply (model, "QuantToQCDQ", NULL, NULL);
    ck_ops (model, "Quant");
    qx_model_free (model);
  }
}
END_TEST

START_TEST (constants_become_fixed_point_and_are_clipped)
{
  static const int64_t four[] = { 4 };
  static const float c[] = { 0.3F, -0.6F, 100, -100 }, wanted[] = { 0.25F, -0.5F, 1.75F, -2 };
  struct qx_model *model = new_model (1, four, four, 1);

  qx_floats (model, "c", 1, four, c);
  qx_add (model, "Add", "x", "c", "y");
  qx_apply (model, "FixedPointQuantizeParams", "fixedpt_dtype", "FIXED<4,2>");
  ck_assert_mem_eq (qx_constant (model, 0, 1), wanted, sizeof wanted);
  ck_assert_str_eq (qx_annotation (model, "c", "finn_datatype"), "FIXED<4,2>");
  qx_refuse (model, "FixedPointQuantizeParams", "fixedpt_dtype", "INT4", "config", "FIXED");
  qx_model_free (model);
}
END_TEST

/* ---- bits ---- */

static struct qx_model *
bipolar_product (int with_threshold)
{
  static const int64_t in[] = { 1, 4 }, out[] = { 1, 2 }, weight[] = { 4, 2 }, thresholds[] = { 1, 1 };
  static const float w[8] = { 1, -1, -1, -1, 1, 1, -1, 1 }, zero = 0;
  static const char *const inputs[] = { "x", "t" };
  struct qx_model *model = new_model (2, in, out, 2);
  struct qx_error err = { { 0 }, NULL };
  struct qx_dtype bipolar;
  struct qx_node *node;

  qx_floats (model, "w", 2, weight, w);
  qx_floats (model, "t", 2, thresholds, &zero);
  ck_ok (qx_dtype_parse ("BIPOLAR", &bipolar, &err), &err);
  if (with_threshold) {
    node = add (model, "qonnx.custom_op.general", "MultiThreshold", inputs, 2, "b");
    ck_ok (qx_node_set_string (model, node, "out_dtype", "BIPOLAR", &err), &err);
    ck_ok (qx_node_set_float (model, node, "out_scale", 2, &err), &err);
    ck_ok (qx_node_set_float (model, node, "out_bias", -1, &err), &err);
  } else
    qx_add (model, "Relu", "x", NULL, "b");
  qx_add (model, "MatMul", "b", "w", "y");
  ck_ok (qx_set_tensor_dtype (model, "b", &bipolar, &err), &err);
  ck_ok (qx_set_tensor_dtype (model, "w", &bipolar, &err), &err);
  ck_ok (qx_infer_shapes (model, &err), &err);
  return model;
}

START_TEST (a_bipolar_product_counts_bits)
{
  static const float bits[8] = { 1, 0, 0, 0, 1, 1, 0, 1 };
  struct qx_model *model = bipolar_product (1);
  const struct qx_node *threshold;

  qx_apply (model, "ConvertBipolarMatMulToXnorPopcount", NULL, NULL);
  ck_ops (model, "MultiThreshold XnorPopcountMatMul Mul Add");
  threshold = qx_node_at (model, 0);
  ck_assert_str_eq (qx_node_string (threshold, "out_dtype", ""), "BINARY");
  ck_assert (qx_node_float (threshold, "out_scale", 0) == 1 && qx_node_float (threshold, "out_bias", 1) == 0);
  ck_assert_mem_eq (qx_constant (model, 1, 1), bits, sizeof bits);
  ck_assert (qx_constant (model, 2, 1)[0] == 2 && qx_constant (model, 3, 1)[0] == -4);
  ck_assert_str_eq (qx_annotation (model, "b", "finn_datatype"), "BINARY");
  qx_model_free (model);
}
END_TEST

START_TEST (a_bipolar_tensor_that_nothing_thresholds_is_an_error)
{
  struct qx_model *model = bipolar_product (0);

  qx_refuse (model, "ConvertBipolarMatMulToXnorPopcount", NULL, NULL, "transform", "no MultiThreshold");
  qx_model_free (model);
}
END_TEST

/* ---- edges ---- */

START_TEST (topk_takes_the_place_of_the_output)
{
  static const int64_t in[] = { 1, 8 }, wanted[] = { 1, 3 };
  struct qx_model *model = new_model (2, in, in, 2);
  size_t n;

  qx_add (model, "Relu", "x", NULL, "y");
  qx_apply (model, "InsertTopK", "k", "3");
  ck_ops (model, "Relu TopK");
  ck_assert_uint_eq (qx_n_outputs (model), 1);
  ck_assert_str_eq (qx_output (model, 0), qx_node_output (qx_node_at (model, 1), 1));
  ck_dims (qx_shape (model, qx_output (model, 0), &n), 2, wanted, 2);
  ck_assert_int_eq (qx_elem_type (model, qx_output (model, 0)), QX_INT64);
  qx_apply (model, "InsertTopK", "k", "3");
  ck_ops (model, "Relu TopK");
  qx_model_free (model);
}
END_TEST

START_TEST (layouts_follow_the_graph)
{
  static const int64_t image[] = { 1, 2, 4, 5 }, turned[] = { 1, 4, 5, 2 }, perm[] = { 0, 2, 3, 1 };
  struct qx_model *model = new_model (4, image, turned, 4);
  struct qx_error err = { { 0 }, NULL };

  qx_add (model, "Relu", "x", NULL, "a");
  ck_ok (qx_node_set_ints (model, qx_add (model, "Transpose", "a", NULL, "y"), "perm", perm, 4, &err), &err);
  qx_apply (model, "InferShapes", NULL, NULL);
  qx_apply (model, "InferDataLayouts", NULL, NULL);
  ck_assert_str_eq (qx_annotation (model, "x", "tensor_layout"), "['N', 'C', 'H', 'W']");
  ck_assert_str_eq (qx_annotation (model, "a", "tensor_layout"), "['N', 'C', 'H', 'W']");
  ck_assert_str_eq (qx_annotation (model, "y", "tensor_layout"), "['N', 'H', 'W', 'C']");
  qx_model_free (model);
}
END_TEST

/* Channels 1 of the first product go from its weight's columns and from the rows of the next. */
START_TEST (a_pruned_channel_goes_everywhere)
{
  static const int64_t in[] = { 1, 2 }, out[] = { 1, 2 }, first[] = { 2, 3 }, second[] = { 3, 2 };
  static const float w[6] = { 1, 2, 3, 4, 5, 6 }, left[4] = { 1, 3, 4, 6 }, rows[4] = { 1, 2, 5, 6 };
  struct qx_model *model = new_model (2, in, out, 2);
  struct qx_error err = { { 0 }, NULL };

  qx_floats (model, "w1", 2, first, w);
  qx_floats (model, "w2", 2, second, w);
  qx_add (model, "MatMul", "x", "w1", "a");
  qx_add (model, "Relu", "a", NULL, "b");
  qx_add (model, "MatMul", "b", "w2", "y");
  ck_ok (qx_infer_shapes (model, &err), &err);
  qx_apply (model, "PruneChannels", "prune_spec", "{\"b\": {\"1\": [1]}}");
  ck_assert_mem_eq (qx_constant (model, 0, 1), left, sizeof left);
  ck_assert_mem_eq (qx_constant (model, 2, 1), rows, sizeof rows);
  qx_refuse (model, "PruneChannels", "prune_spec", "{\"b\": {\"1\": [7]}}", "transform", "no such channels");
  qx_refuse (model, "PruneChannels", "prune_spec", "{\"b\": {\"1\": [\"first\"]}}", "config",
             "parameter prune_spec: \"first\" is not an integer");
  qx_refuse (model, "PruneChannels", "prune_spec", "{\"nothing\": {\"1\": [0]}}", "transform",
             "not in the model");
  qx_model_free (model);
}
END_TEST

/* "0" and 0.5 are no node 0. */
START_TEST (indices_in_json_are_integers)
{
  const struct qx_argument parts[] = { { "partitioning", "{\"all\": [0.5]}" },
                                       { "partition_dir", "nowhere" } };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_exported_model ();

  qx_refuse (model, "ExtendPartition", "extend_index", "[\"0\"]", "config",
             "parameter extend_index: \"0\" is not an integer");
  ck_assert_int_eq (qx_pass_apply (model, "PartitionFromDict", parts, 2, &err), -1);
  ck_error (&err, "config", "parameter partitioning: 0.5 is not an integer");
  qx_refuse (model, "QuantizeGraph", "quantnode_map",
             "{\"op_type\": {\"MatMul\": [[[\"input\", \"0\"], [1, 0, 8, 0, 1, \"ROUND\"]]]}}", "config",
             "parameter quantnode_map: \"0\" is not an integer");
  qx_model_free (model);
}
END_TEST

START_TEST (passes_are_composed)
{
  struct qx_model *model = qx_exported_model ();

  qx_apply (model, "ComposedTransformation", "transformations",
            "[\"InferShapes\", {\"name\": \"FoldConstants\", \"parameters\": {\"exclude_op_types\": []}}]");
  ck_ops (model, "Mul MatMul Add");
  qx_refuse (model, "ComposedTransformation", "transformations", "[\"NoSuchPass\"]", "config",
             "no pass NoSuchPass");
  qx_refuse (model, "ComposedTransformation", "transformations", "[\"ComposedTransformation\"]", "config",
             "itself");
  qx_model_free (model);
}
END_TEST

static void
add_all (TCase *tests)
{
  tcase_add_test (tests, every_pass_is_found_by_its_name_and_once);
  tcase_add_test (tests, what_is_asked_for_wrongly_is_said);
  tcase_add_test (tests, a_normalisation_becomes_a_product_and_a_sum);
  tcase_add_test (tests, gemm_becomes_a_product_and_a_sum_and_keeps_its_factors);
  tcase_add_test (tests, constant_differences_and_quotients_are_turned_over);
  tcase_add_test (tests, identities_go_unless_they_change_the_shape);
  tcase_add_test (tests, the_right_output_of_a_producer_is_rewired);
  tcase_add_test (tests, an_identity_between_the_ends_stays);
  tcase_add_test (tests, nodes_that_no_output_needs_go_with_their_producers);
  tcase_add_test (tests, a_convolution_becomes_columns_and_a_product);
  tcase_add_test (tests, a_depthwise_convolution_becomes_a_sparse_matrix);
  tcase_add_test (tests, channels_last_leaves_two_transposes_around_a_convolution);
  tcase_add_test (tests, a_convolution_before_depth_to_space_is_turned);
  tcase_add_test (tests, scale_and_zero_point_come_out_of_a_quantiser);
  tcase_add_test (tests, a_quantiser_becomes_three_nodes_and_one_again);
  tcase_add_test (tests, only_what_means_the_same_becomes_qcdq);
  tcase_add_test (tests, constants_become_fixed_point_and_are_clipped);
  tcase_add_test (tests, a_bipolar_product_counts_bits);
  tcase_add_test (tests, a_bipolar_tensor_that_nothing_thresholds_is_an_error);
  tcase_add_test (tests, topk_takes_the_place_of_the_output);
  tcase_add_test (tests, layouts_follow_the_graph);
  tcase_add_test (tests, a_pruned_channel_goes_everywhere);
  tcase_add_test (tests, indices_in_json_are_integers);
  tcase_add_test (tests, passes_are_composed);
}

int
main (void)
{
  TCase *tests = tcase_create ("all");

  add_all (tests);
  tcase_set_timeout (tests, 60);
  return run_case ("qx_rewrites", tests);
}
