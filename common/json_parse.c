/* SPDX-License-Identifier: BSD-3-Clause */
/* json-c's parser behind the strict scan. */
#include <config.h>

#include <json-c/json.h>
#include <stdint.h>

#include "common/json_scan.h"

/* json-c is given only what is whole, so that it fails for want of memory alone. */
struct json_object *
br_json_parse_scanned (const char *text, size_t size, struct br_error *err)
{
  struct json_tokener *tokener = json_tokener_new_ex (BR_JSON_DEPTH + 1);
  struct json_object *root;
  enum json_tokener_error error;

  if (tokener == NULL) {
    br_error_oom (err);
    return NULL;
  }
  root = json_tokener_parse_ex (tokener, text, (int) size);
  /* a number alone ends only where more text could have made it longer */
  if (json_tokener_get_error (tokener) == json_tokener_continue)
    root = json_tokener_parse_ex (tokener, "", 1);
  error = json_tokener_get_error (tokener);
  json_tokener_free (tokener);
  if (error == json_tokener_success)
    return root;
  json_object_put (root);
  br_error_set (err, "memory", "JSON cannot be read: %s", json_tokener_error_desc (error));
  return NULL;
}

struct json_object *
br_json_parse (const char *text, size_t size, struct br_error *err)
{
  struct br_json_problems problems = { 0 };
  struct json_object *root = NULL;

  if (size > INT32_MAX)
    br_error_set (err, "config", "JSON text of more than 2 GiB");
  else if (br_json_scan (text, size, &problems) == 0)
    root = br_json_parse_scanned (text, size, err);
  else if (problems.n == 0)
    br_error_oom (err);
  else
    br_error_set (err, "config", "line %zu, column %zu: %s", problems.items[0].line, problems.items[0].column,
                  problems.items[0].text);
  br_json_problems_free (&problems);
  return root;
}
