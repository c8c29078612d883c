/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of a trivial build: the simulated backend, no steps, a model of a few bytes. The registry is scanned before the clock starts, and the output folder is
   another for each build. */
#include <config.h>

#include <stdlib.h>

#include <buildrunner/buildrunner.h>

#include "bench/command.h"
#include "bench/figure.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

/* an IR version, and a graph with a name */
static const unsigned char tiny_model[] = { 0x08, 0x08, 0x3a, 0x04, 0x12, 0x02, 'g', '1' };

/* Takes the reason over. */
static int
fail_with (struct br_error *err, char *reason)
{
  br_error_set (err, "environment", "%s", reason != NULL ? reason : "no reason given");
  free (reason);
  return -1;
}

static int
run_once (struct br_runner *runner, const char *dir, const char *model, unsigned i,
          struct bench_samples *samples, struct br_error *err)
{
  BR_AUTOFREE char *config = br_printf ("{\"id\": \"bench\", \"output_dir\": \"%s/%u\"}", dir, i);
  char *reason = NULL;
  double begin;

  if (config == NULL)
    return br_error_oom (err);
  begin = bench_now ();
  if (br_runner_run (runner, config, dir, model, NULL, &reason) != 0)
    return fail_with (err, reason);
  free (reason);
  return bench_samples_add (samples, bench_now () - begin, err);
}

static int
run_builds (struct br_runner *runner, const char *dir, unsigned runs, struct bench_result *result,
            struct br_error *err)
{
  static const char *const nothing[] = { "/bin/true", NULL };
  BR_AUTOFREE char *model = br_path_join (dir, "model.onnx");
  struct bench_samples cold = { 0 };
  int ret;

  if (model == NULL)
    return br_error_oom (err);
  if (br_dir_make (dir, err) == -1 || br_file_write_plain (model, tiny_model, sizeof tiny_model, err) == -1)
    return -1;
  ret = run_once (runner, dir, model, runs, &cold, err);
  bench_samples_free (&cold);
  for (unsigned i = 0; ret == 0 && i < runs; i++)
    if (run_once (runner, dir, model, i, &result->ours, err) == -1 ||
        bench_command (nothing, &result->peer, err) == -1)
      ret = -1;
  return ret;
}

static int
measure (const struct bench_place *place, const char *name, int in_process, unsigned runs,
         struct bench_result *result, struct br_error *err)
{
  const char *const directories[] = { place->plugins, NULL };
  BR_AUTOFREE char *dir = br_path_join (place->scratch, name);
  struct br_registry *registry = br_registry_new ();
  struct br_runner *runner = NULL;
  char *reason = NULL;
  int ret = -1;

  if (dir == NULL || registry == NULL)
    br_error_oom (err);
  else if (br_registry_scan (registry, directories, &reason) != 0 ||
           (runner = br_runner_create (registry, "brainsmith_stub", &reason)) == NULL)
    fail_with (err, reason);
  else {
    br_runner_set_in_process (runner, in_process);
    ret = run_builds (runner, dir, runs, result, err);
  }
  br_runner_free (runner);
  br_registry_free (registry);
  return ret;
}

static int
measure_in_process (const struct bench_place *place, unsigned runs, struct bench_result *result,
                    struct br_error *err)
{
  return measure (place, "in_process", 1, runs, result, err);
}

static int
measure_isolated (const struct bench_place *place, unsigned runs, struct bench_result *result,
                  struct br_error *err)
{
  return measure (place, "isolated", 0, runs, result, err);
}

const struct bench_figure bench_build_figures[] = {
  { .name = "build_in_process",
    .what = "trivial build in-process",
    .peer = "/bin/true",
    .kind = BENCH_TIME,
    .target = 0.001,
    .runs = 300,
    .measure = measure_in_process },
  { .name = "build_isolated",
    .what = "trivial build isolated, above fork+exec",
    .peer = "/bin/true",
    .kind = BENCH_ABOVE,
    .target = 0.0015,
    .runs = 300,
    .measure = measure_isolated },
  { .name = NULL },
};
