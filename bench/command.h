/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs, as a shell would start them, from before the start to after their end. */
#ifndef BR_BENCH_COMMAND_H
#define BR_BENCH_COMMAND_H

#include "bench/samples.h"

/* Runs argv (NULL-ended; output to /dev/null) once and adds its time. A program that fails is an error. */
int bench_command (const char *const *argv, struct bench_samples *samples, struct br_error *err);
/* Is path a program that can be run? */
int bench_is_program (const char *path);

#endif
