/* SPDX-License-Identifier: BSD-3-Clause */
/* The keys of all objects of one text, to find those that come twice. */
#ifndef BR_COMMON_JSON_KEYS_H
#define BR_COMMON_JSON_KEYS_H

#include <stddef.h>

#include "common/str.h"

struct br_json_key {
  size_t object;     /* any number that tells objects apart */
  size_t at, length; /* in text */
  size_t line;       /* 0: the slot is free */
};

/* Start with zeroes. text holds the decoded keys one behind the other; the caller appends to it. A failed allocation sets text.failed. */
struct br_json_keys {
  struct br_str text;
  struct br_json_key *slots; /* open addressing */
  size_t n_slots, n;
};

/* Remembers a key. Returns 0 when it is new in its object, else the line of the first. */
size_t br_json_keys_add (struct br_json_keys *keys, size_t object, size_t at, size_t length, size_t line);
void br_json_keys_free (struct br_json_keys *keys);

#endif
