/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN's build steps: those that are published, and those of one build. */
#ifndef LEGACY_FINN_STEPS_H
#define LEGACY_FINN_STEPS_H

#include <buildrunner/plugin.h>

#include "plugins/legacy_finn/here.h"
#include "plugins/legacy_finn/outputs.h"

/* FINN main's default steps; those of other FINNs are extra. Each ends with NULL. */
extern const char *const finn_steps[];
extern const char *const finn_extra_steps[];
extern const struct br_type_step *const finn_input_types[];
extern const struct br_type_step *const finn_output_types[];

/* The steps of the build: build_steps as they are, else this FINN's own default ones within the range, which ends with the output stage
   unless the config says where. *steps ends with NULL and is to be freed with br_strings_free (). As a plugin's function. */
int32_t finn_steps_resolve (const struct br_host *host, struct br_build *build, const struct finn_here *here,
                            finn_output_set wanted, char ***steps);
/* The step's place in the list, or -1; a name that another FINN has for the same step counts. */
long finn_step_find (const char *const *steps, const char *name);

#endif
