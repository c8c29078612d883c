/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of a build: everything that a result says is there before build_result.json is, and that one comes last. */
#include <config.h>

#include "core/run/finish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_write.h"
#include "common/path.h"
#include "common/str.h"
#include "core/diagnose/diagnose.h"
#include "core/diagnose/rules.h"
#include "core/run/output.h"

/* ---- What went wrong ---- */

static int
is_preprocessing (const struct br_result *result, size_t index)
{
  return index != BR_NO_STEP && strcmp (result->steps[index].kind, "preprocessing") == 0;
}

static enum br_status
status_of (const struct br_error *error)
{
  return strcmp (error->category, "timeout") == 0 ? BR_STATUS_TIMEOUT : BR_STATUS_FAILED;
}

static int
complete_failed (struct br_result *result, const struct br_failure *failure)
{
  const char *text = br_error_text (&failure->error);
  BR_AUTOFREE char *where =
      failure->index != BR_NO_STEP ? br_job_where (result, failure->index) : strdup ("the build itself");
  BR_AUTOFREE char *message =
      is_preprocessing (result, failure->index)
          ? br_printf ("Preprocessing failed in step %s: %s", result->steps[failure->index].name, text)
          : strdup (text);

  if (where == NULL || message == NULL ||
      br_result_set_error (result, failure->error.category, text, where) < 0)
    return -1;
  return br_result_complete (result, status_of (&failure->error), message);
}

static int
complete (const struct br_job *job, struct br_result *result, const struct br_failure *failure)
{
  BR_AUTOFREE char *why = NULL;

  for (size_t i = 0; i < result->n_steps; i++)
    if (result->steps[i].status == BR_STATUS_NONE)
      result->steps[i].status = BR_STATUS_SKIPPED;
  if (failure != NULL)
    return complete_failed (result, failure);
  if (!job->skip)
    return br_result_complete (result, BR_STATUS_SUCCESS, NULL);
  why = br_printf ("the backend %s has no output stage %s", job->backend.name, job->output_stage);
  return why != NULL ? br_result_complete (result, BR_STATUS_SKIPPED, why) : -1;
}

/* ---- Files ---- */

static int
list_log (const struct br_job *job, struct br_result *result)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, BR_OUTPUT_LOG, "");
  struct stat st;

  if (path == NULL)
    return -1;
  if (stat (path, &st) < 0)
    return 0;
  return br_result_add_log (result, "build_dataflow", BR_OUTPUT_LOG);
}

int
br_finish_temporary (const struct br_job *job, struct br_error *err)
{
  if (job->temporary_dir == NULL || rmdir (job->temporary_dir) == 0 || errno == ENOENT)
    return 0;
  return br_dir_remove (job->temporary_dir, err);
}

/* The scratch folder of a failed build is evidence, as long as there is anything in it. */
static int
keep_or_remove_scratch (const struct br_job *job, struct br_result *result, int *kept, struct br_error *err)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, BR_OUTPUT_SCRATCH, "");

  *kept = 0;
  if (path == NULL)
    return br_error_oom (err);
  if (rmdir (path) == 0 || errno == ENOENT)
    return 0;
  if (!job->keep_scratch && result->status != BR_STATUS_FAILED && result->status != BR_STATUS_TIMEOUT)
    return br_dir_remove (path, err);
  *kept = 1;
  if (br_json_add (result->environment, "scratch", json_object_new_string (BR_OUTPUT_SCRATCH)) < 0)
    return br_error_oom (err);
  return 0;
}

/* "artifacts/…" leaves the list when its file leaves the folder. */
static void
unlist_artifacts (struct br_result *result)
{
  struct br_named_paths *list = &result->artifacts;
  size_t kept = 0;

  for (size_t i = 0; i < list->n; i++) {
    if (!br_str_starts (list->items[i].path, BR_OUTPUT_ARTIFACTS "/")) {
      list->items[kept++] = list->items[i];
      continue;
    }
    free (list->items[i].name);
    free (list->items[i].path);
  }
  list->n = kept;
}

static int
drop_artifacts (const struct br_job *job, struct br_result *result, struct br_error *err)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, BR_OUTPUT_ARTIFACTS, "");

  if (job->save_artifacts)
    return 0;
  if (path == NULL)
    return br_error_oom (err);
  unlist_artifacts (result);
  return br_dir_remove (path, err);
}

static int
write_report (const struct br_job *job, const struct br_result *result, int scratch_kept,
              struct br_error *err)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, BR_OUTPUT_REPORT, "");
  BR_AUTOFREE char *scratch = scratch_kept ? br_output_path (job, NULL, BR_OUTPUT_SCRATCH, "") : NULL;
  const struct br_report_subject subject = {
    .model = job->model,
    .device = job->device,
    .output_stage = job->output_stage,
    .output_dir = job->output_dir,
    .scratch = scratch,
    .clock_period_ns = job->clock_period_ns,
    .kernels = json_object_object_get (job->config, "kernels"),
    .transforms = json_object_object_get (job->config, "transforms"),
  };
  BR_AUTOFREE char *text = br_error_report (result, &subject);

  if (path == NULL || text == NULL)
    return br_error_oom (err);
  return br_file_write_plain (path, text, strlen (text), err);
}

static int
write_result (const struct br_job *job, const struct br_result *result, struct br_error *err)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, BR_OUTPUT_RESULT, "");
  BR_AUTOFREE char *text = br_result_text (result);

  if (path == NULL || text == NULL)
    return br_error_oom (err);
  if (br_file_write_atomic (path, text, strlen (text), err) == 0)
    return 0;
  /* in place, but perhaps not on disk: it must not say that the build is done */
  unlink (path);
  return -1;
}

/* ---- The end ---- */

/* What is only there for people costs no result: a disk that is full must not. */
static void
warn (struct br_result *result, struct br_error *why)
{
  if (br_error_is_set (why))
    br_result_add_warning (result, br_error_text (why));
  br_error_clear (why);
}

/* A file of rules that was right when the build began, and is not now, costs its rules only. */
static struct br_rules *
load_rules (const struct br_job *job, struct br_result *result)
{
  struct br_problems problems = { 0 };
  struct br_rules *rules = br_rules_load (job->rules, &problems);

  if (rules == NULL && job->rules != NULL && !problems.failed) {
    br_result_add_warning (result, "the file of log rules cannot be read any more: its rules were not used");
    rules = br_rules_load (NULL, &problems);
  }
  br_problems_free (&problems);
  return rules;
}

static int
diagnose (const struct br_job *job, struct br_result *result)
{
  struct br_rules *rules = load_rules (job, result);
  int ret = rules != NULL ? br_diagnose (result, rules, job->output_dir, BR_OUTPUT_LOG) : -1;

  br_rules_free (rules);
  return ret;
}

int
br_finish (const struct br_job *job, struct br_result *result, struct br_failure *failure,
           struct br_error *err)
{
  struct br_error why = { 0 };
  int kept = 0;

  br_finish_temporary (job, &why);
  warn (result, &why);
  if (complete (job, result, failure) < 0 || list_log (job, result) < 0)
    return br_error_oom (err);
  /* a folder that stays has to be named */
  if (keep_or_remove_scratch (job, result, &kept, &why) < 0 && strcmp (why.category, "memory") == 0) {
    br_error_move (err, &why);
    return -1;
  }
  warn (result, &why);
  drop_artifacts (job, result, &why);
  warn (result, &why);
  if (failure != NULL) {
    if (diagnose (job, result) < 0)
      return br_error_oom (err);
    write_report (job, result, kept, &why);
    warn (result, &why);
    br_error_clear (&failure->error);
  }
  return write_result (job, result, err);
}
