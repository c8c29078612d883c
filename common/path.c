/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths as text: nothing here looks at the file system but for the current directory. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"

char *
br_path_join (const char *dir, const char *name)
{
  if (name[0] == '/' || dir == NULL || dir[0] == '\0')
    return strdup (name);
  return br_printf (br_str_ends (dir, "/") ? "%s%s" : "%s/%s", dir, name);
}

/* The length of path without the slashes at its end; "/" keeps one. */
static size_t
trimmed_length (const char *path)
{
  size_t n = strlen (path);

  while (n > 1 && path[n - 1] == '/')
    n--;
  return n;
}

char *
br_path_dirname (const char *path)
{
  size_t n = trimmed_length (path);

  while (n > 0 && path[n - 1] != '/')
    n--;
  while (n > 1 && path[n - 1] == '/')
    n--;
  return n > 0 ? strndup (path, n) : strdup (".");
}

const char *
br_path_basename (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

static char *
current_directory (void)
{
  size_t size = 256;
  char *buffer = NULL;

  for (;;) {
    char *bigger = realloc (buffer, size);

    if (bigger == NULL)
      break;
    buffer = bigger;
    if (getcwd (buffer, size) != NULL)
      return buffer;
    if (errno != ERANGE)
      break;
    size *= 2;
  }
  free (buffer);
  return NULL;
}

/* Takes the last element away; the root stays. */
static void
remove_last (struct br_str *out)
{
  while (out->length > 0 && out->text[out->length - 1] != '/')
    br_str_truncate (out, out->length - 1);
  if (out->length > 0)
    br_str_truncate (out, out->length - 1);
}

/* Appends the elements of path, each behind a slash. */
static void
add_elements (struct br_str *out, const char *path)
{
  while (*path != '\0') {
    size_t n = strcspn (path, "/");

    if (n == 2 && path[0] == '.' && path[1] == '.')
      remove_last (out);
    else if (n > 0 && !(n == 1 && path[0] == '.')) {
      br_str_add_char (out, '/');
      br_str_add_bytes (out, path, n);
    }
    path += n;
    path += *path == '/';
  }
}

char *
br_path_absolute (const char *path)
{
  BR_AUTOFREE char *cwd = NULL;
  struct br_str out = { 0 };

  if (path[0] != '/') {
    cwd = current_directory ();
    if (cwd == NULL)
      return NULL;
    add_elements (&out, cwd);
  }
  add_elements (&out, path);
  if (out.length == 0)
    br_str_add_char (&out, '/');
  return br_str_take (&out);
}

int
br_path_inside (const char *dir, const char *path)
{
  size_t n = strlen (dir);

  if (strcmp (dir, "/") == 0)
    return path[0] == '/';
  return strncmp (dir, path, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

int
br_path_is_name (const char *name)
{
  size_t i;

  if (strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
    return 0;
  for (i = 0; name[i] != '\0'; i++)
    if (name[i] == '/' || (unsigned char) name[i] < 0x20 || name[i] == 0x7f)
      return 0;
  return i > 0 && i <= 255;
}
