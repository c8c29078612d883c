/* SPDX-License-Identifier: BSD-3-Clause */
/* What differs between two models: nodes and their attributes and wires, constants, shapes, types, annotations. */
#include <config.h>

#include "qonnx/diff.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "qonnx/edit.h"

#define MOST_TEXT 80 /* bytes of a value that is shown */

struct qx_diff {
  struct qx_arena arena;
  struct qx_difference *items;
  size_t n, capacity;
};

/* What is being written. The first failure stays. */
struct writer {
  struct qx_diff *diff;
  struct qx_match match;
  int failed;
};

/* ---- adding ---- */

static const char *
keep (struct writer *w, const char *text)
{
  char *copy = text == NULL ? NULL : qx_arena_strdup (&w->diff->arena, text);

  w->failed |= text != NULL && copy == NULL;
  return copy;
}

static void
add (struct writer *w, const struct qx_difference *item)
{
  struct qx_diff *diff = w->diff;

  if (w->failed ||
      qx_arena_grow (&diff->arena, &diff->items, diff->n, &diff->capacity, sizeof *diff->items) < 0) {
    w->failed = 1;
    return;
  }
  diff->items[diff->n++] = (struct qx_difference){ .change = item->change,
                                                   .what = item->what,
                                                   .name = keep (w, item->name),
                                                   .other = keep (w, item->other),
                                                   .op_type = keep (w, item->op_type),
                                                   .aspect = keep (w, item->aspect),
                                                   .before = keep (w, item->before),
                                                   .after = keep (w, item->after) };
}

/* One aspect of a thing that is in both models; nothing where both texts are the same. Frees them; NULL is no value, unless oom is set. */
static void
add_change (struct writer *w, struct qx_difference item, struct br_str *before, struct br_str *after)
{
  const char *a = before->text, *b = after->text;

  w->failed |= br_str_failed (before) || br_str_failed (after);
  if ((a == NULL) != (b == NULL) || (a != NULL && strcmp (a, b) != 0)) {
    item.change = QX_CHANGED;
    item.before = a;
    item.after = b;
    add (w, &item);
  }
  br_str_free (before);
  br_str_free (after);
}

/* ---- values as text ---- */

/* Long ones end in dots. */
static void
cut (struct br_str *text)
{
  if (text->length <= MOST_TEXT)
    return;
  br_str_truncate (text, MOST_TEXT);
  br_str_add (text, "...");
}

static void
add_shape (struct br_str *text, const int64_t *dims, size_t n)
{
  br_str_add_char (text, '[');
  for (size_t i = 0; i < n; i++) {
    br_str_add (text, i > 0 ? ", " : "");
    if (dims[i] < 0)
      br_str_add_char (text, '?');
    else
      br_str_printf (text, "%" PRId64, dims[i]);
  }
  br_str_add_char (text, ']');
}

static void
add_constant (struct br_str *text, const struct qx_tensor *tensor)
{
  br_str_printf (text, "%s ", qx_elem_type_name (qx_tensor_type (tensor)));
  add_shape (text, tensor->dims, tensor->n_dims);
}

static void
add_list (struct br_str *text, const Onnx__AttributeProto *a)
{
  size_t n = a->n_ints + a->n_floats + a->n_strings;

  br_str_add_char (text, '[');
  for (size_t i = 0; i < n && text->length <= MOST_TEXT; i++) {
    br_str_add (text, i > 0 ? ", " : "");
    if (i < a->n_ints)
      br_str_printf (text, "%" PRId64, a->ints[i]);
    else if (i - a->n_ints < a->n_floats)
      br_str_printf (text, "%.9g", (double) a->floats[i - a->n_ints]);
    else
      br_str_printf (text, "\"%.*s\"", (int) a->strings[i - a->n_ints - a->n_floats].len,
                     (const char *) a->strings[i - a->n_ints - a->n_floats].data);
  }
  br_str_add_char (text, ']');
}

static void
add_attribute (struct br_str *text, const struct qx_node *node, const char *name)
{
  const Onnx__AttributeProto *a = qx_node_attr (node, name);

  switch (qx_node_attr_type (node, name)) {
  case QX_ATTR_NONE:
    return;
  case QX_ATTR_INT:
    br_str_printf (text, "%" PRId64, a->i);
    break;
  case QX_ATTR_FLOAT:
    br_str_printf (text, "%.9g", (double) a->f);
    break;
  case QX_ATTR_STRING:
    br_str_printf (text, "\"%.*s\"", (int) a->s.len, (const char *) a->s.data);
    break;
  case QX_ATTR_INTS:
  case QX_ATTR_FLOATS:
  case QX_ATTR_STRINGS:
    add_list (text, a);
    break;
  case QX_ATTR_TENSOR:
    if (qx_node_tensor (node, name) != NULL) {
      add_constant (text, qx_node_tensor (node, name));
      break;
    }
  /* fallthrough */
  default:
    br_str_add (text, "a value of its own");
  }
  cut (text);
}

static void
add_text (struct br_str *text, const char *value)
{
  if (value == NULL)
    return;
  br_str_add (text, value);
  cut (text);
}

/* ---- nodes ---- */

static int
same_attribute (const struct qx_node *a, const struct qx_node *b, const char *name, int *failed)
{
  const Onnx__AttributeProto *x = qx_node_attr (a, name), *y = qx_node_attr (b, name);
  size_t n = 0, m = 0;
  uint8_t *p = x == NULL ? NULL : qx_pack_attribute (x, &n),
          *q = y == NULL ? NULL : qx_pack_attribute (y, &m);
  int same = p != NULL && q != NULL && n == m && memcmp (p, q, n) == 0;

  *failed |= (x != NULL && p == NULL) || (y != NULL && q == NULL);
  free (p);
  free (q);
  return same;
}

static void
compare_attribute (struct writer *w, const struct qx_node *a, const struct qx_node *b, const char *name)
{
  struct br_str before = { 0 }, after = { 0 }, aspect = { 0 };

  if (same_attribute (a, b, name, &w->failed))
    return;
  br_str_printf (&aspect, "attribute %s", name);
  add_attribute (&before, a, name);
  add_attribute (&after, b, name);
  /* different inside, though the texts are the same */
  if (before.text != NULL && after.text != NULL && strcmp (before.text, after.text) == 0)
    br_str_add (&after, ", of other content");
  w->failed |= br_str_failed (&aspect);
  add_change (w,
              (struct qx_difference){ .what = "node",
                                      .name = qx_node_label (a),
                                      .other = qx_node_label (b),
                                      .op_type = qx_node_op_type (b),
                                      .aspect = aspect.text },
              &before, &after);
  br_str_free (&aspect);
}

static void
compare_attributes (struct writer *w, const struct qx_node *a, const struct qx_node *b)
{
  for (size_t i = 0; i < a->proto->n_attribute; i++)
    compare_attribute (w, a, b, qx_node_attr_name (a, i));
  for (size_t i = 0; i < b->proto->n_attribute; i++)
    if (qx_node_attr (a, qx_node_attr_name (b, i)) == NULL)
      compare_attribute (w, a, b, qx_node_attr_name (b, i));
}

static int
same_value (const struct qx_value *a, const struct qx_value *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->mark != 0 && a->mark == b->mark)
    return 1;
  return qx_is_static (a) && qx_is_static (b) && qx_same_constant (a->init, b->init);
}

static void
compare_slot (struct writer *w, const struct qx_node *a, const struct qx_node *b, const char *side, size_t i,
              const struct qx_value *x, const struct qx_value *y)
{
  struct br_str before = { 0 }, after = { 0 }, aspect = { 0 };

  if (same_value (x, y))
    return;
  br_str_printf (&aspect, "%s %zu", side, i);
  add_text (&before, x == NULL ? "(none)" : x->name);
  add_text (&after, y == NULL ? "(none)" : y->name);
  if (x != NULL && y != NULL && strcmp (x->name, y->name) == 0)
    br_str_add (&after, ", another tensor of the same name");
  w->failed |= br_str_failed (&aspect);
  add_change (w,
              (struct qx_difference){ .what = "node",
                                      .name = qx_node_label (a),
                                      .other = qx_node_label (b),
                                      .op_type = qx_node_op_type (b),
                                      .aspect = aspect.text },
              &before, &after);
  br_str_free (&aspect);
}

static void
compare_nodes (struct writer *w, const struct qx_node *a, const struct qx_node *b)
{
  struct br_str before = { 0 }, after = { 0 };

  if (strcmp (qx_node_name (a), qx_node_name (b)) != 0)
    add (w, &(struct qx_difference){ .change = QX_RENAMED,
                                     .what = "node",
                                     .name = qx_node_label (a),
                                     .other = qx_node_label (b),
                                     .op_type = qx_node_op_type (b) });
  add_text (&before, qx_node_domain (a));
  add_text (&after, qx_node_domain (b));
  add_change (w,
              (struct qx_difference){ .what = "node",
                                      .name = qx_node_label (a),
                                      .other = qx_node_label (b),
                                      .op_type = qx_node_op_type (b),
                                      .aspect = "domain" },
              &before, &after);
  compare_attributes (w, a, b);
  for (size_t i = 0; i < a->n_in || i < b->n_in; i++)
    compare_slot (w, a, b, "input", i, qx_node_in (a, i), qx_node_in (b, i));
  for (size_t i = 0; i < a->n_out || i < b->n_out; i++)
    compare_slot (w, a, b, "output", i, qx_node_out (a, i), qx_node_out (b, i));
}

/* Nodes of one model that have none in the other. */
static void
list_nodes (struct writer *w, size_t which)
{
  for (size_t i = 0; i < w->match.n[which]; i++) {
    const struct qx_node *node = qx_node_at (w->match.models[which], i);
    const char *name = qx_node_label (node);

    if (w->match.other[which][i] == QX_UNMATCHED)
      add (w, &(struct qx_difference){ .change = which == 0 ? QX_REMOVED : QX_ADDED,
                                       .what = "node",
                                       .name = which == 0 ? name : NULL,
                                       .other = which == 0 ? NULL : name,
                                       .op_type = qx_node_op_type (node) });
  }
}

static void
diff_nodes (struct writer *w)
{
  list_nodes (w, 0);
  list_nodes (w, 1);
  for (size_t i = 0; i < w->match.n[0]; i++)
    if (w->match.other[0][i] != QX_UNMATCHED)
      compare_nodes (w, qx_node_at (w->match.models[0], i),
                     qx_node_at (w->match.models[1], w->match.other[0][i]));
}

/* ---- tensors ---- */

/* Tensors of a model by their marks, to be freed; NULL without memory. */
static struct qx_value **
by_mark (const struct qx_model *model, size_t *n)
{
  struct qx_value **values;

  *n = 0;
  for (size_t i = 0; i < model->cap_table; i++)
    if (model->table[i] != NULL && model->table[i]->mark > *n)
      *n = model->table[i]->mark;
  values = calloc (*n + 1, sizeof *values);
  for (size_t i = 0; values != NULL && i < model->cap_table; i++)
    if (model->table[i] != NULL && model->table[i]->mark > 0)
      values[model->table[i]->mark] = model->table[i];
  return values;
}

/* Of a constant the data say it; of others the entry. */
static const char *
kind_of (const struct qx_value *value)
{
  if (qx_is_static (value))
    return "initializer";
  return qx_is_graph_input (value) ? "input" : qx_is_graph_output (value) ? "output" : "tensor";
}

static void
compare_shapes (struct writer *w, struct qx_difference item, const struct qx_value *a,
                const struct qx_value *b)
{
  struct br_str before = { 0 }, after = { 0 };
  const int64_t *dims;
  size_t n;

  if ((dims = qx_value_dims (a, &n)) != NULL)
    add_shape (&before, dims, n);
  if ((dims = qx_value_dims (b, &n)) != NULL)
    add_shape (&after, dims, n);
  item.aspect = "shape";
  add_change (w, item, &before, &after);
  if (qx_value_elem_type (a) != QX_UNDEFINED)
    add_text (&before, qx_elem_type_name (qx_value_elem_type (a)));
  if (qx_value_elem_type (b) != QX_UNDEFINED)
    add_text (&after, qx_elem_type_name (qx_value_elem_type (b)));
  item.aspect = "type";
  add_change (w, item, &before, &after);
}

static void
compare_annotations (struct writer *w, struct qx_difference item, const struct qx_value *a,
                     const struct qx_value *b)
{
  static const char *const keys[] = { "finn_datatype", "tensor_layout", "tensor_sparsity" };

  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    struct br_str before = { 0 }, after = { 0 };

    add_text (&before, qx_annotation (w->match.models[0], a->name, keys[i]));
    add_text (&after, qx_annotation (w->match.models[1], b->name, keys[i]));
    item.aspect = keys[i];
    add_change (w, item, &before, &after);
  }
}

/* How many elements differ, and by how much at most; empty where none does. */
static void
add_elements (struct br_str *text, const struct qx_tensor *a, const struct qx_tensor *b)
{
  const double *x = qx_tensor_doubles (a, NULL), *y = qx_tensor_doubles (b, NULL);
  double most = 0;
  size_t n = 0;

  if (x == NULL || y == NULL) {
    br_str_add (text, "other content");
    return;
  }
  for (size_t i = 0; i < a->n_elements; i++)
    if (!(x[i] <= y[i] && x[i] >= y[i]) && !(isnan (x[i]) && isnan (y[i]))) {
      n++;
      most = fmax (most, fabs (x[i] - y[i]));
    }
  if (n > 0)
    br_str_printf (text, "%zu of %zu elements differ, by at most %g", n, a->n_elements, most);
}

/* Numbers of another shape are compared as a whole. */
static void
compare_data (struct writer *w, struct qx_difference item, const struct qx_tensor *a,
              const struct qx_tensor *b)
{
  struct br_str text = { 0 };
  size_t n, m;
  const uint8_t *x, *y;

  if (qx_same_constant (a, b))
    return;
  x = qx_tensor_raw (a, &n, NULL);
  y = qx_tensor_raw (b, &m, NULL);
  if (a->n_dims == b->n_dims &&
      (a->n_dims == 0 || memcmp (a->dims, b->dims, a->n_dims * sizeof *a->dims) == 0))
    add_elements (&text, a, b);
  else if (x == NULL || y == NULL || n != m || memcmp (x, y, n) != 0)
    br_str_add (&text, "other content");
  w->failed |= br_str_failed (&text);
  item.change = QX_CHANGED;
  item.aspect = "data";
  item.after = text.text;
  if (text.text != NULL)
    add (w, &item);
  br_str_free (&text);
}

static void
compare_values (struct writer *w, const struct qx_value *a, const struct qx_value *b)
{
  struct qx_difference item = { .what = kind_of (b), .name = a->name, .other = b->name };

  if (strcmp (a->name, b->name) != 0) {
    item.change = QX_RENAMED;
    add (w, &item);
  }
  compare_shapes (w, item, a, b);
  compare_annotations (w, item, a, b);
  if (qx_is_static (a) && qx_is_static (b))
    compare_data (w, item, a->init, b->init);
}

static void
diff_values (struct writer *w)
{
  size_t n, m;
  struct qx_value **a = by_mark (w->match.models[0], &n), **b = by_mark (w->match.models[1], &m);

  w->failed |= a == NULL || b == NULL;
  for (size_t i = 1; !w->failed && i <= n && i <= m; i++)
    if (a[i] != NULL && b[i] != NULL)
      compare_values (w, a[i], b[i]);
  free (a);
  free (b);
}

/* Constants of one model that have none in the other. */
static void
list_constants (struct writer *w, size_t which)
{
  const struct qx_model *model = w->match.models[which];

  for (size_t i = 0; i < qx_n_initializers (model); i++) {
    const struct qx_value *value = qx_find (model, qx_initializer_name (model, i));
    struct br_str text = { 0 };

    if (value == NULL || value->mark != 0 || value->init == NULL)
      continue;
    add_constant (&text, value->init);
    w->failed |= br_str_failed (&text);
    add (w, &(struct qx_difference){ .change = which == 0 ? QX_REMOVED : QX_ADDED,
                                     .what = "initializer",
                                     .name = which == 0 ? value->name : NULL,
                                     .other = which == 0 ? NULL : value->name,
                                     .before = which == 0 ? text.text : NULL,
                                     .after = which == 0 ? NULL : text.text });
    br_str_free (&text);
  }
}

/* Inputs or outputs likewise. */
static void
list_ends (struct writer *w, size_t which, const char *what, size_t (*count) (const struct qx_model *),
           const char *(*name) (const struct qx_model *, size_t))
{
  const struct qx_model *model = w->match.models[which];

  for (size_t i = 0; i < count (model); i++) {
    const struct qx_value *value = qx_find (model, name (model, i));

    if (value != NULL && value->mark == 0 && value->init == NULL)
      add (w, &(struct qx_difference){ .change = which == 0 ? QX_REMOVED : QX_ADDED,
                                       .what = what,
                                       .name = which == 0 ? value->name : NULL,
                                       .other = which == 0 ? NULL : value->name });
  }
}

/* A tensor that is in both models, and an input or output in one. */
static void
list_moved (struct writer *w, size_t which, const char *what, size_t (*count) (const struct qx_model *),
            const char *(*name) (const struct qx_model *, size_t), int (*is) (const struct qx_value *))
{
  const struct qx_model *model = w->match.models[which];
  size_t n;
  struct qx_value **others = by_mark (w->match.models[1 - which], &n);

  w->failed |= others == NULL;
  for (size_t i = 0; others != NULL && i < count (model); i++) {
    const struct qx_value *value = qx_find (model, name (model, i));

    if (value != NULL && value->mark > 0 && value->mark <= n && !is (others[value->mark]))
      add (w, &(struct qx_difference){ .change = which == 0 ? QX_REMOVED : QX_ADDED,
                                       .what = what,
                                       .name = which == 0 ? value->name : others[value->mark]->name,
                                       .other = which == 0 ? others[value->mark]->name : value->name });
  }
  free (others);
}

/* ---- the model ---- */

static void
diff_opsets (struct writer *w)
{
  const struct qx_model *const *models = w->match.models;

  for (size_t which = 0; which < 2; which++)
    for (size_t i = 0; i < qx_n_opsets (models[which]); i++) {
      const char *domain = qx_opset_domain (models[which], i);
      int64_t a = qx_opset_of (models[0], domain), b = qx_opset_of (models[1], domain);
      struct br_str before = { 0 }, after = { 0 };

      if (which == 1 && a != 0)
        continue;
      if (a != 0)
        br_str_printf (&before, "%" PRId64, a);
      if (b != 0)
        br_str_printf (&after, "%" PRId64, b);
      add_change (w,
                  (struct qx_difference){ .what = "opset",
                                          .name = domain[0] == '\0' ? "ai.onnx" : domain,
                                          .other = domain[0] == '\0' ? "ai.onnx" : domain,
                                          .aspect = "version" },
                  &before, &after);
    }
}

static void
diff_model (struct writer *w)
{
  struct br_str before = { 0 }, after = { 0 };

  br_str_printf (&before, "%" PRId64, qx_ir_version (w->match.models[0]));
  br_str_printf (&after, "%" PRId64, qx_ir_version (w->match.models[1]));
  add_change (w, (struct qx_difference){ .what = "model", .aspect = "IR version" }, &before, &after);
  diff_opsets (w);
}

static void
diff_all (struct writer *w)
{
  diff_model (w);
  diff_nodes (w);
  for (size_t which = 0; which < 2; which++) {
    list_ends (w, which, "input", qx_n_inputs, qx_input);
    list_moved (w, which, "input", qx_n_inputs, qx_input, qx_is_graph_input);
    list_ends (w, which, "output", qx_n_outputs, qx_output);
    list_moved (w, which, "output", qx_n_outputs, qx_output, qx_is_graph_output);
    list_constants (w, which);
  }
  diff_values (w);
}

struct qx_diff *
qx_diff_models (const struct qx_model *a, const struct qx_model *b, struct qx_error *err)
{
  struct writer w = { .diff = calloc (1, sizeof *w.diff) };

  if (w.diff == NULL) {
    qx_oom (err);
    return NULL;
  }
  if (qx_match_models (&w.match, a, b, err) < 0)
    w.failed = 1;
  else
    diff_all (&w);
  qx_match_free (&w.match);
  if (!w.failed)
    return w.diff;
  qx_oom (err);
  qx_diff_free (w.diff);
  return NULL;
}

void
qx_diff_free (struct qx_diff *diff)
{
  if (diff == NULL)
    return;
  qx_arena_free (&diff->arena);
  free (diff);
}

size_t
qx_diff_n (const struct qx_diff *diff)
{
  return diff->n;
}

const struct qx_difference *
qx_diff_at (const struct qx_diff *diff, size_t i)
{
  return i < diff->n ? &diff->items[i] : NULL;
}
