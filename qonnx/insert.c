/* SPDX-License-Identifier: BSD-3-Clause */
/* Nodes put in at the edges of a graph: TopK, identities, and tensors made outputs. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/infer.h"

/* ---- TopK ---- */

static void
add_topk (struct qx_edit *edit, const struct qx_args *args, struct qx_value *from, const int64_t *dims,
          size_t n)
{
  const int64_t k = qx_arg_int (args, "k");
  struct qx_value *values = qx_edit_tensor (edit, "topk_values", dims, n);
  struct qx_value *indices = qx_edit_tensor (edit, "topk_indices", dims, n);
  struct qx_node *node =
      qx_edit_node (edit, SIZE_MAX, "TopK", from, qx_edit_ints (edit, "topk_k", &k, 1), values);

  qx_edit_out (edit, node, 1, indices);
  qx_edit_attr_int (edit, node, "axis", qx_arg_int (args, "axis"));
  qx_edit_attr_int (edit, node, "largest", qx_arg_int (args, "largest"));
  qx_edit_attr_int (edit, node, "sorted", qx_arg_int (args, "sorted"));
  if (edit->failed)
    return;
  qx_edit_dtype (edit, values, qx_tensor_dtype (edit->model, from->name));
  qx_edit_dtype (edit, node->in[1].value, qx_tensor_dtype (edit->model, from->name));
  qx_edit_dtype (edit, indices, (struct qx_dtype){ .kind = QX_DT_UINT, .bits = 32 });
  if (qx_value_set_type (edit->model, indices, QX_INT64, edit->err) < 0 ||
      qx_replace_output (edit->model, from, indices, edit->err) < 0)
    edit->failed = 1;
}

int
qx_pass_insert_topk (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  struct qx_value *out = qx_find (model, qx_output (model, 0));
  int64_t dims[QX_MAX_RANK], axis;
  struct qx_edit edit;

  if (out == NULL || out->producer == NULL)
    return qx_fail (err, "transform", "the graph has no output that a node makes");
  if (qx_node_is (out->producer, "TopK"))
    return 0;
  if (!out->has_shape || out->n_dims == 0 || out->n_dims > QX_MAX_RANK)
    return qx_fail (err, "transform", "tensor %s: its shape is not known", out->name);
  axis = qx_axis (qx_arg_int (args, "axis"), out->n_dims);
  if (axis < 0)
    return qx_arg_fail (args, "axis", err, "the first output has no such dimension");
  if (qx_arg_int (args, "k") < 1 || (out->dims[axis] >= 0 && qx_arg_int (args, "k") > out->dims[axis]))
    return qx_arg_fail (args, "k", err, "not within the first output's dimension");
  memcpy (dims, out->dims, out->n_dims * sizeof *dims);
  dims[axis] = qx_arg_int (args, "k");
  qx_edit_begin (&edit, model, err);
  add_topk (&edit, args, out, dims, out->n_dims);
  return qx_edit_end (&edit);
}

/* ---- Identity ---- */

/* The graph's input is called otherwise, and a node makes what it was called: old and new change places in the list. */
static int
swap_input (struct qx_model *model, struct qx_value *old, struct qx_value *made, struct qx_error *err)
{
  size_t i;

  if (!old->has_shape)
    return qx_fail (err, "transform", "tensor %s: its shape is not known", old->name);
  for (i = 0; i < model->inputs.n && model->inputs.items[i] != old; i++)
    ;
  if (qx_add_input (model, made->name, qx_value_elem_type (old), old->dims, old->n_dims, err) < 0)
    return -1;
  model->inputs.items[i] = made;
  model->inputs.n--;
  old->infos[QX_INFO_INPUT] = NULL;
  qx_value_forget (old);
  return 0;
}

static int
insert_before (struct qx_edit *edit, struct qx_value *value)
{
  struct qx_value *made = qx_suffixed_value (edit->model, value, "_identity", edit->err);
  struct qx_node *producer = value->producer;

  if (made == NULL)
    return -1;
  if (producer != NULL)
    qx_edit_out (edit, producer, value->producer_slot, made);
  else if (!qx_is_graph_input (value))
    return qx_fail (edit->err, "transform", "tensor %s: no node and no input makes it", value->name);
  else if (swap_input (edit->model, value, made, edit->err) < 0)
    return -1;
  qx_edit_node (edit, SIZE_MAX, "Identity", made, NULL, value);
  return qx_edit_end (edit);
}

static int
insert_behind (struct qx_edit *edit, struct qx_value *value)
{
  struct qx_value *made = qx_suffixed_value (edit->model, value, "_identity", edit->err);

  if (made == NULL)
    return -1;
  if (value->n_uses > 0)
    qx_edit_redirect (edit, value, made);
  else {
    if (!qx_is_graph_output (value))
      return qx_fail (edit->err, "transform", "tensor %s: nothing reads it", value->name);
    if (value->has_shape &&
        qx_value_set_shape (edit->model, made, value->dims, value->n_dims, value->elem_type, edit->err) < 0)
      return -1;
    if (qx_replace_output (edit->model, value, made, edit->err) < 0)
      return -1;
  }
  qx_edit_node (edit, SIZE_MAX, "Identity", value, NULL, made);
  return qx_edit_end (edit);
}

static int
insert_identity (struct qx_model *model, const char *tensor, int before, struct qx_error *err)
{
  struct qx_value *value = qx_find (model, tensor);
  struct qx_edit edit;

  qx_compact_values (model);
  if (value == NULL || !qx_value_known (value))
    return qx_fail (err, "transform", "tensor %s: not in the model", tensor);
  if (value->init != NULL && before)
    return qx_fail (err, "transform", "tensor %s: a constant, which nothing makes", tensor);
  qx_edit_begin (&edit, model, err);
  return before ? insert_before (&edit, value) : insert_behind (&edit, value);
}

int
qx_pass_insert_identity (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  const char *side = qx_arg_string (args, "producer_or_consumer");
  int before = strcmp (side, "producer") == 0;

  if (!before && strcmp (side, "consumer") != 0)
    return qx_arg_fail (args, "producer_or_consumer", err, "must be producer or consumer");
  if (insert_identity (model, qx_arg_string (args, "tensor_name"), before, err) < 0)
    return -1;
  return qx_sort_graph (model, err);
}

int
qx_insert_identity_on_all_top_level_io (struct qx_model *model, struct qx_error *err)
{
  size_t i, budget = QX_SORT_BUDGET;

  if (qx_remove_static_graph_inputs (model, err) < 0)
    return -1;
  for (i = 0; i < qx_n_inputs (model); i++)
    if (insert_identity (model, qx_input (model, i), 0, err) < 0 || qx_sort_between (model, &budget, err) < 0)
      return -1;
  for (i = 0; i < qx_n_outputs (model); i++)
    if (insert_identity (model, qx_output (model, i), 1, err) < 0 ||
        qx_sort_between (model, &budget, err) < 0)
      return -1;
  return qx_sort_graph (model, err);
}

/* ---- intermediate tensors ---- */

static int
has_part (const char *text, const char *part)
{
  size_t n = strlen (part);

  for (; strlen (text) >= n; text++)
    if (strncmp (text, part, n) == 0)
      return 1;
  return 0;
}

static int
is_wanted (const struct qx_args *args, const struct qx_value *value)
{
  size_t i;

  if (qx_is_graph_input (value) || qx_is_graph_output (value) ||
      (value->producer == NULL && value->init == NULL))
    return 0;
  if (value->init != NULL && qx_arg_bool (args, "dynamic_only"))
    return 0;
  for (i = 0; i < qx_arg_n_strings (args, "pattern_list"); i++)
    if (has_part (value->name, qx_arg_string_at (args, "pattern_list", i)))
      return 1;
  return 0;
}

int
qx_pass_expose_intermediate_tensors (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  size_t i, n;

  qx_compact_values (model);
  for (i = 0, n = model->infos.n; i < n; i++) {
    struct qx_value *value = model->infos.items[i];
    if (value == NULL || !is_wanted (args, value))
      continue;
    if (qx_list_add (model, &model->outputs, value, NULL) < 0)
      return qx_oom (err);
    value->infos[QX_INFO_OUTPUT] = value->infos[QX_INFO_OTHER];
    value->infos[QX_INFO_OTHER] = NULL;
    qx_list_remove (&model->infos, i);
  }
  qx_compact_values (model);
  return 0;
}
