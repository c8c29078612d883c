/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildResult as JSON: first what an explorer reads, then what people do. */
#include <config.h>

#include <json-c/json.h>
#include <string.h>

#include "common/json_write.h"
#include "core/data/result.h"
#include "core/data/times.h"

static void
time_member (struct br_json_writer *w, const char *key, const struct timespec *time)
{
  char text[BR_TIME_SIZE];

  br_time_format (time, text);
  br_json_put_string (w, key, time->tv_sec != 0 ? text : NULL);
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
    br_json_put_string (w, paths->items[i].name, paths->items[i].path);
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
  br_json_put_string (w, "name", result->backend_name);
  br_json_put_string (w, "version", result->backend_version);
  br_json_put_string (w, "module", result->backend_module);
  br_json_put_string (w, "module_sha256", result->backend_sha256);
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
  br_json_put_string (w, "category", step->error_category);
  br_json_put_string (w, "message", step->error_message);
  br_json_object_end (w);
}

static void
write_step (const struct br_step_result *step, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "name", step->name);
  br_json_put_string (w, "kind", step->kind);
  br_json_put_string (w, "plugin", step->plugin);
  br_json_put_string (w, "version", step->version);
  br_json_put_value (w, "parameters", step->parameters);
  br_json_put_string (w, "status", br_status_name (step->status));
  br_json_put_double (w, "duration_seconds", step->duration_seconds);
  br_json_put_bool (w, "cached", step->cached);
  br_json_put_string (w, "input_sha256", step->input_sha256[0] != '\0' ? step->input_sha256 : NULL);
  br_json_put_string (w, "output_sha256", step->output_sha256[0] != '\0' ? step->output_sha256 : NULL);
  br_json_put_bool (w, "required", step->required);
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
  br_json_put_string (w, "file", evidence->file);
  br_json_key (w, "line");
  if (evidence->line > 0)
    br_json_uint (w, evidence->line);
  else
    br_json_null (w);
  br_json_put_string (w, "text", evidence->text);
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
  br_json_put_string (w, "category", error->category);
  br_json_put_string (w, "summary", error->summary);
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
  br_json_put_string (w, "where", error->where);
  br_json_object_end (w);
}

static void
write_document (const struct br_result *result, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "config_id", result->config_id);
  br_json_put_string (w, "status", br_status_name (result->status));
  write_metrics (result, w);
  time_member (w, "start_time", &result->start);
  time_member (w, "end_time", &result->end);
  br_json_put_double (w, "duration_seconds", result->duration_seconds);
  write_paths (&result->artifacts, "artifacts", w);
  write_paths (&result->logs, "logs", w);
  br_json_put_string (w, "error_message", result->error_message);
  write_backend (result, w);
  br_json_put_bool (w, "simulated", result->simulated);
  write_steps (result, w);
  write_error (&result->error, w);
  br_json_put_value (w, "warnings", result->warnings);
  br_json_put_value (w, "environment", result->environment);
  br_json_put_int (w, "schema", BR_RESULT_SCHEMA);
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
