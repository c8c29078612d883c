/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of a build, and what all its steps share. */
#include <config.h>

#include "core/run/pipeline.h"

#include <json-c/json.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/str.h"
#include "core/metrics/device.h"
#include "core/proc/cgroup.h"
#include "core/proc/clock.h"
#include "core/run/output.h"

/* ---- Life ---- */

int
br_pipeline_begin (struct br_pipeline *p, struct br_error *err)
{
  p->memo = br_memo_new ();
  p->model = br_output_path (p->job, NULL, BR_OUTPUT_MODEL, "");
  p->scratch = br_output_path (p->job, NULL, BR_OUTPUT_SCRATCH, "");
  p->pre_dir = br_output_path (p->job, NULL, BR_OUTPUT_PRE, "");
  p->post_dir = br_output_path (p->job, NULL, BR_OUTPUT_POST, "");
  if (p->memo != NULL && p->model != NULL && p->scratch != NULL && p->pre_dir != NULL && p->post_dir != NULL)
    return 0;
  return br_error_oom (err);
}

void
br_pipeline_end (struct br_pipeline *p)
{
  br_memo_free (p->memo);
  free (p->model);
  free (p->scratch);
  free (p->pre_dir);
  free (p->post_dir);
}

/* ---- What plugins are lent ---- */

static void
hook_changed (void *closure, const char *what, const char *name)
{
  struct br_pipeline *p = closure;

  p->sink->changed (p->sink->closure, p->result, what, name);
}

static void
hook_progress (void *closure, double fraction, const char *what)
{
  const struct br_pipeline *p = closure;

  p->sink->progress (p->sink->closure, fraction, what);
}

#define MOST_WARNINGS 100 /* in a result; the log has them all */

/* What memory has no room for is in the log. */
static void
keep_warning (const struct br_pipeline *p, const char *text)
{
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

  pthread_mutex_lock (&lock);
  if (json_object_array_length (p->result->warnings) < MOST_WARNINGS &&
      br_result_add_warning (p->result, text) == 0)
    p->sink->changed (p->sink->closure, p->result, "warning", text);
  pthread_mutex_unlock (&lock);
}

/* One write, so that lines of several threads stay whole. A log that cannot be written is no reason to stop. */
void
br_pipeline_log (const struct br_pipeline *p, int level, const char *text)
{
  struct br_str line = { 0 };

  if (level > BR_LOG_DEBUG && p->log_fd >= 0) {
    br_str_add (&line, text);
    br_str_add_char (&line, '\n');
    if (!br_str_failed (&line))
      br_fd_write_all (p->log_fd, line.text, line.length);
    br_str_free (&line);
  }
  p->sink->log (p->sink->closure, level, text);
  if (level == BR_LOG_WARNING && p->result != NULL) /* a probe has none */
    keep_warning (p, text);
}

static void
hook_log (void *closure, int level, const char *text)
{
  br_pipeline_log (closure, level, text);
}

static int
hook_device (void *closure, const char *name, struct br_device *device)
{
  const struct br_pipeline *p = closure;
  const struct br_device_row *row;
  const char *wanted = name != NULL ? name : p->job->device;

  row = wanted != NULL ? br_device_find (wanted, &device->board, &device->part) : NULL;
  if (row == NULL)
    return 0;
  device->family = row->family;
  device->lut = row->lut;
  device->ff = row->ff;
  device->bram_18k = row->bram_18k;
  device->uram = row->uram;
  device->dsp = row->dsp;
  return 1;
}

static int
hook_cancelled (void *closure)
{
  return br_pipeline_cancelled (closure);
}

const struct br_build_hooks br_pipeline_hooks = {
  .changed = hook_changed,
  .progress = hook_progress,
  .log = hook_log,
  .run_command = br_pipeline_command,
  .device = hook_device,
  .cancelled = hook_cancelled,
};

int
br_pipeline_cancelled (const struct br_pipeline *p)
{
  struct pollfd fd = { .fd = p->cancel_fd, .events = POLLIN };

  return p->cancel_fd >= 0 && poll (&fd, 1, 0) > 0;
}

void
br_pipeline_spec (struct br_pipeline *p, const struct br_job_step *step, const char *step_dir,
                  const struct br_module_handle *module, struct br_build_spec *spec)
{
  memset (spec, 0, sizeof *spec);
  spec->config = p->job->config;
  spec->params = step->parameters;
  spec->original_model = p->job->model;
  spec->output_dir = p->job->output_dir;
  spec->scratch_dir = p->scratch;
  spec->temporary_dir = p->job->temporary_dir;
  spec->step_dir = step_dir;
  spec->config_dir = p->job->config_dir;
  spec->steps = (const char *const *) p->job->steps;
  spec->result = p->result;
  spec->memo = p->memo;
  spec->module = module;
  spec->hooks = &br_pipeline_hooks;
  spec->closure = p;
}

/* ---- Steps ---- */

double
br_pipeline_step_begin (struct br_pipeline *p, size_t index)
{
  if (p->cgroup != NULL)
    p->oom_kills = br_cgroup_oom_kills (p->cgroup);
  p->sink->step_begin (p->sink->closure, p->result, index);
  return br_clock_now ();
}

static int
keep_reason (struct br_step_result *step, const struct br_error *why)
{
  free (step->error_category);
  free (step->error_message);
  step->error_category = strdup (why->category);
  step->error_message = strdup (br_error_text (why));
  return step->error_category != NULL && step->error_message != NULL ? 0 : -1;
}

/* Of a step that failed after the kernel had killed one of its programs, that is the reason, whatever it says itself. */
static void
blame_memory (const struct br_pipeline *p, struct br_error *why)
{
  struct br_error itself = { 0 };

  if (p->cgroup == NULL || br_cgroup_oom_kills (p->cgroup) <= p->oom_kills)
    return;
  br_error_move (&itself, why);
  br_error_set (why, "memory", "the memory limit of %g MB was reached, and a program was killed: %s",
                p->job->memory_mb, br_error_text (&itself));
  br_error_clear (&itself);
}

int
br_pipeline_step_end (struct br_pipeline *p, size_t index, double begun, int ret, struct br_error *why,
                      struct br_failure *failure)
{
  struct br_step_result *step = &p->result->steps[index];

  if (ret < 0)
    blame_memory (p, why);
  step->duration_seconds = br_clock_now () - begun;
  step->status = ret == 0 ? BR_STATUS_SUCCESS : BR_STATUS_FAILED;
  if (ret < 0 && keep_reason (step, why) < 0)
    br_error_oom (&failure->error);
  if (ret < 0 && failure->index == BR_NO_STEP) {
    failure->index = index;
    br_error_move (&failure->error, why);
  }
  br_error_clear (why);
  p->sink->step_end (p->sink->closure, p->result, index);
  return ret;
}

/* ---- The order ---- */

/* What an interruption broke is not the plugin's failure. */
static int
check_cancelled (const struct br_pipeline *p, struct br_failure *failure)
{
  if (!br_pipeline_cancelled (p))
    return 0;
  br_error_clear (&failure->error);
  return br_error_set (&failure->error, "interrupted", "the build was interrupted");
}

int
br_pipeline_build (struct br_pipeline *p, struct br_failure *failure)
{
  char hash[BR_SHA256_HEX];

  failure->index = BR_NO_STEP;
  if (br_pipeline_preprocess (p, hash, failure) < 0 || check_cancelled (p, failure) < 0 ||
      br_pipeline_run_backend (p, hash, failure) < 0) {
    check_cancelled (p, failure);
    return -1;
  }
  if (check_cancelled (p, failure) < 0)
    return -1;
  p->sink->built (p->sink->closure);
  return 0;
}
