/* SPDX-License-Identifier: BSD-3-Clause */
/* What a simulated build leaves: metrics, raw values, mock reports and a log. */
#ifndef BRAINSMITH_STUB_REPORTS_H
#define BRAINSMITH_STUB_REPORTS_H

#include "plugins/brainsmith_stub/design.h"
#include "plugins/brainsmith_stub/simulate.h"

struct stub_outcome {
  const struct stub_design *design;
  const struct stub_load *load;
  struct stub_numbers numbers;
  int64_t counts[STUB_N_RESOURCES]; /* of the device; -1: its total is not known */
  int64_t totals[STUB_N_RESOURCES]; /* -1: not known */
};

/* Fits the numbers to the device: counts are whole, and a fraction is count / total wherever the total is known. */
void stub_outcome_fit (struct stub_outcome *outcome);
/* The name of a resource, as in raw_metrics. */
const char *stub_resource_name (enum stub_resource resource);

void stub_log (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome);
/* Each: 0, or -1 with the host told why. */
int32_t stub_write_reports (const struct br_host *host, struct br_build *build,
                            const struct stub_outcome *outcome);
int32_t stub_set_metrics (const struct br_host *host, struct br_build *build,
                          const struct stub_outcome *outcome);

#endif
