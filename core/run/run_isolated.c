/* SPDX-License-Identifier: BSD-3-Clause */
/* A build in processes of its own, as the host sees it: it sends the job, hears what happens, passes interruptions on, and reads
   the result that the supervisor wrote. */
#include <config.h>

#include "core/run/run_private.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "core/host/builtin.h"
#include "core/proc/cgroup.h"
#include "core/run/events.h"
#include "core/run/finish.h"
#include "core/run/output.h"

struct session {
  const struct br_job *job;
  const struct br_run_options *options;
  struct br_heard heard; /* what the host knows by itself, for the case that the supervisor dies */
  pid_t supervisor;
  int socket, status;
  struct br_str buffer;
};

/* ---- Talking ---- */

static void
hear_lines (struct session *s)
{
  size_t at = 0;
  const char *newline;

  while (at < s->buffer.length &&
         (newline = memchr (s->buffer.text + at, '\n', s->buffer.length - at)) != NULL) {
    size_t length = (size_t) (newline - s->buffer.text) - at;

    br_heard_line (&s->heard, s->buffer.text + at, length, s->options->observer);
    at += length + 1;
  }
  if (at == 0)
    return;
  memmove (s->buffer.text, s->buffer.text + at, s->buffer.length - at);
  br_str_truncate (&s->buffer, s->buffer.length - at);
}

/* 1 while more may come: up to the end of the supervisor, or of what a kept one has to say. */
static int
hear (struct session *s)
{
  char bytes[65536];
  ssize_t n = br_fd_read (s->socket, bytes, sizeof bytes);

  if (n <= 0)
    return 0;
  br_str_add_bytes (&s->buffer, bytes, (size_t) n);
  if (br_str_failed (&s->buffer))
    return 0;
  hear_lines (s);
  return !s->heard.finished;
}

/* The byte, the number of a signal, goes on as it is. */
static void
pass_interrupt (struct session *s, struct pollfd *fd)
{
  char number;

  if (br_fd_read (fd->fd, &number, 1) == 1)
    br_worker_send (s->socket, &number, 1, -1);
  else
    fd->fd = -1;
}

static void
follow (struct session *s)
{
  int interrupt = s->options->interrupt_fd > 0 ? s->options->interrupt_fd : -1;
  struct pollfd fds[2] = { { .fd = s->socket, .events = POLLIN }, { .fd = interrupt, .events = POLLIN } };

  for (;;) {
    if (poll (fds, 2, -1) < 0) {
      if (errno != EINTR)
        return;
      continue;
    }
    if (fds[1].revents != 0)
      pass_interrupt (s, &fds[1]);
    if (fds[0].revents != 0 && !hear (s))
      return;
  }
}

/* ---- The result ---- */

/* NULL without an error where there is none; with one where there is, but it cannot be read. */
static struct br_result *
read_result (const struct br_job *job, struct br_error *err)
{
  BR_AUTOFREE char *path = br_output_path (job, NULL, BR_OUTPUT_RESULT, "");
  BR_AUTOFREE char *text = NULL;
  size_t size = 0;

  if (path == NULL)
    br_error_oom (err);
  else if (access (path, F_OK) == 0 && br_file_read (path, BR_RESULT_LIMIT, &text, &size, err) == 0)
    return br_result_parse (text, size, err);
  return NULL;
}

/* Nobody else writes a result any more: what the host heard is one. */
static struct br_result *
finish_alone (struct session *s, struct br_failure *failure, struct br_error *err)
{
  struct br_result *result = s->heard.result;

  br_output_remove_temporaries (s->job->output_dir);
  if (br_finish (s->job, result, failure, err) < 0)
    return NULL;
  s->heard.result = NULL;
  return result;
}

static const char *
worker_of (const struct br_run_options *options)
{
  return options->worker != NULL ? options->worker : br_host_worker_path ();
}

static int
find_supervisor (struct session *s, struct br_error *err)
{
  const char *worker = worker_of (s->options);

  if (s->options->kept != NULL && br_kept_take (s->options->kept, worker, &s->supervisor, &s->socket))
    return 0;
  return br_worker_spawn (worker, "build", &s->supervisor, &s->socket, err);
}

/* Its processes died with it or are the caller's, if that is a subreaper. */
static struct br_result *
finish_killed (struct session *s, struct br_error *err)
{
  struct br_failure failure = { .index = s->heard.running };
  char name[24];

  br_cgroup_end (s->supervisor);
  br_error_set (&failure.error, "environment", "the supervisor of the build was killed (%s)",
                br_signal_name (WTERMSIG (s->status), name));
  return finish_alone (s, &failure, err);
}

/* The supervisor's own last words are an outcome that says why there is no result. */
static struct br_result *
take_result (struct session *s, struct br_error *err)
{
  struct br_result *result = read_result (s->job, err);

  if (result != NULL || br_error_is_set (err))
    return result;
  if (WIFSIGNALED (s->status))
    return finish_killed (s, err);
  br_error_move (err, &s->heard.failure.error);
  br_error_set (err, "environment", "the worker program ended and left no result (status %d)",
                WIFEXITED (s->status) ? WEXITSTATUS (s->status) : -1);
  return NULL;
}

static void
end_conversation (struct session *s)
{
  if (s->heard.finished) {
    br_kept_give (s->options->kept, worker_of (s->options), s->supervisor, s->socket);
    return;
  }
  close (s->socket);
  while (waitpid (s->supervisor, &s->status, 0) < 0 && errno == EINTR)
    ;
}

/* An older result must be gone before the supervisor can die: it would pass for this build's. A worker that cannot be started has left it
   alone by then. */
static struct br_result *
converse (struct session *s, const char *text, int lock, struct br_error *err)
{
  struct br_failure failure = { .index = BR_NO_STEP };
  int cleared = br_output_clear (s->job->output_dir, &failure.error);

  if (cleared == 0 && br_worker_send (s->socket, text, strlen (text), lock) == 0)
    follow (s);
  end_conversation (s);
  return cleared == 0 ? take_result (s, err) : finish_alone (s, &failure, err);
}

struct br_result *
br_run_isolated (const struct br_job *job, const struct br_run_options *options,
                 const struct br_output *output, int *started, struct br_error *err)
{
  struct session s = { .job = job, .options = options, .heard = { .running = BR_NO_STEP } };
  BR_AUTOFREE char *text = br_job_text (job);
  struct br_result *result = NULL;

  s.heard.result = br_job_result (job);
  if (text == NULL || s.heard.result == NULL)
    br_error_oom (err);
  else if (find_supervisor (&s, err) == 0) {
    *started = 1;
    result = converse (&s, text, output->lock, err);
  }
  br_result_free (s.heard.result);
  br_error_clear (&s.heard.failure.error);
  br_str_free (&s.buffer);
  return result;
}
