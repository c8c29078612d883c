/* SPDX-License-Identifier: BSD-3-Clause */
/* What a build's reports say of each layer. They are in FINN's form: report/estimate_layer_cycles.json maps a layer to its cycles,
   report/estimate_layer_resources.json to its resources. */
#ifndef BR_CLI_LAYERS_H
#define BR_CLI_LAYERS_H

#include "common/str.h"
#include "core/data/result.h"

struct br_cli_layer_count {
  size_t n;
  char *slowest;    /* owned */
  long long cycles; /* of the slowest */
};

/* -1 where the result lists no such report, or one that cannot be read. */
int br_cli_layer_count (const struct br_result *result, const char *output_dir,
                        struct br_cli_layer_count *count);
void br_cli_layer_count_free (struct br_cli_layer_count *count);
/* A table of cycles and resources of each layer. Adds nothing where there are no reports. */
void br_cli_layers (const struct br_result *result, const char *output_dir, struct br_str *text);

#endif
