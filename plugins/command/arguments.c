/* SPDX-License-Identifier: BSD-3-Clause */
/* Placeholders of a command line. No shell reads the result: what a value holds is never looked at. */
#include <config.h>

#include "plugins/command/arguments.h"

#include <stdlib.h>
#include <string.h>

#include "common/str.h"

static const char *
value_of (const struct arguments_values *values, const char *name, size_t n, int *known)
{
  const struct {
    const char *name, *value;
  } all[] = {
    { "model", values->model },   { "output", values->output }, { "output_dir", values->output_dir },
    { "config", values->config }, { "params", values->params },
  };

  *known = 0;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strlen (all[i].name) == n && memcmp (all[i].name, name, n) == 0) {
      *known = 1;
      return all[i].value;
    }
  return NULL;
}

/* text points behind the opening brace; returns what is behind the closing one, or NULL. */
static const char *
expand_one (const char *text, const struct arguments_values *values, struct br_str *out, struct br_error *err)
{
  size_t n = strcspn (text, "}");
  const char *value;
  int known;

  if (text[n] == '\0') {
    br_error_set (err, "config", "command: {%s has no closing brace; a brace itself is written {{", text);
    return NULL;
  }
  value = value_of (values, text, n, &known);
  if (!known)
    br_error_set (
        err, "config",
        "command: there is no {%.*s}: it is one of {model}, {output}, {output_dir}, {config}, {params}",
        (int) n, text);
  else if (value == NULL)
    br_error_set (err, "config", "command: {%.*s} has no meaning here", (int) n, text);
  if (value == NULL)
    return NULL;
  br_str_add (out, value);
  return text + n + 1;
}

static char *
expand (const char *argument, const struct arguments_values *values, struct br_error *err)
{
  struct br_str out = { 0 };
  const char *at = argument;

  while (at != NULL && *at != '\0') {
    size_t n = strcspn (at, "{");

    br_str_add_bytes (&out, at, n);
    at += n;
    if (at[0] == '{' && at[1] == '{') {
      br_str_add_char (&out, '{');
      at += 2;
    } else if (at[0] == '{')
      at = expand_one (at + 1, values, &out, err);
  }
  if (at != NULL && !br_str_failed (&out))
    return br_str_take (&out);
  br_str_free (&out);
  br_error_oom (err);
  return NULL;
}

char **
arguments_expand (const char *const *command, const struct arguments_values *values, struct br_error *err)
{
  size_t n = 0;
  char **arguments;

  while (command[n] != NULL)
    n++;
  arguments = calloc (n + 1, sizeof *arguments);
  if (arguments == NULL) {
    br_error_oom (err);
    return NULL;
  }
  for (size_t i = 0; i < n; i++) {
    arguments[i] = expand (command[i], values, err);
    if (arguments[i] == NULL) {
      arguments_free (arguments);
      return NULL;
    }
  }
  return arguments;
}

void
arguments_free (char **arguments)
{
  for (size_t i = 0; arguments != NULL && arguments[i] != NULL; i++)
    free (arguments[i]);
  free (arguments);
}
