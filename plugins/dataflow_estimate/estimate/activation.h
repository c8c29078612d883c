/* SPDX-License-Identifier: BSD-3-Clause */
/* Quantised activations as thresholds: how many, where, and what comes out. */
#ifndef BR_ESTIMATE_ACTIVATION_H
#define BR_ESTIMATE_ACTIVATION_H

#include "plugins/dataflow_estimate/estimate/operand.h"
#include "plugins/dataflow_estimate/estimate/pending.h"

enum est_before { EST_BEFORE_OTHER, EST_BEFORE_RELU, EST_BEFORE_SELU };

/* y = scale·(number of thresholds not above x) + bias, then times post. Freed with est_activation_free (). */
struct est_activation {
  float *thresholds; /* rows × steps */
  int64_t rows, steps;
  struct est_type out;
  double scale, bias;
  const float *post; /* borrowed; NULL: none */
  size_t n_post;
};

/* channels: those along axis 1, which thresholds follow. Category "transform": what the flow cannot turn into thresholds. */
int est_activation_from_quantizer (const struct est_quantizer *q, enum est_before before, int64_t channels,
                                   struct est_activation *a, struct br_error *err);
int est_activation_from_node (const struct est_graph *graph, const struct est_gnode *node,
                              struct est_activation *a, struct br_error *err); /* MultiThreshold, Sign */
/* Takes the pending constants (factors not below 0) in: thresholds for an input of type in, rounded and clipped. xnor_rows: the
   input counts equal bits out of so many; 0: it does not. */
int est_activation_absorb (struct est_activation *a, const char *node, const struct est_pending *p,
                           struct est_type in, int64_t xnor_rows, struct est_thresholds *result,
                           struct br_error *err);
/* A scalar term directly behind the thresholds becomes part of the bias; the type is chosen anew. */
int est_activation_add_bias (const char *node, int64_t steps, double term, double *bias, struct est_type *out,
                             struct br_error *err);
void est_activation_free (struct est_activation *a);

#endif
