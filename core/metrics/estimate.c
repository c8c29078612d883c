/* SPDX-License-Identifier: BSD-3-Clause */
/* The estimate stage: FINN's estimate_network_performance.json and estimate_layer_resources.json. Throughput stands there in
   frames per second, latency in nanoseconds. */
#include <config.h>

#include "core/metrics/report.h"

#include <json-c/json.h>

#define PERFORMANCE "report/estimate_network_performance.json"
#define RESOURCES   "report/estimate_layer_resources.json"
#define STAGE       "estimate"

/* Everything that a report holds, under its own names. */
static int
keep_all (struct br_collecting *c, struct json_object *report)
{
  json_object_object_foreach (report, key, value)
  {
    if (value != NULL && br_report_set_raw (c, key, json_object_get (value)) < 0)
      return -1;
  }
  return 0;
}

static int
set_scaled (struct br_collecting *c, struct json_object *report, const char *key, enum br_metric_id id,
            double scale)
{
  double value;
  int there = br_report_number (c, PERFORMANCE, report, key, &value);

  return there == 1 ? br_report_set (c, id, value * scale, STAGE, PERFORMANCE, key) : there;
}

static int
performance (struct br_collecting *c)
{
  struct json_object *report = NULL;
  int ret = br_report_read (c, PERFORMANCE, &report);

  if (ret != 1)
    return ret;
  ret = -1;
  if (set_scaled (c, report, "estimated_throughput_fps", BR_THROUGHPUT, 1) >= 0 &&
      set_scaled (c, report, "estimated_latency_ns", BR_LATENCY, 1e-3) >= 0)
    ret = keep_all (c, report);
  json_object_put (report);
  return ret;
}

/* Flip-flops are not estimated. */
static int
resources (struct br_collecting *c)
{
  struct json_object *report = NULL, *total;
  struct br_counts n = { -1, -1, -1, -1, -1 };
  int ret = br_report_read (c, RESOURCES, &report);

  if (ret != 1)
    return ret;
  total = json_object_object_get (report, "total");
  if (!json_object_is_type (total, json_type_object))
    ret = br_error_set (c->err, "metrics", "%s: there is no total", RESOURCES);
  else if (br_report_number (c, RESOURCES, total, "LUT", &n.lut) < 0 ||
           br_report_number (c, RESOURCES, total, "BRAM_18K", &n.bram_18k) < 0 ||
           br_report_number (c, RESOURCES, total, "URAM", &n.uram) < 0 ||
           br_report_number (c, RESOURCES, total, "DSP", &n.dsp) < 0)
    ret = -1;
  else
    ret = br_report_utilization (c, &n, STAGE, RESOURCES, "total");
  json_object_put (report);
  return ret;
}

int
br_metrics_from_estimate (struct br_collecting *c)
{
  return performance (c) < 0 ? -1 : resources (c);
}
