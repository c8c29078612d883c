/* SPDX-License-Identifier: BSD-3-Clause */
/* Cycles, resources and counts by kind of layer, and what the formulas share. Kinds without a case of their own need
   no resources that the flow counts. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "common/str.h"
#include "plugins/dataflow_estimate/estimate/cost.h"

enum est_dsp
est_part_dsp (const char *part)
{
  static const char *const versal[] = { "xcvc", "xcve", "xcvp", "xcvm", "xqvc", "xqvm", "xqrvc" };

  for (size_t i = 0; i < sizeof versal / sizeof versal[0]; i++)
    if (br_str_starts (part, versal[i]))
      return EST_DSP58;
  if (strlen (part) > 2 && part[2] == '7')
    return EST_DSP48E1;
  return EST_DSP48E2;
}

int64_t
est_ceil_div (int64_t a, int64_t b)
{
  return a / b + (a % b != 0);
}

struct est_number
est_integer (double value)
{
  return (struct est_number){ value, 0 };
}

int64_t
est_bram_blocks (int64_t width, int64_t depth, const int64_t tiers[3])
{
  if (width == 1)
    return est_ceil_div (depth, 16384);
  if (width == 2)
    return est_ceil_div (depth, 8192);
  if (width <= 4)
    return est_ceil_div (depth, 4096) * est_ceil_div (width, 4);
  if (width <= 9)
    return est_ceil_div (depth, 2048) * est_ceil_div (width, tiers[0]);
  if (width <= 18 || depth > 512)
    return est_ceil_div (depth, 1024) * est_ceil_div (width, tiers[1]);
  return est_ceil_div (depth, 512) * est_ceil_div (width, tiers[2]);
}

struct est_number
est_efficiency (double bits, int64_t blocks, double per_block)
{
  if (blocks == 0)
    return est_integer (1);
  return (struct est_number){ bits / ((double) blocks * per_block), 1 };
}

int64_t
est_bram_width (double depth)
{
  if (depth <= 512)
    return 36;
  if (depth <= 1024)
    return 18;
  if (depth <= 2048)
    return 9;
  if (depth <= 4096)
    return 4;
  return depth <= 8192 ? 2 : 1;
}

static int64_t
padded_pixels (const struct est_layer *layer)
{
  return (layer->dim[0] + layer->pad[0] + layer->pad[2]) * (layer->dim[1] + layer->pad[1] + layer->pad[3]);
}

/* The length of a 1D layer stands in either axis. */
static int64_t
maxpool_cycles (const struct est_layer *layer)
{
  int64_t width = layer->dim[1], kernel = layer->kernel[1], out;

  if (!layer->is_1d)
    return (int64_t) ((double) (width * width) * (1 + 1 / (double) (kernel * kernel)));
  if (layer->dim[1] == 1) {
    width = layer->dim[0];
    kernel = layer->kernel[0];
  }
  out = layer->ceil_mode ? est_ceil_div (width - kernel, kernel) + 1 : (width - kernel) / kernel + 1;
  return out * (layer->channels / layer->pe) * (kernel + 1);
}

static int64_t
folded (const struct est_layer *layer, double repeats)
{
  return (int64_t) ((double) layer->channels / (double) layer->simd * (double) layer->repeats * repeats);
}

/* the longer side is the one that is down-sampled */
static int64_t
downsampler_cycles (const struct est_layer *layer)
{
  double side = (double) (layer->dim[0] > layer->dim[1] ? layer->dim[0] : layer->dim[1]);

  return folded (layer, layer->is_1d ? side : side * side);
}

static int64_t
pool_cycles (const struct est_layer *layer)
{
  double work = (double) (layer->channels * layer->kernel[0] * layer->kernel[1]) / (double) layer->pe;

  return (int64_t) (work * (double) (layer->out_dim[0] * layer->out_dim[1]) * (double) layer->repeats);
}

int64_t
est_layer_cycles (const struct est_layer *layer)
{
  switch (layer->op) {
  case EST_MVAU:
    return est_mvau_cycles (layer);
  case EST_VVAU:
    return est_vvau_cycles (layer);
  case EST_SWG:
    return layer->impl == EST_RTL ? est_swg_rtl_cycles (layer) : est_swg_hls_cycles (layer);
  case EST_FMPADDING:
    return folded (layer, (double) padded_pixels (layer));
  case EST_DOWNSAMPLER:
    return downsampler_cycles (layer);
  case EST_THRESHOLDING:
  case EST_CHANNELWISE:
    return est_thresholding_cycles (layer);
  case EST_MAXPOOL:
    return maxpool_cycles (layer);
  case EST_POOL:
    return pool_cycles (layer);
  case EST_LABELSELECT:
    return (int64_t) ((double) layer->channels / (double) layer->pe);
  case EST_N_OPS:
    break;
  }
  return 0;
}

void
est_layer_cost (const struct est_layer *layer, enum est_dsp dsp, struct est_cost *cost)
{
  memset (cost, 0, sizeof *cost);
  cost->bram_efficiency = cost->uram_efficiency = est_integer (1);
  if (layer->op == EST_MVAU)
    est_mvau_cost (layer, dsp, cost);
  else if (layer->op == EST_VVAU)
    est_vvau_cost (layer, cost);
  else if (layer->op == EST_SWG && layer->impl == EST_RTL)
    est_swg_rtl_cost (layer, cost);
  else if (layer->op == EST_SWG)
    est_swg_hls_cost (layer, cost);
  else if (layer->op == EST_THRESHOLDING && layer->impl == EST_RTL)
    est_thresholding_rtl_cost (layer, cost);
  else if (layer->op == EST_THRESHOLDING || layer->op == EST_CHANNELWISE)
    est_thresholding_hls_cost (layer, cost);
}

static void
thresholding_counts (const struct est_layer *layer, struct est_counts *counts)
{
  if (layer->impl == EST_RTL)
    return;
  counts->n = 1;
  snprintf (counts->items[0].key, EST_COUNT_KEY, "param_threshold_%db", layer->threshold.bits);
  counts->items[0].value = (double) (layer->channels * layer->thresholds.steps);
}

void
est_layer_counts (const struct est_layer *layer, struct est_counts *counts)
{
  counts->n = 0;
  if (layer->op == EST_MVAU)
    est_mvau_counts (layer, counts);
  else if (layer->op == EST_VVAU)
    est_vvau_counts (layer, counts);
  else if (layer->op == EST_THRESHOLDING)
    thresholding_counts (layer, counts);
}
