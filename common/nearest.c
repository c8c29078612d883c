/* SPDX-License-Identifier: BSD-3-Clause */
/* The nearest name: distance of optimal string alignment (insert, delete, replace, swap two neighbours). */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"

/* Names are short; what is longer than this is nobody's misspelling, and keeps the three rows small. */
#define LIMIT 200

struct rows {
  unsigned before[LIMIT + 1], last[LIMIT + 1], now[LIMIT + 1];
};

static unsigned
smaller (unsigned a, unsigned b)
{
  return a < b ? a : b;
}

static unsigned
cell (const struct rows *rows, const char *a, const char *b, size_t i, size_t j)
{
  unsigned best = smaller (rows->last[j] + 1, rows->now[j - 1] + 1);

  best = smaller (best, rows->last[j - 1] + (a[i - 1] != b[j - 1]));
  if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
    best = smaller (best, rows->before[j - 2] + 1);
  return best;
}

static unsigned
distance (const char *a, const char *b)
{
  struct rows rows = { 0 };
  size_t n = strlen (a), m = strlen (b), i, j;

  for (j = 0; j <= m; j++)
    rows.last[j] = (unsigned) j;
  for (i = 1; i <= n; i++) {
    rows.now[0] = (unsigned) i;
    for (j = 1; j <= m; j++)
      rows.now[j] = cell (&rows, a, b, i, j);
    memcpy (rows.before, rows.last, sizeof rows.last);
    memcpy (rows.last, rows.now, sizeof rows.now);
  }
  return rows.last[m];
}

const char *
br_nearest (const char *name, const char *const *names, size_t n)
{
  size_t length = strlen (name), i;
  const char *best = NULL;
  unsigned best_distance = 0;

  for (i = 0; i < n; i++) {
    size_t other = strlen (names[i]), longer = other > length ? other : length;
    unsigned d = longer <= LIMIT ? distance (name, names[i]) : LIMIT;

    if (longer > LIMIT || 3 * (size_t) d > longer || (best != NULL && d >= best_distance))
      continue;
    best = names[i];
    best_distance = d;
  }
  return best;
}
