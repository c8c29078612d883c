/* SPDX-License-Identifier: BSD-3-Clause */
/* May a directory or a module be trusted? What all can write is not: whoever writes there runs code in the
   builds of everybody else. Mode bits are looked at, after links have been followed; owners only where a sticky
   directory lets anybody add files. */
#include <config.h>

#include "core/host/search.h"

#include <errno.h>
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

static char *
directory_problem (const struct stat *st, char **warning)
{
  if ((st->st_mode & S_IWOTH) == 0)
    return NULL;
  if ((st->st_mode & S_ISVTX) == 0)
    return br_printf ("all users can write to it (mode %04o)", (unsigned) st->st_mode & 07777);
  if (warning != NULL)
    *warning = br_printf ("all users can add files to it (mode %04o)", (unsigned) st->st_mode & 07777);
  return NULL;
}

/* A module is replaced by whoever can write its directory; that of a link's target counts too. */
static char *
parent_problem (const char *real, const struct stat *module)
{
  BR_AUTOFREE char *dir = br_path_dirname (real);
  struct stat st;

  if (dir == NULL || stat (dir, &st) == -1)
    return br_printf ("its directory cannot be looked at: %s", strerror (errno));
  if ((st.st_mode & S_IWOTH) == 0)
    return NULL;
  if ((st.st_mode & S_ISVTX) == 0)
    return br_printf ("all users can write to its directory %s (mode %04o)", dir,
                      (unsigned) st.st_mode & 07777);
  if (!is_ours (module))
    return br_printf ("it belongs to another user, in a directory that all can write to");
  return NULL;
}

static char *
module_problem (const char *path, const struct stat *st)
{
  BR_AUTOFREE char *real = NULL;

  if (!S_ISREG (st->st_mode))
    return br_printf ("not a regular file");
  if ((st->st_mode & S_IWOTH) != 0)
    return br_printf ("all users can write to it (mode %04o)", (unsigned) st->st_mode & 07777);
  if ((real = realpath (path, NULL)) == NULL)
    return br_printf ("%s", strerror (errno));
  return parent_problem (real, st);
}

char *
br_trust_problem (const char *path, char **warning)
{
  struct stat st;

  if (warning != NULL)
    *warning = NULL;
  if (stat (path, &st) == -1)
    return br_printf ("%s", strerror (errno));
  if (S_ISDIR (st.st_mode))
    return directory_problem (&st, warning);
  return module_problem (path, &st);
}
