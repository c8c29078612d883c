/* SPDX-License-Identifier: BSD-3-Clause */
/* Running a sweep: the network was read once, each point takes microseconds, or what its fit takes. */
#include <config.h>

#include <string.h>

#include "plugins/dataflow_estimate/run.h"

#define REPORT "report/sweep.json"

struct outcome {
  struct est_performance performance;
  int64_t used[EST_N_RESOURCES];
  char slowest[EST_LAYER_NAME];
  enum est_proof proof;
};

struct place {
  const struct br_device *device;
  const struct sweep_clock *clock;
  double fps;
};

static int
is_cancelled (void *closure)
{
  const struct run *run = closure;

  return run->host->cancelled (run->build) != 0;
}

/* Folds for the device, as far as what is fast enough allows. */
static int
fit_point (struct run *run, const struct place *place, int minimize, struct est_point *point,
           enum est_proof *proof, struct br_error *err)
{
  struct est_fit_options options = run->settings.fit;
  struct est_fit fit = { 0 };
  int ret;

  options.goal = run->settings.sweep.goal;
  options.clock_ns = place->clock->ns;
  options.minimize = minimize;
  options.cancelled = is_cancelled;
  options.closure = run;
  if (place->fps > 0)
    options.min_fps = place->fps;
  settings_totals (place->device, options.total);
  ret = est_fit_run (point, &options, &fit, err);
  *proof = fit.proof;
  est_fit_free (&fit);
  return ret;
}

static int
fold_point (struct run *run, const struct place *place, const struct est_options *options,
            struct est_point *point, struct outcome *outcome, struct br_error *err)
{
  if (est_point_partition (point, run->network, options, err) < 0 ||
      est_point_specialize (point, options, err) < 0 || est_point_parallelize (point, options, err) < 0 ||
      est_point_fold (point, options, err) < 0)
    return -1;
  if (run->settings.sweep.fits &&
      fit_point (run, place, options->minimize_bit_width, point, &outcome->proof, err) < 0)
    return -1;
  return est_point_minimize (point, options, err);
}

static int
run_point (struct run *run, const struct place *place, int minimize, struct outcome *outcome,
           struct br_error *err)
{
  struct est_options options = run->settings.options;
  struct est_point point = { 0 };
  struct est_totals totals;
  int ret;

  options.part = place->device->part;
  options.clock_ns = place->clock->ns;
  options.clock_is_integer = place->clock->is_integer;
  options.target_fps = run->settings.sweep.fits ? 0 : place->fps;
  options.minimize_bit_width = options.minimize_bit_width && minimize;
  options.warn = NULL; /* the build's own point has said it */
  ret = fold_point (run, place, &options, &point, outcome, err);
  if (ret == 0)
    ret = est_performance (&point, &options, &outcome->performance, err);
  if (ret == 0) {
    est_totals (&point, &totals);
    outcome->used[EST_LUT] = (int64_t) totals.lut;
    outcome->used[EST_BRAM_18K] = (int64_t) totals.bram;
    outcome->used[EST_URAM] = (int64_t) totals.uram;
    outcome->used[EST_DSP] = (int64_t) totals.dsp;
    est_layer_name (&point.layers[outcome->performance.slowest], outcome->slowest);
  }
  est_point_free (&point);
  return ret;
}

/* ---- the report ---- */

static void
write_place (struct br_json_writer *w, const struct place *place)
{
  br_json_put_string (w, "board", place->device->board);
  br_json_put_string (w, "part", place->device->part);
  br_json_put_double (w, "clock_ns", place->clock->ns);
  br_json_key (w, "target_fps");
  if (place->fps > 0)
    br_json_double (w, place->fps);
  else
    br_json_null (w);
}

static int
is_over (const struct run *run, const int64_t total[EST_N_RESOURCES], const struct outcome *o, int r)
{
  return o->used[r] > est_allowed (run->settings.fit.ceiling[r], total[r]);
}

/* Of what the device has none of there is no share. */
static void
write_resources (struct br_json_writer *w, const int64_t total[EST_N_RESOURCES], const struct outcome *o)
{
  for (int r = 0; r < EST_N_RESOURCES; r++) {
    br_json_key (w, est_resource_name ((enum est_resource) r));
    br_json_int (w, o->used[r]);
  }
  br_json_key (w, "utilization");
  br_json_object_begin (w);
  for (int r = 0; r < EST_N_RESOURCES; r++) {
    br_json_key (w, est_resource_name ((enum est_resource) r));
    if (total[r] > 0)
      br_json_double (w, (double) o->used[r] / (double) total[r]);
    else
      br_json_null (w);
  }
  br_json_object_end (w);
}

static void
write_outcome (struct br_json_writer *w, const struct run *run, const struct place *place,
               const struct outcome *o)
{
  int64_t total[EST_N_RESOURCES];
  int fits = 1;

  settings_totals (place->device, total);
  br_json_key (w, "max_cycles");
  br_json_int (w, o->performance.max_cycles);
  br_json_put_string (w, "max_cycles_node_name", o->slowest);
  br_json_put_double (w, "estimated_throughput_fps", o->performance.fps);
  br_json_put_double (w, "estimated_latency_ns", o->performance.latency_ns);
  write_resources (w, total, o);
  br_json_key (w, "over");
  br_json_array_begin (w);
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (is_over (run, total, o, r)) {
      br_json_string (w, est_resource_name ((enum est_resource) r));
      fits = 0;
    }
  br_json_array_end (w);
  br_json_key (w, "fits");
  br_json_bool (w, fits);
  if (run->settings.sweep.fits)
    br_json_put_string (w, "proof", o->proof == EST_PROVEN ? "exact" : "bound");
}

static void
write_error (struct br_json_writer *w, const struct br_error *err)
{
  br_json_key (w, "fits");
  br_json_bool (w, 0);
  br_json_key (w, "error");
  br_json_object_begin (w);
  br_json_put_string (w, "category", err->category);
  br_json_put_string (w, "text", br_error_text (err));
  br_json_object_end (w);
}

static void
add_point (struct run *run, const struct place *place, int minimize, struct br_json_writer *w)
{
  struct outcome outcome = { 0 };
  struct br_error err = { 0 };

  br_json_object_begin (w);
  write_place (w, place);
  if (run_point (run, place, minimize, &outcome, &err) == 0)
    write_outcome (w, run, place, &outcome);
  else
    write_error (w, &err);
  br_json_object_end (w);
  br_error_clear (&err);
}

static void
write_head (struct br_json_writer *w, const struct run *run)
{
  br_json_put_string (w, "fit", run->settings.sweep.fit_word);
  br_json_key (w, "ceilings");
  br_json_object_begin (w);
  for (int r = 0; r < EST_N_RESOURCES; r++)
    br_json_put_double (w, est_resource_name ((enum est_resource) r), run->settings.fit.ceiling[r]);
  br_json_object_end (w);
}

/* Boards change slowest, targets fastest. -1: told to end. */
static int
add_points (struct run *run, int minimize, struct br_json_writer *w)
{
  const struct sweep *s = &run->settings.sweep;
  size_t n = s->n_devices * s->n_clocks * s->n_fps;

  for (size_t i = 0; i < n; i++) {
    const struct place place = { &s->devices[i / s->n_fps / s->n_clocks],
                                 &s->clocks[i / s->n_fps % s->n_clocks], s->fps[i % s->n_fps] };

    if (is_cancelled (run))
      return -1;
    run->host->progress (run->build, run->fraction + run->step_fraction * (double) i / (double) n, "sweep");
    add_point (run, &place, minimize, w);
  }
  return is_cancelled (run) ? -1 : 0;
}

int32_t
sweep_run (struct run *run, int minimize)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  br_json_object_begin (&w);
  write_head (&w, run);
  br_json_key (&w, "points");
  br_json_array_begin (&w);
  if (add_points (run, minimize, &w) == -1) {
    br_str_free (&text);
    return run->host->fail (run->build, "timeout", "told to end during the sweep");
  }
  br_json_array_end (&w);
  br_json_object_end (&w);
  return run_write (run, REPORT, "sweep_report", &text);
}
