/* SPDX-License-Identifier: BSD-3-Clause */
/* Files: whole reads, atomic writes, copies. */
#ifndef BR_COMMON_FILE_H
#define BR_COMMON_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/error.h"

/* Reads a whole regular file or pipe of at most limit bytes; *data is NUL-ended beyond *size and the caller's to free.
   Errors name the path: category "environment", a file over the limit included. */
int br_file_read (const char *path, size_t limit, char **data, size_t *size, struct br_error *err);
/* Temp file beside path, write, fsync, rename, fsync of the directory. What was at path stays until the rename. */
int br_file_write_atomic (const char *path, const void *data, size_t size, struct br_error *err);
/* The same without either fsync, for what a build can make again. It is whole whatever becomes of the process; of a machine that loses its power
   it may be empty, also where a result that was synced lists it. */
int br_file_write_plain (const char *path, const void *data, size_t size, struct br_error *err);
/* Reflink where the file system can, else a copy; the target must not exist. link_ok: a hard link may be tried before a copy. */
int br_file_copy (const char *from, const char *to, int link_ok, struct br_error *err);
/* mkdir -p; an existing directory is fine. */
int br_dir_make (const char *path, struct br_error *err);
/* Removes a tree without following links and without leaving the file system; a missing path is fine. */
int br_dir_remove (const char *path, struct br_error *err);
/* Removes what atomic writes in this folder, which must not be a link, left when their processes were killed; as far as that can be done. */
void br_dir_remove_temporaries (const char *path);
/* write () until all is written or an error other than EINTR. 0 or -1 with errno. */
int br_fd_write_all (int fd, const void *data, size_t size);
/* read () that repeats on EINTR. */
ssize_t br_fd_read (int fd, void *data, size_t size);

#endif
