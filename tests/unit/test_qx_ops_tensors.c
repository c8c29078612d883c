/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: ONNX's operators over whole tensors in the executor: reduction, selection, comparison, pooling, normalisation. Numbers were
   worked out by hand from ONNX's definitions. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

#define COUNT(a) (sizeof (a) / sizeof (a)[0])
#define N(...)   sizeof ((double[]){ __VA_ARGS__ }) / sizeof (double), ((const double[]){ __VA_ARGS__ })
#define ANY      "out y [-1]\n"
#define BOOLS    "out y BOOL [-1]\n"
#define INT64S   "out y INT64 [-1]\n"

/* ---- single numbers ---- */

/* Of 0.5, by the functions of the C library. */
START_TEST (functions_are_those_of_mathematics)
{
  const struct {
    const char *op_type;
    double value;
  } cases[] = {
    { "Acos", acos (0.5) },
    { "Asin", asin (0.5) },
    { "Asinh", asinh (0.5) },
    { "Atan", atan (0.5) },
    { "Atanh", atanh (0.5) },
    { "Ceil", 1 },
    { "Cos", cos (0.5) },
    { "Cosh", cosh (0.5) },
    { "Erf", erf (0.5) },
    { "Exp", exp (0.5) },
    { "Floor", 0 },
    { "Log", log (0.5) },
    { "Reciprocal", 2 },
    { "Round", 0 },
    { "Sin", sin (0.5) },
    { "Sinh", sinh (0.5) },
    { "Sqrt", sqrt (0.5) },
    { "Tan", tan (0.5) },
    { "Tanh", tanh (0.5) },
    { "Softsign", 0.5 / 1.5 },
    { "Softplus", log1p (exp (0.5)) },
    { "Neg", -0.5 },
    { "Abs", 0.5 },
    { "Sigmoid", 1 / (1 + exp (-0.5)) },
    { "Elu", 0.5 },
    { "ThresholdedRelu", 0 },
    { "HardSwish", 0.5 * (0.5 / 6 + 0.5) },
    { "LeakyRelu", 0.5 },
    { "Celu", 0.5 },
    { "Mish", 0.5 * tanh (log1p (exp (0.5))) },
    { "Sign", 1 },
    { "HardSigmoid", 0.6 },
    { "Gelu", 0.25 * (1 + erf (sqrt (0.125))) },
  };
  char text[256];

  for (size_t i = 0; i < COUNT (cases); i++) {
    struct qx_error err = { { 0 }, NULL };
    struct qx_model *model;
    struct qx_tensor *y;
    double got;
    snprintf (text, sizeof text, "import ai.onnx 22\n" ANY "c = [1] 0.5\ny = %s(c)", cases[i].op_type);
    model = qx_graph (13, text);
    y = qx_answer (model, 0);
    got = qx_tensor_doubles (y, &err)[0];
    ck_assert_msg (fabs (got - cases[i].value) < 1e-6, "%s is %g, not %g", cases[i].op_type, got,
                   cases[i].value);
    qx_tensor_free (y);
    qx_model_free (model);
  }
}
END_TEST

START_TEST (functions_have_two_sides)
{
  ck_text_is (ANY "c = [3] -2 0 2\ny = LeakyRelu(c) alpha=0.25", N (-0.5, 0, 2));
  ck_text_is (ANY "c = [3] -2 0 2\ny = ThresholdedRelu(c) alpha=1.5", N (0, 0, 2));
  ck_text_is (ANY "c = [4] -2 -0.5 0.5 2\ny = Shrink(c) lambd=1. bias=0.5", N (-1.5, 0, 0, 1.5));
  ck_text_is (ANY "c = [4] -9 -1 1 9\ny = HardSigmoid(c) alpha=0.25 beta=0.5", N (0, 0.25, 0.75, 1));
  ck_text_is (ANY "c = [4] 0.5 1.5 2.5 -0.5\ny = Round(c)", N (0, 2, 2, -0.0));
  ck_text_is (ANY "c = [3] -9 0.5 9\ny = Clip(c, l, h)\nl = [] -1\nh = [] 1", N (-1, 0.5, 1));
  ck_text_is (BOOLS "c = [4] nan inf -inf 0\ny = IsNaN(c)", N (1, 0, 0, 0));
  ck_text_is (BOOLS "c = [4] nan inf -inf 0\ny = IsInf(c)", N (0, 1, 1, 0));
  ck_text_is (BOOLS "c = [4] nan inf -inf 0\ny = IsInf(c) detect_positive=0", N (0, 0, 1, 0));
  ck_text_is (BOOLS "c = BOOL [2] 0 1\ny = Not(c)", N (1, 0));
}
END_TEST

/* ---- comparison ---- */

START_TEST (numbers_are_compared)
{
  static const char *const types[] = { "FLOAT", "DOUBLE", "INT32", "INT64", "UINT8" };
  static const struct {
    const char *op_type;
    double out[3];
  } cases[] = { { "Less", { 1, 0, 0 } },
                { "Greater", { 0, 0, 1 } },
                { "Equal", { 0, 1, 0 } },
                { "LessOrEqual", { 1, 1, 0 } },
                { "GreaterOrEqual", { 0, 1, 1 } } };
  char text[256];

  for (size_t i = 0; i < COUNT (types); i++)
    for (size_t k = 0; k < COUNT (cases); k++) {
      snprintf (text, sizeof text, BOOLS "a = %s [3] 1 2 3\nb = %s [1] 2\ny = %s(a, b)", types[i], types[i],
                cases[k].op_type);
      ck_text_is (text, 3, cases[k].out);
    }
  ck_text_is (BOOLS "a = BOOL [4] 0 0 1 1\nb = BOOL [4] 0 1 0 1\ny = And(a, b)", N (0, 0, 0, 1));
  ck_text_is (BOOLS "a = BOOL [4] 0 0 1 1\nb = BOOL [4] 0 1 0 1\ny = Or(a, b)", N (0, 1, 1, 1));
  ck_text_is (BOOLS "a = BOOL [4] 0 0 1 1\nb = BOOL [4] 0 1 0 1\ny = Xor(a, b)", N (0, 1, 1, 0));
  ck_text_is (BOOLS "a = BOOL [2] 0 1\nb = BOOL [2] 1 1\ny = Equal(a, b)", N (0, 1));
  ck_text_fails (BOOLS "a = [2] 0 1\nb = INT32 [2] 1 1\ny = Less(a, b)", "type");
}
END_TEST

/* ---- reduction ---- */

#define REDUCE(op, attributes) ANY "c = [2,2] -1 2 3 -4\ny = Reduce" op "(c) " attributes

START_TEST (numbers_are_reduced)
{
  ck_text_is (REDUCE ("Mean", "axes=[1]"), N (0.5, -0.5));
  ck_text_is (REDUCE ("Mean", "axes=[0] keepdims=0"), N (1, -1));
  ck_text_is (REDUCE ("Max", "axes=[-1]"), N (2, 3));
  ck_text_is (REDUCE ("Min", "axes=[0]"), N (-1, -4));
  ck_text_is (REDUCE ("Prod", "axes=[1]"), N (-2, -12));
  ck_text_is (REDUCE ("L1", "axes=[1]"), N (3, 7));
  ck_text_is (REDUCE ("L2", "axes=[0] keepdims=0"), N ((float) sqrt (10), (float) sqrt (20)));
  ck_text_is (REDUCE ("SumSquare", ""), N (30));
  ck_text_is (ANY "c = [2] 2 6\ny = ReduceLogSum(c)", N ((float) log (8)));
  ck_text_is (ANY "c = [2] 1000 1000\ny = ReduceLogSumExp(c)", N ((float) (1000 + log (2))));
  ck_text_is (ANY "c = [2,2] 1 2 3 4\na = INT64 [1] 1\ny = ReduceSum(c, a) keepdims=0", N (3, 7));
  ck_text_is (ANY "c = [2] 1 2\na = INT64 [0]\ny = ReduceSum(c, a) noop_with_empty_axes=1", N (1, 2));
  ck_text_is ("out y INT32 [1]\nc = INT32 [3] 7 -9 3\ny = ReduceMax(c)", N (7));
  ck_text_fails (REDUCE ("Max", "axes=[2]"), "no such axis");
}
END_TEST

START_TEST (the_place_of_the_greatest)
{
  ck_text_is (INT64S "c = [2,3] 1 3 3 5 4 5\ny = ArgMax(c) axis=1", N (1, 0));
  ck_text_is (INT64S "c = [2,3] 1 3 3 5 4 5\ny = ArgMax(c) axis=1 select_last_index=1 keepdims=0", N (2, 2));
  ck_text_is (INT64S "c = [2,3] 1 3 3 5 4 5\ny = ArgMin(c) axis=0", N (0, 0, 0));
  ck_text_is (ANY "out i INT64 [-1]\nc = [4] 3 9 1 7\nk = INT64 [1] 2\ny, i = TopK(c, k)", N (9, 7));
  ck_text_is (INT64S "c = [4] 3 9 1 7\nk = INT64 [1] 3\nv, y = TopK(c, k) largest=0", N (2, 0, 3));
  ck_text_fails (INT64S "c = [2] 3 9\nk = INT64 [1] 3\nv, y = TopK(c, k)", "it asks for more than there are");
}
END_TEST

START_TEST (sums_run_along)
{
  ck_text_is (ANY "c = [3] 1 2 3\na = INT64 [] 0\ny = CumSum(c, a)", N (1, 3, 6));
  ck_text_is (ANY "c = [3] 1 2 3\na = INT64 [] 0\ny = CumSum(c, a) exclusive=1", N (0, 1, 3));
  ck_text_is (ANY "c = [3] 1 2 3\na = INT64 [] 0\ny = CumSum(c, a) reverse=1", N (6, 5, 3));
  ck_text_is (ANY "c = [3] 1 2 3\na = INT64 [] 0\ny = CumSum(c, a) reverse=1 exclusive=1", N (5, 3, 0));
}
END_TEST

START_TEST (a_softmax_adds_up_to_one)
{
  ck_text_is (ANY "c = [2,2] 3 3 1000 0\ny = Softmax(c)", N (0.5, 0.5, 1, 0));
  ck_text_is (ANY "c = [2,2] 1 5 1 5\ny = Softmax(c) axis=0", N (0.5, 0.5, 0.5, 0.5));
  ck_text_is ("import ai.onnx 11\n" ANY "c = [1,2,2] 1 1 1 1\ny = Softmax(c)", N (0.25, 0.25, 0.25, 0.25));
  ck_text_is (ANY "c = [2] 2 2\ny = LogSoftmax(c)", N ((float) -log (2), (float) -log (2)));
  ck_text_is (ANY "c = [2,3] 1 3 3 2 0 1\ny = Hardmax(c)", N (0, 1, 0, 1, 0, 0));
  ck_text_fails (ANY "c = [2] 2 2\ny = Softmax(c) axis=1", "axis");
}
END_TEST

START_TEST (products_are_summed_as_the_equation_says)
{
#define EINSUM(equation, b)                                                                                  \
  ANY "a = [2,2] 1 2 3 4\nb = [2,2] 0 1 1 0\ny = Einsum(a" b ") equation='" equation "'"
  ck_text_is (EINSUM ("ij,jk->ik", ", b"), N (2, 1, 4, 3));
  ck_text_is (EINSUM ("ij,jk", ", b"), N (2, 1, 4, 3));
  ck_text_is (EINSUM ("ij->ji", ""), N (1, 3, 2, 4));
  ck_text_is (EINSUM ("ii->i", ""), N (1, 4));
  ck_text_is (EINSUM ("ii", ""), N (5));
  ck_text_is (EINSUM ("ij,ij->", ", b"), N (5));
  ck_text_is (EINSUM ("...j->...", ""), N (3, 7));
  ck_text_fails (EINSUM ("ijk->i", ""), "equation");
  ck_text_fails (EINSUM ("ij->k", ""), "its result would have a shape that is none");
}
END_TEST

/* ---- selection ---- */

START_TEST (elements_are_gathered)
{
  ck_text_is (ANY "c = [2,2] 1 2 3 4\ni = INT64 [2] 1 -2\ny = Gather(c, i) axis=1", N (2, 1, 4, 3));
  ck_text_is (ANY "c = [2,2] 1 2 3 4\ni = INT64 [2,2] 0 0 -1 0\ny = GatherElements(c, i) axis=1",
              N (1, 1, 4, 3));
  ck_text_is (ANY "c = [2,2] 1 2 3 4\ni = INT64 [2,2] 0 0 1 -1\ny = GatherND(c, i)", N (1, 4));
  ck_text_is (ANY "c = [2,2] 1 2 3 4\ni = INT64 [2,1] 1 0\ny = GatherND(c, i) batch_dims=1", N (2, 3));
  ck_text_fails (ANY "c = [2,2] 1 2 3 4\ni = INT64 [1,2] 0 2\ny = GatherElements(c, i) axis=1", "index");
  ck_text_fails (ANY "c = [2,2] 1 2 3 4\ni = INT64 [1,3] 0 0 0\ny = GatherND(c, i)", "do not fit");
}
END_TEST

START_TEST (elements_are_chosen_by_truth)
{
  ck_text_is (ANY "c = BOOL [2,1] 1 0\na = [2] 1 2\nb = [] 9\ny = Where(c, a, b)", N (1, 2, 9, 9));
  ck_text_is (ANY "a = [2,3] 1 2 3 4 5 6\nc = BOOL [3] 0 1 1\ny = Compress(a, c) axis=1", N (2, 3, 5, 6));
  ck_text_is (ANY "a = [2,2] 1 2 3 4\nc = BOOL [3] 0 1 1\ny = Compress(a, c)", N (2, 3));
  ck_text_is (INT64S "c = [2,2] 0 5 7 0\ny = NonZero(c)", N (0, 1, 1, 0));
  ck_text_is ("import ai.onnx 14\n" ANY "c = [2,3] 1 2 3 4 5 6\ny = Trilu(c)", N (1, 2, 3, 0, 5, 6));
  ck_text_is ("import ai.onnx 14\n" ANY "c = [2,3] 1 2 3 4 5 6\nk = INT64 [] -1\ny = Trilu(c, k) upper=0",
              N (0, 0, 0, 4, 0, 0));
  ck_text_is (ANY "i = INT64 [3] 1 -1 5\nd = INT64 [] 3\nv = [2] 0 9\ny = OneHot(i, d, v)",
              N (0, 9, 0, 0, 0, 9, 0, 0, 0));
  ck_text_is (ANY "c = [3,2] 1 2 3 4 5 6\nl = INT64 [2] 3 1\ny = ReverseSequence(c, l)",
              N (5, 2, 3, 4, 1, 6));
  ck_text_fails (ANY "a = [2] 1 2\nc = BOOL [3] 0 1 1\nb = [2] 3 4\ny = Where(c, a, b)", "do not fit");
}
END_TEST

START_TEST (tensors_are_laid_out_anew)
{
  ck_text_is (ANY "c = [2,1] 1 2\ns = INT64 [2] 1 3\ny = Expand(c, s)", N (1, 1, 1, 2, 2, 2));
  ck_text_is (ANY "c = [1,2] 1 2\nr = INT64 [2] 2 2\ny = Tile(c, r)", N (1, 2, 1, 2, 1, 2, 1, 2));
  ck_text_is (ANY "a = [2,1] 1 2\nb = [2,2] 3 4 5 6\ny = Concat(a, b) axis=-1", N (1, 3, 4, 2, 5, 6));
  ck_text_is (ANY "c = [5] 1 2 3 4 5\ns = INT64 [2] 2 3\na, y = Split(c, s)", N (3, 4, 5));
  ck_text_is ("import ai.onnx 18\n" ANY "c = [5] 1 2 3 4 5\na, y = Split(c) num_outputs=2", N (4, 5));
  ck_text_is (ANY "c = [5] 1 2 3 4 5\ns = INT64 [1] -1\ne = INT64 [1] -9\na = INT64 [1] 0\nt = INT64 [1] -2\n"
                  "y = Slice(c, s, e, a, t)",
              N (5, 3, 1));
  ck_text_is (INT64S "c = [2,3,4] ~\ny = Shape(c)", N (2, 3, 4));
  ck_text_is ("import ai.onnx 15\n" INT64S "c = [2,3,4] ~\ny = Shape(c) start=-2 end=2", N (3));
  ck_text_is ("out y INT64 []\nc = [2,3,4] ~\ny = Size(c)", N (24));
  ck_text_is (ANY "a = [] 1\nb = [] 2\nd = [] 0.25\ny = Range(a, b, d)", N (1, 1.25, 1.5, 1.75));
  ck_text_is (ANY "c = [2,3] ~\ny = EyeLike(c) k=1", N (0, 1, 0, 0, 0, 1));
  ck_text_fails (ANY "a = [2,1] 1 2\nb = [3,1] 3 4 5\ny = Concat(a, b) axis=1", "do not fit");
  ck_text_fails (ANY "c = [5] 1 2 3 4 5\ns = INT64 [2] 2 2\na, y = Split(c, s)", "its");
}
END_TEST

/* ---- pooling and normalisation ---- */

#define IMAGE "c = [1,1,2,3] 1 2 3 4 5 6\n"

START_TEST (windows_are_pooled)
{
  ck_text_is ("out y [1,1,1,2]\n" IMAGE "y = AveragePool(c) kernel_shape=[2,2]", N (3, 4));
  ck_text_is ("out y [1,1,2,2]\n" IMAGE "y = AveragePool(c) kernel_shape=[2,2] pads=[1,0,0,0]",
              N (1.5, 2.5, 3, 4));
  ck_text_is ("out y [1,1,2,2]\n" IMAGE
              "y = AveragePool(c) kernel_shape=[2,2] pads=[1,0,0,0] count_include_pad=1",
              N (0.75, 1.25, 3, 4));
  ck_text_is ("out y [1,1,1,2]\n" IMAGE "y = MaxPool(c) kernel_shape=[2,2] strides=[2,2] ceil_mode=1",
              N (5, 6));
  ck_text_is ("out y INT64 [1,1,1,2]\n" IMAGE "v, y = MaxPool(c) kernel_shape=[2,2]", N (4, 5));
  ck_text_is ("out y [1,1,1,1]\nc = [1,1,1,2] 3 4\ny = LpPool(c) kernel_shape=[1,2]", N (5));
  ck_text_is ("out y [1,1,1,1]\n" IMAGE "y = GlobalMaxPool(c)", N (6));
  ck_text_is ("out y [1,1,1,1]\n" IMAGE "y = GlobalAveragePool(c)", N (3.5));
  ck_text_is ("out y [1,1,1,1]\nc = [1,1,1,2] 3 -4\ny = GlobalLpPool(c) p=1", N (7));
  ck_text_is ("out y [1,1,2,2]\nc = [1,1,1,1] 7\ni = INT64 [1,1,1,1] 2\ny = MaxUnpool(c, i) "
              "kernel_shape=[2,2] strides=[2,2]",
              N (0, 0, 7, 0));
}
END_TEST

/* Mean 2 and deviation 1, of the last dimension or of each group, with scale and bias; a sum of squares around each channel. */
START_TEST (tensors_are_normalised)
{
  ck_text_is ("import ai.onnx 17\nout y [2,2]\nc = [2,2] 1 3 2 2\ns = [2] 2 1\nb = [2] 0 1\n"
              "y = LayerNormalization(c, s, b) epsilon=0.0625",
              N ((float) (-2 / sqrt (1.0625)), (float) (1 / sqrt (1.0625) + 1), 0, 1));
  ck_text_is ("out y [1,2,1,2]\nc = [1,2,1,2] 1 3 2 2\ns = [2] 2 1\nb = [2] 0 1\ny = "
              "InstanceNormalization(c, s, b) epsilon=1.",
              N ((float) (-2 / sqrt (2)), (float) (2 / sqrt (2)), 1, 1));
  ck_text_is ("import ai.onnx 21\nout y [1,2,1,1]\nc = [1,2,1,1] 1 3\ns = [2] 2 1\nb = [2] 0 1\n"
              "y = GroupNormalization(c, s, b) num_groups=1 epsilon=3.",
              N (-1, 1.5));
  ck_text_is ("out y [1,3,1,1]\nc = [1,3,1,1] 1 2 4\ny = LRN(c) size=3 alpha=3. beta=1. bias=1.",
              N ((float) (1.0 / 6), (float) (2.0 / 22), (float) (4.0 / 21)));
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    functions_are_those_of_mathematics,
    functions_have_two_sides,
    numbers_are_compared,
    numbers_are_reduced,
    the_place_of_the_greatest,
    sums_run_along,
    a_softmax_adds_up_to_one,
    products_are_summed_as_the_equation_says,
    elements_are_gathered,
    elements_are_chosen_by_truth,
    tensors_are_laid_out_anew,
    windows_are_pooled,
    tensors_are_normalised,
  };

  return run_tests ("qx_ops_tensors", tests, COUNT (tests), 60);
}
