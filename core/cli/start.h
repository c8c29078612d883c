/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting a build that is known to be possible, so that Ctrl-C ends it and a person sees it go on. */
#ifndef BR_CLI_START_H
#define BR_CLI_START_H

#include "core/cli/load.h"
#include "core/cli/progress.h"

/* Before the build is loaded: its supervisor gets ready while plugins are looked for. */
void br_cli_start_ahead (struct br_cli_build *build);
/* Runs the plan. The result, also of a failed build, is the caller's to free; NULL after it has said why it could not be
   started, with the exit status in *status. The progress is cleared; its events are the caller's to close. */
struct br_result *br_cli_start (const struct br_cli *cli, struct br_cli_build *build,
                                struct br_cli_progress *progress, int *status);

#endif
