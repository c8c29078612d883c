/* SPDX-License-Identifier: BSD-3-Clause */
/* The estimate stage: FINN's reports of step_generate_estimate_reports. Throughput stands there in frames per second, latency in
   nanoseconds, BRAM in 18 Kb halves; flip-flops are not estimated. */
#include <config.h>

#include <json-c/json.h>

#include "core/metrics/report.h"

#define PERFORMANCE  "estimate_network_performance.json"
#define RESOURCES    "estimate_layer_resources.json"
#define CYCLES       "estimate_layer_cycles.json"
#define ALTERNATIVES "estimate_layer_config_alternatives.json"
#define OPERATIONS   "op_and_param_counts.json"

/* ---- The network ---- */

/* Layers that FINN gave no names overwrite each other in its reports; only the slowest one's cycles are right then. */
static int
is_collapsed (struct json_object *performance)
{
  struct json_object *name = json_object_object_get (performance, "max_cycles_node_name");

  return json_object_is_type (name, json_type_string) && json_object_get_string_len (name) == 0;
}

static int
is_text_or_absent (struct json_object *object, const char *key)
{
  struct json_object *value = json_object_object_get (object, key);

  return value == NULL || json_object_is_type (value, json_type_string);
}

static int
set_performance (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place root = { report, report->root, NULL }, *at = &root;
  double cycles = -1, path = -1, fps = -1;

  if (br_report_number (c, at, "max_cycles", &cycles) < 0 ||
      br_report_number (c, at, "critical_path_cycles", &path) < 0 ||
      br_report_number (c, at, "estimated_throughput_fps", &fps) < 0)
    return -1;
  if (!is_text_or_absent (at->object, "max_cycles_node_name"))
    return br_report_wrong (c, report->file, "max_cycles_node_name is no string");
  if (cycles < 0 && fps < 0)
    return br_report_wrong (c, at->report->file, "expected max_cycles and estimated_throughput_fps");
  if (br_report_set_scaled (c, at, "estimated_throughput_fps", BR_THROUGHPUT, 1) < 0)
    return -1;
  if (!is_collapsed (at->object) &&
      br_report_set_scaled (c, at, "estimated_latency_ns", BR_LATENCY, 1e-3) < 0) /* ns to us */
    return -1;
  return br_report_keep_all (c, at);
}

/* ---- The layers ---- */

/* An object of objects of numbers, as FINN keeps what it says of each layer. */
static int
check_layers (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place root = { report, report->root, NULL };

  json_object_object_foreach (report->root, name, value)
  {
    struct br_place layer = { report, value, name };

    if (br_report_member (c, &root, name, &layer.object) < 0 ||
        (layer.object != NULL && br_report_all_numbers (c, &layer) < 0))
      return -1;
  }
  return 0;
}

static int
set_resources (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place root = { report, report->root, NULL };
  struct br_place total = { report, NULL, "total" };
  struct br_counts counts;
  int there = br_report_member (c, &root, "total", &total.object);

  if (there < 0 || check_layers (c, report) < 0)
    return -1;
  if (there == 0)
    return br_report_wrong (c, report->file, "there is no total");
  if (json_object_object_get_ex (report->root, "", NULL))
    return br_report_warn (c, "%s: layers have no names, so that its total leaves some out: not used",
                           report->file);
  if (br_report_counts (c, &total, &counts) < 0)
    return -1;
  return br_report_set_counts (c, &counts, report->stage, report->file, "total");
}

/* ---- What has no metric ---- */

static int
check_cycles (struct br_collecting *c, const struct br_report *report)
{
  return br_report_all_numbers (c, &(struct br_place){ report, report->root, NULL });
}

/* What else the folding could be is of no build: it is only looked at. */
static int
check_alternatives (struct br_collecting *c, const struct br_report *report)
{
  json_object_object_foreach (report->root, name, list)
  {
    if (!json_object_is_type (list, json_type_array))
      return br_report_wrong (c, report->file, "%s is no array", name);
    for (size_t i = 0; i < json_object_array_length (list); i++) {
      const struct br_place at = { report, json_object_array_get_idx (list, i), name };

      if (!json_object_is_type (at.object, json_type_object))
        return br_report_wrong (c, report->file, "%s/%zu is no object", name, i);
      if (br_report_all_numbers (c, &at) < 0)
        return -1;
    }
  }
  return 0;
}

static int
set_operations (struct br_collecting *c, const struct br_report *report)
{
  struct json_object *total = json_object_object_get (report->root, "total");

  if (check_layers (c, report) < 0)
    return -1;
  return total != NULL ? br_report_set_raw (c, "op_and_param_counts", json_object_get (total), report->stage,
                                            report->file, "total")
                       : 0;
}

int
br_metrics_from_estimate (struct br_collecting *c)
{
  if (br_report_use (c, PERFORMANCE, BR_STAGE_ESTIMATE, set_performance) < 0 ||
      br_report_use (c, RESOURCES, BR_STAGE_ESTIMATE, set_resources) < 0 ||
      br_report_use (c, CYCLES, BR_STAGE_ESTIMATE, check_cycles) < 0 ||
      br_report_use (c, ALTERNATIVES, BR_STAGE_ESTIMATE, check_alternatives) < 0)
    return -1;
  return br_report_use (c, OPERATIONS, BR_STAGE_ESTIMATE, set_operations);
}
