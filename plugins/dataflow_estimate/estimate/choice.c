/* SPDX-License-Identifier: BSD-3-Clause */
/* The exact choice: groups are merged in order, the front of partial choices is thinned after each. A pass may keep only so many
   of them, the most promising; where none had to be dropped, it has proven its answer, else a wider pass follows. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/choice.h"

#define FIRST_WIDTH 200
#define WIDER       16
#define LAST_WIDTH  (1u << 20)
#define MAX_PENDING (1u << 21) /* labels of the next front before it is thinned in between */
#define STOP_EVERY  512        /* labels between two questions whether to stop */
#define MAX_PRICES  (3 + EST_N_RESOURCES)
#define NO_UPPER    (INT64_MAX / 4)

/* One bound, with the least that the groups from the k-th on (in order) add to it. */
struct bound {
  struct est_prices prices;
  int64_t caps;
  int64_t *rest; /* n + 1 */
};

/* How a label of a front came about. */
struct step {
  uint32_t parent, item;
};

struct front {
  struct est_label *labels;
  size_t n, size;
};

struct search {
  const struct est_choice *choice;
  int least;     /* cost counts */
  size_t *order; /* groups as they are merged */
  struct bound bounds[MAX_PRICES];
  size_t n_bounds;             /* the first one ranks */
  int active[EST_N_RESOURCES]; /* caps that can be reached at all */
  int cost_is_key;
  struct front front, next;
  struct step **steps; /* for each group in order, the kept labels */
  size_t width;
  int truncated, stopped, failed;
  int64_t dropped; /* least bound of what was dropped */
  int64_t upper;   /* cost of the best so far */
};

/* ---- what bounds say ---- */

/* A cap that the largest items together do not pass needs no more thought; cost is a key of its own only where something that
   is not active has a weight. */
static void
find_active (struct search *s)
{
  for (int r = 0; r < EST_N_RESOURCES; r++) {
    int64_t sum = 0;

    for (size_t g = 0; g < s->choice->n; g++)
      sum += est_choice_most (&s->choice->groups[g], r);
    s->active[r] = s->choice->cap[r] != EST_NO_CAP && sum > s->choice->cap[r];
    if (s->least && !s->active[r] && s->choice->weight[r] > 0)
      s->cost_is_key = 1;
  }
}

static void
add_bound (struct search *s, const struct est_prices *prices)
{
  struct bound *b = &s->bounds[s->n_bounds];
  size_t n = s->choice->n;

  b->rest = calloc (n + 1, sizeof *b->rest);
  if (b->rest == NULL) {
    s->failed = 1;
    return;
  }
  s->n_bounds++;
  b->prices = *prices;
  b->caps = est_priced_caps (s->choice, prices);
  for (size_t k = n; k-- > 0;)
    b->rest[k] = b->rest[k + 1] + est_priced_least (s->choice, prices, s->order[k]);
}

static void
add_bounds (struct search *s)
{
  static const struct est_prices of_cost = { .counts_cost = 1 };
  struct est_prices prices;

  if (s->least) {
    est_prices_find (s->choice, 1, &prices);
    add_bound (s, &prices);
    add_bound (s, &of_cost);
  }
  est_prices_find (s->choice, 0, &prices);
  add_bound (s, &prices);
  for (int r = 0; r < EST_N_RESOURCES && !s->failed; r++) {
    struct est_prices alone = { 0 };

    alone.price[r] = 1;
    if (s->active[r])
      add_bound (s, &alone);
  }
}

/* Can a label that has merged the first k groups still become a choice that is wanted? Sets its rank. */
static int
is_hopeful (const struct search *s, struct est_label *label, size_t k)
{
  for (size_t i = 0; i < s->n_bounds; i++) {
    const struct bound *b = &s->bounds[i];
    int64_t value = est_priced (&b->prices, label->cost, label->use) + b->rest[k] - b->caps;

    if (i == 0)
      label->rank = value;
    if (value > (b->prices.counts_cost ? s->upper - 1 : 0))
      return 0;
  }
  return 1;
}

/* ---- one pass ---- */

static int
compare_ranks (const void *a, const void *b)
{
  const struct est_label *x = a, *y = b;

  return (x->rank > y->rank) - (x->rank < y->rank);
}

static void
narrow (struct search *s, struct front *f)
{
  size_t n = est_labels_thin (f->labels, f->n, s->cost_is_key, s->active);

  if (n == SIZE_MAX) {
    s->failed = 1;
    return;
  }
  f->n = n;
  if (n <= s->width)
    return;
  qsort (f->labels, n, sizeof *f->labels, compare_ranks);
  s->dropped = f->labels[s->width].rank < s->dropped ? f->labels[s->width].rank : s->dropped;
  s->truncated = 1;
  f->n = s->width;
}

static void
push (struct search *s, const struct est_label *label)
{
  struct front *f = &s->next;

  if (f->n == MAX_PENDING)
    narrow (s, f);
  if (f->n == f->size) {
    size_t size = f->size == 0 ? 1024 : f->size * 2;
    struct est_label *labels = realloc (f->labels, size * sizeof *labels);

    if (labels == NULL) {
      s->failed = 1;
      return;
    }
    f->labels = labels;
    f->size = size;
  }
  f->labels[f->n++] = *label;
}

static void
extend (struct search *s, size_t k, uint32_t parent)
{
  const struct est_label from = s->front.labels[parent];
  const struct est_choice_group *g = &s->choice->groups[s->order[k]];

  for (size_t i = 0; i < g->n && !s->failed; i++) {
    struct est_label to = from;

    for (int r = 0; r < EST_N_RESOURCES; r++)
      to.use[r] += g->items[i].use[r];
    to.cost += est_choice_cost (s->choice, &g->items[i]);
    to.parent = parent;
    to.item = (uint32_t) i;
    if (is_hopeful (s, &to, k + 1))
      push (s, &to);
  }
}

static void
keep_steps (struct search *s, size_t k)
{
  struct step *steps = realloc (s->steps[k], (s->next.n + 1) * sizeof *steps);

  if (steps == NULL) {
    s->failed = 1;
    return;
  }
  s->steps[k] = steps;
  for (size_t i = 0; i < s->next.n; i++)
    steps[i] = (struct step){ s->next.labels[i].parent, s->next.labels[i].item };
}

static void
swap_fronts (struct search *s)
{
  struct front front = s->front;

  s->front = s->next;
  s->next = front;
}

static void
merge (struct search *s, size_t k)
{
  s->next.n = 0;
  for (size_t i = 0; i < s->front.n && !s->failed && !s->stopped; i++) {
    if (i % STOP_EVERY == 0 && s->choice->stop != NULL && s->choice->stop (s->choice->closure))
      s->stopped = 1;
    else
      extend (s, k, (uint32_t) i);
  }
  if (s->failed || s->stopped)
    return;
  narrow (s, &s->next);
  if (!s->failed)
    keep_steps (s, k);
  swap_fronts (s);
}

static void
trace (const struct search *s, size_t label, size_t *items)
{
  for (size_t k = s->choice->n; k-- > 0;) {
    items[s->order[k]] = s->steps[k][label].item;
    label = s->steps[k][label].parent;
  }
}

/* 1: a choice was found that is better than what was known. */
static int
run_pass (struct search *s, struct est_chosen *chosen)
{
  static const struct est_label nothing;
  size_t best = 0;

  s->truncated = 0;
  s->dropped = NO_UPPER;
  s->next.n = 0;
  push (s, &nothing);
  if (s->failed)
    return 0;
  swap_fronts (s);
  for (size_t k = 0; k < s->choice->n && s->front.n > 0 && !s->failed && !s->stopped; k++)
    merge (s, k);
  if (s->failed || s->stopped || s->front.n == 0)
    return 0;
  for (size_t i = 1; i < s->front.n; i++)
    if (s->front.labels[i].cost < s->front.labels[best].cost)
      best = i;
  if (s->front.labels[best].cost >= s->upper)
    return 0;
  chosen->cost = s->upper = s->front.labels[best].cost;
  trace (s, best, chosen->items);
  return 1;
}

/* ---- the search ---- */

struct spread {
  size_t group;
  double size;
};

static int
compare_spreads (const void *a, const void *b)
{
  const struct spread *x = a, *y = b;

  if (x->size != y->size)
    return x->size > y->size ? -1 : 1;
  return x->group < y->group ? -1 : 1;
}

/* Groups that decide most come first, so that bounds rule out much early. */
static void
find_order (struct search *s)
{
  size_t n = s->choice->n;
  struct spread *spreads = calloc (n + 1, sizeof *spreads);

  if (spreads == NULL) {
    s->failed = 1;
    return;
  }
  for (size_t g = 0; g < n; g++) {
    spreads[g].group = g;
    for (int r = 0; r < EST_N_RESOURCES; r++)
      if (s->choice->cap[r] != EST_NO_CAP && s->choice->cap[r] > 0)
        spreads[g].size += (double) est_choice_most (&s->choice->groups[g], r) / (double) s->choice->cap[r];
  }
  qsort (spreads, n, sizeof *spreads, compare_spreads);
  for (size_t g = 0; g < n; g++)
    s->order[g] = spreads[g].group;
  free (spreads);
}

static void
prepare (struct search *s)
{
  size_t n = s->choice->n;

  s->order = calloc (n + 1, sizeof *s->order);
  s->steps = calloc (n + 1, sizeof *s->steps);
  s->upper = s->choice->limit > 0 ? s->choice->limit + 1 : NO_UPPER;
  if (s->order == NULL || s->steps == NULL) {
    s->failed = 1;
    return;
  }
  find_active (s);
  find_order (s);
  if (!s->failed)
    add_bounds (s);
}

static void
release (struct search *s)
{
  for (size_t i = 0; i < s->n_bounds; i++)
    free (s->bounds[i].rest);
  for (size_t k = 0; s->steps != NULL && k < s->choice->n; k++)
    free (s->steps[k]);
  free (s->steps);
  free (s->order);
  free (s->front.labels);
  free (s->next.labels);
}

static int
has_empty_group (const struct est_choice *choice)
{
  for (size_t g = 0; g < choice->n; g++)
    if (choice->groups[g].n == 0)
      return 1;
  return 0;
}

static enum est_answer
search (struct search *s, struct est_chosen *chosen)
{
  int found = 0;

  chosen->bound = s->least ? s->bounds[0].rest[0] - s->bounds[0].caps : 0;
  if (s->least && chosen->bound < s->bounds[1].rest[0])
    chosen->bound = s->bounds[1].rest[0];
  for (s->width = FIRST_WIDTH; s->width <= LAST_WIDTH; s->width *= WIDER) {
    found |= run_pass (s, chosen);
    if (s->failed)
      return EST_ANSWER_MEMORY;
    if (s->stopped || (found && !s->least))
      break;
    if (!s->truncated || s->dropped >= s->upper) {
      chosen->bound = found ? chosen->cost : 0;
      return found ? EST_ANSWER_FOUND : EST_ANSWER_NONE;
    }
    chosen->bound = s->dropped > chosen->bound ? s->dropped : chosen->bound;
  }
  if (found && chosen->bound > chosen->cost)
    chosen->bound = chosen->cost;
  return found ? EST_ANSWER_FOUND : EST_ANSWER_OPEN;
}

static enum est_answer
choose (const struct est_choice *choice, int least, struct est_chosen *chosen)
{
  struct search s = { .choice = choice, .least = least };
  enum est_answer answer = EST_ANSWER_MEMORY;

  chosen->bound = chosen->cost = 0;
  if (has_empty_group (choice))
    return EST_ANSWER_NONE;
  prepare (&s);
  if (!s.failed)
    answer = search (&s, chosen);
  release (&s);
  return answer;
}

enum est_answer
est_choose_any (const struct est_choice *choice, struct est_chosen *chosen)
{
  return choose (choice, 0, chosen);
}

enum est_answer
est_choose_least (const struct est_choice *choice, struct est_chosen *chosen)
{
  return choose (choice, 1, chosen);
}
