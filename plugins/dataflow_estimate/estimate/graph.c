/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking things up in the graph. */
#include <config.h>

#include <string.h>

#include "plugins/dataflow_estimate/estimate/graph.h"

const struct est_attr *
est_node_attr (const struct est_gnode *node, const char *name)
{
  for (size_t i = 0; i < node->n_attrs; i++)
    if (strcmp (node->attrs[i].name, name) == 0)
      return &node->attrs[i];
  return NULL;
}

int64_t
est_node_int (const struct est_gnode *node, const char *name, int64_t otherwise)
{
  const struct est_attr *a = est_node_attr (node, name);

  return a != NULL ? a->i : otherwise;
}

double
est_node_float (const struct est_gnode *node, const char *name, double otherwise)
{
  const struct est_attr *a = est_node_attr (node, name);

  return a != NULL ? a->f : otherwise;
}

const struct est_tensor *
est_node_constant (const struct est_graph *graph, const struct est_gnode *node, size_t i)
{
  if (i >= node->n_inputs || node->inputs[i] < 0)
    return NULL;
  return graph->tensors[node->inputs[i]].values != NULL ? &graph->tensors[node->inputs[i]] : NULL;
}
