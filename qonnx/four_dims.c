/* SPDX-License-Identifier: BSD-3-Clause */
/* Tensors of three dimensions, [N, C, H], become images that are one wide, [N, C, H, 1], which is what FINN's convolutions work on. */
#include <config.h>

#include <string.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/infer.h"

#define REDUCED                                                                                              \
  1 /* mark of what ArgMax leaves of three dimensions: it keeps its last one, which gets the same 1 */
#define CHANGED 2

static size_t
rank_of (const struct qx_value *value)
{
  size_t n = 0;

  return value == NULL || qx_value_dims (value, &n) == NULL ? 0 : n;
}

static int
refuse (const struct qx_node *node, const char *why, struct qx_error *err)
{
  return qx_fail (err, "transform", "node %s (%s): %s", qx_node_label (node), qx_node_op_type (node), why);
}

/* ---- attributes ---- */

/* A list of numbers, of one dimension or of three, gets another behind each half: beginnings and ends of pads have one each. */
static int
lengthen (struct qx_model *model, struct qx_node *node, const char *name, size_t halves, int64_t more,
          struct qx_error *err)
{
  int64_t list[4];
  size_t n, k = 0;
  const int64_t *old = qx_node_ints (node, name, &n);

  if (old == NULL || n != halves)
    return 0;
  for (size_t i = 0; i < n; i++) {
    list[k++] = old[i];
    list[k++] = more;
  }
  return qx_node_set_ints (model, node, name, list, k, err);
}

static int
change_window (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  if (rank_of (qx_node_in (node, 0)) != 3)
    return 0;
  if (lengthen (model, node, "dilations", 1, 1, err) < 0 ||
      lengthen (model, node, "kernel_shape", 1, 1, err) < 0 ||
      lengthen (model, node, "strides", 1, 1, err) < 0)
    return -1;
  return lengthen (model, node, "pads", 2, 0, err);
}

static int
change_transpose (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  int64_t perm[] = { 2, 1, 0, 3 };
  size_t n;
  const int64_t *old = qx_node_ints (node, "perm", &n);

  if (rank_of (qx_node_in (node, 0)) != 3)
    return 0;
  for (size_t i = 0; i < n && i < 3; i++)
    perm[i] = old[i];
  return qx_node_set_ints (model, node, "perm", perm, 4, err);
}

/* Axes are counted from the front; last: the default is the last one. */
static int
change_axis (struct qx_model *model, struct qx_node *node, int last, struct qx_error *err)
{
  int64_t axis = qx_node_int (node, "axis", last ? -1 : 0);

  if (rank_of (qx_node_in (node, 0)) != 3 || axis >= 0)
    return 0;
  return qx_node_set_int (model, node, "axis", axis + 3, err);
}

static int
change_arg_max (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  if (rank_of (qx_node_in (node, 0)) == 3 && qx_node_int (node, "keepdims", 1) == 0 &&
      qx_node_out (node, 0) != NULL)
    node->out[0]->mark = REDUCED;
  return change_axis (model, node, 0, err);
}

static int
change_top_k (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  return change_axis (model, node, 1, err);
}

static int
change_flatten (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  return change_axis (model, node, 0, err);
}

static int
change_softmax (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  return change_axis (model, node, qx_opset_of (model, "") >= 13, err);
}

/* ---- constants ---- */

/* A 1 behind the dimensions of a constant that is read here. */
static int
widen (struct qx_model *model, struct qx_node *node, size_t slot, struct qx_error *err)
{
  int64_t dims[QX_MAX_RANK];
  struct qx_tensor *tensor;
  size_t n;

  if (qx_own_constant (model, node, slot, err) < 0)
    return -1;
  tensor = node->in[slot].value->init;
  for (n = 0; n < tensor->n_dims; n++)
    dims[n] = tensor->dims[n];
  dims[n++] = 1;
  tensor = qx_tensor_reshaped (model, tensor, dims, n, err);
  return tensor == NULL ? -1 : qx_value_set_init (model, node->in[slot].value, tensor, err);
}

static int
change_conv (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  if (rank_of (qx_node_in (node, 0)) != 3)
    return 0;
  if (!qx_is_static (qx_node_in (node, 1)))
    return refuse (node, "its weight is computed", err);
  return widen (model, node, 1, err) < 0 ? -1 : change_window (model, node, err);
}

/* Operands are lined up by their last dimension, so that shorter ones get the 1 too. */
static int
change_element (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  if (rank_of (qx_node_out (node, 0)) != 3)
    return 0;
  for (size_t i = 0; i < node->n_in; i++) {
    const struct qx_value *value = qx_node_in (node, i);
    size_t rank = rank_of (value);

    if (qx_is_static (value) && (rank == 3 || value->init->n_elements > 1)) {
      if (widen (model, node, i, err) < 0)
        return -1;
    } else if (!qx_is_static (value) && rank != 3)
      return refuse (node, "an operand that is computed has not three dimensions", err);
  }
  return 0;
}

/* Another number at the end of a list that is an input: of numbers of either kind. */
static int
append (struct qx_model *model, struct qx_node *node, size_t slot, struct qx_error *err)
{
  const struct qx_value *value = qx_node_in (node, slot);
  const int64_t four = 4;
  float floats[4] = { 0, 0, 0, 1 };
  int64_t ints[4] = { 0, 0, 0, 1 };

  if (!qx_is_static (value) || value->init->n_elements != 3)
    return refuse (node, "the list of its result's shape is not a constant of three numbers", err);
  if (qx_own_constant (model, node, slot, err) < 0)
    return -1;
  value = node->in[slot].value;
  if (qx_tensor_type (value->init) == QX_INT64) {
    const int64_t *old = qx_tensor_ints (value->init, err);
    if (old == NULL)
      return -1;
    memcpy (ints, old, 3 * sizeof *ints);
    return qx_set_initializer_ints (model, value->name, &four, 1, ints, err);
  }
  if (qx_tensor_floats (value->init, err) == NULL)
    return -1;
  memcpy (floats, qx_tensor_floats (value->init, err), 3 * sizeof *floats);
  return qx_set_initializer_floats (model, value->name, &four, 1, floats, err);
}

static int
change_reshape (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  return rank_of (qx_node_out (node, 0)) == 3 ? append (model, node, 1, err) : 0;
}

static int
is_list (const struct qx_value *value)
{
  return value != NULL && !(qx_is_static (value) && value->init->n_elements == 0);
}

/* Scales or sizes; a region of interest, or axes, say something of other dimensions. */
static int
change_resize (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  size_t slot = node->n_in == 2 ? 1 : 2;

  if (rank_of (qx_node_in (node, 0)) != 3)
    return 0;
  if (qx_node_attr (node, "axes") != NULL || (slot == 2 && is_list (qx_node_in (node, 1))))
    return refuse (node, "axes and regions of interest are not offered", err);
  if (slot == 2 && !is_list (qx_node_in (node, 2)))
    slot = 3;
  return append (model, node, slot, err);
}

/* ---- nodes that say nothing of dimensions, or must not ---- */

static int
leave (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  (void) model;
  (void) node;
  (void) err;
  return 0;
}

static int
check_matmul (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  (void) model;
  if (rank_of (qx_node_in (node, 0)) != 3 && rank_of (qx_node_in (node, 1)) != 3)
    return 0;
  return refuse (node, "a product along the last of three dimensions has no counterpart of four", err);
}

static int
check_threshold (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  const char *layout = qx_node_string (node, "data_layout", "NCHW");

  (void) model;
  if (rank_of (qx_node_in (node, 0)) != 3 || layout[0] == '\0' || layout[strlen (layout) - 1] != 'C')
    return 0;
  return refuse (node, "its channels are in the last of three dimensions", err);
}

static const struct {
  const char *op_type;
  int (*change) (struct qx_model *model, struct qx_node *node, struct qx_error *err);
} operators[] = {
  { "Add", change_element },
  { "ArgMax", change_arg_max },
  { "BatchNormalization", leave },
  { "Conv", change_conv },
  { "Div", change_element },
  { "Flatten", change_flatten },
  { "LogSoftmax", change_softmax },
  { "MatMul", check_matmul },
  { "MaxPool", change_window },
  { "Mul", change_element },
  { "MultiThreshold", check_threshold },
  { "Reshape", change_reshape },
  { "Resize", change_resize },
  { "TopK", change_top_k },
  { "Transpose", change_transpose },
  { "Upsample", change_resize },
};

static size_t
find_operator (const struct qx_node *node)
{
  size_t i = 0;

  while (i < sizeof operators / sizeof *operators && !qx_node_is (node, operators[i].op_type))
    i++;
  return i;
}

/* ---- the whole ---- */

static void
clear_marks (const struct qx_model *model)
{
  for (size_t i = 0; i < model->cap_table; i++)
    if (model->table[i] != NULL)
      model->table[i]->mark = 0;
}

static int
change_shape (struct qx_model *model, struct qx_value *value, struct qx_error *err)
{
  int64_t dims[QX_MAX_RANK + 1];
  size_t n;
  const int64_t *old;

  if (value == NULL || qx_is_static (value) || value->mark == CHANGED ||
      (old = qx_value_dims (value, &n)) == NULL || n >= QX_MAX_RANK || (n != 3 && value->mark != REDUCED))
    return 0;
  memcpy (dims, old, n * sizeof *dims);
  dims[n++] = 1;
  value->mark = CHANGED;
  return qx_value_set_shape (model, value, dims, n, QX_UNDEFINED, err);
}

static int
change_shapes (struct qx_model *model, struct qx_error *err)
{
  for (size_t i = 0; i < qx_n_inputs (model); i++)
    if (change_shape (model, qx_find (model, qx_input (model, i)), err) < 0)
      return -1;
  for (size_t i = 0; i < qx_n_nodes (model); i++) {
    const struct qx_node *node = qx_node_at (model, i);

    for (size_t k = 0; k < node->n_out; k++)
      if (change_shape (model, node->out[k], err) < 0)
        return -1;
  }
  return 0;
}

/* As in the reference, nothing is done where there is an operator of another kind. */
int
qx_change_3d_to_4d (struct qx_model *model, struct qx_error *err)
{
  for (size_t i = 0; i < qx_n_nodes (model); i++)
    if (find_operator (qx_node_at (model, i)) == sizeof operators / sizeof *operators)
      return 0;
  if (qx_infer_shapes (model, err) < 0 || qx_remove_unused_tensors (model, err) < 0)
    return -1;
  clear_marks (model);
  for (size_t i = 0; i < qx_n_nodes (model); i++) {
    struct qx_node *node = qx_node_at (model, i);

    if (operators[find_operator (node)].change (model, node, err) < 0)
      return -1;
  }
  return change_shapes (model, err);
}
