/* SPDX-License-Identifier: BSD-3-Clause */
/* For test programs: what the walk makes of the graph that was made by hand. */
#ifndef BR_TESTS_EST_OUTCOME_H
#define BR_TESTS_EST_OUTCOME_H

#include "tests/unit/est_build.h"

struct outcome {
  struct est_network net;
  struct est_layer *layers;
  size_t n;
  struct br_error err;
};

/* Walks the graph, whose path ends here. 0, or -1 with o->err set; released in either case. */
int finish_flow (struct outcome *o, int standalone, enum est_flow flow);
int finish (struct outcome *o, int standalone); /* by the default steps */
void release (struct outcome *o);

/* The layers of the default steps, in order. */
void assert_layers (int standalone, size_t n, const enum est_op *ops);
/* The default steps refuse the graph; the reason begins so. */
void assert_refused (int standalone, const char *category, const char *begins);
void assert_refused_with (int standalone, const char *category, const char *text); /* the whole of it */

#endif
