/* SPDX-License-Identifier: BSD-3-Clause */
/* Elementwise operators of one input. They are computed in float64 and rounded once. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

/* Attributes alpha, beta (or gamma), or what stands for them. */
struct terms {
  double a, b;
};

typedef double unary (double v, const struct terms *t);

#define UNARY(name, expression)                                                                              \
  static double name (double v, const struct terms *t)                                                       \
  {                                                                                                          \
    (void) t;                                                                                                \
    return expression;                                                                                       \
  }

UNARY (absolute, fabs (v))
UNARY (arc_cos, acos (v))
UNARY (arc_cosh, acosh (v))
UNARY (arc_sin, asin (v))
UNARY (arc_sinh, asinh (v))
UNARY (arc_tan, atan (v))
UNARY (arc_tanh, atanh (v))
UNARY (celu, v > 0 ? v : t->a * expm1 (v / t->a))
UNARY (round_up, ceil (v))
UNARY (cosine, cos (v))
UNARY (hyp_cosine, cosh (v))
UNARY (elu, v < 0 ? t->a * expm1 (v) : v)
UNARY (error_function, erf (v))
UNARY (exponential, exp (v))
UNARY (round_down, floor (v))
UNARY (hard_sigmoid, fmax (0, fmin (1, t->a *v + t->b)))
UNARY (hard_swish, v *fmax (0, fmin (1, v / 6 + 0.5)))
UNARY (leaky_relu, v < 0 ? t->a * v : v)
UNARY (logarithm, log (v))
UNARY (mish, v *tanh (v > 30 ? v : log1p (exp (v))))
UNARY (negative, -v)
UNARY (reciprocal, 1 / v)
UNARY (relu, v < 0 ? 0 : v)
UNARY (half_even, nearbyint (v))
UNARY (selu, v > 0 ? t->b * v : t->b * t->a * expm1 (v))
UNARY (shrink, v<-t->a ? v + t->b : v> t->a ? v - t->b : 0)
UNARY (sigmoid, v >= 0 ? 1 / (1 + exp (-v)) : exp (v) / (1 + exp (v)))
UNARY (sign, v > 0 ? 1 : v < 0 ? -1 : v)
UNARY (sine, sin (v))
UNARY (hyp_sine, sinh (v))
UNARY (softplus, v > 30 ? v : log1p (exp (v)))
UNARY (softsign, v / (1 + fabs (v)))
UNARY (root, sqrt (v))
UNARY (swish, v / (1 + exp (-t->a * v)))
UNARY (tangent, tan (v))
UNARY (hyp_tangent, tanh (v))
UNARY (thresholded_relu, v > t->a ? v : 0)
UNARY (gelu, 0.5 * v * (1 + erf (v * 0.70710678118654752440)))
UNARY (gelu_tanh, 0.5 * v * (1 + tanh (0.79788456080286535588 * (v + 0.044715 * v * v * v))))

static const struct {
  const char *op_type;
  unary *function;
  const char *names[2]; /* of the attributes */
  float defaults[2];
} operators[] = {
  { "Abs", absolute, { NULL, NULL }, { 0, 0 } },
  { "Acos", arc_cos, { NULL, NULL }, { 0, 0 } },
  { "Acosh", arc_cosh, { NULL, NULL }, { 0, 0 } },
  { "Asin", arc_sin, { NULL, NULL }, { 0, 0 } },
  { "Asinh", arc_sinh, { NULL, NULL }, { 0, 0 } },
  { "Atan", arc_tan, { NULL, NULL }, { 0, 0 } },
  { "Atanh", arc_tanh, { NULL, NULL }, { 0, 0 } },
  { "Ceil", round_up, { NULL, NULL }, { 0, 0 } },
  { "Celu", celu, { "alpha", NULL }, { 1, 0 } },
  { "Cos", cosine, { NULL, NULL }, { 0, 0 } },
  { "Cosh", hyp_cosine, { NULL, NULL }, { 0, 0 } },
  { "Elu", elu, { "alpha", NULL }, { 1, 0 } },
  { "Erf", error_function, { NULL, NULL }, { 0, 0 } },
  { "Exp", exponential, { NULL, NULL }, { 0, 0 } },
  { "Floor", round_down, { NULL, NULL }, { 0, 0 } },
  { "HardSigmoid", hard_sigmoid, { "alpha", "beta" }, { 0.2F, 0.5F } },
  { "HardSwish", hard_swish, { NULL, NULL }, { 0, 0 } },
  { "LeakyRelu", leaky_relu, { "alpha", NULL }, { 0.01F, 0 } },
  { "Log", logarithm, { NULL, NULL }, { 0, 0 } },
  { "Mish", mish, { NULL, NULL }, { 0, 0 } },
  { "Neg", negative, { NULL, NULL }, { 0, 0 } },
  { "Reciprocal", reciprocal, { NULL, NULL }, { 0, 0 } },
  { "Relu", relu, { NULL, NULL }, { 0, 0 } },
  { "Round", half_even, { NULL, NULL }, { 0, 0 } },
  { "Selu", selu, { "alpha", "gamma" }, { 1.67326319217681884765625F, 1.05070102214813232421875F } },
  { "Shrink", shrink, { "lambd", "bias" }, { 0.5F, 0 } },
  { "Sigmoid", sigmoid, { NULL, NULL }, { 0, 0 } },
  { "Sign", sign, { NULL, NULL }, { 0, 0 } },
  { "Sin", sine, { NULL, NULL }, { 0, 0 } },
  { "Sinh", hyp_sine, { NULL, NULL }, { 0, 0 } },
  { "Softplus", softplus, { NULL, NULL }, { 0, 0 } },
  { "Softsign", softsign, { NULL, NULL }, { 0, 0 } },
  { "Sqrt", root, { NULL, NULL }, { 0, 0 } },
  { "Swish", swish, { "alpha", NULL }, { 1, 0 } },
  { "Tan", tangent, { NULL, NULL }, { 0, 0 } },
  { "Tanh", hyp_tangent, { NULL, NULL }, { 0, 0 } },
  { "ThresholdedRelu", thresholded_relu, { "alpha", NULL }, { 1, 0 } },
};

static unary *
function_of (const struct qx_node *node, struct terms *terms)
{
  size_t i;

  if (qx_node_is (node, "Gelu"))
    return strcmp (qx_node_string (node, "approximate", "none"), "tanh") == 0 ? gelu_tanh : gelu;
  for (i = 0; i < sizeof operators / sizeof operators[0]; i++)
    if (qx_node_is (node, operators[i].op_type)) {
      double *term[] = { &terms->a, &terms->b };
      for (size_t k = 0; k < 2; k++)
        *term[k] = operators[i].names[k] == NULL
                       ? 0
                       : (double) qx_node_float (node, operators[i].names[k], operators[i].defaults[k]);
      return operators[i].function;
    }
  return NULL;
}

/* Those that have a result for integers, exact in 64 bits. */
static int
apply_to_ints (struct qx_exec *x, const struct qx_tensor *from, struct qx_tensor *to)
{
  const int64_t *in = qx_exec_ints (x, 0);
  int64_t *out = in == NULL ? NULL : qx_exec_out_ints (x, to);
  int is_unsigned = qx_is_unsigned (qx_exec_type (from));
  size_t i;

  if (out == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++) {
    uint64_t bits = (uint64_t) in[i];
    int below = !is_unsigned && in[i] < 0;
    if (qx_node_is (x->node, "Sign"))
      out[i] = below ? -1 : in[i] != 0;
    else if (qx_node_is (x->node, "Relu"))
      out[i] = below ? 0 : in[i];
    else
      out[i] = (int64_t) (below || qx_node_is (x->node, "Neg") ? 0 - bits : bits);
  }
  return 0;
}

static int
has_integers (const struct qx_node *node)
{
  return qx_node_is (node, "Abs") || qx_node_is (node, "Neg") || qx_node_is (node, "Relu") ||
         qx_node_is (node, "Sign");
}

int
qx_exec_unary (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  struct terms terms = { 0, 0 };
  unary *function = function_of (x->node, &terms);
  const double *doubles;
  const float *floats;
  struct qx_tensor *to;
  size_t i;

  to = from == NULL ? NULL : qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  if (to == NULL)
    return -1;
  if (qx_is_integer (qx_exec_type (from)) && has_integers (x->node))
    return apply_to_ints (x, from, to);
  if (function == NULL || (!qx_is_float (qx_exec_type (from)) && !qx_node_is (x->node, "Shrink")))
    return qx_exec_refuse_type (x, qx_exec_type (from));
  if (qx_exec_type (from) == QX_FLOAT) {
    float *out = qx_exec_out_floats (x, to);
    floats = out == NULL ? NULL : qx_exec_floats (x, 0);
    for (i = 0; floats != NULL && i < to->n_elements; i++)
      out[i] = (float) function ((double) floats[i], &terms);
    return floats == NULL ? -1 : 0;
  }
  doubles = qx_exec_doubles (x, 0);
  for (i = 0; doubles != NULL && i < to->n_elements; i++)
    qx_put_double (to, i, function (doubles[i], &terms));
  return doubles == NULL ? -1 : 0;
}

int
qx_exec_not (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  int bitwise = qx_node_is (x->node, "BitwiseNot");
  struct qx_tensor *to = NULL;
  size_t i, n;

  if (from == NULL)
    return -1;
  if (bitwise ? !qx_is_integer (qx_exec_type (from)) : qx_exec_type (from) != QX_BOOL)
    return qx_exec_refuse_type (x, qx_exec_type (from));
  to = qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  n = from->n_elements * qx_exec_size (from);
  for (i = 0; to != NULL && i < n; i++)
    qx_exec_bytes (to)[i] = bitwise ? (uint8_t) ~from->raw[i] : from->raw[i] == 0;
  return to == NULL ? -1 : 0;
}

/* IsNaN, IsInf */
int
qx_exec_is (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  const double *in = from == NULL ? NULL : qx_exec_doubles (x, 0);
  struct qx_tensor *to = in == NULL ? NULL : qx_exec_make (x, 0, QX_BOOL, from->dims, from->n_dims);
  int nan = qx_node_is (x->node, "IsNaN"), negative_too = qx_node_int (x->node, "detect_negative", 1) != 0;
  int positive_too = qx_node_int (x->node, "detect_positive", 1) != 0;
  size_t i;

  if (to == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++)
    qx_exec_bytes (to)[i] =
        nan ? isnan (in[i]) != 0 : isinf (in[i]) && (in[i] < 0 ? negative_too : positive_too);
  return 0;
}

/* ---- Clip ---- */

static int
clip_ints (struct qx_exec *x, struct qx_tensor *to)
{
  const int64_t *in = qx_exec_ints (x, 0), *low = NULL, *high = NULL;
  int is_unsigned = qx_exec_type (to) == QX_UINT64;
  int64_t *out = in == NULL ? NULL : qx_exec_out_ints (x, to);
  size_t i;

  if (out == NULL || (qx_exec_in (x, 1) != NULL && (low = qx_exec_ints (x, 1)) == NULL) ||
      (qx_exec_in (x, 2) != NULL && (high = qx_exec_ints (x, 2)) == NULL))
    return -1;
  for (i = 0; i < to->n_elements; i++) {
    int64_t v = in[i];
    if (low != NULL && (is_unsigned ? (uint64_t) v < (uint64_t) *low : v < *low))
      v = *low;
    if (high != NULL && (is_unsigned ? (uint64_t) v > (uint64_t) *high : v > *high))
      v = *high;
    out[i] = v;
  }
  return 0;
}

int
qx_exec_clip (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_need (x, 0);
  double low = -(double) INFINITY, high = (double) INFINITY;
  const double *in;
  struct qx_tensor *to;
  size_t i;

  if (from == NULL)
    return -1;
  if (x->opset < 11) {
    low = (double) qx_node_float (x->node, "min", -INFINITY);
    high = (double) qx_node_float (x->node, "max", INFINITY);
  } else if (qx_exec_number (x, 1, low, &low) < 0 || qx_exec_number (x, 2, high, &high) < 0)
    return -1;
  to = qx_exec_make (x, 0, qx_exec_type (from), from->dims, from->n_dims);
  if (to == NULL)
    return -1;
  if (!qx_is_float (qx_exec_type (from)))
    return clip_ints (x, to);
  in = qx_exec_doubles (x, 0);
  for (i = 0; in != NULL && i < to->n_elements; i++) {
    double v = in[i] < low ? low : in[i];
    qx_put_double (to, i, v > high ? high : v);
  }
  return in == NULL ? -1 : 0;
}
