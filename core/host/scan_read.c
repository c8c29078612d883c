/* SPDX-License-Identifier: BSD-3-Clause */
/* The parent's side of the protocol. A module may have damaged the process that wrote the line: everything is
   checked. */
#include <config.h>

#include "core/host/scan_wire.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/json_scan.h"

static struct json_object *
member (struct json_object *object, const char *key, enum json_type type)
{
  struct json_object *value = NULL;

  if (!json_object_object_get_ex (object, key, &value) || !json_object_is_type (value, type))
    return NULL;
  return value;
}

/* *to stays NULL where the member is absent. */
static int
read_text (struct json_object *object, const char *key, char **to)
{
  struct json_object *value = member (object, key, json_type_string);

  if (value == NULL)
    return 0;
  return (*to = strdup (json_object_get_string (value))) != NULL ? 0 : -1;
}

static int
read_mandatory (struct json_object *object, const char *key, char **to)
{
  return read_text (object, key, to) == 0 && *to != NULL ? 0 : -1;
}

static int64_t
read_int (struct json_object *object, const char *key)
{
  return json_object_get_int64 (member (object, key, json_type_int));
}

static double
read_double (struct json_object *object, const char *key)
{
  return json_object_get_double (member (object, key, json_type_double));
}

static int
read_list (struct json_object *object, const char *key, char ***to, size_t *n)
{
  struct json_object *value = member (object, key, json_type_array);
  size_t length = value != NULL ? json_object_array_length (value) : 0;

  if (n != NULL)
    *n = length;
  if (value == NULL)
    return 0;
  if ((*to = calloc (length + 1, sizeof **to)) == NULL)
    return -1;
  for (size_t i = 0; i < length; i++) {
    const char *text = json_object_get_string (json_object_array_get_idx (value, i));

    if (text == NULL || ((*to)[i] = strdup (text)) == NULL)
      return -1;
  }
  return 0;
}

static int
read_param (struct json_object *object, struct br_param_spec *spec)
{
  struct json_object *value = NULL;

  spec->type = (uint32_t) read_int (object, "type");
  spec->flags = (uint32_t) read_int (object, "flags");
  spec->min_items = (uint32_t) read_int (object, "min_items");
  spec->max_items = (uint32_t) read_int (object, "max_items");
  spec->minimum = read_double (object, "minimum");
  spec->maximum = read_double (object, "maximum");
  if (json_object_object_get_ex (object, "default", &value))
    spec->default_value = json_object_get (value);
  if (read_mandatory (object, "name", &spec->name) == -1 || read_text (object, "unit", &spec->unit) == -1 ||
      read_text (object, "help", &spec->help) == -1)
    return -1;
  return read_list (object, "choices", &spec->choices, NULL);
}

static int
read_params (struct json_object *object, struct br_param_table *table)
{
  struct json_object *array = member (object, "params", json_type_array);
  size_t n = array != NULL ? json_object_array_length (array) : 0;

  if (n == 0)
    return 0;
  if ((table->items = calloc (n, sizeof *table->items)) == NULL)
    return -1;
  table->n = n;
  for (size_t i = 0; i < n; i++)
    if (read_param (json_object_array_get_idx (array, i), &table->items[i]) == -1)
      return -1;
  return 0;
}

static int
read_types (struct json_object *object, const char *key, struct br_type_entry **types, size_t *n)
{
  struct json_object *array = member (object, key, json_type_array);
  size_t length = array != NULL ? json_object_array_length (array) : 0;

  if (length == 0)
    return 0;
  if ((*types = calloc (length, sizeof **types)) == NULL)
    return -1;
  *n = length;
  for (size_t i = 0; i < length; i++) {
    struct json_object *entry = json_object_array_get_idx (array, i);

    if (read_mandatory (entry, "type", &(*types)[i].type) == -1 ||
        read_mandatory (entry, "step", &(*types)[i].step) == -1)
      return -1;
  }
  return 0;
}

static int
read_backend (struct json_object *object, struct br_plugin_info *info)
{
  struct br_step_list *steps = &info->steps;

  info->auto_rank = (int32_t) read_int (object, "auto_rank");
  info->backend_flags = (uint32_t) read_int (object, "backend_flags");
  info->has_probe = read_int (object, "has_probe") != 0;
  if (read_list (object, "aliases", &info->aliases, NULL) == -1 ||
      read_list (object, "output_stages", &info->output_stages, NULL) == -1 ||
      read_list (object, "steps", &steps->steps, NULL) == -1 ||
      read_list (object, "extra_steps", &steps->extra_steps, NULL) == -1 ||
      read_types (object, "input_types", &steps->input_types, &steps->n_input_types) == -1 ||
      read_types (object, "output_types", &steps->output_types, &steps->n_output_types) == -1)
    return -1;
  return info->aliases != NULL && info->output_stages != NULL && steps->steps != NULL ? 0 : -1;
}

static int
read_plugin (struct json_object *object, const char *module, const char *path, struct br_plugin_info *info)
{
  int64_t kind = read_int (object, "kind");

  if (kind < 0 || kind >= BR_N_KINDS)
    return -1;
  info->kind = (enum br_kind) kind;
  info->flags = (uint32_t) read_int (object, "flags");
  if ((info->module = strdup (module)) == NULL || (info->path = strdup (path)) == NULL ||
      read_mandatory (object, "name", &info->name) == -1 ||
      read_mandatory (object, "title", &info->title) == -1 ||
      read_mandatory (object, "version", &info->version) == -1 ||
      read_mandatory (object, "summary", &info->summary) == -1 ||
      read_text (object, "licence", &info->licence) == -1 || read_params (object, &info->params) == -1)
    return -1;
  return br_plugin_is_backend (info) ? read_backend (object, info) : 0;
}

static int
read_plugins (struct json_object *array, const char *module, const char *path,
              struct br_module_report *report)
{
  size_t n = json_object_array_length (array);

  if ((report->plugins = calloc (n + 1, sizeof (struct br_plugin_info *))) == NULL)
    return -1;
  for (; report->n < n; report->n++) {
    struct br_plugin_info *info = calloc (1, sizeof *info);

    if (info == NULL ||
        read_plugin (json_object_array_get_idx (array, report->n), module, path, info) == -1) {
      br_plugin_info_free (info);
      return -1;
    }
    report->plugins[report->n] = info;
  }
  return 0;
}

static int
read_report (struct json_object *object, const char *module, const char *path,
             struct br_module_report *report)
{
  struct json_object *plugins = member (object, "plugins", json_type_array);

  if (read_text (object, "printed", &report->printed) == -1 ||
      read_text (object, "reason", &report->reason) == -1)
    return -1;
  if (report->reason != NULL)
    return 0;
  if (plugins == NULL || read_list (object, "refused", &report->refused, &report->n_refused) == -1)
    return -1;
  return read_plugins (plugins, module, path, report);
}

static int
read_message (struct json_object *object, const char *module, const char *path,
              struct br_scan_message *message)
{
  if (member (object, "scan", json_type_int) != NULL) {
    message->kind = BR_SCAN_HELLO;
    return 0;
  }
  if (member (object, "end", json_type_int) != NULL) {
    message->kind = BR_SCAN_END;
    message->status = (int) read_int (object, "end");
    return read_text (object, "printed", &message->printed);
  }
  message->kind = BR_SCAN_REPORT;
  if (read_report (object, module, path, &message->report) == 0)
    return 0;
  br_module_report_free (&message->report);
  return -1;
}

int
br_scan_read (const char *line, size_t size, const char *module, const char *path,
              struct br_scan_message *message)
{
  struct br_error ignored = { 0 };
  struct json_object *object = br_json_parse (line, size, &ignored);
  int ret = -1;

  *message = (struct br_scan_message){ 0 };
  if (json_object_is_type (object, json_type_object))
    ret = read_message (object, module, path, message);
  json_object_put (object);
  br_error_clear (&ignored);
  return ret;
}

void
br_module_report_free (struct br_module_report *report)
{
  for (size_t i = 0; i < report->n; i++)
    br_plugin_info_free (report->plugins[i]);
  for (size_t i = 0; report->refused != NULL && i < report->n_refused; i++)
    free (report->refused[i]);
  free (report->plugins);
  free (report->refused);
  free (report->reason);
  free (report->printed);
  *report = (struct br_module_report){ 0 };
}
