/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over terms and factors: arithmetic with constants, batch normalisation. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/walk.h"

/* Does the constant have one value, or one for each channel of what it is combined with? */
static int
follows_channels (const struct est_tensor *constant, const struct est_tensor *data)
{
  int axis = data->rank == 2 || data->rank == 3 ? data->rank - 1 : 1;
  int at = axis - (data->rank - constant->rank);

  if (constant->n == 1)
    return 1;
  if (!data->known_shape || at < 0 || constant->rank > data->rank)
    return 0;
  return constant->dims[at] == data->dims[axis] && constant->n == (size_t) data->dims[axis];
}

/* op with a constant, in float as the flow rewrites it: Sub to Add of the negation, Div to Mul of the reciprocal. */
static int
apply (struct est_walk *walk, const char *op, const float *values, size_t n, int rank, struct br_error *err)
{
  int is_factor = strcmp (op, "Mul") == 0 || strcmp (op, "Div") == 0;
  float *c = malloc (n * sizeof *c);
  int ret;

  if (c == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < n; i++) {
    c[i] = values[i];
    if (strcmp (op, "Sub") == 0)
      c[i] = -c[i];
    if (strcmp (op, "Div") == 0)
      c[i] = 1 / c[i];
  }
  ret = is_factor ? est_pending_mul_shaped (&walk->pending, c, n, rank, err)
                  : est_pending_add (&walk->pending, c, n, err);
  free (c);
  return ret;
}

/* A scalar term directly behind thresholds. */
static int
absorb_bias (struct est_walk *walk, const struct est_gnode *node, float value, struct br_error *err)
{
  struct est_node *n = &walk->net->nodes[walk->net->n - 1];

  if (est_activation_add_bias (node->name, n->layer.thresholds.steps,
                               strcmp (node->op, "Sub") == 0 ? -value : value, &n->bias, &n->layer.out,
                               err) < 0)
    return -1;
  walk->type = n->layer.out;
  return 0;
}

/* The steps for MobileNet make a whole factor behind a product a layer of its own; a sum with integers behind that keeps its type, but
   stays in software. One factor more changes nothing of it. */
static void
note_sum (struct est_walk *walk, const char *op, int integers, size_t n)
{
  const struct est_pending *p = &walk->pending;

  if (strcmp (op, "Mul") == 0 && n == 1)
    return;
  walk->sum_of_integers = walk->options->flow == EST_FLOW_MOBILENET && strcmp (op, "Add") == 0 && integers &&
                          est_type_is_integer (walk->type) && p->n_mul == 1 && p->n_add == 0 &&
                          p->mul[0] == floorf (p->mul[0]);
}

/* A quantised constant: its scale goes behind a product, and around a sum. */
static int
apply_quantized (struct est_walk *walk, const struct est_gnode *node, const char *op,
                 const struct est_operand *operand, struct br_error *err)
{
  struct est_quantizer q;
  struct est_weights w;
  int is_factor = strcmp (op, "Mul") == 0 || strcmp (op, "Div") == 0;
  int axis = 0, ret = -1;

  if (est_quantizer_read (walk->graph, operand->quantizer, &q, err) < 0)
    return -1;
  while (axis + 1 < operand->tensor->rank && operand->tensor->dims[axis] == 1)
    axis++;
  if (est_weights_read (walk->graph, node, operand, axis, 1, &w, err) < 0)
    return -1;
  if (!is_factor && apply (walk, "Div", q.scale->values, q.scale->n, 0, err) < 0)
    goto out;
  note_sum (walk, op, 1, operand->tensor->n);
  if (apply (walk, op, w.integers, operand->tensor->n, operand->tensor->rank, err) < 0)
    goto out;
  ret = apply (walk, "Mul", q.scale->values, q.scale->n, 0, err);
out:
  est_weights_free (&w);
  return ret;
}

int
est_walk_constant (struct est_walk *walk, const struct est_gnode *node, const char *op,
                   const struct est_operand *operand, struct br_error *err)
{
  if (operand->quantizer != NULL)
    return apply_quantized (walk, node, op, operand, err);
  note_sum (walk, op, operand->tensor->annotated && est_type_is_integer (operand->tensor->type),
            operand->tensor->n);
  return apply (walk, op, operand->tensor->values, operand->tensor->n, operand->tensor->rank, err);
}

/* Would the flow combine an addition with what reads the tensor? */
static int
meets_a_term (const struct est_walk *walk, int tensor)
{
  static const char *const meeting[] = {
    "Add", "Sub", "BatchNormalization", "Quant", "BipolarQuant", "MultiThreshold", "Sign", NULL
  };
  const struct est_tensor *t = &walk->graph->tensors[tensor];
  const struct est_gnode *next = t->readers == 1 ? &walk->graph->nodes[t->reader] : NULL;

  for (size_t i = 0; next != NULL && meeting[i] != NULL; i++)
    if (strcmp (next->op, meeting[i]) == 0)
      return 1;
  return next != NULL && next->n_outputs > 0 &&
         (strcmp (next->op, "Mul") == 0 || strcmp (next->op, "Div") == 0) &&
         meets_a_term (walk, next->outputs[0]);
}

/* The flow looks for the constant of a factor or term in the second place only: it fails wherever it would combine another one, and
   leaves the rest in software. */
static int
walk_constant_first (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  int is_term = strcmp (node->op, "Add") == 0;

  if (strcmp (node->op, "Mul") == 0 ||
      (is_term && (walk->pending.n_add > 0 || walk->xnor_rows > 0 || meets_a_term (walk, node->outputs[0]))))
    return br_error_set (err, "transform", "%s: the constant of this %s has to be its second input",
                         node->name, node->op);
  return est_walk_outside (walk, node, EST_TYPE_FLOAT, err);
}

int
est_walk_arithmetic (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  struct est_operand operand;

  if (node->n_inputs != 2)
    return br_error_set (err, "model_load", "%s: %s with %zu inputs", node->name, node->op, node->n_inputs);
  if (est_operand_resolve (walk->graph, node->inputs[0], &operand))
    return walk_constant_first (walk, node, err);
  if (!est_operand_resolve (walk->graph, node->inputs[1], &operand))
    return br_error_set (err, "transform",
                         "%s: both inputs are computed: the default steps cannot join two paths", node->name);
  if (operand.transposed || !follows_channels (operand.tensor, &walk->graph->tensors[node->inputs[0]]))
    return est_walk_outside (walk, node, EST_TYPE_FLOAT, err);
  if (operand.quantizer == NULL && walk->directly_behind_thresholds && operand.tensor->n == 1 &&
      est_pending_is_empty (&walk->pending) &&
      (strcmp (node->op, "Add") == 0 || strcmp (node->op, "Sub") == 0))
    return absorb_bias (walk, node, operand.tensor->values[0], err);
  return est_walk_constant (walk, node, node->op, &operand, err);
}

int
est_walk_batchnorm (struct est_walk *walk, const struct est_gnode *node, struct br_error *err)
{
  const struct est_tensor *c[4];
  float epsilon = (float) est_node_float (node, "epsilon", 1e-5);
  float *factor, *term;
  int ret = -1;

  for (size_t i = 0; i < 4; i++) {
    c[i] = est_node_constant (walk->graph, node, i + 1);
    if (c[i] == NULL || c[i]->n == 0 || c[i]->n != c[0]->n)
      return br_error_set (err, "transform",
                           "%s: parameters of a BatchNormalization have to be constants of one length",
                           node->name);
  }
  factor = malloc (c[0]->n * sizeof *factor);
  term = malloc (c[0]->n * sizeof *term);
  if (factor == NULL || term == NULL) {
    br_error_oom (err);
    goto out;
  }
  for (size_t i = 0; i < c[0]->n; i++) {
    factor[i] = c[0]->values[i] / sqrtf (epsilon + c[3]->values[i]);
    term[i] = c[1]->values[i] - factor[i] * c[2]->values[i];
  }
  if (est_pending_mul (&walk->pending, factor, c[0]->n, err) == 0)
    ret = est_pending_add (&walk->pending, term, c[0]->n, err);
out:
  free (factor);
  free (term);
  return ret;
}
