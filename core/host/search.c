/* SPDX-License-Identifier: BSD-3-Clause */
/* The directories that modules are looked for in, in order: the command line's, the environment's, the
   user's, the installed one, then what is linked in. */
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
#include "core/host/builtin.h"

/* Takes path over. refused (may be NULL) is copied: where that fails the directory is not there, not trusted. */
static int
add_dir (struct br_search *search, char *path, const char *origin, const char *refused)
{
  struct br_search_dir *dirs = realloc (search->dirs, (search->n + 1) * sizeof *dirs);
  char *origin_copy = strdup (origin), *refused_copy = NULL;
  int ret = br_str_copy (&refused_copy, refused);

  if (dirs != NULL)
    search->dirs = dirs;
  if (dirs == NULL || origin_copy == NULL || path == NULL || ret < 0) {
    free (path);
    free (origin_copy);
    free (refused_copy);
    return -1;
  }
  dirs[search->n] = (struct br_search_dir){ .path = path, .origin = origin_copy, .refused = refused_copy };
  search->n++;
  return 0;
}

/* What the file system says about the directory that was added last. -1: memory. */
static int
look_at (struct br_search_dir *dir)
{
  struct stat st;

  if (dir->refused != NULL)
    return 0;
  if (stat (dir->path, &st) == -1 && (errno == ENOENT || errno == ENOTDIR)) {
    dir->missing = 1;
    return 0;
  }
  if (br_trust_look (dir->path, &dir->refused, &dir->warning) < 0)
    return -1;
  if (dir->refused == NULL && !S_ISDIR (st.st_mode))
    return br_str_copy (&dir->refused, "not a directory");
  if (dir->refused == NULL && access (dir->path, R_OK | X_OK) == -1)
    return br_str_copy (&dir->refused, strerror (errno));
  return 0;
}

static int
add_element (struct br_search *search, const char *element, size_t length, const char *origin,
             int relative_ok)
{
  BR_AUTOFREE char *text = strndup (element, length);

  if (text == NULL)
    return -1;
  if (length == 0)
    return add_dir (search, strdup (""), origin, "an empty element; \".\" names the current directory");
  if (text[0] != '/' && !relative_ok)
    return add_dir (search, strdup (text), origin, "not an absolute path");
  if (add_dir (search, br_path_absolute (text), origin, NULL) == -1)
    return -1;
  return look_at (&search->dirs[search->n - 1]);
}

/* Each element of a list with ':' between. */
static int
add_list (struct br_search *search, const char *list, const char *origin, int relative_ok)
{
  for (;;) {
    size_t length = strcspn (list, ":");

    if (add_element (search, list, length, origin, relative_ok) == -1)
      return -1;
    if (list[length] == '\0')
      return 0;
    list += length + 1;
  }
}

/* A variable with a relative path in it counts as not set, as the XDG specification has it. */
static int
add_user_dir (struct br_search *search)
{
  const char *data = secure_getenv ("XDG_DATA_HOME"), *home = secure_getenv ("HOME");
  BR_AUTOFREE char *path = NULL;

  if (data != NULL && data[0] == '/')
    path = br_path_join (data, "buildrunner/plugins");
  else if (home != NULL && home[0] == '/')
    path = br_path_join (home, ".local/share/buildrunner/plugins");
  else
    return 0;
  return path == NULL ? -1 : add_element (search, path, strlen (path), "user", 0);
}

/* secure_getenv gives nothing under AT_SECURE: a program that gained privileges runs no code of its caller's. */
static int
add_usual (struct br_search *search)
{
  const char *variable = secure_getenv ("BUILDRUNNER_PLUGIN_PATH");

  if (variable != NULL && variable[0] != '\0' &&
      add_list (search, variable, "BUILDRUNNER_PLUGIN_PATH", 0) == -1)
    return -1;
  if (add_user_dir (search) == -1)
    return -1;
  if (add_element (search, BR_PLUGINDIR, strlen (BR_PLUGINDIR), "installed", 0) == -1)
    return -1;
  return br_builtin_count () == 0 ? 0 : add_dir (search, strdup ("builtin"), "builtin", NULL);
}

int
br_search_init (struct br_search *search, const char *const *plugin_paths, int only, struct br_error *err)
{
  *search = (struct br_search){ 0 };
  for (; plugin_paths != NULL && *plugin_paths != NULL; plugin_paths++)
    if (add_list (search, *plugin_paths, "--plugin-path", 1) == -1)
      goto oom;
  if (!only && add_usual (search) == -1)
    goto oom;
  return 0;
oom:
  br_search_free (search);
  return br_error_oom (err);
}

void
br_search_free (struct br_search *search)
{
  for (size_t i = 0; i < search->n; i++) {
    free (search->dirs[i].path);
    free (search->dirs[i].origin);
    free (search->dirs[i].refused);
    free (search->dirs[i].warning);
  }
  free (search->dirs);
  *search = (struct br_search){ 0 };
}
