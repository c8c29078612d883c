/* SPDX-License-Identifier: BSD-3-Clause */
/* The fit, against every folding of small networks: here a plain product over all values that layers may have, with nothing left
   out beforehand. Costs and cycles of single layers are those of the estimates, which have tests of their own. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/fit.h"
#include "tests/unit/suite.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

#define MAX_LAYERS 4
#define ROUNDS     120

static uint32_t state;

static int64_t
below (int64_t n)
{
  state = state * 1664525u + 1013904223u;
  return (int64_t) (state >> 8) % n;
}

/* ---- layers ---- */

static struct est_layer
layer_of (enum est_op op, enum est_impl impl, int64_t channels)
{
  struct est_layer layer = { .op = op, .impl = impl, .channels = channels, .vectors = 1, .node = "node" };

  layer.in = EST_TYPE_INT (4);
  layer.weight = EST_TYPE_INT (4);
  layer.out = EST_TYPE_INT (4);
  layer.threshold = layer.acc = EST_TYPE_INT (12);
  for (int i = 0; i < 2; i++)
    layer.kernel[i] = layer.stride[i] = layer.dilation[i] = layer.dim[i] = layer.out_dim[i] = 1;
  est_layer_defaults (&layer);
  return layer;
}

static struct est_layer
mvau (enum est_impl impl, int64_t mw, int64_t mh, int64_t vectors)
{
  struct est_layer layer = layer_of (EST_MVAU, impl, mh);

  layer.mw = mw;
  layer.mh = mh;
  layer.vectors = vectors;
  layer.no_activation = impl == EST_RTL;
  return layer;
}

static void
set_window (struct est_layer *layer, int64_t kernel, int64_t dim)
{
  for (int i = 0; i < 2; i++) {
    layer->kernel[i] = kernel;
    layer->dim[i] = dim;
    layer->out_dim[i] = dim - kernel + 1;
  }
}

static struct est_layer
swg (int64_t channels, int64_t kernel, int64_t dim)
{
  struct est_layer layer = layer_of (EST_SWG, EST_RTL, channels);

  set_window (&layer, kernel, dim);
  return layer;
}

static struct est_layer
random_layer (void)
{
  struct est_layer layer;

  switch (below (5)) {
  case 0:
    return layer_of (EST_THRESHOLDING, EST_RTL, 4 + 2 * below (3));
  case 1:
    return swg (2 + 2 * below (2), 2 + below (2), 5 + below (3));
  case 2:
    layer = mvau (EST_RTL, 4, 4 + 2 * below (2), 1 + below (9));
    break;
  default:
    layer = mvau (EST_HLS, 2 + 2 * below (4), 2 + 2 * below (3), 1 + below (40));
    break;
  }
  layer.runtime_writeable_weights = below (4) == 0;
  return layer;
}

/* A depthwise unit of 4 channels and its generator. */
static void
make_pair (struct est_layer layers[2])
{
  layers[0] = swg (4, 3, 6);
  layers[0].depthwise = 1;
  layers[1] = layer_of (EST_VVAU, EST_HLS, 4);
  set_window (&layers[1], 3, 6);
  layers[1].dim[0] = layers[1].dim[1] = 4;
}

static size_t
make_random (struct est_layer layers[MAX_LAYERS])
{
  size_t n = 0;

  if (below (3) == 0) {
    make_pair (layers);
    n = 2;
  }
  while (n < 3)
    layers[n++] = random_layer ();
  est_layers_number (layers, n);
  return n;
}

/* ---- every folding ---- */

struct all {
  struct est_layer layers[MAX_LAYERS];
  size_t n;
  enum est_dsp dsp;
  const struct est_fit_options *options;
  int64_t most_cycles;
  int64_t cycles; /* of the best so far; INT64_MAX: none */
  double share;
};

static double
share_of (const struct all *all, const int64_t use[EST_N_RESOURCES])
{
  double share = 0;

  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (all->options->total[r] > 0)
      share += (double) use[r] / (double) all->options->total[r];
  return share;
}

/* FINN's ceilings, in tenths */
static int
fits (const struct all *all, const int64_t use[EST_N_RESOURCES])
{
  static const int64_t tenths[EST_N_RESOURCES] = { 7, 8, 8, 8 };

  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (10 * use[r] > tenths[r] * all->options->total[r])
      return 0;
  return 1;
}

static void
add_layer (const struct all *all, size_t i, int64_t use[EST_N_RESOURCES], int64_t *cycles)
{
  struct est_cost cost;
  int64_t own = est_layer_cycles (&all->layers[i]);

  est_layer_cost (&all->layers[i], all->dsp, &cost);
  use[EST_LUT] += (int64_t) cost.lut.value;
  use[EST_BRAM_18K] += (int64_t) cost.bram.value;
  use[EST_URAM] += (int64_t) cost.uram.value;
  use[EST_DSP] += (int64_t) cost.dsp.value;
  *cycles = own > *cycles ? own : *cycles;
}

static void
judge (struct all *all, const int64_t use[EST_N_RESOURCES], int64_t cycles)
{
  double share = share_of (all, use);
  int faster = cycles < all->cycles || (cycles == all->cycles && share < all->share);
  int smaller = share < all->share - 1e-9 || (share < all->share + 1e-9 && cycles < all->cycles);

  if (!fits (all, use) || cycles > all->most_cycles)
    return;
  if (all->cycles != INT64_MAX && !(all->options->goal == EST_GOAL_THROUGHPUT ? faster : smaller))
    return;
  all->cycles = cycles;
  all->share = share;
}

static void try_layer (struct all *all, size_t i, const int64_t use[EST_N_RESOURCES], int64_t cycles);

static void
try_next (struct all *all, size_t i, const int64_t use[EST_N_RESOURCES], int64_t cycles)
{
  int64_t sum[EST_N_RESOURCES];

  memcpy (sum, use, sizeof sum);
  add_layer (all, i, sum, &cycles);
  if (i > 0 && all->layers[i].op == EST_VVAU && all->layers[i - 1].op == EST_SWG) {
    struct est_layer *before = &all->layers[i - 1];

    before->simd = all->layers[i].pe;
    before->parallel_window = all->layers[i].simd > 1;
    for (int ram = EST_RAM_AUTO; ram <= EST_RAM_ULTRA; ram++) {
      int64_t both[EST_N_RESOURCES], slower = cycles;

      before->ram_style = ram;
      memcpy (both, sum, sizeof both);
      add_layer (all, i - 1, both, &slower);
      try_layer (all, i + 1, both, slower);
    }
    return;
  }
  try_layer (all, i + 1, sum, cycles);
}

static void
try_styles (struct all *all, size_t i, const int64_t use[EST_N_RESOURCES], int64_t cycles)
{
  struct est_layer *layer = &all->layers[i];
  int matrix = layer->op == EST_MVAU || layer->op == EST_VVAU;
  int ultra = layer->op == EST_SWG || (matrix && layer->runtime_writeable_weights);

  for (int ram = EST_RAM_AUTO; ram <= (ultra ? EST_RAM_ULTRA : EST_RAM_DISTRIBUTED); ram++)
    for (int res = EST_RES_AUTO; res <= (matrix ? EST_RES_DSP : EST_RES_AUTO); res++) {
      if (matrix || layer->op == EST_SWG)
        layer->ram_style = ram;
      layer->res_type = res;
      try_next (all, i, use, cycles);
    }
}

static int
divides (int64_t d, int64_t n)
{
  return n % d == 0;
}

static void
try_layer (struct all *all, size_t i, const int64_t use[EST_N_RESOURCES], int64_t cycles)
{
  struct est_layer *layer = &all->layers[i];
  int64_t pes = 1, simds = 1;

  if (i == all->n) {
    judge (all, use, cycles);
    return;
  }
  if (layer->op == EST_SWG && layer->depthwise) { /* set with the layer behind it */
    try_layer (all, i + 1, use, cycles);
    return;
  }
  if (layer->op == EST_MVAU || layer->op == EST_THRESHOLDING || layer->op == EST_VVAU)
    pes = layer->op == EST_MVAU ? layer->mh : layer->channels;
  if (layer->op == EST_MVAU)
    simds = layer->mw;
  if (layer->op == EST_SWG)
    simds = layer->channels;
  if (layer->op == EST_VVAU)
    simds = layer->kernel[0] * layer->kernel[1];
  for (int64_t pe = 1; pe <= pes; pe++)
    for (int64_t simd = 1; simd <= simds; simd++)
      for (int window = 0; window <= (layer->op == EST_SWG && simd == simds); window++) {
        layer->pe = pe;
        layer->simd = simd;
        layer->parallel_window = window;
        if (divides (pe, pes) && divides (simd, simds))
          try_styles (all, i, use, cycles);
      }
}

/* Totals around what such a network needs, so that each resource is scarce now and then. */
static void
make_options (struct est_fit_options *options)
{
  est_fit_options_init (options);
  options->clock_ns = 10;
  options->minimize = 0;
  options->goal = below (2) == 0 ? EST_GOAL_THROUGHPUT : EST_GOAL_RESOURCES;
  options->total[EST_LUT] = 900 + below (4000);
  options->total[EST_BRAM_18K] = below (14);
  options->total[EST_URAM] = below (3) == 0 ? below (8) : 0;
  options->total[EST_DSP] = below (40);
  if (below (3) == 0)
    options->min_fps = 1e9 / 10 / (double) (1 + below (300));
}

static void
compare_round (const struct est_layer *layers, size_t n, const struct est_fit_options *options, int *found)
{
  static const int64_t nothing[EST_N_RESOURCES];
  struct all all = { .n = n, .dsp = EST_DSP48E2, .options = options, .cycles = INT64_MAX };
  struct est_point point = { .layers = calloc (n, sizeof *layers), .n = n, .dsp = EST_DSP48E2 };
  struct est_fit fit = { 0 };
  struct br_error err = { 0 };

  memcpy (all.layers, layers, n * sizeof *layers);
  memcpy (point.layers, layers, n * sizeof *layers);
  all.most_cycles = est_cycles_for_fps (options->clock_ns, options->min_fps);
  try_layer (&all, 0, nothing, 0);
  if (est_fit_run (&point, options, &fit, &err) < 0) {
    ck_assert_msg (all.cycles == INT64_MAX, "%s: %s, but %lld cycles fit", err.category, br_error_text (&err),
                   (long long) all.cycles);
    ck_assert (strcmp (err.category, "resource") == 0 || strcmp (err.category, "config") == 0);
  } else {
    ck_assert_int_eq (fit.max_cycles, all.cycles);
    ck_assert_double_eq_tol (fit.share, all.share, 1e-6);
    ck_assert_int_eq (fit.proof, EST_PROVEN);
    ++*found;
  }
  br_error_clear (&err);
  est_fit_free (&fit);
  est_point_free (&point);
}

START_TEST (same_as_every_folding)
{
  int found = 0;

  state = 11;
  for (int round = 0; round < ROUNDS; round++) {
    struct est_layer layers[MAX_LAYERS];
    struct est_fit_options options;
    size_t n = make_random (layers);

    make_options (&options);
    compare_round (layers, n, &options, &found);
  }
  ck_assert_int_gt (found, ROUNDS / 4);
  ck_assert_int_lt (found, ROUNDS);
}
END_TEST

/* ---- single facts ---- */

/* One network on a device with plenty of everything, until the test says otherwise. */
struct trial {
  struct est_point point;
  struct est_fit_options options;
  struct est_fit fit;
  struct br_error err;
};

static void
begin (struct trial *t, const struct est_layer *layers, size_t n)
{
  memset (t, 0, sizeof *t);
  t->point = (struct est_point){ .layers = calloc (n, sizeof *layers), .n = n, .dsp = EST_DSP48E2 };
  ck_assert_ptr_nonnull (t->point.layers);
  memcpy (t->point.layers, layers, n * sizeof *layers);
  est_layers_number (t->point.layers, n);
  est_fit_options_init (&t->options);
  t->options.clock_ns = 10;
  t->options.minimize = 0;
  for (int r = 0; r < EST_N_RESOURCES; r++)
    t->options.total[r] = 1000000;
}

/* Forgets the fit before. */
static int
run (struct trial *t)
{
  est_fit_free (&t->fit);
  br_error_clear (&t->err);
  return est_fit_run (&t->point, &t->options, &t->fit, &t->err);
}

static void
assert_fails (struct trial *t, const char *category)
{
  ck_assert_int_eq (run (t), -1);
  ck_assert_str_eq (t->err.category, category);
}

static void
end (struct trial *t)
{
  br_error_clear (&t->err);
  est_fit_free (&t->fit);
  est_point_free (&t->point);
}

START_TEST (what_is_promised_is_what_the_point_comes_to)
{
  const struct est_layer layers[] = { swg (4, 3, 8), mvau (EST_HLS, 36, 8, 36), mvau (EST_HLS, 8, 10, 1) };
  struct trial t;
  struct est_totals totals;

  begin (&t, layers, 3);
  t.options.total[EST_LUT] = 4000;
  ck_assert_int_eq (run (&t), 0);
  est_totals (&t.point, &totals);
  ck_assert (totals.lut == (double) t.fit.used[EST_LUT] && totals.bram == (double) t.fit.used[EST_BRAM_18K]);
  ck_assert (totals.uram == (double) t.fit.used[EST_URAM] && totals.dsp == (double) t.fit.used[EST_DSP]);
  ck_assert_int_eq (est_max_cycles (t.point.layers, t.point.n), t.fit.max_cycles);
  end (&t);
}
END_TEST

/* The width of a layer that costs nothing in estimates still costs: it gets no wider than the slowest one asks for. */
START_TEST (no_wider_than_needed)
{
  const struct est_layer layers[] = { mvau (EST_HLS, 16, 4, 1), layer_of (EST_LABELSELECT, EST_HLS, 12) };
  struct trial t;

  begin (&t, layers, 2);
  t.options.goal = EST_GOAL_RESOURCES;
  t.options.min_fps = 1e8 / 4;
  ck_assert_int_eq (run (&t), 0);
  ck_assert_int_eq (t.fit.max_cycles, 4);
  ck_assert_int_eq (t.point.layers[1].pe, 3);
  end (&t);
}
END_TEST

/* One multiplier of 8 bits in LUTs needs 2·⌈8/6⌉−1 = 3 times 8 of them, an adder tree 8, an accumulator 11; and 300. */
START_TEST (says_what_is_missing)
{
  const struct est_layer layers[] = { mvau (EST_HLS, 8, 8, 1) };
  struct trial t;

  begin (&t, layers, 1);
  t.options.total[EST_LUT] = 400;
  t.options.total[EST_DSP] = 0;
  t.options.ceiling[EST_LUT] = 0.7;
  assert_fails (&t, "resource");
  ck_assert_msg (strncmp (br_error_text (&t.err), "nothing fits at ", 16) == 0, "%s", br_error_text (&t.err));
  /* 300 + 1.1·(24 + 8 + 11) is 347; 280 are allowed */
  ck_assert_msg (br_str_ends (br_error_text (&t.err), "LUT is short by 67 (at least 347 of 280 allowed)"),
                 "%s", br_error_text (&t.err));
  end (&t);
}
END_TEST

START_TEST (no_folding_is_fast_enough)
{
  const struct est_layer layers[] = { mvau (EST_HLS, 8, 8, 50) };
  struct trial t;

  begin (&t, layers, 1);
  t.options.min_fps = 1e8 / 49;
  assert_fails (&t, "config");
  t.options.min_fps = 1e8 / 50;
  ck_assert_int_eq (run (&t), 0);
  ck_assert_int_eq (t.fit.max_cycles, 50);
  ck_assert_int_eq (t.fit.faster_cycles, 0);
  end (&t);
}
END_TEST

START_TEST (streams_no_wider_than_asked)
{
  const struct est_layer layers[] = { mvau (EST_HLS, 64, 64, 1) };
  struct trial t;

  begin (&t, layers, 1);
  t.options.max_stream_bits = 256; /* 64 weights of 4 bits a cycle */
  ck_assert_int_eq (run (&t), 0);
  ck_assert_int_eq (t.fit.max_cycles, 64);
  t.options.max_stream_bits = 3;
  assert_fails (&t, "config");
  end (&t);
}
END_TEST

static int
always (void *closure)
{
  (void) closure;
  return 1;
}

START_TEST (cancelled_before_anything_was_found)
{
  const struct est_layer layers[] = { mvau (EST_HLS, 64, 64, 1), mvau (EST_HLS, 64, 64, 1) };
  struct trial t;

  begin (&t, layers, 2);
  t.options.cancelled = always;
  assert_fails (&t, "timeout");
  end (&t);
}
END_TEST

START_TEST (time_over_before_anything_was_found)
{
  const struct est_layer layers[] = { mvau (EST_HLS, 64, 64, 1), mvau (EST_HLS, 64, 64, 1) };
  struct trial t;

  begin (&t, layers, 2);
  t.options.seconds = 1e-9;
  assert_fails (&t, "timeout");
  end (&t);
}
END_TEST

static int
after_some (void *closure)
{
  return --*(int *) closure < 0;
}

/* A limit strikes after any number of questions: what was found keeps its ceilings, and no bound is passed by the true optimum. */
START_TEST (limit_leaves_the_best_so_far_and_a_bound)
{
  const struct est_layer layers[] = { mvau (EST_HLS, 32, 32, 9), mvau (EST_HLS, 36, 24, 4),
                                      mvau (EST_HLS, 48, 16, 2) };
  int64_t cycles[3] = { 0 };

  for (int questions = 0; questions < 200; questions++) {
    int left = questions;
    struct trial t;

    begin (&t, layers, 3);
    t.options.total[EST_LUT] = 9000;
    t.options.total[EST_DSP] = 50;
    t.options.limited = after_some;
    t.options.closure = &left;
    if (run (&t) == 0) {
      ck_assert_int_le (t.fit.used[EST_LUT], t.fit.cap[EST_LUT]);
      ck_assert_int_le (t.fit.max_cycles_bound, t.fit.max_cycles);
      cycles[t.fit.proof == EST_PROVEN ? 0 : 1] = t.fit.max_cycles;
      cycles[2] = t.fit.max_cycles_bound > cycles[2] ? t.fit.max_cycles_bound : cycles[2];
    }
    end (&t);
  }
  /* both were there */
  ck_assert_int_gt (cycles[0], 0);
  ck_assert_int_ge (cycles[1], cycles[0]);
  ck_assert_int_le (cycles[2], cycles[0]);
}
END_TEST

/* In double, 0.7 * 341280 is 238895.99999999997 and 0.29 * 100 is 28.999999999999996. */
START_TEST (ceiling_allows_all_that_it_says)
{
  ck_assert_int_eq (est_allowed (0.7, 341280), 238896);
  ck_assert_int_eq (est_allowed (0.29, 100), 29);
  ck_assert_int_eq (est_allowed (0.7, 53200), 37240);
  ck_assert_int_eq (est_allowed (0.7, 53201), 37240);
  ck_assert_int_eq (est_allowed (0.8, 0), 0);
}
END_TEST

/* as fast as the report would print it: 1e9/clock/cycles in double */
START_TEST (cycles_that_give_a_frame_rate)
{
  static const double clocks[] = { 10, 5, 3.3333333333333335, 4, 7.1 };

  for (size_t c = 0; c < N (clocks); c++)
    for (int64_t cycles = 1; cycles < 3000; cycles++) {
      double fps = 1e9 / clocks[c] / (double) cycles;

      ck_assert_int_eq (est_cycles_for_fps (clocks[c], fps), cycles);
      ck_assert_int_eq (est_cycles_for_fps (clocks[c], nextafter (fps, HUGE_VAL)), cycles - 1);
    }
  ck_assert_int_eq (est_cycles_for_fps (10, 0), INT64_MAX);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    same_as_every_folding,
    what_is_promised_is_what_the_point_comes_to,
    no_wider_than_needed,
    says_what_is_missing,
    no_folding_is_fast_enough,
    streams_no_wider_than_asked,
    cancelled_before_anything_was_found,
    time_over_before_anything_was_found,
    limit_leaves_the_best_so_far_and_a_bound,
    ceiling_allows_all_that_it_says,
    cycles_that_give_a_frame_rate,
  };

  return run_tests ("est_fit", tests, N (tests), 300);
}
