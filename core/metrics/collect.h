/* SPDX-License-Identifier: BSD-3-Clause */
/* The metrics collector: what a backend did not say itself is read from the reports that it left. */
#ifndef BR_METRICS_COLLECT_H
#define BR_METRICS_COLLECT_H

#include <time.h>

#include "common/error.h"
#include "core/data/metrics.h"

struct br_collect {
  const char *output_dir;
  const char *device; /* board or part of the build; NULL: none */
  struct timespec
      since; /* CLOCK_REALTIME_COARSE, as file systems stamp: older reports are of another build */
};

/* Fills what is absent, by stage: the best source for each metric apart. Adds device, counts, totals and what else the reports hold to the
   raw metrics where the backend did not. Category "metrics", naming the file, for a report that is there and cannot be read. */
int br_metrics_collect (const struct br_collect *collect, struct br_metrics *metrics, struct br_error *err);

#endif
