/* SPDX-License-Identifier: BSD-3-Clause */
/* Constants rounded to fixed-point numbers. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/exec.h"
#include "qonnx/rounding.h"

/* The nearest value of the type, what is out of range clipped. In single precision, in the reference's order. */
static float
nearest (const struct qx_dtype *dtype, enum qx_rounding mode, float value)
{
  float step = ldexpf (1, dtype->integer - dtype->bits), rounded = qx_round (mode, value / step) * step;
  float low = (float) qx_dtype_min (dtype), high = (float) qx_dtype_max (dtype);

  if (rounded > high)
    return high;
  return rounded < low ? low : rounded;
}

static int
quantise (struct qx_model *model, struct qx_value *value, const struct qx_dtype *dtype, enum qx_rounding mode,
          struct qx_error *err)
{
  const struct qx_tensor *old = value->init;
  const float *data = qx_tensor_floats (old, err);
  struct qx_tensor *tensor =
      data == NULL ? NULL : qx_tensor_new (model, QX_FLOAT, old->dims, old->n_dims, err);
  size_t i;

  if (tensor == NULL)
    return -1;
  for (i = 0; i < tensor->n_elements; i++)
    qx_put_float (tensor, i, nearest (dtype, mode, data[i]));
  if (qx_value_set_init (model, value, tensor, err) < 0)
    return -1;
  return qx_set_tensor_dtype (model, value->name, dtype, err);
}

static int
read_dtype (const struct qx_args *args, const char *param, const char *name, struct qx_dtype *dtype,
            struct qx_error *err)
{
  if (name == NULL || qx_dtype_parse (name, dtype, NULL) < 0 || dtype->kind != QX_DT_FIXED)
    return qx_arg_fail (args, param, err, "a type FIXED<bits,integer bits> is wanted");
  return 0;
}

static int
read_mode (const struct qx_args *args, enum qx_rounding *mode, struct qx_error *err)
{
  *mode = qx_rounding_named (qx_arg_string (args, "rounding_mode"));
  return *mode == QX_NO_ROUNDING ? qx_arg_fail (args, "rounding_mode", err, "no such mode") : 0;
}

int
qx_pass_fixed_point_from_dict (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  struct json_object *types = qx_arg_json (args, "fixedpt_dict");
  struct json_object_iterator at, end;
  struct qx_dtype dtype;
  enum qx_rounding mode;

  if (!json_object_is_type (types, json_type_object))
    return qx_arg_fail (args, "fixedpt_dict", err, "an object from tensor names to types is wanted");
  if (read_mode (args, &mode, err) < 0)
    return -1;
  at = json_object_iter_begin (types);
  end = json_object_iter_end (types);
  for (; !json_object_iter_equal (&at, &end); json_object_iter_next (&at)) {
    struct qx_value *value = qx_find (model, json_object_iter_peek_name (&at));
    if (read_dtype (args, "fixedpt_dict", json_object_get_string (json_object_iter_peek_value (&at)), &dtype,
                    err) < 0)
      return -1;
    if (qx_is_static (value) && quantise (model, value, &dtype, mode, err) < 0)
      return -1;
  }
  return 0;
}

static int
is_listed (const struct qx_args *args, const struct qx_node *node)
{
  size_t i;

  for (i = 0; i < qx_arg_n_strings (args, "op_types"); i++)
    if (qx_node_is (node, qx_arg_string_at (args, "op_types", i)))
      return 1;
  return 0;
}

int
qx_pass_fixed_point (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  struct qx_dtype dtype;
  enum qx_rounding mode;
  size_t i, k;

  if (read_dtype (args, "fixedpt_dtype", qx_arg_string (args, "fixedpt_dtype"), &dtype, err) < 0 ||
      read_mode (args, &mode, err) < 0)
    return -1;
  for (i = 0; i < qx_n_nodes (model); i++) {
    const struct qx_node *node = qx_node_at (model, i);
    for (k = 0; is_listed (args, node) && k < node->n_in; k++)
      if (qx_is_static (node->in[k].value) && quantise (model, node->in[k].value, &dtype, mode, err) < 0)
        return -1;
  }
  return 0;
}
