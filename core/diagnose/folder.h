/* SPDX-License-Identifier: BSD-3-Clause */
/* The logs of a build, in the order in which causes come before what follows from them. */
#ifndef BR_DIAGNOSE_FOLDER_H
#define BR_DIAGNOSE_FOLDER_H

#include <stddef.h>

#include "common/error.h"

#define BR_LOGS_MAX   512 /* files that are read */
#define BR_LOGS_DEPTH 12  /* folders inside folders */

struct br_log {
  char *path, *name; /* name: relative to the folder; owned */
  int order;         /* lower ones come earlier in the flow */
  int main;          /* of the build as a whole: it decides whether that failed */
};

struct br_logs {
  struct br_log *items;
  size_t n;
};

/* Adds every log in dir/below (below "": dir itself) and its folders; links are not followed. A missing folder holds none. -1: memory. */
int br_logs_add_folder (struct br_logs *logs, const char *dir, const char *below, struct br_error *err);
/* Adds one file, unless it is listed. -1: memory. */
int br_logs_add_file (struct br_logs *logs, const char *dir, const char *name, int is_main,
                      struct br_error *err);
void br_logs_sort (struct br_logs *logs);
void br_logs_free (struct br_logs *logs);

#endif
