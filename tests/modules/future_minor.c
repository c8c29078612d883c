/* SPDX-License-Identifier: BSD-3-Clause */
/* A module as a later host's header made it: longer structs, a higher minor, and nothing that it cannot do
   without. */
#include "tests/modules/dummy.h"

struct future_backend {
  struct br_backend now;
  const char *later[8];
};

struct future_param {
  struct br_param now;
  const char *later[8];
};

static const struct future_param depth = {
  .now = { .struct_size = sizeof depth, .type = BR_PARAM_INT, .name = "depth", .default_json = "3" },
  .later = { "more" }
};
static const struct br_param *const params[] = { &depth.now, NULL };
static const struct future_backend backend = {
  .now = { .struct_size = sizeof backend,
           .abi_minor = 9,
           .name = "future_minor",
           .title = "Dummy",
           .version = "1.0",
           .summary = "A dummy of the tests",
           .params = params,
           .output_stages = dummy_stages,
           .run = dummy_run },
  .later = { "more" },
};
BR_BACKENDS (future_minor, &backend.now);
