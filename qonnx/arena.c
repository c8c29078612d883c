/* SPDX-License-Identifier: BSD-3-Clause */
/* The arena: chained chunks; a big block gets a chunk of its own, so that a tensor wastes nothing. Large chunks of small blocks ask for
   huge pages: most of the time that a model of many nodes takes to load goes to the first touch of its pages. A tensor is better off without:
   huge pages that the machine never had in use before cost it more than they save. */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "qonnx/arena.h"

#define FIRST_CHUNK ((size_t) 1 << 14)
#define MAX_CHUNK   ((size_t) 1 << 24)
#define BIG_BLOCK   ((size_t) 1 << 18)
#define HUGE_PAGE   ((size_t) 1 << 21)

struct qx_arena_chunk {
  struct qx_arena_chunk *next;
  size_t size, used;
  _Alignas(16) unsigned char bytes[];
};

/* A wish: where huge pages cannot be had, nothing is lost. */
static void *
alloc_huge (size_t size)
{
  void *block;

  if (posix_memalign (&block, HUGE_PAGE, size) != 0)
    return NULL;
#ifdef MADV_HUGEPAGE
  (void) madvise (block, size & ~(HUGE_PAGE - 1), MADV_HUGEPAGE);
#endif
  return block;
}

static void *
alloc_plain (size_t size)
{
  return malloc (size);
}

static struct qx_arena_chunk *
new_chunk (size_t size, void *(*alloc) (size_t size))
{
  struct qx_arena_chunk *chunk;

  if (size > SIZE_MAX - sizeof *chunk)
    return NULL;
  chunk = alloc (sizeof *chunk + size);
  if (chunk == NULL)
    return NULL;
  chunk->size = size;
  chunk->used = 0;
  return chunk;
}

/* It goes behind the top: the room left there stays in use. */
static void *
alloc_big (struct qx_arena *arena, size_t size)
{
  struct qx_arena_chunk *chunk = new_chunk (size, alloc_plain);

  if (chunk == NULL) {
    arena->spent = 1;
    return NULL;
  }
  chunk->used = size;
  if (arena->top == NULL) {
    chunk->next = NULL;
    arena->top = chunk;
    return chunk->bytes;
  }
  chunk->next = arena->top->next;
  arena->top->next = chunk;
  return chunk->bytes;
}

static int
add_chunk (struct qx_arena *arena, size_t size)
{
  size_t wanted = arena->next_size > FIRST_CHUNK ? arena->next_size : FIRST_CHUNK;
  struct qx_arena_chunk *chunk;

  while (wanted - sizeof *chunk < size)
    wanted *= 2;
  chunk = new_chunk (wanted - sizeof *chunk, wanted < HUGE_PAGE ? alloc_plain : alloc_huge);
  if (chunk == NULL) {
    arena->spent = 1;
    return -1;
  }
  chunk->next = arena->top;
  arena->top = chunk;
  arena->next_size = wanted < MAX_CHUNK ? wanted * 2 : MAX_CHUNK;
  return 0;
}

void *
qx_arena_alloc (struct qx_arena *arena, size_t size)
{
  void *block;

  if (size > SIZE_MAX - 15)
    return NULL;
  size = size == 0 ? 16 : (size + 15) & ~(size_t) 15;
  if (size >= BIG_BLOCK)
    return alloc_big (arena, size);
  if ((arena->top == NULL || arena->top->size - arena->top->used < size) && add_chunk (arena, size) < 0)
    return NULL;
  block = arena->top->bytes + arena->top->used;
  arena->top->used += size;
  return block;
}

void *
qx_arena_zalloc (struct qx_arena *arena, size_t n, size_t size)
{
  void *block;

  if (size != 0 && n > SIZE_MAX / size)
    return NULL;
  block = qx_arena_alloc (arena, n * size);
  if (block != NULL)
    memset (block, 0, n * size);
  return block;
}

void *
qx_arena_memdup (struct qx_arena *arena, const void *bytes, size_t size)
{
  void *block = qx_arena_alloc (arena, size);

  if (block != NULL && size > 0)
    memcpy (block, bytes, size);
  return block;
}

char *
qx_arena_strdup (struct qx_arena *arena, const char *text)
{
  return qx_arena_memdup (arena, text, strlen (text) + 1);
}

int
qx_arena_grow (struct qx_arena *arena, void *items, size_t n, size_t *capacity, size_t size)
{
  void *old, *grown;
  size_t wanted = *capacity < 1 ? 1 : *capacity;

  if (n < *capacity)
    return 0;
  while (wanted <= n)
    wanted *= 2;
  if (wanted > SIZE_MAX / size)
    return -1;
  grown = qx_arena_alloc (arena, wanted * size);
  if (grown == NULL)
    return -1;
  /* items is the address of a pointer to any type: copied as bytes, so that no type is broken */
  memcpy (&old, items, sizeof old);
  if (n > 0)
    memcpy (grown, old, n * size);
  memcpy (items, &grown, sizeof grown);
  *capacity = wanted;
  return 0;
}

void
qx_arena_free (struct qx_arena *arena)
{
  struct qx_arena_chunk *chunk = arena->top;

  while (chunk != NULL) {
    struct qx_arena_chunk *next = chunk->next;
    free (chunk);
    chunk = next;
  }
  arena->top = NULL;
  arena->next_size = 0;
}
