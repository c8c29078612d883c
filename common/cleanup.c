/* SPDX-License-Identifier: BSD-3-Clause */
/* Handlers of the cleanup attribute. They run while errno may still be wanted, so they keep it. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"

void
br_cleanup_free (void *pointer_to_pointer)
{
  int saved = errno;
  void *pointer;

  /* the argument is a T ** of any T: its bytes are read, not its type */
  memcpy (&pointer, pointer_to_pointer, sizeof pointer);
  free (pointer);
  errno = saved;
}

void
br_cleanup_close (int *fd)
{
  int saved = errno;

  if (*fd >= 0)
    close (*fd);
  errno = saved;
}
