/* SPDX-License-Identifier: BSD-3-Clause */
/* The metrics collector: what a backend did not say itself is read from the reports that it left, whichever backend it was.

   Each metric, and each count, is taken from the best report that has it:
     counts       post_synth_resources (.json, .xml: the implemented design with its shell), a routed report_utilization, out-of-context
                  synthesis, a report_utilization before routing, the estimate's total, the sum over HLS reports (they know nothing of RTL layers);
     throughput, latency
                  RTL simulation, out-of-context synthesis (a figure at fmax, reckoned from the slowest layer), the estimate;
     clock        a timing summary (a routed one first), RTL simulation, out-of-context synthesis (fmax, as its throughput);
     power        a routed report_power, out-of-context synthesis, a report_power before routing, a power estimate of one scenario.
   Where a better report leaves a value out (a column that Vivado does not have on this family), the next one gives it. */
#ifndef BR_METRICS_COLLECT_H
#define BR_METRICS_COLLECT_H

#include <time.h>

#include "common/error.h"
#include "core/data/metrics.h"

struct br_collect {
  const char *output_dir;
  const char *device; /* board or part of the build; NULL: none */
  /* CLOCK_REALTIME_COARSE, as file systems stamp: older reports are of another build */
  struct timespec since;
  /* NULL: nobody listens. text is one line, borrowed; -1 with the error set ends the collection. */
  int (*warn) (void *closure, const char *text, struct br_error *err);
  void *closure;
};

/* Fills what is absent. Adds device, counts, totals and what else the reports hold to the raw metrics where the backend did not, each with its
   origin. Category "metrics" for a report that is there and is not what it should be: the line names file, place and what was expected;
   "environment" for one that cannot be opened. */
int br_metrics_collect (const struct br_collect *collect, struct br_metrics *metrics, struct br_error *err);

#endif
