/* SPDX-License-Identifier: BSD-3-Clause */
/* What a person sees after a build. */
#ifndef BR_CLI_SUMMARY_H
#define BR_CLI_SUMMARY_H

#include "common/str.h"
#include "core/data/result.h"
#include "core/run/plan.h"

/* A short table: status, backend, layers, throughput, latency, utilisation, where the files are. */
void br_cli_summary (const struct br_result *result, const struct br_plan *plan, int colour,
                     struct br_str *text);
/* Why a build failed, what to try, and where to look. */
void br_cli_failure (const struct br_result *result, const struct br_plan *plan, struct br_str *text);

#endif
