/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of a supervisor. It wakes for a line, for a word of the host, for the end of the worker and for deadlines, and
   for nothing else. */
#include <config.h>

#include "core/proc/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "core/proc/child.h"
#include "core/proc/clock.h"
#include "core/proc/tree.h"

#define CLOSED_SECONDS 1    /* that a worker without a voice has to be gone */
#define LOOK_SECONDS   0.02 /* between looks after a worker whose end cannot be waited for in poll () */

enum { EVENTS, PIDFD, HOST, N_FDS };

struct watch {
  struct br_supervision *s;
  struct br_tree_child child;
  struct pollfd fds[N_FDS];
  struct br_str buffer;
  off_t log_size;
  double silence_end, kill_end; /* deadlines; 0: none. kill_end: of the grace period */
  double closed_end;            /* the voice is gone: the worker has until then to be gone too */
  int ending, host_died;
};

/* ---- Lines ---- */

static void
deliver (struct watch *w)
{
  size_t at = 0;
  const char *newline;

  while (at < w->buffer.length &&
         (newline = memchr (w->buffer.text + at, '\n', w->buffer.length - at)) != NULL) {
    size_t length = (size_t) (newline - w->buffer.text) - at;

    w->s->line (w->s->closure, w->buffer.text + at, length);
    at += length + 1;
  }
  if (at == 0)
    return;
  memmove (w->buffer.text, w->buffer.text + at, w->buffer.length - at);
  br_str_truncate (&w->buffer, w->buffer.length - at);
}

static void
lose_voice (struct watch *w)
{
  w->fds[EVENTS].fd = -1;
  w->closed_end = br_clock_now () + CLOSED_SECONDS;
}

/* 1 while more may be there. */
static int
take_events (struct watch *w)
{
  char bytes[65536];
  ssize_t n = br_fd_read (w->s->events, bytes, sizeof bytes);

  if (n < 0 && errno == EAGAIN)
    return 0;
  if (n > 0)
    br_str_add_bytes (&w->buffer, bytes, (size_t) n);
  w->s->lost |= br_str_failed (&w->buffer);
  if (n <= 0 || br_str_failed (&w->buffer) || w->buffer.length > BR_EVENT_LIMIT) {
    lose_voice (w);
    return 0;
  }
  deliver (w);
  if (w->s->silence_seconds > 0)
    w->silence_end = br_clock_now () + w->s->silence_seconds;
  return 1;
}

/* ---- Ending ---- */

static void
begin_end (struct watch *w, enum br_worker_end why)
{
  if (w->ending)
    return;
  w->ending = 1;
  w->s->end = why;
  w->kill_end = br_clock_now () + BR_GRACE_SECONDS;
  br_tree_signal (SIGTERM);
}

static void
hear_host (struct watch *w)
{
  unsigned char number;

  if (br_fd_read (w->s->host, &number, 1) == 1) {
    if (!w->ending)
      w->s->signal_number = number;
    begin_end (w, BR_WORKER_INTERRUPTED);
    return;
  }
  w->host_died = 1;
  br_tree_kill (&w->child);
}

/* Output that goes past us into the log is a sign of life too. */
static int
log_has_grown (struct watch *w)
{
  struct stat st;

  if (w->s->log < 0 || fstat (w->s->log, &st) < 0 || st.st_size == w->log_size)
    return 0;
  w->log_size = st.st_size;
  w->silence_end = br_clock_now () + w->s->silence_seconds;
  return 1;
}

static void
check_clocks (struct watch *w)
{
  double now = br_clock_now ();

  if (w->ending && now >= w->kill_end)
    br_tree_kill (&w->child);
  else if (!w->ending && w->s->wall_end > 0 && now >= w->s->wall_end)
    begin_end (w, BR_WORKER_WALL);
  else if (!w->ending && w->silence_end > 0 && now >= w->silence_end && !log_has_grown (w))
    begin_end (w, BR_WORKER_SILENCE);
  else if (w->closed_end > 0 && now >= w->closed_end) {
    if (!w->ending)
      w->s->end = BR_WORKER_CLOSED;
    w->ending = 1;
    br_tree_kill (&w->child);
  }
}

static double
next_deadline (const struct watch *w)
{
  double deadline = w->ending ? w->kill_end : br_clock_earlier (w->s->wall_end, w->silence_end);

  if (w->fds[PIDFD].fd < 0)
    deadline = br_clock_earlier (deadline, br_clock_now () + LOOK_SECONDS);
  return br_clock_earlier (deadline, w->closed_end);
}

/* ---- The loop ---- */

static void
wait_for_something (struct watch *w)
{
  if (poll (w->fds, N_FDS, br_clock_poll_ms (next_deadline (w))) < 0)
    return;
  if (w->fds[EVENTS].fd >= 0 && w->fds[EVENTS].revents != 0)
    take_events (w);
  if (w->fds[HOST].revents != 0)
    hear_host (w);
  if (w->fds[PIDFD].fd < 0 || w->fds[PIDFD].revents != 0)
    br_tree_reap (&w->child);
}

static int
begin (struct watch *w)
{
  struct br_supervision *s = w->s;
  struct stat st;

  w->child.pid = s->worker;
  w->fds[EVENTS] = (struct pollfd){ .fd = s->events, .events = POLLIN };
  w->fds[PIDFD] = (struct pollfd){ .fd = pidfd_open (s->worker, 0), .events = POLLIN };
  w->fds[HOST] = (struct pollfd){ .fd = s->host, .events = POLLIN };
  if (s->silence_seconds > 0)
    w->silence_end = br_clock_now () + s->silence_seconds;
  if (s->log >= 0 && fstat (s->log, &st) == 0)
    w->log_size = st.st_size;
  return fcntl (s->events, F_SETFL, O_NONBLOCK);
}

/* What was said before the end is in the pipe still. */
static void
drain (struct watch *w)
{
  while (w->fds[EVENTS].fd >= 0 && take_events (w))
    ;
}

int
br_supervise (struct br_supervision *s)
{
  struct watch w = { .s = s };

  s->end = BR_WORKER_EXITED;
  begin (&w);
  while (!w.child.ended && !w.host_died) {
    wait_for_something (&w);
    if (!w.child.ended && !w.host_died)
      check_clocks (&w);
  }
  br_tree_kill (&w.child);
  if (!w.host_died)
    drain (&w);
  s->status = w.child.status;
  br_cleanup_close (&w.fds[PIDFD].fd);
  br_str_free (&w.buffer);
  return w.host_died ? -1 : 0;
}
