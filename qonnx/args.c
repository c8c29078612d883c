/* SPDX-License-Identifier: BSD-3-Clause */
/* Arguments of a pass come as text: JSON, or bare words where strings are meant. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/nearest.h"
#include "common/str.h"
#include "qonnx/args.h"
#include "qonnx/fail.h"

static const char *
type_name (int type)
{
  static const char *const names[] = { "nothing",  "true or false", "an integer",        "a number",
                                       "a string", "a path",        "a list of strings", "JSON" };

  return names[type];
}

static int
is_strings (struct json_object *value)
{
  size_t i;

  if (!json_object_is_type (value, json_type_array))
    return 0;
  for (i = 0; i < json_object_array_length (value); i++)
    if (!json_object_is_type (json_object_array_get_idx (value, i), json_type_string))
      return 0;
  return 1;
}

static int
is_of_type (struct json_object *value, int type)
{
  switch (type) {
  case QX_PARAM_BOOL:
    return json_object_is_type (value, json_type_boolean);
  case QX_PARAM_INT:
    return json_object_is_type (value, json_type_int);
  case QX_PARAM_FLOAT:
    return json_object_is_type (value, json_type_double) || json_object_is_type (value, json_type_int);
  case QX_PARAM_STRING:
  case QX_PARAM_PATH:
    return json_object_is_type (value, json_type_string);
  case QX_PARAM_STRINGS:
    return is_strings (value);
  default:
    return value != NULL;
  }
}

/* "a", "a,b" and "[a, b]" as lists of strings. NULL without memory. */
static struct json_object *
bare_list (const char *text)
{
  struct json_object *list = json_object_new_array ();
  size_t n;

  for (text += strspn (text, "[ "); list != NULL && *text != '\0'; text += strspn (text, ", ]")) {
    struct json_object *word;
    n = strcspn (text, ",] ");
    word = json_object_new_string_len (text, (int) n);
    if (word == NULL || json_object_array_add (list, word) < 0) {
      json_object_put (word);
      json_object_put (list);
      return NULL;
    }
    text += n;
  }
  return list;
}

/* Text that is no JSON of the type, where strings may be bare. NULL where they may not, or without memory. */
static struct json_object *
bare_value (int type, const char *text)
{
  if (type == QX_PARAM_STRING || type == QX_PARAM_PATH)
    return json_object_new_string (text);
  return type == QX_PARAM_STRINGS ? bare_list (text) : NULL;
}

static struct json_object *
parse (const struct qx_pass *pass, const struct qx_param *param, const char *text, struct qx_error *err)
{
  struct br_error not_json = { { 0 }, NULL };
  struct json_object *value = br_json_parse (text, strlen (text), &not_json);

  if (value == NULL || !is_of_type (value, param->type)) {
    json_object_put (value);
    value = bare_value (param->type, text);
  }
  if (value == NULL)
    qx_fail (err, "config", "%s: parameter %s: %s is not %s", pass->name, param->name, text,
             type_name (param->type));
  br_error_clear (&not_json);
  return value;
}

static const struct qx_param *
find_param (const struct qx_pass *pass, const char *name)
{
  size_t i;

  for (i = 0; i < pass->n_params; i++)
    if (strcmp (pass->params[i].name, name) == 0)
      return &pass->params[i];
  return NULL;
}

static int
no_such_param (const struct qx_pass *pass, const char *name, struct qx_error *err)
{
  BR_AUTOFREE const char **names = malloc ((pass->n_params + 1) * sizeof (*names));
  const char *meant;
  size_t i;

  if (names == NULL)
    return qx_oom (err);
  for (i = 0; i < pass->n_params; i++)
    names[i] = pass->params[i].name;
  meant = br_nearest (name, names, pass->n_params);
  if (meant != NULL)
    return qx_fail (err, "config", "%s: no parameter %s, did you mean %s?", pass->name, name, meant);
  return qx_fail (err, "config", "%s: no parameter %s", pass->name, name);
}

static int
put (struct qx_args *args, const struct qx_param *param, const char *text, struct qx_error *err)
{
  struct json_object *value = parse (args->pass, param, text, err);

  if (value == NULL)
    return -1;
  if (json_object_object_add (args->values, param->name, value) == 0)
    return 0;
  json_object_put (value);
  return qx_oom (err);
}

static int
put_defaults (struct qx_args *args, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < args->pass->n_params; i++) {
    const struct qx_param *param = &args->pass->params[i];
    if (json_object_object_get_ex (args->values, param->name, NULL))
      continue;
    if (param->required)
      return qx_fail (err, "config", "%s: parameter %s is required: %s", args->pass->name, param->name,
                      param->help);
    if (param->default_json != NULL && put (args, param, param->default_json, err) < 0)
      return -1;
  }
  return 0;
}

int
qx_args_read (struct qx_args *args, const struct qx_pass *pass, const struct qx_argument *arguments, size_t n,
              struct qx_error *err)
{
  size_t i;

  args->pass = pass;
  args->values = json_object_new_object ();
  if (args->values == NULL)
    return qx_oom (err);
  for (i = 0; i < n; i++) {
    const struct qx_param *param = find_param (pass, arguments[i].name);
    if (param == NULL)
      return no_such_param (pass, arguments[i].name, err);
    if (put (args, param, arguments[i].value, err) < 0)
      return -1;
  }
  return put_defaults (args, err);
}

void
qx_args_free (struct qx_args *args)
{
  json_object_put (args->values);
  args->values = NULL;
}

int
qx_arg_fail (const struct qx_args *args, const char *name, struct qx_error *err, const char *why)
{
  return qx_fail (err, "config", "%s: parameter %s: %s", args->pass->name, name, why);
}

int
qx_arg_integer (const struct qx_args *args, const char *name, struct json_object *item, int64_t *number,
                struct qx_error *err)
{
  if (!json_object_is_type (item, json_type_int))
    return qx_fail (err, "config", "%s: parameter %s: %s is not %s", args->pass->name, name,
                    json_object_to_json_string (item), type_name (QX_PARAM_INT));
  *number = json_object_get_int64 (item);
  return 0;
}

/* ---- reading ---- */

struct json_object *
qx_arg_json (const struct qx_args *args, const char *name)
{
  struct json_object *value = NULL;

  json_object_object_get_ex (args->values, name, &value);
  return value;
}

int
qx_arg_bool (const struct qx_args *args, const char *name)
{
  return json_object_get_boolean (qx_arg_json (args, name));
}

int64_t
qx_arg_int (const struct qx_args *args, const char *name)
{
  return json_object_get_int64 (qx_arg_json (args, name));
}

double
qx_arg_float (const struct qx_args *args, const char *name)
{
  return json_object_get_double (qx_arg_json (args, name));
}

const char *
qx_arg_string (const struct qx_args *args, const char *name)
{
  struct json_object *value = qx_arg_json (args, name);

  return value == NULL ? NULL : json_object_get_string (value);
}

size_t
qx_arg_n_strings (const struct qx_args *args, const char *name)
{
  struct json_object *value = qx_arg_json (args, name);

  return value == NULL ? 0 : json_object_array_length (value);
}

const char *
qx_arg_string_at (const struct qx_args *args, const char *name, size_t i)
{
  return json_object_get_string (json_object_array_get_idx (qx_arg_json (args, name), i));
}

const char **
qx_arg_words (const struct qx_args *args, const char *name, struct qx_error *err)
{
  size_t i, n = qx_arg_n_strings (args, name);
  const char **words = calloc (n + 1, sizeof (*words));

  if (words == NULL)
    qx_oom (err);
  for (i = 0; words != NULL && i < n; i++)
    words[i] = qx_arg_string_at (args, name, i);
  return words;
}
