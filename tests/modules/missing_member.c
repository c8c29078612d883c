/* SPDX-License-Identifier: BSD-3-Clause */
/* A backend without run. */
#include "tests/modules/dummy.h"

static const struct br_backend backend = {
  .struct_size = sizeof backend,
  .abi_minor = BR_ABI_MINOR,
  .name = "missing_member",
  .title = "Dummy",
  .version = "1.0",
  .summary = "A dummy of the tests",
  .output_stages = dummy_stages,
  .probe = dummy_run,
};
BR_BACKENDS (missing_member, &backend);
