/* SPDX-License-Identifier: BSD-3-Clause */
/* The backend, and what the collector makes of its reports. */
#include <config.h>

#include "core/run/pipeline.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/metrics/collect.h"
#include "core/metrics/device.h"

static int
warn (void *closure, const char *text, struct br_error *err)
{
  (void) err;
  br_pipeline_log (closure, BR_LOG_WARNING, text);
  return 0;
}

/* Without totals there is no utilisation, and somebody should know why. */
static int
warn_of_device (struct br_pipeline *p, struct br_error *err)
{
  BR_AUTOFREE char *text = NULL;

  if (p->job->device == NULL || br_device_find (p->job->device, NULL, NULL) != NULL)
    return 0;
  text = br_printf ("the device %s is not in the device table: utilisation is not known", p->job->device);
  return text != NULL ? warn (p, text, err) : br_error_oom (err);
}

static int
collect (struct br_pipeline *p, const struct timespec *since, struct br_error *err)
{
  const struct br_collect collect = {
    .output_dir = p->job->output_dir, .device = p->job->device, .since = *since, .warn = warn, .closure = p
  };
  int ret = br_metrics_collect (&collect, &p->result->metrics, err);

  p->sink->changed (p->sink->closure, p->result, "metrics", NULL);
  return ret;
}

static int
run (struct br_pipeline *p, struct br_error *err)
{
  const struct br_job_step *step = &p->job->backend;
  struct br_module_handle *module = br_modules_open (p->modules, step->path, err);
  const struct br_backend *backend;
  struct br_build_spec spec;
  struct timespec since;

  if (module == NULL)
    return -1;
  if ((backend = br_modules_backend (p->modules, module, step->plugin)) == NULL)
    return br_error_set (err, "plugin", "%s has no backend %s any more", step->path, step->plugin);
  br_pipeline_spec (p, step, NULL, module, &spec);
  spec.model = p->model;
  clock_gettime (CLOCK_REALTIME_COARSE, &since); /* the clock of file times */
  if (br_call_backend (backend, &spec, err) < 0)
    return -1;
  p->result->measured = 1;
  return warn_of_device (p, err) < 0 ? -1 : collect (p, &since, err);
}

int
br_pipeline_run_backend (struct br_pipeline *p, const char *hash, struct br_failure *failure)
{
  size_t index = br_job_backend_index (p->job);
  struct br_error why = { 0 };
  double begun = br_pipeline_step_begin (p, index);

  memcpy (p->result->steps[index].input_sha256, hash, BR_SHA256_HEX);
  return br_pipeline_step_end (p, index, begun, run (p, &why), &why, failure);
}
