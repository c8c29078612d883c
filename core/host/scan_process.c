/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting a scan child and talking with it. This is a library's code: no signal is raised in the caller (a
   socket instead of a pipe, written with MSG_NOSIGNAL), and no other child is waited for. */
#include <config.h>

#include "core/host/scan_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"
#include "core/host/builtin.h"
#include "core/host/catalogue.h"
#include "core/host/scan_wire.h"

#define LINE_LIMIT (64u << 20) /* bytes; a child that says more in a line has lost its mind */

/* Numbers above the four that the child's own are put on. */
static int
lift (int fd)
{
  int high = fd == -1 ? -1 : fcntl (fd, F_DUPFD_CLOEXEC, 10), error = errno;

  if (fd != -1)
    close (fd);
  errno = error;
  return high;
}

static int
make_channels (int in[2], int out[2])
{
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) == -1)
    return -1;
  in[0] = lift (in[0]);
  in[1] = lift (in[1]);
  if (pipe2 (out, O_CLOEXEC) == -1)
    return -1;
  out[0] = lift (out[0]);
  out[1] = lift (out[1]);
  return in[0] == -1 || in[1] == -1 || out[0] == -1 || out[1] == -1 ? -1 : 0;
}

static void
close_all (int in[2], int out[2])
{
  for (int i = 0; i < 2; i++) {
    if (in[i] != -1)
      close (in[i]);
    if (out[i] != -1)
      close (out[i]);
  }
}

/* Whatever the caller does with signals, the child begins with the defaults. */
static int
set_signals (posix_spawnattr_t *attr)
{
  sigset_t all, none;

  sigfillset (&all);
  sigemptyset (&none);
  if ((errno = posix_spawnattr_setsigdefault (attr, &all)) != 0 ||
      (errno = posix_spawnattr_setsigmask (attr, &none)) != 0)
    return -1;
  errno =
      posix_spawnattr_setflags (attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  return errno == 0 ? 0 : -1;
}

static int
set_files (posix_spawn_file_actions_t *files, int in, int out)
{
  if ((errno = posix_spawn_file_actions_adddup2 (files, in, STDIN_FILENO)) != 0 ||
      (errno = posix_spawn_file_actions_addopen (files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)) != 0 ||
      (errno = posix_spawn_file_actions_adddup2 (files, STDOUT_FILENO, STDERR_FILENO)) != 0)
    return -1;
  errno = posix_spawn_file_actions_adddup2 (files, out, BR_SCAN_FD);
  return errno == 0 ? 0 : -1;
}

extern char **environ;

static int
spawn (pid_t *pid, const char *worker, const char *argument, int in, int out)
{
  char *argv[] = { (char *) worker, (char *) (argument != NULL ? argument : "scan"),
                   argument != NULL ? "scan" : NULL, NULL };
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attr;
  int ret = -1;

  if ((errno = posix_spawn_file_actions_init (&files)) != 0)
    return -1;
  if ((errno = posix_spawnattr_init (&attr)) == 0) {
    if (set_signals (&attr) == 0 && set_files (&files, in, out) == 0) {
      errno = posix_spawn (pid, worker, &files, &attr, argv, environ);
      ret = errno == 0 ? 0 : -1;
    }
    posix_spawnattr_destroy (&attr);
  }
  posix_spawn_file_actions_destroy (&files);
  return ret;
}

int
br_scan_process_start (struct br_scan_process *process, const char *worker, struct br_error *err)
{
  int in[2] = { -1, -1 }, out[2] = { -1, -1 };
  const char *argument = worker == NULL ? br_host_worker_argument () : NULL;

  *process = (struct br_scan_process){ .in = -1, .out = -1 };
  if (worker == NULL)
    worker = br_host_worker_path ();
  /* asked first: a posix_spawn that is made of fork, as under valgrind, cannot say that there is no such
     program */
  if (access (worker, X_OK) == -1 || make_channels (in, out) == -1 ||
      spawn (&process->pid, worker, argument, in[0], out[1]) == -1) {
    br_error_errno (err, "cannot start", worker);
    close_all (in, out);
    return -1;
  }
  close (in[0]);
  close (out[1]);
  process->in = in[1];
  process->out = out[0];
  return 0;
}

int
br_scan_process_ask (struct br_scan_process *process, const char *text, size_t size)
{
  while (size > 0) {
    ssize_t n = send (process->in, text, size, MSG_NOSIGNAL);

    if (n == -1 && errno == EINTR)
      continue;
    if (n == -1)
      return -1;
    text += n;
    size -= (size_t) n;
  }
  return 0;
}

void
br_scan_process_end (struct br_scan_process *process)
{
  if (process->in != -1)
    close (process->in);
  process->in = -1;
}

static long
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* 1: there is a line; its length goes to *size. */
static int
whole_line (const struct br_scan_process *process, size_t *size)
{
  size_t left = process->buffer.length - process->taken;
  const char *start = left > 0 ? process->buffer.text + process->taken : NULL;
  const char *end = start != NULL ? memchr (start, '\n', left) : NULL;

  if (end == NULL)
    return 0;
  *size = (size_t) (end - start);
  return 1;
}

/* 1: more came; 0: time is up; -1: nothing will come. */
static int
receive (struct br_scan_process *process, int timeout_ms)
{
  struct pollfd out = { .fd = process->out, .events = POLLIN };
  char bytes[16384];
  ssize_t n;
  int ready = poll (&out, 1, timeout_ms);

  if (ready == -1)
    return errno == EINTR ? 1 : -1;
  if (ready == 0)
    return 0;
  if ((n = br_fd_read (process->out, bytes, sizeof bytes)) <= 0)
    return -1;
  br_str_add_bytes (&process->buffer, bytes, (size_t) n);
  return br_str_failed (&process->buffer) || process->buffer.length - process->taken > LINE_LIMIT ? -1 : 1;
}

int
br_scan_process_line (struct br_scan_process *process, int limit_ms, const char **line, size_t *size)
{
  long end = now_ms () + limit_ms;

  while (!whole_line (process, size)) {
    long left = end - now_ms ();
    int more = left > 0 ? receive (process, (int) left) : 0;

    if (more != 1)
      return more;
  }
  *line = process->buffer.text + process->taken;
  process->taken += *size + 1;
  return 1;
}

void
br_scan_process_finish (struct br_scan_process *process, int kill_it)
{
  if (kill_it)
    kill (process->pid, SIGKILL);
  br_scan_process_end (process);
  close (process->out);
  while (waitpid (process->pid, NULL, 0) == -1 && errno == EINTR)
    ;
  br_str_free (&process->buffer);
}
