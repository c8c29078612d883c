/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function prints; it is used all the same. */
#include "tests/modules/dummy.h"

#include <stdio.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "prints_on_load" };
BR_BACKENDS (prints_on_load, &backend);

static int32_t
load (void)
{
  puts ("{\"end\": 0}");
  return 0;
}

BR_MODULE (prints_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
