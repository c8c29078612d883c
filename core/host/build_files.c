/* SPDX-License-Identifier: BSD-3-Clause */
/* Host operations on files: nothing is written, or listed, outside the output folder. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/hash.h"
#include "common/path.h"
#include "common/str.h"
#include "core/host/build_private.h"

/* Real path of the deepest part of path that is there: the caller's; NULL with errno. */
static char *
real_ancestor (const char *path)
{
  char *at = strdup (path), *real = NULL;

  while (at != NULL && (real = realpath (at, NULL)) == NULL && errno == ENOENT && strcmp (at, "/") != 0) {
    char *up = br_path_dirname (at);

    free (at);
    at = up;
  }
  free (at);
  return real;
}

/* Is there a symbolic link among the parts of path below dir, as far as they are there? -1: errno. */
static int
has_link (const char *dir, const char *path)
{
  BR_AUTOFREE char *part = strdup (path);
  char *end = part != NULL ? part + strlen (dir) : NULL;
  struct stat what;

  if (part == NULL)
    return -1;
  while (*end != '\0') {
    end += 1 + strcspn (end + 1, "/");
    *end = '\0';
    if (lstat (part, &what) == -1)
      return errno == ENOENT ? 0 : -1;
    if (S_ISLNK (what.st_mode))
      return 1;
    *end = path[end - part];
  }
  return 0;
}

/* 1: path (below dir as text), with the links on its way followed, is in the folder; 0: it is not; -1: errno. Links are rare there, and to look
   at a few parts costs a fraction of resolving two paths from the root on. */
static int
really_inside (const char *dir, const char *path)
{
  int linked = has_link (dir, path);
  BR_AUTOFREE char *real_dir = linked == 1 ? realpath (dir, NULL) : NULL;
  BR_AUTOFREE char *real = real_dir != NULL ? real_ancestor (path) : NULL;

  if (linked != 1)
    return linked == 0 ? 1 : -1;
  return real == NULL ? -1 : br_path_inside (real_dir, real);
}

char *
br_build_inside (struct br_build *build, const char *what, const char *path)
{
  const char *dir = build->spec.output_dir;
  BR_AUTOFREE char *joined = dir != NULL && path != NULL ? br_path_join (dir, path) : NULL;
  char *absolute;
  int inside;

  if (dir == NULL || path == NULL) {
    br_build_fail (build, "plugin", "%s: %s", what,
                   dir == NULL ? "there is no output folder" : "no path given");
    return NULL;
  }
  if (joined == NULL || (absolute = br_path_absolute (joined)) == NULL) {
    br_build_fail (build, "memory", "out of memory");
    return NULL;
  }
  inside = br_path_inside (dir, absolute) && strcmp (dir, absolute) != 0 ? really_inside (dir, absolute) : 0;
  if (inside == 1)
    return absolute;
  if (inside == 0)
    br_build_fail (build, "plugin", "%s: %s is not inside the output folder", what, path);
  else
    br_build_fail (build, errno == ENOMEM ? "memory" : "environment", "%s: %s: %s", what, path,
                   strerror (errno));
  free (absolute);
  return NULL;
}

const char *
br_op_sha256 (struct br_build *build, const char *path)
{
  struct br_error why = { 0 };
  char hex[BR_SHA256_HEX];
  char *kept;

  if (path == NULL || br_sha256_file (path, hex, &why) == -1) {
    if (path == NULL)
      br_error_set (&why, "plugin", "sha256: no path given");
    br_build_fail_with (build, &why);
    return NULL;
  }
  if ((kept = br_pool_keep (&build->pool, strdup (hex))) == NULL)
    br_build_fail (build, "memory", "out of memory");
  return kept;
}

/* ---- What a result lists ---- */

typedef int add_function (struct br_result *result, const char *name, const char *path);

/* The path that is listed, relative to the output folder, is as the plugin gave it: a link stays a link. */
static int32_t
add_listed (struct br_build *build, const char *what, add_function *add, const char *name, const char *path)
{
  BR_AUTOFREE char *absolute = NULL;

  if (build->spec.result == NULL)
    return br_build_fail (build, "plugin", "add_%s: there is no result in a probe", what);
  if (name == NULL || !br_path_is_name (name))
    return br_build_fail (build, "plugin", "add_%s: \"%s\" is no name", what, name != NULL ? name : "");
  if ((absolute = br_build_inside (build, what, path)) == NULL)
    return -1;
  if (access (absolute, F_OK) == -1)
    return br_build_fail (build, "plugin", "%s %s: %s: %s", what, name, path, strerror (errno));
  if (add (build->spec.result, name, absolute + strlen (build->spec.output_dir) + 1) == -1)
    return br_build_fail (build, "memory", "out of memory");
  br_build_changed (build, what, name);
  return 0;
}

int32_t
br_op_add_artifact (struct br_build *build, const char *name, const char *path)
{
  return add_listed (build, "artifact", br_result_add_artifact, name, path);
}

int32_t
br_op_add_log (struct br_build *build, const char *name, const char *path)
{
  return add_listed (build, "log", br_result_add_log, name, path);
}

const char *
br_op_get_artifact (struct br_build *build, const char *name)
{
  const struct br_build_spec *spec = &build->spec;
  const char *path = spec->result != NULL && name != NULL ? br_result_artifact (spec->result, name) : NULL;
  char *absolute;

  if (path == NULL)
    return NULL;
  if ((absolute = br_pool_keep (&build->pool, br_path_join (spec->output_dir, path))) == NULL)
    br_build_fail (build, "memory", "out of memory");
  return absolute;
}

/* ---- Writing ---- */

/* The files by which a folder is told to be a build, done or not, are the host's. */
static int
is_reserved (const struct br_build *build, const char *absolute)
{
  const char *name = absolute + strlen (build->spec.output_dir) + 1;

  return strcmp (name, "build_result.json") == 0 || strcmp (name, "build_config.json") == 0;
}

/* No fsync here: the owner of the build makes all of its files lasting at once, before it writes the result. */
int32_t
br_op_write_file (struct br_build *build, const char *path, const void *data, uint64_t size)
{
  BR_AUTOFREE char *absolute = br_build_inside (build, "write_file", path);
  BR_AUTOFREE char *dir = absolute != NULL ? br_path_dirname (absolute) : NULL;
  struct br_error why = { 0 };

  if (absolute == NULL)
    return -1;
  if (is_reserved (build, absolute))
    return br_build_fail (build, "plugin", "write_file: %s is the host's own", path);
  if (dir == NULL)
    return br_build_fail (build, "memory", "out of memory");
  if (br_dir_make (dir, &why) == -1 || br_file_write_plain (absolute, data, (size_t) size, &why) == -1)
    return br_build_fail_with (build, &why);
  return 0;
}

/* ---- Below /tmp ---- */

/* A step before this one may have made it. */
static int
is_own_folder (const char *path)
{
  struct stat st;

  return lstat (path, &st) == 0 && S_ISDIR (st.st_mode) && st.st_uid == geteuid ();
}

const char *
br_op_temporary_dir (struct br_build *build)
{
  const char *path = build->spec.temporary_dir;
  struct br_error why = { 0 };

  if (path == NULL) {
    br_build_fail (build, "plugin", "there is no temporary folder here");
    return NULL;
  }
  if (mkdir (path, 0700) == 0 || (errno == EEXIST && is_own_folder (path)))
    return path;
  br_error_errno (&why, "cannot make", path);
  br_build_fail_with (build, &why);
  return NULL;
}
