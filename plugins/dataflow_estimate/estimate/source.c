/* SPDX-License-Identifier: BSD-3-Clause */
/* Making the walk's graph from a model. The only file of the library that knows how models are kept. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "plugins/dataflow_estimate/estimate/graph.h"
#include "qonnx/qonnx.h"

struct est_source {
  struct qx_model *model; /* folded and with shapes */
  int *slots;             /* indices and attributes of all nodes */
  struct est_attr *attrs;
  char **made_names; /* of nodes that have none */
  size_t n_made;
  int *table; /* tensor indices by hash of the name, -1: free */
  size_t table_size;
};

static int
take_error (struct br_error *err, struct qx_error *why)
{
  br_error_set (err, why->category[0] != '\0' ? why->category : "model_load", "%s", qx_error_text (why));
  qx_error_clear (why);
  return -1;
}

/* ---- tensors by name ---- */

static size_t
hash_of (const char *name)
{
  size_t h = 5381;

  for (; *name != '\0'; name++)
    h = h * 33 + (unsigned char) *name;
  return h;
}

static void
read_shape (const struct qx_model *model, struct est_tensor *t)
{
  size_t rank = 0;
  const int64_t *dims = qx_shape (model, t->name, &rank);

  if (dims == NULL || rank > EST_MAX_RANK)
    return;
  t->rank = (int) rank;
  t->known_shape = 1;
  for (size_t i = 0; i < rank; i++) {
    t->dims[i] = dims[i];
    t->known_shape &= dims[i] > 0;
  }
}

static void
read_type (const struct qx_model *model, struct est_tensor *t)
{
  const char *name = qx_annotation (model, t->name, "finn_datatype");

  t->type = EST_TYPE_FLOAT;
  t->annotated = name != NULL && est_type_parse (name, &t->type);
}

static int
read_values (const struct qx_model *model, struct est_tensor *t, struct br_error *err)
{
  static const float nothing[1];
  const struct qx_tensor *data = qx_initializer (model, t->name);
  struct qx_error why = { 0 };

  if (data == NULL || qx_tensor_type (data) == QX_STRING)
    return 0;
  t->n = qx_tensor_n_elements (data);
  t->values = t->n > 0 ? qx_tensor_floats (data, &why) : nothing;
  return t->values != NULL ? 0 : take_error (err, &why);
}

static int
new_tensor (struct est_graph *graph, const char *name, struct br_error *err)
{
  struct est_tensor *t = &graph->tensors[graph->n_tensors];

  t->name = name;
  read_shape (graph->source->model, t);
  read_type (graph->source->model, t);
  t->is_output = qx_is_output (graph->source->model, name);
  if (read_values (graph->source->model, t, err) < 0)
    return -1;
  return (int) graph->n_tensors++;
}

/* The tensor's index, made where it is new; -1 for the empty name; -2 after an error. */
static int
tensor_index (struct est_graph *graph, const char *name, struct br_error *err)
{
  struct est_source *s = graph->source;
  size_t i = hash_of (name) % s->table_size;
  int index;

  if (*name == '\0')
    return -1;
  while (s->table[i] >= 0) {
    if (strcmp (graph->tensors[s->table[i]].name, name) == 0)
      return s->table[i];
    i = (i + 1) % s->table_size;
  }
  index = new_tensor (graph, name, err);
  if (index < 0)
    return -2;
  s->table[i] = index;
  return index;
}

/* ---- nodes ---- */

static void
read_attr (const struct qx_node *node, size_t i, struct est_attr *a)
{
  a->name = qx_node_attr_name (node, i);
  a->i = qx_node_int (node, a->name, 0);
  a->f = (double) qx_node_float (node, a->name, 0);
  a->s = qx_node_string (node, a->name, NULL);
  a->ints = qx_node_ints (node, a->name, &a->n_ints);
}

static const char *
name_of (struct est_graph *graph, const struct qx_node *node, size_t i, struct br_error *err)
{
  struct est_source *s = graph->source;
  char *made;

  if (*qx_node_name (node) != '\0')
    return qx_node_name (node);
  made = br_printf ("%s (node %zu)", qx_node_op_type (node), i);
  if (made == NULL)
    br_error_oom (err);
  else
    s->made_names[s->n_made++] = made;
  return made;
}

static int
read_node (struct est_graph *graph, const struct qx_node *node, int **slots, struct est_attr **attrs,
           struct br_error *err)
{
  struct est_gnode *n = &graph->nodes[graph->n_nodes];

  n->op = qx_node_op_type (node);
  n->name = name_of (graph, node, graph->n_nodes, err);
  if (n->name == NULL)
    return -1;
  n->n_inputs = qx_node_n_inputs (node);
  n->n_outputs = qx_node_n_outputs (node);
  n->n_attrs = qx_node_n_attrs (node);
  n->inputs = *slots;
  n->outputs = *slots + n->n_inputs;
  n->attrs = *attrs;
  *slots += n->n_inputs + n->n_outputs;
  *attrs += n->n_attrs;
  for (size_t i = 0; i < n->n_inputs; i++)
    if ((n->inputs[i] = tensor_index (graph, qx_node_input (node, i), err)) < -1)
      return -1;
  for (size_t i = 0; i < n->n_outputs; i++)
    if ((n->outputs[i] = tensor_index (graph, qx_node_output (node, i), err)) < -1)
      return -1;
  for (size_t i = 0; i < n->n_attrs; i++)
    read_attr (node, i, &n->attrs[i]);
  graph->n_nodes++;
  return 0;
}

static int
allocate (struct est_graph *graph, struct br_error *err)
{
  struct est_source *s = graph->source;
  size_t n = qx_n_nodes (s->model), slots = 0, attrs = 0, tensors;

  for (size_t i = 0; i < n; i++) {
    const struct qx_node *node = qx_node_at (s->model, i);

    slots += qx_node_n_inputs (node) + qx_node_n_outputs (node);
    attrs += qx_node_n_attrs (node);
  }
  tensors = slots + qx_n_inputs (s->model);
  s->table_size = 2 * tensors + 1;
  graph->nodes = calloc (n + 1, sizeof *graph->nodes);
  graph->tensors = calloc (tensors + 1, sizeof *graph->tensors);
  s->slots = calloc (slots + 1, sizeof *s->slots);
  s->attrs = calloc (attrs + 1, sizeof *s->attrs);
  s->made_names = calloc (n + 1, sizeof *s->made_names);
  s->table = malloc (s->table_size * sizeof *s->table);
  if (graph->nodes == NULL || graph->tensors == NULL || s->slots == NULL || s->attrs == NULL ||
      s->made_names == NULL || s->table == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < s->table_size; i++)
    s->table[i] = -1;
  return 0;
}

/* The input that data comes in by; the others have to be constants. */
static int
find_input (struct est_graph *graph, struct br_error *err)
{
  const struct qx_model *model = graph->source->model;
  int found = -1;

  for (size_t i = 0; i < qx_n_inputs (model); i++) {
    if (qx_initializer (model, qx_input (model, i)) != NULL)
      continue;
    if (found >= 0)
      return br_error_set (err, "transform", "the model has more than one input: %s and %s",
                           graph->tensors[found].name, qx_input (model, i));
    found = tensor_index (graph, qx_input (model, i), err);
    if (found < -1)
      return -1;
  }
  if (found < 0)
    return br_error_set (err, "transform", "the model has no input that data could come in by");
  graph->input = found;
  return 0;
}

static int
fill (struct est_graph *graph, struct br_error *err)
{
  struct est_source *s = graph->source;
  int *slots;
  struct est_attr *attrs;

  if (allocate (graph, err) < 0)
    return -1;
  slots = s->slots;
  attrs = s->attrs;
  for (size_t i = 0; i < qx_n_nodes (s->model); i++)
    if (read_node (graph, qx_node_at (s->model, i), &slots, &attrs, err) < 0)
      return -1;
  if (find_input (graph, err) < 0)
    return -1;
  est_graph_link (graph);
  return 0;
}

/* ---- quantisation ---- */

/* Of ONNX, of QONNX and of FINN's graphs; ends with NULL. */
static const char *const quantising[] = { "Quant",
                                          "IntQuant",
                                          "BipolarQuant",
                                          "FloatQuant",
                                          "Trunc",
                                          "MultiThreshold",
                                          "Sign",
                                          "QuantizeLinear",
                                          "DynamicQuantizeLinear",
                                          "DequantizeLinear",
                                          "QLinearConv",
                                          "QLinearMatMul",
                                          "ConvInteger",
                                          "MatMulInteger",
                                          NULL };

static int
has_few_bits (const struct qx_model *model, const char *tensor)
{
  const char *type = qx_annotation (model, tensor, "finn_datatype");

  return type != NULL && strcmp (type, "FLOAT32") != 0 && strcmp (type, "FLOAT16") != 0;
}

static int
is_quantised (const struct qx_model *model)
{
  for (size_t i = 0; i < qx_n_nodes (model); i++) {
    const struct qx_node *node = qx_node_at (model, i);

    if (est_is_one_of (qx_node_op_type (node), quantising))
      return 1;
    for (size_t k = 0; k < qx_node_n_inputs (node); k++)
      if (has_few_bits (model, qx_node_input (node, k)))
        return 1;
    for (size_t k = 0; k < qx_node_n_outputs (node); k++)
      if (has_few_bits (model, qx_node_output (node, k)))
        return 1;
  }
  return 0;
}

/* With shapes and without nodes that only work on constants. */
static int
prepare (struct qx_model *model, struct br_error *err)
{
  struct qx_error why = { 0 };

  if (qx_infer_shapes (model, &why) == 0 && qx_fold_constants (model, NULL, &why) == 0 &&
      qx_infer_shapes (model, &why) == 0)
    return 0;
  return take_error (err, &why);
}

int
est_graph_from_model (struct qx_model *model, struct est_graph *graph, struct br_error *err)
{
  memset (graph, 0, sizeof *graph);
  graph->source = calloc (1, sizeof *graph->source);
  if (graph->source == NULL) {
    qx_model_free (model);
    return br_error_oom (err);
  }
  graph->source->model = model;
  graph->is_quantised = is_quantised (model); /* before what only works on constants goes */
  if (prepare (model, err) == 0 && fill (graph, err) == 0)
    return 0;
  est_graph_free (graph);
  return -1;
}

void
est_graph_free (struct est_graph *graph)
{
  struct est_source *s = graph->source;

  free (graph->nodes);
  free (graph->tensors);
  if (s != NULL) {
    for (size_t i = 0; i < s->n_made; i++)
      free (s->made_names[i]);
    free (s->made_names);
    free (s->slots);
    free (s->attrs);
    free (s->table);
    qx_model_free (s->model);
    free (s);
  }
  memset (graph, 0, sizeof *graph);
}
