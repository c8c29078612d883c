/* SPDX-License-Identifier: BSD-3-Clause */
/* A build of a test: a folder with a model, the modules misbehave and command, a configuration, and what came of it. */
#ifndef BR_TESTS_RUN_RIG_H
#define BR_TESTS_RUN_RIG_H

#include "core/host/catalogue.h"
#include "core/host/modules.h"
#include "core/run/run.h"

struct rig {
  char *dir, *model, *output, *worker; /* output: dir/out, the build's folder */
  struct br_modules *modules;
  struct br_catalogue *catalogue;
  struct br_run_options options;
  /* of the last build */
  struct br_result *result;
  int exit_code;
  struct br_error error;
};

void rig_make (struct rig *rig);
void rig_free (struct rig *rig);
/* Registers a backend of the test's own; for builds in-process. */
void rig_add_backend (struct rig *rig, const struct br_backend *backend);
/* The plan of a configuration: members is JSON text between braces, without "id" and "output_dir". The caller frees both. NULL with the
   first problem in rig->error. */
struct br_plan *rig_plan (struct rig *rig, const char *members, struct br_config **config);
/* Plans and runs; fails the test when there is a problem with the plan. */
void rig_run (struct rig *rig, const char *members);
/* A file of the output folder; NULL when it is not there. The caller frees. */
char *rig_read (const struct rig *rig, const char *name);
int rig_has (const struct rig *rig, const char *name);
const struct br_step_result *rig_step (const struct rig *rig, const char *kind, size_t i);
/* Fails unless build_result.json is valid and says what rig->result says. */
void rig_check_written (const struct rig *rig);
/* Processes in whose command line or environment the folder's name stands, besides this one. */
int rig_processes (const struct rig *rig);

#endif
