/* SPDX-License-Identifier: BSD-3-Clause */
/* The exact choice, against all choices one after the other. */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/choice.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

#define MAX_GROUPS 7
#define MAX_ITEMS  6
#define ROUNDS     3000

static struct est_choice_item items[MAX_GROUPS][MAX_ITEMS];
static struct est_choice_group groups[MAX_GROUPS];
static size_t chosen_items[MAX_GROUPS];

static uint32_t state;

/* A small generator of the test's own, so that a failure comes again. */
static int64_t
below (int64_t n)
{
  state = state * 1664525u + 1013904223u;
  return (int64_t) (state >> 8) % n;
}

/* Caps lie around what an average choice needs, so that both answers are frequent. */
static void
make_random (struct est_choice *choice)
{
  int64_t range[EST_N_RESOURCES];

  memset (choice, 0, sizeof *choice);
  choice->groups = groups;
  choice->n = (size_t) below (MAX_GROUPS) + 1;
  for (int r = 0; r < EST_N_RESOURCES; r++) {
    range[r] = below (3) == 0 ? 3 : 1 + below (1000);
    choice->weight[r] = below (4) == 0 ? 0 : 1 + below (100000);
    choice->cap[r] = below (5) == 0 ? EST_NO_CAP : below (range[r] * (int64_t) choice->n);
  }
  for (size_t g = 0; g < choice->n; g++) {
    groups[g].items = items[g];
    groups[g].n = (size_t) below (MAX_ITEMS) + 1;
    for (size_t i = 0; i < groups[g].n; i++)
      for (int r = 0; r < EST_N_RESOURCES; r++)
        items[g][i].use[r] = below (3) == 0 ? 0 : below (range[r]);
  }
}

static int
is_within (const struct est_choice *choice, const int64_t use[EST_N_RESOURCES])
{
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (use[r] > choice->cap[r])
      return 0;
  return 1;
}

/* Cost of the items, -1 where they do not keep within the caps. */
static int64_t
cost_of (const struct est_choice *choice, const size_t *which)
{
  int64_t use[EST_N_RESOURCES] = { 0 }, cost = 0;

  for (size_t g = 0; g < choice->n; g++)
    for (int r = 0; r < EST_N_RESOURCES; r++) {
      use[r] += items[g][which[g]].use[r];
      cost += choice->weight[r] * items[g][which[g]].use[r];
    }
  return is_within (choice, use) ? cost : -1;
}

static int
advance (const struct est_choice *choice, size_t *which)
{
  for (size_t g = 0; g < choice->n; g++) {
    if (++which[g] < groups[g].n)
      return 1;
    which[g] = 0;
  }
  return 0;
}

static int64_t
least_of_all (const struct est_choice *choice)
{
  size_t which[MAX_GROUPS] = { 0 };
  int64_t least = -1;

  do {
    int64_t cost = cost_of (choice, which);

    if (cost >= 0 && (least < 0 || cost < least))
      least = cost;
  } while (advance (choice, which));
  return least;
}

START_TEST (same_as_trying_all)
{
  int found = 0, none = 0;

  state = 1;
  for (int round = 0; round < ROUNDS; round++) {
    struct est_choice choice;
    struct est_chosen chosen = { .items = chosen_items };
    int64_t least;
    enum est_answer any, best;

    make_random (&choice);
    least = least_of_all (&choice);
    any = est_choose_any (&choice, &chosen);
    ck_assert_int_eq (any, least >= 0 ? EST_ANSWER_FOUND : EST_ANSWER_NONE);
    if (any == EST_ANSWER_FOUND)
      ck_assert_int_ge (cost_of (&choice, chosen.items), 0);
    best = est_choose_least (&choice, &chosen);
    ck_assert_int_eq (best, any);
    found += best == EST_ANSWER_FOUND;
    none += best == EST_ANSWER_NONE;
    if (best != EST_ANSWER_FOUND)
      continue;
    ck_assert_int_eq (chosen.cost, least);
    ck_assert_int_eq (chosen.bound, least);
    ck_assert_int_eq (cost_of (&choice, chosen.items), least);
  }
  /* both kinds were really there */
  ck_assert_int_gt (found, ROUNDS / 10);
  ck_assert_int_gt (none, ROUNDS / 10);
}
END_TEST

START_TEST (limit_of_cost)
{
  state = 2;
  for (int round = 0; round < ROUNDS; round++) {
    struct est_choice choice;
    struct est_chosen chosen = { .items = chosen_items };
    int64_t least;

    make_random (&choice);
    least = least_of_all (&choice);
    if (least < 2)
      continue;
    choice.limit = least;
    ck_assert_int_eq (est_choose_least (&choice, &chosen), EST_ANSWER_FOUND);
    ck_assert_int_eq (chosen.cost, least);
    choice.limit = least - 1;
    ck_assert_int_eq (est_choose_least (&choice, &chosen), EST_ANSWER_NONE);
  }
}
END_TEST

START_TEST (group_without_items)
{
  struct est_choice choice = { .groups = groups, .n = 2 };
  struct est_chosen chosen = { .items = chosen_items };

  groups[0] = (struct est_choice_group){ items[0], 1 };
  groups[1] = (struct est_choice_group){ items[1], 0 };
  memset (items, 0, sizeof items);
  ck_assert_int_eq (est_choose_any (&choice, &chosen), EST_ANSWER_NONE);
}
END_TEST

START_TEST (no_groups_cost_nothing)
{
  struct est_choice choice = { .groups = groups };
  struct est_chosen chosen = { .items = chosen_items, .cost = 7 };

  ck_assert_int_eq (est_choose_least (&choice, &chosen), EST_ANSWER_FOUND);
  ck_assert_int_eq (chosen.cost, 0);
}
END_TEST

/* ---- choices too many to try: what is known of them comes from how they are made ---- */

#define MANY       40
#define MANY_ITEMS 12

static struct est_choice_item many_items[MANY][MANY_ITEMS];
static struct est_choice_group many_groups[MANY];
static size_t many_chosen[MANY];

/* One resource for another, at rates without a common measure; nearly all partial choices are incomparable. */
static void
make_many (struct est_choice *choice)
{
  memset (choice, 0, sizeof *choice);
  choice->groups = many_groups;
  choice->n = MANY;
  for (size_t g = 0; g < MANY; g++) {
    many_groups[g] = (struct est_choice_group){ many_items[g], MANY_ITEMS };
    for (size_t i = 0; i < MANY_ITEMS; i++) {
      many_items[g][i].use[0] = (int64_t) i * (1000 + (int64_t) g * 37);
      many_items[g][i].use[1] = (int64_t) (MANY_ITEMS - 1 - i) * (900 + (int64_t) (g * g) % 101);
      many_items[g][i].use[2] = below (500);
    }
  }
  for (int r = 0; r < EST_N_RESOURCES; r++) {
    choice->weight[r] = 1000 + r;
    choice->cap[r] = EST_NO_CAP;
  }
}

static int
stop_at_once (void *closure)
{
  (void) closure;
  return 1;
}

static int
stop_later (void *closure)
{
  return --*(int *) closure < 0;
}

START_TEST (stopped_before_anything_is_known)
{
  struct est_choice choice;
  struct est_chosen chosen = { .items = many_chosen };

  make_many (&choice);
  choice.stop = stop_at_once;
  ck_assert_int_eq (est_choose_any (&choice, &chosen), EST_ANSWER_OPEN);
}
END_TEST

/* What was found when it was stopped keeps within the caps, and the bound lies below its cost. */
START_TEST (stopped_with_a_bound)
{
  struct est_choice choice;
  struct est_chosen chosen = { .items = many_chosen };
  int questions = 60;
  int64_t use[EST_N_RESOURCES] = { 0 };

  state = 3;
  make_many (&choice);
  choice.cap[0] = 250000;
  choice.cap[1] = 240000;
  choice.cap[2] = 8000;
  choice.stop = stop_later;
  choice.closure = &questions;
  ck_assert_int_eq (est_choose_least (&choice, &chosen), EST_ANSWER_FOUND);
  for (size_t g = 0; g < MANY; g++)
    for (int r = 0; r < EST_N_RESOURCES; r++)
      use[r] += many_items[g][chosen.items[g]].use[r];
  ck_assert (is_within (&choice, use));
  ck_assert_int_gt (chosen.bound, 0);
  ck_assert_int_le (chosen.bound, chosen.cost);
}
END_TEST

/* Sums that no multiplier rules out: every group uses 2 of one resource or 2 of another, so that of two odd caps one unit each stays
   unused. */
START_TEST (parity_is_proven)
{
  struct est_choice choice;
  struct est_chosen chosen = { .items = many_chosen };

  make_many (&choice);
  for (size_t g = 0; g < MANY; g++) {
    memset (many_items[g], 0, sizeof many_items[g]);
    many_items[g][0].use[0] = 2;
    many_items[g][1].use[1] = 2;
    many_groups[g].n = 2;
  }
  choice.cap[0] = MANY + 1;
  choice.cap[1] = MANY - 1;
  ck_assert_int_eq (est_choose_any (&choice, &chosen), EST_ANSWER_NONE);
  choice.cap[1] = MANY;
  ck_assert_int_eq (est_choose_any (&choice, &chosen), EST_ANSWER_FOUND);
}
END_TEST

/* Bounds are sums over all groups: where each needs nearly all of every cap they get large, and stay sound. */
START_TEST (far_beyond_the_caps)
{
  static struct est_choice_item each[EST_N_RESOURCES];
  static struct est_choice_group all[300];
  static size_t which[N (all)];
  struct est_choice choice = { .groups = all, .n = N (all) };
  struct est_chosen chosen = { .items = which };

  for (int r = 0; r < EST_N_RESOURCES; r++) {
    choice.cap[r] = 40000;
    choice.weight[r] = (INT64_C (1) << 40) / 50000;
    for (int i = 0; i < EST_N_RESOURCES; i++)
      each[i].use[r] = i == r ? 100 : 39000;
  }
  for (size_t g = 0; g < N (all); g++)
    all[g] = (struct est_choice_group){ each, EST_N_RESOURCES };
  ck_assert_int_eq (est_choose_any (&choice, &chosen), EST_ANSWER_NONE);
  ck_assert_int_eq (est_choose_least (&choice, &chosen), EST_ANSWER_NONE);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    same_as_trying_all,
    limit_of_cost,
    group_without_items,
    no_groups_cost_nothing,
    stopped_before_anything_is_known,
    stopped_with_a_bound,
    parity_is_proven,
    far_beyond_the_caps,
  };

  return run_tests ("est_choice", tests, N (tests), 120);
}
