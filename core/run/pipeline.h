/* SPDX-License-Identifier: BSD-3-Clause */
/* The pipelines of a build: the same code in the worker and in-process. */
#ifndef BR_RUN_PIPELINE_H
#define BR_RUN_PIPELINE_H

#include "core/host/build.h"
#include "core/run/job.h"
#include "core/run/sink.h"

struct br_cgroup;

struct br_pipeline {
  const struct br_job *job;
  struct br_result *result; /* of br_job_result; may hold what an earlier process did */
  struct br_modules *modules;
  const struct br_sink *sink;
  int cancel_fd;                  /* readable when the build has to end; -1: none */
  int log_fd;                     /* build_dataflow.log, opened for appending */
  double wall_end;                /* a deadline for programs that are run; 0: somebody else keeps the clock */
  double silence_seconds;         /* likewise */
  double memory_mb;               /* of each program; 0: the limit of this process is theirs */
  const struct br_cgroup *cgroup; /* that limits the memory of all; NULL: none */

  /* the pipeline's own */
  struct br_memo *memo;
  char *model, *scratch, *pre_dir, *post_dir;
  long long oom_kills; /* in the group, before the step that runs */
};

/* What went wrong, and in which step; index is (size_t) -1 outside of any. */
struct br_failure {
  struct br_error error;
  size_t index;
};

#define BR_NO_STEP ((size_t) -1)

/* Fills what is the pipeline's own. */
int br_pipeline_begin (struct br_pipeline *p, struct br_error *err);
void br_pipeline_end (struct br_pipeline *p);

/* Preprocessing, the model that the backend reads, the backend, metrics. */
int br_pipeline_build (struct br_pipeline *p, struct br_failure *failure);
/* The enabled analyses from the first-th on. Fails when one that is required does, after all have run. */
int br_pipeline_analyse (struct br_pipeline *p, size_t first, struct br_failure *failure);

/* ---- For the files of the pipelines ---- */

int br_pipeline_preprocess (struct br_pipeline *p, char hash[BR_SHA256_HEX], struct br_failure *failure);
int br_pipeline_run_backend (struct br_pipeline *p, const char *hash, struct br_failure *failure);

/* A step from its beginning to its end; ret is what it returned, why (emptied) the reason: kept in the step and in failure. */
double br_pipeline_step_begin (struct br_pipeline *p, size_t index);
int br_pipeline_step_end (struct br_pipeline *p, size_t index, double begun, int ret, struct br_error *why,
                          struct br_failure *failure);
/* What every call of a plugin is lent. */
void br_pipeline_spec (struct br_pipeline *p, const struct br_job_step *step, const char *step_dir,
                       const struct br_module_handle *module, struct br_build_spec *spec);
extern const struct br_build_hooks br_pipeline_hooks;
/* Into the build's log, to whoever watches, and a warning into the result; from any thread. */
void br_pipeline_log (const struct br_pipeline *p, int level, const char *text);
/* The run_command of the hooks. */
int br_pipeline_command (void *closure, struct br_build *build, const struct br_command *command,
                         struct br_command_result *result, struct br_error *err);
int br_pipeline_cancelled (const struct br_pipeline *p);

#endif
