/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over convolutions and pools. A convolution becomes the padding, the window and the matrix that it is. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/walk.h"

struct window {
  int64_t kernel[2], stride[2], dilation[2], pad[4];
  int64_t in[2], out[2]; /* in: before padding */
  int64_t batch, channels, outputs, group;
};

static int
read_pair (const struct est_gnode *node, const char *name, int64_t otherwise, int64_t pair[2])
{
  const struct est_attr *a = est_node_attr (node, name);

  pair[0] = pair[1] = otherwise;
  if (a == NULL || a->n_ints == 0)
    return 0;
  if (a->n_ints != 2 || a->ints[0] < 1 || a->ints[1] < 1)
    return -1;
  pair[0] = a->ints[0];
  pair[1] = a->ints[1];
  return 0;
}

static int
read_pads (const struct est_gnode *node, int64_t pad[4])
{
  const struct est_attr *a = est_node_attr (node, "pads");

  memset (pad, 0, 4 * sizeof pad[0]);
  if (a == NULL || a->n_ints == 0)
    return 0;
  if (a->n_ints != 4)
    return -1;
  for (int i = 0; i < 4; i++)
    if ((pad[i] = a->ints[i]) < 0)
      return -1;
  return 0;
}

static int
read_window (const struct est_walk *walk, const struct est_gnode *node, struct window *w,
             struct br_error *err)
{
  const struct est_tensor *in = &walk->graph->tensors[node->inputs[0]];
  const struct est_tensor *out = &walk->graph->tensors[node->outputs[0]];

  if (!in->known_shape || !out->known_shape || in->rank != 4 || out->rank != 4)
    return br_error_set (err, "transform", "%s: %s of what is not an image of known shape", node->name,
                         node->op);
  if (read_pair (node, "kernel_shape", 1, w->kernel) < 0 || read_pair (node, "strides", 1, w->stride) < 0 ||
      read_pair (node, "dilations", 1, w->dilation) < 0 || read_pads (node, w->pad) < 0)
    return br_error_set (err, "transform", "%s: kernel, strides, dilations or pads cannot be built",
                         node->name);
  w->group = est_node_int (node, "group", 1);
  w->batch = in->dims[0];
  w->channels = in->dims[1];
  w->outputs = out->dims[1];
  for (int i = 0; i < 2; i++) {
    w->in[i] = in->dims[2 + i];
    w->out[i] = out->dims[2 + i];
  }
  return 0;
}

static int
is_padded (const struct window *w)
{
  return w->pad[0] > 0 || w->pad[1] > 0 || w->pad[2] > 0 || w->pad[3] > 0;
}

/* Reads single pixels, all of them: no window is needed. */
static int
is_plain (const struct window *w)
{
  return w->kernel[0] == 1 && w->kernel[1] == 1 && w->stride[0] == 1 && w->stride[1] == 1 && !is_padded (w);
}

static void
fill_window (struct est_layer *layer, const struct window *w, struct est_type type)
{
  layer->in = layer->tensor_in = layer->out = type;
  layer->channels = w->channels;
  layer->vectors = w->batch;
  layer->dim[0] = w->in[0] + w->pad[0] + w->pad[2];
  layer->dim[1] = w->in[1] + w->pad[1] + w->pad[3];
  layer->is_1d = w->in[0] == 1 || w->in[1] == 1;
  memcpy (layer->kernel, w->kernel, sizeof layer->kernel);
  memcpy (layer->stride, w->stride, sizeof layer->stride);
  memcpy (layer->dilation, w->dilation, sizeof layer->dilation);
  memcpy (layer->out_dim, w->out, sizeof layer->out_dim);
}

static int
add_padding (struct est_walk *walk, const struct est_gnode *node, const struct window *w,
             struct br_error *err)
{
  struct est_node *n;

  if (!is_padded (w))
    return 0;
  if (walk->type.kind == EST_BIPOLAR)
    return br_error_set (err, "kernel", "%s: padding needs a type that has 0, and its input is BIPOLAR",
                         node->name);
  n = est_walk_add (walk, node, EST_ROLE_LAYER, node->op, err);
  if (n == NULL)
    return -1;
  fill_window (&n->layer, w, walk->type);
  n->layer.op = EST_FMPADDING;
  memcpy (n->layer.pad, w->pad, sizeof w->pad);
  memcpy (n->layer.dim, w->in, sizeof w->in);
  return 0;
}

/* Single pixels with a stride are picked by a down-sampler, where the flow has one that fits. */
static int
add_generator (struct est_walk *walk, const struct est_gnode *node, const struct window *w, int depthwise,
               struct br_error *err)
{
  int picks = w->kernel[0] == 1 && w->kernel[1] == 1 && (w->stride[0] > 1 || w->stride[1] > 1);
  struct est_node *n;

  if (is_plain (w))
    return 0;
  walk->net->has_im2col = 1;
  if (add_padding (walk, node, w, err) < 0)
    return -1;
  n = est_walk_add (walk, node, EST_ROLE_LAYER, node->op, err);
  if (n == NULL)
    return -1;
  fill_window (&n->layer, w, walk->type);
  n->layer.op = picks ? EST_DOWNSAMPLER : EST_SWG;
  n->layer.depthwise = depthwise;
  if (picks && !n->layer.is_1d && (n->layer.dim[0] != n->layer.dim[1] || w->stride[0] != w->stride[1]))
    n->role = EST_ROLE_OUTSIDE;
  return 0;
}

/* A term of its own for each input channel, past a convolution without padding. */
static int
carry_channel_terms (struct est_walk *walk, const struct est_weights *weights, const struct window *w,
                     struct br_error *err)
{
  int64_t pixels = w->kernel[0] * w->kernel[1];
  float *term;
  int ret;

  term = malloc ((size_t) weights->outputs * sizeof *term);
  if (term == NULL)
    return br_error_oom (err);
  for (int64_t o = 0; o < weights->outputs; o++) {
    double sum = 0;

    for (int64_t r = 0; r < weights->rows; r++)
      sum += (double) weights->integers[o * weights->rows + r] *
             est_pending_add_at (&walk->pending, (size_t) (r / pixels));
    term[o] = (float) sum;
  }
  ret = est_pending_set_add (&walk->pending, term, (size_t) weights->outputs, err);
  free (term);
  return ret;
}

/* The bias of a convolution is an addition behind it. */
static int
conv_bias (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_operand bias;
  struct est_weights w;
  struct est_quantizer q;
  int ret = -1;

  if (node->n_inputs < 3 || node->inputs[2] < 0)
    return 0;
  if (!est_operand_resolve (walk->graph, node->inputs[2], &bias) || bias.tensor->rank != 1)
    return br_error_set (err, "transform", "%s: the bias of a convolution has to be a constant", node->name);
  if (bias.quantizer == NULL)
    return est_pending_add (&walk->pending, bias.tensor->values, bias.tensor->n, err);
  if (est_quantizer_read (walk->graph, bias.quantizer, &q, err) < 0 ||
      est_weights_read (walk->graph, node, &bias, 0, 1, &w, err) < 0)
    return -1;
  for (size_t i = 0; i < bias.tensor->n; i++)
    w.integers[i] *= q.scale->values[q.scale->n == 1 ? 0 : i];
  ret = est_pending_add (&walk->pending, w.integers, bias.tensor->n, err);
  est_weights_free (&w);
  return ret;
}

static int
settle_before_conv (struct est_walk *walk, const struct est_gnode *node, const struct window *w,
                    struct br_error *err)
{
  if (walk->pending.n_mul <= 1 && walk->xnor_rows == 0 && (walk->pending.n_add == 0 || !is_padded (w)))
    return 0;
  return est_walk_settle (walk, node, err);
}

static int
conv_layers (struct est_walk *walk, const struct est_gnode *node, const struct window *w,
             struct est_weights *weights, struct br_error *err)
{
  int xnor;

  if (est_walk_xnor (walk, node, weights, &xnor, err) < 0)
    return -1;
  if (xnor)
    walk->type = EST_TYPE_BINARY;
  if (walk->pending.n_add > 1 ? carry_channel_terms (walk, weights, w, err) < 0
                              : est_walk_carry_term (walk, weights, err) < 0)
    return -1;
  if (add_generator (walk, node, w, 0, err) < 0 ||
      est_walk_matrix (walk, node, weights, w->batch * w->out[0] * w->out[1], xnor, err) < 0)
    return -1;
  return conv_bias (walk, node, err);
}

int
est_walk_conv (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_operand operand;
  struct est_weights weights;
  struct window w;
  int ret;

  if (node->n_inputs < 2 || !est_operand_resolve (walk->graph, node->inputs[1], &operand) ||
      operand.tensor->rank != 4)
    return br_error_set (err, "transform",
                         "%s: the weights of a convolution have to be a constant of four axes", node->name);
  if (read_window (walk, node, &w, err) < 0)
    return -1;
  w.kernel[0] = operand.tensor->dims[2];
  w.kernel[1] = operand.tensor->dims[3];
  if (w.group != 1)
    return br_error_set (err, "kernel", "%s: the default steps build no convolution of %lld groups",
                         node->name, (long long) w.group);
  if (settle_before_conv (walk, node, &w, err) < 0 ||
      est_weights_read (walk->graph, node, &operand, 0, walk->pending.n_add > 1, &weights, err) < 0)
    return -1;
  if (est_type_is_integer (walk->type) && est_type_is_integer (weights.type)) {
    ret = conv_layers (walk, node, &w, &weights, err);
  } else {
    walk->net->has_im2col |= !is_plain (&w);
    ret = est_walk_outside (walk, node, EST_TYPE_FLOAT, err);
  }
  est_weights_free (&weights);
  return ret;
}

int
est_walk_maxpool (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_pending *p = &walk->pending;
  struct est_node *n;
  struct window w;

  if (read_window (walk, node, &w, err) < 0)
    return -1;
  if ((p->n_add > 0 || est_pending_is_negative (p) || walk->xnor_rows > 0) &&
      est_walk_settle (walk, node, err) < 0)
    return -1;
  n = est_walk_add (walk, node, est_type_is_integer (walk->type) ? EST_ROLE_LAYER : EST_ROLE_OUTSIDE,
                    "MaxPool", err);
  if (n == NULL)
    return -1;
  fill_window (&n->layer, &w, walk->type);
  n->layer.op = EST_MAXPOOL;
  n->layer.is_1d = (w.in[0] == 1 && w.kernel[0] == 1) || (w.in[1] == 1 && w.kernel[1] == 1);
  n->layer.ceil_mode = est_node_int (node, "ceil_mode", 0) != 0;
  if (is_padded (&w))
    n->role = EST_ROLE_OUTSIDE;
  return 0;
}

/* What a pool can be is known when the types are final and the windows counted. */
static int
check_pool (const struct est_network *net, struct est_node *n, struct br_error *err)
{
  const struct est_layer *l = &n->layer;
  int rows = l->dim[0] % l->kernel[0] == 0, columns = l->dim[1] % l->kernel[1] == 0;

  if (!net->has_im2col || l->kernel[0] != l->stride[0] || l->kernel[1] != l->stride[1])
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
