/* SPDX-License-Identifier: BSD-3-Clause */
/* Narrowing of weights, accumulators and thresholds to what their values need. */
#ifndef BR_ESTIMATE_BITWIDTH_H
#define BR_ESTIMATE_BITWIDTH_H

#include "common/error.h"
#include "plugins/dataflow_estimate/estimate/layer.h"

/* All weights first, then accumulators and thresholds along the chain, each change of an output type passed on. Category
   "kernel": values that the flow refuses at this point. */
int est_minimize_widths (struct est_layer *layers, size_t n, struct br_error *err);

/* What a channelwise sum or product of its input and its constants can be. */
struct est_type est_channelwise_type (const struct est_layer *layer);

#endif
