/* SPDX-License-Identifier: BSD-3-Clause */
/* kill_at DEPTH MICROSECONDS PROGRAM ARGUMENT...: starts the program and, after that time, kills it (depth 0), its child (1), the child's
   child and so on; with "-" for the time, kills nothing and says how long it took. Exit status: of the program, 128 + the signal that
   ended it, 125 where nothing was that deep any more. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOBODY 125

/* The first child of a process, or 0. */
static pid_t
child_of (pid_t pid)
{
  char path[64];
  long child = 0;
  FILE *file;

  snprintf (path, sizeof path, "/proc/%ld/task/%ld/children", (long) pid, (long) pid);
  if ((file = fopen (path, "re")) == NULL)
    return 0;
  if (fscanf (file, "%ld", &child) != 1)
    child = 0;
  fclose (file);
  return (pid_t) child;
}

static void
wait_for (long microseconds)
{
  struct timespec time = { .tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000 };

  while (nanosleep (&time, &time) < 0 && errno == EINTR)
    ;
}

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec * 1e6 + (double) time.tv_nsec / 1e3;
}

static int
end_of (pid_t pid)
{
  int status = 0;

  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
}

static int
measure (pid_t program)
{
  double begun = now ();
  int status = end_of (program);

  printf ("took %.0f\n", now () - begun);
  return status;
}

static int
strike (pid_t program, long depth, long microseconds)
{
  pid_t victim = program;
  int status;

  wait_for (microseconds);
  for (; depth > 0 && victim > 0; depth--)
    victim = child_of (victim);
  if (victim > 0 && kill (victim, SIGKILL) < 0)
    victim = 0;
  status = end_of (program);
  return victim > 0 ? status : NOBODY;
}

int
main (int argc, char **argv)
{
  pid_t program;

  if (argc < 4 || (program = fork ()) < 0)
    return 2;
  if (program == 0) {
    execv (argv[3], argv + 3);
    _exit (127);
  }
  if (strcmp (argv[2], "-") == 0)
    return measure (program);
  return strike (program, strtol (argv[1], NULL, 10), strtol (argv[2], NULL, 10));
}
