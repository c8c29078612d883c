/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner model transform: passes of the library, one after the other, and the list of them. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "common/str.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

/* One --pass. text is a copy of the option's that names and values point into. */
struct use {
  char *text;
  struct qx_argument *arguments;
  size_t n, nodes; /* nodes: after it */
};

/* ---- reading NAME[:k=v,…] ---- */

/* The next comma that is in no bracket and no string, or the end. */
static char *
end_of_piece (char *text)
{
  int depth = 0, quoted = 0;

  for (; *text != '\0'; text++) {
    if (*text == '\\' && quoted && text[1] != '\0')
      text++;
    else if (*text == '"')
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (*text == '[' || *text == '{')
      depth++;
    else if (*text == ']' || *text == '}')
      depth--;
    else if (*text == ',' && depth <= 0)
      break;
  }
  return text;
}

/* A piece that begins as NAME= starts a value; any other belongs to the value before it. */
static int
starts_value (const char *piece)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  size_t n = strspn (piece, letters);

  return n > 0 && piece[n] == '=';
}

/* Cuts text into arguments; there is room for one at every comma. -1: it begins with none. */
static int
cut (struct use *use, char *text)
{
  if (!starts_value (text))
    return -1;
  while (*text != '\0') {
    struct qx_argument *argument = &use->arguments[use->n++];
    char *end = strchr (text, '=');

    *end = '\0';
    argument->name = text;
    argument->value = end + 1;
    for (end = end_of_piece (end + 1); *end != '\0' && !starts_value (end + 1);)
      end = end_of_piece (end + 1);
    text = *end == '\0' ? end : end + 1;
    *end = '\0';
  }
  return 0;
}

static int
read_use (const struct br_cli *cli, const char *option, struct use *use)
{
  struct qx_error err = { 0 };
  size_t commas = 1;
  char *colon;

  for (const char *c = option; *c != '\0'; c++)
    commas += *c == ',';
  if ((use->text = strdup (option)) == NULL ||
      (use->arguments = calloc (commas, sizeof *use->arguments)) == NULL)
    return br_cli_say_oom ();
  if ((colon = strchr (use->text, ':')) != NULL) {
    *colon = '\0';
    if (cut (use, colon + 1) < 0)
      return br_cli_usage (cli, "--pass %s: expected NAME:PARAMETER=VALUE,...", option);
  }
  if (qx_pass_check (use->text, use->arguments, use->n, &err) == 0)
    return 0;
  br_cli_say ("%s", qx_error_text (&err));
  qx_error_clear (&err);
  return BR_EXIT_CONFIG;
}

static void
uses_free (struct use *uses, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    free (uses[i].text);
    free (uses[i].arguments);
  }
  free (uses);
}

/* ---- the list ---- */

static const char *
type_name (int type)
{
  static const char *const names[] = { "", "bool", "int", "float", "string", "path", "string list", "json" };

  return names[type];
}

static void
pass_text (const struct qx_pass *pass, struct br_str *text)
{
  if (pass->left_out != NULL) {
    br_str_printf (text, "%s\n    not offered: %s\n", pass->name, pass->left_out);
    return;
  }
  br_str_printf (text, "%s\n    %s\n", pass->name, pass->summary);
  for (size_t i = 0; i < pass->n_params; i++) {
    const struct qx_param *param = &pass->params[i];
    br_str_printf (text, "    %s (%s%s%s): %s\n", param->name, type_name (param->type),
                   param->required               ? ", required"
                   : param->default_json != NULL ? ", default "
                                                 : "",
                   param->default_json != NULL ? param->default_json : "", param->help);
  }
}

static void
param_json (const struct qx_param *param, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "name", param->name);
  br_json_put_string (w, "type", type_name (param->type));
  br_json_put_bool (w, "required", param->required);
  br_json_key (w, "default");
  br_cli_model_json (w, param->default_json);
  br_json_put_string (w, "help", param->help);
  br_json_object_end (w);
}

static void
pass_json (const struct qx_pass *pass, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "name", pass->name);
  br_json_put_bool (w, "offered", pass->left_out == NULL);
  br_json_put_string (w, pass->left_out == NULL ? "summary" : "reason",
                      pass->left_out == NULL ? pass->summary : pass->left_out);
  br_json_key (w, "parameters");
  br_json_array_begin (w);
  for (size_t i = 0; i < pass->n_params; i++)
    param_json (&pass->params[i], w);
  br_json_array_end (w);
  br_json_object_end (w);
}

static int
list_passes (const struct br_cli *cli)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  if (cli->options.json)
    br_json_array_begin (&w);
  for (size_t i = 0; i < qx_n_passes (); i++) {
    const struct qx_pass *pass = qx_pass_at (i);
    if (cli->options.json)
      pass_json (pass, &w);
    else if (!cli->options.quiet)
      pass_text (pass, &text);
    else if (pass->left_out == NULL)
      br_str_printf (&text, "%s\n", pass->name);
  }
  if (cli->options.json) {
    br_json_array_end (&w);
    br_str_add_char (&text, '\n');
  }
  return br_cli_print (&text);
}

/* ---- transforming ---- */

static int
report (const struct br_cli *cli, const char *output, size_t before, const struct use *uses, size_t n)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  if (!cli->options.json) {
    if (!cli->options.quiet)
      br_str_printf (&text, "%s: %zu nodes, %zu after %zu %s, in %s\n", cli->args.items[0], before,
                     uses[n - 1].nodes, n, n == 1 ? "pass" : "passes", output);
    return br_cli_print (&text);
  }
  br_json_object_begin (&w);
  br_json_put_string (&w, "file", cli->args.items[0]);
  br_json_put_string (&w, "output", output);
  br_json_put_uint (&w, "nodes_before", before);
  br_json_key (&w, "passes");
  br_json_array_begin (&w);
  for (size_t i = 0; i < n; i++) {
    br_json_object_begin (&w);
    br_json_put_string (&w, "name", uses[i].text);
    br_json_put_uint (&w, "nodes_after", uses[i].nodes);
    br_json_object_end (&w);
  }
  br_json_array_end (&w);
  br_json_object_end (&w);
  br_str_add_char (&text, '\n');
  return br_cli_print (&text);
}

static int
apply_all (const struct br_cli *cli, struct qx_model *model, struct use *uses, size_t n, const char *output)
{
  struct qx_error err = { 0 };

  for (size_t i = 0; i < n; i++) {
    if (qx_pass_apply (model, uses[i].text, uses[i].arguments, uses[i].n, &err) < 0)
      return br_cli_model_error (cli->args.items[0], &err);
    uses[i].nodes = qx_n_nodes (model);
  }
  return qx_save (model, output, &err) < 0 ? br_cli_model_error (output, &err) : 0;
}

static int
transform (const struct br_cli *cli, struct use *uses, size_t n)
{
  BR_AUTOFREE char *output = br_cli_model_output (cli, cli->args.items[0], "transformed");
  struct qx_model *model;
  int status = 0;
  size_t before;

  if (output == NULL)
    return br_cli_say_oom ();
  model = br_cli_model_load (cli->args.items[0], &status);
  if (model == NULL)
    return status;
  before = qx_n_nodes (model);
  status = apply_all (cli, model, uses, n, output);
  qx_model_free (model);
  return status != 0 ? status : report (cli, output, before, uses, n);
}

int
br_cli_model_transform (struct br_cli *cli)
{
  const struct br_cli_list *passes = &cli->options.pass;
  struct use *uses;
  int status = 0;

  if (cli->options.list_passes)
    return list_passes (cli);
  if (cli->args.n == 0 || passes->n == 0)
    return br_cli_usage (cli, "a model and at least one --pass are needed");
  if ((uses = calloc (passes->n, sizeof *uses)) == NULL)
    return br_cli_say_oom ();
  for (size_t i = 0; i < passes->n; i++) {
    int wrong = read_use (cli, passes->items[i], &uses[i]);

    status = status != 0 ? status : wrong;
  }
  if (status == 0)
    status = transform (cli, uses, passes->n);
  uses_free (uses, passes->n);
  return status;
}
