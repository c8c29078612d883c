/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of sources. */
#include <config.h>

#include "core/metrics/collect.h"

#include "core/metrics/report.h"

/* Best first: a later one fills only what is absent still. */
static br_metrics_source *const sources[] = { br_metrics_from_estimate };

int
br_metrics_collect (const struct br_collect *collect, struct br_metrics *metrics, struct br_error *err)
{
  struct br_collecting c = { .collect = collect, .metrics = metrics, .err = err };

  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
    if (sources[i](&c) < 0)
      return -1;
  return 0;
}
