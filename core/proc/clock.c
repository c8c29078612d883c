/* SPDX-License-Identifier: BSD-3-Clause */
/* Deadlines by CLOCK_MONOTONIC. */
#include <config.h>

#include "core/proc/clock.h"

#include <limits.h>
#include <time.h>

double
br_clock_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

double
br_clock_earlier (double a, double b)
{
  if (a <= 0 || b <= 0)
    return a > b ? a : b;
  return a < b ? a : b;
}

int
br_clock_poll_ms (double deadline)
{
  double left;

  if (deadline <= 0)
    return -1;
  left = (deadline - br_clock_now ()) * 1000;
  if (left <= 0)
    return 0;
  return left >= (double) (INT_MAX - 1) ? INT_MAX : (int) left + 1;
}
