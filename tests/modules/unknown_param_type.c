/* SPDX-License-Identifier: BSD-3-Clause */
/* A parameter of a type that this host does not know. */
#include "tests/modules/dummy.h"

static const struct br_param depth = { .struct_size = sizeof depth, .type = 77, .name = "depth" };
static const struct br_param *const params[] = { &depth, NULL };
static const struct br_backend backend = { DUMMY_BACKEND, .name = "unknown_param_type", .params = params };
BR_BACKENDS (unknown_param_type, &backend);
