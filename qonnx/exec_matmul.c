/* SPDX-License-Identifier: BSD-3-Clause */
/* MatMul and what is built on it: Gemm, the integer forms, and QONNX's product of bits. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec_product.h"

/* A stack of products: both sides' stacks are broadcast to one. */
struct stack {
  struct qx_product product;
  struct qx_walk a, b; /* through the stacks, in matrices */
  size_t n;
  int64_t dims[QX_MAX_RANK + 2]; /* of the result */
  size_t n_dims;
};

static void
walk_stack (struct qx_walk *walk, const int64_t *dims, size_t n_dims, const struct qx_tensor *tensor)
{
  struct qx_tensor stack = *tensor;

  stack.n_dims = tensor->n_dims < 2 ? 0 : tensor->n_dims - 2;
  qx_walk_broadcast (walk, dims, n_dims, &stack);
}

/* A vector on the left is a row, on the right a column; that dimension goes again in the result. */
static int
open_stack (struct qx_exec *x, const struct qx_tensor *a, const struct qx_tensor *b, struct stack *s)
{
  size_t stack_a = a->n_dims < 2 ? 0 : a->n_dims - 2, stack_b = b->n_dims < 2 ? 0 : b->n_dims - 2;
  int64_t inner;

  memset (s, 0, sizeof *s);
  if (a->n_dims == 0 || b->n_dims == 0 ||
      qx_broadcast (a->dims, stack_a, b->dims, stack_b, s->dims, &s->n_dims) < 0)
    return qx_exec_fail (x, "its inputs do not fit each other");
  inner = a->dims[a->n_dims - 1];
  if (inner != b->dims[b->n_dims < 2 ? 0 : b->n_dims - 2])
    return qx_exec_fail (x, "its inputs do not fit each other");
  s->product.m = a->n_dims < 2 ? 1 : (size_t) a->dims[a->n_dims - 2];
  s->product.n = b->n_dims < 2 ? 1 : (size_t) b->dims[b->n_dims - 1];
  s->product.k = (size_t) inner;
  walk_stack (&s->a, s->dims, s->n_dims, a);
  walk_stack (&s->b, s->dims, s->n_dims, b);
  s->n = qx_block (s->dims, 0, s->n_dims);
  if (a->n_dims > 1)
    s->dims[s->n_dims++] = (int64_t) s->product.m;
  if (b->n_dims > 1)
    s->dims[s->n_dims++] = (int64_t) s->product.n;
  return 0;
}

/* Where the three matrices of the present place in the stack begin. */
static size_t
at_a (const struct stack *s)
{
  return (size_t) s->a.offset * s->product.m * s->product.k;
}

static size_t
at_b (const struct stack *s)
{
  return (size_t) s->b.offset * s->product.k * s->product.n;
}

static size_t
at_c (const struct stack *s, size_t i)
{
  return i * s->product.m * s->product.n;
}

static void
next (struct stack *s)
{
  qx_walk_next (&s->a);
  qx_walk_next (&s->b);
}

static int
multiply_floats (struct qx_exec *x, struct stack *s, struct qx_tensor *to)
{
  const float *a = qx_exec_floats (x, 0), *b = qx_exec_floats (x, 1);
  float *c = a == NULL || b == NULL ? NULL : qx_exec_out_floats (x, to);
  size_t i;

  /* one matrix on the right for all on the left: one product of all their rows */
  if (c != NULL && s->n > 1 && x->in[1]->n_dims == 2) {
    s->product.m *= s->n;
    s->n = 1;
  }
  for (i = 0; c != NULL && i < s->n; i++, next (s))
    qx_product_floats (x, &s->product, a + at_a (s), b + at_b (s), c + at_c (s, i));
  return c == NULL ? -1 : 0;
}

static int
multiply_doubles (struct qx_exec *x, struct stack *s, struct qx_tensor *to)
{
  const double *a = qx_exec_doubles (x, 0), *b = qx_exec_doubles (x, 1);
  double *c = a == NULL || b == NULL ? NULL : qx_exec_out_doubles (x, to);
  size_t i;

  for (i = 0; c != NULL && i < s->n; i++, next (s))
    qx_product_doubles (&s->product, a + at_a (s), b + at_b (s), c + at_c (s, i));
  return c == NULL ? -1 : 0;
}

static int
multiply_ints (struct qx_exec *x, struct stack *s, const int64_t *a, const int64_t *b, struct qx_tensor *to)
{
  int64_t *c = a == NULL || b == NULL ? NULL : qx_exec_out_ints (x, to);
  size_t i;

  for (i = 0; c != NULL && i < s->n; i++, next (s))
    qx_product_ints (&s->product, a + at_a (s), b + at_b (s), c + at_c (s, i));
  return c == NULL ? -1 : 0;
}

int
qx_exec_matmul (struct qx_exec *x)
{
  const struct qx_tensor *a = qx_exec_need (x, 0), *b = qx_exec_need (x, 1);
  struct qx_tensor *to;
  struct stack s;

  if (a == NULL || b == NULL || open_stack (x, a, b, &s) < 0)
    return -1;
  if (qx_exec_type (a) != qx_exec_type (b))
    return qx_exec_fail (x, "its inputs are of different types");
  to = qx_exec_make (x, 0, qx_exec_type (a), s.dims, s.n_dims);
  if (to == NULL)
    return -1;
  if (qx_exec_type (a) == QX_DOUBLE)
    return multiply_doubles (x, &s, to);
  if (qx_is_float (qx_exec_type (a)))
    return multiply_floats (x, &s, to);
  return multiply_ints (x, &s, qx_exec_ints (x, 0), qx_exec_ints (x, 1), to);
}

/* ---- Gemm ---- */

static int
read_gemm (struct qx_exec *x, struct qx_product *p)
{
  const struct qx_tensor *a = qx_exec_need (x, 0), *b = qx_exec_need (x, 1);
  size_t inner;

  if (a == NULL || b == NULL)
    return -1;
  p->trans_a = qx_node_int (x->node, "transA", 0) != 0;
  p->trans_b = qx_node_int (x->node, "transB", 0) != 0;
  if (a->n_dims != 2 || b->n_dims != 2 || qx_exec_type (a) != qx_exec_type (b))
    return qx_exec_fail (x, "its inputs are no matrices of one type");
  p->m = (size_t) a->dims[p->trans_a];
  p->k = (size_t) a->dims[!p->trans_a];
  p->n = (size_t) b->dims[!p->trans_b];
  inner = (size_t) b->dims[p->trans_b];
  return inner == p->k ? 0 : qx_exec_fail (x, "its inputs do not fit each other");
}

/* Where the bias of each element of the result is; fails where it does not fit. */
static int
walk_bias (struct qx_exec *x, const struct qx_tensor *to, struct qx_walk *walk)
{
  const struct qx_tensor *bias = x->in[2];
  int64_t dims[QX_MAX_RANK];
  size_t n;

  if (qx_broadcast (to->dims, 2, bias->dims, bias->n_dims, dims, &n) < 0 || n != 2 ||
      dims[0] != to->dims[0] || dims[1] != to->dims[1])
    return qx_exec_fail (x, "its bias does not fit");
  qx_walk_broadcast (walk, to->dims, 2, bias);
  return 0;
}

static int
gemm_floats (struct qx_exec *x, const struct qx_product *p, struct qx_tensor *to)
{
  float alpha = qx_node_float (x->node, "alpha", 1), beta = qx_node_float (x->node, "beta", 1);
  const float *a = qx_exec_floats (x, 0), *b = qx_exec_floats (x, 1), *bias = NULL;
  float *c = a == NULL || b == NULL ? NULL : qx_exec_out_floats (x, to);
  struct qx_walk walk;
  size_t i;

  if (c == NULL)
    return -1;
  qx_product_floats (x, p, a, b, c);
  for (i = 0; alpha != 1 && i < to->n_elements; i++)
    c[i] *= alpha;
  if (qx_exec_in (x, 2) == NULL)
    return 0;
  bias = qx_exec_floats (x, 2);
  if (bias == NULL || walk_bias (x, to, &walk) < 0)
    return -1;
  for (i = 0; i < to->n_elements; i++, qx_walk_next (&walk))
    c[i] += beta * bias[walk.offset];
  return 0;
}

/* Doubles, and integers that a double holds. */
static int
gemm_doubles (struct qx_exec *x, const struct qx_product *p, struct qx_tensor *to)
{
  double alpha = (double) qx_node_float (x->node, "alpha", 1),
         beta = (double) qx_node_float (x->node, "beta", 1);
  const double *a = qx_exec_doubles (x, 0), *b = qx_exec_doubles (x, 1), *bias = NULL;
  double *c = a == NULL || b == NULL ? NULL : qx_exec_out_doubles (x, to);
  struct qx_walk walk;
  size_t i;

  if (c == NULL)
    return -1;
  qx_product_doubles (p, a, b, c);
  for (i = 0; i < to->n_elements; i++)
    c[i] *= alpha;
  if (qx_exec_in (x, 2) == NULL)
    return 0;
  bias = qx_exec_doubles (x, 2);
  if (bias == NULL || walk_bias (x, to, &walk) < 0)
    return -1;
  for (i = 0; i < to->n_elements; i++, qx_walk_next (&walk))
    c[i] += beta * bias[walk.offset];
  return 0;
}

int
qx_exec_gemm (struct qx_exec *x)
{
  struct qx_product p;
  struct qx_tensor *to;
  int type;

  if (read_gemm (x, &p) < 0)
    return -1;
  type = qx_exec_type (x->in[0]);
  to = qx_exec_make (x, 0, type, (int64_t[]){ (int64_t) p.m, (int64_t) p.n }, 2);
  if (to == NULL)
    return -1;
  if (qx_is_float (type) && type != QX_DOUBLE)
    return gemm_floats (x, &p, to);
  return gemm_doubles (x, &p, to);
}

/* ---- integers with zero points ---- */

/* Input i less its zero point, which is one number, or one for each row (axis 0) or column (axis 1) of the matrices. */
static int64_t *
without_zero (struct qx_exec *x, size_t i, size_t zero_at, int columns)
{
  const struct qx_tensor *in = qx_exec_in (x, i), *zeroes = qx_exec_in (x, zero_at);
  const int64_t *ints = qx_exec_ints (x, i), *zero = zeroes == NULL ? NULL : qx_exec_ints (x, zero_at);
  int64_t *shifted = ints == NULL ? NULL : qx_exec_scratch (x, in->n_elements, sizeof *shifted);
  size_t k, n, width = in == NULL || in->n_dims == 0 ? 1 : (size_t) in->dims[in->n_dims - 1];

  if (shifted == NULL || (zeroes != NULL && zero == NULL))
    return NULL;
  n = zeroes == NULL ? 1 : zeroes->n_elements;
  if (n == 0 || (n > 1 && n != (columns ? width : in->n_dims < 2 ? 1 : (size_t) in->dims[in->n_dims - 2]))) {
    qx_exec_fail (x, "a zero point does not fit");
    return NULL;
  }
  for (k = 0; k < in->n_elements; k++)
    shifted[k] = ints[k] - (zero == NULL ? 0 : zero[n == 1 ? 0 : columns ? k % width : k / width % n]);
  return shifted;
}

int
qx_exec_matmul_integer (struct qx_exec *x)
{
  const struct qx_tensor *a = qx_exec_need (x, 0), *b = qx_exec_need (x, 1);
  struct qx_tensor *to;
  struct stack s;

  if (a == NULL || b == NULL || open_stack (x, a, b, &s) < 0)
    return -1;
  to = qx_exec_make (x, 0, QX_INT32, s.dims, s.n_dims);
  if (to == NULL)
    return -1;
  return multiply_ints (x, &s, without_zero (x, 0, 2, 0), without_zero (x, 1, 3, 1), to);
}

/* a, its scale and zero point, b, its scale and zero point, the result's scale and zero point. */
int
qx_exec_qlinear_matmul (struct qx_exec *x)
{
  const struct qx_tensor *a = qx_exec_need (x, 0), *b = qx_exec_need (x, 3), *zero_of_y = qx_exec_need (x, 7);
  int64_t *left = without_zero (x, 0, 2, 0), *right = without_zero (x, 3, 5, 1), *sum;
  double scale_a, scale_b, scale_y, zero;
  struct qx_tensor *to;
  struct stack s;
  size_t i;

  if (a == NULL || b == NULL || zero_of_y == NULL || left == NULL || right == NULL ||
      open_stack (x, a, b, &s) < 0)
    return -1;
  if (qx_exec_number (x, 1, 1, &scale_a) < 0 || qx_exec_number (x, 4, 1, &scale_b) < 0 ||
      qx_exec_number (x, 6, 1, &scale_y) < 0 || qx_exec_number (x, 7, 0, &zero) < 0)
    return -1;
  to = qx_exec_make (x, 0, qx_exec_type (zero_of_y), s.dims, s.n_dims);
  sum = to == NULL ? NULL : qx_exec_scratch (x, to->n_elements, sizeof *sum);
  if (sum == NULL)
    return -1;
  for (i = 0; i < s.n; i++, next (&s))
    qx_product_ints (&s.product, left + at_a (&s), right + at_b (&s), sum + at_c (&s, i));
  for (i = 0; i < to->n_elements; i++)
    qx_put_quantised (to, i, rint ((double) sum[i] * (scale_a * scale_b / scale_y)) + zero);
  return 0;
}

/* ---- bits ---- */

/* Inputs hold 0 and 1, which stand for −1 and +1; the result counts the places where they agree. */
int
qx_exec_xnor_popcount (struct qx_exec *x)
{
  const struct qx_tensor *a = qx_exec_need (x, 0), *b = qx_exec_need (x, 1);
  const float *left = a == NULL || b == NULL ? NULL : qx_exec_floats (x, 0);
  const float *right = left == NULL ? NULL : qx_exec_floats (x, 1);
  float *signs_a, *signs_b, *c;
  struct qx_tensor *to;
  struct stack s;
  size_t i;

  if (right == NULL || open_stack (x, a, b, &s) < 0)
    return -1;
  to = qx_exec_make (x, 0, QX_FLOAT, s.dims, s.n_dims);
  c = to == NULL ? NULL : qx_exec_out_floats (x, to);
  signs_a = c == NULL ? NULL : qx_exec_scratch (x, a->n_elements, sizeof *signs_a);
  signs_b = signs_a == NULL ? NULL : qx_exec_scratch (x, b->n_elements, sizeof *signs_b);
  if (signs_b == NULL)
    return -1;
  for (i = 0; i < a->n_elements; i++)
    signs_a[i] = 2 * left[i] - 1;
  for (i = 0; i < b->n_elements; i++)
    signs_b[i] = 2 * right[i] - 1;
  for (i = 0; i < s.n; i++, next (&s))
    qx_product_floats (x, &s.product, signs_a + at_a (&s), signs_b + at_b (&s), c + at_c (&s, i));
  for (i = 0; i < to->n_elements; i++)
    c[i] = (c[i] + (float) s.product.k) / 2;
  return 0;
}
