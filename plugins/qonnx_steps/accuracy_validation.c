/* SPDX-License-Identifier: BSD-3-Clause */
/* Analysis accuracy_validation: runs the processed model on examples, and compares what comes out with labels, or with what the original model says. It is
   the source of the metric accuracy. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "plugins/qonnx_steps/models.h"
#include "plugins/qonnx_steps/reports.h"
#include "plugins/qonnx_steps/steps.h"
#include "plugins/qonnx_steps/validation.h"

/* ---- parameters ---- */

static const struct br_param data_param = {
  .struct_size = sizeof data_param,
  .type = BR_PARAM_JSON,
  .flags = BR_PARAM_REQUIRED,
  .name = "data",
  .help = "A .npy file of examples, or an object that gives one for each input of the processed model",
};

static const struct br_param labels_param = {
  .struct_size = sizeof labels_param,
  .type = BR_PARAM_PATH,
  .name = "labels",
  .help = "A .npy file of the right classes, one for each example",
};

static const char *const references[] = { "labels", "original", "both", NULL };

static const struct br_param against_param = {
  .struct_size = sizeof against_param,
  .type = BR_PARAM_CHOICE,
  .name = "against",
  .choices = references,
  .help = "What to compare with; without it, labels where they are given, else the original model",
};

static const struct br_param original_param = {
  .struct_size = sizeof original_param,
  .type = BR_PARAM_JSON,
  .name = "original_data",
  .help = "What the original model is fed where that is not the same, likewise",
};

static const struct br_param output_param = {
  .struct_size = sizeof output_param,
  .type = BR_PARAM_STRING,
  .name = "output",
  .help = "The output of the processed model that holds the answers; without it, the first",
};

static const struct br_param top_param = {
  .struct_size = sizeof top_param,
  .type = BR_PARAM_INT,
  .flags = BR_PARAM_HAS_MIN,
  .name = "top_k",
  .default_json = "5",
  .minimum = 1,
  .help = "How many of the best answers are looked through besides the first",
};

static const struct br_param least_param = {
  .struct_size = sizeof least_param,
  .type = BR_PARAM_FLOAT,
  .flags = BR_PARAM_HAS_MIN | BR_PARAM_HAS_MAX,
  .name = "min_accuracy",
  .minimum = 0,
  .maximum = 1,
  .help = "The step fails where the accuracy is below",
};

static const struct br_param *const params[] = { &data_param,     &labels_param, &against_param,
                                                 &original_param, &output_param, &top_param,
                                                 &least_param,    NULL };

/* ---- reading ---- */

static void
side_free (struct qs_side *side)
{
  qs_inputs_free (&side->inputs);
  qx_runner_free (side->runner);
  qx_model_free (side->model);
}

static void
job_free (struct qs_validation *job)
{
  side_free (&job->processed);
  side_free (&job->original);
  qx_tensor_free (job->label_tensor);
  free (job->distances);
  free (job->compared);
}

static int32_t
open_side (const struct qs_validation *job, const char *path, struct qs_side *side)
{
  struct qx_error why = { 0 };

  if ((side->model = qs_model_take (job->host, job->build, path)) == NULL)
    return -1;
  if ((side->runner = qx_runner_new (side->model, NULL, &why)) == NULL)
    return qs_fail_at (job->host, job->build, path, &why);
  return 0;
}

static size_t
count_examples (const struct qs_side *side)
{
  return (size_t) qx_run_examples (side->runner, (const struct qx_tensor *const *) side->inputs.tensors);
}

static int32_t
find_output (struct qs_validation *job)
{
  const struct qx_runner *runner = job->processed.runner;
  const char *name = NULL;

  if (job->host->get_string (job->build, BR_PARAMS, "/output", &name) == -1)
    return -1;
  while (name != NULL && job->output < qx_runner_n_outputs (runner) &&
         strcmp (qx_runner_output (runner, job->output), name) != 0)
    job->output++;
  if (job->output < qx_runner_n_outputs (runner))
    return 0;
  return job->host->fail (job->build, "config", "output: %s is no output of the model",
                          name != NULL ? name : "(the first)");
}

static int32_t
read_choice (struct qs_validation *job)
{
  int has_labels = job->host->json_type (job->build, BR_PARAMS, "/labels") == BR_JSON_STRING;
  const char *against = has_labels ? "labels" : "original";
  int64_t top_k = 5;

  if (job->host->get_string (job->build, BR_PARAMS, "/against", &against) == -1 ||
      job->host->get_int (job->build, BR_PARAMS, "/top_k", &top_k) == -1)
    return -1;
  job->by_labels = strcmp (against, "original") != 0;
  job->by_original = strcmp (against, "labels") != 0;
  job->top_k = (size_t) top_k;
  if (job->by_labels && !has_labels)
    return job->host->fail (job->build, "config", "against %s needs labels", against);
  return 0;
}

static int32_t
read_labels (struct qs_validation *job)
{
  struct qx_error why = { 0 };
  const char *path = "";

  if (!job->by_labels)
    return 0;
  if (job->host->get_string (job->build, BR_PARAMS, "/labels", &path) == -1)
    return -1;
  if ((job->label_tensor = qx_npy_load_as (path, QX_INT64, &why)) == NULL ||
      (job->labels = qx_tensor_ints (job->label_tensor, &why)) == NULL)
    return qs_fail_at (job->host, job->build, path, &why);
  if (qx_tensor_n_elements (job->label_tensor) == job->examples)
    return 0;
  return job->host->fail (job->build, "config", "%s: %zu labels, and there are %zu examples", path,
                          qx_tensor_n_elements (job->label_tensor), job->examples);
}

/* The same tensors for the original model, by their place, brought to its types. */
static int32_t
share_inputs (struct qs_validation *job)
{
  struct qs_inputs *to = &job->original.inputs;
  struct qx_error why = { 0 };
  size_t n = qx_runner_n_inputs (job->original.runner);

  if (n != job->processed.inputs.n)
    return job->host->fail (
        job->build, "config",
        "the original model has %zu inputs, the processed one %zu: original_data is needed", n,
        job->processed.inputs.n);
  if ((to->tensors = calloc (n + 1, sizeof *to->tensors)) == NULL)
    return job->host->fail (job->build, "memory", "out of memory");
  for (to->n = 0; to->n < n; to->n++) {
    int type = qx_elem_type (job->original.model, qx_runner_input (job->original.runner, to->n));
    const struct qx_tensor *from = job->processed.inputs.tensors[to->n];

    to->tensors[to->n] = qx_tensor_convert (from, type == QX_UNDEFINED ? qx_tensor_type (from) : type, &why);
    if (to->tensors[to->n] == NULL)
      return qs_fail (job->host, job->build, &why);
  }
  return 0;
}

static int32_t
open_original (struct qs_validation *job)
{
  int32_t type = job->host->json_type (job->build, BR_PARAMS, "/original_data"), ret;

  if (!job->by_original)
    return 0;
  if (open_side (job, job->host->original_model (job->build), &job->original) == -1)
    return -1;
  if (qx_runner_n_outputs (job->original.runner) == 0)
    return job->host->fail (job->build, "model_load", "%s: the model has no outputs",
                            job->host->original_model (job->build));
  ret = type == BR_JSON_ABSENT || type == BR_JSON_NULL
            ? share_inputs (job)
            : qs_inputs_read (job->host, job->build, "/original_data", job->original.model,
                              job->original.runner, &job->original.inputs);
  if (ret == 0 && count_examples (&job->original) != job->examples)
    ret = job->host->fail (job->build, "config", "original_data: %zu examples, and data has %zu",
                           count_examples (&job->original), job->examples);
  return ret;
}

static int32_t
open_job (struct qs_validation *job)
{
  size_t n;

  if (read_choice (job) == -1 || open_side (job, job->host->model (job->build), &job->processed) == -1 ||
      find_output (job) == -1 ||
      qs_inputs_read (job->host, job->build, "/data", job->processed.model, job->processed.runner,
                      &job->processed.inputs) == -1)
    return -1;
  if ((job->examples = count_examples (&job->processed)) == 0)
    return job->host->fail (job->build, "config", "data: there are no examples");
  n = qx_runner_n_outputs (job->processed.runner);
  job->distances = calloc (n, sizeof *job->distances);
  job->compared = calloc (n, sizeof *job->compared);
  if (job->distances == NULL || job->compared == NULL)
    return job->host->fail (job->build, "memory", "out of memory");
  for (size_t k = 0; k < n; k++)
    job->compared[k] = 1;
  job->has_answers = 1;
  return read_labels (job) == -1 ? -1 : open_original (job);
}

/* ---- the whole ---- */

static int32_t
run (struct qs_validation *job)
{
  struct qx_error why = { 0 };
  const struct qs_side *side = &job->processed;

  if (qx_run_batches (side->runner, (const struct qx_tensor *const *) side->inputs.tensors,
                      qs_validation_look, job, &why) == 0)
    return 0;
  return why.category[0] == '\0' ? -1 : qs_fail (job->host, job->build, &why);
}

/* out, as the result names files. */
static const char *
relative (const struct br_host *host, struct br_build *build, const char *out)
{
  const char *dir = host->output_dir (build);

  if (!br_path_inside (dir, out) || strcmp (dir, out) == 0)
    return out;
  return out + strlen (dir) + strspn (out + strlen (dir), "/");
}

/* A backend that knows the accuracy knows it of the hardware: its figure stands. */
static int32_t
set_metric (const struct qs_validation *job, const char *out)
{
  double known;
  int32_t there = job->host->get_metric (job->build, "accuracy", &known);

  if (there != 0 || !job->has_answers)
    return there == -1 ? -1 : 0;
  if (job->host->set_metric (job->build, "accuracy", qs_validation_accuracy (job), "executed",
                             relative (job->host, job->build, out),
                             job->by_labels ? "labels/accuracy" : "original/agreement") == -1)
    return -1;
  return job->host->set_raw (job->build, "accuracy_reference",
                             job->by_labels ? "\"labels\"" : "\"original\"");
}

static int32_t
check_least (const struct qs_validation *job)
{
  double least = -1;

  if (job->host->get_double (job->build, BR_PARAMS, "/min_accuracy", &least) == -1)
    return -1;
  if (least < 0)
    return 0;
  if (!job->has_answers)
    return job->host->fail (job->build, "config", "min_accuracy: output %s is not one of classes",
                            qx_runner_output (job->processed.runner, job->output));
  if (qs_validation_accuracy (job) < least)
    return job->host->fail (job->build, "postprocessing", "accuracy is %g, min_accuracy %g",
                            qs_validation_accuracy (job), least);
  return 0;
}

static int32_t
validate (struct qs_validation *job, const char *out)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  if (open_job (job) == -1 || run (job) == -1)
    return -1;
  qs_validation_write (job, &w);
  if (qs_document_write (job->host, job->build, out, &text, 0) == -1 || set_metric (job, out) == -1)
    return -1;
  return check_least (job);
}

static int32_t
analyze (const struct br_host *host, struct br_build *build, const char *out)
{
  struct qs_validation job = { .host = host, .build = build };
  int32_t ret = validate (&job, out);

  job_free (&job);
  return ret;
}

const struct br_analysis qs_accuracy_validation = {
  .struct_size = sizeof qs_accuracy_validation,
  .abi_minor = BR_ABI_MINOR,
  .name = "accuracy_validation",
  .title = "Accuracy validation",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "Runs the processed model on examples, and compares with labels or with the original model",
  .params = params,
  .analyze = analyze,
};
