/* SPDX-License-Identifier: BSD-3-Clause */
/* Ctrl-C and SIGTERM, as a byte in a pipe; and the processes that a build might leave. A signal handler has no argument of ours:
   what it needs are the two variables of this file. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/cli/interrupt.h"

static volatile sig_atomic_t caught;
static volatile sig_atomic_t write_end = -1;

static void
on_signal (int number)
{
  unsigned char byte = (unsigned char) number;
  int saved = errno;

  caught = number;
  (void) !write (write_end, &byte, 1);
  errno = saved;
}

/* One that is ignored stays ignored: nohup(1) relies on it. */
static void
catch_one (int number)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int) SA_RESETHAND | SA_RESTART };
  struct sigaction old;

  if (sigaction (number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
    sigaction (number, &action, NULL);
}

int
br_cli_interrupt_catch (void)
{
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC | O_NONBLOCK) < 0)
    return -1;
  write_end = fds[1];
  catch_one (SIGINT);
  catch_one (SIGTERM);
  catch_one (SIGHUP);
  return fds[0];
}

int
br_cli_interrupted (void)
{
  return caught;
}

void
br_cli_adopt_orphans (void)
{
  prctl (PR_SET_CHILD_SUBREAPER, 1);
}

/* Those of a child that ends become ours: the list is read again until it is empty. */
static int
kill_children (void)
{
  FILE *f = fopen ("/proc/thread-self/children", "re");
  long pid;
  int n = 0;

  if (f == NULL)
    return 0;
  for (; fscanf (f, "%ld", &pid) == 1; n++)
    kill ((pid_t) pid, SIGKILL);
  fclose (f);
  return n;
}

void
br_cli_end_orphans (void)
{
  while (waitpid (-1, NULL, WNOHANG) >= 0 && kill_children () > 0)
    while (waitpid (-1, NULL, 0) > 0)
      kill_children ();
}
