/* SPDX-License-Identifier: BSD-3-Clause */
/* Counts of resources against the device table. */
#include <config.h>

#include "core/metrics/report.h"

#include <json-c/json.h>

#include "core/metrics/device.h"

/* A count that is whole is written as an integer; -1: not known, null. */
static struct json_object *
number (double value)
{
  if (value < 0)
    return NULL;
  if (value <= 9007199254740992.0 && value == (double) (int64_t) value)
    return json_object_new_int64 ((int64_t) value);
  return json_object_new_double (value);
}

static struct json_object *
resources (double lut, double ff, double bram_18k, double uram, double dsp)
{
  struct json_object *object = json_object_new_object ();

  if (object == NULL)
    return NULL;
  json_object_object_add (object, "LUT", number (lut));
  json_object_object_add (object, "FF", number (ff));
  json_object_object_add (object, "BRAM_18K", number (bram_18k));
  json_object_object_add (object, "URAM", number (uram));
  json_object_object_add (object, "DSP", number (dsp));
  return object;
}

/* A resource that the device has none of has no utilisation. */
static int
set_ratio (struct br_collecting *c, enum br_metric_id id, double count, int64_t total, const char *stage,
           const char *file, const char *key)
{
  if (count < 0 || total <= 0)
    return 0;
  return br_report_set (c, id, count / (double) total, stage, file, key);
}

static int
set_ratios (struct br_collecting *c, const struct br_counts *n, const struct br_device_row *row,
            const char *stage, const char *file, const char *key)
{
  if (set_ratio (c, BR_LUT_UTILIZATION, n->lut, row->lut, stage, file, key) < 0 ||
      set_ratio (c, BR_DSP_UTILIZATION, n->dsp, row->dsp, stage, file, key) < 0 ||
      set_ratio (c, BR_BRAM_UTILIZATION, n->bram_18k, row->bram_18k, stage, file, key) < 0)
    return -1;
  return set_ratio (c, BR_URAM_UTILIZATION, n->uram, row->uram, stage, file, key);
}

/* The full part name; a device that the table does not know stands as it was given. */
static int
set_device (struct br_collecting *c, const char *name)
{
  return name != NULL ? br_report_set_raw (c, "device", json_object_new_string (name)) : 0;
}

int
br_report_utilization (struct br_collecting *c, const struct br_counts *counts, const char *stage,
                       const char *file, const char *key)
{
  const char *name = c->collect->device, *part = NULL;
  const struct br_device_row *row = name != NULL ? br_device_find (name, NULL, &part) : NULL;

  if (br_report_set_raw (
          c, "counts", resources (counts->lut, counts->ff, counts->bram_18k, counts->uram, counts->dsp)) < 0)
    return -1;
  if (row == NULL)
    return set_device (c, name);
  if (set_device (c, part) < 0 ||
      br_report_set_raw (c, "totals",
                         resources ((double) row->lut, (double) row->ff, (double) row->bram_18k,
                                    (double) row->uram, (double) row->dsp)) < 0)
    return -1;
  return set_ratios (c, counts, row, stage, file, key);
}
