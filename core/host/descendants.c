/* SPDX-License-Identifier: BSD-3-Clause */
/* Children are found in /proc by their parent's number: neither sessions nor process groups hold what wants
   to get away. */
#include <config.h>

#include "core/host/descendants.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"

/* The fourth field of /proc/PID/stat; the second, a name in parentheses, may hold anything. */
static long
parent_of (const char *pid)
{
  BR_AUTOFREE char *path = br_printf ("/proc/%s/stat", pid);
  BR_AUTOCLOSE int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  char text[512];
  const char *end;
  ssize_t n = fd != -1 ? br_fd_read (fd, text, sizeof text - 1) : -1;

  if (n <= 0)
    return -1;
  text[n] = '\0';
  if ((end = strrchr (text, ')')) == NULL || strlen (end) < 5)
    return -1;
  return strtol (end + 4, NULL, 10);
}

static void
kill_children (void)
{
  DIR *proc = opendir ("/proc");
  const struct dirent *entry;

  if (proc == NULL)
    return;
  while ((entry = readdir (proc)) != NULL)
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parent_of (entry->d_name) == (long) getpid ())
      kill ((pid_t) strtol (entry->d_name, NULL, 10), SIGKILL);
  closedir (proc);
}

void
br_descendants_kill (void)
{
  pid_t pid;

  while ((pid = waitpid (-1, NULL, WNOHANG)) != -1) {
    if (pid > 0)
      continue;
    kill_children ();
    if (waitpid (-1, NULL, 0) == -1)
      return;
  }
}
