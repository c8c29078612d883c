/* SPDX-License-Identifier: BSD-3-Clause */
/* Diagnosis of a log, of a folder, and of a failed build. */
#include <config.h>

#include "core/diagnose/diagnose.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "core/diagnose/build_folder.h"
#include "core/diagnose/evidence.h"
#include "core/diagnose/folder.h"

/* ---- Reading ---- */

static int
read_fd (struct br_verdict *v, struct br_rules *rules, int fd, const char *name, int is_main,
         struct br_error *err)
{
  struct br_log_scan *scan = br_log_scan_new (rules, name);
  int ret;

  if (scan == NULL)
    return br_error_oom (err);
  ret = br_log_scan_read (scan, fd, err);
  br_verdict_take (v, scan, is_main);
  return ret;
}

/* must: what cannot be read is an error, and a pipe is waited for; else it is passed over. 1: read to its end, 0: passed over, -1. */
static int
read_log (struct br_verdict *v, struct br_rules *rules, const struct br_log *log, int must,
          struct br_error *err)
{
  BR_AUTOCLOSE int fd = open (log->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (must ? 0 : O_NONBLOCK));
  struct br_error why = { 0 };
  int ret = -1;

  if (fd >= 0)
    ret = read_fd (v, rules, fd, log->name, log->main, &why);
  else if (must)
    br_error_errno (&why, "cannot read", log->path);
  if (ret == 0)
    return 1;
  if (must || strcmp (why.category, "memory") == 0) {
    br_error_move (err, &why);
    return -1;
  }
  br_error_clear (&why);
  return 0;
}

/* 1: some could be read, 0: none, -1. */
static int
read_logs (struct br_verdict *v, struct br_rules *rules, struct br_logs *logs, struct br_error *err)
{
  int any = 0, ret = 0;

  br_logs_sort (logs);
  for (size_t i = 0; ret >= 0 && i < logs->n; i++) {
    ret = read_log (v, rules, &logs->items[i], 0, err);
    any |= ret > 0;
  }
  return ret < 0 ? -1 : any;
}

static int
read_folder (struct br_verdict *v, struct br_rules *rules, const char *path, struct br_error *err)
{
  struct br_logs logs = { 0 };
  int ret = access (path, R_OK | X_OK) < 0 ? br_error_errno (err, "cannot read", path)
                                           : br_logs_add_folder (&logs, path, "", err);

  if (ret == 0 && logs.n == 0)
    ret = br_error_set (err, "environment", "%s: no log in this folder", path);
  /* what a damaged log shows before its end counts */
  if (ret == 0 && (ret = read_logs (v, rules, &logs, err)) == 0 && v->best == NULL)
    ret = br_error_set (err, "environment", "%s: none of the logs in this folder can be read", path);
  br_logs_free (&logs);
  return ret < 0 ? -1 : 0;
}

static int
read_path (struct br_verdict *v, struct br_rules *rules, const char *path, struct br_error *err)
{
  const struct br_log log = { .path = (char *) path, .name = (char *) path, .main = 1 };
  struct stat st;

  if (strcmp (path, "-") == 0)
    return read_fd (v, rules, STDIN_FILENO, "-", 1, err);
  if (stat (path, &st) < 0)
    return br_error_errno (err, "cannot read", path);
  if (S_ISDIR (st.st_mode))
    return read_folder (v, rules, path, err);
  return read_log (v, rules, &log, 1, err) < 0 ? -1 : 0;
}

/* ---- Saying ---- */

/* What the rule says and the line itself; the caller frees. */
static char *
summary_of (const struct br_event *event, const struct br_result *result)
{
  const char *text = result->error.n_evidence > 0 ? result->error.evidence[0].text : "nothing was logged";

  if (event == NULL)
    return br_printf ("none of the known causes: %s", text);
  if (event->rule == NULL || event->rule->says == NULL)
    return br_printf ("%s", text);
  return br_printf ("%s: %s", event->rule->says, text);
}

static int
add_tips (struct br_result *result, const struct br_event *event)
{
  const char *const *tips = br_category_tips (result->error.category);
  int ret = 0;

  if (event != NULL && event->rule != NULL && strcmp (event->category, result->error.category) == 0)
    for (char **tip = event->rule->tips; ret == 0 && tip != NULL && *tip != NULL; tip++)
      ret = br_result_add_tip (result, *tip);
  for (; ret == 0 && *tips != NULL; tips++)
    ret = br_result_add_tip (result, *tips);
  return ret;
}

static int
say (struct br_result *result, const struct br_verdict *v, const struct br_event *event)
{
  BR_AUTOFREE char *summary = NULL;

  if (br_verdict_add_evidence (v, event, result) < 0)
    return -1;
  summary = summary_of (event, result);
  if (summary == NULL ||
      br_result_set_error (result, event != NULL ? event->category : "unknown", summary, NULL) < 0)
    return -1;
  return add_tips (result, event);
}

int
br_diagnose_path (struct br_rules *rules, const char *path, struct br_result *result, struct br_error *err)
{
  struct br_verdict v = { 0 };
  const struct br_event *event;
  int ret = br_diagnose_build_folder (rules, path, result, err), failed;

  if (ret != 0)
    return ret < 0 ? -1 : 0;
  ret = read_path (&v, rules, path, err);
  if (ret == 0 && rules->lost)
    ret = br_error_oom (err);
  failed = br_verdict_failed (&v);
  event = br_verdict_event (&v, failed);
  if (ret == 0 && (failed || event != NULL) && say (result, &v, event) < 0)
    ret = br_error_oom (err);
  br_verdict_free (&v);
  return ret;
}

/* ---- A failed build ---- */

static int
list_logs (struct br_logs *logs, const struct br_result *result, const char *dir, const char *log,
           struct br_error *err)
{
  int ret = br_logs_add_file (logs, dir, log, 1, err);

  for (size_t i = 0; ret == 0 && i < result->logs.n; i++)
    ret = br_logs_add_file (logs, dir, result->logs.items[i].path, 0, err);
  if (ret == 0)
    ret = br_logs_add_folder (logs, dir, "finn_build", err);
  return ret == 0 ? br_logs_add_folder (logs, dir, ".scratch", err) : ret;
}

/* Nobody said why it failed. */
static int
is_open (const struct br_result_error *error)
{
  return strcmp (error->category, "unknown") == 0 ||
         (strcmp (error->category, "plugin") == 0 && br_str_ends (error->summary, "gave no reason"));
}

static int
replace (char **text, const char *by)
{
  char *copy = strdup (by);

  if (copy == NULL)
    return -1;
  free (*text);
  *text = copy;
  return 0;
}

static int
say_build (struct br_result *result, const struct br_verdict *v)
{
  const struct br_event *event = br_verdict_event (v, 1);
  int open = is_open (&result->error), known = strcmp (result->error.category, "unknown") != 0;
  int n = event != NULL || !known || (v->overall != NULL && v->overall->exception.number > 0)
              ? br_verdict_add_evidence (v, event, result)
              : 0;

  if (n < 0 || (n == 0 && br_result_add_evidence (result, NULL, 0, result->error.summary) < 0))
    return -1;
  if (open && event != NULL) {
    BR_AUTOFREE char *summary = summary_of (event, result);

    if (summary == NULL || replace (&result->error.category, event->category) < 0)
      return -1;
    if (known && replace (&result->error.summary, summary) < 0)
      return -1;
  }
  return add_tips (result, event);
}

int
br_diagnose (struct br_result *result, struct br_rules *rules, const char *output_dir, const char *log)
{
  struct br_verdict v = { 0 };
  struct br_logs logs = { 0 };
  struct br_error why = { 0 };
  int ret = list_logs (&logs, result, output_dir, log, &why);

  if (ret == 0)
    ret = read_logs (&v, rules, &logs, &why);
  if (ret >= 0)
    ret = rules->lost ? -1 : say_build (result, &v);
  br_error_clear (&why);
  br_logs_free (&logs);
  br_verdict_free (&v);
  return ret;
}
