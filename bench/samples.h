/* SPDX-License-Identifier: BSD-3-Clause */
/* Wall times of repeated runs, and what they come to. */
#ifndef BR_BENCH_SAMPLES_H
#define BR_BENCH_SAMPLES_H

#include <stddef.h>

#include "common/error.h"

/* Start with zeroes. */
struct bench_samples {
  double *seconds;
  size_t n, capacity;
};

double bench_now (void); /* monotonic, seconds */
int bench_samples_add (struct bench_samples *samples, double seconds, struct br_error *err);
void bench_samples_free (struct bench_samples *samples);
/* Of at least one sample. The order of the samples is lost. */
double bench_minimum (const struct bench_samples *samples);
double bench_median (struct bench_samples *samples);

#endif
