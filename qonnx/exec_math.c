/* SPDX-License-Identifier: BSD-3-Clause */
/* Elementwise arithmetic. Floats are computed in float32 (doubles in float64), integers in 64 bits that wrap. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

enum math_op { ADD, SUB, MUL, DIV, POW };

static enum math_op
op_of (const struct qx_node *node)
{
  static const char *const names[] = { "Add", "Sub", "Mul", "Div" };
  int i;

  for (i = 0; i < 4; i++)
    if (qx_node_is (node, names[i]))
      return (enum math_op) i;
  return POW;
}

static float
float_result (enum math_op op, float a, float b)
{
  switch (op) {
  case ADD:
    return a + b;
  case SUB:
    return a - b;
  case MUL:
    return a * b;
  case DIV:
    return a / b;
  default:
    return powf (a, b);
  }
}

static double
double_result (enum math_op op, double a, double b)
{
  switch (op) {
  case ADD:
    return a + b;
  case SUB:
    return a - b;
  case MUL:
    return a * b;
  case DIV:
    return a / b;
  default:
    return pow (a, b);
  }
}

/* Powers of integers go through float64, as other implementations have them. */
static int
int_result (struct qx_exec *x, enum math_op op, int64_t a, int64_t b, int64_t *result)
{
  double power;

  switch (op) {
  case ADD:
    *result = (int64_t) ((uint64_t) a + (uint64_t) b);
    return 0;
  case SUB:
    *result = (int64_t) ((uint64_t) a - (uint64_t) b);
    return 0;
  case MUL:
    *result = (int64_t) ((uint64_t) a * (uint64_t) b);
    return 0;
  case DIV:
    if (b == 0)
      return qx_exec_fail (x, "division by zero");
    *result = b == -1 ? (int64_t) (0 - (uint64_t) a) : a / b;
    return 0;
  default:
    power = pow ((double) a, (double) b);
    if (!(power >= -0x1p63 && power < 0x1p63))
      return qx_exec_fail (x, "a power that no integer holds");
    *result = (int64_t) power;
    return 0;
  }
}

/* Both inputs as the walks find them. */
struct operands {
  const struct qx_tensor *a, *b;
  struct qx_walk at_a, at_b;
};

static void
step (struct operands *operands)
{
  qx_walk_next (&operands->at_a);
  qx_walk_next (&operands->at_b);
}

static int
compute_floats (struct qx_exec *x, struct operands *operands, struct qx_tensor *to)
{
  const float *a = qx_tensor_floats (operands->a, x->err), *b = qx_tensor_floats (operands->b, x->err);
  enum math_op op = op_of (x->node);
  size_t i;

  for (i = 0; a != NULL && b != NULL && i < to->n_elements; i++, step (operands))
    qx_put_float (to, i, float_result (op, a[operands->at_a.offset], b[operands->at_b.offset]));
  return a == NULL || b == NULL ? -1 : 0;
}

static int
compute_doubles (struct qx_exec *x, struct operands *operands, struct qx_tensor *to)
{
  const double *a = qx_tensor_doubles (operands->a, x->err), *b = qx_tensor_doubles (operands->b, x->err);
  enum math_op op = op_of (x->node);
  size_t i;

  for (i = 0; a != NULL && b != NULL && i < to->n_elements; i++, step (operands))
    qx_put_double (to, i, double_result (op, a[operands->at_a.offset], b[operands->at_b.offset]));
  return a == NULL || b == NULL ? -1 : 0;
}

static int
compute_ints (struct qx_exec *x, struct operands *operands, struct qx_tensor *to)
{
  const int64_t *a = qx_tensor_ints (operands->a, x->err), *b = qx_tensor_ints (operands->b, x->err);
  enum math_op op = op_of (x->node);
  int64_t result = 0;
  size_t i;

  if (a == NULL || b == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++, step (operands)) {
    if (int_result (x, op, a[operands->at_a.offset], b[operands->at_b.offset], &result) < 0)
      return -1;
    qx_put_int (to, i, result);
  }
  return 0;
}

int
qx_exec_binary (struct qx_exec *x)
{
  const struct qx_tensor *a = qx_exec_in (x, 0), *b = qx_exec_in (x, 1);
  struct operands operands = { a, b, { 0 }, { 0 } };
  int64_t dims[QX_MAX_RANK];
  struct qx_tensor *to;
  size_t n;

  if (a == NULL || b == NULL || qx_broadcast (a->dims, a->n_dims, b->dims, b->n_dims, dims, &n) < 0)
    return qx_exec_fail (x, "its inputs do not fit each other");
  to = qx_exec_make (x, 0, a->proto->data_type, dims, n);
  if (to == NULL)
    return -1;
  qx_walk_broadcast (&operands.at_a, dims, n, a);
  qx_walk_broadcast (&operands.at_b, dims, n, b);
  if (a->proto->data_type == QX_DOUBLE)
    return compute_doubles (x, &operands, to);
  if (qx_is_float (a->proto->data_type))
    return compute_floats (x, &operands, to);
  return compute_ints (x, &operands, to);
}

int
qx_exec_unary (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_in (x, 0);
  const float *values;
  struct qx_tensor *to;
  size_t i;

  if (from == NULL || from->proto->data_type != QX_FLOAT)
    return qx_exec_fail (x, "it is offered for FLOAT only");
  values = qx_tensor_floats (from, x->err);
  to = values == NULL ? NULL : qx_exec_make (x, 0, QX_FLOAT, from->dims, from->n_dims);
  if (to == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++) {
    if (qx_node_is (x->node, "Neg"))
      qx_put_float (to, i, -values[i]);
    else if (qx_node_is (x->node, "Sqrt"))
      qx_put_float (to, i, sqrtf (values[i]));
    else
      qx_put_float (to, i, values[i] < 0 ? 0 : values[i]);
  }
  return 0;
}
