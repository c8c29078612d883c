/* SPDX-License-Identifier: BSD-3-Clause */
/* What the kernel does with the folders of control groups, for ordinary ones below $BUILDRUNNER_CGROUP: a new group has files, as far as the
   one above it hands them down, and a group without processes can be removed with its files. */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The linker puts these in the place of the calls (--wrap). */
extern int __real_mkdir (const char *, mode_t);
extern int __real_rmdir (const char *);
int __wrap_mkdir (const char *path, mode_t mode);
int __wrap_rmdir (const char *path);

static const char *const properties[] = { "memory.max", "memory.swap.max", "memory.events", "cgroup.procs" };

static int
is_group (const char *path)
{
  const char *root = getenv ("BUILDRUNNER_CGROUP");

  return root != NULL && strncmp (path, root, strlen (root)) == 0 && path[strlen (root)] == '/';
}

static int
open_group (const char *path)
{
  return open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A file "hands-down-memory" in the root stands for its controllers; "takes-nobody" for a root whose processes are not ours to move. */
static void
fill (const char *path)
{
  int group = open_group (path);
  int memory = faccessat (group, "../hands-down-memory", F_OK, 0) == 0;
  int takes = faccessat (group, "../takes-nobody", F_OK, 0) != 0;

  for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
    if (properties[i][0] == 'm' ? !memory : !takes)
      continue;
    close (openat (group, properties[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  }
  close (group);
}

int
__wrap_mkdir (const char *path, mode_t mode)
{
  int ret = __real_mkdir (path, mode);

  if (ret == 0 && is_group (path))
    fill (path);
  return ret;
}

int
__wrap_rmdir (const char *path)
{
  int group = is_group (path) ? open_group (path) : -1;

  for (size_t i = 0; group >= 0 && i < sizeof properties / sizeof *properties; i++)
    unlinkat (group, properties[i], 0);
  if (group >= 0)
    close (group);
  return __real_rmdir (path);
}
