/* SPDX-License-Identifier: BSD-3-Clause */
/* Deadlines by CLOCK_MONOTONIC, in seconds. */
#ifndef BR_PROC_CLOCK_H
#define BR_PROC_CLOCK_H

double br_clock_now (void);
/* The earlier of two deadlines; 0 is none. */
double br_clock_earlier (double a, double b);
/* For poll (): milliseconds until the deadline, rounded up; -1 for none. */
int br_clock_poll_ms (double deadline);

#endif
