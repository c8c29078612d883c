/* SPDX-License-Identifier: BSD-3-Clause */
/* The environment of a program that is run: ours, with what was asked for. */
#include <config.h>

#include "core/proc/child.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t
length_of (const char *const *list)
{
  size_t n = 0;

  while (list != NULL && list[n] != NULL)
    n++;
  return n;
}

static int
same_name (const char *a, const char *b)
{
  size_t n = strcspn (a, "=");

  return n == strcspn (b, "=") && strncmp (a, b, n) == 0;
}

static void
drop (const char **list, size_t *n, const char *name)
{
  size_t kept = 0;

  for (size_t i = 0; i < *n; i++)
    if (!same_name (list[i], name))
      list[kept++] = list[i];
  *n = kept;
}

const char **
br_child_environment (const char *const *changes)
{
  const char *const *ours = (const char *const *) environ;
  size_t n = length_of (ours), n_changes = length_of (changes);
  const char **list = calloc (n + n_changes + 1, sizeof *list);

  if (list == NULL)
    return NULL;
  if (n > 0)
    memcpy (list, ours, n * sizeof *list);
  for (size_t i = 0; i < n_changes; i++) {
    drop (list, &n, changes[i]);
    if (strchr (changes[i], '=') != NULL)
      list[n++] = changes[i];
  }
  list[n] = NULL;
  return list;
}
