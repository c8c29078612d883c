/* SPDX-License-Identifier: BSD-3-Clause */
/* A program that is run for a plugin, with everything that it starts. */
#ifndef BR_PROC_CHILD_H
#define BR_PROC_CHILD_H

#include <stddef.h>

#include "common/error.h"

#define BR_GRACE_SECONDS 2     /* between SIGTERM and SIGKILL */
#define BR_LINE_LIMIT    65536 /* bytes of a line that a callback sees; the log gets all of them */

enum br_child_end { BR_CHILD_ITSELF, BR_CHILD_WALL, BR_CHILD_SILENCE, BR_CHILD_CANCEL, BR_CHILD_CALLBACK };

struct br_child_spec {
  const char *const *argv; /* argv[0] is looked up in PATH of env unless it has a slash */
  const char *const *env;  /* the whole environment; ends with NULL */
  const char *cwd;
  int log_fd;                           /* standard output and error go there byte for byte; -1: nowhere */
  double wall_seconds, silence_seconds; /* 0: no limit */
  double memory_mb;                     /* of address space, for each process; 0: as this process */
  int cancel_fd;                        /* readable when the program has to end; -1: none */
  /* Each line without its end, cut at BR_LINE_LIMIT, on the calling thread; other than 0 ends the program. May be NULL. */
  int (*line) (void *closure, const char *text, size_t length);
  void (*activity) (void *closure); /* output came; may be NULL */
  void *closure;
};

struct br_child_result {
  int exit_status; /* -1 when a signal ended it */
  int term_signal; /* 0 when it exited */
  enum br_child_end ended_by;
  double duration_seconds;
};

/* Runs the program in a session of its own, standard input from /dev/null, without a shell. When it returns, nothing of what the program
   started is left: a process between this one and the program inherits whatever tries to get away, and kills it, also when this
   process dies. -1 with category "environment" when it could not be started or its log not be written. */
int br_child_run (const struct br_child_spec *spec, struct br_child_result *result, struct br_error *err);

/* environ with changes: "NAME=value" sets, "NAME" alone removes; changes may be NULL. The array is the caller's, to be freed with
   free (); its strings are borrowed. NULL: memory. */
const char **br_child_environment (const char *const *changes);

#endif
