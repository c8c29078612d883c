/* SPDX-License-Identifier: BSD-3-Clause */
/* The scan child: a warden that loads nothing, and a loader below it that opens the modules. The warden is a
   child subreaper, so that whatever a module started ends with the scan, and the loader may crash, hang or
   exit as it likes. The end of standard input is how the warden learns that the host has had enough of the
   loader, or has died. */
#include <config.h>

#include "core/host/catalogue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/file.h"
#include "core/host/descendants.h"
#include "core/host/scan_wire.h"

#define PRINTED_LIMIT   400         /* bytes of a line that a module printed */
#define PRINTED_MAXIMUM (16u << 20) /* bytes that a module may print */

/* ---- What modules print ---- */

/* First line of what was written to the file from offset on, as the caller's, or NULL. */
static char *
first_line (int file, off_t offset)
{
  char text[PRINTED_LIMIT];
  ssize_t n = pread (file, text, sizeof text, offset);
  size_t start = 0, end;

  while (n > 0 && start < (size_t) n && strchr ("\r\n\t ", text[start]) != NULL)
    start++;
  if (n <= 0 || start == (size_t) n)
    return NULL;
  for (end = start; end < (size_t) n && text[end] != '\n'; end++)
    ;
  return br_str_escape (text + start, end - start);
}

/* ---- Loader ---- */

struct loader {
  struct br_modules *modules;
  int out;     /* -1: the module closed it */
  int printed; /* file that stands for standard output and error */
};

/* A module that closes what is not its own is found out by the next write. */
static void
send_line (const struct loader *loader, struct br_str *line)
{
  if (br_str_failed (line) || br_fd_write_all (loader->out, line->text, line->length) == -1)
    _exit (BR_SCAN_EXIT_CLOSED);
  br_str_free (line);
}

static void
load_one (const struct loader *loader, const char *path)
{
  struct br_str line = { 0 };
  struct br_error err = { 0 };
  off_t before = lseek (loader->printed, 0, SEEK_END);
  const struct br_module_handle *module = br_modules_open (loader->modules, path, &err);
  char *printed;

  fflush (NULL);
  printed = before >= 0 ? first_line (loader->printed, before) : NULL;
  if (module != NULL)
    br_scan_write_module (&line, module, printed);
  else
    br_scan_write_refusal (&line, br_error_text (&err), printed);
  send_line (loader, &line);
  free (printed);
  br_error_clear (&err);
}

/* Sanitizers and core files have their own ideas of what a crash is. */
static void
crash_plainly (void)
{
  static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
  const struct rlimit none = { 0, 0 }, some = { PRINTED_MAXIMUM, PRINTED_MAXIMUM };

  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
    signal (signals[i], SIG_DFL);
  setrlimit (RLIMIT_CORE, &none);
  setrlimit (RLIMIT_FSIZE, &some); /* what is printed is kept in memory */
}

/* Own session, nothing of the warden's but the two files; both numbers are high, out of the way of guesses. */
static int
loader_prepare (struct loader *loader, int printed)
{
  sigset_t none;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setsid ();
  crash_plainly ();
  sigemptyset (&none);
  signal (SIGCHLD, SIG_DFL);
  sigprocmask (SIG_SETMASK, &none, NULL);
  loader->modules = br_modules_new ();
  loader->out = fcntl (BR_SCAN_FD, F_DUPFD_CLOEXEC, 100);
  loader->printed = fcntl (printed, F_DUPFD_CLOEXEC, 100);
  close (BR_SCAN_FD);
  if (dup2 (printed, STDIN_FILENO) == -1 || dup2 (printed, STDOUT_FILENO) == -1 ||
      dup2 (printed, STDERR_FILENO) == -1)
    return -1;
  close (printed);
  return loader->modules != NULL && loader->out != -1 && loader->printed != -1 ? 0 : -1;
}

/* Ends without unloading: what a module does at its end is no concern of a catalogue. */
static void
loader_main (char *const *paths, int printed)
{
  struct loader loader;

  if (loader_prepare (&loader, printed) == -1)
    _exit (BR_SCAN_EXIT_CLOSED);
  for (; *paths != NULL; paths++)
    load_one (&loader, *paths);
  _exit (0);
}

/* ---- Warden ---- */

/* The list of modules, up to an empty one. NULL: memory, or the host has died. */
static char **
read_paths (FILE *in)
{
  char **paths = calloc (1, sizeof *paths), *line = NULL;
  size_t n = 0, capacity = 0;
  ssize_t length;

  while (paths != NULL && (length = getdelim (&line, &capacity, '\0', in)) > 1) {
    char **more = realloc (paths, (n + 2) * sizeof *paths);

    if (more == NULL)
      break;
    paths = more;
    paths[n] = strdup (line);
    paths[++n] = NULL;
  }
  free (line);
  return paths;
}

static void
free_paths (char **paths)
{
  for (size_t i = 0; paths[i] != NULL; i++)
    free (paths[i]);
  free (paths);
}

static void
on_child (int signal_number)
{
  (void) signal_number; /* it is there to end ppoll */
}

static int
watch_children (sigset_t *before)
{
  const struct sigaction action = { .sa_handler = on_child };
  sigset_t child;

  sigemptyset (&child);
  sigaddset (&child, SIGCHLD);
  if (sigprocmask (SIG_BLOCK, &child, before) == -1)
    return -1;
  return sigaction (SIGCHLD, &action, NULL);
}

/* Waits for the loader, and kills it when standard input ends. Orphans that come by are buried. */
static int
wait_loader (pid_t loader, const sigset_t *unblocked)
{
  struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
  int status = 0;

  for (;;) {
    pid_t pid = waitpid (-1, &status, WNOHANG);

    if (pid == loader || (pid == -1 && errno == ECHILD))
      return status;
    if (pid > 0)
      continue;
    if (ppoll (&in, 1, NULL, unblocked) > 0) {
      kill (loader, SIGKILL);
      in.fd = -1;
    }
  }
}

static int
send_end (int status, int printed)
{
  struct br_str line = { 0 };
  char *text = first_line (printed, 0);
  int ret;

  br_scan_write_end (&line, status, status != 0 ? text : NULL);
  ret = br_str_failed (&line) ? -1 : br_fd_write_all (BR_SCAN_FD, line.text, line.length);
  br_str_free (&line);
  free (text);
  return ret;
}

static int
send_hello (void)
{
  struct br_str line = { 0 };
  int ret;

  br_scan_write_hello (&line);
  ret = br_str_failed (&line) ? -1 : br_fd_write_all (BR_SCAN_FD, line.text, line.length);
  br_str_free (&line);
  return ret;
}

static int
guard (char *const *paths, int printed)
{
  sigset_t unblocked;
  pid_t loader;
  int status;

  if (watch_children (&unblocked) == -1)
    return 1;
  if ((loader = fork ()) == -1)
    return 1;
  if (loader == 0)
    loader_main (paths, printed);
  status = wait_loader (loader, &unblocked);
  br_descendants_kill ();
  return send_end (status, printed) == 0 ? 0 : 1;
}

int
br_scan_main (void)
{
  int printed, ret = 1;
  char **paths;

  /* what the host did not mean to lend is out of the modules' reach */
  closefrom (BR_SCAN_FD + 1);
  printed = memfd_create ("printed", MFD_CLOEXEC);
  signal (SIGPIPE, SIG_IGN);
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  if (printed != -1 && send_hello () == 0 && (paths = read_paths (stdin)) != NULL) {
    ret = guard (paths, printed);
    free_paths (paths);
  }
  if (printed != -1)
    close (printed);
  return ret;
}
