/* SPDX-License-Identifier: BSD-3-Clause */
/* An output stage that is none. */
#include "tests/modules/dummy.h"

static const char *const stages[] = { "dataflow_graph", "moon", NULL };
static const struct br_backend backend = {
  .struct_size = sizeof backend,
  .abi_minor = BR_ABI_MINOR,
  .name = "unknown_stage",
  .title = "Dummy",
  .version = "1.0",
  .summary = "A dummy of the tests",
  .output_stages = stages,
  .run = dummy_run,
};
BR_BACKENDS (unknown_stage, &backend);
