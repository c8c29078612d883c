/* SPDX-License-Identifier: BSD-3-Clause */
/* Reports are read whole: they have a line for each layer of a network. */
#include <config.h>

#include "plugins/qonnx_steps/reports.h"

#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/str.h"

#define REPORT_LIMIT (64u << 20)

/* ---- Reading ---- */

static int32_t
fail_with (const struct br_host *host, struct br_build *build, struct br_error *why)
{
  host->fail_text (build, why->category, br_error_text (why));
  br_error_clear (why);
  return -1;
}

int32_t
qs_raw_read (const struct br_host *host, struct br_build *build, const char *key, struct json_object **value)
{
  const char *text = host->get_raw (build, key);
  struct br_error why = { 0 };

  *value = NULL;
  if (text == NULL)
    return 0;
  *value = br_json_parse (text, strlen (text), &why);
  return br_error_is_set (&why) ? fail_with (host, build, &why) : 0;
}

/* *path: the caller's, NULL where there is no such report. */
static int32_t
find_report (const struct br_host *host, struct br_build *build, const char *name, char **path)
{
  const char *artifact = host->get_artifact (build, name),
             *folder = host->get_artifact (build, "estimate_reports");

  *path = NULL;
  if (artifact == NULL && folder == NULL)
    return 0;
  *path = artifact != NULL ? br_printf ("%s", artifact) : br_printf ("%s/%s.json", folder, name);
  if (*path == NULL)
    return host->fail (build, "memory", "out of memory");
  if (artifact == NULL && access (*path, F_OK) != 0) {
    br_cleanup_free (path);
    *path = NULL;
  }
  return 0;
}

int32_t
qs_report_read (const struct br_host *host, struct br_build *build, const char *name,
                struct json_object **report)
{
  BR_AUTOFREE char *path = NULL;
  BR_AUTOFREE char *text = NULL;
  struct br_error why = { 0 }, said = { 0 };
  size_t size;

  *report = NULL;
  if (find_report (host, build, name, &path) == -1)
    return -1;
  if (path == NULL)
    return 0;
  if (br_file_read (path, REPORT_LIMIT, &text, &size, &why) == -1)
    return fail_with (host, build, &why);
  *report = br_json_parse (text, size, &why);
  if (br_error_is_set (&why)) {
    br_error_pass (&said, &why, "metrics", path);
    return fail_with (host, build, &said);
  }
  if (json_object_is_type (*report, json_type_object))
    return 0;
  json_object_put (*report);
  *report = NULL;
  return host->fail (build, "metrics", "%s: expected an object", path);
}

int
qs_number_of (struct json_object *object, const char *key, double *number)
{
  struct json_object *value;

  if (!json_object_is_type (object, json_type_object) || !json_object_object_get_ex (object, key, &value) ||
      (!json_object_is_type (value, json_type_int) && !json_object_is_type (value, json_type_double)))
    return 0;
  *number = json_object_get_double (value);
  return 1;
}

/* ---- Writing ---- */

void
qs_put_number (struct br_json_writer *w, const char *key, int there, double value)
{
  br_json_key (w, key);
  if (there)
    br_json_double (w, value);
  else
    br_json_null (w);
}

void
qs_put_simulated (const struct br_host *host, struct br_build *build, struct br_json_writer *w)
{
  const char *simulated = host->get_raw (build, "simulated");

  br_json_key (w, "simulated");
  br_json_bool (w, simulated != NULL && strcmp (simulated, "true") == 0);
}

int32_t
qs_document_write (const struct br_host *host, struct br_build *build, const char *out, struct br_str *text,
                   int32_t ret)
{
  if (ret == 0 && br_str_failed (text))
    ret = host->fail (build, "memory", "out of memory");
  if (ret == 0)
    ret = host->write_file (build, out, text->text, text->length);
  br_str_free (text);
  return ret;
}
