/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over pools. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/window.h"

static const struct est_gnode *
only_reader (const struct est_graph *graph, const struct est_gnode *node)
{
  const struct est_tensor *t = &graph->tensors[node->outputs[0]];

  return t->readers == 1 ? &graph->nodes[t->reader] : NULL;
}

/* The flow does not ask for the type of what is pooled, only where the channels stand: a convolution before or behind the pool has
   moved them. */
static int
stands_by_convolution (const struct est_walk *walk, const struct est_gnode *node)
{
  const struct est_gnode *next = only_reader (walk->graph, node);
  int before = walk->graph->tensors[node->inputs[0]].producer;

  return (next != NULL && strcmp (next->op, "Conv") == 0) ||
         (before >= 0 && strcmp (walk->graph->nodes[before].op, "Conv") == 0);
}

/* A StreamingMaxPool, as far as that can be known yet. */
static int
add_maxpool (struct est_walk *walk, const struct est_gnode *node, const struct est_window *w,
             struct br_error *err)
{
  int fits = est_type_is_integer (walk->type) || stands_by_convolution (walk, node);
  struct est_node *n;

  n = est_walk_add (walk, node, fits ? EST_ROLE_LAYER : EST_ROLE_OUTSIDE, "MaxPool", err);
  if (n == NULL)
    return -1;
  est_window_fill (&n->layer, w, walk->type);
  n->layer.op = EST_MAXPOOL;
  n->layer.is_1d = est_pool_is_line (w->in, w->kernel);
  n->layer.ceil_mode = est_node_int (node, "ceil_mode", 0) != 0;
  if (est_window_is_padded (w))
    n->role = EST_ROLE_OUTSIDE;
  return 0;
}

/* A pool of any kind behind a generator for each channel. */
static int
add_pool (struct est_walk *walk, const struct est_gnode *node, const struct est_window *w,
          struct est_type out, int is_max, struct br_error *err)
{
  struct est_node *n;

  if (est_window_is_padded (w) && est_type_min (walk->type) != 0)
    return br_error_set (err, "kernel", "%s: a pool of values below 0 cannot be padded", node->name);
  if (est_walk_generator (walk, node, w, 1, err) < 0)
    return -1;
  n = est_walk_add (walk, node, EST_ROLE_LAYER, "pool", err);
  if (n == NULL)
    return -1;
  est_window_fill (&n->layer, w, walk->type);
  n->layer.op = EST_POOL;
  n->layer.max_pool = is_max;
  walk->type = n->layer.out = out;
  return 0;
}

/* The steps for MobileNet leave maximum pools with the channels second, and turn the image before and behind them. */
static int
add_turned_pool (struct est_walk *walk, const struct est_gnode *node, const struct est_window *w,
                 struct br_error *err)
{
  size_t first = walk->net->n;

  if (add_pool (walk, node, w, walk->type, 1, err) < 0)
    return -1;
  walk->is_image = 1;
  walk->net->nodes[first].turned_before = 1;
  walk->net->nodes[walk->net->n - 1].turned_behind = 1;
  walk->channels_last = 0;
  return 0;
}

static int
can_be_pool (const struct est_walk *walk, const struct est_window *w)
{
  return walk->options->flow == EST_FLOW_MOBILENET && est_type_is_integer (walk->type) &&
         w->kernel[0] >= w->stride[0] && w->kernel[1] >= w->stride[1];
}

int
est_walk_maxpool (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_pending *p = &walk->pending;
  struct est_window w;

  if (walk->has_conv && walk->options->flow == EST_FLOW_DEFAULT &&
      (est_node_attr (node, "pads") == NULL || est_node_attr (node, "strides") == NULL))
    return br_error_set (err, "transform", "%s: a pool among convolutions has to say its pads and strides",
                         node->name);
  if (est_window_read (walk, node, &w, err) < 0)
    return -1;
  if ((p->n_add > 0 || est_pending_is_negative (p) || walk->xnor_rows > 0) &&
      est_walk_settle (walk, node, err) < 0)
    return -1;
  if (can_be_pool (walk, &w))
    return add_turned_pool (walk, node, &w, err);
  return add_maxpool (walk, node, &w, err);
}

/* ---- averages: AveragePool, Mul by the pixels of the window, Trunc ---- */

#define LEAST_AVERAGE_BITS 2
#define MOST_AVERAGE_BITS  32

static int
is_scalar (const struct est_tensor *t)
{
  return t != NULL && t->n == 1;
}

static int
check_average_bits (const struct est_gnode *node, double bits, struct br_error *err)
{
  if (bits >= LEAST_AVERAGE_BITS && bits < MOST_AVERAGE_BITS + 1)
    return 0;
  return br_error_set (err, "transform", "%s: an average of %g bits cannot be built, only one of %d to %d",
                       node->name, bits, LEAST_AVERAGE_BITS, MOST_AVERAGE_BITS);
}

/* The Trunc behind the Mul; NULL: this is no average of integers. */
static const struct est_gnode *
find_trunc (const struct est_graph *graph, const struct est_gnode *node)
{
  const struct est_gnode *mul = only_reader (graph, node);
  const struct est_gnode *trunc =
      mul != NULL && strcmp (mul->op, "Mul") == 0 ? only_reader (graph, mul) : NULL;

  return trunc != NULL && strcmp (trunc->op, "Trunc") == 0 ? trunc : NULL;
}

static int
check_average (const struct est_graph *graph, const struct est_gnode *node, const struct est_gnode *trunc,
               const struct est_window *w, struct br_error *err)
{
  const struct est_tensor *pixels = est_node_constant (graph, only_reader (graph, node), 1);
  const struct est_attr *mode = est_node_attr (trunc, "rounding_mode");
  const struct est_tensor *zero = est_node_constant (graph, trunc, 2),
                          *bits = est_node_constant (graph, trunc, 4);

  if (w->kernel[0] != w->kernel[1] || w->stride[0] != w->stride[1] || est_window_is_padded (w))
    return br_error_set (err, "transform",
                         "%s: only average pools that are square and not padded can be built", node->name);
  if (!is_scalar (pixels) || pixels->values[0] != (float) (w->kernel[0] * w->kernel[0]))
    return br_error_set (err, "transform",
                         "%s: the factor behind an average pool has to be the pixels of its window",
                         node->name);
  if (mode == NULL || mode->s == NULL || strcmp (mode->s, "FLOOR") != 0)
    return br_error_set (err, "transform", "%s: only truncation by FLOOR can be built", trunc->name);
  if (!is_scalar (zero) || zero->values[0] != 0 || est_node_constant (graph, trunc, 1) == NULL)
    return br_error_set (err, "transform",
                         "%s: only truncation with a constant scale and zero point 0 can be built",
                         trunc->name);
  if (bits == NULL || bits->n == 0)
    return br_error_set (err, "transform", "%s: the bits of a truncation have to be a constant", trunc->name);
  return check_average_bits (trunc, bits->values[0], err);
}

/* Where what is pooled has no integer type, FINN asks what stands before: a quantiser, perhaps behind what keeps the sign. */
static int
sign_is_known (const struct est_walk *walk, const struct est_gnode *node)
{
  static const char *const quantisers[] = { "Quant", "BipolarQuant", "MultiThreshold", NULL };
  static const char *const keep[] = { "Add", "Mul", "AveragePool", "Pad", NULL };
  int producer = walk->graph->tensors[node->inputs[0]].producer;

  if (est_type_is_integer (walk->type) && est_pending_is_empty (&walk->pending))
    return 1;
  while (producer >= 0) {
    const struct est_gnode *before = &walk->graph->nodes[producer];

    if (est_is_one_of (before->op, quantisers))
      return 1;
    if (!est_is_one_of (before->op, keep) || before->n_inputs == 0 || before->inputs[0] < 0)
      return 0;
    producer = walk->graph->tensors[before->inputs[0]].producer;
  }
  return 0;
}

/* The scale of the truncation is taken off before the pool and put on behind it. */
static int
take_off_scale (struct est_walk *walk, const struct est_gnode *node, const struct est_tensor *scale,
                struct br_error *err)
{
  float inverse = 1 / scale->values[0];

  if (est_pending_mul (&walk->pending, &inverse, 1, err) < 0)
    return -1;
  return est_walk_settle (walk, node, err);
}

/* The pool that was added last sums pixels of that many bits and drops what its output has no room for. */
static void
set_sum (struct est_walk *walk, const struct est_window *w, double in_bits)
{
  struct est_layer *layer = &walk->net->nodes[walk->net->n - 1].layer;
  double largest = (exp2 (in_bits) - 1) * (double) (w->kernel[0] * w->kernel[0]);

  layer->sum_bits = largest >= 1 && largest < HUGE_VAL ? ilogb (largest) + 1 : 0;
  layer->shift = layer->sum_bits > layer->out.bits ? layer->sum_bits - layer->out.bits : 0;
}

/* What one pixel has of the bits that the truncation says of the sum. */
static double
bits_of_pixel (const struct est_tensor *sum_bits, const struct est_window *w)
{
  double bits = is_scalar (sum_bits) ? sum_bits->values[0] : 0;

  return floor (bits - log2 ((double) (w->kernel[0] * w->kernel[0])));
}

int
est_walk_averagepool (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  const struct est_gnode *trunc = find_trunc (walk->graph, node);
  const struct est_tensor *scale;
  struct est_type out;
  struct est_window w;
  int bits;

  if (trunc == NULL)
    return est_walk_outside (walk, node, EST_TYPE_FLOAT, err);
  if (est_window_read (walk, node, &w, err) < 0 || check_average (walk->graph, node, trunc, &w, err) < 0)
    return -1;
  if (!sign_is_known (walk, node))
    return br_error_set (err, "transform",
                         "%s: no quantiser before the pool says whether what is truncated has a sign",
                         trunc->name);
  scale = est_node_constant (walk->graph, trunc, 1);
  bits = (int) est_node_constant (walk->graph, trunc, 4)->values[0];
  out = est_type_is_signed (walk->type) ? EST_TYPE_INT (bits) : EST_TYPE_UINT (bits);
  if (take_off_scale (walk, node, scale, err) < 0)
    return -1;
  if (can_be_pool (walk, &w) ? add_pool (walk, node, &w, out, 0, err) < 0
                             : est_walk_outside (walk, node, out, err) < 0)
    return -1;
  if (walk->net->nodes[walk->net->n - 1].layer.op == EST_POOL)
    set_sum (walk, &w, bits_of_pixel (est_node_constant (walk->graph, trunc, 3), &w));
  walk->skip = 2;
  walk->is_image = 0;
  return est_pending_mul (&walk->pending, scale->values, scale->n, err);
}

/* The same in a model that the flow has converted before: the scale is taken off and put on by nodes of its own. */
int
est_walk_quantavgpool (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  int64_t bits = est_node_int (node, "obits", 0), kernel = est_node_int (node, "kernel", 0),
          stride = est_node_int (node, "stride", 0);
  struct est_type out;
  struct est_window w;

  if (kernel < 1 || stride < 1)
    return br_error_set (err, "transform", "%s: kernel or stride are missing or cannot be built", node->name);
  if (check_average_bits (node, (double) bits, err) < 0)
    return -1;
  if (est_window_read (walk, node, &w, err) < 0 || est_walk_settle (walk, node, err) < 0)
    return -1;
  w.kernel[0] = w.kernel[1] = kernel;
  w.stride[0] = w.stride[1] = stride;
  out = est_node_int (node, "signed", 0) != 0 ? EST_TYPE_INT ((int) bits) : EST_TYPE_UINT ((int) bits);
  walk->is_image = 0;
  if (can_be_pool (walk, &w)) {
    if (add_pool (walk, node, &w, out, 0, err) < 0)
      return -1;
    set_sum (walk, &w, (double) est_node_int (node, "ibits", 0));
    return 0;
  }
  return est_walk_outside (walk, node, out, err);
}

/* What a pool can be is known when the types are final and the windows counted. */
static int
check_pool (const struct est_network *net, struct est_node *n, struct br_error *err)
{
  const struct est_layer *l = &n->layer;
  int rows = l->dim[0] % l->kernel[0] == 0, columns = l->dim[1] % l->kernel[1] == 0;

  if (!net->has_im2col || net->flow != EST_FLOW_DEFAULT || l->kernel[0] != l->stride[0] ||
      l->kernel[1] != l->stride[1])
    n->role = EST_ROLE_OUTSIDE;
  else if (l->is_1d && l->in.kind == EST_BIPOLAR)
    n->role = EST_ROLE_OUTSIDE;
  else if (!l->is_1d && !rows && !columns)
    n->role = EST_ROLE_OUTSIDE;
  else if (!l->is_1d && rows != columns)
    return br_error_set (err, "kernel", "%s: a pool of %lld x %lld does not divide an image of %lld x %lld",
                         n->name, (long long) l->kernel[0], (long long) l->kernel[1], (long long) l->dim[0],
                         (long long) l->dim[1]);
  return 0;
}

int
est_walk_check_pools (struct est_network *net, struct br_error *err)
{
  for (size_t i = 0; i < net->n; i++)
    if (net->nodes[i].role == EST_ROLE_LAYER && net->nodes[i].layer.op == EST_MAXPOOL &&
        check_pool (net, &net->nodes[i], err) < 0)
      return -1;
  return 0;
}
