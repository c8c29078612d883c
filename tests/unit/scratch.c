/* SPDX-License-Identifier: BSD-3-Clause */
/* Folders of a test's own. */
#include <config.h>

#include "tests/unit/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

#define NEED(condition) need ((condition) != 0, #condition)

static void
need (int condition, const char *text)
{
  if (condition)
    return;
  perror (text);
  exit (99);
}

char *
scratch_make (void)
{
  const char *tmp = getenv ("TMPDIR");
  char *path = br_printf ("%s/buildrunner-test-XXXXXX", tmp != NULL ? tmp : "/tmp");
  char *real;

  NEED (path != NULL && mkdtemp (path) != NULL);
  real = realpath (path, NULL);
  NEED (real != NULL);
  free (path);
  return real;
}

void
scratch_remove (char *path)
{
  struct br_error err = { 0 };

  if (br_dir_remove (path, &err) == -1)
    fprintf (stderr, "%s\n", br_error_text (&err));
  br_error_clear (&err);
  free (path);
}

char *
scratch_path (const char *dir, const char *name)
{
  char *path = br_path_join (dir, name);

  NEED (path != NULL);
  return path;
}

void
scratch_mkdir (const char *path, unsigned mode)
{
  NEED (mkdir (path, 0700) == 0);
  NEED (chmod (path, mode) == 0);
}

void
scratch_write (const char *path, const void *data, unsigned long size)
{
  FILE *file = fopen (path, "wb");

  NEED (file != NULL);
  NEED (fwrite (data, 1, size, file) == size);
  NEED (fclose (file) == 0);
}

static char *
build_tree (void)
{
  const char *dir = getenv ("top_builddir");

  return br_path_absolute (dir != NULL ? dir : ".");
}

void
scratch_module (const char *dir, const char *name, const char *as)
{
  BR_AUTOFREE char *tree = build_tree ();
  BR_AUTOFREE char *from = br_printf ("%s/tests/modules/.libs/%s.so", tree, name);
  BR_AUTOFREE char *to = scratch_path (dir, as);
  struct br_error err = { 0 };

  NEED (from != NULL);
  if (br_file_copy (from, to, 0, &err) == -1) {
    fprintf (stderr, "%s\n", br_error_text (&err));
    exit (99);
  }
}

char *
scratch_program (const char *name)
{
  BR_AUTOFREE char *tree = build_tree ();

  return scratch_path (tree, name);
}
