/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner plugins doctor and path: where modules are looked for, and what became of them. */
#include <config.h>

#include <string.h>

#include "core/cli/load.h"
#include "core/cli/out.h"
#include "core/cli/plugins.h"

static void
write_path (const struct br_search *search, struct br_json_writer *w)
{
  br_json_key (w, "path");
  br_json_array_begin (w);
  for (size_t i = 0; i < search->n; i++) {
    const struct br_search_dir *dir = &search->dirs[i];

    br_json_object_begin (w);
    br_json_put_string (w, "path", dir->path);
    br_json_put_string (w, "origin", dir->origin);
    br_json_put_bool (w, "missing", dir->missing);
    br_json_put_string (w, "refused", dir->refused);
    br_json_put_string (w, "warning", dir->warning);
    br_json_object_end (w);
  }
  br_json_array_end (w);
}

static void
write_warnings (const struct br_catalogue *c, struct br_json_writer *w)
{
  br_json_key (w, "warnings");
  br_json_array_begin (w);
  for (size_t i = 0; i < c->n_warnings; i++) {
    br_json_object_begin (w);
    br_json_put_string (w, "path", c->warnings[i].path);
    br_json_put_string (w, "text", c->warnings[i].text);
    br_json_object_end (w);
  }
  br_json_array_end (w);
}

static void
add_dir (const struct br_search_dir *dir, struct br_cli_table *table)
{
  br_cli_table_add (table, "%s", dir->origin);
  br_cli_table_add (table, "%s", dir->path);
  if (dir->refused != NULL)
    br_cli_table_add (table, "refused: %s", dir->refused);
  else if (dir->warning != NULL)
    br_cli_table_add (table, "warning: %s", dir->warning);
  else
    br_cli_table_add (table, "%s", dir->missing ? "not there" : "");
}

static void
add_path (const struct br_search *search, const char *indent, struct br_str *text)
{
  struct br_cli_table table = { .columns = 3, .align = "lll" };

  for (size_t i = 0; i < search->n; i++)
    add_dir (&search->dirs[i], &table);
  br_cli_table_write (&table, indent, text);
}

static void
add_dir_names (const struct br_search *search, struct br_str *text)
{
  for (size_t i = 0; i < search->n; i++)
    br_str_printf (text, "%s\n", search->dirs[i].path);
}

int
br_cli_plugins_path (struct br_cli *cli)
{
  struct br_search search = { 0 };
  struct br_error err = { 0 };
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  int status;

  if (br_search_init (&search, cli->options.plugin_path.items, cli->options.plugin_path_only, &err) < 0) {
    status = br_cli_say_error (&err);
    br_error_clear (&err);
    return status;
  }
  if (cli->options.json) {
    br_json_object_begin (&w);
    write_path (&search, &w);
    br_json_object_end (&w);
    br_str_add_char (&text, '\n');
  } else if (cli->options.quiet)
    add_dir_names (&search, &text);
  else
    add_path (&search, "", &text);
  br_search_free (&search);
  return br_cli_print (&text);
}

static size_t
count_modules (const struct br_catalogue *c)
{
  size_t n = 0;

  /* plugins of one module stand one after the other */
  for (size_t i = 0; i < c->n; i++)
    n += i == 0 || strcmp (c->plugins[i]->path, c->plugins[i - 1]->path) != 0;
  return n;
}

static void
add_findings (const struct br_catalogue *c, struct br_str *text)
{
  br_str_add (text, "looked in, the first of a name wins:\n");
  add_path (&c->search, "  ", text);
  br_str_printf (text, "found: %zu plugins in %zu modules\n", c->n, count_modules (c));
  for (size_t i = 0; i < c->n_refused; i++)
    br_str_printf (text, "refused: %s: %s\n", c->refused[i].path, c->refused[i].reason);
  for (size_t i = 0; i < c->n_warnings; i++)
    br_str_printf (text, "warning: %s: %s\n", c->warnings[i].path, c->warnings[i].text);
  for (size_t i = 0; i < c->n_shadowed; i++)
    br_str_printf (text, "shadowed: %s/%s of %s by %s\n", br_kind_name (c->shadowed[i].kind),
                   c->shadowed[i].name, c->shadowed[i].path, c->shadowed[i].by);
}

/* A refused module or directory is what somebody ran the doctor for: scripts see it too. */
static int
verdict (const struct br_catalogue *c)
{
  if (c->n_refused > 0)
    return BR_EXIT_PLUGIN;
  for (size_t i = 0; i < c->search.n; i++)
    if (c->search.dirs[i].refused != NULL)
      return BR_EXIT_PLUGIN;
  return 0;
}

int
br_cli_plugins_doctor (struct br_cli *cli)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  int status = 0, found;
  struct br_catalogue *catalogue = br_cli_catalogue (cli, &status);

  if (catalogue == NULL)
    return status;
  if (cli->options.json) {
    br_json_object_begin (&w);
    write_path (&catalogue->search, &w);
    br_cli_write_catalogue (catalogue, &w);
    write_warnings (catalogue, &w);
    br_json_object_end (&w);
    br_str_add_char (&text, '\n');
  } else
    add_findings (catalogue, &text);
  found = verdict (catalogue);
  status = br_cli_print (&text);
  br_catalogue_free (catalogue);
  return status != 0 ? status : found;
}
