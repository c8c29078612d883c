/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function aborts, and says why on standard error. */
#include "tests/modules/dummy.h"

#include <stdio.h>
#include <stdlib.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "aborts_on_load" };
BR_BACKENDS (aborts_on_load, &backend);

static int32_t
load (void)
{
  fputs ("the moon is not in the right quarter\n", stderr);
  abort ();
}

BR_MODULE (aborts_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
