/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of dataflow_estimate as the host runs it: a build with a small model of the test's own. */
#ifndef BR_TESTS_EST_RIG_H
#define BR_TESTS_EST_RIG_H

#include "tests/unit/plugin_host.h"

const struct br_backend *backend (void);
/* All steps on a model of 8 inputs of 4 bits, two products (8 by 6, 6 by 3) and an activation between them. flags: what is in config_flags, as
   JSON without the braces. Ended with plugin_host_end (). */
void start (struct plugin_host *host, const char *flags);
void assert_succeeds (struct plugin_host *host);
int has_file (const struct plugin_host *host, const char *name);
double metric (struct plugin_host *host, enum br_metric_id id);

#endif
