/* SPDX-License-Identifier: BSD-3-Clause */
/* Supervisors that stay between builds: the next build need not start a program. May be used by several threads. */
#ifndef BR_RUN_KEPT_H
#define BR_RUN_KEPT_H

#include <sys/types.h>

/* NULL: memory. Nothing is started yet. */
struct br_kept *br_kept_new (void);
/* Ends the supervisors that are in it, and waits for them. */
void br_kept_free (struct br_kept *kept);

/* Starts one ahead (worker NULL: br_host_worker_path ()), while its owner has other things to do. That it cannot be started is the first build's
   to say. */
void br_kept_start (struct br_kept *kept, const char *worker);

/* Hands out one: 1; 0 where there is none. Those that would not do are ended: of another environment or program, dead, or of the process
   that this one was forked from. */
int br_kept_take (struct br_kept *kept, const char *worker, pid_t *pid, int *host);
/* Takes it over, idle, until the next build. Where memory runs out it is ended. */
void br_kept_give (struct br_kept *kept, const char *worker, pid_t pid, int host);

#endif
