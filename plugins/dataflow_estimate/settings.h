/* SPDX-License-Identifier: BSD-3-Clause */
/* What a build's configuration says to the estimator. */
#ifndef BR_DATAFLOW_ESTIMATE_SETTINGS_H
#define BR_DATAFLOW_ESTIMATE_SETTINGS_H

#include <buildrunner/plugin.h>

#include "plugins/dataflow_estimate/estimate/fit.h"
#include "plugins/dataflow_estimate/sweep.h"

struct settings {
  struct est_options options; /* part, folding and specialize point into the members below */
  struct est_load_options load;
  char *part;                               /* owned */
  const char *board;                        /* borrowed from the host; NULL: a part was given */
  struct json_object *folding, *specialize; /* owned; NULL: none */
  struct br_device device;
  int device_known;
  int fits;                   /* 1: a fit does the folding */
  struct est_fit_options fit; /* also without one: ceilings and limits, for sweeps */
  struct sweep sweep;
};

/* The backend's parameter table. */
extern const struct br_param *const settings_params[];

/* Category "config" for what is wrong, naming the setting. Freed with settings_free () also after a failure. */
int32_t settings_read (const struct br_host *host, struct br_build *build, struct settings *settings);
void settings_free (struct settings *settings);
/* Part of settings_read (): the parameters of the fit. */
int32_t settings_read_fit (const struct br_host *host, struct br_build *build, struct settings *settings);
/* "none": 0; "throughput", "resources": 1 and *goal is set; else -1. */
int settings_goal (const char *word, enum est_goal *goal);
/* 0, or -1 where one is not known. */
int settings_totals (const struct br_device *device, int64_t total[EST_N_RESOURCES]);
/* Would the layers of the flow's own reports be without names? */
int settings_collapse (const struct settings *settings);
/* The flow's configuration file with what the estimator was told. 0, or -1 after fail. */
int32_t settings_write (const struct br_host *host, struct br_build *build, const struct settings *settings);

#endif
