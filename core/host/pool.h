/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that lives until a plugin's function returns. */
#ifndef BR_HOST_POOL_H
#define BR_HOST_POOL_H

#include <stddef.h>

struct br_pool_item;

/* Start with zeroes. */
struct br_pool {
  struct br_pool_item *items;
};

/* Takes pointer (of malloc; may be NULL) over and returns it; NULL, and freed, when memory ran out. */
void *br_pool_keep (struct br_pool *pool, void *pointer);
void br_pool_free (struct br_pool *pool);

#endif
