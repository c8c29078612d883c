/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of br_run and of the worker program share. */
#ifndef BR_RUN_RUN_PRIVATE_H
#define BR_RUN_RUN_PRIVATE_H

#include <sys/types.h>

#include "core/run/job.h"
#include "core/run/output.h"

#define BR_WORKER_HOST 0 /* of the worker program: a socket to the host */

/* The result, which stands on disk; or NULL. *started is set to 1 before anything is written. */
struct br_result *br_run_in_process (const struct br_job *job, const struct br_run_options *options,
                                     int *started, struct br_error *err);
struct br_result *br_run_isolated (const struct br_job *job, const struct br_run_options *options,
                                   const struct br_output *output, int *started, struct br_error *err);

/* Starts the worker program (NULL: br_host_worker_path ()) in a session of its own. *host is our end of its socket. Category
   "environment". */
int br_worker_spawn (const char *worker, const char *mode, pid_t *pid, int *host, struct br_error *err);
/* Sends it a request, a whole line; lock, the locked output folder of a build, goes with it (-1: none). */
int br_worker_send (int host, const char *text, size_t size, int lock);

/* What buildrunner-worker does as "build" and "probe"; the exit status. */
int br_worker_build (void);
int br_worker_probe (void);
/* Reads from the host up to the end of a line; the caller frees, and closes *lock where it is not -1. NULL: there is none. */
char *br_worker_request (size_t *size, int *lock);
/* Tells the host why there is nothing more to come; err is emptied. */
void br_worker_last_words (struct br_error *err);
/* A subreaper that no signal of a terminal ends. */
int br_worker_become_supervisor (void);
/* In the child that runs plugins: it dies with its supervisor, SIGTERM makes *cancel_fd readable, crashes say whether memory had run out. */
int br_worker_become_worker (pid_t supervisor, double memory_mb, int events, int *cancel_fd);
/* Of a worker that was killed: "SIGSEGV". Static storage, or a number in buffer. */
const char *br_signal_name (int number, char buffer[24]);

#endif
