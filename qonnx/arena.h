/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that goes all at once. What a model holds lives in its arena: nothing of it is freed singly, which makes
   unpacking 300,000 messages and dropping them again cheap. */
#ifndef QX_ARENA_H
#define QX_ARENA_H

#include <stddef.h>

struct qx_arena_chunk;

/* Start with zeroes. */
struct qx_arena {
  struct qx_arena_chunk *top;
  size_t next_size; /* of the next chunk; doubles up to a limit */
  int spent;        /* there was no memory for something */
};

void *qx_arena_alloc (struct qx_arena *arena, size_t size); /* aligned to 16 bytes; NULL: no memory */
void *qx_arena_zalloc (struct qx_arena *arena, size_t n, size_t size);
char *qx_arena_strdup (struct qx_arena *arena, const char *text);
void *qx_arena_memdup (struct qx_arena *arena, const void *bytes, size_t size);
/* Room for at least n + 1 items of size bytes behind *items, of which *capacity are there. 0, or -1 without memory. */
int qx_arena_grow (struct qx_arena *arena, void *items, size_t n, size_t *capacity, size_t size);
void qx_arena_free (struct qx_arena *arena);

#endif
