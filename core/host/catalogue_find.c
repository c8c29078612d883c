/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking names up in a catalogue. */
#include <config.h>

#include "core/host/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "common/path.h"
#include "common/str.h"

struct query {
  enum br_kind kind; /* BR_N_KINDS: any */
  const char *name;
  const char *module; /* NULL: any */
};

/* "backend/x" asks for x among the backends. */
static struct query
make_query (enum br_kind kind, const char *name, const char *module)
{
  struct query query = { .kind = kind, .name = name, .module = module };

  for (int k = 0; k < BR_N_KINDS; k++) {
    const char *prefix = br_kind_name ((enum br_kind) k);
    size_t length = strlen (prefix);

    if (strncmp (name, prefix, length) != 0 || name[length] != '/')
      continue;
    if (kind != BR_N_KINDS && kind != (enum br_kind) k)
      continue;
    query.kind = (enum br_kind) k;
    query.name = name + length + 1;
  }
  return query;
}

static int
has_alias (const struct br_plugin_info *info, const char *name)
{
  for (char *const *alias = info->aliases; alias != NULL && *alias != NULL; alias++)
    if (strcmp (*alias, name) == 0)
      return 1;
  return 0;
}

static int
matches (const struct query *query, const struct br_plugin_info *info, int by_alias)
{
  if ((query->kind != BR_N_KINDS && query->kind != info->kind) ||
      (query->module != NULL && strcmp (query->module, info->module) != 0))
    return 0;
  return by_alias ? has_alias (info, query->name) : strcmp (query->name, info->name) == 0;
}

/* The first match; what is hidden can only be asked for by its module. Two kinds that share the name are
   ambiguous. */
static const struct br_plugin_info *
find (const struct br_catalogue *c, const struct query *query, int by_alias, int *ambiguous)
{
  const struct br_plugin_info *found = NULL;

  for (size_t i = 0; i < c->n; i++)
    if (matches (query, c->plugins[i], by_alias)) {
      *ambiguous |= found != NULL && found->kind != c->plugins[i]->kind;
      found = found != NULL ? found : c->plugins[i];
    }
  for (size_t i = 0; query->module != NULL && found == NULL && i < c->n_shadowed; i++)
    if (matches (query, c->shadowed[i].info, by_alias))
      found = c->shadowed[i].info;
  return found;
}

const struct br_plugin_info *
br_catalogue_find (const struct br_catalogue *c, enum br_kind kind, const char *name, const char *module,
                   int *ambiguous)
{
  struct query query = make_query (kind, name, module);
  const struct br_plugin_info *found;
  int two_kinds = 0;

  found = find (c, &query, 0, &two_kinds);
  if (found == NULL)
    found = find (c, &query, 1, &two_kinds);
  if (ambiguous != NULL)
    *ambiguous = two_kinds;
  return two_kinds ? NULL : found;
}

size_t
br_catalogue_names (const struct br_catalogue *c, enum br_kind kind, const char ***names)
{
  size_t n = 0;

  *names = calloc (c->n + 1, sizeof **names);
  for (size_t i = 0; *names != NULL && i < c->n; i++)
    if (kind == BR_N_KINDS || c->plugins[i]->kind == kind)
      (*names)[n++] = c->plugins[i]->name;
  return n;
}

const struct br_plugin_info *
br_catalogue_left_out (const struct br_catalogue *c, const char *name)
{
  struct query query = make_query (BR_N_KINDS, name, NULL);

  for (size_t i = 0; i < c->n_left_out; i++)
    if (matches (&query, c->left_out[i], 0))
      return c->left_out[i];
  return NULL;
}

/* Is the refusal about a module of this name, or about one descriptor of this name ("KIND NAME: …")? */
static int
is_about (const struct br_refusal *refusal, const char *name)
{
  const char *file = br_path_basename (refusal->path), *space = strchr (refusal->reason, ' ');
  size_t length = strlen (name);

  if (strncmp (file, name, length) == 0 && strcmp (file + length, ".so") == 0)
    return 1;
  for (int k = 0; k < BR_N_KINDS; k++)
    if (space != NULL && br_str_starts (refusal->reason, br_kind_name ((enum br_kind) k)) &&
        strncmp (space + 1, name, length) == 0 && space[1 + length] == ':')
      return 1;
  return 0;
}

const struct br_refusal *
br_catalogue_refusal (const struct br_catalogue *c, const char *name)
{
  for (size_t i = 0; i < c->n_refused; i++)
    if (is_about (&c->refused[i], name))
      return &c->refused[i];
  return NULL;
}
