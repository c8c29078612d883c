/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: data types, inference, folding, cleanup, cost. Expected names, types and counts are those that QONNX's rules
   give, worked out by hand; those of real models come from the reference. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

/* ---- data types ---- */

START_TEST (data_types_have_their_ranges)
{
  static const struct {
    const char *text, *name;
    int bits, is_signed, integer;
    double min, max;
  } cases[] = {
    { "BINARY", "BINARY", 1, 0, 1, 0, 1 },
    { "UINT1", "BINARY", 1, 0, 1, 0, 1 },
    { "BIPOLAR", "BIPOLAR", 1, 1, 1, -1, 1 },
    { "TERNARY", "TERNARY", 2, 1, 1, -1, 1 },
    { "INT1", "INT1", 1, 1, 1, -1, 0 },
    { "INT4", "INT4", 4, 1, 1, -8, 7 },
    { "UINT8", "UINT8", 8, 0, 1, 0, 255 },
    { "INT32", "INT32", 32, 1, 1, -2147483648.0, 2147483647.0 },
    { "FIXED<4,2>", "FIXED<4,2>", 4, 1, 0, -2, 1.75 },
    { "FIXED< 8 , -1 >", "FIXED<8,-1>", 8, 1, 0, -0.25, 127.0 / 512 },
    { "FLOAT16", "FLOAT16", 16, 1, 0, -65504, 65504 },
    { "FLOAT<4,3>", "FLOAT<4,3,7>", 8, 1, 0, -480, 480 },
    { "FLOAT<4,3,0>", "FLOAT<4,3,7>", 8, 1, 0, -480, 480 },
  };
  char name[QX_DTYPE_NAME];
  struct qx_dtype dtype;
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ck_assert_int_eq (qx_dtype_parse (cases[i].text, &dtype, NULL), 0);
    qx_dtype_name (&dtype, name);
    ck_assert_str_eq (name, cases[i].name);
    ck_assert_int_eq (qx_dtype_bits (&dtype), cases[i].bits);
    ck_assert_int_eq (qx_dtype_signed (&dtype), cases[i].is_signed);
    ck_assert_int_eq (qx_dtype_is_integer (&dtype), cases[i].integer);
    ck_assert (qx_dtype_min (&dtype) == cases[i].min && qx_dtype_max (&dtype) == cases[i].max);
  }
  ck_assert_int_eq (qx_dtype_parse ("SCALEDINT<8,2>", &dtype, NULL), 0);
  qx_dtype_name (&dtype, name);
  ck_assert_str_eq (name, "SCALEDINT<8>");
  ck_assert (isnan (qx_dtype_min (&dtype)));
}
END_TEST

START_TEST (other_names_are_no_data_types)
{
  static const char *const bad[] = {
    "",           "INT",      "INT0",     "INT-3",       "INT4x",          "UINT 4",        "float32",
    "FIXED<4,4>", "FIXED<4>", "FLOAT<3>", "SCALEDINT<>", "INT99999999999", "FLOAT<4,3,7,1>"
  };
  struct qx_error err = { { 0 }, NULL };
  struct qx_dtype dtype;
  size_t i;

  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    ck_assert_msg (qx_dtype_parse (bad[i], &dtype, &err) == -1, "%s", bad[i]);
    ck_error (&err, "transform", "not a data type");
  }
}
END_TEST

START_TEST (values_are_allowed_or_not)
{
  static const struct {
    const char *type;
    double value;
    int allowed;
  } cases[] = {
    { "BIPOLAR", 0, 0 },
    { "BIPOLAR", -1, 1 },
    { "TERNARY", 0, 1 },
    { "INT4", 7, 1 },
    { "INT4", 8, 0 },
    { "UINT4", 1.5, 0 },
    { "FIXED<4,2>", 0.25, 1 },
    { "FIXED<4,2>", 0.125, 0 },
    { "FLOAT<4,3>", 480, 1 },
    { "FLOAT<4,3>", 496, 0 },
    { "FLOAT<4,3>", 1.125, 1 },
    { "FLOAT<4,3>", 1.0625, 0 },
    { "FLOAT<4,3>", 0x1p-9, 1 },
    { "FLOAT<4,3>", 0x1p-10, 0 },
    { "FLOAT32", 0.1, 1 },
  };
  struct qx_dtype dtype;
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ck_assert_int_eq (qx_dtype_parse (cases[i].type, &dtype, NULL), 0);
    ck_assert_msg (qx_dtype_allowed (&dtype, cases[i].value) == cases[i].allowed, "%s %g", cases[i].type,
                   cases[i].value);
  }
}
END_TEST

START_TEST (the_smallest_type_is_found)
{
  static const struct {
    double value;
    const char *name;
  } cases[] = { { 0, "BINARY" }, { 1, "BINARY" }, { 2, "UINT2" },   { 4, "UINT3" },    { -1, "BIPOLAR" },
                { -2, "INT2" },  { -3, "INT3" },  { -129, "INT9" }, { 0.5, "FLOAT32" } };
  char name[QX_DTYPE_NAME];
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_dtype dtype = qx_dtype_smallest (cases[i].value);
    qx_dtype_name (&dtype, name);
    ck_assert_str_eq (name, cases[i].name);
  }
}
END_TEST

/* ---- shapes ---- */

/* One node of op_type on x of the dims; its output's shape as text. */
struct shape_case {
  const char *op_type;
  int64_t dims[4];
  size_t n_dims;
  const char *ints_name;
  int64_t ints[4];
  size_t n_ints;
  const char *int_name;
  int64_t number;
  int64_t out[5];
  size_t n_out;
};

START_TEST (shapes_follow_the_operators)
{
  static const struct shape_case cases[] = {
    { "Relu", { 2, 3 }, 2, NULL, { 0 }, 0, NULL, 0, { 2, 3 }, 2 },
    { "Transpose", { 2, 3, 4 }, 3, "perm", { 2, 0, 1 }, 3, NULL, 0, { 4, 2, 3 }, 3 },
    { "Transpose", { 2, 3, 4 }, 3, NULL, { 0 }, 0, NULL, 0, { 4, 3, 2 }, 3 },
    { "Flatten", { 2, 3, 4, 5 }, 4, NULL, { 0 }, 0, "axis", 2, { 6, 20 }, 2 },
    { "Unsqueeze", { 2, 3 }, 2, "axes", { 0, 3 }, 2, NULL, 0, { 1, 2, 3, 1 }, 4 },
    { "Squeeze", { 1, 3, 1 }, 3, "axes", { -1 }, 1, NULL, 0, { 1, 3 }, 2 },
    { "Squeeze", { 1, 3, 1 }, 3, NULL, { 0 }, 0, NULL, 0, { 3 }, 1 },
    { "MaxPool", { 1, 8, 7, 7 }, 4, "kernel_shape", { 2, 2 }, 2, NULL, 0, { 1, 8, 6, 6 }, 4 },
    { "GlobalAveragePool", { 1, 8, 7, 7 }, 4, NULL, { 0 }, 0, NULL, 0, { 1, 8, 1, 1 }, 4 },
    { "DepthToSpace", { 1, 8, 3, 3 }, 4, NULL, { 0 }, 0, "blocksize", 2, { 1, 2, 6, 6 }, 4 },
    { "SpaceToDepth", { 1, 2, 6, 6 }, 4, NULL, { 0 }, 0, "blocksize", 2, { 1, 8, 3, 3 }, 4 },
    { "ReduceMean", { 2, 3, 4 }, 3, "axes", { 1 }, 1, "keepdims", 0, { 2, 4 }, 2 },
    { "ReduceSum", { 2, 3, 4 }, 3, NULL, { 0 }, 0, NULL, 0, { 1, 1, 1 }, 3 },
    { "ArgMax", { 2, 3 }, 2, NULL, { 0 }, 0, "axis", 1, { 2, 1 }, 2 },
    { "Pad", { 2, 3 }, 2, "pads", { 1, 0, 2, 0 }, 4, NULL, 0, { 5, 3 }, 2 },
    { "Shape", { 2, 3, 4 }, 3, NULL, { 0 }, 0, NULL, 0, { 3 }, 1 },
    { "Not", { 2 }, 1, NULL, { 0 }, 0, NULL, 0, { 2 }, 1 },
    { "Cast", { 2, 3 }, 2, NULL, { 0 }, 0, "to", QX_INT64, { 2, 3 }, 2 },
  };
  size_t i, n;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const struct shape_case *c = &cases[i];
    struct qx_error err = { { 0 }, NULL };
    struct qx_model *model = qx_model_new ("shapes", 11, &err);
    struct qx_node *node = qx_add (model, c->op_type, "x", NULL, "y");
    const int64_t *out;
    ck_ok (qx_add_input (model, "x", QX_FLOAT, c->dims, c->n_dims, &err), &err);
    if (c->ints_name != NULL)
      ck_ok (qx_node_set_ints (model, node, c->ints_name, c->ints, c->n_ints, &err), &err);
    if (c->int_name != NULL)
      ck_ok (qx_node_set_int (model, node, c->int_name, c->number, &err), &err);
    ck_ok (qx_infer_shapes (model, &err), &err);
    out = qx_shape (model, "y", &n);
    ck_assert_msg (out != NULL && n == c->n_out && memcmp (out, c->out, n * sizeof *out) == 0, "%s",
                   c->op_type);
    qx_model_free (model);
  }
}
END_TEST

/* Two inputs. */
START_TEST (shapes_follow_operators_of_two_inputs)
{
  static const struct {
    const char *op_type;
    int64_t a[4];
    size_t n_a;
    int64_t b[4];
    size_t n_b;
    int64_t out[4];
    size_t n_out;
  } cases[] = {
    { "Add", { 2, 1, 4 }, 3, { 3, 1 }, 2, { 2, 3, 4 }, 3 },
    { "Equal", { 2, 1 }, 2, { 3 }, 1, { 2, 3 }, 2 },
    { "MatMul", { 5, 2, 3 }, 3, { 3, 4 }, 2, { 5, 2, 4 }, 3 },
    { "MatMul", { 3 }, 1, { 3, 4 }, 2, { 4 }, 1 },
    { "MatMul", { 2, 3 }, 2, { 3 }, 1, { 2 }, 1 },
    { "Gemm", { 2, 3 }, 2, { 3, 4 }, 2, { 2, 4 }, 2 },
    { "Conv", { 1, 3, 8, 8 }, 4, { 6, 3, 3, 3 }, 4, { 1, 6, 6, 6 }, 4 },
    { "ConvTranspose", { 1, 6, 6, 6 }, 4, { 6, 3, 3, 3 }, 4, { 1, 3, 8, 8 }, 4 },
    { "Gather", { 4, 5 }, 2, { 2, 3 }, 2, { 2, 3, 5 }, 3 },
    { "Max", { 2, 1 }, 2, { 1, 3 }, 2, { 2, 3 }, 2 },
  };
  size_t i, n;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_error err = { { 0 }, NULL };
    struct qx_model *model = qx_model_new ("shapes", 11, &err);
    const int64_t *out;
    ck_ok (qx_add_input (model, "a", QX_FLOAT, cases[i].a, cases[i].n_a, &err), &err);
    ck_ok (qx_add_input (model, "b", QX_FLOAT, cases[i].b, cases[i].n_b, &err), &err);
    qx_add (model, cases[i].op_type, "a", "b", "y");
    ck_ok (qx_infer_shapes (model, &err), &err);
    out = qx_shape (model, "y", &n);
    ck_assert_msg (out != NULL && n == cases[i].n_out && memcmp (out, cases[i].out, n * sizeof *out) == 0,
                   "%s", cases[i].op_type);
    qx_model_free (model);
  }
}
END_TEST

/* A constant list as second input. */
START_TEST (shapes_follow_constant_lists)
{
  static const struct {
    const char *op_type;
    int64_t a[4];
    size_t n_a;
    int64_t list[4];
    int64_t n_list;
    int64_t out[4];
    size_t n_out;
  } cases[] = {
    { "Reshape", { 2, 3, 4 }, 3, { 0, -1 }, 2, { 2, 12 }, 2 },
    { "Expand", { 3, 1 }, 2, { 2, 1, 4 }, 3, { 2, 3, 4 }, 3 },
    { "Tile", { 2, 3 }, 2, { 2, 2 }, 2, { 4, 6 }, 2 },
    { "Unsqueeze", { 2 }, 1, { 0 }, 1, { 1, 2 }, 2 },
    { "TopK", { 2, 9 }, 2, { 5 }, 1, { 2, 5 }, 2 },
    { "Split", { 6, 2 }, 2, { 6 }, 1, { 6, 2 }, 2 },
  };
  size_t i, n;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_error err = { { 0 }, NULL };
    struct qx_model *model = qx_model_new ("shapes", 13, &err);
    const int64_t *out;
    ck_ok (qx_add_input (model, "a", QX_FLOAT, cases[i].a, cases[i].n_a, &err), &err);
    ck_ok (qx_set_initializer_ints (model, "list", &cases[i].n_list, 1, cases[i].list, &err), &err);
    qx_add (model, cases[i].op_type, "a", "list", "y");
    ck_ok (qx_infer_shapes (model, &err), &err);
    out = qx_shape (model, "y", &n);
    ck_assert_msg (out != NULL && n == cases[i].n_out && memcmp (out, cases[i].out, n * sizeof *out) == 0,
                   "%s", cases[i].op_type);
    qx_model_free (model);
  }
}
END_TEST

START_TEST (an_operator_that_qonnx_does_not_define_is_an_error)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_node_set_op (model, qx_node_at (model, 0), "Quantum", "qonnx.custom_op.general", &err), &err);
  ck_assert_int_eq (qx_infer_shapes (model, &err), -1);
  ck_error (&err, "transform", "Quantum");
  qx_model_free (model);
}
END_TEST

/* ---- folding ---- */

static float
folded_number (const char *op_type, float a, float b)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_exported_model ();
  float result;

  qx_floats (model, "fa", 0, NULL, &a);
  qx_floats (model, "fb", 0, NULL, &b);
  qx_add (model, op_type, "fa", "fb", "fc");
  ck_ok (qx_fold_constants (model, NULL, &err), &err);
  ck_assert_ptr_null (qx_producer (model, "fc"));
  result = qx_tensor_floats (qx_initializer (model, "fc"), &err)[0];
  qx_model_free (model);
  return result;
}

START_TEST (arithmetic_of_constants_is_folded)
{
  ck_assert (folded_number ("Add", 1.5F, 2) == 3.5F);
  ck_assert (folded_number ("Sub", 1.5F, 2) == -0.5F);
  ck_assert (folded_number ("Mul", 1.5F, 2) == 3);
  ck_assert (folded_number ("Div", 1, 4) == 0.25F);
  ck_assert (folded_number ("Pow", 2, 3) == 8);
}
END_TEST

/* Golden vector of qonnx.md 1.5, 4 bits, unsigned, scale 0.5, zero point 3; and BipolarQuant. */
START_TEST (quantisers_of_constants_give_the_golden_numbers)
{
  const float x[] = { -200, -128.6F, -127.5F, -0.5F, 0, 0.5F, 1.5F, 126.5F };
  const float want[] = { -1.5F, -1.5F, -1.5F, -0.5F, 0, 0.5F, 1.5F, 6 },
              signs[] = { -1, -1, -1, -1, 1, 1, 1, 1 };
  const float scale = 0.5F, zero_point = 3, four = 4, unit = 1;
  const char *inputs[] = { "v", "s", "z", "b" }, *bipolar[] = { "v", "u" }, *out = "q", *out_b = "qb";
  const char *const none[] = { NULL };
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  const int64_t eight = 8;
  struct qx_node *node;

  qx_floats (model, "v", 1, &eight, x);
  qx_floats (model, "s", 0, NULL, &scale);
  qx_floats (model, "z", 0, NULL, &zero_point);
  qx_floats (model, "b", 0, NULL, &four);
  qx_floats (model, "u", 0, NULL, &unit);
  node = qx_node_insert (model, 0, "Quant", "qonnx.custom_op.general", "q", inputs, 4, &out, 1, &err);
  ck_ok (qx_node_set_int (model, node, "signed", 0, &err), &err);
  ck_ok (qx_node_set_int (model, node, "narrow", 0, &err), &err);
  ck_assert_ptr_nonnull (qx_node_insert (model, 0, "BipolarQuant", "qonnx.custom_op.general", "qb", bipolar,
                                         2, &out_b, 1, &err));
  ck_ok (qx_fold_constants (model, none, &err), &err);
  ck_assert_mem_eq (qx_tensor_floats (qx_initializer (model, "q"), &err), want, sizeof want);
  ck_assert_mem_eq (qx_tensor_floats (qx_initializer (model, "qb"), &err), signs, sizeof signs);
  qx_model_free (model);
}
END_TEST

/* e4 m3 b7 max 448: golden numbers of qonnx.md 1.8. */
START_TEST (float_quantisers_give_the_golden_numbers)
{
  const float x[] = { 0.0009765625F, 0.00146484375F, 0.9F, 1.0625F, 1.1875F, 17.3F, 500, -3.3F };
  const float want[] = { 0, 0.001953125F, 0.875F, 1, 1.25F, 18, 448, -3.25F };
  const float one = 1, e = 4, m = 3, b = 7, largest = 448;
  const char *inputs[] = { "v", "s", "e", "m", "b", "l" }, *out = "q";
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  const int64_t eight = 8;

  qx_floats (model, "v", 1, &eight, x);
  qx_floats (model, "s", 0, NULL, &one);
  qx_floats (model, "e", 0, NULL, &e);
  qx_floats (model, "m", 0, NULL, &m);
  qx_floats (model, "b", 0, NULL, &b);
  qx_floats (model, "l", 0, NULL, &largest);
  ck_assert_ptr_nonnull (
      qx_node_insert (model, 0, "FloatQuant", "onnx.brevitas", "q", inputs, 6, &out, 1, &err));
  ck_ok (qx_fold_constants (model, NULL, &err), &err);
  ck_assert_mem_eq (qx_tensor_floats (qx_initializer (model, "q"), &err), want, sizeof want);
  qx_model_free (model);
}
END_TEST

START_TEST (a_division_by_zero_of_integers_names_its_node)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  const int64_t zero = 0, one = 1;

  ck_ok (qx_set_initializer_ints (model, "i0", &one, 1, &zero, &err), &err);
  ck_ok (qx_set_initializer_ints (model, "i1", &one, 1, &one, &err), &err);
  qx_add (model, "Div", "i1", "i0", "broken");
  ck_assert_int_eq (qx_fold_constants (model, NULL, &err), -1);
  ck_error (&err, "transform", "broken");
  qx_model_free (model);
}
END_TEST

/* Shape, Gather, Unsqueeze, Concat before a Reshape: how exporters write a flatten. */
START_TEST (the_flatten_idiom_becomes_a_constant)
{
  const int64_t dims[] = { 2, 3, 4 }, one = 1, zero = 0, minus = -1;
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("flatten", 11, &err);
  size_t n;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 3, &err), &err);
  ck_ok (qx_set_initializer_ints (model, "at", NULL, 0, &zero, &err), &err);
  ck_ok (qx_set_initializer_ints (model, "rest", &one, 1, &minus, &err), &err);
  qx_add (model, "Shape", "x", NULL, "shape");
  qx_add (model, "Gather", "shape", "at", "batch");
  ck_ok (qx_node_set_ints (model, qx_add (model, "Unsqueeze", "batch", NULL, "row"), "axes", &zero, 1, &err),
         &err);
  ck_ok (qx_node_set_int (model, qx_add (model, "Concat", "row", "rest", "target"), "axis", 0, &err), &err);
  qx_add (model, "Reshape", "x", "target", "y");
  ck_ok (qx_add_output (model, "y", QX_FLOAT, NULL, 0, &err), &err);
  ck_ok (qx_remove_output (model, "y", &err), &err);
  ck_ok (qx_fold_constants (model, NULL, &err), &err);
  ck_assert_uint_eq (qx_n_nodes (model), 1);
  ck_assert_int_eq (qx_tensor_ints (qx_initializer (model, "target"), &err)[0], 2);
  ck_assert_int_eq (qx_tensor_ints (qx_initializer (model, "target"), &err)[1], -1);
  ck_assert_uint_eq ((qx_shape (model, "target", &n), n), 1);
  qx_model_free (model);
}
END_TEST

START_TEST (the_shape_of_a_symbolic_batch_is_not_folded)
{
  const int64_t dims[] = { -1, 4 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("symbolic", 11, &err);

  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 2, &err), &err);
  qx_add (model, "Shape", "x", NULL, "shape");
  ck_ok (qx_fold_constants (model, NULL, &err), &err);
  ck_assert_ptr_nonnull (qx_producer (model, "shape"));
  qx_model_free (model);
}
END_TEST

/* ---- cleanup ---- */

START_TEST (an_exported_model_is_cleaned)
{
  static const char *const names[] = { "Mul_0", "Quant_0", "MatMul_0", "Add_0" };
  const float transposed[] = { -2, 1, 1, -1, 0, 1, 0, 0, 0, 1, -1, 0 };
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  const struct qx_node *quant;
  size_t i, n;

  ck_ok (qx_cleanup (model, NULL, &err), &err);
  ck_assert_uint_eq (qx_n_nodes (model), 4);
  for (i = 0; i < 4; i++)
    ck_assert_str_eq (qx_node_name (qx_node_at (model, i)), names[i]);
  quant = qx_node_at (model, 1);
  ck_assert_str_eq (qx_node_domain (quant), "qonnx.custom_op.general");
  ck_assert_str_eq (qx_node_input (quant, 0), "Quant_0_param0");
  ck_assert_str_eq (qx_node_input (quant, 3), "Quant_0_param3");
  ck_assert_str_eq (qx_node_output (quant, 0), "Quant_0_out0");
  ck_assert_mem_eq (qx_tensor_floats (qx_initializer (model, "Quant_0_param0"), &err), transposed,
                    sizeof transposed);
  ck_assert (qx_tensor_floats (qx_initializer (model, "Quant_0_param3"), &err)[0] == 2);
  ck_assert_str_eq (qx_node_input (qx_node_at (model, 0), 0), "global_in");
  ck_assert_str_eq (qx_node_input (qx_node_at (model, 0), 1), "Mul_0_param0");
  ck_assert_str_eq (qx_node_output (qx_node_at (model, 3), 0), "global_out");
  ck_assert_int_eq (qx_shape (model, "MatMul_0_out0", &n)[1], 3);
  ck_assert_uint_eq (qx_n_initializers (model), 6);
  qx_model_free (model);
}
END_TEST

START_TEST (without_preservation_quantisers_are_folded_too)
{
  const struct qx_cleanup_options options = { .fold_quantizers = 1 };
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_cleanup (model, &options, &err), &err);
  ck_assert_uint_eq (qx_n_nodes (model), 3);
  ck_assert (qx_tensor_floats (qx_initializer (model, "MatMul_0_param0"), &err)[0] == -2);
  qx_model_free (model);
}
END_TEST

START_TEST (the_batch_can_be_changed)
{
  const struct qx_cleanup_options options = { .batch = 5 };
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  size_t n;

  ck_ok (qx_cleanup (model, &options, &err), &err);
  ck_assert_int_eq (qx_shape (model, "global_in", &n)[0], 5);
  ck_assert_int_eq (qx_shape (model, "MatMul_0_out0", &n)[0], 5);
  ck_assert_int_eq (qx_shape (model, "global_out", &n)[0], 5);
  ck_assert_int_eq (qx_change_batch_size (model, 0, &err), -1);
  ck_error (&err, "transform", "at least one");
  qx_model_free (model);
}
END_TEST

START_TEST (a_shared_parameter_is_copied_and_its_copy_annotated)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  const struct qx_node *pow;

  ck_ok (qx_give_unique_parameter_tensors (model, &err), &err);
  pow = qx_producer (model, "bits");
  ck_assert_uint_eq (qx_n_consumers (model, "one"), 1);
  ck_assert_str_eq (qx_node_input (pow, 1), "one");
  ck_assert_str_eq (
      qx_annotation (model, qx_node_input (qx_producer (model, "weight_q"), 1), "finn_datatype"), "FLOAT32");
  qx_model_free (model);
}
END_TEST

START_TEST (nodes_are_sorted_by_level_and_cycles_are_named)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_sort_graph (model, &err), &err);
  ck_assert_str_eq (qx_node_op_type (qx_node_at (model, 0)), "Mul");
  ck_assert_str_eq (qx_node_op_type (qx_node_at (model, 1)), "Pow");
  ck_ok (qx_node_set_input (model, qx_producer (model, "scaled"), 0, "product", &err), &err);
  ck_assert_int_eq (qx_sort_graph (model, &err), -1);
  ck_error (&err, "transform", "cycle");
  qx_model_free (model);
}
END_TEST

START_TEST (the_bias_of_a_convolution_becomes_an_add)
{
  const int64_t in[] = { 1, 2, 4, 4 }, w[] = { 3, 2, 1, 1 }, c[] = { 3 }, kernel[] = { 1, 1 };
  const float weights[6] = { 1, 2, 3, 4, 5, 6 }, bias[3] = { 7, 8, 9 };
  const char *inputs[] = { "x", "w", "b" }, *out = "y";
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("conv", 11, &err);
  const int64_t *dims;
  size_t n;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 4, &err), &err);
  qx_floats (model, "w", 4, w, weights);
  qx_floats (model, "b", 1, c, bias);
  ck_ok (qx_node_set_ints (model, qx_node_insert (model, 0, "Conv", "", "", inputs, 3, &out, 1, &err),
                           "kernel_shape", kernel, 2, &err),
         &err);
  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_ok (qx_extract_bias_from_conv (model, &err), &err);
  ck_assert_uint_eq (qx_n_nodes (model), 2);
  ck_assert_str_eq (qx_node_op_type (qx_producer (model, "y")), "Add");
  dims = qx_tensor_dims (qx_initializer (model, "b"));
  ck_assert_uint_eq (qx_tensor_n_dims (qx_initializer (model, "b")), 4);
  ck_assert (dims[0] == 1 && dims[1] == 3 && dims[2] == 1 && dims[3] == 1);
  ck_assert_int_eq (qx_shape (model, qx_node_output (qx_node_at (model, 0), 0), &n)[1], 3);
  qx_model_free (model);
}
END_TEST

/* x [1,2,4,4] → Conv with weights [1,2,1,1] and a bias of one number, quantised with a scale and a zero point of these shapes → y */
static struct qx_model *
quantised_bias (size_t n_scale, size_t n_zero)
{
  const int64_t in[] = { 1, 2, 4, 4 }, w[] = { 1, 2, 1, 1 }, one[] = { 1 }, kernel[] = { 1, 1 };
  const float weights[] = { 1, 2 }, bias = 7, scale = 0.5F, zero = 0, bits = 8;
  const char *inputs[] = { "x", "w", "bq" }, *quant[] = { "b", "s", "z", "n" }, *out = "y", *made = "bq";
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("conv", 11, &err);
  struct qx_node *node;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 4, &err), &err);
  qx_floats (model, "w", 4, w, weights);
  qx_floats (model, "b", 1, one, &bias);
  qx_floats (model, "s", n_scale, one, &scale);
  qx_floats (model, "z", n_zero, one, &zero);
  qx_floats (model, "n", 0, NULL, &bits);
  node = qx_node_insert (model, SIZE_MAX, "Quant", "qonnx.custom_op.general", "", quant, 4, &made, 1, &err);
  ck_ok (qx_node_set_int (model, node, "signed", 1, &err), &err);
  ck_ok (qx_node_set_int (model, node, "narrow", 0, &err), &err);
  node = qx_node_insert (model, SIZE_MAX, "Conv", "", "", inputs, 3, &out, 1, &err);
  ck_ok (qx_node_set_ints (model, node, "kernel_shape", kernel, 2, &err), &err);
  return model;
}

/* As the reference has it: a bias is reshaped whatever its size, a scale of one number only where it has no dimension. */
START_TEST (the_bias_of_one_channel_gets_all_dimensions)
{
  struct qx_model *model = quantised_bias (1, 0);
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_ok (qx_extract_bias_from_conv (model, &err), &err);
  ck_assert_uint_eq (qx_tensor_n_dims (qx_initializer (model, "b")), 4);
  ck_assert_uint_eq (qx_tensor_n_dims (qx_initializer (model, "s")), 1);
  ck_assert_uint_eq (qx_tensor_n_dims (qx_initializer (model, "z")), 4);
  qx_model_free (model);
}
END_TEST

/* ---- types and cost ---- */

START_TEST (data_types_are_inferred_from_quantisers)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  struct qx_dtype dtype;

  ck_ok (qx_cleanup (model, NULL, &err), &err);
  ck_ok (qx_dtype_parse ("UINT8", &dtype, &err), &err);
  ck_ok (qx_set_tensor_dtype (model, "global_in", &dtype, &err), &err);
  ck_ok (qx_infer_datatypes (model, 0, &err), &err);
  ck_assert_str_eq (qx_annotation (model, "Quant_0_out0", "finn_datatype"), "INT2");
  ck_assert_str_eq (qx_annotation (model, "MatMul_0_out0", "finn_datatype"), "FLOAT32");
  qx_model_free (model);
}
END_TEST

/* 4 × 3 weights, 5 of them zero (rows of the export: 1, 2 and 2). */
START_TEST (cost_counts_what_qonnx_counts)
{
  const struct qx_cost_options dense = { .dense = 1 };
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  struct qx_cost *cost;

  ck_ok (qx_cleanup (model, NULL, &err), &err);
  cost = qx_inference_cost (model, NULL, &err);
  ck_assert_msg (cost != NULL, "%s", qx_error_text (&err));
  ck_assert (qx_cost_value (qx_cost_total (cost), "total_macs") == 12 * (7.0 / 12));
  ck_assert (qx_cost_value (qx_cost_total (cost), "mem_w_INT2") == 12 * (7.0 / 12));
  ck_assert (qx_cost_value (qx_cost_total (cost), "total_mem_o_elems") == 3);
  ck_assert_uint_eq (qx_cost_n_nodes (cost), 1);
  ck_assert_str_eq (qx_cost_node (cost, 0)->name, "MatMul_0");
  ck_assert_str_eq (qx_cost_op_type (cost, 0)->name, "MatMul");
  ck_assert_uint_eq (qx_cost_n_unsupported (cost), 0);
  qx_cost_free (cost);
  cost = qx_inference_cost (model, &dense, &err);
  ck_assert (qx_cost_value (qx_cost_total (cost), "total_bops") == 12.0 * 32 * 2);
  ck_assert_int_eq (qx_cost_discount_sparsity (cost), 0);
  qx_cost_free (cost);
  ck_assert_ptr_nonnull (qx_producer (model, "Quant_0_out0"));
  qx_model_free (model);
}
END_TEST

/* Numbers of qonnx.md 4.1 and 9. */
START_TEST (real_models_have_the_golden_counts)
{
  static const struct {
    const char *name;
    size_t nodes, initializers;
    double macs, bops;
  } cases[] = {
    { "TFC_1W1A", 22, 31, 59008, 59008 },       { "TFC_2W2A", 22, 47, 22355, 89420 },
    { "kwsmlp_w3a3", 19, 40, 204757, 3324993 }, { "mnist-conv", 11, 7, 786560, 805437440 },
    { "sdp", 16, 9, 1048576, 1073741824 },
  };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char *path = qx_shared_model (cases[i].name);
    struct qx_error err = { { 0 }, NULL };
    struct qx_model *model;
    struct qx_cost *cost;
    if (path == NULL)
      continue;
    model = qx_load (path, &err);
    ck_assert_ptr_nonnull (model);
    ck_ok (qx_cleanup (model, NULL, &err), &err);
    ck_assert_uint_eq (qx_n_nodes (model), cases[i].nodes);
    ck_assert_uint_eq (qx_n_initializers (model), cases[i].initializers);
    cost = qx_inference_cost (model, NULL, &err);
    ck_assert (qx_cost_value (qx_cost_total (cost), "total_macs") == cases[i].macs);
    ck_assert (qx_cost_value (qx_cost_total (cost), "total_bops") == cases[i].bops);
    qx_cost_free (cost);
    qx_model_free (model);
    free (path);
  }
}
END_TEST

static void
add_all (TCase *tests)
{
  tcase_add_test (tests, data_types_have_their_ranges);
  tcase_add_test (tests, other_names_are_no_data_types);
  tcase_add_test (tests, values_are_allowed_or_not);
  tcase_add_test (tests, the_smallest_type_is_found);
  tcase_add_test (tests, shapes_follow_the_operators);
  tcase_add_test (tests, shapes_follow_operators_of_two_inputs);
  tcase_add_test (tests, shapes_follow_constant_lists);
  tcase_add_test (tests, an_operator_that_qonnx_does_not_define_is_an_error);
  tcase_add_test (tests, arithmetic_of_constants_is_folded);
  tcase_add_test (tests, quantisers_of_constants_give_the_golden_numbers);
  tcase_add_test (tests, float_quantisers_give_the_golden_numbers);
  tcase_add_test (tests, a_division_by_zero_of_integers_names_its_node);
  tcase_add_test (tests, the_flatten_idiom_becomes_a_constant);
  tcase_add_test (tests, the_shape_of_a_symbolic_batch_is_not_folded);
  tcase_add_test (tests, an_exported_model_is_cleaned);
  tcase_add_test (tests, without_preservation_quantisers_are_folded_too);
  tcase_add_test (tests, the_batch_can_be_changed);
  tcase_add_test (tests, a_shared_parameter_is_copied_and_its_copy_annotated);
  tcase_add_test (tests, nodes_are_sorted_by_level_and_cycles_are_named);
  tcase_add_test (tests, the_bias_of_a_convolution_becomes_an_add);
  tcase_add_test (tests, the_bias_of_one_channel_gets_all_dimensions);
  tcase_add_test (tests, data_types_are_inferred_from_quantisers);
  tcase_add_test (tests, cost_counts_what_qonnx_counts);
  tcase_add_test (tests, real_models_have_the_golden_counts);
}

int
main (void)
{
  TCase *tests = tcase_create ("all");

  add_all (tests);
  tcase_set_timeout (tests, 60);
  return run_case ("qx_passes", tests);
}
