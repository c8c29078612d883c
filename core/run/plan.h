/* SPDX-License-Identifier: BSD-3-Clause */
/* Which plugin serves what of a config: everything that can be known before a build, known before anything is written. */
#ifndef BR_RUN_PLAN_H
#define BR_RUN_PLAN_H

#include "core/data/config.h"
#include "core/data/stage.h"
#include "core/host/catalogue.h"

struct br_planned_step {
  struct br_step *step;              /* of the config */
  const struct br_plugin_info *info; /* of the catalogue */
  char *file; /* "graph_optimization", "graph_optimization-2": without folder and extension */
};

struct br_plan {
  struct br_config *config;
  const struct br_plugin_info *backend;
  struct br_planned_step *preprocessing, *postprocessing; /* disabled ones included */
  size_t n_preprocessing, n_postprocessing;
  struct br_range range;
  char **warnings;   /* what the backend has no use for, ends with NULL; also among the problems */
  char *auto_reason; /* what auto chose and why the others were not; NULL when a backend was named */
  int stage_unsupported; /* the output stage is not among the backend's and --skip-unsupported was given: the build is skipped */
};

struct br_plan_options {
  int skip_unsupported;
  int ask_named; /* a backend that the config names is asked too: what it cannot serve never becomes a failed build */
  /* Asks a backend whether it can serve: 1, 0 or -1 with a reason. NULL: every backend is taken to say yes. */
  int (*probe) (void *closure, const struct br_plugin_info *backend, const struct br_config *config,
                struct br_error *reason);
  void *closure;
};

/* Looks up every plugin, checks parameters, output stage and range; adds all problems (plugins missing or refused: BR_EXIT_PLUGIN). Fills the effective parameters into
   config->tree. NULL when an error is among the problems: of a config that could not be read whole, what could be is checked. Borrows config and
   catalogue. */
struct br_plan *br_plan_make (struct br_config *config, const struct br_catalogue *catalogue,
                              const struct br_plan_options *options, struct br_problems *problems);
void br_plan_free (struct br_plan *plan);

/* The model can be read, the output folder could be made, and the one is not what a build into the other replaces: as far as the config could be read. */
void br_files_check (const struct br_config *config, struct br_problems *problems);
/* The model file's top-level wire fields, walked in constant memory (DESIGN section 2, step 3). Category "model_load". */
int br_model_probe (const char *path, struct br_error *err);
/* The output folder could be made and written, or is one already; nothing is made. Category "config" or "environment". */
int br_output_dir_check (const char *path, struct br_error *err);
/* The model is not among what a build into dir removes or overwrites. Category "config". */
int br_output_model_check (const char *dir, const char *model, struct br_error *err);

#endif
