/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: passes over convolutions, pooling, normalisation and products. The graph computes the same before and after. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

#define COUNT(a) (sizeof (a) / sizeof (a)[0])

/* ---- repeated pixels before a convolution ---- */

#define REPEAT(scales, how, weight, conv)                                                                    \
  "in x [1,2,3,3]\nout y [1,-1,-1,-1]\nsc = [4] " scales "\nr = Resize(x, , sc) mode='nearest' " how         \
  "\n" weight "\n" conv
#define FLOOR  "coordinate_transformation_mode='asymmetric' nearest_mode='floor'"
#define KERNEL "w = [3,2,3,3] ~"
#define CONV   "y = Conv(r, w) pads=[1,1,1,1]"

static const char to_deconvolution[] = "ResizeConvolutionToDeconvolution";

START_TEST (repetition_and_convolution_become_one)
{
  ck_text_keeps (REPEAT ("1 1 2 2", FLOOR, KERNEL, CONV), to_deconvolution, "ConvTranspose", 0);
  ck_text_keeps (REPEAT ("1 1 3 3", FLOOR, "w = [1,2,1,1] 1 2", "y = Conv(r, w)"), to_deconvolution,
                 "ConvTranspose", 0);
  ck_text_keeps (REPEAT ("1 1 2 2", FLOOR, KERNEL, "b = [3] 1 2 3\ny = Conv(r, w, b) auto_pad='SAME_UPPER'"),
                 to_deconvolution, "ConvTranspose", 0);
}
END_TEST

/* Two rows and columns: one of padding, on one side. */
START_TEST (padding_on_one_side_is_kept)
{
  ck_text_keeps (REPEAT ("1 1 2 2", FLOOR, "w = [1,2,2,2] ~", "y = Conv(r, w) pads=[0,0,1,1]"),
                 to_deconvolution, "ConvTranspose", 0);
  ck_text_keeps (REPEAT ("1 1 2 2", FLOOR, "w = [1,2,2,2] ~", "y = Conv(r, w) auto_pad='SAME_LOWER'"),
                 to_deconvolution, "ConvTranspose", 0);
}
END_TEST

/* With these every pixel is repeated as often as the scale says: half_pixel rounds to the nearest, whose centre is less than half a pixel
   away; the other one has whole numbers to round. */
START_TEST (other_ways_to_repeat_are_taken_too)
{
  ck_text_keeps (REPEAT ("1 1 2 2", "", KERNEL, CONV), to_deconvolution, "ConvTranspose", 0);
  ck_text_keeps (REPEAT ("1 1 3 3", "nearest_mode='round_prefer_ceil'", KERNEL, CONV), to_deconvolution,
                 "ConvTranspose", 0);
  ck_text_keeps (REPEAT ("1 1 2 2", "coordinate_transformation_mode='asymmetric'", KERNEL, CONV),
                 to_deconvolution, "ConvTranspose", 0);
  ck_text_keeps (REPEAT ("1 1 3 3", "coordinate_transformation_mode='pytorch_half_pixel'", KERNEL, CONV),
                 to_deconvolution, "ConvTranspose", 0);
}
END_TEST

START_TEST (what_does_not_repeat_each_pixel_stays)
{
  static const char *const ways[][2] = {
    { "1 1 2 2", "coordinate_transformation_mode='align_corners'" },
    { "1 1 2 2", "nearest_mode='floor'" },
    { "1 1 3 3", "nearest_mode='ceil'" },
    { "1 1 3 3", "coordinate_transformation_mode='asymmetric'" },
    { "1 1 2 2", "coordinate_transformation_mode='asymmetric' nearest_mode='round_prefer_ceil'" },
    { "1 1 2 2", "coordinate_transformation_mode='asymmetric' nearest_mode='ceil'" },
    { "1 1 2 3", FLOOR },
    { "1 1 1.5 1.5", FLOOR },
    { "2 1 2 2", FLOOR },
  };
  char text[512];

  for (size_t i = 0; i < COUNT (ways); i++) {
    snprintf (text, sizeof text, REPEAT ("%s", "%s", KERNEL, CONV), ways[i][0], ways[i][1]);
    ck_text_stays (text, to_deconvolution);
  }
  ck_text_stays (
      "in x [1,2,3,3]\nout y [1,3,6,6]\nsc = [4] 1 1 2 2\nr = Resize(x, , sc) mode='linear'\n" KERNEL
      "\n" CONV,
      to_deconvolution);
}
END_TEST

/* The form of opset 10: scales are the second input, and pixels are repeated. */
START_TEST (the_old_resize_repeats_pixels)
{
  struct qx_model *model = qx_graph (
      10, "in x [1,2,3,3]\nout y [1,3,6,6]\nsc = [4] 1 1 2 2\nr = Resize(x, sc)\n" KERNEL "\n" CONV);

  ck_keeps (model, to_deconvolution, NULL, NULL, "ConvTranspose", 0);
  qx_model_free (model);
}
END_TEST

START_TEST (a_convolution_that_does_not_fit_stays)
{
  static const char *const convs[] = {
    "y = Conv(r, w) pads=[1,1,1,1] strides=[2,2]",
    "y = Conv(r, w) pads=[2,2,2,2] dilations=[2,2]",
    "y = Conv(r, w)",
    "y = Conv(r, v) pads=[1,1,1,1] group=2\nv = [2,1,3,3] ~",
    "y = Conv(r, v) pads=[0,1,0,1]\nv = [3,2,1,3] ~",
    "y = Conv(r, u) pads=[1,1,1,1]\nin u [3,2,3,3]",
    "y = Conv(r, w) pads=[1,1,1,1]\nz = Relu(r)\nout z [1,2,6,6]",
    "y = Relu(r)",
  };
  char text[512];

  for (size_t i = 0; i < COUNT (convs); i++) {
    snprintf (text, sizeof text, REPEAT ("1 1 2 2", FLOOR, KERNEL, "%s"), convs[i]);
    ck_text_stays (text, to_deconvolution);
  }
}
END_TEST

#define QUANT(weight, scale, bits)                                                                           \
  "v = " weight "\ns = " scale "\nz = [] 0\nb = [] " bits "\n"                                               \
  "w = q.Quant(v, s, z, b) signed=1 narrow=0 rounding_mode='ROUND'"

/* Nine sevens of 4 bits: up to four of them meet, 28, which takes 6 bits. One alone, -3, takes 3. */
START_TEST (sums_get_the_bits_that_they_need)
{
  struct qx_model *model =
      qx_graph (13, REPEAT ("1 1 2 2", FLOOR,
                            QUANT ("[1,2,3,3] 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7", "[] 1", "4"), CONV));

  ck_keeps (model, to_deconvolution, NULL, NULL, "Quant ConvTranspose", 0);
  ck_assert (qx_constant (model, 0, 3)[0] == 6);
  qx_model_free (model);
  model = qx_graph (13, REPEAT ("1 1 2 2", FLOOR, QUANT ("[1,2,1,1] -3 -3", "[] 1", "8"), "y = Conv(r, w)"));
  ck_keeps (model, to_deconvolution, NULL, NULL, "Quant ConvTranspose", 0);
  ck_assert (qx_constant (model, 0, 3)[0] == 3);
  qx_model_free (model);
}
END_TEST

/* A scale for each output, which is the second dimension of the new weight. */
START_TEST (scales_of_the_weight_follow_its_channels)
{
  static const int64_t wanted[] = { 1, 3, 1, 1 };
  struct qx_model *model =
      qx_graph (13, REPEAT ("1 1 2 2", FLOOR, QUANT ("[3,2,3,3] ~", "[3,1,1,1] 0.5 0.25 0.125", "6"), CONV));

  ck_keeps (model, to_deconvolution, "maintain_bit_width", "false", "Quant ConvTranspose", 0);
  ck_shape (model, qx_node_input (qx_node_at (model, 0), 1), 4, wanted);
  qx_model_free (model);
}
END_TEST

START_TEST (bits_are_kept_on_request)
{
  struct qx_model *model =
      qx_graph (13, REPEAT ("1 1 2 2", FLOOR, QUANT ("[3,2,3,3] ~", "[] 0.5", "8"), CONV));

  ck_keeps (model, to_deconvolution, "maintain_bit_width", "true", "Quant ConvTranspose", 0);
  ck_assert (qx_constant (model, 0, 3)[0] == 8);
  qx_model_free (model);
}
END_TEST

/* Scales of another shape; bits for each channel. */
START_TEST (a_quantiser_that_does_not_fit_stays)
{
  ck_text_stays (REPEAT ("1 1 2 2", FLOOR, QUANT ("[3,2,3,3] ~", "[3] 1 2 3", "8"), CONV), to_deconvolution);
  ck_text_stays (
      REPEAT ("1 1 2 2", FLOOR, QUANT ("[3,2,3,3] ~", "[] 1", "8") "\nk = Relu(w)\nout k [3,2,3,3]", CONV),
      to_deconvolution);
  ck_text_stays (REPEAT ("1 1 2 2", FLOOR,
                         "in v [3,2,3,3]\ns = [] 1\nz = [] 0\nb = [] 4\nw = q.Quant(v, s, z, b) signed=1",
                         CONV),
                 to_deconvolution);
}
END_TEST

/* ---- channels spread over pixels ---- */

#define SPREAD(weight, conv, how)                                                                            \
  "in x [1,2,3,3]\nout y [1,2,6,6]\n" weight "\n" conv "\ny = DepthToSpace(c) blocksize=2 " how

static const char subpixel[] = "SubPixelToDeconvolution";

START_TEST (a_convolution_and_its_spread_channels_become_one)
{
  static const char weight[] = "w = [8,2,3,3] ~", conv[] = "c = Conv(x, w) pads=[1,1,1,1]";
  static const char *const modes[] = { "", "mode='DCR'", "mode='CRD'" };
  char text[512];

  for (size_t i = 0; i < COUNT (modes); i++) {
    snprintf (text, sizeof text, SPREAD ("%s", "%s", "%s"), weight, conv, modes[i]);
    ck_text_keeps (text, subpixel, "ConvTranspose", 0);
  }
  ck_text_keeps (SPREAD ("w = [8,2,2,2] ~", "c = Conv(x, w) pads=[1,1,0,0]", ""), subpixel, "ConvTranspose",
                 0);
  ck_text_keeps (SPREAD (QUANT ("[8,2,3,3] ~", "[1,1,1,1] 0.5", "3"), "c = Conv(x, w) pads=[1,1,1,1]", ""),
                 subpixel, "Quant ConvTranspose", 0);
}
END_TEST

START_TEST (a_spread_that_does_not_fit_stays)
{
  ck_text_stays (SPREAD ("w = [8,2,3,3] ~\nb = [8] 1 2 3 4 5 6 7 8", "c = Conv(x, w, b) pads=[1,1,1,1]", ""),
                 subpixel);
  ck_text_stays (
      SPREAD ("w = [8,2,3,3] ~\nout k [1,8,3,3]\nk = Relu(c)", "c = Conv(x, w) pads=[1,1,1,1]", ""),
      subpixel);
  ck_text_stays (
      SPREAD (QUANT ("[8,2,3,3] ~", "[8,1,1,1] 1 2 3 4 5 6 7 8", "3"), "c = Conv(x, w) pads=[1,1,1,1]", ""),
      subpixel);
  ck_text_stays (
      "in x [1,2,3,3]\nout y [1,2,3,3]\nw = [2,2,3,3] ~\nc = Conv(x, w) pads=[1,1,1,1]\ny = Relu(c)",
      subpixel);
}
END_TEST

/* ---- convolutions as products ---- */

#define CONVOLVE(weight, conv) "in x [1,2,5,4]\nout y [1,-1,-1,-1]\n" weight "\n" conv

static const char lower[] = "LowerConvsToMatMul", lowered[] = "Transpose Im2Col MatMul Transpose";

START_TEST (a_convolution_is_a_product_of_windows)
{
  static const char *const attributes[] = { "",
                                            "pads=[1,0,2,1]",
                                            "strides=[2,1] pads=[1,1,1,1]",
                                            "dilations=[2,1]",
                                            "auto_pad='SAME_LOWER' strides=[2,2]",
                                            "auto_pad='VALID' kernel_shape=[3,2]" };
  char text[512];

  for (size_t i = 0; i < COUNT (attributes); i++) {
    snprintf (text, sizeof text, CONVOLVE ("w = [3,2,3,2] ~", "y = Conv(x, w) %s"), attributes[i]);
    ck_text_keeps (text, lower, lowered, 0);
  }
  ck_text_keeps (CONVOLVE ("w = [3,2,1,1] ~", "y = Conv(x, w)"), lower, "Transpose MatMul Transpose", 0);
  ck_text_keeps (CONVOLVE ("w = [3,2,3,2] ~", "b = [3] 1 2 3\ny = Conv(x, w, b)"), lower,
                 "Transpose Im2Col MatMul Transpose Add", 0);
}
END_TEST

START_TEST (a_depthwise_convolution_is_a_product_too)
{
  ck_text_keeps (CONVOLVE ("w = [2,1,3,2] ~", "y = Conv(x, w) group=2 strides=[1,2]"), lower, lowered, 0);
  ck_text_keeps (CONVOLVE (QUANT ("[2,1,3,2] ~", "[2,1,1,1] 0.5 0.25", "3"), "y = Conv(x, w) group=2"), lower,
                 "Quant Transpose Im2Col MatMul Transpose", 0);
}
END_TEST

/* One number; one for each output; one for each element. */
START_TEST (the_quantiser_of_a_weight_goes_along)
{
  static const char *const scales[] = { "[] 0.5", "[3,1,1,1] 0.5 0.25 1", "[1,2,1,2] 1 0.5 0.25 2",
                                        "[3,2,1,2] 1 0.5 0.25 2 1 0.5 0.25 2 1 0.5 0.25 2" };
  static const int64_t wanted[] = { 1, 3 };
  struct qx_model *model;
  char text[512];

  for (size_t i = 0; i < COUNT (scales); i++) {
    snprintf (text, sizeof text, CONVOLVE (QUANT ("[3,2,1,2] ~", "%s", "3"), "y = Conv(x, w)"), scales[i]);
    ck_text_keeps (text, lower, "Quant Transpose Im2Col MatMul Transpose", 0);
  }
  snprintf (text, sizeof text, CONVOLVE (QUANT ("[3,2,1,2] ~", "%s", "3"), "y = Conv(x, w)"), scales[1]);
  model = qx_graph (13, text);
  qx_apply (model, lower, NULL, NULL);
  ck_shape (model, qx_node_input (qx_node_at (model, 0), 1), 2, wanted);
  qx_model_free (model);
}
END_TEST

START_TEST (a_convolution_that_is_no_product_stays)
{
  ck_text_stays ("in x [1,2,5]\nout y [1,3,4]\nw = [3,2,2] ~\ny = Conv(x, w)", lower);
  ck_text_stays ("in x [1,4,3,3]\nout y [1,4,1,1]\nw = [4,2,3,3] ~\ny = Conv(x, w) group=2", lower);
  ck_text_stays (CONVOLVE ("in w [3,2,3,2]", "y = Conv(x, w)"), lower);
  ck_text_stays (CONVOLVE (QUANT ("[3,2,3,2] ~", "[1,2,1,1] 1 2", "3"), "y = Conv(x, w)"), lower);
  ck_text_stays (CONVOLVE (QUANT ("[3,2,3,2] ~", "[2] 1 2", "3"), "y = Conv(x, w)"), lower);
  ck_text_stays (
      CONVOLVE (QUANT ("[3,2,3,2] ~", "[] 1", "3") "\nk = Relu(w)\nout k [3,2,3,2]", "y = Conv(x, w)"),
      lower);
  /* zeroes between the channels would not stay zeroes */
  ck_text_stays (CONVOLVE (QUANT ("[2,1,3,2] ~", "[] 1", "1"), "y = Conv(x, w) group=2"), lower);
  ck_text_stays (
      CONVOLVE ("v = [2,1,3,2] ~\ns = [] 1\nz = [] 1\nb = [] 4\nw = q.Quant(v, s, z, b) signed=1 narrow=0",
                "y = Conv(x, w) group=2"),
      lower);
  ck_text_stays (
      CONVOLVE ("in s []\nv = [3,2,3,2] ~\nz = [] 1\nb = [] 4\nw = q.Quant(v, s, z, b) signed=1 narrow=0",
                "y = Conv(x, w)"),
      lower);
}
END_TEST

/* ---- pools and windows ---- */

START_TEST (a_pool_gets_its_channels_last)
{
  static const char pass[] = "ChangeDataLayoutQuantAvgPool2d";
  struct qx_model *model =
      qx_graph (13, "in x [1,2,4,4]\nout y [1,2,2,2]\nx : UINT4\n"
                    "y = q.QuantAvgPool2d(x) kernel=2 stride=2 ibits=4 obits=4 signed=0");

  ck_keeps (model, pass, NULL, NULL, "Transpose QuantAvgPool2d Transpose", 0);
  ck_assert_str_eq (qx_node_string (qx_node_at (model, 1), "data_layout", ""), "NHWC");
  ck_keeps (model, pass, NULL, NULL, "Transpose QuantAvgPool2d Transpose", 0);
  qx_model_free (model);
}
END_TEST

#define WINDOWS(in, attributes) "in x " in "\nout y [1,-1,-1,-1]\ny = q.Im2Col(x) " attributes

START_TEST (columns_become_channels)
{
  struct qx_model *model = qx_graph (13, WINDOWS ("[1,4,8,1]", "kernel_size=[2,2] stride=[2,2]"));
  static const int64_t wanted[] = { 1, 4, 4, 2 };
  const int64_t *kernel;
  size_t n;

  ck_keeps (model, "RebalanceIm2Col", "extract_channels", "1", "Im2Col", 0);
  ck_keeps (model, "RebalanceIm2Col", "extract_channels", "2", "Reshape Im2Col", 0);
  ck_shape (model, qx_node_input (qx_node_at (model, 1), 0), 4, wanted);
  kernel = qx_node_ints (qx_node_at (model, 1), "kernel_size", &n);
  ck_assert (n == 2 && kernel[0] == 2 && kernel[1] == 1);
  ck_assert_str_eq (qx_node_string (qx_node_at (model, 1), "input_shape", ""), "(1, 4, 4, 2)");
  qx_model_free (model);
}
END_TEST

START_TEST (columns_that_cannot_be_divided_are_an_error)
{
  struct qx_model *model = qx_graph (13, WINDOWS ("[1,4,5,1]", "kernel_size=[2,2] stride=[2,2]"));

  qx_refuse (model, "RebalanceIm2Col", "extract_channels", "0", "config", "must be 1 at least");
  qx_refuse (model, "RebalanceIm2Col", "extract_channels", "2", "transform", "its columns cannot be divided");
  qx_model_free (model);
}
END_TEST

START_TEST (windows_that_overlap_or_have_more_stay)
{
  static const char *const attributes[] = { "kernel_size=[2,2] stride=[1,1]",
                                            "kernel_size=[2,2] stride=[2,2] pad_amount=[1,1,1,1]",
                                            "kernel_size=[2,2] stride=[2,2] dilations=[1,2]",
                                            "kernel_size=[2,2] stride=[2,2] depthwise=1",
                                            "kernel_size=[3,3] stride=[3,3]" };
  char text[256];

  for (size_t i = 0; i <= COUNT (attributes); i++) {
    struct qx_model *model;
    if (i < COUNT (attributes))
      snprintf (text, sizeof text, WINDOWS ("[1,6,6,1]", "%s"), attributes[i]);
    else
      strcpy (text, WINDOWS ("[1,6,6,2]", "kernel_size=[2,2] stride=[2,2]"));
    model = qx_graph (13, text);
    ck_keeps (model, "RebalanceIm2Col", "extract_channels", "2", "Im2Col", 0);
    qx_model_free (model);
  }
}
END_TEST

/* ---- normalisation ---- */

#define NORMAL "s = [2] 2 1\nh = [2] 0 1\nm = [2] 1 0\nv = [2] 0.25 1\n"

START_TEST (a_normalisation_computes_the_same_as_its_product_and_sum)
{
  static const char pass[] = "BatchNormToAffine";

  ck_text_keeps ("in x [3,2,2,2]\nout y [3,2,2,2]\n" NORMAL "y = BatchNormalization(x, s, h, m, v)", pass,
                 "Mul Add", 1e-6);
  ck_text_keeps ("in x [1,3,3,2]\nout y [1,3,3,2]\n" NORMAL
                 "y = last.BatchNormalization(x, s, h, m, v) epsilon=0.5",
                 pass, "Mul Add", 1e-6);
  /* a dimension more, for the normalisation alone */
  ck_text_keeps ("in x [3,2]\nout y [3,2]\n" NORMAL "a = INT64 [1] 2\nu = Unsqueeze(x, a)\n"
                 "n = BatchNormalization(u, s, h, m, v)\ny = Squeeze(n, a)",
                 pass, "Mul Add", 1e-6);
  /* one that puts the channels elsewhere stays around it */
  ck_text_keeps ("in x [2,2]\nout y [2,2]\n" NORMAL "a = INT64 [1] 0\nu = Unsqueeze(x, a)\n"
                 "n = BatchNormalization(u, s, h, m, v)\ny = Squeeze(n, a)",
                 pass, "Unsqueeze Mul Add Squeeze", 1e-6);
}
END_TEST

START_TEST (a_normalisation_of_unknown_numbers_stays)
{
  static const char pass[] = "BatchNormToAffine";

  ck_text_stays ("in x [1,2]\nin s [2]\nout y [1,2]\ny = BatchNormalization(x, s, s, s, s)", pass);
  ck_text_stays ("in x [1,2]\nout y [1,2]\n" NORMAL "y = BatchNormalization(x, s, h, m, v) training_mode=1",
                 pass);
  ck_text_stays ("in x [1,2]\nout y [1,2]\n" NORMAL "k = [3] 1 2 3\ny = BatchNormalization(x, s, k, m, v)",
                 pass);
}
END_TEST

/* ---- products ---- */

START_TEST (gemm_computes_the_same_as_its_parts)
{
  static const char pass[] = "GemmToMatMul";

  ck_text_keeps ("in x [2,3]\nout y [2,2]\nw = [3,2] ~\nb = [2] 1 2\ny = Gemm(x, w, b)", pass, "MatMul Add",
                 0);
  ck_text_keeps (
      "in x [3,2]\nout y [2,2]\nw = [2,3] ~\nb = [2,1] 1 2\ny = Gemm(x, w, b) alpha=0.5 beta=2. transA=1 "
      "transB=1",
      pass, "Transpose Transpose Mul MatMul Mul Add", 0);
  ck_text_keeps ("in x [2,3]\nout y [2,2]\nw = [3,2] ~\ny = Gemm(x, w) alpha=0.5", pass, "MatMul Mul", 0);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    repetition_and_convolution_become_one,
    padding_on_one_side_is_kept,
    other_ways_to_repeat_are_taken_too,
    what_does_not_repeat_each_pixel_stays,
    the_old_resize_repeats_pixels,
    a_convolution_that_does_not_fit_stays,
    sums_get_the_bits_that_they_need,
    scales_of_the_weight_follow_its_channels,
    bits_are_kept_on_request,
    a_quantiser_that_does_not_fit_stays,
    a_convolution_and_its_spread_channels_become_one,
    a_spread_that_does_not_fit_stays,
    a_convolution_is_a_product_of_windows,
    a_depthwise_convolution_is_a_product_too,
    the_quantiser_of_a_weight_goes_along,
    a_convolution_that_is_no_product_stays,
    a_pool_gets_its_channels_last,
    columns_become_channels,
    columns_that_cannot_be_divided_are_an_error,
    windows_that_overlap_or_have_more_stay,
    a_normalisation_computes_the_same_as_its_product_and_sum,
    a_normalisation_of_unknown_numbers_stays,
    gemm_computes_the_same_as_its_parts,
  };

  return run_tests ("qx_pass_images", tests, COUNT (tests), 60);
}
