/* SPDX-License-Identifier: BSD-3-Clause */
/* A build whose plugins run in this process, for programs that trust them. */
#include <config.h>

#include "core/run/run_private.h"

#include <stdint.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "core/proc/clock.h"
#include "core/run/finish.h"

/* ---- The sink: what happens goes to the observer at once ---- */

static void
on_step_begin (void *closure, const struct br_result *result, size_t index)
{
  const struct br_run_observer *observer = closure;
  const struct br_step_result *step = &result->steps[index];

  if (observer != NULL && observer->step_begin != NULL)
    observer->step_begin (observer->closure, step->kind, step->name);
}

static void
on_step_end (void *closure, const struct br_result *result, size_t index)
{
  const struct br_run_observer *observer = closure;

  if (observer != NULL && observer->step_end != NULL)
    observer->step_end (observer->closure, &result->steps[index]);
}

static void
on_changed (void *closure, const struct br_result *result, const char *what, const char *name)
{
  (void) closure;
  (void) result;
  (void) what;
  (void) name;
}

static void
on_nothing (void *closure)
{
  (void) closure;
}

static void
on_progress (void *closure, double fraction, const char *what)
{
  const struct br_run_observer *observer = closure;

  if (observer != NULL && observer->progress != NULL)
    observer->progress (observer->closure, fraction, what);
}

static void
on_log (void *closure, int level, const char *text)
{
  const struct br_run_observer *observer = closure;

  if (observer != NULL && observer->log != NULL)
    observer->log (observer->closure, level, text);
}

static void
make_sink (const struct br_run_observer *observer, struct br_sink *sink)
{
  sink->step_begin = on_step_begin;
  sink->step_end = on_step_end;
  sink->changed = on_changed;
  sink->built = on_nothing;
  sink->alive = on_nothing;
  sink->progress = on_progress;
  sink->log = on_log;
  sink->closure = (void *) (uintptr_t) observer;
}

/* ---- The build ---- */

static int
run_pipelines (struct br_pipeline *p, struct br_failure *failure)
{
  int ret = -1;

  if (p->job->skip)
    return 0;
  if (br_pipeline_begin (p, &failure->error) == 0 && br_pipeline_build (p, failure) == 0)
    ret = br_pipeline_analyse (p, 0, failure);
  br_pipeline_end (p);
  return ret;
}

/* Of many builds with the same modules only the first has to read the file. That a module cannot be opened is the pipeline's to say. */
static const char *
known_hash (struct br_modules *modules, const struct br_job *job)
{
  struct br_error none = { 0 };
  struct br_module_handle *module = br_modules_open (modules, job->backend.path, &none);

  br_error_clear (&none);
  return module != NULL ? br_module_handle_sha256 (module) : NULL;
}

/* 0, or -1 with the failure of the build. */
static int
run_with (struct br_modules *modules, const struct br_job *job, const struct br_run_options *options,
          struct br_result *result, struct br_failure *failure)
{
  BR_AUTOCLOSE int log = br_start (job, result, &failure->error);
  struct br_sink sink;
  struct br_pipeline p = { .job = job,
                           .result = result,
                           .modules = modules,
                           .sink = &sink,
                           .cancel_fd = options->interrupt_fd > 0 ? options->interrupt_fd : -1,
                           .log_fd = log,
                           .wall_end = job->wall_seconds > 0 ? br_clock_now () + job->wall_seconds : 0,
                           .silence_seconds = job->silence_seconds,
                           .memory_mb = job->memory_mb };

  if (log < 0)
    return -1;
  if (br_identify (job, known_hash (modules, job), result) < 0)
    return br_error_oom (&failure->error);
  make_sink (options->observer, &sink);
  return run_pipelines (&p, failure);
}

struct br_result *
br_run_in_process (const struct br_job *job, const struct br_run_options *options, int *started,
                   struct br_error *err)
{
  struct br_modules *own = options->modules == NULL ? br_modules_new () : NULL;
  struct br_modules *modules = own != NULL ? own : options->modules;
  struct br_result *result = br_job_result (job);
  struct br_failure failure = { .index = BR_NO_STEP };
  int ret;

  if (modules == NULL || result == NULL)
    ret = br_error_oom (err);
  else {
    *started = 1;
    ret = run_with (modules, job, options, result, &failure);
    ret = br_finish (job, result, ret < 0 ? &failure : NULL, err);
  }
  br_error_clear (&failure.error);
  br_modules_free (own);
  if (ret == 0)
    return result;
  br_result_free (result);
  return NULL;
}
