/* SPDX-License-Identifier: BSD-3-Clause */
/* Automatic folding, folding and specialise files, the choice between HLS and RTL, narrowing of types. Expected foldings are those
   that the flow finds for the same networks. */
#include <config.h>

#include <check.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_scan.h"
#include "common/str.h"
#include "plugins/dataflow_estimate/estimate/bitwidth.h"
#include "plugins/dataflow_estimate/estimate/folding.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static struct est_layer
layer_of (enum est_op op, int64_t channels)
{
  struct est_layer layer = { .op = op, .channels = channels, .vectors = 1, .node = "node" };

  layer.in = layer.tensor_in = EST_TYPE_INT (2);
  layer.weight = EST_TYPE_INT (2);
  layer.out = EST_TYPE_INT (2);
  layer.threshold = layer.acc = EST_TYPE_INT (32);
  est_layer_defaults (&layer);
  return layer;
}

static struct est_layer
mvau (int64_t mw, int64_t mh, int weight_bits)
{
  struct est_layer layer = layer_of (EST_MVAU, mh);

  layer.mw = mw;
  layer.mh = mh;
  layer.weight = EST_TYPE_INT (weight_bits);
  if (weight_bits == 1)
    layer.weight = EST_TYPE_BINARY;
  return layer;
}

/* a bipolar network of 784-64-64-64-10 behind an activation of its own input */
static void
make_bipolar_network (struct est_layer layers[6])
{
  layers[0] = layer_of (EST_THRESHOLDING, 784);
  layers[0].impl = EST_RTL;
  layers[1] = mvau (784, 64, 1);
  layers[2] = mvau (64, 64, 1);
  layers[3] = mvau (64, 64, 1);
  layers[4] = mvau (64, 10, 1);
  layers[5] = layer_of (EST_LABELSELECT, 10);
  est_layers_number (layers, 6);
}

static void
assert_fold (const struct est_layer *layers, size_t n, const int64_t (*expected)[3])
{
  for (size_t i = 0; i < n; i++) {
    ck_assert_int_eq (layers[i].pe, expected[i][0]);
    ck_assert_int_eq (layers[i].simd, expected[i][1]);
    ck_assert_int_eq (est_layer_cycles (&layers[i]), expected[i][2]);
  }
}

START_TEST (folding_for_a_target)
{
  static const int64_t expected[][3] = { { 8, 1, 98 },  { 32, 28, 56 }, { 1, 64, 64 },
                                         { 1, 64, 64 }, { 1, 8, 80 },   { 1, 1, 10 } };
  struct est_layer layers[6];
  struct br_error err = { 0 };

  make_bipolar_network (layers);
  ck_assert_int_eq (est_set_folding (layers, 6, 100, 36, 1, &err), 0);
  assert_fold (layers, 6, expected);
}
END_TEST

START_TEST (folding_with_wide_weight_streams)
{
  static const int64_t expected[][3] = { { 1, 1, 784 }, { 1, 56, 896 }, { 1, 8, 512 },
                                         { 1, 8, 512 }, { 1, 1, 640 },  { 1, 1, 10 } };
  struct est_layer layers[6];
  struct br_error err = { 0 };

  make_bipolar_network (layers);
  ck_assert_int_eq (est_set_folding (layers, 6, 1000, 10000, 1, &err), 0);
  assert_fold (layers, 6, expected);
}
END_TEST

START_TEST (layer_that_equals_the_target_is_widened)
{
  struct est_layer layer = layer_of (EST_LABELSELECT, 10);
  struct br_error err = { 0 };

  ck_assert_int_eq (est_set_folding (&layer, 1, 10, 36, 0, &err), 0);
  ck_assert_int_eq (layer.pe, 2);
}
END_TEST

/* The first pass cannot bring the slow layer below 10000; the second gives the fast one the time that the slow one needs: 12288 cycles
   at SIMD 48 are tested before 96 bits are found too wide. */
START_TEST (second_pass_relaxes_to_what_was_reached)
{
  struct est_layer layers[2] = { mvau (576, 64, 2), mvau (2304, 256, 2) };
  struct br_error err = { 0 };

  layers[0].vectors = 784;
  ck_assert_int_eq (est_set_folding (layers, 2, 10000, 80, 1, &err), 0);
  ck_assert_int_eq (layers[0].pe, 64);
  ck_assert_int_eq (layers[0].simd, 36);
  ck_assert_int_eq (est_layer_cycles (&layers[0]), 12544);
  ck_assert_int_eq (layers[1].pe, 1);
  ck_assert_int_eq (layers[1].simd, 48);
  ck_assert_int_eq (est_set_folding (layers, 2, 10000, 80, 0, &err), 0);
  ck_assert_int_lt (est_layer_cycles (&layers[1]), 10000);
}
END_TEST

START_TEST (divisors_come_in_order)
{
  struct est_layer layer = layer_of (EST_LABELSELECT, 360);
  int64_t last = 0;
  struct br_error err = { 0 };

  for (int64_t target = 400; target > 0; target--) {
    ck_assert_int_eq (est_set_folding (&layer, 1, (double) target, 36, 0, &err), 0);
    ck_assert_int_ge (layer.pe, last);
    ck_assert_int_eq (360 % layer.pe, 0);
    ck_assert (360 / layer.pe < target || layer.pe == 360);
    last = layer.pe;
  }
}
END_TEST

START_TEST (depthwise_layer_needs_a_window_before_it)
{
  struct est_layer layer = layer_of (EST_VVAU, 8);
  struct br_error err = { 0 };

  layer.kernel[0] = layer.kernel[1] = 3;
  layer.dim[0] = layer.dim[1] = 4;
  ck_assert_int_eq (est_set_folding (&layer, 1, 10, 36, 0, &err), -1);
  ck_assert_str_eq (err.category, "kernel");
  br_error_clear (&err);
}
END_TEST

/* ---- files ---- */

static int
apply (struct est_layer *layers, size_t n, enum est_stage stage, const char *text, struct br_error *err)
{
  struct json_object *file = br_json_parse (text, strlen (text), err);
  int ret;

  ck_assert_msg (file != NULL, "%s", br_error_text (err));
  ret = est_apply_config (layers, n, stage, file, NULL, NULL, err);
  json_object_put (file);
  return ret;
}

START_TEST (folding_file_sets_attributes_by_name)
{
  struct est_layer layers[6];
  struct br_error err = { 0 };

  make_bipolar_network (layers);
  ck_assert_int_eq (
      apply (layers, 6, EST_SPECIALISED,
             "{\"Defaults\": {\"resType\": [\"dsp\", [\"MVAU_hls\"]], \"inFIFODepths\": [[4], \"all\"]},"
             " \"MVAU_hls_0\": {\"PE\": 16, \"SIMD\": 49, \"ram_style\": \"block\", \"outFIFODepths\": [2]},"
             " \"MVAU_hls_9\": {\"PE\": 3}}",
             &err),
      0);
  ck_assert_int_eq (layers[1].pe, 16);
  ck_assert_int_eq (layers[1].simd, 49);
  ck_assert_int_eq (layers[1].ram_style, EST_RAM_BLOCK);
  ck_assert_int_eq (layers[4].res_type, EST_RES_DSP);
  ck_assert_int_eq (layers[2].pe, 1);
}
END_TEST

/* What no estimate reads is taken all the same, and types of a matrix unit are set. */
START_TEST (folding_file_sets_types)
{
  struct est_layer layers[6];
  struct br_error err = { 0 };

  make_bipolar_network (layers);
  ck_assert_int_eq (apply (layers, 6, EST_SPECIALISED,
                           "{\"Defaults\": {}, \"MVAU_hls_0\": {\"ActVal\": 3, \"inFIFODepths\": 4,"
                           " \"accDataType\": \"INT16\", \"weightDataType\": \"INT8\"}}",
                           &err),
                    0);
  ck_assert_int_eq (layers[1].acc.bits, 16);
  ck_assert_int_eq (layers[1].weight.bits, 8);
  ck_assert_int_eq (layers[2].weight.bits, 1);
}
END_TEST

/* What a layer is may be set as well. */
START_TEST (folding_file_sets_sizes_and_modes)
{
  struct est_layer layers[6];
  struct br_error err = { 0 };

  make_bipolar_network (layers);
  ck_assert_int_eq (
      apply (
          layers, 6, EST_SPECIALISED,
          "{\"Defaults\": {}, \"MVAU_hls_0\": {\"MW\": 32, \"noActivation\": 1, \"binaryXnorMode\": 1,"
          " \"inputDataType\": \"FLOAT32\", \"outputDataType\": \"UINT3\", \"numInputVectors\": [1, 3, 5]},"
          " \"Thresholding_rtl_0\": {\"numSteps\": 7, \"NumChannels\": 12},"
          " \"LabelSelect_hls_0\": {\"Labels\": 20, \"K\": 3}}",
          &err),
      0);
  ck_assert_int_eq (layers[1].mw, 32);
  ck_assert_int_eq (layers[1].no_activation, 1);
  ck_assert_int_eq (layers[1].xnor, 1);
  ck_assert_int_eq (layers[1].vectors, 15);
  ck_assert (est_type_equal (layers[1].in, EST_TYPE_FLOAT));
  ck_assert (est_type_equal (layers[1].out, EST_TYPE_UINT (3)));
  ck_assert_int_eq (layers[0].thresholds.steps, 7);
  ck_assert_int_eq (layers[0].channels, 12);
  ck_assert_int_eq (layers[5].channels, 20);
  ck_assert_int_eq (layers[5].top, 3);
}
END_TEST

static void
make_images (struct est_layer layers[5])
{
  static const enum est_op ops[] = { EST_SWG, EST_FMPADDING, EST_DOWNSAMPLER, EST_MAXPOOL, EST_POOL };

  for (size_t i = 0; i < N (ops); i++) {
    layers[i] = layer_of (ops[i], 4);
    for (int axis = 0; axis < 2; axis++) {
      layers[i].dim[axis] = 8;
      layers[i].kernel[axis] = layers[i].stride[axis] = 2;
      layers[i].dilation[axis] = 1;
      layers[i].out_dim[axis] = 4;
    }
  }
  layers[0].impl = EST_RTL;
  est_layers_number (layers, N (ops));
}

START_TEST (folding_file_sets_sides_of_images)
{
  struct est_layer layers[5];
  struct br_error err = { 0 };

  make_images (layers);
  ck_assert_int_eq (
      apply (layers, 5, EST_SPECIALISED,
             "{\"Defaults\": {},"
             " \"ConvolutionInputGenerator_rtl_0\": {\"ConvKernelDim\": [3, 1], \"Stride\": [1, 2]},"
             " \"FMPadding_hls_0\": {\"Padding\": [1, 2, 0, 4], \"numInputVectors\": 3},"
             " \"DownSampler_hls_0\": {\"ImgDim\": 9, \"Stride\": 3},"
             " \"StreamingMaxPool_hls_0\": {\"ImgDim\": [1, 6], \"PoolDim\": [1, 3]},"
             " \"Pool_hls_0\": {\"Function\": \"MaxPool\", \"BatchSize\": 2}}",
             &err),
      0);
  ck_assert_int_eq (layers[0].kernel[0], 3);
  ck_assert_int_eq (layers[0].stride[1], 2);
  ck_assert_int_eq (layers[1].pad[3], 4);
  ck_assert_int_eq (est_layer_cycles (&layers[1]), 3 * 9 * 14);
  ck_assert_int_eq (est_layer_cycles (&layers[2]), 81);
  ck_assert_int_eq (layers[2].stride[1], 3);
  ck_assert_int_eq (layers[3].is_1d, 1);
  ck_assert_int_eq (layers[4].max_pool, 1);
  ck_assert_int_eq (est_layer_cycles (&layers[4]), 4 * 16 * 2);
}
END_TEST

START_TEST (bad_sizes_are_refused)
{
  static const char *const entries[] = {
    "\"ConvolutionInputGenerator_rtl_0\": {\"ConvKernelDim\": [3]}",
    "\"ConvolutionInputGenerator_rtl_0\": {\"ConvKernelDim\": 3}",
    "\"ConvolutionInputGenerator_rtl_0\": {\"Stride\": [0, 1]}",
    "\"ConvolutionInputGenerator_rtl_0\": {\"IFMDim\": [99999, 1]}",
    "\"FMPadding_hls_0\": {\"Padding\": [1, 1, 1, -1]}",
    "\"FMPadding_hls_0\": {\"dynamic_mode\": 1}",
    "\"DownSampler_hls_0\": {\"ImgDim\": 0}",
    "\"Pool_hls_0\": {\"Function\": \"AvgPool\"}",
    "\"Pool_hls_0\": {\"backend\": \"other\"}",
    "\"Pool_hls_0\": {\"OutputDataType\": \"INT0\"}",
  };

  for (size_t i = 0; i < N (entries); i++) {
    struct est_layer layers[5];
    struct br_error err = { 0 };
    char text[256];

    make_images (layers);
    snprintf (text, sizeof text, "{\"Defaults\": {}, %s}", entries[i]);
    ck_assert_msg (apply (layers, 5, EST_SPECIALISED, text, &err) == -1, "%s was taken", text);
    ck_assert_str_eq (err.category, "config");
    br_error_clear (&err);
  }
}
END_TEST

START_TEST (bad_folding_files_are_refused)
{
  static const char *const files[] = {
    "[]",
    "{}",
    "{\"Defaults\": 1}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": 1}",
    "{\"Defaults\": {\"PE\": [1]}}",
    "{\"Defaults\": {\"PE\": [1, \"all\", 2, \"all\"]}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"PE\": 2.0}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"PE\": \"2\"}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"PE\": 0}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"PE\": 9223372036854775807}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"PEE\": 2}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"ram_style\": \"bloc\"}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"mem_mode\": \"const\"}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"runtime_writeable_weights\": 2}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"inFIFODepths\": \"2\"}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"accDataType\": \"INT\"}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"weightDataType\": 4}}",
    "{\"Defaults\": {}, \"LabelSelect_hls_0\": {\"ActVal\": 1}}",
    "{\"Defaults\": {}, \"LabelSelect_hls_0\": {\"numInputVectors\": 1}}",
    "{\"Defaults\": {}, \"LabelSelect_hls_0\": {\"numInputVectors\": [1048576, 1048576]}}",
    "{\"Defaults\": {}, \"MVAU_hls_0\": {\"binaryXnorMode\": 2}}",
    "{\"Defaults\": {}, \"LabelSelect_hls_0\": {\"SIMD\": 2}}",
  };

  for (size_t i = 0; i < N (files); i++) {
    struct est_layer layers[6];
    struct br_error err = { 0 };

    make_bipolar_network (layers);
    ck_assert_msg (apply (layers, 6, EST_SPECIALISED, files[i], &err) == -1, "%s was taken", files[i]);
    ck_assert_str_eq (err.category, "config");
    br_error_clear (&err);
  }
}
END_TEST

START_TEST (error_of_a_folding_file_names_layer_and_attribute)
{
  struct est_layer layers[6];
  struct br_error err = { 0 };

  make_bipolar_network (layers);
  ck_assert_int_eq (
      apply (layers, 6, EST_SPECIALISED, "{\"Defaults\": {}, \"MVAU_hls_1\": {\"resType\": \"gpu\"}}", &err),
      -1);
  ck_assert_str_eq (br_error_text (&err), "MVAU_hls_1: MVAU_hls: attribute resType cannot be \"gpu\"");
  br_error_clear (&err);
}
END_TEST

START_TEST (parallelism_that_does_not_divide)
{
  struct est_layer layer = mvau (64, 64, 2);
  struct br_error err = { 0 };

  layer.pe = 3;
  ck_assert_int_eq (est_check_folding (&layer, 1, 0, &err), 0);
  ck_assert_int_eq (est_check_folding (&layer, 1, 1, &err), -1);
  ck_assert_str_eq (err.category, "config");
  br_error_clear (&err);
  layer.no_activation = 1;
  ck_assert_int_eq (est_check_folding (&layer, 1, 1, &err), 0);
  layer = layer_of (EST_THRESHOLDING, 10);
  layer.pe = 3;
  ck_assert_int_eq (est_check_folding (&layer, 1, 0, &err), -1);
  br_error_clear (&err);
}
END_TEST

/* ---- HLS or RTL ---- */

static struct est_layer
last_matrix (int in_bits, int weight_bits, double lowest)
{
  struct est_layer layer = mvau (64, 8, weight_bits);

  layer.in = EST_TYPE_INT (in_bits);
  layer.no_activation = 1;
  layer.weight_low = lowest;
  return layer;
}

static void
assert_impl (struct est_layer layer, enum est_dsp dsp, enum est_impl expected)
{
  est_specialise (&layer, 1, dsp, NULL, NULL);
  ck_assert_int_eq (layer.impl, expected);
}

START_TEST (matrix_without_activation_and_wide_enough_is_rtl)
{
  struct est_layer layer = last_matrix (4, 4, -7);

  assert_impl (layer, EST_DSP48E1, EST_RTL);
  assert_impl (last_matrix (3, 4, -7), EST_DSP48E2, EST_HLS);
  assert_impl (last_matrix (4, 3, -3), EST_DSP48E2, EST_HLS);
  assert_impl (last_matrix (9, 8, -7), EST_DSP48E2, EST_RTL);
  assert_impl (last_matrix (10, 8, -7), EST_DSP48E2, EST_HLS);
  assert_impl (last_matrix (4, 9, -7), EST_DSP48E2, EST_HLS);
  layer.no_activation = 0;
  assert_impl (layer, EST_DSP48E2, EST_HLS);
}
END_TEST

START_TEST (most_negative_weight_keeps_a_matrix_from_the_old_dsp_block)
{
  assert_impl (last_matrix (6, 6, -32), EST_DSP48E1, EST_HLS);
  assert_impl (last_matrix (6, 6, -32), EST_DSP48E2, EST_RTL);
  assert_impl (last_matrix (6, 6, -31), EST_DSP48E1, EST_RTL);
}
END_TEST

START_TEST (preferred_style)
{
  struct est_layer layer = last_matrix (2, 2, -1);
  struct br_error err = { 0 };

  ck_assert_int_eq (apply (&layer, 1, EST_ABSTRACT,
                           "{\"Defaults\": {}, \"MVAU_0\": {\"preferred_impl_style\": \"rtl\"}}", &err),
                    0);
  assert_impl (layer, EST_DSP48E2, EST_RTL);
  layer.no_activation = 0;
  assert_impl (layer, EST_DSP48E2, EST_HLS);
}
END_TEST

/* ---- widths ---- */

START_TEST (accumulator_of_values)
{
  static const struct est_column columns[] = { { 3, -2, -2, 1 }, { 1, -4, -2, 1 } };
  struct est_layer layer = mvau (5, 2, 4);
  struct br_error err = { 0 };

  layer.in = layer.tensor_in = EST_TYPE_UINT (2);
  layer.columns = columns;
  layer.n_columns = 2;
  layer.weight_low = -2;
  layer.weight_high = 1;
  layer.thresholds.low = 0;
  /* sums from 3·(-4) to 3·3: -12 … 9 */
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.acc, EST_TYPE_INT (5)));
  ck_assert (est_type_equal (layer.weight, EST_TYPE_INT (2)));
  ck_assert (est_type_equal (layer.out, EST_TYPE_INT (2)));
}
END_TEST

START_TEST (last_output_is_whole_bytes)
{
  static const struct est_column column = { 3, 0, 1, 1 };
  struct est_layer layer = mvau (3, 1, 2);
  struct br_error err = { 0 };

  layer.in = layer.tensor_in = EST_TYPE_UINT (2);
  layer.columns = &column;
  layer.n_columns = 1;
  layer.weight_low = layer.weight_high = 1;
  layer.no_activation = 1;
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.out, EST_TYPE_UINT (8)));
  layer.feeds_layer = 1;
  layer.weight = EST_TYPE_INT (2);
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.out, EST_TYPE_UINT (4)));
}
END_TEST

START_TEST (last_layer_of_zeroes_is_refused)
{
  static const struct est_column column = { 0, 0, 0, 0 };
  struct est_layer layer = mvau (3, 1, 2);
  struct br_error err = { 0 };

  layer.columns = &column;
  layer.n_columns = 1;
  layer.no_activation = 1;
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), -1);
  ck_assert_str_eq (err.category, "kernel");
  br_error_clear (&err);
}
END_TEST

static void
assert_not_narrowed (struct est_layer layer, const char *category)
{
  struct br_error err = { 0 };

  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), -1);
  ck_assert_str_eq (err.category, category);
  br_error_clear (&err);
}

/* Weights of -1 and 1 that are kept as 0 and 1. */
START_TEST (bits_count_as_bits_where_xnor_is_taken_off)
{
  static const struct est_column columns[] = { { 3, -5, -1, 1 }, { 2, -6, -1, 1 } };
  struct est_layer layer = mvau (8, 2, 1);
  struct br_error err = { 0 };

  layer.in = layer.tensor_in = EST_TYPE_BINARY;
  layer.columns = columns;
  layer.n_columns = 2;
  layer.n_rows = 8;
  layer.weight_low = -1;
  layer.weight_high = layer.keeps_bits = layer.xnor = 1;
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.acc, EST_TYPE_INT (4))); /* -6 … 3 */
  layer.xnor = 0;
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.acc, EST_TYPE_UINT (2))); /* 0 … 3 */
  layer.xnor = 1;
  layer.keeps_bits = 0;
  assert_not_narrowed (layer, "config");
}
END_TEST

START_TEST (sizes_that_do_not_fit_weights_or_thresholds_are_refused)
{
  static const struct est_column column = { 3, -2, -2, 1 };
  struct est_layer layer = mvau (5, 4, 2), activation = layer_of (EST_THRESHOLDING, 8);
  struct est_layer depthwise = layer_of (EST_VVAU, 1), pool = layer_of (EST_POOL, 4);

  layer.columns = depthwise.columns = &column;
  layer.n_columns = depthwise.n_columns = 1;
  layer.n_rows = depthwise.n_rows = 9;
  layer.thresholds.rows = 2;
  assert_not_narrowed (layer, "config");
  layer.thresholds.rows = 4;
  layer.pe = 3;
  assert_not_narrowed (layer, "config");
  layer.pe = 1;
  layer.in = EST_TYPE_FLOAT;
  assert_not_narrowed (layer, "config");
  depthwise.kernel[0] = 3;
  depthwise.kernel[1] = 4;
  assert_not_narrowed (depthwise, "config");
  depthwise.kernel[1] = 3;
  depthwise.thresholds.rows = depthwise.no_activation = 1;
  assert_not_narrowed (depthwise, "config");
  activation.thresholds.rows = 4;
  assert_not_narrowed (activation, "config");
  activation.thresholds.rows = 1;
  activation.thresholds.steps = 3;
  activation.thresholds.columns = 7;
  assert_not_narrowed (activation, "config");
  activation.thresholds.steps = 7;
  activation.in = EST_TYPE_FLOAT;
  assert_not_narrowed (activation, "config");
  pool.out = EST_TYPE_UINT (2);
  assert_not_narrowed (pool, "config");
  pool.max_pool = 1;
  pool.out = EST_TYPE_INT (3);
  assert_not_narrowed (pool, "config");
}
END_TEST

START_TEST (type_set_for_an_input_counts_until_types_flow)
{
  static const struct est_column column = { 3, -2, -2, 1 };
  struct est_layer layer = mvau (5, 1, 2);
  struct br_error err = { 0 };

  layer.columns = &column;
  layer.n_columns = 1;
  layer.n_rows = 5;
  layer.weight_low = -2;
  layer.weight_high = 1;
  layer.in = EST_TYPE_UINT (4);
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.acc, EST_TYPE_INT (7))); /* -2·15 … 3·15 */
  ck_assert (est_type_equal (layer.in, layer.tensor_in));
}
END_TEST

START_TEST (folding_that_leaves_broken_words_in_luts_is_refused)
{
  struct est_layer layer = mvau (6, 4, 2);
  struct br_error err = { 0 };

  layer.simd = 4;
  layer.no_activation = 1;
  ck_assert_int_eq (est_check_folding (&layer, 1, 1, &err), 0);
  layer.mem_mode = EST_MEM_EMBEDDED;
  ck_assert_int_eq (est_check_folding (&layer, 1, 1, &err), -1);
  br_error_clear (&err);
  layer.simd = 1;
  layer.pe = 3;
  ck_assert_int_eq (est_check_folding (&layer, 1, 1, &err), -1);
  br_error_clear (&err);
  layer.mem_mode = EST_MEM_DECOUPLED;
  layer.ram_style = EST_RAM_DISTRIBUTED;
  ck_assert_int_eq (est_check_folding (&layer, 1, 1, &err), -1);
  br_error_clear (&err);
  layer.impl = EST_RTL;
  ck_assert_int_eq (est_check_folding (&layer, 1, 1, &err), 0);
}
END_TEST

START_TEST (window_that_does_not_fit_its_image_is_refused)
{
  struct est_layer layers[5];
  struct br_error err = { 0 };

  make_images (layers);
  ck_assert_int_eq (est_check_folding (layers, 1, 1, &err), 0);
  layers[0].dilation[1] = 8;
  ck_assert_int_eq (est_check_folding (layers, 1, 1, &err), -1);
  ck_assert_str_eq (err.category, "kernel");
  br_error_clear (&err);
  make_images (layers);
  for (int axis = 0; axis < 2; axis++)
    layers[0].dim[axis] = layers[0].out_dim[axis] = layers[0].kernel[axis] = 65536;
  ck_assert_int_eq (est_check_folding (layers, 1, 1, &err), -1);
  ck_assert_str_eq (err.category, "config");
  br_error_clear (&err);
}
END_TEST

/* -8 … 7 by 3, and what the input becomes when types flow. */
START_TEST (channelwise_operation_follows_the_type_of_its_input)
{
  struct est_layer layer = layer_of (EST_CHANNELWISE, 10);
  struct br_error err = { 0 };

  layer.in = EST_TYPE_INT (32);
  layer.tensor_in = EST_TYPE_INT (4);
  layer.function = EST_MUL;
  layer.weight_low = layer.weight_high = 3;
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.out, EST_TYPE_INT (6)));
  ck_assert_int_eq (est_layer_cycles (&layer), 10);
  layer.tensor_in = EST_TYPE_UINT (4);
  layer.function = EST_ADD;
  layer.weight_low = -15;
  layer.weight_high = 1;
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.out, EST_TYPE_INT (6))); /* -15 … 16 */
  ck_assert (est_type_equal (est_type_for_both (0, HUGE_VAL), EST_TYPE_UINT (64)));
  ck_assert (est_type_equal (est_type_for_both (-1, 0), EST_TYPE_INT (1)));
  ck_assert (est_type_equal (est_type_for_both (-1, HUGE_VAL), EST_TYPE_INT (64)));
}
END_TEST

START_TEST (thresholds_beyond_their_input_widen_their_own_type_only)
{
  struct est_layer layer = layer_of (EST_THRESHOLDING, 8);
  struct br_error err = { 0 };

  layer.in = layer.tensor_in = EST_TYPE_UINT (8);
  layer.thresholds = (struct est_thresholds){ 0, 256, 255, 1, 255, 1 };
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.threshold, EST_TYPE_UINT (9)));
  layer.thresholds.high = 255;
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), 0);
  ck_assert (est_type_equal (layer.threshold, EST_TYPE_UINT (8)));
  layer.thresholds.low = -1;
  ck_assert_int_eq (est_minimize_widths (&layer, 1, &err), -1);
  br_error_clear (&err);
}
END_TEST

START_TEST (window_keeps_the_type_that_it_was_made_for)
{
  static const struct est_column column = { 5, -5, -1, 1 };
  struct est_layer layers[3] = { mvau (10, 1, 2), layer_of (EST_SWG, 1), layer_of (EST_LABELSELECT, 1) };
  struct br_error err = { 0 };

  layers[0].columns = &column;
  layers[0].n_columns = 1;
  layers[0].weight_low = -1;
  layers[0].weight_high = 1;
  layers[0].no_activation = layers[0].feeds_layer = 1;
  layers[1].in = EST_TYPE_INT (32);
  ck_assert_int_eq (est_minimize_widths (layers, 3, &err), 0);
  ck_assert (est_type_equal (layers[1].in, EST_TYPE_INT (32)));
  ck_assert (est_type_equal (layers[2].in, layers[0].out));
  ck_assert (est_type_equal (layers[2].in, EST_TYPE_INT (5)));
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    folding_for_a_target,
    folding_with_wide_weight_streams,
    layer_that_equals_the_target_is_widened,
    second_pass_relaxes_to_what_was_reached,
    divisors_come_in_order,
    depthwise_layer_needs_a_window_before_it,
    folding_file_sets_attributes_by_name,
    folding_file_sets_types,
    folding_file_sets_sizes_and_modes,
    folding_file_sets_sides_of_images,
    bad_sizes_are_refused,
    bad_folding_files_are_refused,
    bits_count_as_bits_where_xnor_is_taken_off,
    sizes_that_do_not_fit_weights_or_thresholds_are_refused,
    type_set_for_an_input_counts_until_types_flow,
    folding_that_leaves_broken_words_in_luts_is_refused,
    window_that_does_not_fit_its_image_is_refused,
    channelwise_operation_follows_the_type_of_its_input,
    error_of_a_folding_file_names_layer_and_attribute,
    parallelism_that_does_not_divide,
    matrix_without_activation_and_wide_enough_is_rtl,
    most_negative_weight_keeps_a_matrix_from_the_old_dsp_block,
    preferred_style,
    accumulator_of_values,
    last_output_is_whole_bytes,
    last_layer_of_zeroes_is_refused,
    thresholds_beyond_their_input_widen_their_own_type_only,
    window_keeps_the_type_that_it_was_made_for,
  };

  return run_tests ("est_folding", tests, N (tests), 0);
}
