/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a model: bytes, guard, protobuf-c, then the graph of values and nodes over the messages. */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "qonnx/capture.h"
#include "qonnx/guard.h"
#include "qonnx/infer.h"
#include "qonnx/model.h"

/* ---- interface, constants, annotations ---- */

static int
index_interface (struct qx_model *model, struct qx_list *list, Onnx__ValueInfoProto **infos, size_t n,
                 int where, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < n; i++) {
    struct qx_value *value;
    if (infos[i]->name == NULL || infos[i]->name[0] == '\0')
      return qx_fail (err, "model_load", "graph %s %zu: no name", where == QX_INFO_INPUT ? "input" : "output",
                      i);
    value = qx_adopt (model, infos[i]->name);
    if (value == NULL || qx_list_add (model, list, value, NULL) < 0)
      return qx_oom (err);
    if (value->infos[where] != NULL)
      return qx_fail (err, "model_load", "tensor %s: twice among the graph's %s", value->name,
                      where == QX_INFO_INPUT ? "inputs" : "outputs");
    value->infos[where] = infos[i];
    if (qx_value_read_info (model, value, infos[i], err) < 0)
      return -1;
  }
  return 0;
}

/* An entry for a tensor that has one already (as input, as output, or twice) says nothing new: it goes. */
static int
index_infos (struct qx_model *model, struct qx_error *err)
{
  Onnx__GraphProto *graph = model->graph;
  size_t i, k;

  for (i = 0; i < graph->n_value_info; i++) {
    Onnx__ValueInfoProto *info = graph->value_info[i];
    struct qx_value *value =
        info->name == NULL || info->name[0] == '\0' ? NULL : qx_adopt (model, info->name);
    if (value == NULL)
      return info->name == NULL || info->name[0] == '\0'
                 ? qx_fail (err, "model_load", "value_info %zu: no name", i)
                 : qx_oom (err);
    for (k = 0; k < QX_N_INFOS && value->infos[k] == NULL; k++)
      ;
    if (k < QX_N_INFOS)
      continue;
    if (qx_list_add (model, &model->infos, value, &value->info_at) < 0)
      return qx_oom (err);
    value->infos[QX_INFO_OTHER] = info;
    if (qx_value_read_info (model, value, info, err) < 0)
      return -1;
  }
  return 0;
}

static int
index_initializers (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < model->graph->n_initializer; i++) {
    Onnx__TensorProto *proto = model->graph->initializer[i];
    struct qx_value *value;
    if (proto->name == NULL || proto->name[0] == '\0')
      return qx_fail (err, "model_load", "initializer %zu: no name", i);
    value = qx_adopt (model, proto->name);
    if (value == NULL || qx_list_add (model, &model->inits, value, &value->init_at) < 0)
      return qx_oom (err);
    if (value->init != NULL)
      return qx_fail (err, "model_load", "tensor %s: twice among the initializers", value->name);
    value->init = qx_tensor_wrap (model, proto, err);
    if (value->init == NULL || qx_tensor_check (value->init, err) < 0)
      return -1;
  }
  return 0;
}

/* Several annotations of one tensor become one. */
static int
merge_annotation (struct qx_model *model, struct qx_value *value, const Onnx__TensorAnnotation *more,
                  struct qx_error *err)
{
  size_t i;

  for (i = 0; i < more->n_quant_parameter_tensor_names; i++) {
    const Onnx__StringStringEntryProto *entry = more->quant_parameter_tensor_names[i];
    if (entry->key != NULL && entry->value != NULL &&
        qx_set_annotation (model, value->name, entry->key, entry->value, err) < 0)
      return -1;
  }
  return 0;
}

static int
index_annotations (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < model->graph->n_quantization_annotation; i++) {
    Onnx__TensorAnnotation *annotation = model->graph->quantization_annotation[i];
    struct qx_value *value;
    if (annotation->tensor_name == NULL || annotation->tensor_name[0] == '\0')
      return qx_fail (err, "model_load", "quantization_annotation %zu: no tensor name", i);
    value = qx_adopt (model, annotation->tensor_name);
    if (value == NULL)
      return qx_oom (err);
    if (value->annotation != NULL) {
      if (merge_annotation (model, value, annotation, err) < 0)
        return -1;
      continue;
    }
    if (qx_list_add (model, &model->annotations, value, &value->annotation_at) < 0)
      return qx_oom (err);
    value->annotation = annotation;
  }
  return 0;
}

/* ---- nodes ---- */

static int
wire_inputs (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  const Onnx__NodeProto *proto = node->proto;
  size_t i;

  node->in = qx_arena_zalloc (&model->arena, proto->n_input, sizeof *node->in);
  if (node->in == NULL)
    return qx_oom (err);
  node->n_in = node->cap_in = proto->n_input;
  for (i = 0; i < proto->n_input; i++) {
    struct qx_value *value;
    if (proto->input[i][0] == '\0')
      continue;
    value = qx_adopt (model, proto->input[i]);
    if (value == NULL || qx_node_wire_in (model, node, i, value) < 0)
      return qx_oom (err);
  }
  return 0;
}

static int
wire_outputs (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  const Onnx__NodeProto *proto = node->proto;
  size_t i;

  node->out = qx_arena_zalloc (&model->arena, proto->n_output, sizeof *node->out);
  if (node->out == NULL)
    return qx_oom (err);
  node->n_out = node->cap_out = proto->n_output;
  for (i = 0; i < proto->n_output; i++) {
    struct qx_value *value;
    if (proto->output[i][0] == '\0')
      continue;
    value = qx_adopt (model, proto->output[i]);
    if (value == NULL)
      return qx_oom (err);
    if (value->producer != NULL)
      return qx_fail (err, "model_load", "tensor %s: made by two nodes, %s and %s", value->name,
                      qx_node_label (value->producer), qx_node_label (node));
    if (value->init != NULL || value->pinned || value->infos[QX_INFO_INPUT] != NULL)
      return qx_fail (err, "model_load",
                      "tensor %s: an input or constant of the graph that node %s makes too", value->name,
                      qx_node_label (node));
    qx_node_wire_out (model, node, i, value);
  }
  return 0;
}

/* Names that QONNX and FINN once gave their domains. */
static void
renew_domain (struct qx_node *node)
{
  static char general[] = "qonnx.custom_op.general", dataflow[] = "finn.custom_op.fpgadataflow";
  const char *domain = qx_node_domain (node), *backend;

  if (strcmp (domain, "finn.custom_op.general") == 0)
    node->proto->domain = general;
  if (strcmp (domain, "finn") != 0)
    return;
  backend = qx_node_string (node, "backend", NULL);
  if (backend == NULL)
    node->proto->domain = general;
  else if (strcmp (backend, "fpgadataflow") == 0)
    node->proto->domain = dataflow;
}

static int
index_nodes (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < model->graph->n_node; i++) {
    struct qx_node *node = qx_node_make (model, model->graph->node[i], err);
    if (node == NULL)
      return -1;
    if (node->proto->op_type == NULL || node->proto->op_type[0] == '\0')
      return qx_fail (err, "model_load", "node %zu (%s): no operator type", i, qx_node_name (node));
    if (qx_list_add (model, &model->nodes, node, &node->index) < 0)
      return qx_oom (err);
    renew_domain (node);
    if (wire_outputs (model, node, err) < 0 || wire_inputs (model, node, err) < 0)
      return -1;
  }
  for (i = 0; i < model->nodes.n; i++)
    if (qx_find_captures (model, model->nodes.items[i], err) < 0)
      return -1;
  return 0;
}

int
qx_give_initializers_shapes (struct qx_model *model, int data_only, struct qx_error *err)
{
  size_t i, k;

  qx_compact_nodes (model);
  for (i = 0; i < model->nodes.n; i++) {
    const struct qx_node *node = model->nodes.items[i];
    size_t n = data_only && qx_is_custom_domain (qx_node_domain (node)) && node->n_in > 0 ? 1 : node->n_in;
    for (k = 0; k < n; k++) {
      struct qx_value *value = node->in[k].value;
      if (!qx_is_static (value) || value->has_shape)
        continue;
      if (qx_value_set_shape (model, value, value->init->dims, value->init->n_dims,
                              value->init->proto->data_type, err) < 0)
        return -1;
    }
  }
  return 0;
}

/* What is known of their number saves lists and table from growing again and again. */
static int
reserve (struct qx_model *model, struct qx_error *err)
{
  const Onnx__GraphProto *graph = model->graph;

  if (qx_list_reserve (model, &model->nodes, graph->n_node) < 0 ||
      qx_list_reserve (model, &model->infos, graph->n_value_info) < 0 ||
      qx_list_reserve (model, &model->inits, graph->n_initializer) < 0 ||
      qx_reserve_names (model, graph->n_node + graph->n_initializer + graph->n_input) < 0)
    return qx_oom (err);
  return 0;
}

int
qx_index (struct qx_model *model, struct qx_error *err)
{
  Onnx__GraphProto *graph = model->graph;

  if (reserve (model, err) < 0 ||
      index_interface (model, &model->inputs, graph->input, graph->n_input, QX_INFO_INPUT, err) < 0 ||
      index_interface (model, &model->outputs, graph->output, graph->n_output, QX_INFO_OUTPUT, err) < 0 ||
      index_infos (model, err) < 0 || index_initializers (model, err) < 0 ||
      qx_find_sparse (model, err) < 0 || index_annotations (model, err) < 0 || index_nodes (model, err) < 0)
    return -1;
  return qx_give_initializers_shapes (model, 0, err);
}

/* ---- files and bytes ---- */

static int
unpack_into (struct qx_model *model, const uint8_t *bytes, size_t size, const char *name,
             struct qx_error *err)
{
  ProtobufCAllocator allocator = qx_allocator (&model->arena);

  model->proto = onnx__model_proto__unpack (&allocator, size, bytes);
  if (model->proto == NULL && model->arena.spent)
    return qx_fail (err, "memory", "%s: out of memory", name);
  if (model->proto == NULL)
    return qx_fail (err, "model_load", "%s: not a valid ONNX model", name);
  model->graph = model->proto->graph;
  if (model->graph == NULL)
    return qx_fail (err, "model_load", "%s: not an ONNX model: there is no graph in it", name);
  return 0;
}

/* Puts the name of the file before what was wrong inside it. */
static void
name_file (struct qx_error *err, struct qx_error *inner, const char *name)
{
  qx_fail (err, inner->category, "%s: %s", name, qx_error_text (inner));
  qx_error_clear (inner);
}

struct qx_model *
qx_unpack (const uint8_t *bytes, size_t size, const char *name, const char *folder, struct qx_error *err)
{
  struct qx_error inner = { { 0 }, NULL };
  struct qx_model *model = calloc (1, sizeof *model);

  if (model == NULL || (folder != NULL && (model->folder = strdup (folder)) == NULL)) {
    qx_model_free (model);
    qx_oom (err);
    return NULL;
  }
  if (unpack_into (model, bytes, size, name, err) == 0) {
    if (qx_index (model, &inner) == 0)
      return model;
    name_file (err, &inner, name);
  }
  qx_model_free (model);
  return NULL;
}

struct qx_model *
qx_load_bytes (const void *data, size_t size, const char *name, const char *folder, struct qx_error *err)
{
  if (qx_guard (data, size, name, err) < 0)
    return NULL;
  return qx_unpack (data, size, name, folder, err);
}

/* Of a file that may be read, and is not too large, it is not the model that is to blame, but this machine. */
static int
is_to_blame (const char *path)
{
  struct stat st;

  return access (path, R_OK) < 0 || stat (path, &st) < 0 || !S_ISREG (st.st_mode) ||
         (uintmax_t) st.st_size > QX_MAX_BYTES;
}

struct qx_model *
qx_load (const char *path, struct qx_error *err)
{
  struct br_error error = { { 0 }, NULL };
  BR_AUTOFREE char *data = NULL, *folder = br_path_dirname (path);
  size_t size;

  if (folder == NULL) {
    qx_oom (err);
    return NULL;
  }
  if (br_file_read (path, QX_MAX_BYTES, &data, &size, &error) < 0) {
    if (strcmp (error.category, "memory") != 0 && is_to_blame (path))
      memcpy (error.category, "model_load", sizeof "model_load");
    qx_fail_from (err, &error);
    return NULL;
  }
  return qx_load_bytes (data, size, path, folder, err);
}
