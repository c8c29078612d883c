/* SPDX-License-Identifier: BSD-3-Clause */
/* metrics.json: what a backend's program says of its design. */
#ifndef COMMAND_METRICS_H
#define COMMAND_METRICS_H

#include <time.h>

#include <buildrunner/plugin.h>

/* Reads metrics.json of the output folder, unless it is older than since (CLOCK_REALTIME_COARSE) or not there. As a plugin's function. */
int32_t metrics_take (const struct br_host *host, struct br_build *build, const struct timespec *since);

#endif
