/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk from a model's path to hardware layers, on small graphs made by hand: what becomes a layer, what stays outside, and what
   is refused, each with the node's name. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/est_build.h"
#include "tests/unit/est_outcome.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static const float ternary[] = { 1, 0, -1, 1, 1 };

START_TEST (activation_goes_into_the_matrix_before_it)
{
  static const enum est_op merged[] = { EST_MVAU, EST_MVAU },
                           apart[] = { EST_MVAU, EST_THRESHOLDING, EST_MVAU };

  for (int standalone = 0; standalone < 2; standalone++) {
    begin_flat (8, EST_TYPE_UINT (4));
    then_matmul ("mm0", 6, 2, 1, ternary, 5);
    then ("Add", "shift", add_scalar (0.3f));
    then_quant ("act0", 1, 2, 1, 1);
    then_matmul ("mm1", 3, 2, 1, ternary, 5);
    assert_layers (standalone, standalone ? 3 : 2, standalone ? apart : merged);
  }
}
END_TEST

START_TEST (quantiser_of_a_float_input_stays_outside)
{
  static const enum est_op ops[] = { EST_MVAU };

  begin_flat (8, EST_TYPE_FLOAT);
  then_quant ("act0", 1, 4, 1, 1);
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  assert_layers (0, 1, ops);
}
END_TEST

START_TEST (quantiser_of_an_integer_input_is_a_layer)
{
  static const enum est_op ops[] = { EST_THRESHOLDING, EST_MVAU };

  begin_flat (8, EST_TYPE_UINT (8));
  then_quant ("act0", 0.7f, 4, 1, 1);
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  assert_layers (0, 2, ops);
}
END_TEST

START_TEST (scaled_input_without_quantiser_is_carried_past_the_matrix)
{
  struct outcome o;

  begin_flat (8, EST_TYPE_UINT (8));
  then ("Div", "scale", add_scalar (255));
  then ("Sub", "shift", add_scalar (0.5f));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then_quant ("act0", 1, 2, 1, 1);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_uint_eq (o.n, 1);
  ck_assert (est_type_equal (o.layers[0].in, EST_TYPE_UINT (8)));
  release (&o);
}
END_TEST

START_TEST (bipolar_by_bipolar_counts_equal_bits)
{
  struct outcome o;

  begin_flat (8, EST_TYPE_UINT (8));
  then ("Sub", "shift", add_scalar (3.5f));
  then_bipolar ("act0", 1);
  then_bipolar_matmul ("mm0", 4);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_uint_eq (o.n, 2);
  ck_assert (est_type_equal (o.layers[0].out, EST_TYPE_BINARY));
  ck_assert (o.layers[1].xnor);
  ck_assert (est_type_equal (o.layers[1].in, EST_TYPE_BINARY));
  ck_assert (est_type_equal (o.layers[1].out, EST_TYPE_UINT (32)));
  release (&o);
}
END_TEST

START_TEST (negative_factor_flips_weights_that_admit_it)
{
  static const float lopsided[] = { 1, 1, -1, 0 };
  struct outcome o;

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 1, 2, 1, lopsided, 4);
  then ("Mul", "negate", add_scalar (-0.25f));
  then_quant ("act0", 1, 2, 1, 1);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_uint_eq (o.n, 1);
  ck_assert_double_eq (o.layers[0].columns[0].positive, 1);
  ck_assert_double_eq (o.layers[0].columns[0].negative, -2);
  release (&o);
}
END_TEST

START_TEST (negative_factor_that_weights_do_not_admit_is_refused)
{
  static const float full[] = { -2, 1, 0, 1 };

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 1, 2, 0, full, 4);
  then ("Mul", "negate", add_scalar (-0.25f));
  then_quant ("act0", 1.3f, 2, 1, 1);
  assert_refused (0, "transform", "act0: this node (multiplication by signs)");
}
END_TEST

START_TEST (wide_quantiser_ends_the_partition)
{
  static const enum est_op ops[] = { EST_MVAU };

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_quant ("wide", 0.5f, 16, 1, 0);
  then_matmul ("mm1", 4, 2, 1, ternary, 5);
  assert_layers (0, 1, ops);
}
END_TEST

START_TEST (products_that_are_no_layers_are_counted_and_the_first_is_named)
{
  struct outcome o;
  const char *first = NULL;

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_quant ("act0", 0.5f, 2, 1, 1);
  then_matmul ("mm1", 4, 2, 1, ternary, 5);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_uint_eq (est_network_left_out (&o.net, &first), 0);
  ck_assert_ptr_null (first);
  release (&o);
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_quant ("wide", 0.5f, 16, 1, 0);
  then_matmul ("mm1", 4, 2, 1, ternary, 5);
  then_matmul ("mm2", 4, 2, 1, ternary, 5);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_uint_eq (est_network_left_out (&o.net, &first), 2);
  ck_assert_str_eq (first, "mm1");
  release (&o);
}
END_TEST

START_TEST (wide_quantiser_of_scale_1_breaks_the_partition)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_quant ("wide", 1, 16, 1, 0);
  then_matmul ("mm1", 4, 2, 1, ternary, 5);
  assert_refused (0, "transform", "wide: ");
}
END_TEST

START_TEST (quantisers_that_cannot_be_thresholds)
{
  static const struct {
    const char *before;
    float zero, bits;
    int is_signed, narrow;
  } rows[] = {
    { NULL, 1, 4, 1, 0 }, { NULL, 0, 4, 0, 0 },   { NULL, 0, 1, 1, 0 },   { NULL, 0, 2.5f, 1, 0 },
    { NULL, 0, 0, 1, 0 }, { "Relu", 0, 4, 1, 0 }, { "Relu", 0, 4, 0, 1 },
  };

  for (size_t i = 0; i < N (rows); i++) {
    begin_flat (4, EST_TYPE_UINT (2));
    then_matmul ("mm0", 4, 2, 1, ternary, 5);
    if (rows[i].before != NULL)
      then (rows[i].before, "before", -1);
    path = quant_of (path, "act0", 0.5f, rows[i].zero, rows[i].bits, rows[i].is_signed, rows[i].narrow)
               ->outputs[0];
    assert_refused (0, "transform", "act0: ");
  }
}
END_TEST

START_TEST (bipolar_activation_with_another_scale_is_refused)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_bipolar ("act0", 0.5f);
  assert_refused (0, "transform", "act0: ");
}
END_TEST

START_TEST (bipolar_activation_of_its_own_is_refused_unless_it_becomes_bits)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_bipolar ("act0", 1);
  assert_refused (1, "kernel", "act0: ");
}
END_TEST

START_TEST (thresholds_that_were_integers_from_the_start_cannot_stand_alone)
{
  begin_flat (4, EST_TYPE_INT (8));
  then_quant ("act0", 2, 4, 1, 0);
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  assert_refused (0, "kernel", "act0: ");
}
END_TEST

START_TEST (term_behind_thresholds_has_to_fit_their_codes)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then ("Relu", "relu", -1);
  then_quant ("act0", 1, 4, 0, 0);
  then ("Add", "minus3", add_scalar (-3));
  assert_refused (0, "transform", "minus3: ");
}
END_TEST

START_TEST (term_behind_thresholds_makes_their_codes_signed)
{
  struct outcome o;

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then ("Relu", "relu", -1);
  then_quant ("act0", 1, 4, 0, 0);
  then ("Add", "minus8", add_scalar (-8));
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert (est_type_equal (o.layers[0].out, EST_TYPE_INT (4)));
  release (&o);
}
END_TEST

START_TEST (flatten_between_layers_of_a_dense_network_is_refused)
{
  begin (4, (const int64_t[]){ 1, 1, 2, 2 }, EST_TYPE_UINT (8));
  then_quant ("act0", 0.7f, 4, 1, 1);
  then_reshape ("flat", 2, (const int64_t[]){ 1, 4 });
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  assert_refused (0, "transform", "flat: this node (Reshape)");
}
END_TEST

START_TEST (network_without_a_layer_is_refused)
{
  begin_flat (4, EST_TYPE_FLOAT);
  then ("Softmax", "softmax", -1);
  assert_refused_with (0, "transform",
                       "softmax: no node of this network can be a hardware layer; it stops at this one, and "
                       "nothing in it is quantised");
  begin_flat (4, EST_TYPE_FLOAT);
  then ("Softmax", "softmax", -1);
  graph.is_quantised = 1;
  assert_refused_with (0, "transform",
                       "softmax: no node of this network can be a hardware layer; it stops at this one");
}
END_TEST

START_TEST (identity_breaks_the_partition)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_quant ("act0", 1, 2, 1, 1);
  then ("Identity", "same", -1);
  then_matmul ("mm1", 4, 2, 1, ternary, 5);
  assert_refused (0, "transform", "same: ");
}
END_TEST

START_TEST (shapes_that_do_not_fit_are_refused)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  graph.tensors[graph.input].dims[1] = 5;
  assert_refused (0, "transform", "mm0: ");
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    activation_goes_into_the_matrix_before_it,
    quantiser_of_a_float_input_stays_outside,
    quantiser_of_an_integer_input_is_a_layer,
    scaled_input_without_quantiser_is_carried_past_the_matrix,
    bipolar_by_bipolar_counts_equal_bits,
    negative_factor_flips_weights_that_admit_it,
    negative_factor_that_weights_do_not_admit_is_refused,
    wide_quantiser_ends_the_partition,
    products_that_are_no_layers_are_counted_and_the_first_is_named,
    wide_quantiser_of_scale_1_breaks_the_partition,
    quantisers_that_cannot_be_thresholds,
    bipolar_activation_with_another_scale_is_refused,
    bipolar_activation_of_its_own_is_refused_unless_it_becomes_bits,
    thresholds_that_were_integers_from_the_start_cannot_stand_alone,
    term_behind_thresholds_has_to_fit_their_codes,
    term_behind_thresholds_makes_their_codes_signed,
    flatten_between_layers_of_a_dense_network_is_refused,
    network_without_a_layer_is_refused,
    identity_breaks_the_partition,
    shapes_that_do_not_fit_are_refused,
  };

  return run_tests ("est_walk", tests, N (tests), 0);
}
