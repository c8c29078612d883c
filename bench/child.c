/* SPDX-License-Identifier: BSD-3-Clause */
/* A child that tells over a pipe what it measured, or why it could not. */
#include <config.h>

#include "bench/child.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/file.h"

struct report {
  struct bench_child child;
  int failed;
  char why[256];
};

/* -1: the system does not say. */
static double
peak_memory (void)
{
  FILE *status = fopen ("/proc/self/status", "r");
  char line[256];
  double kib = -1;

  while (status != NULL && fgets (line, sizeof line, status) != NULL)
    if (sscanf (line, "VmHWM: %lf kB", &kib) == 1)
      break;
  if (status != NULL)
    fclose (status);
  return kib < 0 ? -1 : 1024 * kib;
}

static void
tell (int fd, int (*work) (const void *with, double *seconds, struct br_error *err), const void *with)
{
  struct report report = { 0 };
  struct br_error err = { 0 };

  report.failed = work (with, &report.child.seconds, &err) == -1;
  report.child.peak = peak_memory ();
  if (report.failed)
    snprintf (report.why, sizeof report.why, "%s", br_error_text (&err));
  _exit (br_fd_write_all (fd, &report, sizeof report) == 0 ? 0 : 1);
}

static int
read_report (int fd, struct report *report, struct br_error *err)
{
  size_t n = 0;
  ssize_t more;

  while (n < sizeof *report && (more = br_fd_read (fd, (char *) report + n, sizeof *report - n)) > 0)
    n += (size_t) more;
  if (n < sizeof *report)
    return br_error_set (err, "environment", "a process that measures has died");
  return report->failed ? br_error_set (err, "environment", "%s", report->why) : 0;
}

int
bench_in_child (int (*work) (const void *with, double *seconds, struct br_error *err), const void *with,
                struct bench_child *child, struct br_error *err)
{
  struct report report;
  int pipes[2], ret;
  pid_t pid;

  if (pipe (pipes) == -1)
    return br_error_set (err, "environment", "pipe: %s", strerror (errno));
  fflush (stdout);
  if ((pid = fork ()) == 0)
    tell (pipes[1], work, with);
  close (pipes[1]);
  ret = pid == -1 ? br_error_set (err, "environment", "fork: %s", strerror (errno))
                  : read_report (pipes[0], &report, err);
  close (pipes[0]);
  while (pid > 0 && waitpid (pid, NULL, 0) == -1 && errno == EINTR)
    ;
  if (ret == 0)
    *child = report.child;
  return ret;
}
