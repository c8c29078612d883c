/* SPDX-License-Identifier: BSD-3-Clause */
/* Out-of-context synthesis: ooc_synth_and_timing.json, and ooc_synth_and_timing_pnr.json of later FINNs. Slack stands there in ns (negative:
   the clock is not met), fmax in MHz, power in W, throughput as fmax / cycles of the slowest layer, BRAM in 36 Kb and 18 Kb blocks ("BRAM"
   is rounded down and not used).

   FINN writes 0 for whatever was no number: a slack, and with it an fmax, of exactly 0 is not known; DSPs of 0 may be a query that found no cell,
   so that another report is asked first. */
#include <config.h>

#include <json-c/json.h>

#include "common/str.h"
#include "core/metrics/report.h"

#define OOC     "ooc_synth_and_timing.json"
#define OOC_PNR "ooc_synth_and_timing_pnr.json"

/* ---- Resources ---- */

static int
set_counts (struct br_collecting *c, const struct br_place *at)
{
  struct br_counts counts;

  if (br_report_block_counts (c, at, &counts) < 0)
    return -1;
  if (counts.n[BR_DSP] == 0)
    counts.n[BR_DSP] = -1;
  return br_report_set_counts (c, &counts, at->report->stage, at->report->file, NULL);
}

/* ---- Timing ---- */

/* 1 and *value, 0 where it is not known, -1. A slack of 0 makes FINN write an fmax of 0. */
static int
fmax_of (struct br_collecting *c, const struct br_place *at, double *value)
{
  double slack = 0;
  int has_slack = br_report_signed (c, at, "WNS", &slack);
  int there = br_report_number (c, at, "fmax_mhz", value);

  if (has_slack < 0 || there < 0)
    return -1;
  if (there == 1 && *value == 0 && slack != 0)
    return br_report_wrong (c, at->report->file, "fmax_mhz is 0 although WNS is %g, expected a clock", slack);
  return there == 1 && *value > 0;
}

static int
set_slack (struct br_collecting *c, const struct br_place *at, double slack)
{
  const char *file = at->report->file, *stage = at->report->stage;

  if (br_report_has_raw (c, "WNS") || slack == 0)
    return 0;
  if (slack < 0 && br_report_warn (c, "%s: the clock is not met: WNS is %g ns", file, slack) < 0)
    return -1;
  if (br_report_set_raw (c, "WNS", json_object_new_double (slack), stage, file, "WNS") < 0)
    return -1;
  return br_report_set_raw (c, "timing_met", json_object_new_boolean (slack > 0), stage, file, "WNS");
}

static int
set_timing (struct br_collecting *c, const struct br_place *at)
{
  double slack = 0, fmax = 0;
  int there = fmax_of (c, at, &fmax);

  if (there < 0 || br_report_signed (c, at, "WNS", &slack) < 0 || set_slack (c, at, slack) < 0)
    return -1;
  return there == 1 ? br_report_set_raw (c, "fmax_mhz", json_object_new_double (fmax), at->report->stage,
                                         at->report->file, "fmax_mhz")
                    : 0;
}

/* ---- The sources ---- */

/* All are numbers, save folder and version of the tool. */
static int
check_others (struct br_collecting *c, const struct br_place *at)
{
  double value;

  json_object_object_foreach (at->object, key, found)
  {
    (void) found;
    if (!br_str_starts (key, "vivado_") && br_report_signed (c, at, key, &value) < 0)
      return -1;
  }
  return 0;
}

static int
use_synthesis (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place at = { report, report->root, NULL };

  if (check_others (c, &at) < 0 || set_counts (c, &at) < 0 || set_timing (c, &at) < 0 ||
      br_report_set_scaled (c, &at, "total_power_W", BR_TOTAL_POWER, 1) < 0)
    return -1;
  return br_report_set_raw (c, "ooc_synth_and_timing", json_object_get (report->root), report->stage,
                            report->file, NULL);
}

/* The throughput is one at fmax, so that both are taken or none. */
static int
use_performance (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place at = { report, report->root, NULL };
  double fmax = 0;
  int there = fmax_of (c, &at, &fmax);

  if (there != 1)
    return there;
  if (br_report_set_scaled (c, &at, "estimated_throughput_fps", BR_THROUGHPUT, 1) < 0)
    return -1;
  return br_report_set_scaled (c, &at, "fmax_mhz", BR_CLOCK_FREQUENCY, 1);
}

static int
use_late_dsp (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place at = { report, report->root, NULL };
  struct br_counts counts;

  if (br_report_block_counts (c, &at, &counts) < 0)
    return -1;
  return br_report_set_counts (c, &counts, report->stage, report->file, NULL);
}

/* The newer report first. */
static int
use (struct br_collecting *c, br_report_user *user)
{
  if (br_report_use (c, OOC_PNR, BR_STAGE_SYNTHESIS, user) < 0)
    return -1;
  return br_report_use (c, OOC, BR_STAGE_SYNTHESIS, user);
}

int
br_metrics_from_out_of_context (struct br_collecting *c)
{
  return use (c, use_synthesis);
}

int
br_metrics_from_out_of_context_performance (struct br_collecting *c)
{
  return use (c, use_performance);
}

int
br_metrics_from_late_dsp (struct br_collecting *c)
{
  return use (c, use_late_dsp);
}
