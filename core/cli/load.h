/* SPDX-License-Identifier: BSD-3-Clause */
/* What commands start from: the catalogue of plugins, and a build that is known to be possible. */
#ifndef BR_CLI_LOAD_H
#define BR_CLI_LOAD_H

#include "core/cli/cli.h"
#include "core/host/catalogue.h"
#include "core/run/kept.h"
#include "core/run/plan.h"

/* Scans as the options say. NULL after it has said why not, with the exit status in *status. The caller frees it. */
struct br_catalogue *br_cli_catalogue (const struct br_cli *cli, int *status);
/* Where there is no plugin: why whatever is said next of a name does not find it. */
void br_cli_say_none (const struct br_catalogue *catalogue);

/* A build, as run and check read it from their command line. */
struct br_cli_build {
  struct br_catalogue *catalogue; /* NULL where the config could not be read */
  struct br_config *config;       /* likewise */
  struct br_plan *plan;           /* NULL where there was an error */
  struct br_kept *kept;           /* of a command that builds: its processes, started ahead; may be NULL */
  char *rules;                    /* --rules as an absolute path; NULL: not given */
  struct br_problems problems;    /* all that was found, warnings included; not printed yet */
};

/* Reads the config, probes the model and the output directory, makes the plan; the backend is asked whether it can work here. 0, or an exit
   status: then problems hold all the reasons, sorted, or it was said already. */
int br_cli_build_load (struct br_cli_build *build, const struct br_cli *cli);
void br_cli_build_free (struct br_cli_build *build);

#endif
