/* SPDX-License-Identifier: BSD-3-Clause */
/* A hardware layer: kind, geometry, data types, and the attributes that folding sets. */
#ifndef BR_ESTIMATE_LAYER_H
#define BR_ESTIMATE_LAYER_H

#include <stddef.h>
#include <stdint.h>

#include "plugins/dataflow_estimate/estimate/types.h"

enum est_op {
  EST_MVAU,
  EST_VVAU,
  EST_SWG, /* ConvolutionInputGenerator */
  EST_FMPADDING,
  EST_DOWNSAMPLER,
  EST_THRESHOLDING,
  EST_MAXPOOL, /* StreamingMaxPool */
  EST_POOL,
  EST_LABELSELECT,
  EST_CHANNELWISE, /* ChannelwiseOp */
  EST_N_OPS,
};

enum est_impl { EST_HLS, EST_RTL };

/* In the order of est_choice_names (). */
enum est_ram_style { EST_RAM_AUTO, EST_RAM_BLOCK, EST_RAM_DISTRIBUTED, EST_RAM_ULTRA };
enum est_res_type { EST_RES_AUTO, EST_RES_LUT, EST_RES_DSP };
enum est_function { EST_CMP_LE, EST_CMP_GE, EST_ADD, EST_MUL };
enum est_mem_mode { EST_MEM_EMBEDDED, EST_MEM_DECOUPLED, EST_MEM_EXTERNAL };

/* What is needed of a weight matrix: for each column the sums of its positive and of its negative values and its
   extremes. An MVAU has one column for each output; a VVAU for each channel. */
struct est_column {
  double positive, negative; /* negative <= 0 */
  double low, high;
};

/* What is needed of a threshold tensor after scaling, rounding and clipping. */
struct est_thresholds {
  double low, high;
  int64_t steps;
  int64_t rows, columns; /* of the tensor; one row is the same for all channels, none: no thresholds */
  int typed; /* rounding or clipping changed something: the tensor has the type of the input, else FLOAT32 */
};

#define EST_LAYER_NAME 64

struct est_layer {
  enum est_op op;
  enum est_impl impl;
  enum est_impl preferred; /* valid with has_preferred: the specialise file's */
  int has_preferred;
  int index;        /* among the layers of the same kind and implementation */
  const char *node; /* of the model, for messages; borrowed from the network */

  struct est_type in, weight, acc, out, threshold;
  struct est_type tensor_in; /* of the tensor that it reads; an SWG keeps a stale in */

  /* geometry; which are used depends on op */
  int64_t mw, mh;   /* MVAU: rows and columns of the matrix */
  int64_t channels; /* also labels */
  int64_t vectors;  /* product of numInputVectors */
  int64_t kernel[2], dim[2], out_dim[2], stride[2], dilation[2];
  int64_t pad[4]; /* top, left, bottom, right */
  int64_t depthwise, is_1d, ceil_mode, max_pool;
  int64_t repeats;  /* images in a row, of layers that count them apart from vectors */
  int64_t act_val;  /* added to the number of thresholds passed */
  int64_t function; /* of a channelwise operation; its constants reach from weight_low to weight_high */
  int64_t sum_bits, shift; /* of an average: of the sum, and how far it is shifted */
  int64_t top;             /* how many labels are chosen */
  int64_t xnor;            /* binaryXnorMode */
  int64_t no_activation;
  int feeds_layer; /* a hardware layer reads its output */
  int keeps_bits;  /* -1 and 1 are kept as 0 and 1 in its weights */

  const struct est_column *columns; /* borrowed from the network; weights of MVAU and VVAU */
  int64_t n_columns, n_rows;
  double weight_low, weight_high;
  struct est_thresholds thresholds;

  /* what folding sets */
  int64_t pe, simd;
  int64_t parallel_window;
  int64_t ram_style, ram_style_thresholds, res_type, mem_mode;
  int64_t runtime_writeable_weights;
  int64_t depth_trigger_uram, depth_trigger_bram, uniform_thres, deep_pipeline;
};

const char *est_op_name (enum est_op op);
/* "MVAU_hls" */
void est_layer_type_name (const struct est_layer *layer, char name[EST_LAYER_NAME]);
/* "MVAU_hls_0" */
void est_layer_name (const struct est_layer *layer, char name[EST_LAYER_NAME]);
/* Counts layers of one kind and implementation from 0. */
void est_layers_number (struct est_layer *layers, size_t n);
/* Does a pool go along a line, of one row or one column? */
int est_pool_is_line (const int64_t dim[2], const int64_t kernel[2]);
/* The attributes as a layer has them before any folding. */
void est_layer_defaults (struct est_layer *layer);

#endif
