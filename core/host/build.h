/* SPDX-License-Identifier: BSD-3-Clause */
/* struct br_build, what a plugin's call works on, and the table of host operations that act on it. */
#ifndef BR_HOST_BUILD_H
#define BR_HOST_BUILD_H

#include <buildrunner/plugin.h>

#include "common/error.h"
#include "core/data/result.h"
#include "core/host/modules.h"

struct json_object;

/* What the owner of a build (run/) lends to the operations. Every function may be NULL: then nothing is told,
   no device is known, commands cannot run, nothing is cancelled. */
struct br_build_hooks {
  /* what: metric, raw, artifact, log; the result holds the value. */
  void (*changed) (void *closure, const char *what, const char *name);
  void (*progress) (void *closure, double fraction,
                    const char *what);                      /* from any thread; fraction below 0: not known */
  void (*log) (void *closure, int level, const char *text); /* one message, from any thread */
  /* command and result are of this host's size. -1 with *err: it could not be started, or a limit struck. */
  int (*run_command) (void *closure, struct br_build *build, const struct br_command *command,
                      struct br_command_result *result, struct br_error *err);
  /* 1 known, 0 not. name NULL: the build's own. */
  int (*device) (void *closure, const char *name, struct br_device *device);
  int (*cancelled) (void *closure); /* from any thread */
};

/* Filled by the caller, borrowed for the length of the call. Paths are absolute and normalised, and may be
   NULL. */
struct br_build_spec {
  struct json_object *config, *params; /* effective; nothing changes them during the call */
  const char *original_model, *model;
  const char *output_dir, *scratch_dir, *step_dir, *config_dir;
  const char *temporary_dir; /* made only when a plugin asks for it */
  const char *step_name;
  const char *const *steps; /* ends with NULL */
  struct br_result *result; /* metrics, raw values, artifacts and logs go here; NULL in a probe */
  int only_absent_metrics;  /* 1 for an analysis */
  struct br_memo *memo;     /* NULL: nothing is kept */
  const struct br_module_handle *module;
  const struct br_build_hooks *hooks;
  void *closure;
};

const struct br_host *br_host_operations (void);
struct br_build *br_build_new (const struct br_build_spec *spec); /* NULL: memory */
void br_build_free (struct br_build *build);
/* The spec, for run_command. */
const struct br_build_spec *br_build_spec (const struct br_build *build);
/* What fail left; not set when it was not called. */
const struct br_error *br_build_error (const struct br_build *build);

/* Call a plugin and judge what it returned: 0, or -1 with *err set (what fail said; "plugin", "NAME gave no
   reason"; a failure after fail even for 0). */
int br_call_backend (const struct br_backend *backend, const struct br_build_spec *spec,
                     struct br_error *err);
int br_call_transform (const struct br_transform *transform, const struct br_build_spec *spec, const char *in,
                       const char *out, struct br_error *err);
int br_call_analysis (const struct br_analysis *analysis, const struct br_build_spec *spec, const char *out,
                      struct br_error *err);
/* 1 yes, 0 no (*err says why), -1 cannot tell (*err). */
int br_call_probe (const struct br_backend *backend, const struct br_build_spec *spec, struct br_error *err);

#endif
