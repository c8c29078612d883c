/* SPDX-License-Identifier: BSD-3-Clause */
/* Thresholding: one memory for each stage of a binary search (RTL), or one for each PE (HLS). */
#include <config.h>

#include <math.h>

#include "plugins/dataflow_estimate/estimate/cost.h"

int64_t
est_thresholding_cycles (const struct est_layer *layer)
{
  return layer->vectors * (layer->channels / layer->pe);
}

enum family { URAM, BRAM, LUTRAM };

/* In the order that decides between equals. */
static const struct primitive {
  enum family family;
  double width, depth;
} primitives[] = {
  { URAM, 72, 4096 }, { URAM, 36, 8192 }, { URAM, 18, 16384 }, { URAM, 9, 32768 },
  { BRAM, 36, 512 },  { BRAM, 18, 1024 }, { BRAM, 9, 2048 },   { LUTRAM, 1, 64 },
};

#define N_PRIMITIVES (sizeof primitives / sizeof primitives[0])

static int
allowed (const struct est_layer *layer, enum family family, double depth)
{
  if (layer->depth_trigger_bram == 0 && layer->depth_trigger_uram == 0)
    return 1;
  if (depth >= (double) layer->depth_trigger_bram && depth < (double) layer->depth_trigger_uram)
    return family == BRAM;
  if (depth >= (double) layer->depth_trigger_uram)
    return family == URAM;
  return 1;
}

static double
instances (const struct primitive *p, double width, double depth)
{
  return ceil (width / p->width) * ceil (depth / p->depth);
}

/* The primitive that wastes the fewest bits. */
static const struct primitive *
choose (const struct est_layer *layer, double width, double depth)
{
  const struct primitive *best = NULL;
  double least = HUGE_VAL;

  for (size_t i = 0; i < N_PRIMITIVES; i++) {
    const struct primitive *p = &primitives[i];
    double waste = instances (p, width, depth) * p->width * p->depth - width * depth;

    if (allowed (layer, p->family, depth) && waste < least) {
      best = p;
      least = waste;
    }
  }
  return best;
}

static void
add_stage (const struct est_layer *layer, double width, double depth, struct est_cost *cost)
{
  const struct primitive *p = choose (layer, width, depth);
  struct est_number *sum = p->family == LUTRAM ? &cost->lut : &cost->uram;

  /* block RAM is looked up in the flow under a name that it was not recorded under: it never counts */
  if (p->family == BRAM)
    return;
  sum->value += (double) layer->pe * instances (p, width, depth);
  /* the depth is a float there, and passes through the rounding unchanged where it is not below the primitive's */
  sum->is_float |= depth >= p->depth;
}

void
est_thresholding_rtl_cost (const struct est_layer *layer, struct est_cost *cost)
{
  double fold = (double) layer->channels / (double) layer->pe;

  for (int x = layer->uniform_thres ? 1 : 0; x < layer->out.bits; x++)
    add_stage (layer, layer->uniform_thres ? layer->out.bits - x : layer->threshold.bits, ldexp (fold, x),
               cost);
}

void
est_thresholding_hls_cost (const struct est_layer *layer, struct est_cost *cost)
{
  int64_t width = layer->in.bits * layer->pe, depth = layer->channels / layer->pe;
  int64_t lut = width;

  if (layer->ram_style == EST_RAM_DISTRIBUTED && depth > 1)
    lut += width * est_ceil_div (depth, 64);
  if (layer->ram_style == EST_RAM_BLOCK && depth > 1)
    cost->bram = est_integer ((double) (est_ceil_div (width, 16) * est_ceil_div (depth, 1024)));
  cost->lut = est_integer ((double) lut);
}
