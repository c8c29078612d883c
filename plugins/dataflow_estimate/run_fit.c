/* SPDX-License-Identifier: BSD-3-Clause */
/* The fit as part of a build: it sets what the automatic folding would, and leaves a folding file and a report. */
#include <config.h>

#include "plugins/dataflow_estimate/run.h"

#define MOST_STREAM_BITS 8191 /* of an arbitrary-precision integer in HLS */

static int
cancelled (void *closure)
{
  const struct run *run = closure;

  return run->host->cancelled (run->build) != 0;
}

static void
progress (void *closure, double fraction)
{
  const struct run *run = closure;

  run->host->progress (run->build, run->fraction + fraction * run->step_fraction, "fit");
}

/* What estimates leave out and a build would meet. */
static void
warn_of_streams (struct run *run, const struct est_fit *fit)
{
  char name[EST_LAYER_NAME];

  for (size_t i = 0; i < fit->n_layers; i++) {
    const struct est_layer *layer = &fit->layers[i];

    if (layer->impl != EST_HLS || est_widest_stream (layer) <= MOST_STREAM_BITS)
      continue;
    est_layer_name (layer, name);
    run_warn (run,
              "%s: a stream of %lld bits, and HLS builds none above %d: fit_max_stream_bits keeps to that",
              name, (long long) est_widest_stream (layer), MOST_STREAM_BITS);
  }
}

static void
warn_of_memories (struct run *run, const struct est_fit *fit)
{
  char name[EST_LAYER_NAME];

  for (size_t i = 0; i < fit->n_layers; i++) {
    const struct est_layer *layer = &fit->layers[i];

    if (layer->impl != EST_RTL || (layer->op != EST_MVAU && layer->op != EST_VVAU) ||
        layer->ram_style != EST_RAM_DISTRIBUTED)
      continue;
    est_layer_name (layer, name);
    run_warn (run, "%s: its weights are in LUTs, which FINN's estimate of an RTL layer does not count", name);
  }
}

static void
say_result (struct run *run, const struct est_fit *fit)
{
  run_log (run, "fit: %lld cycles in the slowest layer, %s", (long long) fit->max_cycles,
           fit->proof == EST_PROVEN ? "proven to be the best" : "the best so far when a limit struck");
  if (fit->proof == EST_BOUND)
    run_warn (run,
              "fit: a limit struck: %lld cycles were found, fewer than %lld are ruled out; the sum of shares "
              "is %.6g, less than %.6g is ruled out",
              (long long) fit->max_cycles, (long long) fit->max_cycles_bound, fit->share, fit->share_bound);
  for (int r = 0; r < EST_N_RESOURCES; r++)
    run_log (run, "fit: %s %lld of %lld allowed", est_resource_name ((enum est_resource) r),
             (long long) fit->used[r], (long long) fit->cap[r]);
  warn_of_streams (run, fit);
  warn_of_memories (run, fit);
}

static int32_t
leave_files (struct run *run, const struct est_fit *fit)
{
  struct br_str text = { 0 };

  est_write_folding (&run->point, &text);
  if (run_write (run, "fit_folding_config.json", "fit_folding_config", &text) == -1)
    return -1;
  est_fit_report (fit, run->settings.options.clock_ns, &text);
  return run_write (run, "report/fit.json", "fit_report", &text);
}

/* In the result too: what a program that compares builds wants to know. */
static int32_t
set_raw (struct run *run, const struct est_fit *fit)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };
  int32_t ret;

  est_fit_summary (fit, run->settings.options.clock_ns, &w);
  ret = br_str_failed (&text) ? run->host->fail (run->build, "memory", "out of memory")
                              : run->host->set_raw (run->build, "fit", text.text);
  br_str_free (&text);
  return ret;
}

int32_t
run_fit (struct run *run, int minimize)
{
  struct est_fit_options options = run->settings.fit;
  struct est_fit fit = { 0 };
  struct br_error err = { 0 };
  int32_t ret = -1;

  options.minimize = minimize && run->settings.options.minimize_bit_width;
  options.cancelled = cancelled;
  options.progress = progress;
  options.closure = run;
  if (est_fit_run (&run->point, &options, &fit, &err) < 0)
    run_fail (run, &err);
  else if (run->host->cancelled (run->build))
    run->host->fail (run->build, "timeout", "told to end during the fit");
  else {
    say_result (run, &fit);
    ret = leave_files (run, &fit) == 0 ? set_raw (run, &fit) : -1;
  }
  est_fit_free (&fit);
  return ret;
}
