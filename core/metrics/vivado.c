/* SPDX-License-Identifier: BSD-3-Clause */
/* All text reports of a build, and what the best of each kind say. */
#include <config.h>

#include "core/metrics/vivado.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"

#define MAX_DEPTH 4

/* ---- Choosing ---- */

static struct br_text_report *
place_of (struct br_vivado *vivado, const struct br_text_report *report)
{
  int routed = report->state >= BR_STATE_ROUTED;

  if (report->kind == BR_TEXT_TIMING)
    return &vivado->timing[routed];
  if (report->kind == BR_TEXT_UTILIZATION)
    return &vivado->utilization[routed];
  return report->kind == BR_TEXT_POWER ? &vivado->power[routed] : NULL;
}

/* Of two that are as good the first one stays. */
static int
look_at (struct br_collecting *c, const char *file)
{
  struct br_text_report report = { 0 }, *place;
  int there = br_report_is_there (c, file);

  if (there != 1)
    return there;
  if (br_text_report_read (c, file, &report) < 0) {
    br_text_report_free (&report);
    return -1;
  }
  place = place_of (c->vivado, &report);
  if (place == NULL || (place->file != NULL && place->state >= report.state)) {
    br_text_report_free (&report);
    return 0;
  }
  br_text_report_free (place);
  *place = report;
  return 0;
}

/* ---- Finding ---- */

static int
is_candidate (const struct dirent *entry)
{
  if (entry->d_name[0] == '.')
    return 0;
  return entry->d_type != DT_REG || br_str_ends (entry->d_name, ".rpt");
}

static int look_into (struct br_collecting *c, const char *dir, int depth);

static int
look_at_entry (struct br_collecting *c, const char *dir, const struct dirent *entry, int depth)
{
  BR_AUTOFREE char *name = br_path_join (dir, entry->d_name);

  if (name == NULL)
    return br_error_oom (c->err);
  if (br_str_ends (entry->d_name, ".rpt"))
    return look_at (c, name);
  /* some file systems do not say what it is: what is no folder holds nothing */
  if (depth > 0 && (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN))
    return look_into (c, name, depth - 1);
  return 0;
}

/* By name, so that the same files always give the same numbers. A folder that is not there has none. */
static int
look_into (struct br_collecting *c, const char *dir, int depth)
{
  BR_AUTOFREE char *path = br_report_path (c, dir);
  struct dirent **entries = NULL;
  int n, ret = 0;

  if (path == NULL)
    return -1;
  if ((n = scandir (path, &entries, is_candidate, alphasort)) < 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return 0;
    return br_error_errno (c->err, "cannot read", path);
  }
  for (int i = 0; i < n; i++) {
    if (ret == 0)
      ret = look_at_entry (c, dir, entries[i], depth);
    free (entries[i]);
  }
  free (entries);
  return ret;
}

int
br_vivado_look (struct br_collecting *c)
{
  if (c->vivado->looked)
    return 0;
  c->vivado->looked = 1;
  if (look_into (c, "report", MAX_DEPTH) < 0 || look_into (c, "vivado_reports", MAX_DEPTH) < 0)
    return -1;
  return look_into (c, "stitched_ip", 0);
}

void
br_vivado_free (struct br_vivado *vivado)
{
  for (int i = 0; i < 2; i++) {
    br_text_report_free (&vivado->timing[i]);
    br_text_report_free (&vivado->utilization[i]);
    br_text_report_free (&vivado->power[i]);
  }
}

/* ---- Setting ---- */

static int
set_raw (struct br_collecting *c, const char *name, double value, const char *stage, const char *file,
         const char *key)
{
  return br_report_set_raw (c, name, json_object_new_double (value), stage, file, key);
}

static int
set_slacks (struct br_collecting *c, const struct br_timing *t, const char *stage, const char *file)
{
  if (t->has_setup && (set_raw (c, "WNS", t->wns, stage, file, "WNS(ns)") < 0 ||
                       set_raw (c, "TNS", t->tns, stage, file, "TNS(ns)") < 0))
    return -1;
  if (t->has_hold && (set_raw (c, "WHS", t->whs, stage, file, "WHS(ns)") < 0 ||
                      set_raw (c, "THS", t->ths, stage, file, "THS(ns)") < 0))
    return -1;
  return 0;
}

/* A slack that the report does not have is not shown; where only pulses are too short, neither is the reason. */
static int
warn_of_timing (struct br_collecting *c, const struct br_timing *t, const char *file)
{
  struct br_str slacks = { 0 };
  int ret;

  if (t->has_setup)
    br_str_printf (&slacks, ": WNS is %g ns", t->wns);
  if (t->has_hold)
    br_str_printf (&slacks, "%s WHS is %g ns", t->has_setup ? "," : ":", t->whs);
  ret = br_str_failed (&slacks) ? br_error_oom (c->err)
                                : br_report_warn (c, "%s: timing constraints are not met%s", file,
                                                  slacks.text != NULL ? slacks.text : "");
  br_str_free (&slacks);
  return ret;
}

static int
set_met (struct br_collecting *c, const struct br_timing *t, const char *stage, const char *file)
{
  if (!t->constrained || br_report_has_raw (c, "timing_met"))
    return 0;
  if (!t->met && warn_of_timing (c, t, file) < 0)
    return -1;
  return br_report_set_raw (c, "timing_met", json_object_new_boolean (t->met), stage, file,
                            "Design Timing Summary");
}

/* fmax = 1000 / (period - slack), where the worst path is one of a clock with itself. */
static int
set_clock (struct br_collecting *c, const struct br_timing *t, const char *stage, const char *file)
{
  double fmax;

  if (!t->constrained || !t->has_setup || !t->has_worst || t->worst_slack != t->wns)
    return 0;
  if (br_report_set (c, BR_CLOCK_FREQUENCY, 1000 / t->worst_period, stage, file, "Period(ns)") < 0)
    return -1;
  fmax = 1000 / (t->worst_period - t->worst_slack);
  return t->worst_period > t->worst_slack ? set_raw (c, "fmax_mhz", fmax, stage, file, "WNS(ns)") : 0;
}

static int
use_timing (struct br_collecting *c, const struct br_text_report *report, const char *stage)
{
  const struct br_timing *t = &report->timing;

  if (report->file == NULL)
    return 0;
  if (set_slacks (c, t, stage, report->file) < 0 || set_met (c, t, stage, report->file) < 0)
    return -1;
  return set_clock (c, t, stage, report->file);
}

static int
use_power (struct br_collecting *c, const struct br_text_report *report, const char *stage)
{
  static const char *const names[] = { "Total On-Chip Power (W)", "Dynamic (W)", "Device Static (W)" };

  if (report->file == NULL)
    return 0;
  if (br_report_set (c, BR_TOTAL_POWER, report->power.watts[0], stage, report->file, names[0]) < 0)
    return -1;
  for (int i = 1; i < 3; i++)
    if (set_raw (c, names[i], report->power.watts[i], stage, report->file, names[i]) < 0)
      return -1;
  return 0;
}

static int
use (struct br_collecting *c, int routed, const char *stage)
{
  const struct br_text_report *counts = &c->vivado->utilization[routed];

  if (br_vivado_look (c) < 0)
    return -1;
  if (counts->file != NULL &&
      br_report_set_counts (c, &counts->utilization.counts, stage, counts->file, "Used") < 0)
    return -1;
  if (use_timing (c, &c->vivado->timing[routed], stage) < 0)
    return -1;
  return use_power (c, &c->vivado->power[routed], stage);
}

int
br_metrics_from_routed (struct br_collecting *c)
{
  return use (c, 1, BR_STAGE_ROUTE);
}

int
br_metrics_from_unrouted (struct br_collecting *c)
{
  return use (c, 0, BR_STAGE_SYNTHESIS);
}
