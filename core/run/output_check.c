/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether an output folder could be made and written, without making it. */
#include <config.h>

#include "core/run/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/path.h"

static int
check_there (const char *path, const char *at, const struct stat *st, struct br_error *err)
{
  if (!S_ISDIR (st->st_mode))
    return br_error_set (err, "config", "%s: cannot be an output folder: %s is not a folder", path, at);
  if (access (at, W_OK | X_OK) < 0)
    return br_error_set (err, "environment", "%s: cannot be written: %s: %s", path, at, strerror (errno));
  return 0;
}

/* The folder, or else the innermost one above it that is there, decides. */
int
br_output_dir_check (const char *path, struct br_error *err)
{
  char *at = strdup (path);
  struct stat st;
  int ret;

  while (at != NULL && stat (at, &st) < 0 && (errno == ENOENT || errno == ENOTDIR) && lstat (at, &st) < 0) {
    char *parent = br_path_dirname (at);

    free (at);
    at = parent;
  }
  if (at == NULL)
    return br_error_oom (err);
  if (stat (at, &st) < 0)
    ret = br_error_set (err, "environment", "%s: cannot be made: %s: %s", path, at, strerror (errno));
  else
    ret = check_there (path, at, &st, err);
  free (at);
  return ret;
}
