/* SPDX-License-Identifier: BSD-3-Clause */
/* The module files of a search, before any is opened. */
#ifndef BR_HOST_LISTING_H
#define BR_HOST_LISTING_H

#include <sys/types.h>

#include "core/host/search.h"

struct br_module_file {
  char *path;    /* absolute, or "builtin:<module>" */
  char *refused; /* why it is not to be opened; NULL: it may be */
  dev_t dev;
  ino_t ino; /* 0: not known */
};

/* In search order, then by name. A file that is met twice is listed once. */
struct br_listing {
  struct br_module_file *files;
  size_t n;
};

/* Directories that cannot be read get their refusal in search. Fails only for memory. */
int br_listing_make (struct br_listing *listing, struct br_search *search, struct br_error *err);
void br_listing_free (struct br_listing *listing);

#endif
