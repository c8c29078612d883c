/* SPDX-License-Identifier: BSD-3-Clause */
/* The keeper. It was forked from a program that may have threads: only functions that are safe there are used. */
#include <config.h>

#include "core/proc/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/proc/clock.h"
#include "core/proc/tree.h"

struct keeper {
  struct br_tree_child program;
  int control, signals;
  double deadline; /* of the grace period; 0: it has not begun */
};

static void
reset_signals (void)
{
  sigset_t none;

  for (int i = 1; i < NSIG; i++)
    signal (i, SIG_DFL);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

static void
fail_start (int status_fd)
{
  int error = errno;

  (void) !write (status_fd, &error, sizeof error);
  _exit (127);
}

static int
limit_memory (double memory_mb)
{
  const rlim_t bytes = (rlim_t) (memory_mb * 1048576);
  const struct rlimit limit = { .rlim_cur = bytes, .rlim_max = bytes };

  return memory_mb > 0 ? setrlimit (RLIMIT_AS, &limit) : 0;
}

/* status_fd closes by itself when the program starts. */
_Noreturn static void
become_program (const struct br_child_spec *spec, int out, int status_fd)
{
  int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  setsid ();
  reset_signals ();
  if (null < 0 || dup2 (null, 0) < 0 || dup2 (out, 1) < 0 || dup2 (out, 2) < 0)
    fail_start (status_fd);
  if ((spec->cwd != NULL && chdir (spec->cwd) < 0) || limit_memory (spec->memory_mb) < 0)
    fail_start (status_fd);
  environ = (char **) (uintptr_t) spec->env; /* execvp looks for PATH there */
  execvp (spec->argv[0], (char *const *) (uintptr_t) spec->argv);
  fail_start (status_fd);
  _exit (127);
}

/* 0 once the program runs, else errno. */
static int
start (struct keeper *k, const struct br_child_spec *spec, int out)
{
  int fds[2], error = 0;

  if (pipe2 (fds, O_CLOEXEC) < 0)
    return errno;
  k->program.pid = fork ();
  if (k->program.pid < 0)
    error = errno;
  else if (k->program.pid == 0)
    become_program (spec, out, fds[1]);
  close (fds[1]);
  if (error == 0 && read (fds[0], &error, sizeof error) != sizeof error)
    error = 0;
  close (fds[0]);
  return error;
}

/* Everything that the parent had open stays with the parent. */
static void
drop_descriptors (int *out, int *control)
{
  int low_out = fcntl (*out, F_DUPFD, 64), low_control = fcntl (*control, F_DUPFD, 64);

  if (low_out < 0 || low_control < 0)
    _exit (127);
  dup2 (low_out, 3);
  dup2 (low_control, 4);
  close_range (5, ~0u, 0);
  *out = 3;
  *control = 4;
  fcntl (3, F_SETFD, FD_CLOEXEC);
  fcntl (4, F_SETFD, FD_CLOEXEC);
}

/* A word from the parent begins the grace period; its end is the end of everything at once. */
static void
hear (struct keeper *k)
{
  char word;

  if (read (k->control, &word, 1) != 1)
    br_tree_kill (&k->program);
  else if (k->deadline <= 0) {
    br_tree_signal (SIGTERM);
    k->deadline = br_clock_now () + BR_GRACE_SECONDS;
  }
}

static void
drain (int signals)
{
  struct signalfd_siginfo info;

  (void) !read (signals, &info, sizeof info);
}

/* Until nothing is left: the program's own end is the end of what it leaves behind. */
static void
keep (struct keeper *k)
{
  struct pollfd fds[2] = { { .fd = k->control, .events = POLLIN }, { .fd = k->signals, .events = POLLIN } };

  while (br_tree_reap (&k->program)) {
    if (k->deadline > 0 ? br_clock_now () >= k->deadline : k->program.ended) {
      br_tree_kill (&k->program);
      return;
    }
    if (poll (fds, 2, br_clock_poll_ms (k->deadline)) <= 0)
      continue;
    if (fds[1].revents != 0)
      drain (k->signals);
    if (fds[0].revents != 0)
      hear (k);
  }
}

static int
prepare (struct keeper *k)
{
  sigset_t child;

  sigemptyset (&child);
  sigaddset (&child, SIGCHLD);
  if (sigprocmask (SIG_SETMASK, &child, NULL) < 0)
    return -1;
  k->signals = signalfd (-1, &child, SFD_CLOEXEC);
  return k->signals < 0 ? -1 : prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* Signals that are meant for the program's group, or sent to all descendants, do not end the one that has to clean up. */
static void
ignore_signals (void)
{
  for (int i = 1; i < NSIG; i++)
    signal (i, i == SIGCHLD || i == SIGSEGV || i == SIGBUS || i == SIGABRT ? SIG_DFL : SIG_IGN);
}

_Noreturn void
br_keeper_main (const struct br_child_spec *spec, int out, int control)
{
  struct keeper k = { .program = { .pid = -1 } };
  struct br_keeper_report report = { 0 };

  setsid ();
  drop_descriptors (&out, &control);
  ignore_signals ();
  k.control = control;
  if (prepare (&k) < 0)
    report.error = errno;
  else
    report.error = start (&k, spec, out);
  close (out);
  keep (&k);
  report.status = k.program.status;
  (void) !write (control, &report, sizeof report);
  _exit (0);
}
