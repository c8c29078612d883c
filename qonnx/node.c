/* SPDX-License-Identifier: BSD-3-Clause */
/* Nodes: reading them, making and wiring them. */
#include <config.h>

#include <string.h>

#include "qonnx/model.h"

static const char *
text_or_empty (const char *text)
{
  return text == NULL ? "" : text;
}

size_t
qx_n_nodes (const struct qx_model *model)
{
  return model->nodes.n - model->nodes.holes;
}

struct qx_node *
qx_node_at (const struct qx_model *model, size_t i)
{
  if (i >= qx_n_nodes (model))
    return NULL;
  /* closing holes changes nothing that can be seen: this is const to the caller */
  if (model->nodes.holes > 0)
    qx_compact_nodes ((struct qx_model *) model);
  return model->nodes.items[i];
}

size_t
qx_node_index (const struct qx_node *node)
{
  qx_compact_nodes (node->model);
  return node->index;
}

const char *
qx_node_op_type (const struct qx_node *node)
{
  return text_or_empty (node->proto->op_type);
}

const char *
qx_node_domain (const struct qx_node *node)
{
  return text_or_empty (node->proto->domain);
}

const char *
qx_node_name (const struct qx_node *node)
{
  return text_or_empty (node->proto->name);
}

size_t
qx_node_n_inputs (const struct qx_node *node)
{
  return node->n_in;
}

const char *
qx_node_input (const struct qx_node *node, size_t i)
{
  return qx_value_name (qx_node_in (node, i));
}

size_t
qx_node_n_outputs (const struct qx_node *node)
{
  return node->n_out;
}

const char *
qx_node_output (const struct qx_node *node, size_t i)
{
  return qx_value_name (qx_node_out (node, i));
}

struct qx_value *
qx_node_in (const struct qx_node *node, size_t i)
{
  return i < node->n_in ? node->in[i].value : NULL;
}

struct qx_value *
qx_node_out (const struct qx_node *node, size_t i)
{
  return i < node->n_out ? node->out[i] : NULL;
}

const char *
qx_node_label (const struct qx_node *node)
{
  if (qx_node_name (node)[0] != '\0')
    return qx_node_name (node);
  if (qx_node_output (node, 0)[0] != '\0')
    return qx_node_output (node, 0);
  return qx_node_op_type (node);
}

int
qx_node_is (const struct qx_node *node, const char *op_type)
{
  return strcmp (qx_node_op_type (node), op_type) == 0;
}

/* ---- making ---- */

struct qx_node *
qx_node_make (struct qx_model *model, Onnx__NodeProto *proto, struct qx_error *err)
{
  struct qx_node *node = qx_arena_zalloc (&model->arena, 1, sizeof *node);

  if (node == NULL) {
    qx_oom (err);
    return NULL;
  }
  node->proto = proto;
  node->model = model;
  return node;
}

static int
set_text (struct qx_model *model, char **text, const char *value)
{
  char *copy = value == NULL || value[0] == '\0' ? NULL : qx_arena_strdup (&model->arena, value);

  if (copy == NULL && value != NULL && value[0] != '\0')
    return -1;
  *text = copy;
  return 0;
}

struct qx_node *
qx_node_new (struct qx_model *model, const char *op_type, const char *domain, const char *name,
             struct qx_error *err)
{
  Onnx__NodeProto *proto = qx_arena_alloc (&model->arena, sizeof *proto);

  if (proto == NULL) {
    qx_oom (err);
    return NULL;
  }
  onnx__node_proto__init (proto);
  if (set_text (model, &proto->op_type, op_type) < 0 || set_text (model, &proto->domain, domain) < 0 ||
      set_text (model, &proto->name, name) < 0) {
    qx_oom (err);
    return NULL;
  }
  return qx_node_make (model, proto, err);
}

int
qx_node_wire_in (struct qx_model *model, struct qx_node *node, size_t slot, struct qx_value *value)
{
  if (slot >= node->n_in) {
    if (qx_arena_grow (&model->arena, &node->in, node->n_in, &node->cap_in, sizeof *node->in) < 0)
      return -1;
    slot = node->n_in++;
    node->in[slot].value = NULL;
  }
  if (node->in[slot].value == value)
    return 0;
  if (node->in[slot].value != NULL)
    qx_use_remove (node->in[slot].value, node->in[slot].use_at);
  node->in[slot].value = NULL;
  if (value == NULL)
    return 0;
  if (qx_use_add (model, value, node, slot, &node->in[slot].use_at) < 0)
    return -1;
  node->in[slot].value = value;
  return 0;
}

int
qx_node_wire_out (struct qx_model *model, struct qx_node *node, size_t slot, struct qx_value *value)
{
  if (slot >= node->n_out) {
    if (qx_arena_grow (&model->arena, &node->out, node->n_out, &node->cap_out, sizeof *node->out) < 0)
      return -1;
    slot = node->n_out++;
    node->out[slot] = NULL;
  }
  if (node->out[slot] != NULL)
    node->out[slot]->producer = NULL;
  node->out[slot] = value;
  if (value == NULL)
    return 0;
  value->producer = node;
  value->producer_slot = slot;
  return 0;
}

void
qx_node_unwire (struct qx_node *node)
{
  size_t i;

  for (i = 0; i < node->n_in; i++)
    if (node->in[i].value != NULL)
      qx_use_remove (node->in[i].value, node->in[i].use_at);
  for (i = 0; i < node->n_out; i++)
    if (node->out[i] != NULL)
      node->out[i]->producer = NULL;
  /* from the back: what is still listed stays findable while the last use moves */
  while (node->n_captures > 0) {
    struct qx_capture *capture = &node->captures[node->n_captures - 1];
    qx_use_remove (capture->value, capture->use_at);
    node->n_captures--;
  }
  node->n_in = node->n_out = 0;
}

/* ---- edits by name ---- */

static int
get_value (struct qx_model *model, const char *tensor, struct qx_value **value, struct qx_error *err)
{
  *value = NULL;
  if (tensor == NULL || tensor[0] == '\0')
    return 0;
  *value = qx_intern (model, tensor);
  return *value == NULL ? qx_oom (err) : 0;
}

static int
may_be_made_by (const struct qx_value *value, const struct qx_node *node, struct qx_error *err)
{
  if (value == NULL)
    return 0;
  if (value->producer != NULL && value->producer != node)
    return qx_fail (err, "transform", "tensor %s: made by node %s already", value->name,
                    qx_node_label (value->producer));
  if (value->init != NULL || value->infos[QX_INFO_INPUT] != NULL)
    return qx_fail (err, "transform", "tensor %s: an input or constant of the graph, which no node makes",
                    value->name);
  return 0;
}

int
qx_node_set_input (struct qx_model *model, struct qx_node *node, size_t i, const char *tensor,
                   struct qx_error *err)
{
  struct qx_value *value;

  if (i > node->n_in)
    return qx_fail (err, "transform", "node %s: no input %zu", qx_node_label (node), i);
  if (get_value (model, tensor, &value, err) < 0)
    return -1;
  return qx_node_wire_in (model, node, i, value) < 0 ? qx_oom (err) : 0;
}

int
qx_node_set_output (struct qx_model *model, struct qx_node *node, size_t i, const char *tensor,
                    struct qx_error *err)
{
  struct qx_value *value;

  if (i > node->n_out)
    return qx_fail (err, "transform", "node %s: no output %zu", qx_node_label (node), i);
  if (get_value (model, tensor, &value, err) < 0 || may_be_made_by (value, node, err) < 0)
    return -1;
  if (value != NULL && value->producer == node && value->producer_slot != i)
    return qx_fail (err, "transform", "tensor %s: an output of node %s already", value->name,
                    qx_node_label (node));
  return qx_node_wire_out (model, node, i, value) < 0 ? qx_oom (err) : 0;
}

int
qx_node_drop_input (struct qx_model *model, struct qx_node *node, size_t i, struct qx_error *err)
{
  size_t k;

  if (i >= node->n_in)
    return qx_fail (err, "transform", "node %s: no input %zu", qx_node_label (node), i);
  for (k = i; k + 1 < node->n_in; k++)
    if (qx_node_wire_in (model, node, k, node->in[k + 1].value) < 0)
      return qx_oom (err);
  qx_node_wire_in (model, node, node->n_in - 1, NULL);
  node->n_in--;
  return 0;
}

static int
wire_names (struct qx_model *model, struct qx_node *node, const char *const *inputs, size_t n_inputs,
            const char *const *outputs, size_t n_outputs, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < n_inputs; i++)
    if (qx_node_set_input (model, node, i, inputs[i], err) < 0)
      return -1;
  for (i = 0; i < n_outputs; i++)
    if (qx_node_set_output (model, node, i, outputs[i], err) < 0)
      return -1;
  return 0;
}

static int
place_node (struct qx_model *model, struct qx_node *node, size_t position, struct qx_error *err)
{
  size_t i;

  qx_compact_nodes (model);
  if (position > model->nodes.n)
    position = model->nodes.n;
  if (qx_list_insert (model, &model->nodes, position, node) < 0)
    return qx_oom (err);
  for (i = position; i < model->nodes.n; i++)
    ((struct qx_node *) model->nodes.items[i])->index = i;
  return 0;
}

struct qx_node *
qx_node_insert (struct qx_model *model, size_t position, const char *op_type, const char *domain,
                const char *name, const char *const *inputs, size_t n_inputs, const char *const *outputs,
                size_t n_outputs, struct qx_error *err)
{
  struct qx_node *node = qx_node_new (model, op_type, domain, name, err);

  if (node == NULL)
    return NULL;
  if (wire_names (model, node, inputs, n_inputs, outputs, n_outputs, err) < 0 ||
      place_node (model, node, position, err) < 0) {
    qx_node_unwire (node);
    return NULL;
  }
  return node;
}

void
qx_node_remove (struct qx_model *model, struct qx_node *node)
{
  qx_node_unwire (node);
  qx_list_remove (&model->nodes, node->index);
}

int
qx_node_set_name (struct qx_model *model, struct qx_node *node, const char *name, struct qx_error *err)
{
  return set_text (model, &node->proto->name, name) < 0 ? qx_oom (err) : 0;
}

int
qx_node_set_op (struct qx_model *model, struct qx_node *node, const char *op_type, const char *domain,
                struct qx_error *err)
{
  if (set_text (model, &node->proto->op_type, op_type) < 0 ||
      set_text (model, &node->proto->domain, domain) < 0)
    return qx_oom (err);
  return 0;
}
