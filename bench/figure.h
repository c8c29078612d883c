/* SPDX-License-Identifier: BSD-3-Clause */
/* A figure: what is measured, against whom, and what it should come to. */
#ifndef BR_BENCH_FIGURE_H
#define BR_BENCH_FIGURE_H

#include "bench/samples.h"

enum bench_kind {
  BENCH_TIME,     /* our median, in seconds, is to be at most the target */
  BENCH_ABOVE,    /* our median less the peer's, in seconds, is to be at most the target */
  BENCH_RATIO,    /* the peer's median by ours is to be at least the target */
  BENCH_SLOWDOWN, /* our median by the peer's is to be at most the target */
  BENCH_MEMORY,   /* the same, of bytes */
};

/* Where things are; strings are borrowed. What a figure needs and does not find is a reason to leave it out. */
struct bench_place {
  const char *program;   /* buildrunner of the build tree */
  const char *plugins;   /* stage/plugins */
  const char *dummy;     /* a module to copy */
  const char *models;    /* folder of real models */
  const char *golden;    /* folder of FINN's own results and their models; NULL: not known */
  const char *venv;      /* the tests' virtual environment of the Python package */
  const char *libraries; /* what the program needs of the build tree; NULL: nothing */
  const char *scripts;   /* folder of the peers' scripts */
  const char *scratch;   /* an empty folder, on tmpfs where there is one */
};

/* Our runs and the peer's, which take turns so that both see the same machine. Start with zeroes. */
struct bench_result {
  struct bench_samples ours, peer; /* peer may stay empty */
};

struct bench_figure {
  const char *name, *what;
  const char *peer; /* who the other times are of; NULL: nobody */
  enum bench_kind kind;
  double target;
  unsigned runs;
  /* -1 with *err: it could not be measured. */
  int (*measure) (const struct bench_place *place, unsigned runs, struct bench_result *result,
                  struct br_error *err);
};

/* Each list ends with an entry without a name. */
extern const struct bench_figure bench_command_figures[];
extern const struct bench_figure bench_build_figures[];
extern const struct bench_figure bench_estimate_figures[];
extern const struct bench_figure bench_inference_figures[];
extern const struct bench_figure bench_scale_figures[];
extern const struct bench_figure bench_cleanup_figures[];

void bench_result_free (struct bench_result *result);
/* What is compared with the target; result holds at least one sample of whom the figure needs. */
double bench_value (const struct bench_figure *figure, struct bench_result *result);
int bench_target_met (const struct bench_figure *figure, struct bench_result *result);

#endif
