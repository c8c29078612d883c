/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: where a run is exact, to the last bit: products of whole numbers, and integers that a float64 would round. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

/* ---- products ---- */

#define SIDE 200 /* eight million multiplications: more than what plain loops are left with */

/* Whole numbers: whoever multiplies them, the result is the same to the last bit. */
START_TEST (large_products_of_whole_numbers_are_exact)
{
  const int64_t dims[] = { SIDE, SIDE };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("product", 13, &err);
  float *a = calloc (SIDE * SIDE, sizeof *a);
  struct qx_tensor *input, *output;
  struct qx_runner *runner;
  const float *got;
  int64_t i, j, k;

  ck_assert_ptr_nonnull (a);
  for (i = 0; i < SIDE * SIDE; i++)
    a[i] = (float) (i * 7 % 31 - 15);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 2, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, dims, 2, &err), &err);
  qx_floats (model, "w", 2, dims, a);
  qx_add (model, "MatMul", "x", "w", "y");
  runner = qx_runner_of (model, NULL);
  input = qx_tensor_of (2, dims, a);
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), &err);
  got = qx_tensor_floats (output, &err);
  for (i = 0; i < SIDE; i += 33)
    for (j = 0; j < SIDE; j++) {
      int64_t sum = 0;
      for (k = 0; k < SIDE; k++)
        sum += (int64_t) a[i * SIDE + k] * (int64_t) a[k * SIDE + j];
      ck_assert (got[i * SIDE + j] == (float) sum);
    }
  qx_tensor_free (output);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
  free (a);
}
END_TEST

/* ---- integers of 64 bits, which float64 would round ---- */

static int64_t
reduced (const char *op_type, int64_t n, const int64_t *in)
{
  const int64_t one = 1;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("reduce", 13, &err);
  struct qx_tensor *input = qx_tensor_create (QX_INT64, &n, 1, in, (size_t) n * sizeof *in, &err), *output;
  struct qx_runner *runner;
  int64_t result;

  ck_ok (qx_add_input (model, "x", QX_INT64, &n, 1, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_INT64, &one, 1, &err), &err);
  qx_add (model, op_type, "x", NULL, "y");
  runner = qx_runner_of (model, NULL);
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), &err);
  result = qx_tensor_ints (output, &err)[0];
  qx_tensor_free (output);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
  return result;
}

START_TEST (large_integers_are_reduced_exactly)
{
  const int64_t odd = (INT64_C (1) << 53) + 1, ends[] = { odd, INT64_MAX, INT64_MIN }, pair[] = { odd, 3 };

  ck_assert_int_eq (reduced ("ReduceMax", 3, ends), INT64_MAX);
  ck_assert_int_eq (reduced ("ReduceMax", 1, ends), odd);
  ck_assert_int_eq (reduced ("ReduceMin", 2, ends), odd);
  ck_assert_int_eq (reduced ("ReduceMin", 3, ends), INT64_MIN);
  ck_assert_int_eq (reduced ("ReduceProd", 2, pair), 3 * odd);
  /* ONNX: of nothing the minimum is the type's largest number, the maximum its smallest */
  ck_assert_int_eq (reduced ("ReduceMin", 0, NULL), INT64_MAX);
  ck_assert_int_eq (reduced ("ReduceMax", 0, NULL), INT64_MIN);
}
END_TEST

/* x [n] → … → y [m], of one type. */
static struct qx_model *
whole_model (int elem_type, int64_t n, int64_t m)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("whole", 18, &err);

  ck_ok (qx_add_input (model, "x", elem_type, &n, 1, &err), &err);
  ck_ok (qx_add_output (model, "y", elem_type, &m, 1, &err), &err);
  return model;
}

static struct qx_node *
whole_node (struct qx_model *model, const char *op_type, const char *const *in, size_t n, const char *out)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *node = qx_node_insert (model, SIZE_MAX, op_type, "", "", in, n, &out, 1, &err);

  ck_assert_msg (node != NULL, "%s", qx_error_text (&err));
  return node;
}

/* Runs the model on n numbers of 64 bits, and frees it; it gives m, of the same type. */
static void
assert_whole (struct qx_model *model, int64_t n, const void *in, size_t m, const void *wanted)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *input = qx_tensor_create (qx_elem_type (model, "x"), &n, 1, in, 8 * (size_t) n, &err),
                   *output;
  struct qx_runner *runner = qx_runner_of (model, NULL);
  size_t size;

  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), &err);
  ck_assert_mem_eq (qx_tensor_bytes (output, &size, &err), wanted, 8 * m);
  ck_assert_uint_eq (size, 8 * m);
  qx_tensor_free (output);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}

static void
set_ints (struct qx_model *model, const char *name, int64_t n, const int64_t *values)
{
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_set_initializer_ints (model, name, &n, 1, values, &err), &err);
}

#define ODD ((INT64_C (1) << 53) + 1)

START_TEST (running_sums_of_large_integers_are_exact)
{
  const int64_t in[] = { ODD, 2, ODD }, sums[] = { ODD, ODD + 2, 2 * ODD + 2 };
  const int64_t before_backwards[] = { ODD + 2, ODD, 0 }, axis = 0;
  const char *const names[] = { "x", "axis" };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = whole_model (QX_INT64, 3, 3);
  struct qx_node *node;

  set_ints (model, "axis", 1, &axis);
  whole_node (model, "CumSum", names, 2, "y");
  assert_whole (model, 3, in, 3, sums);
  model = whole_model (QX_INT64, 3, 3);
  set_ints (model, "axis", 1, &axis);
  node = whole_node (model, "CumSum", names, 2, "y");
  ck_ok (qx_node_set_int (model, node, "exclusive", 1, &err), &err);
  ck_ok (qx_node_set_int (model, node, "reverse", 1, &err), &err);
  assert_whole (model, 3, in, 3, before_backwards);
}
END_TEST

static void
assert_scattered (const char *op_type, const char *reduction, int64_t update, int64_t wanted)
{
  const int64_t in[] = { 7, ODD }, out[] = { 7, wanted }, index[] = { 1 }, nd_dims[] = { 1, 1 };
  const char *const names[] = { "x", "at", "updates" };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = whole_model (QX_INT64, 2, 2);
  struct qx_node *node;

  ck_ok (
      qx_set_initializer_ints (model, "at", nd_dims, strcmp (op_type, "ScatterND") == 0 ? 2 : 1, index, &err),
      &err);
  set_ints (model, "updates", 1, &update);
  node = whole_node (model, op_type, names, 3, "y");
  ck_ok (qx_node_set_string (model, node, "reduction", reduction, &err), &err);
  assert_whole (model, 2, in, 2, out);
}

START_TEST (large_integers_are_put_back_exactly)
{
  static const char *const ops[] = { "ScatterND", "ScatterElements" };

  for (size_t i = 0; i < 2; i++) {
    assert_scattered (ops[i], "add", 2, ODD + 2);
    assert_scattered (ops[i], "mul", 3, 3 * ODD);
    assert_scattered (ops[i], "max", ODD - 1, ODD);
    assert_scattered (ops[i], "max", ODD + 1, ODD + 1);
    assert_scattered (ops[i], "min", ODD - 1, ODD - 1);
    assert_scattered (ops[i], "min", ODD + 1, ODD);
    assert_scattered (ops[i], "none", 5, 5);
  }
}
END_TEST

static void
assert_ranked (int elem_type, int largest, const void *in, const void *wanted)
{
  const int64_t two = 2;
  const char *const names[] = { "x", "k" }, *outputs[] = { "y", "at" };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = whole_model (elem_type, 3, 2);
  struct qx_node *node;

  set_ints (model, "k", 1, &two);
  node = qx_node_insert (model, SIZE_MAX, "TopK", "", "", names, 2, outputs, 2, &err);
  ck_assert_ptr_nonnull (node);
  ck_ok (qx_node_set_int (model, node, "largest", largest, &err), &err);
  assert_whole (model, 3, in, 2, wanted);
}

START_TEST (large_integers_are_ranked_by_their_last_digit)
{
  const int64_t in[] = { ODD, INT64_MIN, ODD + 1 }, largest[] = { ODD + 1, ODD };
  const int64_t smallest[] = { INT64_MIN, ODD };
  const uint64_t plain[] = { UINT64_MAX - 1, UINT64_MAX, 1 }, most[] = { UINT64_MAX, UINT64_MAX - 1 };
  const uint64_t least[] = { 1, UINT64_MAX - 1 };

  assert_ranked (QX_INT64, 1, in, largest);
  assert_ranked (QX_INT64, 0, in, smallest);
  assert_ranked (QX_UINT64, 1, plain, most);
  assert_ranked (QX_UINT64, 0, plain, least);
}
END_TEST

START_TEST (products_of_large_integers_are_exact)
{
  const int64_t in[] = { ODD, 5, ODD }, products[] = { 3 * ODD, 5, ODD }, factors[] = { 3, 1, 1 };
  const char *const names[] = { "x", "f" };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = whole_model (QX_INT64, 3, 3);
  struct qx_node *node;

  set_ints (model, "f", 3, factors);
  node = whole_node (model, "Einsum", names, 2, "y");
  ck_ok (qx_node_set_string (model, node, "equation", "i,i->i", &err), &err);
  assert_whole (model, 3, in, 3, products);
}
END_TEST

START_TEST (the_largest_unsigned_integers_are_written_and_read_as_text)
{
  const int64_t one = 1;
  const uint64_t most = UINT64_MAX;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("text", 13, &err);
  struct qx_tensor *input = qx_tensor_create (QX_UINT64, &one, 1, &most, sizeof most, &err), *outputs[2];
  struct qx_runner *runner;
  size_t size;

  ck_ok (qx_add_input (model, "x", QX_UINT64, &one, 1, &err), &err);
  ck_ok (qx_add_output (model, "whole", QX_UINT64, &one, 1, &err), &err);
  ck_ok (qx_add_output (model, "double", QX_DOUBLE, &one, 1, &err), &err);
  ck_ok (qx_node_set_int (model, qx_add (model, "Cast", "x", NULL, "text"), "to", QX_STRING, &err), &err);
  ck_ok (qx_node_set_int (model, qx_add (model, "Cast", "text", NULL, "whole"), "to", QX_UINT64, &err), &err);
  ck_ok (qx_node_set_int (model, qx_add (model, "Cast", "text", NULL, "double"), "to", QX_DOUBLE, &err),
         &err);
  runner = qx_runner_of (model, NULL);
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, outputs, &err), &err);
  ck_assert_mem_eq (qx_tensor_bytes (outputs[0], &size, &err), &most, sizeof most);
  ck_assert (qx_tensor_doubles (outputs[1], &err)[0] == 0x1p64);
  qx_tensor_free (outputs[0]);
  qx_tensor_free (outputs[1]);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    large_products_of_whole_numbers_are_exact,
    large_integers_are_reduced_exactly,
    running_sums_of_large_integers_are_exact,
    large_integers_are_put_back_exactly,
    large_integers_are_ranked_by_their_last_digit,
    products_of_large_integers_are_exact,
    the_largest_unsigned_integers_are_written_and_read_as_text,
  };

  return run_tests ("qx_run_exact", tests, sizeof tests / sizeof tests[0], 60);
}
