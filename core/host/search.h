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
/* NULL when path (a directory or a module) may be trusted; else why not, owned by the caller. *warning
   likewise (may be NULL). */
char *br_trust_problem (const char *path, char **warning);

#endif
