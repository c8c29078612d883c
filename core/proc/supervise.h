/* SPDX-License-Identifier: BSD-3-Clause */
/* Watching over a worker: what it says, how long it takes, how it ends; and ending all that is below it. */
#ifndef BR_PROC_SUPERVISE_H
#define BR_PROC_SUPERVISE_H

#include <stddef.h>
#include <sys/types.h>

#define BR_EVENT_LIMIT (256u << 20) /* bytes of a line that a worker says */

enum br_worker_end {
  BR_WORKER_EXITED, /* status is waitpid's; whether it was done, what it said tells */
  BR_WORKER_CLOSED, /* it runs but cannot say anything any more; it was killed */
  BR_WORKER_WALL,   /* a limit struck; it was ended */
  BR_WORKER_SILENCE,
  BR_WORKER_INTERRUPTED /* the host asked for the end; signal_number says why */
};

struct br_supervision {
  pid_t worker;
  int events; /* its lines are read from here */
  int host;   /* what the host says: a byte is the number of a signal; its end is the host's */
  int log;    /* a file that grows while there is life; -1: none */
  double wall_end, silence_seconds; /* a deadline; 0: none */
  /* Each whole line, without its end. */
  void (*line) (void *closure, const char *text, size_t length);
  void *closure;

  /* set by br_supervise */
  enum br_worker_end end;
  int status, signal_number;
  int lost; /* memory ran out: not all lines were delivered */
};

/* For a child subreaper whose only children are this worker and what is below it. Returns once nothing of them is left: 0, or -1 when
   the host has died (nothing is left then either). */
int br_supervise (struct br_supervision *s);

#endif
