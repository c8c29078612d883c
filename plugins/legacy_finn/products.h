/* SPDX-License-Identifier: BSD-3-Clause */
/* What FINN left in the output folder. */
#ifndef LEGACY_FINN_PRODUCTS_H
#define LEGACY_FINN_PRODUCTS_H

#include <time.h>

#include <buildrunner/plugin.h>

#include "plugins/legacy_finn/request.h"
#include "plugins/legacy_finn/watch.h"

/* Is all there that was asked for, and of this run (since: CLOCK_REALTIME_COARSE)? As a plugin's function. */
int32_t finn_products_judge (const struct br_host *host, struct br_build *build,
                             const struct finn_request *request, const struct finn_watch *watch,
                             const struct timespec *since);
/* Sets the metrics that stand in no report. */
int32_t finn_products_measure (const struct br_host *host, struct br_build *build,
                               const struct finn_request *request);
/* Says what a success of FINN's may hide: a target that is not reached, a verification that failed. */
void finn_products_warn (const struct br_host *host, struct br_build *build, const struct timespec *since);
/* Lists what is there and of this run as artifacts and logs; links in artifacts/ to the folders that people look for. */
int32_t finn_products_list (const struct br_host *host, struct br_build *build, const struct timespec *since);

#endif
