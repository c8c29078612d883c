/* SPDX-License-Identifier: BSD-3-Clause */
/* Multipliers for the caps, found by steps along the subgradient. Any prices give a valid bound; good ones give a sharp one. The
   search is in double, what comes of it is rounded to integers. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/choice.h"

#define STEPS     240
#define PATIENCE  5
#define SHRINK    0.7
#define FINENESS  1e12   /* units of price for all of a cap, where there is no cost to measure by */
#define MAX_SHARE 64.    /* of the cost: a price above it makes no difference that counts */
#define MAX_SUM   0x1p58 /* a resource at its price, over all groups: four and the cost fit in 64 bits */

int64_t
est_choice_most (const struct est_choice_group *group, int resource)
{
  int64_t high = 0;

  for (size_t i = 0; i < group->n; i++)
    high = group->items[i].use[resource] > high ? group->items[i].use[resource] : high;
  return high;
}

int64_t
est_choice_cost (const struct est_choice *choice, const struct est_choice_item *item)
{
  int64_t cost = 0;

  for (int r = 0; r < EST_N_RESOURCES; r++)
    cost += choice->weight[r] * item->use[r];
  return cost;
}

int64_t
est_priced (const struct est_prices *prices, int64_t cost, const int64_t use[EST_N_RESOURCES])
{
  int64_t sum = prices->counts_cost ? cost : 0;

  for (int r = 0; r < EST_N_RESOURCES; r++)
    sum += prices->price[r] * use[r];
  return sum;
}

int64_t
est_priced_least (const struct est_choice *choice, const struct est_prices *prices, size_t group)
{
  const struct est_choice_group *g = &choice->groups[group];
  int64_t least = INT64_MAX;

  for (size_t i = 0; i < g->n; i++) {
    int64_t value = est_priced (prices, est_choice_cost (choice, &g->items[i]), g->items[i].use);

    least = value < least ? value : least;
  }
  return least;
}

int64_t
est_priced_caps (const struct est_choice *choice, const struct est_prices *prices)
{
  int64_t sum = 0;

  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (prices->price[r] > 0)
      sum += prices->price[r] * choice->cap[r];
  return sum;
}

/* The search's own state: prices are for all of a cap, so that resources compare. */
struct ascent {
  const struct est_choice *choice;
  int counts_cost;
  double price[EST_N_RESOURCES], best[EST_N_RESOURCES];
  double slope[EST_N_RESOURCES]; /* at the last point: use over cap, less 1 */
  double value, best_value;
};

static int
has_cap (const struct est_choice *choice, int r)
{
  return choice->cap[r] != EST_NO_CAP && choice->cap[r] > 0;
}

static double
item_value (const struct ascent *a, const struct est_choice_item *item)
{
  double value = a->counts_cost ? (double) est_choice_cost (a->choice, item) : 0;

  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (a->price[r] > 0)
      value += a->price[r] * (double) item->use[r] / (double) a->choice->cap[r];
  return value;
}

static const struct est_choice_item *
cheapest (const struct ascent *a, const struct est_choice_group *g, double *value)
{
  const struct est_choice_item *best = NULL;

  for (size_t i = 0; i < g->n; i++) {
    double v = item_value (a, &g->items[i]);

    if (best == NULL || v < *value) {
      best = &g->items[i];
      *value = v;
    }
  }
  return best;
}

static void
evaluate (struct ascent *a)
{
  a->value = 0;
  for (int r = 0; r < EST_N_RESOURCES; r++) {
    a->slope[r] = has_cap (a->choice, r) ? -1 : 0;
    a->value -= a->price[r];
  }
  for (size_t g = 0; g < a->choice->n; g++) {
    double value = 0;
    const struct est_choice_item *item = cheapest (a, &a->choice->groups[g], &value);

    a->value += value;
    for (int r = 0; item != NULL && r < EST_N_RESOURCES; r++)
      if (has_cap (a->choice, r))
        a->slope[r] += (double) item->use[r] / (double) a->choice->cap[r];
  }
}

/* Prices are never negative; where nothing else sets their size, they sum to 1. */
static void
project (struct ascent *a)
{
  double sum = 0;

  for (int r = 0; r < EST_N_RESOURCES; r++) {
    a->price[r] = has_cap (a->choice, r) && a->price[r] > 0 ? a->price[r] : 0;
    sum += a->price[r];
  }
  for (int r = 0; !a->counts_cost && sum > 0 && r < EST_N_RESOURCES; r++)
    a->price[r] /= sum;
}

static void
step (struct ascent *a, double length)
{
  double norm = 0;

  for (int r = 0; r < EST_N_RESOURCES; r++)
    norm += a->slope[r] * a->slope[r];
  for (int r = 0; norm > 0 && r < EST_N_RESOURCES; r++)
    a->price[r] += length * a->slope[r] / sqrt (norm);
  project (a);
}

static void
climb (struct ascent *a, double length)
{
  int idle = 0;

  evaluate (a);
  a->best_value = a->value;
  memcpy (a->best, a->price, sizeof a->best);
  for (int i = 0; i < STEPS; i++) {
    step (a, length);
    evaluate (a);
    if (a->value > a->best_value) {
      a->best_value = a->value;
      memcpy (a->best, a->price, sizeof a->best);
      idle = 0;
    } else if (++idle == PATIENCE) {
      length *= SHRINK;
      idle = 0;
    }
  }
}

static double
cost_scale (const struct est_choice *choice)
{
  static const struct est_prices of_cost = { .counts_cost = 1 };
  double sum = 0;

  for (size_t g = 0; g < choice->n; g++)
    sum += (double) est_priced_least (choice, &of_cost, g);
  return sum > 0 ? sum : 1;
}

/* The highest price for all of a cap at which no choice passes MAX_SUM, however far it is beyond the cap. */
static double
highest_price (const struct est_choice *choice, int r)
{
  double cap = (double) choice->cap[r], sum = 0;

  for (size_t g = 0; g < choice->n; g++)
    sum += (double) est_choice_most (&choice->groups[g], r);
  return MAX_SUM * cap / fmax (sum, cap);
}

void
est_prices_find (const struct est_choice *choice, int counts_cost, struct est_prices *prices)
{
  struct ascent a = { .choice = choice, .counts_cost = counts_cost };
  double scale = counts_cost ? cost_scale (choice) : 1;

  for (int r = 0; r < EST_N_RESOURCES; r++)
    a.price[r] = counts_cost ? 0 : 1;
  project (&a);
  climb (&a, scale / 2);
  memset (prices, 0, sizeof *prices);
  prices->counts_cost = counts_cost;
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (a.best[r] > 0) {
      double price = counts_cost ? fmin (a.best[r], scale * MAX_SHARE) : a.best[r] * FINENESS;

      prices->price[r] = (int64_t) (fmin (price, highest_price (choice, r)) / (double) choice->cap[r]);
    }
}
