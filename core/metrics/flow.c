/* SPDX-License-Identifier: BSD-3-Clause */
/* What FINN says of its own run, and what only finn-plus writes: seconds of each step (time_per_step.json), sizes of FIFOs
   (fifo_sizing.json: depths in words, sizes in bits, their sum in kB) and power for one activity or more (power_estimate_summary.json, W). */
#include <config.h>

#include <json-c/json.h>

#include "common/str.h"
#include "core/metrics/report.h"

static int
set_times (struct br_collecting *c, const struct br_report *report)
{
  if (br_report_all_numbers (c, &(struct br_place){ report, report->root, NULL }) < 0)
    return -1;
  return br_report_set_raw (c, "time_per_step", json_object_get (report->root), "executed", report->file,
                            NULL);
}

static int
set_fifos (struct br_collecting *c, const struct br_report *report)
{
  static const char key[] = "total_fifo_size_kB";
  const struct br_place at = { report, report->root, NULL };
  double value = 0;
  int there = br_report_number (c, &at, key, &value);

  return there == 1
             ? br_report_set_raw (c, key, br_report_new_number (value), BR_STAGE_RTLSIM, report->file, key)
             : there;
}

/* Which of several activities is the build's cannot be said. */
static int
set_power (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place at = { report, report->root, NULL };
  const char *total = NULL;
  size_t n = 0;

  if (br_report_all_numbers (c, &at) < 0)
    return -1;
  json_object_object_foreach (report->root, key, value)
  {
    (void) value;
    if (br_str_ends (key, "_total")) {
      total = key;
      n++;
    }
  }
  if (n == 1 && br_report_set_scaled (c, &at, total, BR_TOTAL_POWER, 1) < 0)
    return -1;
  return br_report_set_raw (c, "power_estimate_summary", json_object_get (report->root), report->stage,
                            report->file, NULL);
}

int
br_metrics_from_flow (struct br_collecting *c)
{
  if (br_report_use (c, "time_per_step.json", "executed", set_times) < 0 ||
      br_report_use (c, "fifo_sizing.json", BR_STAGE_RTLSIM, set_fifos) < 0)
    return -1;
  return br_report_use (c, "power_estimate_summary.json", BR_STAGE_SYNTHESIS, set_power);
}
