/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting the worker program. */
#include <config.h>

#include "core/run/run_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/host/builtin.h"

/* A descriptor that stands already where it has to go would be closed on exec: it is moved out of the way before. */
static int
move_up (int fd)
{
  return fd <= BR_WORKER_HOST ? fcntl (fd, F_DUPFD_CLOEXEC, BR_WORKER_HOST + 1) : fd;
}

static int
add_descriptors (posix_spawn_file_actions_t *actions, int host)
{
  int ret = posix_spawn_file_actions_adddup2 (actions, host, BR_WORKER_HOST);

  return ret != 0 ? ret : posix_spawn_file_actions_addopen (actions, 1, "/dev/null", O_WRONLY, 0);
}

/* The program must not inherit what its parent ignores or blocks. */
static int
set_attributes (posix_spawnattr_t *attributes)
{
  sigset_t all, none;

  sigemptyset (&all);
  for (int i = 1; i < 32; i++)
    sigaddset (&all, i);
  sigemptyset (&none);
  posix_spawnattr_setsigdefault (attributes, &all);
  posix_spawnattr_setsigmask (attributes, &none);
  return posix_spawnattr_setflags (attributes,
                                   POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

/* 0 or an errno. */
static int
spawn (const char *worker, const char *mode, int host, pid_t *pid)
{
  const char *argument = br_host_worker_argument ();
  const char *argv[4] = { worker, argument != NULL ? argument : mode, argument != NULL ? mode : NULL, NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int ret = posix_spawn_file_actions_init (&actions);

  if (ret != 0)
    return ret;
  if ((ret = posix_spawnattr_init (&attributes)) == 0) {
    ret = add_descriptors (&actions, host);
    if (ret == 0)
      ret = set_attributes (&attributes);
    if (ret == 0)
      ret = posix_spawn (pid, worker, &actions, &attributes, (char **) argv, environ);
    posix_spawnattr_destroy (&attributes);
  }
  posix_spawn_file_actions_destroy (&actions);
  return ret;
}

int
br_worker_spawn (const char *worker, const char *mode, pid_t *pid, int *host, struct br_error *err)
{
  const char *path = worker != NULL ? worker : br_host_worker_path ();
  int ends[2], theirs, ret;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    return br_error_errno (err, "cannot start", path);
  theirs = move_up (ends[1]);
  ret = theirs < 0 ? errno : spawn (path, mode, theirs, pid);
  if (theirs != ends[1] && theirs >= 0)
    close (theirs);
  close (ends[1]);
  *host = ends[0];
  if (ret == 0)
    return 0;
  close (ends[0]);
  return br_error_set (err, "environment", "cannot start the worker %s: %s", path, strerror (ret));
}
