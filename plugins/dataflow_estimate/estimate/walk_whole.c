/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole factors and terms. The steps for MobileNet make each a layer of its own, after all other layers but the selection of labels:
   what stands behind one has seen floats. */
#include <config.h>

#include <math.h>

#include "plugins/dataflow_estimate/estimate/bitwidth.h"
#include "plugins/dataflow_estimate/estimate/walk.h"

static int
all_whole (const float *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (values[i] != truncf (values[i]) || fabsf (values[i]) >= 0x1p31f)
      return 0;
  return n > 0;
}

/* Channels and vectors are those of what the constants apply to: the last layer, or the input. */
static void
fill_shape (const struct est_walk *walk, struct est_layer *layer)
{
  const struct est_node *before = walk->net->n > 1 ? &walk->net->nodes[walk->net->n - 2] : NULL;
  const struct est_tensor *in = &walk->graph->tensors[walk->graph->input];
  const struct est_layer *l;

  if (before == NULL || before->role != EST_ROLE_LAYER) {
    int axis = in->rank == 4 ? 1 : in->rank - 1;

    layer->channels = in->dims[axis];
    layer->vectors = est_tensor_product (in, 0, axis) * est_tensor_product (in, axis + 1, in->rank);
    return;
  }
  l = &before->layer;
  layer->channels = l->channels;
  layer->vectors = l->vectors;
  if (l->op == EST_VVAU)
    layer->vectors *= l->dim[0] * l->dim[1];
  if (l->op == EST_POOL)
    layer->vectors *= l->out_dim[0] * l->out_dim[1];
}

static int
add_channelwise (struct est_walk *walk, const struct est_gnode *node, enum est_function function,
                 const float *values, size_t n, struct br_error *err)
{
  struct est_node *to = est_walk_add (walk, node, EST_ROLE_LAYER, "factor or term", err);
  struct est_layer *layer;

  if (to == NULL)
    return -1;
  layer = &to->layer;
  to->turned_before = to->turned_behind = walk->is_image;
  layer->op = EST_CHANNELWISE;
  layer->function = function;
  layer->in = layer->tensor_in = walk->type;
  layer->weight_low = layer->weight_high = values[0];
  for (size_t i = 1; i < n; i++) {
    layer->weight_low = fmin (layer->weight_low, values[i]);
    layer->weight_high = fmax (layer->weight_high, values[i]);
  }
  fill_shape (walk, layer);
  layer->weight = est_type_for_both (layer->weight_low, layer->weight_high);
  walk->type = layer->out = est_channelwise_type (layer);
  return 0;
}

/* Factor before term; what is not whole, and all behind it, still waits in the end. */
int
est_walk_whole (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_pending *p = &walk->pending;

  if (p->n_mul > 0) {
    if (!all_whole (p->mul, p->n_mul))
      return 0;
    if (add_channelwise (walk, node, EST_MUL, p->mul, p->n_mul, err) < 0)
      return -1;
    est_pending_drop_mul (p);
  }
  if (p->n_add > 0 && all_whole (p->add, p->n_add)) {
    if (add_channelwise (walk, node, EST_ADD, p->add, p->n_add, err) < 0)
      return -1;
    est_pending_clear (p);
  }
  walk->whole = walk->type;
  walk->is_whole = est_pending_is_empty (p);
  return 0;
}
