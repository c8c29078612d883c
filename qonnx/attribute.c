/* SPDX-License-Identifier: BSD-3-Clause */
/* Attributes of nodes. Nodes have a handful, so they are searched in order. */
#include <config.h>

#include <string.h>

#include "qonnx/model.h"

Onnx__AttributeProto *
qx_node_attr (const struct qx_node *node, const char *name)
{
  size_t i;

  for (i = 0; i < node->proto->n_attribute; i++)
    if (node->proto->attribute[i]->name != NULL && strcmp (node->proto->attribute[i]->name, name) == 0)
      return node->proto->attribute[i];
  return NULL;
}

/* IR version 1 had no type field: what is there tells. */
static int
type_of (const Onnx__AttributeProto *attr)
{
  if (attr->has_type && attr->type != QX_ATTR_NONE)
    return attr->type;
  if (attr->has_f)
    return QX_ATTR_FLOAT;
  if (attr->has_i)
    return QX_ATTR_INT;
  if (attr->has_s)
    return QX_ATTR_STRING;
  if (attr->t != NULL)
    return QX_ATTR_TENSOR;
  if (attr->n_ints > 0)
    return QX_ATTR_INTS;
  if (attr->n_strings > 0)
    return QX_ATTR_STRINGS;
  return attr->n_floats > 0 ? QX_ATTR_FLOATS : QX_ATTR_NONE;
}

static Onnx__AttributeProto *
attr_of_type (const struct qx_node *node, const char *name, int type)
{
  Onnx__AttributeProto *attr = qx_node_attr (node, name);

  return attr != NULL && type_of (attr) == type ? attr : NULL;
}

size_t
qx_node_n_attrs (const struct qx_node *node)
{
  return node->proto->n_attribute;
}

const char *
qx_node_attr_name (const struct qx_node *node, size_t i)
{
  const char *name = i < node->proto->n_attribute ? node->proto->attribute[i]->name : NULL;

  return name == NULL ? "" : name;
}

int
qx_node_attr_type (const struct qx_node *node, const char *name)
{
  const Onnx__AttributeProto *attr = qx_node_attr (node, name);

  return attr == NULL ? QX_ATTR_NONE : type_of (attr);
}

int64_t
qx_node_int (const struct qx_node *node, const char *name, int64_t fallback)
{
  const Onnx__AttributeProto *attr = attr_of_type (node, name, QX_ATTR_INT);

  return attr == NULL ? fallback : attr->i;
}

float
qx_node_float (const struct qx_node *node, const char *name, float fallback)
{
  const Onnx__AttributeProto *attr = attr_of_type (node, name, QX_ATTR_FLOAT);

  return attr == NULL ? fallback : attr->f;
}

static int
end_string (struct qx_arena *arena, ProtobufCBinaryData *bytes)
{
  uint8_t *copy = qx_arena_alloc (arena, bytes->len + 1);

  if (copy == NULL)
    return -1;
  if (bytes->len > 0)
    memcpy (copy, bytes->data, bytes->len);
  copy[bytes->len] = 0;
  bytes->data = copy;
  return 0;
}

static int
end_strings (struct qx_arena *arena, Onnx__AttributeProto *attr)
{
  int type = type_of (attr);
  size_t i;

  if (type == QX_ATTR_STRING)
    return end_string (arena, &attr->s);
  for (i = 0; type == QX_ATTR_STRINGS && i < attr->n_strings; i++)
    if (end_string (arena, &attr->strings[i]) < 0)
      return -1;
  return 0;
}

/* Strings have no NUL behind them in the file: copies that have one replace those of a node when one is first asked for, and when
   its array of attributes is another one. */
static const char *
ended_string (const struct qx_node *node, const ProtobufCBinaryData *bytes)
{
  Onnx__NodeProto *proto = node->proto;
  size_t i;

  if (node->ended != (void *) proto->attribute) {
    for (i = 0; i < proto->n_attribute; i++)
      if (end_strings (&node->model->arena, proto->attribute[i]) < 0)
        return NULL;
    ((struct qx_node *) node)->ended = proto->attribute;
  }
  if (bytes->len > 0 && memchr (bytes->data, 0, bytes->len) != NULL)
    return NULL;
  return (const char *) bytes->data;
}

const char *
qx_node_string (const struct qx_node *node, const char *name, const char *fallback)
{
  Onnx__AttributeProto *attr = attr_of_type (node, name, QX_ATTR_STRING);
  const char *text = attr == NULL ? NULL : ended_string (node, &attr->s);

  return text == NULL ? fallback : text;
}

const char *
qx_node_string_at (const struct qx_node *node, const char *name, size_t i)
{
  Onnx__AttributeProto *attr = attr_of_type (node, name, QX_ATTR_STRINGS);

  return attr == NULL || i >= attr->n_strings ? NULL : ended_string (node, &attr->strings[i]);
}

const int64_t *
qx_node_ints (const struct qx_node *node, const char *name, size_t *n)
{
  static const int64_t none[1];
  const Onnx__AttributeProto *attr = attr_of_type (node, name, QX_ATTR_INTS);

  *n = attr == NULL ? 0 : attr->n_ints;
  if (attr == NULL)
    return NULL;
  return attr->n_ints == 0 ? none : attr->ints;
}

const float *
qx_node_floats (const struct qx_node *node, const char *name, size_t *n)
{
  static const float none[1];
  const Onnx__AttributeProto *attr = attr_of_type (node, name, QX_ATTR_FLOATS);

  *n = attr == NULL ? 0 : attr->n_floats;
  if (attr == NULL)
    return NULL;
  return attr->n_floats == 0 ? none : attr->floats;
}

const struct qx_tensor *
qx_node_tensor (const struct qx_node *node, const char *name)
{
  const Onnx__AttributeProto *attr = attr_of_type (node, name, QX_ATTR_TENSOR);

  if (attr == NULL || attr->t == NULL)
    return NULL;
  return qx_tensor_wrap (node->model, attr->t, NULL);
}

/* ---- setting ---- */

/* The attribute, emptied, or a new one behind the last. */
static Onnx__AttributeProto *
fresh_attr (struct qx_model *model, struct qx_node *node, const char *name, int type, struct qx_error *err)
{
  Onnx__AttributeProto *attr = qx_node_attr (node, name);
  size_t capacity = node->proto->n_attribute;

  if (attr == NULL) {
    attr = qx_arena_alloc (&model->arena, sizeof *attr);
    if (attr == NULL || qx_arena_grow (&model->arena, &node->proto->attribute, node->proto->n_attribute,
                                       &capacity, sizeof *node->proto->attribute) < 0) {
      qx_oom (err);
      return NULL;
    }
    node->proto->attribute[node->proto->n_attribute++] = attr;
  }
  onnx__attribute_proto__init (attr);
  attr->name = qx_arena_strdup (&model->arena, name);
  attr->has_type = 1;
  attr->type = type;
  if (attr->name != NULL)
    return attr;
  qx_oom (err);
  return NULL;
}

int
qx_node_set_int (struct qx_model *model, struct qx_node *node, const char *name, int64_t value,
                 struct qx_error *err)
{
  Onnx__AttributeProto *attr = fresh_attr (model, node, name, QX_ATTR_INT, err);

  if (attr == NULL)
    return -1;
  attr->has_i = 1;
  attr->i = value;
  return 0;
}

int
qx_node_set_float (struct qx_model *model, struct qx_node *node, const char *name, float value,
                   struct qx_error *err)
{
  Onnx__AttributeProto *attr = fresh_attr (model, node, name, QX_ATTR_FLOAT, err);

  if (attr == NULL)
    return -1;
  attr->has_f = 1;
  attr->f = value;
  return 0;
}

int
qx_node_set_string (struct qx_model *model, struct qx_node *node, const char *name, const char *value,
                    struct qx_error *err)
{
  char *copy = qx_arena_strdup (&model->arena, value);
  Onnx__AttributeProto *attr = copy == NULL ? NULL : fresh_attr (model, node, name, QX_ATTR_STRING, err);

  if (attr == NULL)
    return qx_oom (err);
  attr->has_s = 1;
  attr->s.data = (uint8_t *) copy;
  attr->s.len = strlen (copy);
  return 0;
}

int
qx_node_set_ints (struct qx_model *model, struct qx_node *node, const char *name, const int64_t *values,
                  size_t n, struct qx_error *err)
{
  int64_t *copy = qx_arena_memdup (&model->arena, values, n * sizeof *values);
  Onnx__AttributeProto *attr = copy == NULL ? NULL : fresh_attr (model, node, name, QX_ATTR_INTS, err);

  if (attr == NULL)
    return qx_oom (err);
  attr->ints = copy;
  attr->n_ints = n;
  return 0;
}

int
qx_node_set_floats (struct qx_model *model, struct qx_node *node, const char *name, const float *values,
                    size_t n, struct qx_error *err)
{
  float *copy = qx_arena_memdup (&model->arena, values, n * sizeof *values);
  Onnx__AttributeProto *attr = copy == NULL ? NULL : fresh_attr (model, node, name, QX_ATTR_FLOATS, err);

  if (attr == NULL)
    return qx_oom (err);
  attr->floats = copy;
  attr->n_floats = n;
  return 0;
}

int
qx_node_set_tensor (struct qx_model *model, struct qx_node *node, const char *name, struct qx_tensor *tensor,
                    struct qx_error *err)
{
  Onnx__AttributeProto *attr = fresh_attr (model, node, name, QX_ATTR_TENSOR, err);

  if (attr == NULL)
    return -1;
  attr->t = tensor->proto;
  return 0;
}

void
qx_node_remove_attr (struct qx_model *model, struct qx_node *node, const char *name)
{
  Onnx__NodeProto *proto = node->proto;
  size_t i, n = 0;

  (void) model;
  for (i = 0; i < proto->n_attribute; i++)
    if (proto->attribute[i]->name == NULL || strcmp (proto->attribute[i]->name, name) != 0)
      proto->attribute[n++] = proto->attribute[i];
  proto->n_attribute = n;
}
