/* SPDX-License-Identifier: BSD-3-Clause */
/* Thresholds of quantised activations. Their numbers matter only through the smallest, the largest, and whether rounding
   changed any. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/activation.h"

#define SELU_ALPHA  1.6732632423543772848170429916717
#define SELU_LAMBDA 1.0507009873554804934193349852946

/* What the flow itself could not hold: thresholds of one activation, and bits of a code. */
#define MAX_BITS   24
#define MAX_VALUES (INT64_C (1) << 27)

static int
refuse (const struct est_quantizer *q, struct br_error *err, const char *why)
{
  return br_error_set (err, "transform", "%s: %s", q->node->name, why);
}

static int
check (const struct est_quantizer *q, enum est_before before, struct br_error *err)
{
  if (before == EST_BEFORE_RELU && !q->bipolar && (q->is_signed || q->narrow))
    return refuse (q, err, "behind a Relu only unsigned quantisers that are not narrow can be built");
  if (before == EST_BEFORE_OTHER && q->bipolar && (q->scale->n != 1 || !q->unit_scale))
    return refuse (q, err, "only bipolar activations with one scale of 1 can be built");
  if (before == EST_BEFORE_OTHER && !q->is_signed)
    return refuse (q, err, "only signed quantisers can be built where no Relu stands before");
  if (before != EST_BEFORE_RELU && !q->bipolar && q->is_signed && q->bits == 1)
    return refuse (q, err, "could not compute a data type for a signed activation of one bit");
  if (before != EST_BEFORE_RELU && !q->bipolar && q->exact_bits != q->bits)
    return refuse (q, err, "a bit width that is no whole number cannot be built");
  if (q->bits > MAX_BITS)
    return refuse (q, err, "too many thresholds");
  return 0;
}

static int
allocate (struct est_activation *a, int64_t rows, int64_t steps, struct br_error *err)
{
  a->rows = rows;
  a->steps = steps;
  if (rows > MAX_VALUES / (steps > 0 ? steps : 1))
    return br_error_set (err, "transform", "%lld thresholds for each of %lld channels are too many",
                         (long long) steps, (long long) rows);
  a->thresholds = calloc ((size_t) (rows * steps) + 1, sizeof *a->thresholds);
  return a->thresholds != NULL ? 0 : br_error_oom (err);
}

/* Bipolar: one threshold at 0 for all channels, -1 below it and +1 from it on. */
static int
make_bipolar (struct est_activation *a, struct br_error *err)
{
  a->out = EST_TYPE_BIPOLAR;
  a->scale = 2;
  a->bias = -1;
  return allocate (a, 1, 1, err);
}

static float
relu_threshold (float scale, int64_t t)
{
  return (float) ((double) (scale / 2) + (double) scale * (double) t);
}

static float
selu_threshold (float scale, int64_t t)
{
  double v = -1 + (double) (scale / 2) + (double) scale * (double) t;

  return (float) (v <= 0 ? log (v / (SELU_ALPHA * SELU_LAMBDA) + 1) : v / SELU_LAMBDA);
}

static float
signed_threshold (const struct est_quantizer *q, float scale, int64_t steps, int64_t t)
{
  float first = -(scale / 2) - scale * (float) (steps / 2 - 1);

  if (!q->narrow)
    first -= scale;
  return (float) ((double) first + (double) scale * (double) t);
}

static void
fill (const struct est_quantizer *q, enum est_before before, struct est_activation *a)
{
  for (int64_t c = 0; c < a->rows; c++) {
    float scale = fabsf (q->scale->values[q->scale->n == 1 ? 0 : c]);

    for (int64_t t = 0; t < a->steps; t++) {
      float *to = &a->thresholds[c * a->steps + t];

      if (before == EST_BEFORE_RELU)
        *to = relu_threshold (scale, t);
      else if (before == EST_BEFORE_SELU)
        *to = selu_threshold (scale, t);
      else
        *to = signed_threshold (q, scale, a->steps, t);
    }
  }
}

/* Behind a Relu the codes begin at 0 and no bias is added; else the bias makes them signed. */
static int
set_output (const struct est_quantizer *q, enum est_before before, struct est_activation *a,
            struct br_error *err)
{
  double lowest = -ldexp (1, q->bits - 1) + q->narrow;

  a->out = q->type;
  a->scale = q->bipolar ? q->scale->values[0] : 1;
  a->bias = 0;
  if (before == EST_BEFORE_RELU)
    return 0;
  return est_activation_add_bias (q->node->name, a->steps, q->bits == 1 ? -0.5 : lowest, &a->bias, &a->out,
                                  err);
}

int
est_activation_from_quantizer (const struct est_quantizer *q, enum est_before before, int64_t channels,
                               struct est_activation *a, struct br_error *err)
{
  double codes = q->bipolar ? 2 : exp2 (q->exact_bits);
  int64_t steps = (int64_t) (codes - 1) - (q->narrow && before != EST_BEFORE_RELU ? 1 : 0);

  memset (a, 0, sizeof *a);
  if (check (q, before, err) < 0)
    return -1;
  if (before == EST_BEFORE_OTHER && q->bipolar)
    return make_bipolar (a, err);
  if (q->scale->n != 1 && q->scale->n != (size_t) channels)
    return refuse (q, err, "its scales are neither one nor one for each channel");
  if (allocate (a, channels, steps, err) < 0)
    return -1;
  fill (q, before, a);
  if (!q->unit_scale && !q->bipolar) {
    a->post = q->scale->values;
    a->n_post = q->scale->n;
  }
  if (set_output (q, before, a, err) == 0)
    return 0;
  est_activation_free (a);
  return -1;
}

int
est_activation_from_node (const struct est_graph *graph, const struct est_gnode *node,
                          struct est_activation *a, struct br_error *err)
{
  const struct est_tensor *t = est_node_constant (graph, node, 1);
  const struct est_attr *type = est_node_attr (node, "out_dtype");

  memset (a, 0, sizeof *a);
  if (strcmp (node->op, "Sign") == 0)
    return make_bipolar (a, err);
  if (t == NULL || t->rank != 2 || t->n == 0)
    return br_error_set (err, "transform", "%s: its thresholds are not a constant matrix", node->name);
  if (type == NULL || type->s == NULL || !est_type_parse (type->s, &a->out))
    return br_error_set (err, "transform", "%s: out_dtype is missing or unknown", node->name);
  if (allocate (a, t->dims[0], t->dims[1], err) < 0)
    return -1;
  memcpy (a->thresholds, t->values, t->n * sizeof *t->values);
  a->scale = est_node_float (node, "out_scale", 1);
  a->bias = est_node_float (node, "out_bias", 0);
  return 0;
}

/* One row becomes one for each channel where the constants differ by channel. */
static int
spread_rows (struct est_activation *a, int64_t rows, struct br_error *err)
{
  float *more;

  if (a->rows != 1 || rows <= 1)
    return 0;
  more = malloc ((size_t) (rows * a->steps) * sizeof *more);
  if (more == NULL)
    return br_error_oom (err);
  for (int64_t c = 0; c < rows; c++)
    memcpy (more + c * a->steps, a->thresholds, (size_t) a->steps * sizeof *more);
  free (a->thresholds);
  a->thresholds = more;
  a->rows = rows;
  return 0;
}

static void
take_constants (struct est_activation *a, const struct est_pending *p)
{
  for (int64_t c = 0; c < a->rows; c++) {
    float mul = est_pending_mul_at (p, (size_t) c), add = est_pending_add_at (p, (size_t) c);

    for (int64_t t = 0; t < a->steps; t++) {
      float *to = &a->thresholds[c * a->steps + t];

      *to = (*to - add) / mul;
    }
  }
}

/* Integers that decide the same, within one of the range of the input. 1 when any value changed. */
static int
round_and_clip (struct est_activation *a, struct est_type in)
{
  double low = est_type_min (in) - 1, high = est_type_max (in) + 1;
  int changed = 0;

  for (int64_t i = 0; i < a->rows * a->steps; i++) {
    float old = a->thresholds[i], value = ceilf (old);

    if (!est_type_is_signed (in) && value < 0)
      value = 0;
    if (value < low)
      value = (float) low;
    if (value > high)
      value = (float) high;
    changed |= value != old;
    a->thresholds[i] = value;
  }
  return changed;
}

static void
to_popcounts (struct est_activation *a, int64_t xnor_rows)
{
  for (int64_t i = 0; i < a->rows * a->steps; i++)
    a->thresholds[i] = (a->thresholds[i] + (float) xnor_rows) / 2;
}

int
est_activation_absorb (struct est_activation *a, const char *node, const struct est_pending *p,
                       struct est_type in, int64_t xnor_rows, struct est_thresholds *result,
                       struct br_error *err)
{
  size_t n = p->n_mul > p->n_add ? p->n_mul : p->n_add;

  if (spread_rows (a, (int64_t) n, err) < 0)
    return -1;
  if (n > 1 && a->rows != (int64_t) n)
    return br_error_set (err, "transform", "%s: %lld rows of thresholds for %zu channels", node,
                         (long long) a->rows, n);
  take_constants (a, p);
  result->typed = round_and_clip (a, xnor_rows > 0 ? EST_TYPE_INT (32) : in);
  if (xnor_rows > 0) {
    to_popcounts (a, xnor_rows);
    result->typed |= round_and_clip (a, EST_TYPE_UINT (32));
  }
  result->steps = a->steps;
  result->low = HUGE_VAL;
  result->high = -HUGE_VAL;
  for (int64_t i = 0; i < a->rows * a->steps; i++) {
    if (isnan (a->thresholds[i]))
      return br_error_set (err, "transform", "%s: a threshold is not a number", node);
    result->low = fmin (result->low, a->thresholds[i]);
    result->high = fmax (result->high, a->thresholds[i]);
  }
  return 0;
}

int
est_activation_add_bias (const char *node, int64_t steps, double term, double *bias, struct est_type *out,
                         struct br_error *err)
{
  double sum = *bias + term;
  struct est_type type = est_type_smallest ((double) steps);

  if (type.kind == EST_UINT && type.bits > 1)
    type.kind = EST_INT;
  if (!est_type_holds (type, sum) || !est_type_holds (type, sum + (double) steps))
    return br_error_set (err, "transform", "%s: could not compute a data type for codes from %g to %g", node,
                         sum, sum + (double) steps);
  *bias = sum;
  *out = type;
  return 0;
}

void
est_activation_free (struct est_activation *a)
{
  free (a->thresholds);
  a->thresholds = NULL;
}
