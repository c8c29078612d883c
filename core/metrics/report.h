/* SPDX-License-Identifier: BSD-3-Clause */
/* What the sources of metrics share: finding a report, reading numbers out of it, and setting what is absent still. */
#ifndef BR_METRICS_REPORT_H
#define BR_METRICS_REPORT_H

#include <sys/stat.h>

#include "core/metrics/collect.h"

struct json_object;
struct br_vivado;

/* Stages of an origin, best first. */
#define BR_STAGE_ROUTE     "route"     /* placed and routed, the whole device with its shell */
#define BR_STAGE_SYNTHESIS "synthesis" /* out of context, or a report of a design that is not routed yet */
#define BR_STAGE_RTLSIM    "rtlsim"
#define BR_STAGE_HLS       "hls"
#define BR_STAGE_ESTIMATE  "estimate"

enum br_resource { BR_LUT, BR_FF, BR_BRAM_18K, BR_URAM, BR_DSP, BR_N_RESOURCES };

/* What a report says is used. */
struct br_counts {
  double n[BR_N_RESOURCES]; /* each -1 where it does not say */
};

/* One collection. */
struct br_collecting {
  const struct br_collect *collect;
  struct br_metrics *metrics;
  struct br_error *err;
  struct br_vivado *vivado; /* what the text reports say */
  struct br_counts extract; /* of post_synth_resources.json */
  int counts_begun;         /* the raw value "counts" is the collector's, not the backend's */
};

/* A source: 0, or -1 with the error set. A report that is not there, or too old, is fine. */
typedef int br_metrics_source (struct br_collecting *c);
br_metrics_source br_metrics_from_post_synth;
br_metrics_source br_metrics_from_routed;
br_metrics_source br_metrics_from_out_of_context;
br_metrics_source br_metrics_from_unrouted;
br_metrics_source br_metrics_from_rtlsim;
br_metrics_source br_metrics_from_out_of_context_performance;
br_metrics_source br_metrics_from_estimate;
br_metrics_source br_metrics_from_hls;
br_metrics_source br_metrics_from_late_dsp;
br_metrics_source br_metrics_from_flow; /* times of steps, sizes of FIFOs, power estimates */

/* ---- Files ---- */

/* Is there a file of this build? 1: *file is its name relative to the output folder, the caller frees; 0: no, or it is of an older build;
   -1: the error is set. FINN writes into report/, the original design's backends at the top as well: report/ comes first. */
int br_report_find (struct br_collecting *c, const char *name, char **file);
/* The same of one place. 1, 0 or -1. */
int br_report_is_there (struct br_collecting *c, const char *file);
/* The path of a file that is relative to the output folder; the caller frees. NULL: the error is set. */
char *br_report_path (struct br_collecting *c, const char *file);
/* Category "metrics": "<file>: <what is wrong>". */
int br_report_wrong (struct br_collecting *c, const char *file, const char *format, ...) BR_PRINTF (3, 4);

/* A JSON report. */
struct br_report {
  char *file; /* relative to the output folder; owned */
  const char *stage;
  struct json_object *root; /* an object; owned */
};

typedef int br_report_user (struct br_collecting *c, const struct br_report *report);
/* Reads a report and has it used. 0 also where it is not there or of an older build; -1: the error is set. */
int br_report_use (struct br_collecting *c, const char *name, const char *stage, br_report_user *use);

/* ---- Numbers ---- */

/* An object of a report, and where it stands there: a key, or NULL for the report itself. */
struct br_place {
  const struct br_report *report;
  struct json_object *object;
  const char *name;
};

/* A finite number that is not negative. 1; 0: absent or null, *value stays; -1: the error names file, place and what was expected. */
int br_report_number (struct br_collecting *c, const struct br_place *at, const char *key, double *value);
/* The same for what may be negative. */
int br_report_signed (struct br_collecting *c, const struct br_place *at, const char *key, double *value);
/* An object's member that is an object: 1 and *out is borrowed; 0: absent; -1. */
int br_report_member (struct br_collecting *c, const struct br_place *at, const char *key,
                      struct json_object **out);
/* Are all values of an object numbers that may be (or null)? 0 or -1. */
int br_report_all_numbers (struct br_collecting *c, const struct br_place *at);
/* "total/LUT" of an object's name and a key; the caller frees. NULL: memory ran out, the error is set. */
char *br_report_key (struct br_collecting *c, const struct br_place *at, const char *key);
/* A number where a whole one is written as an integer; NULL for a negative one, and where memory ran out. */
struct json_object *br_report_new_number (double value);

/* ---- Setting what is absent ---- */

int br_report_set (struct br_collecting *c, enum br_metric_id id, double value, const char *stage,
                   const char *file, const char *key);
/* A number of a report times scale. 0 also where the report has none. */
int br_report_set_scaled (struct br_collecting *c, const struct br_place *at, const char *key,
                          enum br_metric_id id, double scale);
int br_report_has_raw (const struct br_collecting *c, const char *key);
/* A raw value with its origin; takes value over. */
int br_report_set_raw (struct br_collecting *c, const char *name, struct json_object *value,
                       const char *stage, const char *file, const char *key);
/* Every member of a report's object, under its own name. */
int br_report_keep_all (struct br_collecting *c, const struct br_place *at);
/* Tells people. */
int br_report_warn (struct br_collecting *c, const char *format, ...) BR_PRINTF (2, 3);

/* ---- Resources ---- */

extern const char *const br_resource_names[BR_N_RESOURCES]; /* FINN's */

void br_counts_clear (struct br_counts *counts);
/* The members of an object that have these names. */
int br_report_counts (struct br_collecting *c, const struct br_place *at, struct br_counts *counts);
/* The same where block RAM stands in two members: BRAM_36K, whole blocks, and BRAM_18K, halves. Either alone is an error. */
int br_report_block_counts (struct br_collecting *c, const struct br_place *at, struct br_counts *counts);
/* Counts that nothing better gave before, with totals and device, to the raw metrics; utilisation where the device is known and has any.
   place is what origins have before "/LUT" and so on; NULL: nothing. */
int br_report_set_counts (struct br_collecting *c, const struct br_counts *counts, const char *stage,
                          const char *file, const char *place);

#endif
