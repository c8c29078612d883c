/* SPDX-License-Identifier: BSD-3-Clause */
/* main () of buildrunner-worker: the program that scans modules and runs builds, so that neither happens to its caller. */
#include <config.h>

#include "core/run/run.h"

int
main (int argc, char **argv)
{
  return br_worker_main (argc, argv);
}
