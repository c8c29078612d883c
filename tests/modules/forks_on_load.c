/* SPDX-License-Identifier: BSD-3-Clause */
/* Its load function starts a process that gets away as well as it can. The process's number goes to the file
   that DUMMY_PID_FILE names, and load returns once it is there. */
#include "tests/modules/dummy.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct br_backend backend = { DUMMY_BACKEND, .name = "forks_on_load" };
BR_BACKENDS (forks_on_load, &backend);

/* Twice forked, in a session of its own. */
static void
linger (int written)
{
  const char *name = getenv ("DUMMY_PID_FILE");
  FILE *file;

  if (fork () != 0)
    _exit (0);
  setsid ();
  if (name != NULL && (file = fopen (name, "w")) != NULL) {
    fprintf (file, "%ld\n", (long) getpid ());
    fclose (file);
  }
  close (written);
  sleep (300);
  _exit (0);
}

static int32_t
load (void)
{
  char end;
  int ends[2];

  if (pipe (ends) != 0)
    return -1;
  if (fork () == 0)
    linger (ends[1]);
  close (ends[1]);
  while (read (ends[0], &end, 1) > 0)
    ;
  return close (ends[0]);
}

BR_MODULE (forks_on_load) = { .struct_size = sizeof (struct br_module), .load = load };
