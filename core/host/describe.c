/* SPDX-License-Identifier: BSD-3-Clause */
/* Catalogue entries from descriptors. What is copied here goes to people and into JSON: one line, valid
   UTF-8. */
#include <config.h>

#include "core/host/describe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/json_scan.h"
#include "common/str.h"
#include "core/data/stage.h"

static int
copy_text (char **to, const char *text, const char *what, struct br_error *err)
{
  if (text == NULL)
    return 0;
  for (const char *c = text; *c != '\0'; c++)
    if ((unsigned char) *c < 0x20 || *c == 0x7f)
      return br_error_set (err, "plugin", "%s has control bytes or more than one line", what);
  if (!br_utf8_valid (text, strlen (text)))
    return br_error_set (err, "plugin", "%s is not UTF-8", what);
  return (*to = strdup (text)) != NULL ? 0 : br_error_oom (err);
}

/* A copy of a list of strings, NULL at its end; *to stays NULL where there is none. */
static int
copy_list (char ***to, const char *const *list, const char *what, struct br_error *err)
{
  size_t n;

  if (list == NULL)
    return 0;
  if (br_abi_count (list, what, &n, err) == -1)
    return -1;
  if ((*to = calloc (n + 1, sizeof **to)) == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < n; i++)
    if (copy_text (&(*to)[i], list[i], what, err) == -1)
      return -1;
  return 0;
}

static int
is_among (const char *text, const char *const *list)
{
  for (; list != NULL && *list != NULL; list++)
    if (strcmp (text, *list) == 0)
      return 1;
  return 0;
}

/* ---- Parameters ---- */

static int
check_range (const struct br_param_spec *spec, struct br_error *err)
{
  int has_min = (spec->flags & BR_PARAM_HAS_MIN) != 0, has_max = (spec->flags & BR_PARAM_HAS_MAX) != 0;

  if ((has_min && !isfinite (spec->minimum)) || (has_max && !isfinite (spec->maximum)))
    return br_error_set (err, "plugin", "its range is not of finite numbers");
  if (has_min && has_max && spec->minimum > spec->maximum)
    return br_error_set (err, "plugin", "its minimum is above its maximum");
  if (spec->max_items != 0 && spec->min_items > spec->max_items)
    return br_error_set (err, "plugin", "its min_items is above its max_items");
  if (spec->type == BR_PARAM_CHOICE && (spec->choices == NULL || spec->choices[0] == NULL))
    return br_error_set (err, "plugin", "a choice without choices");
  return 0;
}

static int
read_default (struct br_param_spec *spec, const char *text, struct br_error *err)
{
  struct br_error why = { 0 };

  if (text == NULL)
    return 0;
  spec->default_value = br_json_parse (text, strlen (text), &why);
  if (!br_error_is_set (&why) && (spec->default_value == NULL || br_param_default_ok (spec, &why) == 0))
    return 0; /* null is absent, as in a configuration */
  br_error_set (err, strcmp (why.category, "memory") == 0 ? "memory" : "plugin", "its default %s: %s", text,
                br_error_text (&why));
  br_error_clear (&why);
  return -1;
}

static int
read_param (struct br_param_spec *spec, const struct br_param *param, struct br_error *err)
{
  *spec = (struct br_param_spec){
    .type = param->type,
    .flags = param->flags,
    .min_items = param->min_items,
    .max_items = param->max_items,
    .minimum = (param->flags & BR_PARAM_HAS_MIN) != 0 ? param->minimum : 0,
    .maximum = (param->flags & BR_PARAM_HAS_MAX) != 0 ? param->maximum : 0,
  };
  if (br_param_type_name (param->type) == NULL)
    return br_error_set (err, "plugin", "unknown type %u: it needs a newer buildrunner", param->type);
  if (copy_text (&spec->name, param->name, "name", err) == -1 ||
      copy_text (&spec->unit, param->unit, "unit", err) == -1 ||
      copy_text (&spec->help, param->help, "help", err) == -1)
    return -1;
  if (param->type == BR_PARAM_CHOICE && copy_list (&spec->choices, param->choices, "choices", err) == -1)
    return -1;
  return check_range (spec, err) == -1 ? -1 : read_default (spec, param->default_json, err);
}

/* "enabled" is the explorer's own: it may stand among any step's parameters and is not handed on. */
static int
check_param_name (const struct br_param_table *table, const char *name, struct br_error *err)
{
  if (name == NULL || !br_abi_name_ok (name, 1))
    return br_error_set (err, "plugin", "a name is [A-Za-z0-9_]+");
  if (strcmp (name, "enabled") == 0)
    return br_error_set (err, "plugin", "the name is the host's own");
  if (br_param_find (table, name) != NULL)
    return br_error_set (err, "plugin", "the name is there twice");
  return 0;
}

static int
add_param (struct br_param_table *table, const struct br_param *theirs, struct br_error *err)
{
  struct br_param param;

  if (br_abi_copy_param (theirs, &param, err) == -1 || check_param_name (table, param.name, err) == -1)
    return -1;
  table->n++; /* counted first, so that a half-filled one is freed */
  return read_param (&table->items[table->n - 1], &param, err);
}

/* Prefixes what is wrong with the parameter's name, or its place where that is what is wrong. */
static int
param_error (const struct br_param *theirs, size_t i, struct br_error *why, struct br_error *err)
{
  struct br_param param;
  struct br_error ignored = { 0 };

  if (strcmp (why->category, "memory") == 0)
    br_error_move (err, why);
  else if (br_abi_copy_param (theirs, &param, &ignored) == 0 && param.name != NULL)
    br_error_set (err, "plugin", "parameter %s: %s", param.name, br_error_text (why));
  else
    br_error_set (err, "plugin", "parameter number %zu: %s", i + 1, br_error_text (why));
  br_error_clear (&ignored);
  br_error_clear (why);
  return -1;
}

static int
read_params (struct br_param_table *table, const struct br_param *const *params, struct br_error *err)
{
  struct br_error why = { 0 };
  size_t n;

  if (br_abi_count (params, "params", &n, err) == -1)
    return -1;
  if (n == 0)
    return 0;
  if ((table->items = calloc (n, sizeof *table->items)) == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < n; i++)
    if (add_param (table, params[i], &why) == -1)
      return param_error (params[i], i, &why, err);
  return 0;
}

/* ---- Backends ---- */

static int
check_stages (char *const *stages, struct br_error *err)
{
  for (; *stages != NULL; stages++)
    if (!is_among (*stages, br_output_stages))
      return br_error_set (err, "plugin", "unknown output stage %s", *stages);
  return 0;
}

static int
check_steps (char *const *steps, struct br_error *err)
{
  for (size_t i = 0; steps != NULL && steps[i] != NULL; i++) {
    if (steps[i][0] == '\0')
      return br_error_set (err, "plugin", "a build step without a name");
    for (size_t j = 0; j < i; j++)
      if (strcmp (steps[i], steps[j]) == 0)
        return br_error_set (err, "plugin", "build step %s is there twice", steps[i]);
  }
  return 0;
}

static int
check_aliases (char *const *aliases, struct br_error *err)
{
  for (; aliases != NULL && *aliases != NULL; aliases++)
    if (!br_abi_name_ok (*aliases, 0))
      return br_error_set (err, "plugin", "alias \"%s\": a name is [a-z0-9_]+", *aliases);
  return 0;
}

struct type_map {
  const char *what;
  const char *const *known;
  const struct br_type_step *const *theirs;
  struct br_type_entry **entries;
  size_t *n;
};

static int
read_type (const struct type_map *map, const struct br_type_step *theirs, char *const *steps,
           struct br_error *err)
{
  struct br_type_entry *entry = &(*map->entries)[*map->n];
  struct br_type_step copy;

  if (br_abi_copy_type_step (theirs, &copy, err) == -1)
    return -1;
  if (copy.type == NULL || !is_among (copy.type, map->known))
    return br_error_set (err, "plugin", "%s: unknown type %s", map->what, copy.type != NULL ? copy.type : "");
  if (copy.step == NULL || !is_among (copy.step, (const char *const *) steps))
    return br_error_set (err, "plugin", "%s: %s maps to %s, which is none of its steps", map->what, copy.type,
                         copy.step != NULL ? copy.step : "nothing");
  ++*map->n;
  if ((entry->type = strdup (copy.type)) == NULL || (entry->step = strdup (copy.step)) == NULL)
    return br_error_oom (err);
  return 0;
}

static int
read_type_map (const struct type_map *map, char *const *steps, struct br_error *err)
{
  size_t n;

  if (br_abi_count (map->theirs, map->what, &n, err) == -1)
    return -1;
  if (n == 0)
    return 0;
  if ((*map->entries = calloc (n, sizeof **map->entries)) == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < n; i++)
    if (read_type (map, map->theirs[i], steps, err) == -1)
      return -1;
  return 0;
}

static int
read_step_list (struct br_step_list *list, const struct br_backend *backend, struct br_error *err)
{
  const struct type_map in = { "input_types", br_input_types, backend->input_types, &list->input_types,
                               &list->n_input_types };
  const struct type_map out = { "output_types", br_output_types, backend->output_types, &list->output_types,
                                &list->n_output_types };

  if (copy_list (&list->steps, backend->steps, "steps", err) == -1 || check_steps (list->steps, err) == -1)
    return -1;
  if (copy_list (&list->extra_steps, backend->extra_steps, "extra_steps", err) == -1 ||
      check_steps (list->extra_steps, err) == -1)
    return -1;
  if (list->steps == NULL && (list->steps = calloc (1, sizeof *list->steps)) == NULL)
    return br_error_oom (err);
  return read_type_map (&in, list->steps, err) == -1 ? -1 : read_type_map (&out, list->steps, err);
}

static int
read_backend (struct br_plugin_info *info, const struct br_backend *backend, struct br_error *err)
{
  info->auto_rank = backend->auto_rank;
  info->backend_flags = backend->backend_flags;
  info->has_probe = backend->probe != NULL;
  if (copy_list (&info->aliases, backend->aliases, "aliases", err) == -1 ||
      copy_list (&info->output_stages, backend->output_stages, "output_stages", err) == -1)
    return -1;
  if (info->aliases == NULL && (info->aliases = calloc (1, sizeof *info->aliases)) == NULL)
    return br_error_oom (err);
  if (check_aliases (info->aliases, err) == -1 || check_stages (info->output_stages, err) == -1)
    return -1;
  return read_step_list (&info->steps, backend, err);
}

/* ---- All kinds ---- */

static int
read_head (struct br_plugin_info *info, const struct br_descriptor_head *head,
           const struct br_provenance *from, struct br_error *err)
{
  const char *licence = head->licence != NULL ? head->licence : from->licence;

  info->flags = head->flags;
  if (copy_text (&info->module, from->module, "module", err) == -1)
    return -1;
  if ((info->path = strdup (from->path)) == NULL)
    return br_error_oom (err);
  if (copy_text (&info->name, head->name, "name", err) == -1 ||
      copy_text (&info->title, head->title, "title", err) == -1 ||
      copy_text (&info->version, head->version, "version", err) == -1 ||
      copy_text (&info->summary, head->summary, "summary", err) == -1 ||
      copy_text (&info->licence, licence, "licence", err) == -1)
    return -1;
  return read_params (&info->params, head->params, err);
}

struct br_plugin_info *
br_describe (enum br_kind kind, const union br_descriptor *descriptor, const struct br_provenance *from,
             struct br_error *err)
{
  struct br_plugin_info *info = calloc (1, sizeof *info);

  if (info == NULL) {
    br_error_oom (err);
    return NULL;
  }
  info->kind = kind;
  if (read_head (info, &descriptor->head, from, err) == -1 ||
      (br_plugin_is_backend (info) && read_backend (info, &descriptor->backend, err) == -1)) {
    br_plugin_info_free (info);
    return NULL;
  }
  return info;
}

int
br_plugin_is_backend (const struct br_plugin_info *info)
{
  return info->kind == BR_KIND_BACKEND && (info->flags & BR_NOT_OFFERED) == 0;
}

void
br_plugin_info_free (struct br_plugin_info *info)
{
  if (info == NULL)
    return;
  free (info->name);
  free (info->title);
  free (info->version);
  free (info->licence);
  free (info->summary);
  free (info->module);
  free (info->path);
  br_strings_free (info->aliases);
  br_strings_free (info->output_stages);
  br_param_table_free (&info->params);
  br_step_list_free (&info->steps);
  free (info);
}
