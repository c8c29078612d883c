/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include "core/run/kept.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/str.h"
#include "core/host/builtin.h"
#include "core/run/run_private.h"

struct supervisor {
  struct supervisor *next;
  pid_t pid, owner; /* owner: the process whose child it is */
  int host;
  struct br_str setting; /* what it was started with: the program, and every variable */
};

struct br_kept {
  pthread_mutex_t lock; /* runs of several threads share them */
  struct supervisor *idle;
};

struct br_kept *
br_kept_new (void)
{
  struct br_kept *kept = calloc (1, sizeof *kept);

  if (kept != NULL && pthread_mutex_init (&kept->lock, NULL) != 0) {
    free (kept);
    return NULL;
  }
  return kept;
}

static void
forget (struct supervisor *s)
{
  br_str_free (&s->setting);
  free (s);
}

/* It ends when nobody holds the other end of its socket. */
static void
stop (pid_t pid, pid_t owner, int host)
{
  close (host);
  while (owner == getpid () && waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    ;
}

static void
end (struct supervisor *s)
{
  stop (s->pid, s->owner, s->host);
  forget (s);
}

static void
push (struct br_kept *kept, struct supervisor *s)
{
  pthread_mutex_lock (&kept->lock);
  s->next = kept->idle;
  kept->idle = s;
  pthread_mutex_unlock (&kept->lock);
}

static struct supervisor *
pop (struct br_kept *kept)
{
  struct supervisor *s;

  pthread_mutex_lock (&kept->lock);
  s = kept->idle;
  if (s != NULL)
    kept->idle = s->next;
  pthread_mutex_unlock (&kept->lock);
  return s;
}

void
br_kept_free (struct br_kept *kept)
{
  struct supervisor *s;

  if (kept == NULL)
    return;
  while ((s = pop (kept)) != NULL)
    end (s);
  pthread_mutex_destroy (&kept->lock);
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
is_set_as_now (const struct supervisor *s, const char *worker)
{
  struct br_str now = { 0 };
  int same;

  add_setting (&now, worker);
  same = !br_str_failed (&now) && now.length == s->setting.length &&
         memcmp (now.text, s->setting.text, now.length) == 0;
  br_str_free (&now);
  return same;
}

/* An idle supervisor says nothing: what can be read is its end. */
static int
is_idle (const struct supervisor *s)
{
  struct pollfd fd = { .fd = s->host, .events = POLLIN };

  return poll (&fd, 1, 0) == 0;
}

int
br_kept_take (struct br_kept *kept, const char *worker, pid_t *pid, int *host)
{
  struct supervisor *s;

  while ((s = pop (kept)) != NULL && (s->owner != getpid () || !is_idle (s) || !is_set_as_now (s, worker)))
    end (s);
  if (s == NULL)
    return 0;
  *pid = s->pid;
  *host = s->host;
  forget (s);
  return 1;
}

static struct supervisor *
supervisor_new (const char *worker, pid_t pid, int host)
{
  struct supervisor *s = calloc (1, sizeof *s);

  if (s == NULL)
    return NULL;
  s->pid = pid;
  s->owner = getpid ();
  s->host = host;
  add_setting (&s->setting, worker);
  if (!br_str_failed (&s->setting))
    return s;
  forget (s);
  return NULL;
}

void
br_kept_give (struct br_kept *kept, const char *worker, pid_t pid, int host)
{
  struct supervisor *s = supervisor_new (worker, pid, host);

  if (s != NULL)
    push (kept, s);
  else
    stop (pid, getpid (), host);
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
