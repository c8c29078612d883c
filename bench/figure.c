/* SPDX-License-Identifier: BSD-3-Clause */
/* What a figure's samples come to. */
#include <config.h>

#include "bench/figure.h"

void
bench_result_free (struct bench_result *result)
{
  bench_samples_free (&result->ours);
  bench_samples_free (&result->peer);
}

double
bench_value (const struct bench_figure *figure, struct bench_result *result)
{
  double ours = bench_median (&result->ours);

  switch (figure->kind) {
  case BENCH_ABOVE:
    return ours - bench_median (&result->peer);
  case BENCH_RATIO:
    return bench_median (&result->peer) / ours;
  case BENCH_SLOWDOWN:
  case BENCH_MEMORY:
    return ours / bench_median (&result->peer);
  case BENCH_TIME:
    break;
  }
  return ours;
}

int
bench_target_met (const struct bench_figure *figure, struct bench_result *result)
{
  double value = bench_value (figure, result);

  return figure->kind == BENCH_RATIO ? value >= figure->target : value <= figure->target;
}
