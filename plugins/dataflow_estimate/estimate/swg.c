/* SPDX-License-Identifier: BSD-3-Clause */
/* The convolution input generator (sliding window). F is the number of SIMD-wide words that the channels take. */
#include <config.h>

#include <math.h>

#include "plugins/dataflow_estimate/estimate/cost.h"

#define BASE_LUT 300

static int64_t
larger (int64_t a, int64_t b)
{
  return a > b ? a : b;
}

static int
parallel (const struct est_layer *layer)
{
  return layer->parallel_window || layer->kernel[0] * layer->kernel[1] == 1;
}

static int64_t
words (const struct est_layer *layer)
{
  return layer->channels / layer->simd;
}

/* Words that have to be there before the first window is. */
static int64_t
least_fill (const struct est_layer *layer)
{
  int64_t span = (layer->kernel[0] - 1) * layer->dilation[0] * layer->dim[1] +
                 (layer->kernel[1] - 1) * layer->dilation[1];

  return parallel (layer) ? span * words (layer) + 1 : (span + 1) * words (layer);
}

static int64_t
buffer_depth (const struct est_layer *layer)
{
  int64_t k = layer->kernel[0] * layer->kernel[1], f = words (layer);

  if (parallel (layer))
    return least_fill (layer) + 1;
  return least_fill (layer) + larger (0, (layer->stride[1] - 1 - k) * f) +
         larger (0, ((layer->stride[0] - 1) * layer->dim[1] - k) * f);
}

/* The axis of a 1D layer that has the length. */
static int
long_axis (const struct est_layer *layer)
{
  return layer->dim[1] == 1 ? 0 : 1;
}

/* The RTL looks at the image behind its padding, and the HLS (is_1d) at the one before. */
static int
is_line (const struct est_layer *layer)
{
  return layer->dim[0] == 1 || layer->dim[1] == 1;
}

static int64_t
cycles_1d (const struct est_layer *layer)
{
  int axis = long_axis (layer);
  int64_t f = words (layer), k = layer->kernel[axis];
  int64_t cycles = layer->out_dim[axis] * k * f + 2;

  if (layer->depthwise)
    cycles += f * (k - 1) * (layer->stride[axis] - 1) - (k - 1);
  return cycles;
}

static int64_t
cycles_2d (const struct est_layer *layer)
{
  int64_t f = words (layer), width = layer->dim[1];
  int64_t row =
      larger (layer->out_dim[1] * layer->kernel[0] * layer->kernel[1] * f, layer->stride[1] * width * f);
  int64_t cycles = least_fill (layer);

  if (layer->depthwise) {
    row += layer->out_dim[1] * (layer->stride[1] - 1) * (f - 1);
    cycles += (layer->stride[0] - 1) * width * f;
  }
  return cycles + layer->out_dim[0] * row;
}

int64_t
est_swg_rtl_cycles (const struct est_layer *layer)
{
  if (parallel (layer))
    return layer->dim[0] * layer->dim[1] * words (layer) + 2;
  return is_line (layer) ? cycles_1d (layer) : cycles_2d (layer);
}

/* Memories: one buffer, or one line buffer for each row of the window but the last. */
static void
memories (const struct est_layer *layer, int64_t *depth, int64_t *count)
{
  *depth = buffer_depth (layer);
  *count = 1;
  if (!parallel (layer))
    return;
  *depth = layer->dim[1] - ((layer->kernel[1] - 1) * layer->dilation[1] + 1) +
           layer->dim[1] * (layer->dilation[0] - 1);
  *count = is_line (layer) ? 0 : layer->kernel[0] - 1;
}

static int64_t
rtl_bram (int64_t width, int64_t depth, int64_t count)
{
  int64_t columns = est_ceil_div (width, est_bram_width ((double) depth)), saved = 0;

  if (depth > 16384)
    saved = columns - est_ceil_div (width, est_bram_width ((double) (depth % 16384)));
  return (est_ceil_div (depth, 16384) * columns - saved) * count;
}

void
est_swg_rtl_cost (const struct est_layer *layer, struct est_cost *cost)
{
  int64_t width = layer->simd * layer->in.bits, depth, count, lut = BASE_LUT;

  memories (layer, &depth, &count);
  if (layer->ram_style == EST_RAM_BLOCK || layer->ram_style == EST_RAM_AUTO)
    cost->bram = est_integer ((double) rtl_bram (width, depth, count));
  if (layer->ram_style == EST_RAM_ULTRA)
    cost->uram = est_integer ((double) (est_ceil_div (depth, 4096) * est_ceil_div (width, 72) * count));
  if (layer->ram_style == EST_RAM_DISTRIBUTED)
    lut += width * est_ceil_div (buffer_depth (layer), 38);
  cost->lut = est_integer ((double) lut);
}

/* Variants of the HLS implementation. */
enum variant { TWO_D, PLAIN, DEPTHWISE, NAIVE, PARALLEL };

static enum variant
hls_variant (const struct est_layer *layer)
{
  int64_t stride = layer->stride[0] * layer->stride[1], dilation = layer->dilation[0] * layer->dilation[1];

  if (!layer->is_1d)
    return TWO_D;
  if (layer->parallel_window && layer->simd == layer->channels && !layer->depthwise && stride == 1 &&
      dilation == 1 && (layer->ram_style == EST_RAM_AUTO || layer->ram_style == EST_RAM_DISTRIBUTED))
    return PARALLEL;
  if (!layer->depthwise)
    return PLAIN;
  return (stride > 1 && stride != 2) || dilation > 1 ? NAIVE : DEPTHWISE;
}

/* Pixels that a 1D variant buffers. */
static int64_t
buffered (const struct est_layer *layer, enum variant variant)
{
  int axis = long_axis (layer);

  if (variant == PLAIN)
    return layer->kernel[axis] - 1;
  return variant == NAIVE ? layer->dim[axis] : layer->kernel[axis];
}

static double
hls_cycles_1d (const struct est_layer *layer, enum variant variant)
{
  int axis = long_axis (layer);
  int64_t k = layer->kernel[axis], out = layer->out_dim[axis];
  double fold = (double) layer->channels / (double) layer->simd;
  double window = (double) (out * k * layer->channels) / (double) layer->simd;

  if (variant == PARALLEL)
    return (double) (k + out);
  if (variant == NAIVE)
    return (double) (layer->dim[axis] * layer->channels) / (double) layer->simd + window;
  if (variant == PLAIN)
    return 1 + window;
  return 1 + window + fold * (double) (k - 1) - (double) (k - 1);
}

int64_t
est_swg_hls_cycles (const struct est_layer *layer)
{
  double fold = (double) layer->channels / (double) layer->simd, write, read;

  if (layer->is_1d)
    return (int64_t) hls_cycles_1d (layer, hls_variant (layer));
  write = (double) (layer->out_dim[1] * layer->kernel[1] * layer->kernel[0]) * fold;
  read = (double) (layer->stride[1] * layer->dim[1]) * fold;
  return (int64_t) ((double) (layer->dim[1] * layer->kernel[0] * layer->dilation[0]) * fold +
                    (double) layer->out_dim[0] * (write > read ? write : read));
}

static void
hls_cost_2d (const struct est_layer *layer, struct est_cost *cost)
{
  int64_t lines = layer->kernel[0] + layer->stride[0], width = layer->simd * layer->in.bits;
  double depth = (double) (layer->dim[0] * layer->channels) / (double) layer->simd;
  double lut = BASE_LUT;

  if (layer->ram_style == EST_RAM_DISTRIBUTED)
    lut += (double) (lines * width) * ceil (depth / 64);
  if (layer->ram_style == EST_RAM_BLOCK || layer->ram_style == EST_RAM_AUTO)
    cost->bram = est_integer ((double) (lines * est_ceil_div (width, est_bram_width (depth))));
  if (layer->ram_style == EST_RAM_ULTRA)
    cost->uram = est_integer ((double) (lines * est_ceil_div (width, 64)) * ceil (depth / 4096));
  cost->lut = est_integer (lut);
}

static void
hls_cost_1d (const struct est_layer *layer, enum variant variant, struct est_cost *cost)
{
  int64_t width = layer->simd * layer->in.bits, pixels = buffered (layer, variant);
  double depth = (double) (pixels * layer->channels) / (double) layer->simd;
  int64_t lut = BASE_LUT;

  if (layer->ram_style == EST_RAM_DISTRIBUTED && variant == PARALLEL)
    lut += est_ceil_div (width * (layer->kernel[long_axis (layer)] + 1), 64);
  else if (layer->ram_style == EST_RAM_DISTRIBUTED)
    lut += est_ceil_div (layer->in.bits * pixels * layer->channels, 64);
  cost->lut = est_integer ((double) lut);
  if (variant == PARALLEL)
    return;
  if (layer->ram_style == EST_RAM_BLOCK || layer->ram_style == EST_RAM_AUTO)
    cost->bram = est_integer ((double) est_ceil_div (width, est_bram_width (depth)) * ceil (depth / 18432));
  if (layer->ram_style == EST_RAM_ULTRA)
    cost->uram = est_integer ((double) est_ceil_div (width, 72) * ceil (depth / 4096));
}

void
est_swg_hls_cost (const struct est_layer *layer, struct est_cost *cost)
{
  if (layer->is_1d)
    hls_cost_1d (layer, hls_variant (layer), cost);
  else
    hls_cost_2d (layer, cost);
}
