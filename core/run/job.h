/* SPDX-License-Identifier: BSD-3-Clause */
/* What a build has to do, free of config and catalogue: all that the pipelines need, in whichever process they run. */
#ifndef BR_RUN_JOB_H
#define BR_RUN_JOB_H

#include <stddef.h>
#include <stdint.h>

#include "core/data/result.h"
#include "core/run/run.h"

struct json_object;

/* One use of a plugin; strings and parameters are owned. */
struct br_job_step {
  char *name;                     /* of the step in the config; of the plugin for a backend */
  char *file;                     /* name of its output without folder and extension; NULL for a backend */
  char *plugin, *version, *path;  /* path: of the module, as br_modules_open takes it */
  struct json_object *parameters; /* effective */
  int enabled, required;
};

struct br_job {
  char *config_id, *output_dir, *config_dir, *model; /* paths are absolute */
  char *temporary_dir; /* below /tmp; made when a plugin asks for it; NULL in a probe */
  char *device, *output_stage;
  double clock_period_ns;
  struct json_object *config; /* effective */
  struct br_job_step backend;
  int simulated;
  struct br_job_step *preprocessing, *postprocessing;
  size_t n_preprocessing, n_postprocessing;
  char **steps;      /* build steps that remain; ends with NULL */
  char *auto_reason; /* NULL: the backend was named */
  char **warnings;   /* ends with NULL */
  char *rules;       /* file of log rules; NULL: none besides the program's own */
  double wall_seconds, silence_seconds, memory_mb; /* 0: no limit */
  int save_artifacts, keep_scratch;
  int keep_supervisor; /* it waits for another job afterwards */
  int skip;            /* the backend lacks the output stage, and that is fine */
};

/* NULL: memory, or a plan without a model. Borrows nothing from the plan. */
struct br_job *br_job_new (const struct br_plan *plan, const struct br_run_options *options,
                           struct br_error *err);
/* For a probe: the backend and the settings alone. */
struct br_job *br_job_new_probe (const struct br_plugin_info *backend, const struct br_config *config,
                                 struct br_error *err);
/* One line of JSON with its end, the caller frees; NULL: memory. */
char *br_job_text (const struct br_job *job);
struct br_job *br_job_parse (const char *text, size_t size, struct br_error *err);
void br_job_free (struct br_job *job);

/* A result that lists every step of the job, none of them begun. NULL: memory. */
struct br_result *br_job_result (const struct br_job *job);
/* Where a step stands in that list. */
size_t br_job_backend_index (const struct br_job *job);
size_t br_job_postprocessing_index (const struct br_job *job, size_t i);
/* "step NAME", "backend NAME": for messages; the caller frees; NULL: memory. */
char *br_job_where (const struct br_result *result, size_t index);

#endif
