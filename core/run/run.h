/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildRunner: one build from a plan to a BuildResult on disk. */
#ifndef BR_RUN_RUN_H
#define BR_RUN_RUN_H

#include "core/data/result.h"
#include "core/host/modules.h"
#include "core/run/kept.h"
#include "core/run/plan.h"

/* What a person or a program may want to see as it happens; each may be NULL; called on the calling thread. */
struct br_run_observer {
  void (*step_begin) (void *closure, const char *kind, const char *name);
  void (*step_end) (void *closure, const struct br_step_result *step);
  void (*progress) (void *closure, double fraction, const char *what);
  void (*log) (void *closure, int level, const char *text);
  void *closure;
};

struct br_run_options {
  int in_process;             /* plugins run in this process: for embedders that trust them */
  int keep_scratch;           /* --keep */
  const char *rules;          /* absolute path of a file of log rules, known to be right; NULL: none */
  struct br_modules *modules; /* in-process: modules are opened here (NULL: one for this run) */
  const char *worker;         /* isolated: the worker program; NULL: br_host_worker_path () */
  struct br_kept
      *kept; /* isolated: where the supervisor waits for the next run; NULL: it ends with this one */
  const struct br_run_observer *observer;
  int interrupt_fd; /* isolated: readable when the run has to end; a byte written there is the signal's number; 0 or -1: none */
};

/* Runs the plan on config->model_path. Starts only when the folder can be locked: a build that cannot start leaves nothing, returns NULL and sets *err and *exit_code
   (3: the folder is busy or cannot be made, …). Otherwise the result, also of a failed build, which stands in build_result.json by then. The caller frees it. */
struct br_result *br_run (struct br_plan *plan, const struct br_run_options *options, int *exit_code,
                          struct br_error *err);
/* The exit code of a build by its result. */
int br_run_exit_code (const struct br_result *result);

/* Asks a backend in a process of its own (answers are kept for the process). 1, 0, -1; *reason for the last two. */
int br_run_probe (const struct br_plugin_info *backend, const struct br_config *config, const char *worker,
                  struct br_error *reason);

/* main () of buildrunner-worker: argv[1] is "scan", "probe" or "build". */
int br_worker_main (int argc, char **argv);

#endif
