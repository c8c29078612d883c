/* SPDX-License-Identifier: BSD-3-Clause */
/* Control groups are folders of a file system, and their properties are files in them. */
#include <config.h>

#include "core/proc/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"

#define MOUNT_POINT  "/sys/fs/cgroup"
#define MEMBERS      "cgroup.procs"
#define END_TRIES    1000 /* of a millisecond each, until killed processes are gone */
#define EVENTS_BYTES 1024 /* of memory.events */

struct br_cgroup {
  char *path;
  char *members; /* the file that takes processes: made before the fork, used after it */
};

/* ---- Files ---- */

static int
write_path (const char *path, const char *text)
{
  BR_AUTOCLOSE int fd = open (path, O_WRONLY | O_CLOEXEC);

  return fd >= 0 ? br_fd_write_all (fd, text, strlen (text)) : -1;
}

/* 0, or -1 where the group has no such file or does not take the text. */
static int
write_property (const char *group, const char *name, const char *text)
{
  BR_AUTOFREE char *path = br_path_join (group, name);

  return path != NULL ? write_path (path, text) : -1;
}

/* ---- Where ---- */

/* The group of version 2 that this process is in, by its line "0::PATH"; the caller frees. */
static char *
own_group (void)
{
  BR_AUTOFREE char *text = NULL;
  struct br_error none = { 0 };
  size_t size = 0;
  char *line;

  if (br_file_read ("/proc/self/cgroup", 1 << 16, &text, &size, &none) < 0) {
    br_error_clear (&none);
    return NULL;
  }
  line = strstr (text, "0::/");
  if (line == NULL || (line != text && line[-1] != '\n'))
    return NULL;
  line[strcspn (line, "\n")] = '\0';
  return br_printf ("%s%s", MOUNT_POINT, line + 3);
}

static char *
parent_group (void)
{
  const char *named = secure_getenv ("BUILDRUNNER_CGROUP");

  return named != NULL && named[0] == '/' ? strdup (named) : own_group ();
}

static char *
group_path (pid_t maker)
{
  BR_AUTOFREE char *parent = parent_group ();

  return parent != NULL ? br_printf ("%s/buildrunner-%ld", parent, (long) maker) : NULL;
}

/* ---- Making ---- */

/* The file for it is there where the parent hands its memory controller down; one that is ours may have to be told so. */
static int
limit_memory (const char *group, double memory_mb)
{
  BR_AUTOFREE char *parent = br_path_dirname (group);
  char bytes[32];

  snprintf (bytes, sizeof bytes, "%.0f", memory_mb * 1048576);
  if (write_property (group, "memory.max", bytes) == 0)
    return 0;
  if (parent == NULL || write_property (parent, "cgroup.subtree_control", "+memory") < 0)
    return -1;
  return write_property (group, "memory.max", bytes);
}

static int
make (struct br_cgroup *group, double memory_mb)
{
  group->path = group_path (getpid ());
  group->members = group->path != NULL ? br_path_join (group->path, MEMBERS) : NULL;
  if (group->members == NULL || mkdir (group->path, 0755) < 0)
    return -1;
  if (limit_memory (group->path, memory_mb) < 0) {
    rmdir (group->path);
    return -1;
  }
  /* not every kernel counts swap */
  write_property (group->path, "memory.swap.max", "0");
  return 0;
}

static void
free_group (struct br_cgroup *group)
{
  free (group->path);
  free (group->members);
  free (group);
}

struct br_cgroup *
br_cgroup_new (double memory_mb)
{
  struct br_cgroup *group = calloc (1, sizeof *group);

  if (group == NULL || make (group, memory_mb) == 0)
    return group;
  free_group (group);
  return NULL;
}

void
br_cgroup_free (struct br_cgroup *group)
{
  if (group == NULL)
    return;
  rmdir (group->path);
  free_group (group);
}

/* ---- Using ---- */

int
br_cgroup_join (const struct br_cgroup *group)
{
  return write_path (group->members, "0");
}

long long
br_cgroup_oom_kills (const struct br_cgroup *group)
{
  static const char name[] = "\noom_kill ";
  BR_AUTOFREE char *path = br_path_join (group->path, "memory.events");
  BR_AUTOCLOSE int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  char text[EVENTS_BYTES] = "\n";
  const char *at;

  if (fd < 0 || br_fd_read (fd, text + 1, sizeof text - 2) <= 0)
    return 0;
  at = strstr (text, name);
  return at != NULL ? strtoll (at + sizeof name - 1, NULL, 10) : 0;
}

void
br_cgroup_end (pid_t maker)
{
  const struct timespec pause = { .tv_nsec = 1000000 };
  BR_AUTOFREE char *path = group_path (maker);

  if (path == NULL || access (path, F_OK) < 0)
    return;
  write_property (path, "cgroup.kill", "1");
  for (int i = 0; i < END_TRIES && rmdir (path) < 0 && errno == EBUSY; i++)
    nanosleep (&pause, NULL);
}
