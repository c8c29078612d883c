/* SPDX-License-Identifier: BSD-3-Clause */
/* Forks. The default steps have no layer that copies a stream: a network with a fork can only be built where all that lies behind it
   stays in software. */
#include <config.h>

#include <string.h>

#include "plugins/dataflow_estimate/estimate/walk.h"

/* What an activation of integers, with a factor or without, goes past. */
static int
lets_integers_pass (const struct est_gnode *node)
{
  static const char *const ops[] = { "Add",       "Sub",     "Mul",     "Div",     "BatchNormalization",
                                     "Transpose", "Reshape", "Flatten", "MaxPool", NULL };

  return est_is_one_of (node->op, ops);
}

static int
takes_integers (const struct est_gnode *node)
{
  static const char *const ops[] = { "MatMul",       "Gemm",           "Conv", "TopK", "Quant",
                                     "BipolarQuant", "MultiThreshold", "Sign", NULL };

  return est_is_one_of (node->op, ops);
}

static int
makes_integers (const struct est_walk *walk, const struct est_gnode *node)
{
  static const char *const ops[] = { "Quant", "BipolarQuant", "MultiThreshold", "Sign", NULL };
  struct est_operand ignored;

  return est_is_one_of (node->op, ops) && node->n_inputs > 0 && node->inputs[0] >= 0 &&
         !est_operand_resolve (walk->graph, node->inputs[0], &ignored);
}

static int
reads (const struct est_gnode *node, int tensor)
{
  for (size_t i = 0; i < node->n_inputs; i++)
    if (node->inputs[i] == tensor)
      return 1;
  return 0;
}

/* Are both inputs computed? */
static int
joins (const struct est_graph *graph, const struct est_gnode *node)
{
  struct est_operand ignored;

  return node->n_inputs == 2 && node->inputs[0] >= 0 && node->inputs[1] >= 0 &&
         !est_operand_resolve (graph, node->inputs[0], &ignored) &&
         !est_operand_resolve (graph, node->inputs[1], &ignored);
}

/* Does a factor of its own stand behind a quantiser? It moves on with the integers, but not past a join. */
static int
has_scale (const struct est_graph *graph, const struct est_gnode *node)
{
  const struct est_tensor *scale =
      strcmp (node->op, "Quant") == 0 ? est_node_constant (graph, node, 1) : NULL;

  return scale != NULL && scale->n == 1 && scale->values[0] != 1;
}

/* Do integers of this tensor come to a node that could be a layer? A second fork on the way counts as if they did. */
static int
reach_a_layer (const struct est_walk *walk, int tensor, int scaled)
{
  const struct est_graph *graph = walk->graph;

  while (tensor >= 0 && graph->tensors[tensor].readers == 1) {
    const struct est_gnode *node = &graph->nodes[graph->tensors[tensor].reader];

    if (takes_integers (node))
      return 1;
    if (!lets_integers_pass (node) || node->n_outputs == 0 || (scaled && joins (graph, node)))
      return 0;
    tensor = node->outputs[0];
  }
  return tensor >= 0 && graph->tensors[tensor].readers > 1;
}

static int
all_behind_is_software (const struct est_walk *walk, int tensor)
{
  const struct est_graph *graph = walk->graph;
  size_t first = 0;

  while (first < graph->n_nodes && !reads (&graph->nodes[first], tensor))
    first++;
  for (size_t i = first; i < graph->n_nodes; i++)
    if (makes_integers (walk, &graph->nodes[i]) && graph->nodes[i].n_outputs > 0 &&
        reach_a_layer (walk, graph->nodes[i].outputs[0], has_scale (graph, &graph->nodes[i])))
      return 0;
  return 1;
}

/* The flow looks for the constant of every factor, also of one that stays in software. */
static const struct est_gnode *
find_computed_factor (const struct est_graph *graph)
{
  for (size_t i = 0; i < graph->n_nodes; i++)
    if (strcmp (graph->nodes[i].op, "Mul") == 0 && joins (graph, &graph->nodes[i]))
      return &graph->nodes[i];
  return NULL;
}

int
est_walk_fork (struct est_walk *walk, int tensor, struct br_error *err)
{
  const struct est_tensor *t = &walk->graph->tensors[tensor];
  const struct est_gnode *node = t->producer >= 0 ? &walk->graph->nodes[t->producer] : NULL;

  if (find_computed_factor (walk->graph) != NULL)
    return br_error_set (err, "transform", "%s: both factors are computed, and the flow needs a constant one",
                         find_computed_factor (walk->graph)->name);
  if (node != NULL && walk->waiting == NULL && est_walk_settle (walk, node, err) < 0)
    return -1;
  if (node != NULL && walk->waiting == NULL && !est_type_is_integer (walk->type) &&
      all_behind_is_software (walk, tensor))
    return 0;
  return br_error_set (
      err, "transform",
      "%s: the tensor %s is read %d times: the default steps cannot build networks with forks",
      node != NULL ? node->name : "the input", t->name, t->readers);
}
