/* SPDX-License-Identifier: BSD-3-Clause */
/* The scan child's side of the protocol: reports as JSON lines. */
#include <config.h>

#include "core/host/scan_wire.h"

#include <json-c/json.h>

#include <buildrunner/plugin.h>

#include "common/json_write.h"

static void
text_member (struct br_json_writer *w, const char *key, const char *text)
{
  if (text == NULL)
    return;
  br_json_put_string (w, key, text);
}

/* Most numbers are 0, and most of the time of a scan with many modules would go into saying so. */
static void
uint_member (struct br_json_writer *w, const char *key, uint64_t value)
{
  if (value == 0)
    return;
  br_json_put_uint (w, key, value);
}

static void
double_member (struct br_json_writer *w, const char *key, double value)
{
  if (value == 0)
    return;
  br_json_put_double (w, key, value);
}

static void
list_member (struct br_json_writer *w, const char *key, char *const *list)
{
  if (list == NULL)
    return;
  br_json_put_strings (w, key, list);
}

static void
write_param (struct br_json_writer *w, const struct br_param_spec *spec)
{
  br_json_object_begin (w);
  text_member (w, "name", spec->name);
  uint_member (w, "type", spec->type);
  uint_member (w, "flags", spec->flags);
  uint_member (w, "min_items", spec->min_items);
  uint_member (w, "max_items", spec->max_items);
  text_member (w, "unit", spec->unit);
  text_member (w, "help", spec->help);
  double_member (w, "minimum", spec->minimum);
  double_member (w, "maximum", spec->maximum);
  list_member (w, "choices", spec->choices);
  if (spec->default_value != NULL) {
    br_json_put_value (w, "default", spec->default_value);
  }
  br_json_object_end (w);
}

static void
write_types (struct br_json_writer *w, const char *key, const struct br_type_entry *types, size_t n)
{
  if (n == 0)
    return;
  br_json_key (w, key);
  br_json_array_begin (w);
  for (size_t i = 0; i < n; i++) {
    br_json_object_begin (w);
    text_member (w, "type", types[i].type);
    text_member (w, "step", types[i].step);
    br_json_object_end (w);
  }
  br_json_array_end (w);
}

static void
write_backend (struct br_json_writer *w, const struct br_plugin_info *info)
{
  list_member (w, "aliases", info->aliases);
  list_member (w, "output_stages", info->output_stages);
  list_member (w, "steps", info->steps.steps);
  list_member (w, "extra_steps", info->steps.extra_steps);
  write_types (w, "input_types", info->steps.input_types, info->steps.n_input_types);
  write_types (w, "output_types", info->steps.output_types, info->steps.n_output_types);
  br_json_put_int (w, "auto_rank", info->auto_rank);
  uint_member (w, "backend_flags", info->backend_flags);
  br_json_put_int (w, "has_probe", info->has_probe);
}

static void
write_plugin (struct br_json_writer *w, const struct br_plugin_info *info)
{
  br_json_object_begin (w);
  uint_member (w, "kind", info->kind);
  text_member (w, "name", info->name);
  text_member (w, "title", info->title);
  text_member (w, "version", info->version);
  text_member (w, "licence", info->licence);
  text_member (w, "summary", info->summary);
  uint_member (w, "flags", info->flags);
  br_json_key (w, "params");
  br_json_array_begin (w);
  for (size_t i = 0; i < info->params.n; i++)
    write_param (w, &info->params.items[i]);
  br_json_array_end (w);
  if (br_plugin_is_backend (info))
    write_backend (w, info);
  br_json_object_end (w);
}

void
br_scan_write_hello (struct br_str *out)
{
  br_str_add (out, "{\"scan\": 1}\n");
}

void
br_scan_write_refusal (struct br_str *out, const char *reason, const char *printed)
{
  struct br_json_writer w = { .out = out };

  br_json_object_begin (&w);
  text_member (&w, "reason", reason);
  text_member (&w, "printed", printed);
  br_json_object_end (&w);
  br_str_add_char (out, '\n');
}

void
br_scan_write_module (struct br_str *out, const struct br_module_handle *module, const char *printed)
{
  struct br_json_writer w = { .out = out };
  const struct br_plugin_info *info;
  const char *line;

  br_json_object_begin (&w);
  text_member (&w, "printed", printed);
  br_json_key (&w, "refused");
  br_json_array_begin (&w);
  for (size_t i = 0; (line = br_module_handle_refused (module, i)) != NULL; i++)
    br_json_string (&w, line);
  br_json_array_end (&w);
  br_json_key (&w, "plugins");
  br_json_array_begin (&w);
  for (size_t i = 0; (info = br_module_handle_info (module, i)) != NULL; i++)
    write_plugin (&w, info);
  br_json_array_end (&w);
  br_json_object_end (&w);
  br_str_add_char (out, '\n');
}

void
br_scan_write_end (struct br_str *out, int status, const char *printed)
{
  struct br_json_writer w = { .out = out };

  br_json_object_begin (&w);
  br_json_put_int (&w, "end", status);
  text_member (&w, "printed", printed);
  br_json_object_end (&w);
  br_str_add_char (out, '\n');
}
