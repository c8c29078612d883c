/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of buildrunner-worker that a scan needs, for tests of the host alone. */
#include <config.h>

#include <string.h>

#include "core/host/catalogue.h"

int
main (int argc, char **argv)
{
  if (argc != 2 || strcmp (argv[1], "scan") != 0)
    return 2;
  return br_scan_main ();
}
