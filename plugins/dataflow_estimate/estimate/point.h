/* SPDX-License-Identifier: BSD-3-Clause */
/* One point of a network: its layers at a clock, on a part, with a folding. The steps are called in the order below; each
   may be the last. */
#ifndef BR_ESTIMATE_POINT_H
#define BR_ESTIMATE_POINT_H

#include "plugins/dataflow_estimate/estimate/folding.h"
#include "plugins/dataflow_estimate/estimate/network.h"

struct est_options {
  double clock_ns;
  int clock_is_integer; /* the period was given as an integer: the latency is printed as one */
  const char *part;
  double target_fps; /* 0: none */
  int64_t mvau_wwidth_max;
  int two_pass_relaxation, standalone_thresholds, minimize_bit_width;
  struct json_object *folding, *specialize;       /* borrowed; NULL: none */
  void (*warn) (void *closure, const char *text); /* may be NULL */
  void *closure;
};

/* The flow's defaults; clock and part remain to be set. */
void est_options_init (struct est_options *options);

struct est_point {
  struct est_layer *layers; /* owned */
  size_t n;
  enum est_dsp dsp;
};

int est_point_partition (struct est_point *point, const struct est_network *network,
                         const struct est_options *options, struct br_error *err);
int est_point_specialize (struct est_point *point, const struct est_options *options, struct br_error *err);
int est_point_parallelize (struct est_point *point, const struct est_options *options, struct br_error *err);
int est_point_fold (struct est_point *point, const struct est_options *options, struct br_error *err);
int est_point_minimize (struct est_point *point, const struct est_options *options, struct br_error *err);
/* All of them. Start with zeroes. */
int est_point_run (struct est_point *point, const struct est_network *network,
                   const struct est_options *options, struct br_error *err);
void est_point_free (struct est_point *point);

#endif
