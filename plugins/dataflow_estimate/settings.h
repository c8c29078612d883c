/* SPDX-License-Identifier: BSD-3-Clause */
/* What a build's configuration says to the estimator. */
#ifndef BR_DATAFLOW_ESTIMATE_SETTINGS_H
#define BR_DATAFLOW_ESTIMATE_SETTINGS_H

#include <buildrunner/plugin.h>

#include "plugins/dataflow_estimate/estimate/point.h"

struct settings {
  struct est_options options; /* part, folding and specialize point into the members below */
  struct est_load_options load;
  char *part;                               /* owned */
  const char *board;                        /* borrowed from the host; NULL: a part was given */
  struct json_object *folding, *specialize; /* owned; NULL: none */
  struct br_device device;
  int device_known;
};

/* Category "config" for what is wrong, naming the setting. Freed with settings_free () also after a failure. */
int32_t settings_read (const struct br_host *host, struct br_build *build, struct settings *settings);
void settings_free (struct settings *settings);
/* Would the layers of the flow's own reports be without names? */
int settings_collapse (const struct settings *settings);
/* The flow's configuration file with what the estimator was told. 0, or -1 after fail. */
int32_t settings_write (const struct br_host *host, struct br_build *build, const struct settings *settings);

#endif
