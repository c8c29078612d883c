/* SPDX-License-Identifier: BSD-3-Clause */
/* What a command line puts over the text of a BuildConfig: into the tree, before its members are read, so that a value is
   checked alike wherever it came from. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "common/str.h"
#include "core/data/config_read.h"

/* What stands in the text there, or nowhere, is not what is wanted. */
static void
complain (struct br_config_reader *r, const char *pointer, const char *text)
{
  br_problems_add (r->problems, "config", BR_EXIT_CONFIG, NULL, 0, 0, pointer, "%s", text);
  if (br_config_set_wrong (r->config, pointer) < 0)
    r->problems->failed = 1;
}

static int
remember_pointer (struct br_config *config, const char *pointer)
{
  size_t n = 0;
  char **pointers;

  while (config->set_pointers != NULL && config->set_pointers[n] != NULL)
    n++;
  pointers = realloc (config->set_pointers, (n + 2) * sizeof *pointers);
  if (pointers == NULL)
    return -1;
  config->set_pointers = pointers;
  pointers[n] = strdup (pointer);
  pointers[n + 1] = NULL;
  return pointers[n] != NULL ? 0 : -1;
}

/* ---- Into the tree ---- */

/* An index of a pointer, "-" for the one behind the last; -1 for anything else, or beyond that. */
static long
array_index (struct json_object *array, const char *token)
{
  size_t length = json_object_array_length (array), n = strspn (token, "0123456789");
  unsigned long index;

  if (strcmp (token, "-") == 0)
    return (long) length;
  if (n == 0 || n > 9 || token[n] != '\0')
    return -1;
  index = strtoul (token, NULL, 10);
  return index <= length ? (long) index : -1;
}

/* Takes value over, also on failure. */
static const char *
put (struct json_object *container, const char *token, struct json_object *value)
{
  const char *problem = "there is nothing to set inside a value that is neither object nor list";
  long index = -1;

  if (json_object_is_type (container, json_type_object)) {
    problem = "out of memory";
    if (json_object_object_add (container, token, value) == 0)
      return NULL;
  } else if (json_object_is_type (container, json_type_array)) {
    problem = "no such index in the list";
    index = array_index (container, token);
    if (index >= 0 && json_object_array_put_idx (container, (size_t) index, value) == 0)
      return NULL;
  }
  json_object_put (value);
  return problem;
}

/* The container that token leads to, made where it is absent or null. NULL: see *problem. */
static struct json_object *
enter (struct json_object *container, const char *token, const char **problem)
{
  struct json_object *inner = NULL;
  long index;

  if (json_object_is_type (container, json_type_object))
    json_object_object_get_ex (container, token, &inner);
  if (json_object_is_type (container, json_type_array)) {
    index = array_index (container, token);
    inner = index >= 0 ? json_object_array_get_idx (container, (size_t) index) : NULL;
  }
  if (inner != NULL)
    return inner;
  inner = json_object_new_object ();
  *problem = put (container, token, inner);
  return *problem == NULL ? inner : NULL;
}

/* NULL, or what is wrong. Takes value over. */
static const char *
set_at (struct json_object *root, const char *pointer, struct json_object *value)
{
  struct json_object *container = root;
  const char *problem = NULL;

  while (*pointer == '/') {
    size_t n = strcspn (++pointer, "/");
    BR_AUTOFREE char *token = br_json_pointer_token (pointer, n);

    pointer += n;
    if (token == NULL)
      problem = "out of memory";
    else if (*pointer == '\0')
      return put (container, token, value);
    else
      container = enter (container, token, &problem);
    if (problem != NULL)
      break;
  }
  json_object_put (value);
  return problem;
}

static void
set_value (struct br_config_reader *r, struct json_object *root, const char *pointer,
           struct json_object *value)
{
  const char *problem = set_at (root, pointer, value);

  if (problem != NULL)
    complain (r, pointer, problem);
  else if (remember_pointer (r->config, pointer) < 0)
    r->problems->failed = 1;
}

static void
set_text (struct br_config_reader *r, struct json_object *root, const char *pointer, const char *text)
{
  struct json_object *value = text != NULL ? json_object_new_string (text) : NULL;

  if (value == NULL)
    r->problems->failed = 1;
  else
    set_value (r, root, pointer, value);
}

/* ---- --set ---- */

/* JSON, else a string. What begins as JSON does and is none was meant as JSON. */
static int
value_of (const char *text, struct json_object **value, struct br_error *err)
{
  struct br_error not_json = { 0 };

  *value = br_json_parse (text, strlen (text), &not_json);
  if (!br_error_is_set (&not_json))
    return 0;
  if (text[0] != '\0' && strchr ("{[\"", text[0]) != NULL) {
    br_error_move (err, &not_json);
    return -1;
  }
  br_error_clear (&not_json);
  *value = json_object_new_string (text);
  return *value != NULL ? 0 : br_error_oom (err);
}

static void
apply_set (struct br_config_reader *r, struct json_object *root, const char *set)
{
  const char *equals = strchr (set, '=');
  BR_AUTOFREE char *pointer = NULL;
  struct json_object *value = NULL;
  struct br_error err = { 0 };

  if (set[0] != '/' || equals == NULL) {
    br_problems_add (r->problems, "config", BR_EXIT_USAGE, NULL, 0, 0, NULL,
                     "--set %s: not of the form /POINTER=VALUE", set);
    return;
  }
  if (!br_utf8_valid (set, strlen (set))) {
    br_problems_add (r->problems, "config", BR_EXIT_USAGE, NULL, 0, 0, NULL, "--set %s: not UTF-8", set);
    return;
  }
  pointer = strndup (set, (size_t) (equals - set));
  if (pointer == NULL)
    r->problems->failed = 1;
  else if (value_of (equals + 1, &value, &err) == 0)
    set_value (r, root, pointer, value);
  else
    complain (r, pointer, br_error_text (&err));
  br_error_clear (&err);
}

/* ---- Parameters of the backend ---- */

int
br_config_set_parameter (struct br_config *config, const char *name, struct json_object *value)
{
  BR_AUTOFREE char *pointer = br_json_pointer_add ("/backend_parameters", name);

  if (json_object_object_add (config->backend_parameters, name, value) < 0) {
    json_object_put (value);
    return -1;
  }
  return pointer != NULL ? remember_pointer (config, pointer) : -1;
}

/* ---- Options ---- */

static void
set_path (struct br_config_reader *r, struct json_object *root, const char *pointer, const char *path)
{
  BR_AUTOFREE char *absolute = path != NULL && path[0] != '\0' ? br_path_absolute (path) : NULL;

  if (path != NULL)
    set_text (r, root, pointer, path[0] != '\0' ? absolute : path);
}

static void
set_limit (struct br_config_reader *r, struct json_object *root, const char *pointer, double limit)
{
  struct json_object *value;

  if (limit == 0)
    return;
  value = json_object_new_double (limit);
  if (value == NULL)
    r->problems->failed = 1;
  else
    set_value (r, root, pointer, value);
}

void
br_config_override (struct br_config_reader *r, struct json_object *root,
                    const struct br_config_overrides *over)
{
  size_t i;

  if (over == NULL)
    return;
  for (i = 0; over->sets != NULL && over->sets[i] != NULL; i++)
    apply_set (r, root, over->sets[i]);
  if (over->backend != NULL)
    set_text (r, root, "/backend", over->backend);
  set_path (r, root, "/output_dir", over->output_dir);
  set_path (r, root, "/model_path", over->model_path);
  set_limit (r, root, "/global_config/timeout_minutes", over->timeout_minutes);
  set_limit (r, root, "/global_config/silence_minutes", over->silence_minutes);
  set_limit (r, root, "/global_config/memory_mb", over->memory_mb);
}

void
br_config_forget_wrong (struct br_config_reader *r, struct json_object *root)
{
  for (size_t i = 0; i < r->config->n_wrong; i++)
    set_at (root, r->config->wrong[i], NULL);
}
