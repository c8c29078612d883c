/* SPDX-License-Identifier: BSD-3-Clause */
/* A convolution's bias as an Add behind it. */
#include <config.h>

#include <string.h>

#include "qonnx/edit.h"
#include "qonnx/infer.h"

/* [C] as [1, C, 1 …], sharing its data. */
static int
reshape_constant (struct qx_model *model, struct qx_value *value, size_t rank, struct qx_error *err)
{
  struct qx_tensor *tensor = value->init, *shaped;
  int64_t dims[QX_MAX_RANK];
  size_t i;

  for (i = 0; i < rank; i++)
    dims[i] = 1;
  dims[1] = (int64_t) tensor->n_elements;
  shaped = qx_tensor_reshaped (model, tensor, dims, rank, err);
  if (shaped == NULL)
    return -1;
  return qx_value_set_init (model, value, shaped, err);
}

/* A scale or zero point for all channels fits any shape: [1] stays as it is, and a single number does where there are several channels. */
static int
reshape_parameter (struct qx_model *model, struct qx_value *value, size_t channels, size_t rank,
                   struct qx_error *err)
{
  const struct qx_tensor *tensor = value->init;

  if (tensor->n_elements == 1 && (tensor->n_dims == 1 || (tensor->n_dims == 0 && channels > 1)))
    return 0;
  return reshape_constant (model, value, rank, err);
}

static int
is_weight_quantiser (const struct qx_node *node)
{
  size_t i;

  if (!qx_node_is (node, "Quant") && !qx_node_is (node, "IntQuant") && !qx_node_is (node, "BipolarQuant"))
    return 0;
  for (i = 0; i < node->n_in; i++)
    if (!qx_is_static (node->in[i].value))
      return 0;
  return node->n_in > 1;
}

/* The bias is constant, or a quantiser of constants: data, scale and zero point are reshaped. 1: done, 0: not such a bias. */
static int
reshape_bias (struct qx_model *model, struct qx_value *bias, size_t rank, struct qx_error *err)
{
  size_t i, n, channels;
  const int64_t *dims;

  if (qx_is_static (bias))
    return bias->n_uses > 1 ? 0 : reshape_constant (model, bias, rank, err) < 0 ? -1 : 1;
  if (bias->producer == NULL || !is_weight_quantiser (bias->producer) || bias->n_uses > 1)
    return 0;
  channels = bias->producer->in[0].value->init->n_elements;
  if (reshape_constant (model, bias->producer->in[0].value, rank, err) < 0)
    return -1;
  for (i = 1; i < 3 && i < bias->producer->n_in; i++)
    if (reshape_parameter (model, bias->producer->in[i].value, channels, rank, err) < 0)
      return -1;
  dims = qx_value_dims (bias->producer->in[0].value, &n);
  return qx_value_set_shape (model, bias, dims, n, QX_UNDEFINED, err) < 0 ? -1 : 1;
}

/* The convolution gets an output of its own; the Add makes the old one. */
static struct qx_node *
make_add (struct qx_model *model, struct qx_node *conv, struct qx_value *bias, struct qx_error *err)
{
  struct qx_value *out = qx_node_out (conv, 0), *before = qx_fresh_value (model, "conv_out");
  struct qx_node *add = before == NULL ? NULL : qx_node_new (model, "Add", "", "", err);

  if (before == NULL)
    qx_oom (err);
  if (add == NULL || qx_value_set_shape (model, before, out->dims, out->n_dims, out->elem_type, err) < 0)
    return NULL;
  if (qx_node_wire_out (model, conv, 0, before) < 0 || qx_node_wire_out (model, add, 0, out) < 0 ||
      qx_node_wire_in (model, add, 0, before) < 0 || qx_node_wire_in (model, add, 1, bias) < 0) {
    qx_oom (err);
    return NULL;
  }
  return qx_node_drop_input (model, conv, 2, err) < 0 ? NULL : add;
}

/* *add stays NULL where the node is no convolution with a bias that can be taken out. */
static int
extract (struct qx_model *model, struct qx_node *node, struct qx_node **add, struct qx_error *err)
{
  struct qx_value *bias = qx_node_in (node, 2), *out = qx_node_out (node, 0);
  int reshaped;

  if ((!qx_node_is (node, "Conv") && !qx_node_is (node, "ConvTranspose")) || node->n_in != 3 ||
      bias == NULL || out == NULL || !out->has_shape || out->n_dims < 3 || out->n_dims > QX_MAX_RANK)
    return 0;
  reshaped = reshape_bias (model, bias, out->n_dims, err);
  if (reshaped <= 0)
    return reshaped;
  *add = make_add (model, node, bias, err);
  return *add == NULL ? -1 : 0;
}

int
qx_extract_bias_from_conv (struct qx_model *model, struct qx_error *err)
{
  struct qx_list rewritten = { 0 };
  size_t i;

  qx_compact_nodes (model);
  for (i = 0; i < model->nodes.n; i++) {
    struct qx_node *node = model->nodes.items[i], *add = NULL;
    if (qx_list_add (model, &rewritten, node, &node->index) < 0)
      return qx_oom (err);
    if (extract (model, node, &add, err) < 0)
      return -1;
    if (add != NULL && qx_list_add (model, &rewritten, add, &add->index) < 0)
      return qx_oom (err);
  }
  model->nodes = rewritten;
  return qx_tidy (model, err);
}
