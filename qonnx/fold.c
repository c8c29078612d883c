/* SPDX-License-Identifier: BSD-3-Clause */
/* Constant folding: nodes whose inputs are all constant become constants. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/exec.h"

static int
is_excluded (const struct qx_node *node, const char *const *exclude)
{
  for (; *exclude != NULL; exclude++)
    if (qx_node_is (node, *exclude))
      return 1;
  return 0;
}

/* All dimensions, symbolic ones included: 0 for those would be a lie. */
static int
shape_is_known (const struct qx_value *value)
{
  size_t i, n;
  const int64_t *dims = qx_value_dims (value, &n);

  if (dims == NULL)
    return 0;
  for (i = 0; i < n; i++)
    if (dims[i] < 0)
      return 0;
  return 1;
}

/* A node that makes a graph output stays: a graph output that no node makes is of no use to anybody. */
static int
is_foldable (const struct qx_node *node, const char *const *exclude)
{
  size_t i;

  if (is_excluded (node, exclude) || node->n_captures > 0 || qx_node_out (node, 0) == NULL)
    return 0;
  for (i = 0; i < node->n_out; i++)
    if (node->out[i] != NULL && node->out[i]->infos[QX_INFO_OUTPUT] != NULL)
      return 0;
  if (qx_node_is (node, "Shape"))
    return shape_is_known (qx_node_in (node, 0));
  for (i = 0; i < node->n_in; i++)
    if (!qx_is_static (node->in[i].value))
      return 0;
  return 1;
}

/* An operator that looks at the shape alone gets a tensor without data, where there is no constant. */
static int
stand_in (struct qx_exec *x)
{
  struct qx_tensor *tensor = qx_arena_zalloc (&x->model->arena, 1, sizeof *tensor);
  const struct qx_value *value = qx_node_in (x->node, 0);

  if (tensor == NULL)
    return qx_oom (x->err);
  tensor->dims = (int64_t *) qx_value_dims (value, &tensor->n_dims);
  if (value != NULL && x->in[0] == NULL &&
      qx_count_elements (tensor->dims, tensor->n_dims, &tensor->n_elements) == 0)
    x->in[0] = tensor;
  return 0;
}

static int
collect_inputs (struct qx_exec *x, int shape_only)
{
  size_t i;

  x->n_in = x->node->n_in;
  x->n_out = x->node->n_out;
  x->in = qx_arena_zalloc (&x->model->arena, x->n_in, sizeof (*x->in));
  x->out = qx_arena_zalloc (&x->model->arena, x->n_out, sizeof (*x->out));
  if (x->in == NULL || x->out == NULL)
    return qx_oom (x->err);
  for (i = 0; i < x->n_in; i++)
    x->in[i] = qx_is_static (x->node->in[i].value) ? x->node->in[i].value->init : NULL;
  return shape_only && x->n_in > 0 ? stand_in (x) : 0;
}

/* The node goes, its outputs become constants. */
static int
replace_by_data (struct qx_exec *x, struct qx_node *node)
{
  struct qx_value *value;
  size_t i;

  for (i = 0; i < x->n_out; i++) {
    value = node->out[i];
    if (value == NULL)
      continue;
    if (x->out[i] == NULL)
      return qx_exec_fail (x, "it leaves an output without a value");
    node->out[i] = NULL;
    value->producer = NULL;
    if (qx_value_set_init (x->model, value, x->out[i], x->err) < 0)
      return -1;
  }
  qx_node_remove (x->model, node);
  return 0;
}

/* 1: done; 0: the node stays, because it does something that is not offered. */
static int
fold (struct qx_model *model, struct qx_node *node, const struct qx_exec_entry *entry, struct qx_error *err)
{
  struct qx_error why = { { 0 }, NULL };
  struct qx_exec x = {
    .model = model, .node = node, .opset = qx_exec_version (model, node), .limit = QX_MAX_FOLDED, .err = &why
  };

  if (collect_inputs (&x, entry->dims_only) == 0 && qx_exec_node (&x, entry) == 0 &&
      replace_by_data (&x, node) == 0)
    return 1;
  if (x.refused) {
    qx_error_clear (&why);
    return 0;
  }
  qx_fail (err, why.category, "%s", qx_error_text (&why));
  qx_error_clear (&why);
  return -1;
}

/* Nodes to look at: all at first, then those that read what was folded. queued is by index and kept in node->mark. */
struct queue {
  struct qx_node **nodes;
  size_t n, capacity;
};

static int
push (struct queue *queue, struct qx_node *node)
{
  struct qx_node **grown;

  if (queue->n == queue->capacity) {
    size_t capacity = queue->capacity < 64 ? 64 : 2 * queue->capacity;
    grown = realloc (queue->nodes, capacity * sizeof (*grown));
    if (grown == NULL)
      return -1;
    queue->nodes = grown;
    queue->capacity = capacity;
  }
  queue->nodes[queue->n++] = node;
  return 0;
}

static int
push_readers (struct queue *queue, struct qx_node *node)
{
  size_t i, u;

  for (i = 0; i < node->n_out; i++)
    for (u = 0; node->out[i] != NULL && u < node->out[i]->n_uses; u++)
      if (push (queue, node->out[i]->uses[u].node) < 0)
        return -1;
  return 0;
}

/* One step of the queue. A node may stand in it more than once: folded ones have no outputs any more. */
static int
fold_next (struct qx_model *model, struct queue *queue, struct qx_node *node, const char *const *exclude,
           size_t *folded, struct qx_error *err)
{
  const struct qx_exec_entry *entry;
  int done;

  if (node->mark != 0 || !is_foldable (node, exclude))
    return 0;
  entry = qx_exec_find (qx_node_domain (node), qx_node_op_type (node), qx_exec_version (model, node));
  if (entry == NULL)
    return 0;
  if (push_readers (queue, node) < 0)
    return qx_oom (err);
  done = fold (model, node, entry, err);
  if (done <= 0)
    return done;
  node->mark = 1;
  (*folded)++;
  return 0;
}

static int
fold_all (struct qx_model *model, const char *const *exclude, size_t *folded, struct qx_error *err)
{
  struct queue queue = { NULL, 0, 0 };
  size_t i;
  int ret = 0;

  *folded = 0;
  for (i = 0; i < qx_n_nodes (model) && ret == 0; i++) {
    struct qx_node *node = qx_node_at (model, i);
    node->mark = 0;
    if (push (&queue, node) < 0)
      ret = qx_oom (err);
  }
  for (i = 0; i < queue.n && ret == 0; i++)
    ret = fold_next (model, &queue, queue.nodes[i], exclude, folded, err);
  free (queue.nodes);
  return ret;
}

/* Folding tells shapes, and shapes may tell what else can be folded. */
int
qx_fold_constants (struct qx_model *model, const char *const *exclude, struct qx_error *err)
{
  static const char *const quantisers[] = { "Quant", "BipolarQuant", NULL };
  size_t folded;

  do {
    if (fold_all (model, exclude == NULL ? quantisers : exclude, &folded, err) < 0)
      return -1;
    if (folded > 0 && qx_infer_shapes (model, err) < 0)
      return -1;
  } while (folded > 0);
  return 0;
}
