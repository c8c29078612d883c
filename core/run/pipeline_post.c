/* SPDX-License-Identifier: BSD-3-Clause */
/* Postprocessing: each analysis writes a JSON document; only a required one can fail the build. */
#include <config.h>

#include "core/run/pipeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/str.h"
#include "core/run/output.h"

#define REPORT_LIMIT (256u << 20) /* bytes */

static int
check_report (const struct br_job_step *step, const char *out, struct br_error *err)
{
  BR_AUTOFREE char *text = NULL;
  struct json_object *report = NULL;
  struct br_error why = { 0 };
  size_t size = 0;
  int ret = 0;

  if (access (out, F_OK) < 0)
    return br_error_set (err, "postprocessing", "the analysis %s wrote no report", step->plugin);
  if (br_file_read (out, REPORT_LIMIT, &text, &size, &why) < 0 ||
      (report = br_json_parse (text, size, &why)) == NULL) {
    BR_AUTOFREE char *what = br_printf ("the report of the analysis %s", step->plugin);

    ret = what != NULL ? br_error_pass (err, &why, "postprocessing", what) : br_error_oom (err);
  }
  json_object_put (report);
  br_error_clear (&why);
  return ret;
}

static int
add_report (struct br_pipeline *p, const struct br_job_step *step, struct br_error *err)
{
  BR_AUTOFREE char *name = br_printf ("%s_analysis", step->file);
  BR_AUTOFREE char *path = br_printf ("%s/%s.json", BR_OUTPUT_POST, step->file);

  if (name == NULL || path == NULL || br_result_add_artifact (p->result, name, path) < 0)
    return br_error_oom (err);
  p->sink->changed (p->sink->closure, p->result, "artifact", name);
  return 0;
}

static int
analyse (struct br_pipeline *p, const struct br_job_step *step, struct br_error *err)
{
  BR_AUTOFREE char *out = br_output_path (p->job, BR_OUTPUT_POST, step->file, ".json");
  struct br_module_handle *module = br_modules_open (p->modules, step->path, err);
  const struct br_analysis *analysis;
  struct br_build_spec spec;

  if (module == NULL)
    return -1;
  if (out == NULL)
    return br_error_oom (err);
  if ((analysis = br_modules_analysis (p->modules, module, step->plugin)) == NULL)
    return br_error_set (err, "plugin", "%s has no analysis %s any more", step->path, step->plugin);
  if (unlink (out) < 0 && errno != ENOENT)
    return br_error_errno (err, "cannot remove", out);
  br_pipeline_spec (p, step, p->post_dir, module, &spec);
  spec.model = p->model;
  spec.step_name = step->name;
  spec.only_absent_metrics = 1;
  if (br_call_analysis (analysis, &spec, out, err) < 0 || check_report (step, out, err) < 0)
    return -1;
  return add_report (p, step, err);
}

static int
run_step (struct br_pipeline *p, size_t i, struct br_failure *failure)
{
  size_t index = br_job_postprocessing_index (p->job, i);
  const struct br_job_step *step = &p->job->postprocessing[i];
  struct br_failure harmless = { .index = BR_NO_STEP };
  struct br_error why = { 0 };
  double begun = br_pipeline_step_begin (p, index);
  int ret = analyse (p, step, &why);

  ret = br_pipeline_step_end (p, index, begun, ret, &why, step->required ? failure : &harmless);
  br_error_clear (&harmless.error);
  return step->required ? ret : 0;
}

int
br_pipeline_analyse (struct br_pipeline *p, size_t first, struct br_failure *failure)
{
  int ret = 0;

  failure->index = BR_NO_STEP;
  for (size_t i = first; i < p->job->n_postprocessing; i++) {
    if (!p->job->postprocessing[i].enabled)
      continue;
    if (br_pipeline_cancelled (p))
      return br_error_set (&failure->error, "interrupted", "the build was interrupted");
    if (run_step (p, i, failure) < 0)
      ret = -1;
  }
  return ret;
}
