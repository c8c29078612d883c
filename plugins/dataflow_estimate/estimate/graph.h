/* SPDX-License-Identifier: BSD-3-Clause */
/* The model as the walk sees it: nodes in topological order over tensors with shapes, types and, for constants, values. One
   file (source.c) makes it from a model; nothing else here knows how models are kept. */
#ifndef BR_ESTIMATE_GRAPH_H
#define BR_ESTIMATE_GRAPH_H

#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "plugins/dataflow_estimate/estimate/types.h"

#define EST_MAX_RANK 8

struct est_tensor {
  const char *name; /* borrowed, as all names and values here, from what the graph was made of */
  int known_shape;
  int rank;
  int64_t dims[EST_MAX_RANK];
  size_t n;            /* elements of a constant */
  const float *values; /* of a constant, row by row; NULL for what is computed */
  float *owned;        /* values, where the graph has made them */
  int annotated;
  struct est_type type; /* as annotated, else FLOAT32 */
  int is_output;        /* of the graph */
  int producer;         /* node index, -1: none */
  int reader, readers;  /* the last node that reads it, -1: none; how many inputs of nodes do */
};

struct est_attr {
  const char *name;
  int64_t i;
  double f;
  const char *s;
  const int64_t *ints;
  size_t n_ints;
};

struct est_gnode {
  const char *name; /* never empty */
  const char *op;
  int *inputs; /* tensor indices; -1: left out */
  size_t n_inputs;
  int *outputs;
  size_t n_outputs;
  struct est_attr *attrs;
  size_t n_attrs;
};

struct est_source;

struct est_graph {
  struct est_tensor *tensors;
  size_t n_tensors;
  struct est_gnode *nodes;
  size_t n_nodes;
  int input;                 /* tensor: the one input that is not a constant */
  int is_quantised;          /* something in the model has values of few bits */
  struct est_source *source; /* what names, attributes and values are borrowed from; owned */
};

struct qx_model;

/* Takes the model over, also when it fails: constants are folded, shapes inferred. Freed with est_graph_free (). */
int est_graph_from_model (struct qx_model *model, struct est_graph *graph, struct br_error *err);
void est_graph_free (struct est_graph *graph);
/* Fills producers and readers of the tensors from the nodes. */
void est_graph_link (struct est_graph *graph);

/* The product of dimensions first … end - 1, at most EST_TOO_LARGE. */
#define EST_TOO_LARGE (INT64_C (1) << 31)
int64_t est_tensor_product (const struct est_tensor *tensor, int first, int end);
int est_is_one_of (const char *op, const char *const *names); /* names end with NULL */
int est_tensor_is_used (const struct est_tensor *tensor);     /* by a node, or as an output of the graph */
const struct est_attr *est_node_attr (const struct est_gnode *node, const char *name);
int64_t est_node_int (const struct est_gnode *node, const char *name, int64_t otherwise);
double est_node_float (const struct est_gnode *node, const char *name, double otherwise);
/* The i-th input when it is a constant, else NULL. */
const struct est_tensor *est_node_constant (const struct est_graph *graph, const struct est_gnode *node,
                                            size_t i);

#endif
