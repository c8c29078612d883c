/* SPDX-License-Identifier: BSD-3-Clause */
/* The name that was probably meant: Damerau-Levenshtein distance of at most a third of the length. */
#ifndef BR_COMMON_NEAREST_H
#define BR_COMMON_NEAREST_H

#include <stddef.h>

/* One of names[0 … n-1] (borrowed), or NULL when none is near. */
const char *br_nearest (const char *name, const char *const *names, size_t n);

#endif
