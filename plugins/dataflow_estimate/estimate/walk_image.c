/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over convolutions: each becomes the padding, the window and the matrix that it is. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/window.h"

/* A term of its own for each input channel, past a convolution without padding. */
static int
carry_channel_terms (struct est_walk *walk, const struct est_weights *weights, const struct est_window *w,
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

/* The flow takes a quantised bias for weights: its scale becomes a factor behind the convolution, its values are lost, and the
   activation does not go into the matrix. */
static int
quantized_bias (struct est_walk *walk, const struct est_operand *bias, struct br_error *err)
{
  struct est_quantizer q;

  if (est_quantizer_read (walk->graph, bias->quantizer, &q, err) < 0)
    return -1;
  walk->net->nodes[walk->net->n - 1].stands_alone = 1;
  return est_pending_mul (&walk->pending, q.scale->values, q.unit_scale ? 0 : q.scale->n, err);
}

/* The bias of a convolution is an addition behind it. */
static int
conv_bias (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_operand bias;

  if (node->n_inputs < 3 || node->inputs[2] < 0)
    return 0;
  if (!est_operand_resolve (walk->graph, node->inputs[2], &bias) || bias.tensor->rank != 1)
    return br_error_set (err, "transform", "%s: the bias of a convolution has to be a constant", node->name);
  if (bias.quantizer != NULL)
    return quantized_bias (walk, &bias, err);
  return est_pending_add (&walk->pending, bias.tensor->values, bias.tensor->n, err);
}

static int
is_depthwise (const struct est_window *w)
{
  return w->group == w->channels && w->outputs == w->channels;
}

/* One factor for each channel passes a depthwise convolution only, and only where the steps know how. */
static int
settle_before_conv (struct est_walk *walk, const struct est_gnode *node, const struct est_window *w,
                    struct br_error *err)
{
  int passes = is_depthwise (w) && walk->options->flow == EST_FLOW_MOBILENET;

  if (is_depthwise (w) && walk->pending.n_add > 1)
    return est_walk_settle (walk, node, err);
  if ((passes || walk->pending.n_mul <= 1) && walk->xnor_rows == 0 &&
      (walk->pending.n_add == 0 || !est_window_is_padded (w)))
    return 0;
  return est_walk_settle (walk, node, err);
}

static int
conv_layers (struct est_walk *walk, const struct est_gnode *node, const struct est_window *w,
             struct est_weights *weights, struct br_error *err)
{
  int xnor = 0;

  if (!is_depthwise (w) && est_walk_xnor (walk, node, weights, &xnor, err) < 0)
    return -1;
  if (xnor)
    walk->type = EST_TYPE_BINARY;
  if (walk->pending.n_add > 1 ? carry_channel_terms (walk, weights, w, err) < 0
                              : est_walk_carry_term (walk, weights, err) < 0)
    return -1;
  if (est_walk_generator (walk, node, w, is_depthwise (w), err) < 0)
    return -1;
  if (is_depthwise (w)
          ? est_walk_depthwise (walk, node, weights, w, err) < 0
          : est_walk_matrix (walk, node, weights, w->batch * w->out[0] * w->out[1], xnor, err) < 0)
    return -1;
  return conv_bias (walk, node, err);
}

/* Pads that the model leaves to its reader. The flow's own are those that keep the size with a stride of 1. */
static int
read_auto_pad (const struct est_gnode *node, struct est_window *w, struct br_error *err)
{
  const struct est_attr *a = est_node_attr (node, "auto_pad");
  int upper;

  if (a == NULL || a->s == NULL || strcmp (a->s, "NOTSET") == 0) {
    if (est_node_attr (node, "pads") != NULL)
      return 0;
    return br_error_set (err, "transform", "%s: a convolution has to say its pads", node->name);
  }
  if (strcmp (a->s, "VALID") == 0)
    return 0;
  upper = strcmp (a->s, "SAME_UPPER") == 0;
  if (!upper && strcmp (a->s, "SAME_LOWER") != 0)
    return br_error_set (err, "model_load", "%s: auto_pad %s is not known", node->name, a->s);
  for (int i = 0; i < 2; i++) {
    int64_t total = w->kernel[i] - 1, small = total / 2;

    if (w->stride[i] != 1 || w->dilation[i] != 1)
      return br_error_set (err, "transform", "%s: auto_pad with strides or dilations cannot be built",
                           node->name);
    w->pad[i] = upper ? small : total - small;
    w->pad[2 + i] = total - w->pad[i];
  }
  return 0;
}

/* Lowering reads these without defaults. */
static int
check_attributes (const struct est_gnode *node, struct br_error *err)
{
  static const char *const needed[] = { "kernel_shape", "strides", "dilations", "group" };

  for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
    if (est_node_attr (node, needed[i]) == NULL)
      return br_error_set (err, "transform", "%s: a convolution has to say its %s", node->name, needed[i]);
  return 0;
}

int
est_walk_conv (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_operand operand;
  struct est_weights weights;
  struct est_window w;
  int ret;

  if (node->n_inputs < 2 || !est_operand_resolve (walk->graph, node->inputs[1], &operand) ||
      operand.tensor->rank != 4)
    return br_error_set (err, "transform",
                         "%s: the weights of a convolution have to be a constant of four axes", node->name);
  if (check_attributes (node, err) < 0 || est_window_read (walk, node, &w, err) < 0)
    return -1;
  w.kernel[0] = operand.tensor->dims[2];
  w.kernel[1] = operand.tensor->dims[3];
  if (read_auto_pad (node, &w, err) < 0)
    return -1;
  if (w.outputs != operand.tensor->dims[0] || w.channels != operand.tensor->dims[1] * w.group)
    return br_error_set (err, "transform", "%s: the shapes of input and weights do not fit", node->name);
  if (w.group != 1 && !is_depthwise (&w))
    return br_error_set (err, "kernel", "%s: a convolution of %lld groups cannot be built", node->name,
                         (long long) w.group);
  if (w.kernel[0] == 1 && w.kernel[1] == 1 && est_window_is_padded (&w))
    return br_error_set (err, "transform", "%s: a padded convolution of single pixels cannot be built",
                         node->name);
  walk->channels_last = 1;
  walk->is_image = 1;
  if (settle_before_conv (walk, node, &w, err) < 0 ||
      est_weights_read (walk->graph, node, &operand, 0, walk->pending.n_add > 1, &weights, err) < 0)
    return -1;
  if (est_type_is_integer (walk->type) && est_type_is_integer (weights.type)) {
    ret = conv_layers (walk, node, &w, &weights, err);
  } else {
    walk->net->has_im2col |= !est_window_is_plain (&w);
    ret = est_walk_outside (walk, node, EST_TYPE_FLOAT, err);
  }
  est_weights_free (&weights);
  return ret;
}
