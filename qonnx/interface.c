/* SPDX-License-Identifier: BSD-3-Clause */
/* Graph inputs and outputs, and the list of all values with a shape entry. */
#include <config.h>

#include "qonnx/model.h"

static const struct qx_model *
settled (const struct qx_model *model)
{
  /* closing holes changes nothing that can be seen */
  if (model->inputs.holes > 0 || model->outputs.holes > 0 || model->infos.holes > 0)
    qx_compact_values ((struct qx_model *) model);
  return model;
}

static const char *
name_at (const struct qx_list *list, size_t i)
{
  return i < list->n ? ((const struct qx_value *) list->items[i])->name : "";
}

size_t
qx_n_inputs (const struct qx_model *model)
{
  return settled (model)->inputs.n;
}

const char *
qx_input (const struct qx_model *model, size_t i)
{
  return name_at (&settled (model)->inputs, i);
}

size_t
qx_n_outputs (const struct qx_model *model)
{
  return settled (model)->outputs.n;
}

const char *
qx_output (const struct qx_model *model, size_t i)
{
  return name_at (&settled (model)->outputs, i);
}

size_t
qx_n_values (const struct qx_model *model)
{
  settled (model);
  return model->inputs.n + model->outputs.n + model->infos.n;
}

const char *
qx_value (const struct qx_model *model, size_t i)
{
  settled (model);
  if (i < model->inputs.n)
    return name_at (&model->inputs, i);
  i -= model->inputs.n;
  if (i < model->outputs.n)
    return name_at (&model->outputs, i);
  return name_at (&model->infos, i - model->outputs.n);
}

static int
has (const struct qx_model *model, const char *tensor, int where)
{
  const struct qx_value *value = qx_find (model, tensor);

  return value != NULL && value->infos[where] != NULL;
}

int
qx_is_input (const struct qx_model *model, const char *tensor)
{
  return has (model, tensor, QX_INFO_INPUT);
}

int
qx_is_output (const struct qx_model *model, const char *tensor)
{
  return has (model, tensor, QX_INFO_OUTPUT);
}

static int
add (struct qx_model *model, struct qx_list *list, int where, const char *tensor, int elem_type,
     const int64_t *dims, size_t n_dims, struct qx_error *err)
{
  struct qx_value *value = tensor[0] == '\0' ? NULL : qx_intern (model, tensor);
  Onnx__ValueInfoProto *info = qx_arena_alloc (&model->arena, sizeof *info);

  if (tensor[0] == '\0')
    return qx_fail (err, "transform", "the empty name is no tensor");
  if (value == NULL || info == NULL)
    return qx_oom (err);
  if (value->infos[where] != NULL)
    return qx_fail (err, "transform", "tensor %s: there already", tensor);
  if (where == QX_INFO_INPUT && value->producer != NULL)
    return qx_fail (err, "transform", "tensor %s: made by node %s, so no input", tensor,
                    qx_node_label (value->producer));
  onnx__value_info_proto__init (info);
  if (qx_list_add (model, list, value, NULL) < 0)
    return qx_oom (err);
  value->infos[where] = info;
  qx_value_drop_info (model, value);
  value->has_shape = 0; /* so that the new entry is written whatever was known before */
  return qx_value_set_shape (model, value, dims, n_dims, elem_type, err);
}

int
qx_add_input (struct qx_model *model, const char *tensor, int elem_type, const int64_t *dims, size_t n_dims,
              struct qx_error *err)
{
  return add (model, &model->inputs, QX_INFO_INPUT, tensor, elem_type, dims, n_dims, err);
}

int
qx_add_output (struct qx_model *model, const char *tensor, int elem_type, const int64_t *dims, size_t n_dims,
               struct qx_error *err)
{
  return add (model, &model->outputs, QX_INFO_OUTPUT, tensor, elem_type, dims, n_dims, err);
}

static int
drop (struct qx_model *model, struct qx_list *list, int where, const char *tensor, struct qx_error *err)
{
  struct qx_value *value = qx_find (model, tensor);
  size_t i;

  if (value == NULL || value->infos[where] == NULL)
    return qx_fail (err, "transform", "tensor %s: not an %s of the graph", tensor,
                    where == QX_INFO_INPUT ? "input" : "output");
  for (i = 0; i < list->n; i++)
    if (list->items[i] == value)
      qx_list_remove (list, i);
  qx_compact_values (model);
  value->infos[where] = NULL;
  qx_value_forget (value);
  return 0;
}

int
qx_remove_input (struct qx_model *model, const char *tensor, struct qx_error *err)
{
  return drop (model, &model->inputs, QX_INFO_INPUT, tensor, err);
}

int
qx_remove_output (struct qx_model *model, const char *tensor, struct qx_error *err)
{
  return drop (model, &model->outputs, QX_INFO_OUTPUT, tensor, err);
}
