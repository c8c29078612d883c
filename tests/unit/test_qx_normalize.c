/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: normalising inputs, and statistics. A normalised model on x has to give what the model gave on x * scale + offset, which is computed here. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

#define LENGTH(array) (sizeof (array) / sizeof (array)[0])

/* ---- models: x, of two channels, to y ---- */

static struct qx_model *
new_model (size_t n_dims, const int64_t *dims)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("normalize", 13, &err);

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, n_dims, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, NULL, 0, &err), &err);
  return model;
}

static const float numbers[] = { 0.5F, -1, 2, 0.25F, -0.75F, 1.5F, 1, -2, 3, 0.125F, -0.5F, 4 };

static struct qx_model *
rows (void)
{
  static const int64_t in[] = { 3, 2 };

  return new_model (2, in);
}

static struct qx_model *
images (void)
{
  static const int64_t in[] = { 1, 2, 3, 1 };

  return new_model (4, in);
}

static struct qx_model *
matmul_and_add (void)
{
  static const int64_t matrix[] = { 2, 3 }, three[] = { 3 };
  struct qx_model *model = rows ();

  qx_floats (model, "w", 2, matrix, numbers);
  qx_floats (model, "b", 1, three, numbers + 6);
  qx_add (model, "MatMul", "x", "w", "p");
  qx_add (model, "Add", "b", "p", "y");
  return model;
}

static struct qx_model *
matmul_alone (void)
{
  static const int64_t matrix[] = { 2, 3 };
  struct qx_model *model = rows ();

  qx_floats (model, "w", 2, matrix, numbers);
  qx_add (model, "MatMul", "x", "w", "y");
  return model;
}

static struct qx_node *
three_inputs (struct qx_model *model, const char *op_type, const char *c)
{
  const char *in[] = { "x", "w", c }, *out = "y";
  struct qx_error err = { { 0 }, NULL };
  struct qx_node *node =
      qx_node_insert (model, SIZE_MAX, op_type, "", "", in, c == NULL ? 2 : 3, &out, 1, &err);

  ck_assert_msg (node != NULL, "%s", qx_error_text (&err));
  return node;
}

static struct qx_model *
gemm (void)
{
  static const int64_t matrix[] = { 3, 2 }, three[] = { 3 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = rows ();
  struct qx_node *node;

  qx_floats (model, "w", 2, matrix, numbers);
  qx_floats (model, "c", 1, three, numbers + 6);
  node = three_inputs (model, "Gemm", "c");
  ck_ok (qx_node_set_int (model, node, "transB", 1, &err), &err);
  ck_ok (qx_node_set_float (model, node, "alpha", 0.5F, &err), &err);
  ck_ok (qx_node_set_float (model, node, "beta", 2, &err), &err);
  return model;
}

static struct qx_model *
gemm_without_bias (void)
{
  static const int64_t matrix[] = { 2, 3 };
  struct qx_model *model = rows ();

  qx_floats (model, "w", 2, matrix, numbers);
  three_inputs (model, "Gemm", NULL);
  return model;
}

static struct qx_model *
gemm_with_one_bias (void)
{
  struct qx_model *model = gemm_without_bias ();
  struct qx_error err = { { 0 }, NULL };

  qx_floats (model, "c", 0, NULL, numbers + 5);
  ck_ok (qx_node_set_input (model, qx_node_at (model, 0), 2, "c", &err), &err);
  return model;
}

/* A kernel of three rows over three rows. */
static struct qx_model *
convolution (int64_t group, int64_t pad, int with_bias)
{
  const int64_t kernel[] = { 2, 2 / group, 3, 1 }, two[] = { 2 }, pads[] = { pad, 0, 0, 0 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = images ();
  struct qx_node *node;

  qx_floats (model, "w", 4, kernel, numbers);
  if (with_bias)
    qx_floats (model, "c", 1, two, numbers + 3);
  node = three_inputs (model, "Conv", with_bias ? "c" : NULL);
  ck_ok (qx_node_set_int (model, node, "group", group, &err), &err);
  ck_ok (qx_node_set_ints (model, node, "pads", pads, 4, &err), &err);
  return model;
}

static struct qx_model *
plain_conv (void)
{
  return convolution (1, 0, 1);
}

static struct qx_model *
grouped_conv (void)
{
  return convolution (2, 0, 0);
}

static struct qx_model *
padded_conv (void)
{
  return convolution (1, 1, 1);
}

static struct qx_model *
same_conv (void)
{
  struct qx_model *model = convolution (1, 0, 0);
  struct qx_error err = { { 0 }, NULL };

  qx_node_remove_attr (model, qx_node_at (model, 0), "pads");
  ck_ok (qx_node_set_string (model, qx_node_at (model, 0), "auto_pad", "SAME_UPPER", &err), &err);
  return model;
}

static struct qx_model *
batch_norm (void)
{
  static const int64_t two[] = { 2 };
  static const char *const in[] = { "x", "scale", "bias", "mean", "variance" }, *const out[] = { "y" };
  static const float variance[] = { 2, 0.5F };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = images ();

  for (size_t i = 1; i < 4; i++)
    qx_floats (model, in[i], 1, two, numbers + 2 * i);
  qx_floats (model, "variance", 1, two, variance);
  ck_assert_ptr_nonnull (qx_node_insert (model, SIZE_MAX, "BatchNormalization", "", "", in, 5, out, 1, &err));
  return model;
}

static struct qx_model *
element (const char *op_type, int swapped, const char *then)
{
  struct qx_model *model = images ();

  qx_floats (model, "c", 0, NULL, numbers + 2);
  qx_floats (model, "d", 0, NULL, numbers + 4);
  qx_add (model, op_type, swapped ? "c" : "x", swapped ? "x" : "c", then == NULL ? "y" : "p");
  if (then != NULL)
    qx_add (model, then, "p", "d", "y");
  return model;
}

static struct qx_model *
product_and_sum (void)
{
  return element ("Mul", 1, "Add");
}

static struct qx_model *
quotient_and_sum (void)
{
  return element ("Div", 0, "Add");
}

static struct qx_model *
turned_quotient (void)
{
  return element ("Div", 1, "Add");
}

static struct qx_model *
product_alone (void)
{
  return element ("Mul", 0, NULL);
}

static struct qx_model *
sum_alone (void)
{
  return element ("Add", 1, NULL);
}

static struct qx_model *
difference_alone (void)
{
  return element ("Sub", 0, NULL);
}

static struct qx_model *
flattened (void)
{
  static const int64_t matrix[] = { 6, 2 }, two[] = { 2 };
  struct qx_model *model = images ();

  qx_floats (model, "w", 2, matrix, numbers);
  qx_floats (model, "b", 1, two, numbers);
  qx_add (model, "Flatten", "x", NULL, "f");
  qx_add (model, "Identity", "f", NULL, "i");
  qx_add (model, "MatMul", "i", "w", "p");
  qx_add (model, "Add", "p", "b", "y");
  return model;
}

static struct qx_model *
read_twice (void)
{
  struct qx_model *model = matmul_and_add ();

  qx_add (model, "Relu", "x", NULL, "other");
  return model;
}

static struct qx_model *
quantised (void)
{
  struct qx_model *model = matmul_and_add ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_set_annotation (model, "w", "finn_datatype", "FIXED<8,4>", &err), &err);
  return model;
}

static struct qx_model *
nothing_to_fold_into (void)
{
  struct qx_model *model = images ();

  qx_add (model, "Relu", "x", NULL, "y");
  return model;
}

/* ---- both ways of computing ---- */

/* Six numbers in the shape of the input; scaled: each with its channel's factor and offset. The caller frees what comes out. */
static struct qx_tensor *
run (struct qx_model *model, const struct qx_normalization *f)
{
  size_t n_dims, inner;
  const int64_t *dims = qx_shape (model, "x", &n_dims);
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *in, *out = NULL;
  struct qx_runner *runner;
  float data[6];

  inner = n_dims == 4 ? 3 : 1;
  for (size_t i = 0; i < 6; i++) {
    size_t channel = f == NULL || f->n == 1 ? 0 : i / inner % 2;
    data[i] = numbers[11 - i];
    if (f != NULL)
      data[i] = (float) (data[i] * f->scale[channel] + f->offset[channel]);
  }
  in = qx_tensor_create_floats (dims, n_dims, data, &err);
  runner = qx_runner_new (model, NULL, &err);
  ck_assert_msg (in != NULL && runner != NULL, "%s", qx_error_text (&err));
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &in, &out, &err), &err);
  qx_runner_free (runner);
  qx_tensor_free (in);
  return out;
}

static void
ck_same (const struct qx_tensor *a, const struct qx_tensor *b)
{
  const float *x = qx_tensor_floats (a, NULL), *y = qx_tensor_floats (b, NULL);
  size_t n = qx_tensor_n_elements (a);

  ck_assert_uint_eq (n, qx_tensor_n_elements (b));
  ck_assert_uint_gt (n, 0);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg (fabsf (x[i] - y[i]) < 1e-5F * (1 + fabsf (y[i])), "element %zu: %g, %g wanted", i,
                   (double) x[i], (double) y[i]);
}

static const double two_scales[] = { 0.5, -4 }, two_offsets[] = { -1, 3 }, one_scale[] = { 0.25 },
                    one_offset[] = { -2 }, no_offset[] = { 0, 0 }, no_scale[] = { 1 };

static const struct {
  struct qx_model *(*make) (void);
  const double *scale, *offset;
  size_t n, nodes; /* nodes: that are added */
} cases[] = {
  { matmul_and_add, two_scales, two_offsets, 2, 0 },
  { matmul_and_add, one_scale, one_offset, 1, 0 },
  { matmul_alone, two_scales, no_offset, 2, 0 },
  { matmul_alone, two_scales, two_offsets, 2, 2 }, /* there is no sum to take the offset */
  { gemm, two_scales, two_offsets, 2, 0 },
  { gemm_without_bias, two_scales, two_offsets, 2, 0 },
  { gemm_with_one_bias, two_scales, two_offsets, 2, 0 },
  { plain_conv, two_scales, two_offsets, 2, 0 },
  { grouped_conv, two_scales, two_offsets, 2, 0 },
  { padded_conv, two_scales, no_offset, 2, 0 },
  { padded_conv, two_scales, two_offsets, 2, 2 }, /* the rim is of zeroes */
  { same_conv, one_scale, one_offset, 1, 2 },
  { batch_norm, two_scales, two_offsets, 2, 0 },
  { product_and_sum, one_scale, one_offset, 1, 0 },
  { product_and_sum, two_scales, two_offsets, 2, 2 },
  { quotient_and_sum, one_scale, one_offset, 1, 0 },
  { turned_quotient, one_scale, one_offset, 1, 2 },
  { product_alone, one_scale, no_offset, 1, 0 },
  { product_alone, one_scale, one_offset, 1, 2 },
  { sum_alone, no_scale, one_offset, 1, 0 },
  { sum_alone, one_scale, no_offset, 1, 1 },
  { difference_alone, no_scale, one_offset, 1, 0 },
  { flattened, one_scale, one_offset, 1, 0 },
  { flattened, two_scales, two_offsets, 2, 2 }, /* channels are not told apart behind it */
  { read_twice, one_scale, one_offset, 1, 2 },
  { quantised, one_scale, one_offset, 1, 2 },
  { nothing_to_fold_into, two_scales, two_offsets, 2, 2 },
  { nothing_to_fold_into, no_scale, one_offset, 1, 1 },
};

static void
check_case (struct qx_model *(*make) (void), const struct qx_normalization *f, size_t nodes)
{
  struct qx_model *before = make (), *after = make ();
  struct qx_tensor *expected = run (before, f), *found;
  struct qx_error err = { { 0 }, NULL };
  int folded = -1;

  ck_ok (qx_normalize_input (after, f, &folded, &err), &err);
  ck_assert_int_eq (folded, nodes == 0);
  ck_assert_uint_eq (qx_n_nodes (after), qx_n_nodes (before) + nodes);
  ck_assert_str_eq (qx_input (after, 0), "x");
  found = run (after, NULL);
  ck_same (found, expected);
  qx_tensor_free (found);
  qx_tensor_free (expected);
  qx_model_free (before);
  qx_model_free (after);
}

START_TEST (a_normalised_model_is_the_same_function)
{
  const struct qx_normalization f = {
    .scale = cases[_i].scale, .offset = cases[_i].offset, .n = cases[_i].n, .axis = 1
  };

  check_case (cases[_i].make, &f, cases[_i].nodes);
}
END_TEST

START_TEST (nodes_stay_apart_where_that_is_asked_for)
{
  const struct qx_normalization f = {
    .input = "x", .scale = two_scales, .offset = two_offsets, .n = 2, .axis = 1, .keep_apart = 1
  };

  check_case (matmul_and_add, &f, 2);
}
END_TEST

/* ---- what else is kept ---- */

START_TEST (constants_stand_along_the_channels)
{
  static const int64_t wanted[] = { 1, 2, 1, 1 };
  const struct qx_normalization f = { .scale = two_scales, .offset = two_offsets, .n = 2, .axis = 1 };
  struct qx_model *model = nothing_to_fold_into ();
  struct qx_error err = { { 0 }, NULL };
  const struct qx_tensor *scale;

  ck_ok (qx_normalize_input (model, &f, NULL, &err), &err);
  ck_assert_str_eq (qx_node_op_type (qx_node_at (model, 0)), "Mul");
  ck_assert_str_eq (qx_node_op_type (qx_node_at (model, 1)), "Add");
  ck_assert_str_ne (qx_node_name (qx_node_at (model, 0)), "");
  scale = qx_initializer (model, qx_node_input (qx_node_at (model, 0), 1));
  ck_assert_ptr_nonnull (scale);
  ck_assert_uint_eq (qx_tensor_n_dims (scale), 4);
  ck_assert_mem_eq (qx_tensor_dims (scale), wanted, sizeof wanted);
  qx_model_free (model);
}
END_TEST

START_TEST (a_constant_that_others_read_too_stays_as_it_is_for_them)
{
  const struct qx_normalization f = { .scale = one_scale, .offset = no_offset, .n = 1, .axis = 1 };
  struct qx_model *model = matmul_alone ();
  struct qx_error err = { { 0 }, NULL };

  qx_add (model, "Relu", "w", NULL, "other");
  ck_ok (qx_add_output (model, "other", QX_FLOAT, NULL, 0, &err), &err);
  ck_ok (qx_normalize_input (model, &f, NULL, &err), &err);
  for (size_t i = 0; i < qx_n_nodes (model); i++) {
    struct qx_node *node = qx_node_at (model, i);
    int is_relu = strcmp (qx_node_op_type (node), "Relu") == 0;
    const float *w = qx_tensor_floats (qx_initializer (model, qx_node_input (node, is_relu ? 0 : 1)), &err);

    ck_assert_msg (w != NULL, "%s", qx_error_text (&err));
    ck_assert_float_eq (w[2], is_relu ? numbers[2] : numbers[2] / 4);
  }
  qx_model_free (model);
}
END_TEST

static void
ck_datatype (const struct qx_model *model, const char *tensor, const char *expected)
{
  struct qx_dtype dtype = qx_tensor_dtype (model, tensor);
  char name[QX_DTYPE_NAME];

  qx_dtype_name (&dtype, name);
  ck_assert_str_eq (name, expected);
}

START_TEST (the_data_type_is_that_of_what_is_fed)
{
  struct qx_normalization f = {
    .scale = one_scale, .offset = one_offset, .n = 1, .axis = 1, .datatype = "UINT8"
  };
  struct qx_model *apart = nothing_to_fold_into (), *folded = flattened ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_set_annotation (apart, "x", "finn_datatype", "INT4", &err), &err);
  ck_ok (qx_normalize_input (apart, &f, NULL, &err), &err);
  ck_datatype (apart, "x", "UINT8");
  ck_datatype (apart, qx_node_output (qx_node_at (apart, 1), 0), "INT4");
  ck_ok (qx_normalize_input (folded, &f, NULL, &err), &err);
  ck_datatype (folded, "x", "UINT8");
  ck_datatype (folded, "i", "UINT8");
  f.datatype = NULL;
  ck_ok (qx_normalize_input (folded, &f, NULL, &err), &err);
  ck_datatype (folded, "i", "FLOAT32");
  qx_model_free (apart);
  qx_model_free (folded);
}
END_TEST

START_TEST (what_changes_nothing_adds_nothing)
{
  const struct qx_normalization f = { .scale = no_scale, .offset = no_offset, .n = 1, .axis = 1 };
  struct qx_model *model = nothing_to_fold_into ();
  struct qx_error err = { { 0 }, NULL };
  int folded = -1;

  ck_ok (qx_set_annotation (model, "x", "finn_datatype", "INT4", &err), &err);
  ck_ok (qx_normalize_input (model, &f, &folded, &err), &err);
  ck_assert_int_eq (folded, 0);
  ck_assert_uint_eq (qx_n_nodes (model), 1);
  ck_datatype (model, "x", "INT4");
  qx_model_free (model);
}
END_TEST

/* ---- what cannot be ---- */

static const double zero[] = { 0, 0 }, infinite[] = { (double) INFINITY, 1 }, huge[] = { 1e300 },
                    three[] = { 1, 2, 3 };

static const struct {
  struct qx_normalization f;
  const char *part;
} bad[] = {
  { { .input = "z", .scale = one_scale, .offset = one_offset, .n = 1 }, "z is no input" },
  { { .input = "w", .scale = one_scale, .offset = one_offset, .n = 1 }, "w is no input" },
  { { .scale = one_scale, .offset = one_offset, .n = 0 }, "no numbers" },
  { { .scale = zero, .offset = one_offset, .n = 1 }, "channel 0: a factor of 0" },
  { { .scale = huge, .offset = one_offset, .n = 1 }, "channel 0: a factor of 1e+300" },
  { { .scale = two_scales, .offset = infinite, .n = 2, .axis = 1 }, "an offset of inf" },
  { { .scale = three, .offset = three, .n = 3, .axis = 1 },
    "3 numbers are given, and input x has 2 channels" },
  { { .scale = two_scales, .offset = two_offsets, .n = 2, .axis = 2 }, "input x has no dimension 2" },
  { { .scale = one_scale, .offset = one_offset, .n = 1, .datatype = "INT" }, "INT is no data type" },
};

START_TEST (numbers_that_normalise_nothing_are_refused)
{
  struct qx_model *model = matmul_alone ();
  struct qx_error err = { { 0 }, NULL };

  ck_assert_int_eq (qx_normalize_input (model, &bad[_i].f, NULL, &err), -1);
  ck_error (&err, "config", bad[_i].part);
  ck_assert_uint_eq (qx_n_nodes (model), 1);
  qx_model_free (model);
}
END_TEST

START_TEST (inputs_that_are_no_floats_or_not_there_are_refused)
{
  const struct qx_normalization f = { .scale = one_scale, .offset = one_offset, .n = 1 };
  static const int64_t dims[] = { 1, 2 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("none", 13, &err);

  ck_assert_int_eq (qx_normalize_input (model, &f, NULL, &err), -1);
  ck_error (&err, "config", "the model has no input");
  ck_ok (qx_add_input (model, "bytes", QX_UINT8, dims, 2, &err), &err);
  ck_assert_int_eq (qx_normalize_input (model, &f, NULL, &err), -1);
  ck_error (&err, "config", "input bytes is of type UINT8");
  qx_model_free (model);
  model = new_model (2, dims);
  ck_ok (qx_add_output (model, "x", QX_FLOAT, dims, 2, &err), &err);
  ck_assert_int_eq (qx_normalize_input (model, &f, NULL, &err), -1);
  ck_error (&err, "transform", "input x is an output of the model too");
  qx_model_free (model);
}
END_TEST

START_TEST (a_weight_that_would_be_infinite_is_refused)
{
  const double large[] = { 1e38 };
  const struct qx_normalization f = { .scale = large, .offset = no_offset, .n = 1 };
  static const int64_t matrix[] = { 2, 3 };
  static const float weights[] = { 1, 2, 3, 4, 1e20F, 6 };
  struct qx_model *model = matmul_alone ();
  struct qx_error err = { { 0 }, NULL };

  qx_floats (model, "w", 2, matrix, weights);
  ck_assert_int_eq (qx_normalize_input (model, &f, NULL, &err), -1);
  ck_error (&err, "transform", "its constants would not be finite");
  qx_model_free (model);
}
END_TEST

/* ---- statistics ---- */

START_TEST (statistics_are_those_of_each_channel)
{
  static const int64_t dims[] = { 2, 2, 2 };
  static const float data[] = { 1, 3, -1, -1, 5, 7, 0, 6 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *tensor = qx_tensor_create_floats (dims, 3, data, &err);
  struct qx_statistics *found;
  size_t n = 0;

  found = qx_tensor_statistics (tensor, 1, &n, &err);
  ck_assert_msg (found != NULL, "%s", qx_error_text (&err));
  ck_assert_uint_eq (n, 2);
  ck_assert_uint_eq (found[0].n, 4); /* 1 3 5 7: mean 4, variance (9 + 1 + 1 + 9) / 4 */
  ck_assert_double_eq_tol (found[0].mean, 4, 1e-12);
  ck_assert_double_eq_tol (found[0].deviation, sqrt (5), 1e-12);
  ck_assert_double_eq (found[1].minimum, -1);
  ck_assert_double_eq (found[1].maximum, 6);
  free (found);
  found = qx_tensor_statistics (tensor, -1, &n, &err);
  ck_assert_uint_eq (n, 1);
  ck_assert_double_eq_tol (found[0].mean, 2.5, 1e-12);
  free (found);
  qx_tensor_free (tensor);
}
END_TEST

START_TEST (statistics_of_nothing_are_refused)
{
  static const int64_t two[] = { 2 }, none[] = { 0, 2 };
  const float data[] = { 1, NAN };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *odd = qx_tensor_create_floats (two, 1, data, &err),
                   *empty = qx_tensor_create_floats (none, 2, NULL, &err);
  size_t n;

  ck_assert_ptr_null (qx_tensor_statistics (odd, -1, &n, &err));
  ck_error (&err, "config", "element 1 of the data is not a finite number");
  ck_assert_ptr_null (qx_tensor_statistics (odd, 1, &n, &err));
  ck_error (&err, "config", "the data have no dimension 1");
  ck_assert_ptr_null (qx_tensor_statistics (empty, 1, &n, &err));
  ck_error (&err, "config", "the data have no elements");
  qx_tensor_free (odd);
  qx_tensor_free (empty);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_loop_test (tests, a_normalised_model_is_the_same_function, 0, LENGTH (cases));
  tcase_add_test (tests, nodes_stay_apart_where_that_is_asked_for);
  tcase_add_test (tests, constants_stand_along_the_channels);
  tcase_add_test (tests, a_constant_that_others_read_too_stays_as_it_is_for_them);
  tcase_add_test (tests, the_data_type_is_that_of_what_is_fed);
  tcase_add_test (tests, what_changes_nothing_adds_nothing);
  tcase_add_loop_test (tests, numbers_that_normalise_nothing_are_refused, 0, LENGTH (bad));
  tcase_add_test (tests, inputs_that_are_no_floats_or_not_there_are_refused);
  tcase_add_test (tests, a_weight_that_would_be_infinite_is_refused);
  tcase_add_test (tests, statistics_are_those_of_each_channel);
  tcase_add_test (tests, statistics_of_nothing_are_refused);
  return run_case ("qx_normalize", tests);
}
