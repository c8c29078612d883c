/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include "tests/unit/children.h"

#include <check.h>
#include <stdio.h>

pid_t
first_child (unsigned *n)
{
  FILE *file = fopen ("/proc/thread-self/children", "re");
  long first = 0, pid;
  unsigned count = 0;

  ck_assert_ptr_nonnull (file);
  for (; fscanf (file, "%ld", &pid) == 1; count++)
    if (count == 0)
      first = pid;
  fclose (file);
  if (n != NULL)
    *n = count;
  return (pid_t) first;
}
