/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the plan share. */
#ifndef BR_RUN_PLAN_PRIVATE_H
#define BR_RUN_PLAN_PRIVATE_H

#include "core/run/plan.h"

/* What the checks pass around. */
struct br_plan_maker {
  struct br_config *config;
  const struct br_catalogue *catalogue;
  struct br_problems *problems;
  const char *pointer; /* of the parameters that are checked */
};

/* The plugin; NULL after a problem at pointer was added. module: that has to offer it, may be NULL. */
const struct br_plugin_info *br_plan_find (const struct br_plan_maker *m, enum br_kind kind, const char *name,
                                           const char *module, const char *pointer);
/* The effective parameters, the caller's; NULL after problems at pointer and inside were added. */
struct json_object *br_plan_check_parameters (struct br_plan_maker *m, const struct br_plugin_info *info,
                                              struct json_object *values, const char *pointer);
/* Fills all that is the backend's in plan. */
void br_plan_backend (struct br_plan_maker *m, struct br_plan *plan, const struct br_plan_options *options);

/* The first backend, by rank and name, that does the output stage and whose probe says yes. NULL after a problem was added, with
   what each of them said. *reason is the caller's in any case (NULL: memory). */
const struct br_plugin_info *br_plan_auto (const struct br_config *config,
                                           const struct br_catalogue *catalogue,
                                           const struct br_plan_options *options, char **reason,
                                           struct br_problems *problems);
int br_plan_has_stage (const struct br_plugin_info *backend, const char *stage);

#endif
