/* SPDX-License-Identifier: BSD-3-Clause */
/* The worker program: what it is called for, and what its two kinds of processes make of themselves. */
#include <config.h>

#include "core/run/run_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/file.h"
#include "core/host/catalogue.h"

#define HOST_SECONDS 2 /* that a host has to take what it is told */

int
br_worker_main (int argc, char **argv)
{
  const char *mode = argc == 2 ? argv[1] : "";

  if (strcmp (mode, "scan") == 0)
    return br_scan_main ();
  if (strcmp (mode, "build") == 0)
    return br_worker_build ();
  if (strcmp (mode, "probe") == 0)
    return br_worker_probe ();
  return BR_EXIT_USAGE;
}

int
br_worker_become_supervisor (void)
{
  static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
  const struct timeval patience = { .tv_sec = HOST_SECONDS };

  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
    signal (ignored[i], SIG_IGN);
  if (setsockopt (BR_WORKER_HOST, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) < 0)
    return -1;
  return prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

const char *
br_signal_name (int number, char buffer[24])
{
  const char *name = sigabbrev_np (number);

  if (name != NULL)
    snprintf (buffer, 24, "SIG%s", name);
  else
    snprintf (buffer, 24, "signal %d", number);
  return buffer;
}

/* ---- The worker: signals ---- */

/* A signal handler has no argument of ours; a worker is one process for one build. */
static struct {
  int cancel;          /* SIGTERM writes here */
  int events;          /* what a crash says goes here */
  size_t memory_limit; /* bytes; 0: none */
} handlers;

static void
on_term (int number)
{
  int saved = errno;
  char byte = (char) number;

  (void) !write (handlers.cancel, &byte, 1);
  errno = saved;
}

/* The first number of /proc/self/statm: pages of address space. */
static size_t
address_space (void)
{
  char text[64];
  size_t pages = 0;
  int fd = open ("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? read (fd, text, sizeof text - 1) : -1;

  for (ssize_t i = 0; i < n && text[i] >= '0' && text[i] <= '9'; i++)
    pages = pages * 10 + (size_t) (text[i] - '0');
  if (fd >= 0)
    close (fd);
  return pages * 4096;
}

/* Under a limit that was nearly reached, a crash is one of a program that did not expect malloc () to fail. */
static void
on_crash (int number)
{
  static const char exhausted[] = "{\"event\": \"exhausted\"}\n";

  if (handlers.memory_limit > 0 && address_space () > handlers.memory_limit / 2)
    (void) !write (handlers.events, exhausted, sizeof exhausted - 1);
  signal (number, SIG_DFL);
  raise (number);
}

/* An overflow of the stack is a crash as well: the handler has a stack of its own. */
static int
catch_crashes (void)
{
  static char stack_memory[65536];
  const stack_t stack = { .ss_sp = stack_memory, .ss_size = sizeof stack_memory };
  struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_NODEFER };

  if (sigaltstack (&stack, NULL) < 0)
    return -1;
  sigaction (SIGSEGV, &action, NULL);
  sigaction (SIGBUS, &action, NULL);
  sigaction (SIGILL, &action, NULL);
  sigaction (SIGFPE, &action, NULL);
  return sigaction (SIGABRT, &action, NULL);
}

static int
catch_term (int *cancel_fd)
{
  struct sigaction action = { .sa_handler = on_term, .sa_flags = SA_RESTART };
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC | O_NONBLOCK) < 0)
    return -1;
  *cancel_fd = fds[0];
  handlers.cancel = fds[1];
  return sigaction (SIGTERM, &action, NULL);
}

/* ---- The worker: limits ---- */

static int
limit_memory (double memory_mb)
{
  const struct rlimit limit = { .rlim_cur = (rlim_t) (memory_mb * 1048576),
                                .rlim_max = (rlim_t) (memory_mb * 1048576) };

  if (memory_mb <= 0)
    return 0;
  handlers.memory_limit = (size_t) limit.rlim_cur;
  return setrlimit (RLIMIT_AS, &limit);
}

int
br_worker_become_worker (pid_t supervisor, double memory_mb, int events, int *cancel_fd)
{
  setsid ();
  signal (SIGINT, SIG_DFL);
  signal (SIGHUP, SIG_DFL);
  signal (SIGQUIT, SIG_DFL);
  handlers.events = events;
  if (prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
    return -1;
  /* it may have died before that */
  if (getppid () != supervisor)
    return -1;
  if (catch_term (cancel_fd) < 0 || catch_crashes () < 0)
    return -1;
  return limit_memory (memory_mb);
}
