/* SPDX-License-Identifier: BSD-3-Clause */
/* Models as a whole: making, copying, what they say of themselves. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/model.h"

#define IR_VERSION 8

static void *
arena_alloc (void *arena, size_t size)
{
  return qx_arena_alloc (arena, size);
}

static void
arena_free (void *arena, void *block)
{
  (void) arena;
  (void) block;
}

ProtobufCAllocator
qx_allocator (struct qx_arena *arena)
{
  ProtobufCAllocator allocator = { arena_alloc, arena_free, arena };

  return allocator;
}

static const char *
text_or_empty (const char *text)
{
  return text == NULL ? "" : text;
}

static struct qx_model *
blank_model (struct qx_error *err)
{
  struct qx_model *model = calloc (1, sizeof *model);

  if (model == NULL) {
    qx_oom (err);
    return NULL;
  }
  model->proto = qx_arena_alloc (&model->arena, sizeof *model->proto);
  model->graph = qx_arena_alloc (&model->arena, sizeof *model->graph);
  if (model->proto == NULL || model->graph == NULL) {
    qx_model_free (model);
    qx_oom (err);
    return NULL;
  }
  onnx__model_proto__init (model->proto);
  onnx__graph_proto__init (model->graph);
  model->proto->graph = model->graph;
  return model;
}

struct qx_model *
qx_model_new (const char *graph_name, int64_t opset_version, struct qx_error *err)
{
  struct qx_model *model = blank_model (err);

  if (model == NULL)
    return NULL;
  model->proto->has_ir_version = 1;
  model->proto->ir_version = IR_VERSION;
  model->graph->name = qx_arena_strdup (&model->arena, graph_name);
  if (model->graph->name == NULL)
    qx_oom (err);
  if (model->graph->name != NULL && qx_set_opset (model, "", opset_version, err) == 0)
    return model;
  qx_model_free (model);
  return NULL;
}

void
qx_model_free (struct qx_model *model)
{
  if (model == NULL)
    return;
  free (model->folder);
  qx_arena_free (&model->arena);
  free (model);
}

/* Through bytes: what a copy holds is what the file would hold. Holes and made-up names apart, syncing changes nothing. */
struct qx_model *
qx_model_copy (const struct qx_model *model, struct qx_error *err)
{
  struct qx_model *copy;
  unsigned char *bytes;
  size_t size;

  if (qx_save_bytes ((struct qx_model *) model, &bytes, &size, err) < 0)
    return NULL;
  copy = qx_unpack (bytes, size, "copy", model->folder, err);
  free (bytes);
  return copy;
}

/* ---- what it says of itself ---- */

int64_t
qx_ir_version (const struct qx_model *model)
{
  return model->proto->has_ir_version ? model->proto->ir_version : 0;
}

const char *
qx_producer_name (const struct qx_model *model)
{
  return text_or_empty (model->proto->producer_name);
}

const char *
qx_producer_version (const struct qx_model *model)
{
  return text_or_empty (model->proto->producer_version);
}

int
qx_set_producer (struct qx_model *model, const char *name, const char *version, struct qx_error *err)
{
  char *new_name = qx_arena_strdup (&model->arena, name),
       *new_version = qx_arena_strdup (&model->arena, version);

  if (new_name == NULL || new_version == NULL)
    return qx_oom (err);
  model->proto->producer_name = new_name;
  model->proto->producer_version = new_version;
  return 0;
}

const char *
qx_graph_name (const struct qx_model *model)
{
  return text_or_empty (model->graph->name);
}

size_t
qx_n_opsets (const struct qx_model *model)
{
  return model->proto->n_opset_import;
}

const char *
qx_opset_domain (const struct qx_model *model, size_t i)
{
  return i < model->proto->n_opset_import ? text_or_empty (model->proto->opset_import[i]->domain) : "";
}

int64_t
qx_opset_version (const struct qx_model *model, size_t i)
{
  return i < model->proto->n_opset_import ? model->proto->opset_import[i]->version : 0;
}

static int
is_default_domain (const char *domain)
{
  return domain[0] == '\0' || strcmp (domain, "ai.onnx") == 0;
}

static Onnx__OperatorSetIdProto *
find_opset (const struct qx_model *model, const char *domain)
{
  size_t i;

  for (i = 0; i < model->proto->n_opset_import; i++)
    if (strcmp (qx_opset_domain (model, i), domain) == 0 ||
        (is_default_domain (domain) && is_default_domain (qx_opset_domain (model, i))))
      return model->proto->opset_import[i];
  return NULL;
}

int64_t
qx_opset_of (const struct qx_model *model, const char *domain)
{
  const Onnx__OperatorSetIdProto *opset = find_opset (model, domain);

  return opset == NULL ? 0 : opset->version;
}

static Onnx__OperatorSetIdProto *
add_opset (struct qx_model *model, const char *domain)
{
  Onnx__OperatorSetIdProto *opset = qx_arena_alloc (&model->arena, sizeof *opset);
  size_t capacity = model->proto->n_opset_import;

  if (opset == NULL || qx_arena_grow (&model->arena, &model->proto->opset_import,
                                      model->proto->n_opset_import, &capacity, sizeof (opset)) < 0)
    return NULL;
  onnx__operator_set_id_proto__init (opset);
  opset->domain = qx_arena_strdup (&model->arena, domain);
  if (opset->domain == NULL)
    return NULL;
  model->proto->opset_import[model->proto->n_opset_import++] = opset;
  return opset;
}

int
qx_set_opset (struct qx_model *model, const char *domain, int64_t version, struct qx_error *err)
{
  Onnx__OperatorSetIdProto *opset = find_opset (model, domain);

  if (opset == NULL)
    opset = add_opset (model, domain);
  if (opset == NULL)
    return qx_oom (err);
  opset->has_version = 1;
  opset->version = version;
  return 0;
}

static int
has_node_of (const struct qx_model *model, const char *domain)
{
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++)
    if (strcmp (qx_node_domain (qx_node_at (model, i)), domain) == 0)
      return 1;
  return 0;
}

int
qx_drop_unused_opsets (struct qx_model *model, struct qx_error *err)
{
  Onnx__ModelProto *proto = model->proto;
  size_t i, n = 0;

  (void) err;
  for (i = 0; i < proto->n_opset_import; i++) {
    const char *domain = text_or_empty (proto->opset_import[i]->domain);
    if (domain[0] == '\0' || strcmp (domain, "ai.onnx") == 0 || has_node_of (model, domain))
      proto->opset_import[n++] = proto->opset_import[i];
  }
  proto->n_opset_import = n;
  return 0;
}

const char *
qx_graph_metadata (const struct qx_model *model, const char *key)
{
  size_t i;

  for (i = 0; i < model->graph->n_metadata_props; i++)
    if (strcmp (text_or_empty (model->graph->metadata_props[i]->key), key) == 0)
      return text_or_empty (model->graph->metadata_props[i]->value);
  return NULL;
}
