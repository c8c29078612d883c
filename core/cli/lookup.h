/* SPDX-License-Identifier: BSD-3-Clause */
/* A plugin by the name that a person typed. */
#ifndef BR_CLI_LOOKUP_H
#define BR_CLI_LOOKUP_H

#include "core/cli/cli.h"
#include "core/host/catalogue.h"

/* Borrowed from the catalogue; NULL after saying why, with the exit status in *status. kind: BR_N_KINDS for any. */
const struct br_plugin_info *br_cli_lookup (const struct br_catalogue *catalogue, enum br_kind kind,
                                            const char *name, int *status);

#endif
