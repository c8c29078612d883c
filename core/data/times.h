/* SPDX-License-Identifier: BSD-3-Clause */
/* ISO 8601 times with zone, as Python's datetime.isoformat () writes and fromisoformat () reads them. */
#ifndef BR_DATA_TIMES_H
#define BR_DATA_TIMES_H

#include <time.h>

#define BR_TIME_SIZE 48

/* UTC, with microseconds: 2026-01-01T00:00:00.000000+00:00 */
void br_time_format (const struct timespec *time, char out[BR_TIME_SIZE]);
/* The form above with any offset, "Z" too, and up to nine digits of a fraction. 0 or -1. */
int br_time_parse (const char *text, struct timespec *time);

#endif
