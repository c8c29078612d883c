/* SPDX-License-Identifier: BSD-3-Clause */
/* Constant operands: quantisers over constants, and weights reduced to what estimates need. */
#ifndef BR_ESTIMATE_OPERAND_H
#define BR_ESTIMATE_OPERAND_H

#include "plugins/dataflow_estimate/estimate/graph.h"
#include "plugins/dataflow_estimate/estimate/layer.h"

/* What a Quant or BipolarQuant node does. */
struct est_quantizer {
  const struct est_gnode *node;
  int bipolar, is_signed, narrow;
  int bits;
  double
      exact_bits; /* other than bits where it is no whole number: only behind a Relu does the flow build that */
  struct est_type type; /* of its integer values */
  double low, high;     /* integer values are clamped to these */
  const struct est_tensor *scale;
  int unit_scale; /* every scale is exactly 1 */
};

int est_is_quantizer (const struct est_gnode *node);
/* Category "transform": a zero point other than 0, parameters that are no constants. */
int est_quantizer_read (const struct est_graph *graph, const struct est_gnode *node, struct est_quantizer *q,
                        struct br_error *err);

/* A constant, through a quantiser and a transposition of two axes. */
struct est_operand {
  const struct est_tensor *tensor;
  const struct est_gnode *quantizer; /* NULL: none */
  int transposed;
};

/* 1 when tensor is such a constant, else 0. */
int est_operand_resolve (const struct est_graph *graph, int tensor, struct est_operand *operand);

/* Refuses scaled quantisers of constants that another quantiser reads. Category "transform". */
int est_operands_check (const struct est_graph *graph, struct br_error *err);

/* A matrix of weights with outputs as columns. Freed with est_weights_free (). */
struct est_weights {
  struct est_type type; /* declared; FLOAT32: not integer, and no columns */
  int64_t outputs;
  int64_t rows; /* values of each output */
  struct est_column *columns;
  double low, high;
  const float *scale; /* borrowed; one, or one for each output; NULL: none */
  size_t n_scale;
  float *integers; /* only with keep; outputs × rows, one output after the other */
};

/* axis: that of the outputs, as the consumer sees the operand. keep: the integers are wanted. */
int est_weights_read (const struct est_graph *graph, const struct est_gnode *consumer,
                      const struct est_operand *operand, int axis, int keep, struct est_weights *weights,
                      struct br_error *err);
void est_weights_free (struct est_weights *weights);

#endif
