/* SPDX-License-Identifier: BSD-3-Clause */
/* Channels last: transposes around the operators that want them so, and then the fewest of them that will do. */
#include <config.h>

#include <string.h>

#include "qonnx/args.h"
#include "qonnx/channels_last.h"
#include "qonnx/window.h"

static const char domain[] = "qonnx.custom_op.channels_last";

void
qx_perm_to_first (size_t n, int64_t *perm)
{
  size_t i;

  perm[0] = 0;
  perm[1] = (int64_t) n - 1;
  for (i = 2; i < n; i++)
    perm[i] = (int64_t) i - 1;
}

void
qx_perm_to_last (size_t n, int64_t *perm)
{
  size_t i;

  perm[0] = 0;
  for (i = 1; i + 1 < n; i++)
    perm[i] = (int64_t) i + 1;
  perm[n - 1] = 1;
}

static int
is_transpose_by (const struct qx_node *node, void perm_of (size_t n, int64_t *perm))
{
  const struct qx_value *in = qx_node_in (node, 0);
  int64_t wanted[QX_MAX_RANK];
  size_t i, n;
  const int64_t *perm = qx_node_ints (node, "perm", &n);

  if (!qx_is_standard (node, "Transpose") || in == NULL || qx_node_out (node, 0) == NULL || !in->has_shape ||
      in->n_dims < 3 || in->n_dims > QX_MAX_RANK || (perm != NULL && n != in->n_dims))
    return 0;
  perm_of (in->n_dims, wanted);
  for (i = 0; i < in->n_dims; i++)
    if ((perm == NULL ? (int64_t) (in->n_dims - 1 - i) : perm[i]) != wanted[i])
      return 0;
  return 1;
}

int
qx_is_to_first (const struct qx_node *node)
{
  return is_transpose_by (node, qx_perm_to_first);
}

int
qx_is_to_last (const struct qx_node *node)
{
  return is_transpose_by (node, qx_perm_to_last);
}

/* ---- transposes around the operators ---- */

static int
is_image (const struct qx_value *value)
{
  return value != NULL && value->has_shape && (value->n_dims == 3 || value->n_dims == 4);
}

static int
is_wanted (const struct qx_node *node)
{
  if (!is_image (qx_node_in (node, 0)) || !is_image (qx_node_out (node, 0)) || node->n_out != 1)
    return 0;
  if (qx_is_standard (node, "Conv"))
    return is_image (qx_node_in (node, 1));
  return qx_is_standard (node, "MaxPool") ||
         (qx_is_standard (node, "BatchNormalization") && qx_node_int (node, "training_mode", 0) == 0);
}

/* The wrapped operators have no defaults: every attribute is written out. 0: it cannot be. */
static int
write_attributes (struct qx_edit *edit, struct qx_node *node)
{
  const struct qx_value *in = node->in[0].value;
  int conv = qx_node_is (node, "Conv");
  struct qx_window window;

  if (qx_node_is (node, "BatchNormalization")) {
    qx_edit_attr_float (edit, node, "epsilon", qx_node_float (node, "epsilon", 1e-5F));
    qx_edit_attr_float (edit, node, "momentum", qx_node_float (node, "momentum", 0.9F));
    return 1;
  }
  if (qx_window_read (&window, node, in->n_dims - 2, in->dims + 2,
                      conv ? node->in[1].value->dims + 2 : NULL) < 0)
    return 0;
  qx_edit_attr_ints (edit, node, "kernel_shape", window.kernel, window.n);
  qx_edit_attr_ints (edit, node, "strides", window.stride, window.n);
  qx_edit_attr_ints (edit, node, "pads", window.pad, 2 * window.n);
  if (conv) {
    qx_edit_attr_ints (edit, node, "dilations", window.dilation, window.n);
    qx_edit_attr_int (edit, node, "group", window.group);
  }
  if (strcmp (qx_node_string (node, "auto_pad", "NOTSET"), "NOTSET") != 0)
    qx_node_remove_attr (edit->model, node, "auto_pad");
  return 1;
}

static void
surround (struct qx_edit *edit, struct qx_node *node)
{
  struct qx_value *out = node->out[0], *last;
  int64_t perm[QX_MAX_RANK], dims[QX_MAX_RANK];
  size_t i, n = out->n_dims, n_in = qx_node_is (node, "Conv") ? 2 : 1;

  for (i = 0; i < n_in; i++) {
    struct qx_value *in = node->in[i].value;
    qx_perm_to_last (in->n_dims, perm);
    qx_edit_in (edit, node, i, qx_edit_transpose (edit, node->index + 1, in, perm, in->n_dims));
  }
  qx_perm_to_last (n, perm);
  for (i = 0; i < n; i++)
    dims[i] = out->dims[perm[i]];
  last = qx_edit_tensor (edit, "channels_last", dims, n);
  qx_edit_out (edit, node, 0, last);
  qx_perm_to_first (n, perm);
  qx_edit_attr_ints (edit, qx_edit_node (edit, node->index + 1, "Transpose", last, NULL, out), "perm", perm,
                     n);
  if (!edit->failed && qx_node_set_op (edit->model, node, qx_node_op_type (node), domain, edit->err) < 0)
    edit->failed = 1;
}

int
qx_insert_channels_last (struct qx_model *model, size_t *n, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i, n_inserted = 0;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++) {
    struct qx_node *node = model->nodes.items[i];
    if (!is_wanted (node) || !write_attributes (&edit, node))
      continue;
    surround (&edit, node);
    n_inserted++;
  }
  if (qx_edit_end (&edit) < 0)
    return -1;
  *n += n_inserted;
  if (n_inserted == 0 || qx_opset_of (model, domain) > 0)
    return 0;
  return qx_set_opset (model, domain, qx_opset_of (model, ""), err);
}

/* ---- a graph input that has its channels last ---- */

static int
is_marked_last (const struct qx_model *model, const struct qx_value *in)
{
  const char *layout = qx_annotation (model, in->name, "tensor_layout");

  return layout != NULL && strcmp (layout, in->n_dims == 3 ? "['N', 'W', 'C']" : "['N', 'H', 'W', 'C']") == 0;
}

static int
mark (struct qx_model *model, const struct qx_value *value, int last, struct qx_error *err)
{
  const char *three = last ? "['N', 'W', 'C']" : "['N', 'C', 'W']";
  const char *four = last ? "['N', 'H', 'W', 'C']" : "['N', 'C', 'H', 'W']";

  return qx_set_annotation (model, value->name, "tensor_layout", value->n_dims == 3 ? three : four, err);
}

int
qx_make_input_last (struct qx_model *model, size_t *n, struct qx_error *err)
{
  struct qx_value *in = qx_find (model, qx_input (model, 0)), *first;
  int64_t dims[QX_MAX_RANK], perm[QX_MAX_RANK];
  struct qx_edit edit;
  size_t i;

  if (in == NULL || !is_image (in) || in->init != NULL || is_marked_last (model, in))
    return 0;
  qx_edit_begin (&edit, model, err);
  first = qx_suffixed_value (model, in, "_transposed", err);
  if (first == NULL)
    return -1;
  qx_perm_to_last (in->n_dims, perm);
  for (i = 0; i < in->n_dims; i++)
    dims[i] = in->dims[perm[i]];
  qx_edit_redirect (&edit, in, first);
  qx_edit_shape (&edit, first, in->dims, in->n_dims);
  qx_edit_shape (&edit, in, dims, in->n_dims);
  qx_perm_to_first (in->n_dims, perm);
  qx_edit_attr_ints (&edit, qx_edit_node (&edit, 0, "Transpose", in, NULL, first), "perm", perm, in->n_dims);
  if (edit.failed || mark (model, in, 1, err) < 0 || mark (model, first, 0, err) < 0)
    edit.failed = 1;
  ++*n;
  return qx_edit_end (&edit);
}

/* ---- the whole conversion ---- */

/* Behind each part stands the tidying chain, as in the reference: it sorts, and the next part takes the first that it finds. */
static int
step (struct qx_model *model, int part (struct qx_model *, size_t *, struct qx_error *), size_t *n,
      struct qx_error *err)
{
  return part (model, n, err) < 0 ? -1 : qx_tidy (model, err);
}

static int
fold_transposes (struct qx_model *model, size_t *n, struct qx_error *err)
{
  size_t before = qx_n_nodes (model);

  if (qx_fold_transpose_into_quant_init (model, err) < 0)
    return -1;
  *n += before - qx_n_nodes (model);
  return 0;
}

static int
move_transposes_past_fork (struct qx_model *model, size_t *n, struct qx_error *err)
{
  static const char *const ops[] = { "Transpose", NULL };

  return qx_move_past_fork (model, ops, n, err);
}

static int
convert_once (struct qx_model *model, int make_input_last, size_t *n, struct qx_error *err)
{
  size_t n_inserted = 0;

  if (step (model, qx_insert_channels_last, &n_inserted, err) < 0 ||
      step (model, qx_remove_transpose_pairs, n, err) < 0 || step (model, qx_move_to_last_up, n, err) < 0 ||
      step (model, fold_transposes, n, err) < 0 || step (model, qx_remove_transpose_pairs, n, err) < 0 ||
      step (model, qx_move_to_first_down, n, err) < 0 ||
      step (model, move_transposes_past_fork, n, err) < 0 ||
      step (model, qx_remove_transpose_pairs, n, err) < 0 || step (model, qx_absorb_to_first, n, err) < 0)
    return -1;
  if (make_input_last &&
      (step (model, qx_make_input_last, n, err) < 0 || step (model, qx_remove_transpose_pairs, n, err) < 0))
    return -1;
  if (qx_infer_shapes (model, err) < 0 || qx_fold_constants (model, NULL, err) < 0)
    return -1;
  return qx_tidy (model, err);
}

int
qx_pass_convert_to_channels_last (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  int make_input_last = qx_arg_bool (args, "make_input_channels_last");
  size_t n;

  if (qx_infer_shapes (model, err) < 0)
    return -1;
  do {
    n = 0;
    if (convert_once (model, make_input_last, &n, err) < 0)
      return -1;
  } while (n > 0);
  return 0;
}

/* ---- the parts as passes ---- */

int
qx_insert_channels_last_domains (struct qx_model *model, struct qx_error *err)
{
  size_t n = 0;

  return qx_infer_shapes (model, err) < 0 ? -1 : qx_insert_channels_last (model, &n, err);
}

int
qx_remove_consecutive_transposes (struct qx_model *model, struct qx_error *err)
{
  size_t n = 0;

  return qx_infer_shapes (model, err) < 0 ? -1 : qx_remove_transpose_pairs (model, &n, err);
}

int
qx_move_chan_last_upstream (struct qx_model *model, struct qx_error *err)
{
  size_t n = 0;

  return qx_infer_shapes (model, err) < 0 ? -1 : qx_move_to_last_up (model, &n, err);
}

int
qx_move_chan_first_downstream (struct qx_model *model, struct qx_error *err)
{
  size_t n = 0;

  return qx_infer_shapes (model, err) < 0 ? -1 : qx_move_to_first_down (model, &n, err);
}

int
qx_absorb_chan_first_into_matmul (struct qx_model *model, struct qx_error *err)
{
  size_t n = 0;

  return qx_infer_shapes (model, err) < 0 ? -1 : qx_absorb_to_first (model, &n, err);
}

int
qx_make_input_channels_last (struct qx_model *model, struct qx_error *err)
{
  size_t n = 0;

  return qx_make_input_last (model, &n, err);
}
