/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function says that it cannot be used. */
#include "tests/modules/dummy.h"

static const struct br_backend backend = { DUMMY_BACKEND, .name = "load_fails" };
BR_BACKENDS (load_fails, &backend);

static int32_t
load (void)
{
  return 12;
}

BR_MODULE (load_fails) = { .struct_size = sizeof (struct br_module), .load = load };
