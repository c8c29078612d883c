/* SPDX-License-Identifier: BSD-3-Clause */
/* The build steps that the simulated interface publishes, and the types of model between them. */
#ifndef BRAINSMITH_STUB_STEPS_H
#define BRAINSMITH_STUB_STEPS_H

#include <buildrunner/plugin.h>

/* Each ends with NULL. */
extern const char *const stub_output_stages[];
extern const char *const stub_standard_steps[];
extern const struct br_type_step *const stub_input_types[];
extern const struct br_type_step *const stub_output_types[];

#endif
