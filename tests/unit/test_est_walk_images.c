/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk along models of images: convolutions, pools and averages, by the default steps and by those for MobileNet. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/est_build.h"
#include "tests/unit/est_outcome.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static const float ternary[] = { 1, 0, -1, 1, 1 };

static void
begin_image (struct est_type type)
{
  begin (4, (const int64_t[]){ 1, 2, 6, 6 }, type);
}

START_TEST (convolution_is_padding_window_and_matrix)
{
  static const enum est_op ops[] = { EST_FMPADDING, EST_SWG, EST_MVAU, EST_MVAU };

  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 1, 1);
  then_quant ("act0", 1, 2, 1, 1);
  then_reshape ("flat", 2, (const int64_t[]){ 1, 108 });
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  assert_layers (0, 4, ops);
}
END_TEST

START_TEST (padding_of_a_bipolar_image_is_refused)
{
  begin_image (EST_TYPE_UINT (4));
  then_bipolar ("act0", 1);
  then_conv ("conv0", 3, 1, 1);
  assert_refused (0, "kernel", "conv0: ");
}
END_TEST

/* FINN gives the average the sign of the quantiser before it. */
START_TEST (average_without_a_quantiser_before_it_is_refused)
{
  static const enum est_op ops[] = { EST_FMPADDING, EST_SWG, EST_MVAU };

  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 1, 1);
  then_quant ("act0", 0.7f, 2, 1, 1);
  then ("Add", "shift", add_scalar (1));
  then_average ("trunc0", 2);
  assert_layers (0, 3, ops);
  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 1, 1);
  then ("Mul", "scale", add_scalar (0.7f));
  then_average ("trunc0", 2);
  assert_refused (0, "transform", "trunc0: no quantiser before the pool ");
}
END_TEST

START_TEST (groups_are_refused)
{
  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 4, 0, 2);
  assert_refused (0, "kernel", "conv0: ");
}
END_TEST

static void
make_depthwise (void)
{
  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 2, 1, 2);
  then_quant ("act0", 0.7f, 2, 1, 1);
  then_conv ("conv1", 3, 0, 1);
}

START_TEST (depthwise_convolutions_are_refused_by_the_default_steps)
{
  make_depthwise ();
  assert_refused (0, "transform", "conv0: this node (depthwise convolution");
}
END_TEST

START_TEST (depthwise_convolutions_are_layers_by_the_steps_for_mobilenet)
{
  static const enum est_op ops[] = { EST_FMPADDING, EST_SWG, EST_VVAU, EST_SWG, EST_MVAU };
  struct outcome o;

  make_depthwise ();
  ck_assert_msg (finish_flow (&o, 0, EST_FLOW_MOBILENET) == 0, "%s", br_error_text (&o.err));
  ck_assert_uint_eq (o.n, N (ops));
  for (size_t i = 0; i < N (ops); i++)
    ck_assert_int_eq (o.layers[i].op, ops[i]);
  ck_assert_int_eq (o.layers[1].depthwise, 1);
  ck_assert_int_eq (o.layers[3].depthwise, 0);
  release (&o);
}
END_TEST

static void
assert_mobilenet_refuses (const char *category, const char *begins)
{
  struct outcome o;

  ck_assert_int_eq (finish_flow (&o, 1, EST_FLOW_MOBILENET), -1);
  ck_assert_str_eq (o.err.category, category);
  ck_assert_msg (strncmp (br_error_text (&o.err), begins, strlen (begins)) == 0, "%s",
                 br_error_text (&o.err));
  release (&o);
}

START_TEST (flatten_of_an_image_is_refused_by_the_steps_for_mobilenet)
{
  static const enum est_op ops[] = { EST_SWG, EST_MVAU, EST_MVAU };

  for (int mobilenet = 0; mobilenet < 2; mobilenet++) {
    begin (4, (const int64_t[]){ 1, 2, 4, 4 }, EST_TYPE_UINT (4));
    then_conv ("conv0", 3, 0, 1);
    then ("Relu", "relu0", -1);
    then_quant ("act0", 1, 2, 0, 0);
    then_reshape ("flat", 2, (const int64_t[]){ 1, 12 });
    then_matmul ("mm0", 6, 2, 1, ternary, 5);
    if (mobilenet)
      assert_mobilenet_refuses ("transform", "flat: ");
    else
      assert_layers (0, 3, ops);
  }
}
END_TEST

START_TEST (signed_activation_before_a_flatten_is_refused_by_the_steps_for_mobilenet)
{
  begin (4, (const int64_t[]){ 1, 2, 3, 3 }, EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then_quant ("act0", 1, 2, 1, 1);
  then_reshape ("flat", 2, (const int64_t[]){ 1, 3 });
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  assert_mobilenet_refuses ("kernel", "act0: a signed output");
}
END_TEST

/* The pool of a converted model: a layer of the given width, behind which the image is not one pixel. */
START_TEST (average_pool_of_a_converted_model_is_a_layer_of_the_steps_for_mobilenet)
{
  struct outcome o;
  struct est_gnode *n;

  begin (4, (const int64_t[]){ 1, 2, 6, 6 }, EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then ("Relu", "relu0", -1);
  then_quant ("act0", 1, 2, 0, 0);
  n = then ("QuantAvgPool2d", "pool", -1);
  memcpy (graph.tensors[path].dims, (const int64_t[]){ 1, 3, 2, 2 }, 4 * sizeof (int64_t));
  set_int (n, "kernel", 2);
  set_int (n, "stride", 2);
  set_int (n, "obits", 5);
  ck_assert_msg (finish_flow (&o, 0, EST_FLOW_MOBILENET) == 0, "%s", br_error_text (&o.err));
  ck_assert_int_eq (o.layers[o.n - 1].op, EST_POOL);
  ck_assert (est_type_equal (o.layers[o.n - 1].out, EST_TYPE_UINT (5)));
  release (&o);
}
END_TEST

static void
begin_with_average (int64_t bits)
{
  struct est_gnode *n;

  begin (4, (const int64_t[]){ 1, 2, 4, 4 }, EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then ("Relu", "relu0", -1);
  then_quant ("act0", 1, 2, 0, 0);
  n = then ("QuantAvgPool2d", "pool", -1);
  memcpy (graph.tensors[path].dims, (const int64_t[]){ 1, 3, 1, 1 }, 4 * sizeof (int64_t));
  set_int (n, "kernel", 2);
  set_int (n, "stride", 1);
  set_int (n, "obits", bits);
  set_int (n, "ibits", 3);
}

/* Four pixels of three bits sum up to 28: five bits, of which two are left. */
START_TEST (average_says_how_it_sums)
{
  struct outcome o;

  begin_with_average (2);
  ck_assert_msg (finish_flow (&o, 0, EST_FLOW_MOBILENET) == 0, "%s", br_error_text (&o.err));
  ck_assert_int_eq (o.layers[o.n - 1].sum_bits, 5);
  ck_assert_int_eq (o.layers[o.n - 1].shift, 3);
  release (&o);
}
END_TEST

START_TEST (labels_are_chosen_in_whole_bytes)
{
  static const struct {
    int64_t labels;
    int bits;
  } rows[] = { { 1, 8 }, { 256, 8 }, { 257, 16 } };

  for (size_t i = 0; i < N (rows); i++) {
    struct outcome o;
    struct est_gnode *n;

    begin_flat (8, EST_TYPE_UINT (4));
    then_matmul ("mm0", rows[i].labels, 2, 1, ternary, 5);
    n = then ("TopK", "top", add_scalar (3));
    set_int (n, "axis", -1);
    ck_assert_msg (finish (&o, 0) == 0, "%s", br_error_text (&o.err));
    ck_assert_int_eq (o.layers[1].op, EST_LABELSELECT);
    ck_assert_int_eq (o.layers[1].top, 3);
    ck_assert (est_type_equal (o.layers[1].out, EST_TYPE_UINT (rows[i].bits)));
    release (&o);
  }
}
END_TEST

START_TEST (average_of_one_bit_or_of_more_than_32_is_refused)
{
  struct outcome o;

  for (int bits = 1; bits <= 33; bits += 32) {
    begin_with_average (bits);
    assert_mobilenet_refuses ("transform", "pool: an average of ");
  }
  begin_with_average (32);
  ck_assert_msg (finish_flow (&o, 0, EST_FLOW_MOBILENET) == 0, "%s", br_error_text (&o.err));
  release (&o);
}
END_TEST

START_TEST (activation_of_the_input_is_no_layer_of_its_own_by_the_steps_for_mobilenet)
{
  struct outcome o;

  for (int standalone = 0; standalone < 2; standalone++) {
    begin (4, (const int64_t[]){ 1, 2, 4, 4 }, EST_TYPE_UINT (4));
    then_quant ("act0", 0.3f, 2, 1, 1);
    then_conv ("conv0", 3, 0, 1);
    if (standalone) {
      assert_mobilenet_refuses ("transform", "act0: the image is transposed around this node");
      continue;
    }
    ck_assert_msg (finish_flow (&o, 0, EST_FLOW_MOBILENET) == 0, "%s", br_error_text (&o.err));
    ck_assert_uint_eq (o.n, 2);
    release (&o);
  }
}
END_TEST

START_TEST (maximum_pool_behind_layers_is_refused_by_the_steps_for_mobilenet)
{
  begin (4, (const int64_t[]){ 1, 2, 6, 6 }, EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then ("Relu", "relu0", -1);
  then_quant ("act0", 1, 2, 0, 0);
  then_pool ("pool", 2);
  assert_mobilenet_refuses ("transform", "pool: the image is transposed around this node");
}
END_TEST

START_TEST (maximum_pool_of_the_input_is_layers_by_the_steps_for_mobilenet_unless_others_follow)
{
  struct outcome o;

  begin (4, (const int64_t[]){ 1, 2, 6, 6 }, EST_TYPE_UINT (4));
  then_pool ("pool", 2);
  ck_assert_msg (finish_flow (&o, 0, EST_FLOW_MOBILENET) == 0, "%s", br_error_text (&o.err));
  ck_assert_uint_eq (o.n, 2);
  release (&o);
  begin (4, (const int64_t[]){ 1, 2, 6, 6 }, EST_TYPE_UINT (4));
  then_pool ("pool", 2);
  then_conv ("conv0", 3, 0, 1);
  assert_mobilenet_refuses ("transform", "pool: the image is transposed around this node");
}
END_TEST

/* 4-bit unsigned by {-1, 0, 1}: sums are INT32 until they are narrowed. */
static void
make_factors (float factor, float term)
{
  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then ("Mul", "factor", add_scalar (factor));
  then ("Add", "term", add_scalar (term));
}

START_TEST (whole_factors_and_terms_are_layers_by_the_steps_for_mobilenet)
{
  static const struct {
    float factor, term;
    size_t n;
  } rows[] = { { 3, -2, 3 }, { 0.5f, -2, 1 }, { 3, 0.5f, 2 }, { 1, 7, 2 } };

  for (size_t i = 0; i < N (rows); i++) {
    struct outcome o;

    make_factors (rows[i].factor, rows[i].term);
    ck_assert_msg (finish_flow (&o, 0, EST_FLOW_MOBILENET) == 0, "%s", br_error_text (&o.err));
    ck_assert_uint_eq (o.n, rows[i].n);
    for (size_t k = 1; k < o.n; k++) {
      ck_assert_int_eq (o.layers[k].op, EST_CHANNELWISE);
      ck_assert_int_eq (o.layers[k].channels, 6);
      ck_assert_int_eq (o.layers[k].vectors, 1);
    }
    release (&o);
    make_factors (rows[i].factor, rows[i].term);
    ck_assert_int_eq (finish (&o, 0), 0);
    ck_assert_uint_eq (o.n, 1);
    release (&o);
  }
}
END_TEST

/* An image's channels are not where such a layer takes them. */
START_TEST (whole_factor_behind_a_convolution_is_refused_by_the_steps_for_mobilenet)
{
  begin (4, (const int64_t[]){ 1, 2, 4, 4 }, EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then ("Mul", "factor", add_scalar (2));
  assert_mobilenet_refuses ("transform", "factor: the image is transposed around this node");
}
END_TEST

START_TEST (padded_single_pixels_are_refused)
{
  const int64_t shape[] = { 3, 2, 1, 1 }, ones[] = { 1, 1, 1, 1 };
  struct est_gnode *n;

  begin (4, (const int64_t[]){ 1, 2, 4, 4 }, EST_TYPE_UINT (4));
  n = then ("Conv", "conv0",
            quant_of (add_constant (4, shape, ternary, 5), "weights", 1, 0, 2, 1, 1)->outputs[0]);
  set_int (n, "group", 1);
  set_ints (n, "pads", ones, 4);
  set_ints (n, "kernel_shape", ones, 2);
  set_ints (n, "strides", ones, 2);
  set_ints (n, "dilations", ones, 2);
  memcpy (graph.tensors[path].dims, (const int64_t[]){ 1, 3, 6, 6 }, 4 * sizeof (int64_t));
  assert_refused (0, "transform", "conv0: a padded");
}
END_TEST

static struct est_gnode *
begin_conv (void)
{
  begin (4, (const int64_t[]){ 1, 2, 4, 4 }, EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  return &graph.nodes[graph.n_nodes - 1];
}

static struct est_attr *
attr_of (struct est_gnode *n, const char *name)
{
  for (size_t i = 0; i < n->n_attrs; i++)
    if (strcmp (n->attrs[i].name, name) == 0)
      return &n->attrs[i];
  ck_abort_msg ("%s has no %s", n->name, name);
  return NULL;
}

START_TEST (convolution_without_an_attribute_is_refused)
{
  static const char *const needed[] = { "kernel_shape", "strides", "dilations", "group", "pads" };

  for (size_t i = 0; i < N (needed); i++) {
    attr_of (begin_conv (), needed[i])->name = "unknown";
    assert_refused (0, "transform", "conv0: a convolution has to say its ");
  }
}
END_TEST

/* Two rows and columns in all for a window of three, whatever the rounding. */
START_TEST (automatic_pads_keep_the_size)
{
  static const char *const modes[] = { "SAME_UPPER", "SAME_LOWER" };

  for (size_t i = 0; i < N (modes); i++) {
    struct outcome o;
    struct est_attr *pads = attr_of (begin_conv (), "pads");

    pads->name = "auto_pad";
    pads->s = modes[i];
    graph.tensors[path].dims[2] = graph.tensors[path].dims[3] = 4;
    ck_assert_msg (finish (&o, 0) == 0, "%s", br_error_text (&o.err));
    ck_assert_uint_eq (o.n, 3);
    ck_assert_int_eq (o.layers[0].op, EST_FMPADDING);
    for (int side = 0; side < 4; side++)
      ck_assert_int_eq (o.layers[0].pad[side], 1);
    release (&o);
  }
}
END_TEST

/* Its values are lost and its scale is not: thresholds -1/2 and 1/2 over 0.3 round up to -1 and 2. */
START_TEST (quantised_bias_of_a_convolution_keeps_its_activation_apart)
{
  const int64_t outputs = 3;
  const float value = 7;
  struct outcome o;
  struct est_gnode *conv = begin_conv ();
  int bias = add_constant (1, &outputs, &value, 1);

  conv->inputs[2] = quant_of (bias, "bias", 0.3f, 0, 8, 1, 0)->outputs[0];
  conv->n_inputs = 3;
  then_quant ("act0", 1, 2, 1, 1);
  ck_assert_msg (finish (&o, 0) == 0, "%s", br_error_text (&o.err));
  ck_assert_uint_eq (o.n, 3);
  ck_assert_int_eq (o.layers[1].no_activation, 1);
  ck_assert_int_eq (o.layers[2].op, EST_THRESHOLDING);
  ck_assert_double_eq (o.layers[2].thresholds.low, -1);
  ck_assert_double_eq (o.layers[2].thresholds.high, 2);
  release (&o);
}
END_TEST

START_TEST (pool_that_does_not_say_its_pads_is_refused)
{
  begin_conv ();
  then ("Relu", "relu0", -1);
  then_quant ("act0", 1, 2, 0, 0);
  then_pool ("pool", 2);
  attr_of (&graph.nodes[graph.n_nodes - 1], "pads")->name = "unknown";
  assert_refused (0, "transform", "pool: ");
}
END_TEST

/* A scale is not moved past it, so it stays in software before it. */
START_TEST (scale_stays_before_a_squeeze)
{
  static const enum est_op ops[] = { EST_MVAU };

  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then_quant ("act0", 0.3f, 2, 1, 1);
  then ("Unsqueeze", "wider", -1);
  then_matmul ("mm1", 3, 2, 1, ternary, 5);
  assert_layers (0, 1, ops);
}
END_TEST

START_TEST (pool_behind_an_activation_is_a_layer)
{
  static const enum est_op ops[] = { EST_SWG, EST_MVAU, EST_MAXPOOL };

  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then_quant ("act0", 1, 2, 1, 1);
  then_pool ("pool0", 2);
  assert_layers (0, 3, ops);
}
END_TEST

/* Only where a convolution stands beside it. */
START_TEST (pool_of_floats_among_convolutions_is_a_layer)
{
  static const enum est_op ops[] = { EST_MAXPOOL };

  for (int behind = 0; behind < 2; behind++) {
    begin (4, (const int64_t[]){ 1, 2, 6, 6 }, EST_TYPE_FLOAT);
    if (behind)
      then_conv ("conv0", 3, 0, 1);
    then_pool ("pool", 2);
    if (!behind)
      then_conv ("conv0", 3, 0, 1);
    assert_layers (0, 1, ops);
  }
  begin (4, (const int64_t[]){ 1, 2, 8, 8 }, EST_TYPE_FLOAT);
  then_conv ("conv0", 3, 0, 1);
  then ("Relu", "relu", -1);
  then_pool ("pool", 2);
  assert_refused (0, "transform", "conv0: no node of this network can be a hardware layer");
}
END_TEST

START_TEST (pool_that_divides_one_side_only_is_refused)
{
  begin (4, (const int64_t[]){ 1, 2, 6, 5 }, EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then_quant ("act0", 1, 2, 1, 1);
  then_pool ("pool0", 2);
  assert_refused (0, "kernel", "pool0: ");
}
END_TEST

START_TEST (term_before_a_padded_convolution_keeps_it_outside)
{
  begin_image (EST_TYPE_UINT (4));
  then ("Sub", "shift", add_scalar (7.5f));
  then_conv ("conv0", 3, 1, 1);
  then_quant ("act0", 1, 2, 1, 1);
  assert_refused (0, "transform", "");
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    convolution_is_padding_window_and_matrix,
    padding_of_a_bipolar_image_is_refused,
    average_without_a_quantiser_before_it_is_refused,
    groups_are_refused,
    depthwise_convolutions_are_refused_by_the_default_steps,
    depthwise_convolutions_are_layers_by_the_steps_for_mobilenet,
    flatten_of_an_image_is_refused_by_the_steps_for_mobilenet,
    signed_activation_before_a_flatten_is_refused_by_the_steps_for_mobilenet,
    average_pool_of_a_converted_model_is_a_layer_of_the_steps_for_mobilenet,
    average_says_how_it_sums,
    labels_are_chosen_in_whole_bytes,
    average_of_one_bit_or_of_more_than_32_is_refused,
    activation_of_the_input_is_no_layer_of_its_own_by_the_steps_for_mobilenet,
    maximum_pool_behind_layers_is_refused_by_the_steps_for_mobilenet,
    maximum_pool_of_the_input_is_layers_by_the_steps_for_mobilenet_unless_others_follow,
    whole_factors_and_terms_are_layers_by_the_steps_for_mobilenet,
    whole_factor_behind_a_convolution_is_refused_by_the_steps_for_mobilenet,
    padded_single_pixels_are_refused,
    convolution_without_an_attribute_is_refused,
    automatic_pads_keep_the_size,
    quantised_bias_of_a_convolution_keeps_its_activation_apart,
    pool_that_does_not_say_its_pads_is_refused,
    scale_stays_before_a_squeeze,
    pool_behind_an_activation_is_a_layer,
    pool_of_floats_among_convolutions_is_a_layer,
    pool_that_divides_one_side_only_is_refused,
    term_before_a_padded_convolution_keeps_it_outside,
  };

  return run_tests ("est_walk_images", tests, N (tests), 0);
}
