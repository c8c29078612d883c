/* SPDX-License-Identifier: BSD-3-Clause */
/* What the commands of `buildrunner model` share. */
#include <config.h>

#include <string.h>

#include <json-c/json.h>

#include "common/json_scan.h"
#include "common/str.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

static int
is_bad_input (const struct qx_error *err)
{
  return strcmp (err->category, "model_load") == 0 || strcmp (err->category, "config") == 0;
}

int
br_cli_model_error (const char *file, struct qx_error *err)
{
  const char *text = qx_error_text (err);
  int status = is_bad_input (err) ? BR_EXIT_CONFIG : BR_EXIT_FAILED;

  if (br_str_starts (text, file))
    br_cli_say ("%s", text);
  else
    br_cli_say ("%s: %s", file, text);
  qx_error_clear (err);
  return status;
}

/* A model that cannot be read is a bad input, whatever the cause, save that memory ran out. */
struct qx_model *
br_cli_model_load (const char *file, int *status)
{
  struct qx_error err = { 0 };
  struct qx_model *model = qx_load (file, &err);

  if (model != NULL)
    return model;
  *status = strcmp (err.category, "memory") == 0 ? BR_EXIT_FAILED : BR_EXIT_CONFIG;
  br_cli_model_error (file, &err);
  return NULL;
}

char *
br_cli_model_output (const struct br_cli *cli, const char *file, const char *suffix)
{
  size_t length = strlen (file);

  if (cli->options.output != NULL)
    return strdup (cli->options.output);
  if (br_str_ends (file, ".onnx"))
    length -= strlen (".onnx");
  return br_printf ("%.*s_%s.onnx", (int) length, file, suffix);
}

void
br_cli_model_json (struct br_json_writer *w, const char *text)
{
  struct br_error err = { 0 };
  struct json_object *value = text == NULL ? NULL : br_json_parse (text, strlen (text), &err);

  br_json_value (w, value);
  json_object_put (value);
  br_error_clear (&err);
}
