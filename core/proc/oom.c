/* SPDX-License-Identifier: BSD-3-Clause */
/* A process that the out-of-memory killer ended looks like any other that got SIGKILL: only the kernel's counter tells. */
#include <config.h>

#include "core/proc/oom.h"

#include <stdio.h>
#include <string.h>

long long
br_oom_kills (void)
{
  FILE *file = fopen ("/proc/vmstat", "re");
  char name[64];
  long long value, kills = 0;

  if (file == NULL)
    return 0;
  while (fscanf (file, "%63s %lld", name, &value) == 2)
    if (strcmp (name, "oom_kill") == 0)
      kills = value;
  fclose (file);
  return kills;
}
