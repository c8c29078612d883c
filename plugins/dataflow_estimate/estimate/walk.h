/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk along the model's path, which stands for all of the flow's graph rewriting: constants travel to the activation that
   takes them in, and each matrix, window, pool and activation becomes a node that is a hardware layer or stays outside. */
#ifndef BR_ESTIMATE_WALK_H
#define BR_ESTIMATE_WALK_H

#include "plugins/dataflow_estimate/estimate/activation.h"
#include "plugins/dataflow_estimate/estimate/graph.h"
#include "plugins/dataflow_estimate/estimate/network.h"

enum est_role {
  EST_ROLE_LAYER,
  EST_ROLE_OUTSIDE, /* stays in software */
  EST_ROLE_LAYOUT,  /* outside: a reshape or transposition, types pass */
  EST_ROLE_FLATTEN, /* the same, to two axes: goes where the layers around it can do without */
};

struct est_node {
  enum est_role role;
  char *name;     /* of the model's node */
  const char *op; /* what it is, for messages; static */
  int from_image; /* of a flatten: from four axes */
  struct est_layer layer;
  struct est_column *columns;       /* owned; the layer borrows them */
  int is_product;                   /* a matrix whose weights have two axes */
  int stands_alone;                 /* a matrix that takes no activation in */
  int turned_before, turned_behind; /* a transposition stands there, which no steps take away */
  /* thresholds */
  double scale, bias;
  int64_t rows;
  int bias_apart; /* in the flow's graph the bias is an addition of its own until the layers are made */
};

struct est_network {
  struct est_node *nodes;
  size_t n, capacity;
  int has_im2col; /* some convolution reads windows */
  int is_quantised;
  enum est_flow flow;
  size_t n_left_out;    /* products that are no layers */
  char *first_left_out; /* the model's node; owned; NULL: none is */
};

/* Frees what it owns. */
void est_network_clear (struct est_network *net);

struct est_window;

struct est_walk {
  const struct est_graph *graph;
  const struct est_load_options *options;
  struct est_network *net; /* what is being made */
  struct est_type type;    /* of the last settled tensor */
  struct est_pending pending;
  int64_t xnor_rows;      /* the pending constants apply to a product that XNOR counts; rows of its matrix */
  enum est_before before; /* a Relu or Selu that waits for its quantiser */
  const struct est_gnode *waiting; /* that node */
  int directly_behind_thresholds;
  const struct est_gnode *moving; /* a flatten that the steps for MobileNet move on, until an activation */
  int sum_of_integers; /* what waits ends in integers times a factor, which those steps build as such */
  int has_conv;        /* somewhere in the model */
  int nhwc_input;      /* the image was transposed before anything else */
  int channels_last;   /* a convolution has moved them there */
  int is_image;        /* what waits stands behind an image, channels second */
  int is_whole; /* what was settled last are layers that labels can be selected behind, of this type: */
  struct est_type whole;
  int skip; /* so many nodes ahead are part of what was handled */
};

/* Fills net. */
int est_walk_model (const struct est_graph *graph, const struct est_load_options *options,
                    struct est_network *net, struct br_error *err);

/* Shared by the files of the walk. A new node; NULL: err is set. */
struct est_node *est_walk_add (struct est_walk *walk, const struct est_gnode *node, enum est_role role,
                               const char *op, struct br_error *err);
/* What waits becomes a node outside, negative factors first going into the weights before. */
int est_walk_settle (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
/* Negative factors into the weights of the matrix directly before, or a node outside. */
int est_walk_absorb_signs (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
/* Whole factors and terms behind integers, as layers of their own: by the steps for MobileNet. */
int est_walk_whole (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
/* Settles and keeps the node outside; what follows is float. */
int est_walk_outside (struct est_walk *walk, const struct est_gnode *node, struct est_type type,
                      struct br_error *err);
int est_walk_matmul (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
int est_walk_conv (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
int est_walk_maxpool (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
int est_walk_averagepool (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
int est_walk_quantavgpool (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
int est_walk_quantizer (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
int est_walk_topk (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
/* Where several nodes read a tensor: 0 when none of what lies behind can be a layer, so that the walk may end there. */
int est_walk_fork (struct est_walk *walk, int tensor, struct br_error *err);
/* Terms and factors by a constant, also quantised. */
int est_walk_arithmetic (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);
/* op, one of the four, with a constant that follows the channels or is one value. */
int est_walk_constant (struct est_walk *walk, const struct est_gnode *node, const char *op,
                       const struct est_operand *operand, struct br_error *err);
int est_walk_batchnorm (struct est_walk *walk, const struct est_gnode *node, struct br_error *err);

/* After the walk: what is known only at its end. */
int est_walk_check_pools (struct est_network *net, struct br_error *err);

/* x·A + B with one term goes past a matrix: A stays, B becomes a term for each output. */
int est_walk_carry_term (struct est_walk *walk, const struct est_weights *weights, struct br_error *err);
/* The matrix node of weights, whose columns it takes over; their scale waits behind it. */
int est_walk_matrix (struct est_walk *walk, const struct est_gnode *node, struct est_weights *weights,
                     int64_t vectors, int xnor, struct br_error *err);
/* The same, of a depthwise convolution. */
int est_walk_depthwise (struct est_walk *walk, const struct est_gnode *node, struct est_weights *weights,
                        const struct est_window *window, struct br_error *err);
/* Are input and weights both bipolar? Then they are rewritten to bits, and so is the activation that feeds them. */
int est_walk_xnor (struct est_walk *walk, const struct est_gnode *node, const struct est_weights *weights,
                   int *xnor, struct br_error *err);

#endif
