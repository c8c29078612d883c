/* SPDX-License-Identifier: BSD-3-Clause */
/* What modules want to find again in their next call of the same build. A build has few entries: a list will
   do. */
#include <config.h>

#include "core/host/modules.h"

#include <stdlib.h>
#include <string.h>

struct entry {
  struct entry *next;
  const struct br_module_handle *module;
  char *key;
  void *value;
  void (*release) (void *);
};

struct br_memo {
  struct entry *entries; /* latest first, so that they are freed against the order of making */
};

struct br_memo *
br_memo_new (void)
{
  return calloc (1, sizeof (struct br_memo));
}

static void
release_value (void *value, void (*release) (void *))
{
  if (release != NULL && value != NULL)
    release (value);
}

static struct entry *
find (struct br_memo *memo, const struct br_module_handle *module, const char *key)
{
  for (struct entry *e = memo->entries; e != NULL; e = e->next)
    if (e->module == module && strcmp (e->key, key) == 0)
      return e;
  return NULL;
}

static int
add (struct br_memo *memo, const struct entry *with)
{
  struct entry *e = malloc (sizeof *e);

  if (e == NULL)
    return -1;
  *e = *with;
  e->next = memo->entries;
  if ((e->key = strdup (with->key)) == NULL) {
    free (e);
    return -1;
  }
  memo->entries = e;
  return 0;
}

int
br_memo_put (struct br_memo *memo, const struct br_module_handle *module, const char *key, void *value,
             void (*release) (void *))
{
  struct entry *e = find (memo, module, key);

  if (e == NULL) {
    struct entry fresh = { .module = module, .key = (char *) key, .value = value, .release = release };

    if (add (memo, &fresh) == 0)
      return 0;
    release_value (value, release);
    return -1;
  }
  if (e->value != value)
    release_value (e->value, e->release);
  e->value = value;
  e->release = release;
  return 0;
}

void *
br_memo_get (struct br_memo *memo, const struct br_module_handle *module, const char *key)
{
  struct entry *e = find (memo, module, key);

  return e != NULL ? e->value : NULL;
}

void
br_memo_free (struct br_memo *memo)
{
  struct entry *e = memo != NULL ? memo->entries : NULL;

  while (e != NULL) {
    struct entry *next = e->next;

    release_value (e->value, e->release);
    free (e->key);
    free (e);
    e = next;
  }
  free (memo);
}
