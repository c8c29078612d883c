/* SPDX-License-Identifier: BSD-3-Clause */
/* The estimate reports of a point, as JSON in the flow's form: order of keys, integers and floats, no line end. */
#ifndef BR_ESTIMATE_REPORT_H
#define BR_ESTIMATE_REPORT_H

#include "common/str.h"
#include "plugins/dataflow_estimate/estimate/point.h"

struct est_performance {
  int64_t critical_path_cycles, max_cycles;
  size_t slowest; /* the first layer with max_cycles */
  double fps, latency_ns;
};

struct est_totals {
  double bram, lut, uram, dsp;
};

/* Category "kernel" where no layer takes a cycle: there is no throughput then. */
int est_performance (const struct est_point *point, const struct est_options *options,
                     struct est_performance *performance, struct br_error *err);
void est_totals (const struct est_point *point, struct est_totals *totals);

/* Each adds to out, whose failure the caller checks. */
void est_report_counts (const struct est_point *point, struct br_str *out);
void est_report_cycles (const struct est_point *point, struct br_str *out);
void est_report_resources (const struct est_point *point, struct br_str *out);
void est_report_alternatives (const struct est_point *point, struct br_str *out);
int est_report_performance (const struct est_point *point, const struct est_options *options,
                            struct br_str *out, struct br_error *err);
/* The final configuration of a point: its folding with the depths of FIFOs, which are the default but where the folding file (NULL: none) has
   them. The flow takes it as a folding file. */
void est_write_hw_config (const struct est_point *point, struct json_object *folding, struct br_str *out);
/* The folding file of a point, and the empty specialise file of its layers. */
void est_write_folding (const struct est_point *point, struct br_str *out);
void est_write_specialise_template (const struct est_point *point, struct br_str *out);

#endif
