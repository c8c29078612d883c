/* SPDX-License-Identifier: BSD-3-Clause */
/* Where FINN works: FINN_BUILD_DIR, and the rest of its environment. */
#ifndef LEGACY_FINN_PLACE_H
#define LEGACY_FINN_PLACE_H

#include <buildrunner/plugin.h>

#include "plugins/legacy_finn/here.h"

#define FINN_ENV 8

struct finn_place {
  char *dir;       /* with the model and the configuration, in the scratch folder; owned */
  char *build_dir; /* FINN_BUILD_DIR; owned */
  char *link;      /* finn_build of the output folder, where build_dir is elsewhere; owned, NULL: none */
  int stays;       /* build_dir is not removed after a success */
  int used;        /* FINN was started in it; set by the caller */
  char *env[FINN_ENV + 1]; /* for struct br_command; owned; ends with NULL */
};

/* Makes the folders. As a plugin's function; ended with finn_place_end () also after a failure. */
int32_t finn_place_begin (const struct br_host *host, struct br_build *build, struct finn_place *place);
/* What depends on the FINN that is here. */
int32_t finn_place_know (const struct br_host *host, struct br_build *build, const struct finn_here *here,
                         struct finn_place *place);
/* Removes what is not to stay, and says where the rest is. */
void finn_place_end (const struct br_host *host, struct br_build *build, struct finn_place *place,
                     int succeeded);

#endif
