/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of the native estimate, in-process: from the model's file to the report of the whole network. */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "bench/figure.h"
#include "common/cleanup.h"
#include "common/path.h"
#include "plugins/dataflow_estimate/estimate/fit.h"
#include "qonnx/qonnx.h"

/* Pynq-Z1 at 100 MHz, a million frames a second */
static int
estimate_point (const struct est_network *network, struct br_error *err)
{
  struct est_options options;
  struct est_point point = { 0 };
  struct est_performance performance;
  int ret;

  est_options_init (&options);
  options.clock_ns = 10;
  options.part = "xc7z020clg400-1";
  options.target_fps = 1e6;
  ret = est_point_run (&point, network, &options, err);
  if (ret == 0)
    ret = est_performance (&point, &options, &performance, err);
  est_point_free (&point);
  return ret;
}

static struct qx_model *
load (const char *path, struct br_error *err)
{
  struct qx_error why = { 0 };
  struct qx_model *model = qx_load (path, &why);

  if (model == NULL)
    br_error_set (err, "model_load", "%s", qx_error_text (&why));
  qx_error_clear (&why);
  return model;
}

static int
estimate (const char *path, struct br_error *err)
{
  const struct est_load_options options = { .max_multithreshold_bit_width = 8 };
  struct qx_model *model = load (path, err);
  struct est_network *network = NULL;
  int ret = -1;

  if (model != NULL && est_network_load (model, &options, &network, err) == 0)
    ret = estimate_point (network, err);
  est_network_free (network);
  return ret;
}

#define CNV "models/cnv_w2a2_full.onnx"

/* The caller frees; NULL with *err where the file is not there. */
static char *
find (const char *folder, const char *name, const char *variable, struct br_error *err)
{
  char *path = folder != NULL ? br_path_join (folder, name) : NULL;

  if (path != NULL && access (path, R_OK) == 0)
    return path;
  br_error_set (err, "environment", "%s is not there (%s)", name, variable);
  free (path);
  return NULL;
}

static char *
find_tfc (const struct bench_place *place, struct br_error *err)
{
  return find (place->models, "TFC_2W2A.onnx", "BUILDRUNNER_MODELS", err);
}

static char *
find_cnv (const struct bench_place *place, struct br_error *err)
{
  return find (place->golden, CNV, "BUILDRUNNER_GOLDEN", err);
}

static int
measure_file (const char *path, unsigned runs, struct bench_result *result, struct br_error *err)
{
  if (path == NULL || estimate (path, err) == -1) /* not counted: the file is read from disk */
    return -1;
  for (unsigned i = 0; i < runs; i++) {
    double begin = bench_now ();

    if (estimate (path, err) == -1 || bench_samples_add (&result->ours, bench_now () - begin, err) == -1)
      return -1;
  }
  return 0;
}

static int
measure_tfc (const struct bench_place *place, unsigned runs, struct bench_result *result,
             struct br_error *err)
{
  BR_AUTOFREE char *path = find_tfc (place, err);

  return measure_file (path, runs, result, err);
}

static int
measure_cnv (const struct bench_place *place, unsigned runs, struct bench_result *result,
             struct br_error *err)
{
  BR_AUTOFREE char *path = find_cnv (place, err);

  return measure_file (path, runs, result, err);
}

/* Of a network that was read before. */
static int
measure_parsed (char *path, int (*what) (const struct est_network *, struct br_error *), unsigned runs,
                struct bench_result *result, struct br_error *err)
{
  const struct est_load_options options = { .max_multithreshold_bit_width = 8 };
  struct qx_model *model = path != NULL ? load (path, err) : NULL;
  struct est_network *network = NULL;
  int ret = model != NULL ? est_network_load (model, &options, &network, err) : -1;

  for (unsigned i = 0; ret == 0 && i < runs; i++) {
    double begin = bench_now ();

    ret = what (network, err);
    if (ret == 0)
      ret = bench_samples_add (&result->ours, bench_now () - begin, err);
  }
  est_network_free (network);
  return ret;
}

static int
measure_point (const struct bench_place *place, unsigned runs, struct bench_result *result,
               struct br_error *err)
{
  BR_AUTOFREE char *path = find_cnv (place, err);

  return measure_parsed (path, estimate_point, runs, result, err);
}

/* Pynq-Z1 at 100 MHz, as fast as fits */
static int
fit_point (const struct est_network *network, struct br_error *err)
{
  struct est_fit_options fit_options;
  struct est_options options;
  struct est_point point = { 0 };
  struct est_fit fit = { 0 };
  int ret = -1;

  est_options_init (&options);
  options.part = "xc7z020clg400-1";
  est_fit_options_init (&fit_options);
  fit_options.clock_ns = options.clock_ns = 10;
  fit_options.total[EST_LUT] = 53200;
  fit_options.total[EST_BRAM_18K] = 280;
  fit_options.total[EST_DSP] = 220;
  if (est_point_partition (&point, network, &options, err) == 0 &&
      est_point_specialize (&point, &options, err) == 0)
    ret = est_fit_run (&point, &fit_options, &fit, err);
  est_fit_free (&fit);
  est_point_free (&point);
  return ret;
}

static int
measure_fit_tfc (const struct bench_place *place, unsigned runs, struct bench_result *result,
                 struct br_error *err)
{
  BR_AUTOFREE char *path = find_tfc (place, err);

  return measure_parsed (path, fit_point, runs, result, err);
}

static int
measure_fit_cnv (const struct bench_place *place, unsigned runs, struct bench_result *result,
                 struct br_error *err)
{
  BR_AUTOFREE char *path = find_cnv (place, err);

  return measure_parsed (path, fit_point, runs, result, err);
}

const struct bench_figure bench_estimate_figures[] = {
  { .name = "estimate_in_process",
    .what = "estimate of TFC_2W2A, parse included",
    .kind = BENCH_TIME,
    .target = 0.005,
    .runs = 200,
    .measure = measure_tfc },
  { .name = "estimate_cnv",
    .what = "estimate of a CNV, parse included",
    .kind = BENCH_TIME,
    .target = 0.030,
    .runs = 50,
    .measure = measure_cnv },
  { .name = "estimate_point",
    .what = "one more point of a parsed CNV",
    .kind = BENCH_TIME,
    .target = 0.000050,
    .runs = 1000,
    .measure = measure_point },
  { .name = "fit_tfc",
    .what = "fit of TFC_2W2A, proven",
    .kind = BENCH_TIME,
    .target = 1,
    .runs = 20,
    .measure = measure_fit_tfc },
  { .name = "fit_cnv",
    .what = "fit of a CNV, proven",
    .kind = BENCH_TIME,
    .target = 10,
    .runs = 20,
    .measure = measure_fit_cnv },
  { .name = NULL },
};
