/* SPDX-License-Identifier: BSD-3-Clause */
/* Host operations on metrics and raw values. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/json_scan.h"
#include "common/json_write.h"
#include "core/host/build_private.h"

static struct br_metrics *
metrics_of (struct br_build *build, const char *what)
{
  if (build->spec.result != NULL)
    return &build->spec.result->metrics;
  br_build_fail (build, "plugin", "%s: there is no result in a probe", what);
  return NULL;
}

/* An id, or -1 after fail. */
static int
find_metric (struct br_build *build, const char *name)
{
  int id = name != NULL ? br_metric_find (name) : -1;

  if (id == -1)
    br_build_fail (build, "metrics", "unknown metric %s", name != NULL ? name : "(none)");
  return id;
}

int32_t
br_op_set_metric (struct br_build *build, const char *name, double value, const char *stage, const char *file,
                  const char *key)
{
  struct br_metrics *metrics = metrics_of (build, "set_metric");
  int id = metrics != NULL ? find_metric (build, name) : -1;
  struct br_error why = { 0 };

  if (id == -1)
    return -1;
  if (build->spec.only_absent_metrics && metrics->has[id])
    return br_build_fail (build, "metrics", "%s is set already; an analysis sets only what is absent", name);
  if (stage == NULL || !br_stage_of_origin_known (stage))
    return br_build_fail (build, "metrics", "%s: unknown stage %s", name, stage != NULL ? stage : "(none)");
  if (br_metrics_set (metrics, (enum br_metric_id) id, value, stage, file, key, &why) == -1)
    return br_build_fail_with (build, &why);
  br_build_changed (build, "metric", name);
  return 0;
}

int32_t
br_op_get_metric (struct br_build *build, const char *name, double *value)
{
  struct br_metrics *metrics = metrics_of (build, "get_metric");
  int id = metrics != NULL ? find_metric (build, name) : -1;

  if (id == -1)
    return -1;
  if (!metrics->has[id])
    return 0;
  *value = metrics->value[id];
  return 1;
}

int32_t
br_op_set_raw (struct br_build *build, const char *key, const char *json)
{
  struct br_metrics *metrics = metrics_of (build, "set_raw");
  struct json_object *value;
  struct br_error why = { 0 };

  if (metrics == NULL)
    return -1;
  if (key == NULL || key[0] == '\0' || json == NULL)
    return br_build_fail (build, "plugin", "set_raw: no %s given", json == NULL ? "value" : "key");
  value = br_json_parse (json, strlen (json), &why);
  if (br_error_is_set (&why)) {
    br_build_fail (build, strcmp (why.category, "memory") == 0 ? "memory" : "plugin", "set_raw %s: %s", key,
                   br_error_text (&why));
    br_error_clear (&why);
    return -1;
  }
  if (br_metrics_set_raw (metrics, key, value, &why) == -1)
    return br_build_fail_with (build, &why);
  br_build_changed (build, "raw", key);
  return 0;
}

const char *
br_op_get_raw (struct br_build *build, const char *key)
{
  struct br_metrics *metrics = metrics_of (build, "get_raw");
  struct json_object *value = NULL;
  char *text;

  if (metrics == NULL || key == NULL || !json_object_object_get_ex (metrics->raw, key, &value))
    return NULL;
  if ((text = br_pool_keep (&build->pool, br_json_text (value, 0))) == NULL)
    br_build_fail (build, "memory", "out of memory");
  return text;
}
