/* SPDX-License-Identifier: BSD-3-Clause */
/* Elementwise operators of two inputs and of any number of them. Floats are computed in float32 (doubles in float64), integers in
   64 bits that wrap. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

/* What an operator does to two numbers of each kind. An integer function says with *bad that there is no result. */
struct binary {
  const char *op_type;
  float (*floats) (float, float);
  double (*doubles) (double, double);
  int64_t (*ints) (int64_t, int64_t, int *bad);
  uint64_t (*unsigneds) (uint64_t, uint64_t, int *bad); /* UINT64, where it differs */
};

#define FLOAT_PAIR(name, expression)                                                                         \
  static float name##_float (float a, float b)                                                               \
  {                                                                                                          \
    return expression;                                                                                       \
  }                                                                                                          \
  static double name##_double (double a, double b)                                                           \
  {                                                                                                          \
    return expression;                                                                                       \
  }
#define INT_ONE(name, expression)                                                                            \
  static int64_t name##_int (int64_t a, int64_t b, int *bad)                                                 \
  {                                                                                                          \
    (void) bad;                                                                                              \
    return (int64_t) (expression);                                                                           \
  }

FLOAT_PAIR (add, a + b)
FLOAT_PAIR (sub, a - b)
FLOAT_PAIR (mul, a *b)
FLOAT_PAIR (div, a / b)
FLOAT_PAIR (second, ((void) a, b))
FLOAT_PAIR (prelu, a < 0 ? a * b : a)
/* NaN wins */
FLOAT_PAIR (max, a > b || isnan (a) ? a : b)
FLOAT_PAIR (min, a < b || isnan (a) ? a : b)
INT_ONE (add, (uint64_t) a + (uint64_t) b)
INT_ONE (sub, (uint64_t) a - (uint64_t) b)
INT_ONE (mul, (uint64_t) a *(uint64_t) b)
INT_ONE (second, ((void) a, b))
INT_ONE (prelu, a < 0 ? (int64_t) ((uint64_t) a * (uint64_t) b) : a)
INT_ONE (max, a > b ? a : b)
INT_ONE (min, a < b ? a : b)
INT_ONE (and, a &b)
INT_ONE (or, a | b)
INT_ONE (xor, a ^ b)
/* bits above the width of the type are not kept */
INT_ONE (left, b<0 || b> 63 ? 0 : (uint64_t) a << b)
/* of signed ones the sign comes in from the left, however far */
INT_ONE (right, b<0 || b> 63 ? (a < 0 ? -1 : 0) : a >> b)

static int64_t
div_int (int64_t a, int64_t b, int *bad)
{
  if (b == 0) {
    *bad = 1;
    return 0;
  }
  return b == -1 ? (int64_t) (0 - (uint64_t) a) : a / b;
}

static uint64_t
div_unsigned (uint64_t a, uint64_t b, int *bad)
{
  *bad |= b == 0;
  return b == 0 ? 0 : a / b;
}

static uint64_t
right_unsigned (uint64_t a, uint64_t b, int *bad)
{
  (void) bad;
  return b > 63 ? 0 : a >> b;
}

static uint64_t
max_unsigned (uint64_t a, uint64_t b, int *bad)
{
  (void) bad;
  return a > b ? a : b;
}

static uint64_t
min_unsigned (uint64_t a, uint64_t b, int *bad)
{
  (void) bad;
  return a < b ? a : b;
}

/* Powers of integers go through float64, as other implementations have them. */
static int64_t
pow_int (int64_t a, int64_t b, int *bad)
{
  double power = pow ((double) a, (double) b);

  if (power >= -0x1p63 && power < 0x1p63)
    return (int64_t) power;
  *bad = 1;
  return 0;
}

/* The rest has the sign of the divisor, or with fmod of the dividend. */
static float
mod_float (float a, float b)
{
  float rest = fmodf (a, b);

  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static double
mod_double (double a, double b)
{
  double rest = fmod (a, b);

  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static int64_t
fmod_int (int64_t a, int64_t b, int *bad)
{
  *bad |= b == 0;
  return b == 0 || b == -1 ? 0 : a % b;
}

static int64_t
mod_int (int64_t a, int64_t b, int *bad)
{
  int64_t rest = fmod_int (a, b, bad);

  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static uint64_t
mod_unsigned (uint64_t a, uint64_t b, int *bad)
{
  *bad |= b == 0;
  return b == 0 ? 0 : a % b;
}

static const struct binary operators[] = {
  { "Add", add_float, add_double, add_int, NULL },
  { "BitwiseAnd", NULL, NULL, and_int, NULL },
  { "BitwiseOr", NULL, NULL, or_int, NULL },
  { "BitwiseXor", NULL, NULL, xor_int, NULL },
  { "Div", div_float, div_double, div_int, div_unsigned },
  { "Max", max_float, max_double, max_int, max_unsigned },
  { "Mean", add_float, add_double, NULL, NULL },
  { "Min", min_float, min_double, min_int, min_unsigned },
  { "Mod", mod_float, mod_double, mod_int, mod_unsigned },
  { "Mul", mul_float, mul_double, mul_int, NULL },
  { "PRelu", prelu_float, prelu_double, prelu_int, NULL },
  { "Pow", powf, pow, pow_int, NULL },
  { "Sub", sub_float, sub_double, sub_int, NULL },
  { "Sum", add_float, add_double, add_int, NULL },
};
/* what every gathering begins with */
static const struct binary second = { "", second_float, second_double, second_int, NULL };
static const struct binary fmod_operator = { "Mod", fmodf, fmod, fmod_int, mod_unsigned };
static const struct binary left_shift = { "BitShift", NULL, NULL, left_int, NULL };
static const struct binary right_shift = { "BitShift", NULL, NULL, right_int, right_unsigned };

/* NULL: a direction that there is none of. */
static const struct binary *
operator_of (const struct qx_node *node)
{
  const char *direction = qx_node_string (node, "direction", "");
  size_t i;

  if (qx_node_is (node, "BitShift"))
    return strcmp (direction, "LEFT") == 0    ? &left_shift
           : strcmp (direction, "RIGHT") == 0 ? &right_shift
                                              : NULL;
  if (qx_node_is (node, "Mod") && qx_node_int (node, "fmod", 0) != 0)
    return &fmod_operator;
  for (i = 0; i < sizeof operators / sizeof operators[0]; i++)
    if (qx_node_is (node, operators[i].op_type))
      return &operators[i];
  return NULL;
}

/* ---- two inputs ---- */

/* Operands may be any two tensors: a variadic operator brings what it has so far. */
struct pair {
  struct qx_rows rows;
  const struct binary *op;
};

static void
pair_floats (struct pair *pair, const float *a, const float *b, float *out)
{
  struct qx_rows *rows = &pair->rows;
  size_t r, i;

  for (r = 0; r < rows->n_rows; r++, qx_rows_next (rows)) {
    const float *left = a + qx_rows_at (rows, 0), *right = b + qx_rows_at (rows, 1);
    for (i = 0; i < rows->length; i++)
      *out++ = pair->op->floats (left[i * rows->step[0]], right[i * rows->step[1]]);
  }
}

static void
pair_doubles (struct pair *pair, const double *a, const double *b, double *out)
{
  struct qx_rows *rows = &pair->rows;
  size_t r, i;

  for (r = 0; r < rows->n_rows; r++, qx_rows_next (rows)) {
    const double *left = a + qx_rows_at (rows, 0), *right = b + qx_rows_at (rows, 1);
    for (i = 0; i < rows->length; i++)
      *out++ = pair->op->doubles (left[i * rows->step[0]], right[i * rows->step[1]]);
  }
}

static int
pair_ints (struct qx_exec *x, struct pair *pair, int is_unsigned, const int64_t *a, const int64_t *b,
           int64_t *out)
{
  struct qx_rows *rows = &pair->rows;
  const struct binary *op = pair->op;
  size_t r, i;
  int bad = 0;

  for (r = 0; r < rows->n_rows; r++, qx_rows_next (rows)) {
    const int64_t *left = a + qx_rows_at (rows, 0), *right = b + qx_rows_at (rows, 1);
    for (i = 0; i < rows->length; i++) {
      int64_t l = left[i * rows->step[0]], n = right[i * rows->step[1]];
      *out++ = is_unsigned && op->unsigneds != NULL
                   ? (int64_t) op->unsigneds ((uint64_t) l, (uint64_t) n, &bad)
                   : op->ints (l, n, &bad);
    }
  }
  return bad ? qx_exec_fail (x, "division by zero, or a power that no integer holds") : 0;
}

/* A float base and an exponent of any type, or an integer base and a fractional exponent: by way of float64. */
static int
mixed_pow (struct qx_exec *x, struct pair *pair, struct qx_tensor *to)
{
  const double *a = qx_exec_doubles (x, 0), *b = qx_exec_doubles (x, 1);
  double *out = a == NULL || b == NULL ? NULL : qx_exec_out_doubles (x, to);

  if (out == NULL)
    return -1;
  pair_doubles (pair, a, b, out);
  return 0;
}

static int
compute (struct qx_exec *x, struct pair *pair, struct qx_tensor *to)
{
  int type = qx_exec_type (to);

  if (type == QX_DOUBLE && pair->op->doubles != NULL) {
    const double *a = qx_exec_doubles (x, 0), *b = qx_exec_doubles (x, 1);
    double *out = a == NULL || b == NULL ? NULL : qx_exec_out_doubles (x, to);
    return out == NULL ? -1 : (pair_doubles (pair, a, b, out), 0);
  }
  if (qx_is_float (type) && pair->op->floats != NULL) {
    const float *a = qx_exec_floats (x, 0), *b = qx_exec_floats (x, 1);
    float *out = a == NULL || b == NULL ? NULL : qx_exec_out_floats (x, to);
    return out == NULL ? -1 : (pair_floats (pair, a, b, out), 0);
  }
  if (qx_is_integer (type) && pair->op->ints != NULL) {
    const int64_t *a = qx_exec_ints (x, 0), *b = qx_exec_ints (x, 1);
    int64_t *out = a == NULL || b == NULL ? NULL : qx_exec_out_ints (x, to);
    return out == NULL ? -1 : pair_ints (x, pair, type == QX_UINT64, a, b, out);
  }
  return qx_exec_refuse_type (x, type);
}

int
qx_exec_binary (struct qx_exec *x)
{
  const struct qx_tensor *a = qx_exec_need (x, 0), *b = qx_exec_need (x, 1);
  struct pair pair = { .op = operator_of (x->node) };
  struct qx_tensor *to;

  if (a == NULL || b == NULL)
    return -1;
  if (pair.op == NULL)
    return qx_exec_fail (x, "its direction is unknown");
  if (qx_rows_open (x, 0, 2, &pair.rows) < 0)
    return -1;
  to = qx_exec_make (x, 0, qx_exec_type (a), pair.rows.dims, pair.rows.n_dims);
  if (to == NULL)
    return -1;
  if (qx_exec_type (a) == qx_exec_type (b))
    return compute (x, &pair, to);
  if (!qx_node_is (x->node, "Pow"))
    return qx_exec_fail (x, "its inputs are of different types");
  return mixed_pow (x, &pair, to);
}

/* ---- any number of inputs ---- */

static int
common_dims (struct qx_exec *x, int64_t *dims, size_t *n)
{
  const struct qx_tensor *first = qx_exec_need (x, 0);
  int64_t next[QX_MAX_RANK];
  size_t i;

  *n = 0;
  if (first == NULL)
    return -1;
  for (i = 0; i < x->n_in; i++) {
    const struct qx_tensor *in = qx_exec_need (x, i);
    if (in == NULL)
      return -1;
    if (qx_exec_type (in) != qx_exec_type (first) ||
        qx_broadcast (dims, *n, in->dims, in->n_dims, next, n) < 0)
      return qx_exec_fail (x, "its inputs do not fit each other");
    qx_copy_dims (dims, next, *n);
  }
  return 0;
}

/* The result so far, of the common shape, with input i: row by row, in place. */
static void
start_pair (struct pair *pair, const struct binary *op, const struct qx_tensor *to,
            const struct qx_tensor *in)
{
  const struct qx_tensor *tensors[] = { to, in };

  pair->op = op;
  pair->rows.n_dims = to->n_dims;
  qx_copy_dims (pair->rows.dims, to->dims, to->n_dims);
  qx_rows_start (&pair->rows, tensors, 2);
}

static int
gather_doubles (struct qx_exec *x, const struct binary *op, struct qx_tensor *to)
{
  double *out = qx_exec_out_doubles (x, to);
  struct pair pair;
  size_t i;

  for (i = 0; out != NULL && i < x->n_in; i++) {
    const double *in = qx_exec_doubles (x, i);
    if (in == NULL)
      return -1;
    start_pair (&pair, i == 0 ? &second : op, to, x->in[i]);
    pair_doubles (&pair, out, in, out);
  }
  for (i = 0; out != NULL && qx_node_is (x->node, "Mean") && i < to->n_elements; i++)
    out[i] /= (double) x->n_in;
  return out == NULL ? -1 : 0;
}

static int
gather_floats (struct qx_exec *x, const struct binary *op, struct qx_tensor *to)
{
  float *out = qx_exec_out_floats (x, to);
  struct pair pair;
  size_t i;

  for (i = 0; out != NULL && i < x->n_in; i++) {
    const float *in = qx_exec_floats (x, i);
    if (in == NULL)
      return -1;
    start_pair (&pair, i == 0 ? &second : op, to, x->in[i]);
    pair_floats (&pair, out, in, out);
  }
  for (i = 0; out != NULL && qx_node_is (x->node, "Mean") && i < to->n_elements; i++)
    out[i] /= (float) x->n_in;
  return out == NULL ? -1 : 0;
}

static int
gather_ints (struct qx_exec *x, const struct binary *op, struct qx_tensor *to)
{
  int64_t *out = qx_exec_out_ints (x, to);
  struct pair pair;
  size_t i;

  for (i = 0; out != NULL && i < x->n_in; i++) {
    const int64_t *in = qx_exec_ints (x, i);
    if (in == NULL)
      return -1;
    start_pair (&pair, i == 0 ? &second : op, to, x->in[i]);
    if (pair_ints (x, &pair, qx_exec_type (to) == QX_UINT64, out, in, out) < 0)
      return -1;
  }
  return out == NULL ? -1 : 0;
}

int
qx_exec_variadic (struct qx_exec *x)
{
  const struct binary *op = operator_of (x->node);
  int64_t dims[QX_MAX_RANK];
  struct qx_tensor *to;
  size_t n;
  int type;

  if (common_dims (x, dims, &n) < 0)
    return -1;
  type = qx_exec_type (x->in[0]);
  to = qx_exec_make (x, 0, type, dims, n);
  if (to == NULL)
    return -1;
  if (type == QX_DOUBLE)
    return gather_doubles (x, op, to);
  if (qx_is_float (type))
    return gather_floats (x, op, to);
  if (qx_is_integer (type) && op->ints != NULL)
    return gather_ints (x, op, to);
  return qx_exec_refuse_type (x, type);
}
