/* SPDX-License-Identifier: BSD-3-Clause */
/* The beginning and the end of every build, in whichever process its owner is. */
#ifndef BR_RUN_FINISH_H
#define BR_RUN_FINISH_H

#include "core/run/pipeline.h"

/* Clears and fills the output folder, opens build_dataflow.log for appending (its descriptor, or -1), says in the result what the
   environment and the limits are. */
int br_start (const struct br_job *job, struct br_result *result, struct br_error *err);
/* Says that memory is limited by a control group. -1: memory. */
int br_start_limited_by_group (struct br_result *result);
/* The backend's module and its hash, for the result; what cannot be read has none. hash: known already (NULL: it is made now). */
int br_identify (const struct br_job *job, const char *hash, struct br_result *result);
/* Removes the folder below /tmp that a plugin asked for, if one did. */
int br_finish_temporary (const struct br_job *job, struct br_error *err);
/* Completes the result by what went wrong (failure NULL: nothing; its error is moved away), leaves the report of a failure, tidies up, writes
   build_result.json. -1: that could not be written, and no result is there. */
int br_finish (const struct br_job *job, struct br_result *result, struct br_failure *failure,
               struct br_error *err);

#endif
