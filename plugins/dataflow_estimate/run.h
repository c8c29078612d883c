/* SPDX-License-Identifier: BSD-3-Clause */
/* One build of the estimator, step by step. */
#ifndef BR_DATAFLOW_ESTIMATE_RUN_H
#define BR_DATAFLOW_ESTIMATE_RUN_H

#include "common/str.h"
#include "plugins/dataflow_estimate/settings.h"

struct run {
  const struct br_host *host;
  struct br_build *build;
  struct settings settings;
  struct est_network *network; /* NULL until a step has read the model */
  struct est_point point;
  int partitioned, specialized, folded; /* what has been done to the point */
  int minimizes;                        /* a later step narrows types */
  double fraction;                      /* of the build, before this step */
  double step_fraction;                 /* of one step */
  struct br_str log;                    /* build_dataflow.log */
};

/* Build steps in order, others that are understood, and where types of models enter and come out; as a descriptor needs them. */
extern const char *const run_steps[];
extern const char *const run_extra_steps[];
extern const struct br_type_step *const run_input_types[];
extern const struct br_type_step *const run_output_types[];

/* All steps of the build. 0, or -1 after fail. */
int32_t run_build (struct run *run);
void run_log (struct run *run, const char *format, ...) BR_FORMAT (2, 3);
/* The same, and a warning of the host. */
void run_warn (struct run *run, const char *format, ...) BR_FORMAT (2, 3);
/* fail () with an error of the library's, which is cleared. */
int32_t run_fail (struct run *run, struct br_error *err);

/* Folds the point. minimize: est_point_minimize () may follow, as the settings say. */
int32_t run_fit (struct run *run, int minimize);

/* Files, artifacts and metrics. */
int32_t run_write (struct run *run, const char *path, const char *artifact, struct br_str *text);
/* The hardware layers as they are behind a step, as intermediate_models/STEP.onnx. */
int32_t run_write_hwgraph (struct run *run, const char *step);
int32_t run_write_reports (struct run *run);
int32_t run_set_metrics (struct run *run);

#endif
