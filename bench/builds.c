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
  const char *plugins, *dir, *model;
  int in_process, first; /* first: each is the first build of its registry */
};

struct bench_host {
  struct br_registry *registry;
  struct br_runner *runner;
};

static void
close_host (struct bench_host *host)
{
  br_runner_free (host->runner);
  br_registry_free (host->registry);
}

/* What it did is closed by the caller, also when it fails. */
static int
open_host (struct bench_host *host, const struct bench_builds *builds, struct br_error *err)
{
  const char *const directories[] = { builds->plugins, NULL };
  char *reason = NULL;

  host->registry = br_registry_new ();
  if (host->registry == NULL)
    return br_error_oom (err);
  if (br_registry_scan (host->registry, directories, &reason) != 0 ||
      (host->runner = br_runner_create (host->registry, "brainsmith_stub", &reason)) == NULL)
    return fail_with (err, reason);
  br_runner_set_in_process (host->runner, builds->in_process);
  return 0;
}

static int
run_first (const struct bench_builds *builds, unsigned i, struct bench_samples *samples, struct br_error *err)
{
  struct bench_host host = { NULL };
  int ret = open_host (&host, builds, err);

  if (ret == 0)
    ret = run_once (host.runner, builds->dir, builds->model, i, samples, err);
  close_host (&host);
  return ret;
}

static int
run_with (const struct bench_builds *builds, const struct bench_host *host, unsigned i,
          struct bench_samples *samples, struct br_error *err)
{
  if (builds->first)
    return run_first (builds, i, samples, err);
  return run_once (host->runner, builds->dir, builds->model, i, samples, err);
}

/* One build is not counted: files are in the cache afterwards. */
static int
run_builds (const struct bench_builds *builds, const struct bench_host *host, unsigned runs,
            struct bench_result *result, struct br_error *err)
{
  static const char *const nothing[] = { "/bin/true", NULL };
  struct bench_samples cold = { 0 };
  int ret = run_with (builds, host, runs, &cold, err);

  bench_samples_free (&cold);
  for (unsigned i = 0; ret == 0 && i < runs; i++)
    if (run_with (builds, host, i, &result->ours, err) == -1 ||
        bench_command (nothing, &result->peer, err) == -1)
      ret = -1;
  return ret;
}

static int
measure (const struct bench_place *place, const char *name, const struct bench_builds *how, unsigned runs,
         struct bench_result *result, struct br_error *err)
{
  BR_AUTOFREE char *dir = br_path_join (place->scratch, name);
  BR_AUTOFREE char *model = dir != NULL ? br_path_join (dir, "model.onnx") : NULL;
  struct bench_builds builds = *how;
  struct bench_host host = { NULL };
  int ret = -1;

  builds.plugins = place->plugins;
  builds.dir = dir;
  builds.model = model;
  if (model == NULL)
    br_error_oom (err);
  else if (br_dir_make (dir, err) == 0 &&
           br_file_write_plain (model, tiny_model, sizeof tiny_model, err) == 0 &&
           open_host (&host, &builds, err) == 0)
    ret = run_builds (&builds, &host, runs, result, err);
  close_host (&host);
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
    .what = "the first of a registry, above fork+exec",
    .peer = "/bin/true",
    .kind = BENCH_ABOVE,
    .target = 0.0015,
    .runs = 300,
    .measure = measure_isolated_first },
  { .name = NULL },
};
