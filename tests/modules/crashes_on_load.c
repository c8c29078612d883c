/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function crashes. */
#include "tests/modules/dummy.h"

#include <signal.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "crashes_on_load" };
BR_BACKENDS (crashes_on_load, &backend);

static int32_t
load (void)
{
  return raise (SIGSEGV);
}

BR_MODULE (crashes_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
