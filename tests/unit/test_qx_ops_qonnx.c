/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: QONNX's own operators in the executor. Numbers were worked out by hand from QONNX's definitions, or are golden ones of
   its documentation. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

#define COUNT(a) (sizeof (a) / sizeof (a)[0])
#define N(...)   ((const float[]){ __VA_ARGS__ })

/* ---- Quant ---- */

#define QUANT(dims, parameters, attributes)                                                                  \
  "in x " dims "\nout y " dims "\n" parameters "\ny = q.Quant(x, s, z, b) " attributes

static const float golden_in[] = { -200,   -128.6F, -127.5F, -0.5F, 0,   0.5F,     1.5F,
                                   126.5F, 127.4F,  127.5F,  300,   NAN, INFINITY, -INFINITY };

START_TEST (quant_has_the_golden_bounds)
{
  static const struct {
    const char *text;
    float out[14];
  } cases[] = {
    { QUANT ("[14]", "s = [] 1\nz = [] 0\nb = [] 8", "signed=1 narrow=0"),
      { -128, -128, -128, 0, 0, 0, 2, 126, 127, 127, 127, NAN, 127, -128 } },
    { QUANT ("[14]", "s = [] 1\nz = [] 0\nb = [] 8", "signed=1 narrow=1"),
      { -127, -127, -127, 0, 0, 0, 2, 126, 127, 127, 127, NAN, 127, -127 } },
    { QUANT ("[14]", "s = [] 1\nz = [] 0\nb = [] 8", "signed=0 narrow=0"),
      { 0, 0, 0, 0, 0, 0, 2, 126, 127, 128, 255, NAN, 255, 0 } },
    { QUANT ("[14]", "s = [] 1\nz = [] 0\nb = [] 8", "signed=0 narrow=1"),
      { 0, 0, 0, 0, 0, 0, 2, 126, 127, 128, 254, NAN, 254, 0 } },
    { QUANT ("[14]", "s = [] 1\nz = [] 0\nb = [] 2", "signed=1 narrow=1"),
      { -1, -1, -1, 0, 0, 0, 1, 1, 1, 1, 1, NAN, 1, -1 } },
    { QUANT ("[14]", "s = [] 0.5\nz = [] 3\nb = [] 4", "signed=0 narrow=0"),
      { -1.5F, -1.5F, -1.5F, -0.5F, 0, 0.5F, 1.5F, 6, 6, 6, 6, NAN, 6, -1.5F } },
    /* one bit without a sign is 0 or 1, and narrow leaves 0 alone */
    { QUANT ("[14]", "s = [] 1\nz = [] 0\nb = [] 1", "signed=0 narrow=0"),
      { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, NAN, 1, 0 } },
    { QUANT ("[14]", "s = [] 1\nz = [] 0\nb = [] 1", "signed=0 narrow=1"),
      { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NAN, 0, 0 } },
  };

  for (size_t i = 0; i < COUNT (cases); i++)
    ck_text_gives (cases[i].text, golden_in, cases[i].out, 14);
}
END_TEST

/* Scale 0.5: 0.7 is 1.4, which is 1; 2 is 4, cut to 3. Scale 2: 3 is 1.5, which is 2; -9 is -4.5, cut to -4. */
START_TEST (quant_has_parameters_for_each_channel)
{
  ck_text_gives (
      QUANT ("[1,2,2]", "s = [1,2,1] 0.5 2\nz = [] 0\nb = [] 3", "signed=1 narrow=0 rounding_mode='ROUND'"),
      N (0.7F, 2, 3, -9), N (0.5F, 1.5F, 4, -8), 4);
  /* zero points 0 and 2: the second channel holds -2 .. 1 of 0 .. 3 */
  ck_text_gives (QUANT ("[1,2,2]", "s = [] 1\nz = [2,1] 0 2\nb = INT64 [] 2", "signed=0 narrow=0"),
                 N (-1, 7, -7, 7), N (0, 3, -2, 1), 4);
  ck_text_gives (QUANT ("[2,2]", "s = [] 1\nz = INT64 [] 0\nb = [2] 2 4", "signed=0 narrow=0"),
                 N (9, 9, 20, 20), N (3, 9, 3, 15), 4);
  /* a negative scale turns the bounds over */
  ck_text_gives (QUANT ("[3]", "s = [1] -1\nz = [1] 0\nb = [1] 4", "signed=1 narrow=0"), N (3, 20, -20),
                 N (3, 8, -7), 3);
}
END_TEST

START_TEST (quant_of_one_signed_bit_has_no_zero)
{
  ck_text_gives (
      "in x [14]\nout y [14]\ns = [] 1\nz = [] 0\nb = [] 1\ny = q.IntQuant(x, s, z, b) rounding_mode='round'",
      golden_in, N (-1, -1, -1, -1, 1, 1, 1, 1, 1, 1, 1, -1, 1, -1), 14);
}
END_TEST

/* 3.5 of 3 bits is cut to 3 before it would be rounded to 4. */
START_TEST (quant_cuts_before_it_rounds)
{
  ck_text_gives (QUANT ("[2]", "s = [] 1\nz = [] 0\nb = [] 3", "signed=1 narrow=0 rounding_mode='CEIL'"),
                 N (3.5F, -4.5F), N (3, -4), 2);
  ck_text_gives (QUANT ("[2]", "s = [] 1\nz = [] 0\nb = [] 3", "signed=1 narrow=0 rounding_mode='half_up'"),
                 N (2.5F, -2.5F), N (3, -3), 2);
}
END_TEST

START_TEST (quant_refuses_what_it_cannot_do)
{
  ck_text_fails (QUANT ("[2]", "s = [] 1\nz = [] 0\nb = [] 3", "signed=1 narrow=0 rounding_mode='NEAR'"),
                 "its rounding mode is unknown");
  ck_text_fails (QUANT ("[2]", "s = [3] 1 1 1\nz = [] 0\nb = [] 3", "signed=1 narrow=0"), "do not fit");
}
END_TEST

START_TEST (bipolar_quant_knows_two_values)
{
  ck_text_gives ("in x [2,3]\nout y [2,3]\ns = [2,1] 1 0.25\ny = q.BipolarQuant(x, s)",
                 N (-0.0F, -3, NAN, 0.1F, -0.1F, INFINITY), N (1, -1, -1, 0.25F, -0.25F, 0.25F), 6);
}
END_TEST

/* ---- Trunc ---- */

#define TRUNC1(parameters, attributes)                                                                       \
  "in x [3]\nout y [3]\n" parameters "\ny = q.Trunc(x, s, z, i, o) " attributes
#define TRUNC2(parameters, attributes)                                                                       \
  "import q. 2\nin x [3]\nout y [3]\n" parameters "\ny = q.Trunc(x, s, z, i, t, o) " attributes

/* 4 and scale 0.5 and zero point 3: 11, of which two bits go: 2.75. */
/* In version 1 the bits that remain are the third parameter, in version 2 the fifth. */
START_TEST (trunc_gives_the_golden_numbers_in_both_versions)
{
#define IN14  "in x [14]\nout y [14]\ns = [] 1\nz = [] 0\ni = [] 8\n"
#define FLOOR "rounding_mode='FLOOR'"
  const float *in = N (-8, -7, -3.4F, -1, 0, 1, 2, 3, 5, 6, 7, 15, 31, 200);

  ck_text_gives (IN14 "o = [] 4\ny = q.Trunc(x, s, z, i, o) " FLOOR, in,
                 N (-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 12), 14);
  ck_text_gives ("import q. 2\n" IN14 "t = [] 4\no = [] 4\ny = q.Trunc(x, s, z, i, t, o) " FLOOR, in,
                 N (-8, -8, -4, -4, 0, 0, 0, 0, 4, 4, 4, 12, 28, 28), 14);
}
END_TEST

START_TEST (trunc_keeps_scale_and_zero_point)
{
  ck_text_gives (TRUNC1 ("s = [] 0.5\nz = [] 3\ni = [] 8\no = [] 6", ""), N (4, 0, -4),
                 N (-0.5F, -1.5F, -2.5F), 3);
  ck_text_gives (TRUNC1 ("s = [] 0.5\nz = [] 3\ni = [] 8\no = [] 6", "rounding_mode='ROUND'"), N (4, 0, -4),
                 N (0, -1, -2), 3);
  ck_text_fails (TRUNC1 ("s = [] 1\nz = [] 0\ni = [] 8\no = [] 6", "rounding_mode='x'"),
                 "its rounding mode is unknown");
}
END_TEST

/* Zero point 8 and a quarter of the bits: 5 is 13, 3.25; 100 is 108, 27, cut to 15 of 4 bits; -8 is 0. Behind it the zero point is 2. */
START_TEST (trunc_of_version_2_cuts_to_its_bits)
{
  ck_text_gives (
      TRUNC2 ("s = [] 1\nz = [] 8\ni = [] 8\nt = [] 4\no = [] 4", "signed=0 rounding_mode='FLOOR'"),
      N (5, 100, -8), N (4, 52, -8), 3);
  ck_text_gives (
      TRUNC2 ("s = [] 1\nz = [] 8\ni = [] 8\nt = [] 4\no = [] 4", "signed=0 narrow=1 rounding_mode='CEIL'"),
      N (5, 100, -8), N (8, 48, -8), 3);
  ck_text_gives (
      TRUNC2 ("s = [] 1\nz = [] 0\ni = [] 8\nt = [] 4\no = [] 3", "narrow=1 rounding_mode='FLOOR'"),
      N (-100, 6, 100), N (-12, 4, 12), 3);
}
END_TEST

/* ---- FloatQuant ---- */

#define FLOAT_QUANT(dims, parameters, attributes)                                                            \
  "in x " dims "\nout y " dims "\n" parameters "\ny = brevitas.FloatQuant(x, s, e, m, b, l) " attributes
#define E4M3 "s = [] 1\ne = [] 4\nm = [] 3\nb = [] 7\nl = [] 448"
#define E3M2 "e = [] 3\nm = [] 2\nb = [] 3\nl = [] 100"

START_TEST (float_quant_gives_the_golden_numbers)
{
  ck_text_gives (FLOAT_QUANT ("[7]", E4M3, "rounding_mode='round'"),
                 N (0.001953125F, 0.0146F, 239.9F, 248, 500, -3.3F, -1e9F),
                 N (0.001953125F, 0.013671875F, 240, 256, 448, -3.25F, -448), 7);
}
END_TEST

/* Largest: 1.75 * 2^4. 27 and 30 are 6.75 and 7.5 steps of 4; 0.1 is 1.6 of the smallest steps, 1/16, and 1/32 is half of one. */
START_TEST (float_quant_has_a_largest_and_a_smallest_number)
{
  ck_text_gives (FLOAT_QUANT ("[6]", "s = [] 1\n" E3M2, ""), N (27, 30, -1000, 0.1F, 0.03125F, 0.046875F),
                 N (28, 28, -28, 0.125F, 0, 0.0625F), 6);
  ck_text_gives (FLOAT_QUANT ("[1,2]", "s = [1,2] 2 0.5\n" E3M2, ""), N (60, 60), N (56, 14), 2);
  ck_text_gives (FLOAT_QUANT ("[2]", "s = [] 1\n" E3M2, "rounding_mode='FLOOR'"), N (1.99F, -1.99F),
                 N (1.75F, -2), 2);
}
END_TEST

START_TEST (float_quant_without_saturation_has_infinity_or_nan)
{
  ck_text_gives (FLOAT_QUANT ("[4]", "s = [] 1\n" E3M2, "saturation=0 has_inf=1 has_nan=1"),
                 N (28, 40, -40, NAN), N (28, INFINITY, -INFINITY, NAN), 4);
  ck_text_gives (FLOAT_QUANT ("[2]", "s = [] 1\n" E3M2, "saturation=0 has_nan=1"), N (-28, 40), N (-28, NAN),
                 2);
  ck_text_fails (FLOAT_QUANT ("[2]", "s = [] 1\n" E3M2, "saturation=0"),
                 "its attributes do not fit each other");
  ck_text_fails (FLOAT_QUANT ("[2]", "s = [] 1\n" E3M2, "rounding_mode='TO_ODD'"),
                 "its attributes do not fit each other");
}
END_TEST

/* ---- MultiThreshold ---- */

#define THRESHOLDS(dims, rows, attributes)                                                                   \
  "in x " dims "\nout y " dims "\nt = " rows "\ny = q.MultiThreshold(x, t) " attributes

START_TEST (thresholds_belong_to_channels)
{
  ck_text_gives (THRESHOLDS ("[1,2,1,2]", "[2,2] 0 1 10 20", ""), N (0.5F, 1, 15, 20), N (1, 2, 1, 2), 4);
  ck_text_gives (THRESHOLDS ("[1,1,2,2]", "[2,2] 0 1 10 20", "data_layout='NHWC'"), N (0.5F, 15, 1, 20),
                 N (1, 1, 2, 2), 4);
  ck_text_gives (THRESHOLDS ("[2,2]", "[2,2] 0 1 10 20", "data_layout='NC'"), N (0.5F, 15, 1, 20),
                 N (1, 1, 2, 2), 4);
  ck_text_gives (THRESHOLDS ("[2]", "[2,1] 0 10", ""), N (5, 5), N (1, 0), 2);
  ck_text_gives (THRESHOLDS ("[1,2,2]", "[2,3] 0 1 2 5 2 9", "out_scale=2. out_bias=-1."), N (-1, 1, 2, 5),
                 N (-1, 3, 1, 3), 4);
}
END_TEST

START_TEST (thresholds_of_one_row_are_for_all)
{
  /* in any order, and none is reached by what is no number */
  ck_text_gives (THRESHOLDS ("[1,3,2]", "[1,3] 4 -1 2", ""), N (-2, -1, 2, 3.9F, 4, NAN),
                 N (0, 1, 2, 2, 3, 0), 6);
  ck_text_gives (THRESHOLDS ("[1,3]", "[1,3] 0 1 2", "out_scale=0.5 out_bias=-0.25"), N (-1, 1, 2),
                 N (-0.25F, 0.75F, 1.25F), 3);
}
END_TEST

START_TEST (thresholds_that_do_not_fit_are_refused)
{
  ck_text_fails (THRESHOLDS ("[1,3]", "[3] 0 1 2", ""), "its thresholds are no matrix");
  ck_text_fails (THRESHOLDS ("[]", "[1,1] 0", ""), "its input has no channels");
  ck_text_fails (THRESHOLDS ("[1,3]", "[2,1] 0 1", ""), "another number of thresholds than of channels");
}
END_TEST

/* ---- Im2Col ---- */

#define IM2COL(in, out, attributes) "in x " in "\nout y " out "\ny = q.Im2Col(x) " attributes

START_TEST (windows_become_rows)
{
  ck_text_gives (IM2COL ("[1,2,2,1]", "[1,1,1,4]", "kernel_size=[2,2] stride=[1,1]"), N (1, 2, 3, 4),
                 N (1, 2, 3, 4), 4);
  /* channels beside each other */
  ck_text_gives (IM2COL ("[1,1,3,2]", "[1,1,2,4]", "kernel_size=[1,2] stride=[1,1]"), N (1, 2, 3, 4, 5, 6),
                 N (1, 2, 3, 4, 3, 4, 5, 6), 8);
  ck_text_gives (IM2COL ("[1,1,4,1]", "[1,1,2,2]", "kernel_size=[1,2] stride=[1,1] dilations=[1,2]"),
                 N (1, 2, 3, 4), N (1, 3, 2, 4), 4);
  ck_text_gives (IM2COL ("[2,1,2,1]", "[2,1,1,2]", "kernel_size=[1,2] stride=[2,2]"), N (1, 2, 3, 4),
                 N (1, 2, 3, 4), 4);
}
END_TEST

START_TEST (windows_reach_into_the_padding)
{
  ck_text_gives (
      IM2COL ("[1,2,2,1]", "[1,2,2,4]", "kernel_size=[2,2] stride=[2,2] pad_amount=[1,1,1,1] pad_value=9"),
      N (1, 2, 3, 4), N (9, 9, 9, 1, 9, 9, 2, 9, 9, 3, 9, 9, 4, 9, 9, 9), 16);
  /* on the left only */
  ck_text_gives (IM2COL ("[1,1,2,1]", "[1,1,2,2]", "kernel_size=[1,2] stride=[1,1] pad_amount=[0,1,0,0]"),
                 N (5, 6), N (0, 5, 5, 6), 4);
}
END_TEST

START_TEST (windows_that_do_not_fit_are_refused)
{
  static const char missing[] = "is missing, or has another number of numbers", range[] = "is out of range";

  ck_text_fails (IM2COL ("[1,2,2]", "[1,1,1]", "kernel_size=[2,2] stride=[1,1]"), "its input is no image");
  ck_text_fails (IM2COL ("[1,2,2,1]", "[1,1,1,4]", "stride=[1,1]"), missing);
  ck_text_fails (IM2COL ("[1,2,2,1]", "[1,1,1,4]", "kernel_size=[2] stride=[1,1]"), missing);
  ck_text_fails (IM2COL ("[1,2,2,1]", "[1,1,1,4]", "kernel_size=[2,2] stride=[0,1]"), range);
  ck_text_fails (IM2COL ("[1,2,2,1]", "[1,1,1,4]", "kernel_size=[2,2] stride=[1,1] dilations=[1,0]"), range);
  ck_text_fails (IM2COL ("[1,2,2,1]", "[1,1,1,4]", "kernel_size=[2,2] stride=[1,1] pad_amount=[0,0,-1,0]"),
                 range);
  ck_text_fails (IM2COL ("[1,2,2,1]", "[1,1,1,6]", "kernel_size=[3,2] stride=[1,1]"),
                 "its kernel is larger than its input");
  ck_text_fails (IM2COL ("[1,1,1,4]", "[1,1,1,4]",
                         "kernel_size=[2147483647,2147483647] stride=[1,1] "
                         "pad_amount=[2147483647,2147483647,2147483647,2147483647]"),
                 "its result would have a shape that is none");
}
END_TEST

/* ---- pools ---- */

#define POOL(in, out, attributes) "in x " in "\nout y " out "\ny = q.QuantAvgPool2d(x) " attributes

/* Sums 10, 18, 42 and 50 of four numbers of 4 bits: 6 bits, of which two go. */
START_TEST (an_average_keeps_to_its_bits)
{
  static const float image[] = { 1, 2, 3, 4, 3, 4, 5, 6, 9, 10, 11, 12, 11, 12, 13, 14 };

  ck_text_gives (POOL ("[1,1,4,4]", "[1,1,2,2]", "kernel=2 stride=2 ibits=4 obits=4 signed=0"), image,
                 N (2, 4, 10, 12), 4);
  ck_text_gives (
      POOL ("[1,4,4,1]", "[1,2,2,1]", "kernel=2 stride=2 ibits=4 obits=4 signed=0 data_layout='NHWC'"), image,
      N (2, 4, 10, 12), 4);
  ck_text_gives (POOL ("[1,1,4,4]", "[1,1,2,2]", "kernel=2 stride=2 ibits=4 obits=8 signed=0"), image,
                 N (10, 18, 42, 50), 4);
}
END_TEST

/* Two channels; windows that overlap; a negative sum goes down: -5 / 4 is -2. */
START_TEST (an_average_is_of_one_channel)
{
  ck_text_gives (
      POOL ("[1,2,2,2]", "[1,1,1,2]", "kernel=2 stride=1 ibits=2 obits=2 signed=1 data_layout='NHWC'"),
      N (1, -2, 2, -1, 3, -1, 2, -1), N (2, -2), 2);
  ck_text_gives (POOL ("[1,1,2,3]", "[1,1,1,2]", "kernel=2 stride=1 ibits=4 obits=6 signed=0"),
                 N (1, 2, 3, 4, 5, 6), N (12, 16), 2);
}
END_TEST

START_TEST (an_average_that_does_not_fit_is_refused)
{
  static const char part[] = "its kernel or stride does not fit its input";

  ck_text_fails (POOL ("[1,2,2]", "[1,2,2]", "kernel=2 stride=2 ibits=4 obits=4 signed=0"),
                 "its input is no image");
  ck_text_fails (POOL ("[1,1,2,2]", "[1,1,1,1]", "kernel=3 stride=1 ibits=4 obits=4 signed=0"), part);
  ck_text_fails (POOL ("[1,1,2,2]", "[1,1,1,1]", "kernel=2 stride=0 ibits=4 obits=4 signed=0"), part);
  ck_text_fails (POOL ("[1,1,2,2]", "[1,1,1,1]", "stride=1 ibits=4 obits=4 signed=0"), part);
}
END_TEST

/* ---- channels last ---- */

START_TEST (operators_work_with_their_channels_last)
{
  ck_text_gives ("in x [1,2,2,2]\nout y [1,1,1,2]\ny = q.MaxPoolNHWC(x) kernel_shape=[2,2] strides=[2,2] "
                 "pads=[0,0,0,0]",
                 N (1, 8, 2, 7, 3, 6, 4, 5), N (4, 8), 2);
  ck_text_gives ("in x [1,2,1,2]\nout y [1,1,1,2]\ny = last.MaxPool(x) kernel_shape=[2,1] strides=[1,1] "
                 "pads=[0,0,0,0]",
                 N (1, 8, 2, 7), N (2, 8), 2);
  ck_text_gives (
      "in x [1,1,2,2]\nout y [1,1,2,1]\nw = [1,1,1,2] 1 10\n"
      "y = last.Conv(x, w) kernel_shape=[1,1] strides=[1,1] dilations=[1,1] pads=[0,0,0,0] group=1",
      N (1, 2, 3, 4), N (21, 43), 2);
  /* [N, W, C] and weights [O, kw, I], with a bias */
  ck_text_gives ("in x [1,3,2]\nout y [1,2,1]\nw = [1,2,2] 1 2 3 4\nb = [1] 100\n"
                 "y = last.Conv(x, w, b) kernel_shape=[2] strides=[1] dilations=[1] pads=[0,0] group=1",
                 N (1, 0, 0, 1, 1, 1), N (105, 109), 2);
  ck_text_gives ("in x [1,1,2,2]\nout y [1,1,2,2]\ns = [2] 2 1\nb = [2] 0 5\nm = [2] 1 0\nv = [2] 4 1\n"
                 "y = last.BatchNormalization(x, s, b, m, v) epsilon=0. momentum=0.9",
                 N (3, 1, 5, 2), N (2, 6, 4, 7), 4);
}
END_TEST

START_TEST (operators_with_their_channels_last_refuse_what_has_none)
{
  ck_text_fails (
      "in x [2,2]\nout y [2,2]\ny = last.MaxPool(x) kernel_shape=[2,2] strides=[1,1] pads=[0,0,0,0]",
      "its input has no spatial dimensions");
  ck_text_fails ("in x [1,2,2,1]\nout y [1,1,1,1]\ny = last.Conv(x, ) kernel_shape=[2,2]", "is missing");
  ck_text_fails ("in x [1,2,2,1]\nout y [1,1,1,1]\ny = last.MaxPool() kernel_shape=[2,2]",
                 "it has another number of inputs than it takes");
}
END_TEST

/* ---- the rest ---- */

/* Places where both rows agree. */
START_TEST (bits_that_agree_are_counted)
{
  ck_text_gives ("in x [2,4]\nout y [2,2]\nw = [4,2] 1 0 0 1 0 0 1 0\ny = q.XnorPopcountMatMul(x, w)",
                 N (1, 0, 1, 1, 1, 1, 1, 1), N (3, 0, 2, 1), 4);
  ck_text_fails ("in x [2,4]\nout y [2,2]\nw = [3,2] 1 0 0 1 0 0\ny = q.XnorPopcountMatMul(x, w)",
                 "its inputs do not fit each other");
}
END_TEST

START_TEST (a_marker_changes_nothing)
{
  ck_text_gives ("in x [2]\nout y [2]\ny = q.DebugMarker(x) export_debug_name='a'", N (1, -2), N (1, -2), 2);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    quant_has_the_golden_bounds,
    quant_has_parameters_for_each_channel,
    quant_of_one_signed_bit_has_no_zero,
    quant_cuts_before_it_rounds,
    quant_refuses_what_it_cannot_do,
    bipolar_quant_knows_two_values,
    trunc_gives_the_golden_numbers_in_both_versions,
    trunc_keeps_scale_and_zero_point,
    trunc_of_version_2_cuts_to_its_bits,
    float_quant_gives_the_golden_numbers,
    float_quant_has_a_largest_and_a_smallest_number,
    float_quant_without_saturation_has_infinity_or_nan,
    thresholds_belong_to_channels,
    thresholds_of_one_row_are_for_all,
    thresholds_that_do_not_fit_are_refused,
    windows_become_rows,
    windows_reach_into_the_padding,
    windows_that_do_not_fit_are_refused,
    an_average_keeps_to_its_bits,
    an_average_is_of_one_channel,
    an_average_that_does_not_fit_is_refused,
    operators_work_with_their_channels_last,
    operators_with_their_channels_last_refuse_what_has_none,
    bits_that_agree_are_counted,
    a_marker_changes_nothing,
  };

  return run_tests ("qx_ops_qonnx", tests, COUNT (tests), 60);
}
