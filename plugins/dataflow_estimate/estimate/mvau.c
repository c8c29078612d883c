/* SPDX-License-Identifier: BSD-3-Clause */
/* The matrix-vector unit and its depthwise sister, the vector-vector unit. P is PE, Q SIMD, W and A the bits of weight
   and input; omega is the depth of the weight memory, tmem of the threshold memory. */
#include <config.h>

#include <math.h>
#include <stdio.h>

#include "plugins/dataflow_estimate/estimate/cost.h"

static const int64_t mvau_tiers[3] = { 9, 18, 36 };
static const int64_t vvau_tiers[3] = { 8, 16, 32 };

#define BRAM_BITS   (36.0 * 512.0)
#define URAM_BITS   (72.0 * 4096.0)
#define SMALL_OMEGA 128 /* embedded weights up to this depth go into LUTs */

static int64_t
kernel_size (const struct est_layer *layer)
{
  return layer->kernel[0] * layer->kernel[1];
}

int64_t
est_mvau_cycles (const struct est_layer *layer)
{
  return (int64_t) ((double) layer->mh / (double) layer->pe * ((double) layer->mw / (double) layer->simd) *
                    (double) layer->vectors);
}

int64_t
est_vvau_cycles (const struct est_layer *layer)
{
  double work = (double) (layer->channels * kernel_size (layer)) / (double) layer->pe / (double) layer->simd;

  return (int64_t) (work * (double) (layer->dim[0] * layer->dim[1]));
}

static int64_t
mvau_omega (const struct est_layer *layer)
{
  return layer->mw * layer->mh / (layer->pe * layer->simd);
}

static int64_t
vvau_omega (const struct est_layer *layer)
{
  return kernel_size (layer) * layer->channels / layer->pe / layer->simd;
}

static int64_t
word_width (const struct est_layer *layer)
{
  return layer->pe * layer->simd * layer->weight.bits;
}

static int
small_embedded (const struct est_layer *layer, int64_t omega)
{
  return layer->mem_mode == EST_MEM_EMBEDDED && omega <= SMALL_OMEGA;
}

static int
in_bram (const struct est_layer *layer, int64_t omega)
{
  if (layer->mem_mode == EST_MEM_EXTERNAL || small_embedded (layer, omega))
    return 0;
  if (layer->op == EST_VVAU && layer->ram_style == EST_RAM_AUTO && omega <= SMALL_OMEGA)
    return 0;
  return layer->mem_mode != EST_MEM_DECOUPLED ||
         (layer->ram_style != EST_RAM_DISTRIBUTED && layer->ram_style != EST_RAM_ULTRA);
}

static int
in_uram (const struct est_layer *layer, int64_t omega)
{
  if (layer->mem_mode == EST_MEM_DECOUPLED)
    return layer->ram_style == EST_RAM_ULTRA;
  /* embedded weights count as UltraRAM and as block RAM, whatever ram_style says: the flow's formula does so */
  return layer->op == EST_MVAU && layer->mem_mode == EST_MEM_EMBEDDED && omega > SMALL_OMEGA;
}

static double
weight_luts (const struct est_layer *layer, int64_t omega)
{
  if ((layer->mem_mode == EST_MEM_DECOUPLED && layer->ram_style == EST_RAM_DISTRIBUTED) ||
      small_embedded (layer, omega))
    return (double) (word_width (layer) * est_ceil_div (omega, 64));
  return 0;
}

static double
log2_as_quotient (double x)
{
  return log (x) / log (2); /* not log2 (): the last bit of the quotient is what the flow rounds up from */
}

/* Bits of the accumulator: those of its type, or what rows products of this width can reach. */
static double
accumulator_bits (const struct est_layer *layer, int64_t rows)
{
  double reach = log2_as_quotient ((double) rows) + layer->weight.bits + layer->in.bits - 1 -
                 est_type_is_signed (layer->in);
  double bound = ceil (reach + log2_as_quotient (1 + pow (2, -reach)) + 1);

  return layer->acc.bits < bound ? layer->acc.bits : bound;
}

static double
multiplier_luts (const struct est_layer *layer)
{
  int64_t bits = layer->weight.bits + layer->in.bits;

  if (layer->res_type == EST_RES_DSP)
    return 0;
  return (double) (layer->simd * (2 * est_ceil_div (bits, 6) - 1) * bits);
}

/* Memory and comparators of the thresholds, for each PE. */
static double
threshold_luts (const struct est_layer *layer, double accumulator)
{
  double steps = ldexp (1, layer->out.bits) - 1;

  if (layer->no_activation)
    return 0;
  if (layer->op == EST_VVAU)
    return steps * accumulator * (double) (layer->channels / layer->pe) / 64 + steps * accumulator;
  if (layer->ram_style_thresholds != EST_RAM_DISTRIBUTED)
    return 0;
  return steps * accumulator * (double) est_ceil_div (layer->mh / layer->pe, 64) + steps * accumulator;
}

static double
hls_luts (const struct est_layer *layer, int64_t rows, int64_t omega)
{
  double adders = (double) ((layer->weight.bits + layer->in.bits) * (2 * layer->simd - 1));
  double accumulator = accumulator_bits (layer, rows);
  double per_pe = multiplier_luts (layer) + adders + accumulator + threshold_luts (layer, accumulator);

  return trunc (300 + 1.1 * ((double) layer->pe * per_pe) + weight_luts (layer, omega));
}

void
est_mvau_cost (const struct est_layer *layer, enum est_dsp dsp, struct est_cost *cost)
{
  int64_t omega = mvau_omega (layer), width = word_width (layer);
  /* a folding that does not divide leaves a broken last word: blocks count it, and nothing else does */
  int64_t depth = est_ceil_div (layer->mw * layer->mh, layer->pe * layer->simd);
  int64_t bram = in_bram (layer, omega) ? est_bram_blocks (width, depth, mvau_tiers) : 0;
  int64_t uram = in_uram (layer, omega) ? est_ceil_div (width, 72) * est_ceil_div (depth, 4096) : 0;
  double bits = (double) (layer->weight.bits * layer->mw * layer->mh);

  cost->bram = est_integer ((double) bram);
  cost->bram_efficiency = est_efficiency (bits, bram, BRAM_BITS);
  cost->uram = est_integer ((double) uram);
  cost->uram_efficiency = est_efficiency (bits, uram, URAM_BITS);
  if (layer->impl == EST_HLS) {
    cost->lut = est_integer (hls_luts (layer, layer->mw, omega));
    if (layer->res_type == EST_RES_DSP)
      cost->dsp = est_integer (
          (double) (layer->pe * layer->simd * est_ceil_div (layer->weight.bits + layer->in.bits, 48)));
    return;
  }
  if (dsp == EST_DSP58)
    cost->dsp = est_integer ((double) (layer->pe * est_ceil_div (layer->simd, 3)));
  else
    cost->dsp = est_integer ((double) (est_ceil_div (layer->pe, 4) * layer->simd));
}

void
est_vvau_cost (const struct est_layer *layer, struct est_cost *cost)
{
  int64_t omega = vvau_omega (layer), width = word_width (layer);
  int64_t bram = in_bram (layer, omega) ? est_bram_blocks (width, omega, vvau_tiers) : 0;
  int64_t uram = in_uram (layer, omega) ? est_ceil_div (width, 72) * est_ceil_div (omega, 4096) : 0;

  cost->bram = est_integer ((double) bram);
  cost->bram_efficiency = est_efficiency ((double) (layer->weight.bits * layer->pe * omega), bram, BRAM_BITS);
  cost->uram = est_integer ((double) uram);
  cost->uram_efficiency =
      est_efficiency ((double) (layer->weight.bits * kernel_size (layer) * layer->channels), uram, URAM_BITS);
  if (layer->impl == EST_RTL) {
    cost->dsp = est_integer ((double) (layer->pe * est_ceil_div (layer->simd, 3)));
    return;
  }
  cost->lut = est_integer (hls_luts (layer, kernel_size (layer), omega));
  if (layer->res_type == EST_RES_DSP)
    cost->dsp = est_integer ((double) (layer->pe * est_ceil_div (layer->weight.bits + layer->in.bits, 48)));
}

static void
matrix_counts (const struct est_layer *layer, double weights, double repeats, double rows,
               struct est_counts *counts)
{
  int a = layer->in.bits, w = layer->weight.bits;

  counts->n = 2;
  snprintf (counts->items[0].key, EST_COUNT_KEY, "op_mac_%dbx%db", a < w ? a : w, a < w ? w : a);
  counts->items[0].value = weights * repeats;
  snprintf (counts->items[1].key, EST_COUNT_KEY, "param_weight_%db", w);
  counts->items[1].value = weights;
  if (layer->no_activation)
    return;
  counts->n = 3;
  snprintf (counts->items[2].key, EST_COUNT_KEY, "param_threshold_%db", layer->acc.bits);
  counts->items[2].value = rows;
}

void
est_mvau_counts (const struct est_layer *layer, struct est_counts *counts)
{
  matrix_counts (layer, (double) (layer->mw * layer->mh), (double) layer->vectors, (double) layer->mh,
                 counts);
}

void
est_vvau_counts (const struct est_layer *layer, struct est_counts *counts)
{
  matrix_counts (layer, (double) (kernel_size (layer) * layer->channels),
                 (double) (layer->dim[0] * layer->dim[1]), (double) layer->channels, counts);
}
