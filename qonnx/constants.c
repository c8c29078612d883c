/* SPDX-License-Identifier: BSD-3-Clause */
/* Passes over constants and the nodes right behind them: single precision, sums for differences, products for quotients, paddings as inputs. */
#include <config.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/exec.h"

int
qx_double_to_single_float (struct qx_model *model, struct qx_error *err)
{
  size_t i, k;

  qx_compact_values (model);
  for (i = 0; i < model->inits.n; i++) {
    struct qx_value *value = model->inits.items[i];
    struct qx_tensor *old = value->init, *tensor;
    const double *data;

    if (old->proto->data_type != QX_DOUBLE)
      continue;
    data = qx_tensor_doubles (old, err);
    tensor = data == NULL ? NULL : qx_tensor_new (model, QX_FLOAT, old->dims, old->n_dims, err);
    if (tensor == NULL)
      return -1;
    for (k = 0; k < tensor->n_elements; k++)
      qx_put_float (tensor, k, (float) data[k]);
    if (qx_value_set_init (model, value, tensor, err) < 0)
      return -1;
  }
  return 0;
}

/* ---- Sub to Add, Div to Mul ---- */

static struct qx_tensor *
negated (struct qx_model *model, const struct qx_tensor *from, struct qx_error *err)
{
  int is_float = qx_is_float (from->proto->data_type);
  struct qx_tensor *tensor = qx_tensor_new (model, from->proto->data_type, from->dims, from->n_dims, err);
  const double *data = is_float ? qx_tensor_doubles (from, err) : NULL;
  const int64_t *ints = is_float ? NULL : qx_tensor_ints (from, err);
  size_t i;

  if (tensor == NULL || (data == NULL && ints == NULL))
    return NULL;
  for (i = 0; i < tensor->n_elements; i++)
    if (is_float)
      qx_put_double (tensor, i, -data[i]);
    else
      qx_put_int (tensor, i, (int64_t) (0 - (uint64_t) ints[i]));
  return tensor;
}

static struct qx_tensor *
reciprocal (struct qx_model *model, const struct qx_tensor *from, struct qx_error *err)
{
  struct qx_tensor *tensor = qx_tensor_new (model, from->proto->data_type, from->dims, from->n_dims, err);
  const double *data = qx_tensor_doubles (from, err);
  size_t i;

  if (tensor == NULL || data == NULL)
    return NULL;
  for (i = 0; i < tensor->n_elements; i++)
    qx_put_double (tensor, i, 1 / data[i]);
  return tensor;
}

typedef struct qx_tensor *inverse (struct qx_model *model, const struct qx_tensor *from,
                                   struct qx_error *err);

/* Integers have no reciprocals: a division by them stays. */
static int
convert (struct qx_model *model, struct qx_node *node, const char *to, inverse *invert, struct qx_error *err)
{
  struct qx_tensor *tensor;

  if (qx_own_constant (model, node, 1, err) < 0)
    return -1;
  tensor = invert (model, node->in[1].value->init, err);
  if (tensor == NULL || qx_value_set_init (model, node->in[1].value, tensor, err) < 0)
    return -1;
  return qx_node_set_op (model, node, to, qx_node_domain (node), err);
}

static int
convert_all (struct qx_model *model, const char *from, const char *to, inverse *invert, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++) {
    struct qx_node *node = qx_node_at (model, i);
    const struct qx_value *operand = qx_node_in (node, 1);
    if (!qx_is_standard (node, from) || !qx_is_static (operand) ||
        (invert == reciprocal && !qx_is_float (operand->init->proto->data_type)))
      continue;
    if (convert (model, node, to, invert, err) < 0)
      return -1;
  }
  return 0;
}

int
qx_convert_sub_to_add (struct qx_model *model, struct qx_error *err)
{
  return convert_all (model, "Sub", "Add", negated, err);
}

int
qx_convert_div_to_mul (struct qx_model *model, struct qx_error *err)
{
  return convert_all (model, "Div", "Mul", reciprocal, err);
}

/* ---- paddings ---- */

static void
move_value (struct qx_edit *edit, struct qx_node *node)
{
  struct qx_value *in = qx_node_in (node, 0);
  int type = qx_value_elem_type (in) == QX_UNDEFINED ? QX_FLOAT : qx_value_elem_type (in);
  float number = qx_node_float (node, "value", 0);
  struct qx_tensor *tensor;

  if (qx_type_bits (type) < 8) {
    qx_edit_fail (edit, node, "no constant can be made of its input's type");
    return;
  }
  tensor = qx_tensor_new (edit->model, type, NULL, 0, edit->err);
  if (tensor != NULL)
    qx_put_float (tensor, 0, number);
  qx_edit_in (edit, node, 2, qx_edit_constant (edit, "pad_value", tensor));
  qx_node_remove_attr (edit->model, node, "value");
}

int
qx_move_pad_attribute_to_tensor (struct qx_model *model, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i, n;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++) {
    struct qx_node *node = model->nodes.items[i];
    const int64_t *pads = qx_node_ints (node, "pads", &n);

    if (!qx_is_standard (node, "Pad") || pads == NULL || node->n_in != 1)
      continue;
    qx_edit_in (&edit, node, 1, qx_edit_ints (&edit, "pads", pads, n));
    qx_node_remove_attr (model, node, "pads");
    if (qx_node_attr_type (node, "value") == QX_ATTR_FLOAT)
      move_value (&edit, node);
  }
  return qx_edit_end (&edit);
}
