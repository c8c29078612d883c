/* SPDX-License-Identifier: BSD-3-Clause */
/* From the nodes of the walk to the hardware layers of one partition. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/walk.h"

void
est_network_clear (struct est_network *net)
{
  for (size_t i = 0; i < net->n; i++) {
    free (net->nodes[i].name);
    free (net->nodes[i].columns);
  }
  free (net->nodes);
  free (net->first_left_out);
}

void
est_network_free (struct est_network *network)
{
  if (network == NULL)
    return;
  est_network_clear (network);
  free (network);
}

size_t
est_network_left_out (const struct est_network *network, const char **first)
{
  *first = network->first_left_out;
  return network->n_left_out;
}

static int
is_matrix (const struct est_node *n)
{
  return n->role == EST_ROLE_LAYER && (n->layer.op == EST_MVAU || n->layer.op == EST_VVAU);
}

static int
is_thresholding (const struct est_node *n)
{
  return n->role == EST_ROLE_LAYER && n->layer.op == EST_THRESHOLDING;
}

/* What holds for thresholds wherever they go. */
static int
check_thresholds (const struct est_node *n, int64_t channels, struct br_error *err)
{
  if (n->bias != floor (n->bias))
    return br_error_set (err, "kernel", "%s: a bias of %g is no integer", n->name, n->bias);
  if (n->rows != 1 && n->rows != channels)
    return br_error_set (err, "kernel", "%s: %lld rows of thresholds for %lld channels", n->name,
                         (long long) n->rows, (long long) channels);
  return 0;
}

static int
check_sign (const struct est_node *n, struct br_error *err)
{
  if (est_type_is_signed (n->layer.out) && n->layer.out.kind != EST_BIPOLAR && n->bias >= 0)
    return br_error_set (err, "kernel", "%s: a signed output requires a bias below 0, and it is %g", n->name,
                         n->bias);
  return 0;
}

static int
check_standalone (const struct est_node *n, struct br_error *err)
{
  if (n->scale != 1)
    return br_error_set (err, "kernel", "%s: an activation layer of its own cannot scale its output (by %g)",
                         n->name, n->scale);
  if (!n->layer.thresholds.typed)
    return br_error_set (
        err, "kernel",
        "%s: its thresholds are integers from the start and have no integer type: the activation "
        "cannot be converted to a layer of its own",
        n->name);
  if (check_thresholds (n, n->layer.channels, err) < 0)
    return -1;
  return check_sign (n, err);
}

static int
check_merged (const struct est_node *n, const struct est_layer *matrix, struct br_error *err)
{
  double scale = n->layer.out.kind == EST_BIPOLAR && matrix->op == EST_MVAU ? 2 : 1;

  if (n->scale != scale)
    return br_error_set (err, "kernel",
                         "%s: an activation inside a matrix unit cannot scale its output by %g", n->name,
                         n->scale);
  if (check_thresholds (n, matrix->channels, err) < 0)
    return -1;
  return check_sign (n, err);
}

/* What a unit adds to the thresholds passed: XNOR counts begin at the least code of their type. */
static int64_t
first_code (const struct est_layer *matrix, const struct est_node *n)
{
  if (n->layer.out.bits == 1)
    return 0;
  return matrix->xnor ? (int64_t) est_type_min (n->layer.out) : (int64_t) n->bias;
}

static int
merge (struct est_layer *matrix, const struct est_node *n, struct br_error *err)
{
  if (check_merged (n, matrix, err) < 0)
    return -1;
  matrix->out = n->layer.out;
  matrix->no_activation = 0;
  matrix->act_val = first_code (matrix, n);
  matrix->thresholds = n->layer.thresholds;
  return 0;
}

/* Flattening to two axes is left out between hardware layers; from an image only before a matrix, whose weights then read
   channels last. */
static int
flatten_goes (const struct est_network *net, size_t i)
{
  const struct est_node *next = i + 1 < net->n ? &net->nodes[i + 1] : NULL;

  if (!net->has_im2col || net->flow != EST_FLOW_DEFAULT || net->nodes[i].role != EST_ROLE_FLATTEN ||
      next == NULL || i == 0)
    return 0;
  if (net->nodes[i - 1].role != EST_ROLE_LAYER || next->role != EST_ROLE_LAYER)
    return 0;
  return !net->nodes[i].from_image || next->layer.op == EST_MVAU;
}

static int
add_layer (const struct est_node *n, int standalone, const struct est_node *before, struct est_layer *layers,
           size_t *count, struct br_error *err)
{
  if (is_thresholding (n) && before != NULL && is_matrix (before) && !before->stands_alone && !standalone)
    return merge (&layers[*count - 1], n, err);
  if (is_thresholding (n) && check_standalone (n, err) < 0)
    return -1;
  layers[*count] = n->layer;
  layers[*count].node = n->name;
  if (is_thresholding (n))
    layers[*count].act_val = (int64_t) n->bias;
  est_layer_defaults (&layers[*count]);
  (*count)++;
  return 0;
}

/* The steps for MobileNet convert activations that stand alone only where all are to. */
static int
stays_outside (const struct est_network *net, const struct est_node *n, const struct est_node *before,
               int standalone)
{
  if (n->role != EST_ROLE_LAYER)
    return 1;
  return net->flow == EST_FLOW_MOBILENET && is_thresholding (n) && !standalone &&
         (before == NULL || !is_matrix (before));
}

static int
refuse_turned (const struct est_node *n, struct br_error *err)
{
  return br_error_set (
      err, "transform",
      "%s: the image is transposed around this node (%s), which stands between hardware layers: "
      "only a single dataflow partition can be built",
      n->name, n->op);
}

/* Hardware layers have to follow each other without a gap. */
static int
collect (const struct est_network *net, int standalone, struct est_layer *layers, size_t *count,
         struct br_error *err)
{
  const struct est_node *gap = NULL, *turned = NULL;

  for (size_t i = 0; i < net->n; i++) {
    const struct est_node *n = &net->nodes[i], *before = i > 0 ? &net->nodes[i - 1] : NULL;

    if (stays_outside (net, n, before, standalone)) {
      if (gap == NULL && *count > 0 && !flatten_goes (net, i))
        gap = n;
      continue;
    }
    if (gap != NULL)
      return br_error_set (
          err, "transform",
          "%s: this node (%s) cannot be a hardware layer and stands between others: only a single "
          "dataflow partition can be built",
          gap->name, gap->op);
    if (turned != NULL || (n->turned_before && *count > 0))
      return refuse_turned (turned != NULL ? turned : n, err);
    if (add_layer (n, standalone, before, layers, count, err) < 0)
      return -1;
    turned = n->turned_behind ? n : NULL;
  }
  if (*count > 0)
    return 0;
  return br_error_set (err, "transform",
                       "%s: no node of this network can be a hardware layer; it stops at this one%s",
                       net->n > 0 ? net->nodes[0].name : "the model",
                       net->is_quantised ? "" : ", and nothing in it is quantised");
}

int
est_network_layers (const struct est_network *network, int standalone_thresholds, struct est_layer **layers,
                    size_t *n, struct br_error *err)
{
  struct est_layer *list = calloc (network->n + 1, sizeof *list);
  size_t count = 0;

  if (list == NULL)
    return br_error_oom (err);
  if (collect (network, standalone_thresholds, list, &count, err) < 0) {
    free (list);
    return -1;
  }
  for (size_t i = 0; i + 1 < count; i++)
    list[i].feeds_layer = 1;
  *layers = list;
  *n = count;
  return 0;
}
