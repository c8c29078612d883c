/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: data layouts and data types that follow from a graph, by QONNX's rules. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

#define COUNT(a) (sizeof (a) / sizeof (a)[0])

static void
ck_layout (const char *text, const char *wanted)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, text);

  ck_ok (qx_infer_shapes (model, &err), &err);
  qx_apply (model, "InferDataLayouts", NULL, NULL);
  ck_assert_str_eq (qx_annotation (model, "y", "tensor_layout"), wanted);
  qx_model_free (model);
}

/* Scaled integers stay what they are. */
static void
ck_type (const char *text, const char *wanted)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, text);

  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_ok (qx_infer_datatypes (model, 1, &err), &err);
  ck_assert_str_eq (qx_annotation (model, "y", "finn_datatype"), wanted);
  qx_model_free (model);
}

/* ---- layouts ---- */

START_TEST (layouts_begin_with_the_input)
{
  ck_layout ("in x [1,2,3,3]\nout y [1,2,3,3]\ny = Relu(x)", "['N', 'C', 'H', 'W']");
  ck_layout ("in x [1,3,2]\nout y [1,3,2]\ny = Relu(x)", "['N', 'W', 'C']");
  ck_layout ("in x [1,3]\nout y [1,3]\ny = Relu(x)", "['N', 'C']");
}
END_TEST

START_TEST (layouts_need_an_input_of_few_dimensions)
{
  static const struct {
    const char *text, *part;
  } cases[] = { { "in x [3]\nout y [3]\ny = Relu(x)",
                  "tensor x: a layout is only known for 2 to 4 dimensions" },
                { "out y [3]\nc = [3] 1 2 3\ny = Relu(c)", "the graph has no input to begin with" } };

  for (size_t i = 0; i < COUNT (cases); i++) {
    struct qx_model *model = qx_graph (13, cases[i].text);
    qx_refuse (model, "InferDataLayouts", NULL, NULL, "transform", cases[i].part);
    qx_model_free (model);
  }
}
END_TEST

START_TEST (layouts_follow_transposes_and_new_dimensions)
{
  ck_layout ("in x [1,2,3,3]\nout y [1,3,3,2]\ny = Transpose(x) perm=[0,2,3,1]", "['N', 'H', 'W', 'C']");
  /* QONNX reads no default */
  ck_layout ("in x [1,2,3,3]\nout y [3,3,2,1]\ny = Transpose(x)", "[]");
  ck_layout ("in x [1,2]\nout y [1,2,1]\na = INT64 [1] 2\ny = Unsqueeze(x, a)", "['N', 'C', 'x']");
  ck_layout ("in x [1,2]\nout y [1,2]\na = INT64 [1] 2\nb = Unsqueeze(x, a)\ny = Squeeze(b, a)",
             "['N', 'C']");
  ck_layout ("in x [1,2,1]\nout y [1,2]\na = INT64 [1] 2\ny = Squeeze(x, a)", "[]");
  ck_layout ("in x [1,2,3,3]\nout y [1,18]\ny = Flatten(x)", "['N', 'C']");
}
END_TEST

START_TEST (layouts_are_said_by_attributes_of_qonnx)
{
  static const char pool[] = "in x [1,2,4,4]\nout y [1,2,2,2]\n"
                             "y = q.QuantAvgPool2d(x) kernel=2 stride=2 ibits=4 obits=4 signed=0";

  ck_layout ("in x [1,3,3,2]\nout y [1,3,3,2]\nt = [2,1] 0 1\ny = q.MultiThreshold(x, t) out_dtype='UINT2' "
             "data_layout='NHWC'",
             "['N', 'H', 'W', 'C']");
  ck_layout ("in x [1,3,2]\nout y [1,3,2]\nt = [2,1] 0 1\ny = q.MultiThreshold(x, t) out_dtype='UINT2' "
             "data_layout='NWC'",
             "['N', 'W', 'C']");
  ck_layout ("in x [1,3,2]\nout y [1,3,2]\nt = [3,1] 0 1 2\ny = q.MultiThreshold(x, t) out_dtype='UINT2'",
             "[]");
  ck_layout (pool, "['N', 'C', 'H', 'W']");
}
END_TEST

/* Of QONNX's operators the ranks have to agree; of ONNX's they do not. What has no layout is guessed by its rank. */
START_TEST (layouts_are_passed_on_or_guessed)
{
  ck_layout ("in x [1,2,3,3]\nout y [1,2,3,3]\ns = [] 1\ny = q.BipolarQuant(x, s)", "['N', 'C', 'H', 'W']");
  ck_layout ("in x [1,2,3,3]\nout y [1,2,9]\ns = INT64 [3] 1 2 9\ny = Reshape(x, s)", "['N', 'C', 'H', 'W']");
  ck_layout ("in x [1,2]\nin u [1,3,3,2]\nout y [1,3,3,2]\ny = Relu(u)", "['N', 'H', 'W', 'C']");
  ck_layout ("in x [1,2]\nin u [1,3,2]\nout y [1,3,2]\ny = Relu(u)", "['N', 'W', 'C']");
  ck_layout ("in x [1,2]\nin u [3]\nout y [3]\ny = Relu(u)", "[]");
}
END_TEST

/* ---- types ---- */

#define QUANT(scale, zero, bits, attributes)                                                                 \
  "in x [1,2]\nout y [1,2]\ns = " scale "\nz = " zero "\nb = " bits "\ny = q.Quant(x, s, z, b) " attributes

START_TEST (quantisers_have_the_types_of_their_numbers)
{
  ck_type (QUANT ("[] 1", "[] 0", "[] 4", "signed=1 narrow=1"), "INT4");
  ck_type (QUANT ("[1] 1", "[] 0", "[] 4", "signed=0 narrow=0"), "UINT4");
  ck_type (QUANT ("[] 1", "[] 0", "[] 1", "signed=1 narrow=0"), "BIPOLAR");
  ck_type (QUANT ("[] 1", "[] 0", "[] 1", "signed=0 narrow=0"), "BINARY");
  ck_type (QUANT ("[2] 1 0.5", "[] 0", "[] 4", "signed=1 narrow=0"), "SCALEDINT<4>");
  /* a zero point; bits in a list, or a fraction */
  ck_type (QUANT ("[] 1", "[] 3", "[] 4", "signed=1 narrow=0"), "FLOAT32");
  ck_type (QUANT ("[] 1", "[] 0", "[1] 4", "signed=1 narrow=0"), "FLOAT32");
  ck_type (QUANT ("[] 1", "[] 0", "[] 3.5", "signed=1 narrow=0"), "FLOAT32");
  ck_type ("in x [2]\nout y [2]\ns = [2] 1 1\ny = q.BipolarQuant(x, s)", "BIPOLAR");
  ck_type ("in x [2]\nout y [2]\ns = [2] 1 2\ny = q.BipolarQuant(x, s)", "FLOAT32");
}
END_TEST

START_TEST (scaled_integers_are_floats_unless_allowed)
{
  struct qx_model *model = qx_graph (13, QUANT ("[] 0.5", "[] 0", "[] 4", "signed=1 narrow=0"));

  qx_apply (model, "InferDataTypes", NULL, NULL);
  ck_assert_str_eq (qx_annotation (model, "y", "finn_datatype"), "FLOAT32");
  qx_apply (model, "InferDataTypes", "allow_scaledint_dtypes", "true");
  ck_assert_str_eq (qx_annotation (model, "y", "finn_datatype"), "SCALEDINT<4>");
  qx_model_free (model);
}
END_TEST

#define FLOAT_QUANT(scale, bits, bias, most)                                                                 \
  "in x [2]\nout y [2]\ns = " scale "\ne = " bits "\nm = [] 3\nb = " bias "\nl = " most                      \
  "\ny = q.FloatQuant(x, s, e, m, b, l)"

START_TEST (float_quantisers_have_float_types)
{
  ck_type (FLOAT_QUANT ("[] 1", "[] 4", "[] 7", "[] 448"), "FLOAT<4,3,7>");
  ck_type (FLOAT_QUANT ("[] 1", "[] 4", "[] 0", "[] 448"), "FLOAT<4,3,7>");
  ck_type (FLOAT_QUANT ("[] 2", "[] 4", "[] 7", "[] 448"), "FLOAT32");
  ck_type (FLOAT_QUANT ("[] 1", "[1] 4", "[] 7", "[] 448"), "FLOAT32");
  ck_type (FLOAT_QUANT ("[] 1", "[] 4", "[] 7.5", "[] 448"), "FLOAT32");
  ck_type (FLOAT_QUANT ("[] 1", "[] 4", "[] 7", "[1] 448"), "FLOAT32");
}
END_TEST

START_TEST (other_operators_of_qonnx_say_their_types)
{
  ck_type ("in x [1,2]\nout y [1,2]\nt = [1,1] 0\ny = q.MultiThreshold(x, t) out_dtype='INT4' out_bias=-8.",
           "INT4");
  ck_type ("in x [1,2]\nout y [1,2]\nt = [1,1] 0\ny = q.MultiThreshold(x, t) out_dtype='INT4' out_bias=-0.5",
           "FLOAT32");
  ck_type ("in x [1,2]\nout y [1,2]\nt = [1,1] 0\ny = q.MultiThreshold(x, t) out_dtype='INT'", "FLOAT32");
  ck_type (
      "in x [1,1,2,2]\nout y [1,1,1,1]\ny = q.QuantAvgPool2d(x) kernel=2 stride=2 ibits=4 obits=5 signed=1",
      "INT5");
  ck_type (
      "in x [1,1,2,2]\nout y [1,1,1,1]\ny = q.QuantAvgPool2d(x) kernel=2 stride=2 ibits=4 obits=1 signed=0",
      "FLOAT32");
}
END_TEST

START_TEST (quantised_integers_have_the_types_of_their_elements)
{
  ck_type ("in x [2]\nout y INT8 [2]\ns = [] 1\nz = INT8 [] 0\ny = QuantizeLinear(x, s, z)", "INT8");
  ck_type ("in x [2]\nout y UINT8 [2]\ns = [] 1\ny = QuantizeLinear(x, s)", "UINT8");
  ck_type ("in x INT8 [2]\nout y [2]\ns = [] 1\ny = DequantizeLinear(x, s)", "SCALEDINT<8>");
}
END_TEST

START_TEST (resized_images_keep_their_type_where_pixels_are_repeated)
{
  ck_type ("in x [1,1,2,2]\nout y [1,1,4,4]\nx : UINT4\ns = [4] 1 1 2 2\ny = Resize(x, , s) mode='nearest'",
           "UINT4");
  /* nothing is said: what is there stays */
  ck_type ("in x [1,1,2,2]\nout y [1,1,4,4]\nx : UINT4\ny : INT3\ns = [4] 1 1 2 2\ny = Resize(x, , s) "
           "mode='linear'",
           "INT3");
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    layouts_begin_with_the_input,
    layouts_need_an_input_of_few_dimensions,
    layouts_follow_transposes_and_new_dimensions,
    layouts_are_said_by_attributes_of_qonnx,
    layouts_are_passed_on_or_guessed,
    quantisers_have_the_types_of_their_numbers,
    scaled_integers_are_floats_unless_allowed,
    float_quantisers_have_float_types,
    other_operators_of_qonnx_say_their_types,
    quantised_integers_have_the_types_of_their_elements,
    resized_images_keep_their_type_where_pixels_are_repeated,
  };

  return run_tests ("qx_infer", tests, COUNT (tests), 60);
}
