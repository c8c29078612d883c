/* SPDX-License-Identifier: BSD-3-Clause */
/* A network as its file has it, reduced to what estimates need: the chain of nodes that the flow's graph passes end with.
   It is read once; any number of points (clock, part, target, folding) are computed from it. */
#ifndef BR_ESTIMATE_NETWORK_H
#define BR_ESTIMATE_NETWORK_H

#include "common/error.h"
#include "plugins/dataflow_estimate/estimate/layer.h"

struct qx_model;
struct est_network;

/* Which steps convert the graph: FINN's default ones, or those of its MobileNet-v1 example, which build depthwise convolutions and
   pools of any kind, but neither activations at the input nor products of bits. */
enum est_flow { EST_FLOW_DEFAULT, EST_FLOW_MOBILENET };

struct est_load_options {
  int64_t max_multithreshold_bit_width; /* wider activations are not turned into thresholds */
  enum est_flow flow;
};

/* Reads the model, which is taken over, also after a failure. The caller frees *network. Errors name the node. Categories: "model_load" for what
   cannot be read, "transform" for what the graph passes refuse, "kernel" for what no layer can do, "memory". */
int est_network_load (struct qx_model *model, const struct est_load_options *options,
                      struct est_network **network, struct br_error *err);
void est_network_free (struct est_network *network);

/* The hardware layers, not specialised yet; columns are borrowed from the network, the array is the caller's to free. Activations
   stand alone with standalone_thresholds, else inside the matrix unit before them. */
int est_network_layers (const struct est_network *network, int standalone_thresholds,
                        struct est_layer **layers, size_t *n, struct br_error *err);

/* How many of the model's products (MatMul, Gemm, Conv, ConvTranspose) are no hardware layers, and the first of them (borrowed; NULL where
   there is none): figures of the layers are not figures of the network then. */
size_t est_network_left_out (const struct est_network *network, const char **first);

#endif
