/* SPDX-License-Identifier: BSD-3-Clause */
/* The catalogue as JSON, for `plugins list` and `plugins doctor`. */
#ifndef BR_CLI_PLUGINS_H
#define BR_CLI_PLUGINS_H

#include "common/json_write.h"
#include "core/host/catalogue.h"

/* The members "plugins", "refused" and "shadowed", into an object that was begun. */
void br_cli_write_catalogue (const struct br_catalogue *catalogue, struct br_json_writer *w);

#endif
