/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds logs by their names. Tools that ran first come first; what FINN itself says of their failures comes last. */
#include <config.h>

#include "core/diagnose/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"

#define MAIN 100

/* By the path inside the folder; the first that fits counts. */
static const struct {
  const char *pattern;
  int order; /* -1: no log */
} kinds[] = {
  { "*error_report.txt", -1 },
  { "*.backup.log", -1 },
  { "*vivado_hls.log", 10 },
  { "*vitis_hls.log", 10 },
  { "*v++_compile*.log", 12 },
  { "*cosim*.log", 15 },
  { "*/vivado_stitch_proj_*.log", 20 },
  { "*stitched_ip/*.log", 20 },
  { "*fifosim*.log", 30 },
  { "*synth_*runme.log", 40 },
  { "*impl_*runme.log", 50 },
  { "*runme.log", 55 },
  { "*vivado.log", 60 },
  { "*v++*.log", 70 },
  { "*timing*.rpt", 80 },
  { "*.log", 90 },
  { "*.log.gz", 90 },
  { "*stdout", 90 },
  { "*stdout.txt", 90 },
  { "*.out", 90 },
  { "*stderr", 91 },
  { "*stderr.txt", 91 },
  { "*.err", 91 },
};

static int
order_of (const char *name)
{
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (fnmatch (kinds[i].pattern, name, 0) == 0)
      return kinds[i].order;
  return -1;
}

/* At the top, and of no tool that has a place of its own in the flow. */
static int
is_main (const char *name, int order)
{
  return strcmp (br_path_basename (name), "build_dataflow.log") == 0 ||
         (order >= 90 && strchr (name, '/') == NULL);
}

void
br_logs_free (struct br_logs *logs)
{
  for (size_t i = 0; i < logs->n; i++) {
    free (logs->items[i].path);
    free (logs->items[i].name);
  }
  free (logs->items);
  *logs = (struct br_logs){ 0 };
}

static int
is_listed (const struct br_logs *logs, const char *name)
{
  for (size_t i = 0; i < logs->n; i++)
    if (strcmp (logs->items[i].name, name) == 0)
      return 1;
  return 0;
}

static int
add (struct br_logs *logs, const char *dir, const char *name, int order, struct br_error *err)
{
  struct br_log *items;
  struct br_log log = { .order = order };

  if (logs->n == BR_LOGS_MAX || is_listed (logs, name))
    return 0;
  items = realloc (logs->items, (logs->n + 1) * sizeof *items);
  if (items == NULL)
    return br_error_oom (err);
  logs->items = items;
  log.main = order >= MAIN;
  log.name = strdup (name);
  log.path = br_path_join (dir, name);
  if (log.name == NULL || log.path == NULL) {
    free (log.name);
    free (log.path);
    return br_error_oom (err);
  }
  items[logs->n++] = log;
  return 0;
}

int
br_logs_add_file (struct br_logs *logs, const char *dir, const char *name, int overall, struct br_error *err)
{
  int order = order_of (name);

  return add (logs, dir, name, overall ? MAIN : order < 0 ? 90 : order, err);
}

static int walk (struct br_logs *logs, const char *dir, const char *below, int depth, struct br_error *err);

/* Takes a folder where folders are asked for, else a file. */
static int
take_entry (struct br_logs *logs, const char *dir, const char *name, int folders, int depth,
            struct br_error *err)
{
  BR_AUTOFREE char *path = br_path_join (dir, name);
  struct stat st;
  int order = order_of (name);

  if (path == NULL)
    return br_error_oom (err);
  if (lstat (path, &st) < 0 || S_ISDIR (st.st_mode) != folders)
    return 0;
  if (folders)
    return depth < BR_LOGS_DEPTH ? walk (logs, dir, name, depth + 1, err) : 0;
  if (!S_ISREG (st.st_mode) || order < 0)
    return 0;
  return add (logs, dir, name, is_main (name, order) ? MAIN + order : order, err);
}

static int
take_entries (struct br_logs *logs, const char *dir, const char *below, struct dirent *const *entries, int n,
              int folders, int depth, struct br_error *err)
{
  int ret = 0;

  for (int i = 0; ret == 0 && i < n && logs->n < BR_LOGS_MAX; i++) {
    const char *entry = entries[i]->d_name;
    BR_AUTOFREE char *name = NULL;

    if (strcmp (entry, ".") == 0 || strcmp (entry, "..") == 0)
      continue;
    name = br_path_join (below, entry);
    ret = name != NULL ? take_entry (logs, dir, name, folders, depth, err) : br_error_oom (err);
  }
  return ret;
}

/* Files come before folders, and either by name: where there are too many, those at the top are read, and always the same ones. */
static int
walk (struct br_logs *logs, const char *dir, const char *below, int depth, struct br_error *err)
{
  BR_AUTOFREE char *path = br_path_join (dir, below);
  struct dirent **entries = NULL;
  int n, ret;

  if (path == NULL)
    return br_error_oom (err);
  n = scandir (path[0] != '\0' ? path : ".", &entries, NULL, alphasort);
  if (n < 0)
    return errno == ENOMEM ? br_error_oom (err) : 0;
  ret = take_entries (logs, dir, below, entries, n, 0, depth, err);
  if (ret == 0)
    ret = take_entries (logs, dir, below, entries, n, 1, depth, err);
  while (n > 0)
    free (entries[--n]);
  free (entries);
  return ret;
}

int
br_logs_add_folder (struct br_logs *logs, const char *dir, const char *below, struct br_error *err)
{
  return walk (logs, dir, below, 0, err);
}

static int
compare (const void *a, const void *b)
{
  const struct br_log *one = a, *other = b;

  if (one->order != other->order)
    return one->order < other->order ? -1 : 1;
  return strcmp (one->name, other->name);
}

void
br_logs_sort (struct br_logs *logs)
{
  if (logs->n > 1)
    qsort (logs->items, logs->n, sizeof *logs->items, compare);
}
