/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading windows, and making the layers that bring them. */
#include <config.h>

#include <string.h>

#include "plugins/dataflow_estimate/estimate/window.h"

/* Of sides, kernels and pads: their products fit where they are computed. */
#define MAX_SIZE (1 << 16)

static int
read_pair (const struct est_gnode *node, const char *name, int64_t otherwise, int64_t pair[2])
{
  const struct est_attr *a = est_node_attr (node, name);

  pair[0] = pair[1] = otherwise;
  if (a == NULL || a->n_ints == 0)
    return 0;
  if (a->n_ints != 2 || a->ints[0] < 1 || a->ints[1] < 1 || a->ints[0] > MAX_SIZE || a->ints[1] > MAX_SIZE)
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
    if ((pad[i] = a->ints[i]) < 0 || pad[i] > MAX_SIZE)
      return -1;
  return 0;
}

static int
fits (const struct est_tensor *t)
{
  return t->dims[2] <= MAX_SIZE && t->dims[3] <= MAX_SIZE && est_tensor_product (t, 0, 4) < EST_TOO_LARGE;
}

int
est_window_read (const struct est_walk *walk, const struct est_gnode *node, struct est_window *w,
                 struct br_error *err)
{
  const struct est_tensor *in = &walk->graph->tensors[node->inputs[0]];
  const struct est_tensor *out = &walk->graph->tensors[node->outputs[0]];

  if (!in->known_shape || !out->known_shape || in->rank != 4 || out->rank != 4 || !fits (in) || !fits (out))
    return br_error_set (err, "transform", "%s: %s of what is not an image of known and reasonable shape",
                         node->name, node->op);
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

int
est_window_is_padded (const struct est_window *w)
{
  return w->pad[0] > 0 || w->pad[1] > 0 || w->pad[2] > 0 || w->pad[3] > 0;
}

/* Reads single pixels, all of them: no window is needed. */
int
est_window_is_plain (const struct est_window *w)
{
  return w->kernel[0] == 1 && w->kernel[1] == 1 && w->stride[0] == 1 && w->stride[1] == 1 &&
         !est_window_is_padded (w);
}

void
est_window_fill (struct est_layer *layer, const struct est_window *w, struct est_type type)
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
add_padding (struct est_walk *walk, const struct est_gnode *node, const struct est_window *w,
             struct br_error *err)
{
  struct est_node *n;

  if (!est_window_is_padded (w))
    return 0;
  if (walk->type.kind == EST_BIPOLAR)
    return br_error_set (err, "kernel", "%s: padding needs a type that has 0, and its input is BIPOLAR",
                         node->name);
  n = est_walk_add (walk, node, EST_ROLE_LAYER, "padding", err);
  if (n == NULL)
    return -1;
  est_window_fill (&n->layer, w, walk->type);
  n->layer.op = EST_FMPADDING;
  memcpy (n->layer.pad, w->pad, sizeof w->pad);
  memcpy (n->layer.dim, w->in, sizeof w->in);
  return 0;
}

/* Single pixels with a stride are picked by a down-sampler, where the flow has one that fits. */
int
est_walk_generator (struct est_walk *walk, const struct est_gnode *node, const struct est_window *w,
                    int depthwise, struct br_error *err)
{
  int picks = w->kernel[0] == 1 && w->kernel[1] == 1 && (w->stride[0] > 1 || w->stride[1] > 1);
  struct est_node *n;

  if (est_window_is_plain (w))
    return 0;
  walk->net->has_im2col = 1;
  if (add_padding (walk, node, w, err) < 0)
    return -1;
  n = est_walk_add (walk, node, EST_ROLE_LAYER, "window", err);
  if (n == NULL)
    return -1;
  est_window_fill (&n->layer, w, walk->type);
  n->layer.op = picks ? EST_DOWNSAMPLER : EST_SWG;
  n->layer.depthwise = depthwise;
  if (picks && !n->layer.is_1d && (n->layer.dim[0] != n->layer.dim[1] || w->stride[0] != w->stride[1]))
    n->role = EST_ROLE_OUTSIDE;
  return 0;
}
