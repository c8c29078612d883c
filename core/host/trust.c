/* SPDX-License-Identifier: BSD-3-Clause */
/* May a directory or a module be trusted? What all can write is not: whoever writes there runs code in the
   builds of everybody else. Mode bits are looked at, after links have been followed; owners only where a sticky
   directory lets anybody add files. */
#include <config.h>

#include "core/host/search.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"

static int
is_ours (const struct stat *st)
{
  return st->st_uid == 0 || st->st_uid == geteuid ();
}

/* The text of a problem must not be lost: without it there would be no problem. */
static int
say (char **to, const char *format, ...)
{
  struct br_str text = { 0 };
  va_list args;

  va_start (args, format);
  br_str_vprintf (&text, format, args);
  va_end (args);
  *to = br_str_take (&text);
  return *to != NULL ? 0 : -1;
}

static int
look_at_directory (const struct stat *st, char **problem, char **warning)
{
  unsigned mode = (unsigned) st->st_mode & 07777;

  if ((st->st_mode & S_IWOTH) == 0)
    return 0;
  if ((st->st_mode & S_ISVTX) == 0)
    return say (problem, "all users can write to it (mode %04o)", mode);
  return warning != NULL ? say (warning, "all users can add files to it (mode %04o)", mode) : 0;
}

/* A module is replaced by whoever can write its directory; that of a link's target counts too. */
static int
look_at_parent (const char *real, const struct stat *module, char **problem)
{
  BR_AUTOFREE char *dir = br_path_dirname (real);
  struct stat st;

  if (dir == NULL)
    return -1;
  if (stat (dir, &st) == -1)
    return say (problem, "its directory cannot be looked at: %s", strerror (errno));
  if ((st.st_mode & S_IWOTH) == 0)
    return 0;
  if ((st.st_mode & S_ISVTX) == 0)
    return say (problem, "all users can write to its directory %s (mode %04o)", dir,
                (unsigned) st.st_mode & 07777);
  if (!is_ours (module))
    return say (problem, "it belongs to another user, in a directory that all can write to");
  return 0;
}

static int
look_at_module (const char *path, const struct stat *st, char **problem)
{
  BR_AUTOFREE char *real = NULL;

  if (!S_ISREG (st->st_mode))
    return say (problem, "not a regular file");
  if ((st->st_mode & S_IWOTH) != 0)
    return say (problem, "all users can write to it (mode %04o)", (unsigned) st->st_mode & 07777);
  if ((real = realpath (path, NULL)) == NULL)
    return errno == ENOMEM ? -1 : say (problem, "%s", strerror (errno));
  return look_at_parent (real, st, problem);
}

int
br_trust_look (const char *path, char **problem, char **warning)
{
  struct stat st;

  *problem = NULL;
  if (warning != NULL)
    *warning = NULL;
  if (stat (path, &st) == -1)
    return say (problem, "%s", strerror (errno));
  if (S_ISDIR (st.st_mode))
    return look_at_directory (&st, problem, warning);
  return look_at_module (path, &st, problem);
}
