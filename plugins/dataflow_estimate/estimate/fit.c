/* SPDX-License-Identifier: BSD-3-Clause */
/* The search. A network is as fast as its slowest layer, whose cycles are one of finitely many numbers: those that some layer has in
   some setting. Whether a folding with at most so many cycles fits is an exact choice (choice.h), and it can only become easier
   with more cycles; so bisection finds the fastest network and proves that the next faster one does not fit. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/str.h"
#include "plugins/dataflow_estimate/estimate/bitwidth.h"
#include "plugins/dataflow_estimate/estimate/fit.h"

#define SHARE_UNIT  ((double) (INT64_C (1) << 40)) /* all of a resource, in units of cost */
#define ONE_UNIT    (INT64_C (1) << 20)            /* one of a resource, where only that one costs */
#define NONE_IN_CAP (-1)

const char *
est_resource_name (enum est_resource resource)
{
  static const char *const names[EST_N_RESOURCES] = { "LUT", "BRAM_18K", "URAM", "DSP" };

  return names[resource];
}

void
est_fit_options_init (struct est_fit_options *options)
{
  memset (options, 0, sizeof *options);
  options->ceiling[EST_LUT] = 0.7;
  options->ceiling[EST_BRAM_18K] = options->ceiling[EST_URAM] = options->ceiling[EST_DSP] = 0.8;
  options->minimize = 1;
}

/* The millionth keeps products like 0.7 * 341280 from falling short of the integer that they are. */
int64_t
est_allowed (double ceiling, int64_t total)
{
  return (int64_t) floor (ceiling * (double) total + 1e-6);
}

/* The quotient is the one that the performance report prints, so that equality there is equality here. */
int64_t
est_cycles_for_fps (double clock_ns, double fps)
{
  double hz = 1e9 / clock_ns, cycles = floor (hz / fps);

  if (!(fps > 0) || cycles >= 9e15)
    return INT64_MAX;
  if (hz / (cycles + 1) >= fps)
    cycles++;
  else if (cycles > 0 && hz / cycles < fps)
    cycles--;
  return (int64_t) cycles;
}

/* ---- the choice at a number of cycles ---- */

struct group {
  struct est_choice_item *items;
  size_t *options; /* of the unit, by item */
  size_t n;
};

struct finder {
  struct est_fit *fit;
  const struct est_fit_options *options;
  double deadline; /* 0: none */
  int64_t *cycles; /* all that layers can have, ascending, each once */
  size_t n_cycles;
  struct group *groups;
  struct est_choice_group *choice_groups;
  size_t *chosen, *best; /* items of the last answer; options of the best folding */
  int64_t weight[EST_N_RESOURCES];
  double done; /* share of the work, for progress */
  int stopped; /* a limit struck */
  int cancelled;
};

double
est_now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static int
stop (void *closure)
{
  struct finder *f = closure;

  if (f->options->cancelled != NULL && f->options->cancelled (f->options->closure))
    f->cancelled = f->stopped = 1;
  if ((f->deadline > 0 && est_now () > f->deadline) ||
      (f->options->limited != NULL && f->options->limited (f->options->closure)))
    f->stopped = 1;
  return f->stopped;
}

static void
progress (struct finder *f, double done)
{
  f->done = done;
  if (f->options->progress != NULL)
    f->options->progress (f->options->closure, done);
}

static int
is_within (const struct est_fit_option *option, const int64_t cap[EST_N_RESOURCES])
{
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (option->item.use[r] > cap[r])
      return 0;
  return 1;
}

static int
is_covered (const struct group *g, const struct est_choice_item *item)
{
  for (size_t i = g->n; i-- > 0;) {
    int r = 0;

    while (r < EST_N_RESOURCES && g->items[i].use[r] <= item->use[r])
      r++;
    if (r == EST_N_RESOURCES)
      return 1;
  }
  return 0;
}

/* What no slower one makes useless stays: slower ones use less, so they come first. */
static void
gather (struct group *g, const struct est_fit_unit *unit, int64_t cycles, const int64_t cap[EST_N_RESOURCES])
{
  g->n = 0;
  for (size_t i = unit->n; i-- > 0;) {
    const struct est_fit_option *option = &unit->options[i];

    if (option->cycles > cycles || !is_within (option, cap) || is_covered (g, &option->item))
      continue;
    g->items[g->n] = option->item;
    g->options[g->n++] = i;
  }
}

/* Asks for a folding of at most so many cycles. A resource that is left out has no cap; weight NULL: any folding will do. */
static enum est_answer
ask (struct finder *f, int64_t cycles, int left_out, const int64_t *weight, int64_t limit,
     struct est_chosen *chosen)
{
  struct est_choice choice = {
    .groups = f->choice_groups, .n = f->fit->n, .limit = limit, .stop = stop, .closure = f
  };

  memcpy (choice.cap, f->fit->cap, sizeof choice.cap);
  if (left_out >= 0)
    choice.cap[left_out] = EST_NO_CAP;
  for (size_t u = 0; u < f->fit->n; u++) {
    gather (&f->groups[u], &f->fit->units[u], cycles, choice.cap);
    f->choice_groups[u].n = f->groups[u].n;
  }
  chosen->items = f->chosen;
  if (weight != NULL)
    memcpy (choice.weight, weight, sizeof choice.weight);
  return weight != NULL ? est_choose_least (&choice, chosen) : est_choose_any (&choice, chosen);
}

static void
take (struct finder *f)
{
  for (size_t u = 0; u < f->fit->n; u++)
    f->best[u] = f->groups[u].options[f->chosen[u]];
}

/* ---- preparation ---- */

static int
compare (const void *a, const void *b)
{
  int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;

  return (x > y) - (x < y);
}

static int
list_cycles (struct finder *f)
{
  size_t n = 0;
  int64_t least = 0; /* no network is faster than its slowest layer at its fastest */

  for (size_t u = 0; u < f->fit->n; u++) {
    n += f->fit->units[u].n;
    least = f->fit->units[u].options[0].cycles > least ? f->fit->units[u].options[0].cycles : least;
  }
  f->cycles = calloc (n + 1, sizeof *f->cycles);
  if (f->cycles == NULL)
    return -1;
  n = 0;
  for (size_t u = 0; u < f->fit->n; u++)
    for (size_t i = 0; i < f->fit->units[u].n; i++)
      if (f->fit->units[u].options[i].cycles >= least)
        f->cycles[n++] = f->fit->units[u].options[i].cycles;
  qsort (f->cycles, n, sizeof *f->cycles, compare);
  for (size_t i = 0; i < n; i++)
    if (i == 0 || f->cycles[i] != f->cycles[f->n_cycles - 1])
      f->cycles[f->n_cycles++] = f->cycles[i];
  return 0;
}

static int
make_groups (struct finder *f)
{
  size_t n = f->fit->n;

  f->groups = calloc (n + 1, sizeof *f->groups);
  f->choice_groups = calloc (n + 1, sizeof *f->choice_groups);
  f->chosen = calloc (n + 1, sizeof *f->chosen);
  f->best = calloc (n + 1, sizeof *f->best);
  if (f->groups == NULL || f->choice_groups == NULL || f->chosen == NULL || f->best == NULL)
    return -1;
  for (size_t u = 0; u < n; u++) {
    f->groups[u].items = calloc (f->fit->units[u].n, sizeof *f->groups[u].items);
    f->groups[u].options = calloc (f->fit->units[u].n, sizeof *f->groups[u].options);
    if (f->groups[u].items == NULL || f->groups[u].options == NULL)
      return -1;
    f->choice_groups[u].items = f->groups[u].items;
  }
  return 0;
}

static void
release (struct finder *f)
{
  for (size_t u = 0; f->groups != NULL && u < f->fit->n; u++) {
    free (f->groups[u].items);
    free (f->groups[u].options);
  }
  free (f->groups);
  free (f->choice_groups);
  free (f->chosen);
  free (f->best);
  free (f->cycles);
}

static void
set_caps (struct finder *f)
{
  struct est_fit *fit = f->fit;

  for (int r = 0; r < EST_N_RESOURCES; r++) {
    fit->total[r] = f->options->total[r];
    fit->cap[r] = est_allowed (f->options->ceiling[r], fit->total[r]);
    f->weight[r] = fit->total[r] > 0 ? (int64_t) (SHARE_UNIT / (double) fit->total[r]) : 0;
  }
}

static int
copy_layers (const struct est_point *point, const struct est_fit_options *options, struct est_fit *fit,
             struct br_error *err)
{
  fit->layers = calloc (point->n + 1, sizeof *fit->layers);
  if (fit->layers == NULL)
    return br_error_oom (err);
  memcpy (fit->layers, point->layers, point->n * sizeof *fit->layers);
  fit->n_layers = point->n;
  fit->dsp = point->dsp;
  fit->goal = options->goal;
  return options->minimize ? est_minimize_widths (fit->layers, fit->n_layers, err) : 0;
}

/* ---- where nothing fits ---- */

/* What is missing of one resource when all others keep within their caps; NONE_IN_CAP where they cannot, or where it is not known. */
static int64_t
lack (struct finder *f, int64_t cycles, int r)
{
  int64_t weight[EST_N_RESOURCES] = { 0 };
  struct est_chosen chosen;

  weight[r] = ONE_UNIT;
  if (ask (f, cycles, r, weight, 0, &chosen) != EST_ANSWER_FOUND)
    return NONE_IN_CAP;
  chosen.bound = (chosen.bound + ONE_UNIT - 1) / ONE_UNIT;
  return chosen.bound > f->fit->cap[r] ? chosen.bound - f->fit->cap[r] : 0;
}

/* The least of a resource, whatever the others come to. */
static int64_t
least_use (const struct finder *f, int64_t cycles, int r)
{
  int64_t sum = 0;

  for (size_t u = 0; u < f->fit->n; u++) {
    const struct est_fit_unit *unit = &f->fit->units[u];
    int64_t least = INT64_MAX;

    for (size_t i = 0; i < unit->n && unit->options[i].cycles <= cycles; i++)
      least = unit->options[i].item.use[r] < least ? unit->options[i].item.use[r] : least;
    sum += least;
  }
  return sum;
}

static void
add_lack (struct br_str *text, const char *between, const struct est_fit *fit, int r, int64_t lacks)
{
  br_str_printf (text, "%s%s is short by %lld (at least %lld of %lld allowed)",
                 text->length > 0 ? between : "", est_resource_name ((enum est_resource) r),
                 (long long) lacks, (long long) (fit->cap[r] + lacks), (long long) fit->cap[r]);
}

/* One resource is to blame where the others can keep within their ceilings; else those of which there is never enough. */
static int
nothing_fits (struct finder *f, int64_t cycles, struct br_error *err)
{
  struct br_str text = { 0 };

  for (int r = 0; r < EST_N_RESOURCES; r++) {
    int64_t lacks = lack (f, cycles, r);

    if (lacks > 0)
      add_lack (&text, " or ", f->fit, r, lacks);
  }
  for (int r = 0; text.length == 0 && r < EST_N_RESOURCES; r++) {
    int64_t lacks = least_use (f, cycles, r) - f->fit->cap[r];

    if (lacks > 0)
      add_lack (&text, " and ", f->fit, r, lacks);
  }
  if (text.length == 0)
    br_str_add (&text, "no folding keeps within all ceilings at once");
  br_error_set (err, "resource", "nothing fits at %lld cycles: %s", (long long) cycles,
                br_str_failed (&text) ? "out of memory" : text.text);
  br_str_free (&text);
  return -1;
}

static int
too_slow (const struct finder *f, double min_fps, struct br_error *err)
{
  size_t slowest = 0;

  for (size_t u = 1; u < f->fit->n; u++)
    if (f->fit->units[u].options[0].cycles > f->fit->units[slowest].options[0].cycles)
      slowest = u;
  return br_error_set (err, "config", "no folding gives %.17g frames a second: %s takes %lld cycles at least",
                       min_fps, f->fit->layers[f->fit->units[slowest].first].node,
                       (long long) f->fit->units[slowest].options[0].cycles);
}

/* ---- the search ---- */

static int
failed (const struct finder *f, enum est_answer answer, struct br_error *err)
{
  if (answer == EST_ANSWER_MEMORY)
    return br_error_oom (err);
  return br_error_set (err, "timeout", "%s before any folding that fits was found",
                       f->cancelled ? "told to end" : "the time for the fit was over");
}

/* The fastest that fits, below last, which does. With weights, only what costs at most the limit will do. Where a question stays open,
   the bound says so. */
static int
find_fastest (struct finder *f, size_t last, const int64_t *weight, int64_t limit, struct br_error *err)
{
  size_t low = 0, high = last;
  double begin = f->done, steps = 2 * log2 ((double) (last + 1)) + 2;
  int64_t open = INT64_MAX;

  while (low < high && !f->stopped) {
    size_t middle = low + (high - low) / 2;
    struct est_chosen chosen;
    enum est_answer answer = ask (f, f->cycles[middle], -1, weight, limit, &chosen);

    if (answer == EST_ANSWER_MEMORY)
      return br_error_oom (err);
    /* what is not known there is not known of anything faster either */
    if (answer == EST_ANSWER_OPEN && f->cycles[low] < open)
      open = f->cycles[low];
    if (answer == EST_ANSWER_FOUND) {
      take (f);
      high = middle;
    } else
      low = middle + 1;
    progress (f, f->done + (1 - begin) / steps);
  }
  f->fit->max_cycles = f->cycles[high];
  f->fit->max_cycles_bound = f->cycles[low] < open ? f->cycles[low] : open;
  return 0;
}

/* The least resources at that many cycles. */
static int
find_least (struct finder *f, int64_t cycles, int64_t *cost, struct br_error *err)
{
  struct est_chosen chosen;
  enum est_answer answer = ask (f, cycles, -1, f->weight, 0, &chosen);

  if (answer == EST_ANSWER_MEMORY)
    return br_error_oom (err);
  if (answer == EST_ANSWER_FOUND)
    take (f);
  *cost = answer == EST_ANSWER_FOUND ? chosen.cost : INT64_MAX;
  f->fit->share_bound = (double) chosen.bound / SHARE_UNIT;
  return 0;
}

static int
search (struct finder *f, size_t last, struct br_error *err)
{
  struct est_chosen chosen;
  enum est_answer answer = ask (f, f->cycles[last], -1, NULL, 0, &chosen);
  int64_t cost;

  if (answer == EST_ANSWER_NONE)
    return nothing_fits (f, f->cycles[last], err);
  if (answer != EST_ANSWER_FOUND)
    return failed (f, answer, err);
  take (f);
  if (f->options->goal == EST_GOAL_THROUGHPUT) {
    if (find_fastest (f, last, NULL, 0, err) < 0)
      return -1;
    return f->stopped ? 0 : find_least (f, f->fit->max_cycles, &cost, err);
  }
  f->fit->max_cycles = f->cycles[last];
  f->fit->max_cycles_bound = f->cycles[0];
  if (find_least (f, f->cycles[last], &cost, err) < 0)
    return -1;
  progress (f, 0.5);
  if (cost == INT64_MAX || f->stopped)
    return 0;
  return find_fastest (f, last, f->weight, cost > 0 ? cost : 1, err);
}

/* ---- what was found ---- */

/* Where estimates make no difference, the narrowest setting that is fast enough. */
static size_t
narrowest (const struct est_fit_unit *unit, size_t chosen, int64_t cycles)
{
  const struct est_fit_option *o = unit->options;
  size_t best = chosen;

  for (size_t i = 0; i < unit->n && o[i].cycles <= cycles; i++)
    if (o[i].lanes < o[best].lanes && is_within (&o[i], o[chosen].item.use))
      best = i;
  return best;
}

static void
settle (struct finder *f)
{
  struct est_fit *fit = f->fit;

  fit->max_cycles = 0;
  memset (fit->used, 0, sizeof fit->used);
  for (size_t u = 0; u < fit->n; u++) {
    struct est_fit_unit *unit = &fit->units[u];
    const struct est_fit_option *option = &unit->options[f->best[u]];

    unit->chosen = f->best[u];
    fit->max_cycles = option->cycles > fit->max_cycles ? option->cycles : fit->max_cycles;
  }
  for (size_t u = 0; u < fit->n; u++) {
    struct est_fit_unit *unit = &fit->units[u];

    unit->chosen = narrowest (unit, unit->chosen, fit->max_cycles);
    for (int r = 0; r < EST_N_RESOURCES; r++)
      fit->used[r] += unit->options[unit->chosen].item.use[r];
    est_fit_apply (unit, &unit->options[unit->chosen], fit->layers);
  }
  fit->share = 0;
  for (int r = 0; r < EST_N_RESOURCES; r++)
    fit->share += (double) f->weight[r] * (double) fit->used[r] / SHARE_UNIT;
}

/* What keeps the network from the next faster one. */
static void
look_further (struct finder *f)
{
  struct est_fit *fit = f->fit;
  struct est_chosen chosen;
  size_t i = 0;

  while (i < f->n_cycles && f->cycles[i] < fit->max_cycles)
    i++;
  if (i == 0 || f->stopped)
    return;
  fit->faster_cycles = f->cycles[i - 1];
  for (int r = 0; r < EST_N_RESOURCES; r++)
    fit->faster_lacks[r] = lack (f, fit->faster_cycles, r);
  if (fit->goal == EST_GOAL_RESOURCES &&
      ask (f, fit->faster_cycles, -1, f->weight, 0, &chosen) == EST_ANSWER_FOUND)
    fit->faster_share = (double) chosen.cost / SHARE_UNIT;
}

static void
judge (struct finder *f)
{
  struct est_fit *fit = f->fit;
  /* weights are rounded to integers: the bound is one of theirs, and equal where it is proven */
  int exact = fit->max_cycles_bound == fit->max_cycles && fit->share_bound >= fit->share * (1 - 1e-12);

  fit->max_cycles_bound = fit->max_cycles_bound < fit->max_cycles ? fit->max_cycles_bound : fit->max_cycles;
  fit->proof = exact && !f->stopped ? EST_PROVEN : EST_BOUND;
}

/* The last number of cycles that is fast enough; n_cycles: none is. */
static size_t
slowest_allowed (const struct finder *f)
{
  int64_t most = est_cycles_for_fps (f->options->clock_ns, f->options->min_fps);
  size_t n = f->n_cycles;

  while (n > 0 && f->cycles[n - 1] > most)
    n--;
  return n > 0 ? n - 1 : f->n_cycles;
}

static int
find (struct finder *f, struct br_error *err)
{
  size_t last;

  if (list_cycles (f) == -1 || make_groups (f) == -1)
    return br_error_oom (err);
  last = slowest_allowed (f);
  if (last == f->n_cycles)
    return too_slow (f, f->options->min_fps, err);
  if (search (f, last, err) < 0)
    return -1;
  if (f->cancelled)
    return failed (f, EST_ANSWER_OPEN, err);
  settle (f);
  judge (f);
  look_further (f);
  progress (f, 1);
  return 0;
}

int
est_fit_run (struct est_point *point, const struct est_fit_options *options, struct est_fit *fit,
             struct br_error *err)
{
  struct finder f = { .fit = fit, .options = options };
  int ret;

  if (options->seconds > 0)
    f.deadline = est_now () + options->seconds;
  if (copy_layers (point, options, fit, err) < 0 || est_fit_units (fit, options, err) < 0)
    return -1;
  set_caps (&f);
  ret = find (&f, err);
  release (&f);
  for (size_t u = 0; ret == 0 && u < fit->n; u++)
    est_fit_apply (&fit->units[u], &fit->units[u].options[fit->units[u].chosen], point->layers);
  return ret;
}

void
est_fit_free (struct est_fit *fit)
{
  for (size_t u = 0; u < fit->n; u++)
    free (fit->units[u].options);
  free (fit->units);
  free (fit->layers);
  memset (fit, 0, sizeof *fit);
}
