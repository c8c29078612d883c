/* SPDX-License-Identifier: BSD-3-Clause */
/* Cycles and resources of one layer: the flow's own formulas, evaluated as it does, in double and in its order, because
   results are truncated and printed to the last digit. */
#ifndef BR_ESTIMATE_COST_H
#define BR_ESTIMATE_COST_H

#include "plugins/dataflow_estimate/estimate/layer.h"

/* The DSP block of a part. */
enum est_dsp { EST_DSP48E1, EST_DSP48E2, EST_DSP58 };

/* By the part's name alone: xc7… has the E1, Versal families the 58, all else the E2. */
enum est_dsp est_part_dsp (const char *part);

/* A number that reports print as an integer or as a float. */
struct est_number {
  double value;
  int is_float;
};

struct est_cost {
  struct est_number bram, bram_efficiency, lut, uram, uram_efficiency, dsp;
};

#define EST_MAX_COUNTS 3
#define EST_COUNT_KEY  48

/* Operations and parameters: at most EST_MAX_COUNTS entries, in the order of the report. */
struct est_counts {
  int n;
  struct {
    char key[EST_COUNT_KEY]; /* "op_mac_2bx2b", "param_weight_2b", "param_threshold_9b" */
    double value;
  } items[EST_MAX_COUNTS];
};

int64_t est_layer_cycles (const struct est_layer *layer);
void est_layer_cost (const struct est_layer *layer, enum est_dsp dsp, struct est_cost *cost);
void est_layer_counts (const struct est_layer *layer, struct est_counts *counts);

/* What each kind of layer computes; called through the three above. */
int64_t est_mvau_cycles (const struct est_layer *layer);
void est_mvau_cost (const struct est_layer *layer, enum est_dsp dsp, struct est_cost *cost);
void est_mvau_counts (const struct est_layer *layer, struct est_counts *counts);
int64_t est_vvau_cycles (const struct est_layer *layer);
void est_vvau_cost (const struct est_layer *layer, struct est_cost *cost);
void est_vvau_counts (const struct est_layer *layer, struct est_counts *counts);
int64_t est_swg_rtl_cycles (const struct est_layer *layer);
void est_swg_rtl_cost (const struct est_layer *layer, struct est_cost *cost);
int64_t est_swg_hls_cycles (const struct est_layer *layer);
void est_swg_hls_cost (const struct est_layer *layer, struct est_cost *cost);
int64_t est_thresholding_cycles (const struct est_layer *layer);
void est_thresholding_rtl_cost (const struct est_layer *layer, struct est_cost *cost);
void est_thresholding_hls_cost (const struct est_layer *layer, struct est_cost *cost);

/* Rounded-up quotient of what is never negative. */
int64_t est_ceil_div (int64_t a, int64_t b);
struct est_number est_integer (double value);
/* 18 Kb blocks for a memory of width and depth; nine, eighteen and thirty_six are the widths that the tiers count with. */
int64_t est_bram_blocks (int64_t width, int64_t depth, const int64_t tiers[3]);
/* bits over the capacity of blocks that hold per_block bits each, as a share; the integer 1 where there is none. */
struct est_number est_efficiency (double bits, int64_t blocks, double per_block);
/* Width of a block RAM at that depth. */
int64_t est_bram_width (double depth);

#endif
