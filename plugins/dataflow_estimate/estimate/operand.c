/* SPDX-License-Identifier: BSD-3-Clause */
/* Constant operands. Weights are quantised as the flow does: clamped before rounding, halves to even, in float. Each value is
   looked at once. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/operand.h"

#define MAX_BITS 64
/* floats below this round to the nearest even integer when it is added and taken away again */
#define MAGIC     12582912.0f
#define MAGIC_MAX 4194304.0
#define RUN       512 /* values at a time */

int
est_is_quantizer (const struct est_gnode *node)
{
  return strcmp (node->op, "Quant") == 0 || strcmp (node->op, "BipolarQuant") == 0;
}

static int
all_equal (const struct est_tensor *t, float value)
{
  for (size_t i = 0; i < t->n; i++)
    if (t->values[i] != value)
      return 0;
  return 1;
}

static void
set_limits (struct est_quantizer *q)
{
  if (q->is_signed) {
    q->type = q->bits == 1 ? EST_TYPE_BIPOLAR : EST_TYPE_INT (q->bits);
    q->low = -ldexp (1, q->bits - 1) + q->narrow;
    q->high = ldexp (1, q->bits - 1) - 1;
    return;
  }
  q->type = EST_TYPE_UINT (q->bits);
  q->low = 0;
  q->high = ldexp (1, q->bits) - 1 - q->narrow;
}

static int
read_bipolar (const struct est_graph *graph, struct est_quantizer *q, struct br_error *err)
{
  q->bipolar = q->is_signed = 1;
  q->bits = 1;
  q->type = EST_TYPE_BIPOLAR;
  q->low = -1;
  q->high = 1;
  q->scale = est_node_constant (graph, q->node, 1);
  if (q->scale == NULL || q->scale->n == 0)
    return br_error_set (err, "transform", "%s: the scale of the quantiser is not a constant", q->node->name);
  q->unit_scale = all_equal (q->scale, 1);
  return 0;
}

int
est_quantizer_read (const struct est_graph *graph, const struct est_gnode *node, struct est_quantizer *q,
                    struct br_error *err)
{
  const struct est_tensor *zero, *bits;

  memset (q, 0, sizeof *q);
  q->node = node;
  if (strcmp (node->op, "BipolarQuant") == 0)
    return read_bipolar (graph, q, err);
  q->scale = est_node_constant (graph, node, 1);
  zero = est_node_constant (graph, node, 2);
  bits = est_node_constant (graph, node, 3);
  if (q->scale == NULL || zero == NULL || bits == NULL || q->scale->n == 0 || bits->n != 1)
    return br_error_set (err, "transform",
                         "%s: scale, zero point and bit width of a quantiser have to be constants",
                         node->name);
  if (!all_equal (zero, 0))
    return br_error_set (err, "transform", "%s: only quantisers with zero point 0 can be built", node->name);
  if (!(bits->values[0] >= 1 && bits->values[0] <= MAX_BITS))
    return br_error_set (err, "transform", "%s: a bit width of %g cannot be built", node->name,
                         (double) bits->values[0]);
  q->bits = (int) bits->values[0];
  q->exact_bits = (double) bits->values[0];
  q->is_signed = est_node_int (node, "signed", 1) != 0;
  q->narrow = est_node_int (node, "narrow", 0) != 0;
  q->unit_scale = all_equal (q->scale, 1);
  set_limits (q);
  return 0;
}

static int
is_swap (const struct est_gnode *node, int rank)
{
  const struct est_attr *perm = est_node_attr (node, "perm");

  if (rank != 2)
    return 0;
  return perm == NULL || (perm->n_ints == 2 && perm->ints[0] == 1 && perm->ints[1] == 0);
}

int
est_operand_resolve (const struct est_graph *graph, int tensor, struct est_operand *operand)
{
  struct est_operand found = { NULL, NULL, 0 };

  while (tensor >= 0) {
    const struct est_tensor *t = &graph->tensors[tensor];
    const struct est_gnode *node;

    if (t->values != NULL) {
      found.tensor = t;
      *operand = found;
      return 1;
    }
    if (t->producer < 0)
      return 0;
    node = &graph->nodes[t->producer];
    if (node->n_inputs == 0)
      return 0;
    if (found.quantizer == NULL && est_is_quantizer (node))
      found.quantizer = node;
    else if (strcmp (node->op, "Transpose") == 0 && is_swap (node, t->known_shape ? t->rank : 0))
      found.transposed = !found.transposed;
    else
      return 0;
    tensor = node->inputs[0];
  }
  return 0;
}

int
est_operands_check (const struct est_graph *graph, struct br_error *err)
{
  for (size_t i = 0; i < graph->n_nodes; i++) {
    const struct est_gnode *node = &graph->nodes[i], *inner;
    struct est_operand operand;
    struct est_quantizer q;

    if (!est_is_quantizer (node) || node->n_inputs == 0 || node->inputs[0] < 0)
      continue;
    if (!est_operand_resolve (graph, node->inputs[0], &operand) || operand.quantizer == NULL)
      continue;
    inner = operand.quantizer;
    if (est_quantizer_read (graph, inner, &q, err) < 0)
      return -1;
    if (!q.unit_scale)
      return br_error_set (err, "transform", "%s: its scale cannot be moved past the quantiser %s",
                           inner->name, node->name);
  }
  return 0;
}

/* The stored tensor as outer × outputs × inner. */
struct layout {
  int64_t outer, outputs, inner;
};

static struct layout
layout_of (const struct est_tensor *t, int axis)
{
  struct layout l = { 1, t->rank > 0 ? t->dims[axis] : 1, 1 };

  for (int i = 0; i < axis; i++)
    l.outer *= t->dims[i];
  for (int i = axis + 1; i < t->rank; i++)
    l.inner *= t->dims[i];
  return l;
}

/* Does the scale hold one value for each output, and none along another axis? */
static int
scale_follows (const struct est_tensor *scale, const struct est_tensor *t, int axis)
{
  int shift = t->rank - scale->rank;

  if (shift < 0 || scale->n != (size_t) t->dims[axis] || axis < shift)
    return 0;
  return scale->dims[axis - shift] == t->dims[axis];
}

/* Quantises a run of values; the scale is one, or one for each value. The loops are plain so that they become vector
   instructions: a network has millions of weights. */
static void
quantize_run (const struct est_quantizer *q, const float *values, const float *scales, int one_scale,
              size_t n, float *out)
{
  float low = (float) q->low, high = (float) q->high;

  if (q->type.kind == EST_BIPOLAR) { /* also a signed quantiser of one bit: neither clamps nor rounds */
    for (size_t i = 0; i < n; i++)
      out[i] = values[i] >= 0 ? 1 : -1;
    return;
  }
  for (size_t i = 0; i < n; i++) {
    float x = values[i] / scales[one_scale ? 0 : i];

    x = x < low ? low : x;
    out[i] = x > high ? high : x;
  }
  if (q->high < MAGIC_MAX)
    for (size_t i = 0; i < n; i++)
      out[i] = (out[i] + MAGIC) - MAGIC;
  else
    for (size_t i = 0; i < n; i++)
      out[i] = rintf (out[i]);
}

#define LANES 4 /* sums that do not wait for each other; integers give the same sum in any order */

struct lanes {
  double sum[LANES], positive[LANES];
  float low[LANES], high[LANES];
};

/* Maxima and minima of two, in the form that processors have: no branch that weights would decide. What is not a number goes into
   the sum, and is found there. */
static void
add_to_lanes (struct lanes *l, const float *v, size_t n)
{
  for (size_t i = 0; i + LANES <= n; i += LANES)
    for (size_t k = 0; k < LANES; k++) {
      float x = v[i + k];

      l->sum[k] += x;
      l->positive[k] += x > 0 ? x : 0;
      l->low[k] = x < l->low[k] ? x : l->low[k];
      l->high[k] = x > l->high[k] ? x : l->high[k];
    }
}

/* A run of one column. */
static void
add_to_column (struct est_column *c, const float *v, size_t n)
{
  struct lanes l = { .low = { v[0], v[0], v[0], v[0] }, .high = { v[0], v[0], v[0], v[0] } };

  add_to_lanes (&l, v, n);
  for (size_t i = n - n % LANES; i < n; i++) {
    l.sum[0] += v[i];
    l.positive[0] += v[i] > 0 ? v[i] : 0;
    l.low[0] = v[i] < l.low[0] ? v[i] : l.low[0];
    l.high[0] = v[i] > l.high[0] ? v[i] : l.high[0];
  }
  for (size_t k = 0; k < LANES; k++) {
    c->positive += l.positive[k];
    c->negative += l.sum[k] - l.positive[k];
    c->low = fmin (c->low, l.low[k]);
    c->high = fmax (c->high, l.high[k]);
  }
}

/* A run of one value for each of so many columns. */
static void
add_to_columns (struct est_column *c, const float *v, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    double x = v[i], positive = x > 0 ? x : 0;

    c[i].positive += positive;
    c[i].negative += x - positive;
    c[i].low = x < c[i].low ? x : c[i].low;
    c[i].high = x > c[i].high ? x : c[i].high;
  }
}

/* One value of every so many, where integers are kept output by output. */
static void
keep_run (float *to, int64_t stride, const float *v, size_t n)
{
  for (size_t i = 0; i < n; i++)
    to[(int64_t) i * stride] = v[i];
}

/* The outputs are the last axis: a run has one value for each column. */
static void
reduce_row (const struct est_quantizer *q, const float *values, int64_t row, struct est_weights *weights)
{
  float buffer[RUN];

  for (int64_t o = 0; o < weights->outputs; o += RUN) {
    size_t n = weights->outputs - o < RUN ? (size_t) (weights->outputs - o) : RUN;
    const float *v = values + o;

    if (q != NULL) {
      quantize_run (q, v, q->scale->values + (q->scale->n == 1 ? 0 : o), q->scale->n == 1, n, buffer);
      v = buffer;
    }
    add_to_columns (&weights->columns[o], v, n);
    if (weights->integers != NULL)
      keep_run (weights->integers + o * weights->rows + row, weights->rows, v, n);
  }
}

/* A run belongs to one column; row is the first of its values there. */
static void
reduce_column (const struct est_quantizer *q, const float *values, int64_t length, int64_t output,
               int64_t row, struct est_weights *weights)
{
  float buffer[RUN];

  for (int64_t at = 0; at < length; at += RUN) {
    size_t n = length - at < RUN ? (size_t) (length - at) : RUN;
    const float *v = values + at;

    if (q != NULL) {
      quantize_run (q, v, q->scale->values + (q->scale->n == 1 ? 0 : output), 1, n, buffer);
      v = buffer;
    }
    add_to_column (&weights->columns[output], v, n);
    if (weights->integers != NULL)
      keep_run (weights->integers + output * weights->rows + row + at, 1, v, n);
  }
}

static void
reduce (const struct est_tensor *t, const struct est_quantizer *q, const struct layout *l,
        struct est_weights *weights)
{
  const float *v = t->values;

  for (int64_t a = 0; a < l->outer; a++) {
    if (l->inner == 1) {
      reduce_row (q, v, a, weights);
      v += l->outputs;
      continue;
    }
    for (int64_t o = 0; o < l->outputs; o++) {
      reduce_column (q, v, l->inner, o, a * l->inner, weights);
      v += l->inner;
    }
  }
}

/* 0 when some value is not a number, or too large. */
static int
reduce_range (struct est_weights *weights)
{
  weights->low = HUGE_VAL;
  weights->high = -HUGE_VAL;
  for (int64_t o = 0; o < weights->outputs; o++) {
    const struct est_column *c = &weights->columns[o];

    if (!isfinite (c->positive) || !isfinite (c->negative))
      return 0;
    weights->low = fmin (weights->low, c->low);
    weights->high = fmax (weights->high, c->high);
  }
  return 1;
}

static int
make_columns (struct est_weights *weights, int keep, struct br_error *err)
{
  weights->columns = calloc ((size_t) weights->outputs, sizeof *weights->columns);
  if (keep)
    weights->integers = calloc ((size_t) (weights->outputs * weights->rows), sizeof *weights->integers);
  if (weights->columns == NULL || (keep && weights->integers == NULL))
    return br_error_oom (err);
  for (int64_t o = 0; o < weights->outputs; o++) {
    weights->columns[o].low = HUGE_VAL;
    weights->columns[o].high = -HUGE_VAL;
  }
  return 0;
}

static int
check_whole (const struct est_quantizer *q, struct br_error *err)
{
  if (q->bipolar || q->exact_bits == q->bits)
    return 0;
  return br_error_set (err, "transform", "%s: a bit width of %g cannot be built", q->node->name,
                       q->exact_bits);
}

static int
check_scale (const struct est_gnode *consumer, const struct est_quantizer *q, const struct est_tensor *t,
             int axis, struct br_error *err)
{
  if (q->scale->n == 1 || scale_follows (q->scale, t, axis))
    return 0;
  return br_error_set (err, "transform", "%s: weight scales are neither one nor one for each output channel",
                       consumer->name);
}

static int
read_integers (const struct est_gnode *consumer, const struct est_tensor *t, const struct est_quantizer *q,
               int axis, int keep, struct est_weights *weights, struct br_error *err)
{
  struct layout l = layout_of (t, axis);

  weights->outputs = l.outputs;
  weights->rows = l.outer * l.inner;
  if (weights->outputs < 1 || weights->rows < 1 || t->n != (size_t) (weights->outputs * weights->rows))
    return br_error_set (err, "model_load", "%s: its weights are empty", consumer->name);
  if (make_columns (weights, keep, err) < 0)
    return -1;
  reduce (t, q, &l, weights);
  if (reduce_range (weights))
    return 0;
  return br_error_set (err, "model_load", "%s: its weights are not finite", consumer->name);
}

int
est_weights_read (const struct est_graph *graph, const struct est_gnode *consumer,
                  const struct est_operand *operand, int axis, int keep, struct est_weights *weights,
                  struct br_error *err)
{
  const struct est_tensor *t = operand->tensor;
  struct est_quantizer q;
  int stored = operand->transposed ? 1 - axis : axis;

  memset (weights, 0, sizeof *weights);
  weights->type = t->annotated ? t->type : EST_TYPE_FLOAT;
  if (operand->quantizer != NULL) {
    if (est_quantizer_read (graph, operand->quantizer, &q, err) < 0 || check_whole (&q, err) < 0 ||
        check_scale (consumer, &q, t, stored, err) < 0)
      return -1;
    weights->type = q.type;
    weights->scale = q.unit_scale ? NULL : q.scale->values;
    weights->n_scale = q.unit_scale ? 0 : q.scale->n;
  }
  if (!est_type_is_integer (weights->type))
    return 0;
  if (read_integers (consumer, t, operand->quantizer != NULL ? &q : NULL, stored, keep, weights, err) == 0)
    return 0;
  est_weights_free (weights);
  return -1;
}

void
est_weights_free (struct est_weights *weights)
{
  free (weights->columns);
  free (weights->integers);
  weights->columns = NULL;
  weights->integers = NULL;
}
