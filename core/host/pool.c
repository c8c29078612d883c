/* SPDX-License-Identifier: BSD-3-Clause */
/* A list of what is to be freed at the end of a call. */
#include <config.h>

#include "core/host/pool.h"

#include <stdlib.h>

struct br_pool_item {
  struct br_pool_item *next;
  void *pointer;
};

void *
br_pool_keep (struct br_pool *pool, void *pointer)
{
  struct br_pool_item *item = pointer != NULL ? malloc (sizeof *item) : NULL;

  if (item == NULL) {
    free (pointer);
    return NULL;
  }
  *item = (struct br_pool_item){ .next = pool->items, .pointer = pointer };
  pool->items = item;
  return pointer;
}

void
br_pool_free (struct br_pool *pool)
{
  struct br_pool_item *item = pool->items;

  while (item != NULL) {
    struct br_pool_item *next = item->next;

    free (item->pointer);
    free (item);
    item = next;
  }
  pool->items = NULL;
}
