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

/* Where and how the builds of a figure run. */
struct bench_builds {
  struct br_registry *registry;
  const char *dir, *model;
  int in_process, first; /* first: each is the first build of its runner */
};

static struct br_runner *
new_runner (const struct bench_builds *builds, struct br_error *err)
{
  char *reason = NULL;
  struct br_runner *runner = br_runner_create (builds->registry, "brainsmith_stub", &reason);

  if (runner == NULL)
    fail_with (err, reason);
  else
    br_runner_set_in_process (runner, builds->in_process);
  return runner;
}

static int
run_with (const struct bench_builds *builds, struct br_runner *runner, unsigned i,
          struct bench_samples *samples, struct br_error *err)
{
  struct br_runner *own = builds->first ? new_runner (builds, err) : NULL;
  int ret = -1;

  if (own != NULL || !builds->first)
    ret = run_once (own != NULL ? own : runner, builds->dir, builds->model, i, samples, err);
  br_runner_free (own);
  return ret;
}

/* One build is not counted: files are in the cache afterwards. */
static int
run_builds (const struct bench_builds *builds, struct br_runner *runner, unsigned runs,
            struct bench_result *result, struct br_error *err)
{
  static const char *const nothing[] = { "/bin/true", NULL };
  struct bench_samples cold = { 0 };
  int ret = run_with (builds, runner, runs, &cold, err);

  bench_samples_free (&cold);
  for (unsigned i = 0; ret == 0 && i < runs; i++)
    if (run_with (builds, runner, i, &result->ours, err) == -1 ||
        bench_command (nothing, &result->peer, err) == -1)
      ret = -1;
  return ret;
}

static int
measure_in (struct bench_builds *builds, unsigned runs, struct bench_result *result, struct br_error *err)
{
  BR_AUTOFREE char *model = br_path_join (builds->dir, "model.onnx");
  struct br_runner *runner;
  int ret;

  if (model == NULL)
    return br_error_oom (err);
  if (br_dir_make (builds->dir, err) == -1 ||
      br_file_write_plain (model, tiny_model, sizeof tiny_model, err) == -1)
    return -1;
  builds->model = model;
  runner = new_runner (builds, err);
  ret = runner != NULL ? run_builds (builds, runner, runs, result, err) : -1;
  br_runner_free (runner);
  return ret;
}

static int
measure (const struct bench_place *place, const char *name, const struct bench_builds *how, unsigned runs,
         struct bench_result *result, struct br_error *err)
{
  const char *const directories[] = { place->plugins, NULL };
  BR_AUTOFREE char *dir = br_path_join (place->scratch, name);
  struct bench_builds builds = *how;
  char *reason = NULL;
  int ret = -1;

  builds.registry = br_registry_new ();
  builds.dir = dir;
  if (dir == NULL || builds.registry == NULL)
    br_error_oom (err);
  else if (br_registry_scan (builds.registry, directories, &reason) != 0)
    fail_with (err, reason);
  else
    ret = measure_in (&builds, runs, result, err);
  br_registry_free (builds.registry);
  return ret;
}

static int
measure_in_process (const struct bench_place *place, unsigned runs, struct bench_result *result,
                    struct br_error *err)
{
  static const struct bench_builds how = { .in_process = 1 };

  return measure (place, "in_process", &how, runs, result, err);
}

static int
measure_isolated (const struct bench_place *place, unsigned runs, struct bench_result *result,
                  struct br_error *err)
{
  static const struct bench_builds how = { .in_process = 0 };

  return measure (place, "isolated", &how, runs, result, err);
}

static int
measure_isolated_first (const struct bench_place *place, unsigned runs, struct bench_result *result,
                        struct br_error *err)
{
  static const struct bench_builds how = { .first = 1 };

  return measure (place, "isolated_first", &how, runs, result, err);
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
  { .name = "build_isolated_first",
    .what = "the first of a runner, above fork+exec",
    .peer = "/bin/true",
    .kind = BENCH_ABOVE,
    .target = 0.0015,
    .runs = 300,
    .measure = measure_isolated_first },
  { .name = NULL },
};
