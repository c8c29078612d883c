/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over activations and the final choice of labels. */
#include <config.h>

#include <string.h>

#include "plugins/dataflow_estimate/estimate/walk.h"

/* Channels stand along axis 1 of images, and last elsewhere. */
static int64_t
channels_of (const struct est_tensor *t)
{
  return t->dims[t->rank == 4 ? 1 : t->rank - 1];
}

static int64_t
vectors_of (const struct est_tensor *t)
{
  if (t->rank == 4)
    return est_tensor_product (t, 0, 1) * est_tensor_product (t, 2, 4);
  return est_tensor_product (t, 0, t->rank - 1);
}

/* A quantiser that is too wide for thresholds stays as it is, the Relu before it too. */
static int
keep_outside (struct est_walk *walk, const struct est_gnode *node, const struct est_quantizer *q,
              struct br_error *err)
{
  if (walk->waiting != NULL && est_walk_outside (walk, walk->waiting, EST_TYPE_FLOAT, err) < 0)
    return -1;
  walk->waiting = NULL;
  walk->before = EST_BEFORE_OTHER;
  return est_walk_outside (walk, node, q->unit_scale ? q->type : EST_TYPE_FLOAT, err);
}

/* No flatten moves past an activation. */
static int
stop_moving (struct est_walk *walk, struct br_error *err)
{
  const struct est_gnode *flatten = walk->moving;

  walk->moving = NULL;
  if (flatten == NULL)
    return 0;
  return est_walk_add (walk, flatten, EST_ROLE_LAYOUT, "Flatten", err) != NULL ? 0 : -1;
}

static int
add_thresholding (struct est_walk *walk, const struct est_gnode *node, const struct est_activation *a,
                  const struct est_thresholds *thresholds, struct br_error *err)
{
  const struct est_tensor *in = &walk->graph->tensors[node->inputs[0]];
  int hardware = est_type_is_integer (walk->type);
  struct est_node *n;

  if (stop_moving (walk, err) < 0)
    return -1;
  n = est_walk_add (walk, node, hardware ? EST_ROLE_LAYER : EST_ROLE_OUTSIDE, "activation", err);
  if (n == NULL)
    return -1;
  n->scale = a->scale;
  n->bias = a->bias;
  n->rows = a->rows;
  n->bias_apart = strcmp (node->op, "Quant") == 0;
  n->turned_before = n->turned_behind =
      in->rank == 4 && !walk->channels_last && walk->options->flow == EST_FLOW_MOBILENET;
  n->layer.op = EST_THRESHOLDING;
  n->layer.in = n->layer.tensor_in = walk->type;
  n->layer.threshold = walk->type;
  n->layer.out = a->out;
  n->layer.channels = channels_of (in);
  n->layer.vectors = vectors_of (in);
  n->layer.thresholds = *thresholds;
  n->layer.thresholds.steps = a->steps;
  n->layer.thresholds.rows = a->rows;
  n->layer.thresholds.columns = a->steps;
  walk->type = a->out;
  walk->xnor_rows = 0;
  walk->sum_of_integers = 0;
  est_pending_clear (&walk->pending);
  walk->directly_behind_thresholds = a->post == NULL;
  return est_pending_mul (&walk->pending, a->post, a->n_post, err);
}

static int
absorb (struct est_walk *walk, const struct est_gnode *node, struct est_activation *a, struct br_error *err)
{
  struct est_thresholds thresholds = { 0 };

  if (est_type_is_integer (walk->type)) {
    if (est_walk_absorb_signs (walk, node, err) < 0 ||
        est_activation_absorb (a, node->name, &walk->pending, walk->type, walk->xnor_rows, &thresholds, err) <
            0)
      return -1;
  }
  return add_thresholding (walk, node, a, &thresholds, err);
}

static int
read_activation (struct est_walk *walk, const struct est_gnode *node, struct est_activation *a, int *outside,
                 struct br_error *err)
{
  const struct est_tensor *in = &walk->graph->tensors[node->inputs[0]];
  struct est_quantizer q;

  *outside = 0;
  if (strcmp (node->op, "Sign") == 0 && walk->graph->tensors[node->outputs[0]].readers == 0)
    return br_error_set (err, "transform", "%s: nothing reads this Sign, and it cannot be the last node",
                         node->name);
  if (!est_is_quantizer (node))
    return est_activation_from_node (walk->graph, node, a, err);
  if (est_quantizer_read (walk->graph, node, &q, err) < 0)
    return -1;
  if (!q.bipolar && q.bits > walk->options->max_multithreshold_bit_width) {
    *outside = 1;
    return keep_outside (walk, node, &q, err);
  }
  return est_activation_from_quantizer (&q, walk->before, in->rank > 1 ? in->dims[1] : 1, a, err);
}

int
est_walk_quantizer (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  const struct est_tensor *in = &walk->graph->tensors[node->inputs[0]];
  struct est_activation a = { 0 };
  int outside, ret;

  if (!in->known_shape || in->rank < 1 || est_tensor_product (in, 0, in->rank) >= EST_TOO_LARGE)
    return br_error_set (err, "transform", "%s: the shape of its input is not known or too large",
                         node->name);
  if (walk->nhwc_input && walk->has_conv && est_type_is_integer (walk->type))
    return br_error_set (err, "transform",
                         "%s: shapes cannot be inferred for an image that is transposed before it",
                         node->name);
  if (read_activation (walk, node, &a, &outside, err) < 0)
    return -1;
  if (outside)
    return 0;
  walk->waiting = NULL;
  walk->before = EST_BEFORE_OTHER;
  walk->nhwc_input = 0;
  ret = absorb (walk, node, &a, err);
  est_activation_free (&a);
  return ret;
}

static int64_t
labels_chosen (const struct est_graph *graph, const struct est_gnode *node)
{
  const struct est_tensor *k = est_node_constant (graph, node, 1);

  return k != NULL && k->n == 1 ? (int64_t) k->values[0] : est_node_int (node, "k", 1);
}

/* Whole bytes that hold the last of them. */
static struct est_type
labels_type (int64_t labels)
{
  return EST_TYPE_UINT ((est_type_smallest ((double) (labels - 1)).bits + 7) / 8 * 8);
}

/* Positive factors and terms do not change which label wins, as long as they are the same for all. */
int
est_walk_topk (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  const struct est_tensor *in = &walk->graph->tensors[node->inputs[0]];
  int64_t axis = est_node_int (node, "axis", -1);
  int values_read = walk->graph->tensors[node->outputs[0]].readers > 0;
  struct est_node *n;

  if (walk->sum_of_integers)
    return br_error_set (err, "transform",
                         "%s: the sum of integers before it cannot be a hardware layer and stands between "
                         "others: only a single dataflow partition can be built",
                         node->name);
  if (walk->options->flow == EST_FLOW_MOBILENET && est_walk_settle (walk, node, err) < 0)
    return -1; /* its steps leave factors before the labels where they are */
  if (walk->is_whole)
    walk->type = walk->whole;
  if (est_pending_is_scalar (&walk->pending) && est_walk_absorb_signs (walk, node, err) < 0)
    return -1;
  if (!est_type_is_integer (walk->type) || !est_pending_is_scalar (&walk->pending) || !in->known_shape ||
      values_read || (axis != -1 && axis != in->rank - 1))
    return est_walk_outside (walk, node, EST_TYPE_FLOAT, err);
  est_pending_clear (&walk->pending);
  walk->xnor_rows = 0;
  n = est_walk_add (walk, node, EST_ROLE_LAYER, "TopK", err);
  if (n == NULL)
    return -1;
  n->layer.op = EST_LABELSELECT;
  n->layer.in = n->layer.tensor_in = walk->type;
  n->layer.channels = in->dims[in->rank - 1];
  n->layer.vectors = vectors_of (in);
  n->layer.top = labels_chosen (walk->graph, node);
  walk->type = n->layer.out = labels_type (n->layer.channels);
  return 0;
}
