/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include "core/run/kept.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/str.h"
#include "core/host/builtin.h"
#include "core/run/run_private.h"

struct br_kept {
  pid_t pid, owner; /* pid 0: there is none. owner: the process whose child it is */
  int host;
  struct br_str setting; /* what it was started with: the program, and every variable */
};

struct br_kept *
br_kept_new (void)
{
  return calloc (1, sizeof (struct br_kept));
}

static void
end (struct br_kept *kept)
{
  if (kept->pid == 0)
    return;
  close (kept->host);
  while (kept->owner == getpid () && waitpid (kept->pid, NULL, 0) < 0 && errno == EINTR)
    ;
  kept->pid = 0;
}

void
br_kept_free (struct br_kept *kept)
{
  if (kept == NULL)
    return;
  end (kept);
  br_str_free (&kept->setting);
  free (kept);
}

static void
add_setting (struct br_str *setting, const char *worker)
{
  br_str_add_bytes (setting, worker, strlen (worker) + 1);
  for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
    br_str_add_bytes (setting, *variable, strlen (*variable) + 1);
}

static int
is_set_as_now (const struct br_kept *kept, const char *worker)
{
  struct br_str now = { 0 };
  int same;

  add_setting (&now, worker);
  same = !br_str_failed (&now) && now.length == kept->setting.length &&
         memcmp (now.text, kept->setting.text, now.length) == 0;
  br_str_free (&now);
  return same;
}

/* An idle supervisor says nothing: what can be read is its end. */
static int
is_idle (const struct br_kept *kept)
{
  struct pollfd fd = { .fd = kept->host, .events = POLLIN };

  return poll (&fd, 1, 0) == 0;
}

int
br_kept_take (struct br_kept *kept, const char *worker, pid_t *pid, int *host)
{
  if (kept->pid == 0)
    return 0;
  if (kept->owner != getpid () || !is_idle (kept) || !is_set_as_now (kept, worker)) {
    end (kept);
    return 0;
  }
  *pid = kept->pid;
  *host = kept->host;
  kept->pid = 0;
  return 1;
}

void
br_kept_give (struct br_kept *kept, const char *worker, pid_t pid, int host)
{
  end (kept);
  kept->pid = pid;
  kept->owner = getpid ();
  kept->host = host;
  br_str_truncate (&kept->setting, 0);
  add_setting (&kept->setting, worker);
  if (br_str_failed (&kept->setting)) {
    br_str_free (&kept->setting);
    end (kept);
  }
}

void
br_kept_start (struct br_kept *kept, const char *worker)
{
  const char *path = worker != NULL ? worker : br_host_worker_path ();
  struct br_error untold = { 0 };
  pid_t pid;
  int host;

  if (br_worker_spawn (path, "build", &pid, &host, &untold) == 0)
    br_kept_give (kept, path, pid, host);
  br_error_clear (&untold);
}
