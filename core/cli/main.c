/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner, the program. */
#include <config.h>

#include "core/cli/cli.h"

int
main (int argc, char **argv)
{
  return br_cli_main (argc, argv);
}
