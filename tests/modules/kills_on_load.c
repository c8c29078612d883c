/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function ends the process above its own. */
#include "tests/modules/dummy.h"

#include <signal.h>
#include <unistd.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "kills_on_load" };
BR_BACKENDS (kills_on_load, &backend);

static int32_t
load (void)
{
  if (kill (getppid (), SIGKILL) == -1)
    return 1;
  pause ();
  return 0;
}

BR_MODULE (kills_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
