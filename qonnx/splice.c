/* SPDX-License-Identifier: BSD-3-Clause */
/* Putting one model's graph into another's: on the level of messages, from which the graph is read anew. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/splice.h"

static int
is_joint (const struct qx_value *value, struct qx_value *const *joint, size_t n)
{
  size_t i;

  for (i = 0; i < n; i++)
    if (joint[i] == value)
      return 1;
  return 0;
}

static int
is_taken (const struct qx_model *model, const char *name)
{
  const struct qx_value *value = qx_find (model, name);

  return value != NULL && qx_value_known (value);
}

/* A name that is free in both. */
static const char *
free_name (struct qx_model *model, struct qx_model *other, const char *stem)
{
  struct qx_value *value;

  do
    value = qx_fresh_value (other, stem);
  while (value != NULL && is_taken (model, value->name));
  return value == NULL ? NULL : value->name;
}

/* Renaming changes the table: the values are listed first. */
static int
rename_clashes (struct qx_model *model, struct qx_model *other, struct qx_value *const *joint, size_t n_joint,
                struct qx_error *err)
{
  struct qx_value **values = malloc ((other->n_table + 1) * sizeof (*values));
  const char *name;
  size_t i, n = 0;
  int ret = 0;

  if (values == NULL)
    return qx_oom (err);
  for (i = 0; i < other->cap_table; i++)
    if (other->table[i] != NULL)
      values[n++] = other->table[i];
  for (i = 0; i < n && ret == 0; i++) {
    if (!qx_value_known (values[i]) || is_joint (values[i], joint, n_joint) ||
        !is_taken (model, values[i]->name))
      continue;
    name = free_name (model, other, values[i]->name);
    ret = name == NULL ? qx_oom (err) : qx_rename_tensor (other, values[i]->name, name, err);
  }
  free (values);
  return ret;
}

/* ---- messages ---- */

/* A copy in the model's own memory. */
static ProtobufCMessage *
copy_message (struct qx_model *model, const ProtobufCMessage *message)
{
  ProtobufCAllocator allocator = qx_allocator (&model->arena);
  size_t size = protobuf_c_message_get_packed_size (message);
  uint8_t *bytes = malloc (size + 1);
  ProtobufCMessage *copy;

  if (bytes == NULL)
    return NULL;
  protobuf_c_message_pack (message, bytes);
  copy = protobuf_c_message_unpack (message->descriptor, &allocator, size, bytes);
  free (bytes);
  return copy;
}

/* Appends copies of the n messages that wanted () takes to a list. */
static int
append (struct qx_model *model, ProtobufCMessage ***list, size_t *n_list, ProtobufCMessage **more, size_t n,
        int wanted (const struct qx_model *model, const ProtobufCMessage *message))
{
  ProtobufCMessage **all = qx_arena_alloc (&model->arena, (*n_list + n + 1) * sizeof (*all));
  size_t i;

  if (all == NULL)
    return -1;
  if (*n_list > 0)
    memcpy (all, *list, *n_list * sizeof (*all));
  for (i = 0; i < n; i++) {
    if (wanted != NULL && !wanted (model, more[i]))
      continue;
    if ((all[*n_list] = copy_message (model, more[i])) == NULL)
      return -1;
    ++*n_list;
  }
  *list = all;
  return 0;
}

/* What the model says of a tensor itself stands. */
static int
is_new_info (const struct qx_model *model, const ProtobufCMessage *message)
{
  const struct qx_value *value = qx_find (model, ((const Onnx__ValueInfoProto *) message)->name);

  return value == NULL || !value->has_shape;
}

static int
is_new_annotation (const struct qx_model *model, const ProtobufCMessage *message)
{
  const struct qx_value *value = qx_find (model, ((const Onnx__TensorAnnotation *) message)->tensor_name);

  return value == NULL || value->annotation == NULL;
}

#define APPEND(field, wanted)                                                                                \
  append (model, (ProtobufCMessage ***) &to->field, &to->n_##field, (ProtobufCMessage **) from->field,       \
          from->n_##field, wanted)

/* The nodes from at on come to the front. */
static int
turn (struct qx_model *model, size_t at)
{
  Onnx__GraphProto *graph = model->graph;
  size_t n = graph->n_node;
  Onnx__NodeProto **nodes = qx_arena_alloc (&model->arena, (n + 1) * sizeof (*nodes));

  if (nodes == NULL)
    return -1;
  if (n > at)
    memcpy (nodes, graph->node + at, (n - at) * sizeof (*nodes));
  if (at > 0)
    memcpy (nodes + n - at, graph->node, at * sizeof (*nodes));
  graph->node = nodes;
  return 0;
}

static int
append_all (struct qx_model *model, const struct qx_model *other, int in_front)
{
  Onnx__GraphProto *to = model->graph;
  const Onnx__GraphProto *from = other->graph;
  size_t n = to->n_node;

  if (APPEND (node, NULL) < 0 || (in_front && turn (model, n) < 0))
    return -1;
  return APPEND (initializer, NULL) < 0 || APPEND (sparse_initializer, NULL) < 0 ||
                 APPEND (value_info, is_new_info) < 0 ||
                 APPEND (quantization_annotation, is_new_annotation) < 0
             ? -1
             : 0;
}

/* Everything that qx_index () makes is made anew; what it was lies in the arena. */
static int
read_anew (struct qx_model *model, struct qx_error *err)
{
  struct qx_model fresh;

  memset (&fresh, 0, sizeof fresh);
  fresh.arena = model->arena;
  fresh.proto = model->proto;
  fresh.graph = model->graph;
  fresh.folder = model->folder;
  fresh.fresh = model->fresh;
  *model = fresh;
  return qx_index (model, err);
}

/* The other's folder is not known any more once its messages are copied. */
static int
read_external (const struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < model->inits.n; i++) {
    const struct qx_value *value = model->inits.items[i];
    if (value != NULL && value->init->proto->data_location == 1 && qx_external_read (value->init, err) < 0)
      return -1;
  }
  return 0;
}

int
qx_splice (struct qx_model *model, struct qx_model *other, struct qx_value *const *joint, size_t n_joint,
           int in_front, struct qx_error *err)
{
  if (read_external (other, err) < 0 || rename_clashes (model, other, joint, n_joint, err) < 0 ||
      qx_sync (model, err) < 0 || qx_sync (other, err) < 0)
    return -1;
  return append_all (model, other, in_front) < 0 ? qx_oom (err) : read_anew (model, err);
}
