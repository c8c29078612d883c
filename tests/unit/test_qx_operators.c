/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: operators that are folded, shapes of images, data types of operators, subgraphs, the interface. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/model.h"
#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

static struct qx_model *
new_model (int64_t opset)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("operators", opset, &err);

  ck_assert_ptr_nonnull (model);
  return model;
}

static void
set_ints (struct qx_model *model, const char *name, int64_t n, const int64_t *values)
{
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_set_initializer_ints (model, name, &n, 1, values, &err), &err);
}

/* ---- folding of data movement ---- */

/* op_type on the constant [[1 2 3] [4 5 6]] ("a") and lists "l0" …; the numbers of the result. */
static void
check_folded (int64_t opset, const char *op_type, const int64_t (*lists)[3], size_t n_lists, const char *attr,
              int64_t number, const float *want, size_t n)
{
  static const char *const names[] = { "a", "l0", "l1", "l2", "l3" };
  const int64_t dims[] = { 2, 3 };
  const float values[] = { 1, 2, 3, 4, 5, 6 };
  struct qx_model *model = new_model (opset);
  struct qx_error err = { { 0 }, NULL };
  const char *out = "c";
  struct qx_node *node;
  size_t i;

  qx_floats (model, "a", 2, dims, values);
  for (i = 0; i < n_lists; i++)
    set_ints (model, names[i + 1], lists[i][0], lists[i] + 1);
  node = qx_node_insert (model, 0, op_type, "", "n", names, n_lists + 1, &out, 1, &err);
  ck_assert_ptr_nonnull (node);
  if (attr != NULL)
    ck_ok (qx_node_set_int (model, node, attr, number, &err), &err);
  ck_ok (qx_fold_constants (model, NULL, &err), &err);
  ck_assert_msg (qx_initializer (model, "c") != NULL, "%s", op_type);
  ck_assert_uint_eq (qx_tensor_n_elements (qx_initializer (model, "c")), n);
  ck_assert_msg (memcmp (qx_tensor_floats (qx_initializer (model, "c"), &err), want, n * sizeof *want) == 0,
                 "%s", op_type);
  qx_model_free (model);
}

/* It is not taken for one that is left out, which would be 0. */
START_TEST (a_value_that_is_no_tensor_is_an_error)
{
  const int64_t one = 1, two[] = { 2 };
  struct qx_model *model = new_model (13);
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *value = qx_tensor_create (QX_FLOAT, &one, 1, NULL, 0, &err);
  struct qx_node *node;

  ck_assert_ptr_nonnull (value);
  value->proto->dims[0] = -1;
  set_ints (model, "shape", 1, two);
  node = qx_add (model, "ConstantOfShape", "shape", NULL, "c");
  ck_ok (qx_node_set_tensor (model, node, "value", value, &err), &err);
  ck_assert_int_eq (qx_fold_constants (model, NULL, &err), -1);
  ck_error (&err, "model_load", "its dimensions are no shape");
  qx_model_free (model);
  qx_tensor_free (value);
}
END_TEST

START_TEST (data_movement_is_folded)
{
  static const int64_t slice[][3] = { { 1, 2 }, { 1, 0 }, { 1, 1 }, { 1, -1 } },
                       reshape[][3] = { { 2, 3, -1 } };
  static const int64_t gather[][3] = { { 2, 2, 0 } }, axes[][3] = { { 1, 0 } }, expand[][3] = { { 2, 2, 3 } };
  static const float backwards[] = { 3, 2, 6, 5 }, same[] = { 1, 2, 3, 4, 5, 6 }, columns[] = { 3, 1, 6, 4 };
  static const float turned[] = { 1, 4, 2, 5, 3, 6 }, negative[] = { -1, -2, -3, -4, -5, -6 };

  check_folded (13, "Slice", slice, 4, NULL, 0, backwards, 4);
  check_folded (13, "Reshape", reshape, 1, NULL, 0, same, 6);
  check_folded (13, "Gather", gather, 1, "axis", 1, columns, 4);
  check_folded (13, "Unsqueeze", axes, 1, NULL, 0, same, 6);
  check_folded (13, "Expand", expand, 1, NULL, 0, same, 6);
  check_folded (13, "Transpose", NULL, 0, NULL, 0, turned, 6);
  check_folded (13, "Flatten", NULL, 0, "axis", 0, same, 6);
  check_folded (13, "Identity", NULL, 0, NULL, 0, same, 6);
  check_folded (13, "Cast", NULL, 0, "to", QX_INT32, same, 6);
  check_folded (13, "Cast", NULL, 0, "to", QX_FLOAT16, same, 6);
  check_folded (13, "Cast", NULL, 0, "to", QX_DOUBLE, same, 6);
  check_folded (13, "Cast", NULL, 0, "to", QX_UINT8, same, 6);
  check_folded (13, "Concat", NULL, 0, "axis", 0, same, 6);
  check_folded (13, "Squeeze", NULL, 0, NULL, 0, same, 6);
  check_folded (13, "Neg", NULL, 0, NULL, 0, negative, 6);
  check_folded (13, "Relu", NULL, 0, NULL, 0, same, 6);
}
END_TEST

static void
check_constant (const char *attr, int64_t number, float real, const int64_t *ints, const float *floats,
                float want)
{
  struct qx_model *model = new_model (13);
  struct qx_error err = { { 0 }, NULL };
  const char *out = "c";
  struct qx_node *node = qx_node_insert (model, 0, "Constant", "", "n", NULL, 0, &out, 1, &err);

  if (ints != NULL)
    ck_ok (qx_node_set_ints (model, node, attr, ints, 2, &err), &err);
  else if (floats != NULL)
    ck_ok (qx_node_set_floats (model, node, attr, floats, 2, &err), &err);
  else if (real != 0)
    ck_ok (qx_node_set_float (model, node, attr, real, &err), &err);
  else
    ck_ok (qx_node_set_int (model, node, attr, number, &err), &err);
  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_ok (qx_fold_constants (model, NULL, &err), &err);
  ck_assert (qx_tensor_floats (qx_initializer (model, "c"), &err)[0] == want);
  qx_model_free (model);
}

START_TEST (constants_of_all_forms_are_folded)
{
  static const int64_t ints[] = { 5, 6 };
  static const float floats[] = { 7.5F, 8 };

  check_constant ("value_int", 3, 0, NULL, NULL, 3);
  check_constant ("value_float", 0, 1.5F, NULL, NULL, 1.5F);
  check_constant ("value_ints", 0, 0, ints, NULL, 5);
  check_constant ("value_floats", 0, 0, NULL, floats, 7.5F);
}
END_TEST

/* a op b for integers and doubles. */
static double
number_of (const char *op_type, int elem_type, const void *a, const void *b)
{
  struct qx_model *model = new_model (13);
  struct qx_error err = { { 0 }, NULL };
  double result;

  ck_ok (qx_set_initializer_raw (model, "a", elem_type, NULL, 0, a, 8, &err), &err);
  ck_ok (qx_set_initializer_raw (model, "b", elem_type, NULL, 0, b, 8, &err), &err);
  qx_add (model, op_type, "a", "b", "c");
  ck_ok (qx_fold_constants (model, NULL, &err), &err);
  ck_assert_int_eq (qx_elem_type (model, "c"), elem_type);
  result = qx_tensor_doubles (qx_initializer (model, "c"), &err)[0];
  qx_model_free (model);
  return result;
}

START_TEST (integers_and_doubles_have_their_own_arithmetic)
{
  const int64_t seven = 7, minus_two = -2, three = 3;
  const double half = 0.5, tenth = 0.1;

  ck_assert (number_of ("Add", QX_INT64, &seven, &minus_two) == 5);
  ck_assert (number_of ("Sub", QX_INT64, &seven, &minus_two) == 9);
  ck_assert (number_of ("Mul", QX_INT64, &seven, &minus_two) == -14);
  ck_assert (number_of ("Div", QX_INT64, &seven, &minus_two) == -3);
  ck_assert (number_of ("Pow", QX_INT64, &minus_two, &three) == -8);
  ck_assert (number_of ("Add", QX_DOUBLE, &half, &tenth) == 0.6);
  ck_assert (number_of ("Sub", QX_DOUBLE, &half, &tenth) == 0.4);
  ck_assert (number_of ("Mul", QX_DOUBLE, &half, &tenth) == 0.05);
  ck_assert (number_of ("Div", QX_DOUBLE, &half, &tenth) == 5);
  ck_assert (number_of ("Pow", QX_DOUBLE, &half, &half) == 0.70710678118654757);
}
END_TEST

/* What is wrong in the inputs is said with the node's name. */
START_TEST (operators_refuse_what_does_not_fit)
{
  static const struct {
    const char *op_type;
    int64_t list;
    const char *attr;
    int64_t number;
  } cases[] = { { "Gather", 9, "axis", 0 },
                { "Gather", 0, "axis", 7 },
                { "Reshape", 5, NULL, 0 },
                { "Expand", 4, NULL, 0 },
                { "Add", 0, NULL, 0 } };
  const int64_t dims[] = { 2, 3 }, long_list[] = { 1, 1 };
  const float values[6] = { 0 };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_model *model = new_model (13);
    struct qx_error err = { { 0 }, NULL };
    const char *inputs[] = { "a", "l" }, *out = "c";
    struct qx_node *node;
    qx_floats (model, "a", 2, dims, values);
    set_ints (model, "l", strcmp (cases[i].op_type, "Add") == 0 ? 2 : 1,
              strcmp (cases[i].op_type, "Add") == 0 ? long_list : &cases[i].list);
    node = qx_node_insert (model, 0, cases[i].op_type, "", "culprit", inputs, 2, &out, 1, &err);
    if (cases[i].attr != NULL)
      ck_ok (qx_node_set_int (model, node, cases[i].attr, cases[i].number, &err), &err);
    ck_assert_msg (qx_fold_constants (model, NULL, &err) == -1, "%s", cases[i].op_type);
    ck_error (&err, "transform", "culprit");
    qx_model_free (model);
  }
}
END_TEST

/* It is no fault of the model: the node stays, and the rest is folded. */
START_TEST (what_is_not_offered_is_not_folded)
{
  const int64_t dims[] = { 1 };
  const float value = 1;
  struct qx_model *model = new_model (13);
  struct qx_error err = { { 0 }, NULL };

  qx_floats (model, "a", 1, dims, &value);
  ck_ok (qx_node_set_int (model, qx_add (model, "Cast", "a", NULL, "c"), "to", QX_COMPLEX64, &err), &err);
  qx_add (model, "Neg", "a", NULL, "d");
  ck_ok (qx_fold_constants (model, NULL, &err), &err);
  ck_assert_ptr_null (qx_initializer (model, "c"));
  ck_assert_ptr_nonnull (qx_producer (model, "c"));
  ck_assert_ptr_nonnull (qx_initializer (model, "d"));
  qx_model_free (model);
}
END_TEST

START_TEST (rounding_modes_give_the_golden_numbers)
{
  static const struct {
    const char *mode;
    float want[7];
  } cases[] = {
    { "round", { 6, 2, 1, 0, -0.0F, -2, -2 } },     { "CEIL", { 6, 3, 2, 1, -0.0F, -1, -2 } },
    { "FLOOR", { 5, 2, 1, 0, -1, -2, -3 } },        { "UP", { 6, 3, 2, 1, -1, -2, -3 } },
    { "DOWN", { 5, 2, 1, 0, -0.0F, -1, -2 } },      { "HALF_UP", { 6, 3, 1, 1, -1, -2, -3 } },
    { "HALF_DOWN", { 5, 2, 1, 0, -0.0F, -2, -2 } },
  };
  const float x[] = { 5.5F, 2.5F, 1.1F, 0.5F, -0.5F, -1.6F, -2.5F }, one = 1, zero = 0, bits = 8;
  const char *inputs[] = { "x", "s", "z", "b" }, *out = "q";
  const char *const none[] = { NULL };
  const int64_t seven = 7;
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_model *model = new_model (11);
    struct qx_error err = { { 0 }, NULL };
    struct qx_node *node;
    qx_floats (model, "x", 1, &seven, x);
    qx_floats (model, "s", 0, NULL, &one);
    qx_floats (model, "z", 0, NULL, &zero);
    qx_floats (model, "b", 0, NULL, &bits);
    node = qx_node_insert (model, 0, "IntQuant", "onnx.brevitas", "q", inputs, 4, &out, 1, &err);
    ck_ok (qx_node_set_int (model, node, "signed", 1, &err), &err);
    ck_ok (qx_node_set_string (model, node, "rounding_mode", cases[i].mode, &err), &err);
    ck_ok (qx_fold_constants (model, none, &err), &err);
    ck_assert_msg (memcmp (qx_tensor_floats (qx_initializer (model, "q"), &err), cases[i].want, sizeof x) ==
                       0,
                   "%s", cases[i].mode);
    qx_model_free (model);
  }
}
END_TEST

/* ---- images ---- */

START_TEST (qonnx_image_operators_have_their_shapes)
{
  static const int64_t two[] = { 2, 2 }, pads[] = { 1, 1, 1, 1 }, dims[] = { 3, 4, 4, 5 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (11);
  const char *x = "x", *im = "im", *pool = "pool", *avg = "avg";
  struct qx_node *node;
  const int64_t *out;
  size_t n;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 4, &err), &err);
  node = qx_node_insert (model, 0, "Im2Col", "qonnx.custom_op.general", "", &x, 1, &im, 1, &err);
  ck_ok (qx_node_set_ints (model, node, "kernel_size", two, 2, &err), &err);
  ck_ok (qx_node_set_ints (model, node, "stride", two, 2, &err), &err);
  ck_ok (qx_node_set_ints (model, node, "pad_amount", pads, 4, &err), &err);
  node = qx_node_insert (model, 0, "MaxPoolNHWC", "qonnx.custom_op.general", "", &x, 1, &pool, 1, &err);
  ck_ok (qx_node_set_ints (model, node, "kernel_shape", two, 2, &err), &err);
  ck_ok (qx_node_set_ints (model, node, "strides", two, 2, &err), &err);
  node = qx_node_insert (model, 0, "QuantAvgPool2d", "qonnx.custom_op.general", "", &x, 1, &avg, 1, &err);
  ck_ok (qx_node_set_int (model, node, "kernel", 3, &err), &err);
  ck_ok (qx_node_set_string (model, node, "data_layout", "NHWC", &err), &err);
  ck_ok (qx_infer_shapes (model, &err), &err);
  /* (4 + 2 - 2) / 2 + 1 = 3 places; 2 × 2 × 5 numbers in each */
  out = qx_shape (model, "im", &n);
  ck_assert (n == 4 && out[0] == 3 && out[1] == 3 && out[2] == 3 && out[3] == 20);
  out = qx_shape (model, "pool", &n);
  ck_assert (n == 4 && out[0] == 3 && out[1] == 2 && out[2] == 2 && out[3] == 5);
  out = qx_shape (model, "avg", &n);
  ck_assert (n == 4 && out[1] == 2 && out[2] == 2 && out[3] == 5);
  qx_model_free (model);
}
END_TEST

START_TEST (padding_and_strides_count)
{
  static const struct {
    const char *auto_pad;
    int64_t stride, ceil, want;
  } cases[] = {
    { "SAME_UPPER", 2, 0, 4 }, { "VALID", 1, 0, 5 }, { "NOTSET", 2, 0, 3 }, { "NOTSET", 4, 1, 2 }
  };
  static const int64_t dims[] = { 1, 2, 7, 7 }, kernel[] = { 3, 3 };
  const int64_t *out;
  size_t i, n;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_model *model = new_model (11);
    struct qx_error err = { { 0 }, NULL };
    struct qx_node *node = qx_add (model, "MaxPool", "x", NULL, "y");
    const int64_t strides[] = { cases[i].stride, cases[i].stride };
    ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 4, &err), &err);
    ck_ok (qx_node_set_ints (model, node, "kernel_shape", kernel, 2, &err), &err);
    ck_ok (qx_node_set_ints (model, node, "strides", strides, 2, &err), &err);
    ck_ok (qx_node_set_string (model, node, "auto_pad", cases[i].auto_pad, &err), &err);
    ck_ok (qx_node_set_int (model, node, "ceil_mode", cases[i].ceil, &err), &err);
    ck_ok (qx_infer_shapes (model, &err), &err);
    out = qx_shape (model, "y", &n);
    ck_assert_int_eq (out[2], cases[i].want);
    qx_model_free (model);
  }
}
END_TEST

START_TEST (resampling_scales_or_sizes)
{
  static const int64_t dims[] = { 1, 2, 3, 3 }, four = 4;
  static const float scales[] = { 1, 1, 2, 3 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = new_model (11);
  const char *inputs[] = { "x", "", "scales" }, *out = "z";
  const int64_t *shape;
  size_t n;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, dims, 4, &err), &err);
  qx_floats (model, "scales", 1, &four, scales);
  qx_add (model, "Upsample", "x", "scales", "y");
  ck_assert_ptr_nonnull (qx_node_insert (model, 0, "Resize", "", "", inputs, 3, &out, 1, &err));
  ck_ok (qx_infer_shapes (model, &err), &err);
  shape = qx_shape (model, "y", &n);
  ck_assert (n == 4 && shape[2] == 6 && shape[3] == 9);
  shape = qx_shape (model, "z", &n);
  ck_assert (n == 4 && shape[2] == 6 && shape[3] == 9);
  qx_model_free (model);
}
END_TEST

/* ---- data types ---- */

START_TEST (data_types_follow_the_operators)
{
  static const struct {
    const char *op_type, *a, *b, *want;
  } cases[] = {
    { "MatMul", "INT4", "UINT2", "INT32" },  { "Add", "UINT4", "UINT2", "UINT32" },
    { "Sub", "UINT4", "UINT2", "INT32" },    { "Mul", "FIXED<4,2>", "INT2", "SCALEDINT<32>" },
    { "Mul", "FLOAT32", "INT2", "FLOAT32" }, { "Sign", "FLOAT32", NULL, "BIPOLAR" },
    { "Transpose", "INT3", NULL, "INT3" },   { "MaxPool", "UINT7", NULL, "UINT7" },
    { "Relu", "INT4", NULL, "FLOAT32" },     { "Softmax", "INT4", NULL, "FLOAT32" },
  };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct qx_model *model = new_model (11);
    struct qx_error err = { { 0 }, NULL };
    ck_ok (qx_add_input (model, "a", QX_FLOAT, NULL, 0, &err), &err);
    ck_ok (qx_add_input (model, "b", QX_FLOAT, NULL, 0, &err), &err);
    ck_ok (qx_set_annotation (model, "a", "finn_datatype", cases[i].a, &err), &err);
    if (cases[i].b != NULL)
      ck_ok (qx_set_annotation (model, "b", "finn_datatype", cases[i].b, &err), &err);
    qx_add (model, cases[i].op_type, "a", cases[i].b == NULL ? NULL : "b", "y");
    ck_ok (qx_infer_datatypes (model, 1, &err), &err);
    ck_assert_str_eq (qx_annotation (model, "y", "finn_datatype"), cases[i].want);
    qx_model_free (model);
  }
}
END_TEST

START_TEST (qonnx_operators_have_their_data_types)
{
  struct qx_model *model = new_model (11);
  struct qx_error err = { { 0 }, NULL };
  const char *x = "x", *names[] = { "m", "p", "t", "n", "k" };
  static const char *const ops[] = { "MultiThreshold", "QuantAvgPool2d", "Trunc", "XnorPopcountMatMul",
                                     "MaxPoolNHWC" };
  static const char *const want[] = { "INT4", "UINT4", "FLOAT32", "UINT32", "INT2" };
  size_t i;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, NULL, 0, &err), &err);
  ck_ok (qx_set_annotation (model, "x", "finn_datatype", "INT2", &err), &err);
  for (i = 0; i < 5; i++) {
    struct qx_node *node =
        qx_node_insert (model, SIZE_MAX, ops[i], "qonnx.custom_op.general", "", &x, 1, &names[i], 1, &err);
    ck_ok (qx_node_set_string (model, node, "out_dtype", "INT4", &err), &err);
    ck_ok (qx_node_set_int (model, node, "obits", 4, &err), &err);
  }
  ck_ok (qx_infer_datatypes (model, 0, &err), &err);
  for (i = 0; i < 5; i++)
    ck_assert_str_eq (qx_annotation (model, names[i], "finn_datatype"), want[i]);
  qx_model_free (model);
}
END_TEST

/* ---- subgraphs ---- */

/* A model whose node If reads "w" of the main graph in its then_branch, in wire form: every length is below 128. */
static size_t
wrap (unsigned char *to, unsigned char tag, const unsigned char *bytes, size_t n)
{
  to[0] = tag;
  to[1] = (unsigned char) n;
  memcpy (to + 2, bytes, n);
  return n + 2;
}

static size_t
make_subgraph_model (unsigned char *model)
{
  unsigned char inner[64], body[96], attr[120], node[120], graph[120], tensor[32];
  size_t n, m;

  n = wrap (inner, 0x0a, (const unsigned char *) "w", 1);
  n += wrap (inner + n, 0x12, (const unsigned char *) "i", 1);
  n += wrap (inner + n, 0x22, (const unsigned char *) "Neg", 3);
  m = wrap (body, 0x0a, inner, n);
  n = wrap (inner, 0x0a, (const unsigned char *) "i", 1);
  m += wrap (body + m, 0x62, inner, n);
  n = wrap (attr, 0x0a, (const unsigned char *) "then_branch", 11);
  n += wrap (attr + n, 0x32, body, m);
  memcpy (attr + n, "\xa0\x01\x05", 3);
  n += 3;
  m = wrap (node, 0x0a, (const unsigned char *) "c", 1);
  m += wrap (node + m, 0x12, (const unsigned char *) "r", 1);
  m += wrap (node + m, 0x22, (const unsigned char *) "If", 2);
  m += wrap (node + m, 0x2a, attr, n);
  n = wrap (graph, 0x0a, node, m);
  memcpy (tensor, "\x10\x01\x42\x01w\x4a\x04\0\0\x80\x3f", 11);
  n += wrap (graph + n, 0x2a, tensor, 11);
  n += wrap (graph + n, 0x5a,
             (const unsigned char *) "\x0a\x01"
                                     "c",
             3);
  n += wrap (graph + n, 0x62, (const unsigned char *) "\x0a\x01r", 3);
  return wrap (model, 0x3a, graph, n);
}

START_TEST (a_tensor_that_only_a_subgraph_reads_is_kept_and_renamed_there)
{
  unsigned char bytes[160];
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load_bytes (bytes, make_subgraph_model (bytes), "subgraph", NULL, &err), *again;

  ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
  ck_assert_uint_eq (qx_n_consumers (model, "w"), 1);
  ck_assert_str_eq (qx_node_op_type (qx_consumer (model, "w", 0)), "If");
  ck_ok (qx_cleanup (model, NULL, &err), &err);
  ck_assert_uint_eq (qx_n_initializers (model), 1);
  ck_ok (qx_rename_tensor (model, qx_initializer_name (model, 0), "renamed", &err), &err);
  again = qx_model_copy (model, &err);
  ck_assert_msg (again != NULL, "%s", qx_error_text (&err));
  ck_assert_uint_eq (qx_n_consumers (again, "renamed"), 1);
  ck_ok (qx_redirect (again, "renamed", "global_in", &err), &err);
  ck_assert_uint_eq (qx_n_consumers (again, "global_in"), 2);
  qx_node_remove (again, qx_node_at (again, 0));
  ck_assert_uint_eq (qx_n_consumers (again, "global_in"), 0);
  qx_model_free (again);
  qx_model_free (model);
}
END_TEST

/* ---- what a model says of itself ---- */

START_TEST (a_model_tells_about_itself)
{
  struct qx_model *model = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };
  const int64_t dims[] = { 1, 4 };

  ck_ok (qx_set_producer (model, "maker", "1.2", &err), &err);
  ck_ok (qx_set_opset (model, "onnx.brevitas", 2, &err), &err);
  ck_assert_str_eq (qx_producer_name (model), "maker");
  ck_assert_str_eq (qx_producer_version (model), "1.2");
  ck_assert_int_eq (qx_ir_version (model), 8);
  ck_assert_uint_eq (qx_n_opsets (model), 2);
  ck_assert_str_eq (qx_opset_domain (model, 1), "onnx.brevitas");
  ck_assert_int_eq (qx_opset_version (model, 1), 2);
  ck_assert_int_eq (qx_opset_of (model, "none"), 0);
  ck_assert_ptr_null (qx_graph_metadata (model, "exec_mode"));
  ck_assert_str_eq (qx_elem_type_name (QX_BFLOAT16), "BFLOAT16");
  ck_assert_str_eq (qx_elem_type_name (99), "UNKNOWN");
  ck_assert_str_eq (qx_input (model, 0), "x");
  ck_assert_str_eq (qx_input (model, 1), "");
  ck_assert_int_eq (qx_is_input (model, "x"), 1);
  ck_assert_int_eq (qx_is_output (model, "x"), 0);
  ck_assert_uint_eq (qx_n_values (model), 2 + 6);
  ck_assert_str_eq (qx_value (model, 1), "y");
  ck_assert_int_eq (qx_add_input (model, "x", QX_FLOAT, dims, 2, &err), -1);
  ck_error (&err, "transform", "there already");
  ck_assert_int_eq (qx_add_input (model, "product", QX_FLOAT, dims, 2, &err), -1);
  ck_error (&err, "transform", "made by node");
  qx_remove_initializer (model, "bias");
  ck_assert_uint_eq (qx_n_initializers (model), 5);
  qx_model_free (model);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, a_value_that_is_no_tensor_is_an_error);
  tcase_add_test (tests, data_movement_is_folded);
  tcase_add_test (tests, constants_of_all_forms_are_folded);
  tcase_add_test (tests, integers_and_doubles_have_their_own_arithmetic);
  tcase_add_test (tests, operators_refuse_what_does_not_fit);
  tcase_add_test (tests, what_is_not_offered_is_not_folded);
  tcase_add_test (tests, rounding_modes_give_the_golden_numbers);
  tcase_add_test (tests, qonnx_image_operators_have_their_shapes);
  tcase_add_test (tests, padding_and_strides_count);
  tcase_add_test (tests, resampling_scales_or_sizes);
  tcase_add_test (tests, data_types_follow_the_operators);
  tcase_add_test (tests, qonnx_operators_have_their_data_types);
  tcase_add_test (tests, a_tensor_that_only_a_subgraph_reads_is_kept_and_renamed_there);
  tcase_add_test (tests, a_model_tells_about_itself);
  tcase_set_timeout (tests, 60);
  return run_case ("qx_operators", tests);
}
