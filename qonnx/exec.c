/* SPDX-License-Identifier: BSD-3-Clause */
/* Running one node, and what operators share: inputs as numbers, outputs to fill, shapes. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/exec.h"

/* Numbers that were written beside the data, because the type is another one, go into it. */
static void
settle (struct qx_tensor *to)
{
  const uint8_t *raw = to->proto->raw_data.data;
  size_t i;

  for (i = 0; to->floats != NULL && (const uint8_t *) to->floats != raw && i < to->n_elements; i++)
    qx_put_float (to, i, to->floats[i]);
  for (i = 0; to->doubles != NULL && (const uint8_t *) to->doubles != raw && i < to->n_elements; i++)
    qx_put_double (to, i, to->doubles[i]);
  for (i = 0; to->ints != NULL && (const uint8_t *) to->ints != raw && i < to->n_elements; i++)
    qx_put_int (to, i, to->ints[i]);
  to->floats = NULL;
  to->doubles = NULL;
  to->ints = NULL;
}

int
qx_exec_node (struct qx_exec *x, const struct qx_exec_entry *entry)
{
  size_t i, size;
  int ret;

  for (i = 0; i < x->n_in; i++)
    if (x->in[i] != NULL && x->in[i]->n_dims > QX_MAX_RANK)
      return qx_exec_fail (x, "an input has too many dimensions");
  /* the data are there and fit their shape: operators need not look again */
  for (i = 0; i < x->n_in && !entry->dims_only; i++)
    if (x->in[i] != NULL && !qx_tensor_is_text (x->in[i]) && qx_tensor_raw (x->in[i], &size, x->err) == NULL)
      return -1;
  ret = entry->op (x);
  for (i = 0; i < x->n_out && ret == 0; i++)
    if (x->out[i] != NULL)
      settle (x->out[i]);
  qx_arena_free (&x->scratch);
  return ret;
}

int
qx_exec_fail (struct qx_exec *x, const char *why)
{
  return qx_fail (x->err, "transform", "node %s (%s): %s", qx_node_label (x->node), qx_node_op_type (x->node),
                  why);
}

int
qx_exec_refuse (struct qx_exec *x, const char *why)
{
  x->refused = 1;
  return qx_exec_fail (x, why);
}

int
qx_exec_refuse_type (struct qx_exec *x, int elem_type)
{
  x->refused = 1;
  return qx_fail (x->err, "transform", "node %s (%s): inputs of type %s are not offered",
                  qx_node_label (x->node), qx_node_op_type (x->node), qx_elem_type_name (elem_type));
}

/* ---- inputs ---- */

const struct qx_tensor *
qx_exec_in (const struct qx_exec *x, size_t i)
{
  return i < x->n_in ? x->in[i] : NULL;
}

int
qx_exec_type (const struct qx_tensor *tensor)
{
  return tensor->proto->data_type;
}

size_t
qx_exec_size (const struct qx_tensor *tensor)
{
  return qx_type_bits (tensor->proto->data_type) / 8;
}

const struct qx_tensor *
qx_exec_need (struct qx_exec *x, size_t i)
{
  const struct qx_tensor *tensor = qx_exec_in (x, i);

  if (tensor != NULL && qx_exec_size (tensor) > 0)
    return tensor;
  if (tensor == NULL)
    qx_exec_fail (x, "an input is missing");
  else
    qx_exec_refuse_type (x, qx_exec_type (tensor));
  return NULL;
}

const float *
qx_exec_floats (struct qx_exec *x, size_t i)
{
  const struct qx_tensor *tensor = qx_exec_need (x, i);

  return tensor == NULL ? NULL : qx_tensor_floats (tensor, x->err);
}

const double *
qx_exec_doubles (struct qx_exec *x, size_t i)
{
  const struct qx_tensor *tensor = qx_exec_need (x, i);

  return tensor == NULL ? NULL : qx_tensor_doubles (tensor, x->err);
}

/* UINT64 has numbers that no int64_t holds: its bits are taken as they are. */
static const int64_t *
bits_of (struct qx_exec *x, const struct qx_tensor *tensor)
{
  int64_t *bits = qx_exec_scratch (x, tensor->n_elements, sizeof *bits);
  size_t i, k;

  for (i = 0; bits != NULL && i < tensor->n_elements; i++)
    for (k = 0; k < 8; k++)
      bits[i] |= (int64_t) ((uint64_t) tensor->raw[8 * i + k] << (8 * k));
  return bits;
}

const int64_t *
qx_exec_ints (struct qx_exec *x, size_t i)
{
  const struct qx_tensor *tensor = qx_exec_in (x, i);

  if (tensor == NULL)
    return (void) qx_exec_need (x, i), NULL;
  return qx_exec_type (tensor) == QX_UINT64 ? bits_of (x, tensor) : qx_tensor_ints (tensor, x->err);
}

const int64_t *
qx_exec_list (struct qx_exec *x, const char *attr, size_t i, size_t *n)
{
  const int64_t *list = qx_node_ints (x->node, attr, n);
  const struct qx_tensor *tensor = qx_exec_in (x, i);

  if (list != NULL || tensor == NULL)
    return list;
  *n = tensor->n_elements;
  return qx_tensor_ints (tensor, x->err);
}

int
qx_exec_number (struct qx_exec *x, size_t i, double fallback, double *value)
{
  const struct qx_tensor *tensor = qx_exec_in (x, i);
  const double *numbers;

  *value = fallback;
  if (tensor == NULL)
    return 0;
  if (tensor->n_elements != 1)
    return qx_exec_fail (x, "an input that is one number has more or fewer");
  numbers = qx_tensor_doubles (tensor, x->err);
  if (numbers == NULL)
    return -1;
  *value = numbers[0];
  return 0;
}

int64_t
qx_exec_axis (struct qx_exec *x, int64_t fallback, size_t n_dims)
{
  int64_t axis = qx_axis (qx_node_int (x->node, "axis", fallback), n_dims);

  if (axis < 0)
    qx_exec_fail (x, "there is no such axis");
  return axis;
}

/* ---- outputs ---- */

int
qx_exec_has_out (const struct qx_exec *x, size_t k)
{
  return k < x->n_out && qx_node_out (x->node, k) != NULL;
}

static int
take (struct qx_exec *x, size_t n, size_t bits)
{
  if (n > SIZE_MAX / 128 || n * bits / 8 > x->limit - x->taken) {
    qx_exec_fail (x, "its result is larger than the limit of memory");
    return -1;
  }
  x->taken += n * bits / 8;
  return 0;
}

void *
qx_exec_scratch (struct qx_exec *x, size_t n, size_t size)
{
  void *block;

  if (take (x, n, 8 * size) < 0)
    return NULL;
  block = qx_arena_zalloc (&x->scratch, n, size);
  if (block == NULL)
    qx_oom (x->err);
  return block;
}

void *
qx_exec_matrix (struct qx_exec *x, size_t rows, size_t columns, size_t size)
{
  size_t n;

  return qx_exec_scratch (x, __builtin_mul_overflow (rows, columns, &n) ? SIZE_MAX : n, size);
}

struct qx_tensor *
qx_exec_make (struct qx_exec *x, size_t k, int elem_type, const int64_t *dims, size_t n_dims)
{
  size_t n;

  if (k >= x->n_out) {
    qx_exec_fail (x, "an output is missing");
    return NULL;
  }
  if (n_dims > QX_MAX_RANK || qx_count_elements (dims, n_dims, &n) < 0) {
    qx_exec_fail (x, "its result would have a shape that is none");
    return NULL;
  }
  if (qx_type_bits (elem_type) == 0 && elem_type != QX_STRING) {
    qx_exec_refuse (x, "its result would be of a type that is not offered");
    return NULL;
  }
  if (take (x, n, elem_type == QX_STRING ? 8 * sizeof (ProtobufCBinaryData) : qx_type_bits (elem_type)) < 0)
    return NULL;
  x->out[k] = x->model != NULL ? qx_tensor_new (x->model, elem_type, dims, n_dims, x->err)
                               : qx_tensor_alone (elem_type, dims, n_dims, x->err);
  return x->out[k];
}

uint8_t *
qx_exec_bytes (struct qx_tensor *tensor)
{
  return tensor->proto->raw_data.data;
}

static void *
in_place (struct qx_tensor *to, int elem_type)
{
  const uint16_t one = 1;
  uint8_t first;

  memcpy (&first, &one, 1);
  return first == 1 && qx_exec_type (to) == elem_type ? to->proto->raw_data.data : NULL;
}

float *
qx_exec_out_floats (struct qx_exec *x, struct qx_tensor *to)
{
  to->floats = in_place (to, QX_FLOAT);
  if (to->floats == NULL)
    to->floats = qx_exec_scratch (x, to->n_elements, sizeof *to->floats);
  return to->floats;
}

double *
qx_exec_out_doubles (struct qx_exec *x, struct qx_tensor *to)
{
  to->doubles = in_place (to, QX_DOUBLE);
  if (to->doubles == NULL)
    to->doubles = qx_exec_scratch (x, to->n_elements, sizeof *to->doubles);
  return to->doubles;
}

int64_t *
qx_exec_out_ints (struct qx_exec *x, struct qx_tensor *to)
{
  to->ints = in_place (to, QX_INT64);
  if (to->ints == NULL)
    to->ints = qx_exec_scratch (x, to->n_elements, sizeof *to->ints);
  return to->ints;
}
