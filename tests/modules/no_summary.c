/* SPDX-License-Identifier: BSD-3-Clause */
/* A backend that does not say what it does. */
#include "tests/modules/dummy.h"

static const struct br_backend backend = {
  .struct_size = sizeof backend,
  .abi_minor = BR_ABI_MINOR,
  .name = "no_summary",
  .title = "Dummy",
  .version = "1.0",
  .output_stages = dummy_stages,
  .run = dummy_run,
};
BR_BACKENDS (no_summary, &backend);
