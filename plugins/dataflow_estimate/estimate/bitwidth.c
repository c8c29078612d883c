/* SPDX-License-Identifier: BSD-3-Clause */
/* Narrowing of types. Threshold values have no say in the width of an accumulator: they are clipped to its range before. */
#include <config.h>

#include <math.h>

#include "plugins/dataflow_estimate/estimate/bitwidth.h"

struct range {
  double low, high;
};

static int
is_matrix (const struct est_layer *layer)
{
  return layer->op == EST_MVAU || layer->op == EST_VVAU;
}

/* With XNOR the weights are kept as 0 and 1. */
static void
narrow_weights (struct est_layer *layer)
{
  double low = layer->weight_low, high = layer->weight_high;

  if (!is_matrix (layer) || layer->runtime_writeable_weights)
    return;
  if (layer->xnor) {
    low = (low + 1) / 2;
    high = (high + 1) / 2;
  }
  layer->weight = est_type_for_range (low, high);
}

/* What sums of these weights and any input can reach. Every point of a network asks this of every column: no calls here. */
static struct range
range_of_values (const struct est_layer *layer)
{
  double m = est_type_min (layer->in), M = est_type_max (layer->in);
  struct range r = { HUGE_VAL, -HUGE_VAL };

  for (int64_t j = 0; j < layer->n_columns; j++) {
    const struct est_column *c = &layer->columns[j];
    double high = c->positive * M + c->negative * m, low = c->positive * m + c->negative * M;

    r.high = high > r.high ? high : r.high;
    r.low = low < r.low ? low : r.low;
  }
  return r;
}

/* Weights that can be rewritten: every one at an extreme of its type. The upper end looks at two of the four sums only,
   as the flow does, so that signed by signed may come out a bit short. */
static struct range
range_of_types (const struct est_layer *layer)
{
  double m = est_type_min (layer->in), M = est_type_max (layer->in);
  double l = est_type_min (layer->weight), h = est_type_max (layer->weight);
  double rows = (double) (layer->op == EST_MVAU ? layer->mw : layer->kernel[0] * layer->kernel[1]);
  double over_l = rows * l * (l > 0 ? M : m), under_l = rows * l * (l > 0 ? m : M);
  double over_h = rows * h * (h > 0 ? M : m), under_h = rows * h * (h > 0 ? m : M);

  return (struct range){ fmin (fmin (over_l, under_l), fmin (over_h, under_h)), fmax (over_h, under_h) };
}

static struct est_type
type_of_range (struct range r)
{
  if (r.low >= 0)
    return EST_TYPE_UINT ((int) ceil (log2 (r.high + 1)));
  return EST_TYPE_INT ((int) ceil (log2 (fmax (-r.low, 1 + r.high))) + 1);
}

/* The last output leaves the device in whole bytes. */
static int
round_up_last (struct est_layer *layer, struct br_error *err)
{
  struct est_type *type = &layer->acc;

  if (type->bits == 0)
    return br_error_set (err, "kernel", "%s: all weights of the last layer are zero: its output has no type",
                         layer->node);
  if (type->kind == EST_INT || type->bits > 1)
    type->bits = (type->bits + 7) / 8 * 8;
  return 0;
}

static int
narrow_matrix (struct est_layer *layer, struct br_error *err)
{
  struct est_type bipolar = EST_TYPE_BIPOLAR;

  if (!layer->no_activation && layer->thresholds.low < 0 && est_type_equal (layer->in, bipolar) &&
      est_type_equal (layer->weight, bipolar))
    return br_error_set (err, "kernel",
                         "%s: bipolar input and weights without a positive value, and a threshold below 0",
                         layer->node);
  layer->acc =
      type_of_range (layer->runtime_writeable_weights ? range_of_types (layer) : range_of_values (layer));
  if (!layer->no_activation)
    return 0;
  if (!layer->feeds_layer && round_up_last (layer, err) < 0)
    return -1;
  layer->out = layer->acc;
  return 0;
}

static int
narrow_thresholds (struct est_layer *layer, struct br_error *err)
{
  const struct est_thresholds *t = &layer->thresholds;

  if (!est_type_is_signed (layer->in) && t->low < 0)
    return br_error_set (err, "kernel", "%s: a threshold below 0 for an input that is never negative",
                         layer->node);
  layer->threshold =
      est_type_for_range (fmin (est_type_min (layer->in), t->low), fmax (est_type_max (layer->in), t->high));
  return 0;
}

/* Input generators and pools pass the type on but keep the one that they were made for. */
static void
pass_on (struct est_layer *layer, struct est_type type)
{
  layer->tensor_in = type;
  if (layer->op != EST_SWG && layer->op != EST_POOL)
    layer->in = type;
  if (layer->op == EST_SWG || layer->op == EST_FMPADDING || layer->op == EST_DOWNSAMPLER ||
      layer->op == EST_MAXPOOL || (layer->op == EST_POOL && layer->max_pool))
    layer->out = type;
}

int
est_minimize_widths (struct est_layer *layers, size_t n, struct br_error *err)
{
  for (size_t i = 0; i < n; i++)
    narrow_weights (&layers[i]);
  for (size_t i = 0; i < n; i++) {
    if (i > 0)
      pass_on (&layers[i], layers[i - 1].out);
    if (is_matrix (&layers[i]) && narrow_matrix (&layers[i], err) < 0)
      return -1;
    if (layers[i].op == EST_THRESHOLDING && narrow_thresholds (&layers[i], err) < 0)
      return -1;
  }
  return 0;
}
