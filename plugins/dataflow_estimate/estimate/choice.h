/* SPDX-License-Identifier: BSD-3-Clause */
/* One item out of each group, so that what the items use stays within a cap for each resource: the exact choice that a fit needs
   again and again. It knows nothing of layers. Groups are merged one after the other; of the partial choices only those are
   kept that no other one is at least as good as in everything, and that a bound (the groups that remain, relaxed with
   multipliers for the caps) does not rule out. All bounds are in integers, so that what they prove is proven. */
#ifndef BR_ESTIMATE_CHOICE_H
#define BR_ESTIMATE_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#define EST_N_RESOURCES 4
#define EST_NO_CAP      INT64_MAX

struct est_choice_item {
  int64_t use[EST_N_RESOURCES]; /* never negative */
};

struct est_choice_group {
  const struct est_choice_item *items;
  size_t n;
};

struct est_choice {
  const struct est_choice_group *groups;
  size_t n;
  int64_t cap[EST_N_RESOURCES]; /* EST_NO_CAP: none */
  int64_t weight
      [EST_N_RESOURCES]; /* cost of one unit; never negative, and small enough that no sum passes 2^60 */
  int64_t limit;         /* only choices that cost at most this are wanted; 0: any */
  int (*stop) (void *closure); /* asked now and then: 1 ends the search; may be NULL */
  void *closure;
};

enum est_answer {
  EST_ANSWER_MEMORY = -1,
  EST_ANSWER_NONE,  /* proven: no choice keeps within the caps */
  EST_ANSWER_FOUND, /* proven, where bound == cost */
  EST_ANSWER_OPEN   /* stopped before either was known */
};

struct est_chosen {
  size_t *items; /* the caller's array, one for each group; set when the answer is EST_ANSWER_FOUND */
  int64_t cost;
  int64_t bound; /* no choice within the caps costs less; also when open */
};

/* Any choice within the caps; weights, cost and bound are not looked at. */
enum est_answer est_choose_any (const struct est_choice *choice, struct est_chosen *chosen);
/* The one of least cost. Where it was stopped, the best found so far, and a bound below its cost. */
enum est_answer est_choose_least (const struct est_choice *choice, struct est_chosen *chosen);

/* ---- shared by the files of the choice ---- */

/* Bounds by multipliers: cost (where it counts) and what is used, each unit of a resource at a price. */
struct est_prices {
  int counts_cost;
  int64_t price[EST_N_RESOURCES]; /* 0 where there is no cap */
};

/* The most that an item of a group uses of a resource. */
int64_t est_choice_most (const struct est_choice_group *group, int resource);
int64_t est_choice_cost (const struct est_choice *choice, const struct est_choice_item *item);
/* What an item, or a whole choice with that cost, comes to. */
int64_t est_priced (const struct est_prices *prices, int64_t cost, const int64_t use[EST_N_RESOURCES]);
/* The least that one item of a group comes to. */
int64_t est_priced_least (const struct est_choice *choice, const struct est_prices *prices, size_t group);
/* The caps at these prices. */
int64_t est_priced_caps (const struct est_choice *choice, const struct est_prices *prices);
/* Prices whose bound on cost is nearly the best, or (counts_cost 0) that come nearest to proving that there is no choice. */
void est_prices_find (const struct est_choice *choice, int counts_cost, struct est_prices *prices);

/* A partial choice. */
struct est_label {
  int64_t cost, use[EST_N_RESOURCES];
  int64_t rank; /* by the bound: least is the most promising */
  uint32_t parent, item;
};

/* Takes out labels that another one is at least as good as, in cost (where it counts) and in every active resource; these are at most
   four together. May leave some where there are very many. The new number; SIZE_MAX when memory ran out. */
size_t est_labels_thin (struct est_label *labels, size_t n, int counts_cost,
                        const int active[EST_N_RESOURCES]);

#endif
