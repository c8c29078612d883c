/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths as text. Every char * returned is the caller's to free; NULL means that memory ran out. */
#ifndef BR_COMMON_PATH_H
#define BR_COMMON_PATH_H

#include "common/error.h"

/* dir/name with one slash between; an absolute name stands alone; an empty or NULL dir gives name. */
char *br_path_join (const char *dir, const char *name);
char *br_path_dirname (const char *path);        /* "." where there is no slash */
const char *br_path_basename (const char *path); /* borrowed: points into path */
/* Absolute against the current directory; "." and empty elements and ".." are resolved as text. */
char *br_path_absolute (const char *path);
/* Is path (absolute, normalised) inside dir (likewise), or dir itself? */
int br_path_inside (const char *dir, const char *path);
/* May this be one file name: not empty, not "." or "..", no slash, no control byte, at most 255 bytes? */
int br_path_is_name (const char *name);

#endif
