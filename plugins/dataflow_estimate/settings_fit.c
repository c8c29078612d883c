/* SPDX-License-Identifier: BSD-3-Clause */
/* The backend's own parameters: what a fit aims at and what it may use. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "plugins/dataflow_estimate/settings.h"

#define PARAM(type_, name_, unit_, default_, help_)                                                          \
  .struct_size = sizeof (struct br_param), .type = (type_), .name = (name_), .unit = (unit_),                \
  .default_json = (default_), .help = (help_)

static const char *const fit_choices[] = { "none", "throughput", "resources", NULL };

static const struct br_param fit = {
  PARAM (BR_PARAM_CHOICE, "fit", NULL, "\"none\"",
         "Fold for the device: the highest throughput within fit_ceilings, or the least resources at "
         "fit_min_fps"),
  .choices = fit_choices,
};

static const struct br_param fit_ceilings = {
  PARAM (BR_PARAM_JSON, "fit_ceilings", NULL,
         "{\"LUT\": 0.7, \"BRAM_18K\": 0.8, \"URAM\": 0.8, \"DSP\": 0.8}",
         "Share of the device's resources that a fit may use"),
};

static const struct br_param fit_min_fps = {
  PARAM (BR_PARAM_FLOAT, "fit_min_fps", "inferences/s", NULL,
         "Throughput that a fit has to reach; target_fps where it is not given and fit is resources"),
  .flags = BR_PARAM_HAS_MIN,
};

static const struct br_param fit_seconds = {
  PARAM (BR_PARAM_FLOAT, "fit_seconds", "s", "60.0",
         "Time for a fit; then the best found so far, with how far it may be from the best; 0: no limit"),
  .flags = BR_PARAM_HAS_MIN,
};

static const struct br_param fit_max_stream_bits = {
  PARAM (BR_PARAM_INT, "fit_max_stream_bits", "bits", "0",
         "Widest stream of an HLS layer in a fit; HLS builds none above 8191; 0: no limit"),
  .flags = BR_PARAM_HAS_MIN,
};

static const struct br_param sweep = {
  PARAM (BR_PARAM_JSON, "sweep", NULL, NULL,
         "Points to estimate beside the build's own: lists boards, clocks (ns) and fps, and fit, a word or "
         "null"),
};

const struct br_param *const settings_params[] = {
  &fit, &fit_ceilings, &fit_min_fps, &fit_seconds, &fit_max_stream_bits, &sweep, NULL,
};

/* ---- reading ---- */

static int
resource_of (const char *name)
{
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (strcmp (name, est_resource_name ((enum est_resource) r)) == 0)
      return r;
  return -1;
}

static int32_t
read_ceiling (const struct br_host *host, struct br_build *build, const char *name, double *ceiling)
{
  static const char *const pointers[EST_N_RESOURCES] = { "/fit_ceilings/LUT", "/fit_ceilings/BRAM_18K",
                                                         "/fit_ceilings/URAM", "/fit_ceilings/DSP" };
  int r = resource_of (name);
  double value;

  if (r < 0)
    return host->fail (build, "config", "fit_ceilings: %s is none of LUT, BRAM_18K, URAM and DSP", name);
  value = ceiling[r];
  if (host->get_double (build, BR_PARAMS, pointers[r], &value) == -1)
    return -1;
  if (!(value >= 0 && value <= 1))
    return host->fail (build, "config", "fit_ceilings: %s is a share from 0 to 1, not %g", name, value);
  ceiling[r] = value;
  return 0;
}

static int32_t
read_ceilings (const struct br_host *host, struct br_build *build, double *ceiling)
{
  int32_t type = host->json_type (build, BR_PARAMS, "/fit_ceilings");
  const char *name;

  if (type <= BR_JSON_NULL)
    return 0;
  if (type != BR_JSON_OBJECT)
    return host->fail (build, "config", "fit_ceilings: not an object of shares");
  for (uint64_t i = 0; (name = host->json_key (build, BR_PARAMS, "/fit_ceilings", i)) != NULL; i++)
    if (read_ceiling (host, build, name, ceiling) == -1)
      return -1;
  return 0;
}

/* A target of the flow's own folding serves where the fit has none: both say what is fast enough. */
static int32_t
read_goal (const struct br_host *host, struct br_build *build, struct settings *s)
{
  const char *word = "none";
  struct est_fit_options *fit_options = &s->fit;

  if (host->get_string (build, BR_PARAMS, "/fit", &word) == -1 ||
      host->get_double (build, BR_PARAMS, "/fit_min_fps", &fit_options->min_fps) == -1)
    return -1;
  if (!isfinite (fit_options->min_fps) || fit_options->min_fps < 0)
    return host->fail (build, "config", "fit_min_fps: has to be 0 or above, not %g", fit_options->min_fps);
  s->fits = settings_goal (word, &fit_options->goal);
  if (s->fits < 0)
    return host->fail (build, "config", "fit: %s is none of none, throughput and resources", word);
  if (s->fits == 0 || fit_options->goal == EST_GOAL_THROUGHPUT || fit_options->min_fps > 0)
    return 0;
  fit_options->min_fps = s->options.target_fps;
  if (fit_options->min_fps > 0)
    return 0;
  return host->fail (build, "config", "fit: resources needs fit_min_fps, or target_fps");
}

int
settings_goal (const char *word, enum est_goal *goal)
{
  *goal = strcmp (word, "resources") == 0 ? EST_GOAL_RESOURCES : EST_GOAL_THROUGHPUT;
  for (int i = 0; fit_choices[i] != NULL; i++)
    if (strcmp (word, fit_choices[i]) == 0)
      return i > 0;
  return -1;
}

int
settings_totals (const struct br_device *device, int64_t total[EST_N_RESOURCES])
{
  total[EST_LUT] = device->lut;
  total[EST_BRAM_18K] = device->bram_18k;
  total[EST_URAM] = device->uram;
  total[EST_DSP] = device->dsp;
  for (int r = 0; r < EST_N_RESOURCES; r++)
    if (total[r] < 0)
      return -1;
  return 0;
}

int32_t
settings_read_fit (const struct br_host *host, struct br_build *build, struct settings *s)
{
  est_fit_options_init (&s->fit);
  s->fit.clock_ns = s->options.clock_ns;
  s->fit.seconds = 60;
  if (read_goal (host, build, s) == -1 || read_ceilings (host, build, s->fit.ceiling) == -1 ||
      host->get_double (build, BR_PARAMS, "/fit_seconds", &s->fit.seconds) == -1 ||
      host->get_int (build, BR_PARAMS, "/fit_max_stream_bits", &s->fit.max_stream_bits) == -1)
    return -1;
  if (s->fits == 0)
    return 0;
  if (!s->device_known || settings_totals (&s->device, s->fit.total) == -1)
    return host->fail (build, "config", "fit: the resources of %s are not known", s->part);
  return 0;
}
