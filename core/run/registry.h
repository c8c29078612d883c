/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of the embedding interface (buildrunner.h): a catalogue, the modules that are open in this process, and the
   supervisors that wait for builds. */
#ifndef BR_RUN_REGISTRY_H
#define BR_RUN_REGISTRY_H

#include <buildrunner/buildrunner.h>

#include "core/host/catalogue.h"
#include "core/host/modules.h"
#include "core/run/kept.h"

struct br_registry {
  struct br_catalogue *catalogue; /* scanned plugins; those registered in-process stand before them */
  struct br_modules *modules;
  struct br_kept *kept; /* of all runners; the first is started by the scan */
  int scanned;
};

#endif
