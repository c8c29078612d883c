/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of operators that can be run. A version is the first in which an operator means what it does here; later ones that only
   add types or attributes are told apart inside. */
#include <config.h>

#include <string.h>

#include "qonnx/exec_operators.h"

#define COUNT(table) (sizeof (table) / sizeof (table)[0])

static const struct qx_exec_entry onnx_operators[] = {
  { "Abs", 6, 0, 0, qx_exec_unary },
  { "Acos", 7, 0, 0, qx_exec_unary },
  { "Acosh", 9, 0, 0, qx_exec_unary },
  { "Add", 7, 0, 0, qx_exec_binary },
  { "And", 7, 0, 0, qx_exec_compare },
  { "ArgMax", 1, 0, 0, qx_exec_arg },
  { "ArgMin", 1, 0, 0, qx_exec_arg },
  { "Asin", 7, 0, 0, qx_exec_unary },
  { "Asinh", 9, 0, 0, qx_exec_unary },
  { "Atan", 7, 0, 0, qx_exec_unary },
  { "Atanh", 9, 0, 0, qx_exec_unary },
  { "AveragePool", 1, 0, 0, qx_exec_average_pool },
  { "BatchNormalization", 7, 0, 0, qx_exec_batch_norm },
  { "BitShift", 11, 0, 0, qx_exec_binary },
  { "BitwiseAnd", 18, 0, 0, qx_exec_binary },
  { "BitwiseNot", 18, 0, 0, qx_exec_not },
  { "BitwiseOr", 18, 0, 0, qx_exec_binary },
  { "BitwiseXor", 18, 0, 0, qx_exec_binary },
  { "Cast", 6, 0, 0, qx_exec_cast },
  { "CastLike", 15, 0, 0, qx_exec_cast_like },
  { "Ceil", 6, 0, 0, qx_exec_unary },
  { "Celu", 12, 0, 0, qx_exec_unary },
  { "CenterCropPad", 18, 0, 0, qx_exec_center_crop_pad },
  { "Clip", 6, 0, 0, qx_exec_clip },
  { "Compress", 9, 0, 0, qx_exec_compress },
  { "Concat", 4, 0, 0, qx_exec_concat },
  { "Constant", 1, 0, 0, qx_exec_constant },
  { "ConstantOfShape", 9, 0, 0, qx_exec_constant_of_shape },
  { "Conv", 1, 0, 0, qx_exec_conv },
  { "ConvInteger", 10, 0, 0, qx_exec_conv_integer },
  { "ConvTranspose", 1, 0, 0, qx_exec_conv_transpose },
  { "Cos", 7, 0, 0, qx_exec_unary },
  { "Cosh", 9, 0, 0, qx_exec_unary },
  { "CumSum", 11, 0, 0, qx_exec_cumsum },
  { "DepthToSpace", 1, 0, 0, qx_exec_depth_to_space },
  { "DequantizeLinear", 10, 0, 0, qx_exec_dequantize },
  { "Div", 7, 0, 0, qx_exec_binary },
  { "Dropout", 7, 0, 0, qx_exec_dropout },
  { "DynamicQuantizeLinear", 11, 0, 0, qx_exec_dynamic_quantize },
  { "Einsum", 12, 0, 0, qx_exec_einsum },
  { "Elu", 6, 0, 0, qx_exec_unary },
  { "Equal", 7, 0, 0, qx_exec_compare },
  { "Erf", 9, 0, 0, qx_exec_unary },
  { "Exp", 6, 0, 0, qx_exec_unary },
  { "Expand", 8, 0, 0, qx_exec_expand },
  { "EyeLike", 9, 0, 0, qx_exec_eye_like },
  { "Flatten", 1, 0, 0, qx_exec_flatten },
  { "Floor", 6, 0, 0, qx_exec_unary },
  { "GRU", 7, 0, 0, qx_exec_recurrent },
  { "Gather", 1, 0, 0, qx_exec_gather },
  { "GatherElements", 11, 0, 0, qx_exec_gather_elements },
  { "GatherND", 11, 0, 0, qx_exec_gather_nd },
  { "Gelu", 20, 0, 0, qx_exec_unary },
  { "Gemm", 7, 0, 0, qx_exec_gemm },
  { "GlobalAveragePool", 1, 0, 0, qx_exec_global_pool },
  { "GlobalLpPool", 2, 0, 0, qx_exec_global_pool },
  { "GlobalMaxPool", 1, 0, 0, qx_exec_global_pool },
  { "Greater", 7, 0, 0, qx_exec_compare },
  { "GreaterOrEqual", 12, 0, 0, qx_exec_compare },
  { "GroupNormalization", 18, 0, 0, qx_exec_group_norm },
  { "HardSigmoid", 6, 0, 0, qx_exec_unary },
  { "HardSwish", 14, 0, 0, qx_exec_unary },
  { "Hardmax", 1, 0, 0, qx_exec_softmax },
  { "Identity", 1, 0, 0, qx_exec_identity },
  { "InstanceNormalization", 6, 0, 0, qx_exec_group_norm },
  { "IsInf", 10, 0, 0, qx_exec_is },
  { "IsNaN", 9, 0, 0, qx_exec_is },
  { "LRN", 1, 0, 0, qx_exec_lrn },
  { "LSTM", 7, 0, 0, qx_exec_recurrent },
  { "LayerNormalization", 17, 0, 0, qx_exec_layer_norm },
  { "LeakyRelu", 6, 0, 0, qx_exec_unary },
  { "Less", 7, 0, 0, qx_exec_compare },
  { "LessOrEqual", 12, 0, 0, qx_exec_compare },
  { "Log", 6, 0, 0, qx_exec_unary },
  { "LogSoftmax", 1, 0, 0, qx_exec_softmax },
  { "LpNormalization", 1, 0, 0, qx_exec_lp_norm },
  { "LpPool", 2, 0, 0, qx_exec_lp_pool },
  { "MatMul", 1, 0, 0, qx_exec_matmul },
  { "MatMulInteger", 10, 0, 0, qx_exec_matmul_integer },
  { "Max", 8, 0, 0, qx_exec_variadic },
  { "MaxPool", 1, 0, 0, qx_exec_max_pool },
  { "MaxUnpool", 9, 0, 0, qx_exec_max_unpool },
  { "Mean", 8, 0, 0, qx_exec_variadic },
  { "MeanVarianceNormalization", 9, 0, 0, qx_exec_mean_variance_norm },
  { "Min", 8, 0, 0, qx_exec_variadic },
  { "Mish", 18, 0, 0, qx_exec_unary },
  { "Mod", 10, 0, 0, qx_exec_binary },
  { "Mul", 7, 0, 0, qx_exec_binary },
  { "Neg", 6, 0, 0, qx_exec_unary },
  { "NonZero", 9, 0, 0, qx_exec_non_zero },
  { "Not", 1, 0, 0, qx_exec_not },
  { "OneHot", 9, 0, 0, qx_exec_one_hot },
  { "Or", 7, 0, 0, qx_exec_compare },
  { "PRelu", 7, 0, 0, qx_exec_binary },
  { "Pad", 2, 0, 0, qx_exec_pad },
  { "Pow", 7, 0, 0, qx_exec_binary },
  { "QLinearConv", 10, 0, 0, qx_exec_qlinear_conv },
  { "QLinearMatMul", 10, 0, 0, qx_exec_qlinear_matmul },
  { "QuantizeLinear", 10, 0, 0, qx_exec_quantize },
  { "RMSNormalization", 23, 0, 0, qx_exec_layer_norm },
  { "RNN", 7, 0, 0, qx_exec_recurrent },
  { "Range", 11, 0, 0, qx_exec_range },
  { "Reciprocal", 6, 0, 0, qx_exec_unary },
  { "ReduceL1", 1, 0, 0, qx_exec_reduce },
  { "ReduceL2", 1, 0, 0, qx_exec_reduce },
  { "ReduceLogSum", 1, 0, 0, qx_exec_reduce },
  { "ReduceLogSumExp", 1, 0, 0, qx_exec_reduce },
  { "ReduceMax", 1, 0, 0, qx_exec_reduce },
  { "ReduceMean", 1, 0, 0, qx_exec_reduce },
  { "ReduceMin", 1, 0, 0, qx_exec_reduce },
  { "ReduceProd", 1, 0, 0, qx_exec_reduce },
  { "ReduceSum", 1, 0, 0, qx_exec_reduce },
  { "ReduceSumSquare", 1, 0, 0, qx_exec_reduce },
  { "Relu", 6, 0, 0, qx_exec_unary },
  { "Reshape", 5, 0, 0, qx_exec_reshape },
  { "Resize", 10, 0, 0, qx_exec_resize },
  { "ReverseSequence", 10, 0, 0, qx_exec_reverse_sequence },
  { "Round", 11, 0, 0, qx_exec_unary },
  { "Scatter", 9, 0, 0, qx_exec_scatter_elements },
  { "ScatterElements", 11, 0, 0, qx_exec_scatter_elements },
  { "ScatterND", 11, 0, 0, qx_exec_scatter_nd },
  { "Selu", 6, 0, 0, qx_exec_unary },
  { "Shape", 1, 0, 1, qx_exec_shape },
  { "Shrink", 9, 0, 0, qx_exec_unary },
  { "Sigmoid", 6, 0, 0, qx_exec_unary },
  { "Sign", 9, 0, 0, qx_exec_unary },
  { "Sin", 7, 0, 0, qx_exec_unary },
  { "Sinh", 9, 0, 0, qx_exec_unary },
  { "Size", 1, 0, 1, qx_exec_elements },
  { "Slice", 1, 0, 0, qx_exec_slice },
  { "Softmax", 1, 0, 0, qx_exec_softmax },
  { "Softplus", 1, 0, 0, qx_exec_unary },
  { "Softsign", 1, 0, 0, qx_exec_unary },
  { "SpaceToDepth", 1, 0, 0, qx_exec_space_to_depth },
  { "Split", 2, 0, 0, qx_exec_split },
  { "Sqrt", 6, 0, 0, qx_exec_unary },
  { "Squeeze", 1, 0, 0, qx_exec_squeeze },
  { "Sub", 7, 0, 0, qx_exec_binary },
  { "Sum", 8, 0, 0, qx_exec_variadic },
  { "Swish", 24, 0, 0, qx_exec_unary },
  { "Tan", 7, 0, 0, qx_exec_unary },
  { "Tanh", 6, 0, 0, qx_exec_unary },
  { "ThresholdedRelu", 10, 0, 0, qx_exec_unary },
  { "Tile", 6, 0, 0, qx_exec_tile },
  { "TopK", 1, 0, 0, qx_exec_topk },
  { "Transpose", 1, 0, 0, qx_exec_transpose },
  { "Trilu", 14, 0, 0, qx_exec_trilu },
  { "Unsqueeze", 1, 0, 0, qx_exec_unsqueeze },
  { "Upsample", 9, 0, 0, qx_exec_resize },
  { "Where", 9, 0, 0, qx_exec_where },
  { "Xor", 7, 0, 0, qx_exec_compare },
};

static const struct qx_exec_entry qonnx_operators[] = {
  { "BipolarQuant", 1, 0, 0, qx_exec_bipolar_quant },
  { "DebugMarker", 1, 0, 0, qx_exec_identity },
  { "FloatQuant", 1, 0, 0, qx_exec_float_quant },
  { "Im2Col", 1, 0, 0, qx_exec_im2col },
  { "IntQuant", 1, 0, 0, qx_exec_quant },
  { "MaxPoolNHWC", 1, 0, 0, qx_exec_last_max_pool },
  { "MultiThreshold", 1, 0, 0, qx_exec_multi_threshold },
  { "Quant", 1, 0, 0, qx_exec_quant },
  { "QuantAvgPool2d", 1, 0, 0, qx_exec_quant_avg_pool },
  { "Trunc", 1, 0, 0, qx_exec_trunc },
  { "XnorPopcountMatMul", 1, 0, 0, qx_exec_xnor_popcount },
};

/* channels last */
static const struct qx_exec_entry channels_last_operators[] = {
  { "BatchNormalization", 1, 0, 0, qx_exec_last_batch_norm },
  { "Conv", 1, 0, 0, qx_exec_last_conv },
  { "MaxPool", 1, 0, 0, qx_exec_last_max_pool },
};

static const struct {
  const char *domain;
  const struct qx_exec_entry *entries;
  size_t n;
} tables[] = {
  { "", onnx_operators, COUNT (onnx_operators) },
  { "qonnx.custom_op.general", qonnx_operators, COUNT (qonnx_operators) },
  { "qonnx.custom_op.channels_last", channels_last_operators, COUNT (channels_last_operators) },
};

/* The table of a domain; NULL: none. Other domains of QONNX's are its general one under another name. */
static const struct qx_exec_entry *
table_of (const char *domain, size_t *n)
{
  size_t i;

  if (strcmp (domain, "ai.onnx") == 0)
    domain = "";
  for (i = 0; i < COUNT (tables); i++)
    if (strcmp (domain, tables[i].domain) == 0) {
      *n = tables[i].n;
      return tables[i].entries;
    }
  if (!qx_is_custom_domain (domain))
    return NULL;
  *n = COUNT (qonnx_operators);
  return qonnx_operators;
}

const struct qx_exec_entry *
qx_exec_find (const char *domain, const char *op_type, int64_t version)
{
  size_t i, n = 0;
  const struct qx_exec_entry *entries = table_of (domain, &n);

  for (i = 0; i < n; i++)
    if (version >= entries[i].since && (entries[i].until == 0 || version <= entries[i].until) &&
        strcmp (op_type, entries[i].op_type) == 0)
      return &entries[i];
  return NULL;
}

int64_t
qx_exec_version (const struct qx_model *model, const struct qx_node *node)
{
  int64_t version = qx_opset_of (model, qx_node_domain (node));

  return version < 1 ? 1 : version;
}

size_t
qx_n_operators (void)
{
  size_t i, n = 0;

  for (i = 0; i < COUNT (tables); i++)
    n += tables[i].n;
  return n;
}

struct qx_operator
qx_operator_at (size_t i)
{
  size_t k = 0;

  while (k + 1 < COUNT (tables) && i >= tables[k].n)
    i -= tables[k++].n;
  return (struct qx_operator){ tables[k].domain, tables[k].entries[i].op_type, tables[k].entries[i].since,
                               tables[k].entries[i].until };
}
