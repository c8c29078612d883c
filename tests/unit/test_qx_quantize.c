/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: quantising a model of floats. What the quantised model has to give is computed here, in loops of the test's own. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_build.h"
#include "tests/unit/suite.h"

#define LENGTH(array) (sizeof (array) / sizeof (array)[0])

/* ---- a network: x [1,3] → MatMul w → Add b → Relu → Reshape → Gemm v, c → y [1,2] ---- */

static const float w[] = {
  0.9F, -0.4F, 0.1F, 2, -0.7F, 0.3F, 0.5F, -1, 0.2F, 0.6F, -0.8F, 0.5F
}; /* 3 rows */
static const float b[] = { 0.1F, 0, -0.2F, 0.3F };
static const float v[] = { 1, -0.5F, 0.25F, 0.7F, -0.3F, 0.8F, 0.6F, -0.9F }; /* 2 rows: transposed */
static const float c[] = { 0.05F, -0.15F };
static const float examples[] = { 1, -0.5F, 0.25F, -2, 0.75F, 1.5F, 0.125F, 0.3F, -1 };

static void
name_node (struct qx_model *model, struct qx_node *node, const char *name)
{
  struct qx_error err = { { 0 }, NULL };

  ck_ok (qx_node_set_name (model, node, name, &err), &err);
}

static struct qx_model *
network (void)
{
  static const int64_t in[] = { 1, 3 }, out[] = { 1, 2 }, d34[] = { 3, 4 }, d24[] = { 2, 4 }, four[] = { 4 },
                       two[] = { 2 }, shape[] = { 1, 4 };
  static const char *const gemm[] = { "r", "v", "c" }, *const last[] = { "y" };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("network", 13, &err);
  struct qx_node *node;

  ck_assert_ptr_nonnull (model);
  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 2, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, out, 2, &err), &err);
  qx_floats (model, "w", 2, d34, w);
  qx_floats (model, "b", 1, four, b);
  qx_floats (model, "v", 2, d24, v);
  qx_floats (model, "c", 1, two, c);
  ck_ok (qx_set_initializer_ints (model, "shape", two, 1, shape, &err), &err);
  name_node (model, qx_add (model, "MatMul", "x", "w", "p"), "first");
  qx_add (model, "Add", "p", "b", "s");
  qx_add (model, "Relu", "s", NULL, "a");
  qx_add (model, "Reshape", "a", "shape", "r");
  node = qx_node_insert (model, SIZE_MAX, "Gemm", "", "second", gemm, 3, last, 1, &err);
  ck_assert_ptr_nonnull (node);
  ck_ok (qx_node_set_int (model, node, "transB", 1, &err), &err);
  return model;
}

static struct qx_tensor *
tensor_of (int64_t rows, int64_t columns, const float *numbers)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *tensor = qx_tensor_create_floats ((int64_t[]){ rows, columns }, 2, numbers, &err);

  ck_assert_msg (tensor != NULL, "%s", qx_error_text (&err));
  return tensor;
}

/* Quantises the network on the three examples. */
static struct qx_model *
quantised (const struct qx_quantization *options, size_t *weights, size_t *activations)
{
  struct qx_model *model = network ();
  struct qx_tensor *data = tensor_of (3, 3, examples);
  const struct qx_tensor *const inputs[] = { data };
  struct qx_quantization all = *options;
  struct qx_error err = { { 0 }, NULL };

  all.calibration = inputs;
  ck_ok (qx_quantize_model (model, &all, weights, activations, &err), &err);
  qx_tensor_free (data);
  return model;
}

/* ---- the same by hand ---- */

struct format {
  int bits, is_signed, narrow;
};

static float
quant (float x, float scale, struct format f)
{
  double low = f.is_signed ? -ldexp (1, f.bits - 1) + f.narrow : 0;
  double high = f.is_signed ? ldexp (1, f.bits - 1) - 1 : ldexp (1, f.bits) - 1 - f.narrow;
  float q = x / scale;

  if (f.bits == 1 && f.is_signed)
    return q >= 0 ? scale : -scale;
  return (float) rint (fmax (low, fmin (high, (double) q))) * scale;
}

static float
scale_for (float largest, struct format f)
{
  return (float) ((double) largest /
                  (f.is_signed ? ldexp (1, f.bits - 1) - 1 : ldexp (1, f.bits) - 1 - f.narrow));
}

struct expected {
  struct format weight, x, a;
  float w[4], v[2], x_scale, a_scale; /* scales of weights, by output */
};

static void
hidden (const float *x, float *a)
{
  for (size_t k = 0; k < 4; k++) {
    a[k] = b[k];
    for (size_t i = 0; i < 3; i++)
      a[k] += x[i] * w[4 * i + k];
    a[k] = fmaxf (a[k], 0);
  }
}

/* The largest hidden number of all examples. */
static float
largest_hidden (void)
{
  float a[4], largest = 0;

  for (size_t n = 0; n < 3; n++) {
    hidden (examples + 3 * n, a);
    for (size_t k = 0; k < 4; k++)
      largest = fmaxf (largest, a[k]);
  }
  return largest;
}

static void
forward (const struct expected *e, const float *x, float *y)
{
  float a[4];

  for (size_t k = 0; k < 4; k++) {
    a[k] = b[k];
    for (size_t i = 0; i < 3; i++)
      a[k] += quant (x[i], e->x_scale, e->x) * quant (w[4 * i + k], e->w[k], e->weight);
    a[k] = quant (fmaxf (a[k], 0), e->a_scale, e->a);
  }
  for (size_t o = 0; o < 2; o++) {
    y[o] = c[o];
    for (size_t k = 0; k < 4; k++)
      y[o] += a[k] * quant (v[4 * o + k], e->v[o], e->weight);
  }
}

static void
ck_forward (struct qx_model *model, const struct expected *e)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_runner *runner = qx_runner_new (model, NULL, &err);
  struct qx_tensor *in = tensor_of (3, 3, examples), *out;
  float y[2];

  ck_assert_msg (runner != NULL, "%s", qx_error_text (&err));
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &in, &out, &err), &err);
  for (size_t n = 0; n < 3; n++) {
    forward (e, examples + 3 * n, y);
    for (size_t o = 0; o < 2; o++)
      ck_assert_float_eq_tol (qx_tensor_floats (out, NULL)[2 * n + o], y[o], 1e-5F);
  }
  qx_tensor_free (out);
  qx_tensor_free (in);
  qx_runner_free (runner);
}

/* ---- lookups ---- */

static const struct qx_node *
quant_of (const struct qx_model *model, const char *op_type, size_t slot)
{
  for (size_t i = 0; i < qx_n_nodes (model); i++) {
    const struct qx_node *node = qx_node_at (model, i);

    if (strcmp (qx_node_op_type (node), op_type) != 0)
      continue;
    node = qx_producer (model, qx_node_input (node, slot));
    ck_assert_ptr_nonnull (node);
    ck_assert_str_eq (qx_node_op_type (node), "Quant");
    ck_assert_str_eq (qx_node_domain (node), "qonnx.custom_op.general");
    return node;
  }
  ck_abort_msg ("there is no %s", op_type);
}

static void
ck_quant (const struct qx_model *model, const struct qx_node *node, struct format f, size_t n_scales)
{
  const struct qx_tensor *scale = qx_initializer (model, qx_node_input (node, 1)),
                         *zero = qx_initializer (model, qx_node_input (node, 2)),
                         *bits = qx_initializer (model, qx_node_input (node, 3));

  ck_assert_int_eq ((int) qx_node_int (node, "signed", -1), f.is_signed);
  ck_assert_int_eq ((int) qx_node_int (node, "narrow", -1), f.narrow);
  ck_assert_str_eq (qx_node_string (node, "rounding_mode", ""), "ROUND");
  ck_assert_uint_eq (qx_tensor_n_elements (scale), n_scales);
  ck_assert_uint_eq (qx_tensor_n_dims (zero), 0);
  ck_assert_float_eq (qx_tensor_floats (zero, NULL)[0], 0);
  ck_assert_uint_eq (qx_tensor_n_dims (bits), 0);
  ck_assert_float_eq (qx_tensor_floats (bits, NULL)[0], (float) f.bits);
}

/* ---- tests ---- */

START_TEST (weights_and_activations_are_scaled_to_what_they_hold)
{
  const struct qx_quantization options = { .weight_bits = 4, .activation_bits = 8 };
  struct expected e = { .weight = { 4, 1, 1 }, .x = { 8, 1, 0 }, .a = { 8, 0, 0 } };
  size_t weights = 0, activations = 0;
  struct qx_model *model = quantised (&options, &weights, &activations);
  const struct qx_node *a;

  ck_assert_uint_eq (weights, 2);
  ck_assert_uint_eq (activations, 2);
  ck_assert_uint_eq (qx_n_nodes (model), 9);
  ck_quant (model, quant_of (model, "MatMul", 0), e.x, 1);
  ck_quant (model, quant_of (model, "MatMul", 1), e.weight, 1);
  ck_quant (model, quant_of (model, "Gemm", 1), e.weight, 1);
  a = quant_of (model, "Reshape", 0); /* behind the Relu */
  ck_quant (model, a, e.a, 1);
  ck_assert_str_eq (qx_node_op_type (qx_producer (model, qx_node_input (a, 0))), "Relu");
  ck_assert_int_eq (qx_opset_of (model, "qonnx.custom_op.general"), 1);
  ck_assert_str_eq (qx_input (model, 0), "x");
  for (size_t k = 0; k < 4; k++)
    e.w[k] = scale_for (2, e.weight);
  for (size_t o = 0; o < 2; o++)
    e.v[o] = scale_for (1, e.weight);
  e.x_scale = scale_for (2, e.x);
  e.a_scale = scale_for (largest_hidden (), e.a);
  ck_forward (model, &e);
  qx_model_free (model);
}
END_TEST

START_TEST (a_scale_for_each_output_is_that_of_its_weights)
{
  static const int64_t columns[] = { 1, 4 }, rows[] = { 2, 1 };
  const struct qx_quantization options = {
    .weight_bits = 3, .activation_bits = 6, .sign = 1, .per_channel = 1, .wide = 1
  };
  const float largest_w[] = { 0.9F, 0.6F, 0.8F, 2 }, largest_v[] = { 1, 0.9F };
  struct expected e = { .weight = { 3, 1, 0 }, .x = { 6, 1, 0 }, .a = { 6, 1, 0 } };
  struct qx_model *model = quantised (&options, NULL, NULL);
  const struct qx_node *first = quant_of (model, "MatMul", 1), *second = quant_of (model, "Gemm", 1);

  ck_quant (model, first, e.weight, 4);
  ck_quant (model, second, e.weight, 2);
  ck_assert_mem_eq (qx_tensor_dims (qx_initializer (model, qx_node_input (first, 1))), columns,
                    sizeof columns);
  ck_assert_mem_eq (qx_tensor_dims (qx_initializer (model, qx_node_input (second, 1))), rows, sizeof rows);
  ck_quant (model, quant_of (model, "Reshape", 0), e.a, 1);
  for (size_t k = 0; k < 4; k++)
    e.w[k] = scale_for (largest_w[k], e.weight);
  for (size_t o = 0; o < 2; o++)
    e.v[o] = scale_for (largest_v[o], e.weight);
  e.x_scale = scale_for (2, e.x);
  e.a_scale = scale_for (largest_hidden (), e.a);
  ck_forward (model, &e);
  qx_model_free (model);
}
END_TEST

START_TEST (one_bit_stands_for_the_mean)
{
  const struct qx_quantization options = { .weight_bits = 1, .activation_bits = 1 };
  struct expected e = { .weight = { 1, 1, 0 }, .x = { 1, 1, 0 }, .a = { 1, 0, 0 } };
  struct qx_model *model = quantised (&options, NULL, NULL);
  double sum = 0;

  ck_quant (model, quant_of (model, "MatMul", 1), e.weight, 1);
  for (size_t i = 0; i < 12; i++)
    sum += fabs ((double) w[i]);
  for (size_t k = 0; k < 4; k++)
    e.w[k] = (float) (sum / 12);
  sum = 0;
  for (size_t i = 0; i < 8; i++)
    sum += fabs ((double) v[i]);
  e.v[0] = e.v[1] = (float) (sum / 8);
  sum = 0;
  for (size_t i = 0; i < 9; i++)
    sum += fabs ((double) examples[i]);
  e.x_scale = (float) (sum / 9);
  e.a_scale = scale_for (largest_hidden (), e.a);
  ck_forward (model, &e);
  qx_model_free (model);
}
END_TEST

START_TEST (scales_may_be_powers_of_two)
{
  const struct qx_quantization options = { .weight_bits = 4, .power_of_two = 1, .rounding_mode = "FLOOR" };
  struct qx_model *model = network ();
  struct qx_error err = { { 0 }, NULL };
  const struct qx_node *node;

  ck_ok (qx_quantize_model (model, &options, NULL, NULL, &err), &err);
  node = quant_of (model, "MatMul", 1); /* 2 / 7, up to 1/2 */
  ck_assert_float_eq (qx_tensor_floats (qx_initializer (model, qx_node_input (node, 1)), NULL)[0], 0.5F);
  ck_assert_str_eq (qx_node_string (node, "rounding_mode", ""), "FLOOR");
  ck_assert_ptr_null (qx_producer (model, "x"));
  ck_assert_uint_eq (qx_n_nodes (model), 7); /* weights alone */
  qx_model_free (model);
}
END_TEST

START_TEST (nodes_that_are_named_stay_as_they_are)
{
  static const char *const exclude[] = { "first" };
  const struct qx_quantization options = {
    .weight_bits = 4, .activation_bits = 4, .exclude = exclude, .n_exclude = 1
  };
  size_t weights = 0, activations = 0;
  struct qx_model *model = quantised (&options, &weights, &activations);

  ck_assert_uint_eq (weights, 1);
  ck_assert_uint_eq (activations, 1);
  ck_assert_str_eq (qx_node_op_type (qx_consumer (model, "x", 0)), "MatMul");
  ck_assert_ptr_nonnull (qx_initializer (model, "w"));
  qx_model_free (model);
}
END_TEST

START_TEST (what_is_quantised_stays_as_it_is)
{
  const struct qx_quantization options = { .weight_bits = 4, .activation_bits = 4 },
                               again = { .weight_bits = 2 };
  struct qx_model *model = quantised (&options, NULL, NULL), *exported = qx_exported_model ();
  struct qx_error err = { { 0 }, NULL };

  ck_assert_int_eq (qx_quantize_model (model, &again, NULL, NULL, &err), -1);
  ck_error (&err, "transform", "nothing to quantise");
  ck_assert_int_eq (qx_quantize_model (exported, &again, NULL, NULL, &err), -1);
  ck_error (&err, "transform", "nothing to quantise");
  qx_model_free (model);
  qx_model_free (exported);
  model = network ();
  ck_ok (qx_set_annotation (model, "w", "finn_datatype", "INT2", &err), &err);
  ck_ok (qx_set_annotation (model, "v", "finn_datatype", "INT2", &err), &err);
  ck_assert_int_eq (qx_quantize_model (model, &again, NULL, NULL, &err), -1);
  ck_error (&err, "transform", "nothing to quantise");
  qx_model_free (model);
}
END_TEST

/* A convolution and its mirror, with a pool between: one channel in, two out, one out. */
static struct qx_model *
images (void)
{
  static const int64_t in[] = { 1, 1, 4, 4 }, out[] = { 1, 1, 2, 2 }, kernel[] = { 2, 1, 1, 1 },
                       mirror[] = { 2, 1, 1, 1 }, pool[] = { 2, 2 };
  static const float weights[] = { 0.5F, -2 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("images", 13, &err);
  struct qx_node *node;

  ck_ok (qx_add_input (model, "x", QX_FLOAT, in, 4, &err), &err);
  ck_ok (qx_add_output (model, "y", QX_FLOAT, out, 4, &err), &err);
  qx_floats (model, "k", 4, kernel, weights);
  qx_floats (model, "m", 4, mirror, weights);
  qx_add (model, "Conv", "x", "k", "c");
  node = qx_add (model, "MaxPool", "c", NULL, "p");
  ck_ok (qx_node_set_ints (model, node, "kernel_shape", pool, 2, &err), &err);
  ck_ok (qx_node_set_ints (model, node, "strides", pool, 2, &err), &err);
  qx_add (model, "ConvTranspose", "p", "m", "y");
  return model;
}

START_TEST (channels_of_convolutions_are_their_outputs)
{
  static const int64_t outputs[] = { 2, 1, 1, 1 };
  static const float pixels[16] = { 1, 2, -3, 4 };
  const struct qx_tensor *scale;
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *data = qx_tensor_create_floats ((int64_t[]){ 1, 1, 4, 4 }, 4, pixels, &err);
  const struct qx_tensor *const inputs[] = { data };
  const struct qx_quantization options = {
    .weight_bits = 2, .activation_bits = 4, .per_channel = 1, .calibration = inputs
  };
  struct qx_model *model = images ();
  size_t n_dims;

  ck_ok (qx_quantize_model (model, &options, NULL, NULL, &err), &err);
  scale = qx_initializer (model, qx_node_input (quant_of (model, "Conv", 1), 1));
  ck_assert_uint_eq (qx_tensor_n_dims (scale), 4);
  ck_assert_mem_eq (qx_tensor_dims (scale), outputs, sizeof outputs);
  ck_assert_float_eq (qx_tensor_floats (scale, NULL)[0], 0.5F);
  ck_assert_float_eq (qx_tensor_floats (scale, NULL)[1], 2);
  scale = qx_initializer (model, qx_node_input (quant_of (model, "ConvTranspose", 1), 1));
  ck_assert_uint_eq (qx_tensor_n_elements (scale), 1); /* one output */
  ck_assert_float_eq (qx_tensor_floats (scale, NULL)[0], 2);
  ck_assert_str_eq (qx_node_op_type (qx_producer (model, qx_node_input (quant_of (model, "MaxPool", 0), 0))),
                    "Conv");
  ck_assert_ptr_nonnull (qx_shape (model, qx_node_output (quant_of (model, "Conv", 1), 0), &n_dims));
  ck_assert_uint_eq (n_dims, 4);
  qx_tensor_free (data);
  qx_model_free (model);
}
END_TEST

START_TEST (zeroes_get_a_scale_all_the_same)
{
  static const int64_t d34[] = { 3, 4 };
  static const float nothing[12] = { 0 }, still[3] = { 0 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *data = tensor_of (1, 3, still);
  const struct qx_tensor *const inputs[] = { data };
  const struct qx_quantization options = { .weight_bits = 4, .activation_bits = 4, .calibration = inputs };
  struct qx_model *model = network ();

  qx_floats (model, "w", 2, d34, nothing);
  ck_ok (qx_quantize_model (model, &options, NULL, NULL, &err), &err);
  for (size_t slot = 0; slot < 2; slot++)
    ck_assert_float_eq (
        qx_tensor_floats (qx_initializer (model, qx_node_input (quant_of (model, "MatMul", slot), 1)),
                          NULL)[0],
        1);
  qx_tensor_free (data);
  qx_model_free (model);
}
END_TEST

static const char *const absent[] = { "third" };
static const struct {
  struct qx_quantization options;
  const char *category, *part;
} bad[] = {
  { { .weight_bits = 0 }, "config", "neither weights nor activations" },
  { { .weight_bits = 25 }, "config", "25 bits: 1 to 24" },
  { { .weight_bits = 8, .activation_bits = -1 }, "config", "-1 bits: 1 to 24" },
  { { .weight_bits = 8, .rounding_mode = "NEAREST" }, "config", "no rounding mode NEAREST" },
  { { .weight_bits = 8, .exclude = absent, .n_exclude = 1 }, "config", "no node third to leave out" },
  { { .weight_bits = 8, .activation_bits = 8 }, "config", "no calibration data" },
  { { .weight_bits = 8, .sign = -1 }, "transform", "weight w has negative numbers" },
};

START_TEST (what_cannot_be_quantised_is_said)
{
  struct qx_model *model = network ();
  struct qx_error err = { { 0 }, NULL };

  ck_assert_int_eq (qx_quantize_model (model, &bad[_i].options, NULL, NULL, &err), -1);
  ck_error (&err, bad[_i].category, bad[_i].part);
  ck_assert_uint_eq (qx_n_nodes (model), 5);
  qx_model_free (model);
}
END_TEST

START_TEST (examples_that_say_nothing_are_refused)
{
  static const float odd[] = { 0, INFINITY, 0 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_tensor *data = tensor_of (1, 3, odd);
  const struct qx_tensor *inputs[] = { data };
  struct qx_quantization options = { .activation_bits = 8, .calibration = inputs };
  struct qx_model *model = network ();

  ck_assert_int_eq (qx_quantize_model (model, &options, NULL, NULL, &err), -1);
  ck_error (&err, "transform", "tensor x is not finite in examples 0 to 0");
  qx_tensor_free (data);
  inputs[0] = data = tensor_of (0, 3, NULL);
  ck_assert_int_eq (qx_quantize_model (model, &options, NULL, NULL, &err), -1);
  ck_error (&err, "config", "no examples to calibrate with");
  qx_tensor_free (data);
  inputs[0] = data = tensor_of (1, 4, b);
  ck_assert_int_eq (qx_quantize_model (model, &options, NULL, NULL, &err), -1);
  ck_error (&err, "config", "x");
  qx_tensor_free (data);
  inputs[0] = data = tensor_of (3, 3, examples);
  options.sign = -1;
  ck_assert_int_eq (qx_quantize_model (model, &options, NULL, NULL, &err), -1);
  ck_error (&err, "transform", "tensor x has negative numbers");
  qx_tensor_free (data);
  qx_model_free (model);
}
END_TEST

START_TEST (a_weight_that_is_not_finite_is_refused)
{
  static const int64_t d34[] = { 3, 4 };
  static const float odd[12] = { 1, NAN };
  const struct qx_quantization options = { .weight_bits = 4 };
  struct qx_model *model = network ();
  struct qx_error err = { { 0 }, NULL };

  qx_floats (model, "w", 2, d34, odd);
  ck_assert_int_eq (qx_quantize_model (model, &options, NULL, NULL, &err), -1);
  ck_error (&err, "transform", "node first (MatMul): its weight w is not finite");
  qx_model_free (model);
}
END_TEST

int
main (void)
{
  TCase *tests = tcase_create ("all");

  tcase_add_test (tests, weights_and_activations_are_scaled_to_what_they_hold);
  tcase_add_test (tests, a_scale_for_each_output_is_that_of_its_weights);
  tcase_add_test (tests, one_bit_stands_for_the_mean);
  tcase_add_test (tests, scales_may_be_powers_of_two);
  tcase_add_test (tests, nodes_that_are_named_stay_as_they_are);
  tcase_add_test (tests, what_is_quantised_stays_as_it_is);
  tcase_add_test (tests, channels_of_convolutions_are_their_outputs);
  tcase_add_test (tests, zeroes_get_a_scale_all_the_same);
  tcase_add_loop_test (tests, what_cannot_be_quantised_is_said, 0, LENGTH (bad));
  tcase_add_test (tests, examples_that_say_nothing_are_refused);
  tcase_add_test (tests, a_weight_that_is_not_finite_is_refused);
  return run_case ("qx_quantize", tests);
}
