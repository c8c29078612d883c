/* SPDX-License-Identifier: BSD-3-Clause */
/* A descriptor that ends before the members that a backend must have. */
#include "tests/modules/dummy.h"

static const struct br_backend backend = {
  .struct_size = offsetof (struct br_backend, output_stages),
  .abi_minor = BR_ABI_MINOR,
  .name = "struct_too_small",
  .title = "Dummy",
  .version = "1.0",
  .summary = "A dummy of the tests",
  .run = dummy_run,
};
BR_BACKENDS (struct_too_small, &backend);
