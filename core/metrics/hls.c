/* SPDX-License-Identifier: BSD-3-Clause */
/* The HLS stage: estimate_layer_resources_hls.json, one object for each layer that is made by HLS. FINN copies the texts of the HLS
   report, so that numbers are strings there, save the 0 of a missing report; finn-plus writes numbers, and a total. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "core/metrics/report.h"

#define HLS "estimate_layer_resources_hls.json"

/* Digits alone. */
static int
number_of_text (const char *text, double *value)
{
  char *end;

  if (text[0] == '\0' || text[strspn (text, "0123456789")] != '\0')
    return -1;
  errno = 0;
  *value = (double) strtoull (text, &end, 10);
  return errno == 0 ? 0 : -1;
}

/* 1, 0 absent, -1. */
static int
count_of (struct br_collecting *c, const struct br_place *at, const char *key, double *value)
{
  struct json_object *found = json_object_object_get (at->object, key);

  if (!json_object_is_type (found, json_type_string))
    return br_report_number (c, at, key, value);
  if (number_of_text (json_object_get_string (found), value) == 0)
    return 1;
  return br_report_wrong (c, at->report->file, "%s/%s is \"%s\", expected a count", at->name, key,
                          json_object_get_string (found));
}

/* Older tools say DSP48E, and FINN sets that to 0 beforehand. */
static int
dsp_of (struct br_collecting *c, const struct br_place *at, double *value)
{
  double old = 0, now = 0;
  int has_old = count_of (c, at, "DSP48E", &old), has_now = count_of (c, at, "DSP", &now);

  if (has_old < 0 || has_now < 0)
    return -1;
  if (old > 0 && now > 0)
    return br_report_wrong (c, at->report->file, "%s has both DSP48E and DSP, expected one of them",
                            at->name);
  *value = old + now;
  return has_old || has_now;
}

/* FINN's presets alone: there was no report of HLS on this layer. A report brings texts, and DSP in place of DSP48E. */
static int
has_no_report (struct json_object *layer)
{
  if (json_object_object_get_ex (layer, "DSP", NULL) || !json_object_object_get_ex (layer, "DSP48E", NULL))
    return 0;
  json_object_object_foreach (layer, key, value)
  {
    (void) key;
    if (!json_object_is_type (value, json_type_int) || json_object_get_int64 (value) != 0)
      return 0;
  }
  return 1;
}

/* A layer that leaves a resource out makes its sum unknown. */
static int
add_layer (struct br_collecting *c, const struct br_place *at, struct br_counts *sum)
{
  if (has_no_report (at->object)) {
    br_counts_clear (sum);
    return 0;
  }
  for (int i = 0; i < BR_N_RESOURCES; i++) {
    double n = 0;
    int there = i == BR_DSP ? dsp_of (c, at, &n) : count_of (c, at, br_resource_names[i], &n);

    if (there < 0)
      return -1;
    sum->n[i] = there && sum->n[i] >= 0 ? sum->n[i] + n : -1;
  }
  return 0;
}

static int
set_hls (struct br_collecting *c, const struct br_report *report)
{
  const struct br_place root = { report, report->root, NULL };
  struct br_counts sum = { { 0 } };

  json_object_object_foreach (report->root, name, value)
  {
    struct br_place layer = { report, value, name };

    if (br_report_member (c, &root, name, &layer.object) <= 0)
      return br_report_wrong (c, report->file, "%s is null, expected an object", name);
    if (strcmp (name, "total") != 0 && add_layer (c, &layer, &sum) < 0)
      return -1;
  }
  if (json_object_object_length (report->root) == 0)
    return 0;
  return br_report_set_counts (c, &sum, report->stage, report->file, "sum of layers");
}

int
br_metrics_from_hls (struct br_collecting *c)
{
  return br_report_use (c, HLS, BR_STAGE_HLS, set_hls);
}
