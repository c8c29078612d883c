/* SPDX-License-Identifier: BSD-3-Clause */
/* Quantisation annotations: text by key for a tensor. */
#include <config.h>

#include <string.h>

#include "qonnx/model.h"

static Onnx__StringStringEntryProto *
entry_of (const Onnx__TensorAnnotation *annotation, const char *key)
{
  size_t i;

  for (i = 0; annotation != NULL && i < annotation->n_quant_parameter_tensor_names; i++) {
    Onnx__StringStringEntryProto *entry = annotation->quant_parameter_tensor_names[i];
    if (entry->key != NULL && strcmp (entry->key, key) == 0)
      return entry;
  }
  return NULL;
}

const char *
qx_annotation (const struct qx_model *model, const char *tensor, const char *key)
{
  const struct qx_value *value = qx_find (model, tensor);
  const Onnx__StringStringEntryProto *entry = value == NULL ? NULL : entry_of (value->annotation, key);

  return entry == NULL ? NULL : entry->value;
}

static int
add_annotation (struct qx_model *model, struct qx_value *value)
{
  Onnx__TensorAnnotation *annotation = qx_arena_alloc (&model->arena, sizeof *annotation);

  if (annotation == NULL || qx_list_add (model, &model->annotations, value, &value->annotation_at) < 0)
    return -1;
  onnx__tensor_annotation__init (annotation);
  value->annotation = annotation;
  return 0;
}

static Onnx__StringStringEntryProto *
add_entry (struct qx_model *model, Onnx__TensorAnnotation *annotation, const char *key)
{
  Onnx__StringStringEntryProto *entry = qx_arena_alloc (&model->arena, sizeof *entry);
  size_t capacity = annotation->n_quant_parameter_tensor_names;

  if (entry == NULL ||
      qx_arena_grow (&model->arena, &annotation->quant_parameter_tensor_names,
                     annotation->n_quant_parameter_tensor_names, &capacity, sizeof (entry)) < 0)
    return NULL;
  onnx__string_string_entry_proto__init (entry);
  entry->key = qx_arena_strdup (&model->arena, key);
  if (entry->key == NULL)
    return NULL;
  annotation->quant_parameter_tensor_names[annotation->n_quant_parameter_tensor_names++] = entry;
  return entry;
}

static void
remove_entry (struct qx_model *model, struct qx_value *value, const Onnx__StringStringEntryProto *entry)
{
  Onnx__TensorAnnotation *annotation = value->annotation;
  size_t i, n = 0;

  for (i = 0; i < annotation->n_quant_parameter_tensor_names; i++)
    if (annotation->quant_parameter_tensor_names[i] != entry)
      annotation->quant_parameter_tensor_names[n++] = annotation->quant_parameter_tensor_names[i];
  annotation->n_quant_parameter_tensor_names = n;
  if (n > 0)
    return;
  value->annotation = NULL;
  qx_list_remove (&model->annotations, value->annotation_at);
}

int
qx_set_annotation (struct qx_model *model, const char *tensor, const char *key, const char *text,
                   struct qx_error *err)
{
  struct qx_value *value = qx_find (model, tensor);
  Onnx__StringStringEntryProto *entry;

  if (value == NULL && tensor[0] != '\0')
    value = qx_intern (model, tensor);
  if (value == NULL)
    return tensor[0] == '\0' ? qx_fail (err, "transform", "the empty name is no tensor") : qx_oom (err);
  entry = entry_of (value->annotation, key);
  if (text == NULL) {
    if (entry != NULL)
      remove_entry (model, value, entry);
    return 0;
  }
  if (value->annotation == NULL && add_annotation (model, value) < 0)
    return qx_oom (err);
  if (entry == NULL)
    entry = add_entry (model, value->annotation, key);
  if (entry == NULL)
    return qx_oom (err);
  entry->value = qx_arena_strdup (&model->arena, text);
  return entry->value == NULL ? qx_oom (err) : 0;
}

struct qx_dtype
qx_tensor_dtype (const struct qx_model *model, const char *tensor)
{
  const char *name = qx_annotation (model, tensor, "finn_datatype");
  struct qx_dtype dtype = { .kind = QX_DT_FLOAT32, .bits = 32 };

  if (name != NULL && qx_dtype_parse (name, &dtype, NULL) == 0)
    return dtype;
  if (qx_elem_type (model, tensor) == QX_FLOAT16)
    return (struct qx_dtype){ .kind = QX_DT_FLOAT16, .bits = 16 };
  return (struct qx_dtype){ .kind = QX_DT_FLOAT32, .bits = 32 };
}

int
qx_set_tensor_dtype (struct qx_model *model, const char *tensor, const struct qx_dtype *dtype,
                     struct qx_error *err)
{
  char name[QX_DTYPE_NAME];

  qx_dtype_name (dtype, name);
  return qx_set_annotation (model, tensor, "finn_datatype", name, err);
}
