/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers out of a JSON report, and setting what is absent still. */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/metrics/report.h"

#define MAX_EXACT 9007199254740992.0 /* 2^53: up to here a double holds every integer */

char *
br_report_key (struct br_collecting *c, const struct br_place *at, const char *key)
{
  char *text = at->name != NULL ? br_printf ("%s/%s", at->name, key) : br_printf ("%s", key);

  if (text == NULL)
    br_error_oom (c->err);
  return text;
}

#define SHOWN 80 /* bytes of a value that an error shows */

static int
wrong_value (struct br_collecting *c, const struct br_place *at, const char *key, struct json_object *value,
             const char *expected)
{
  BR_AUTOFREE char *name = br_report_key (c, at, key);
  const char *text = json_object_to_json_string_ext (value, JSON_C_TO_STRING_PLAIN);

  if (name == NULL)
    return -1;
  if (text == NULL)
    return br_error_oom (c->err);
  return br_report_wrong (c, at->report->file, "%s is %.*s%s, expected %s", name, SHOWN, text,
                          strlen (text) > SHOWN ? "…" : "", expected);
}

static int
is_number (struct json_object *value)
{
  return json_object_is_type (value, json_type_int) || json_object_is_type (value, json_type_double);
}

int
br_report_signed (struct br_collecting *c, const struct br_place *at, const char *key, double *value)
{
  struct json_object *found = json_object_object_get (at->object, key);

  if (found == NULL)
    return 0;
  if (!is_number (found) || !isfinite (json_object_get_double (found)))
    return wrong_value (c, at, key, found, "a number");
  *value = json_object_get_double (found);
  return 1;
}

int
br_report_number (struct br_collecting *c, const struct br_place *at, const char *key, double *value)
{
  double found = 0;
  int ret = br_report_signed (c, at, key, &found);

  if (ret != 1)
    return ret;
  if (found < 0)
    return wrong_value (c, at, key, json_object_object_get (at->object, key),
                        "a number that is not negative");
  *value = found;
  return 1;
}

int
br_report_member (struct br_collecting *c, const struct br_place *at, const char *key,
                  struct json_object **out)
{
  *out = json_object_object_get (at->object, key);
  if (*out == NULL)
    return 0;
  return json_object_is_type (*out, json_type_object) ? 1 : wrong_value (c, at, key, *out, "an object");
}

int
br_report_all_numbers (struct br_collecting *c, const struct br_place *at)
{
  double ignored;

  json_object_object_foreach (at->object, key, value)
  {
    (void) value;
    if (br_report_number (c, at, key, &ignored) < 0)
      return -1;
  }
  return 0;
}

struct json_object *
br_report_new_number (double value)
{
  if (value < 0)
    return NULL;
  if (value <= MAX_EXACT && value == floor (value))
    return json_object_new_int64 ((int64_t) value);
  return json_object_new_double (value);
}

/* ---- Setting ---- */

int
br_report_set (struct br_collecting *c, enum br_metric_id id, double value, const char *stage,
               const char *file, const char *key)
{
  struct br_error why = { 0 };

  if (c->metrics->has[id] || br_metrics_set (c->metrics, id, value, stage, file, key, &why) == 0)
    return 0;
  return br_error_pass (c->err, &why, "metrics", file);
}

int
br_report_set_scaled (struct br_collecting *c, const struct br_place *at, const char *key,
                      enum br_metric_id id, double scale)
{
  BR_AUTOFREE char *name = NULL;
  double value = 0;
  int there = br_report_number (c, at, key, &value);

  if (there != 1)
    return there;
  if ((name = br_report_key (c, at, key)) == NULL)
    return -1;
  return br_report_set (c, id, value * scale, at->report->stage, at->report->file, name);
}

int
br_report_has_raw (const struct br_collecting *c, const char *key)
{
  return json_object_object_get_ex (c->metrics->raw, key, NULL);
}

int
br_report_set_raw (struct br_collecting *c, const char *name, struct json_object *value, const char *stage,
                   const char *file, const char *key)
{
  if (value == NULL)
    return br_error_oom (c->err);
  if (br_report_has_raw (c, name)) {
    json_object_put (value);
    return 0;
  }
  if (br_metrics_set_raw (c->metrics, name, value, c->err) < 0)
    return -1;
  return file != NULL ? br_metrics_set_raw_origin (c->metrics, name, stage, file, key, c->err) : 0;
}

int
br_report_keep_all (struct br_collecting *c, const struct br_place *at)
{
  json_object_object_foreach (at->object, key, value)
  {
    BR_AUTOFREE char *name = br_report_key (c, at, key);

    if (name == NULL)
      return -1;
    if (value != NULL && key[0] != '\0' &&
        br_report_set_raw (c, key, json_object_get (value), at->report->stage, at->report->file, name) < 0)
      return -1;
  }
  return 0;
}

int
br_report_warn (struct br_collecting *c, const char *format, ...)
{
  struct br_str text = { 0 };
  va_list args;
  int ret = 0;

  va_start (args, format);
  br_str_vprintf (&text, format, args);
  va_end (args);
  if (br_str_failed (&text))
    ret = br_error_oom (c->err);
  else if (c->collect->warn != NULL)
    ret = c->collect->warn (c->collect->closure, text.text, c->err);
  br_str_free (&text);
  return ret;
}
