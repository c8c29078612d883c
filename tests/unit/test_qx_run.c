/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: running whole models, and tensors that belong to none. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

static void
check_floats (const struct qx_tensor *tensor, const float *want, size_t n)
{
  struct qx_error err = { { 0 }, NULL };
  const float *got = qx_tensor_floats (tensor, &err);
  size_t i;

  ck_assert_uint_eq (qx_tensor_n_elements (tensor), n);
  for (i = 0; i < n; i++)
    ck_assert_msg (got[i] == want[i] || (isnan (got[i]) && isnan (want[i])), "element %zu is %g, not %g", i,
                   (double) got[i], (double) want[i]);
}

/* ---- runs ---- */

/* Of qx_exported_model: halves the input, multiplies by the weights, adds the bias. */
static const float examples[] = { 2, 4, 6, 8, 0, 0, 0, 2, 2, 0, 0, 0 };
static const float results[] = { 0.5F, -3, 2.5F, 1.5F, -1, -0.5F, -1.5F, 1, 0.5F };

START_TEST (a_model_runs_again_and_again)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_runner *runner = qx_runner_of (model, NULL);
  struct qx_tensor *input = qx_tensor_of (2, (int64_t[]){ 1, 4 }, examples), *output;
  struct qx_error err = { { 0 }, NULL };
  int i;

  ck_assert_uint_eq (qx_runner_n_inputs (runner), 1);
  ck_assert_str_eq (qx_runner_input (runner, 0), "x");
  ck_assert_uint_eq (qx_runner_n_outputs (runner), 1);
  ck_assert_str_eq (qx_runner_output (runner, 0), "y");
  for (i = 0; i < 3; i++) {
    ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), &err);
    check_floats (output, results, 3);
    qx_tensor_free (output);
  }
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

START_TEST (more_examples_than_the_batch_are_run_piece_by_piece)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_runner *runner = qx_runner_of (model, NULL);
  struct qx_tensor *input = qx_tensor_of (2, (int64_t[]){ 3, 4 }, examples), *output;
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), &err);
  ck_assert_int_eq (qx_tensor_dims (output)[0], 3);
  check_floats (output, results, 9);
  qx_tensor_free (output);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

/* A batch of two, and three examples: the second piece is half empty, and nothing of that half comes out. */
START_TEST (a_last_piece_that_is_not_full_gives_only_its_examples)
{
  const int64_t dims[] = { 2, 2 };
  const float values[] = { 1, -2, 3, -4, 5, -6 }, want[] = { 1, 0, 3, 0, 5, 0 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("relu", 13, &err);
  struct qx_tensor *input = qx_tensor_of (2, (int64_t[]){ 3, 2 }, values), *output;
  struct qx_runner *runner;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 2, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, dims, 2, &err), &err);
  qx_add (model, "Relu", "x", NULL, "y");
  runner = qx_runner_of (model, NULL);
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), &err);
  check_floats (output, want, 6);
  qx_tensor_free (output);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

/* ---- piece by piece ---- */

struct seen {
  int64_t pieces, examples, stop; /* stop: the example at which to fail, or -1 */
  float sum;
};

static int
look (void *closure, int64_t first, int64_t n, struct qx_tensor *const *outputs, struct qx_error *err)
{
  struct seen *seen = closure;
  const float *data = qx_tensor_floats (outputs[0], err);

  ck_assert_int_eq (first, seen->examples);
  ck_assert_int_eq (qx_tensor_dims (outputs[0])[0], n);
  seen->pieces++;
  seen->examples += n;
  for (size_t i = 0; i < qx_tensor_n_elements (outputs[0]); i++)
    seen->sum += data[i];
  return first == seen->stop ? -1 : 0;
}

/* y = relu (x) + z; a batch of rows (-1: any number) of two numbers, and z of two numbers for all. */
static struct qx_model *
sum_model (int64_t batch)
{
  const int64_t rows[] = { batch, 2 }, two[] = { 2 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("sum", 13, &err);

  ck_ok (qx_add_input (model, "x", QX_FLOAT, rows, 2, &err), &err);
  ck_ok (qx_add_input (model, "z", QX_FLOAT, two, 1, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, rows, 2, &err), &err);
  qx_add (model, "Relu", "x", NULL, "r");
  qx_add (model, "Add", "r", "z", "y");
  return model;
}

static const struct {
  int64_t batch, examples, pieces;
} batches[] = {
  { 2, 5, 3 }, { 5, 5, 1 }, { 8, 5, 1 }, { -1, 5, 1 }, { -1, 70, 2 }, { 1, 3, 3 }, { 4, 0, 0 }
};

START_TEST (examples_are_shown_piece_by_piece)
{
  static const float numbers[140] = { 1, -2, 3, -4, 5, -6, 7, -8, 9, -10 }, shift[] = { 10, 20 };
  int64_t n = batches[_i].examples;
  struct qx_model *model = sum_model (batches[_i].batch);
  struct qx_runner *runner = qx_runner_of (model, NULL);
  struct qx_tensor *inputs[] = { qx_tensor_of (2, (int64_t[]){ n, 2 }, numbers),
                                 qx_tensor_of (1, (int64_t[]){ 2 }, shift) };
  const struct qx_tensor *const *given = (const struct qx_tensor *const *) inputs;
  struct seen seen = { 0, 0, -1, 0 };
  struct qx_error err = { { 0 }, NULL };

  ck_assert_int_eq (qx_run_examples (runner, given), n);
  ck_ok (qx_run_batches (runner, given, look, &seen, &err), &err);
  ck_assert_int_eq (seen.pieces, batches[_i].pieces);
  ck_assert_int_eq (seen.examples, n);
  ck_assert_float_eq (seen.sum, 30 * (float) n + (n == 0 ? 0 : n == 3 ? 1 + 3 + 5 : 1 + 3 + 5 + 7 + 9));
  qx_tensor_free (inputs[0]);
  qx_tensor_free (inputs[1]);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

START_TEST (whoever_looks_can_end_the_run)
{
  static const float numbers[6] = { 1 }, shift[] = { 0, 0 };
  struct qx_model *model = sum_model (1);
  struct qx_runner *runner = qx_runner_of (model, NULL);
  struct qx_tensor *inputs[] = { qx_tensor_of (2, (int64_t[]){ 3, 2 }, numbers),
                                 qx_tensor_of (1, (int64_t[]){ 2 }, shift) };
  struct seen seen = { 0, 0, 1, 0 };
  struct qx_error err = { { 0 }, NULL };

  ck_assert_int_eq (qx_run_batches (runner, (const struct qx_tensor *const *) inputs, look, &seen, &err), -1);
  ck_assert_int_eq (seen.pieces, 2);
  ck_assert_str_eq (err.category, "");
  qx_tensor_free (inputs[0]);
  inputs[0] = qx_tensor_of (1, (int64_t[]){ 3 }, numbers);
  ck_assert_int_eq (qx_run_batches (runner, (const struct qx_tensor *const *) inputs, look, &seen, &err), -1);
  ck_error (&err, "config", "x");
  qx_tensor_free (inputs[0]);
  qx_tensor_free (inputs[1]);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

START_TEST (rows_are_cut_out_of_a_tensor)
{
  static const float numbers[] = { 1, 2, 3, 4, 5, 6 };
  struct qx_tensor *tensor = qx_tensor_of (2, (int64_t[]){ 3, 2 }, numbers), *rows,
                   *scalar = qx_tensor_of (0, NULL, numbers);
  struct qx_error err = { { 0 }, NULL };

  rows = qx_tensor_rows (tensor, 1, 2, &err);
  ck_assert_int_eq (qx_tensor_dims (rows)[0], 2);
  check_floats (rows, numbers + 2, 4);
  qx_tensor_free (rows);
  rows = qx_tensor_rows (tensor, 3, 0, &err);
  ck_assert_uint_eq (qx_tensor_n_elements (rows), 0);
  qx_tensor_free (rows);
  ck_assert_ptr_null (qx_tensor_rows (tensor, 2, 2, &err));
  ck_error (&err, "transform", "no rows 2 to 4");
  ck_assert_ptr_null (qx_tensor_rows (tensor, -1, 1, &err));
  ck_error (&err, "transform", "no rows -1 to 0");
  ck_assert_ptr_null (qx_tensor_rows (scalar, 0, 1, &err));
  ck_error (&err, "transform", "no rows");
  qx_tensor_free (tensor);
  qx_tensor_free (scalar);
}
END_TEST

START_TEST (tensors_inside_are_given_out_on_request)
{
  const char *const names[] = { "scaled", "weight_q" };
  const struct qx_run_options options = { .tensors = names, .n_tensors = 2 };
  const float scaled[] = { 1, 2, 3, 4 }, weights[] = { -2, -1, 0, 1, 1, 0, 0, -1, 1, 1, 0, 0 };
  struct qx_model *model = qx_exported_model ();
  struct qx_runner *runner = qx_runner_of (model, &options);
  struct qx_tensor *input = qx_tensor_of (2, (int64_t[]){ 1, 4 }, examples), *outputs[3];
  struct qx_error err = { { 0 }, NULL };
  size_t i;

  ck_assert_uint_eq (qx_runner_n_outputs (runner), 3);
  ck_assert_str_eq (qx_runner_output (runner, 2), "weight_q");
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, outputs, &err), &err);
  check_floats (outputs[0], results, 3);
  check_floats (outputs[1], scaled, 4);
  check_floats (outputs[2], weights, 12);
  for (i = 0; i < 3; i++)
    qx_tensor_free (outputs[i]);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

/* ---- what is refused ---- */

static void
check_refused (struct qx_model *model, const struct qx_run_options *options, const char *category,
               const char *part)
{
  struct qx_error err = { { 0 }, NULL };

  ck_assert_ptr_null (qx_runner_new (model, options, &err));
  ck_error (&err, category, part);
  qx_model_free (model);
}

START_TEST (an_operator_that_is_not_offered_is_named)
{
  const char *const names[] = { "nowhere" };
  const struct qx_run_options options = { .tensors = names, .n_tensors = 1 };
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_node_set_op (model, qx_producer (model, "y"), "Sorcery", "", &err), &err);
  ck_ok (qx_node_set_name (model, qx_producer (model, "y"), "last", &err), &err);
  check_refused (model, NULL, "model_load", "node last: operator Sorcery (ai.onnx, 11) is not offered");
  check_refused (qx_exported_model (), &options, "config", "tensor nowhere");
}
END_TEST

/* A node that no output needs does not count. */
START_TEST (what_no_output_needs_is_not_run)
{
  struct qx_model *model = qx_exported_model ();

  qx_add (model, "Sorcery", "scaled", NULL, "aside");
  qx_runner_free (qx_runner_of (model, NULL));
  qx_model_free (model);
}
END_TEST

START_TEST (inputs_that_do_not_fit_are_named)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_runner *runner = qx_runner_of (model, NULL);
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *wide = qx_tensor_of (2, (int64_t[]){ 1, 6 }, examples), *output;
  struct qx_tensor *integers = qx_tensor_create (QX_INT32, (int64_t[]){ 1, 4 }, 2, NULL, 0, &err);
  const struct qx_tensor *none = NULL;

  ck_assert_int_eq (qx_run (runner, (const struct qx_tensor *const *) &wide, &output, &err), -1);
  ck_error (&err, "config", "input x: what was given has another shape");
  ck_assert_ptr_null (output);
  ck_assert_int_eq (qx_run (runner, (const struct qx_tensor *const *) &integers, &output, &err), -1);
  ck_error (&err, "config", "input x: is of type FLOAT, and INT32 was given");
  ck_assert_int_eq (qx_run (runner, &none, &output, &err), -1);
  ck_error (&err, "config", "input x: nothing was given");
  qx_tensor_free (wide);
  qx_tensor_free (integers);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

/* x [1] → Expand to 2^30 numbers: nothing is made before the limit is looked at. */
START_TEST (an_operator_that_asks_for_too_much_fails)
{
  const int64_t one = 1, huge = (int64_t) 1 << 30;
  const float number = 1;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("huge", 13, &err);
  const struct qx_run_options options = { .max_bytes = 1 << 20 };
  struct qx_tensor *input = qx_tensor_of (1, &one, &number), *output;
  struct qx_runner *runner;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, &one, 1, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, &huge, 1, &err), &err);
  ck_ok (qx_set_initializer_ints (model, "shape", &one, 1, &huge, &err), &err);
  ck_ok (qx_node_set_name (model, qx_add (model, "Expand", "x", "shape", "y"), "grow", &err), &err);
  runner = qx_runner_of (model, &options);
  ck_assert_int_eq (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), -1);
  ck_error (&err, "transform", "node grow (Expand): its result is larger than the limit of memory");
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

/* x of no elements and weights of none: it would take 2^64 columns, which is 0 in a size_t. */
static void
check_columns (const char *op_type, const int64_t *in, const int64_t *weights, const int64_t *out,
               const char *attribute, const int64_t *list, size_t n)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("columns", 13, &err);
  struct qx_tensor *input = qx_tensor_of (4, in, NULL), *output;
  struct qx_runner *runner;
  struct qx_node *node;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 4, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, out, 4, &err), &err);
  qx_floats (model, "w", 4, weights, NULL);
  node = qx_add (model, op_type, "x", "w", "y");
  ck_ok (qx_node_set_ints (model, node, attribute, list, n, &err), &err);
  runner = qx_runner_of (model, NULL);
  ck_assert_int_eq (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), -1);
  ck_error (&err, "transform", "its result is larger than the limit of memory");
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}

START_TEST (columns_that_no_memory_holds_are_refused)
{
  /* 2^24 channels, and 2^20 times 2^20 places between pads */
  check_columns ("Conv", (const int64_t[]){ 1, 1 << 24, 0, 1 << 16 }, (const int64_t[]){ 0, 1 << 24, 1, 1 },
                 (const int64_t[]){ 1, 0, 1 << 20, 1 << 20 }, "pads",
                 (const int64_t[]){ 1 << 19, 491520, 1 << 19, 491520 }, 4);
  /* 16 channels under a kernel of 2^20 elements, and as many places */
  check_columns ("ConvTranspose", (const int64_t[]){ 1, 0, 1 << 20, 1 << 20 },
                 (const int64_t[]){ 0, 16, 1 << 10, 1 << 10 }, (const int64_t[]){ 1, 16, 1, 1 },
                 "output_shape", (const int64_t[]){ 1, 1 }, 2);
}
END_TEST

/* Each example's result fits the limit, that of all eight does not: 8 numbers of 4 bytes. */
START_TEST (all_pieces_together_keep_to_the_limit)
{
  const int64_t one = 1, eight = 8;
  const float numbers[8] = { 0 };
  const struct qx_run_options options = { .max_bytes = 24 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("pieces", 13, &err);
  struct qx_tensor *input = qx_tensor_of (1, &eight, numbers), *output;
  struct qx_runner *runner;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, &one, 1, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, &one, 1, &err), &err);
  qx_add (model, "Relu", "x", NULL, "y");
  runner = qx_runner_of (model, &options);
  ck_assert_int_eq (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), -1);
  ck_error (&err, "transform", "output y: of all examples it is larger than the limit of memory");
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

/* ---- annotations ---- */

static int
run_annotated (float value, int ignore, float *result, struct qx_error *err)
{
  const int64_t one = 1;
  const float half = 0.5F;
  const struct qx_run_options options = { .ignore_datatypes = ignore };
  struct qx_dtype dtype;
  struct qx_model *model = qx_model_new ("annotated", 13, err);
  struct qx_tensor *input = qx_tensor_of (1, &one, &value), *output;
  struct qx_runner *runner;
  int ret;

  ck_ok (qx_dtype_parse ("INT4", &dtype, err), err);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, &one, 1, err), err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, &one, 1, err), err);
  qx_floats (model, "half", 0, NULL, &half);
  qx_add (model, "Mul", "x", "half", "product");
  qx_add (model, "Identity", "product", NULL, "y");
  ck_ok (qx_set_tensor_dtype (model, "product", &dtype, err), err);
  runner = qx_runner_of (model, &options);
  ret = qx_run (runner, (const struct qx_tensor *const *) &input, &output, err);
  if (ret == 0)
    *result = qx_tensor_floats (output, err)[0];
  qx_tensor_free (output);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
  return ret;
}

START_TEST (noise_in_tensors_of_integers_is_rounded_away)
{
  struct qx_error err = { { 0 }, NULL };
  float result = 0;

  ck_ok (run_annotated (6.01F, 0, &result, &err), &err);
  ck_assert (result == 3);
  ck_ok (run_annotated (6.01F, 1, &result, &err), &err);
  ck_assert (result == 6.01F * 0.5F);
  ck_assert_int_eq (run_annotated (6.5F, 0, &result, &err), -1);
  ck_error (&err, "transform", "tensor product: 3.25 is no integer");
  /* out of range, but whole: as it is */
  ck_ok (run_annotated (200, 0, &result, &err), &err);
  ck_assert (result == 100);
}
END_TEST

/* ---- the list ---- */

START_TEST (operators_are_listed_once_each)
{
  size_t i, n = qx_n_operators (), n_onnx = 0;

  for (i = 0; i < n; i++) {
    struct qx_operator op = qx_operator_at (i);
    ck_assert_int_ge (op.since, 1);
    n_onnx += op.domain[0] == '\0';
    if (i > 0 && strcmp (op.domain, qx_operator_at (i - 1).domain) == 0)
      ck_assert_str_gt (op.op_type, qx_operator_at (i - 1).op_type);
  }
  ck_assert_uint_ge (n_onnx, 100);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, a_model_runs_again_and_again);
  tcase_add_test (tests, more_examples_than_the_batch_are_run_piece_by_piece);
  tcase_add_test (tests, a_last_piece_that_is_not_full_gives_only_its_examples);
  tcase_add_loop_test (tests, examples_are_shown_piece_by_piece, 0, sizeof batches / sizeof *batches);
  tcase_add_test (tests, whoever_looks_can_end_the_run);
  tcase_add_test (tests, rows_are_cut_out_of_a_tensor);
  tcase_add_test (tests, tensors_inside_are_given_out_on_request);
  tcase_add_test (tests, an_operator_that_is_not_offered_is_named);
  tcase_add_test (tests, what_no_output_needs_is_not_run);
  tcase_add_test (tests, inputs_that_do_not_fit_are_named);
  tcase_add_test (tests, an_operator_that_asks_for_too_much_fails);
  tcase_add_test (tests, columns_that_no_memory_holds_are_refused);
  tcase_add_test (tests, all_pieces_together_keep_to_the_limit);
  tcase_add_test (tests, noise_in_tensors_of_integers_is_rounded_away);
  tcase_add_test (tests, operators_are_listed_once_each);
  tcase_set_timeout (tests, 60);
  return run_case ("qx_run", tests);
}
