/* SPDX-License-Identifier: BSD-3-Clause */
/* Sorting a graph by levels. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/order.h"

static struct qx_node *
node_at (const struct qx_model *model, size_t i)
{
  return model->nodes.items[i];
}

static void
count_dependency (const struct qx_node *node, const struct qx_value *value, size_t *waiting)
{
  if (value != NULL && value->producer != NULL && value->producer != node)
    waiting[node->index]++;
}

/* How many slots of each node wait for another node. */
static void
count_dependencies (const struct qx_model *model, size_t *waiting)
{
  size_t i, k;

  for (i = 0; i < model->nodes.n; i++) {
    const struct qx_node *node = node_at (model, i);
    for (k = 0; k < node->n_in; k++)
      count_dependency (node, node->in[k].value, waiting);
    for (k = 0; k < node->n_captures; k++)
      count_dependency (node, node->captures[k].value, waiting);
  }
}

/* Takes a finished node away from what its readers wait for; those that wait no more join the queue. */
static size_t
finish (struct qx_node *node, size_t *waiting, struct qx_node **queue, size_t tail)
{
  size_t k, u;

  for (k = 0; k < node->n_out; k++)
    for (u = 0; node->out[k] != NULL && u < node->out[k]->n_uses; u++) {
      struct qx_node *reader = node->out[k]->uses[u].node;
      if (reader == node)
        continue;
      if (reader->mark < node->mark + 1)
        reader->mark = node->mark + 1;
      if (--waiting[reader->index] == 0)
        queue[tail++] = reader;
    }
  return tail;
}

/* Gives every node its level; returns how many got one. */
static size_t
find_levels (const struct qx_model *model, size_t *waiting, struct qx_node **queue)
{
  size_t i, head, tail = 0;

  for (i = 0; i < model->nodes.n; i++) {
    node_at (model, i)->mark = 0;
    if (waiting[i] == 0)
      queue[tail++] = node_at (model, i);
  }
  for (head = 0; head < tail; head++)
    tail = finish (queue[head], waiting, queue, tail);
  return tail;
}

/* Counting sort: stable, so graph order stays inside a level. starts has n + 1 zeroes. */
static void
place_by_level (const struct qx_model *model, size_t *starts, struct qx_node **order)
{
  size_t i, n = model->nodes.n;

  for (i = 0; i < n; i++)
    starts[node_at (model, i)->mark + 1]++;
  for (i = 1; i < n; i++)
    starts[i] += starts[i - 1];
  for (i = 0; i < n; i++)
    order[starts[node_at (model, i)->mark]++] = node_at (model, i);
}

static int
order_into (const struct qx_model *model, size_t *counts, struct qx_node **order, struct qx_error *err)
{
  size_t i, n = model->nodes.n;

  count_dependencies (model, counts);
  if (find_levels (model, counts, order) < n) {
    for (i = 0; i + 1 < n && counts[i] == 0; i++)
      ;
    return qx_fail (err, "transform", "node %s: depends on itself, around a cycle",
                    qx_node_label (node_at (model, i)));
  }
  memset (counts, 0, (n + 2) * sizeof *counts);
  place_by_level (model, counts, order);
  return 0;
}

struct qx_node **
qx_order (struct qx_model *model, size_t *n, struct qx_error *err)
{
  struct qx_node **order;
  size_t *counts;

  qx_compact_nodes (model);
  *n = model->nodes.n;
  counts = calloc (*n + 2, sizeof *counts);
  order = calloc (*n + 1, sizeof (*order));
  if (counts == NULL || order == NULL)
    qx_oom (err);
  if (counts == NULL || order == NULL || order_into (model, counts, order, err) < 0) {
    free (order);
    order = NULL;
  }
  free (counts);
  return order;
}

/* ---- the pass ---- */

/* Floats around: reads nothing of the graph, and nothing reads it. */
static int
is_adrift (const struct qx_node *node)
{
  size_t k;

  for (k = 0; k < node->n_in; k++) {
    const struct qx_value *value = node->in[k].value;
    if (value != NULL && (value->producer != NULL || value->init != NULL || value->pinned ||
                          value->infos[QX_INFO_INPUT] != NULL))
      return 0;
  }
  for (k = 0; k < node->n_out; k++)
    if (node->out[k] != NULL && (node->out[k]->n_uses > 0 || node->out[k]->infos[QX_INFO_OUTPUT] != NULL))
      return 0;
  return node->n_captures == 0;
}

int
qx_sort_graph (struct qx_model *model, struct qx_error *err)
{
  struct qx_node **order;
  size_t i, n;

  order = qx_order (model, &n, err);
  if (order == NULL)
    return -1;
  for (i = 0; i < n; i++) {
    model->nodes.items[i] = order[i];
    order[i]->index = i;
  }
  /* a graph of one node is left alone */
  for (i = 0; i < n && n > 1; i++)
    if (is_adrift (order[i]))
      qx_node_remove (model, order[i]);
  qx_compact_nodes (model);
  free (order);
  return 0;
}
