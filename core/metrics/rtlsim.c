/* SPDX-License-Identifier: BSD-3-Clause */
/* The RTL simulation: rtlsim_performance.json. Throughput stands there in images per second, over the whole run and, as "stable", from the
   first output on; the latter is too high where FINN divides all images by that shorter time, so that the former is taken. Latency stands
   in clock cycles up to the first finished output, the clock in MHz: cycles / MHz are microseconds. The names without brackets are those of
   the original design. */
#include <config.h>

#include <json-c/json.h>

#include "common/str.h"
#include "core/metrics/report.h"

#define RTLSIM "rtlsim_performance.json"

/* The first of keys that is there: 1 and *key, 0, or -1. */
static int
first_number (struct br_collecting *c, const struct br_place *at, const char *const keys[], const char **key,
              double *value)
{
  for (size_t i = 0; keys[i] != NULL; i++) {
    int there = br_report_number (c, at, keys[i], value);

    *key = keys[i];
    if (there != 0)
      return there;
  }
  return 0;
}

static int
set_first (struct br_collecting *c, const struct br_place *at, const char *const keys[], enum br_metric_id id)
{
  const char *key;
  double value = 0;
  int there = first_number (c, at, keys, &key, &value);

  return there == 1 ? br_report_set (c, id, value, at->report->stage, at->report->file, key) : there;
}

static const char *const clocks[] = { "fclk[mhz]", "fclk_mhz", NULL };

static int
set_latency (struct br_collecting *c, const struct br_place *at)
{
  const char *key = NULL;
  double cycles = 0, mhz = 0;
  int has_cycles = br_report_number (c, at, "latency_cycles", &cycles);
  int has_clock = first_number (c, at, clocks, &key, &mhz);

  if (has_cycles < 0 || has_clock < 0)
    return -1;
  if (has_clock == 1 && mhz == 0)
    return br_report_wrong (c, at->report->file, "%s is 0, expected a clock in MHz", key);
  if (has_cycles == 1 && has_clock == 1)
    return br_report_set (c, BR_LATENCY, cycles / mhz, at->report->stage, at->report->file, "latency_cycles");
  return br_report_set_scaled (c, at, "latency_us", BR_LATENCY, 1);
}

/* FINN's other numbers; the fill of each FIFO that is watched has a name of its own. */
static int
check_others (struct br_collecting *c, const struct br_place *at)
{
  static const char *const keys[] = { "cycles",
                                      "N",
                                      "runtime[ms]",
                                      "stable_throughput[images/s]",
                                      "N_IN_TXNS",
                                      "N_OUT_TXNS",
                                      "interval_cycles",
                                      "UNFINISHED_INS",
                                      "UNFINISHED_OUTS",
                                      "RUNTIME_S",
                                      "DRAM_in_bandwidth[MB/s]",
                                      "DRAM_out_bandwidth[MB/s]",
                                      "throughput_fps",
                                      "latency_us",
                                      "fclk_mhz",
                                      "latency_cycles",
                                      NULL };
  double value;

  for (size_t i = 0; keys[i] != NULL; i++)
    if (br_report_number (c, at, keys[i], &value) < 0)
      return -1;
  json_object_object_foreach (at->object, key, fill)
  {
    (void) fill;
    if (br_str_starts (key, "maxcount") && br_report_number (c, at, key, &value) < 0)
      return -1;
  }
  return 0;
}

static int
set_rtlsim (struct br_collecting *c, const struct br_report *report)
{
  static const char *const throughputs[] = { "throughput[images/s]", "throughput_fps",
                                             "stable_throughput[images/s]", NULL };
  const struct br_place at = { report, report->root, NULL };
  double timeout = 0;

  if (check_others (c, &at) < 0 || br_report_number (c, &at, "TIMEOUT", &timeout) < 0)
    return -1;
  if (timeout != 0)
    return br_report_wrong (c, report->file, "TIMEOUT is %g: the simulation gave up, expected 0", timeout);
  if (set_first (c, &at, throughputs, BR_THROUGHPUT) < 0 || set_latency (c, &at) < 0 ||
      set_first (c, &at, clocks, BR_CLOCK_FREQUENCY) < 0)
    return -1;
  return br_report_keep_all (c, &at);
}

int
br_metrics_from_rtlsim (struct br_collecting *c)
{
  return br_report_use (c, RTLSIM, BR_STAGE_RTLSIM, set_rtlsim);
}
