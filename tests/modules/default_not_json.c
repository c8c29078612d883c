/* SPDX-License-Identifier: BSD-3-Clause */
/* A default that is not JSON. */
#include "tests/modules/dummy.h"

static const struct br_param depth = {
  .struct_size = sizeof depth, .type = BR_PARAM_STRING, .name = "depth", .default_json = "deep"
};
static const struct br_param *const params[] = { &depth, NULL };
static const struct br_backend backend = { DUMMY_BACKEND, .name = "default_not_json", .params = params };
BR_BACKENDS (default_not_json, &backend);
