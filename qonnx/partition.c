/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of a graph as models of their own, behind GenericPartition nodes, and back. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/infer.h"
#include "qonnx/splice.h"

/* One part: its nodes have mark part + 1 in the graph as it was. */
struct part {
  const struct qx_args *args;
  struct qx_model *model;
  const char *id;
  size_t mark;
  struct qx_value **in, **out;
  size_t n_in, n_out;
  struct qx_node *first; /* that reads something from outside; NULL: none does */
  struct qx_error *err;
};

/* ---- reading ---- */

static int
mark_nodes (const struct qx_args *args, struct qx_model *model, struct json_object *list, size_t mark,
            struct qx_error *err)
{
  int64_t index;
  size_t i;

  if (!json_object_is_type (list, json_type_array))
    return qx_arg_fail (args, "partitioning", err, "{ID: [NODE INDEX, ...]} is wanted");
  for (i = 0; i < json_object_array_length (list); i++) {
    struct qx_node *node;
    if (qx_arg_integer (args, "partitioning", json_object_array_get_idx (list, i), &index, err) < 0)
      return -1;
    node = index < 0 ? NULL : qx_node_at (model, (size_t) index);
    if (node == NULL)
      return qx_arg_fail (args, "partitioning", err, "a node index is beyond the last node");
    if (node->mark != 0 && node->mark != mark)
      return qx_fail (err, "config", "%s: node %s: in two partitions", args->pass->name,
                      qx_node_label (node));
    node->mark = mark;
  }
  return 0;
}

/* ---- what goes in and out ---- */

static void
add_once (struct qx_value **list, size_t *n, struct qx_value *value)
{
  size_t i;

  for (i = 0; i < *n; i++)
    if (list[i] == value)
      return;
  list[(*n)++] = value;
}

static int
leaves (const struct part *part, const struct qx_value *value)
{
  size_t i;

  for (i = 0; i < value->n_uses; i++)
    if (value->uses[i].node->mark != part->mark)
      return 1;
  return qx_is_graph_output (value);
}

static int
find_ends (struct part *part)
{
  struct qx_model *model = part->model;
  size_t i, k, n_nodes = 0;

  part->in = qx_arena_alloc (&model->arena, (model->n_table + 1) * sizeof (*part->in));
  part->out = qx_arena_alloc (&model->arena, (model->n_table + 1) * sizeof (*part->out));
  if (part->in == NULL || part->out == NULL)
    return qx_oom (part->err);
  for (i = 0; i < qx_n_nodes (model); i++) {
    struct qx_node *node = qx_node_at (model, i);
    if (node->mark != part->mark)
      continue;
    n_nodes++;
    if (node->n_captures > 0)
      return qx_fail (part->err, "transform",
                      "node %s (%s): its subgraphs read tensors, which a partition cannot",
                      qx_node_label (node), qx_node_op_type (node));
    for (k = 0; k < node->n_in; k++) {
      struct qx_value *value = node->in[k].value;
      if (value != NULL && value->init == NULL &&
          (value->producer == NULL || value->producer->mark != part->mark)) {
        add_once (part->in, &part->n_in, value);
        part->first = part->first == NULL ? node : part->first;
      }
    }
    for (k = 0; k < node->n_out; k++)
      if (node->out[k] != NULL && leaves (part, node->out[k]))
        add_once (part->out, &part->n_out, node->out[k]);
  }
  return n_nodes == 0 ? qx_arg_fail (part->args, "partitioning", part->err, "a partition has no nodes") : 0;
}

/* Nodes on the way up from what goes in; each comes once. */
struct climb {
  struct qx_node **nodes;
  char *seen;
  size_t n;
};

static void
visit (struct climb *climb, const struct qx_value *value)
{
  struct qx_node *node = value == NULL ? NULL : value->producer;

  if (node == NULL || climb->seen[node->index])
    return;
  climb->seen[node->index] = 1;
  climb->nodes[climb->n++] = node;
}

/* Upstream of what goes in, nothing may be of the part itself. -1: no memory. */
static int
depends_on_itself (const struct part *part)
{
  size_t i, k, n = qx_n_nodes (part->model);
  struct climb climb = { malloc ((n + 1) * sizeof (*climb.nodes)), calloc (n + 1, 1), 0 };
  int found = climb.nodes == NULL || climb.seen == NULL ? -1 : 0;

  for (i = 0; found == 0 && i < part->n_in; i++)
    visit (&climb, part->in[i]);
  for (k = 0; found == 0 && k < climb.n; k++) {
    found = climb.nodes[k]->mark == part->mark;
    for (i = 0; i < climb.nodes[k]->n_in; i++)
      visit (&climb, climb.nodes[k]->in[i].value);
  }
  free (climb.nodes);
  free (climb.seen);
  return found;
}

/* ---- the part as a model ---- */

static int
keep_only (struct qx_model *copy, const struct part *part)
{
  size_t i;

  for (i = 0; i < copy->nodes.n; i++)
    if (((struct qx_node *) part->model->nodes.items[i])->mark != part->mark)
      qx_node_remove (copy, copy->nodes.items[i]);
  while (qx_n_inputs (copy) > 0)
    if (qx_remove_input (copy, qx_input (copy, 0), part->err) < 0)
      return -1;
  while (qx_n_outputs (copy) > 0)
    if (qx_remove_output (copy, qx_output (copy, 0), part->err) < 0)
      return -1;
  for (i = 0; i < part->n_in + part->n_out; i++) {
    const struct qx_value *value = i < part->n_in ? part->in[i] : part->out[i - part->n_in];
    if (!value->has_shape)
      return qx_fail (part->err, "transform", "tensor %s: its shape is not known", value->name);
    if ((i < part->n_in ? qx_add_input : qx_add_output) (copy, value->name, value->elem_type, value->dims,
                                                         value->n_dims, part->err) < 0)
      return -1;
  }
  return qx_tidy (copy, part->err);
}

static int
save_part (const struct part *part, const char *path)
{
  struct qx_model *copy = qx_model_copy (part->model, part->err);
  int ret;

  if (copy == NULL)
    return -1;
  qx_compact_nodes (copy);
  ret = keep_only (copy, part) < 0 ? -1 : qx_save (copy, path, part->err);
  qx_model_free (copy);
  return ret;
}

/* ---- the node in its place ---- */

static int
replace (struct part *part, const char *path)
{
  BR_AUTOFREE char *name = br_printf ("GenericPartition_%s", part->id);
  struct qx_model *model = part->model;
  size_t i, at = part->first == NULL ? 0 : part->first->index;
  struct qx_node *node;
  struct qx_edit edit;

  if (name == NULL)
    return qx_oom (part->err);
  qx_edit_begin (&edit, model, part->err);
  for (i = 0; i < model->nodes.n; i++)
    if (((struct qx_node *) model->nodes.items[i])->mark == part->mark)
      qx_node_remove (model, model->nodes.items[i]);
  node = qx_edit_custom (&edit, at, "qonnx.custom_op.general", "GenericPartition", part->in, part->n_in,
                         part->n_out > 0 ? part->out[0] : NULL);
  for (i = 1; i < part->n_out; i++)
    qx_edit_out (&edit, node, i, part->out[i]);
  qx_edit_attr_string (&edit, node, "model", path);
  if (node != NULL && qx_node_set_name (model, node, name, part->err) < 0)
    edit.failed = 1;
  return qx_edit_end (&edit);
}

static int
make_part (struct part *part)
{
  BR_AUTOFREE char *path =
      br_printf ("%s/partition_%s.onnx", qx_arg_string (part->args, "partition_dir"), part->id);
  int cycle;

  if (path == NULL)
    return qx_oom (part->err);
  qx_compact_nodes (part->model);
  if (find_ends (part) < 0)
    return -1;
  cycle = depends_on_itself (part);
  if (cycle != 0)
    return cycle < 0 ? qx_oom (part->err)
                     : qx_fail (part->err, "transform",
                                "partition %s: depends on itself, through nodes outside", part->id);
  return save_part (part, path) < 0 ? -1 : replace (part, path);
}

int
qx_pass_partition_from_dict (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  struct json_object *parts = qx_arg_json (args, "partitioning");
  struct br_error io = { { 0 }, NULL };
  struct json_object_iterator at, end;
  size_t i, mark;

  if (!json_object_is_type (parts, json_type_object))
    return qx_arg_fail (args, "partitioning", err, "{ID: [NODE INDEX, ...]} is wanted");
  if (qx_infer_shapes (model, err) < 0)
    return -1;
  for (i = 0; i < qx_n_nodes (model); i++)
    qx_node_at (model, i)->mark = 0;
  end = json_object_iter_end (parts);
  for (at = json_object_iter_begin (parts), mark = 1; !json_object_iter_equal (&at, &end);
       json_object_iter_next (&at))
    if (mark_nodes (args, model, json_object_iter_peek_value (&at), mark++, err) < 0)
      return -1;
  if (br_dir_make (qx_arg_string (args, "partition_dir"), &io) < 0)
    return qx_fail_from (err, &io);
  for (at = json_object_iter_begin (parts), mark = 1; !json_object_iter_equal (&at, &end);
       json_object_iter_next (&at)) {
    struct part part = {
      .args = args, .model = model, .id = json_object_iter_peek_name (&at), .mark = mark++, .err = err
    };
    if (make_part (&part) < 0)
      return -1;
  }
  return 0;
}

/* ---- and back ---- */

/* Inputs and outputs of the part's model get the names of what the node reads and makes. */
static int
name_ends (struct qx_model *part, const struct qx_node *node, struct qx_value **joint, struct qx_error *err)
{
  size_t i, n_in = qx_n_inputs (part), n = n_in + qx_n_outputs (part);

  if (n_in != node->n_in || n - n_in != node->n_out)
    return qx_fail (err, "transform", "node %s (%s): has not the inputs and outputs of its model",
                    qx_node_label (node), qx_node_op_type (node));
  for (i = 0; i < n; i++)
    joint[i] = qx_find (part, i < n_in ? qx_input (part, i) : qx_output (part, i - n_in));
  for (i = 0; i < n; i++) {
    const char *name = i < n_in ? qx_node_input (node, i) : qx_node_output (node, i - n_in);
    struct qx_value *taken = qx_find (part, name);
    if (taken != NULL && taken != joint[i] && qx_value_known (taken)) {
      struct qx_value *other = qx_suffixed_value (part, taken, "_inner", err);
      if (other == NULL || qx_rename_tensor (part, name, other->name, err) < 0)
        return -1;
    }
    if (qx_rename_tensor (part, joint[i]->name, name, err) < 0)
      return -1;
  }
  return 0;
}

static int
extend (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  const char *path = qx_node_string (node, "model", "");
  struct qx_model *part = qx_load (path, err);
  struct qx_value **joint;
  int ret = -1;

  if (part == NULL)
    return -1;
  joint = qx_arena_alloc (&part->arena, (qx_n_inputs (part) + qx_n_outputs (part) + 1) * sizeof (*joint));
  if (joint == NULL)
    qx_oom (err);
  else if (name_ends (part, node, joint, err) == 0) {
    size_t n = qx_n_inputs (part) + qx_n_outputs (part);
    qx_node_remove (model, node);
    ret = qx_splice (model, part, joint, n, 0, err);
  }
  qx_model_free (part);
  return ret;
}

static int
by_number (const void *a, const void *b)
{
  const int64_t *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* From the last to the first, so that the indices before stay. */
static int
extend_all (struct qx_model *model, const struct qx_args *args, int64_t *indices, size_t n,
            struct qx_error *err)
{
  qsort (indices, n, sizeof *indices, by_number);
  while (n-- > 0) {
    struct qx_node *node = indices[n] < 0 ? NULL : qx_node_at (model, (size_t) indices[n]);
    if (node == NULL || !qx_node_is (node, "GenericPartition"))
      return qx_arg_fail (args, "extend_index", err, "there is no GenericPartition with such an index");
    if (extend (model, node, err) < 0)
      return -1;
  }
  return qx_sort_graph (model, err);
}

int
qx_pass_extend_partition (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  struct json_object *list = qx_arg_json (args, "extend_index");
  int64_t *indices;
  size_t i, n;
  int ret = 0;

  if (!json_object_is_type (list, json_type_array))
    return qx_arg_fail (args, "extend_index", err, "a list of node indices is wanted");
  n = json_object_array_length (list);
  indices = calloc (n + 1, sizeof *indices);
  if (indices == NULL)
    return qx_oom (err);
  for (i = 0; i < n && ret == 0; i++)
    ret = qx_arg_integer (args, "extend_index", json_object_array_get_idx (list, i), &indices[i], err);
  if (ret == 0)
    ret = extend_all (model, args, indices, n, err);
  free (indices);
  return ret;
}
