/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls that the linker puts in the place of others (--wrap). */
#include <config.h>

#include "tests/unit/faults.h"

#include <dirent.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

/* The linker reads shared libraries' calls as calls of the replacements, too, and does not let them name a hidden one. */
#pragma GCC visibility push(default)

#define OFF -1L

static struct {
  enum fault_kind kind;
  long left; /* calls before the one that fails; OFF: none does */
  int fired;
  /* of a worker program */
  int generations; /* until the process that is meant: 0 once that is reached, or past */
  long n;          /* what left is at the beginning of that one */
  char file[4096]; /* empty: none */
} fault = { .left = OFF };

static const char *const names[FAULT_KINDS] = { "alloc", "open", "write", "fsync", "rename", "fork" };

const char *
fault_name (enum fault_kind kind)
{
  return names[kind];
}

void
fault_arm (enum fault_kind kind, long n, const char *file)
{
  snprintf (fault.file, sizeof fault.file, "%s", file != NULL ? file : "");
  fault.kind = kind;
  fault.fired = 0;
  fault.left = n;
}

int
fault_disarm (void)
{
  fault.left = OFF;
  return fault.fired;
}

long
fault_pause (void)
{
  long paused = fault.left;

  fault.left = OFF;
  return paused;
}

void
fault_resume (long paused)
{
  fault.left = paused;
}

/* ---- In a worker program ---- */

extern int __real_open (const char *, int, ...);

static const char *const roles[] = { "supervisor", "worker", "keeper" };

static void
read_variable (const char *text)
{
  char role[16], kind[16];

  if (sscanf (text, "%15s %15s %ld %4095s", role, kind, &fault.n, fault.file) != 4)
    abort ();
  while (strcmp (names[fault.kind], kind) != 0)
    fault.kind++;
  while (strcmp (roles[fault.generations], role) != 0)
    fault.generations++;
  if (fault.generations == 0)
    fault.left = fault.n;
}

/* What the run-time library of coverage does behind main () is no operation of the program's. */
static void
end (void)
{
  fault.left = OFF;
}

/* The test itself has the variable only after it has begun. */
__attribute__ ((constructor)) static void
begin (int argc, char **argv)
{
  const char *text = getenv (BR_FAULT_VARIABLE), *mode = getenv (BR_FAULT_MODE_VARIABLE);
  int is_meant = mode == NULL;

  for (int i = 1; i < argc && !is_meant; i++)
    is_meant = strcmp (argv[i], mode) == 0;
  if (text == NULL || !is_meant)
    return;
  if (atexit (end) != 0)
    abort ();
  read_variable (text);
}

static void
begin_child (void)
{
  fault.left = fault.generations == 1 ? fault.n : OFF;
  fault.generations -= fault.generations > 0;
}

/* ---- Does this call fail? ---- */

static void
leave_mark (void)
{
  int fd = fault.file[0] != '\0' ? __real_open (fault.file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
  void *calls[32];

  if (fd < 0)
    return;
  if (getenv ("BUILDRUNNER_FAULTS_TRACE") != NULL)
    backtrace_symbols_fd (calls, backtrace (calls, 32), fd);
  close (fd);
}

static int
fails (enum fault_kind kind, int error)
{

  if (fault.left == OFF || kind != fault.kind || fault.left-- > 0)
    return 0;
  fault.left = OFF;
  fault.fired = 1;
  leave_mark ();
  errno = error;
  return 1;
}

/* A call that is wrapped: its result type, name, kind, what it returns when it fails, and errno then. */
#define WRAP(type, name, kind, failure, error, parameters, arguments)                                        \
  extern type __real_##name parameters;                                                                      \
  type __wrap_##name parameters;                                                                             \
  type __wrap_##name parameters                                                                              \
  {                                                                                                          \
    return fails (kind, error) ? (failure) : __real_##name arguments;                                        \
  }

/* ---- Memory ---- */

WRAP (void *, malloc, FAULT_ALLOC, NULL, ENOMEM, (size_t size), (size))
WRAP (void *, calloc, FAULT_ALLOC, NULL, ENOMEM, (size_t n, size_t size), (n, size))
WRAP (void *, realloc, FAULT_ALLOC, NULL, ENOMEM, (void *pointer, size_t size), (pointer, size))
WRAP (char *, strdup, FAULT_ALLOC, NULL, ENOMEM, (const char *text), (text))
WRAP (char *, strndup, FAULT_ALLOC, NULL, ENOMEM, (const char *text, size_t n), (text, n))
WRAP (int, scandir, FAULT_ALLOC, -1, ENOMEM,
      (const char *path, struct dirent ***list, int (*filter) (const struct dirent *),
       int (*compare) (const struct dirent **, const struct dirent **)),
      (path, list, filter, compare))
WRAP (char *, realpath, FAULT_ALLOC, NULL, ENOMEM, (const char *path, char *out), (path, out))

typedef struct json_object json;

WRAP (json *, json_object_new_object, FAULT_ALLOC, NULL, ENOMEM, (void), ())
WRAP (json *, json_object_new_array, FAULT_ALLOC, NULL, ENOMEM, (void), ())
WRAP (json *, json_object_new_boolean, FAULT_ALLOC, NULL, ENOMEM, (json_bool b), (b))
WRAP (json *, json_object_new_double, FAULT_ALLOC, NULL, ENOMEM, (double d), (d))
WRAP (json *, json_object_new_int64, FAULT_ALLOC, NULL, ENOMEM, (int64_t i), (i))
WRAP (json *, json_object_new_string, FAULT_ALLOC, NULL, ENOMEM, (const char *text), (text))
WRAP (json *, json_object_new_string_len, FAULT_ALLOC, NULL, ENOMEM, (const char *text, int n), (text, n))
WRAP (struct json_tokener *, json_tokener_new, FAULT_ALLOC, NULL, ENOMEM, (void), ())
WRAP (struct json_tokener *, json_tokener_new_ex, FAULT_ALLOC, NULL, ENOMEM, (int depth), (depth))
WRAP (int, json_object_object_add, FAULT_ALLOC, -1, ENOMEM, (json * o, const char *key, json *v), (o, key, v))
WRAP (int, json_object_array_add, FAULT_ALLOC, -1, ENOMEM, (json * o, json *v), (o, v))
WRAP (int, json_object_deep_copy, FAULT_ALLOC, -1, ENOMEM,
      (json * from, json **to, json_c_shallow_copy_fn *copy), (from, to, copy))

/* ---- Descriptors ---- */

extern int __real_openat (int, const char *, int, ...);
int __wrap_open (const char *path, int flags, ...);
int __wrap_openat (int dir, const char *path, int flags, ...);

int
__wrap_open (const char *path, int flags, ...)
{
  va_list args;
  mode_t mode;

  va_start (args, flags);
  mode = flags & O_CREAT ? va_arg (args, mode_t) : 0;
  va_end (args);
  return fails (FAULT_OPEN, EMFILE) ? -1 : __real_open (path, flags, mode);
}

int
__wrap_openat (int dir, const char *path, int flags, ...)
{
  va_list args;
  mode_t mode;

  va_start (args, flags);
  mode = flags & O_CREAT ? va_arg (args, mode_t) : 0;
  va_end (args);
  return fails (FAULT_OPEN, EMFILE) ? -1 : __real_openat (dir, path, flags, mode);
}

extern int __real_fcntl (int, int, ...);
int __wrap_fcntl (int fd, int command, ...);

/* Those that make a descriptor. */
int
__wrap_fcntl (int fd, int command, ...)
{
  va_list args;
  long argument;

  va_start (args, command);
  argument = va_arg (args, long);
  va_end (args);
  if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && fails (FAULT_OPEN, EMFILE))
    return -1;
  return __real_fcntl (fd, command, argument);
}

WRAP (int, dup, FAULT_OPEN, -1, EMFILE, (int fd), (fd))
WRAP (int, pidfd_open, FAULT_OPEN, -1, EMFILE, (pid_t pid, unsigned flags), (pid, flags))
WRAP (FILE *, fopen, FAULT_OPEN, NULL, EMFILE, (const char *path, const char *mode), (path, mode))
WRAP (DIR *, opendir, FAULT_OPEN, NULL, EMFILE, (const char *path), (path))
WRAP (DIR *, fdopendir, FAULT_OPEN, NULL, ENOMEM, (int fd), (fd))
WRAP (int, pipe2, FAULT_OPEN, -1, EMFILE, (int *fds, int flags), (fds, flags))
WRAP (int, socketpair, FAULT_OPEN, -1, EMFILE, (int a, int b, int c, int *fds), (a, b, c, fds))
WRAP (int, signalfd, FAULT_OPEN, -1, EMFILE, (int fd, const sigset_t *mask, int flags), (fd, mask, flags))
WRAP (int, memfd_create, FAULT_OPEN, -1, EMFILE, (const char *name, unsigned flags), (name, flags))

/* ---- Files ---- */

WRAP (ssize_t, write, FAULT_WRITE, -1, ENOSPC, (int fd, const void *data, size_t n), (fd, data, n))
WRAP (ssize_t, copy_file_range, FAULT_WRITE, -1, ENOSPC,
      (int in, off_t *in_at, int out, off_t *out_at, size_t n, unsigned flags),
      (in, in_at, out, out_at, n, flags))
WRAP (int, mkdir, FAULT_WRITE, -1, ENOSPC, (const char *path, mode_t mode), (path, mode))
WRAP (int, linkat, FAULT_WRITE, -1, ENOSPC, (int a, const char *from, int b, const char *to, int flags),
      (a, from, b, to, flags))
WRAP (int, symlink, FAULT_WRITE, -1, ENOSPC, (const char *to, const char *path), (to, path))
WRAP (ssize_t, send, FAULT_WRITE, -1, ENOBUFS, (int fd, const void *data, size_t n, int flags),
      (fd, data, n, flags))
WRAP (ssize_t, sendmsg, FAULT_WRITE, -1, ENOBUFS, (int fd, const struct msghdr *message, int flags),
      (fd, message, flags))
WRAP (int, fsync, FAULT_FSYNC, -1, EIO, (int fd), (fd))
WRAP (int, rename, FAULT_RENAME, -1, ENOSPC, (const char *from, const char *to), (from, to))

/* ---- Processes ---- */

extern pid_t __real_fork (void);
pid_t __wrap_fork (void);

pid_t
__wrap_fork (void)
{
  pid_t pid = fails (FAULT_FORK, EAGAIN) ? -1 : __real_fork ();

  if (pid == 0)
    begin_child ();
  return pid;
}

WRAP (int, posix_spawn, FAULT_FORK, EAGAIN, EAGAIN,
      (pid_t * pid, const char *path, const posix_spawn_file_actions_t *actions,
       const posix_spawnattr_t *attributes, char *const argv[], char *const env[]),
      (pid, path, actions, attributes, argv, env))

#pragma GCC visibility pop
