/* SPDX-License-Identifier: BSD-3-Clause */
/* The nine metrics. */
#include <config.h>

#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_write.h"
#include "common/str.h"
#include "core/data/metrics.h"

#define CATEGORY "metrics"

static const struct {
  const char *name, *unit;
  int higher_is_better;
  double maximum; /* 0: none */
} table[BR_N_METRICS] = {
  [BR_THROUGHPUT] = { "throughput", "inferences/s", 1, 0 },
  [BR_LATENCY] = { "latency", "us", 0, 0 },
  [BR_CLOCK_FREQUENCY] = { "clock_frequency", "MHz", 1, 0 },
  [BR_LUT_UTILIZATION] = { "lut_utilization", "1", 0, 0 },
  [BR_DSP_UTILIZATION] = { "dsp_utilization", "1", 0, 0 },
  [BR_BRAM_UTILIZATION] = { "bram_utilization", "1", 0, 0 },
  [BR_URAM_UTILIZATION] = { "uram_utilization", "1", 0, 0 },
  [BR_TOTAL_POWER] = { "total_power", "W", 0, 0 },
  [BR_ACCURACY] = { "accuracy", "1", 1, 1 },
};

static const char *const stages[] = { "estimate", "hls",      "rtlsim",   "synthesis",
                                      "route",    "executed", "external", "simulated" };

const char *
br_metric_name (enum br_metric_id id)
{
  return table[id].name;
}

const char *
br_metric_unit (enum br_metric_id id)
{
  return table[id].unit;
}

int
br_metric_higher_is_better (enum br_metric_id id)
{
  return table[id].higher_is_better;
}

int
br_metric_find (const char *name)
{
  int i;

  for (i = 0; i < BR_N_METRICS; i++)
    if (strcmp (table[i].name, name) == 0)
      return i;
  return -1;
}

int
br_stage_of_origin_known (const char *stage)
{
  size_t i;

  for (i = 0; i < sizeof stages / sizeof stages[0]; i++)
    if (strcmp (stages[i], stage) == 0)
      return 1;
  return 0;
}

static void
origin_clear (struct br_origin *origin)
{
  free (origin->file);
  free (origin->key);
  free (origin->stage);
  memset (origin, 0, sizeof *origin);
}

int
br_metrics_init (struct br_metrics *m)
{
  memset (m, 0, sizeof *m);
  m->raw = json_object_new_object ();
  m->raw_origin = json_object_new_object ();
  if (m->raw != NULL && m->raw_origin != NULL)
    return 0;
  br_metrics_free (m);
  return -1;
}

void
br_metrics_clear_values (struct br_metrics *m)
{
  int i;

  for (i = 0; i < BR_N_METRICS; i++)
    origin_clear (&m->origin[i]);
  memset (m->has, 0, sizeof m->has);
  memset (m->value, 0, sizeof m->value);
}

void
br_metrics_free (struct br_metrics *m)
{
  br_metrics_clear_values (m);
  json_object_put (m->raw);
  json_object_put (m->raw_origin);
  m->raw = NULL;
  m->raw_origin = NULL;
}

static int
check_value (enum br_metric_id id, double value, struct br_error *err)
{
  char text[32];

  if (isfinite (value) && value >= 0 && (table[id].maximum == 0 || value <= table[id].maximum))
    return 0;
  br_json_format_double (value, text);
  return br_error_set (err, CATEGORY, "%s: %s is no value of this metric (%s)", table[id].name, text,
                       table[id].unit);
}

int
br_metrics_set (struct br_metrics *m, enum br_metric_id id, double value, const char *stage, const char *file,
                const char *key, struct br_error *err)
{
  struct br_origin origin = { 0 };

  if (check_value (id, value, err) < 0)
    return -1;
  if (stage == NULL || !br_stage_of_origin_known (stage))
    return br_error_set (err, CATEGORY, "%s: origin \"%s\" is not known", table[id].name,
                         stage != NULL ? stage : "");
  if ((br_str_copy (&origin.file, file) | br_str_copy (&origin.key, key) |
       br_str_copy (&origin.stage, stage)) < 0) {
    origin_clear (&origin);
    return br_error_oom (err);
  }
  origin_clear (&m->origin[id]);
  m->origin[id] = origin;
  m->has[id] = 1;
  m->value[id] = value;
  return 0;
}

int
br_metrics_set_raw (struct br_metrics *m, const char *key, struct json_object *value, struct br_error *err)
{
  if (json_object_object_add (m->raw, key, value) == 0)
    return 0;
  json_object_put (value);
  return br_error_oom (err);
}

/* A member that is a string or null; takes nothing over. */
static int
add_text (struct json_object *object, const char *key, const char *text)
{
  struct json_object *value = text != NULL ? json_object_new_string (text) : NULL;

  if (text != NULL && value == NULL)
    return -1;
  if (json_object_object_add (object, key, value) == 0)
    return 0;
  json_object_put (value);
  return -1;
}

int
br_metrics_set_raw_origin (struct br_metrics *m, const char *name, const char *stage, const char *file,
                           const char *key, struct br_error *err)
{
  struct json_object *origin = json_object_new_object ();

  if (origin == NULL)
    return br_error_oom (err);
  if (add_text (origin, "file", file) == 0 && add_text (origin, "key", key) == 0 &&
      add_text (origin, "stage", stage) == 0 && json_object_object_add (m->raw_origin, name, origin) == 0)
    return 0;
  json_object_put (origin);
  return br_error_oom (err);
}

static void
write_origin (const struct br_metrics *m, struct br_json_writer *w)
{
  int i;

  br_json_key (w, "origin");
  br_json_object_begin (w);
  for (i = 0; i < BR_N_METRICS; i++) {
    if (!m->has[i])
      continue;
    br_json_key (w, table[i].name);
    br_json_object_begin (w);
    br_json_put_string (w, "file", m->origin[i].file);
    br_json_put_string (w, "key", m->origin[i].key);
    br_json_put_string (w, "stage", m->origin[i].stage);
    br_json_object_end (w);
  }
  json_object_object_foreach (m->raw_origin, name, origin)
  {
    br_json_put_value (w, name, origin);
  }
  br_json_object_end (w);
}

static void
write_raw (const struct br_metrics *m, struct br_json_writer *w)
{
  br_json_key (w, "raw_metrics");
  br_json_object_begin (w);
  json_object_object_foreach (m->raw, key, value)
  {
    if (strcmp (key, "origin") == 0)
      continue;
    br_json_put_value (w, key, value);
  }
  write_origin (m, w);
  br_json_object_end (w);
}

void
br_metrics_write (const struct br_metrics *m, struct br_json_writer *w)
{
  int i;

  br_json_object_begin (w);
  for (i = 0; i < BR_N_METRICS; i++) {
    br_json_key (w, table[i].name);
    if (m->has[i])
      br_json_double (w, m->value[i]);
    else
      br_json_null (w);
  }
  write_raw (m, w);
  br_json_object_end (w);
}

/* ---- Reading back ---- */

/* A string member, or NULL where there is none. */
static const char *
member_text (struct json_object *object, const char *key)
{
  struct json_object *value = NULL;

  if (!json_object_is_type (object, json_type_object))
    return NULL;
  json_object_object_get_ex (object, key, &value);
  return json_object_is_type (value, json_type_string) ? json_object_get_string (value) : NULL;
}

static int
read_metric (struct br_metrics *m, enum br_metric_id id, struct json_object *from,
             struct json_object *origins, struct br_error *err)
{
  struct json_object *value = NULL, *origin = NULL;
  const char *stage;

  if (!json_object_object_get_ex (from, table[id].name, &value))
    return br_error_set (err, CATEGORY, "metric %s is missing", table[id].name);
  if (value == NULL)
    return 0;
  if (!json_object_is_type (value, json_type_double) && !json_object_is_type (value, json_type_int))
    return br_error_set (err, CATEGORY, "metric %s is not a number", table[id].name);
  if (json_object_is_type (origins, json_type_object))
    json_object_object_get_ex (origins, table[id].name, &origin);
  stage = member_text (origin, "stage");
  return br_metrics_set (m, id, json_object_get_double (value), stage != NULL ? stage : "external",
                         member_text (origin, "file"), member_text (origin, "key"), err);
}

static int
read_raw (struct br_metrics *m, struct json_object *raw, struct br_error *err)
{
  json_object_object_foreach (raw, key, value)
  {
    struct json_object *copied = NULL;

    if (strcmp (key, "origin") == 0)
      continue;
    if (value != NULL && json_object_deep_copy (value, &copied, NULL) < 0)
      return br_error_oom (err);
    if (br_metrics_set_raw (m, key, copied, err) < 0)
      return -1;
  }
  return 0;
}

/* What is no metric's is a raw value's. */
int
br_metrics_read_raw_origins (struct br_metrics *m, struct json_object *origins, struct br_error *err)
{
  if (!json_object_is_type (origins, json_type_object))
    return 0;
  json_object_object_foreach (origins, name, origin)
  {
    if (br_metric_find (name) < 0 &&
        br_metrics_set_raw_origin (m, name, member_text (origin, "stage"), member_text (origin, "file"),
                                   member_text (origin, "key"), err) < 0)
      return -1;
  }
  return 0;
}

int
br_metrics_read (struct br_metrics *m, struct json_object *from, struct br_error *err)
{
  struct json_object *raw = NULL, *origins = NULL;
  int i;

  if (!json_object_is_type (from, json_type_object))
    return br_error_set (err, CATEGORY, "metrics are not an object");
  json_object_object_get_ex (from, "raw_metrics", &raw);
  if (!json_object_is_type (raw, json_type_object))
    return br_error_set (err, CATEGORY, "raw_metrics is missing or not an object");
  json_object_object_get_ex (raw, "origin", &origins);
  for (i = 0; i < BR_N_METRICS; i++)
    if (read_metric (m, (enum br_metric_id) i, from, origins, err) < 0)
      return -1;
  return read_raw (m, raw, err) < 0 ? -1 : br_metrics_read_raw_origins (m, origins, err);
}
