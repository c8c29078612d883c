/* SPDX-License-Identifier: BSD-3-Clause */
/* -p NAME=VALUE: parameters of the backend, by its own table. */
#ifndef BR_CLI_PARAMS_H
#define BR_CLI_PARAMS_H

#include "core/cli/cli.h"
#include "core/data/config.h"
#include "core/host/catalogue.h"

/* Each has a "=" behind its name (the reading of options sees to that). Puts each into config->backend_parameters, over what the config says. */
void br_cli_params_apply (const struct br_cli_list *params, struct br_config *config,
                          const struct br_catalogue *catalogue, struct br_problems *problems);

#endif
