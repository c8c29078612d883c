/* SPDX-License-Identifier: BSD-3-Clause */
/* What FINN is told: the folder with the model and dataflow_build_config.json. */
#ifndef LEGACY_FINN_REQUEST_H
#define LEGACY_FINN_REQUEST_H

#include <buildrunner/plugin.h>

#include "plugins/legacy_finn/here.h"
#include "plugins/legacy_finn/outputs.h"
#include "plugins/legacy_finn/target.h"

struct finn_request {
  struct finn_target target;
  finn_output_set outputs;
  char **steps; /* owned; ends with NULL; NULL in a probe */
};

/* Settings and their checks. As a plugin's function; freed with finn_request_free () also after a failure. */
int32_t finn_request_read (const struct br_host *host, struct br_build *build, const struct finn_here *here,
                           struct finn_request *request);
void finn_request_free (struct finn_request *request);
/* Makes the folder dir, and finn_config.json of the output folder with the same text. */
int32_t finn_request_write (const struct br_host *host, struct br_build *build, const struct finn_here *here,
                            const struct finn_request *request, const char *dir);

#endif
