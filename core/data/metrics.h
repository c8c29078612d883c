/* SPDX-License-Identifier: BSD-3-Clause */
/* The nine metrics of a build, and where each came from. */
#ifndef BR_DATA_METRICS_H
#define BR_DATA_METRICS_H

#include "common/error.h"

struct json_object;
struct br_json_writer;

enum br_metric_id {
  BR_THROUGHPUT,      /* inferences/s, higher is better */
  BR_LATENCY,         /* µs, lower */
  BR_CLOCK_FREQUENCY, /* MHz, higher */
  BR_LUT_UTILIZATION, /* 0..1 of the device, lower; so the other three */
  BR_DSP_UTILIZATION,
  BR_BRAM_UTILIZATION,
  BR_URAM_UTILIZATION,
  BR_TOTAL_POWER, /* W, lower */
  BR_ACCURACY,    /* 0..1, higher */
  BR_N_METRICS
};

/* Origin of a value; strings are owned. */
struct br_origin {
  char *file, *key; /* NULL: not from a file */
  char *stage;      /* estimate, hls, rtlsim, synthesis, route, executed, external, simulated */
};

struct br_metrics {
  int has[BR_N_METRICS]; /* 0: absent, written as null and never as 0 */
  double value[BR_N_METRICS];
  struct br_origin origin[BR_N_METRICS];
  struct json_object *raw; /* an object: raw_metrics without origin; owned */
  struct json_object
      *raw_origin; /* an object: the origins of raw values, in the form of the written origin; owned */
};

const char *br_metric_name (enum br_metric_id id);
const char *br_metric_unit (enum br_metric_id id); /* "inferences/s", "us", "MHz", "1", "W" */
int br_metric_higher_is_better (enum br_metric_id id);
int br_metric_find (const char *name); /* an id, or -1 */
int br_stage_of_origin_known (const char *stage);

int br_metrics_init (struct br_metrics *m); /* -1: memory */
void br_metrics_free (struct br_metrics *m);
/* Refuses, with category "metrics", values that are not finite or negative, and an accuracy over 1. A utilisation may exceed 1: an
   estimate of what does not fit on the device is a fact worth knowing. */
int br_metrics_set (struct br_metrics *m, enum br_metric_id id, double value, const char *stage,
                    const char *file, const char *key, struct br_error *err);
void br_metrics_clear_values (struct br_metrics *m); /* all nine absent; raw stays */
/* Takes value over, also on failure. */
int br_metrics_set_raw (struct br_metrics *m, const char *key, struct json_object *value,
                        struct br_error *err);
/* Says where a raw value came from. name is its key in raw_metrics, for a member of an object there "counts/LUT". */
int br_metrics_set_raw_origin (struct br_metrics *m, const char *name, const char *stage, const char *file,
                               const char *key, struct br_error *err);
/* {"throughput": …, …, "raw_metrics": {…, "origin": {…}}}; origin has the metrics, then the raw values that have one. */
void br_metrics_write (const struct br_metrics *m, struct br_json_writer *w);
int br_metrics_read (struct br_metrics *m, struct json_object *from, struct br_error *err);
/* The origins of raw values out of what raw_origin is, or a written origin; anything else is passed over. */
int br_metrics_read_raw_origins (struct br_metrics *m, struct json_object *origins, struct br_error *err);

#endif
