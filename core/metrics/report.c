/* SPDX-License-Identifier: BSD-3-Clause */
/* Report files: which are of this build, JSON as Python writes it, and the error that names one. */
#include <config.h>

#include "core/metrics/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/path.h"
#include "common/str.h"

#define REPORT_LIMIT (256u << 20) /* bytes */

int
br_report_wrong (struct br_collecting *c, const char *file, const char *format, ...)
{
  va_list args;
  struct br_str text = { 0 };

  br_str_printf (&text, "%s: ", file);
  va_start (args, format);
  br_str_vprintf (&text, format, args);
  va_end (args);
  if (br_str_failed (&text))
    br_error_oom (c->err);
  else
    br_error_set (c->err, "metrics", "%s", text.text);
  br_str_free (&text);
  return -1;
}

/* ---- Finding ---- */

char *
br_report_path (struct br_collecting *c, const char *file)
{
  char *path = br_path_join (c->collect->output_dir, file);

  if (path == NULL)
    br_error_oom (c->err);
  return path;
}

static int
is_older (const struct stat *st, const struct timespec *since)
{
  if (st->st_mtim.tv_sec != since->tv_sec)
    return st->st_mtim.tv_sec < since->tv_sec;
  return st->st_mtim.tv_nsec < since->tv_nsec;
}

int
br_report_is_there (struct br_collecting *c, const char *file)
{
  BR_AUTOFREE char *path = br_report_path (c, file);
  struct stat st;

  if (path == NULL)
    return -1;
  if (stat (path, &st) < 0)
    return errno == ENOENT || errno == ENOTDIR ? 0 : br_error_errno (c->err, "cannot read", path);
  if (is_older (&st, &c->collect->since))
    return 0;
  return S_ISREG (st.st_mode) ? 1 : br_report_wrong (c, file, "is not a file");
}

int
br_report_find (struct br_collecting *c, const char *name, char **file)
{
  static const char *const folders[] = { "report", "" };

  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    char *candidate = br_path_join (folders[i], name);
    int there = candidate != NULL ? br_report_is_there (c, candidate) : br_error_oom (c->err);

    if (there == 1)
      *file = candidate;
    else
      free (candidate);
    if (there != 0)
      return there;
  }
  return 0;
}

/* ---- JSON ---- */

static int
parse (struct br_collecting *c, struct br_report *report)
{
  BR_AUTOFREE char *path = br_report_path (c, report->file);
  BR_AUTOFREE char *text = NULL;
  struct br_error why = { 0 };
  size_t size = 0;

  if (path == NULL)
    return -1;
  if (br_file_read (path, REPORT_LIMIT, &text, &size, &why) == 0)
    report->root = br_json_parse (text, size, &why);
  if (report->root == NULL && br_error_is_set (&why))
    return br_error_pass (c->err, &why, "metrics", report->file);
  if (report->root == NULL)
    return br_report_wrong (c, report->file, "is null, expected an object");
  if (json_object_is_type (report->root, json_type_object))
    return 0;
  return br_report_wrong (c, report->file, "line 1: is %s, expected an object",
                          json_type_to_name (json_object_get_type (report->root)));
}

int
br_report_use (struct br_collecting *c, const char *name, const char *stage, br_report_user *use)
{
  struct br_report report = { .stage = stage };
  int ret = br_report_find (c, name, &report.file);

  if (ret == 1 && (ret = parse (c, &report)) == 0)
    ret = use (c, &report);
  free (report.file);
  json_object_put (report.root);
  return ret;
}
