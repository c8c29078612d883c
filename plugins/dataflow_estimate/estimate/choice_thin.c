/* SPDX-License-Identifier: BSD-3-Clause */
/* Dominance among partial choices. In the order of one key, a tree over two more knows the least of the last among all that came
   before: four keys are enough, because cost is a sum of what is used unless a resource is not among the keys. */
#include <config.h>

#include <stdlib.h>

#include "plugins/dataflow_estimate/estimate/choice.h"

#define N_KEYS    4
#define MIN_CELLS 1024
#define MAX_CELLS (1u << 21)

enum { SORTED, ROW, COLUMN, LEAST };

/* Where a key of a label stands: at an offset, or nowhere (always 0). */
struct keys {
  int at[N_KEYS]; /* -2: none, -1: cost, else the resource */
  int64_t low[N_KEYS], range[N_KEYS];
};

static int64_t
value_of (const struct est_label *label, int at)
{
  if (at == -2)
    return 0;
  return at == -1 ? label->cost : label->use[at];
}

static void
measure (const struct est_label *labels, size_t n, int at, int64_t *low, int64_t *range)
{
  int64_t high = INT64_MIN;

  *low = INT64_MAX;
  for (size_t i = 0; i < n; i++) {
    int64_t v = value_of (&labels[i], at);

    *low = v < *low ? v : *low;
    high = v > high ? v : high;
  }
  *range = n > 0 ? high - *low : 0;
}

/* The widest key is sorted by, the two narrowest are the tree's; those that are not needed come last. */
static void
assign (const struct est_label *labels, size_t n, int counts_cost, const int active[EST_N_RESOURCES],
        struct keys *k)
{
  static const int place[N_KEYS] = { SORTED, LEAST, ROW, COLUMN };
  int count = 0, at[N_KEYS];
  int64_t low[N_KEYS], range[N_KEYS];

  for (int i = counts_cost ? -1 : 0; i < EST_N_RESOURCES && count < N_KEYS; i++)
    if (i == -1 || active[i]) {
      int j = count++;
      int64_t l, r;

      measure (labels, n, i, &l, &r);
      for (; j > 0 && range[j - 1] < r; j--) {
        at[j] = at[j - 1];
        low[j] = low[j - 1];
        range[j] = range[j - 1];
      }
      at[j] = i;
      low[j] = l;
      range[j] = r;
    }
  for (int i = 0; i < N_KEYS; i++) {
    k->at[place[i]] = i < count ? at[i] : -2;
    k->low[place[i]] = i < count ? low[i] : 0;
    k->range[place[i]] = i < count ? range[i] : 0;
  }
}

struct sortable {
  int64_t key[N_KEYS];
  struct est_label label;
};

static int
compare (const void *a, const void *b)
{
  const struct sortable *x = a, *y = b;

  for (int i = 0; i < N_KEYS; i++)
    if (x->key[i] != y->key[i])
      return x->key[i] < y->key[i] ? -1 : 1;
  return 0;
}

/* Least of the last key for every row and column up to a place. Where the cells would be too many, several values share one: a label
   goes in at the upper end of its cell and asks at the lower, so that nothing is taken out wrongly. */
struct tree {
  int64_t *cells;
  size_t rows, columns;
  int64_t row_step, column_step;
};

static size_t
cells_along (int64_t range, int64_t *step, size_t limit)
{
  *step = range / (int64_t) limit + 1;
  return (size_t) (range / *step) + 2;
}

static int
tree_make (struct tree *t, const struct keys *k, size_t n)
{
  size_t limit = n * 4 < MIN_CELLS ? MIN_CELLS : n * 4 > MAX_CELLS ? MAX_CELLS : n * 4;
  size_t columns = (size_t) (k->range[COLUMN] < 1000 ? k->range[COLUMN] + 1 : 1000);

  t->columns = cells_along (k->range[COLUMN], &t->column_step, columns);
  t->rows = cells_along (k->range[ROW], &t->row_step, limit / t->columns + 1);
  t->cells = malloc (t->rows * t->columns * sizeof *t->cells);
  for (size_t i = 0; t->cells != NULL && i < t->rows * t->columns; i++)
    t->cells[i] = INT64_MAX;
  return t->cells != NULL ? 0 : -1;
}

static size_t
upper (int64_t value, int64_t step)
{
  return (size_t) ((value + step - 1) / step);
}

static int64_t
tree_least (const struct tree *t, size_t row, size_t column)
{
  int64_t least = INT64_MAX;

  for (size_t i = row + 1; i > 0; i -= i & -i)
    for (size_t j = column + 1; j > 0; j -= j & -j) {
      int64_t v = t->cells[(i - 1) * t->columns + j - 1];

      least = v < least ? v : least;
    }
  return least;
}

static void
tree_put (struct tree *t, size_t row, size_t column, int64_t value)
{
  for (size_t i = row + 1; i <= t->rows; i += i & -i)
    for (size_t j = column + 1; j <= t->columns; j += j & -j) {
      int64_t *cell = &t->cells[(i - 1) * t->columns + j - 1];

      *cell = value < *cell ? value : *cell;
    }
}

static int
is_dominated (struct tree *t, const struct keys *k, const int64_t key[N_KEYS])
{
  int64_t row = key[ROW] - k->low[ROW], column = key[COLUMN] - k->low[COLUMN];

  if (tree_least (t, (size_t) (row / t->row_step), (size_t) (column / t->column_step)) <= key[LEAST])
    return 1;
  tree_put (t, upper (row, t->row_step), upper (column, t->column_step), key[LEAST]);
  return 0;
}

size_t
est_labels_thin (struct est_label *labels, size_t n, int counts_cost, const int active[EST_N_RESOURCES])
{
  struct sortable *sorted = malloc ((n + 1) * sizeof *sorted);
  struct keys k;
  struct tree t = { 0 };
  size_t kept = SIZE_MAX;

  assign (labels, n, counts_cost, active, &k);
  if (sorted == NULL || tree_make (&t, &k, n) == -1)
    goto out;
  for (size_t i = 0; i < n; i++) {
    for (int j = 0; j < N_KEYS; j++)
      sorted[i].key[j] = value_of (&labels[i], k.at[j]);
    sorted[i].label = labels[i];
  }
  qsort (sorted, n, sizeof *sorted, compare);
  kept = 0;
  for (size_t i = 0; i < n; i++)
    if (!is_dominated (&t, &k, sorted[i].key))
      labels[kept++] = sorted[i].label;
out:
  free (t.cells);
  free (sorted);
  return kept;
}
