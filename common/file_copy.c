/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies of files, as cheap as the file system makes them. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"

#define CHUNK (1024 * 1024)

/* The kernel copies what it can; what it cannot, for whatever reason, the plain loop copies or fails at with the reason. */
static int
copy_bytes (int in, int out)
{
  BR_AUTOFREE char *chunk = NULL;
  ssize_t n;

  do
    n = copy_file_range (in, NULL, out, NULL, (size_t) 1 << 30, 0);
  while (n > 0 || (n < 0 && errno == EINTR));
  chunk = malloc (CHUNK);
  if (chunk == NULL)
    return -1;
  while ((n = br_fd_read (in, chunk, CHUNK)) > 0)
    if (br_fd_write_all (out, chunk, (size_t) n) < 0)
      return -1;
  return n < 0 ? -1 : 0;
}

static int
open_source (const char *path, struct br_error *err)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat st;

  if (fd < 0)
    return br_error_errno (err, "cannot open", path);
  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode))
    return fd;
  close (fd);
  return br_error_set (err, "environment", "%s: not a regular file", path);
}

static int
create_target (const char *path, struct br_error *err)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

  return fd < 0 ? br_error_errno (err, "cannot create", path) : fd;
}

/* 0 when path is a new name of the source; the empty target makes room for it. */
static int
try_link (const char *from, const char *to)
{
  if (unlink (to) < 0)
    return -1;
  return linkat (AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW);
}

int
br_file_copy (const char *from, const char *to, int link_ok, struct br_error *err)
{
  BR_AUTOCLOSE int in = open_source (from, err);
  BR_AUTOCLOSE int out = in >= 0 ? create_target (to, err) : -1;

  if (out < 0)
    return -1;
  if (ioctl (out, FICLONE, in) == 0)
    return 0;
  if (link_ok) {
    if (try_link (from, to) == 0)
      return 0;
    close (out);
    out = create_target (to, err);
    if (out < 0)
      return -1;
  }
  if (copy_bytes (in, out) == 0)
    return 0;
  br_error_errno (err, "cannot write", to);
  unlink (to);
  return -1;
}
