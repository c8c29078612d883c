/* SPDX-License-Identifier: BSD-3-Clause */
/* Pruning of channels: masks are applied, spread to all tensors that share the channels, and what they name is cut out. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/masks.h"

/* ---- ApplyMasks ---- */

static int
read_axis (const struct qx_args *args, struct qx_model *model, const char *key, struct json_object *channels,
           struct qx_mask *mask, struct qx_error *err)
{
  char *end;
  long axis = strtol (key, &end, 10);
  int64_t channel;
  size_t i;

  if (*key == '\0' || *end != '\0' || axis < 0 || axis >= QX_MASK_AXES ||
      !json_object_is_type (channels, json_type_array))
    return qx_arg_fail (args, "prune_spec", err, "{TENSOR: {AXIS: [CHANNEL, ...]}} is wanted");
  mask->axes[axis].present = 1;
  for (i = 0; i < json_object_array_length (channels); i++)
    if (qx_arg_integer (args, "prune_spec", json_object_array_get_idx (channels, i), &channel, err) < 0 ||
        qx_mask_add (model, &mask->axes[axis], channel, err) < 0)
      return -1;
  return 0;
}

static int
apply_mask (const struct qx_args *args, struct qx_model *model, const char *tensor, struct json_object *axes,
            struct qx_error *err)
{
  const struct qx_value *value = qx_find (model, tensor);
  struct json_object_iterator at, end;
  struct qx_mask mask;

  memset (&mask, 0, sizeof mask);
  if (value == NULL || !qx_value_known (value))
    return qx_fail (err, "transform", "tensor %s: not in the model", tensor);
  if (!json_object_is_type (axes, json_type_object))
    return qx_arg_fail (args, "prune_spec", err, "{TENSOR: {AXIS: [CHANNEL, ...]}} is wanted");
  at = json_object_iter_begin (axes);
  end = json_object_iter_end (axes);
  for (; !json_object_iter_equal (&at, &end); json_object_iter_next (&at))
    if (read_axis (args, model, json_object_iter_peek_name (&at), json_object_iter_peek_value (&at), &mask,
                   err) < 0)
      return -1;
  return qx_mask_write (model, value, &mask, err);
}

int
qx_pass_apply_masks (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  struct json_object *spec = qx_arg_json (args, "prune_spec");
  struct json_object_iterator at, end;

  if (!json_object_is_type (spec, json_type_object))
    return qx_arg_fail (args, "prune_spec", err, "{TENSOR: {AXIS: [CHANNEL, ...]}} is wanted");
  at = json_object_iter_begin (spec);
  end = json_object_iter_end (spec);
  for (; !json_object_iter_equal (&at, &end); json_object_iter_next (&at))
    if (apply_mask (args, model, json_object_iter_peek_name (&at), json_object_iter_peek_value (&at), err) <
        0)
      return -1;
  return 0;
}

/* ---- PropagateMasks ---- */

/* Masks of all tensors that nodes use, by value->mark - 1. */
struct masks {
  struct qx_model *model;
  struct qx_error *err;
  struct qx_mask *items;
  int changed;
};

static struct qx_mask *
mask_of (const struct masks *masks, const struct qx_value *value)
{
  return &masks->items[value->mark - 1];
}

static int
unite (struct masks *masks, struct qx_mask_axis *to, const struct qx_mask_axis *from)
{
  return qx_mask_unite (masks->model, to, from, &masks->changed, masks->err);
}

static int
is_elementwise (const struct qx_node *node)
{
  static const char *const ops[] = { "Mul",
                                     "Div",
                                     "MultiThreshold",
                                     "Quant",
                                     "QuantizeLinear",
                                     "DequantizeLinear",
                                     "Clip",
                                     "Relu",
                                     "MaxPool",
                                     "Add",
                                     "Sub",
                                     "BatchNormalization" };
  size_t i;

  for (i = 0; i < sizeof ops / sizeof ops[0]; i++)
    if (qx_node_is (node, ops[i]))
      return 1;
  return 0;
}

static struct qx_value *
end_of (const struct qx_node *node, size_t i)
{
  return i < node->n_in ? node->in[i].value : node->out[i - node->n_in];
}

/* Everything that goes in or comes out has the channels of everything else. */
static int
share_all (struct masks *masks, const struct qx_node *node)
{
  struct qx_mask all;
  size_t i, axis;
  int ignored = 0;

  memset (&all, 0, sizeof all);
  for (i = 0; i < node->n_in + node->n_out; i++)
    for (axis = 0; end_of (node, i) != NULL && axis < QX_MASK_AXES; axis++)
      if (qx_mask_unite (masks->model, &all.axes[axis], &mask_of (masks, end_of (node, i))->axes[axis],
                         &ignored, masks->err) < 0)
        return -1;
  for (i = 0; i < node->n_in + node->n_out; i++)
    for (axis = 0; end_of (node, i) != NULL && axis < QX_MASK_AXES; axis++)
      if (unite (masks, &mask_of (masks, end_of (node, i))->axes[axis], &all.axes[axis]) < 0)
        return -1;
  return 0;
}

static int
share (struct masks *masks, struct qx_mask_axis *a, struct qx_mask_axis *b)
{
  if (!a->present)
    masks->changed = 1;
  a->present = 1;
  return unite (masks, b, a) < 0 ? -1 : unite (masks, a, b);
}

/* Data and weight share the channels of each side; a depthwise convolution has the same ones on both, and they stand in the
   outputs of its weight. */
static int
share_sides (struct masks *masks, const struct qx_node *node)
{
  int conv = qx_node_is (node, "Conv");
  struct qx_mask *in, *weight, *out;
  struct qx_mask_axis *of_in, *of_out;

  if (qx_node_in (node, 0) == NULL || qx_node_in (node, 1) == NULL || qx_node_out (node, 0) == NULL)
    return 0;
  in = mask_of (masks, node->in[0].value);
  weight = mask_of (masks, node->in[1].value);
  out = mask_of (masks, node->out[0]);
  of_in = &weight->axes[conv ? 1 : 0];
  of_out = &weight->axes[conv ? 0 : 1];
  if (share (masks, of_out, &out->axes[1]) < 0)
    return -1;
  if (conv && qx_node_int (node, "group", 1) > 1)
    return share (masks, &in->axes[1], &out->axes[1]) < 0 ? -1 : share (masks, of_out, &out->axes[1]);
  return share (masks, of_in, &in->axes[1]);
}

static int
propagate (struct masks *masks)
{
  size_t i;

  do {
    masks->changed = 0;
    for (i = 0; i < qx_n_nodes (masks->model); i++) {
      const struct qx_node *node = qx_node_at (masks->model, i);
      if (is_elementwise (node) && share_all (masks, node) < 0)
        return -1;
      if ((qx_node_is (node, "MatMul") || qx_node_is (node, "Conv")) && share_sides (masks, node) < 0)
        return -1;
    }
  } while (masks->changed);
  return 0;
}

/* Calls what for every tensor of every node, in order. */
static int
for_each_tensor (struct masks *masks,
                 int what (struct masks *masks, struct qx_node *node, struct qx_value *value))
{
  size_t i, k;

  for (i = 0; i < qx_n_nodes (masks->model); i++) {
    struct qx_node *node = qx_node_at (masks->model, i);
    for (k = 0; k < node->n_in + node->n_out; k++)
      if (end_of (node, k) != NULL && what (masks, node, end_of (node, k)) < 0)
        return -1;
  }
  return 0;
}

static int
forget_number (struct masks *masks, struct qx_node *node, struct qx_value *value)
{
  (void) masks;
  (void) node;
  value->mark = 0;
  return 0;
}

static int
read_mask (struct masks *masks, struct qx_node *node, struct qx_value *value)
{
  (void) node;
  if (value->mark != 0)
    return 0;
  value->mark = (size_t) ++masks->changed;
  return qx_mask_read (masks->model, value, mask_of (masks, value), masks->err);
}

static int
write_mask (struct masks *masks, struct qx_node *node, struct qx_value *value)
{
  (void) node;
  return qx_mask_write (masks->model, value, mask_of (masks, value), masks->err);
}

/* Reads the masks of all tensors; the items are to be freed. */
static int
read_all (struct masks *masks, struct qx_model *model, struct qx_error *err)
{
  memset (masks, 0, sizeof *masks);
  masks->model = model;
  masks->err = err;
  masks->items = calloc (model->n_table + 1, sizeof *masks->items);
  if (masks->items == NULL)
    return qx_oom (err);
  return for_each_tensor (masks, forget_number) < 0 ? -1 : for_each_tensor (masks, read_mask);
}

static int
propagate_masks (struct qx_model *model, struct qx_error *err)
{
  struct masks masks;
  int ret = read_all (&masks, model, err);

  if (ret == 0)
    ret = propagate (&masks);
  if (ret == 0)
    ret = for_each_tensor (&masks, write_mask);
  free (masks.items);
  return ret;
}

int
qx_pass_propagate_masks (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  (void) args;
  return propagate_masks (model, err);
}

/* ---- RemoveMaskedChannels ---- */

static int
remove_channels (struct masks *masks, struct qx_node *node, struct qx_value *value)
{
  struct qx_mask *mask = mask_of (masks, value);
  int ret;

  if (qx_mask_is_empty (mask))
    return 0;
  ret = qx_cut_tensor (masks->model, node, value, mask, masks->err);
  memset (mask, 0, sizeof *mask);
  return ret < 0 ? -1 : qx_mask_write (masks->model, value, mask, masks->err);
}

static int
remove_masked_channels (struct qx_model *model, struct qx_error *err)
{
  struct masks masks;
  int ret = read_all (&masks, model, err);

  if (ret == 0)
    ret = for_each_tensor (&masks, remove_channels);
  free (masks.items);
  return ret;
}

int
qx_pass_remove_masked_channels (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  (void) args;
  return remove_masked_channels (model, err);
}

/* ---- PruneChannels ---- */

static int
check_weights (const struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++) {
    const struct qx_node *node = qx_node_at (model, i);
    if (qx_node_is (node, "Conv") && node->n_in == 3)
      return qx_fail (err, "transform", "node %s (Conv): has a bias; ExtractBiasFromConv takes it out",
                      qx_node_label (node));
    if ((qx_node_is (node, "Conv") || qx_node_is (node, "MatMul")) && !qx_is_static (qx_node_in (node, 1)))
      return qx_fail (err, "transform", "node %s (%s): its weight is no constant; folding may make it one",
                      qx_node_label (node), qx_node_op_type (node));
  }
  return 0;
}

int
qx_pass_prune_channels (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  if (check_weights (model, err) < 0 || qx_pass_apply_masks (model, args, err) < 0 ||
      propagate_masks (model, err) < 0)
    return -1;
  return remove_masked_channels (model, err);
}
