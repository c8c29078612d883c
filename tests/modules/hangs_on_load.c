/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function does not return. */
#include "tests/modules/dummy.h"

#include <unistd.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "hangs_on_load" };
BR_BACKENDS (hangs_on_load, &backend);

static int32_t
load (void)
{
  while (pause () == -1)
    ;
  return 0;
}

BR_MODULE (hangs_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
