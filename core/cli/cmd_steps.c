/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner steps: the build steps of a backend, and the types that map to them. */
#include <config.h>

#include "common/json_write.h"
#include "core/cli/load.h"
#include "core/cli/lookup.h"
#include "core/cli/out.h"

static void
write_types (const char *key, const struct br_type_entry *types, size_t n, struct br_json_writer *w)
{
  br_json_key (w, key);
  br_json_object_begin (w);
  for (size_t i = 0; i < n; i++) {
    br_json_put_string (w, types[i].type, types[i].step);
  }
  br_json_object_end (w);
}

static void
write_backend (const struct br_step_list *list, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_strings (w, "steps", list->steps);
  write_types ("input_types", list->input_types, list->n_input_types, w);
  write_types ("output_types", list->output_types, list->n_output_types, w);
  br_json_object_end (w);
}

static void
add_types (const char *label, const struct br_type_entry *types, size_t n, struct br_str *text)
{
  struct br_cli_table table = { .columns = 2, .align = "ll" };

  if (n == 0)
    return;
  br_str_printf (text, "%s\n", label);
  for (size_t i = 0; i < n; i++) {
    br_cli_table_add (&table, "%s", types[i].type);
    br_cli_table_add (&table, "%s", types[i].step);
  }
  br_cli_table_write (&table, "  ", text);
}

static void
add_backend (const struct br_plugin_info *backend, int names_only, struct br_str *text)
{
  const struct br_step_list *list = &backend->steps;
  size_t i = 0;

  if (!names_only)
    br_str_printf (text, "%s\n", backend->name);
  for (char **step = list->steps; step != NULL && *step != NULL; step++, i++)
    if (names_only)
      br_str_printf (text, "%s\n", *step);
    else
      br_str_printf (text, "  %2zu  %s\n", i, *step);
  if (names_only)
    return;
  add_types ("input types start at", list->input_types, list->n_input_types, text);
  add_types ("output types end with", list->output_types, list->n_output_types, text);
}

static void
add_all (const struct br_cli *cli, const struct br_catalogue *catalogue, struct br_str *text)
{
  struct br_json_writer w = { .out = text, .indent = 2 };

  if (cli->options.json)
    br_json_object_begin (&w);
  for (size_t i = 0; i < catalogue->n; i++) {
    const struct br_plugin_info *info = catalogue->plugins[i];

    if (info->kind != BR_KIND_BACKEND)
      continue;
    if (cli->options.json) {
      br_json_key (&w, info->name);
      write_backend (&info->steps, &w);
    } else
      add_backend (info, cli->options.quiet, text);
  }
  if (cli->options.json)
    br_json_object_end (&w);
}

static void
add_one (const struct br_cli *cli, const struct br_plugin_info *backend, struct br_str *text)
{
  struct br_json_writer w = { .out = text, .indent = 2 };

  if (cli->options.json)
    write_backend (&backend->steps, &w);
  else
    add_backend (backend, cli->options.quiet, text);
}

int
br_cli_steps (struct br_cli *cli)
{
  struct br_str text = { 0 };
  const struct br_plugin_info *backend = NULL;
  int status = 0;
  struct br_catalogue *catalogue = br_cli_catalogue (cli, &status);

  if (catalogue == NULL)
    return status;
  if (cli->args.n > 0)
    backend = br_cli_lookup (catalogue, BR_KIND_BACKEND, cli->args.items[0], &status);
  if (status == 0 && backend != NULL)
    add_one (cli, backend, &text);
  else if (status == 0)
    add_all (cli, catalogue, &text);
  if (status == 0 && cli->options.json)
    br_str_add_char (&text, '\n');
  if (status == 0)
    status = br_cli_print (&text);
  br_str_free (&text);
  br_catalogue_free (catalogue);
  return status;
}
