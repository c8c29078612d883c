/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of nodes and tensors. Values know each other by pointer, so all names are given at once and nothing can be
   confused on the way. */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/model.h"

static int
by_op_type (const void *a, const void *b)
{
  const struct qx_node *x = *(const struct qx_node *const *) a, *y = *(const struct qx_node *const *) b;
  int order = strcmp (qx_node_op_type (x), qx_node_op_type (y));

  if (order != 0)
    return order;
  return x->index < y->index ? -1 : x->index > y->index;
}

/* text formatted into the arena; NULL without memory. */
static char *format (struct qx_model *model, const char *text, ...) BR_PRINTF (2, 3);

static char *
format (struct qx_model *model, const char *text, ...)
{
  va_list args;
  char *name;
  int n;

  va_start (args, text);
  n = vsnprintf (NULL, 0, text, args);
  va_end (args);
  name = n < 0 ? NULL : qx_arena_alloc (&model->arena, (size_t) n + 1);
  if (name == NULL)
    return NULL;
  va_start (args, text);
  vsnprintf (name, (size_t) n + 1, text, args);
  va_end (args);
  return name;
}

/* nodes stand by operator type: each run counts from 0. */
static int
name_runs (struct qx_model *model, struct qx_node **nodes, size_t n, const char *prefix)
{
  size_t i, count = 0;

  for (i = 0; i < n; i++) {
    const char *op_type = qx_node_op_type (nodes[i]);
    count = i > 0 && qx_node_is (nodes[i - 1], op_type) ? count + 1 : 0;
    nodes[i]->proto->name = format (model, "%s%s_%zu", prefix, op_type, count);
    if (nodes[i]->proto->name == NULL)
      return -1;
  }
  return 0;
}

int
qx_give_unique_node_names (struct qx_model *model, const char *prefix, struct qx_error *err)
{
  struct qx_node **nodes;
  int ret;

  qx_compact_nodes (model);
  nodes = malloc ((model->nodes.n + 1) * sizeof (*nodes));
  if (nodes == NULL)
    return qx_oom (err);
  if (model->nodes.n > 0)
    memcpy (nodes, model->nodes.items, model->nodes.n * sizeof (*nodes));
  qsort (nodes, model->nodes.n, sizeof (*nodes), by_op_type);
  ret = name_runs (model, nodes, model->nodes.n, prefix == NULL ? "" : prefix);
  free (nodes);
  return ret < 0 ? qx_oom (err) : 0;
}

/* ---- tensors ---- */

/* A value and the name that it had, to be put back should the new names clash. */
struct renaming {
  struct qx_value *value;
  const char *old;
};

static int
set_name (struct qx_value *value, const char *name)
{
  if (name == NULL)
    return -1;
  value->name = name;
  return 0;
}

static int
name_node_tensors (struct qx_model *model, const struct qx_node *node)
{
  const char *name = qx_node_name (node);
  size_t i, n_params = 0;

  for (i = 0; i < node->n_out; i++)
    if (node->out[i] != NULL && set_name (node->out[i], format (model, "%s_out%zu", name, i)) < 0)
      return -1;
  for (i = 0; i < node->n_in; i++)
    if (qx_is_static (node->in[i].value) &&
        set_name (node->in[i].value, format (model, "%s_param%zu", name, n_params++)) < 0)
      return -1;
  return 0;
}

static int
name_interface (struct qx_model *model, const struct qx_list *list, const char *stem)
{
  size_t i;

  for (i = 0; i < list->n; i++)
    if (set_name (list->items[i], i == 0 ? stem : format (model, "%s_%zu", stem, i)) < 0)
      return -1;
  return 0;
}

/* Gives every value its new name. */
typedef int namer (struct qx_model *model, const struct renaming *all, size_t n);

/* First every value gets a name that nothing else has, then the readable ones take over. */
static int
name_readably (struct qx_model *model, const struct renaming *all, size_t n)
{
  size_t i;

  for (i = 0; i < n; i++)
    if (!all[i].value->pinned && set_name (all[i].value, format (model, "tensor_%zu", i)) < 0)
      return -1;
  for (i = 0; i < model->nodes.n; i++)
    if (name_node_tensors (model, model->nodes.items[i]) < 0)
      return -1;
  if (name_interface (model, &model->inputs, "global_in") < 0)
    return -1;
  return name_interface (model, &model->outputs, "global_out");
}

static size_t
collect (const struct qx_model *model, struct renaming *all)
{
  size_t i, n = 0;

  for (i = 0; i < model->cap_table; i++)
    if (model->table[i] != NULL && qx_value_known (model->table[i])) {
      all[n].value = model->table[i];
      all[n++].old = model->table[i]->name;
    }
  return n;
}

static int
rename_into (struct qx_model *model, struct renaming *all, namer *name, struct qx_error *err)
{
  struct qx_value **table = model->table;
  size_t i, n = collect (model, all), n_table = model->n_table;
  int ret = name (model, all, n) < 0 ? qx_oom (err) : qx_rehash (model, err);

  if (ret == 0)
    return 0;
  for (i = 0; i < n; i++) {
    all[i].value->name = all[i].old;
    all[i].value->hash = qx_hash (all[i].old);
  }
  model->table = table;
  model->n_table = n_table;
  return -1;
}

static int
all_named (const struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < model->nodes.n; i++)
    if (qx_node_name (model->nodes.items[i])[0] == '\0')
      return qx_fail (err, "transform", "node %s: has no name yet to name its tensors after",
                      qx_node_label (model->nodes.items[i]));
  return 0;
}

static int
rename_all (struct qx_model *model, namer *name, struct qx_error *err)
{
  struct renaming *all;
  int ret;

  qx_compact_values (model);
  all = malloc ((model->n_table + 1) * sizeof *all);
  if (all == NULL)
    return qx_oom (err);
  ret = rename_into (model, all, name, err);
  free (all);
  return ret;
}

int
qx_give_readable_tensor_names (struct qx_model *model, struct qx_error *err)
{
  if (qx_tidy (model, err) < 0 || all_named (model, err) < 0)
    return -1;
  return rename_all (model, name_readably, err);
}

/* ---- names without a meaning ---- */

static void
mark_listed (const struct qx_list *list, size_t *n)
{
  size_t i;

  for (i = 0; i < list->n; i++)
    ((struct qx_value *) list->items[i])->mark = ++*n;
}

/* Numbers from 1 on in value->mark: tensors with a shape, inputs, outputs, and then those that are known by name only. */
static void
number_values (const struct qx_model *model, const struct renaming *all, size_t n)
{
  size_t i, count = 0;

  for (i = 0; i < n; i++)
    all[i].value->mark = 0;
  mark_listed (&model->infos, &count);
  mark_listed (&model->inputs, &count);
  mark_listed (&model->outputs, &count);
  for (i = 0; i < n; i++)
    if (all[i].value->mark == 0)
      all[i].value->mark = ++count;
}

static int
name_by_number (struct qx_model *model, const struct renaming *all, size_t n)
{
  size_t i;

  number_values (model, all, n);
  for (i = 0; i < n; i++)
    if (!all[i].value->pinned &&
        set_name (all[i].value, format (model, "tensor_%zu", all[i].value->mark - 1)) < 0)
      return -1;
  return 0;
}

/* Six letters and digits that look like chance and never come twice: an odd factor makes a permutation of the 62^6 numbers, since it
   shares no divisor with 62. */
static char *
scrambled_name (struct qx_model *model, size_t number)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const uint64_t all = UINT64_C (56800235584);
  uint64_t x = number % all * UINT64_C (39177193) % all;
  char *name = qx_arena_alloc (&model->arena, 7);
  size_t i;

  for (i = 0; name != NULL && i < 6; i++, x /= 62)
    name[i] = letters[x % 62];
  if (name != NULL)
    name[6] = '\0';
  return name;
}

static int
name_at_random (struct qx_model *model, const struct renaming *all, size_t n)
{
  size_t i;

  number_values (model, all, n);
  for (i = 0; i < n; i++)
    if (!all[i].value->pinned && set_name (all[i].value, scrambled_name (model, all[i].value->mark)) < 0)
      return -1;
  return 0;
}

int
qx_give_unique_tensor_names (struct qx_model *model, struct qx_error *err)
{
  return rename_all (model, name_by_number, err);
}

int
qx_give_random_tensor_names (struct qx_model *model, struct qx_error *err)
{
  return rename_all (model, name_at_random, err);
}
