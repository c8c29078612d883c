/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk where a tensor is read twice, and where a flatten is moved on: what FINN builds of such networks and what it refuses. */
#include <config.h>

#include <check.h>
#include <stdlib.h>

#include "tests/unit/est_outcome.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static const float ternary[] = { 1, 0, -1, 1, 1 };
static const enum est_op one_unit[] = { EST_MVAU };

/* A product with an activation behind a Relu. */
static void
then_unit (const char *product, const char *activation, float scale)
{
  then_matmul (product, 6, 2, 1, ternary, N (ternary));
  then ("Relu", "relu", -1);
  then_quant (activation, scale, 3, 0, 0);
}

START_TEST (join_is_refused)
{
  int forked;

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, N (ternary));
  forked = path;
  then_quant ("act0", 1, 2, 1, 1);
  then ("Add", "join", forked);
  assert_refused (0, "transform", "mm0: ");
}
END_TEST

/* A unit whose activation has that scale, and two products that read it. */
static void
begin_heads (float scale)
{
  int forked;

  begin_flat (4, EST_TYPE_UINT (2));
  then_unit ("mm0", "act0", scale);
  forked = path;
  then_matmul ("head0", 3, 2, 1, ternary, N (ternary));
  path = forked;
  then_matmul ("head1", 5, 2, 1, ternary, N (ternary));
}

/* The factor stands before the fork, and nothing moves it past: both heads read floats. */
START_TEST (heads_behind_a_factor_are_software)
{
  begin_heads (0.37f);
  assert_layers (0, 1, one_unit);
}
END_TEST

START_TEST (heads_that_read_integers_are_refused)
{
  begin_heads (1);
  assert_refused (0, "transform", "act0: ");
}
END_TEST

/* The scale of the second activation moves past the product behind it, which would be a layer then. */
START_TEST (layers_behind_a_fork_are_refused)
{
  int forked;

  begin_flat (4, EST_TYPE_UINT (2));
  then_unit ("mm0", "act0", 0.37f);
  forked = path;
  then_unit ("mm1", "act1", 0.37f);
  then_matmul ("mm2", 3, 2, 1, ternary, N (ternary));
  path = forked;
  then ("Softmax", "other", -1);
  assert_refused (0, "transform", "act0: ");
}
END_TEST

/* The residual of FINN's own kind: the sum is one of floats, and so is all behind it. */
static void
begin_residual (float scale)
{
  int forked;

  begin_flat (4, EST_TYPE_UINT (2));
  then_unit ("mm0", "act0", 0.37f);
  forked = path;
  then_matmul ("mm1", 6, 2, 1, ternary, N (ternary));
  then_quant ("act1", scale, 3, 1, 1);
  then ("Add", "sum", forked);
  then_matmul ("mm2", 3, 2, 1, ternary, N (ternary));
}

START_TEST (sum_of_scaled_activations_is_software)
{
  begin_residual (0.37f);
  assert_layers (0, 1, one_unit);
  begin_residual (1);
  assert_refused (0, "transform", "act0: ");
}
END_TEST

START_TEST (product_of_what_is_computed_is_refused)
{
  int forked;

  begin_flat (4, EST_TYPE_UINT (2));
  then_unit ("mm0", "act0", 0.37f);
  forked = path;
  then ("Softmax", "gate", -1);
  then ("Mul", "product", forked);
  assert_refused (0, "transform", "product: both factors are computed");
}
END_TEST

START_TEST (activation_that_ends_in_software_is_no_layer)
{
  int forked;

  begin_flat (4, EST_TYPE_UINT (2));
  then_unit ("mm0", "act0", 0.37f);
  forked = path;
  then_unit ("mm1", "act1", 0.37f);
  then ("Softmax", "end", -1);
  path = forked;
  then ("Softmax", "other", -1);
  assert_layers (0, 1, one_unit);
}
END_TEST

/* 2^2.5 - 1 are four thresholds, of a type of two bits */
START_TEST (fractional_bits_behind_a_relu)
{
  struct outcome o;

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 6, 2, 1, ternary, N (ternary));
  then ("Relu", "relu", -1);
  then_quant ("act0", 1, 2.5f, 0, 0);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_int_eq (o.layers[0].thresholds.steps, 4);
  ck_assert_int_eq (o.layers[0].out.bits, 2);
  release (&o);
}
END_TEST

START_TEST (fractional_bits_elsewhere_are_refused)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 6, 2, 1, ternary, N (ternary));
  then_quant ("act0", 1, 2.5f, 1, 0);
  assert_refused (0, "transform", "act0: ");
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 6, 2.5f, 1, ternary, N (ternary));
  assert_refused (0, "transform", "weights: ");
}
END_TEST

/* An image of one pixel, flattened before the classifier. */
static void
begin_classifier (void)
{
  begin (4, (const int64_t[]){ 1, 3, 3, 3 }, EST_TYPE_UINT (4));
  then_conv ("conv", 4, 0, 1);
  then ("Relu", "relu0", -1);
  then_quant ("act0", 1, 4, 0, 0);
  then_reshape ("flatten", 2, (const int64_t[]){ 1, 4 });
  then_matmul ("fc", 6, 2, 1, ternary, N (ternary));
}

/* The steps for MobileNet move a flatten of single pixels past products; past an activation it does not go. */
START_TEST (flatten_stops_at_an_activation)
{
  struct outcome o;

  begin_classifier ();
  ck_assert_int_eq (finish_flow (&o, 1, EST_FLOW_MOBILENET), 0);
  release (&o);
  begin_classifier ();
  then ("Relu", "relu1", -1);
  then_quant ("act1", 1, 4, 0, 0);
  ck_assert_int_eq (finish_flow (&o, 1, EST_FLOW_MOBILENET), -1);
  ck_assert_str_eq (o.err.category, "transform");
  release (&o);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    join_is_refused,
    heads_behind_a_factor_are_software,
    heads_that_read_integers_are_refused,
    layers_behind_a_fork_are_refused,
    sum_of_scaled_activations_is_software,
    product_of_what_is_computed_is_refused,
    activation_that_ends_in_software_is_no_layer,
    fractional_bits_behind_a_relu,
    fractional_bits_elsewhere_are_refused,
    flatten_stops_at_an_activation,
  };

  return run_tests ("est_forks", tests, N (tests), 0);
}
