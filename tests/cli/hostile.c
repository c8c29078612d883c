/* SPDX-License-Identifier: BSD-3-Clause */
/* A program that does not want to end, or that says what nobody expects: one behaviour for each name. Whatever gets loose ends by itself
   after two minutes. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define SECONDS 120 /* that anything here lives */

static void
be_deaf (void)
{
  for (int i = 1; i < NSIG; i++)
    signal (i, i == SIGALRM ? SIG_DFL : SIG_IGN);
  alarm (SECONDS);
}

static void
nap (long milliseconds)
{
  const struct timespec time = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000 };

  nanosleep (&time, NULL);
}

_Noreturn static void
stay (void)
{
  for (;;)
    nap (1000);
}

static int
say (const void *bytes, size_t size)
{
  const char *at = bytes;

  while (size > 0) {
    ssize_t n = write (STDOUT_FILENO, at, size);

    if (n < 0)
      return 1;
    at += n;
    size -= (size_t) n;
  }
  return 0;
}

static int
write_pid (const char *path)
{
  FILE *file = fopen (path, "w");

  if (file == NULL)
    return 1;
  fprintf (file, "%ld\n", (long) getpid ());
  return fclose (file) != 0;
}

static int
is_there (const char *path)
{
  return access (path, F_OK) == 0;
}

/* Two forks and a session of its own: the process that comes back as 0 has no parent that is known. The other one waits for its file. */
static int
get_away (const char *pid_path)
{
  pid_t pid = fork ();

  if (pid == 0) {
    if (setsid () < 0 || (pid = fork ()) != 0)
      _exit (pid < 0);
    alarm (SECONDS);
    return 0;
  }
  while (pid > 0 && !is_there (pid_path))
    nap (5);
  return pid > 0 ? 1 : -1;
}

/* ---- What does not want to end ---- */

/* Holds the output open and says nothing; the program itself stays as well. */
static int
daemon_and_stay (const char *pid_path)
{
  be_deaf ();
  if (get_away (pid_path) == 0)
    write_pid (pid_path);
  stay ();
}

/* The program ends well, and the daemon still holds its output. */
static int
daemon_and_leave (const char *pid_path)
{
  be_deaf ();
  if (get_away (pid_path) != 0)
    return 0;
  write_pid (pid_path);
  stay ();
}

/* A grandchild never stops talking; the program itself says nothing. */
static int
chatter (const char *pid_path)
{
  be_deaf ();
  if (get_away (pid_path) != 0)
    stay ();
  write_pid (pid_path);
  for (;;) {
    say ("still here\n", 11);
    nap (10);
  }
}

/* Every process forks until there are as many as may be, each deaf and in a session of its own. */
static int
bomb (const char *count)
{
  long most = strtol (count, NULL, 10);
  long *n = mmap (NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  if (n == MAP_FAILED)
    return 1;
  be_deaf ();
  for (;;) {
    if (__atomic_add_fetch (n, 1, __ATOMIC_SEQ_CST) > most) {
      say ("all are there\n", 14);
      stay ();
    }
    if (fork () == 0) {
      setsid ();
      alarm (SECONDS);
    }
  }
}

/* Never the same process for long: each one starts the next, in a session of its own, and ends. */
static int
comet (const char *pid_path)
{
  time_t end = time (NULL) + SECONDS;

  be_deaf ();
  write_pid (pid_path);
  if (fork () != 0)
    stay ();
  while (time (NULL) < end) {
    setsid ();
    if (fork () > 0)
      _exit (0);
  }
  return 1;
}

/* Kills the process that watches over it. */
static int
parricide (const char *pid_path)
{
  be_deaf ();
  if (get_away (pid_path) == 0)
    write_pid (pid_path);
  else
    kill (getppid (), SIGKILL);
  stay ();
}

/* ---- What nobody expects to hear ---- */

/* A line without an end. */
static int
line (const char *bytes)
{
  static char chunk[1 << 20];
  size_t left = strtoull (bytes, NULL, 10);
  int ret = 0;

  memset (chunk, 'x', sizeof chunk);
  while (left > 0 && ret == 0) {
    size_t n = left < sizeof chunk ? left : sizeof chunk;

    ret = say (chunk, n);
    left -= n;
  }
  return ret;
}

/* The same bytes of every value each time, by xorshift. */
static int
noise (const char *bytes)
{
  static uint64_t chunk[1 << 16];
  uint64_t state = 88172645463325252u;
  size_t left = strtoull (bytes, NULL, 10);
  int ret = 0;

  while (left > 0 && ret == 0) {
    size_t n = left < sizeof chunk ? left : sizeof chunk;

    for (size_t i = 0; i < sizeof chunk / sizeof *chunk; i++) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      chunk[i] = state;
    }
    ret = say (chunk, n);
    left -= n;
  }
  return ret;
}

/* Takes memory until it is refused, or killed. */
static int
glutton (const char *megabytes)
{
  for (long n = strtol (megabytes, NULL, 10); n > 0; n--) {
    char *bytes = malloc (1 << 20);

    if (bytes == NULL) {
      perror ("hostile");
      return 1;
    }
    memset (bytes, 1, 1 << 20);
  }
  return 0;
}

static const struct {
  const char *name;
  int (*run) (const char *argument);
} behaviours[] = {
  { "daemon-and-stay", daemon_and_stay },
  { "daemon-and-leave", daemon_and_leave },
  { "chatter", chatter },
  { "bomb", bomb },
  { "comet", comet },
  { "parricide", parricide },
  { "line", line },
  { "noise", noise },
  { "glutton", glutton },
};

int
main (int argc, char **argv)
{
  for (size_t i = 0; argc == 3 && i < sizeof behaviours / sizeof *behaviours; i++)
    if (strcmp (argv[1], behaviours[i].name) == 0)
      return behaviours[i].run (argv[2]);
  return 2;
}
