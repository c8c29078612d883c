/* SPDX-License-Identifier: BSD-3-Clause */
/* The steps of one point. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/bitwidth.h"
#include "plugins/dataflow_estimate/estimate/point.h"

#define DEFAULT_WWIDTH 36

void
est_options_init (struct est_options *options)
{
  memset (options, 0, sizeof *options);
  options->mvau_wwidth_max = DEFAULT_WWIDTH;
  options->two_pass_relaxation = 1;
  options->minimize_bit_width = 1;
}

int
est_point_partition (struct est_point *point, const struct est_network *network,
                     const struct est_options *options, struct br_error *err)
{
  est_point_free (point);
  return est_network_layers (network, options->standalone_thresholds, &point->layers, &point->n, err);
}

static int
named (struct br_error *err, struct br_error *why, const char *file)
{
  br_error_set (err, why->category, "%s: %s", file, br_error_text (why));
  br_error_clear (why);
  return -1;
}

int
est_point_specialize (struct est_point *point, const struct est_options *options, struct br_error *err)
{
  struct br_error why = { 0 };

  if (options->specialize != NULL &&
      est_apply_config (point->layers, point->n, EST_ABSTRACT, options->specialize, options->warn,
                        options->closure, &why) < 0)
    return named (err, &why, "specialize_layers_config_file");
  point->dsp = est_part_dsp (options->part);
  est_specialise (point->layers, point->n, point->dsp, options->warn, options->closure);
  return 0;
}

int
est_point_parallelize (struct est_point *point, const struct est_options *options, struct br_error *err)
{
  double target;

  if (options->target_fps == 0)
    return 0;
  target = trunc (1e9 / options->clock_ns / options->target_fps);
  return est_set_folding (point->layers, point->n, target, options->mvau_wwidth_max,
                          options->two_pass_relaxation, err);
}

int
est_point_fold (struct est_point *point, const struct est_options *options, struct br_error *err)
{
  struct br_error why = { 0 };

  if (options->folding != NULL &&
      est_apply_config (point->layers, point->n, EST_SPECIALISED, options->folding, options->warn,
                        options->closure, &why) < 0)
    return named (err, &why, "folding_config_file");
  return est_check_folding (point->layers, point->n, options->minimize_bit_width, err);
}

int
est_point_minimize (struct est_point *point, const struct est_options *options, struct br_error *err)
{
  if (!options->minimize_bit_width)
    return 0;
  return est_minimize_widths (point->layers, point->n, err);
}

int
est_point_run (struct est_point *point, const struct est_network *network, const struct est_options *options,
               struct br_error *err)
{
  if (est_point_partition (point, network, options, err) < 0 ||
      est_point_specialize (point, options, err) < 0 || est_point_parallelize (point, options, err) < 0 ||
      est_point_fold (point, options, err) < 0)
    return -1;
  return est_point_minimize (point, options, err);
}

void
est_point_free (struct est_point *point)
{
  free (point->layers);
  point->layers = NULL;
  point->n = 0;
}
