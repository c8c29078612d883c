/* SPDX-License-Identifier: BSD-3-Clause */
/* Counts of resources, and their share of what the device table says is there. */
#include <config.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/metrics/device.h"
#include "core/metrics/report.h"

const char *const br_resource_names[BR_N_RESOURCES] = {
  [BR_LUT] = "LUT", [BR_FF] = "FF", [BR_BRAM_18K] = "BRAM_18K", [BR_URAM] = "URAM", [BR_DSP] = "DSP",
};

/* There is no metric of flip-flops. */
static const int ratios[BR_N_RESOURCES] = {
  [BR_LUT] = BR_LUT_UTILIZATION,       [BR_FF] = -1,
  [BR_BRAM_18K] = BR_BRAM_UTILIZATION, [BR_URAM] = BR_URAM_UTILIZATION,
  [BR_DSP] = BR_DSP_UTILIZATION,
};

void
br_counts_clear (struct br_counts *counts)
{
  for (int i = 0; i < BR_N_RESOURCES; i++)
    counts->n[i] = -1;
}

int
br_report_counts (struct br_collecting *c, const struct br_place *at, struct br_counts *counts)
{
  br_counts_clear (counts);
  for (int i = 0; i < BR_N_RESOURCES; i++)
    if (br_report_number (c, at, br_resource_names[i], &counts->n[i]) < 0)
      return -1;
  return 0;
}

int
br_report_block_counts (struct br_collecting *c, const struct br_place *at, struct br_counts *counts)
{
  double halves = 0, wholes = 0;
  int has_halves = br_report_number (c, at, "BRAM_18K", &halves);
  int has_wholes = br_report_number (c, at, "BRAM_36K", &wholes);

  if (has_halves < 0 || has_wholes < 0 || br_report_counts (c, at, counts) < 0)
    return -1;
  if (has_halves != has_wholes)
    return br_report_wrong (c, at->report->file, "%s%sexpected both BRAM_18K and BRAM_36K",
                            at->name != NULL ? at->name : "", at->name != NULL ? ": " : "");
  counts->n[BR_BRAM_18K] = has_halves ? halves + 2 * wholes : -1;
  return 0;
}

/* ---- Raw values ---- */

/* One member for each resource; -1 is null. */
static struct json_object *
new_resources (const double n[BR_N_RESOURCES])
{
  struct json_object *object = json_object_new_object ();

  for (int i = 0; object != NULL && i < BR_N_RESOURCES; i++) {
    struct json_object *value = br_report_new_number (n[i]);

    if ((n[i] < 0 || value != NULL) && json_object_object_add (object, br_resource_names[i], value) == 0)
      continue;
    json_object_put (value);
    json_object_put (object);
    object = NULL;
  }
  return object;
}

static void
totals_of (const struct br_device_row *row, double n[BR_N_RESOURCES])
{
  n[BR_LUT] = (double) row->lut;
  n[BR_FF] = (double) row->ff;
  n[BR_BRAM_18K] = (double) row->bram_18k;
  n[BR_URAM] = (double) row->uram;
  n[BR_DSP] = (double) row->dsp;
}

/* The full part name; a device that the table does not know stands as it was given. */
static int
begin_counts (struct br_collecting *c)
{
  const char *device = c->collect->device, *part = device;
  const struct br_device_row *row = device != NULL ? br_device_find (device, NULL, &part) : NULL;
  double n[BR_N_RESOURCES] = { -1, -1, -1, -1, -1 };

  if (!br_report_has_raw (c, "counts")) {
    if (br_report_set_raw (c, "counts", new_resources (n), NULL, NULL, NULL) < 0)
      return -1;
    c->counts_begun = 1;
  }
  if (device != NULL && br_report_set_raw (c, "device", json_object_new_string (part), NULL, NULL, NULL) < 0)
    return -1;
  if (row == NULL)
    return 0;
  totals_of (row, n);
  return br_report_set_raw (c, "totals", new_resources (n), NULL, NULL, NULL);
}

/* Adds to the raw value "counts", unless the backend set that. */
static int
keep_count (struct br_collecting *c, enum br_resource resource, double n, const char *stage, const char *file,
            const char *key)
{
  struct json_object *counts = json_object_object_get (c->metrics->raw, "counts"), *value;
  const char *resource_name = br_resource_names[resource];
  BR_AUTOFREE char *name = NULL;

  if (!c->counts_begun || json_object_object_get (counts, resource_name) != NULL)
    return 0;
  name = br_printf ("counts/%s", resource_name);
  value = br_report_new_number (n);
  if (name == NULL || value == NULL || json_object_object_add (counts, resource_name, value) < 0) {
    json_object_put (value);
    return br_error_oom (c->err);
  }
  return br_metrics_set_raw_origin (c->metrics, name, stage, file, key, c->err);
}

/* ---- Shares ---- */

/* A resource that the device has none of has no utilisation. */
static int
set_count (struct br_collecting *c, enum br_resource resource, double n, const char *stage, const char *file,
           const char *place)
{
  const struct br_device_row *row =
      c->collect->device != NULL ? br_device_find (c->collect->device, NULL, NULL) : NULL;
  BR_AUTOFREE char *key =
      br_printf ("%s%s%s", place != NULL ? place : "", place != NULL ? "/" : "", br_resource_names[resource]);
  double totals[BR_N_RESOURCES];

  if (key == NULL)
    return br_error_oom (c->err);
  if (keep_count (c, resource, n, stage, file, key) < 0)
    return -1;
  if (row == NULL || ratios[resource] < 0)
    return 0;
  totals_of (row, totals);
  if (totals[resource] <= 0)
    return 0;
  return br_report_set (c, (enum br_metric_id) ratios[resource], n / totals[resource], stage, file, key);
}

int
br_report_set_counts (struct br_collecting *c, const struct br_counts *counts, const char *stage,
                      const char *file, const char *place)
{
  if (!c->counts_begun && begin_counts (c) < 0)
    return -1;
  for (int i = 0; i < BR_N_RESOURCES; i++)
    if (counts->n[i] >= 0 && set_count (c, (enum br_resource) i, counts->n[i], stage, file, place) < 0)
      return -1;
  return 0;
}
