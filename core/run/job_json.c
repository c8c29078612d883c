/* SPDX-License-Identifier: BSD-3-Clause */
/* A job as the line of JSON that the host sends to the worker program. Both are of one package: the form is nobody else's. */
#include <config.h>

#include "core/run/job.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/json_scan.h"
#include "common/json_write.h"

/* ---- Writing ---- */

static void
write_step (struct br_json_writer *w, const struct br_job_step *step)
{
  br_json_object_begin (w);
  br_json_put_string (w, "name", step->name);
  br_json_put_string (w, "file", step->file);
  br_json_put_string (w, "plugin", step->plugin);
  br_json_put_string (w, "version", step->version);
  br_json_put_string (w, "path", step->path);
  br_json_put_value (w, "parameters", step->parameters);
  br_json_put_bool (w, "enabled", step->enabled);
  br_json_put_bool (w, "required", step->required);
  br_json_object_end (w);
}

static void
write_steps (struct br_json_writer *w, const char *key, const struct br_job_step *steps, size_t n)
{
  br_json_key (w, key);
  br_json_array_begin (w);
  for (size_t i = 0; i < n; i++)
    write_step (w, &steps[i]);
  br_json_array_end (w);
}

static void
write_settings (struct br_json_writer *w, const struct br_job *job)
{
  br_json_put_string (w, "config_id", job->config_id);
  br_json_put_string (w, "output_dir", job->output_dir);
  br_json_put_string (w, "config_dir", job->config_dir);
  br_json_put_string (w, "model", job->model);
  br_json_put_string (w, "temporary_dir", job->temporary_dir);
  br_json_put_string (w, "device", job->device);
  br_json_put_string (w, "output_stage", job->output_stage);
  br_json_put_double (w, "clock_period_ns", job->clock_period_ns);
  br_json_put_string (w, "auto_reason", job->auto_reason);
  br_json_put_string (w, "rules", job->rules);
  br_json_put_double (w, "wall_seconds", job->wall_seconds);
  br_json_put_double (w, "silence_seconds", job->silence_seconds);
  br_json_put_double (w, "memory_mb", job->memory_mb);
  br_json_put_bool (w, "simulated", job->simulated);
  br_json_put_bool (w, "save_artifacts", job->save_artifacts);
  br_json_put_bool (w, "keep_scratch", job->keep_scratch);
  br_json_put_bool (w, "keep_supervisor", job->keep_supervisor);
  br_json_put_bool (w, "skip", job->skip);
}

char *
br_job_text (const struct br_job *job)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  br_json_object_begin (&w);
  write_settings (&w, job);
  br_json_put_strings (&w, "steps", job->steps);
  br_json_put_strings (&w, "warnings", job->warnings);
  br_json_key (&w, "backend");
  write_step (&w, &job->backend);
  write_steps (&w, "preprocessing", job->preprocessing, job->n_preprocessing);
  write_steps (&w, "postprocessing", job->postprocessing, job->n_postprocessing);
  br_json_put_value (&w, "config", job->config);
  br_json_object_end (&w);
  br_str_add_char (&text, '\n');
  return br_str_take (&text);
}

/* ---- Reading ---- */

/* A copy, or NULL; *failed where memory ran out. */
static char *
read_text (struct json_object *from, const char *key, int *failed)
{
  struct json_object *value = json_object_object_get (from, key);
  char *text = value != NULL ? strdup (json_object_get_string (value)) : NULL;

  *failed |= value != NULL && text == NULL;
  return text;
}

static double
read_number (struct json_object *from, const char *key)
{
  return json_object_get_double (json_object_object_get (from, key));
}

static int
read_flag (struct json_object *from, const char *key)
{
  return json_object_get_boolean (json_object_object_get (from, key));
}

static size_t
length_of (struct json_object *list)
{
  return json_object_is_type (list, json_type_array) ? json_object_array_length (list) : 0;
}

static char **
read_list (struct json_object *from, const char *key, int *failed)
{
  struct json_object *list = json_object_object_get (from, key);
  size_t n = length_of (list);
  char **strings = calloc (n + 1, sizeof *strings);

  for (size_t i = 0; strings != NULL && i < n; i++)
    if ((strings[i] = strdup (json_object_get_string (json_object_array_get_idx (list, i)))) == NULL)
      break;
  *failed |= strings == NULL || (n > 0 && strings[n - 1] == NULL);
  return strings;
}

static void
read_step (struct json_object *from, struct br_job_step *step, int *failed)
{
  step->name = read_text (from, "name", failed);
  step->file = read_text (from, "file", failed);
  step->plugin = read_text (from, "plugin", failed);
  step->version = read_text (from, "version", failed);
  step->path = read_text (from, "path", failed);
  step->parameters = json_object_get (json_object_object_get (from, "parameters"));
  step->enabled = read_flag (from, "enabled");
  step->required = read_flag (from, "required");
}

static struct br_job_step *
read_steps (struct json_object *from, const char *key, size_t *n, int *failed)
{
  struct json_object *list = json_object_object_get (from, key);
  struct br_job_step *steps = calloc (length_of (list) + 1, sizeof *steps);

  *n = steps != NULL ? length_of (list) : 0;
  for (size_t i = 0; i < *n; i++)
    read_step (json_object_array_get_idx (list, i), &steps[i], failed);
  *failed |= steps == NULL;
  return steps;
}

static void
read_settings (struct json_object *from, struct br_job *job, int *failed)
{
  job->config_id = read_text (from, "config_id", failed);
  job->output_dir = read_text (from, "output_dir", failed);
  job->config_dir = read_text (from, "config_dir", failed);
  job->model = read_text (from, "model", failed);
  job->temporary_dir = read_text (from, "temporary_dir", failed);
  job->device = read_text (from, "device", failed);
  job->output_stage = read_text (from, "output_stage", failed);
  job->clock_period_ns = read_number (from, "clock_period_ns");
  job->auto_reason = read_text (from, "auto_reason", failed);
  job->rules = read_text (from, "rules", failed);
  job->wall_seconds = read_number (from, "wall_seconds");
  job->silence_seconds = read_number (from, "silence_seconds");
  job->memory_mb = read_number (from, "memory_mb");
  job->simulated = read_flag (from, "simulated");
  job->save_artifacts = read_flag (from, "save_artifacts");
  job->keep_scratch = read_flag (from, "keep_scratch");
  job->keep_supervisor = read_flag (from, "keep_supervisor");
  job->skip = read_flag (from, "skip");
}

static struct br_job *
read_job (struct json_object *from)
{
  struct br_job *job = calloc (1, sizeof *job);
  int failed = 0;

  if (job == NULL)
    return NULL;
  read_settings (from, job, &failed);
  read_step (json_object_object_get (from, "backend"), &job->backend, &failed);
  job->preprocessing = read_steps (from, "preprocessing", &job->n_preprocessing, &failed);
  job->postprocessing = read_steps (from, "postprocessing", &job->n_postprocessing, &failed);
  job->steps = read_list (from, "steps", &failed);
  job->warnings = read_list (from, "warnings", &failed);
  job->config = json_object_get (json_object_object_get (from, "config"));
  if (!failed)
    return job;
  br_job_free (job);
  return NULL;
}

struct br_job *
br_job_parse (const char *text, size_t size, struct br_error *err)
{
  struct json_object *from = br_json_parse (text, size, err);
  struct br_job *job = from != NULL ? read_job (from) : NULL;

  json_object_put (from);
  if (job == NULL)
    br_error_oom (err);
  else if (job->config_id != NULL && job->output_dir != NULL && job->backend.name != NULL &&
           job->backend.path != NULL && job->config != NULL)
    return job;
  br_job_free (job);
  br_error_set (err, "config", "the request of a build is not whole");
  return NULL;
}
