/* SPDX-License-Identifier: BSD-3-Clause */
/* The comparison that accuracy_validation makes: piece by piece, then as a report. */
#ifndef QONNX_STEPS_VALIDATION_H
#define QONNX_STEPS_VALIDATION_H

#include "common/json_write.h"
#include "plugins/qonnx_steps/inputs.h"
#include "plugins/qonnx_steps/scores.h"

/* A model made ready. */
struct qs_side {
  struct qx_model *model;
  struct qx_runner *runner;
  struct qs_inputs inputs;
};

struct qs_tally {
  size_t first, top; /* right answers, and those among the best */
};

struct qs_validation {
  const struct br_host *host;
  struct br_build *build;
  int32_t by_labels, by_original;
  size_t top_k, output;
  struct qs_side processed, original;
  struct qx_tensor *label_tensor;
  const int64_t *labels; /* borrowed from it */
  size_t examples;
  int has_answers; /* the output is one of classes, in both models */
  size_t classes;
  struct qs_tally right;         /* against labels */
  struct qs_tally alike;         /* against the original model */
  struct qs_tally originally;    /* the original model against labels */
  struct qs_distance *distances; /* one for each output of the processed model */
  int *compared;                 /* whether there is one */
};

/* A qx_batch_done with a struct qs_validation as closure. Where it called fail, *err stays empty. */
int qs_validation_look (void *closure, int64_t first, int64_t n, struct qx_tensor *const *outputs,
                        struct qx_error *err);
/* Right answers over examples: against labels where there are any, else against the original model. */
double qs_validation_accuracy (const struct qs_validation *job);
/* The whole report, an object. */
void qs_validation_write (const struct qs_validation *job, struct br_json_writer *w);

#endif
