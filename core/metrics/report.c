/* SPDX-License-Identifier: BSD-3-Clause */
/* Report files: JSON as Python writes it. */
#include <config.h>

#include "core/metrics/report.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/path.h"

#define REPORT_LIMIT (256u << 20) /* bytes */

static int
is_older (const struct stat *st, const struct timespec *since)
{
  if (st->st_mtim.tv_sec != since->tv_sec)
    return st->st_mtim.tv_sec < since->tv_sec;
  return st->st_mtim.tv_nsec < since->tv_nsec;
}

/* Moves a lower error under the category of this part. */
static int
fail_as_metrics (struct br_collecting *c, const char *file, struct br_error *why)
{
  br_error_set (c->err, "metrics", "%s: %s", file, br_error_text (why));
  br_error_clear (why);
  return -1;
}

int
br_report_read (struct br_collecting *c, const char *file, struct json_object **report)
{
  BR_AUTOFREE char *path = br_path_join (c->collect->output_dir, file);
  BR_AUTOFREE char *text = NULL;
  struct br_error why = { 0 };
  struct stat st;
  size_t size = 0;

  if (path == NULL)
    return br_error_oom (c->err);
  if (stat (path, &st) < 0 || is_older (&st, &c->collect->since))
    return 0;
  if (br_file_read (path, REPORT_LIMIT, &text, &size, &why) < 0)
    return fail_as_metrics (c, file, &why);
  *report = br_json_parse (text, size, &why);
  if (*report == NULL)
    return fail_as_metrics (c, file, &why);
  if (json_object_is_type (*report, json_type_object))
    return 1;
  json_object_put (*report);
  *report = NULL;
  return br_error_set (c->err, "metrics", "%s: is not a JSON object", file);
}

int
br_report_number (struct br_collecting *c, const char *file, struct json_object *object, const char *key,
                  double *value)
{
  struct json_object *found = json_object_object_get (object, key);

  if (found == NULL)
    return 0;
  if (!json_object_is_type (found, json_type_int) && !json_object_is_type (found, json_type_double))
    return br_error_set (c->err, "metrics", "%s: %s is not a number", file, key);
  *value = json_object_get_double (found);
  if (!isfinite (*value) || *value < 0)
    return br_error_set (c->err, "metrics", "%s: %s is %g, which it cannot be", file, key, *value);
  return 1;
}

int
br_report_set (struct br_collecting *c, enum br_metric_id id, double value, const char *stage,
               const char *file, const char *key)
{
  if (c->metrics->has[id])
    return 0;
  return br_metrics_set (c->metrics, id, value, stage, file, key, c->err);
}

int
br_report_set_raw (struct br_collecting *c, const char *key, struct json_object *value)
{
  if (value == NULL)
    return br_error_oom (c->err);
  if (json_object_object_get_ex (c->metrics->raw, key, NULL)) {
    json_object_put (value);
    return 0;
  }
  return br_metrics_set_raw (c->metrics, key, value, c->err);
}
