/* SPDX-License-Identifier: BSD-3-Clause */
/* The figure of cleanup in one process, of models that are loaded already: ours, and the Python package's. */
#include <config.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/command.h"
#include "bench/figure.h"
#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "qonnx/qonnx.h"

#define MAX_MODELS 64

/* ---- ours ---- */

static int
clean_all (struct qx_model *const *models, size_t n, struct bench_samples *samples, struct br_error *err)
{
  struct qx_error error = { { 0 }, NULL };
  double begin = bench_now ();
  int ret = 0;

  for (size_t i = 0; ret == 0 && i < n; i++)
    ret = qx_cleanup (models[i], NULL, &error);
  if (ret == 0)
    return bench_samples_add (samples, bench_now () - begin, err);
  br_error_set (err, "environment", "%s", qx_error_text (&error));
  qx_error_clear (&error);
  return -1;
}

static int
load_and_clean (char *const *paths, size_t n, struct bench_samples *samples, struct br_error *err)
{
  struct qx_model *models[MAX_MODELS] = { NULL };
  struct qx_error error = { { 0 }, NULL };
  size_t i;
  int ret = 0;

  for (i = 0; ret == 0 && i < n; i++)
    if ((models[i] = qx_load (paths[i], &error)) == NULL)
      ret = br_error_set (err, "environment", "%s", qx_error_text (&error));
  qx_error_clear (&error);
  if (ret == 0)
    ret = clean_all (models, n, samples, err);
  for (i = 0; i < n; i++)
    qx_model_free (models[i]);
  return ret;
}

/* ---- the package's ---- */

static int
add_lines (FILE *output, struct bench_samples *samples, struct br_error *err)
{
  double seconds;

  while (fscanf (output, "%lf", &seconds) == 1)
    if (bench_samples_add (samples, seconds, err) == -1)
      return -1;
  return 0;
}

/* The shell spreads the models: the folder's name stands in quotes, a name with a quote in it is not taken. */
static int
run_package (const struct bench_place *place, unsigned runs, struct bench_samples *samples,
             struct br_error *err)
{
  BR_AUTOFREE char *python = br_path_join (place->venv, "bin/python");
  BR_AUTOFREE char *command = br_printf ("'%s' '%s/cleanup.py' %u '%s'/*.onnx 2>/dev/null", python,
                                         place->scripts, runs, place->models);
  FILE *output;
  int ret;

  if (python == NULL || command == NULL)
    return br_error_oom (err);
  if (!bench_is_program (python))
    return br_error_set (err, "environment", "%s is not there (BUILDRUNNER_ORACLE=1 make check makes it)",
                         python);
  if ((output = popen (command, "r")) == NULL)
    return br_error_errno (err, "start", python);
  ret = add_lines (output, samples, err);
  return pclose (output) == 0 || ret == -1 ? ret : br_error_set (err, "environment", "%s: failed", python);
}

/* ---- the figure ---- */

static int
measure_models (const struct bench_place *place, char *const *paths, size_t n, unsigned runs,
                struct bench_result *result, struct br_error *err)
{
  if (n == 0 || n > MAX_MODELS)
    return br_error_set (err, "environment", "no models in %s, or too many (BUILDRUNNER_MODELS)",
                         place->models);
  if (run_package (place, runs, &result->peer, err) == -1)
    return -1;
  for (unsigned i = 0; i < 10 * runs; i++)
    if (load_and_clean (paths, n, &result->ours, err) == -1)
      return -1;
  return 0;
}

static int
measure_cleanup (const struct bench_place *place, unsigned runs, struct bench_result *result,
                 struct br_error *err)
{
  BR_AUTOFREE char *pattern = br_path_join (place->models, "*.onnx");
  glob_t found = { 0 };
  int ret;

  if (pattern == NULL)
    return br_error_oom (err);
  (void) glob (pattern, 0, NULL, &found);
  ret = measure_models (place, found.gl_pathv, found.gl_pathc, runs, result, err);
  globfree (&found);
  return ret;
}

const struct bench_figure bench_cleanup_figures[] = {
  { .name = "cleanup_in_process",
    .what = "cleanup of all real models, in-process",
    .peer = "qonnx.util.cleanup",
    .kind = BENCH_RATIO,
    .target = 20,
    .runs = 5,
    .measure = measure_cleanup },
  { .name = NULL },
};
