/* SPDX-License-Identifier: BSD-3-Clause */
/* Marshals the design. The keys are read by programs: they do not change within a major version. */
#include <config.h>

#include "plugins/brainsmith_stub/request.h"

#include <json-c/json.h>

#include "plugins/brainsmith_stub/document.h"
#include "plugins/brainsmith_stub/steps.h"

/* Borrowed; NULL where it is absent or null. */
static struct json_object *
member (struct json_object *object, const char *key)
{
  struct json_object *value = NULL;

  if (json_object_is_type (object, json_type_object))
    json_object_object_get_ex (object, key, &value);
  return value;
}

/* An empty container where the config has none. */
static void
put_container (struct stub_document *document, const char *key, struct json_object *value, int is_list)
{
  if (value != NULL) {
    stub_put_value (document, key, value);
    return;
  }
  br_json_key (&document->w, key);
  (is_list ? br_json_array_begin : br_json_object_begin) (&document->w);
  (is_list ? br_json_array_end : br_json_object_end) (&document->w);
}

static void
put_kernels (struct stub_document *document, const struct stub_design *design)
{
  struct br_json_writer *w = &document->w;

  br_json_key (w, "kernels");
  br_json_array_begin (w);
  for (uint64_t i = 0; i < design->kernel_count; i++) {
    br_json_object_begin (w);
    stub_put_string (document, "name", stub_kernel_name (design, i));
    put_container (document, "parameters", stub_kernel_parameters (design, i), 1);
    br_json_key (w, "metadata");
    br_json_object_begin (w);
    stub_put_int (document, "index", (int64_t) i);
    stub_put_string (document, "type", "hw_kernel");
    br_json_object_end (w);
    br_json_object_end (w);
  }
  br_json_array_end (w);
}

static void
put_types (struct stub_document *document, const char *key, const struct br_type_step *const *types)
{
  br_json_key (&document->w, key);
  br_json_array_begin (&document->w);
  for (; *types != NULL; types++)
    br_json_string (&document->w, (*types)->type);
  br_json_array_end (&document->w);
}

static size_t
count (const char *const *strings)
{
  size_t n = 0;

  while (strings[n] != NULL)
    n++;
  return n;
}

/* Was a range asked for? Writes what was. */
static int
put_requested_range (struct stub_document *document, struct json_object *global)
{
  static const char *const keys[] = { "start_step", "stop_step", "input_type", "output_type" };
  int asked = 0;

  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    struct json_object *value = member (global, keys[i]);

    stub_put_value (document, keys[i], value);
    asked |= value != NULL;
  }
  return asked;
}

static void
put_step_configuration (struct stub_document *document, const struct stub_design *design)
{
  struct json_object *original = member (design->config, "build_steps");
  size_t given = original != NULL ? json_object_array_length (original) : 0;
  size_t remaining = count (design->steps);
  int asked;

  br_json_key (&document->w, "step_configuration");
  br_json_object_begin (&document->w);
  put_container (document, "original_build_steps", original, 1);
  stub_put_string (document, "output_stage", design->output_stage);
  asked = put_requested_range (document, member (design->config, "global_config"));
  stub_put_string (document, "resolved_start_step", design->steps[0]);
  stub_put_string (document, "resolved_stop_step", remaining > 0 ? design->steps[remaining - 1] : NULL);
  stub_put_strings (document, "resolved_steps", design->steps);
  stub_put_int (document, "total_steps", (int64_t) (given > 0 ? given : count (stub_standard_steps)));
  stub_put_int (document, "filtered_steps_count", (int64_t) remaining);
  br_json_key (&document->w, "step_filtering_applied");
  br_json_bool (&document->w, asked);
  stub_put_strings (document, "standard_steps", stub_standard_steps);
  put_types (document, "supported_input_types", stub_input_types);
  put_types (document, "supported_output_types", stub_output_types);
  br_json_object_end (&document->w);
}

int32_t
stub_request_write (const struct br_host *host, struct br_build *build, const struct stub_design *design)
{
  struct json_object *config = design->config;
  struct stub_document document;

  stub_document_begin (&document);
  put_kernels (&document, design);
  put_container (&document, "transform_stages", design->transforms, 0);
  stub_put_string (&document, "output_stage", design->output_stage);
  stub_put_value (&document, "working_directory",
                  member (member (config, "global_config"), "working_directory"));
  stub_put_string (&document, "output_dir", host->output_dir (build));
  stub_put_string (&document, "target_device", design->target_device);
  stub_put_double (&document, "target_clock_ns", design->target_clock_ns);
  put_container (&document, "build_steps", member (config, "build_steps"), 1);
  put_container (&document, "config_flags", design->config_flags, 0);
  put_step_configuration (&document, design);
  stub_put_value (&document, "design_space_id", member (config, "design_space_id"));
  stub_put_value (&document, "combination_index", member (config, "combination_index"));
  stub_put_value (&document, "total_combinations", member (config, "total_combinations"));
  stub_put_string (&document, "api_version", STUB_API_VERSION);
  stub_put_value (&document, "timestamp", member (config, "timestamp"));
  return stub_document_end (&document, host, build, STUB_REQUEST_FILE, NULL);
}
