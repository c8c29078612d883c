/* SPDX-License-Identifier: BSD-3-Clause */
/* The right symbol, and no plugin behind it. */
#include <buildrunner/plugin.h>

const struct br_backend *const br_backends_v1[] = { NULL };
