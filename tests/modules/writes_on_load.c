/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function writes to every descriptor that it can guess. */
#include "tests/modules/dummy.h"

#include <unistd.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "writes_on_load" };
BR_BACKENDS (writes_on_load, &backend);

static int32_t
load (void)
{
  int n = 0;

  for (int fd = 0; fd < 1024; fd++)
    n += write (fd, "{\"end\": 0, 1}\n", 14) == 14;
  return n > 0 ? 0 : 1;
}

BR_MODULE (writes_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
