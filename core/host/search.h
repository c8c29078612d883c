/* SPDX-License-Identifier: BSD-3-Clause */
/* Where modules are looked for. */
#ifndef BR_HOST_SEARCH_H
#define BR_HOST_SEARCH_H

#include <stddef.h>

#include "common/error.h"

struct br_search_dir {
  char *path;    /* absolute; "builtin" for modules linked in */
  char *origin;  /* "--plugin-path", "BUILDRUNNER_PLUGIN_PATH", "user", "installed", "builtin" */
  char *refused; /* why it is not looked at (relative, others can write it, not readable); NULL: it is */
  char *warning; /* sticky and writable by others; NULL: none */
  int missing;   /* not there: fine, said by `plugins path` */
};

/* In path order; the first module of a name wins. */
struct br_search {
  struct br_search_dir *dirs;
  size_t n;
};

/* plugin_paths: of --plugin-path, each may hold several separated by ':'; ends with NULL; may be NULL. only:
   --plugin-path-only. The environment is not read under AT_SECURE. */
int br_search_init (struct br_search *search, const char *const *plugin_paths, int only,
                    struct br_error *err);
void br_search_free (struct br_search *search);
/* May path, a directory or a module, be trusted? *problem is NULL when it may, else why not, owned by the caller; *warning (which may be NULL)
   likewise. -1: memory ran out before that was known. */
int br_trust_look (const char *path, char **problem, char **warning);

#endif
