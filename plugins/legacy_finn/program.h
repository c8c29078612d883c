/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN's run. */
#ifndef LEGACY_FINN_PROGRAM_H
#define LEGACY_FINN_PROGRAM_H

#include <buildrunner/plugin.h>

#include "plugins/legacy_finn/here.h"
#include "plugins/legacy_finn/place.h"
#include "plugins/legacy_finn/watch.h"

/* The log of a FINN that writes build_dataflow.log itself, from its beginning */
#define FINN_CONSOLE_LOG "finn_console.log"

/* The parameter finn_command, a program with a relative path found from the configuration's folder. NULL after fail; freed with
   br_strings_free (). */
char **finn_command (const struct br_host *host, struct br_build *build);
/* Runs it on the folder of place. 0: it ended, and has not said that it failed: whether it succeeded is for its products to show. As a plugin's
   function. */
int32_t finn_program_run (const struct br_host *host, struct br_build *build, char **command,
                          const struct finn_here *here, const struct finn_place *place,
                          struct finn_watch *watch);

#endif
