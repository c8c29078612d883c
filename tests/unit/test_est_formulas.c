/* SPDX-License-Identifier: BSD-3-Clause */
/* Types, cycles and resources of single layers. The numbers are those that the flow itself reports for layers of these
   shapes, or come from its formulas worked out by hand. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/cost.h"

/* ---- types ---- */

static void
assert_type (struct est_type type, const char *name)
{
  char text[EST_TYPE_NAME];

  est_type_name (type, text);
  ck_assert_str_eq (text, name);
}

START_TEST (smallest_type_of_a_value)
{
  assert_type (est_type_smallest (0), "BINARY");
  assert_type (est_type_smallest (1), "BINARY");
  assert_type (est_type_smallest (3), "UINT2");
  assert_type (est_type_smallest (-1), "BIPOLAR");
  assert_type (est_type_smallest (-2), "INT2");
  assert_type (est_type_smallest (-3), "INT3");
  assert_type (est_type_smallest (0.5), "FLOAT32");
}
END_TEST

START_TEST (type_of_a_range_follows_its_larger_end)
{
  assert_type (est_type_for_range (-1, 1), "INT2");
  assert_type (est_type_for_range (-1, 0), "BIPOLAR");
  assert_type (est_type_for_range (-1, -1), "BIPOLAR");
  assert_type (est_type_for_range (-3, 2), "INT3");
  assert_type (est_type_for_range (-4, 4), "INT4");
  assert_type (est_type_for_range (-8, 7), "INT4");
  assert_type (est_type_for_range (0, 0), "BINARY");
  assert_type (est_type_for_range (0, 2), "UINT2");
}
END_TEST

START_TEST (names_read_back)
{
  static const char *const names[] = { "BINARY", "BIPOLAR", "TERNARY", "INT5", "UINT32", "INT64", "FLOAT32" };
  static const char *const wrong[] = { "", "INT", "INT0", "INT257", "UINT4x", "INT-3", "int4", "FIXED<8,4>" };
  struct est_type type;

  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    ck_assert (est_type_parse (names[i], &type));
    assert_type (type, names[i]);
  }
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    ck_assert_msg (!est_type_parse (wrong[i], &type), "%s was taken", wrong[i]);
}
END_TEST

START_TEST (bipolar_counts_as_signed_and_binary_does_not)
{
  ck_assert (est_type_is_signed (EST_TYPE_BIPOLAR));
  ck_assert (!est_type_is_signed (EST_TYPE_BINARY));
  ck_assert (!est_type_holds (EST_TYPE_BIPOLAR, 0));
}
END_TEST

START_TEST (dsp_block_by_part)
{
  ck_assert_int_eq (est_part_dsp ("xc7z020clg400-1"), EST_DSP48E1);
  ck_assert_int_eq (est_part_dsp ("xczu7ev-ffvc1156-2-e"), EST_DSP48E2);
  ck_assert_int_eq (est_part_dsp ("xck26-sfvc784-2LV-c"), EST_DSP48E2);
  ck_assert_int_eq (est_part_dsp ("xcvc1902-vsva2197-2MP-e-S"), EST_DSP58);
}
END_TEST

/* ---- matrix units ---- */

static struct est_layer
mvau (int64_t mw, int64_t mh, int64_t pe, int64_t simd)
{
  struct est_layer layer = { .op = EST_MVAU, .mw = mw, .mh = mh, .vectors = 1, .node = "m" };

  layer.in = layer.weight = layer.out = EST_TYPE_INT (2);
  layer.acc = EST_TYPE_INT (32);
  est_layer_defaults (&layer);
  layer.pe = pe;
  layer.simd = simd;
  return layer;
}

static struct est_layer
xnor (int64_t mw, int64_t mh, int64_t pe, int64_t simd, int acc_bits)
{
  struct est_layer layer = mvau (mw, mh, pe, simd);

  layer.in = layer.weight = layer.out = EST_TYPE_BINARY;
  layer.acc = EST_TYPE_INT (acc_bits);
  layer.xnor = 1;
  return layer;
}

static void
assert_cost (const struct est_layer *layer, double lut, double bram, double dsp)
{
  struct est_cost cost;

  est_layer_cost (layer, EST_DSP48E1, &cost);
  ck_assert_double_eq (cost.lut.value, lut);
  ck_assert_double_eq (cost.bram.value, bram);
  ck_assert_double_eq (cost.dsp.value, dsp);
  ck_assert_double_eq (cost.uram.value, 0);
}

START_TEST (small_mvau_as_published)
{
  struct est_layer layer = mvau (4, 4, 1, 1);

  layer.mem_mode = EST_MEM_EMBEDDED; /* the default when that test was written */
  assert_cost (&layer, 317, 0, 0);
  layer.res_type = EST_RES_DSP;
  assert_cost (&layer, 313, 0, 1);
  layer.res_type = EST_RES_LUT;
  assert_cost (&layer, 317, 0, 0);
  layer.mem_mode = EST_MEM_DECOUPLED;
  assert_cost (&layer, 315, 1, 0);
}
END_TEST

/* a bipolar network of 784-64-64-64-10 for 10^6 inferences/s at 10 ns */
START_TEST (mvau_of_a_bipolar_network)
{
  struct est_layer first = xnor (784, 64, 32, 28, 10), second = xnor (64, 64, 1, 64, 7),
                   last = xnor (64, 10, 1, 8, 7);
  struct est_cost cost;

  assert_cost (&first, 6495, 25, 0);
  ck_assert_int_eq (est_layer_cycles (&first), 56);
  assert_cost (&second, 727, 2, 0);
  ck_assert_int_eq (est_layer_cycles (&second), 64);
  assert_cost (&last, 358, 1, 0);
  ck_assert_int_eq (est_layer_cycles (&last), 80);
  est_layer_cost (&first, EST_DSP48E1, &cost);
  ck_assert_double_eq (cost.bram_efficiency.value, 0.10888888888888888);
  ck_assert (cost.bram_efficiency.is_float);
  ck_assert (!cost.uram_efficiency.is_float);
  first.res_type = second.res_type = last.res_type = EST_RES_DSP;
  assert_cost (&first, 4524, 25, 896);
  assert_cost (&second, 587, 2, 64);
  assert_cost (&last, 340, 1, 8);
}
END_TEST

/* the published folding of the same network */
START_TEST (mvau_with_memory_styles)
{
  struct est_layer first = xnor (784, 64, 16, 49, 10), middle = xnor (64, 64, 8, 8, 7),
                   last = xnor (64, 10, 10, 8, 7);

  first.ram_style = EST_RAM_BLOCK;
  last.ram_style = EST_RAM_DISTRIBUTED;
  assert_cost (&first, 5615, 22, 0);
  assert_cost (&middle, 766, 2, 0);
  assert_cost (&last, 963, 0, 0);
  first.acc = middle.acc = last.acc = EST_TYPE_INT (32);
  assert_cost (&first, 5650, 22, 0);
  assert_cost (&middle, 784, 2, 0);
  assert_cost (&last, 985, 0, 0);
}
END_TEST

static struct est_layer
with_types (struct est_layer layer, int in, int weight, int acc)
{
  layer.in = EST_TYPE_INT (in);
  layer.weight = EST_TYPE_INT (weight);
  layer.acc = EST_TYPE_INT (acc);
  return layer;
}

START_TEST (mvau_of_integer_networks)
{
  struct est_layer bipolar_in = with_types (mvau (600, 64, 32, 15), 1, 2, 9);
  struct est_layer wide = with_types (mvau (2304, 256, 1, 48), 2, 2, 13);
  struct est_layer convolution = with_types (mvau (27, 64, 8, 27), 8, 2, 13);

  bipolar_in.in = EST_TYPE_BIPOLAR;
  assert_cost (&bipolar_in, 5263, 27, 0);
  ck_assert_int_eq (est_layer_cycles (&bipolar_in), 80);
  assert_cost (&wide, 943, 72, 0);
  ck_assert_int_eq (est_layer_cycles (&wide), 12288);
  convolution.vectors = 900;
  assert_cost (&convolution, 12206, 12, 0);
  ck_assert_int_eq (est_layer_cycles (&convolution), 7200);
}
END_TEST

static void
assert_dsp (const struct est_layer *layer, enum est_dsp dsp, double expected)
{
  struct est_cost cost;

  est_layer_cost (layer, dsp, &cost);
  ck_assert_double_eq (cost.dsp.value, expected);
  ck_assert_double_eq (cost.lut.value, 0);
}

START_TEST (rtl_mvau_has_dsp_blocks_by_family)
{
  struct est_layer layer = mvau (64, 64, 8, 8);

  layer.impl = EST_RTL;
  layer.no_activation = 1;
  assert_dsp (&layer, EST_DSP58, 24);
  assert_dsp (&layer, EST_DSP48E2, 16);
  assert_dsp (&layer, EST_DSP48E1, 16);
  layer.pe = 16;
  assert_dsp (&layer, EST_DSP58, 48);
  assert_dsp (&layer, EST_DSP48E2, 32);
  layer.pe = layer.simd = 1;
  assert_dsp (&layer, EST_DSP48E2, 1);
}
END_TEST

START_TEST (counts_of_an_mvau)
{
  struct est_layer layer = xnor (784, 64, 32, 28, 10);
  struct est_counts counts;

  est_layer_counts (&layer, &counts);
  ck_assert_int_eq (counts.n, 3);
  ck_assert_str_eq (counts.items[0].key, "op_mac_1bx1b");
  ck_assert_double_eq (counts.items[0].value, 50176);
  ck_assert_str_eq (counts.items[1].key, "param_weight_1b");
  ck_assert_double_eq (counts.items[1].value, 50176);
  ck_assert_str_eq (counts.items[2].key, "param_threshold_10b");
  ck_assert_double_eq (counts.items[2].value, 64);
  layer.no_activation = 1;
  est_layer_counts (&layer, &counts);
  ck_assert_int_eq (counts.n, 2);
}
END_TEST

/* ---- thresholds, windows, pools ---- */

static struct est_layer
thresholding (int64_t channels, int64_t pe, int threshold_bits, int out_bits)
{
  struct est_layer layer = { .op = EST_THRESHOLDING, .impl = EST_RTL, .channels = channels, .vectors = 1 };

  layer.in = EST_TYPE_UINT (8);
  layer.threshold = EST_TYPE_UINT (threshold_bits);
  layer.out = EST_TYPE_UINT (out_bits);
  est_layer_defaults (&layer);
  layer.pe = pe;
  return layer;
}

static void
assert_luts (const struct est_layer *layer, double luts, int is_float)
{
  struct est_cost cost;

  est_layer_cost (layer, EST_DSP48E1, &cost);
  ck_assert_double_eq (cost.lut.value, luts);
  ck_assert_int_eq (cost.lut.is_float, is_float);
}

START_TEST (thresholding_luts_are_floats_from_the_depth_of_a_primitive_on)
{
  struct est_layer layer = thresholding (784, 8, 8, 1);

  assert_luts (&layer, 128, 1);
  ck_assert_int_eq (est_layer_cycles (&layer), 98);
  layer = thresholding (784, 49, 8, 1);
  assert_luts (&layer, 392, 0);
  ck_assert_int_eq (est_layer_cycles (&layer), 16);
  layer = thresholding (784, 1, 8, 1);
  assert_luts (&layer, 104, 1);
  layer = thresholding (64, 1, 10, 1);
  assert_luts (&layer, 10, 1);
}
END_TEST

/* 9-bit thresholds of a depth that fills 9-bit block RAM as well as LUTRAM: the block RAM wins the tie and is not counted */
START_TEST (thresholding_loses_what_ties_with_block_ram)
{
  struct est_layer layer = thresholding (2048, 1, 9, 1);

  assert_luts (&layer, 0, 0);
  layer = thresholding (1984, 1, 9, 1);
  assert_luts (&layer, 9 * 31, 1);
}
END_TEST

static struct est_layer
window (int64_t size, int64_t kernel, int64_t channels, int64_t simd)
{
  struct est_layer layer = { .op = EST_SWG, .impl = EST_RTL, .channels = channels, .vectors = 1 };

  for (int i = 0; i < 2; i++) {
    layer.dim[i] = size;
    layer.kernel[i] = kernel;
    layer.out_dim[i] = size - kernel + 1;
    layer.stride[i] = layer.dilation[i] = 1;
  }
  layer.in = layer.out = EST_TYPE_INT (2);
  est_layer_defaults (&layer);
  layer.simd = simd;
  return layer;
}

START_TEST (windows_of_a_convolutional_network)
{
  static const struct {
    int64_t size, channels, simd, cycles;
    double lut;
    int bits;
  } rows[] = {
    { 32, 3, 3, 8167, 348, 8 },    { 30, 64, 64, 7119, 556, 2 }, { 14, 64, 8, 10616, 412, 2 },
    { 12, 128, 16, 7416, 492, 2 }, { 5, 128, 1, 12032, 388, 2 }, { 3, 256, 1, 4608, 422, 2 },
  };

  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct est_layer layer = window (rows[i].size, 3, rows[i].channels, rows[i].simd);

    layer.in = EST_TYPE_INT (rows[i].bits);
    ck_assert_int_eq (est_layer_cycles (&layer), rows[i].cycles);
    assert_cost (&layer, rows[i].lut, 0, 0);
  }
}
END_TEST

/* depthwise, stride 2, on a padded image of 64 x 64 with 32 channels */
START_TEST (depthwise_window_with_stride)
{
  struct est_layer layer = window (34, 3, 64, 4);

  layer.depthwise = 1;
  layer.stride[0] = layer.stride[1] = 2;
  layer.out_dim[0] = layer.out_dim[1] = 16;
  ck_assert_int_eq (est_layer_cycles (&layer), 42384);
}
END_TEST

/* One pixel high, and padded above and below: what the RTL reads has three rows. */
START_TEST (window_on_a_padded_line_goes_over_all_its_rows)
{
  struct est_layer layer = window (3, 3, 6, 1);

  layer.is_1d = 1;
  layer.dim[1] = 11;
  layer.out_dim[1] = 9;
  layer.in = EST_TYPE_INT (8);
  ck_assert_int_eq (est_layer_cycles (&layer), 636);
  assert_cost (&layer, 332, 0, 0);
}
END_TEST

START_TEST (pools_and_labels)
{
  struct est_layer pool = { .op = EST_MAXPOOL, .channels = 64, .dim = { 28, 28 }, .kernel = { 2, 2 } };
  struct est_layer average = { .op = EST_POOL, .channels = 128, .kernel = { 16, 16 }, .out_dim = { 1, 1 } };
  struct est_layer labels = { .op = EST_LABELSELECT, .channels = 10 };

  est_layer_defaults (&pool);
  est_layer_defaults (&average);
  est_layer_defaults (&labels);
  average.pe = 1;
  ck_assert_int_eq (est_layer_cycles (&pool), 980);
  pool.dim[0] = pool.dim[1] = 10;
  ck_assert_int_eq (est_layer_cycles (&pool), 125);
  ck_assert_int_eq (est_layer_cycles (&average), 32768);
  ck_assert_int_eq (est_layer_cycles (&labels), 10);
  assert_cost (&labels, 0, 0, 0);
}
END_TEST

/* 512 1/2 words of 20 bits are more than 512 */
START_TEST (broken_words_count_as_block_ram)
{
  struct est_layer layer = mvau (1025, 1, 1, 2);

  layer.weight = EST_TYPE_INT (10);
  assert_cost (&layer, 443, 2, 0);
}
END_TEST

START_TEST (block_ram_tiers)
{
  static const int64_t tiers[3] = { 9, 18, 36 };

  ck_assert_int_eq (est_bram_blocks (1, 16385, tiers), 2);
  ck_assert_int_eq (est_bram_blocks (2, 8192, tiers), 1);
  ck_assert_int_eq (est_bram_blocks (4, 4097, tiers), 2);
  ck_assert_int_eq (est_bram_blocks (9, 2048, tiers), 1);
  ck_assert_int_eq (est_bram_blocks (896, 56, tiers), 25);
  ck_assert_int_eq (est_bram_blocks (36, 513, tiers), 2);
  ck_assert_int_eq (est_bram_blocks (64, 64, tiers), 2);
}
END_TEST

static Suite *
suite (void)
{
  const TTest *const tests[] = {
    smallest_type_of_a_value,
    type_of_a_range_follows_its_larger_end,
    names_read_back,
    bipolar_counts_as_signed_and_binary_does_not,
    dsp_block_by_part,
    small_mvau_as_published,
    mvau_of_a_bipolar_network,
    mvau_with_memory_styles,
    mvau_of_integer_networks,
    rtl_mvau_has_dsp_blocks_by_family,
    counts_of_an_mvau,
    thresholding_luts_are_floats_from_the_depth_of_a_primitive_on,
    thresholding_loses_what_ties_with_block_ram,
    windows_of_a_convolutional_network,
    depthwise_window_with_stride,
    window_on_a_padded_line_goes_over_all_its_rows,
    pools_and_labels,
    broken_words_count_as_block_ram,
    block_ram_tiers,
  };
  Suite *s = suite_create ("est_formulas");
  TCase *tc = tcase_create ("formulas");

  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
    tcase_add_test (tc, tests[i]);
  suite_add_tcase (s, tc);
  return s;
}

int
main (void)
{
  SRunner *runner = srunner_create (suite ());
  int failed;

  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
