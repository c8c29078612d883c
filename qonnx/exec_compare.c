/* SPDX-License-Identifier: BSD-3-Clause */
/* Comparisons and logic: two inputs, and a truth value of each pair. */
#include <config.h>

#include <string.h>

#include "qonnx/exec.h"
#include "qonnx/exec_text.h"

enum relation { EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, AND, OR, XOR };

static enum relation
relation_of (const struct qx_node *node)
{
  static const char *const names[] = { "Equal",          "Less", "LessOrEqual", "Greater",
                                       "GreaterOrEqual", "And",  "Or" };
  size_t i;

  for (i = 0; i < sizeof names / sizeof names[0] && !qx_node_is (node, names[i]); i++)
    ;
  return (enum relation) i;
}

/* order: below, equal or above zero; any other than these three where one side is not a number. */
static int
holds (enum relation relation, int order)
{
  switch (relation) {
  case EQUAL:
    return order == 0;
  case LESS:
    return order == -1;
  case LESS_OR_EQUAL:
    return order == -1 || order == 0;
  case GREATER:
    return order == 1;
  default:
    return order == 1 || order == 0;
  }
}

static int
order_of_doubles (double a, double b)
{
  return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
}

static int
order_of_ints (int64_t a, int64_t b, int is_unsigned)
{
  if (is_unsigned)
    return (uint64_t) a < (uint64_t) b ? -1 : (uint64_t) a > (uint64_t) b;
  return a < b ? -1 : a > b;
}

/* The two inputs' numbers, of the kind that their type asks for. */
struct operands {
  const double *a_doubles, *b_doubles;
  const int64_t *a_ints, *b_ints;
  int is_unsigned;
};

static int
open_operands (struct qx_exec *x, struct operands *operands)
{
  int type = qx_exec_type (x->in[0]);

  operands->is_unsigned = type == QX_UINT64;
  if (qx_is_float (type)) {
    operands->a_doubles = qx_exec_doubles (x, 0);
    operands->b_doubles = qx_exec_doubles (x, 1);
    return operands->a_doubles == NULL || operands->b_doubles == NULL ? -1 : 0;
  }
  operands->a_ints = qx_exec_ints (x, 0);
  operands->b_ints = qx_exec_ints (x, 1);
  return operands->a_ints == NULL || operands->b_ints == NULL ? -1 : 0;
}

static int
result (const struct operands *operands, enum relation relation, size_t a, size_t b)
{
  if (operands->a_doubles != NULL)
    return holds (relation, order_of_doubles (operands->a_doubles[a], operands->b_doubles[b]));
  if (relation == AND)
    return operands->a_ints[a] && operands->b_ints[b];
  if (relation == OR)
    return operands->a_ints[a] || operands->b_ints[b];
  if (relation == XOR)
    return !operands->a_ints[a] != !operands->b_ints[b];
  return holds (relation, order_of_ints (operands->a_ints[a], operands->b_ints[b], operands->is_unsigned));
}

int
qx_exec_compare (struct qx_exec *x)
{
  enum relation relation = relation_of (x->node);
  struct operands operands = { NULL, NULL, NULL, NULL, 0 };
  struct qx_rows rows;
  struct qx_tensor *to;
  uint8_t *next;
  size_t r, i;

  if (relation == EQUAL && qx_exec_in (x, 0) != NULL && qx_tensor_is_text (x->in[0]))
    return qx_exec_text_equal (x);
  if (qx_rows_open (x, 0, 2, &rows) < 0)
    return -1;
  if (qx_exec_type (x->in[0]) != qx_exec_type (x->in[1]) ||
      (relation >= AND && qx_exec_type (x->in[0]) != QX_BOOL))
    return qx_exec_fail (x, "its inputs are of different types, or not of type BOOL");
  if (open_operands (x, &operands) < 0)
    return -1;
  to = qx_exec_make (x, 0, QX_BOOL, rows.dims, rows.n_dims);
  if (to == NULL)
    return -1;
  next = qx_exec_bytes (to);
  for (r = 0; r < rows.n_rows; r++, qx_rows_next (&rows))
    for (i = 0; i < rows.length; i++)
      *next++ = (uint8_t) result (&operands, relation, qx_rows_at (&rows, 0) + i * rows.step[0],
                                  qx_rows_at (&rows, 1) + i * rows.step[1]);
  return 0;
}
