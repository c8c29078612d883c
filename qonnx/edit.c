/* SPDX-License-Identifier: BSD-3-Clause */
/* Rewriting a graph in one sweep. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/edit.h"
#include "qonnx/exec.h"

void
qx_edit_begin (struct qx_edit *edit, struct qx_model *model, struct qx_error *err)
{
  memset (edit, 0, sizeof *edit);
  edit->model = model;
  edit->err = err;
  qx_compact_nodes (model);
}

void
qx_edit_no_memory (struct qx_edit *edit)
{
  qx_oom (edit->err);
  edit->failed = 1;
}

static void
check (struct qx_edit *edit, int result)
{
  if (result < 0)
    edit->failed = 1;
}

void
qx_edit_fail (struct qx_edit *edit, const struct qx_node *node, const char *why)
{
  if (!edit->failed)
    qx_fail (edit->err, "transform", "node %s (%s): %s", qx_node_label (node), qx_node_op_type (node), why);
  edit->failed = 1;
}

/* ---- tensors ---- */

static struct qx_value *
fresh (struct qx_edit *edit, const char *stem)
{
  struct qx_value *value = edit->failed ? NULL : qx_fresh_value (edit->model, stem);

  if (value == NULL && !edit->failed)
    qx_edit_no_memory (edit);
  return value;
}

struct qx_value *
qx_edit_tensor (struct qx_edit *edit, const char *stem, const int64_t *dims, size_t n_dims)
{
  struct qx_value *value = fresh (edit, stem);

  if (value != NULL && dims != NULL)
    check (edit, qx_value_set_shape (edit->model, value, dims, n_dims, QX_FLOAT, edit->err));
  return edit->failed ? NULL : value;
}

struct qx_value *
qx_edit_like (struct qx_edit *edit, const char *stem, const struct qx_value *other)
{
  struct qx_value *value = fresh (edit, stem);
  size_t n;
  const int64_t *dims = qx_value_dims (other, &n);

  if (value != NULL && dims != NULL)
    check (edit, qx_value_set_shape (edit->model, value, dims, n, qx_value_elem_type (other), edit->err));
  return edit->failed ? NULL : value;
}

struct qx_value *
qx_edit_constant (struct qx_edit *edit, const char *stem, struct qx_tensor *tensor)
{
  struct qx_value *value;

  if (tensor == NULL) {
    edit->failed = 1;
    return NULL;
  }
  value = fresh (edit, stem);
  if (value != NULL)
    check (edit, qx_value_set_init (edit->model, value, tensor, edit->err));
  return edit->failed ? NULL : value;
}

struct qx_value *
qx_edit_floats (struct qx_edit *edit, const char *stem, const int64_t *dims, size_t n_dims, const float *data)
{
  struct qx_value *value = fresh (edit, stem);

  if (value != NULL)
    check (edit, qx_set_initializer_floats (edit->model, value->name, dims, n_dims, data, edit->err));
  return edit->failed ? NULL : value;
}

struct qx_value *
qx_edit_float (struct qx_edit *edit, const char *stem, float number)
{
  return qx_edit_floats (edit, stem, NULL, 0, &number);
}

struct qx_value *
qx_edit_ints (struct qx_edit *edit, const char *stem, const int64_t *data, size_t n)
{
  struct qx_value *value = fresh (edit, stem);
  int64_t dim = (int64_t) n;

  if (value != NULL)
    check (edit, qx_set_initializer_ints (edit->model, value->name, &dim, 1, data, edit->err));
  return edit->failed ? NULL : value;
}

void
qx_edit_dtype (struct qx_edit *edit, struct qx_value *value, struct qx_dtype dtype)
{
  if (!edit->failed)
    check (edit, qx_set_tensor_dtype (edit->model, value->name, &dtype, edit->err));
}

void
qx_edit_copy_dtype (struct qx_edit *edit, struct qx_value *value, const struct qx_value *from)
{
  struct qx_dtype dtype = qx_tensor_dtype (edit->model, from->name);

  if (dtype.kind != QX_DT_FLOAT32)
    qx_edit_dtype (edit, value, dtype);
}

void
qx_edit_shape (struct qx_edit *edit, struct qx_value *value, const int64_t *dims, size_t n_dims)
{
  if (!edit->failed)
    check (edit, qx_value_set_shape (edit->model, value, dims, n_dims, QX_UNDEFINED, edit->err));
}

void
qx_edit_set_init (struct qx_edit *edit, struct qx_value *value, struct qx_tensor *tensor)
{
  if (tensor == NULL)
    edit->failed = 1;
  if (!edit->failed)
    check (edit, qx_value_set_init (edit->model, value, tensor, edit->err));
}

/* ---- nodes ---- */

static void
collect (struct qx_edit *edit, struct qx_node *node, size_t at)
{
  if (qx_arena_grow (&edit->model->arena, &edit->items, edit->n, &edit->capacity, sizeof *edit->items) < 0) {
    qx_edit_no_memory (edit);
    return;
  }
  edit->items[edit->n].node = node;
  edit->items[edit->n++].at = at;
}

struct qx_node *
qx_edit_custom (struct qx_edit *edit, size_t at, const char *domain, const char *op_type,
                struct qx_value *const *in, size_t n_in, struct qx_value *out)
{
  struct qx_node *node;
  size_t i;

  if (edit->failed)
    return NULL;
  node = qx_node_new (edit->model, op_type, domain, "", edit->err);
  check (edit, node == NULL ? -1 : 0);
  for (i = 0; i < n_in; i++)
    qx_edit_in (edit, node, i, in[i]);
  qx_edit_out (edit, node, 0, out);
  if (!edit->failed)
    collect (edit, node, at);
  return edit->failed ? NULL : node;
}

struct qx_node *
qx_edit_node (struct qx_edit *edit, size_t at, const char *op_type, struct qx_value *a, struct qx_value *b,
              struct qx_value *out)
{
  struct qx_value *in[] = { a, b };

  return qx_edit_custom (edit, at, "", op_type, in, b == NULL ? 1 : 2, out);
}

struct qx_value *
qx_edit_transpose (struct qx_edit *edit, size_t at, struct qx_value *a, const int64_t *perm, size_t n_perm)
{
  struct qx_value *out = fresh (edit, "transposed");
  struct qx_node *node;
  int64_t dims[QX_MAX_RANK];
  size_t i, n;
  const int64_t *old = edit->failed ? NULL : qx_value_dims (a, &n);

  for (i = 0; old != NULL && n == n_perm && i < n; i++)
    dims[i] = old[perm == NULL ? n - 1 - i : (size_t) perm[i]];
  if (old != NULL && n == n_perm)
    check (edit, qx_value_set_shape (edit->model, out, dims, n, qx_value_elem_type (a), edit->err));
  node = qx_edit_node (edit, at, "Transpose", a, NULL, out);
  if (perm != NULL)
    qx_edit_attr_ints (edit, node, "perm", perm, n_perm);
  return edit->failed ? NULL : out;
}

void
qx_edit_in (struct qx_edit *edit, struct qx_node *node, size_t slot, struct qx_value *value)
{
  if (!edit->failed && qx_node_wire_in (edit->model, node, slot, value) < 0)
    qx_edit_no_memory (edit);
}

void
qx_edit_out (struct qx_edit *edit, struct qx_node *node, size_t slot, struct qx_value *value)
{
  if (!edit->failed && qx_node_wire_out (edit->model, node, slot, value) < 0)
    qx_edit_no_memory (edit);
}

void
qx_edit_attr_int (struct qx_edit *edit, struct qx_node *node, const char *name, int64_t value)
{
  if (!edit->failed)
    check (edit, qx_node_set_int (edit->model, node, name, value, edit->err));
}

void
qx_edit_attr_ints (struct qx_edit *edit, struct qx_node *node, const char *name, const int64_t *values,
                   size_t n)
{
  if (!edit->failed)
    check (edit, qx_node_set_ints (edit->model, node, name, values, n, edit->err));
}

void
qx_edit_attr_float (struct qx_edit *edit, struct qx_node *node, const char *name, float value)
{
  if (!edit->failed)
    check (edit, qx_node_set_float (edit->model, node, name, value, edit->err));
}

void
qx_edit_attr_string (struct qx_edit *edit, struct qx_node *node, const char *name, const char *value)
{
  if (!edit->failed)
    check (edit, qx_node_set_string (edit->model, node, name, value, edit->err));
}

void
qx_edit_redirect (struct qx_edit *edit, struct qx_value *from, struct qx_value *to)
{
  if (!edit->failed)
    check (edit, qx_redirect (edit->model, from->name, to->name, edit->err));
}

/* ---- the end ---- */

/* By position, and as they were made where that is the same. */
static int
by_position (const void *a, const void *b)
{
  const struct qx_edit_item *x = a, *y = b;

  if (x->at != y->at)
    return x->at < y->at ? -1 : 1;
  return x->node->index < y->node->index ? -1 : x->node->index > y->node->index;
}

static void
put (struct qx_list *list, size_t at, struct qx_node *node)
{
  list->items[at] = node;
  if (node != NULL)
    node->index = at;
}

/* In place, from the end: a pass that makes many small edits takes no memory for each of them. Holes stay holes. */
static int
merge (struct qx_edit *edit)
{
  struct qx_list *list = &edit->model->nodes;
  size_t from = list->n, to = list->n + edit->n, k = edit->n;

  while (list->capacity < to)
    if (qx_arena_grow (&edit->model->arena, &list->items, list->capacity, &list->capacity,
                       sizeof *list->items) < 0)
      return -1;
  list->n = to;
  while (k > 0) {
    to--;
    if (from > 0 && edit->items[k - 1].at < from)
      put (list, to, list->items[--from]);
    else
      put (list, to, edit->items[--k].node);
  }
  return 0;
}

int
qx_edit_end (struct qx_edit *edit)
{
  size_t i;

  for (i = 0; i < edit->n; i++)
    edit->items[i].node->index = i;
  if (edit->n > 0) {
    qsort (edit->items, edit->n, sizeof *edit->items, by_position);
    if (merge (edit) < 0)
      qx_edit_no_memory (edit);
  }
  qx_compact_nodes (edit->model);
  return edit->failed ? -1 : 0;
}

int
qx_edit_sweep (struct qx_model *model, qx_edit_visit *visit, const void *with, struct qx_error *err)
{
  struct qx_edit edit;
  size_t i;

  qx_edit_begin (&edit, model, err);
  for (i = 0; i < model->nodes.n && !edit.failed; i++)
    if (model->nodes.items[i] != NULL)
      visit (&edit, model->nodes.items[i], with);
  return qx_edit_end (&edit);
}

int
qx_sort_between (struct qx_model *model, size_t *budget, struct qx_error *err)
{
  size_t n = qx_n_nodes (model);

  if (*budget < n)
    return 0;
  *budget -= n;
  return qx_sort_graph (model, err) < 0 ? -1 : 1;
}

/* ---- questions ---- */

int
qx_is_standard (const struct qx_node *node, const char *op_type)
{
  const char *domain = qx_node_domain (node);

  return qx_node_is (node, op_type) && (domain[0] == '\0' || strcmp (domain, "ai.onnx") == 0);
}

int
qx_is_graph_output (const struct qx_value *value)
{
  return value != NULL && value->infos[QX_INFO_OUTPUT] != NULL;
}

int
qx_is_graph_input (const struct qx_value *value)
{
  return value != NULL && value->infos[QX_INFO_INPUT] != NULL;
}

const float *
qx_static_floats (const struct qx_value *value, size_t *n)
{
  if (!qx_is_static (value))
    return NULL;
  *n = value->init->n_elements;
  return qx_tensor_floats (value->init, NULL);
}

struct qx_node *
qx_only_reader (const struct qx_value *value)
{
  if (value == NULL || value->n_uses != 1 || value->uses[0].slot == QX_CAPTURE || qx_is_graph_output (value))
    return NULL;
  return value->uses[0].node;
}

int
qx_has_full_shape (const struct qx_value *value)
{
  size_t i, n;
  const int64_t *dims = qx_value_dims (value, &n);

  for (i = 0; dims != NULL && i < n; i++)
    if (dims[i] < 0)
      return 0;
  return dims != NULL;
}

struct qx_tensor *
qx_tensor_reshaped (struct qx_model *model, const struct qx_tensor *tensor, const int64_t *dims,
                    size_t n_dims, struct qx_error *err)
{
  struct qx_tensor *shaped = qx_arena_memdup (&model->arena, tensor, sizeof *tensor);

  if (shaped == NULL ||
      (shaped->proto = qx_arena_memdup (&model->arena, tensor->proto, sizeof *tensor->proto)) == NULL ||
      (shaped->dims = qx_arena_memdup (&model->arena, dims, n_dims * sizeof *dims)) == NULL) {
    qx_oom (err);
    return NULL;
  }
  shaped->n_dims = shaped->proto->n_dims = n_dims;
  shaped->proto->dims = shaped->dims;
  return shaped;
}

int
qx_replace_output (struct qx_model *model, struct qx_value *old, struct qx_value *value, struct qx_error *err)
{
  size_t at;

  qx_compact_values (model);
  for (at = 0; at < model->outputs.n && model->outputs.items[at] != old; at++)
    ;
  if (!old->has_shape || !value->has_shape)
    return qx_fail (err, "transform", "tensor %s: its shape is not known", old->name);
  if (qx_remove_output (model, old->name, err) < 0 ||
      qx_add_output (model, value->name, value->elem_type, value->dims, value->n_dims, err) < 0)
    return -1;
  memmove (model->outputs.items + at + 1, model->outputs.items + at,
           (model->outputs.n - 1 - at) * sizeof *model->outputs.items);
  model->outputs.items[at] = value;
  return 0;
}

struct qx_value *
qx_suffixed_value (struct qx_model *model, const struct qx_value *value, const char *suffix,
                   struct qx_error *err)
{
  char *name = qx_arena_alloc (&model->arena, strlen (value->name) + strlen (suffix) + 1);
  struct qx_value *made;

  if (name == NULL) {
    qx_oom (err);
    return NULL;
  }
  strcat (strcpy (name, value->name), suffix);
  made = qx_find (model, name);
  if (made != NULL && qx_value_known (made)) {
    qx_fail (err, "transform", "tensor %s: the name %s is taken", value->name, name);
    return NULL;
  }
  made = qx_adopt (model, name);
  if (made == NULL)
    qx_oom (err);
  return made;
}

int
qx_copy_attributes (struct qx_model *model, struct qx_node *node, const struct qx_node *from,
                    struct qx_error *err)
{
  size_t i, n = from->proto->n_attribute;
  Onnx__AttributeProto **list = qx_arena_alloc (&model->arena, n * sizeof (*list));

  for (i = 0; list != NULL && i < n; i++) {
    list[i] = qx_arena_memdup (&model->arena, from->proto->attribute[i], sizeof **list);
    if (list[i] == NULL)
      return qx_oom (err);
  }
  if (list == NULL)
    return qx_oom (err);
  node->proto->attribute = list;
  node->proto->n_attribute = n;
  return 0;
}

int
qx_own_constant (struct qx_model *model, struct qx_node *node, size_t slot, struct qx_error *err)
{
  struct qx_value *value = node->in[slot].value, *copy;
  struct qx_tensor *tensor;

  if (value->n_uses == 1 && !qx_is_graph_output (value))
    return 0;
  copy = qx_fresh_value (model, value->name);
  if (copy == NULL)
    return qx_oom (err);
  tensor = qx_tensor_reshaped (model, value->init, value->init->dims, value->init->n_dims, err);
  if (tensor == NULL || qx_value_set_init (model, copy, tensor, err) < 0)
    return -1;
  return qx_node_wire_in (model, node, slot, copy) < 0 ? qx_oom (err) : 0;
}

struct qx_tensor *
qx_tensor_of_floats (struct qx_model *model, const int64_t *dims, size_t n_dims, const float *data,
                     struct qx_error *err)
{
  struct qx_tensor *tensor = qx_tensor_new (model, QX_FLOAT, dims, n_dims, err);
  size_t i;

  for (i = 0; tensor != NULL && i < tensor->n_elements; i++)
    qx_put_float (tensor, i, data[i]);
  return tensor;
}
