/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over constants: the parts of a Gemm, quantised biases, operands on either side, and labels behind them. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/est_outcome.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static const float ternary[] = { 1, 0, -1, 1, 1 };
static const enum est_op merged[] = { EST_MVAU, EST_MVAU };
static const enum est_op labelled[] = { EST_MVAU, EST_LABELSELECT };

/* Weights of two bits with scale 1. */
static struct est_gnode *
then_gemm (const char *name, int64_t columns, int bias)
{
  const int64_t rows = graph.tensors[path].dims[1];
  int constant = add_constant (2, (const int64_t[]){ rows, columns }, ternary, N (ternary));
  int weights = quant_of (constant, "weights", 1, 0, 2, 1, 1)->outputs[0];
  int output = add_tensor ("t", 2, (const int64_t[]){ 1, columns });
  const int inputs[3] = { path, weights, bias };
  struct est_gnode *n = add_node ("Gemm", name, bias >= 0 ? 3 : 2, inputs, output);

  path = output;
  return n;
}

static void
set_float (struct est_gnode *n, const char *name, double value)
{
  set_int (n, name, 0);
  n->attrs[n->n_attrs - 1].f = value;
}

static int
vector (int64_t n, float value)
{
  return add_constant (1, &n, &value, 1);
}

START_TEST (gemm_takes_a_quantised_bias)
{
  for (int bits = 8; bits <= 32; bits += 8) {
    struct outcome o;

    begin_flat (8, EST_TYPE_UINT (4));
    then_gemm ("fc0", 6, quant_of (vector (6, 0.5f), "bias", 0.25f, 0, (float) bits, 1, 0)->outputs[0]);
    then_quant ("act0", 1, 2, 1, 1);
    then_matmul ("mm1", 3, 2, 1, ternary, 5);
    ck_assert_msg (finish (&o, 0) == 0, "%s", br_error_text (&o.err));
    ck_assert_uint_eq (o.n, 2);
    /* thresholds -1/2 and 1/2, less 1/2: -1 and 0 */
    ck_assert_double_eq (o.layers[0].thresholds.low, -1);
    ck_assert_double_eq (o.layers[0].thresholds.high, 0);
    release (&o);
  }
}
END_TEST

START_TEST (gemm_without_bias_is_refused)
{
  begin_flat (8, EST_TYPE_UINT (4));
  then_gemm ("fc0", 6, -1);
  assert_refused (0, "transform", "fc0: ");
}
END_TEST

START_TEST (gemm_with_beta_is_refused_and_with_alpha_is_not)
{
  begin_flat (8, EST_TYPE_UINT (4));
  set_float (then_gemm ("fc0", 6, vector (6, 0.5f)), "beta", 0.5);
  assert_refused (0, "transform", "fc0: ");
  begin_flat (8, EST_TYPE_UINT (4));
  set_float (then_gemm ("fc0", 6, vector (6, 0.5f)), "alpha", 0.5);
  then_quant ("act0", 1, 2, 1, 1);
  then_matmul ("mm1", 3, 2, 1, ternary, 5);
  assert_layers (0, 2, merged);
}
END_TEST

START_TEST (quantised_bias_may_have_no_axes)
{
  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then ("Add", "bias", quant_of (add_scalar (0.5f), "q", 0.25f, 0, 8, 1, 0)->outputs[0]);
  then_quant ("act0", 1, 2, 1, 1);
  then_matmul ("mm1", 3, 2, 1, ternary, 5);
  assert_layers (0, 2, merged);
}
END_TEST

/* A zero counts as +1, and nothing is clamped or rounded: column sums are those of signs. */
START_TEST (weights_of_one_signed_bit_are_signs)
{
  struct outcome o;

  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 1, 1, 0, (const float[]){ 0, 0.2f, -0.2f, -3 }, 4);
  ck_assert_msg (finish (&o, 0) == 0, "%s", br_error_text (&o.err));
  ck_assert (est_type_equal (o.layers[0].weight, EST_TYPE_BIPOLAR));
  ck_assert_double_eq (o.layers[0].columns[0].positive, 4);
  ck_assert_double_eq (o.layers[0].columns[0].negative, -4);
  release (&o);
}
END_TEST

static struct est_gnode *
then_topk (void)
{
  struct est_gnode *n = then ("TopK", "labels", add_scalar (1));

  n->outputs[1] = add_tensor ("indices", 2, (const int64_t[]){ 1, 1 });
  n->n_outputs = 2;
  graph.tensors[n->outputs[0]].is_output = graph.tensors[n->outputs[1]].is_output = 1;
  return n;
}

START_TEST (labels_whose_values_are_an_output_too_are_a_layer)
{
  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then_topk ();
  assert_layers (0, 2, labelled);
}
END_TEST

/* The constant is the first input. */
static void
then_first (const char *op, const char *name, int constant)
{
  int *inputs = then (op, name, constant)->inputs;

  inputs[1] = inputs[0];
  inputs[0] = constant;
}

START_TEST (factor_that_comes_first_is_refused)
{
  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then_first ("Mul", "swapped", add_scalar (1));
  then_quant ("act0", 1, 2, 1, 1);
  then_matmul ("mm1", 3, 2, 1, ternary, 5);
  assert_refused (0, "transform", "swapped: ");
}
END_TEST

START_TEST (term_that_comes_first_is_refused_where_it_would_be_combined)
{
  for (int between = 0; between < 2; between++) {
    begin_flat (8, EST_TYPE_UINT (4));
    then_matmul ("mm0", 6, 2, 1, ternary, 5);
    then_first ("Add", "swapped", add_scalar (0.5f));
    if (between)
      then ("Mul", "factor", add_scalar (0.5f));
    then_quant ("act0", 1, 2, 1, 1);
    then_matmul ("mm1", 3, 2, 1, ternary, 5);
    assert_refused (0, "transform", "swapped: ");
  }
  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then ("Add", "term", add_scalar (0.5f));
  then_first ("Add", "swapped", add_scalar (0.5f));
  then_topk ();
  assert_refused (0, "transform", "swapped: ");
}
END_TEST

START_TEST (term_that_comes_first_stays_outside_elsewhere)
{
  static const enum est_op ops[] = { EST_MVAU };

  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then_first ("Add", "swapped", add_scalar (0.5f));
  then_topk ();
  assert_layers (0, 1, ops);
}
END_TEST

/* A factor with three axes makes weights with three. */
START_TEST (negative_factor_of_three_axes_is_refused)
{
  for (int rank = 2; rank <= 3; rank++) {
    const float minus = -0.5f;

    begin_flat (8, EST_TYPE_UINT (4));
    then_matmul ("mm0", 6, 2, 1, ternary, 5);
    then ("Mul", "factor", add_constant (rank, (const int64_t[]){ 1, 1, 1 }, &minus, 1));
    then_quant ("act0", 1, 2, 1, 1);
    then_matmul ("mm1", 3, 2, 1, ternary, 5);
    if (rank == 2)
      assert_layers (0, 2, merged);
    else
      assert_refused (0, "transform", "act0: ");
  }
}
END_TEST

START_TEST (sign_that_nothing_reads_is_refused)
{
  begin_flat (8, EST_TYPE_UINT (4));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then ("Sign", "last", -1);
  assert_refused (0, "transform", "last: ");
}
END_TEST

START_TEST (weights_quantised_twice_are_refused_unless_the_first_scale_is_1)
{
  struct outcome o;
  const float scales[] = { 1, 0.25f };

  for (size_t i = 0; i < N (scales); i++) {
    int constant, inner;

    begin_flat (8, EST_TYPE_UINT (4));
    then_matmul ("mm0", 6, 2, 1, ternary, 5);
    constant = add_constant (2, (const int64_t[]){ 6, 3 }, ternary, N (ternary));
    inner = quant_of (constant, "inner", scales[i], 0, 4, 1, 1)->outputs[0];
    then_product ("mm1", quant_of (inner, "outer", 0.25f, 0, 4, 1, 1)->outputs[0], 3);
    if (i > 0) {
      assert_refused (0, "transform", "inner: ");
      continue;
    }
    ck_assert_msg (finish (&o, 0) == 0, "%s", br_error_text (&o.err));
    release (&o);
  }
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    gemm_takes_a_quantised_bias,
    gemm_without_bias_is_refused,
    gemm_with_beta_is_refused_and_with_alpha_is_not,
    quantised_bias_may_have_no_axes,
    weights_of_one_signed_bit_are_signs,
    labels_whose_values_are_an_output_too_are_a_layer,
    factor_that_comes_first_is_refused,
    term_that_comes_first_is_refused_where_it_would_be_combined,
    term_that_comes_first_stays_outside_elsewhere,
    negative_factor_of_three_axes_is_refused,
    sign_that_nothing_reads_is_refused,
    weights_quantised_twice_are_refused_unless_the_first_scale_is_1,
  };

  return run_tests ("est_terms", tests, N (tests), 0);
}
