/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner model diff: what differs between two models, or what a transform changed. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/json_write.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

static const char *
change_name (int change)
{
  static const char *const names[] = { "", "added", "removed", "renamed", "changed" };

  return names[change];
}

/* ---- for people ---- */

static void
add_line (const struct qx_difference *d, struct br_str *text)
{
  static const char signs[] = " +-=~";
  const char *name = d->change == QX_ADDED ? d->other : d->name;

  br_str_printf (text, "%c %s", signs[d->change], d->what);
  if (name != NULL)
    br_str_printf (text, " %s", name);
  if (d->change == QX_RENAMED ||
      (d->change == QX_CHANGED && d->name != NULL && strcmp (d->name, d->other) != 0))
    br_str_printf (text, " -> %s", d->other);
  if (d->op_type != NULL)
    br_str_printf (text, " (%s)", d->op_type);
  if (d->aspect != NULL)
    br_str_printf (text, ": %s", d->aspect);
  if (d->before != NULL && d->after != NULL)
    br_str_printf (text, ": %s -> %s", d->before, d->after);
  else if (d->after != NULL)
    br_str_printf (text, d->change == QX_CHANGED && strcmp (d->aspect, "data") != 0 ? ": none -> %s" : ": %s",
                   d->after);
  else if (d->before != NULL)
    br_str_printf (text, d->change == QX_CHANGED ? ": %s -> none" : ": %s", d->before);
  br_str_add_char (text, '\n');
}

/* What a name holds may be anything. */
static void
add_plain (const struct qx_difference *d, struct br_str *text)
{
  struct br_str line = { 0 };
  char *plain = NULL;

  add_line (d, &line);
  if (!br_str_failed (&line))
    plain = br_str_escape (line.text, line.length - 1);
  if (plain == NULL)
    text->failed = 1;
  else
    br_str_printf (text, "%s\n", plain);
  free (plain);
  br_str_free (&line);
}

static void
add_text (const struct br_cli *cli, const struct qx_diff *diff, const size_t nodes[2], struct br_str *text)
{
  size_t renamed = 0;

  br_str_printf (text, "%s: %zu nodes, %s: %zu nodes\n", cli->args.items[0], nodes[0], cli->args.items[1],
                 nodes[1]);
  for (size_t i = 0; i < qx_diff_n (diff); i++) {
    const struct qx_difference *d = qx_diff_at (diff, i);

    renamed += d->change == QX_RENAMED;
    if (d->change != QX_RENAMED || cli->options.verbose)
      add_plain (d, text);
  }
  if (qx_diff_n (diff) == 0)
    br_str_add (text, "no difference\n");
  if (renamed > 0 && !cli->options.verbose)
    br_str_printf (text, "%zu renamed (-v lists them)\n", renamed);
}

/* ---- for programs ---- */

static void
write_difference (const struct qx_difference *d, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "change", change_name (d->change));
  br_json_put_string (w, "what", d->what);
  br_json_put_string (w, "name", d->name);
  br_json_put_string (w, "new_name", d->other);
  br_json_put_string (w, "op_type", d->op_type);
  br_json_put_string (w, "aspect", d->aspect);
  br_json_put_string (w, "before", d->before);
  br_json_put_string (w, "after", d->after);
  br_json_object_end (w);
}

static void
write_json (const struct br_cli *cli, const struct qx_diff *diff, const size_t nodes[2], struct br_str *text)
{
  struct br_json_writer w = { .out = text, .indent = 2 };

  br_json_object_begin (&w);
  br_json_key (&w, "models");
  br_json_array_begin (&w);
  for (size_t i = 0; i < 2; i++) {
    br_json_object_begin (&w);
    br_json_put_string (&w, "file", cli->args.items[i]);
    br_json_put_uint (&w, "nodes", nodes[i]);
    br_json_object_end (&w);
  }
  br_json_array_end (&w);
  br_json_put_bool (&w, "equal", qx_diff_n (diff) == 0);
  br_json_key (&w, "differences");
  br_json_array_begin (&w);
  for (size_t i = 0; i < qx_diff_n (diff); i++)
    write_difference (qx_diff_at (diff, i), &w);
  br_json_array_end (&w);
  br_json_object_end (&w);
  br_str_add_char (text, '\n');
}

/* ---- the command ---- */

static int
report (const struct br_cli *cli, const struct qx_diff *diff, const size_t nodes[2])
{
  struct br_str text = { 0 };
  int status;

  if (cli->options.json)
    write_json (cli, diff, nodes, &text);
  else if (!cli->options.quiet)
    add_text (cli, diff, nodes, &text);
  status = br_cli_print (&text);
  return status == 0 && cli->options.exit_code && qx_diff_n (diff) > 0 ? BR_EXIT_FAILED : status;
}

static int
compare (const struct br_cli *cli, const struct qx_model *a, const struct qx_model *b)
{
  const size_t nodes[2] = { qx_n_nodes (a), qx_n_nodes (b) };
  struct qx_error err = { 0 };
  struct qx_diff *diff = qx_diff_models (a, b, &err);
  int status;

  if (diff == NULL)
    return br_cli_model_error (cli->args.items[0], &err);
  status = report (cli, diff, nodes);
  qx_diff_free (diff);
  return status;
}

int
br_cli_model_diff (struct br_cli *cli)
{
  int status = 0;
  struct qx_model *a = br_cli_model_load (cli->args.items[0], &status);
  struct qx_model *b = br_cli_model_load (cli->args.items[1], &status);

  if (a != NULL && b != NULL)
    status = compare (cli, a, b);
  qx_model_free (a);
  qx_model_free (b);
  return status;
}
