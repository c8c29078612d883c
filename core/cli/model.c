/* SPDX-License-Identifier: BSD-3-Clause */
/* What the commands of `buildrunner model` share. */
#include <config.h>

#include <string.h>

#include "common/str.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

int
br_cli_model_error (const char *file, struct qx_error *err)
{
  const char *text = qx_error_text (err);
  int status = strcmp (err->category, "model_load") == 0 ? BR_EXIT_CONFIG : BR_EXIT_FAILED;

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
