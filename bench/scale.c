/* SPDX-License-Identifier: BSD-3-Clause */
/* Figures of large models, which are made here: one of 300,000 nodes, and one of 500 MB of constants, loaded and saved by a process of its own
   and compared with reading and writing the same bytes, with the same guarantees, in another. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/figure.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "qonnx/qonnx.h"

#define NODES  300000
#define FLOATS 125000000 /* 500 MB */

static int
fail (struct qx_error *from, struct br_error *err)
{
  br_error_set (err, "environment", "%s", qx_error_text (from));
  qx_error_clear (from);
  return -1;
}

/* ---- models ---- */

/* A chain of 17 MB: 57 bytes for each node. */
static int
add_nodes (struct qx_model *model, size_t n, struct qx_error *err)
{
  char name[32], from[32], to[32];

  for (size_t i = 0; i < n; i++) {
    const char *input = from, *output = to;

    snprintf (name, sizeof name, "node_%zu", i);
    snprintf (from, sizeof from, "tensor_%zu", i);
    snprintf (to, sizeof to, "tensor_%zu", i + 1);
    if (qx_node_insert (model, SIZE_MAX, "LeakyRelu", "", name, &input, 1, &output, 1, err) == NULL)
      return -1;
  }
  return 0;
}

static int
add_constant (struct qx_model *model, struct qx_error *err)
{
  const int64_t dims[] = { FLOATS };
  const char *inputs[] = { "in", "constant" }, *output = "out";
  float *values = malloc (FLOATS * sizeof *values);
  int ret;

  for (size_t i = 0; values != NULL && i < FLOATS; i++)
    values[i] = (float) (i % 977) / 7;
  ret = qx_set_initializer_raw (model, "constant", QX_FLOAT, dims, 1, values,
                                values == NULL ? 0 : FLOATS * sizeof *values, err);
  free (values);
  return ret < 0 || qx_node_insert (model, SIZE_MAX, "Add", "", "add", inputs, 2, &output, 1, err) == NULL
             ? -1
             : 0;
}

static int
make (const char *path, int large, struct br_error *err)
{
  struct qx_error error = { { 0 }, NULL };
  struct qx_model *model = qx_model_new ("made", 13, &error);
  int ret = model == NULL ? -1 : large ? add_constant (model, &error) : add_nodes (model, NODES, &error);

  if (ret == 0)
    ret = qx_save (model, path, &error);
  qx_model_free (model);
  return ret < 0 ? fail (&error, err) : 0;
}

static int
make_nodes (const void *with, double *seconds, struct br_error *err)
{
  *seconds = 0;
  return make (with, 0, err);
}

static int
make_large (const void *with, double *seconds, struct br_error *err)
{
  *seconds = 0;
  return make (with, 1, err);
}

/* ---- many nodes ---- */

static int
load_nodes (const void *with, double *seconds, struct br_error *err)
{
  struct qx_error error = { { 0 }, NULL };
  double begin = bench_now ();
  struct qx_model *model = qx_load (with, &error);

  *seconds = bench_now () - begin;
  if (model == NULL)
    return fail (&error, err);
  qx_model_free (model);
  return 0;
}

static int
free_nodes (const void *with, double *seconds, struct br_error *err)
{
  struct qx_error error = { { 0 }, NULL };
  struct qx_model *model = qx_load (with, &error);
  double begin = bench_now ();

  if (model == NULL)
    return fail (&error, err);
  qx_model_free (model);
  *seconds = bench_now () - begin;
  return 0;
}

static int
measure_nodes (const struct bench_place *place, unsigned runs,
               int (*work) (const void *with, double *seconds, struct br_error *err),
               struct bench_result *result, struct br_error *err)
{
  BR_AUTOFREE char *path = br_path_join (place->scratch, "nodes.onnx");
  struct bench_child child;
  int ret = path == NULL ? br_error_oom (err) : bench_in_child (make_nodes, path, &child, err);

  for (unsigned i = 0; ret == 0 && i < runs; i++) {
    ret = bench_in_child (work, path, &child, err);
    if (ret == 0)
      ret = bench_samples_add (&result->ours, child.seconds, err);
  }
  if (path != NULL)
    unlink (path);
  return ret;
}

static int
measure_load (const struct bench_place *place, unsigned runs, struct bench_result *result,
              struct br_error *err)
{
  return measure_nodes (place, runs, load_nodes, result, err);
}

static int
measure_free (const struct bench_place *place, unsigned runs, struct bench_result *result,
              struct br_error *err)
{
  return measure_nodes (place, runs, free_nodes, result, err);
}

/* ---- many bytes ---- */

struct copy {
  const char *from, *to;
};

static int
through_model (const void *with, double *seconds, struct br_error *err)
{
  const struct copy *copy = with;
  struct qx_error error = { { 0 }, NULL };
  double begin = bench_now ();
  struct qx_model *model = qx_load (copy->from, &error);
  int ret = model == NULL ? -1 : qx_save (model, copy->to, &error);

  qx_model_free (model);
  *seconds = bench_now () - begin;
  return ret < 0 ? fail (&error, err) : 0;
}

static int
through_bytes (const void *with, double *seconds, struct br_error *err)
{
  const struct copy *copy = with;
  double begin = bench_now ();
  char *data = NULL;
  size_t size;
  int ret = br_file_read (copy->from, SIZE_MAX / 2, &data, &size, err);

  if (ret == 0)
    ret = br_file_write_atomic (copy->to, data, size, err);
  free (data);
  *seconds = bench_now () - begin;
  return ret;
}

/* Each writes a file that was not there: none pays for the other's. */
static int
take_turns (const struct copy *copy, unsigned runs, int memory, struct bench_result *result,
            struct br_error *err)
{
  for (unsigned i = 0; i < runs; i++) {
    struct bench_child ours, theirs;

    if (bench_in_child (through_bytes, copy, &theirs, err) == -1)
      return -1;
    unlink (copy->to);
    if (bench_in_child (through_model, copy, &ours, err) == -1)
      return -1;
    unlink (copy->to);
    if (bench_samples_add (&result->ours, memory ? ours.peak : ours.seconds, err) == -1 ||
        bench_samples_add (&result->peer, memory ? 4.0 * FLOATS : theirs.seconds, err) == -1)
      return -1;
  }
  return 0;
}

static int
measure_large (const struct bench_place *place, unsigned runs, int memory, struct bench_result *result,
               struct br_error *err)
{
  BR_AUTOFREE char *from = br_path_join (place->scratch, "large.onnx");
  BR_AUTOFREE char *to = br_path_join (place->scratch, "copy.onnx");
  const struct copy copy = { from, to };
  struct bench_child made;
  int ret;

  if (from == NULL || to == NULL)
    return br_error_oom (err);
  ret = bench_in_child (make_large, from, &made, err);
  if (ret == 0)
    ret = take_turns (&copy, runs, memory, result, err);
  unlink (from);
  return ret;
}

static int
measure_large_time (const struct bench_place *place, unsigned runs, struct bench_result *result,
                    struct br_error *err)
{
  return measure_large (place, runs, 0, result, err);
}

static int
measure_large_memory (const struct bench_place *place, unsigned runs, struct bench_result *result,
                      struct br_error *err)
{
  return measure_large (place, runs, 1, result, err);
}

const struct bench_figure bench_scale_figures[] = {
  { .name = "load_300k",
    .what = "load of a model of 300,000 nodes",
    .kind = BENCH_TIME,
    .target = 0.4,
    .runs = 15,
    .measure = measure_load },
  { .name = "free_300k",
    .what = "freeing it",
    .kind = BENCH_TIME,
    .target = 0.02,
    .runs = 15,
    .measure = measure_free },
  { .name = "large_time",
    .what = "load and save of a model of 500 MB",
    .peer = "its file read and written",
    .kind = BENCH_SLOWDOWN,
    .target = 2,
    .runs = 7,
    .measure = measure_large_time },
  { .name = "large_memory",
    .what = "its peak memory by its size",
    .peer = "its file",
    .kind = BENCH_MEMORY,
    .target = 2.2,
    .runs = 3,
    .measure = measure_large_memory },
  { .name = NULL },
};
