/* SPDX-License-Identifier: BSD-3-Clause */
/* One build, from the host's side. */
#include <config.h>

#include "core/run/run.h"

#include <string.h>

#include "common/str.h"
#include "core/run/run_private.h"

int
br_run_exit_code (const struct br_result *result)
{
  const char *category = result->error.category;

  switch (result->status) {
  case BR_STATUS_SUCCESS:
  case BR_STATUS_SKIPPED:
    return BR_EXIT_OK;
  case BR_STATUS_TIMEOUT:
    return BR_EXIT_TIMEOUT;
  default:
    break;
  }
  if (category == NULL || strcmp (category, "interrupted") != 0)
    return BR_EXIT_FAILED;
  /* the supervisor ends its line with the signal */
  return br_str_ends (result->error.summary, "(SIGTERM)") ? BR_EXIT_TERMINATED : BR_EXIT_INTERRUPTED;
}

/* *started: a build that has begun and cannot leave a result has failed; it is not one that could not start. */
static struct br_result *
run_job (const struct br_job *job, const struct br_run_options *options, int *started, struct br_error *err)
{
  struct br_output output = { .lock = -1 };
  struct br_result *result;

  if (br_output_open (&output, job->output_dir, err) < 0)
    return NULL;
  if (options->in_process)
    result = br_run_in_process (job, options, started, err);
  else
    result = br_run_isolated (job, options, &output, started, err);
  if (result == NULL)
    br_output_abandon (&output, job->output_dir);
  br_output_close (&output);
  return result;
}

struct br_result *
br_run (struct br_plan *plan, const struct br_run_options *options, int *exit_code, struct br_error *err)
{
  struct br_job *job = br_job_new (plan, options, err);
  int started = 0;
  struct br_result *result = job != NULL ? run_job (job, options, &started, err) : NULL;

  br_job_free (job);
  if (result != NULL)
    *exit_code = br_run_exit_code (result);
  else
    *exit_code = started ? BR_EXIT_FAILED : BR_EXIT_CONFIG;
  return result;
}
