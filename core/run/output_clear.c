/* SPDX-License-Identifier: BSD-3-Clause */
/* Removing what the result of an older build lists. The result goes first: a folder without one is not done, whatever
   else is still there. */
#include <config.h>

#include "core/run/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

/* The names that every build writes and no result needs to list. */
static const char *const fixed_names[] = { BR_OUTPUT_CONFIG, BR_OUTPUT_MODEL,   BR_OUTPUT_LOG,
                                           BR_OUTPUT_REPORT, BR_OUTPUT_SCRATCH, NULL };

/* path itself (taken over) where the folder that it is in is inside of dir, all links followed; else NULL. */
static char *
path_inside (const char *dir, char *path)
{
  BR_AUTOFREE char *parent = br_path_dirname (path);
  BR_AUTOFREE char *real_parent = parent != NULL ? realpath (parent, NULL) : NULL;
  BR_AUTOFREE char *real_dir = realpath (dir, NULL);

  if (real_parent != NULL && real_dir != NULL && br_path_inside (real_dir, real_parent) &&
      strcmp (path, dir) != 0)
    return path;
  free (path);
  return NULL;
}

/* A result may have been edited: neither its text nor a link leads out of the folder. NULL: memory, or not inside. */
static char *
listed_path (const char *dir, const char *listed)
{
  char *joined = br_path_join (dir, listed), *path;

  if (joined == NULL || br_path_is_name (listed)) /* a plain name is in the folder itself */
    return joined;
  path = br_path_absolute (joined);
  free (joined);
  return path != NULL ? path_inside (dir, path) : NULL;
}

static int
remove_listed (const char *dir, const char *listed, struct br_error *err)
{
  BR_AUTOFREE char *path = listed_path (dir, listed);

  if (path == NULL || unlink (path) == 0 || errno == ENOENT)
    return 0;
  return br_dir_remove (path, err);
}

static int
remove_paths (const char *dir, const struct br_named_paths *paths, struct br_error *err)
{
  for (size_t i = 0; i < paths->n; i++)
    if (remove_listed (dir, paths->items[i].path, err) < 0)
      return -1;
  return 0;
}

/* The file of step i, as the plan named it: a name that was used before has a number behind it. */
static char *
step_file (const struct br_result *result, size_t i, const char *folder, const char *extension)
{
  const struct br_step_result *step = &result->steps[i];
  unsigned uses = 1;

  for (size_t k = 0; k < i; k++)
    if (strcmp (result->steps[k].kind, step->kind) == 0 && strcmp (result->steps[k].name, step->name) == 0)
      uses++;
  return uses == 1 ? br_printf ("%s/%s%s", folder, step->name, extension)
                   : br_printf ("%s/%s-%u%s", folder, step->name, uses, extension);
}

static int
remove_steps (const char *dir, const struct br_result *result, struct br_error *err)
{
  for (size_t i = 0; i < result->n_steps; i++) {
    int pre = strcmp (result->steps[i].kind, "preprocessing") == 0;
    int post = strcmp (result->steps[i].kind, "postprocessing") == 0;
    BR_AUTOFREE char *file = NULL;

    if (!pre && !post)
      continue;
    file = step_file (result, i, pre ? BR_OUTPUT_PRE : BR_OUTPUT_POST, pre ? ".onnx" : ".json");
    if (file == NULL)
      return br_error_oom (err);
    if (remove_listed (dir, file, err) < 0)
      return -1;
  }
  return 0;
}

static int
remove_all (const char *dir, const struct br_result *result, struct br_error *err)
{
  if (remove_paths (dir, &result->artifacts, err) < 0 || remove_paths (dir, &result->logs, err) < 0 ||
      remove_steps (dir, result, err) < 0)
    return -1;
  for (size_t i = 0; fixed_names[i] != NULL; i++)
    if (remove_listed (dir, fixed_names[i], err) < 0)
      return -1;
  return 0;
}

int
br_output_clear (const char *dir, struct br_error *err)
{
  BR_AUTOFREE char *path = br_path_join (dir, BR_OUTPUT_RESULT);
  BR_AUTOFREE char *text = NULL;
  struct br_result *older;
  struct br_error unreadable = { 0 };
  struct stat st;
  size_t size = 0;
  int ret = 0;

  if (path == NULL)
    return br_error_oom (err);
  if (lstat (path, &st) < 0)
    return 0;
  if (br_file_read (path, BR_RESULT_LIMIT, &text, &size, &unreadable) < 0)
    br_error_clear (&unreadable);
  if (unlink (path) < 0)
    return br_error_errno (err, "cannot remove", path);
  if (text == NULL)
    return 0;
  older = br_result_parse (text, size, &unreadable);
  br_error_clear (&unreadable);
  if (older != NULL)
    ret = remove_all (dir, older, err);
  br_result_free (older);
  return ret;
}
