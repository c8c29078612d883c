/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function closes every descriptor that it can guess. */
#include "tests/modules/dummy.h"

#include <unistd.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "closes_on_load" };
BR_BACKENDS (closes_on_load, &backend);

static int32_t
load (void)
{
  for (int fd = 0; fd < 1024; fd++)
    close (fd);
  return 0;
}

BR_MODULE (closes_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
