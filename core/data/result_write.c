/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildResult as JSON: first what an explorer reads, then what people do. */
#include <config.h>

#include <json-c/json.h>
#include <string.h>

#include "common/json_write.h"
#include "core/data/result.h"
#include "core/data/times.h"

static void
text_member (struct br_json_writer *w, const char *key, const char *text)
{
  br_json_key (w, key);
  br_json_string (w, text);
}

static void
value_member (struct br_json_writer *w, const char *key, struct json_object *value)
{
  br_json_key (w, key);
  br_json_value (w, value);
}

static void
bool_member (struct br_json_writer *w, const char *key, int value)
{
  br_json_key (w, key);
  br_json_bool (w, value);
}

static void
double_member (struct br_json_writer *w, const char *key, double value)
{
  br_json_key (w, key);
  br_json_double (w, value);
}

static void
time_member (struct br_json_writer *w, const char *key, const struct timespec *time)
{
  char text[BR_TIME_SIZE];

  br_time_format (time, text);
  text_member (w, key, time->tv_sec != 0 ? text : NULL);
}

/* A build that did not succeed has no figures of merit; what was measured stays in the raw ones. */
static void
write_metrics (const struct br_result *result, struct br_json_writer *w)
{
  struct br_metrics metrics = result->metrics;

  if (!br_result_is_successful (result))
    memset (metrics.has, 0, sizeof metrics.has);
  br_json_key (w, "metrics");
  br_metrics_write (&metrics, w);
}

static void
write_paths (const struct br_named_paths *paths, const char *key, struct br_json_writer *w)
{
  size_t i;

  br_json_key (w, key);
  br_json_object_begin (w);
  for (i = 0; i < paths->n; i++)
    text_member (w, paths->items[i].name, paths->items[i].path);
  br_json_object_end (w);
}

static void
write_backend (const struct br_result *result, struct br_json_writer *w)
{
  br_json_key (w, "backend");
  if (result->backend_name == NULL) {
    br_json_null (w);
    return;
  }
  br_json_object_begin (w);
  text_member (w, "name", result->backend_name);
  text_member (w, "version", result->backend_version);
  text_member (w, "module", result->backend_module);
  text_member (w, "module_sha256", result->backend_sha256);
  br_json_object_end (w);
}

static void
write_step_error (const struct br_step_result *step, struct br_json_writer *w)
{
  br_json_key (w, "error");
  if (step->error_category == NULL) {
    br_json_null (w);
    return;
  }
  br_json_object_begin (w);
  text_member (w, "category", step->error_category);
  text_member (w, "message", step->error_message);
  br_json_object_end (w);
}

static void
write_step (const struct br_step_result *step, struct br_json_writer *w)
{
  br_json_object_begin (w);
  text_member (w, "name", step->name);
  text_member (w, "kind", step->kind);
  text_member (w, "plugin", step->plugin);
  text_member (w, "version", step->version);
  value_member (w, "parameters", step->parameters);
  text_member (w, "status", br_status_name (step->status));
  double_member (w, "duration_seconds", step->duration_seconds);
  bool_member (w, "cached", step->cached);
  text_member (w, "input_sha256", step->input_sha256[0] != '\0' ? step->input_sha256 : NULL);
  text_member (w, "output_sha256", step->output_sha256[0] != '\0' ? step->output_sha256 : NULL);
  bool_member (w, "required", step->required);
  write_step_error (step, w);
  br_json_object_end (w);
}

static void
write_steps (const struct br_result *result, struct br_json_writer *w)
{
  size_t i;

  br_json_key (w, "steps");
  br_json_array_begin (w);
  for (i = 0; i < result->n_steps; i++)
    write_step (&result->steps[i], w);
  br_json_array_end (w);
}

static void
write_evidence (const struct br_evidence *evidence, struct br_json_writer *w)
{
  br_json_object_begin (w);
  text_member (w, "file", evidence->file);
  br_json_key (w, "line");
  if (evidence->line > 0)
    br_json_uint (w, evidence->line);
  else
    br_json_null (w);
  text_member (w, "text", evidence->text);
  br_json_object_end (w);
}

static void
write_error (const struct br_result_error *error, struct br_json_writer *w)
{
  size_t i;

  br_json_key (w, "error");
  if (error->category == NULL) {
    br_json_null (w);
    return;
  }
  br_json_object_begin (w);
  text_member (w, "category", error->category);
  text_member (w, "summary", error->summary);
  br_json_key (w, "evidence");
  br_json_array_begin (w);
  for (i = 0; i < error->n_evidence; i++)
    write_evidence (&error->evidence[i], w);
  br_json_array_end (w);
  br_json_key (w, "tips");
  br_json_array_begin (w);
  for (i = 0; i < error->n_tips; i++)
    br_json_string (w, error->tips[i]);
  br_json_array_end (w);
  text_member (w, "where", error->where);
  br_json_object_end (w);
}

static void
write_document (const struct br_result *result, struct br_json_writer *w)
{
  br_json_object_begin (w);
  text_member (w, "config_id", result->config_id);
  text_member (w, "status", br_status_name (result->status));
  write_metrics (result, w);
  time_member (w, "start_time", &result->start);
  time_member (w, "end_time", &result->end);
  double_member (w, "duration_seconds", result->duration_seconds);
  write_paths (&result->artifacts, "artifacts", w);
  write_paths (&result->logs, "logs", w);
  text_member (w, "error_message", result->error_message);
  write_backend (result, w);
  bool_member (w, "simulated", result->simulated);
  write_steps (result, w);
  write_error (&result->error, w);
  value_member (w, "warnings", result->warnings);
  value_member (w, "environment", result->environment);
  br_json_key (w, "schema");
  br_json_int (w, BR_RESULT_SCHEMA);
  br_json_object_end (w);
}

char *
br_result_text (const struct br_result *result)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  write_document (result, &w);
  br_str_add_char (&text, '\n');
  return br_str_take (&text);
}
