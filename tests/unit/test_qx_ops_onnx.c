/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: ONNX's operators in the executor, in types and forms that few models have. Numbers were worked out by hand from ONNX's
   definitions. */
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
/* y of that type and any shape */
#define Y(type, rank) "out y " type " " rank "\n"

/* ---- small floats ---- */

/* Numbers cast to a type and back. */
static void
ck_cast (int type, const char *how, const char *numbers, size_t n, const double *wanted)
{
  char text[512];

  snprintf (text, sizeof text,
            "import ai.onnx 24\nout y [-1]\nc = [%zu] %s\na = Cast(c) to=%d %s\ny = Cast(a) to=1", n, numbers,
            type, how);
  ck_text_is (text, n, wanted);
}

/* Ties go to the even mantissa; the smallest number is 2^-9, and half of it is 0. */
START_TEST (eight_bits_of_four_and_three)
{
  ck_cast (QX_FLOAT8E4M3FN, "", "1.0625 1.1875 -17.3 0.0009765625 0.0029296875 0.001953125 -0.",
           N (1, 1.25, -18, 0, 0.00390625, 0.001953125, -0.0));
  ck_cast (QX_FLOAT8E4M3FN, "", "448 464 500 -1e9 inf nan", N (448, 448, 448, -448, 448, NAN));
  ck_cast (QX_FLOAT8E4M3FN, "saturate=0", "448 500 -inf", N (448, NAN, NAN));
  ck_cast (QX_FLOAT8E4M3FNUZ, "", "240 256 -0. nan 0.0009765625 1.0625",
           N (240, 240, 0, NAN, 0.0009765625, 1));
  ck_cast (QX_FLOAT8E4M3FNUZ, "saturate=0", "240 300", N (240, NAN));
}
END_TEST

START_TEST (eight_bits_of_five_and_two)
{
  ck_cast (QX_FLOAT8E5M2, "", "1.125 1.375 57344 1e6 -1e6 nan", N (1, 1.5, 57344, 57344, -57344, NAN));
  ck_cast (QX_FLOAT8E5M2, "saturate=0", "57344 1e6 -1e6", N (57344, INFINITY, -INFINITY));
  ck_cast (QX_FLOAT8E5M2FNUZ, "", "1.125 57344 1e6 -0.", N (1, 57344, 57344, 0));
  ck_cast (QX_FLOAT8E5M2FNUZ, "saturate=0", "1e6", N (NAN));
}
END_TEST

/* 0 0.5 1 1.5 2 3 4 6 and their negatives are all that there is. */
START_TEST (four_bits)
{
  ck_cast (QX_FLOAT4E2M1, "", "0.25 0.75 2.5 5 -3.6 100 -inf", N (0, 1, 2, 4, -4, 6, -6));
}
END_TEST

START_TEST (powers_of_two_alone)
{
  ck_cast (QX_FLOAT8E8M0, "", "3 4 2.5 nan", N (4, 4, 4, NAN));
  ck_cast (QX_FLOAT8E8M0, "round_mode='down'", "3 4 2.5", N (2, 4, 2));
  ck_cast (QX_FLOAT8E8M0, "round_mode='nearest'", "3 3.5 2.5", N (4, 4, 2));
}
END_TEST

START_TEST (sixteen_bits)
{
  ck_cast (QX_FLOAT16, "", "65519 65520 -70000 2.9802322387695312e-08 5.960464477539063e-08 0.1 nan",
           N (65504, INFINITY, -INFINITY, 0, 5.9604644775390625e-08, 0.0999755859375, NAN));
  ck_cast (QX_BFLOAT16, "", "1.00390625 1.01171875 -3.5 nan", N (1, 1.015625, -3.5, NAN));
}
END_TEST

START_TEST (integers_become_small_floats)
{
  ck_text_is (Y ("FLOAT", "[4]") "c = INT32 [4] 17 -3 500 0\na = Cast(c) to=17\ny = Cast(a) to=1",
              N (16, -3, 448, 0));
  ck_text_is (
      "import ai.onnx 21\n" Y ("FLOAT", "[4]") "c = [4] 17.9 -3.7 7 1\na = Cast(c) to=22\ny = Cast(a) to=1",
      N (1, -3, 7, 1));
}
END_TEST

/* ---- strings ---- */

START_TEST (strings_are_copied_and_compared)
{
  ck_text_is (Y ("BOOL", "[3]") "c = [3] 1 2.5 -3\nd = [3] 1 2.25 -3\na = Cast(c) to=8\nb = Cast(d) to=8\n"
                                "e = Identity(a)\nf = Cast(e) to=8\ny = Equal(f, b)",
              N (1, 0, 1));
  ck_text_is (
      Y ("BOOL", "[2,2]") "c = [2,1] 1 2\nd = [2] 2 1\na = Cast(c) to=8\nb = Cast(d) to=8\ny = Equal(a, b)",
      N (0, 1, 1, 0));
  ck_text_fails (
      Y ("BOOL", "[2]") "c = [2] 1 2\nd = [3] 2 1 0\na = Cast(c) to=8\nb = Cast(d) to=8\ny = Equal(a, b)",
      "its inputs do not fit each other");
}
END_TEST

START_TEST (strings_are_read_as_numbers)
{
  ck_text_is (Y ("FLOAT", "[5]") "c = [5] 0.1 -2 inf -inf nan\na = Cast(c) to=8\ny = Cast(a) to=1",
              N (0.1F, -2, INFINITY, -INFINITY, NAN));
  ck_text_is (Y ("DOUBLE", "[2]") "c = [2] 0.5 -2\na = Cast(c) to=8\ny = Cast(a) to=11", N (0.5, -2));
  ck_text_is (Y ("INT32", "[2]") "c = INT64 [2] 7 -2\na = Cast(c) to=8\ny = Cast(a) to=6", N (7, -2));
  ck_text_fails (Y ("FLOAT", "[1]") "c = BOOL [1] 1\nd = [1] 1\na = Cast(c) to=8\nb = Cast(d) to=8\n"
                                    "e = Neg(b)\ny = Cast(e) to=1",
                 "inputs of type STRING are not offered");
}
END_TEST

/* ---- products ---- */

START_TEST (products_of_doubles_and_integers)
{
  static const char *const types[] = { "DOUBLE", "INT32", "INT64", "UINT32" };
  char text[512];

  for (size_t i = 0; i < COUNT (types); i++) {
    snprintf (text, sizeof text,
              "out y %s [2,2]\na = %s [2,3] 1 2 3 4 5 6\nb = %s [3,2] 1 0 0 1 1 1\ny = MatMul(a, b)",
              types[i], types[i], types[i]);
    ck_text_is (text, N (4, 5, 10, 11));
    snprintf (text, sizeof text,
              "out y %s [2,2]\na = %s [3,2] 1 4 2 5 3 6\nb = %s [2,3] 1 0 1 0 1 1\nc = %s [2] 1 2\n"
              "y = Gemm(a, b, c) transA=1 transB=1 alpha=2. beta=3.",
              types[i], types[i], types[i], types[i]);
    ck_text_is (text, N (11, 16, 23, 28));
  }
  ck_text_is (Y ("DOUBLE", "[1,1]") "a = DOUBLE [1,2] 1 2\nb = DOUBLE [2,1] 3 4\ny = Gemm(a, b)", N (11));
}
END_TEST

/* A row, a column, both; stacks of which one is repeated. */
START_TEST (products_of_vectors_and_stacks)
{
  ck_text_is (Y ("FLOAT", "[2]") "a = [2] 1 2\nb = [2,2] 1 2 3 4\ny = MatMul(a, b)", N (7, 10));
  ck_text_is (Y ("FLOAT", "[2]") "a = [2] 1 2\nb = [2,2] 1 2 3 4\ny = MatMul(b, a)", N (5, 11));
  ck_text_is (Y ("FLOAT", "[]") "a = [2] 1 2\nb = [2] 3 4\ny = MatMul(a, b)", N (11));
  ck_text_is (Y ("FLOAT", "[2,1,1]") "a = [2,1,2] 1 2 3 4\nb = [1,2,1] 1 1\ny = MatMul(a, b)", N (3, 7));
  ck_text_is (Y ("FLOAT", "[2,1,1]") "a = [2,1,2] 1 2 3 4\nb = [2,1] 1 1\ny = MatMul(a, b)", N (3, 7));
  ck_text_is (Y ("DOUBLE", "[2,1,1]") "a = DOUBLE [1,2] 1 2\nb = DOUBLE [2,2,1] 1 1 2 2\ny = MatMul(a, b)",
              N (3, 6));
}
END_TEST

START_TEST (products_that_do_not_fit_are_refused)
{
  static const char part[] = "its inputs do not fit each other";

  ck_text_fails (Y ("FLOAT", "[]") "a = [] 1\nb = [1] 1\ny = MatMul(a, b)", part);
  ck_text_fails (Y ("FLOAT", "[2,1]") "a = [2,2] 1 2 3 4\nb = [3,1] 1 1 1\ny = MatMul(a, b)", part);
  ck_text_fails (Y ("FLOAT", "[2,1]") "a = [2,2] 1 2 3 4\nb = DOUBLE [2,1] 1 1\ny = MatMul(a, b)",
                 "of different types");
  ck_text_fails (Y ("FLOAT", "[2,1]") "a = [2,2] 1 2 3 4\nb = [3,1] 1 1 1\ny = Gemm(a, b)", part);
  ck_text_fails (Y ("FLOAT", "[2]") "a = [2,2] 1 2 3 4\nb = [2] 1 1\ny = Gemm(a, b)",
                 "no matrices of one type");
  ck_text_fails (Y ("FLOAT", "[2,1]") "a = [2,2] 1 2 3 4\nb = [2,1] 1 1\nc = [3] 1 2 3\ny = Gemm(a, b, c)",
                 "its bias does not fit");
  ck_text_fails (
      Y ("DOUBLE", "[2,1]") "a = DOUBLE [2,2] 1 2 3 4\nb = DOUBLE [2,1] 1 1\nc = DOUBLE [3] 1 2 3\n"
                            "y = Gemm(a, b, c)",
      "its bias does not fit");
}
END_TEST

/* (a - 1) times (b - 2): rows 0 1 and 2 3, columns -1 1 and 0 2. */
START_TEST (integer_products_have_zero_points)
{
  ck_text_is (
      Y ("INT32", "[2,2]") "a = UINT8 [2,2] 1 2 3 4\nb = INT8 [2,2] 1 2 3 4\nz = UINT8 [] 1\nw = INT8 [] 2\n"
                           "y = MatMulInteger(a, b, z, w)",
      N (1, 2, 1, 6));
  /* one for each row and each column: 0 1 and 0 1 times 0 0 and 2 2 */
  ck_text_is (
      Y ("INT32",
         "[2,2]") "a = UINT8 [2,2] 1 2 3 4\nb = INT8 [2,2] 1 2 3 4\nz = UINT8 [2] 1 3\nw = INT8 [2] 1 2\n"
                  "y = MatMulInteger(a, b, z, w)",
      N (2, 2, 2, 2));
  ck_text_is (Y ("INT32", "[1,1]") "a = UINT8 [1,2] 1 2\nb = INT8 [2,1] 1 2\ny = MatMulInteger(a, b)", N (5));
  ck_text_fails (Y ("INT32", "[2,2]") "a = UINT8 [2,2] 1 2 3 4\nb = INT8 [2,2] 1 2 3 4\nz = UINT8 [3] 1 3 4\n"
                                      "y = MatMulInteger(a, b, z)",
                 "a zero point does not fit");
}
END_TEST

/* 1 2 1 6 times 0.5 times 0.5 is 0.25 0.5 0.25 1.5; by 0.25 and 10 more, the whole numbers again; by 0.001, more than a byte. */
START_TEST (quantised_products_are_cut_to_their_type)
{
#define QLINEAR(scale, zero)                                                                                 \
  Y ("UINT8", "[2,2]")                                                                                       \
  "a = UINT8 [2,2] 1 2 3 4\nb = INT8 [2,2] 1 2 3 4\nz = UINT8 [] 1\nw = INT8 [] 2\ns = [] 0.5\n"             \
  "t = [] " scale "\nv = UINT8 [] " zero "\ny = QLinearMatMul(a, s, z, b, s, w, t, v)"
  ck_text_is (QLINEAR ("0.25", "10"), N (11, 12, 11, 16));
  ck_text_is (QLINEAR ("0.001", "10"), N (255, 255, 255, 255));
  ck_text_is (QLINEAR ("-0.1", "10"), N (8, 5, 8, 0));
}
END_TEST

/* ---- normalisation ---- */

START_TEST (lines_are_divided_by_their_norm)
{
  ck_text_is (Y ("FLOAT", "[3,2]") "c = [3,2] 3 4 0 0 -8 6\ny = LpNormalization(c)",
              N (0.6F, 0.8F, 0, 0, -0.8F, 0.6F));
  ck_text_is (Y ("FLOAT", "[2,2]") "c = [2,2] 3 4 1 -12\ny = LpNormalization(c) p=1 axis=0",
              N (0.75, 0.25, 0.25, -0.75));
  ck_text_fails (Y ("FLOAT", "[2,2]") "c = [2,2] 3 4 1 -12\ny = LpNormalization(c) p=3",
                 "its p is neither 1 nor 2");
}
END_TEST

/* Means 2 and 6, deviations 1 and 4; then one line of all: mean 4, deviation 3. */
START_TEST (channels_are_brought_to_mean_and_deviation)
{
  struct qx_error err = { { 0 }, NULL };
  static const char *const texts[] = {
    "out y [1,2,1,2]\nc = [1,2,1,2] 1 3 2 10\ny = MeanVarianceNormalization(c)",
    "out y [2,2]\nc = [2,2] 1 3 2 10\ny = MeanVarianceNormalization(c) axes=[-1]",
  };
  static const double wanted[] = { -1, 1, -1, 1 };

  for (size_t i = 0; i < COUNT (texts); i++) {
    struct qx_model *model = qx_graph (13, texts[i]);
    struct qx_tensor *y = qx_answer (model, 0);
    for (size_t k = 0; k < 4; k++)
      ck_assert (fabs (qx_tensor_doubles (y, &err)[k] - wanted[k]) < 1e-6);
    qx_tensor_free (y);
    qx_model_free (model);
  }
  ck_text_fails ("out y [2,2]\nc = [2,2] 1 3 2 10\ny = MeanVarianceNormalization(c) axes=[2]",
                 "there is no such axis");
}
END_TEST

/* ---- data movement ---- */

START_TEST (the_middle_is_cut_out_or_surrounded)
{
  ck_text_is (
      "import ai.onnx 18\n" Y ("FLOAT", "[6]") "c = [3] 1 2 3\ns = INT64 [1] 6\ny = CenterCropPad(c, s)",
      N (0, 1, 2, 3, 0, 0));
  ck_text_is (
      "import ai.onnx 18\n" Y ("FLOAT", "[2]") "c = [5] 1 2 3 4 5\ns = INT64 [1] 2\ny = CenterCropPad(c, s)",
      N (2, 3));
  ck_text_is ("import ai.onnx 18\n" Y (
                  "FLOAT", "[3,1]") "c = [1,3] 1 2 3\ns = INT64 [2] 1 3\ny = CenterCropPad(c, s) axes=[-1,0]",
              N (0, 2, 0));
  ck_text_fails ("import ai.onnx 18\n" Y (
                     "FLOAT", "[2]") "c = [5] 1 2 3 4 5\ns = INT64 [2] 2 2\ny = CenterCropPad(c, s)",
                 "its sizes and axes do not fit its input");
  ck_text_fails ("import ai.onnx 18\n" Y (
                     "FLOAT", "[2]") "c = [5] 1 2 3 4 5\ns = INT64 [1] 2\ny = CenterCropPad(c, s) axes=[1]",
                 "its sizes and axes do not fit its input");
}
END_TEST

START_TEST (paddings_repeat_or_reflect)
{
#define PAD(mode) Y ("FLOAT", "[7]") "c = [3] 1 2 3\np = INT64 [2] 2 2\ny = Pad(c, p) mode='" mode "'"
  ck_text_is (PAD ("constant"), N (0, 0, 1, 2, 3, 0, 0));
  ck_text_is (PAD ("edge"), N (1, 1, 1, 2, 3, 3, 3));
  ck_text_is (PAD ("reflect"), N (3, 2, 1, 2, 3, 2, 1));
  ck_text_is (PAD ("wrap"), N (2, 3, 1, 2, 3, 1, 2));
  ck_text_fails (PAD ("mirror"), "its mode is unknown");
  ck_text_fails (Y ("FLOAT", "[5]") "c = [3] 1 2 3\np = INT64 [2] 1 1\nv = INT8 [] 1\ny = Pad(c, p, v)",
                 "is not one number of its input's type");
  ck_text_fails (Y ("FLOAT", "[2]") "c = [0]\np = INT64 [2] 1 1\ny = Pad(c, p) mode='edge'",
                 "there is nothing to pad with");
}
END_TEST

/* Element 1 is met twice: 5 and 7, and then 2. */
START_TEST (scattered_numbers_are_reduced)
{
#define SCATTER(op, how)                                                                                     \
  "import ai.onnx 18\n" Y ("FLOAT", "[3]") "c = [3] 1 5 9\ni = INT64 [3] 1 1 0\nu = [3] 7 2 3\n"             \
                                           "y = " op "(c, i, u) reduction='" how "'"
  ck_text_is (SCATTER ("ScatterElements", "add"), N (4, 14, 9));
  ck_text_is (SCATTER ("ScatterElements", "mul"), N (3, 70, 9));
  ck_text_is (SCATTER ("ScatterElements", "min"), N (1, 2, 9));
  ck_text_is (SCATTER ("ScatterElements", "max"), N (3, 7, 9));
  ck_text_is (SCATTER ("ScatterElements", "none"), N (3, 2, 9));
  ck_text_fails (SCATTER ("ScatterElements", "mean"), "its reduction is unknown");
  ck_text_is ("import ai.onnx 18\n" Y (
                  "INT32", "[3]") "c = INT32 [3] 1 5 9\ni = INT64 [3,1] 1 -1 1\nu = INT32 [3] 7 2 3\n"
                                  "y = ScatterND(c, i, u) reduction='add'",
              N (1, 15, 11));
  ck_text_fails (
      Y ("FLOAT", "[3]") "c = [3] 1 5 9\ni = INT64 [1] 1\nu = INT32 [1] 7\ny = ScatterElements(c, i, u)",
      "its data and updates are not of one type");
  ck_text_fails (
      Y ("FLOAT", "[3]") "c = [3] 1 5 9\ni = INT64 [2] 1 0\nu = [1] 7\ny = ScatterElements(c, i, u)",
      "its inputs do not fit each other");
}
END_TEST

/* ---- quantisation ---- */

/* Two blocks of two numbers, scales 0.5 and 2. */
START_TEST (blocks_have_scales_of_their_own)
{
  ck_text_is (
      "import ai.onnx 21\n" Y ("INT8", "[1,4]") "c = [1,4] 1 2 3 -8\ns = [1,2] 0.5 2\nz = INT8 [1,2] 0 1\n"
                                                "y = QuantizeLinear(c, s, z) block_size=2",
      N (2, 4, 3, -3));
  ck_text_is (
      "import ai.onnx 21\n" Y ("FLOAT", "[1,3]") "c = INT8 [1,3] 2 4 3\ns = [1,2] 0.5 2\nz = INT8 [1,2] 0 1\n"
                                                 "y = DequantizeLinear(c, s, z) block_size=2",
      N (1, 2, 4));
  ck_text_fails ("import ai.onnx 21\n" Y ("FLOAT", "[1,3]") "c = INT8 [1,3] 2 4 3\ns = [1,3] 1 1 1\n"
                                                            "y = DequantizeLinear(c, s) block_size=2",
                 "its scale does not fit its input");
  ck_text_fails (Y ("FLOAT", "[1,3]") "c = INT8 [1,3] 2 4 3\ns = [1,2] 1 1\ny = DequantizeLinear(c, s)",
                 "its scale does not fit its input");
  ck_text_fails (
      Y ("FLOAT", "[1,3]") "c = INT8 [1,3] 2 4 3\ns = [] 1\nz = INT8 [2] 1 1\ny = DequantizeLinear(c, s, z)",
      "its scale and zero point do not fit each other");
}
END_TEST

/* -2.5 is -2, the even one; 4 bits hold -8 to 7 and 0 to 15; 448 is the largest of FLOAT8E4M3FN. */
START_TEST (quantisation_is_cut_to_its_type)
{
  ck_text_is ("import ai.onnx 21\n" Y ("INT4", "[4]") "c = [4] -2.5 3.5 100 -100\ns = [] 1\nz = INT4 [] 1\n"
                                                      "y = QuantizeLinear(c, s, z)",
              N (-1, 5, 7, -8));
  ck_text_is ("import ai.onnx 21\n" Y (
                  "UINT4", "[3]") "c = [3] 100 -100 7\ns = [] 0.5\ny = QuantizeLinear(c, s) output_dtype=21",
              N (15, 0, 14));
  ck_text_is ("import ai.onnx 21\n" Y ("FLOAT",
                                       "[3]") "c = [3] 1000 -0.53125 nan\ns = [] 0.5\nz = FLOAT8E4M3FN [] 0\n"
                                              "q = QuantizeLinear(c, s, z)\ny = Cast(q) to=1",
              N (448, -1, NAN));
  ck_text_fails ("import ai.onnx 21\n" Y (
                     "DOUBLE", "[1]") "c = [1] 1\ns = [] 1\ny = QuantizeLinear(c, s) output_dtype=11",
                 "quantisation to this type is not offered");
}
END_TEST

/* ---- single numbers ---- */

START_TEST (integers_have_signs_and_sizes)
{
  ck_text_is (Y ("INT32", "[3]") "c = INT32 [3] -2147483648 0 7\ny = Sign(c)", N (-1, 0, 1));
  ck_text_is (Y ("INT8", "[3]") "c = INT8 [3] -128 -5 7\ny = Abs(c)", N (-128, 5, 7));
  ck_text_is (Y ("INT64", "[2]") "c = INT64 [2] -5 7\ny = Neg(c)", N (5, -7));
  ck_text_is ("import ai.onnx 14\n" Y ("INT32", "[2]") "c = INT32 [2] -5 7\ny = Relu(c)", N (0, 7));
  ck_text_is (Y ("UINT8", "[2]") "c = UINT8 [2] 200 0\ny = Abs(c)", N (200, 0));
  ck_text_is (Y ("UINT8", "[2]") "c = UINT8 [2] 200 0\ny = Sign(c)", N (1, 0));
  ck_text_is ("import ai.onnx 18\n" Y ("UINT8", "[2]") "c = UINT8 [2] 200 0\ny = BitwiseNot(c)", N (55, 255));
  ck_text_fails (Y ("INT32", "[1]") "c = INT32 [1] 1\ny = Exp(c)", "inputs of type INT32 are not offered");
  ck_text_fails (Y ("BOOL", "[1]") "c = INT32 [1] 1\ny = Not(c)", "inputs of type INT32 are not offered");
}
END_TEST

/* The rest has the sign of the divisor, with fmod that of the dividend. */
START_TEST (rests_have_a_sign)
{
  static const char numbers[] = "a = %s [4] 7 -7 7 -7\nb = %s [4] 3 3 -3 -3\n";
  static const char *const types[] = { "FLOAT", "DOUBLE", "INT32" };
  char text[256], in[128];

  for (size_t i = 0; i < COUNT (types); i++) {
    snprintf (in, sizeof in, numbers, types[i], types[i]);
    snprintf (text, sizeof text, "out y %s [4]\n%sy = Mod(a, b) fmod=1", types[i], in);
    ck_text_is (text, N (1, -1, 1, -1));
  }
  snprintf (in, sizeof in, numbers, "INT32", "INT32");
  snprintf (text, sizeof text, "out y INT32 [4]\n%sy = Mod(a, b)", in);
  ck_text_is (text, N (1, 2, -2, -1));
  ck_text_fails ("out y INT32 [1]\na = INT32 [1] 1\nb = INT32 [1] 0\ny = Mod(a, b)", "division by zero");
}
END_TEST

START_TEST (bits_are_shifted_and_joined)
{
  ck_text_is (
      Y ("UINT8", "[3]") "a = UINT8 [3] 3 129 1\nb = UINT8 [3] 1 1 9\ny = BitShift(a, b) direction='LEFT'",
      N (6, 2, 0));
  ck_text_is (
      Y ("UINT8", "[3]") "a = UINT8 [3] 3 129 1\nb = UINT8 [3] 1 1 9\ny = BitShift(a, b) direction='RIGHT'",
      N (1, 64, 0));
  ck_text_is (
      "import ai.onnx 18\n" Y ("INT8", "[2]") "a = INT8 [2] 12 -1\nb = INT8 [2] 10 7\ny = BitwiseAnd(a, b)",
      N (8, 7));
  ck_text_is (
      "import ai.onnx 18\n" Y ("INT8", "[2]") "a = INT8 [2] 12 -1\nb = INT8 [2] 10 7\ny = BitwiseOr(a, b)",
      N (14, -1));
  ck_text_is (
      "import ai.onnx 18\n" Y ("INT8", "[2]") "a = INT8 [2] 12 -1\nb = INT8 [2] 10 7\ny = BitwiseXor(a, b)",
      N (6, -8));
}
END_TEST

START_TEST (the_greatest_of_several)
{
  ck_text_is (Y ("UINT32", "[3]") "a = UINT32 [3] 1 4294967040 7\nb = UINT32 [1] 5\ny = Max(a, b)",
              N (5, 4294967040.0, 7));
  ck_text_is (Y ("UINT32", "[3]") "a = UINT32 [3] 1 4294967040 7\nb = UINT32 [1] 5\ny = Min(a, b)",
              N (1, 5, 5));
  ck_text_is (
      Y ("INT32", "[3]") "a = INT32 [3] 1 -9 7\nb = INT32 [1] 5\nc = INT32 [3] 0 0 9\ny = Max(a, b, c)",
      N (5, 5, 9));
  ck_text_is (Y ("FLOAT", "[2]") "a = [2] 1 nan\nb = [2] nan 1\ny = Min(a, b)", N (NAN, NAN));
  ck_text_is (Y ("DOUBLE", "[2]") "a = DOUBLE [2] 1 3\nb = DOUBLE [1] 2\ny = Mean(a, b)", N (1.5, 2.5));
  ck_text_is (Y ("INT32", "[3]") "a = INT32 [3] -4 0 2\nb = INT32 [1] 3\ny = PRelu(a, b)", N (-12, 0, 2));
}
END_TEST

START_TEST (integers_are_clipped)
{
  ck_text_is (Y ("INT32", "[3]") "c = INT32 [3] -9 3 9\nl = INT32 [] -4\nh = INT32 [] 5\ny = Clip(c, l, h)",
              N (-4, 3, 5));
  ck_text_is (Y ("UINT8", "[2]") "c = UINT8 [2] 200 3\nl = UINT8 [] 128\ny = Clip(c, l)", N (200, 128));
  ck_text_is (Y ("INT64", "[2]") "c = INT64 [2] 200 3\nh = INT64 [] 128\ny = Clip(c, , h)", N (128, 3));
}
END_TEST

/* ---- convolution and images ---- */

START_TEST (convolutions_of_doubles_keep_their_digits)
{
  ck_text_is (
      Y ("DOUBLE",
         "[1,1,1,2]") "c = DOUBLE [1,1,1,3] 16777216 1 2\nw = DOUBLE [1,1,1,2] 1 1\nb = DOUBLE [1] 2\n"
                      "y = Conv(c, w, b)",
      N (16777219, 5));
  ck_text_fails (
      Y ("DOUBLE", "[1,1,1,2]") "c = DOUBLE [1,1,1,3] 1 1 2\nw = DOUBLE [1,1,1,2] 1 1\nb = DOUBLE [2] 1 1\n"
                                "y = Conv(c, w, b)",
      "its bias does not fit its weights");
}
END_TEST

/* Sizes 7 and 8 of 2 and 4: by 3.5 and by 2. */
START_TEST (an_image_keeps_its_ratio)
{
  static const struct {
    const char *policy;
    int64_t dims[4];
  } cases[] = { { "stretch", { 1, 1, 7, 8 } },
                { "not_larger", { 1, 1, 4, 8 } },
                { "not_smaller", { 1, 1, 7, 14 } } };
  char text[256];

  for (size_t i = 0; i < COUNT (cases); i++) {
    struct qx_model *model;
    struct qx_tensor *y;
    snprintf (text, sizeof text,
              "import ai.onnx 18\nout y [-1,-1,-1,-1]\nc = [1,1,2,4] ~\ns = INT64 [2] 7 8\n"
              "y = Resize(c, , , s) mode='nearest' axes=[2,3] keep_aspect_ratio_policy='%s'",
              cases[i].policy);
    model = qx_graph (13, text);
    y = qx_answer (model, 0);
    ck_dims (qx_tensor_dims (y), qx_tensor_n_dims (y), cases[i].dims, 4);
    qx_tensor_free (y);
    qx_model_free (model);
  }
  ck_text_fails ("import ai.onnx 18\nout y [-1,-1,-1,-1]\nc = [1,1,2,4] ~\ns = INT64 [2] 7 8\n"
                 "y = Resize(c, , , s) mode='nearest' axes=[2,3] keep_aspect_ratio_policy='other'",
                 "its keep_aspect_ratio_policy is unknown");
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    eight_bits_of_four_and_three,
    eight_bits_of_five_and_two,
    four_bits,
    powers_of_two_alone,
    sixteen_bits,
    integers_become_small_floats,
    strings_are_copied_and_compared,
    strings_are_read_as_numbers,
    products_of_doubles_and_integers,
    products_of_vectors_and_stacks,
    products_that_do_not_fit_are_refused,
    integer_products_have_zero_points,
    quantised_products_are_cut_to_their_type,
    lines_are_divided_by_their_norm,
    channels_are_brought_to_mean_and_deviation,
    the_middle_is_cut_out_or_surrounded,
    paddings_repeat_or_reflect,
    scattered_numbers_are_reduced,
    blocks_have_scales_of_their_own,
    quantisation_is_cut_to_its_type,
    integers_have_signs_and_sizes,
    rests_have_a_sign,
    bits_are_shifted_and_joined,
    the_greatest_of_several,
    integers_are_clipped,
    convolutions_of_doubles_keep_their_digits,
    an_image_keeps_its_ratio,
  };

  return run_tests ("qx_ops_onnx", tests, COUNT (tests), 60);
}
