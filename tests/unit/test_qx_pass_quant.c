/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: passes over quantisers and data types. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

#define COUNT(a) (sizeof (a) / sizeof (a)[0])

/* ---- Quant as three nodes ---- */

#define QUANT(dims, scale, bits, attributes)                                                                 \
  "in x " dims "\nout y " dims "\ns = " scale "\nz = [] 0\nb = [] " bits                                     \
  "\ny = q.Quant(x, s, z, b) " attributes

static void
ck_there_and_back (const char *text, const char *ops, const float *in, const float *out, size_t n)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, text), *before = qx_graph (13, text);

  ck_text_gives (text, in, out, n);
  ck_keeps (model, "QuantToQCDQ", NULL, NULL, ops, 0);
  ck_ok (qx_infer_shapes (model, &err), &err);
  qx_apply (model, "FoldConstants", "exclude_op_types", "[]");
  qx_apply (model, "QCDQToQuant", NULL, NULL);
  ck_ops (model, "Quant");
  ck_same (before, model, 0);
  qx_model_free (before);
  qx_model_free (model);
}

/* Numbers in and out are worked out by hand: in steps of the scale, cut at the bounds. */
START_TEST (quant_and_qcdq_give_the_same_numbers)
{
  static const float in[] = { 0.25F, 0.75F, -100, 100, 1.3F, -0.3F };
  static const char four[] = "Constant Constant Constant Constant QuantizeLinear Clip DequantizeLinear";
  static const char two[] = "Constant Constant QuantizeLinear DequantizeLinear";

  ck_there_and_back (QUANT ("[6]", "[] 0.5", "4", "signed=1 narrow=0"), four, in,
                     (const float[]){ 0, 1, -4, 3.5F, 1.5F, -0.5F }, 6);
  ck_there_and_back (QUANT ("[6]", "[] 0.5", "4", "signed=1 narrow=1"), four, in,
                     (const float[]){ 0, 1, -3.5F, 3.5F, 1.5F, -0.5F }, 6);
  ck_there_and_back (QUANT ("[6]", "[1] 0.5", "3", "signed=0 narrow=0"), four, in,
                     (const float[]){ 0, 1, 0, 3.5F, 1.5F, 0 }, 6);
  ck_there_and_back (QUANT ("[6]", "[] 0.5", "8", "signed=1 narrow=0"), two, in,
                     (const float[]){ 0, 1, -64, 63.5F, 1.5F, -0.5F }, 6);
  ck_there_and_back (QUANT ("[6]", "[] 0.5", "8", "signed=0 narrow=0"), two, in,
                     (const float[]){ 0, 1, 0, 100, 1.5F, 0 }, 6);
}
END_TEST

/* Scales 0.5 and 0.25 along the second dimension. */
START_TEST (quant_and_qcdq_have_scales_for_channels)
{
  static const float in[] = { 0.75F, -9, 0.75F, -9 };

  ck_there_and_back (QUANT ("[1,2,2]", "[1,2,1] 0.5 0.25", "4", "signed=1 narrow=0"),
                     "Constant Constant Constant Constant QuantizeLinear Clip DequantizeLinear", in,
                     (const float[]){ 1, -4, 0.75F, -2 }, 4);
}
END_TEST

/* Scales along two dimensions; a zero point that is computed. */
START_TEST (a_quant_that_is_no_qcdq_stays)
{
  ck_text_stays (QUANT ("[2,2]", "[2,2] 1 2 1 2", "4", "signed=1 narrow=0"), "QuantToQCDQ");
  ck_text_stays (
      "in x [2]\nin z []\nout y [2]\ns = [] 1\nb = [] 4\ny = q.Quant(x, s, z, b) signed=1 narrow=0",
      "QuantToQCDQ");
  ck_text_stays (QUANT ("[2]", "[] 1", "4", "signed=1"), "QuantToQCDQ");
  ck_text_stays (
      "in x [2]\nout y [2]\ns = [] 1\nz = [] 0\nb = [1] 4\ny = q.Quant(x, s, z, b) signed=1 narrow=0",
      "QuantToQCDQ");
}
END_TEST

/* Clip of integers needs opset 13, where lists of these operators are inputs. */
START_TEST (qcdq_raises_the_version_and_adapts_what_is_there)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (
      11, "in x [1,3]\nout y [4]\ns = [] 0.5\nz = [] 0\nb = [] 4\na = q.Quant(x, s, z, b) signed=1 narrow=0\n"
          "c = Unsqueeze(a) axes=[0]\nd = Squeeze(c) axes=[0,1]\ny = Pad(d, p)\np = INT64 [2] 0 1");

  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_keeps (model, "QuantToQCDQ", NULL, NULL,
            "Constant Constant Constant Constant QuantizeLinear Clip DequantizeLinear Unsqueeze Squeeze Pad",
            0);
  ck_assert_int_eq (qx_opset_of (model, ""), 13);
  ck_assert_uint_eq (qx_node_n_inputs (qx_node_at (model, 7)), 2);
  ck_assert_int_eq (qx_node_attr_type (qx_node_at (model, 8), "axes"), QX_ATTR_NONE);
  ck_assert_int_eq (qx_opset_of (model, "qonnx.custom_op.general"), 0);
  qx_model_free (model);
  /* without Clip, 10 is enough, where the padding is an attribute still */
  model = qx_graph (9, QUANT ("[1,3]", "[] 0.5", "8", "signed=1 narrow=0"));
  qx_apply (model, "QuantToQCDQ", NULL, NULL);
  ck_assert_int_eq (qx_opset_of (model, ""), 10);
  qx_model_free (model);
}
END_TEST

/* ---- three nodes as Quant ---- */

#define QCDQ(type, zero, clip)                                                                               \
  "in x [6]\nout y [6]\ns = [] 0.5\nz = " type " " zero "\na = QuantizeLinear(x, s, z)\n" clip               \
  "\ny = DequantizeLinear(c, s, z)"

START_TEST (qcdq_of_others_becomes_quant)
{
  static const struct {
    const char *text;
    float bits;
    int is_signed, narrow;
  } cases[] = {
    { QCDQ ("INT8", "[] 0", "l = INT8 [] -7\nh = INT8 [] 7\nc = Clip(a, l, h)"), 4, 1, 1 },
    { QCDQ ("INT8", "[] 0", "l = INT8 [] -8\nh = INT8 [] 7\nc = Clip(a, l, h)"), 4, 1, 0 },
    { QCDQ ("UINT8", "[] 0", "l = UINT8 [] 0\nh = UINT8 [] 15\nc = Clip(a, l, h)"), 4, 0, 0 },
    { "in x [6]\nout y [6]\ns = [] 0.5\na = QuantizeLinear(x, s)\ny = DequantizeLinear(a, s)", 8, 0, 0 },
    { "in x [6]\nout y [6]\ns = [] 0.5\nt = [] 0.5\nz = INT8 [] 0\na = QuantizeLinear(x, s, z)\n"
      "y = DequantizeLinear(a, t, z)",
      8, 1, 0 },
  };

  for (size_t i = 0; i < COUNT (cases); i++) {
    struct qx_model *model = qx_graph (13, cases[i].text);
    ck_keeps (model, "QCDQToQuant", NULL, NULL, "Quant", 0);
    ck_assert (qx_constant (model, 0, 3)[0] == cases[i].bits);
    ck_assert_int_eq (qx_node_int (qx_node_at (model, 0), "signed", 9), cases[i].is_signed);
    ck_assert_int_eq (qx_node_int (qx_node_at (model, 0), "narrow", 9), cases[i].narrow);
    ck_assert_str_eq (qx_node_name (qx_node_at (model, 0)), "Quant_x");
    ck_assert_str_eq (qx_node_input (qx_node_at (model, 0), 3), "Quant_x_bitwidth");
    qx_model_free (model);
  }
}
END_TEST

#define TWO(second)                                                                                          \
  "in x [6]\nout y [6]\ns = [] 0.5\nz = INT8 [] 0\na = QuantizeLinear(x, s, z)\n"                            \
  "p = DequantizeLinear(a, s, z)\nt = [] 0.25\nb = QuantizeLinear(x, t, z)\n" second                         \
  "q = DequantizeLinear(c, t, z)\ny = Add(p, q)"

/* Of equal widths the reference makes one constant, of which the second quantiser then gets an annotated copy. */
START_TEST (quantisers_of_one_tensor_have_their_own_widths)
{
  struct qx_model *equal = qx_graph (13, TWO ("l = INT8 [] -128\nh = INT8 [] 127\nc = Clip(b, l, h)\n"));
  struct qx_model *other = qx_graph (13, TWO ("l = INT8 [] -8\nh = INT8 [] 7\nc = Clip(b, l, h)\n"));
  const char *copy;

  ck_keeps (equal, "QCDQToQuant", NULL, NULL, "Quant Quant Add", 0);
  ck_assert (qx_constant (equal, 0, 3)[0] == 8 && qx_constant (equal, 1, 3)[0] == 8);
  copy = qx_annotation (equal, qx_node_input (qx_node_at (equal, 1), 3), "finn_datatype");
  ck_assert (copy != NULL && strcmp (copy, "FLOAT32") == 0);
  ck_keeps (other, "QCDQToQuant", NULL, NULL, "Quant Quant Add", 0);
  ck_assert (qx_constant (other, 0, 3)[0] == 8 && qx_constant (other, 1, 3)[0] == 4);
  ck_assert_ptr_null (qx_annotation (other, qx_node_input (qx_node_at (other, 1), 3), "finn_datatype"));
  qx_model_free (equal);
  qx_model_free (other);
}
END_TEST

START_TEST (qcdq_with_a_zero_point_keeps_its_numbers)
{
  ck_text_keeps (QCDQ ("UINT8", "[] 3", "c = Relu(a)") "\n", "QuantToQCDQ",
                 "QuantizeLinear Relu DequantizeLinear", 0);
  ck_text_keeps ("in x [6]\nout y [6]\ns = [] 0.5\nz = UINT8 [] 3\na = QuantizeLinear(x, s, z)\n"
                 "y = DequantizeLinear(a, s, z)",
                 "QCDQToQuant", "Quant", 0);
}
END_TEST

/* -100 - 50 is -150 and does not wrap; scales along the first dimension. */
START_TEST (constants_of_integers_become_quantised_floats)
{
  static const int64_t wanted[] = { 2, 1 };
  struct qx_model *model = qx_graph (
      13, "in x [2,2]\nout y [2,2]\nc = INT8 [2,2] -100 0 100 50\ns = [2] 0.5 2\nz = INT8 [2] 50 0\n"
          "w = DequantizeLinear(c, s, z) axis=0\ny = Add(x, w)");

  ck_keeps (model, "QCDQToQuant", NULL, NULL, "Quant Add", 0);
  ck_assert (qx_constant (model, 0, 0)[0] == -75 && qx_constant (model, 0, 0)[1] == -25);
  ck_assert (qx_constant (model, 0, 0)[2] == 200 && qx_constant (model, 0, 0)[3] == 100);
  ck_shape (model, qx_node_input (qx_node_at (model, 0), 1), 2, wanted);
  ck_assert (qx_constant (model, 0, 3)[0] == 8);
  qx_model_free (model);
}
END_TEST

START_TEST (a_chain_that_does_not_fit_together_stays)
{
  static const char *const texts[] = {
    /* another scale; another zero point; bounds that are computed, or on one side; another node between; no integers */
    "in x [6]\nout y [6]\ns = [] 0.5\nt = [] 0.25\nz = INT8 [] 0\na = QuantizeLinear(x, s, z)\ny = "
    "DequantizeLinear(a, t, z)",
    "in x [6]\nout y [6]\ns = [] 0.5\nk = INT8 [] 1\nz = INT8 [] 0\na = QuantizeLinear(x, s, z)\ny = "
    "DequantizeLinear(a, s, k)",
    QCDQ ("INT8", "[] 0", "in l INT8 []\nh = INT8 [] 7\nc = Clip(a, l, h)"),
    QCDQ ("INT8", "[] 0", "l = INT8 [] 1\nh = INT8 [] 7\nc = Clip(a, l, h)"),
    QCDQ ("INT8", "[] 0", "l = INT8 [] -7\nc = Clip(a, l)"),
    QCDQ ("INT8", "[] 0", "c = Relu(a)"),
    "in x INT8 [6]\nout y [6]\ns = [] 0.5\ny = DequantizeLinear(x, s)",
    "in x [6]\nin s []\nout y [6]\nz = INT8 [] 0\na = QuantizeLinear(x, s, z)\ny = DequantizeLinear(a, s, z)",
  };

  for (size_t i = 0; i < COUNT (texts); i++)
    ck_text_stays (texts[i], "QCDQToQuant");
}
END_TEST

START_TEST (scales_that_do_not_fit_a_constant_are_an_error)
{
  struct qx_model *model =
      qx_graph (13, "in x [2]\nout y [2]\nc = INT8 [2] 1 2\ns = [3] 1 2 3\nz = INT8 [3] 0 0 0\n"
                    "w = DequantizeLinear(c, s, z) axis=0 @dq\ny = Add(x, w)");

  qx_refuse (model, "QCDQToQuant", NULL, NULL, "transform",
             "node dq (DequantizeLinear): its scales do not fit its input");
  qx_model_free (model);
}
END_TEST

/* ---- scales around a quantiser ---- */

START_TEST (scales_taken_out_compute_the_same)
{
  static const char pass[] = "ExtractQuantScaleZeroPt";

  ck_text_keeps (QUANT ("[1,2,2]", "[1,2,1] 0.5 0.25", "4", "signed=1 narrow=0"), pass, "Div Quant Mul", 0);
  ck_text_keeps (
      "in x [4]\nout y [4]\ns = [] 1\nz = [] 3\nb = [] 4\ny = q.Quant(x, s, z, b) signed=0 narrow=0", pass,
      "Add Quant Sub", 0);
  ck_text_stays (QUANT ("[4]", "[] 1", "4", "signed=1 narrow=0"), pass);
}
END_TEST

/* A weight between a quantiser and a product; others read the quantiser, so it stays there. */
START_TEST (a_transpose_goes_into_the_constants_of_its_quantiser)
{
  static const char pass[] = "FoldTransposeIntoQuantInit";

  ck_text_keeps ("in x [1,3]\nout y [1,2]\nw = [2,3] ~\ns = [2,1] 0.5 0.25\nz = [] 0\nb = [] 4\n"
                 "q = q.Quant(w, s, z, b) signed=1 narrow=0\nt = Transpose(q) perm=[1,0]\ny = MatMul(x, t)",
                 pass, "Quant MatMul", 0);
  ck_text_keeps (
      "in x [1,3]\nout y [1,2]\nw = [2,3] ~\ns = [] 0.5\nq = q.BipolarQuant(w, s)\nt = Transpose(q)\n"
      "y = MatMul(x, t)",
      pass, "BipolarQuant MatMul", 0);
  ck_text_stays ("in x [1,3]\nout y [1,2]\nout k [2,3]\nk = Relu(q)\nw = [2,3] ~\ns = [] 0.5\n"
                 "q = q.BipolarQuant(w, s)\nt = Transpose(q)\ny = MatMul(x, t)",
                 pass);
}
END_TEST

/* ---- quantisers where a map wants them ---- */

#define SETTING "[0.5, 0, 4, 0, 1, \"ROUND\"]"

START_TEST (quantisers_are_put_where_they_are_wanted)
{
  static const char text[] = "in x [1,3]\nout y [1,2]\nw = [3,2] ~\na = MatMul(x, w) @product\ny = Relu(a)";
  static const char quantised[] = "in x [1,3]\nout y [1,2]\nw = [3,2] ~\ns = [] 0.5\nz = [] 0\nb = [] 4\n"
                                  "v = q.Quant(w, s, z, b) signed=1 narrow=0\nu = q.Quant(x, s, z, b) "
                                  "signed=1 narrow=0\na = MatMul(u, v)\n"
                                  "c = Relu(a)\ny = q.Quant(c, s, z, b) signed=1 narrow=0";
  struct qx_model *model = qx_graph (13, text), *wanted = qx_graph (13, quantised);

  qx_apply (model, "QuantizeGraph", "quantnode_map",
            "{\"name\": {\"product\": [[[\"input\", 0], " SETTING "], [[\"input\", 1], " SETTING "]]},"
            " \"op_type\": {\"Relu\": [[[\"output\", 0], " SETTING "]]}}");
  ck_same (wanted, model, 0);
  qx_apply (model, "GiveUniqueNodeNames", NULL, NULL);
  ck_ops (model, "Quant Quant MatMul Relu Quant");
  qx_model_free (wanted);
  qx_model_free (model);
}
END_TEST

/* Before each reader of the tensor; and where there is one already, none. */
START_TEST (a_place_is_quantised_once)
{
  static const char text[] = "in x [1,3]\nout y [1,3]\nout z [1,3]\na = Relu(x) @n\ny = Neg(a)\nz = Exp(a)";
  static const char map[] = "{\"name\": {\"n\": [[[\"output\", 0], [[1, 2, 4], 0, 4, 1, 1, \"FLOOR\"]]]}}";
  struct qx_model *model = qx_graph (13, text);
  const struct qx_node *quant;

  qx_apply (model, "QuantizeGraph", "quantnode_map", map);
  ck_ops (model, "Relu Quant Neg Exp");
  quant = qx_node_at (model, 1);
  ck_assert_int_eq (qx_node_int (quant, "narrow", 0), 1);
  ck_assert_str_eq (qx_node_string (quant, "rounding_mode", ""), "FLOOR");
  ck_assert (qx_constant (model, 1, 1)[2] == 4);
  qx_apply (model, "QuantizeGraph", "quantnode_map",
            "{\"op_type\": {\"Relu\": [[[\"output\", 0], " SETTING "]], \"Neg\": [[[\"input\", 0], " SETTING
            "]]}}");
  ck_ops (model, "Relu Quant Neg Exp");
  qx_model_free (model);
}
END_TEST

START_TEST (a_map_that_is_none_is_refused)
{
  static const char shape[] = "is wanted",
                    lists[] = "a number, or lists of numbers of one length, are wanted";
  static const struct {
    const char *map, *part;
  } cases[] = {
    { "[]", "an object is wanted" },
    { "{\"nodes\": {}}", "only name and op_type can select nodes" },
    { "{\"name\": []}", "objects under name and op_type are wanted" },
    { "{\"name\": {\"nothing\": []}}", "no node nothing" },
    { "{\"name\": {\"n\": {}}}", shape },
    { "{\"name\": {\"n\": [[[\"input\"], " SETTING "]]}}", shape },
    { "{\"name\": {\"n\": [[[\"input\", 0], [1, 0, 4]]]}}", shape },
    { "{\"name\": {\"n\": [[[\"middle\", 0], " SETTING "]]}}", shape },
    { "{\"name\": {\"n\": [[[\"input\", 0], [1, 0, 0, 0, 1, \"ROUND\"]]]}}", shape },
    { "{\"name\": {\"n\": [[[\"input\", 0], [1, 0, 4, 0, 1, \"NEAR\"]]]}}", shape },
    { "{\"name\": {\"n\": [[[\"input\", 0], [\"a\", 0, 4, 0, 1, \"ROUND\"]]]}}", lists },
    { "{\"name\": {\"n\": [[[\"input\", 0], [[1, [2]], 0, 4, 0, 1, \"ROUND\"]]]}}", lists },
    { "{\"name\": {\"n\": [[[\"input\", 0], [[], 0, 4, 0, 1, \"ROUND\"]]]}}", lists },
    { "{\"name\": {\"n\": [[[\"input\", 3], " SETTING "]]}}", "node n (Relu) has no input 3" },
    { "{\"name\": {\"n\": [[[\"output\", 1], " SETTING "]]}}", "node n (Relu) has no output 1" },
  };

  for (size_t i = 0; i < COUNT (cases); i++) {
    struct qx_model *model = qx_graph (13, "in x [1,3]\nout y [1,3]\ny = Relu(x) @n");
    qx_refuse (model, "QuantizeGraph", "quantnode_map", cases[i].map, "config", cases[i].part);
    qx_model_free (model);
  }
}
END_TEST

/* ---- fixed point ---- */

START_TEST (named_constants_become_fixed_point)
{
  struct qx_model *model =
      qx_graph (13, "in x [3]\nout y [3]\nc = [3] 0.3 -0.6 9\nd = [3] 0.3 0.3 0.3\na = Add(x, c)\n"
                    "y = Mul(a, d)");
  static const char pass[] = "FixedPointQuantizeParamsFromDict";
  const struct qx_argument arguments[] = {
    { "fixedpt_dict", "{\"c\": \"FIXED<4,2>\", \"a\": \"FIXED<4,2>\"}" }, { "rounding_mode", "CEIL" }
  };
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_pass_apply (model, pass, arguments, 2, &err), &err);
  /* up to quarters, and cut at 1.75 */
  ck_assert (qx_constant (model, 0, 1)[0] == 0.5F && qx_constant (model, 0, 1)[1] == -0.5F &&
             qx_constant (model, 0, 1)[2] == 1.75F);
  ck_assert (qx_constant (model, 1, 1)[0] == 0.3F);
  qx_refuse (model, pass, "fixedpt_dict", "[]", "config", "an object from tensor names to types is wanted");
  qx_refuse (model, pass, "fixedpt_dict", "{\"c\": \"INT4\"}", "config",
             "a type FIXED<bits,integer bits> is wanted");
  qx_model_free (model);
}
END_TEST

START_TEST (fixed_point_takes_the_operators_and_the_mode_that_it_is_given)
{
  struct qx_model *model =
      qx_graph (13, "in x [2]\nout y [2]\nc = [2] 0.3 -0.6\nd = [2] 0.3 -0.6\na = Add(x, c)\n"
                    "y = Sub(a, d)");
  const struct qx_argument arguments[] = { { "fixedpt_dtype", "FIXED<4,2>" },
                                           { "op_types", "[\"Sub\"]" },
                                           { "rounding_mode", "FLOOR" } };
  const struct qx_argument wrong[] = { { "fixedpt_dtype", "FIXED<4,2>" }, { "rounding_mode", "NEAR" } };
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_pass_apply (model, "FixedPointQuantizeParams", arguments, 3, &err), &err);
  ck_assert (qx_constant (model, 0, 1)[0] == 0.3F);
  ck_assert (qx_constant (model, 1, 1)[0] == 0.25F && qx_constant (model, 1, 1)[1] == -0.75F);
  ck_assert_int_eq (qx_pass_apply (model, "FixedPointQuantizeParams", wrong, 2, &err), -1);
  ck_error (&err, "config", "no such mode");
  qx_model_free (model);
}
END_TEST

/* ---- bits ---- */

/* x is bipolar itself: it becomes 0 and 1, and so does what is given to the graph. */
START_TEST (a_bipolar_product_of_the_input_counts_bits)
{
  struct qx_model *model =
      qx_graph (13, "in x [1,4]\nout y [1,2]\nw = [4,2] 1 -1 -1 -1 1 1 -1 1\nw : BIPOLAR\nx : BIPOLAR\n"
                    "y = MatMul(x, w)");

  qx_apply (model, "ConvertBipolarMatMulToXnorPopcount", NULL, NULL);
  ck_ops (model, "XnorPopcountMatMul Mul Add");
  ck_assert_str_eq (qx_annotation (model, "x", "finn_datatype"), "BINARY");
  qx_model_free (model);
}
END_TEST

START_TEST (counted_bits_give_the_same_sums)
{
  static const char *const between[] = { "", "r = Identity(b)\n" };
  char text[512];

  for (size_t i = 0; i < COUNT (between); i++) {
    snprintf (text, sizeof text,
              "in x [2,4]\nout y [2,2]\nw = [4,2] 1 -1 -1 -1 1 1 -1 1\nt = [1,1] 0\nw : BIPOLAR\nb : "
              "BIPOLAR\nr : BIPOLAR\n"
              "b = q.MultiThreshold(x, t) out_dtype='BIPOLAR' out_scale=2. out_bias=-1.\n%sy = MatMul(%s, w)",
              between[i], i == 0 ? "b" : "r");
    ck_text_keeps (text, "ConvertBipolarMatMulToXnorPopcount",
                   i == 0 ? "MultiThreshold XnorPopcountMatMul Mul Add"
                          : "MultiThreshold Identity XnorPopcountMatMul Mul Add",
                   0);
  }
  ck_text_stays ("in x [2,4]\nout y [2,2]\nw = [4,2] 1 -1 -1 -1 1 1 -1 1\nw : BIPOLAR\ny = MatMul(x, w)",
                 "ConvertBipolarMatMulToXnorPopcount");
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    quant_and_qcdq_give_the_same_numbers,
    quant_and_qcdq_have_scales_for_channels,
    a_quant_that_is_no_qcdq_stays,
    qcdq_raises_the_version_and_adapts_what_is_there,
    qcdq_of_others_becomes_quant,
    quantisers_of_one_tensor_have_their_own_widths,
    qcdq_with_a_zero_point_keeps_its_numbers,
    constants_of_integers_become_quantised_floats,
    a_chain_that_does_not_fit_together_stays,
    scales_that_do_not_fit_a_constant_are_an_error,
    scales_taken_out_compute_the_same,
    a_transpose_goes_into_the_constants_of_its_quantiser,
    quantisers_are_put_where_they_are_wanted,
    a_place_is_quantised_once,
    a_map_that_is_none_is_refused,
    named_constants_become_fixed_point,
    fixed_point_takes_the_operators_and_the_mode_that_it_is_given,
    a_bipolar_product_of_the_input_counts_bits,
    counted_bits_give_the_same_sums,
  };

  return run_tests ("qx_pass_quant", tests, COUNT (tests), 60);
}
