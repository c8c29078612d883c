/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of the executor: images through a network, on one core. */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "bench/figure.h"
#include "common/cleanup.h"
#include "common/path.h"
#include "qonnx/qonnx.h"

#define IMAGES 100 /* in one sample */

static int
fail (struct qx_error *from, struct br_error *err)
{
  br_error_set (err, "environment", "%s", qx_error_text (from));
  qx_error_clear (from);
  return -1;
}

/* One sample: so many images, one by one. */
static int
run_images (struct qx_runner *runner, const struct qx_tensor *image, struct qx_error *err)
{
  for (int i = 0; i < IMAGES; i++) {
    struct qx_tensor *output;

    if (qx_run (runner, &image, &output, err) < 0)
      return -1;
    qx_tensor_free (output);
  }
  return 0;
}

static int
measure_runner (struct qx_runner *runner, const struct qx_tensor *image, unsigned runs,
                struct bench_result *result, struct br_error *err)
{
  struct qx_error error = { { 0 }, NULL };

  for (unsigned i = 0; i < runs; i++) {
    double begin = bench_now ();

    if (run_images (runner, image, &error) < 0)
      return fail (&error, err);
    if (bench_samples_add (&result->ours, bench_now () - begin, err) == -1)
      return -1;
  }
  return 0;
}

/* Images of zeroes: what a network computes takes as long whatever the numbers are. */
static int
measure_tfc (const struct bench_place *place, unsigned runs, struct bench_result *result,
             struct br_error *err)
{
  const int64_t dims[] = { 1, 1, 28, 28 };
  BR_AUTOFREE char *path = place->models != NULL ? br_path_join (place->models, "TFC_2W2A.onnx") : NULL;
  struct qx_error error = { { 0 }, NULL };
  struct qx_model *model;
  struct qx_runner *runner;
  struct qx_tensor *image;
  int ret = -1;

  if (path == NULL || access (path, R_OK) != 0)
    return br_error_set (err, "environment", "TFC_2W2A.onnx is not there (BUILDRUNNER_MODELS)");
  model = qx_load (path, &error);
  runner = model == NULL ? NULL : qx_runner_new (model, NULL, &error);
  image = runner == NULL ? NULL : qx_tensor_create (QX_FLOAT, dims, 4, NULL, 0, &error);
  ret = image == NULL ? fail (&error, err) : measure_runner (runner, image, runs, result, err);
  qx_tensor_free (image);
  qx_runner_free (runner);
  qx_model_free (model);
  return ret;
}

const struct bench_figure bench_inference_figures[] = {
  { .name = "inference_tfc",
    .what = "100 images through TFC_2W2A, one by one, on a core",
    .kind = BENCH_TIME,
    .target = 0.1, /* 1,000 images a second */
    .runs = 50,
    .measure = measure_tfc },
  { .name = NULL },
};
