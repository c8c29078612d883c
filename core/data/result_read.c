/* SPDX-License-Identifier: BSD-3-Clause */
/* A BuildResult read back: a file that is cut, or not a result of ours, is refused. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_scan.h"
#include "core/data/result.h"
#include "core/data/times.h"

#define CATEGORY "config"
#define REQUIRED 1

static int
refuse (const char *key, const char *what, struct br_error *err)
{
  return br_error_set (err, CATEGORY, "not a build result: \"%s\" %s", key, what);
}

/* 1: *value is there and of that type; 0: null, where that may be; -1. */
static int
member (struct json_object *object, const char *key, enum json_type type, int required,
        struct json_object **value, struct br_error *err)
{
  *value = NULL;
  if (!json_object_is_type (object, json_type_object) || !json_object_object_get_ex (object, key, value))
    return refuse (key, "is missing", err);
  if (*value == NULL)
    return required ? refuse (key, "is null", err) : 0;
  if (json_object_is_type (*value, type) ||
      (type == json_type_double && json_object_is_type (*value, json_type_int)))
    return 1;
  return refuse (key, "has the wrong type", err);
}

static int
read_text (struct json_object *object, const char *key, int required, char **out, struct br_error *err)
{
  struct json_object *value;
  int ret = member (object, key, json_type_string, required, &value, err);

  if (ret <= 0)
    return ret;
  free (*out);
  *out = strdup (json_object_get_string (value));
  return *out != NULL ? 0 : br_error_oom (err);
}

static int
read_double (struct json_object *object, const char *key, double *out, struct br_error *err)
{
  struct json_object *value;

  if (member (object, key, json_type_double, REQUIRED, &value, err) < 0)
    return -1;
  *out = json_object_get_double (value);
  return *out >= 0 ? 0 : refuse (key, "is negative", err);
}

static int
read_bool (struct json_object *object, const char *key, int *out, struct br_error *err)
{
  struct json_object *value;

  if (member (object, key, json_type_boolean, REQUIRED, &value, err) < 0)
    return -1;
  *out = json_object_get_boolean (value) != 0;
  return 0;
}

/* A copy of its own: the document is put at the end. */
static int
read_tree (struct json_object *object, const char *key, enum json_type type, struct json_object **out,
           struct br_error *err)
{
  struct json_object *value, *copied = NULL;

  if (member (object, key, type, REQUIRED, &value, err) < 0)
    return -1;
  if (json_object_deep_copy (value, &copied, NULL) < 0)
    return br_error_oom (err);
  json_object_put (*out);
  *out = copied;
  return 0;
}

static int
read_status (struct json_object *object, enum br_status *out, struct br_error *err)
{
  struct json_object *value;
  int status;

  if (member (object, "status", json_type_string, REQUIRED, &value, err) < 0)
    return -1;
  for (status = BR_STATUS_SUCCESS; status <= BR_STATUS_SKIPPED; status++)
    if (strcmp (json_object_get_string (value), br_status_name ((enum br_status) status)) == 0) {
      *out = (enum br_status) status;
      return 0;
    }
  return refuse ("status", "is none of success, failed, timeout, skipped", err);
}

static int
read_time (struct json_object *object, const char *key, struct timespec *out, struct br_error *err)
{
  struct json_object *value;

  if (member (object, key, json_type_string, REQUIRED, &value, err) < 0)
    return -1;
  return br_time_parse (json_object_get_string (value), out) == 0
             ? 0
             : refuse (key, "is no time with a zone", err);
}

static int
read_paths (struct json_object *root, const char *key, struct br_result *result,
            int (*add) (struct br_result *, const char *, const char *), struct br_error *err)
{
  struct json_object *object;

  if (member (root, key, json_type_object, REQUIRED, &object, err) < 0)
    return -1;
  json_object_object_foreach (object, name, path)
  {
    if (!json_object_is_type (path, json_type_string))
      return refuse (key, "holds something that is no path", err);
    if (add (result, name, json_object_get_string (path)) < 0)
      return br_error_oom (err);
  }
  return 0;
}

static int
read_backend (struct json_object *root, struct br_result *result, struct br_error *err)
{
  struct json_object *backend;
  int ret = member (root, "backend", json_type_object, 0, &backend, err);

  if (ret <= 0)
    return ret;
  if (read_text (backend, "name", REQUIRED, &result->backend_name, err) < 0 ||
      read_text (backend, "version", 0, &result->backend_version, err) < 0 ||
      read_text (backend, "module", 0, &result->backend_module, err) < 0)
    return -1;
  return read_text (backend, "module_sha256", 0, &result->backend_sha256, err);
}

static int
read_hash (struct json_object *object, const char *key, char hex[BR_SHA256_HEX], struct br_error *err)
{
  struct json_object *value;
  const char *text;
  int ret = member (object, key, json_type_string, 0, &value, err);

  if (ret <= 0)
    return ret;
  text = json_object_get_string (value);
  if (strlen (text) != BR_SHA256_HEX - 1 || strspn (text, "0123456789abcdef") != BR_SHA256_HEX - 1)
    return refuse (key, "is no SHA-256", err);
  memcpy (hex, text, BR_SHA256_HEX);
  return 0;
}

static int
read_step_error (struct json_object *from, struct br_step_result *step, struct br_error *err)
{
  struct json_object *error;
  int ret = member (from, "error", json_type_object, 0, &error, err);

  if (ret <= 0)
    return ret;
  if (read_text (error, "category", REQUIRED, &step->error_category, err) < 0)
    return -1;
  return read_text (error, "message", 0, &step->error_message, err);
}

/* What stands in a step besides its names. */
static int
read_step_rest (struct json_object *from, struct br_step_result *step, struct br_error *err)
{
  if (read_text (from, "plugin", 0, &step->plugin, err) < 0 ||
      read_text (from, "version", 0, &step->version, err) < 0 ||
      read_tree (from, "parameters", json_type_object, &step->parameters, err) < 0 ||
      read_status (from, &step->status, err) < 0 ||
      read_double (from, "duration_seconds", &step->duration_seconds, err) < 0)
    return -1;
  if (read_bool (from, "cached", &step->cached, err) < 0 ||
      read_bool (from, "required", &step->required, err) < 0 ||
      read_hash (from, "input_sha256", step->input_sha256, err) < 0 ||
      read_hash (from, "output_sha256", step->output_sha256, err) < 0)
    return -1;
  return read_step_error (from, step, err);
}

static int
read_step (struct json_object *from, struct br_result *result, struct br_error *err)
{
  struct json_object *name, *kind;
  struct br_step_result *step;

  if (member (from, "name", json_type_string, REQUIRED, &name, err) < 0 ||
      member (from, "kind", json_type_string, REQUIRED, &kind, err) < 0)
    return -1;
  step =
      br_result_add_step (result, json_object_get_string (name), json_object_get_string (kind), NULL, NULL);
  return step != NULL ? read_step_rest (from, step, err) : br_error_oom (err);
}

static int
read_steps (struct json_object *root, struct br_result *result, struct br_error *err)
{
  struct json_object *steps;
  size_t i;

  if (member (root, "steps", json_type_array, REQUIRED, &steps, err) < 0)
    return -1;
  for (i = 0; i < json_object_array_length (steps); i++)
    if (read_step (json_object_array_get_idx (steps, i), result, err) < 0)
      return -1;
  return 0;
}

static int
read_evidence (struct json_object *from, struct br_result *result, struct br_error *err)
{
  struct json_object *file, *line, *text;
  int64_t number;

  if (member (from, "file", json_type_string, 0, &file, err) < 0 ||
      member (from, "line", json_type_int, 0, &line, err) < 0 ||
      member (from, "text", json_type_string, REQUIRED, &text, err) < 0)
    return -1;
  number = json_object_get_int64 (line);
  if (br_result_add_evidence (result, json_object_get_string (file), number > 0 ? (size_t) number : 0,
                              json_object_get_string (text)) == 0)
    return 0;
  return br_error_oom (err);
}

static int
read_tips (struct json_object *error, struct br_result *result, struct br_error *err)
{
  struct json_object *tips;
  size_t i;

  if (member (error, "tips", json_type_array, REQUIRED, &tips, err) < 0)
    return -1;
  for (i = 0; i < json_object_array_length (tips); i++) {
    struct json_object *tip = json_object_array_get_idx (tips, i);

    if (!json_object_is_type (tip, json_type_string))
      return refuse ("tips", "holds something that is no text", err);
    if (br_result_add_tip (result, json_object_get_string (tip)) < 0)
      return br_error_oom (err);
  }
  return 0;
}

static int
read_error (struct json_object *root, struct br_result *result, struct br_error *err)
{
  struct json_object *error, *evidence;
  size_t i;
  int ret = member (root, "error", json_type_object, 0, &error, err);

  if (ret <= 0)
    return ret;
  if (read_text (error, "category", REQUIRED, &result->error.category, err) < 0 ||
      read_text (error, "summary", 0, &result->error.summary, err) < 0 ||
      read_text (error, "where", 0, &result->error.where, err) < 0 ||
      member (error, "evidence", json_type_array, REQUIRED, &evidence, err) < 0)
    return -1;
  for (i = 0; i < json_object_array_length (evidence); i++)
    if (read_evidence (json_object_array_get_idx (evidence, i), result, err) < 0)
      return -1;
  return read_tips (error, result, err);
}

static int
read_metrics (struct json_object *root, struct br_result *result, struct br_error *err)
{
  struct json_object *metrics;

  if (member (root, "metrics", json_type_object, REQUIRED, &metrics, err) < 0)
    return -1;
  return br_metrics_read (&result->metrics, metrics, err);
}

static int
check_schema (struct json_object *root, struct br_error *err)
{
  struct json_object *schema;

  if (member (root, "schema", json_type_int, REQUIRED, &schema, err) < 0)
    return -1;
  if (json_object_get_int64 (schema) == BR_RESULT_SCHEMA)
    return 0;
  return br_error_set (err, CATEGORY, "a build result of schema %lld, this program reads %d",
                       (long long) json_object_get_int64 (schema), BR_RESULT_SCHEMA);
}

/* First what tells a result from anything else. */
static int
read_document (struct json_object *root, struct br_result *result, struct br_error *err)
{
  if (check_schema (root, err) < 0 || read_text (root, "config_id", REQUIRED, &result->config_id, err) < 0 ||
      read_status (root, &result->status, err) < 0 || read_metrics (root, result, err) < 0 ||
      read_time (root, "start_time", &result->start, err) < 0 ||
      read_time (root, "end_time", &result->end, err) < 0 ||
      read_double (root, "duration_seconds", &result->duration_seconds, err) < 0)
    return -1;
  if (read_paths (root, "artifacts", result, br_result_add_artifact, err) < 0 ||
      read_paths (root, "logs", result, br_result_add_log, err) < 0 ||
      read_text (root, "error_message", 0, &result->error_message, err) < 0 ||
      read_backend (root, result, err) < 0 || read_bool (root, "simulated", &result->simulated, err) < 0 ||
      read_steps (root, result, err) < 0 || read_error (root, result, err) < 0)
    return -1;
  result->measured = br_result_is_successful (result);
  if (read_tree (root, "warnings", json_type_array, &result->warnings, err) < 0)
    return -1;
  return read_tree (root, "environment", json_type_object, &result->environment, err);
}

struct br_result *
br_result_parse (const char *text, size_t size, struct br_error *err)
{
  struct json_object *root = br_json_parse (text, size, err);
  struct br_result *result;
  int ret;

  if (root == NULL) {
    br_error_set (err, CATEGORY, "not a build result: null");
    return NULL;
  }
  result = br_result_new ("");
  ret = result != NULL ? read_document (root, result, err) : br_error_oom (err);
  json_object_put (root);
  if (ret == 0)
    return result;
  br_result_free (result);
  return NULL;
}
