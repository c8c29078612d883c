/* SPDX-License-Identifier: BSD-3-Clause */
/* Values: the table of names, and who reads what. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "qonnx/model.h"

#define FIRST_TABLE 64

/* FNV-1a */
uint64_t
qx_hash (const char *name)
{
  uint64_t hash = UINT64_C (14695981039346656037);

  for (; *name != '\0'; name++)
    hash = (hash ^ (unsigned char) *name) * UINT64_C (1099511628211);
  return hash ^ hash >> 32;
}

/* Where name is, or the free place where it belongs. */
static size_t
place_of (const struct qx_model *model, const char *name, uint64_t hash)
{
  size_t i = hash & (model->cap_table - 1);

  while (model->table[i] != NULL &&
         (model->table[i]->hash != hash || strcmp (model->table[i]->name, name) != 0))
    i = (i + 1) & (model->cap_table - 1);
  return i;
}

struct qx_value *
qx_find (const struct qx_model *model, const char *name)
{
  if (name == NULL || name[0] == '\0' || model->cap_table == 0)
    return NULL;
  return model->table[place_of (model, name, qx_hash (name))];
}

/* What stands behind in the same run moves up where it may, so that no search ends at the gap. */
static void
take_out (struct qx_model *model, const struct qx_value *value)
{
  size_t mask = model->cap_table - 1, gap = place_of (model, value->name, value->hash), i = gap;

  model->n_table--;
  for (;;) {
    size_t home;
    i = (i + 1) & mask;
    if (model->table[i] == NULL)
      break;
    home = model->table[i]->hash & mask;
    if (((i - home) & mask) < ((i - gap) & mask))
      continue;
    model->table[gap] = model->table[i];
    gap = i;
  }
  model->table[gap] = NULL;
}

static int
resize_table (struct qx_model *model, size_t capacity)
{
  struct qx_value **old = model->table;
  size_t i, n_old = model->cap_table;

  model->table = qx_arena_zalloc (&model->arena, capacity, sizeof *model->table);
  if (model->table == NULL) {
    model->table = old;
    return -1;
  }
  model->cap_table = capacity;
  for (i = 0; i < n_old; i++)
    if (old[i] != NULL)
      model->table[place_of (model, old[i]->name, old[i]->hash)] = old[i];
  return 0;
}

int
qx_reserve_names (struct qx_model *model, size_t n)
{
  size_t capacity = FIRST_TABLE;

  while (capacity / 2 < n)
    capacity *= 2;
  return capacity > model->cap_table ? resize_table (model, capacity) : 0;
}

static struct qx_value *
intern (struct qx_model *model, const char *name, int copy)
{
  uint64_t hash = qx_hash (name);
  struct qx_value *value;
  size_t i;

  if (2 * (model->n_table + 1) > model->cap_table &&
      resize_table (model, model->cap_table == 0 ? FIRST_TABLE : 2 * model->cap_table) < 0)
    return NULL;
  i = place_of (model, name, hash);
  if (model->table[i] != NULL)
    return model->table[i];
  value = qx_arena_zalloc (&model->arena, 1, sizeof *value);
  if (value == NULL)
    return NULL;
  value->name = copy ? qx_arena_strdup (&model->arena, name) : name;
  if (value->name == NULL)
    return NULL;
  value->hash = hash;
  model->table[i] = value;
  model->n_table++;
  return value;
}

struct qx_value *
qx_intern (struct qx_model *model, const char *name)
{
  return intern (model, name, 1);
}

struct qx_value *
qx_adopt (struct qx_model *model, const char *name)
{
  return intern (model, name, 0);
}

struct qx_value *
qx_fresh_value (struct qx_model *model, const char *stem)
{
  char *name = qx_arena_alloc (&model->arena, strlen (stem) + 24);

  if (name == NULL)
    return NULL;
  do
    sprintf (name, "%s_%zu", stem, model->fresh++);
  while (qx_find (model, name) != NULL);
  return qx_adopt (model, name);
}

/* Two values of one name: a name alone gives way to one that is more. */
static int
place_again (struct qx_model *model, struct qx_value *value, struct qx_error *err)
{
  size_t i;

  value->hash = qx_hash (value->name);
  i = place_of (model, value->name, value->hash);
  if (model->table[i] == NULL)
    model->n_table++;
  else if (qx_value_known (model->table[i]) && qx_value_known (value))
    return qx_fail (err, "transform", "tensor %s: two tensors would get this name", value->name);
  if (model->table[i] == NULL || !qx_value_known (model->table[i]))
    model->table[i] = value;
  return 0;
}

int
qx_rehash (struct qx_model *model, struct qx_error *err)
{
  struct qx_value **old = model->table;
  size_t i;

  model->table = qx_arena_zalloc (&model->arena, model->cap_table, sizeof *model->table);
  if (model->table == NULL) {
    model->table = old;
    return qx_oom (err);
  }
  model->n_table = 0;
  for (i = 0; i < model->cap_table; i++)
    if (old[i] != NULL && place_again (model, old[i], err) < 0)
      return -1;
  return 0;
}

int
qx_value_known (const struct qx_value *value)
{
  return value->producer != NULL || value->n_uses > 0 || value->init != NULL || value->annotation != NULL ||
         value->pinned || value->infos[QX_INFO_INPUT] != NULL || value->infos[QX_INFO_OUTPUT] != NULL ||
         value->infos[QX_INFO_OTHER] != NULL;
}

const char *
qx_value_name (const struct qx_value *value)
{
  return value == NULL ? "" : value->name;
}

int
qx_is_static (const struct qx_value *value)
{
  return value != NULL && value->init != NULL;
}

int
qx_use_add (struct qx_model *model, struct qx_value *value, struct qx_node *node, size_t slot, size_t *use_at)
{
  if (qx_arena_grow (&model->arena, &value->uses, value->n_uses, &value->cap_uses, sizeof *value->uses) < 0)
    return -1;
  value->uses[value->n_uses].node = node;
  value->uses[value->n_uses].slot = slot;
  *use_at = value->n_uses++;
  return 0;
}

/* The slot that holds the last use learns its new place. Captures look for theirs: there are few. */
static void
moved (struct qx_value *value, size_t from, size_t to)
{
  const struct qx_use *use = &value->uses[to];
  size_t i;

  if (use->slot != QX_CAPTURE) {
    use->node->in[use->slot].use_at = to;
    return;
  }
  for (i = 0; i < use->node->n_captures; i++)
    if (use->node->captures[i].value == value && use->node->captures[i].use_at == from)
      use->node->captures[i].use_at = to;
}

void
qx_use_remove (struct qx_value *value, size_t use_at)
{
  size_t last = --value->n_uses;

  if (use_at == last)
    return;
  value->uses[use_at] = value->uses[last];
  moved (value, last, use_at);
}

/* ---- public lookups ---- */

struct qx_node *
qx_producer (const struct qx_model *model, const char *tensor)
{
  const struct qx_value *value = qx_find (model, tensor);

  return value == NULL ? NULL : value->producer;
}

size_t
qx_n_consumers (const struct qx_model *model, const char *tensor)
{
  const struct qx_value *value = qx_find (model, tensor);

  return value == NULL ? 0 : value->n_uses;
}

struct qx_node *
qx_consumer (const struct qx_model *model, const char *tensor, size_t i)
{
  const struct qx_value *value = qx_find (model, tensor);

  return value == NULL || i >= value->n_uses ? NULL : value->uses[i].node;
}

int
qx_rename_tensor (struct qx_model *model, const char *from, const char *to, struct qx_error *err)
{
  struct qx_value *value = qx_find (model, from), *taken = qx_find (model, to);
  char *name;

  if (value == NULL)
    return qx_fail (err, "transform", "tensor %s: not in the model", from);
  if (to[0] == '\0')
    return qx_fail (err, "transform", "tensor %s: cannot have an empty name", from);
  if (taken == value)
    return 0;
  if (taken != NULL && qx_value_known (taken))
    return qx_fail (err, "transform", "tensor %s: the name %s is taken", from, to);
  name = qx_arena_strdup (&model->arena, to);
  if (name == NULL)
    return qx_oom (err);
  if (taken != NULL)
    take_out (model, taken);
  take_out (model, value);
  value->name = name;
  value->hash = qx_hash (name);
  model->table[place_of (model, name, value->hash)] = value;
  model->n_table++;
  return 0;
}

int
qx_redirect (struct qx_model *model, const char *from, const char *to, struct qx_error *err)
{
  struct qx_value *old = qx_find (model, from), *value;

  if (old == NULL || to[0] == '\0')
    return qx_fail (err, "transform", "tensor %s: cannot be replaced by %s", from,
                    to[0] == '\0' ? "none" : to);
  value = qx_intern (model, to);
  if (value == NULL)
    return qx_oom (err);
  while (value != old && old->n_uses > 0) {
    struct qx_use use = old->uses[old->n_uses - 1];
    size_t i;
    if (use.slot != QX_CAPTURE) {
      if (qx_node_wire_in (model, use.node, use.slot, value) < 0)
        return qx_oom (err);
      continue;
    }
    for (i = 0; i < use.node->n_captures; i++)
      if (use.node->captures[i].value == old && use.node->captures[i].use_at == old->n_uses - 1)
        break;
    old->n_uses--;
    use.node->captures[i].value = value;
    if (qx_use_add (model, value, use.node, QX_CAPTURE, &use.node->captures[i].use_at) < 0)
      return qx_oom (err);
  }
  return 0;
}
