/* SPDX-License-Identifier: BSD-3-Clause */
/* Quant nodes at places that a map names. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/exec.h"
#include "qonnx/rounding.h"

#define SHAPE "[[\"input\" or \"output\", INDEX], [SCALE, ZERO POINT, BITS, NARROW, SIGNED, MODE]] is wanted"

/* One place and what to put there. */
struct place {
  int is_input;
  size_t index;
  struct json_object *scale, *zero, *bits;
  int64_t narrow, is_signed;
  const char *mode;
};

/* ---- reading ---- */

static int
read_place (const struct qx_args *args, struct json_object *item, struct place *place, struct qx_error *err)
{
  struct json_object *where = json_object_array_get_idx (item, 0),
                     *what = json_object_array_get_idx (item, 1);
  const char *side;
  int64_t index;

  if (!json_object_is_type (where, json_type_array) || !json_object_is_type (what, json_type_array) ||
      json_object_array_length (where) != 2 || json_object_array_length (what) != 6)
    return qx_arg_fail (args, "quantnode_map", err, SHAPE);
  side = json_object_get_string (json_object_array_get_idx (where, 0));
  place->is_input = side != NULL && strcmp (side, "input") == 0;
  if (qx_arg_integer (args, "quantnode_map", json_object_array_get_idx (where, 1), &index, err) < 0)
    return -1;
  place->index = (size_t) index;
  place->scale = json_object_array_get_idx (what, 0);
  place->zero = json_object_array_get_idx (what, 1);
  place->bits = json_object_array_get_idx (what, 2);
  place->narrow = json_object_get_int64 (json_object_array_get_idx (what, 3));
  place->is_signed = json_object_get_int64 (json_object_array_get_idx (what, 4));
  place->mode = json_object_get_string (json_object_array_get_idx (what, 5));
  if (side == NULL || (!place->is_input && strcmp (side, "output") != 0) || place->mode == NULL ||
      qx_rounding_named (place->mode) == QX_NO_ROUNDING || json_object_get_double (place->bits) < 1)
    return qx_arg_fail (args, "quantnode_map", err, SHAPE);
  return 0;
}

/* The dimensions of a number or of lists in lists; -1: they are not of one length. */
static int
measure (struct json_object *value, int64_t *dims, size_t *n)
{
  size_t i, n_inner, length;
  int64_t inner[QX_MAX_RANK];

  *n = 0;
  if (!json_object_is_type (value, json_type_array))
    return json_object_is_type (value, json_type_double) || json_object_is_type (value, json_type_int) ? 0
                                                                                                       : -1;
  length = json_object_array_length (value);
  for (i = 0; i < length; i++) {
    if (measure (json_object_array_get_idx (value, i), inner, &n_inner) < 0 || n_inner + 1 >= QX_MAX_RANK ||
        (i > 0 && (n_inner + 1 != *n || memcmp (inner, dims + 1, n_inner * sizeof *inner) != 0)))
      return -1;
    memcpy (dims + 1, inner, n_inner * sizeof *inner);
    *n = n_inner + 1;
  }
  dims[0] = (int64_t) length;
  return length > 0 ? 0 : -1;
}

static void
fill (struct json_object *value, struct qx_tensor *tensor, size_t *at)
{
  size_t i;

  if (!json_object_is_type (value, json_type_array)) {
    qx_put_float (tensor, (*at)++, (float) json_object_get_double (value));
    return;
  }
  for (i = 0; i < json_object_array_length (value); i++)
    fill (json_object_array_get_idx (value, i), tensor, at);
}

static struct qx_value *
constant (struct qx_edit *edit, const struct qx_args *args, const char *stem, struct json_object *value)
{
  int64_t dims[QX_MAX_RANK];
  struct qx_tensor *tensor = NULL;
  size_t n, at = 0;

  if (measure (value, dims, &n) < 0)
    qx_arg_fail (args, "quantnode_map", edit->err, "a number, or lists of numbers of one length, are wanted");
  else
    tensor = qx_tensor_new (edit->model, QX_FLOAT, dims, n, edit->err);
  if (tensor != NULL)
    fill (value, tensor, &at);
  return qx_edit_constant (edit, stem, tensor);
}

/* ---- inserting ---- */

/* Is the place quantised already? */
static int
is_taken (const struct qx_value *value, int is_input)
{
  if (is_input)
    return value->producer != NULL && qx_node_is (value->producer, "Quant");
  return value->n_uses > 0 && qx_node_is (value->uses[0].node, "Quant");
}

static void
replace_graph_output (struct qx_edit *edit, struct qx_value *old, struct qx_value *made)
{
  if (!edit->failed && qx_replace_output (edit->model, old, made, edit->err) < 0)
    edit->failed = 1;
}

static void
add_quant (struct qx_edit *edit, const struct qx_args *args, struct qx_node *node, const struct place *place,
           struct qx_value *value)
{
  struct qx_value *out = qx_edit_like (edit, "quantised", value), *in[4] = { value };
  struct qx_node *quant;

  if (edit->failed)
    return;
  in[1] = constant (edit, args, "scale", place->scale);
  in[2] = constant (edit, args, "zero_point", place->zero);
  in[3] = constant (edit, args, "bits", place->bits);
  if (place->is_input)
    qx_edit_in (edit, node, place->index, out);
  else if (value->n_uses > 0)
    qx_edit_redirect (edit, value, out);
  else
    replace_graph_output (edit, value, out);
  quant = qx_edit_custom (edit, SIZE_MAX, "qonnx.custom_op.general", "Quant", in, 4, out);
  qx_edit_attr_int (edit, quant, "narrow", place->narrow);
  qx_edit_attr_int (edit, quant, "signed", place->is_signed);
  qx_edit_attr_string (edit, quant, "rounding_mode", place->mode);
}

static int
quantise_place (struct qx_model *model, const struct qx_args *args, struct qx_node *node,
                const struct place *place, size_t *budget, struct qx_error *err)
{
  struct qx_value *value =
      place->is_input ? qx_node_in (node, place->index) : qx_node_out (node, place->index);
  struct qx_edit edit;

  if (value == NULL)
    return qx_fail (err, "config", "%s: node %s (%s) has no %s %zu", args->pass->name, qx_node_label (node),
                    qx_node_op_type (node), place->is_input ? "input" : "output", place->index);
  if (is_taken (value, place->is_input))
    return 0;
  qx_edit_begin (&edit, model, err);
  add_quant (&edit, args, node, place, value);
  if (qx_edit_end (&edit) < 0)
    return -1;
  return qx_sort_between (model, budget, err) < 0 ? -1 : 0;
}

static int
quantise_node (struct qx_model *model, const struct qx_args *args, struct qx_node *node,
               struct json_object *places, size_t *budget, struct qx_error *err)
{
  struct place place = { 0 };
  size_t i;

  if (!json_object_is_type (places, json_type_array))
    return qx_arg_fail (args, "quantnode_map", err, SHAPE);
  for (i = 0; i < json_object_array_length (places); i++)
    if (read_place (args, json_object_array_get_idx (places, i), &place, err) < 0 ||
        quantise_place (model, args, node, &place, budget, err) < 0)
      return -1;
  return 0;
}

/* ---- the map ---- */

/* All nodes of the name or type, in graph order, to be freed; *n of them. */
static struct qx_node **
find_nodes (const struct qx_model *model, const char *key, int by_name, size_t *n, struct qx_error *err)
{
  struct qx_node **found = calloc (qx_n_nodes (model) + 1, sizeof (*found));
  size_t i;

  *n = 0;
  if (found == NULL)
    qx_oom (err);
  for (i = 0; found != NULL && i < qx_n_nodes (model); i++) {
    struct qx_node *node = qx_node_at (model, i);
    if (strcmp (by_name ? qx_node_name (node) : qx_node_op_type (node), key) == 0)
      found[(*n)++] = node;
  }
  return found;
}

static int
quantise_key (struct qx_model *model, const struct qx_args *args, const char *key, int by_name,
              struct json_object *places, size_t *budget, struct qx_error *err)
{
  size_t i, n;
  struct qx_node **nodes = find_nodes (model, key, by_name, &n, err);
  int ret = nodes == NULL ? -1 : 0;

  if (ret == 0 && n == 0 && by_name)
    ret = qx_fail (err, "config", "%s: no node %s", args->pass->name, key);
  for (i = 0; ret == 0 && i < n; i++)
    ret = quantise_node (model, args, nodes[i], places, budget, err);
  free (nodes);
  return ret;
}

static int
quantise_keys (struct qx_model *model, const struct qx_args *args, const char *selection, size_t *budget,
               struct qx_error *err)
{
  struct json_object *keys = NULL;
  struct json_object_iterator at, end;

  if (!json_object_object_get_ex (qx_arg_json (args, "quantnode_map"), selection, &keys))
    return 0;
  if (!json_object_is_type (keys, json_type_object))
    return qx_arg_fail (args, "quantnode_map", err, "objects under name and op_type are wanted");
  at = json_object_iter_begin (keys);
  end = json_object_iter_end (keys);
  for (; !json_object_iter_equal (&at, &end); json_object_iter_next (&at))
    if (quantise_key (model, args, json_object_iter_peek_name (&at), strcmp (selection, "name") == 0,
                      json_object_iter_peek_value (&at), budget, err) < 0)
      return -1;
  return 0;
}

int
qx_pass_quantize_graph (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  struct json_object *map = qx_arg_json (args, "quantnode_map");
  struct json_object_iterator at, end;
  size_t budget = QX_SORT_BUDGET;

  if (!json_object_is_type (map, json_type_object))
    return qx_arg_fail (args, "quantnode_map", err, "an object is wanted");
  at = json_object_iter_begin (map);
  end = json_object_iter_end (map);
  for (; !json_object_iter_equal (&at, &end); json_object_iter_next (&at))
    if (strcmp (json_object_iter_peek_name (&at), "name") != 0 &&
        strcmp (json_object_iter_peek_name (&at), "op_type") != 0)
      return qx_arg_fail (args, "quantnode_map", err, "only name and op_type can select nodes");
  if (qx_infer_shapes (model, err) < 0 || quantise_keys (model, args, "name", &budget, err) < 0 ||
      quantise_keys (model, args, "op_type", &budget, err) < 0)
    return -1;
  return qx_cleanup (model, NULL, err);
}
