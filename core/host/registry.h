/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of the embedding interface (buildrunner.h): a catalogue, and the modules that are open in this
   process. */
#ifndef BR_HOST_REGISTRY_H
#define BR_HOST_REGISTRY_H

#include <buildrunner/buildrunner.h>

#include "core/host/catalogue.h"
#include "core/host/modules.h"

struct br_registry {
  struct br_catalogue *catalogue; /* scanned plugins; those registered in-process stand before them */
  struct br_modules *modules;
  int scanned;
};

#endif
