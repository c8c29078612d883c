/* SPDX-License-Identifier: BSD-3-Clause */
/* What qonnx-cleanup does, in its order; the tidying chain follows every step, as it does there. */
#include <config.h>

#include "qonnx/model.h"

static int
force_domains (struct qx_model *model, struct qx_error *err)
{
  static const char domain[] = "qonnx.custom_op.general";
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++) {
    struct qx_node *node = qx_node_at (model, i);
    if ((qx_node_is (node, "Quant") || qx_node_is (node, "Trunc") || qx_node_is (node, "BipolarQuant")) &&
        qx_node_set_op (model, node, qx_node_op_type (node), domain, err) < 0)
      return -1;
  }
  return 0;
}

static int
resize (struct qx_model *model, const struct qx_cleanup_options *options, struct qx_error *err)
{
  if (options->input_shape == NULL)
    return options->batch > 0 ? qx_change_batch_size (model, options->batch, err) : 0;
  if (options->n_input_shape == 0)
    return qx_fail (err, "transform", "an input shape has at least one dimension");
  if (qx_change_batch_size (model, options->input_shape[0], err) < 0)
    return -1;
  return qx_set_shape (model, qx_input (model, 0), options->input_shape, options->n_input_shape, QX_UNDEFINED,
                       err);
}

static int
fold (struct qx_model *model, const struct qx_cleanup_options *options, struct qx_error *err)
{
  static const char *const none[] = { NULL };
  static const char *const quantisers[] = { "Quant", "BipolarQuant", "QuantizeLinear", "DequantizeLinear",
                                            NULL };

  return qx_fold_constants (model, options->fold_quantizers ? none : quantisers, err);
}

static int
give_names (struct qx_model *model, struct qx_error *err)
{
  if (qx_give_unique_node_names (model, "", err) < 0 || qx_tidy (model, err) < 0 ||
      qx_give_readable_tensor_names (model, err) < 0)
    return -1;
  return qx_tidy (model, err);
}

static int
extract_biases (struct qx_model *model, struct qx_error *err)
{
  if (qx_extract_bias_from_conv (model, err) < 0 || qx_infer_shapes (model, err) < 0 ||
      qx_tidy (model, err) < 0)
    return -1;
  return give_names (model, err);
}

int
qx_cleanup (struct qx_model *model, const struct qx_cleanup_options *options, struct qx_error *err)
{
  static const struct qx_cleanup_options defaults;

  if (options == NULL)
    options = &defaults;
  if (force_domains (model, err) < 0 || resize (model, options, err) < 0 ||
      qx_infer_shapes (model, err) < 0 || qx_tidy (model, err) < 0 ||
      qx_give_unique_parameter_tensors (model, err) < 0 || fold (model, options, err) < 0 ||
      qx_tidy (model, err) < 0 || qx_fold_transpose_into_quant_init (model, err) < 0 ||
      qx_tidy (model, err) < 0 || give_names (model, err) < 0)
    return -1;
  return options->extract_conv_bias ? extract_biases (model, err) : 0;
}
