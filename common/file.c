/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole reads and writes that are there entirely or not at all. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

#define FIRST_PIPE_CHUNK 65536
#define MAX_TEMP_TRIES   1000

ssize_t
br_fd_read (int fd, void *data, size_t size)
{
  ssize_t n;

  do
    n = read (fd, data, size);
  while (n < 0 && errno == EINTR);
  return n;
}

int
br_fd_write_all (int fd, const void *data, size_t size)
{
  const char *bytes = data;

  while (size > 0) {
    ssize_t n = write (fd, bytes, size);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    bytes += n;
    size -= (size_t) n;
  }
  return 0;
}

struct buffer {
  char *data;
  size_t size, capacity;
};

/* Room for a byte more than is there, and for the NUL; at most one byte over limit, which shows that there is too much. */
static int
buffer_grow (struct buffer *buffer, size_t limit)
{
  size_t capacity = 2 * buffer->capacity < limit + 2 ? 2 * buffer->capacity : limit + 2;
  char *data;

  if (buffer->size + 1 < buffer->capacity)
    return 0;
  data = realloc (buffer->data, capacity);
  if (data == NULL)
    return -1;
  buffer->data = data;
  buffer->capacity = capacity;
  return 0;
}

/* Reads to the end, whatever the size was said to be: files grow, and pipes have none. */
static int
read_to_end (int fd, const char *path, size_t limit, struct buffer *buffer, struct br_error *err)
{
  for (;;) {
    ssize_t n;

    if (buffer_grow (buffer, limit) < 0)
      return br_error_oom (err);
    n = br_fd_read (fd, buffer->data + buffer->size, buffer->capacity - buffer->size - 1);
    if (n < 0)
      return br_error_errno (err, "cannot read", path);
    if (n == 0)
      return 0;
    buffer->size += (size_t) n;
    if (buffer->size > limit)
      return br_error_set (err, "environment", "%s: larger than %zu bytes", path, limit);
  }
}

static int
open_for_read (const char *path, struct stat *st, struct br_error *err)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (fd < 0)
    return br_error_errno (err, "cannot open", path);
  if (fstat (fd, st) < 0)
    br_error_errno (err, "cannot read", path);
  else if (S_ISDIR (st->st_mode))
    br_error_set (err, "environment", "%s: is a directory, not a file", path);
  else
    return fd;
  close (fd);
  return -1;
}

int
br_file_read (const char *path, size_t limit, char **data, size_t *size, struct br_error *err)
{
  struct buffer buffer = { NULL, 0, FIRST_PIPE_CHUNK };
  BR_AUTOCLOSE int fd = -1;
  struct stat st;

  fd = open_for_read (path, &st, err);
  if (fd < 0)
    return -1;
  if (S_ISREG (st.st_mode) && (uintmax_t) st.st_size > limit)
    return br_error_set (err, "environment", "%s: larger than %zu bytes", path, limit);
  /* one byte more than the size, so that the read that finds the end needs no new room */
  if (S_ISREG (st.st_mode) && st.st_size > 0)
    buffer.capacity = (size_t) st.st_size + 2;
  buffer.data = malloc (buffer.capacity);
  if (buffer.data == NULL)
    return br_error_oom (err);
  if (read_to_end (fd, path, limit, &buffer, err) < 0) {
    free (buffer.data);
    return -1;
  }
  buffer.data[buffer.size] = '\0';
  *data = buffer.data;
  *size = buffer.size;
  return 0;
}

/* A new file beside path. The name does not come from path's own, which may be as long as a name can be. */
static int
open_temp (const char *dir, char **temp)
{
  int fd = -1;
  unsigned i;

  for (i = 0; i < MAX_TEMP_TRIES && fd < 0; i++) {
    *temp = br_printf ("%s/.buildrunner-%ld-%u.tmp", dir, (long) getpid (), i);
    if (*temp == NULL) {
      errno = ENOMEM;
      return -1;
    }
    fd = open (*temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd >= 0)
      return fd;
    free (*temp);
    *temp = NULL;
    if (errno != EEXIST)
      return -1;
  }
  return -1;
}

static int
sync_directory (const char *dir)
{
  BR_AUTOCLOSE int fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return -1;
  /* a file system without it says EINVAL: there is no more to be had there */
  return fsync (fd) < 0 && errno != EINVAL ? -1 : 0;
}

/* The content is on disk and in place, or errno says why not and temp is as it was. */
static int
fill_and_rename (int fd, const char *temp, const char *path, const void *data, size_t size, int sync)
{
  if (br_fd_write_all (fd, data, size) < 0)
    return -1;
  if (sync && fsync (fd) < 0)
    return -1;
  return rename (temp, path);
}

static int
write_file (const char *path, const void *data, size_t size, int sync, struct br_error *err)
{
  BR_AUTOFREE char *dir = br_path_dirname (path);
  BR_AUTOFREE char *temp = NULL;
  BR_AUTOCLOSE int fd = -1;

  if (dir == NULL)
    return br_error_oom (err);
  fd = open_temp (dir, &temp);
  if (fd < 0)
    return br_error_errno (err, "cannot write", path);
  if (fill_and_rename (fd, temp, path, data, size, sync) < 0) {
    br_error_errno (err, "cannot write", path);
    unlink (temp);
    return -1;
  }
  if (sync && sync_directory (dir) < 0)
    return br_error_errno (err, "cannot sync", dir);
  return 0;
}

int
br_file_write_atomic (const char *path, const void *data, size_t size, struct br_error *err)
{
  return write_file (path, data, size, 1, err);
}

int
br_file_write_plain (const char *path, const void *data, size_t size, struct br_error *err)
{
  return write_file (path, data, size, 0, err);
}
