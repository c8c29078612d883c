/* SPDX-License-Identifier: BSD-3-Clause */
/* A subgraph may read tensors of the graphs around it. Such a reading is a use like any other: it keeps the tensor alive,
   orders nodes, and its name follows when the tensor is renamed. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/capture.h"

/* Names that a subgraph defines itself, sorted; the graphs around it (the main one aside) stand above. */
struct scope {
  const struct scope *up;
  const char **names;
  size_t n;
};

struct finder {
  struct qx_model *model;
  struct qx_node *node;
  struct qx_error *err;
};

static int
by_name (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static int
defined (const struct scope *scope, const char *name)
{
  for (; scope != NULL; scope = scope->up)
    if (bsearch (&name, scope->names, scope->n, sizeof *scope->names, by_name) != NULL)
      return 1;
  return 0;
}

static void
define (struct scope *scope, const char *name)
{
  if (name != NULL)
    scope->names[scope->n++] = name;
}

static int
open_scope (struct scope *scope, const Onnx__GraphProto *graph)
{
  size_t i, k, n = graph->n_input + graph->n_initializer;

  for (i = 0; i < graph->n_node; i++)
    n += graph->node[i]->n_output;
  scope->names = malloc ((n + 1) * sizeof *scope->names);
  if (scope->names == NULL)
    return -1;
  for (i = 0; i < graph->n_input; i++)
    define (scope, graph->input[i]->name);
  for (i = 0; i < graph->n_initializer; i++)
    define (scope, graph->initializer[i]->name);
  for (i = 0; i < graph->n_node; i++)
    for (k = 0; k < graph->node[i]->n_output; k++)
      define (scope, graph->node[i]->output[k]);
  qsort (scope->names, scope->n, sizeof *scope->names, by_name);
  return 0;
}

static int
note (const struct finder *finder, const struct scope *scope, char **name)
{
  struct qx_node *node = finder->node;
  struct qx_value *value = *name == NULL || defined (scope, *name) ? NULL : qx_find (finder->model, *name);
  struct qx_capture *capture;

  if (value == NULL)
    return 0;
  if (qx_arena_grow (&finder->model->arena, &node->captures, node->n_captures, &node->cap_captures,
                     sizeof *node->captures) < 0)
    return qx_oom (finder->err);
  capture = &node->captures[node->n_captures];
  capture->value = value;
  capture->name = name;
  if (qx_use_add (finder->model, value, node, QX_CAPTURE, &capture->use_at) < 0)
    return qx_oom (finder->err);
  node->n_captures++;
  return 0;
}

static int search (const struct finder *finder, const struct scope *up, Onnx__GraphProto *graph);

static int
search_attributes (const struct finder *finder, const struct scope *scope, Onnx__NodeProto *proto)
{
  size_t i, k;

  for (i = 0; i < proto->n_attribute; i++) {
    Onnx__AttributeProto *attr = proto->attribute[i];
    if (attr->g != NULL && search (finder, scope, attr->g) < 0)
      return -1;
    for (k = 0; k < attr->n_graphs; k++)
      if (search (finder, scope, attr->graphs[k]) < 0)
        return -1;
  }
  return 0;
}

static int
search_nodes (const struct finder *finder, const struct scope *scope, Onnx__GraphProto *graph)
{
  size_t i, k;

  for (i = 0; i < graph->n_node; i++) {
    for (k = 0; k < graph->node[i]->n_input; k++)
      if (note (finder, scope, &graph->node[i]->input[k]) < 0)
        return -1;
    if (search_attributes (finder, scope, graph->node[i]) < 0)
      return -1;
  }
  for (i = 0; i < graph->n_output; i++)
    if (note (finder, scope, &graph->output[i]->name) < 0)
      return -1;
  return 0;
}

static int
search (const struct finder *finder, const struct scope *up, Onnx__GraphProto *graph)
{
  struct scope scope = { up, NULL, 0 };
  int ret;

  if (open_scope (&scope, graph) < 0)
    return qx_oom (finder->err);
  ret = search_nodes (finder, &scope, graph);
  free (scope.names);
  return ret;
}

int
qx_find_captures (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  struct finder finder = { model, node, err };

  return search_attributes (&finder, NULL, node->proto);
}

int
qx_find_sparse (struct qx_model *model, struct qx_error *err)
{
  const Onnx__GraphProto *graph = model->graph;
  size_t i;

  model->sparse = qx_arena_zalloc (&model->arena, graph->n_sparse_initializer, sizeof *model->sparse);
  if (model->sparse == NULL)
    return qx_oom (err);
  for (i = 0; i < graph->n_sparse_initializer; i++) {
    Onnx__TensorProto *values = graph->sparse_initializer[i]->values;
    struct qx_capture *capture = &model->sparse[model->n_sparse];
    if (values == NULL || values->name == NULL || values->name[0] == '\0')
      return qx_fail (err, "model_load", "sparse initializer %zu: no name", i);
    capture->name = &values->name;
    capture->value = qx_adopt (model, values->name);
    if (capture->value == NULL)
      return qx_oom (err);
    capture->value->pinned = 1;
    model->n_sparse++;
  }
  return 0;
}
