/* SPDX-License-Identifier: BSD-3-Clause */
/* Forks. The default steps have no layer that copies a stream: a network with a fork can only be built where all that lies behind it
   stays in software. */
#include <config.h>

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

/* Do integers of this tensor come to a node that could be a layer? A second fork on the way counts as if they did. */
static int
reach_a_layer (const struct est_walk *walk, int tensor)
{
  const struct est_graph *graph = walk->graph;

  while (tensor >= 0 && graph->tensors[tensor].readers == 1) {
    const struct est_gnode *node = &graph->nodes[graph->tensors[tensor].reader];

    if (takes_integers (node))
      return 1;
    if (!lets_integers_pass (node) || node->n_outputs == 0)
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
        reach_a_layer (walk, graph->nodes[i].outputs[0]))
      return 0;
  return 1;
}

int
est_walk_fork (struct est_walk *walk, int tensor, struct br_error *err)
{
  const struct est_tensor *t = &walk->graph->tensors[tensor];
  const struct est_gnode *node = t->producer >= 0 ? &walk->graph->nodes[t->producer] : NULL;

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
