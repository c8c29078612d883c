/* SPDX-License-Identifier: BSD-3-Clause */
/* Convolutions that enlarge an image, with the node that does so before or behind them, as one ConvTranspose. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/deconv.h"
#include "qonnx/exec.h"

static int
find_weight (struct qx_deconv *d)
{
  const struct qx_value *value = qx_node_in (d->conv, 1);

  d->quant = NULL;
  d->weight = value == NULL ? NULL : value->init;
  if (value == NULL || value->init != NULL)
    return value != NULL;
  d->quant = value->producer;
  if (d->quant == NULL || !qx_node_is (d->quant, "Quant") || d->quant->n_in < 4 ||
      qx_only_reader (value) == NULL)
    return 0;
  if (!qx_is_static (d->quant->in[0].value) || !qx_is_static (d->quant->in[1].value) ||
      !qx_is_static (d->quant->in[2].value) || !qx_is_static (d->quant->in[3].value))
    return 0;
  d->weight = d->quant->in[0].value->init;
  return 1;
}

int
qx_deconv_read (struct qx_node *node, struct qx_deconv *d)
{
  const struct qx_value *in = qx_node_in (node, 0), *out = qx_node_out (node, 0);

  d->conv = node;
  if (!qx_is_standard (node, "Conv") || in == NULL || out == NULL || !in->has_shape || !out->has_shape ||
      in->n_dims != 4 || out->n_dims != 4 || in->dims[2] < 1 || in->dims[3] < 1 || !find_weight (d))
    return 0;
  if (d->weight->n_dims != 4 || d->weight->proto->data_type != QX_FLOAT || d->weight->n_elements == 0 ||
      qx_window_read (&d->window, node, 2, in->dims + 2, d->weight->dims + 2) < 0)
    return 0;
  return d->window.group == 1 && d->window.kernel[0] == d->window.kernel[1] &&
         qx_window_keeps_size (&d->window) && in->dims[2] == out->dims[2] && in->dims[3] == out->dims[3];
}

void
qx_deconv_replace (struct qx_edit *edit, const struct qx_deconv *d, struct qx_node *other,
                   struct qx_value *in, struct qx_value *out, struct qx_tensor *weight, int64_t stride,
                   int64_t times)
{
  static const int64_t ones[] = { 1, 1 };
  struct qx_node *holder = d->quant != NULL ? d->quant : d->conv, *node;
  size_t slot = d->quant != NULL ? 0 : 1, at = d->conv->index;
  const int64_t strides[] = { stride, stride }, *pad = d->window.pad;
  /* a turned kernel reaches as far before a place as the kernel does behind it */
  const int64_t pads[] = { pad[2] * times, pad[3] * times, pad[0] * times, pad[1] * times };
  struct qx_value *read, *bias = qx_node_in (d->conv, 2);

  if (edit->failed || weight == NULL || qx_own_constant (edit->model, holder, slot, edit->err) < 0) {
    edit->failed = 1;
    return;
  }
  qx_edit_set_init (edit, holder->in[slot].value, weight);
  read = d->conv->in[1].value;
  qx_edit_shape (edit, read, weight->dims, 4);
  qx_node_remove (edit->model, d->conv);
  qx_node_remove (edit->model, other);
  node = qx_edit_node (edit, at, "ConvTranspose", in, read, out);
  if (bias != NULL)
    qx_edit_in (edit, node, 2, bias);
  qx_edit_attr_ints (edit, node, "kernel_shape", weight->dims + 2, 2);
  qx_edit_attr_ints (edit, node, "strides", strides, 2);
  qx_edit_attr_ints (edit, node, "pads", pads, 4);
  qx_edit_attr_int (edit, node, "group", 1);
  qx_edit_attr_ints (edit, node, "dilations", ones, 2);
}
