/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the plan share. */
#ifndef BR_RUN_PLAN_PRIVATE_H
#define BR_RUN_PLAN_PRIVATE_H

#include "core/run/plan.h"

/* The first backend, by rank and name, that does the output stage and whose probe says yes. NULL after a problem was added, with
   what each of them said. *reason is the caller's in any case (NULL: memory). */
const struct br_plugin_info *br_plan_auto (const struct br_config *config,
                                           const struct br_catalogue *catalogue,
                                           const struct br_plan_options *options, char **reason,
                                           struct br_problems *problems);
int br_plan_has_stage (const struct br_plugin_info *backend, const char *stage);

#endif
