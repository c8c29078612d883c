/* SPDX-License-Identifier: BSD-3-Clause */
/* Convolutions as Im2Col and a matrix product, between transposes that keep the layout around them. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/exec.h"
#include "qonnx/window.h"

struct conv {
  struct qx_node *node, *quant; /* quant: of the weight, or NULL */
  struct qx_value *in, *out;
  struct qx_window window;
  int depthwise;
};

/* ---- can it be done? ---- */

static int
all_equal (const struct qx_value *value, float number)
{
  size_t i, n;
  const float *data = qx_static_floats (value, &n);

  for (i = 0; data != NULL && i < n; i++)
    if (data[i] != number)
      return 0;
  return data != NULL;
}

/* A parameter of the weight's quantiser is one number, or one for each output channel (as [O, 1, 1, 1], and then some for the
   rows of the matrix too). */
static int
parameter_fits (const struct qx_value *value, const int64_t *weight)
{
  const int64_t *dims;
  int64_t rest;

  if (!qx_is_static (value))
    return 0;
  if (value->init->n_elements == 1)
    return 1;
  if (value->init->n_dims != 4)
    return 0;
  dims = value->init->dims;
  rest = dims[1] * dims[2] * dims[3];
  return (dims[0] == 1 || dims[0] == weight[0]) && (rest == 1 || rest == weight[1] * weight[2] * weight[3]);
}

/* Zeroes are added between the channels of a depthwise one: they have to stay zeroes behind the quantiser. */
static int
quantiser_fits (const struct qx_node *quant, int depthwise)
{
  const struct qx_value *data = qx_node_in (quant, 0);
  size_t i;

  if (quant->n_in < 4 || !qx_is_static (data) || data->init->n_dims != 4 ||
      qx_only_reader (qx_node_out (quant, 0)) == NULL)
    return 0;
  for (i = 1; i < 4; i++)
    if (!parameter_fits (qx_node_in (quant, i), data->init->dims))
      return 0;
  return !depthwise || (all_equal (quant->in[2].value, 0) && !all_equal (quant->in[3].value, 1));
}

static const int64_t *
weight_dims (const struct conv *conv)
{
  const struct qx_value *value = conv->quant != NULL ? conv->quant->in[0].value : conv->node->in[1].value;

  return value->init->dims;
}

static int
find_weight (struct conv *conv)
{
  const struct qx_value *value = qx_node_in (conv->node, 1);

  conv->quant = NULL;
  if (value == NULL)
    return 0;
  if (qx_is_static (value))
    return value->init->n_dims == 4 && value->init->proto->data_type == QX_FLOAT;
  conv->quant = value->producer;
  return conv->quant != NULL && qx_node_is (conv->quant, "Quant") &&
         qx_is_static (qx_node_in (conv->quant, 0)) && conv->quant->in[0].value->init->n_dims == 4;
}

/* Batches of any size; everything else has to be known. */
static int
image_is_known (const struct qx_value *value)
{
  return value != NULL && value->has_shape && value->n_dims == 4 && value->dims[1] > 0 &&
         value->dims[2] > 0 && value->dims[3] > 0;
}

static int
read_conv (struct qx_node *node, struct conv *conv)
{
  const int64_t *weight;

  conv->node = node;
  conv->in = qx_node_in (node, 0);
  conv->out = qx_node_out (node, 0);
  if (!qx_is_standard (node, "Conv") || qx_node_in (node, 2) != NULL || !image_is_known (conv->in) ||
      !image_is_known (conv->out) || !find_weight (conv))
    return -1;
  weight = weight_dims (conv);
  if (qx_window_read (&conv->window, node, 2, conv->in->dims + 2, weight + 2) < 0 ||
      weight[0] != conv->out->dims[1])
    return -1;
  conv->depthwise = conv->window.group == conv->in->dims[1] && conv->in->dims[1] == conv->out->dims[1];
  if (conv->depthwise ? weight[1] != 1 : conv->window.group != 1 || weight[1] != conv->in->dims[1])
    return -1;
  return conv->quant == NULL || quantiser_fits (conv->quant, conv->depthwise) ? 0 : -1;
}

/* ---- the weight ---- */

/* [O, I, h, w] as [h * w * I, O]; a depthwise one as the dense matrix that it means. */
static struct qx_tensor *
matrix_of (struct qx_edit *edit, const struct qx_tensor *weight, int64_t channels, int depthwise)
{
  const int64_t *d = weight->dims, outputs = d[0], area = d[2] * d[3], dims[2] = { area * channels, outputs };
  struct qx_tensor *matrix = qx_tensor_new (edit->model, QX_FLOAT, dims, 2, edit->err);
  const float *data = matrix == NULL ? NULL : qx_tensor_floats (weight, edit->err);
  int64_t o, c, k;

  if (data == NULL)
    return NULL;
  for (o = 0; o < outputs; o++)
    for (c = depthwise ? o : 0; c < (depthwise ? o + 1 : channels); c++)
      for (k = 0; k < area; k++)
        qx_put_float (matrix, (size_t) ((k * channels + c) * outputs + o),
                      data[(o * d[1] + (depthwise ? 0 : c)) * area + k]);
  return matrix;
}

static void
set_matrix (struct qx_edit *edit, const struct conv *conv, struct qx_node *holder, size_t slot)
{
  struct qx_value *value;

  if (edit->failed || qx_own_constant (edit->model, holder, slot, edit->err) < 0) {
    edit->failed = 1;
    return;
  }
  value = holder->in[slot].value;
  qx_edit_set_init (edit, value, matrix_of (edit, value->init, conv->in->dims[1], conv->depthwise));
}

/* Scales and the like stand as [O, …] too. */
static void
set_parameter (struct qx_edit *edit, struct qx_node *quant, size_t slot)
{
  const struct qx_tensor *old = quant->in[slot].value->init;

  if (old->n_dims != 4 || edit->failed)
    return;
  if (qx_own_constant (edit->model, quant, slot, edit->err) < 0) {
    edit->failed = 1;
    return;
  }
  qx_edit_set_init (edit, quant->in[slot].value, matrix_of (edit, old, old->dims[1], 0));
}

static void
lower_weight (struct qx_edit *edit, const struct conv *conv)
{
  struct qx_node *holder = conv->quant != NULL ? conv->quant : conv->node;
  size_t slot = conv->quant != NULL ? 0 : 1, i;
  char text[96];

  set_matrix (edit, conv, holder, slot);
  for (i = 1; conv->quant != NULL && i < 4; i++)
    set_parameter (edit, conv->quant, i);
  if (edit->failed)
    return;
  if (conv->quant != NULL)
    qx_edit_shape (edit, conv->quant->out[0], holder->in[0].value->init->dims, 2);
  if (!conv->depthwise)
    return;
  snprintf (text, sizeof text, "{'dw': {'kernel_shape': [%lld, %lld]}}", (long long) conv->window.kernel[0],
            (long long) conv->window.kernel[1]);
  if (qx_set_annotation (edit->model, holder->in[slot].value->name, "tensor_sparsity", text, edit->err) < 0)
    edit->failed = 1;
}

/* ---- the nodes ---- */

static int
needs_im2col (const struct qx_window *w)
{
  return w->pad[0] != 0 || w->pad[1] != 0 || w->pad[2] != 0 || w->pad[3] != 0 || w->kernel[0] != 1 ||
         w->kernel[1] != 1 || w->stride[0] != 1 || w->stride[1] != 1;
}

static struct qx_value *
add_im2col (struct qx_edit *edit, const struct conv *conv, struct qx_value *pixels)
{
  const struct qx_window *w = &conv->window;
  const int64_t *in = conv->in->dims, *out = conv->out->dims;
  const int64_t dims[] = { out[0], out[2], out[3], in[1] * w->kernel[0] * w->kernel[1] };
  struct qx_value *columns = qx_edit_tensor (edit, "columns", dims, 4);
  struct qx_node *node =
      qx_edit_custom (edit, conv->node->index, "qonnx.custom_op.general", "Im2Col", &pixels, 1, columns);
  char text[96];

  snprintf (text, sizeof text, "(1,%lld,%lld,%lld)", (long long) in[2], (long long) in[3], (long long) in[1]);
  qx_edit_attr_ints (edit, node, "stride", w->stride, 2);
  qx_edit_attr_ints (edit, node, "kernel_size", w->kernel, 2);
  qx_edit_attr_ints (edit, node, "pad_amount", w->pad, 4);
  qx_edit_attr_string (edit, node, "input_shape", text);
  qx_edit_attr_int (edit, node, "depthwise", conv->depthwise);
  qx_edit_attr_ints (edit, node, "dilations", w->dilation, 2);
  return columns;
}

static void
lower (struct qx_edit *edit, const struct conv *conv)
{
  static const int64_t to_last[] = { 0, 2, 3, 1 }, to_first[] = { 0, 3, 1, 2 };
  const int64_t *out = conv->out->dims, dims[] = { out[0], out[2], out[3], out[1] };
  struct qx_dtype in_type = qx_tensor_dtype (edit->model, conv->in->name);
  struct qx_dtype out_type = qx_tensor_dtype (edit->model, conv->out->name);
  struct qx_value *weight, *pixels, *product;
  size_t at = conv->node->index;

  lower_weight (edit, conv);
  weight = conv->node->in[1].value;
  qx_node_remove (edit->model, conv->node);
  pixels = qx_edit_transpose (edit, at, conv->in, to_last, 4);
  qx_edit_dtype (edit, pixels, in_type);
  if (needs_im2col (&conv->window)) {
    pixels = add_im2col (edit, conv, pixels);
    qx_edit_dtype (edit, pixels, in_type);
  }
  product = qx_edit_tensor (edit, "product", dims, 4);
  qx_edit_dtype (edit, product, out_type);
  qx_edit_node (edit, at, "MatMul", pixels, weight, product);
  qx_edit_attr_ints (edit, qx_edit_node (edit, at, "Transpose", product, NULL, conv->out), "perm", to_first,
                     4);
}

int
qx_lower_convs_to_matmul (struct qx_model *model, struct qx_error *err)
{
  struct qx_edit edit;
  struct conv conv;
  size_t i;

  if (qx_infer_shapes (model, err) < 0 || qx_extract_bias_from_conv (model, err) < 0)
    return -1;
  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++)
    if (model->nodes.items[i] != NULL && read_conv (model->nodes.items[i], &conv) == 0)
      lower (&edit, &conv);
  return qx_edit_end (&edit);
}
