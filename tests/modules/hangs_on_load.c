/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function does not return. The numbers of its process and of the one above go to the file that
   DUMMY_PID_FILE names. */
#include "tests/modules/dummy.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "hangs_on_load" };
BR_BACKENDS (hangs_on_load, &backend);

static int32_t
load (void)
{
  const char *name = getenv ("DUMMY_PID_FILE");
  FILE *file = name != NULL ? fopen (name, "w") : NULL;

  if (file != NULL) {
    fprintf (file, "%ld %ld\n", (long) getpid (), (long) getppid ());
    fclose (file);
  }
  while (pause () == -1)
    ;
  return 0;
}

BR_MODULE (hangs_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
