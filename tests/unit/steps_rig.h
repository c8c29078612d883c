/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of the steps share. */
#ifndef BR_TESTS_STEPS_RIG_H
#define BR_TESTS_STEPS_RIG_H

#include <buildrunner/plugin.h>

/* Fail the test where the host would refuse the descriptor. */
void ck_transform_accepted (const struct br_transform *transform);
void ck_analysis_accepted (const struct br_analysis *analysis);

#endif
