/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of the native estimate, in-process: from the model's file to the report of the whole network. */
#include <config.h>

#include <unistd.h>

#include "bench/figure.h"
#include "common/cleanup.h"
#include "common/path.h"
#include "plugins/dataflow_estimate/estimate/report.h"
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
  qx_model_free (model);
  return ret;
}

static int
measure_estimate (const struct bench_place *place, unsigned runs, struct bench_result *result,
                  struct br_error *err)
{
  BR_AUTOFREE char *path = br_path_join (place->models, "TFC_2W2A.onnx");

  if (path == NULL)
    return br_error_oom (err);
  if (access (path, R_OK) != 0)
    return br_error_set (err, "environment", "%s is not there (BUILDRUNNER_MODELS)", path);
  if (estimate (path, err) == -1) /* not counted: the file is read from disk */
    return -1;
  for (unsigned i = 0; i < runs; i++) {
    double begin = bench_now ();

    if (estimate (path, err) == -1 || bench_samples_add (&result->ours, bench_now () - begin, err) == -1)
      return -1;
  }
  return 0;
}

const struct bench_figure bench_estimate_figures[] = {
  { .name = "estimate_in_process",
    .what = "estimate of TFC_2W2A, parse included",
    .kind = BENCH_TIME,
    .target = 0.005,
    .runs = 200,
    .measure = measure_estimate },
  { .name = NULL },
};
