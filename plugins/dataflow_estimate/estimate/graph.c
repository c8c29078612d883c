/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking things up in the graph. */
#include <config.h>

#include <string.h>

#include "plugins/dataflow_estimate/estimate/graph.h"

int64_t
est_tensor_product (const struct est_tensor *tensor, int first, int end)
{
  int64_t product = 1;

  for (int i = first; i < end; i++) {
    if (tensor->dims[i] > EST_TOO_LARGE / product)
      return EST_TOO_LARGE;
    product *= tensor->dims[i];
  }
  return product;
}

int
est_is_one_of (const char *op, const char *const *names)
{
  for (; *names != NULL; names++)
    if (strcmp (op, *names) == 0)
      return 1;
  return 0;
}

int
est_tensor_is_used (const struct est_tensor *tensor)
{
  return tensor->is_output || tensor->readers > 0;
}

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

void
est_graph_link (struct est_graph *graph)
{
  for (size_t i = 0; i < graph->n_tensors; i++)
    graph->tensors[i].producer = graph->tensors[i].reader = -1;
  for (size_t i = 0; i < graph->n_nodes; i++) {
    const struct est_gnode *node = &graph->nodes[i];

    for (size_t k = 0; k < node->n_outputs; k++)
      if (node->outputs[k] >= 0)
        graph->tensors[node->outputs[k]].producer = (int) i;
    for (size_t k = 0; k < node->n_inputs; k++)
      if (node->inputs[k] >= 0) {
        graph->tensors[node->inputs[k]].reader = (int) i;
        graph->tensors[node->inputs[k]].readers++;
      }
  }
}
