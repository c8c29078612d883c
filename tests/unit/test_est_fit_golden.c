/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits of the networks of $BUILDRUNNER_GOLDEN on every device: never slower than the flow's own folding within the same ceilings, whatever
   target it is given; and a folding file that gives, read back, exactly what was promised. */
#include <config.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_scan.h"
#include "core/metrics/device.h"
#include "plugins/dataflow_estimate/estimate/fit.h"
#include "tests/unit/est_case.h"

static int
complain (const struct golden_case *c, const char *board, const char *text)
{
  fprintf (stderr, "FAIL: %s on %s: %s\n", c->name, board, text);
  return 1;
}

static void
set_totals (const struct br_device_row *device, struct est_fit_options *options)
{
  options->total[EST_LUT] = device->lut;
  options->total[EST_BRAM_18K] = device->bram_18k;
  options->total[EST_URAM] = device->uram;
  options->total[EST_DSP] = device->dsp;
}

static int
is_within (const struct est_point *point, const struct est_fit_options *o)
{
  struct est_totals t;

  est_totals (point, &t);
  return t.lut <= o->ceiling[EST_LUT] * (double) o->total[EST_LUT] &&
         t.bram <= o->ceiling[EST_BRAM_18K] * (double) o->total[EST_BRAM_18K] &&
         t.uram <= o->ceiling[EST_URAM] * (double) o->total[EST_URAM] &&
         t.dsp <= o->ceiling[EST_DSP] * (double) o->total[EST_DSP];
}

/* Cycles of the fastest that the flow's folding finds within the ceilings, over a range of targets; INT64_MAX: none. */
static int64_t
fastest_of_flow (const struct est_network *network, const struct est_options *options,
                 const struct est_fit_options *fit_options)
{
  struct est_options o = *options;
  int64_t best = INT64_MAX;

  o.folding = NULL;
  o.warn = NULL;
  for (o.target_fps = 10; o.target_fps < 1e8; o.target_fps *= 1.5) {
    struct est_point point = { 0 };
    struct br_error err = { 0 };

    if (est_point_run (&point, network, &o, &err) == 0 && is_within (&point, fit_options) &&
        est_max_cycles (point.layers, point.n) < best)
      best = est_max_cycles (point.layers, point.n);
    br_error_clear (&err);
    est_point_free (&point);
  }
  return best;
}

/* The folding file of a point, read back; the caller puts it. */
static struct json_object *
folding_of (const struct est_point *point)
{
  struct br_str text = { 0 };
  struct br_error err = { 0 };
  struct json_object *file = NULL;

  est_write_folding (point, &text);
  if (!br_str_failed (&text))
    file = br_json_parse (text.text, text.length, &err);
  br_str_free (&text);
  br_error_clear (&err);
  return file;
}

static int
keeps_promise (const struct est_network *network, const struct est_options *options,
               const struct est_point *fitted, const struct est_fit *fit)
{
  struct json_object *file = folding_of (fitted);
  struct est_options o = *options;
  struct est_point point = { 0 };
  struct est_totals t = { 0 };
  struct br_error err = { 0 };
  int64_t cycles = 0;

  o.folding = file;
  o.target_fps = 0;
  if (file != NULL && est_point_run (&point, network, &o, &err) == 0) {
    est_totals (&point, &t);
    cycles = est_max_cycles (point.layers, point.n);
  }
  br_error_clear (&err);
  est_point_free (&point);
  json_object_put (file);
  return cycles == fit->max_cycles && t.lut == (double) fit->used[EST_LUT] &&
         t.bram == (double) fit->used[EST_BRAM_18K] && t.uram == (double) fit->used[EST_URAM] &&
         t.dsp == (double) fit->used[EST_DSP];
}

static int
check_fit (const struct golden_case *c, const struct est_network *network, const struct est_options *options,
           const char *board, const struct est_fit_options *fit_options)
{
  struct est_point point = { 0 };
  struct est_fit fit = { 0 };
  struct br_error err = { 0 };
  int64_t theirs = fastest_of_flow (network, options, fit_options);
  int failed = 0;

  if (est_point_partition (&point, network, options, &err) < 0 ||
      est_point_specialize (&point, options, &err) < 0)
    failed = complain (c, board, br_error_text (&err));
  else if (est_fit_run (&point, fit_options, &fit, &err) < 0)
    failed = theirs != INT64_MAX || strcmp (err.category, "resource") != 0
                 ? complain (c, board, br_error_text (&err))
                 : 0;
  else if (fit.max_cycles > theirs)
    failed = complain (c, board, "slower than the flow's own folding");
  else if (fit.proof != EST_PROVEN)
    failed = complain (c, board, "not proven");
  else if (!keeps_promise (network, options, &point, &fit))
    failed = complain (c, board, "its folding file does not give what was promised");
  br_error_clear (&err);
  est_fit_free (&fit);
  est_point_free (&point);
  return failed;
}

/* Another board with the same chip has nothing new. */
static int
is_first (const char *const *boards, size_t i, const struct br_device_row *device)
{
  const char *ignored;

  for (size_t k = 0; k < i; k++)
    if (br_device_find (boards[k], &ignored, &ignored) == device)
      return 0;
  return 1;
}

static int
check_case (const struct golden_case *c, const struct est_network *network, const struct est_options *options,
            struct br_error *err)
{
  const char *const *boards = br_device_boards ();
  struct est_fit_options fit_options;
  int failed = 0;

  (void) err;
  est_fit_options_init (&fit_options);
  fit_options.clock_ns = options->clock_ns;
  fit_options.minimize = options->minimize_bit_width;
  for (size_t i = 0; boards[i] != NULL; i++) {
    struct est_options o = *options;
    const char *board;
    const struct br_device_row *device = br_device_find (boards[i], &board, &o.part);

    if (!is_first (boards, i, device))
      continue;
    set_totals (device, &fit_options);
    failed |= check_fit (c, network, &o, boards[i], &fit_options);
  }
  return failed;
}

/* Cases differ in targets and devices, which a fit does not read: one of each kind of network is enough. */
static int
run_kind (const struct golden_case *c, const struct est_network *network, const struct est_options *options,
          struct br_error *err)
{
  static const char *const kinds[] = { "__standalone", "__nominimize", "__mobilenet_fps100",
                                       "__mobilenet_standalone_fps100" };
  const char *kind = c->name;

  while (*kind != '\0' && !br_str_starts (kind, "__"))
    kind++;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (strcmp (kind, kinds[i]) == 0)
      return check_case (c, network, options, err);
  return 0;
}

int
main (int argc, char **argv)
{
  return golden_main (argc, argv, argc > 1 ? check_case : run_kind);
}
