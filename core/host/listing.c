/* SPDX-License-Identifier: BSD-3-Clause */
/* Listing module directories: .so files only, sorted by bytes, no recursion. */
#include <config.h>

#include "core/host/listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "core/host/abi.h"
#include "core/host/builtin.h"

/* Takes path and refused over. */
static int
add_file (struct br_listing *listing, char *path, char *refused, const struct stat *st)
{
  struct br_module_file *files = realloc (listing->files, (listing->n + 1) * sizeof *files);

  if (files != NULL)
    listing->files = files;
  if (files == NULL || path == NULL) {
    free (path);
    free (refused);
    return -1;
  }
  files[listing->n++] = (struct br_module_file){
    .path = path,
    .refused = refused,
    .dev = st != NULL ? st->st_dev : 0,
    .ino = st != NULL ? st->st_ino : 0,
  };
  return 0;
}

/* Also takes path over. */
static int
refuse_file (struct br_listing *listing, char *path, const char *why, const struct stat *st)
{
  char *refused = strdup (why);

  if (refused != NULL)
    return add_file (listing, path, refused, st);
  free (path);
  return -1;
}

static int
is_listed (const struct br_listing *listing, const struct stat *st)
{
  for (size_t i = 0; i < listing->n; i++)
    if (listing->files[i].ino == st->st_ino && listing->files[i].dev == st->st_dev && st->st_ino != 0)
      return 1;
  return 0;
}

static int
add_module (struct br_listing *listing, const char *dir, const char *file)
{
  char *path = br_path_join (dir, file), *refused = NULL;
  BR_AUTOFREE char *name = strndup (file, strlen (file) - strlen (".so"));
  struct stat st;

  if (path == NULL || name == NULL) {
    free (path);
    return -1;
  }
  if (stat (path, &st) == -1)
    return refuse_file (listing, path, strerror (errno), NULL);
  if (is_listed (listing, &st)) {
    free (path);
    return 0;
  }
  if (!br_abi_name_ok (name, 0))
    return refuse_file (listing, path, "the name of a module is [a-z0-9_]+", &st);
  if (br_trust_look (path, &refused, NULL) < 0) {
    free (path);
    return -1;
  }
  return add_file (listing, path, refused, &st);
}

static int
is_so (const struct dirent *entry)
{
  return br_str_ends (entry->d_name, ".so") && strlen (entry->d_name) > strlen (".so");
}

/* The order of readdir differs from machine to machine; that of the locale from user to user. */
static int
by_bytes (const struct dirent **a, const struct dirent **b)
{
  return strcmp ((*a)->d_name, (*b)->d_name);
}

static int
list_directory (struct br_listing *listing, struct br_search_dir *dir)
{
  struct dirent **entries = NULL;
  int n = scandir (dir->path, &entries, is_so, by_bytes), ret = 0;

  if (n == -1) {
    dir->refused = br_printf ("%s", strerror (errno));
    return dir->refused != NULL ? 0 : -1;
  }
  for (int i = 0; i < n; i++) {
    if (ret == 0)
      ret = add_module (listing, dir->path, entries[i]->d_name);
    free (entries[i]);
  }
  free (entries);
  return ret;
}

static int
list_builtin (struct br_listing *listing)
{
  for (size_t i = 0; i < br_builtin_count (); i++) {
    BR_AUTOFREE char *name = br_builtin_name (i);

    if (name == NULL || add_file (listing, br_printf (BR_BUILTIN "%s", name), NULL, NULL) == -1)
      return -1;
  }
  return 0;
}

static int
list_one (struct br_listing *listing, struct br_search_dir *dir)
{
  if (dir->refused != NULL || dir->missing)
    return 0;
  if (strcmp (dir->origin, "builtin") == 0)
    return list_builtin (listing);
  return list_directory (listing, dir);
}

int
br_listing_make (struct br_listing *listing, struct br_search *search, struct br_error *err)
{
  *listing = (struct br_listing){ 0 };
  for (size_t i = 0; i < search->n; i++)
    if (list_one (listing, &search->dirs[i]) == -1) {
      br_listing_free (listing);
      return br_error_oom (err);
    }
  return 0;
}

void
br_listing_free (struct br_listing *listing)
{
  for (size_t i = 0; i < listing->n; i++) {
    free (listing->files[i].path);
    free (listing->files[i].refused);
  }
  free (listing->files);
  *listing = (struct br_listing){ 0 };
}
