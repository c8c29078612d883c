/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner plugins list and show. */
#include <config.h>

#include <buildrunner/plugin.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "core/cli/load.h"
#include "core/cli/lookup.h"
#include "core/cli/out.h"
#include "core/cli/plugins.h"

static void
write_head (const struct br_plugin_info *info, struct br_json_writer *w)
{
  br_json_put_string (w, "name", info->name);
  br_json_put_string (w, "kind", br_kind_name (info->kind));
  br_json_put_string (w, "title", info->title);
  br_json_put_string (w, "version", info->version);
  br_json_put_string (w, "module", info->module);
  br_json_put_string (w, "path", info->path);
  br_json_put_string (w, "summary", info->summary);
}

static void
write_plugins (const struct br_catalogue *c, struct br_json_writer *w)
{
  br_json_key (w, "plugins");
  br_json_array_begin (w);
  for (size_t i = 0; i < c->n; i++) {
    br_json_object_begin (w);
    write_head (c->plugins[i], w);
    br_json_object_end (w);
  }
  br_json_array_end (w);
}

static void
write_refused (const struct br_catalogue *c, struct br_json_writer *w)
{
  br_json_key (w, "refused");
  br_json_array_begin (w);
  for (size_t i = 0; i < c->n_refused; i++) {
    br_json_object_begin (w);
    br_json_put_string (w, "path", c->refused[i].path);
    br_json_put_string (w, "reason", c->refused[i].reason);
    br_json_object_end (w);
  }
  br_json_array_end (w);
}

static void
write_shadowed (const struct br_catalogue *c, struct br_json_writer *w)
{
  br_json_key (w, "shadowed");
  br_json_array_begin (w);
  for (size_t i = 0; i < c->n_shadowed; i++) {
    br_json_object_begin (w);
    br_json_put_string (w, "name", c->shadowed[i].name);
    br_json_put_string (w, "kind", br_kind_name (c->shadowed[i].kind));
    br_json_put_string (w, "path", c->shadowed[i].path);
    br_json_put_string (w, "by", c->shadowed[i].by);
    br_json_object_end (w);
  }
  br_json_array_end (w);
}

void
br_cli_write_catalogue (const struct br_catalogue *c, struct br_json_writer *w)
{
  write_plugins (c, w);
  write_refused (c, w);
  write_shadowed (c, w);
}

static void
add_names (const struct br_catalogue *c, struct br_str *text)
{
  for (size_t i = 0; i < c->n; i++)
    br_str_printf (text, "%s/%s\n", br_kind_name (c->plugins[i]->kind), c->plugins[i]->name);
}

static void
add_list (const struct br_catalogue *c, struct br_str *text)
{
  struct br_cli_table table = { .columns = 4, .align = "llll" };

  for (size_t i = 0; i < c->n; i++) {
    const struct br_plugin_info *info = c->plugins[i];

    br_cli_table_add (&table, "%s", br_kind_name (info->kind));
    br_cli_table_add (&table, "%s", info->name);
    br_cli_table_add (&table, "%s", info->version);
    br_cli_table_add (&table, "%s%s", info->summary,
                      info->backend_flags & BR_BACKEND_SIMULATED ? " (simulated)" : "");
  }
  br_cli_table_write (&table, "", text);
}

int
br_cli_plugins_list (struct br_cli *cli)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  int status = 0;
  struct br_catalogue *catalogue = br_cli_catalogue (cli, &status);

  if (catalogue == NULL)
    return status;
  if (cli->options.json) {
    br_json_object_begin (&w);
    br_cli_write_catalogue (catalogue, &w);
    br_json_object_end (&w);
    br_str_add_char (&text, '\n');
  } else if (cli->options.quiet)
    add_names (catalogue, &text);
  else
    add_list (catalogue, &text);
  status = br_cli_print (&text);
  if (status == 0 && catalogue->n_refused > 0 && !cli->options.quiet)
    br_cli_say ("modules that were refused: %zu; buildrunner plugins doctor says why", catalogue->n_refused);
  else if (status == 0)
    br_cli_say_none (catalogue);
  br_catalogue_free (catalogue);
  return status;
}

static void
write_plugin (const struct br_plugin_info *info, struct br_json_writer *w)
{
  br_json_object_begin (w);
  write_head (info, w);
  if (info->kind == BR_KIND_BACKEND) {
    br_json_put_strings (w, "aliases", info->aliases);
    br_json_put_strings (w, "output_stages", info->output_stages);
  }
  br_json_key (w, "parameters");
  br_json_array_begin (w);
  for (size_t i = 0; i < info->params.n; i++)
    br_param_write (&info->params.items[i], w);
  br_json_array_end (w);
  br_json_object_end (w);
}

static void
add_param (const struct br_param_spec *spec, struct br_cli_table *table)
{
  BR_AUTOFREE char *range = br_param_range_text (spec);
  BR_AUTOFREE char *value = spec->default_value != NULL ? br_json_text (spec->default_value, 0) : NULL;
  const char *other = spec->flags & BR_PARAM_REQUIRED ? "required" : "-";

  br_cli_table_add (table, "%s", spec->name);
  br_cli_table_add (table, "%s", br_param_type_name (spec->type));
  br_cli_table_add (table, "%s", value != NULL ? value : other);
  br_cli_table_add (table, "%s%s%s", range != NULL ? range : "", spec->unit != NULL ? " " : "",
                    spec->unit != NULL ? spec->unit : "");
  br_cli_table_add (table, "%s", spec->help != NULL ? spec->help : "");
}

static void
add_params (const struct br_plugin_info *info, struct br_str *text)
{
  static const char *const heading[] = { "parameter", "type", "default", "range, unit", "" };
  struct br_cli_table table = { .columns = 5, .align = "lllll" };

  if (info->params.n == 0) {
    br_str_add (text, "\ntakes no parameters\n");
    return;
  }
  for (size_t i = 0; i < sizeof heading / sizeof heading[0]; i++)
    br_cli_table_add (&table, "%s", heading[i]);
  for (size_t i = 0; i < info->params.n; i++)
    add_param (&info->params.items[i], &table);
  br_str_add_char (text, '\n');
  br_cli_table_write (&table, "", text);
}

static void
add_words (struct br_cli_table *table, const char *label, char **words)
{
  struct br_str line = { 0 };

  if (words == NULL || *words == NULL)
    return;
  for (; *words != NULL; words++)
    br_str_printf (&line, "%s%s", line.length > 0 ? ", " : "", *words);
  br_cli_table_add (table, "%s", label);
  br_cli_table_add (table, "%s", line.text != NULL ? line.text : "");
  table->failed |= br_str_failed (&line);
  br_str_free (&line);
}

static void
add_field (struct br_cli_table *table, const char *label, const char *value)
{
  if (value == NULL)
    return;
  br_cli_table_add (table, "%s", label);
  br_cli_table_add (table, "%s", value);
}

static void
add_plugin (const struct br_plugin_info *info, struct br_str *text)
{
  struct br_cli_table table = { .columns = 2, .align = "ll" };

  br_cli_table_add (&table, "%s", br_kind_name (info->kind));
  br_cli_table_add (&table, "%s, %s", info->name, info->title);
  br_cli_table_add (&table, "%s", "");
  br_cli_table_add (&table, "%s%s", info->summary,
                    info->backend_flags & BR_BACKEND_SIMULATED ? " (simulated)" : "");
  add_field (&table, "version", info->version);
  add_field (&table, "licence", info->licence);
  add_field (&table, "module", info->path);
  add_words (&table, "aliases", info->aliases);
  add_words (&table, "stages", info->output_stages);
  br_cli_table_write (&table, "", text);
  add_params (info, text);
}

static void
add_param_names (const struct br_plugin_info *info, struct br_str *text)
{
  for (size_t i = 0; i < info->params.n; i++)
    br_str_printf (text, "%s\n", info->params.items[i].name);
}

int
br_cli_plugins_show (struct br_cli *cli)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  const struct br_plugin_info *info;
  int status = 0;
  struct br_catalogue *catalogue = br_cli_catalogue (cli, &status);

  if (catalogue == NULL)
    return status;
  info = br_cli_lookup (catalogue, BR_N_KINDS, cli->args.items[0], &status);
  if (info != NULL && cli->options.json) {
    write_plugin (info, &w);
    br_str_add_char (&text, '\n');
  } else if (info != NULL && cli->options.quiet)
    add_param_names (info, &text);
  else if (info != NULL)
    add_plugin (info, &text);
  if (info != NULL)
    status = br_cli_print (&text);
  br_catalogue_free (catalogue);
  return status;
}
