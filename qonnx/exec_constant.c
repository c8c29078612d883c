/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators that make data out of attributes, shapes or single numbers. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "qonnx/exec.h"

/* The tensor of an attribute, for the time of one node; *value is NULL where there is none, which is no failure. */
static int
attribute_tensor (struct qx_exec *x, const struct qx_tensor **value)
{
  Onnx__AttributeProto *attr = qx_node_attr (x->node, "value");

  *value = NULL;
  if (attr == NULL || attr->type != QX_ATTR_TENSOR || attr->t == NULL)
    return 0;
  *value = qx_tensor_wrap_in (&x->scratch, attr->t, x->err);
  return *value == NULL ? -1 : 0;
}

static int
constant_scalar (struct qx_exec *x, int elem_type, double value, int64_t integer)
{
  struct qx_tensor *to = qx_exec_make (x, 0, elem_type, NULL, 0);

  if (to == NULL)
    return -1;
  if (elem_type == QX_FLOAT)
    qx_put_double (to, 0, value);
  else
    qx_put_int (to, 0, integer);
  return 0;
}

static int
constant_list (struct qx_exec *x)
{
  size_t i, n_floats, n_ints;
  const float *floats = qx_node_floats (x->node, "value_floats", &n_floats);
  const int64_t *ints = qx_node_ints (x->node, "value_ints", &n_ints);
  int64_t n = (int64_t) (floats != NULL ? n_floats : n_ints);
  struct qx_tensor *to;

  if (floats == NULL && ints == NULL)
    return qx_exec_refuse (x, "its value is of a form that is not offered");
  to = qx_exec_make (x, 0, floats != NULL ? QX_FLOAT : QX_INT64, &n, 1);
  if (to == NULL)
    return -1;
  for (i = 0; i < (size_t) n; i++) {
    if (floats != NULL)
      qx_put_float (to, i, floats[i]);
    else
      qx_put_int (to, i, ints[i]);
  }
  return 0;
}

static int
constant_tensor (struct qx_exec *x, const struct qx_tensor *value)
{
  struct qx_tensor *to;
  size_t size;

  if (qx_tensor_is_text (value))
    return qx_exec_refuse_type (x, QX_STRING);
  if (qx_tensor_raw (value, &size, x->err) == NULL)
    return -1;
  if (qx_exec_size (value) == 0)
    return qx_exec_refuse (x, "elements of less than a byte are not offered");
  to = qx_exec_make (x, 0, qx_exec_type (value), value->dims, value->n_dims);
  if (to == NULL)
    return -1;
  if (size > 0)
    memcpy (qx_exec_bytes (to), value->raw, size);
  return 0;
}

int
qx_exec_constant (struct qx_exec *x)
{
  const struct qx_tensor *value;

  if (attribute_tensor (x, &value) < 0)
    return -1;
  if (value != NULL)
    return constant_tensor (x, value);
  if (qx_node_attr_type (x->node, "value_float") == QX_ATTR_FLOAT)
    return constant_scalar (x, QX_FLOAT, (double) qx_node_float (x->node, "value_float", 0), 0);
  if (qx_node_attr_type (x->node, "value_int") == QX_ATTR_INT)
    return constant_scalar (x, QX_INT64, 0, qx_node_int (x->node, "value_int", 0));
  return constant_list (x);
}

int
qx_exec_constant_of_shape (struct qx_exec *x)
{
  const struct qx_tensor *value;
  size_t i, n, size = 4;
  const int64_t *dims = qx_exec_list (x, "", 0, &n);
  struct qx_tensor *to;

  if (attribute_tensor (x, &value) < 0)
    return -1;
  if (dims == NULL ||
      (value != NULL && (value->n_elements != 1 || qx_tensor_raw (value, &size, x->err) == NULL)))
    return qx_exec_fail (x, "its shape or value is not constant");
  to = qx_exec_make (x, 0, value == NULL ? QX_FLOAT : qx_exec_type (value), dims, n);
  if (to == NULL)
    return -1;
  if (qx_exec_size (to) == 0)
    return qx_exec_refuse (x, "elements of less than a byte are not offered");
  for (i = 0; value != NULL && i < to->n_elements; i++)
    memcpy (qx_exec_bytes (to) + i * size, value->raw, size);
  return 0;
}

/* Where a cut at start or end lies, clamped to the rank. */
static size_t
cut (int64_t at, size_t n)
{
  if (at < 0)
    at += (int64_t) n;
  return at < 0 ? 0 : at > (int64_t) n ? n : (size_t) at;
}

int
qx_exec_shape (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_in (x, 0);
  size_t i, start, end;
  struct qx_tensor *to;
  int64_t length;

  if (from == NULL)
    return qx_exec_fail (x, "its input is missing");
  start = cut (qx_node_int (x->node, "start", 0), from->n_dims);
  end = cut (qx_node_int (x->node, "end", INT64_MAX), from->n_dims);
  length = end > start ? (int64_t) (end - start) : 0;
  to = qx_exec_make (x, 0, QX_INT64, &length, 1);
  if (to == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++)
    qx_put_int (to, i, from->dims[start + i]);
  return 0;
}

int
qx_exec_elements (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_in (x, 0);
  struct qx_tensor *to = from == NULL ? NULL : qx_exec_make (x, 0, QX_INT64, NULL, 0);

  if (to == NULL)
    return qx_exec_fail (x, "its input is missing");
  qx_put_int (to, 0, (int64_t) from->n_elements);
  return 0;
}

static int
range_of_ints (struct qx_exec *x, int type, const int64_t *start, const int64_t *limit, const int64_t *delta)
{
  double span;
  int64_t n;
  struct qx_tensor *to;
  size_t i;

  if (start == NULL || limit == NULL || delta == NULL)
    return -1;
  if (*delta == 0)
    return qx_exec_fail (x, "its step is 0");
  span = ceil (((double) *limit - (double) *start) / (double) *delta);
  n = span > 0 && span < 0x1p62 ? (int64_t) span : span > 0 ? INT64_MAX : 0;
  to = qx_exec_make (x, 0, type, &n, 1);
  for (i = 0; to != NULL && i < to->n_elements; i++)
    qx_put_int (to, i, (int64_t) ((uint64_t) *start + i * (uint64_t) *delta));
  return to == NULL ? -1 : 0;
}

static int
range_of_doubles (struct qx_exec *x, int type, double start, double limit, double delta)
{
  double span = ceil ((limit - start) / delta);
  struct qx_tensor *to;
  int64_t n;
  size_t i;

  if (delta == 0 || isnan (span))
    return qx_exec_fail (x, "its step is 0, or one of its inputs is no number");
  n = span > 0 && span < 0x1p62 ? (int64_t) span : span > 0 ? INT64_MAX : 0;
  to = qx_exec_make (x, 0, type, &n, 1);
  for (i = 0; to != NULL && i < to->n_elements; i++)
    qx_put_double (to, i, start + (double) i * delta);
  return to == NULL ? -1 : 0;
}

int
qx_exec_range (struct qx_exec *x)
{
  double start, limit, delta;
  size_t i;

  for (i = 0; i < 3; i++)
    if (qx_exec_need (x, i) == NULL)
      return -1;
  if (qx_exec_number (x, 0, 0, &start) < 0 || qx_exec_number (x, 1, 0, &limit) < 0 ||
      qx_exec_number (x, 2, 0, &delta) < 0)
    return -1;
  if (qx_is_float (qx_exec_type (x->in[0])))
    return range_of_doubles (x, qx_exec_type (x->in[0]), start, limit, delta);
  return range_of_ints (x, qx_exec_type (x->in[0]), qx_exec_ints (x, 0), qx_exec_ints (x, 1),
                        qx_exec_ints (x, 2));
}

int
qx_exec_eye_like (struct qx_exec *x)
{
  const struct qx_tensor *like = qx_exec_in (x, 0);
  int64_t k = qx_node_int (x->node, "k", 0), row;
  struct qx_tensor *to;

  if (like == NULL || like->n_dims != 2)
    return qx_exec_fail (x, "its input is no matrix");
  to = qx_exec_make (x, 0, (int) qx_node_int (x->node, "dtype", qx_exec_type (like)), like->dims, 2);
  if (to == NULL)
    return -1;
  if (k <= -like->dims[0] || k >= like->dims[1])
    return 0;
  for (row = k < 0 ? -k : 0; row < like->dims[0] && row + k < like->dims[1]; row++)
    qx_put_double (to, (size_t) (row * like->dims[1] + row + k), 1);
  return 0;
}
