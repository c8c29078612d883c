/* SPDX-License-Identifier: BSD-3-Clause */
/* Following the path from input to output, one node at a time. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/walk.h"

struct est_node *
est_walk_add (struct est_walk *walk, const struct est_gnode *node, enum est_role role, const char *op,
              struct br_error *err)
{
  struct est_network *net = walk->net;
  struct est_node *n;

  if (net->n == net->capacity) {
    size_t capacity = net->capacity > 0 ? net->capacity * 2 : 32;
    struct est_node *nodes = realloc (net->nodes, capacity * sizeof *nodes);

    if (nodes == NULL) {
      br_error_oom (err);
      return NULL;
    }
    net->nodes = nodes;
    net->capacity = capacity;
  }
  n = &net->nodes[net->n];
  memset (n, 0, sizeof *n);
  n->role = role;
  n->op = op;
  n->scale = 1;
  n->name = strdup (node->name);
  if (n->name == NULL) {
    br_error_oom (err);
    return NULL;
  }
  net->n++;
  walk->directly_behind_thresholds = 0;
  walk->is_whole = 0;
  return n;
}

/* The matrix unit whose product the pending constants apply to; NULL when something stands between. */
static struct est_node *
matrix_before (const struct est_walk *walk)
{
  struct est_node *n = walk->net->n > 0 ? &walk->net->nodes[walk->net->n - 1] : NULL;

  if (n == NULL || n->role != EST_ROLE_LAYER || (n->layer.op != EST_MVAU && n->layer.op != EST_VVAU))
    return NULL;
  return n;
}

static int
flip_allowed (const struct est_walk *walk, const struct est_node *n)
{
  struct est_type type = n->layer.keeps_bits ? EST_TYPE_BIPOLAR : n->layer.weight;

  for (int64_t i = 0; i < n->layer.n_columns; i++) {
    const struct est_column *c = &n->columns[i];

    if (est_pending_mul_at (&walk->pending, (size_t) i) < 0 &&
        (!est_type_holds (type, -c->low) || !est_type_holds (type, -c->high)))
      return 0;
  }
  return 1;
}

static void
flip (const struct est_walk *walk, struct est_node *n)
{
  struct est_layer *layer = &n->layer;

  for (int64_t i = 0; i < layer->n_columns; i++) {
    struct est_column *c = &n->columns[i], old = *c;

    if (est_pending_mul_at (&walk->pending, (size_t) i) >= 0)
      continue;
    *c = (struct est_column){ -old.negative, -old.positive, -old.high, -old.low };
  }
  layer->weight_low = n->columns[0].low;
  layer->weight_high = n->columns[0].high;
  for (int64_t i = 1; i < layer->n_columns; i++) {
    layer->weight_low = fmin (layer->weight_low, n->columns[i].low);
    layer->weight_high = fmax (layer->weight_high, n->columns[i].high);
  }
}

int
est_walk_absorb_signs (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_node *matrix = matrix_before (walk);

  if (!est_pending_is_negative (&walk->pending))
    return 0;
  if (matrix != NULL && matrix->is_product && walk->pending.mul_rank > 2)
    return br_error_set (err, "transform",
                         "%s: weights of two axes cannot take in a negative factor of %d axes", node->name,
                         walk->pending.mul_rank);
  if (matrix != NULL && flip_allowed (walk, matrix)) {
    flip (walk, matrix);
  } else {
    if (est_walk_add (walk, node, EST_ROLE_OUTSIDE, "multiplication by signs", err) == NULL)
      return -1;
    if (est_type_is_integer (walk->type))
      walk->type = EST_TYPE_INT (32);
  }
  est_pending_make_positive (&walk->pending);
  return 0;
}

/* A product that XNOR counts is made whole again by a factor of 2 and the number of rows. */
static int
restore_product (struct est_walk *walk, struct br_error *err)
{
  struct est_pending *p = &walk->pending;
  const float two = 2;
  float *term;
  size_t n = p->n_mul > p->n_add ? p->n_mul : p->n_add;

  if (walk->xnor_rows == 0)
    return 0;
  n = n > 0 ? n : 1;
  term = malloc (n * sizeof *term);
  if (term == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < n; i++)
    term[i] = est_pending_add_at (p, i) - est_pending_mul_at (p, i) * (float) walk->xnor_rows;
  walk->xnor_rows = 0;
  n = est_pending_set_add (p, term, n, err) < 0 || est_pending_mul (p, &two, p->n_add > 0 ? 0 : 1, err) < 0;
  free (term);
  return n ? -1 : 0;
}

int
est_walk_settle (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  if (est_walk_absorb_signs (walk, node, err) < 0 || restore_product (walk, err) < 0)
    return -1;
  if (est_pending_is_empty (&walk->pending))
    return 0;
  if (walk->options->flow == EST_FLOW_MOBILENET && !walk->sum_of_integers &&
      est_type_is_integer (walk->type) && est_walk_whole (walk, node, err) < 0)
    return -1;
  walk->sum_of_integers = 0;
  walk->type = EST_TYPE_FLOAT;
  if (est_pending_is_empty (&walk->pending))
    return 0;
  est_pending_clear (&walk->pending);
  return est_walk_add (walk, node, EST_ROLE_OUTSIDE, "multiplication or addition", err) != NULL ? 0 : -1;
}

int
est_walk_outside (struct est_walk *walk, const struct est_gnode *node, struct est_type type,
                  struct br_error *err)
{
  if (est_walk_settle (walk, node, err) < 0 ||
      est_walk_add (walk, node, EST_ROLE_OUTSIDE, "software", err) == NULL)
    return -1;
  walk->type = type;
  return 0;
}

/* Only the default steps take the bias of a quantised activation in before they move scalar terms past a change of layout. */
static void
leave_bias (struct est_walk *walk)
{
  struct est_node *n = walk->net->n > 0 ? &walk->net->nodes[walk->net->n - 1] : NULL;

  if (walk->options->flow == EST_FLOW_MOBILENET && n != NULL && n->bias_apart)
    n->bias = 0;
}

/* Nodes outlive the model that op belongs to. */
static const char *
layout_name (const char *op)
{
  if (strcmp (op, "Reshape") == 0)
    return "Reshape";
  return strcmp (op, "Flatten") == 0 ? "Flatten" : "Transpose";
}

static int
flatten_moves (struct est_walk *walk, const struct est_gnode *node)
{
  walk->moving = node;
  return 0;
}

static int
walk_layout (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  const struct est_tensor *in = &walk->graph->tensors[node->inputs[0]];
  const struct est_tensor *out = &walk->graph->tensors[node->outputs[0]];
  const struct est_attr *perm = est_node_attr (node, "perm");
  int flattens = strcmp (node->op, "Reshape") == 0 || strcmp (node->op, "Flatten") == 0;
  int to_two = flattens && in->known_shape && out->known_shape && out->rank == 2 && in->rank > 0 &&
               in->dims[0] == out->dims[0];
  struct est_node *n;

  leave_bias (walk);
  if (to_two && walk->options->flow == EST_FLOW_MOBILENET && est_tensor_product (in, 2, in->rank) == 1)
    return flatten_moves (walk, node); /* of single pixels: behind products, factors and terms */
  if (walk->net->n == 0 && perm != NULL && perm->n_ints == 4 && perm->ints[1] == 3)
    walk->nhwc_input = 1;
  if (!est_pending_is_scalar (&walk->pending) && est_walk_settle (walk, node, err) < 0)
    return -1;
  n = est_walk_add (walk, node, to_two ? EST_ROLE_FLATTEN : EST_ROLE_LAYOUT, layout_name (node->op), err);
  if (n == NULL)
    return -1;
  n->from_image = in->known_shape && in->rank == 4;
  return 0;
}

/* A Relu is taken in by the quantiser behind it; alone it stays outside. */
static int
walk_relu (struct est_walk *walk, const struct est_gnode *node)
{
  walk->before = strcmp (node->op, "Relu") == 0 ? EST_BEFORE_RELU : EST_BEFORE_SELU;
  walk->waiting = node;
  walk->directly_behind_thresholds = 0;
  return 0;
}

/* Of what follows a node that stays outside: most operators give floats, and these what they get. */
static struct est_type
type_behind (const struct est_walk *walk, const struct est_gnode *node)
{
  static const char *const keeping[] = {
    "Clip",
    "Concat",
    "Expand",
    "Gather",
    "GatherElements",
    "GatherND",
    "GlobalMaxPool",
    "Identity",
    "Pad",
    "Resize",
    "Scatter",
    "ScatterElements",
    "ScatterND",
    "Slice",
    "Squeeze",
    "Unsqueeze",
    "Tile",
    "Upsample",
    NULL,
  };

  return est_is_one_of (node->op, keeping) ? walk->type : EST_TYPE_FLOAT;
}

/* A Pad that pads nothing is taken away. */
static int
pads_nothing (const struct est_walk *walk, const struct est_gnode *node)
{
  const struct est_attr *pads = est_node_attr (node, "pads");
  const struct est_tensor *t = est_node_constant (walk->graph, node, 1);

  if (strcmp (node->op, "Pad") != 0 || (pads == NULL && t == NULL))
    return 0;
  for (size_t i = 0; pads != NULL && i < pads->n_ints; i++)
    if (pads->ints[i] != 0)
      return 0;
  for (size_t i = 0; pads == NULL && i < t->n; i++)
    if (t->values[i] != 0)
      return 0;
  return 1;
}

static int
walk_node (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  static const char *const arithmetic[] = { "Add", "Sub", "Mul", "Div", NULL };
  static const char *const layouts[] = { "Reshape", "Flatten", "Transpose", NULL };
  static const char *const thresholds[] = { "Quant", "BipolarQuant", "MultiThreshold", "Sign", NULL };
  static const char *const relus[] = { "Relu", "Selu", NULL };

  if (est_is_one_of (node->op, thresholds))
    return est_walk_quantizer (walk, node, err);
  if (walk->waiting != NULL) {
    const struct est_gnode *relu = walk->waiting;

    walk->waiting = NULL;
    walk->before = EST_BEFORE_OTHER;
    if (est_walk_outside (walk, relu, EST_TYPE_FLOAT, err) < 0)
      return -1;
  }
  if (est_is_one_of (node->op, relus))
    return walk_relu (walk, node);
  if (est_is_one_of (node->op, arithmetic))
    return est_walk_arithmetic (walk, node, err);
  if (est_is_one_of (node->op, layouts))
    return walk_layout (walk, node, err);
  if (strcmp (node->op, "BatchNormalization") == 0)
    return est_walk_batchnorm (walk, node, err);
  if (strcmp (node->op, "MatMul") == 0 || strcmp (node->op, "Gemm") == 0)
    return est_walk_matmul (walk, node, err);
  if (strcmp (node->op, "Conv") == 0)
    return est_walk_conv (walk, node, err);
  if (strcmp (node->op, "MaxPool") == 0)
    return est_walk_maxpool (walk, node, err);
  if (strcmp (node->op, "AveragePool") == 0)
    return est_walk_averagepool (walk, node, err);
  if (strcmp (node->op, "QuantAvgPool2d") == 0)
    return est_walk_quantavgpool (walk, node, err);
  if (strcmp (node->op, "TopK") == 0)
    return est_walk_topk (walk, node, err);
  if (pads_nothing (walk, node))
    return 0;
  if (est_walk_settle (walk, node, err) < 0)
    return -1;
  return est_walk_outside (walk, node, type_behind (walk, node), err);
}

/* BatchNormalization between an Unsqueeze and a Squeeze counts as standing alone. */
static int
is_around_batchnorm (const struct est_graph *graph, const struct est_gnode *node)
{
  const struct est_tensor *in = &graph->tensors[node->inputs[0]];
  const struct est_tensor *out = &graph->tensors[node->outputs[0]];

  if (strcmp (node->op, "Squeeze") == 0)
    return in->producer >= 0 && strcmp (graph->nodes[in->producer].op, "BatchNormalization") == 0;
  if (strcmp (node->op, "Unsqueeze") != 0)
    return 0;
  return out->readers == 1 && strcmp (graph->nodes[out->reader].op, "BatchNormalization") == 0;
}

/* On to the output that is used: a TopK has two. */
static int
next_tensor (const struct est_graph *graph, const struct est_gnode *node)
{
  for (size_t i = 0; i < node->n_outputs; i++)
    if (node->outputs[i] >= 0 && est_tensor_is_used (&graph->tensors[node->outputs[i]]))
      return node->outputs[i];
  return -1;
}

static int
walk_path (struct est_walk *walk, struct br_error *err)
{
  const struct est_graph *graph = walk->graph;
  int tensor = graph->input;

  while (tensor >= 0 && graph->tensors[tensor].readers > 0) {
    const struct est_gnode *node = &graph->nodes[graph->tensors[tensor].reader];

    if (graph->tensors[tensor].readers > 1)
      return est_walk_fork (walk, tensor, err);
    if (node->n_outputs == 0 || node->outputs[0] < 0)
      return br_error_set (err, "model_load", "%s: %s has no output", node->name, node->op);
    if (node->inputs[0] != tensor && !(node->n_inputs > 1 && node->inputs[1] == tensor))
      return br_error_set (err, "transform", "%s: %s reads the path where a constant is meant", node->name,
                           node->op);
    if (walk->skip > 0)
      walk->skip--;
    else if (!is_around_batchnorm (graph, node) && walk_node (walk, node, err) < 0)
      return -1;
    tensor = next_tensor (graph, node);
  }
  return 0;
}

static int
finish (struct est_walk *walk, struct br_error *err)
{
  const struct est_gnode *last =
      walk->graph->n_nodes > 0 ? &walk->graph->nodes[walk->graph->n_nodes - 1] : NULL;

  if (last == NULL)
    return br_error_set (err, "transform", "the model has no nodes");
  if (walk->waiting != NULL)
    return est_walk_outside (walk, walk->waiting, EST_TYPE_FLOAT, err);
  return est_walk_settle (walk, last, err);
}

static size_t
next_matrix (const struct est_network *net, size_t i)
{
  while (i < net->n && (net->nodes[i].role != EST_ROLE_LAYER ||
                        (net->nodes[i].layer.op != EST_MVAU && net->nodes[i].layer.op != EST_VVAU)))
    i++;
  return i;
}

/* Layers stand in the order of the model's nodes. */
static int
note_left_out (const struct est_graph *graph, struct est_network *net, struct br_error *err)
{
  static const char *const products[] = { "MatMul", "Gemm", "Conv", "ConvTranspose", NULL };
  size_t at = next_matrix (net, 0);

  for (size_t i = 0; i < graph->n_nodes; i++) {
    const struct est_gnode *node = &graph->nodes[i];

    if (!est_is_one_of (node->op, products))
      continue;
    if (at < net->n && strcmp (net->nodes[at].name, node->name) == 0)
      at = next_matrix (net, at + 1);
    else if (net->n_left_out++ == 0 && (net->first_left_out = strdup (node->name)) == NULL)
      return br_error_oom (err);
  }
  return 0;
}

int
est_walk_model (const struct est_graph *graph, const struct est_load_options *options,
                struct est_network *net, struct br_error *err)
{
  struct est_walk walk = { .graph = graph, .options = options, .net = net };
  int ret;

  net->flow = options->flow;
  net->is_quantised = graph->is_quantised;
  walk.type = graph->tensors[graph->input].annotated ? graph->tensors[graph->input].type : EST_TYPE_FLOAT;
  walk.is_image = graph->tensors[graph->input].rank == 4;
  for (size_t i = 0; i < graph->n_nodes; i++)
    walk.has_conv |= strcmp (graph->nodes[i].op, "Conv") == 0;
  ret = est_operands_check (graph, err);
  if (ret == 0)
    ret = walk_path (&walk, err);
  if (ret == 0)
    ret = finish (&walk, err);
  est_pending_clear (&walk.pending);
  if (ret == 0)
    ret = est_walk_check_pools (net, err);
  return ret == 0 ? note_left_out (graph, net, err) : ret;
}
