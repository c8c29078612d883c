/* SPDX-License-Identifier: BSD-3-Clause */
/* The output folder of a build: its lock, what an older build left in it, and its fixed names. */
#ifndef BR_RUN_OUTPUT_H
#define BR_RUN_OUTPUT_H

#include "core/run/job.h"

#define BR_OUTPUT_RESULT    "build_result.json"
#define BR_OUTPUT_CONFIG    "build_config.json"
#define BR_OUTPUT_MODEL     "processed_model.onnx"
#define BR_OUTPUT_LOG       "build_dataflow.log"
#define BR_OUTPUT_REPORT    "error_report.txt"
#define BR_OUTPUT_PRE       "preprocessing"
#define BR_OUTPUT_POST      "postprocessing"
#define BR_OUTPUT_SCRATCH   ".scratch"
#define BR_OUTPUT_REPORTS   "report"
#define BR_OUTPUT_ARTIFACTS "artifacts"

/* Start with { .lock = -1 }. */
struct br_output {
  int lock;   /* the folder, open and locked; the supervisor has a copy, should the host die */
  char *made; /* the outermost folder that did not exist; NULL: all did */
};

/* Makes the folder where it is missing and locks it. Category "config" when another build is in it, else "environment"; nothing is
   left then that was not there. */
int br_output_open (struct br_output *output, const char *dir, struct br_error *err);
/* Undoes br_output_open, as long as nothing was written. */
void br_output_abandon (struct br_output *output, const char *dir);
/* Unlocks it, whoever has a copy of the descriptor. */
void br_output_close (struct br_output *output);

/* Removes the result of an older build, then what it lists; whatever else is there stays. */
int br_output_clear (const char *dir, struct br_error *err);
/* Files that were being written when their writer was killed: whoever has the lock may remove them. */
void br_output_remove_temporaries (const char *dir);
/* Writes build_config.json; makes the scratch folder and those of the steps. */
int br_output_prepare (const struct br_job *job, struct br_error *err);
/* Path of a name in a folder of the output folder; sub may be NULL, extension may be "". NULL: memory. */
char *br_output_path (const struct br_job *job, const char *sub, const char *name, const char *extension);

#endif
