/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildResult: its life from start to completion. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "core/data/result.h"

static const char *const status_names[] = {
  [BR_STATUS_NONE] = "running",    [BR_STATUS_SUCCESS] = "success", [BR_STATUS_FAILED] = "failed",
  [BR_STATUS_TIMEOUT] = "timeout", [BR_STATUS_SKIPPED] = "skipped",
};

const char *
br_status_name (enum br_status status)
{
  return status_names[status];
}

/* The old text goes only when the new one is there. */
static int
replace (char **member, const char *text)
{
  char *copied;

  if (br_str_copy (&copied, text) < 0)
    return -1;
  free (*member);
  *member = copied;
  return 0;
}

/* ---- Life ---- */

struct br_result *
br_result_new (const char *config_id)
{
  struct br_result *result = calloc (1, sizeof *result);

  if (result == NULL)
    return NULL;
  clock_gettime (CLOCK_REALTIME, &result->start);
  clock_gettime (CLOCK_MONOTONIC, &result->started);
  result->environment = json_object_new_object ();
  result->warnings = json_object_new_array ();
  if (br_str_copy (&result->config_id, config_id) == 0 && br_metrics_init (&result->metrics) == 0 &&
      result->environment != NULL && result->warnings != NULL)
    return result;
  br_result_free (result);
  return NULL;
}

int
br_result_complete (struct br_result *result, enum br_status status, const char *error_message)
{
  struct timespec now;

  if (replace (&result->error_message, error_message) < 0)
    return -1;
  result->status = status;
  clock_gettime (CLOCK_REALTIME, &result->end);
  clock_gettime (CLOCK_MONOTONIC, &now);
  result->duration_seconds =
      (double) (now.tv_sec - result->started.tv_sec) + (double) (now.tv_nsec - result->started.tv_nsec) / 1e9;
  return 0;
}

int
br_result_is_successful (const struct br_result *result)
{
  return result->status == BR_STATUS_SUCCESS;
}

int
br_result_has_metrics (const struct br_result *result)
{
  int i;

  if (!br_result_is_successful (result))
    return 0;
  for (i = 0; i < BR_N_METRICS; i++)
    if (result->metrics.has[i])
      return 1;
  return 0;
}

/* ---- Lists ---- */

/* items with room for one more, zeroed; NULL: memory, and the old ones stay. */
static void *
one_more (void *items, size_t n, size_t size)
{
  char *bigger = realloc (items, (n + 1) * size);

  if (bigger != NULL)
    memset (bigger + n * size, 0, size);
  return bigger;
}

static int
set_named_path (struct br_named_paths *paths, const char *name, const char *path)
{
  struct br_named_path *items, entry;
  size_t i;

  for (i = 0; i < paths->n; i++)
    if (strcmp (paths->items[i].name, name) == 0)
      return replace (&paths->items[i].path, path);
  items = one_more (paths->items, paths->n, sizeof *items);
  if (items == NULL)
    return -1;
  paths->items = items;
  if ((br_str_copy (&entry.name, name) | br_str_copy (&entry.path, path)) < 0) {
    free (entry.name);
    free (entry.path);
    return -1;
  }
  items[paths->n++] = entry;
  return 0;
}

int
br_result_add_artifact (struct br_result *result, const char *name, const char *path)
{
  return set_named_path (&result->artifacts, name, path);
}

int
br_result_add_log (struct br_result *result, const char *name, const char *path)
{
  return set_named_path (&result->logs, name, path);
}

const char *
br_result_artifact (const struct br_result *result, const char *name)
{
  size_t i;

  for (i = 0; i < result->artifacts.n; i++)
    if (strcmp (result->artifacts.items[i].name, name) == 0)
      return result->artifacts.items[i].path;
  return NULL;
}

static void
step_clear (struct br_step_result *step)
{
  free (step->name);
  free (step->kind);
  free (step->plugin);
  free (step->version);
  free (step->error_category);
  free (step->error_message);
  json_object_put (step->parameters);
}

struct br_step_result *
br_result_add_step (struct br_result *result, const char *name, const char *kind, const char *plugin,
                    const char *version)
{
  struct br_step_result *steps = one_more (result->steps, result->n_steps, sizeof *steps), *step;

  if (steps == NULL)
    return NULL;
  result->steps = steps;
  step = &steps[result->n_steps];
  step->parameters = json_object_new_object ();
  if ((br_str_copy (&step->name, name) | br_str_copy (&step->kind, kind) |
       br_str_copy (&step->plugin, plugin) | br_str_copy (&step->version, version)) < 0 ||
      step->parameters == NULL) {
    step_clear (step);
    return NULL;
  }
  result->n_steps++;
  return step;
}

int
br_result_add_warning (struct br_result *result, const char *text)
{
  struct json_object *warning = json_object_new_string (text);

  if (warning != NULL && json_object_array_add (result->warnings, warning) == 0)
    return 0;
  json_object_put (warning);
  return -1;
}

/* ---- Error ---- */

int
br_result_set_error (struct br_result *result, const char *category, const char *summary, const char *where)
{
  struct br_result_error *error = &result->error;

  if (error->category != NULL)
    return 0;
  if ((replace (&error->summary, summary) | replace (&error->where, where)) < 0)
    return -1;
  return replace (&error->category, category);
}

int
br_result_add_evidence (struct br_result *result, const char *file, size_t line, const char *text)
{
  struct br_result_error *error = &result->error;
  struct br_evidence *items = one_more (error->evidence, error->n_evidence, sizeof *items), *evidence;

  if (items == NULL)
    return -1;
  error->evidence = items;
  evidence = &items[error->n_evidence];
  evidence->line = line;
  if ((br_str_copy (&evidence->file, file) | br_str_copy (&evidence->text, text)) < 0) {
    free (evidence->file);
    free (evidence->text);
    return -1;
  }
  error->n_evidence++;
  return 0;
}

int
br_result_add_tip (struct br_result *result, const char *tip)
{
  struct br_result_error *error = &result->error;
  char **tips = one_more (error->tips, error->n_tips, sizeof *tips);

  if (tips == NULL)
    return -1;
  error->tips = tips;
  if (br_str_copy (&tips[error->n_tips], tip) < 0)
    return -1;
  error->n_tips++;
  return 0;
}

/* ---- End ---- */

static void
named_paths_free (struct br_named_paths *paths)
{
  size_t i;

  for (i = 0; i < paths->n; i++) {
    free (paths->items[i].name);
    free (paths->items[i].path);
  }
  free (paths->items);
}

static void
error_free (struct br_result_error *error)
{
  size_t i;

  free (error->category);
  free (error->summary);
  free (error->where);
  for (i = 0; i < error->n_evidence; i++) {
    free (error->evidence[i].file);
    free (error->evidence[i].text);
  }
  free (error->evidence);
  for (i = 0; i < error->n_tips; i++)
    free (error->tips[i]);
  free (error->tips);
}

void
br_result_free (struct br_result *result)
{
  size_t i;

  if (result == NULL)
    return;
  for (i = 0; i < result->n_steps; i++)
    step_clear (&result->steps[i]);
  free (result->steps);
  named_paths_free (&result->artifacts);
  named_paths_free (&result->logs);
  error_free (&result->error);
  br_metrics_free (&result->metrics);
  json_object_put (result->environment);
  json_object_put (result->warnings);
  free (result->config_id);
  free (result->error_message);
  free (result->backend_name);
  free (result->backend_version);
  free (result->backend_module);
  free (result->backend_sha256);
  free (result);
}
