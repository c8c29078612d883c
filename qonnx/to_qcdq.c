/* SPDX-License-Identifier: BSD-3-Clause */
/* Quant as QuantizeLinear, Clip and DequantizeLinear. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/exec.h"
#include "qonnx/infer.h"
#include "qonnx/rounding.h"

struct quant {
  struct qx_node *node;
  const struct qx_tensor *scale;
  int bits, is_signed, narrow;
  int axis; /* -1: one scale for all */
};

/* ---- does it fit? ---- */

static int
is_zero (const struct qx_tensor *tensor)
{
  size_t n = 1;

  return qx_tensor_count_nonzero (tensor, &n, NULL) == 0 && n == 0;
}

/* The only dimension of the scale that is not 1; -1: there is none, -2: there are several. */
static int
axis_of (const struct qx_tensor *scale)
{
  int axis = -1;
  size_t i;

  for (i = 0; i < scale->n_dims; i++)
    if (scale->dims[i] != 1) {
      if (axis >= 0)
        return -2;
      axis = (int) i;
    }
  return axis;
}

static int
is_quant (const struct qx_node *node)
{
  const char *domain = qx_node_domain (node);

  return qx_node_is (node, "Quant") && node->n_in == 4 && qx_node_in (node, 0) != NULL &&
         (strcmp (domain, "onnx.brevitas") == 0 || strcmp (domain, "qonnx.custom_op.general") == 0) &&
         qx_node_attr_type (node, "signed") == QX_ATTR_INT &&
         qx_node_attr_type (node, "narrow") == QX_ATTR_INT &&
         qx_rounding_named (qx_node_string (node, "rounding_mode", "ROUND")) == QX_HALF_EVEN;
}

static int
read_quant (struct qx_node *node, struct quant *q)
{
  const float *bits;
  size_t i, n;

  q->node = node;
  if (!is_quant (node))
    return 0;
  for (i = 1; i < 4; i++)
    if (!qx_is_static (node->in[i].value))
      return 0;
  q->scale = node->in[1].value->init;
  q->is_signed = qx_node_int (node, "signed", 1) != 0;
  q->narrow = qx_node_int (node, "narrow", 0) != 0;
  bits = qx_static_floats (node->in[3].value, &n);
  if (bits == NULL || node->in[3].value->init->n_dims != 0 || *bits != rintf (*bits) || *bits < 2 ||
      *bits > 8 || !is_zero (node->in[2].value->init) || q->scale->proto->data_type != QX_FLOAT ||
      q->scale->n_elements == 0)
    return 0;
  q->bits = (int) *bits;
  q->axis = axis_of (q->scale);
  return q->axis >= -1;
}

/* ---- the nodes ---- */

static struct qx_value *
constant_node (struct qx_edit *edit, size_t at, const char *stem, struct qx_tensor *tensor)
{
  struct qx_value *out = qx_edit_tensor (edit, stem, NULL, 0);
  struct qx_node *node =
      edit->failed || tensor == NULL ? NULL : qx_edit_custom (edit, at, "", "Constant", NULL, 0, out);

  if (node == NULL || qx_node_set_tensor (edit->model, node, "value", tensor, edit->err) < 0 ||
      qx_value_set_shape (edit->model, out, tensor->dims, tensor->n_dims, tensor->proto->data_type,
                          edit->err) < 0)
    edit->failed = 1;
  return edit->failed ? NULL : out;
}

static struct qx_value *
integer_node (struct qx_edit *edit, const struct quant *q, const char *stem, int64_t number)
{
  struct qx_tensor *tensor =
      qx_tensor_new (edit->model, q->is_signed ? QX_INT8 : QX_UINT8, NULL, 0, edit->err);

  if (tensor != NULL)
    qx_put_int (tensor, 0, number);
  return constant_node (edit, q->node->index, stem, tensor);
}

static struct qx_value *
scale_node (struct qx_edit *edit, const struct quant *q)
{
  int64_t n = (int64_t) q->scale->n_elements;

  return constant_node (edit, q->node->index, "scale",
                        qx_tensor_reshaped (edit->model, q->scale, &n, q->axis >= 0 ? 1 : 0, edit->err));
}

/* Zeroes, as many as there are scales. */
static struct qx_value *
zero_node (struct qx_edit *edit, const struct quant *q)
{
  int64_t n = (int64_t) q->scale->n_elements;

  return constant_node (
      edit, q->node->index, "zero_point",
      qx_tensor_new (edit->model, q->is_signed ? QX_INT8 : QX_UINT8, &n, q->axis >= 0 ? 1 : 0, edit->err));
}

static struct qx_value *
add_clip (struct qx_edit *edit, const struct quant *q, struct qx_value *in)
{
  int64_t half = INT64_C (1) << (q->is_signed ? q->bits - 1 : q->bits);
  struct qx_value *low = integer_node (edit, q, "min_val", q->is_signed ? -half + q->narrow : 0);
  struct qx_value *high = integer_node (edit, q, "max_val", half - 1 - (q->is_signed ? 0 : q->narrow));
  struct qx_value *out = qx_edit_tensor (edit, "clipped", NULL, 0);

  qx_edit_in (edit, qx_edit_node (edit, q->node->index, "Clip", in, low, out), 2, high);
  return out;
}

static struct qx_value *
add_linear (struct qx_edit *edit, const struct quant *q, const char *op_type, struct qx_value *in,
            struct qx_value *scale, struct qx_value *zero, struct qx_value *out)
{
  struct qx_node *node = qx_edit_node (edit, q->node->index, op_type, in, scale, out);

  qx_edit_in (edit, node, 2, zero);
  if (q->axis >= 0)
    qx_edit_attr_int (edit, node, "axis", q->axis);
  return out;
}

static void
replace (struct qx_edit *edit, const struct quant *q)
{
  struct qx_value *in = q->node->in[0].value, *out = q->node->out[0];
  struct qx_value *scale = scale_node (edit, q), *zero = zero_node (edit, q), *quantised;

  qx_node_remove (edit->model, q->node);
  quantised = qx_edit_tensor (edit, "quantised", NULL, 0);
  add_linear (edit, q, "QuantizeLinear", in, scale, zero, quantised);
  if (q->bits < 8 || (q->is_signed && q->narrow))
    quantised = add_clip (edit, q, quantised);
  add_linear (edit, q, "DequantizeLinear", quantised, scale, zero, out);
  /* the reference forgets the type, which no rule would find again */
  if (!edit->failed && qx_set_annotation (edit->model, out->name, "finn_datatype", NULL, edit->err) < 0)
    edit->failed = 1;
}

/* ---- versions ---- */

static int
has_op (const struct qx_model *model, const char *op_type, const char *attr)
{
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++)
    if (qx_is_standard (qx_node_at (model, i), op_type) &&
        (attr == NULL || qx_node_attr_type (qx_node_at (model, i), attr) != QX_ATTR_NONE))
      return 1;
  return 0;
}

/* Lists that are inputs from version 13 on. */
static int
move_lists (struct qx_model *model, struct qx_error *err)
{
  static const char *const moved[][2] = {
    { "ReduceSum", "axes" }, { "Split", "split" }, { "Squeeze", "axes" }, { "Unsqueeze", "axes" }
  };
  struct qx_edit edit;
  size_t i, k, n;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n; i++)
    for (k = 0; k < sizeof moved / sizeof moved[0]; k++) {
      struct qx_node *node = model->nodes.items[i];
      const int64_t *list = qx_node_ints (node, moved[k][1], &n);
      if (!qx_is_standard (node, moved[k][0]) || list == NULL || node->n_in != 1)
        continue;
      qx_edit_in (&edit, node, 1, qx_edit_ints (&edit, moved[k][1], list, n));
      qx_node_remove_attr (model, node, moved[k][1]);
    }
  return qx_edit_end (&edit);
}

/* The least version that the new nodes are part of. The number is raised, and the operators that take lists as inputs since are
   adapted. */
static int
raise_version (struct qx_model *model, struct qx_error *err)
{
  int64_t least = 0;

  if (has_op (model, "Clip", NULL) || has_op (model, "QuantizeLinear", "axis"))
    least = 13;
  else if (has_op (model, "QuantizeLinear", NULL))
    least = 10;
  if (qx_opset_of (model, "") >= least)
    return 0;
  if (least == 13 && move_lists (model, err) < 0)
    return -1;
  return qx_set_opset (model, "", least, err) < 0 ? -1 : qx_move_pad_attribute_to_tensor (model, err);
}

int
qx_quant_to_qcdq (struct qx_model *model, struct qx_error *err)
{
  struct qx_edit edit;
  struct quant q;
  size_t i;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++)
    if (model->nodes.items[i] != NULL && read_quant (model->nodes.items[i], &q))
      replace (&edit, &q);
  if (qx_edit_end (&edit) < 0)
    return -1;
  return raise_version (model, err) < 0 ? -1 : qx_drop_unused_opsets (model, err);
}
