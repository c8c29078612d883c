/* SPDX-License-Identifier: BSD-3-Clause */
/* Samples: the minimum is what the machine can do, the median what it does. */
#include <config.h>

#include "bench/samples.h"

#include <stdlib.h>
#include <time.h>

double
bench_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

int
bench_samples_add (struct bench_samples *samples, double seconds, struct br_error *err)
{
  if (samples->n == samples->capacity) {
    size_t capacity = samples->capacity > 0 ? 2 * samples->capacity : 64;
    double *grown = realloc (samples->seconds, capacity * sizeof *grown);

    if (grown == NULL)
      return br_error_oom (err);
    samples->seconds = grown;
    samples->capacity = capacity;
  }
  samples->seconds[samples->n++] = seconds;
  return 0;
}

void
bench_samples_free (struct bench_samples *samples)
{
  free (samples->seconds);
  *samples = (struct bench_samples){ 0 };
}

double
bench_minimum (const struct bench_samples *samples)
{
  double least = samples->seconds[0];

  for (size_t i = 1; i < samples->n; i++)
    if (samples->seconds[i] < least)
      least = samples->seconds[i];
  return least;
}

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
bench_median (struct bench_samples *samples)
{
  size_t half = samples->n / 2;

  qsort (samples->seconds, samples->n, sizeof *samples->seconds, ascending);
  if (samples->n % 2 == 1)
    return samples->seconds[half];
  return (samples->seconds[half - 1] + samples->seconds[half]) / 2;
}
