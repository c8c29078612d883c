/* SPDX-License-Identifier: BSD-3-Clause */
/* Help texts, made of the tables of commands and options. */
#ifndef BR_CLI_HELP_H
#define BR_CLI_HELP_H

#include "core/cli/cli.h"
#include "common/str.h"

/* General help, that of a group, or that of a command. */
void br_cli_help (const struct br_cli *cli, struct br_str *text);

#endif
