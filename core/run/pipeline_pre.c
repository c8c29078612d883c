/* SPDX-License-Identifier: BSD-3-Clause */
/* Preprocessing: each step reads what the one before it wrote. */
#include <config.h>

#include "core/run/pipeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/model_copy.h"
#include "common/str.h"
#include "core/run/output.h"

/* A step that says it succeeded has to have written a model. */
static int
check_output (const struct br_job_step *step, const char *out, struct br_error *err)
{
  struct stat st;

  if (lstat (out, &st) < 0)
    return br_error_set (err, "preprocessing", "the transform %s wrote no model", step->plugin);
  if (!S_ISREG (st.st_mode) || st.st_size == 0)
    return br_error_set (err, "preprocessing", "the transform %s wrote %s", step->plugin,
                         S_ISREG (st.st_mode) ? "an empty file" : "something that is not a regular file");
  return 0;
}

static int
apply (struct br_pipeline *p, const struct br_job_step *step, const char *in, const char *out,
       struct br_error *err)
{
  struct br_module_handle *module = br_modules_open (p->modules, step->path, err);
  const struct br_transform *transform;
  struct br_build_spec spec;

  if (module == NULL)
    return -1;
  if ((transform = br_modules_transform (p->modules, module, step->plugin)) == NULL)
    return br_error_set (err, "plugin", "%s has no transform %s any more", step->path, step->plugin);
  if (unlink (out) < 0 && errno != ENOENT)
    return br_error_errno (err, "cannot remove", out);
  br_pipeline_spec (p, step, p->pre_dir, module, &spec);
  spec.model = in;
  spec.step_name = step->name;
  if (br_call_transform (transform, &spec, in, out, err) < 0)
    return -1;
  return check_output (step, out, err);
}

/* hash is the input's before, the output's afterwards. */
static int
run_step (struct br_pipeline *p, size_t index, const char *in, const char *out, char hash[BR_SHA256_HEX],
          struct br_failure *failure)
{
  struct br_step_result *result = &p->result->steps[index];
  struct br_error why = { 0 };
  double begun = br_pipeline_step_begin (p, index);
  int ret;

  memcpy (result->input_sha256, hash, BR_SHA256_HEX);
  ret = apply (p, &p->job->preprocessing[index], in, out, &why);
  if (ret == 0)
    ret = br_sha256_file (out, hash, &why);
  if (ret == 0)
    memcpy (result->output_sha256, hash, BR_SHA256_HEX);
  return br_pipeline_step_end (p, index, begun, ret, &why, failure);
}

/* *model is the last step's output, the caller's to free, or NULL where no step is enabled. */
static int
run_chain (struct br_pipeline *p, char **model, char hash[BR_SHA256_HEX], struct br_failure *failure)
{
  for (size_t i = 0; i < p->job->n_preprocessing; i++) {
    char *out;

    if (!p->job->preprocessing[i].enabled)
      continue;
    out = br_output_path (p->job, BR_OUTPUT_PRE, p->job->preprocessing[i].file, ".onnx");
    if (out == NULL)
      return br_error_oom (&failure->error);
    if (run_step (p, i, *model != NULL ? *model : p->job->model, out, hash, failure) < 0) {
      free (out);
      return -1;
    }
    free (*model);
    *model = out;
  }
  return 0;
}

/* The result lists what came along, so that the next build into the folder clears it. */
static int
list_data (struct br_pipeline *p, const struct br_model_data *data, struct br_error *err)
{
  for (size_t i = 0; i < data->n; i++) {
    BR_AUTOFREE char *name = br_printf ("external_data/%s", data->locations[i]);

    if (name == NULL || br_result_add_artifact (p->result, name, data->locations[i]) < 0)
      return br_error_oom (err);
    p->sink->changed (p->sink->closure, p->result, "artifact", name);
  }
  return 0;
}

/* A hard link only to a file that this build wrote: the original is somebody else's. Nothing comes over a file of the build's. */
static int
place_model (struct br_pipeline *p, const char *model, struct br_error *err)
{
  static const char *const ours[] = { BR_OUTPUT_RESULT, BR_OUTPUT_CONFIG, BR_OUTPUT_MODEL,
                                      BR_OUTPUT_LOG,    BR_OUTPUT_REPORT, NULL };
  const struct br_model_copy copy = {
    .from = model != NULL ? model : p->job->model, .to = p->model, .link_ok = model != NULL, .reserved = ours
  };
  struct br_model_data data = { 0 };
  int ret = br_model_copy (&copy, &data, err);

  if (list_data (p, &data, err) < 0)
    ret = -1;
  br_model_data_free (&data);
  return ret;
}

/* Of a model that may be read it is not the model that is to blame, but this machine. */
static int
fail_to_load (const struct br_pipeline *p, struct br_error *why, struct br_error *err)
{
  if (access (p->job->model, R_OK) == 0)
    br_error_move (err, why);
  else
    br_error_set (err, "model_load", "%s", br_error_text (why));
  br_error_clear (why);
  return -1;
}

int
br_pipeline_preprocess (struct br_pipeline *p, char hash[BR_SHA256_HEX], struct br_failure *failure)
{
  BR_AUTOFREE char *model = NULL;
  struct br_error why = { 0 };

  if (br_sha256_file (p->job->model, hash, &why) < 0)
    return fail_to_load (p, &why, &failure->error);
  if (run_chain (p, &model, hash, failure) < 0)
    return -1;
  return place_model (p, model, &failure->error);
}
