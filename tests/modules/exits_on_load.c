/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function ends the process. */
#include "tests/modules/dummy.h"

#include <stdlib.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "exits_on_load" };
BR_BACKENDS (exits_on_load, &backend);

static int32_t
load (void)
{
  exit (3);
}

BR_MODULE (exits_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
