/* SPDX-License-Identifier: BSD-3-Clause */
/* Starts a program with posix_spawn, which costs what fork and exec do on this machine, and waits for it. */
#include <config.h>

#include "bench/command.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int
start (const char *const *argv, pid_t *pid)
{
  posix_spawn_file_actions_t actions;
  int ret = posix_spawn_file_actions_init (&actions);

  if (ret != 0)
    return ret;
  for (int fd = 0; ret == 0 && fd <= 2; fd++)
    ret = posix_spawn_file_actions_addopen (&actions, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
  if (ret == 0)
    ret = posix_spawnp (pid, argv[0], &actions, NULL, (char *const *) argv, environ);
  posix_spawn_file_actions_destroy (&actions);
  return ret;
}

int
bench_command (const char *const *argv, struct bench_samples *samples, struct br_error *err)
{
  double begin = bench_now ();
  int status, ret;
  pid_t pid;

  if ((ret = start (argv, &pid)) != 0)
    return br_error_set (err, "environment", "%s: %s", argv[0], strerror (ret));
  while (waitpid (pid, &status, 0) == -1)
    if (errno != EINTR)
      return br_error_errno (err, "wait for", argv[0]);
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    return br_error_set (err, "environment", "%s: failed (wait status %#x)", argv[0], (unsigned) status);
  return bench_samples_add (samples, bench_now () - begin, err);
}

int
bench_is_program (const char *path)
{
  return path != NULL && access (path, X_OK) == 0;
}
