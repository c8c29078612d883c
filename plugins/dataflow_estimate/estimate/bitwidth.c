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
  if (layer->keeps_bits) {
    low = (low + 1) / 2;
    high = (high + 1) / 2;
  }
  layer->weight = est_type_for_range (low, high);
}

/* Weights kept as bits count as such where a file took binaryXnorMode off. */
static struct range
range_of_bits (const struct est_layer *layer)
{
  double m = est_type_min (layer->in), M = est_type_max (layer->in);
  struct range r = { HUGE_VAL, -HUGE_VAL };

  for (int64_t j = 0; j < layer->n_columns; j++) {
    r.high = fmax (r.high, layer->columns[j].positive * M);
    r.low = fmin (r.low, layer->columns[j].positive * m);
  }
  return r;
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
  double rows = (double) layer->n_rows;
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

/* What a file may have set that no longer fits the weights and thresholds themselves. */
static int
check_matrix (const struct est_layer *layer, struct br_error *err)
{
  int64_t rows = layer->op == EST_MVAU ? layer->mh : layer->channels;

  if (layer->op == EST_VVAU &&
      (layer->channels != layer->n_columns || layer->kernel[0] * layer->kernel[1] != layer->n_rows))
    return br_error_set (err, "config", "%s: Channels and Kernel do not fit %lld x %lld weights", layer->node,
                         (long long) layer->n_columns, (long long) layer->n_rows);
  if (layer->op == EST_VVAU && layer->no_activation && layer->thresholds.rows > 0)
    return br_error_set (err, "config", "%s: noActivation for a layer that has thresholds", layer->node);
  if (layer->xnor && !layer->keeps_bits)
    return br_error_set (err, "config", "%s: binaryXnorMode for weights that are not kept as bits",
                         layer->node);
  if (layer->thresholds.rows > 1 && layer->thresholds.rows != rows)
    return br_error_set (err, "config", "%s: %lld rows of thresholds for %lld channels", layer->node,
                         (long long) layer->thresholds.rows, (long long) rows);
  if (layer->thresholds.rows > 0 && rows % layer->pe != 0)
    return br_error_set (err, "config", "%s: PE %lld does not divide %lld channels of thresholds",
                         layer->node, (long long) layer->pe, (long long) rows);
  if (!est_type_is_integer (layer->in) ||
      (layer->runtime_writeable_weights && !est_type_is_integer (layer->weight)))
    return br_error_set (err, "config", "%s: no accumulator holds sums of FLOAT32", layer->node);
  return 0;
}

static int
counts_as_bipolar (const struct est_layer *layer, struct est_type type)
{
  return type.kind == EST_BIPOLAR || (layer->xnor && est_type_equal (type, EST_TYPE_BINARY));
}

static struct range
range_of (const struct est_layer *layer)
{
  if (layer->runtime_writeable_weights)
    return range_of_types (layer);
  return layer->keeps_bits && !layer->xnor ? range_of_bits (layer) : range_of_values (layer);
}

static int
narrow_matrix (struct est_layer *layer, struct br_error *err)
{
  if (check_matrix (layer, err) < 0)
    return -1;
  if (layer->thresholds.rows > 0 && layer->thresholds.low < 0 && counts_as_bipolar (layer, layer->in) &&
      counts_as_bipolar (layer, layer->weight))
    return br_error_set (err, "kernel",
                         "%s: bipolar input and weights without a positive value, and a threshold below 0",
                         layer->node);
  layer->acc = type_of_range (range_of (layer));
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

  if (t->rows > 1 && t->rows != layer->channels)
    return br_error_set (err, "config", "%s: %lld rows of thresholds for NumChannels %lld", layer->node,
                         (long long) t->rows, (long long) layer->channels);
  if (t->steps != t->columns)
    return br_error_set (err, "config", "%s: numSteps %lld for %lld thresholds", layer->node,
                         (long long) t->steps, (long long) t->columns);
  if (!est_type_is_integer (layer->in))
    return br_error_set (err, "config", "%s: no type holds thresholds of FLOAT32", layer->node);
  if (!est_type_is_signed (layer->in) && t->low < 0)
    return br_error_set (err, "kernel", "%s: a threshold below 0 for an input that is never negative",
                         layer->node);
  layer->threshold =
      est_type_for_range (fmin (est_type_min (layer->in), t->low), fmax (est_type_max (layer->in), t->high));
  return 0;
}

struct est_type
est_channelwise_type (const struct est_layer *layer)
{
  double m = est_type_min (layer->in), M = est_type_max (layer->in);
  double low = layer->weight_low, high = layer->weight_high;

  if (layer->function == EST_ADD)
    return est_type_for_both (m + low, M + high);
  return est_type_for_both (fmin (fmin (m * low, m * high), fmin (M * low, M * high)),
                            fmax (fmax (m * low, m * high), fmax (M * low, M * high)));
}

/* Types travel along the stream. Input generators and pools keep the one that they were made for. */
static void
pass_on (struct est_layer *layer, struct est_type type)
{
  int changes = !est_type_equal (layer->in, type);

  layer->tensor_in = type;
  if (layer->op != EST_SWG && layer->op != EST_POOL)
    layer->in = type;
  if (layer->op == EST_SWG || layer->op == EST_FMPADDING || layer->op == EST_DOWNSAMPLER ||
      layer->op == EST_MAXPOOL)
    layer->out = type;
  if (layer->op == EST_CHANNELWISE && changes)
    layer->out = est_channelwise_type (layer);
}

static int
check_pool (const struct est_layer *layer, struct br_error *err)
{
  if (layer->op != EST_POOL)
    return 0;
  if (layer->max_pool && !est_type_equal (layer->in, layer->out))
    return br_error_set (err, "config", "%s: a maximum pool has one type for input and output", layer->node);
  if (est_type_is_signed (layer->in) != est_type_is_signed (layer->out))
    return br_error_set (err, "config", "%s: an average has the sign of its input", layer->node);
  return 0;
}

static int
narrows (const struct est_layer *layer)
{
  return is_matrix (layer) || layer->op == EST_THRESHOLDING;
}

static void
pass_to (struct est_layer *layers, size_t i)
{
  pass_on (&layers[i], i > 0 ? layers[i - 1].out : layers[0].tensor_in);
}

/* Up to the first layer that is narrowed, types are those that the layers were given; from then on those of the stream. */
static int
narrow_stream (struct est_layer *layers, size_t n, struct br_error *err)
{
  int flows = 0;

  for (size_t i = 0; i < n; i++) {
    if (flows)
      pass_to (layers, i);
    if (is_matrix (&layers[i]) && narrow_matrix (&layers[i], err) < 0)
      return -1;
    if (layers[i].op == EST_THRESHOLDING && narrow_thresholds (&layers[i], err) < 0)
      return -1;
    if (flows || !(narrows (&layers[i]) || i + 1 == n))
      continue;
    flows = 1;
    for (size_t j = 0; j <= i; j++)
      pass_to (layers, j);
  }
  return 0;
}

int
est_minimize_widths (struct est_layer *layers, size_t n, struct br_error *err)
{
  for (size_t i = 0; i < n; i++)
    narrow_weights (&layers[i]);
  if (narrow_stream (layers, n, err) < 0)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (check_pool (&layers[i], err) < 0)
      return -1;
  return 0;
}
