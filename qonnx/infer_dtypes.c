/* SPDX-License-Identifier: BSD-3-Clause */
/* Data-type inference: from inputs to outputs, in an order in which every tensor is made before it is read, so that one
   sweep is enough. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/infer.h"
#include "qonnx/order.h"

static const struct qx_dtype float32 = { .kind = QX_DT_FLOAT32, .bits = 32 };

static struct qx_dtype
input_dtype (const struct qx_node *node, size_t i)
{
  return qx_tensor_dtype (node->model, qx_node_input (node, i));
}

/* ---- QONNX's operators ---- */

/* Constant input i, all of whose elements are value. */
static int
all_are (const struct qx_node *node, size_t i, float value)
{
  const struct qx_value *in = qx_node_in (node, i);
  const float *data = qx_is_static (in) ? qx_tensor_floats (in->init, NULL) : NULL;
  size_t k;

  for (k = 0; data != NULL && k < in->init->n_elements; k++)
    if (data[k] != value)
      return 0;
  return data != NULL;
}

/* Constant input i, a scalar (no dimensions) that is a whole number. */
static int
whole_scalar (const struct qx_node *node, size_t i, long low, long high, int *number)
{
  const struct qx_value *in = qx_node_in (node, i);
  const float *data = qx_is_static (in) && in->init->n_dims == 0 ? qx_tensor_floats (in->init, NULL) : NULL;

  if (data == NULL || *data != rintf (*data) || !(*data >= (float) low && *data <= (float) high))
    return -1;
  *number = (int) *data;
  return 0;
}

static struct qx_dtype
quant_dtype (const struct qx_node *node)
{
  int bits, is_signed = qx_node_int (node, "signed", 1) != 0;

  if (!qx_is_static (qx_node_in (node, 1)) || !all_are (node, 2, 0) ||
      whole_scalar (node, 3, 1, 4096, &bits) < 0)
    return float32;
  if (!all_are (node, 1, 1))
    return (struct qx_dtype){ .kind = QX_DT_SCALEDINT, .bits = bits };
  if (bits == 1 && is_signed)
    return (struct qx_dtype){ .kind = QX_DT_BIPOLAR, .bits = 1 };
  return (struct qx_dtype){ .kind = is_signed ? QX_DT_INT : QX_DT_UINT, .bits = bits };
}

static struct qx_dtype
float_quant_dtype (const struct qx_node *node)
{
  struct qx_dtype dtype = { .kind = QX_DT_FLOAT };
  const struct qx_value *largest = qx_node_in (node, 5);

  if (!all_are (node, 1, 1) || whole_scalar (node, 2, 1, 11, &dtype.exponent) < 0 ||
      whole_scalar (node, 3, 0, 52, &dtype.mantissa) < 0 ||
      whole_scalar (node, 4, -4096, 4096, &dtype.bias) < 0 || !qx_is_static (largest) ||
      largest->init->n_dims != 0)
    return float32;
  dtype.bits = 1 + dtype.exponent + dtype.mantissa;
  if (dtype.bias == 0)
    dtype.bias = (1 << (dtype.exponent - 1)) - 1;
  return dtype;
}

static struct qx_dtype
threshold_dtype (const struct qx_node *node)
{
  float scale = qx_node_float (node, "out_scale", 1), bias = qx_node_float (node, "out_bias", 0);
  struct qx_dtype dtype;

  if (scale != rintf (scale) || bias != rintf (bias) ||
      qx_dtype_parse (qx_node_string (node, "out_dtype", ""), &dtype, NULL) < 0)
    return float32;
  return dtype;
}

static struct qx_dtype
pool_dtype (const struct qx_node *node)
{
  int64_t bits = qx_node_int (node, "obits", 0);

  if (bits < 2 || bits > 32)
    return float32;
  return (struct qx_dtype){ .kind = qx_node_int (node, "signed", 0) != 0 ? QX_DT_INT : QX_DT_UINT,
                            .bits = (int) bits };
}

static struct qx_dtype
custom_dtype (const struct qx_node *node)
{
  if (qx_node_is (node, "Quant") || qx_node_is (node, "IntQuant"))
    return quant_dtype (node);
  if (qx_node_is (node, "FloatQuant"))
    return float_quant_dtype (node);
  if (qx_node_is (node, "BipolarQuant"))
    return all_are (node, 1, 1) ? (struct qx_dtype){ .kind = QX_DT_BIPOLAR, .bits = 1 } : float32;
  if (qx_node_is (node, "Trunc"))
    return float32;
  if (qx_node_is (node, "MultiThreshold"))
    return threshold_dtype (node);
  if (qx_node_is (node, "XnorPopcountMatMul"))
    return (struct qx_dtype){ .kind = QX_DT_UINT, .bits = 32 };
  if (qx_node_is (node, "QuantAvgPool2d"))
    return pool_dtype (node);
  return input_dtype (node, 0);
}

/* ---- ONNX's operators ---- */

static int
is_one_of (const struct qx_node *node, const char *const *names)
{
  for (; *names != NULL; names++)
    if (qx_node_is (node, *names))
      return 1;
  return 0;
}

static const char *const arithmetic[] = { "Add", "Conv", "Gemm", "MatMul", "Mul", "Sub", NULL };

static const char *const passing[] = {
  "Clip",          "Concat",   "Expand",  "Flatten", "Gather",    "GatherElements", "GatherND",
  "GlobalMaxPool", "Identity", "MaxPool", "Pad",     "Reshape",   "Scatter",        "ScatterElements",
  "ScatterND",     "Slice",    "Squeeze", "Tile",    "Transpose", "Unsqueeze",      NULL
};

/* All inputs count: integers stay integers of 32 bits, scaled ones stay scaled, one float makes a float. */
static struct qx_dtype
arithmetic_dtype (const struct qx_node *node)
{
  int integers = 1, exact = 1, is_signed = qx_node_is (node, "Sub");
  size_t i;

  for (i = 0; i < node->n_in; i++) {
    struct qx_dtype dtype = input_dtype (node, i);
    integers = integers && qx_dtype_is_integer (&dtype);
    exact =
        exact && (qx_dtype_is_integer (&dtype) || dtype.kind == QX_DT_FIXED || dtype.kind == QX_DT_SCALEDINT);
    is_signed = is_signed || qx_dtype_signed (&dtype);
  }
  if (integers)
    return (struct qx_dtype){ .kind = is_signed ? QX_DT_INT : QX_DT_UINT, .bits = 32 };
  return exact ? (struct qx_dtype){ .kind = QX_DT_SCALEDINT, .bits = 32 } : float32;
}

static struct qx_dtype
quantized_dtype (const struct qx_node *node)
{
  int type = qx_value_elem_type (qx_node_out (node, 0)), bits = (int) qx_type_bits (type);

  if (type == QX_UINT4 || type == QX_UINT8 || type == QX_UINT16 || type == QX_UINT32)
    return (struct qx_dtype){ .kind = QX_DT_UINT, .bits = bits };
  if (type == QX_INT4 || type == QX_INT8 || type == QX_INT16 || type == QX_INT32)
    return (struct qx_dtype){ .kind = QX_DT_INT, .bits = bits };
  return float32;
}

static struct qx_dtype
dequantized_dtype (const struct qx_node *node)
{
  int bits = (int) qx_type_bits (qx_value_elem_type (qx_node_in (node, 0)));

  return bits == 0 ? float32 : (struct qx_dtype){ .kind = QX_DT_SCALEDINT, .bits = bits };
}

/* 1: the outputs get *dtype; 0: they keep what they have. Only output 0 where *first_only. */
static int
standard_dtype (const struct qx_node *node, struct qx_dtype *dtype, int *first_only)
{
  *first_only = 0;
  if (qx_node_is (node, "Sign"))
    *dtype = (struct qx_dtype){ .kind = QX_DT_BIPOLAR, .bits = 1 };
  else if (is_one_of (node, arithmetic))
    *dtype = arithmetic_dtype (node);
  else if (qx_node_is (node, "QuantizeLinear"))
    *dtype = quantized_dtype (node);
  else if (qx_node_is (node, "DequantizeLinear"))
    *dtype = dequantized_dtype (node);
  else if (is_one_of (node, passing)) {
    *dtype = input_dtype (node, 0);
    *first_only = 1;
  } else if (qx_node_is (node, "Resize") || qx_node_is (node, "Upsample")) {
    if (strcmp (qx_node_string (node, "mode", "nearest"), "nearest") != 0)
      return 0;
    *dtype = input_dtype (node, 0);
  } else
    *dtype = qx_tensor_dtype (node->model, qx_node_output (node, 0));
  return 1;
}

/* ---- the pass ---- */

static int
annotate (struct qx_model *model, const struct qx_value *value, struct qx_dtype dtype, int allow_scaledint,
          struct qx_error *err)
{
  if (value == NULL)
    return 0;
  if (dtype.kind == QX_DT_SCALEDINT && !allow_scaledint)
    dtype = float32;
  return qx_set_tensor_dtype (model, value->name, &dtype, err);
}

static int
infer_node (struct qx_model *model, const struct qx_node *node, int allow_scaledint, struct qx_error *err)
{
  int custom = qx_is_custom_domain (qx_node_domain (node)), first_only = 0;
  struct qx_dtype dtype = float32;
  size_t i;

  if (custom)
    dtype = custom_dtype (node);
  else if (!standard_dtype (node, &dtype, &first_only))
    return 0;
  for (i = 0; i < node->n_out && (i == 0 || !first_only); i++) {
    struct qx_dtype own = dtype;
    /* other outputs of an operator without a rule keep their own */
    if (i > 0 && !custom)
      own = qx_tensor_dtype (model, qx_node_output (node, i));
    if (annotate (model, node->out[i], own, allow_scaledint, err) < 0)
      return -1;
  }
  return 0;
}

int
qx_infer_datatypes (struct qx_model *model, int allow_scaledint, struct qx_error *err)
{
  struct qx_node **order;
  size_t i, n;
  int ret = 0;

  order = qx_order (model, &n, err);
  if (order == NULL)
    return -1;
  for (i = 0; i < n && ret == 0; i++)
    ret = infer_node (model, order[i], allow_scaledint, err);
  free (order);
  return ret;
}
