/* SPDX-License-Identifier: BSD-3-Clause */
/* Changing the type of data. Floats go towards zero to integers; those that no integer of the type holds wrap. */
#include <config.h>

#include <string.h>

#include "qonnx/exec.h"
#include "qonnx/exec_text.h"

static int
is_whole (int elem_type)
{
  return qx_is_integer (elem_type) || elem_type == QX_BOOL || elem_type == QX_INT4 || elem_type == QX_UINT4 ||
         elem_type == QX_INT2 || elem_type == QX_UINT2;
}

static int
is_castable (int elem_type)
{
  return qx_is_float (elem_type) || is_whole (elem_type) || qx_is_small_float (elem_type);
}

static int
cast_ints (struct qx_exec *x, struct qx_tensor *to)
{
  int wide = qx_exec_type (x->in[0]) == QX_UINT64, to_float = !is_whole (qx_exec_type (to));
  const int64_t *ints = qx_exec_ints (x, 0);
  size_t i;

  for (i = 0; ints != NULL && i < to->n_elements; i++) {
    if (to_float && (wide || qx_is_small_float (qx_exec_type (to))))
      qx_put_double (to, i, wide ? (double) (uint64_t) ints[i] : (double) ints[i]);
    else
      qx_put_int (to, i, ints[i]);
  }
  return ints == NULL ? -1 : 0;
}

static int
cast_to (struct qx_exec *x, int type)
{
  const struct qx_tensor *from = qx_exec_in (x, 0);
  int saturate = qx_node_int (x->node, "saturate", 1) != 0;
  const double *numbers;
  struct qx_tensor *to;
  size_t i;

  if (from == NULL || (!is_castable (type) && type != QX_STRING) ||
      (!is_castable (qx_exec_type (from)) && !qx_tensor_is_text (from)))
    return qx_exec_refuse (x, "a cast to this type is not offered");
  if (qx_tensor_is_text (from) && type == QX_STRING)
    return qx_exec_text_copy (x, from);
  to = qx_exec_make (x, 0, type, from->dims, from->n_dims);
  if (to == NULL)
    return -1;
  if (qx_tensor_is_text (from))
    return qx_exec_text_parse (x, from, to);
  if (type == QX_STRING)
    return qx_exec_text_print (x, from, to);
  if (is_whole (qx_exec_type (from)))
    return cast_ints (x, to);
  numbers = qx_tensor_doubles (from, x->err);
  for (i = 0; numbers != NULL && i < to->n_elements; i++) {
    if (type == QX_FLOAT8E8M0)
      qx_put_exponent (to, i, (float) numbers[i], qx_node_string (x->node, "round_mode", "up"), saturate);
    else if (qx_is_small_float (type))
      qx_put_small (to, i, numbers[i], saturate);
    else
      qx_put_double (to, i, numbers[i]);
  }
  return numbers == NULL ? -1 : 0;
}

int
qx_exec_cast (struct qx_exec *x)
{
  return cast_to (x, (int) qx_node_int (x->node, "to", QX_UNDEFINED));
}

int
qx_exec_cast_like (struct qx_exec *x)
{
  const struct qx_tensor *like = qx_exec_in (x, 1);

  return like == NULL ? qx_exec_fail (x, "an input is missing") : cast_to (x, qx_exec_type (like));
}
