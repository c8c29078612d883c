/* SPDX-License-Identifier: BSD-3-Clause */
/* Tells the host the simulated metrics. There is no accuracy among them: nothing here could stand for it, and an analysis that measures it must
   find it absent. */
#include <config.h>

#include <stdlib.h>

#include "plugins/brainsmith_stub/document.h"
#include "plugins/brainsmith_stub/reports.h"

static int32_t
set (const struct br_host *host, struct br_build *build, const char *name, double value, const char *file)
{
  return host->set_metric (build, name, value, "simulated", file, name);
}

static int32_t
set_performance (const struct br_host *host, struct br_build *build, const struct stub_numbers *numbers)
{
  static const char file[] = "report/performance_report.json";

  if (set (host, build, "throughput", numbers->throughput, file) == -1 ||
      set (host, build, "latency", numbers->latency, file) == -1 ||
      set (host, build, "clock_frequency", numbers->clock_frequency, file) == -1)
    return -1;
  return set (host, build, "total_power", numbers->power, file);
}

/* What a device has none of has no utilisation; of a device that is not known the fractions stand alone. */
static int32_t
set_utilization (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  static const struct {
    enum stub_resource resource;
    const char *metric, *key;
  } map[] = {
    { STUB_LUT, "lut_utilization", "utilization/LUT" },
    { STUB_DSP, "dsp_utilization", "utilization/DSP" },
    { STUB_BRAM, "bram_utilization", "utilization/BRAM_18K" },
    { STUB_URAM, "uram_utilization", "utilization/URAM" },
  };

  for (size_t i = 0; i < sizeof map / sizeof map[0]; i++) {
    unsigned r = map[i].resource;

    if (outcome->totals[r] != 0 &&
        host->set_metric (build, map[i].metric, outcome->numbers.fraction[r], "simulated",
                          "report/resource_report.json", map[i].key) == -1)
      return -1;
  }
  return 0;
}

/* ---- Raw values ---- */

/* Takes text over. */
static int32_t
set_raw (const struct br_host *host, struct br_build *build, const char *key, char *text)
{
  int32_t ret =
      text != NULL ? host->set_raw (build, key, text) : host->fail (build, "memory", "out of memory");

  free (text);
  return ret;
}

static int32_t
set_raw_double (const struct br_host *host, struct br_build *build, const char *key, double value)
{
  char text[32];

  br_json_format_double (value, text);
  return host->set_raw (build, key, text);
}

static int32_t
set_raw_resources (const struct br_host *host, struct br_build *build, const char *key, const int64_t *values)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  br_json_object_begin (&w);
  for (unsigned r = 0; r < STUB_N_RESOURCES; r++)
    if (values[r] >= 0) {
      br_json_key (&w, stub_resource_name (r));
      br_json_int (&w, values[r]);
    }
  br_json_object_end (&w);
  return set_raw (host, build, key, br_str_take (&text));
}

static int32_t
set_raw_string (const struct br_host *host, struct br_build *build, const char *key, const char *value)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  br_json_string (&w, value);
  return set_raw (host, build, key, br_str_take (&text));
}

static int32_t
set_device (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  const char *part = outcome->design->device.part;

  if (set_raw_string (host, build, "device", part != NULL ? part : outcome->design->target_device) == -1)
    return -1;
  if (part == NULL)
    return 0;
  if (set_raw_resources (host, build, "counts", outcome->counts) == -1)
    return -1;
  return set_raw_resources (host, build, "totals", outcome->totals);
}

static int32_t
set_counts (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  const struct stub_design *design = outcome->design;

  if (set_raw (host, build, "kernel_count", br_printf ("%llu", (unsigned long long) design->kernel_count)) ==
          -1 ||
      set_raw (host, build, "transform_count",
               br_printf ("%llu", (unsigned long long) design->transform_count)) == -1)
    return -1;
  return set_raw_double (host, build, "complexity_factor", outcome->numbers.complexity_factor);
}

static int32_t
set_mock_time (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text };

  br_json_array_begin (&w);
  br_json_double (&w, outcome->load->seconds_low);
  br_json_double (&w, outcome->load->seconds_high);
  br_json_array_end (&w);
  if (set_raw (host, build, "mock_build_time_range", br_str_take (&text)) == -1)
    return -1;
  return set_raw_double (host, build, "mock_build_time_seconds", outcome->numbers.seconds);
}

int32_t
stub_set_metrics (const struct br_host *host, struct br_build *build, const struct stub_outcome *outcome)
{
  if (host->set_raw (build, "simulated", "true") == -1 || set_counts (host, build, outcome) == -1 ||
      set_mock_time (host, build, outcome) == -1 || set_device (host, build, outcome) == -1)
    return -1;
  if (!outcome->numbers.succeeds)
    return 0;
  if (set_performance (host, build, &outcome->numbers) == -1)
    return -1;
  return set_utilization (host, build, outcome);
}
