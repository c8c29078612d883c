/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner-static, the program with its modules linked in. It is its own worker: with --worker before
   them, its arguments are those of buildrunner-worker. */
#include <config.h>

#include <string.h>

#include "core/cli/cli.h"
#include "core/host/builtin.h"
#include "core/run/run.h"

#define WORKER "--worker"

/* Made by libtool of -dlpreopen. */
extern const struct br_builtin_symbol lt__PROGRAM__LTX_preloaded_symbols[];

int
main (int argc, char **argv)
{
  br_host_set_builtin (lt__PROGRAM__LTX_preloaded_symbols);
  br_host_set_own_worker (WORKER);
  if (argc > 1 && strcmp (argv[1], WORKER) == 0)
    return br_worker_main (argc - 1, argv + 1);
  return br_cli_main (argc, argv);
}
