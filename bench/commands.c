/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of whole commands: their start, the plugin scan, the cleanup of a model. */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "bench/command.h"
#include "bench/figure.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

#define N_MODULES 130

static const char *const nothing[] = { "/bin/true", NULL };

/* Once each before it counts, so that both are in memory. The program of a build tree finds its libraries by the environment; an installed one
   would not have to look for them there. */
static int
take_turns (const struct bench_place *place, const char *const *ours, const char *const *peer, unsigned runs,
            struct bench_result *result, struct br_error *err)
{
  struct bench_result cold = { 0 };
  int ret;

  if (place->libraries != NULL && setenv ("LD_LIBRARY_PATH", place->libraries, 1) == -1)
    return br_error_oom (err);
  ret = bench_command (ours, &cold.ours, err) | bench_command (peer, &cold.peer, err);
  bench_result_free (&cold);
  for (unsigned i = 0; ret == 0 && i < runs; i++)
    if (bench_command (ours, &result->ours, err) == -1 || bench_command (peer, &result->peer, err) == -1)
      ret = -1;
  return ret;
}

static int
measure_version (const struct bench_place *place, unsigned runs, struct bench_result *result,
                 struct br_error *err)
{
  const char *const argv[] = { place->program, "--version", NULL };

  return take_turns (place, argv, nothing, runs, result, err);
}

/* ---- The scan ---- */

static int
copy_modules (const char *module, const char *dir, struct br_error *err)
{
  if (br_dir_make (dir, err) == -1)
    return -1;
  for (int i = 0; i < N_MODULES; i++) {
    BR_AUTOFREE char *path = br_printf ("%s/dummy_%03d.so", dir, i);

    if (path == NULL)
      return br_error_oom (err);
    if (br_file_copy (module, path, 0, err) == -1)
      return -1;
  }
  return 0;
}

static int
measure_scan (const struct bench_place *place, unsigned runs, struct bench_result *result,
              struct br_error *err)
{
  BR_AUTOFREE char *dir = br_path_join (place->scratch, "modules");
  const char *const argv[] = { place->program,       "plugins", "list", "--plugin-path", dir,
                               "--plugin-path-only", NULL };

  if (dir == NULL)
    return br_error_oom (err);
  if (copy_modules (place->dummy, dir, err) == -1)
    return -1;
  return take_turns (place, argv, nothing, runs, result, err);
}

/* ---- Cleanup ---- */

struct cleanup_paths {
  char *model, *ours, *theirs; /* owned */
  char *python, *script;       /* of the Python package: the script names a folder that it may have left */
};

static void
free_paths (struct cleanup_paths *paths)
{
  free (paths->model);
  free (paths->ours);
  free (paths->theirs);
  free (paths->python);
  free (paths->script);
}

static int
find_paths (const struct bench_place *place, struct cleanup_paths *paths, struct br_error *err)
{
  paths->model = br_path_join (place->models, "TFC_2W2A.onnx");
  paths->ours = br_path_join (place->scratch, "ours.onnx");
  paths->theirs = br_path_join (place->scratch, "theirs.onnx");
  paths->python = br_path_join (place->venv, "bin/python");
  paths->script = br_path_join (place->venv, "bin/qonnx-cleanup");
  if (paths->model == NULL || paths->ours == NULL || paths->theirs == NULL || paths->python == NULL ||
      paths->script == NULL)
    return br_error_oom (err);
  if (access (paths->model, R_OK) != 0)
    return br_error_set (err, "environment", "%s is not there (BUILDRUNNER_MODELS)", paths->model);
  if (!bench_is_program (paths->python) || access (paths->script, R_OK) != 0)
    return br_error_set (err, "environment", "%s is not there (BUILDRUNNER_ORACLE=1 make check makes it)",
                         paths->script);
  return 0;
}

static int
measure_cleanup (const struct bench_place *place, unsigned runs, struct bench_result *result,
                 struct br_error *err)
{
  struct cleanup_paths paths = { 0 };
  int ret = find_paths (place, &paths, err);
  const char *const argv[] = { place->program, "model", "cleanup", paths.model, "-o", paths.ours, NULL };
  const char *const peer[] = { paths.python, paths.script, paths.model, "--out-file", paths.theirs, NULL };

  if (ret == 0)
    ret = take_turns (place, argv, peer, runs, result, err);
  free_paths (&paths);
  return ret;
}

/* ---- Diagnosis ---- */

#define LOG_MEBIBYTES 64

/* As synthesis talks, with the cause at its end. */
static int
write_log (const char *path, struct br_error *err)
{
  struct br_str text = { 0 };
  int ret;

  for (unsigned i = 0; text.length < (size_t) LOG_MEBIBYTES << 20 && !br_str_failed (&text); i++) {
    br_str_printf (&text,
                   "INFO: [Synth 8-638] synthesizing module 'finn_design_MVAU_hls_%u' "
                   "[/build/vivado/finn_design.v:%u]\n",
                   i % 97, i % 9973);
    if (i % 10 == 0)
      br_str_printf (
          &text,
          "WARNING: [Synth 8-7129] Port s_axis_%u in module fifo is either unconnected or has no load\n",
          i % 31);
    if (i % 25 == 0)
      br_str_printf (
          &text,
          "Time (s): cpu = 00:00:%02u ; elapsed = 00:00:09 . Memory (MB): peak = 3162.660 ; gain = 33.109\n",
          i % 60);
  }
  br_str_add (
      &text,
      "ERROR: [Place 30-640] Place Check : This design requires more Slice LUTs cells than are available\n");
  ret = br_str_failed (&text) ? br_error_oom (err) : br_file_write_plain (path, text.text, text.length, err);
  br_str_free (&text);
  return ret;
}

static int
measure_diagnose (const struct bench_place *place, unsigned runs, struct bench_result *result,
                  struct br_error *err)
{
  BR_AUTOFREE char *log = br_path_join (place->scratch, "vivado.log");
  const char *const argv[] = { place->program, "diagnose", log, NULL };
  const char *const peer[] = { "/bin/grep", "-cE", "ERROR|FATAL|Killed", log, NULL };

  if (log == NULL)
    return br_error_oom (err);
  if (write_log (log, err) == -1)
    return -1;
  return take_turns (place, argv, peer, runs, result, err);
}

const struct bench_figure bench_command_figures[] = {
  { .name = "version",
    .what = "buildrunner --version",
    .peer = "/bin/true",
    .kind = BENCH_TIME,
    .target = 0.005,
    .runs = 200,
    .measure = measure_version },
  { .name = "plugins_list_130",
    .what = "buildrunner plugins list, 130 modules",
    .peer = "/bin/true",
    .kind = BENCH_TIME,
    .target = 0.025,
    .runs = 50,
    .measure = measure_scan },
  { .name = "cleanup_command",
    .what = "buildrunner model cleanup TFC_2W2A.onnx",
    .peer = "qonnx-cleanup",
    .kind = BENCH_RATIO,
    .target = 50,
    .runs = 7,
    .measure = measure_cleanup },
  { .name = "diagnose_64_mib",
    .what = "buildrunner diagnose, 64 MiB (200 MB/s)",
    .peer = "grep -cE",
    .kind = BENCH_TIME,
    .target = (LOG_MEBIBYTES << 20) / 200e6,
    .runs = 7,
    .measure = measure_diagnose },
  { .name = NULL },
};
