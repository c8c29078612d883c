/* SPDX-License-Identifier: BSD-3-Clause */
/* Two parameters of one name. */
#include "tests/modules/dummy.h"

static const struct br_param a = { .struct_size = sizeof a, .type = BR_PARAM_INT, .name = "depth" };
static const struct br_param b = { .struct_size = sizeof b, .type = BR_PARAM_BOOL, .name = "depth" };
static const struct br_param *const params[] = { &a, &b, NULL };
static const struct br_backend backend = { DUMMY_BACKEND, .name = "same_params", .params = params };
BR_BACKENDS (same_params, &backend);
