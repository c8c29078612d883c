/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: Change3DTo4DTensors. A model of images that are one wide has to give what the model of rows gave, in the same order. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

#define LENGTH(array) (sizeof (array) / sizeof (array)[0])

static const float numbers[] = { 0.5F, -1, 2, 0.25F, -0.75F, 1.5F, 1, -2, 3, 0.125F, -0.5F, 4 };

/* x [1,2,6] */
static struct qx_model *
new_model (int64_t opset)
{
  static const int64_t in[] = { 1, 2, 6 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("rows", opset, &err);

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 3, &err), &err);
  return model;
}

static struct qx_node *
attribute (struct qx_model *model, struct qx_node *node, const char *name, size_t n, const int64_t *values)
{
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_node_set_ints (model, node, name, values, n, &err), &err);
  return node;
}

static struct qx_node *
number (struct qx_model *model, struct qx_node *node, const char *name, int64_t value)
{
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_node_set_int (model, node, name, value, &err), &err);
  return node;
}

static void
result (struct qx_model *model, const char *tensor, int elem_type)
{
  struct qx_error err = { { 0 }, NULL };
  size_t n;
  const int64_t *dims;

  ck_ok (qx_infer_shapes (model, &err), &err);
  dims = qx_shape (model, tensor, &n);
  ck_assert_ptr_nonnull (dims);
  ck_ok (qx_add_output (model, tensor, elem_type, dims, n, &err), &err);
}

/* Conv, a sum with one number for each channel, a product with a number for each place, MaxPool, BatchNormalization. */
static struct qx_model *
convolution (void)
{
  static const int64_t kernel[] = { 2, 2, 3 }, by_channel[] = { 2, 1 }, by_place[] = { 1, 1, 3 },
                       one[] = { 1 }, two[] = { 2 }, pads[] = { 1, 1 };
  static const char *const norm[] = { "m", "n0", "n1", "n2", "n3" }, *const out[] = { "n" };
  static const float variance[] = { 2, 0.5F };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (13);
  struct qx_node *node;

  qx_floats (model, "w", 3, kernel, numbers);
  qx_floats (model, "b", 2, by_channel, numbers + 2);
  qx_floats (model, "f", 3, by_place, numbers + 4);
  node = attribute (model, qx_add (model, "Conv", "x", "w", "c"), "pads", 2, pads);
  attribute (model, attribute (model, node, "strides", 1, two), "dilations", 1, one);
  qx_add (model, "Add", "c", "b", "s");
  qx_add (model, "Mul", "s", "f", "p");
  node = attribute (model, qx_add (model, "MaxPool", "p", NULL, "m"), "kernel_shape", 1, two);
  attribute (model, node, "strides", 1, one);
  for (size_t i = 1; i < 4; i++)
    qx_floats (model, norm[i], 1, two, numbers + i);
  qx_floats (model, "n3", 1, two, variance);
  ck_assert_ptr_nonnull (
      qx_node_insert (model, SIZE_MAX, "BatchNormalization", "", "", norm, 5, out, 1, &err));
  result (model, "n", QX_FLOAT);
  return model;
}

/* Transpose both ways, Flatten and a matrix product. */
static struct qx_model *
flattened (void)
{
  static const int64_t perm[] = { 0, 2, 1 }, matrix[] = { 12, 2 };
  static float w[24];
  struct qx_model *model = new_model (13);

  for (size_t i = 0; i < LENGTH (w); i++)
    w[i] = numbers[i % 12] * (float) (i + 1);
  qx_floats (model, "w", 2, matrix, w);
  attribute (model, qx_add (model, "Transpose", "x", NULL, "t"), "perm", 3, perm);
  number (model, qx_add (model, "Flatten", "t", NULL, "f"), "axis", -2);
  qx_add (model, "MatMul", "f", "w", "y");
  result (model, "y", QX_FLOAT);
  return model;
}

static struct qx_model *
turned (void)
{
  struct qx_model *model = new_model (13);

  qx_add (model, "Transpose", "x", NULL, "y");
  result (model, "y", QX_FLOAT);
  return model;
}

static struct qx_model *
reshaped (void)
{
  static const int64_t shape[] = { 1, 3, 4 }, three[] = { 3 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (13);

  ck_ok (qx_set_initializer_ints (model, "shape", three, 1, shape, &err), &err);
  qx_add (model, "Reshape", "x", "shape", "r");
  qx_add (model, "LogSoftmax", "r", NULL, "y");
  result (model, "y", QX_FLOAT);
  return model;
}

static struct qx_model *
best (int64_t keepdims, int64_t axis)
{
  struct qx_model *model = new_model (13);

  number (model, number (model, qx_add (model, "ArgMax", "x", NULL, "y"), "keepdims", keepdims), "axis",
          axis);
  result (model, "y", QX_INT64);
  return model;
}

static struct qx_model *
best_kept (void)
{
  return best (1, -1);
}

static struct qx_model *
best_dropped (void)
{
  return best (0, 1);
}

static struct qx_model *
best_two (void)
{
  static const int64_t one = 1, k = 2;
  static const char *const in[] = { "x", "k" }, *const out[] = { "y", "i" };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (13);

  ck_ok (qx_set_initializer_ints (model, "k", &one, 1, &k, &err), &err);
  ck_assert_ptr_nonnull (qx_node_insert (model, SIZE_MAX, "TopK", "", "", in, 2, out, 2, &err));
  result (model, "y", QX_FLOAT);
  return model;
}

static struct qx_model *
enlarged (int64_t opset, int by_size)
{
  static const int64_t three[] = { 3 }, size[] = { 1, 2, 12 };
  static const float scales[] = { 1, 1, 2 };
  const char *in[] = { "x", "", by_size ? "" : "s", "z" }, *out = "y";
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (opset);
  struct qx_node *node;

  if (opset < 11)
    in[1] = "s";
  if (by_size)
    ck_ok (qx_set_initializer_ints (model, "z", three, 1, size, &err), &err);
  else
    qx_floats (model, "s", 1, three, scales);
  node = qx_node_insert (model, SIZE_MAX, "Resize", "", "", in,
                         opset < 11 ? 2
                         : by_size  ? 4
                                    : 3,
                         &out, 1, &err);
  ck_assert_ptr_nonnull (node);
  ck_ok (qx_node_set_string (model, node, "mode", "nearest", &err), &err);
  if (opset >= 11)
    ck_ok (qx_node_set_string (model, node, "coordinate_transformation_mode", "asymmetric", &err), &err);
  if (opset >= 11)
    ck_ok (qx_node_set_string (model, node, "nearest_mode", "floor", &err), &err);
  result (model, "y", QX_FLOAT);
  return model;
}

static struct qx_model *
enlarged_by_scale (void)
{
  return enlarged (13, 0);
}

static struct qx_model *
enlarged_of_old (void)
{
  return enlarged (10, 0);
}

static struct qx_model *
enlarged_by_size (void)
{
  return enlarged (13, 1);
}

/* ---- running both ---- */

static struct qx_tensor *
run (struct qx_model *model)
{
  size_t n_dims;
  const int64_t *dims = qx_shape (model, "x", &n_dims);
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *in = qx_tensor_create_floats (dims, n_dims, numbers, &err), *out = NULL;
  struct qx_runner *runner = qx_runner_new (model, NULL, &err);

  ck_assert_msg (in != NULL && runner != NULL, "%s", qx_error_text (&err));
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &in, &out, &err), &err);
  qx_runner_free (runner);
  qx_tensor_free (in);
  return out;
}

static void
ck_same (const struct qx_tensor *a, const struct qx_tensor *b)
{
  size_t n = qx_tensor_n_elements (a);

  ck_assert_uint_gt (n, 0);
  ck_assert_uint_eq (n, qx_tensor_n_elements (b));
  for (size_t i = 0; i < n; i++)
    ck_assert_double_eq_tol (qx_tensor_doubles (a, NULL)[i], qx_tensor_doubles (b, NULL)[i], 1e-5);
}

/* What the entry says has to be what comes out. */
static void
ck_shape (const struct qx_model *model, const struct qx_tensor *out)
{
  size_t n;
  const int64_t *dims = qx_shape (model, qx_output (model, 0), &n);

  ck_assert_uint_eq (n, qx_tensor_n_dims (out));
  ck_assert_mem_eq (dims, qx_tensor_dims (out), n * sizeof *dims);
}

static struct qx_model *(*const models[]) (void) = { convolution,     flattened,         turned,
                                                     reshaped,        best_kept,         best_dropped,
                                                     best_two,        enlarged_by_scale, enlarged_of_old,
                                                     enlarged_by_size };

START_TEST (rows_become_images_of_the_same_numbers)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = models[_i]();
  struct qx_tensor *before = run (model), *after;
  size_t n;

  ck_ok (qx_pass_apply (model, "Change3DTo4DTensors", NULL, 0, &err), &err);
  qx_shape (model, "x", &n);
  ck_assert_uint_eq (n, 4);
  after = run (model);
  ck_same (before, after);
  ck_shape (model, after);
  qx_tensor_free (before);
  qx_tensor_free (after);
  qx_model_free (model);
}
END_TEST

START_TEST (other_operators_leave_the_model_as_it_is)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (13);
  size_t n;

  qx_add (model, "Relu", "x", NULL, "y");
  result (model, "y", QX_FLOAT);
  ck_ok (qx_pass_apply (model, "Change3DTo4DTensors", NULL, 0, &err), &err);
  qx_shape (model, "x", &n);
  ck_assert_uint_eq (n, 3);
  qx_model_free (model);
}
END_TEST

/* ---- what has no counterpart ---- */

static struct qx_model *
product (void)
{
  static const int64_t matrix[] = { 6, 2 };
  struct qx_model *model = new_model (13);

  qx_floats (model, "w", 2, matrix, numbers);
  qx_add (model, "MatMul", "x", "w", "y");
  result (model, "y", QX_FLOAT);
  return model;
}

static struct qx_model *
computed_operand (void)
{
  static const int64_t row[] = { 6 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (13);

  ck_ok (qx_add_input (model, "z", QX_FLOAT, row, 1, &err), &err);
  qx_add (model, "Add", "x", "z", "y");
  result (model, "y", QX_FLOAT);
  return model;
}

static struct qx_model *
computed_kernel (void)
{
  static const int64_t kernel[] = { 1, 2, 3 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (13);

  ck_ok (qx_add_input (model, "w", QX_FLOAT, kernel, 3, &err), &err);
  qx_add (model, "Conv", "x", "w", "y");
  result (model, "y", QX_FLOAT);
  return model;
}

static struct qx_model *
last_channels (void)
{
  static const int64_t thresholds[] = { 6, 2 }, dims[] = { 1, 2, 6 };
  static const char *const in[] = { "x", "t" }, *const out[] = { "y" };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (13);
  struct qx_node *node;

  qx_floats (model, "t", 2, thresholds, numbers);
  node =
      qx_node_insert (model, SIZE_MAX, "MultiThreshold", "qonnx.custom_op.general", "", in, 2, out, 1, &err);
  ck_assert_ptr_nonnull (node);
  ck_ok (qx_node_set_string (model, node, "data_layout", "NWC", &err), &err);
  ck_ok (qx_node_set_string (model, node, "out_dtype", "UINT2", &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, dims, 3, &err), &err);
  return model;
}

static struct qx_model *
region (void)
{
  static const int64_t six[] = { 6 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = enlarged_by_scale ();

  qx_floats (model, "roi", 1, six, numbers);
  ck_ok (qx_node_set_input (model, qx_node_at (model, 0), 1, "roi", &err), &err);
  return model;
}

static const struct {
  struct qx_model *(*make) (void);
  const char *part;
} bad[] = {
  { product, "has no counterpart of four" },
  { computed_operand, "an operand that is computed has not three dimensions" },
  { computed_kernel, "its weight is computed" },
  { last_channels, "its channels are in the last of three dimensions" },
  { region, "axes and regions of interest are not offered" },
};

START_TEST (what_has_no_counterpart_is_an_error)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = bad[_i].make ();

  ck_assert_int_eq (qx_pass_apply (model, "Change3DTo4DTensors", NULL, 0, &err), -1);
  ck_error (&err, "transform", bad[_i].part);
  qx_model_free (model);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_loop_test (tests, rows_become_images_of_the_same_numbers, 0, LENGTH (models));
  tcase_add_test (tests, other_operators_leave_the_model_as_it_is);
  tcase_add_loop_test (tests, what_has_no_counterpart_is_an_error, 0, LENGTH (bad));
  return run_case ("qx_four_dims", tests);
}
