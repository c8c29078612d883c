/* SPDX-License-Identifier: BSD-3-Clause */
/* Crashes before any function of the interface is called. */
#include "tests/modules/dummy.h"

#include <signal.h>

__attribute__ ((constructor)) static void
early (void)
{
  raise (SIGBUS);
}

static const struct br_backend backend = { DUMMY_BACKEND, .name = "crashes_in_constructor" };
BR_BACKENDS (crashes_in_constructor, &backend);
