/* SPDX-License-Identifier: BSD-3-Clause */
/* Shape inference: from node to node in an order in which every tensor is made before it is read; no values are propagated,
   only shapes, types and constants. Existing concrete dimensions win. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/infer.h"
#include "qonnx/order.h"

/* ---- what rules use ---- */

const int64_t *
qx_infer_dims (const struct qx_infer *in, size_t i, size_t *n_dims)
{
  const int64_t *dims = qx_value_dims (qx_node_in (in->node, i), n_dims);

  return *n_dims > QX_MAX_RANK ? NULL : dims;
}

int
qx_infer_type (const struct qx_infer *in, size_t i)
{
  return qx_value_elem_type (qx_node_in (in->node, i));
}

const int64_t *
qx_infer_ints (const struct qx_infer *in, size_t i, size_t *n)
{
  const struct qx_value *value = qx_node_in (in->node, i);

  *n = 0;
  if (!qx_is_static (value))
    return NULL;
  *n = value->init->n_elements;
  return qx_tensor_ints (value->init, NULL);
}

int64_t
qx_axis (int64_t axis, size_t n_dims)
{
  if (axis < 0)
    axis += (int64_t) n_dims;
  return axis < 0 || axis >= (int64_t) n_dims ? -1 : axis;
}

static int64_t
dim_from_right (const int64_t *dims, size_t n, size_t i)
{
  return i < n ? dims[n - 1 - i] : 1;
}

int
qx_broadcast (const int64_t *a, size_t n_a, const int64_t *b, size_t n_b, int64_t *out, size_t *n_out)
{
  size_t i, n = n_a > n_b ? n_a : n_b;

  for (i = 0; i < n; i++) {
    int64_t x = dim_from_right (a, n_a, i), y = dim_from_right (b, n_b, i), *to = &out[n - 1 - i];
    if (x == y || y == 1)
      *to = x;
    else if (x == 1)
      *to = y;
    else if (x == -1 || y == -1)
      *to = x == -1 ? y : x;
    else
      return -1;
  }
  *n_out = n;
  return 0;
}

int
qx_infer_set (struct qx_infer *in, size_t k, const int64_t *dims, size_t n_dims, int elem_type)
{
  struct qx_value *value = qx_node_out (in->node, k);
  int64_t merged[QX_MAX_RANK];
  size_t i, n_old;
  const int64_t *old;

  if (value == NULL)
    return 0;
  if (value->elem_type != QX_UNDEFINED)
    elem_type = value->elem_type;
  old = qx_value_dims (value, &n_old);
  if (dims == NULL || n_dims > QX_MAX_RANK || (old != NULL && n_old != n_dims))
    return elem_type == QX_UNDEFINED || old != NULL
               ? 0
               : qx_value_set_type (in->model, value, elem_type, in->err);
  for (i = 0; i < n_dims; i++)
    merged[i] = old != NULL && old[i] >= 0 ? old[i] : dims[i] < 0 ? -1 : dims[i];
  return qx_value_set_shape (in->model, value, merged, n_dims, elem_type, in->err);
}

/* ---- tables ---- */

static const struct qx_infer_entry rules[] = {
  { "Abs", qx_infer_same },
  { "Add", qx_infer_binary },
  { "And", qx_infer_compare },
  { "ArgMax", qx_infer_arg },
  { "ArgMin", qx_infer_arg },
  { "AveragePool", qx_infer_pool },
  { "BatchNormalization", qx_infer_same },
  { "Cast", qx_infer_cast },
  { "Ceil", qx_infer_same },
  { "Celu", qx_infer_same },
  { "Clip", qx_infer_same },
  { "Concat", qx_infer_concat },
  { "Constant", qx_infer_constant },
  { "ConstantOfShape", qx_infer_constant_of_shape },
  { "Conv", qx_infer_conv },
  { "ConvTranspose", qx_infer_conv_transpose },
  { "Cos", qx_infer_same },
  { "DepthToSpace", qx_infer_depth_to_space },
  { "DequantizeLinear", qx_infer_dequantize },
  { "Div", qx_infer_binary },
  { "Dropout", qx_infer_same },
  { "Elu", qx_infer_same },
  { "Equal", qx_infer_compare },
  { "Erf", qx_infer_same },
  { "Exp", qx_infer_same },
  { "Expand", qx_infer_expand },
  { "Flatten", qx_infer_flatten },
  { "Floor", qx_infer_same },
  { "Gather", qx_infer_gather },
  { "Gelu", qx_infer_same },
  { "Gemm", qx_infer_gemm },
  { "GlobalAveragePool", qx_infer_global_pool },
  { "GlobalMaxPool", qx_infer_global_pool },
  { "Greater", qx_infer_compare },
  { "GreaterOrEqual", qx_infer_compare },
  { "HardSigmoid", qx_infer_same },
  { "HardSwish", qx_infer_same },
  { "Identity", qx_infer_same },
  { "InstanceNormalization", qx_infer_same },
  { "LRN", qx_infer_same },
  { "LayerNormalization", qx_infer_same },
  { "LeakyRelu", qx_infer_same },
  { "Less", qx_infer_compare },
  { "LessOrEqual", qx_infer_compare },
  { "Log", qx_infer_same },
  { "LogSoftmax", qx_infer_same },
  { "MatMul", qx_infer_matmul },
  { "Max", qx_infer_variadic },
  { "MaxPool", qx_infer_pool },
  { "Mean", qx_infer_variadic },
  { "Min", qx_infer_variadic },
  { "Mish", qx_infer_same },
  { "Mod", qx_infer_binary },
  { "Mul", qx_infer_binary },
  { "Neg", qx_infer_same },
  { "Not", qx_infer_same_boolean },
  { "Or", qx_infer_compare },
  { "PRelu", qx_infer_same },
  { "Pad", qx_infer_pad },
  { "Pow", qx_infer_binary },
  { "QuantizeLinear", qx_infer_quantize },
  { "Reciprocal", qx_infer_same },
  { "ReduceL1", qx_infer_reduce },
  { "ReduceL2", qx_infer_reduce },
  { "ReduceLogSum", qx_infer_reduce },
  { "ReduceLogSumExp", qx_infer_reduce },
  { "ReduceMax", qx_infer_reduce },
  { "ReduceMean", qx_infer_reduce },
  { "ReduceMin", qx_infer_reduce },
  { "ReduceProd", qx_infer_reduce },
  { "ReduceSum", qx_infer_reduce },
  { "ReduceSumSquare", qx_infer_reduce },
  { "Relu", qx_infer_same },
  { "Reshape", qx_infer_reshape },
  { "Resize", qx_infer_resize },
  { "Round", qx_infer_same },
  { "Selu", qx_infer_same },
  { "Shape", qx_infer_shape },
  { "Sigmoid", qx_infer_same },
  { "Sign", qx_infer_same },
  { "Sin", qx_infer_same },
  { "Slice", qx_infer_slice },
  { "Softmax", qx_infer_same },
  { "Softplus", qx_infer_same },
  { "Softsign", qx_infer_same },
  { "SpaceToDepth", qx_infer_space_to_depth },
  { "Split", qx_infer_split },
  { "Sqrt", qx_infer_same },
  { "Squeeze", qx_infer_squeeze },
  { "Sub", qx_infer_binary },
  { "Sum", qx_infer_variadic },
  { "Tanh", qx_infer_same },
  { "ThresholdedRelu", qx_infer_same },
  { "Tile", qx_infer_tile },
  { "TopK", qx_infer_topk },
  { "Transpose", qx_infer_transpose },
  { "Unsqueeze", qx_infer_unsqueeze },
  { "Upsample", qx_infer_resize },
  { "Where", qx_infer_where },
  { "Xor", qx_infer_compare },
};

/* Domains of QONNX. A rule of NULL: the operator is known and nothing can be said of its shape. */
static const struct qx_infer_entry custom_rules[] = {
  { "BatchNormalization", qx_infer_same },
  { "BipolarQuant", qx_infer_same },
  { "Conv", qx_infer_custom_conv },
  { "DebugMarker", qx_infer_same },
  { "FloatQuant", qx_infer_float_quant },
  { "GenericPartition", NULL },
  { "Im2Col", qx_infer_im2col },
  { "IntQuant", qx_infer_quant },
  { "MaxPool", qx_infer_max_pool_nhwc },
  { "MaxPoolNHWC", qx_infer_max_pool_nhwc },
  { "MultiThreshold", qx_infer_same },
  { "Quant", qx_infer_quant },
  { "QuantAvgPool2d", qx_infer_quant_avg_pool },
  { "Trunc", qx_infer_same },
  { "XnorPopcountMatMul", qx_infer_matmul },
};

static int
by_op_type (const void *key, const void *entry)
{
  return strcmp (key, ((const struct qx_infer_entry *) entry)->op_type);
}

qx_infer_rule *
qx_infer_find (const char *op_type)
{
  const struct qx_infer_entry *entry =
      bsearch (op_type, rules, sizeof rules / sizeof rules[0], sizeof rules[0], by_op_type);

  return entry == NULL ? NULL : entry->rule;
}

qx_infer_rule *
qx_infer_find_custom (const char *op_type, int *known)
{
  const struct qx_infer_entry *entry =
      bsearch (op_type, custom_rules, sizeof custom_rules / sizeof custom_rules[0], sizeof custom_rules[0],
               by_op_type);

  *known = entry != NULL;
  return entry == NULL ? NULL : entry->rule;
}

int
qx_is_custom_domain (const char *domain)
{
  return strcmp (domain, "qonnx.custom_op.general") == 0 || strcmp (domain, "onnx.brevitas") == 0 ||
         strcmp (domain, "qonnx.custom_op.channels_last") == 0;
}

/* ---- the pass ---- */

static int
infer_node (struct qx_model *model, struct qx_node *node, struct qx_error *err)
{
  const char *domain = qx_node_domain (node);
  struct qx_infer in = { model, node, qx_opset_of (model, domain), err };
  qx_infer_rule *rule;
  int known = 1;

  if (qx_is_custom_domain (domain))
    rule = qx_infer_find_custom (qx_node_op_type (node), &known);
  else
    rule =
        domain[0] == '\0' || strcmp (domain, "ai.onnx") == 0 ? qx_infer_find (qx_node_op_type (node)) : NULL;
  if (!known)
    return qx_fail (err, "transform", "node %s: no operator %s in the domain %s", qx_node_label (node),
                    qx_node_op_type (node), domain);
  return rule == NULL ? 0 : rule (&in);
}

int
qx_infer_shapes (struct qx_model *model, struct qx_error *err)
{
  struct qx_node **order;
  size_t i, n;
  int ret = 0;

  if (qx_give_initializers_shapes (model, 1, err) < 0)
    return -1;
  order = qx_order (model, &n, err);
  if (order == NULL)
    return -1;
  for (i = 0; i < n && ret == 0; i++)
    ret = infer_node (model, order[i], err);
  free (order);
  return ret;
}
