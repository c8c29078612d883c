/* SPDX-License-Identifier: BSD-3-Clause */
/* An output folder of a test with reports in it, and what the collector makes of them. */
#ifndef BR_TESTS_METRICS_RIG_H
#define BR_TESTS_METRICS_RIG_H

#include "core/metrics/collect.h"

struct metrics_rig {
  char *dir;          /* the output folder */
  const char *device; /* "Pynq-Z1" at the beginning */
  struct timespec since;
  /* of the last collection */
  struct br_metrics metrics;
  struct br_error error;
  int warnings;
  char *warning; /* the last one; NULL: there was none */
};

void metrics_rig_make (struct metrics_rig *rig);
void metrics_rig_free (struct metrics_rig *rig);
/* Writes a report; folders on its way are made. */
void metrics_rig_write (struct metrics_rig *rig, const char *name, const char *text);
void metrics_rig_write_bytes (struct metrics_rig *rig, const char *name, const void *bytes, size_t size);
/* Copies the reports of tests/reports/NAME. */
void metrics_rig_copy (struct metrics_rig *rig, const char *name);
/* Collects into metrics that are empty at first: 0 or -1. */
int metrics_rig_collect (struct metrics_rig *rig);
/* The same; fails the test where there is an error. */
void metrics_rig_expect_success (struct metrics_rig *rig);
/* Fails the test unless there is an error of category "metrics" with these words in its text. */
void metrics_rig_expect_error (struct metrics_rig *rig, const char *words);

/* Fails the test unless the metric is there with this value and origin. */
void metrics_rig_check (const struct metrics_rig *rig, enum br_metric_id id, double value, const char *stage,
                        const char *file, const char *key);
/* A raw number by its pointer ("/counts/LUT"); fails the test where there is none. */
double metrics_rig_raw (const struct metrics_rig *rig, const char *pointer);
int metrics_rig_has_raw (const struct metrics_rig *rig, const char *pointer); /* there and not null */
/* "STAGE FILE KEY" of a raw value's origin; the caller frees. Fails the test where there is none. */
char *metrics_rig_raw_origin (const struct metrics_rig *rig, const char *name);
/* All metrics, raw values and origins as one text; the caller frees. */
char *metrics_rig_text (const struct metrics_rig *rig);

#endif
