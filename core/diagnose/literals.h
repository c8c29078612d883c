/* SPDX-License-Identifier: BSD-3-Clause */
/* Many fixed texts, looked for at once and whatever their case: the first look at every line of a log. */
#ifndef BR_DIAGNOSE_LITERALS_H
#define BR_DIAGNOSE_LITERALS_H

#include <stddef.h>
#include <stdint.h>

#define BR_LITERAL_MIN 4 /* bytes of the shortest text */

struct br_literal {
  const char *text; /* borrowed; at least BR_LITERAL_MIN bytes */
  uint32_t tag;     /* what is told when it is found */
};

struct br_literals; /* opaque */

/* items is copied, its texts are not. NULL: memory. */
struct br_literals *br_literals_new (const struct br_literal *items, size_t n);
void br_literals_free (struct br_literals *literals);
/* Sets bit tag of found for every item that text holds; returns whether there was any. */
int br_literals_find (const struct br_literals *literals, const char *text, size_t n, uint64_t *found);

#endif
