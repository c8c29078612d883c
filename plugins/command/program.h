/* SPDX-License-Identifier: BSD-3-Clause */
/* Running the user's program for a build. */
#ifndef COMMAND_PROGRAM_H
#define COMMAND_PROGRAM_H

#include <buildrunner/plugin.h>

/* Runs the parameter "command" on a model. output: what it has to write, NULL: nothing. category: of a failure of the program. As a plugin's
   function: 0, or -1 after fail. */
int32_t program_run (const struct br_host *host, struct br_build *build, const char *model,
                     const char *output, const char *category);

#endif
