/* SPDX-License-Identifier: BSD-3-Clause */
/* Host operations that read the configuration and the parameters. What they lend stands in json-c's trees,
   which nothing changes during a call, or in the build's pool. */
#include <config.h>

#include <stdlib.h>

#include <json-c/json.h>

#include "common/json_scan.h"
#include "common/json_write.h"
#include "core/host/build_private.h"

/* 1: it is there; *value is NULL for null. */
static int
look_up (const struct br_build *build, uint32_t doc, const char *pointer, struct json_object **value)
{
  struct json_object *root = doc == BR_CONFIG   ? build->spec.config
                             : doc == BR_PARAMS ? build->spec.params
                                                : NULL;

  *value = NULL;
  return root != NULL && pointer != NULL && br_json_pointer_get (root, pointer, value);
}

/* NULL: absent, or null. */
static struct json_object *
find (const struct br_build *build, uint32_t doc, const char *pointer)
{
  struct json_object *value;

  return look_up (build, doc, pointer, &value) ? value : NULL;
}

static int32_t
wrong_type (struct br_build *build, uint32_t doc, const char *pointer, const char *wanted)
{
  return br_build_fail (build, "config", "%s%s: expected %s", doc == BR_PARAMS ? "parameters " : "", pointer,
                        wanted);
}

int32_t
br_op_get_bool (struct br_build *build, uint32_t doc, const char *pointer, int32_t *value)
{
  struct json_object *found = find (build, doc, pointer);

  if (found == NULL)
    return 0;
  if (!json_object_is_type (found, json_type_boolean))
    return wrong_type (build, doc, pointer, "true or false");
  *value = json_object_get_boolean (found) != 0;
  return 1;
}

int32_t
br_op_get_int (struct br_build *build, uint32_t doc, const char *pointer, int64_t *value)
{
  struct json_object *found = find (build, doc, pointer);

  if (found == NULL)
    return 0;
  if (!json_object_is_type (found, json_type_int))
    return wrong_type (build, doc, pointer, "an integer");
  *value = json_object_get_int64 (found);
  return 1;
}

int32_t
br_op_get_double (struct br_build *build, uint32_t doc, const char *pointer, double *value)
{
  struct json_object *found = find (build, doc, pointer);

  if (found == NULL)
    return 0;
  if (!json_object_is_type (found, json_type_double) && !json_object_is_type (found, json_type_int))
    return wrong_type (build, doc, pointer, "a number");
  *value = json_object_get_double (found);
  return 1;
}

int32_t
br_op_get_string (struct br_build *build, uint32_t doc, const char *pointer, const char **value)
{
  struct json_object *found = find (build, doc, pointer);

  if (found == NULL)
    return 0;
  if (!json_object_is_type (found, json_type_string))
    return wrong_type (build, doc, pointer, "a string");
  *value = json_object_get_string (found);
  return 1;
}

int32_t
br_op_get_strings (struct br_build *build, uint32_t doc, const char *pointer, const char *const **value)
{
  struct json_object *found = find (build, doc, pointer);
  const char **list;
  size_t n;

  if (found == NULL)
    return 0;
  if (!json_object_is_type (found, json_type_array))
    return wrong_type (build, doc, pointer, "a list of strings");
  n = json_object_array_length (found);
  if ((list = br_pool_keep (&build->pool, calloc (n + 1, sizeof *list))) == NULL)
    return br_build_fail (build, "memory", "out of memory");
  for (size_t i = 0; i < n; i++) {
    struct json_object *item = json_object_array_get_idx (found, i);

    if (!json_object_is_type (item, json_type_string))
      return wrong_type (build, doc, pointer, "a list of strings");
    list[i] = json_object_get_string (item);
  }
  *value = list;
  return 1;
}

int32_t
br_op_json_type (struct br_build *build, uint32_t doc, const char *pointer)
{
  struct json_object *value;

  if (!look_up (build, doc, pointer, &value))
    return BR_JSON_ABSENT;
  switch (json_object_get_type (value)) {
  case json_type_boolean:
    return BR_JSON_BOOL;
  case json_type_int:
    return BR_JSON_INT;
  case json_type_double:
    return BR_JSON_FLOAT;
  case json_type_string:
    return BR_JSON_STRING;
  case json_type_array:
    return BR_JSON_ARRAY;
  case json_type_object:
    return BR_JSON_OBJECT;
  case json_type_null:
    break;
  }
  return BR_JSON_NULL;
}

uint64_t
br_op_json_size (struct br_build *build, uint32_t doc, const char *pointer)
{
  struct json_object *value = find (build, doc, pointer);

  if (json_object_is_type (value, json_type_array))
    return json_object_array_length (value);
  if (json_object_is_type (value, json_type_object))
    return (uint64_t) json_object_object_length (value);
  return 0;
}

const char *
br_op_json_key (struct br_build *build, uint32_t doc, const char *pointer, uint64_t i)
{
  struct json_object *value = find (build, doc, pointer);

  if (!json_object_is_type (value, json_type_object))
    return NULL;
  json_object_object_foreach (value, key, item)
  {
    (void) item;
    if (i-- == 0)
      return key;
  }
  return NULL;
}

const char *
br_op_json_text (struct br_build *build, uint32_t doc, const char *pointer)
{
  struct json_object *value;
  char *text;

  if (!look_up (build, doc, pointer, &value))
    return NULL;
  if ((text = br_pool_keep (&build->pool, br_json_text (value, 0))) == NULL)
    br_build_fail (build, "memory", "out of memory");
  return text;
}
