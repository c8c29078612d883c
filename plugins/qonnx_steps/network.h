/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of a performance analysis that the build says: cycles, the layer that is slowest, and what follows from it. */
#ifndef QONNX_STEPS_NETWORK_H
#define QONNX_STEPS_NETWORK_H

#include <buildrunner/plugin.h>

#include "common/json_write.h"

/* "build": an object; what the build does not say is null in it. 0, or -1 after fail. */
int32_t qs_network_write (const struct br_host *host, struct br_build *build, struct br_json_writer *w);

#endif
