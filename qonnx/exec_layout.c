/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators that move data around: whatever the type, elements are copied as bytes. */
#include <config.h>

#include <string.h>

#include "qonnx/exec.h"

static size_t
element_size (const struct qx_tensor *tensor)
{
  return qx_type_bits (tensor->proto->data_type) / 8;
}

/* The only input that counts, of a type whose elements are whole bytes. */
static const struct qx_tensor *
main_input (struct qx_exec *x)
{
  const struct qx_tensor *tensor = qx_exec_in (x, 0);

  if (tensor != NULL && element_size (tensor) > 0)
    return tensor;
  qx_exec_fail (x, tensor == NULL ? "its input is missing" : "elements of less than a byte are not offered");
  return NULL;
}

/* All data under other dimensions. */
static int
copy_as (struct qx_exec *x, const struct qx_tensor *from, const int64_t *dims, size_t n_dims)
{
  struct qx_tensor *to = qx_exec_make (x, 0, from->proto->data_type, dims, n_dims);

  if (to == NULL)
    return -1;
  if (to->n_elements != from->n_elements)
    return qx_exec_fail (x, "the new shape has another number of elements");
  if (from->n_elements > 0)
    memcpy (to->proto->raw_data.data, from->raw, from->n_elements * element_size (from));
  return 0;
}

/* Output elements in order, each from where the walk says. base is the first one's place. */
static int
copy_walk (const struct qx_tensor *from, struct qx_tensor *to, struct qx_walk *walk, int64_t base)
{
  size_t i, size = element_size (from);

  for (i = 0; i < to->n_elements; i++) {
    memcpy (to->proto->raw_data.data + i * size, from->raw + (size_t) (base + walk->offset) * size, size);
    qx_walk_next (walk);
  }
  return 0;
}

/* What shape inference says of output 0, which must be complete. */
static int
inferred (struct qx_exec *x, qx_infer_rule *rule, const int64_t **dims, size_t *n)
{
  struct qx_infer in = { x->model, (struct qx_node *) x->node, x->opset, x->err };
  struct qx_value *value = qx_node_out (x->node, 0);
  size_t count;

  if (value == NULL)
    return qx_exec_fail (x, "it has no output");
  /* what stood there may be symbolic, or wrong: the inputs are constant now and say it exactly */
  value->has_shape = 0;
  if (rule (&in) < 0)
    return -1;
  *dims = qx_value_dims (value, n);
  if (*dims == NULL || qx_count_elements (*dims, *n, &count) < 0)
    return qx_exec_fail (x, "its inputs do not fit each other");
  return 0;
}

static int
reshaped (struct qx_exec *x, qx_infer_rule *rule)
{
  const struct qx_tensor *from = main_input (x);
  const int64_t *dims;
  size_t n;

  if (from == NULL || inferred (x, rule, &dims, &n) < 0)
    return -1;
  return copy_as (x, from, dims, n);
}

int
qx_exec_reshape (struct qx_exec *x)
{
  return reshaped (x, qx_infer_reshape);
}

int
qx_exec_flatten (struct qx_exec *x)
{
  return reshaped (x, qx_infer_flatten);
}

int
qx_exec_squeeze (struct qx_exec *x)
{
  return reshaped (x, qx_infer_squeeze);
}

int
qx_exec_unsqueeze (struct qx_exec *x)
{
  return reshaped (x, qx_infer_unsqueeze);
}

int
qx_exec_identity (struct qx_exec *x)
{
  const struct qx_tensor *from = main_input (x);

  return from == NULL ? -1 : copy_as (x, from, from->dims, from->n_dims);
}

/* ---- constants ---- */

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
    return qx_exec_fail (x, "its value is of a form that is not offered");
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

int
qx_exec_constant (struct qx_exec *x)
{
  const struct qx_tensor *value = qx_node_tensor (x->node, "value");
  size_t size;

  if (value != NULL) {
    if (qx_tensor_raw (value, &size, x->err) == NULL)
      return -1;
    return element_size (value) == 0 ? qx_exec_fail (x, "elements of less than a byte are not offered")
                                     : copy_as (x, value, value->dims, value->n_dims);
  }
  if (qx_node_attr_type (x->node, "value_float") == QX_ATTR_FLOAT)
    return constant_scalar (x, QX_FLOAT, (double) qx_node_float (x->node, "value_float", 0), 0);
  if (qx_node_attr_type (x->node, "value_int") == QX_ATTR_INT)
    return constant_scalar (x, QX_INT64, 0, qx_node_int (x->node, "value_int", 0));
  return constant_list (x);
}

int
qx_exec_constant_of_shape (struct qx_exec *x)
{
  const struct qx_tensor *value = qx_node_tensor (x->node, "value");
  size_t i, n, size = 4;
  const int64_t *dims = qx_exec_ints (x, "", 0, &n);
  struct qx_tensor *to;

  if (dims == NULL ||
      (value != NULL && (value->n_elements != 1 || qx_tensor_raw (value, &size, x->err) == NULL)))
    return qx_exec_fail (x, "its shape or value is not constant");
  to = qx_exec_make (x, 0, value == NULL ? QX_FLOAT : value->proto->data_type, dims, n);
  if (to == NULL)
    return -1;
  for (i = 0; value != NULL && i < to->n_elements; i++)
    memcpy (to->proto->raw_data.data + i * size, value->raw, size);
  return 0;
}

int
qx_exec_shape (struct qx_exec *x)
{
  size_t i, n, n_out;
  const int64_t *dims = qx_value_dims (qx_node_in (x->node, 0), &n), *length;
  int64_t start = qx_node_int (x->node, "start", 0);
  struct qx_tensor *to;

  if (dims == NULL || inferred (x, qx_infer_shape, &length, &n_out) < 0)
    return qx_exec_fail (x, "the shape of its input is not known");
  start = start < 0 ? start + (int64_t) n : start;
  start = start < 0 ? 0 : start;
  to = qx_exec_make (x, 0, QX_INT64, length, 1);
  if (to == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++)
    qx_put_int (to, i, dims[(size_t) start + i]);
  return 0;
}

/* ---- rearrangement ---- */

/* Row-major strides of a tensor, in elements. */
static void
strides_of (const struct qx_tensor *tensor, int64_t *strides)
{
  int64_t stride = 1;
  size_t i = tensor->n_dims;

  while (i-- > 0) {
    strides[i] = stride;
    stride *= tensor->dims[i];
  }
}

struct qx_tensor *
qx_transposed (struct qx_model *model, const struct qx_tensor *from, const int64_t *perm,
               struct qx_error *err)
{
  int64_t strides[QX_MAX_RANK], dims[QX_MAX_RANK];
  struct qx_walk walk = { 0 };
  struct qx_tensor *to;
  size_t i, size;

  if (qx_tensor_raw (from, &size, err) == NULL)
    return NULL;
  strides_of (from, strides);
  walk.n_dims = from->n_dims;
  for (i = 0; i < from->n_dims; i++) {
    size_t k = perm == NULL ? from->n_dims - 1 - i : (size_t) perm[i];
    dims[i] = walk.dims[i] = from->dims[k];
    walk.strides[i] = strides[k];
  }
  to = qx_tensor_new (model, from->proto->data_type, dims, from->n_dims, err);
  if (to != NULL)
    copy_walk (from, to, &walk, 0);
  return to;
}

int
qx_is_permutation (const int64_t *perm, size_t n_perm, size_t n_dims)
{
  char seen[QX_MAX_RANK] = { 0 };
  size_t i;

  if (n_perm != n_dims || n_dims > QX_MAX_RANK)
    return 0;
  for (i = 0; i < n_perm; i++) {
    if (perm[i] < 0 || perm[i] >= (int64_t) n_dims || seen[perm[i]])
      return 0;
    seen[perm[i]] = 1;
  }
  return 1;
}

int
qx_exec_transpose (struct qx_exec *x)
{
  const struct qx_tensor *from = main_input (x);
  const int64_t *perm;
  size_t n_perm;

  if (from == NULL)
    return -1;
  perm = qx_node_ints (x->node, "perm", &n_perm);
  if (perm != NULL && !qx_is_permutation (perm, n_perm, from->n_dims))
    return qx_exec_fail (x, "its perm is no permutation of the dimensions");
  x->out[0] = qx_transposed (x->model, from, perm, x->err);
  return x->out[0] == NULL ? -1 : 0;
}

int
qx_exec_expand (struct qx_exec *x)
{
  const struct qx_tensor *from = main_input (x);
  const int64_t *dims;
  struct qx_walk walk;
  struct qx_tensor *to;
  size_t n;

  if (from == NULL || inferred (x, qx_infer_expand, &dims, &n) < 0)
    return -1;
  to = qx_exec_make (x, 0, from->proto->data_type, dims, n);
  if (to == NULL)
    return -1;
  qx_walk_broadcast (&walk, dims, n, from);
  return copy_walk (from, to, &walk, 0);
}

/* The product of dims[from … to-1]. */
static size_t
block (const struct qx_tensor *tensor, size_t from, size_t to)
{
  size_t n = 1;

  for (; from < to; from++)
    n *= (size_t) tensor->dims[from];
  return n;
}

int
qx_exec_gather (struct qx_exec *x)
{
  const struct qx_tensor *from = main_input (x), *at = qx_exec_in (x, 1);
  const int64_t *dims, *index = at == NULL ? NULL : qx_tensor_ints (at, x->err);
  size_t i, k, n, outer, inner;
  struct qx_tensor *to;
  int64_t axis;

  if (from == NULL || index == NULL || inferred (x, qx_infer_gather, &dims, &n) < 0)
    return qx_exec_fail (x, "its inputs do not fit each other");
  axis = qx_axis (qx_node_int (x->node, "axis", 0), from->n_dims);
  to = axis < 0 ? NULL : qx_exec_make (x, 0, from->proto->data_type, dims, n);
  if (to == NULL)
    return qx_exec_fail (x, "there is no such axis");
  outer = block (from, 0, (size_t) axis);
  inner = block (from, (size_t) axis + 1, from->n_dims) * element_size (from);
  for (i = 0; i < outer; i++)
    for (k = 0; k < at->n_elements; k++) {
      int64_t dim = from->dims[axis], row = index[k] < 0 ? index[k] + dim : index[k];
      if (row < 0 || row >= dim)
        return qx_exec_fail (x, "an index lies outside the data");
      if (inner > 0)
        memcpy (to->proto->raw_data.data + (i * at->n_elements + k) * inner,
                from->raw + (i * (size_t) dim + (size_t) row) * inner, inner);
    }
  return 0;
}

int
qx_exec_concat (struct qx_exec *x)
{
  const struct qx_tensor *first = main_input (x);
  size_t i, k, n, outer, size, row, done = 0;
  struct qx_tensor *to;
  const int64_t *dims;
  int64_t axis;

  if (first == NULL || inferred (x, qx_infer_concat, &dims, &n) < 0)
    return -1;
  axis = qx_axis (qx_node_int (x->node, "axis", 1), n);
  to = axis < 0 ? NULL : qx_exec_make (x, 0, first->proto->data_type, dims, n);
  if (to == NULL)
    return qx_exec_fail (x, "there is no such axis");
  outer = block (to, 0, (size_t) axis);
  row = block (to, (size_t) axis, n) * element_size (first);
  for (i = 0; i < x->n_in; i++) {
    if (x->in[i] == NULL || x->in[i]->proto->data_type != first->proto->data_type)
      return qx_exec_fail (x, "its inputs are of different types");
    size = block (x->in[i], (size_t) axis, n) * element_size (first);
    for (k = 0; size > 0 && k < outer; k++)
      memcpy (to->proto->raw_data.data + k * row + done, x->in[i]->raw + k * size, size);
    done += size;
  }
  return 0;
}

/* Where the slice starts in dimension dim, clamped as the operator has it. */
static int64_t
first_of (int64_t start, int64_t dim, int64_t step)
{
  int64_t high = step < 0 ? dim - 1 : dim;

  if (start < 0)
    start += dim;
  return start < 0 ? 0 : start > high ? high : start;
}

int
qx_exec_slice (struct qx_exec *x)
{
  const struct qx_tensor *from = main_input (x);
  const int64_t *dims, *starts, *axes, *steps;
  size_t i, n, n_starts, n_axes, n_steps;
  struct qx_walk walk = { 0 };
  struct qx_tensor *to;
  int64_t base = 0;

  if (from == NULL || inferred (x, qx_infer_slice, &dims, &n) < 0)
    return -1;
  to = qx_exec_make (x, 0, from->proto->data_type, dims, n);
  starts = qx_exec_ints (x, "starts", 1, &n_starts);
  if (to == NULL || starts == NULL)
    return qx_exec_fail (x, "its starts are not constant");
  axes = qx_exec_ints (x, "axes", 3, &n_axes);
  steps = qx_exec_ints (x, "", 4, &n_steps);
  walk.n_dims = n;
  strides_of (from, walk.strides);
  if (n > 0)
    memcpy (walk.dims, dims, n * sizeof *dims);
  for (i = 0; i < n_starts && to->n_elements > 0; i++) {
    size_t axis = axes == NULL ? i : (size_t) qx_axis (axes[i], n);
    int64_t step = steps == NULL ? 1 : steps[i];
    base += first_of (starts[i], from->dims[axis], step) * walk.strides[axis];
    walk.strides[axis] *= dims[axis] > 1 ? step : 0;
  }
  return copy_walk (from, to, &walk, base);
}

int
qx_exec_cast (struct qx_exec *x)
{
  const struct qx_tensor *from = qx_exec_in (x, 0);
  int type = (int) qx_node_int (x->node, "to", QX_UNDEFINED);
  const int64_t *ints = NULL;
  const double *numbers = NULL;
  struct qx_tensor *to;
  size_t i;

  if (from == NULL || (!qx_is_float (type) && (type < QX_UINT8 || type > QX_UINT64 || type == QX_STRING)))
    return qx_exec_fail (x, "a cast to this type is not offered");
  to = qx_exec_make (x, 0, type, from->dims, from->n_dims);
  if (to == NULL)
    return -1;
  if (qx_is_float (from->proto->data_type))
    numbers = qx_tensor_doubles (from, x->err);
  else
    ints = qx_tensor_ints (from, x->err);
  if (numbers == NULL && ints == NULL)
    return -1;
  for (i = 0; i < to->n_elements; i++) {
    if (ints != NULL)
      qx_put_int (to, i, ints[i]);
    else
      qx_put_double (to, i, numbers[i]);
  }
  return 0;
}
