/* SPDX-License-Identifier: BSD-3-Clause */
/* metrics.json: an object with any of the nine metrics, and raw_metrics. What it says wrongly is an error: a number that is
   silently left out reads like one that was not measured. */
#include <config.h>

#include "plugins/command/metrics.h"

#include <string.h>
#include <sys/stat.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/path.h"

#define FILE_NAME "metrics.json"
#define LIMIT     (64u << 20) /* bytes */

static int32_t
set_raw (const struct br_host *host, struct br_build *build, struct json_object *raw)
{
  if (!json_object_is_type (raw, json_type_object))
    return host->fail (build, "metrics", FILE_NAME ": raw_metrics is not an object");
  json_object_object_foreach (raw, key, value)
  {
    BR_AUTOFREE char *text = br_json_text (value, 0);

    if (text == NULL)
      return host->fail (build, "memory", "out of memory");
    if (host->set_raw (build, key, text) != 0)
      return -1;
  }
  return 0;
}

/* The host knows which names there are, and what range each has. */
static int32_t
set_metric (const struct br_host *host, struct br_build *build, const char *name, struct json_object *value)
{
  double ignored;

  if (host->get_metric (build, name, &ignored) == -1)
    return host->fail (build, "metrics", FILE_NAME ": there is no metric %s", name);
  if (value == NULL)
    return 0;
  if (!json_object_is_type (value, json_type_int) && !json_object_is_type (value, json_type_double))
    return host->fail (build, "metrics", FILE_NAME ": %s is not a number", name);
  return host->set_metric (build, name, json_object_get_double (value), "external", FILE_NAME, name);
}

static int32_t
take_all (const struct br_host *host, struct br_build *build, struct json_object *metrics)
{
  if (!json_object_is_type (metrics, json_type_object))
    return host->fail (build, "metrics", FILE_NAME ": is not an object");
  json_object_object_foreach (metrics, key, value)
  {
    int32_t ret = strcmp (key, "raw_metrics") == 0 && value != NULL ? set_raw (host, build, value)
                  : strcmp (key, "raw_metrics") == 0                ? 0
                                                                    : set_metric (host, build, key, value);

    if (ret != 0)
      return -1;
  }
  return host->add_artifact (build, "metrics", FILE_NAME);
}

static int
is_older (const struct stat *st, const struct timespec *since)
{
  if (st->st_mtim.tv_sec != since->tv_sec)
    return st->st_mtim.tv_sec < since->tv_sec;
  return st->st_mtim.tv_nsec < since->tv_nsec;
}

int32_t
metrics_take (const struct br_host *host, struct br_build *build, const struct timespec *since)
{
  BR_AUTOFREE char *path = br_path_join (host->output_dir (build), FILE_NAME);
  BR_AUTOFREE char *text = NULL;
  struct json_object *metrics = NULL;
  struct br_error why = { 0 }, said = { 0 };
  struct stat st;
  size_t size = 0;
  int32_t ret;

  if (path == NULL)
    return host->fail (build, "memory", "out of memory");
  if (stat (path, &st) == -1 || is_older (&st, since))
    return 0;
  if (br_file_read (path, LIMIT, &text, &size, &why) == 0)
    metrics = br_json_parse (text, size, &why);
  if (br_error_is_set (&why)) {
    br_error_pass (&said, &why, "metrics", FILE_NAME);
    ret = host->fail_text (build, said.category, br_error_text (&said));
  } else
    ret = take_all (host, build, metrics);
  br_error_clear (&said);
  json_object_put (metrics);
  return ret;
}
