/* SPDX-License-Identifier: BSD-3-Clause */
/* One report file, and reading numbers out of it. */
#ifndef BR_METRICS_REPORT_H
#define BR_METRICS_REPORT_H

#include "core/metrics/collect.h"

struct json_object;

/* The sources of a build's metrics, best first, share this. */
struct br_collecting {
  const struct br_collect *collect;
  struct br_metrics *metrics;
  struct br_error *err;
};

/* A source: 0, or -1 with the error set. A report that is not there, or too old, is fine. */
typedef int br_metrics_source (struct br_collecting *c);
br_metrics_source br_metrics_from_estimate;

/* file is relative to the output folder. 1: *report is the document, the caller puts it; 0: not there or of an older build; -1: the error is set. */
int br_report_read (struct br_collecting *c, const char *file, struct json_object **report);
/* A number that has to be finite and not negative. 1; 0 absent (or null); -1: the error names file and key. */
int br_report_number (struct br_collecting *c, const char *file, struct json_object *object, const char *key,
                      double *value);
/* Sets a metric that is absent. */
int br_report_set (struct br_collecting *c, enum br_metric_id id, double value, const char *stage,
                   const char *file, const char *key);
/* Sets a raw value that is absent; takes value over. */
int br_report_set_raw (struct br_collecting *c, const char *key, struct json_object *value);

/* What a report says is used; each -1 where it does not say. */
struct br_counts {
  double lut, ff, bram_18k, uram, dsp;
};

/* Counts, totals and device to the raw metrics, utilisation where the device is known and has any. */
int br_report_utilization (struct br_collecting *c, const struct br_counts *counts, const char *stage,
                           const char *file, const char *key);

#endif
