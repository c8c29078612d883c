/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions of rules; the one place that knows PCRE2. */
#ifndef BR_DIAGNOSE_PATTERN_H
#define BR_DIAGNOSE_PATTERN_H

#include <stddef.h>

#include "common/error.h"

struct br_pattern; /* opaque */

/* NULL with category "config" (what is wrong, and at which byte), or "memory". Bytes, not UTF-8; case matters unless the text says (?i). */
struct br_pattern *br_pattern_new (const char *text, struct br_error *err);
void br_pattern_free (struct br_pattern *pattern);
/* 1 or 0. A text that would take too long or too much memory does not match. */
int br_pattern_matches (const struct br_pattern *pattern, const char *text, size_t n);

#endif
