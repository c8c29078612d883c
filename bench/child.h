/* SPDX-License-Identifier: BSD-3-Clause */
/* Work in a process of its own: what it takes at its peak is its own, and the next one finds the memory as the first did. */
#ifndef BR_BENCH_CHILD_H
#define BR_BENCH_CHILD_H

#include "common/error.h"

struct bench_child {
  double seconds; /* what work () says that it took */
  double peak;    /* bytes of memory at the peak of the process (VmHWM) */
};

/* Runs work (with) once. Its failure is an error with its reason. */
int bench_in_child (int (*work) (const void *with, double *seconds, struct br_error *err), const void *with,
                    struct bench_child *child, struct br_error *err);

#endif
