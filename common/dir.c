/* SPDX-License-Identifier: BSD-3-Clause */
/* Directories: made with their parents, removed with all that is in them. */
#include <config.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

static int
is_directory (const char *path)
{
  struct stat st;

  return stat (path, &st) == 0 && S_ISDIR (st.st_mode);
}

int
br_dir_make (const char *path, struct br_error *err)
{
  BR_AUTOFREE char *parent = NULL;

  if (mkdir (path, 0755) == 0 || (errno == EEXIST && is_directory (path)))
    return 0;
  if (errno == EEXIST)
    return br_error_set (err, "environment", "%s: there is a file of that name", path);
  if (errno != ENOENT || path[0] == '\0')
    return br_error_errno (err, "cannot make directory", path);
  parent = br_path_dirname (path);
  if (parent == NULL)
    return br_error_oom (err);
  if (strcmp (parent, path) == 0 || strcmp (parent, ".") == 0)
    return br_error_errno (err, "cannot make directory", path);
  if (br_dir_make (parent, err) < 0)
    return -1;
  if (mkdir (path, 0755) < 0 && !is_directory (path))
    return br_error_errno (err, "cannot make directory", path);
  return 0;
}

/* Where a removal is: names are for messages only, all work goes by descriptor, so that a link that appears meanwhile
   leads nowhere. */
struct removal {
  dev_t device;
  struct br_error *err;
};

static int remove_entry (const struct removal *removal, int parent, const char *name, const char *path);

static int
is_dot (const char *name)
{
  return strcmp (name, ".") == 0 || strcmp (name, "..") == 0;
}

static int
remove_entries (const struct removal *removal, DIR *dir, const char *path)
{
  struct dirent *entry;

  while ((errno = 0, entry = readdir (dir)) != NULL) {
    BR_AUTOFREE char *inner = NULL;

    if (is_dot (entry->d_name))
      continue;
    inner = br_path_join (path, entry->d_name);
    if (inner == NULL)
      return br_error_oom (removal->err);
    if (remove_entry (removal, dirfd (dir), entry->d_name, inner) < 0)
      return -1;
  }
  return errno == 0 ? 0 : br_error_errno (removal->err, "cannot read directory", path);
}

static int
empty_directory (const struct removal *removal, int parent, const char *name, const char *path)
{
  int fd = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  int ret;

  if (dir == NULL) {
    br_error_errno (removal->err, "cannot open", path);
    if (fd >= 0)
      close (fd);
    return -1;
  }
  ret = remove_entries (removal, dir, path);
  closedir (dir);
  return ret;
}

static int
remove_entry (const struct removal *removal, int parent, const char *name, const char *path)
{
  struct stat st;
  int is_dir;

  if (fstatat (parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return errno == ENOENT ? 0 : br_error_errno (removal->err, "cannot remove", path);
  if (st.st_dev != removal->device)
    return br_error_set (removal->err, "environment", "cannot remove %s: it is on another file system", path);
  is_dir = S_ISDIR (st.st_mode);
  if (is_dir && empty_directory (removal, parent, name, path) < 0)
    return -1;
  if (unlinkat (parent, name, is_dir ? AT_REMOVEDIR : 0) < 0 && errno != ENOENT)
    return br_error_errno (removal->err, "cannot remove", path);
  return 0;
}

int
br_dir_remove (const char *path, struct br_error *err)
{
  struct removal removal = { 0, err };
  struct stat st;

  if (lstat (path, &st) < 0)
    return errno == ENOENT ? 0 : br_error_errno (err, "cannot remove", path);
  removal.device = st.st_dev;
  return remove_entry (&removal, AT_FDCWD, path, path);
}

/* After digits and one more character, or NULL where it is not so. */
static const char *
skip_number (const char *at, char end)
{
  const char *first = at;

  while (isdigit ((unsigned char) *at))
    at++;
  return at > first && *at == end ? at + 1 : NULL;
}

/* The names that atomic writes use, here and in libqonnxc: .WHO-PROCESS-COUNT.tmp. */
static int
is_temporary (const char *name)
{
  static const char *const who[] = { ".buildrunner-", ".qonnxc-" };
  const char *at = NULL;

  for (size_t i = 0; i < sizeof who / sizeof *who && at == NULL; i++)
    if (br_str_starts (name, who[i]))
      at = name + strlen (who[i]);
  if (at != NULL)
    at = skip_number (at, '-');
  if (at != NULL)
    at = skip_number (at, '.');
  return at != NULL && strcmp (at, "tmp") == 0;
}

void
br_dir_remove_temporaries (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  const struct dirent *entry;

  if (dir == NULL) {
    if (fd >= 0)
      close (fd);
    return;
  }
  while ((entry = readdir (dir)) != NULL)
    if (is_temporary (entry->d_name))
      unlinkat (dirfd (dir), entry->d_name, 0);
  closedir (dir);
}
