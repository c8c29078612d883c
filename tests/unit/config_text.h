/* SPDX-License-Identifier: BSD-3-Clause */
/* For test programs: a BuildConfig from a text, which stands for the file c.json of the folder /base. */
#ifndef BR_TESTS_CONFIG_TEXT_H
#define BR_TESTS_CONFIG_TEXT_H

#include "core/data/config.h"

struct br_config *read_over (const char *text, const struct br_config_overrides *over,
                             struct br_problems *problems);
/* A config that has to be fine. */
struct br_config *good (const char *text, const struct br_config_overrides *over);
/* A config with errors, which are left in problems; what could be read of it can be looked at. */
struct br_config *faulty (const char *text, const struct br_config_overrides *over,
                          struct br_problems *problems);

#endif
