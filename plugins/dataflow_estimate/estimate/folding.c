/* SPDX-License-Identifier: BSD-3-Clause */
/* The automatic folding. Each layer is widened in steps, through the divisors of what it works on, until it takes less
   than the target; the comparison is strict in one place and not in another, as in the flow. */
#include <config.h>

#include "plugins/dataflow_estimate/estimate/folding.h"

/* Walks up to the square root, then down
   through the quotients, so that all divisors cost about the root of n. */
int64_t
est_next_divisor (int64_t n, int64_t d)
{
  int64_t i, q;

  for (i = d + 1; i * i <= n; i++)
    if (n % i == 0)
      return i;
  for (q = n / d - 1 < i - 1 ? n / d - 1 : i - 1; q > 1; q--)
    if (n % q == 0)
      return n / q;
  return n;
}

static int
meets (const struct est_layer *layer, double target)
{
  return (double) est_layer_cycles (layer) < target;
}

/* The first divisor of max that meets the target, else max. */
static void
widen (struct est_layer *layer, int64_t *attribute, int64_t max, double target)
{
  *attribute = 1;
  while (!meets (layer, target) && *attribute < max)
    *attribute = est_next_divisor (max, *attribute);
}

static void
fold_mvau (struct est_layer *layer, double target, int64_t wwidth_max)
{
  int64_t previous = 1;

  layer->pe = layer->simd = 1;
  while (!meets (layer, target)) {
    if (layer->weight.bits * layer->simd > wwidth_max) {
      layer->simd = previous;
      break;
    }
    if (layer->simd >= layer->mw)
      break;
    previous = layer->simd;
    layer->simd = est_next_divisor (layer->mw, layer->simd);
  }
  widen (layer, &layer->pe, layer->mh, target);
}

static void
fold_swg (struct est_layer *layer, double target)
{
  if (layer->depthwise)
    return;
  layer->parallel_window = layer->impl == EST_RTL ? 0 : layer->parallel_window;
  widen (layer, &layer->simd, layer->channels, target);
  if (layer->impl == EST_RTL && layer->simd == layer->channels && (double) est_layer_cycles (layer) > target)
    layer->parallel_window = 1;
}

/* Depthwise layers set the parallelism of the input generator that feeds them. */
static int
fold_depthwise (struct est_layer *layers, size_t i, double target, struct br_error *err)
{
  struct est_layer *layer = &layers[i], *producer = i > 0 ? &layers[i - 1] : NULL;
  int64_t k = layer->kernel[0] * layer->kernel[1];

  if (layer->op == EST_VVAU)
    layer->simd = 1;
  widen (layer, &layer->pe, layer->channels, target);
  if (layer->op == EST_VVAU && layer->pe == layer->channels && (double) est_layer_cycles (layer) > target)
    widen (layer, &layer->simd, k, target);
  if (producer == NULL || producer->op != EST_SWG) {
    if (k == 1)
      return 0;
    return br_error_set (err, "kernel", "%s: %s without a convolution input generator before it", layer->node,
                         est_op_name (layer->op));
  }
  producer->simd = layer->pe;
  if (producer->impl == EST_RTL)
    producer->parallel_window = layer->op == EST_VVAU && layer->simd > 1;
  return 0;
}

static int
fold_layer (struct est_layer *layers, size_t i, double target, int64_t wwidth_max, struct br_error *err)
{
  struct est_layer *layer = &layers[i];

  switch (layer->op) {
  case EST_MVAU:
    fold_mvau (layer, target, wwidth_max);
    break;
  case EST_THRESHOLDING:
  case EST_LABELSELECT:
  case EST_CHANNELWISE:
    widen (layer, &layer->pe, layer->channels, target);
    break;
  case EST_VVAU:
  case EST_POOL:
    return fold_depthwise (layers, i, target, err);
  case EST_SWG:
    fold_swg (layer, target);
    break;
  case EST_DOWNSAMPLER:
    widen (layer, &layer->simd, layer->channels, target);
    break;
  case EST_FMPADDING:
    if (layer->impl == EST_HLS)
      widen (layer, &layer->simd, layer->channels, target);
    break;
  case EST_MAXPOOL:
  case EST_N_OPS:
    break;
  }
  return 0;
}

static int
fold_once (struct est_layer *layers, size_t n, double target, int64_t wwidth_max, struct br_error *err)
{
  for (size_t i = 0; i < n; i++)
    if (fold_layer (layers, i, target, wwidth_max, err) < 0)
      return -1;
  return 0;
}

int64_t
est_max_cycles (const struct est_layer *layers, size_t n)
{
  int64_t max = 0;

  for (size_t i = 0; i < n; i++) {
    int64_t cycles = est_layer_cycles (&layers[i]);

    max = cycles > max ? cycles : max;
  }
  return max;
}

int
est_set_folding (struct est_layer *layers, size_t n, double target, int64_t wwidth_max, int relax,
                 struct br_error *err)
{
  int64_t reached;

  if (fold_once (layers, n, target, wwidth_max, err) < 0)
    return -1;
  reached = est_max_cycles (layers, n);
  if (!relax || (double) reached <= target)
    return 0;
  return fold_once (layers, n, (double) reached, wwidth_max, err);
}
