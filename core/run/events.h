/* SPDX-License-Identifier: BSD-3-Clause */
/* What a worker says: lines of JSON, one for each thing that happened. The supervisor and the host each keep a result of their own
   and apply them to it. */
#ifndef BR_RUN_EVENTS_H
#define BR_RUN_EVENTS_H

#include <pthread.h>
#include <sys/types.h>

#include "core/run/pipeline.h"
#include "core/run/sink.h"

/* Exit statuses of a worker that cannot say anything any more: somebody has closed its pipe, memory ran out, or the system refused it
   something. */
#define BR_WORKER_MUTE   70
#define BR_WORKER_SPENT  71
#define BR_WORKER_BARRED 72

/* Sets why to what such a status says of who; 0 for any other status. */
int br_worker_mute_reason (int status, const char *who, struct br_error *why);

/* ---- Saying ---- */

struct br_event_writer {
  int fd;
  dev_t dev; /* what the descriptor was at first: a plugin may close it, and another file take its number */
  ino_t ino;
  pthread_mutex_t lock; /* whole lines, from any thread */
};

/* Takes fd over, under a number that is out of the way. */
int br_event_writer_init (struct br_event_writer *writer, int fd);
/* A line that could not be written ends the process with one of the statuses above. */
void br_event_sink (struct br_event_writer *writer, struct br_sink *sink);
/* The pipelines are through; failure NULL: all is well. */
void br_event_outcome (struct br_event_writer *writer, const struct br_failure *failure);

/* ---- Hearing ---- */

/* What a supervisor that stays says when the result is written. */
#define BR_EVENT_FINISHED "{\"event\": \"finished\"}"

/* What has been heard of a build. Start with zeroes but running = BR_NO_STEP. */
struct br_heard {
  struct br_result *result;
  size_t running;            /* the step that has begun and not ended */
  int built;                 /* what comes now are analyses */
  int outcome;               /* the pipelines are through */
  int out_of_memory;         /* a crash, with the memory limit nearly used up */
  int finished;              /* the supervisor has written the result and stays */
  int lost;                  /* memory ran out here: result is not what was said */
  struct br_failure failure; /* of the outcome */
};

/* A line that is no event is left alone: a plugin may have got hold of the pipe. 1: people may want to know of it. */
int br_heard_line (struct br_heard *heard, const char *text, size_t length,
                   const struct br_run_observer *observer);

#endif
