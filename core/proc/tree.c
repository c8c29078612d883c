/* SPDX-License-Identifier: BSD-3-Clause */
/* Descendants are found in /proc by their parents' numbers: neither sessions nor process groups hold what wants to get
   away. Nothing here allocates or takes a lock: it runs in children that were forked from programs with threads. */
#include <config.h>

#include "core/proc/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STAT_BYTES 512 /* of /proc/PID/stat: the first fields fit */

/* ---- Reading /proc ---- */

/* A number in decimal, 0 where there is none. */
static pid_t
parse_pid (const char *text)
{
  pid_t pid = 0;

  for (; *text >= '0' && *text <= '9'; text++)
    pid = pid * 10 + (*text - '0');
  return pid;
}

static void
stat_path (char path[32], pid_t pid)
{
  char digits[16];
  size_t n = 0, at = 6;

  memcpy (path, "/proc/", 6);
  for (; pid > 0; pid /= 10)
    digits[n++] = (char) ('0' + pid % 10);
  while (n > 0)
    path[at++] = digits[--n];
  memcpy (path + at, "/stat", 6);
}

/* The fourth field; the second is a name in parentheses that may hold anything, parentheses included. */
static pid_t
parent_of (pid_t pid)
{
  char path[32], text[STAT_BYTES + 1];
  const char *end;
  ssize_t n;
  int fd;

  stat_path (path, pid);
  if ((fd = open (path, O_RDONLY | O_CLOEXEC)) < 0)
    return -1;
  n = read (fd, text, STAT_BYTES);
  close (fd);
  if (n <= 0)
    return -1;
  text[n] = '\0';
  end = strrchr (text, ')');
  return end != NULL && text + n - end > 4 ? parse_pid (end + 4) : -1;
}

/* A process that is born while the list is read may be missed: callers ask again until nothing is left. */
static void
each_process (void (*visit) (pid_t pid, int number), int number)
{
  union {
    struct dirent64 align;
    char bytes[8192];
  } buffer;
  int fd = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ssize_t n;

  if (fd < 0)
    return;
  while ((n = getdents64 (fd, &buffer, sizeof buffer)) > 0)
    for (ssize_t at = 0; at < n;) {
      const struct dirent64 *entry = (const struct dirent64 *) (const void *) (buffer.bytes + at);
      pid_t pid = parse_pid (entry->d_name);

      if (pid > 0)
        visit (pid, number);
      at += entry->d_reclen;
    }
  close (fd);
}

/* ---- Signals ---- */

static void
signal_child (pid_t pid, int number)
{
  if (parent_of (pid) == getpid ())
    kill (pid, number);
}

static void
signal_descendant (pid_t pid, int number)
{
  pid_t at = pid, me = getpid ();

  /* a chain that changes while it is followed cannot lead in circles for ever */
  for (int depth = 0; at > 1 && at != me && depth < 4096; depth++)
    at = parent_of (at);
  if (at == me && pid != me)
    kill (pid, number);
}

void
br_tree_signal (int number)
{
  each_process (signal_descendant, number);
}

/* ---- Waiting ---- */

static void
note (struct br_tree_child *child, pid_t pid, int status)
{
  if (child == NULL || child->ended || pid != child->pid)
    return;
  child->ended = 1;
  child->status = status;
}

int
br_tree_reap (struct br_tree_child *child)
{
  pid_t pid;
  int status;

  while ((pid = waitpid (-1, &status, WNOHANG)) > 0)
    note (child, pid, status);
  return pid == 0;
}

/* Children of a child that was killed become ours, so each round may find new ones. */
void
br_tree_kill (struct br_tree_child *child)
{
  while (br_tree_reap (child)) {
    int status;
    pid_t pid;

    each_process (signal_child, SIGKILL);
    pid = waitpid (-1, &status, 0);
    if (pid > 0)
      note (child, pid, status);
    else if (errno != EINTR)
      return;
  }
}
