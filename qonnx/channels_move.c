/* SPDX-License-Identifier: BSD-3-Clause */
/* Transposes of channels moved through the graph until two of them meet and cancel out. */
#include <config.h>

#include <string.h>

#include "qonnx/args.h"
#include "qonnx/channels_last.h"
#include "qonnx/infer.h"

static int
is_one_of (const struct qx_node *node, const char *const *ops)
{
  for (; *ops != NULL; ops++)
    if (qx_node_is (node, *ops))
      return 1;
  return 0;
}

/* ---- pairs ---- */

/* A to-first and the to-last behind it: readers of the second read the input of the first. */
static int
remove_pair (struct qx_edit *edit, struct qx_node *first)
{
  struct qx_node *second = qx_is_to_first (first) ? qx_only_reader (first->out[0]) : NULL;
  struct qx_value *in, *out;

  if (second == NULL || !qx_is_to_last (second))
    return 0;
  in = first->in[0].value;
  out = second->out[0];
  if (out->n_uses == 0 || qx_is_graph_output (out))
    return 0;
  qx_node_remove (edit->model, first);
  qx_node_remove (edit->model, second);
  qx_edit_redirect (edit, out, in);
  return 1;
}

int
qx_remove_transpose_pairs (struct qx_model *model, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i, removed;

  do {
    removed = 0;
    qx_edit_begin (&edit, model, err);
    for (i = 0; i < model->nodes.n && !edit.failed; i++)
      if (model->nodes.items[i] != NULL)
        removed += (size_t) remove_pair (&edit, model->nodes.items[i]);
    if (qx_edit_end (&edit) < 0)
      return -1;
    *n += removed;
  } while (removed > 0);
  return 0;
}

/* ---- to-last, up ---- */

static int
is_single (const struct qx_value *value)
{
  size_t i, n;
  const int64_t *dims = qx_value_dims (value, &n);

  for (i = 0; dims != NULL && i < n; i++)
    if (dims[i] != 1)
      return 0;
  return dims != NULL;
}

/* The same number for every element, so that the order of dimensions makes no difference. */
static int
is_indifferent (const struct qx_node *node)
{
  static const char *const unary[] = { "Relu", "Selu", "LeakyRelu", "Sigmoid", "Tanh", NULL };
  static const char *const binary[] = { "Mul", "Div", "Sub", "Add", NULL };
  const struct qx_value *second = qx_node_in (node, 1);
  size_t i, n;

  if (is_one_of (node, unary))
    return 1;
  if (is_one_of (node, binary))
    return second != NULL && qx_value_dims (second, &n) != NULL && n < 2 && is_single (second);
  for (i = 1; i < node->n_in; i++)
    if (!is_single (node->in[i].value))
      return 0;
  return qx_node_is (node, "Quant");
}

/* before: in → node → middle → Transpose → out. The names stay where they are and the nodes change places. */
static int
move_up (struct qx_edit *edit, struct qx_node *transpose)
{
  struct qx_value *middle = transpose->in[0].value, *out, *in;
  struct qx_node *node = middle->producer;

  if (node == NULL || node->n_out != 1 || qx_only_reader (middle) != transpose || !is_indifferent (node))
    return 0;
  in = qx_node_in (node, 0);
  out = transpose->out[0];
  if (in == NULL || qx_is_static (in) || !out->has_shape)
    return 0;
  qx_edit_in (edit, transpose, 0, in);
  qx_edit_in (edit, node, 0, middle);
  qx_edit_out (edit, transpose, 0, NULL);
  qx_edit_out (edit, node, 0, out);
  qx_edit_out (edit, transpose, 0, middle);
  qx_edit_shape (edit, middle, out->dims, out->n_dims);
  return !edit->failed;
}

int
qx_move_to_last_up (struct qx_model *model, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++)
    while (!edit.failed && qx_is_to_last (model->nodes.items[i]) && move_up (&edit, model->nodes.items[i]))
      ++*n;
  return qx_edit_end (&edit);
}

/* ---- to-first, down ---- */

static const char *const elementwise[] = { "Add",         "And",         "BitShift", "BitwiseAnd",
                                           "BitwiseOr",   "BitwiseXor",  "Ceil",     "Celu",
                                           "Clip",        "Div",         "Elu",      "Equal",
                                           "Erf",         "Exp",         "Floor",    "Greater",
                                           "HardSigmoid", "Mod",         "Identity", "GreaterOrEqual",
                                           "LeakyRelu",   "LessOrEqual", "Less",     "Log",
                                           "Maximum",     "Mul",         "Minimum",  "Or",
                                           "Pow",         "Quant",       "Relu",     "Round",
                                           "Selu",        "Sign",        "Sigmoid",  "Softplus",
                                           "Sqrt",        "Sub",         "Tanh",     "Xor",
                                           NULL };

static void
inverse (const int64_t *perm, size_t n, int64_t *out)
{
  size_t i;

  for (i = 0; i < n; i++)
    out[perm[i]] = (int64_t) i;
}

/* Ones before the dimensions that an input has. */
static struct qx_value *
raise_rank (struct qx_edit *edit, struct qx_value *value, size_t rank)
{
  int64_t dims[QX_MAX_RANK], axes[QX_MAX_RANK];
  size_t i, n;
  const int64_t *old = qx_value_dims (value, &n);
  struct qx_value *raised;
  struct qx_node *node;

  for (i = 0; i < rank; i++)
    dims[i] = i < rank - n ? 1 : old[i - (rank - n)];
  if (qx_is_static (value))
    return qx_edit_constant (edit, value->name,
                             qx_tensor_reshaped (edit->model, value->init, dims, rank, edit->err));
  for (i = 0; i < rank - n; i++)
    axes[i] = (int64_t) i;
  raised = qx_edit_tensor (edit, "raised", dims, rank);
  if (qx_opset_of (edit->model, "") >= 13)
    qx_edit_node (edit, SIZE_MAX, "Unsqueeze", value, qx_edit_ints (edit, "axes", axes, rank - n), raised);
  else {
    node = qx_edit_node (edit, SIZE_MAX, "Unsqueeze", value, NULL, raised);
    qx_edit_attr_ints (edit, node, "axes", axes, rank - n);
  }
  return raised;
}

/* Parameters of one element mean the same in any order of dimensions, where they do not add any. */
static int
inputs_can_follow (const struct qx_node *node, size_t rank)
{
  size_t i, n;

  for (i = 0; i < node->n_in; i++)
    if (node->in[i].value != NULL && (qx_value_dims (node->in[i].value, &n) == NULL || n > rank))
      return 0;
  return 1;
}

/* Every other input gets the inverse transpose, so that the graph means the same. */
static void
turn_inputs (struct qx_edit *edit, struct qx_node *node, const struct qx_value *from, const int64_t *perm,
             size_t rank)
{
  int64_t back[QX_MAX_RANK];
  size_t i, n;

  inverse (perm, rank, back);
  for (i = 0; i < node->n_in && !edit->failed; i++) {
    struct qx_value *value = node->in[i].value;
    if (value == NULL || value == from || qx_value_dims (value, &n) == NULL || n == 0)
      continue;
    if (n < rank)
      value = raise_rank (edit, value, rank);
    if (value != NULL)
      qx_edit_in (edit, node, i, qx_edit_transpose (edit, SIZE_MAX, value, back, rank));
  }
}

/* before: in → Transpose → middle → node → out */
static int
move_down (struct qx_edit *edit, struct qx_node *transpose)
{
  struct qx_value *in = transpose->in[0].value, *middle = transpose->out[0], *out;
  struct qx_node *node = qx_only_reader (middle);
  int64_t perm[QX_MAX_RANK], dims[QX_MAX_RANK];
  size_t slot, rank = in->n_dims;

  if (in->producer == NULL || node == NULL || node->n_out != 1 || !is_one_of (node, elementwise) ||
      !inputs_can_follow (node, rank))
    return 0;
  slot = middle->uses[0].slot;
  out = node->out[0];
  memcpy (dims, in->dims, rank * sizeof *dims);
  qx_perm_to_first (rank, perm);
  turn_inputs (edit, node, middle, perm, rank);
  qx_edit_in (edit, node, slot, in);
  qx_edit_in (edit, transpose, 0, middle);
  qx_edit_out (edit, transpose, 0, NULL);
  qx_edit_out (edit, node, 0, middle);
  qx_edit_out (edit, transpose, 0, out);
  qx_edit_shape (edit, middle, dims, rank);
  return !edit->failed;
}

/* The first that can be, or all. */
static int
move_some_down (struct qx_model *model, int all, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i;

  *n = 0;
  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed && (all || *n == 0); i++)
    if (qx_is_to_first (model->nodes.items[i]))
      *n += (size_t) move_down (&edit, model->nodes.items[i]);
  return qx_edit_end (&edit);
}

int
qx_move_to_first_down (struct qx_model *model, size_t *n, struct qx_error *err)
{
  size_t moved, budget = QX_STEP_BUDGET;
  int sorted = 1;

  do {
    if (move_some_down (model, sorted == 0, &moved, err) < 0)
      return -1;
    if (moved == 0)
      break;
    *n += moved;
    if (sorted == 1)
      sorted = qx_sort_between (model, &budget, err);
    if (sorted < 0 || qx_tidy (model, err) < 0 || qx_fold_constants (model, NULL, err) < 0 ||
        qx_tidy (model, err) < 0)
      return -1;
  } while (moved > 0);
  return 0;
}
