/* SPDX-License-Identifier: BSD-3-Clause */
/* A job from a plan, and the result that it starts from. */
#include <config.h>

#include "core/run/job.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <json-c/json.h>

#include "common/str.h"

/* strdup that takes NULL, and counts what failed. */
static char *
copy (const char *text, int *failed)
{
  char *new_text = text != NULL ? strdup (text) : NULL;

  *failed |= text != NULL && new_text == NULL;
  return new_text;
}

static char **
copy_list (char *const *list, int *failed)
{
  size_t n = 0;
  char **new_list;

  while (list != NULL && list[n] != NULL)
    n++;
  new_list = calloc (n + 1, sizeof *new_list);
  *failed |= new_list == NULL;
  for (size_t i = 0; new_list != NULL && i < n; i++)
    new_list[i] = copy (list[i], failed);
  return new_list;
}

static void
fill_step (struct br_job_step *to, const struct br_planned_step *from, int *failed)
{
  to->name = copy (from->step->name, failed);
  to->file = copy (from->file, failed);
  to->plugin = copy (from->info->name, failed);
  to->version = copy (from->info->version, failed);
  to->path = copy (from->info->path, failed);
  to->parameters = json_object_get (from->step->parameters);
  to->enabled = from->step->enabled;
  to->required = from->step->required;
}

static struct br_job_step *
fill_steps (const struct br_planned_step *from, size_t n, int *failed)
{
  struct br_job_step *steps = calloc (n + 1, sizeof *steps);

  *failed |= steps == NULL;
  for (size_t i = 0; steps != NULL && i < n; i++)
    fill_step (&steps[i], &from[i], failed);
  return steps;
}

static void
fill_backend (struct br_job *job, const struct br_plugin_info *backend, int *failed)
{
  struct br_job_step *to = &job->backend;

  to->name = copy (backend->name, failed);
  to->plugin = copy (backend->name, failed);
  to->version = copy (backend->version, failed);
  to->path = copy (backend->path, failed);
  to->enabled = to->required = 1;
  job->simulated = (backend->backend_flags & BR_BACKEND_SIMULATED) != 0;
}

static void
fill_settings (struct br_job *job, const struct br_config *config, int *failed)
{
  job->config_id = copy (config->id, failed);
  job->output_dir = copy (config->output_dir, failed);
  job->config_dir = copy (config->base_dir, failed);
  job->model = copy (config->model_path, failed);
  job->device = copy (config->device, failed);
  job->output_stage = copy (config->global.output_stage, failed);
  job->clock_period_ns = config->clock_period_ns;
  job->config = json_object_get (config->tree);
  job->wall_seconds = config->global.timeout_minutes * 60;
  job->silence_seconds = config->global.silence_minutes * 60;
  job->memory_mb = config->global.memory_mb;
  job->save_artifacts = config->global.save_artifacts;
}

/* A name that nobody can have taken before. */
static char *
temporary_dir (int *failed)
{
  uint64_t number = 0;
  char *path = NULL;

  if (getrandom (&number, sizeof number, 0) == sizeof number)
    path = br_printf ("/tmp/buildrunner-%016" PRIx64, number);
  *failed |= path == NULL;
  return path;
}

struct br_job *
br_job_new (const struct br_plan *plan, const struct br_run_options *options, struct br_error *err)
{
  struct br_job *job = calloc (1, sizeof *job);
  int failed = job == NULL;

  if (plan->config->model_path == NULL)
    br_error_set (err, "model_load", "no model was given");
  if (job == NULL || br_error_is_set (err)) {
    free (job);
    br_error_oom (err);
    return NULL;
  }
  fill_settings (job, plan->config, &failed);
  fill_backend (job, plan->backend, &failed);
  job->temporary_dir = temporary_dir (&failed);
  job->backend.parameters = json_object_get (plan->config->backend_parameters);
  job->preprocessing = fill_steps (plan->preprocessing, plan->n_preprocessing, &failed);
  job->n_preprocessing = job->preprocessing != NULL ? plan->n_preprocessing : 0;
  job->postprocessing = fill_steps (plan->postprocessing, plan->n_postprocessing, &failed);
  job->n_postprocessing = job->postprocessing != NULL ? plan->n_postprocessing : 0;
  job->steps = copy_list (plan->range.steps, &failed);
  job->auto_reason = copy (plan->auto_reason, &failed);
  job->warnings = copy_list (plan->warnings, &failed);
  job->keep_scratch = options->keep_scratch;
  job->keep_supervisor = options->kept != NULL;
  job->rules = copy (options->rules, &failed);
  job->skip = plan->stage_unsupported;
  if (!failed)
    return job;
  br_job_free (job);
  br_error_oom (err);
  return NULL;
}

/* What could not be read is nothing that a backend is asked about. */
static void
fill_absent (char **text, int *failed)
{
  if (*text == NULL)
    *text = copy ("", failed);
}

struct br_job *
br_job_new_probe (const struct br_plugin_info *backend, const struct br_config *config, struct br_error *err)
{
  struct br_job *job = calloc (1, sizeof *job);
  int failed = job == NULL;

  if (job != NULL) {
    fill_settings (job, config, &failed);
    fill_backend (job, backend, &failed);
    fill_absent (&job->config_id, &failed);
    fill_absent (&job->output_dir, &failed);
    job->backend.parameters =
        br_params_effective (&backend->params, config->backend_parameters, config->base_dir);
    failed |= job->backend.parameters == NULL;
  }
  if (!failed)
    return job;
  br_job_free (job);
  br_error_oom (err);
  return NULL;
}

static void
free_step (struct br_job_step *step)
{
  free (step->name);
  free (step->file);
  free (step->plugin);
  free (step->version);
  free (step->path);
  json_object_put (step->parameters);
}

static void
free_steps (struct br_job_step *steps, size_t n)
{
  for (size_t i = 0; i < n; i++)
    free_step (&steps[i]);
  free (steps);
}

void
br_job_free (struct br_job *job)
{
  if (job == NULL)
    return;
  free (job->config_id);
  free (job->output_dir);
  free (job->config_dir);
  free (job->model);
  free (job->temporary_dir);
  free (job->device);
  free (job->output_stage);
  json_object_put (job->config);
  free_step (&job->backend);
  free_steps (job->preprocessing, job->n_preprocessing);
  free_steps (job->postprocessing, job->n_postprocessing);
  br_strings_free (job->steps);
  br_strings_free (job->warnings);
  free (job->auto_reason);
  free (job->rules);
  free (job);
}

/* ---- The result of a job that has not begun ---- */

static int
list_step (struct br_result *result, const struct br_job_step *from, const char *kind)
{
  struct br_step_result *step = br_result_add_step (result, from->name, kind, from->plugin, from->version);

  if (step == NULL)
    return -1;
  json_object_put (step->parameters);
  step->parameters = json_object_get (from->parameters);
  step->required = from->required;
  if (!from->enabled)
    step->status = BR_STATUS_SKIPPED;
  return 0;
}

static int
list_steps (struct br_result *result, const struct br_job *job)
{
  for (size_t i = 0; i < job->n_preprocessing; i++)
    if (list_step (result, &job->preprocessing[i], "preprocessing") < 0)
      return -1;
  if (list_step (result, &job->backend, "backend") < 0)
    return -1;
  for (size_t i = 0; i < job->n_postprocessing; i++)
    if (list_step (result, &job->postprocessing[i], "postprocessing") < 0)
      return -1;
  for (size_t i = 0; job->warnings != NULL && job->warnings[i] != NULL; i++)
    if (br_result_add_warning (result, job->warnings[i]) < 0)
      return -1;
  return 0;
}

struct br_result *
br_job_result (const struct br_job *job)
{
  struct br_result *result = br_result_new (job->config_id);

  if (result == NULL)
    return NULL;
  result->simulated = job->simulated;
  result->backend_name = strdup (job->backend.name);
  result->backend_version = strdup (job->backend.version != NULL ? job->backend.version : "");
  if (result->backend_name != NULL && result->backend_version != NULL && list_steps (result, job) == 0)
    return result;
  br_result_free (result);
  return NULL;
}

size_t
br_job_backend_index (const struct br_job *job)
{
  return job->n_preprocessing;
}

size_t
br_job_postprocessing_index (const struct br_job *job, size_t i)
{
  return job->n_preprocessing + 1 + i;
}

char *
br_job_where (const struct br_result *result, size_t index)
{
  const struct br_step_result *step = &result->steps[index];

  if (strcmp (step->kind, "backend") == 0)
    return br_printf ("backend %s", step->name);
  return br_printf ("%s step %s", step->kind, step->name);
}
