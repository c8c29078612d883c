/* SPDX-License-Identifier: BSD-3-Clause */
/* QuantAvgPool2d with channels last, and Im2Col that takes columns as channels. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/infer.h"

static int
is_image (const struct qx_value *value)
{
  return value != NULL && value->has_shape && value->n_dims == 4;
}

/* ---- QuantAvgPool2d ---- */

static void
turn_pool (struct qx_edit *edit, struct qx_node *node)
{
  static const int64_t to_last[] = { 0, 2, 3, 1 }, to_first[] = { 0, 3, 1, 2 };
  static const char *const ints[] = { "stride", "kernel", "ibits", "obits", "signed" };
  struct qx_value *in = node->in[0].value, *out = node->out[0], *pooled, *turned;
  const int64_t dims[] = { out->dims[0], out->dims[2], out->dims[3], out->dims[1] };
  struct qx_node *pool;
  size_t i, at = node->index;

  qx_node_remove (edit->model, node);
  turned = qx_edit_transpose (edit, at, in, to_last, 4);
  pooled = qx_edit_tensor (edit, "pooled", dims, 4);
  pool = qx_edit_custom (edit, at, "qonnx.custom_op.general", "QuantAvgPool2d", &turned, 1, pooled);
  for (i = 0; i < sizeof ints / sizeof ints[0]; i++)
    qx_edit_attr_int (edit, pool, ints[i], qx_node_int (node, ints[i], 0));
  qx_edit_attr_string (edit, pool, "data_layout", "NHWC");
  qx_edit_attr_ints (edit, qx_edit_node (edit, at, "Transpose", pooled, NULL, out), "perm", to_first, 4);
}

int
qx_change_data_layout_quant_avg_pool (struct qx_model *model, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i;

  if (qx_infer_shapes (model, err) < 0)
    return -1;
  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++) {
    struct qx_node *node = model->nodes.items[i];
    if (node != NULL && qx_node_is (node, "QuantAvgPool2d") && is_image (qx_node_in (node, 0)) &&
        is_image (qx_node_out (node, 0)) &&
        strcmp (qx_node_string (node, "data_layout", "NCHW"), "NCHW") == 0)
      turn_pool (&edit, node);
  }
  return qx_edit_end (&edit) < 0 ? -1 : qx_infer_shapes (model, err);
}

/* ---- Im2Col ---- */

static int
all_are (const struct qx_node *node, const char *attr, int64_t number)
{
  size_t i, n;
  const int64_t *list = qx_node_ints (node, attr, &n);

  for (i = 0; i < n; i++)
    if (list[i] != number)
      return 0;
  return 1;
}

/* Windows beside each other, over one channel. */
static int
can_be_rebalanced (const struct qx_node *node, int64_t channels)
{
  const struct qx_value *in = qx_node_in (node, 0);
  size_t n, n_stride;
  const int64_t *kernel = qx_node_ints (node, "kernel_size", &n),
                *stride = qx_node_ints (node, "stride", &n_stride);

  return qx_node_is (node, "Im2Col") && is_image (in) && in->dims[3] == 1 && kernel != NULL &&
         stride != NULL && n == 2 && n_stride == 2 && memcmp (kernel, stride, 2 * sizeof *kernel) == 0 &&
         kernel[0] % channels == 0 && all_are (node, "pad_amount", 0) && all_are (node, "dilations", 1) &&
         qx_node_int (node, "depthwise", 0) == 0;
}

static void
rebalance (struct qx_edit *edit, struct qx_node *node, int64_t channels)
{
  const struct qx_value *in = node->in[0].value;
  const int64_t dims[] = { in->dims[0], in->dims[1], in->dims[2] / channels, channels };
  size_t n;
  const int64_t *kernel = qx_node_ints (node, "kernel_size", &n);
  const int64_t smaller[] = { kernel[0], kernel[1] / channels };
  struct qx_value *out;
  char text[128];

  if (in->dims[2] % channels != 0 || kernel[1] % channels != 0) {
    qx_edit_fail (edit, node, "its columns cannot be divided into that many channels");
    return;
  }
  out = qx_edit_tensor (edit, "rebalanced", dims, 4);
  qx_edit_node (edit, node->index, "Reshape", node->in[0].value, qx_edit_ints (edit, "shape", dims, 4), out);
  qx_edit_in (edit, node, 0, out);
  qx_edit_attr_ints (edit, node, "kernel_size", smaller, 2);
  qx_edit_attr_ints (edit, node, "stride", smaller, 2);
  snprintf (text, sizeof text, "(%lld, %lld, %lld, %lld)", (long long) dims[0], (long long) dims[1],
            (long long) dims[2], (long long) dims[3]);
  qx_edit_attr_string (edit, node, "input_shape", text);
}

int
qx_pass_rebalance_im2col (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  int64_t channels = qx_arg_int (args, "extract_channels");
  struct qx_edit edit;
  size_t i;

  if (channels < 1)
    return qx_arg_fail (args, "extract_channels", err, "must be 1 at least");
  if (qx_infer_shapes (model, err) < 0)
    return -1;
  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed && channels > 1; i++)
    if (can_be_rebalanced (model->nodes.items[i], channels))
      rebalance (&edit, model->nodes.items[i], channels);
  return qx_edit_end (&edit);
}
