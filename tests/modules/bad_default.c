/* SPDX-License-Identifier: BSD-3-Clause */
/* A default that is not of the parameter's own type. */
#include "tests/modules/dummy.h"

static const struct br_param depth = {
  .struct_size = sizeof depth, .type = BR_PARAM_INT, .name = "depth", .default_json = "\"deep\""
};
static const struct br_param *const params[] = { &depth, NULL };
static const struct br_backend backend = { DUMMY_BACKEND, .name = "bad_default", .params = params };
BR_BACKENDS (bad_default, &backend);
