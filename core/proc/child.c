/* SPDX-License-Identifier: BSD-3-Clause */
/* Running a program: its output, its limits. What it starts is the keeper's (keeper.c). */
#include <config.h>

#include "core/proc/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "core/proc/clock.h"
#include "core/proc/keeper.h"

struct run {
  const struct br_child_spec *spec;
  struct br_child_result *result;
  struct br_error *err;
  pid_t keeper;
  int out, control;
  double start, wall_end, silence_end; /* deadlines; 0: none */
  int ending;                          /* the keeper was told */
  struct br_str line;                  /* what came of a line whose end has not */
};

/* ---- Start ---- */

static int
start_keeper (struct run *run)
{
  int out[2] = { -1, -1 }, control[2] = { -1, -1 };

  if (pipe2 (out, O_CLOEXEC) == 0 && socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) == 0)
    run->keeper = fork ();
  if (run->keeper == 0)
    br_keeper_main (run->spec, out[1], control[1]);
  br_cleanup_close (&out[1]);
  br_cleanup_close (&control[1]);
  run->out = out[0];
  run->control = control[0];
  return run->keeper > 0 ? 0 : br_error_errno (run->err, "cannot start", run->spec->argv[0]);
}

/* ---- Output ---- */

static void
end (struct run *run, enum br_child_end why)
{
  const char word = BR_KEEPER_END;

  if (run->ending)
    return;
  run->ending = 1;
  run->result->ended_by = why;
  (void) !send (run->control, &word, 1, MSG_NOSIGNAL);
}

static void
deliver_line (struct run *run)
{
  const char *text = run->line.text != NULL ? run->line.text : "";

  if (!run->ending && run->spec->line (run->spec->closure, text, run->line.length) != 0)
    end (run, BR_CHILD_CALLBACK);
  br_str_truncate (&run->line, 0);
}

/* Bytes beyond the limit of a line are for the log alone. */
static void
add_to_line (struct run *run, const char *bytes, size_t n)
{
  size_t room = BR_LINE_LIMIT - run->line.length;

  br_str_add_bytes (&run->line, bytes, n < room ? n : room);
}

static void
split_lines (struct run *run, const char *bytes, size_t n)
{
  const char *newline;

  while ((newline = memchr (bytes, '\n', n)) != NULL) {
    size_t length = (size_t) (newline - bytes);

    add_to_line (run, bytes, length);
    deliver_line (run);
    bytes += length + 1;
    n -= length + 1;
  }
  add_to_line (run, bytes, n);
}

/* 1 while more may come. */
static int
take_output (struct run *run)
{
  char bytes[65536];
  ssize_t n = br_fd_read (run->out, bytes, sizeof bytes);

  if (n <= 0)
    return 0;
  if (run->spec->silence_seconds > 0)
    run->silence_end = br_clock_now () + run->spec->silence_seconds;
  if (run->spec->log_fd >= 0 && br_fd_write_all (run->spec->log_fd, bytes, (size_t) n) < 0) {
    br_error_errno (run->err, "cannot write", "the log");
    end (run, BR_CHILD_CANCEL);
  }
  if (run->spec->line != NULL)
    split_lines (run, bytes, (size_t) n);
  if (run->spec->activity != NULL)
    run->spec->activity (run->spec->closure);
  return 1;
}

/* ---- Limits ---- */

static void
check_clocks (struct run *run)
{
  double now = br_clock_now ();

  if (run->wall_end > 0 && now >= run->wall_end)
    end (run, BR_CHILD_WALL);
  else if (run->silence_end > 0 && now >= run->silence_end)
    end (run, BR_CHILD_SILENCE);
}

/* A keeper that has gone without a report was killed: nobody closes the output then. */
static int
keeper_is_lost (struct pollfd *control)
{
  char byte;

  if (control->revents == 0)
    return 0;
  if (recv (control->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
    return 1;
  control->fd = -1;
  return 0;
}

/* Ends with the output: the keeper sees to it that nobody holds the pipe. */
static void
follow (struct run *run)
{
  struct pollfd fds[3] = { { .fd = run->out, .events = POLLIN },
                           { .fd = run->spec->cancel_fd, .events = POLLIN },
                           { .fd = run->control, .events = POLLIN } };

  for (;;) {
    double deadline = run->ending ? 0 : br_clock_earlier (run->wall_end, run->silence_end);

    if (run->ending)
      fds[1].fd = -1;
    if (poll (fds, 3, br_clock_poll_ms (deadline)) < 0) {
      if (errno != EINTR)
        return;
      continue;
    }
    if (fds[1].fd >= 0 && fds[1].revents != 0)
      end (run, BR_CHILD_CANCEL);
    if (fds[0].revents != 0 && !take_output (run))
      return;
    if (fds[0].revents == 0 && keeper_is_lost (&fds[2]))
      return;
    if (!run->ending)
      check_clocks (run);
  }
}

/* ---- End ---- */

static int
take_report (struct run *run)
{
  struct br_keeper_report report;
  ssize_t n = recv (run->control, &report, sizeof report, MSG_WAITALL);

  if (n != (ssize_t) sizeof report)
    return br_error_set (run->err, "environment", "%s: the process that watched over it was killed",
                         run->spec->argv[0]);
  if (report.error != 0)
    return br_error_set (run->err, "environment", "cannot start %s: %s", run->spec->argv[0],
                         strerror (report.error));
  run->result->term_signal = WIFSIGNALED (report.status) ? WTERMSIG (report.status) : 0;
  run->result->exit_status = WIFEXITED (report.status) ? WEXITSTATUS (report.status) : -1;
  return 0;
}

static int
finish (struct run *run)
{
  int ret;

  if (run->spec->line != NULL && run->line.length > 0)
    deliver_line (run);
  ret = take_report (run);
  while (waitpid (run->keeper, NULL, 0) < 0 && errno == EINTR)
    ;
  run->result->duration_seconds = br_clock_now () - run->start;
  return br_error_is_set (run->err) ? -1 : ret;
}

int
br_child_run (const struct br_child_spec *spec, struct br_child_result *result, struct br_error *err)
{
  struct run run = { .spec = spec, .result = result, .err = err, .keeper = -1, .out = -1, .control = -1 };
  int ret = -1;

  memset (result, 0, sizeof *result);
  result->exit_status = -1;
  run.start = br_clock_now ();
  run.wall_end = spec->wall_seconds > 0 ? run.start + spec->wall_seconds : 0;
  run.silence_end = spec->silence_seconds > 0 ? run.start + spec->silence_seconds : 0;
  if (start_keeper (&run) == 0) {
    follow (&run);
    ret = finish (&run);
  }
  br_cleanup_close (&run.out);
  br_cleanup_close (&run.control);
  br_str_free (&run.line);
  return ret;
}
