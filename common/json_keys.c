/* SPDX-License-Identifier: BSD-3-Clause */
/* A hash table of (object, key), so that a text with many keys costs no more than its length. */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_keys.h"

/* FNV-1a */
static size_t
hash (const struct br_json_keys *keys, const struct br_json_key *key)
{
  const unsigned char *bytes = (const unsigned char *) keys->text.text + key->at;
  uint64_t h = 0xcbf29ce484222325u ^ (key->object * 0x9e3779b97f4a7c15u);
  size_t i;

  for (i = 0; i < key->length; i++)
    h = (h ^ bytes[i]) * 0x100000001b3u;
  return (size_t) (h ^ h >> 32);
}

static int
same (const struct br_json_keys *keys, const struct br_json_key *a, const struct br_json_key *b)
{
  return a->object == b->object && a->length == b->length &&
         memcmp (keys->text.text + a->at, keys->text.text + b->at, a->length) == 0;
}

/* The slot of an equal key, or the free one where it would stand. */
static struct br_json_key *
find (const struct br_json_keys *keys, const struct br_json_key *key)
{
  size_t i = hash (keys, key) & (keys->n_slots - 1);

  while (keys->slots[i].line != 0 && !same (keys, &keys->slots[i], key))
    i = (i + 1) & (keys->n_slots - 1);
  return &keys->slots[i];
}

static int
grow (struct br_json_keys *keys)
{
  struct br_json_keys bigger = *keys;
  size_t i;

  if (2 * keys->n < keys->n_slots)
    return 0;
  bigger.n_slots = keys->n_slots > 0 ? 2 * keys->n_slots : 64;
  bigger.slots = calloc (bigger.n_slots, sizeof *bigger.slots);
  if (bigger.slots == NULL)
    return -1;
  for (i = 0; i < keys->n_slots; i++)
    if (keys->slots[i].line != 0)
      *find (&bigger, &keys->slots[i]) = keys->slots[i];
  free (keys->slots);
  *keys = bigger;
  return 0;
}

size_t
br_json_keys_add (struct br_json_keys *keys, size_t object, size_t at, size_t length, size_t line)
{
  struct br_json_key key = { object, at, length, line };
  struct br_json_key *slot;

  if (keys->text.failed)
    return 0;
  if (grow (keys) < 0) {
    keys->text.failed = 1;
    return 0;
  }
  slot = find (keys, &key);
  if (slot->line != 0)
    return slot->line;
  *slot = key;
  keys->n++;
  return 0;
}

void
br_json_keys_free (struct br_json_keys *keys)
{
  br_str_free (&keys->text);
  free (keys->slots);
  memset (keys, 0, sizeof *keys);
}
