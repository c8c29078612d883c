/* SPDX-License-Identifier: BSD-3-Clause */
/* Strings: copied, compared, read as numbers and written from numbers. */
#include <config.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/exec_text.h"

int
qx_exec_text_copy (struct qx_exec *x, const struct qx_tensor *from)
{
  struct qx_tensor *to = qx_exec_make (x, 0, QX_STRING, from->dims, from->n_dims);
  size_t i;

  for (i = 0; to != NULL && i < from->n_elements; i++) {
    const ProtobufCBinaryData *text = &from->proto->string_data[i];
    to->proto->string_data[i].len = text->len;
    to->proto->string_data[i].data = qx_arena_memdup (to->arena, text->data, text->len);
    if (to->proto->string_data[i].data == NULL)
      return qx_oom (x->err);
  }
  return to == NULL ? -1 : 0;
}

int
qx_exec_text_equal (struct qx_exec *x)
{
  const struct qx_tensor *a = qx_exec_in (x, 0), *b = qx_exec_in (x, 1);
  struct qx_walk walk_a, walk_b;
  int64_t dims[QX_MAX_RANK];
  struct qx_tensor *to;
  size_t i, n;

  if (b == NULL || !qx_tensor_is_text (b) ||
      qx_broadcast (a->dims, a->n_dims, b->dims, b->n_dims, dims, &n) < 0)
    return qx_exec_fail (x, "its inputs do not fit each other");
  to = qx_exec_make (x, 0, QX_BOOL, dims, n);
  if (to == NULL)
    return -1;
  qx_walk_broadcast (&walk_a, dims, n, a);
  qx_walk_broadcast (&walk_b, dims, n, b);
  for (i = 0; i < to->n_elements; i++, qx_walk_next (&walk_a), qx_walk_next (&walk_b)) {
    const ProtobufCBinaryData *left = &a->proto->string_data[walk_a.offset];
    const ProtobufCBinaryData *right = &b->proto->string_data[walk_b.offset];
    qx_exec_bytes (to)[i] =
        left->len == right->len && (left->len == 0 || memcmp (left->data, right->data, left->len) == 0);
  }
  return 0;
}

int
qx_exec_text_parse (struct qx_exec *x, const struct qx_tensor *from, struct qx_tensor *to)
{
  size_t i;

  for (i = 0; i < from->n_elements; i++) {
    const ProtobufCBinaryData *text = &from->proto->string_data[i];
    char *copy = qx_exec_scratch (x, text->len + 1, 1), *end;
    double value;

    if (copy == NULL)
      return -1;
    if (text->len > 0)
      memcpy (copy, text->data, text->len);
    value = strtod (copy, &end);
    if (end == copy || *end != '\0')
      return qx_exec_fail (x, "a string is no number");
    if (qx_exec_type (to) == QX_UINT64)
      qx_put_int (to, i, (int64_t) strtoull (copy, NULL, 10));
    else if (qx_is_integer (qx_exec_type (to)))
      qx_put_int (to, i, strtoll (copy, NULL, 10));
    else if (qx_exec_type (to) == QX_FLOAT)
      qx_put_float (to, i, strtof (copy, NULL));
    else
      qx_put_double (to, i, value);
  }
  return 0;
}

/* The shortest that reads back as the same number. */
static int
shortest (double value, int single, char *text, size_t size)
{
  int digits, n = 0;

  for (digits = 1; digits <= 17; digits++) {
    n = snprintf (text, size, "%.*g", digits, value);
    if (single ? strtof (text, NULL) == (float) value : strtod (text, NULL) == value)
      break;
  }
  return n;
}

static int
print_number (const struct qx_tensor *from, size_t i, const double *numbers, const int64_t *ints, char *text,
              size_t size)
{
  if (ints != NULL && qx_exec_type (from) == QX_UINT64)
    return snprintf (text, size, "%llu", (unsigned long long) ints[i]);
  if (ints != NULL)
    return snprintf (text, size, "%lld", (long long) ints[i]);
  if (isnan (numbers[i]))
    return snprintf (text, size, "NaN");
  if (isinf (numbers[i]))
    return snprintf (text, size, numbers[i] < 0 ? "-INF" : "INF");
  return shortest (numbers[i], qx_exec_type (from) != QX_DOUBLE, text, size);
}

int
qx_exec_text_print (struct qx_exec *x, const struct qx_tensor *from, struct qx_tensor *to)
{
  const int64_t *ints = qx_is_float (qx_exec_type (from)) ? NULL : qx_exec_ints (x, 0);
  const double *numbers = ints != NULL ? NULL : qx_exec_doubles (x, 0);
  size_t i;

  if (ints == NULL && numbers == NULL)
    return -1;
  for (i = 0; i < from->n_elements; i++) {
    char text[64]; /* 17 digits, a point, a sign and an exponent */
    int n = print_number (from, i, numbers, ints, text, sizeof text);
    to->proto->string_data[i].len = (size_t) n;
    to->proto->string_data[i].data = qx_arena_memdup (to->arena, text, (size_t) n);
    if (to->proto->string_data[i].data == NULL)
      return qx_oom (x->err);
  }
  return 0;
}
