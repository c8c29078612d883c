/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over matrix products: MatMul and Gemm, and what convolutions share with them. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/window.h"

/* The thresholds that made the input bipolar make bits instead, and what stands between carries bits. */
static int
rewrite_upstream (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  size_t n = walk->net->n;
  struct est_type bipolar = EST_TYPE_BIPOLAR, binary = EST_TYPE_BINARY;

  while (n > 0) {
    struct est_node *before = &walk->net->nodes[--n];
    struct est_layer *layer = &before->layer;

    if (layer->op == EST_THRESHOLDING && est_type_equal (layer->out, bipolar)) {
      layer->out = binary;
      before->scale = 1;
      before->bias = 0;
      return 0;
    }
    if (before->role != EST_ROLE_LAYER)
      continue;
    layer->in = layer->out = layer->tensor_in = binary;
  }
  if (walk->net->n == 0 && strcmp (node->op, "Conv") != 0)
    return 0;
  return br_error_set (err, "transform", "%s: could not find the activation that makes its input bipolar",
                       node->name);
}

int
est_walk_xnor (struct est_walk *walk, const struct est_gnode *node, const struct est_weights *weights,
               int *xnor, struct br_error *err)
{
  *xnor = walk->type.kind == EST_BIPOLAR && weights->type.kind == EST_BIPOLAR &&
          walk->options->flow == EST_FLOW_DEFAULT;
  return *xnor ? rewrite_upstream (walk, node, err) : 0;
}

int
est_walk_carry_term (struct est_walk *walk, const struct est_weights *weights, struct br_error *err)
{
  float *term, b = est_pending_add_at (&walk->pending, 0);
  int ret;

  if (walk->pending.n_add == 0)
    return 0;
  term = malloc ((size_t) weights->outputs * sizeof *term);
  if (term == NULL)
    return br_error_oom (err);
  for (int64_t i = 0; i < weights->outputs; i++)
    term[i] = b * (float) (weights->columns[i].positive + weights->columns[i].negative);
  ret = est_pending_set_add (&walk->pending, term, (size_t) weights->outputs, err);
  free (term);
  return ret;
}

static void
fill_types (struct est_layer *layer, struct est_type in, struct est_type weight, int xnor)
{
  int is_signed = est_type_is_signed (in) || est_type_is_signed (weight);

  layer->in = layer->tensor_in = xnor ? EST_TYPE_BINARY : in;
  layer->weight = xnor ? EST_TYPE_BINARY : weight;
  layer->acc = EST_TYPE_INT (32);
  layer->out = is_signed && !xnor ? EST_TYPE_INT (32) : EST_TYPE_UINT (32);
  layer->xnor = layer->keeps_bits = xnor;
}

/* What both kinds of matrix have; the new node is the last one. */
static struct est_layer *
add_matrix (struct est_walk *walk, const struct est_gnode *node, struct est_weights *weights, int xnor,
            struct br_error *err)
{
  struct est_node *n;
  struct est_layer *layer;

  if (est_pending_mul (&walk->pending, weights->scale, weights->n_scale, err) < 0)
    return NULL;
  n = est_walk_add (walk, node, EST_ROLE_LAYER, "matrix", err);
  if (n == NULL)
    return NULL;
  layer = &n->layer;
  fill_types (layer, walk->type, weights->type, xnor);
  layer->no_activation = 1;
  layer->channels = layer->n_columns = weights->outputs;
  layer->n_rows = weights->rows;
  layer->weight_low = weights->low;
  layer->weight_high = weights->high;
  layer->columns = n->columns = weights->columns;
  weights->columns = NULL;
  walk->type = layer->out;
  return layer;
}

int
est_walk_matrix (struct est_walk *walk, const struct est_gnode *node, struct est_weights *weights,
                 int64_t vectors, int xnor, struct br_error *err)
{
  struct est_layer *layer = add_matrix (walk, node, weights, xnor, err);

  if (layer == NULL)
    return -1;
  if (vectors >= EST_TOO_LARGE)
    return br_error_set (err, "transform", "%s: its input is too large", node->name);
  layer->op = EST_MVAU;
  layer->mw = weights->rows;
  layer->mh = weights->outputs;
  layer->vectors = vectors;
  walk->xnor_rows = xnor ? weights->rows : 0;
  return 0;
}

int
est_walk_depthwise (struct est_walk *walk, const struct est_gnode *node, struct est_weights *weights,
                    const struct est_window *window, struct br_error *err)
{
  struct est_layer *layer = add_matrix (walk, node, weights, 0, err);

  if (layer == NULL)
    return -1;
  layer->op = EST_VVAU;
  layer->vectors = window->batch;
  memcpy (layer->kernel, window->kernel, sizeof layer->kernel);
  memcpy (layer->dim, window->out, sizeof layer->dim);
  if (walk->options->flow == EST_FLOW_DEFAULT) {
    walk->net->nodes[walk->net->n - 1].role = EST_ROLE_OUTSIDE;
    walk->net->nodes[walk->net->n - 1].op = "depthwise convolution, which the default steps do not convert";
  }
  return 0;
}

/* alpha and the bias of a Gemm, behind its product. */
static int
gemm_tail (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  float alpha = (float) est_node_float (node, "alpha", 1);
  struct est_operand bias;

  if (strcmp (node->op, "Gemm") != 0)
    return 0;
  if (est_pending_mul (&walk->pending, &alpha, 1, err) < 0)
    return -1;
  if (!est_operand_resolve (walk->graph, node->inputs[2], &bias) || bias.transposed)
    return br_error_set (err, "transform", "%s: the bias of a Gemm has to be a constant", node->name);
  return est_walk_constant (walk, node, "Add", &bias, err);
}

/* A Gemm is taken apart into a product and a sum of its third input, before anything else is looked at. */
static int
check_gemm (const struct est_gnode *node, struct br_error *err)
{
  if (strcmp (node->op, "Gemm") != 0)
    return 0;
  if (node->n_inputs < 3 || node->inputs[2] < 0)
    return br_error_set (err, "transform", "%s: a Gemm without bias cannot be built", node->name);
  if (est_node_float (node, "beta", 1) != 1)
    return br_error_set (err, "transform", "%s: a Gemm whose beta is not 1 cannot be built", node->name);
  return 0;
}

static int
is_matrix_of (const struct est_operand *operand, const struct est_tensor *data, int transposed)
{
  const struct est_tensor *t = operand->tensor;

  if (t->rank != 2 || !data->known_shape || data->rank < 2)
    return 0;
  return t->dims[transposed ? 1 : 0] == data->dims[data->rank - 1];
}

static int
settle_vector (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  if (est_pending_is_scalar (&walk->pending) && walk->xnor_rows == 0)
    return 0;
  return est_walk_settle (walk, node, err);
}

int
est_walk_matmul (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  const struct est_tensor *data = &walk->graph->tensors[node->inputs[0]];
  struct est_operand operand;
  struct est_weights weights;
  int is_gemm = strcmp (node->op, "Gemm") == 0;
  int turned = is_gemm && est_node_int (node, "transB", 0) != 0, xnor, ret = -1;

  if (check_gemm (node, err) < 0)
    return -1;
  if (node->n_inputs < 2 || !est_operand_resolve (walk->graph, node->inputs[1], &operand) ||
      (is_gemm && est_node_int (node, "transA", 0) != 0))
    return est_walk_outside (walk, node, EST_TYPE_FLOAT, err);
  if (!is_matrix_of (&operand, data, turned != operand.transposed))
    return br_error_set (err, "transform", "%s: the shapes of input and weights do not fit", node->name);
  if (settle_vector (walk, node, err) < 0 ||
      est_weights_read (walk->graph, node, &operand, turned ? 0 : 1, 0, &weights, err) < 0)
    return -1;
  if (!est_type_is_integer (walk->type) || !est_type_is_integer (weights.type)) {
    ret = est_walk_outside (walk, node, EST_TYPE_FLOAT, err);
    goto out;
  }
  if (est_walk_carry_term (walk, &weights, err) == 0 &&
      est_walk_xnor (walk, node, &weights, &xnor, err) == 0 &&
      est_walk_matrix (walk, node, &weights, est_tensor_product (data, 0, data->rank - 1), xnor, err) == 0) {
    walk->net->nodes[walk->net->n - 1].is_product = 1;
    walk->is_image = 0;
    ret = gemm_tail (walk, node, err);
  }
out:
  est_weights_free (&weights);
  return ret;
}
