/* SPDX-License-Identifier: BSD-3-Clause */
/* Offers itself by a symbol of a later interface only. */
#include <buildrunner/plugin.h>

BR_PUBLIC extern const void *const br_backends_v2[];
const void *const br_backends_v2[] = { NULL };
