/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner-worker build: the supervisor. It loads no plugin. Workers run the pipelines and tell it what they did; it
   writes the result, whatever becomes of them. */
#include <config.h>

#include "core/run/run_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "core/proc/cgroup.h"
#include "core/proc/clock.h"
#include "core/proc/oom.h"
#include "core/proc/supervise.h"
#include "core/run/events.h"
#include "core/run/finish.h"

struct supervisor {
  const struct br_job *job;
  struct br_heard heard;
  double wall_end;
  int log, lock;
  int host_is_deaf;         /* it took nothing for a while */
  struct br_cgroup *cgroup; /* NULL: memory is limited otherwise, or not at all */
  long long oom_kills;      /* of this machine, before the worker */
  long long group_kills;    /* in the group, likewise */
  size_t first;             /* analysis that the next worker begins with; BR_NO_STEP: the whole build */
};

/* ---- The worker ---- */

static int
run_pipelines (struct br_pipeline *p, size_t first, struct br_failure *failure)
{
  if (br_pipeline_begin (p, &failure->error) < 0)
    return -1;
  if (first == BR_NO_STEP) {
    if (br_pipeline_build (p, failure) < 0)
      return -1;
    first = 0;
  }
  return br_pipeline_analyse (p, first, failure);
}

/* Standard output is not the plugin's: what it writes there goes to the log, as does standard error. */
static int
take_standard_descriptors (int log, int lock)
{
  BR_AUTOCLOSE int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  if (null < 0 || dup2 (null, 0) < 0 || dup2 (log, 1) < 0 || dup2 (log, 2) < 0)
    return -1;
  return close (lock);
}

/* What limits memory is in the result: the group, if it takes us. */
static int
limit_by_group (const struct supervisor *s, struct br_pipeline *p)
{
  if (s->cgroup == NULL || br_cgroup_join (s->cgroup) < 0)
    return 0;
  p->cgroup = s->cgroup;
  return br_start_limited_by_group (p->result);
}

/* The child: never returns. */
_Noreturn static void
be_worker (const struct supervisor *s, pid_t supervisor, int events)
{
  struct br_event_writer writer;
  struct br_sink sink;
  struct br_pipeline p = { .job = s->job, .result = s->heard.result, .sink = &sink, .log_fd = s->log };
  struct br_failure failure = { .index = BR_NO_STEP };
  int ret;

  p.modules = br_modules_new ();
  if (p.modules == NULL)
    _exit (BR_WORKER_SPENT);
  if (limit_by_group (s, &p) < 0)
    _exit (BR_WORKER_SPENT);
  if (take_standard_descriptors (s->log, s->lock) < 0 || br_event_writer_init (&writer, events) < 0 ||
      br_worker_become_worker (supervisor, p.cgroup != NULL ? 0 : s->job->memory_mb, writer.fd,
                               &p.cancel_fd) < 0)
    _exit (BR_WORKER_BARRED);
  br_event_sink (&writer, &sink);
  if (p.cgroup != NULL)
    sink.changed (sink.closure, p.result, "environment", NULL);
  ret = run_pipelines (&p, s->first, &failure);
  br_event_outcome (&writer, ret < 0 ? &failure : NULL);
  br_pipeline_end (&p);
  br_modules_free (p.modules);
  _exit (0);
}

/* ---- What the supervisor does with what it hears ---- */

static void
on_line (void *closure, const char *text, size_t length)
{
  struct supervisor *s = closure;
  struct br_str line = { 0 };

  if (!br_heard_line (&s->heard, text, length, NULL) || s->host_is_deaf)
    return;
  br_str_add_bytes (&line, text, length);
  br_str_add_char (&line, '\n');
  /* a host that has died is noticed elsewhere; one that is stopped must not stop the clocks: it is not waited for again */
  if (!br_str_failed (&line) &&
      send (BR_WORKER_HOST, line.text, line.length, MSG_NOSIGNAL) != (ssize_t) line.length)
    s->host_is_deaf = 1;
  br_str_free (&line);
}

/* -1: the host has died, or no worker could be made (then the error is set). */
static int
run_worker (struct supervisor *s, struct br_supervision *supervision, struct br_error *err)
{
  pid_t self = getpid ();
  int fds[2], ret;

  if (s->cgroup != NULL)
    s->group_kills = br_cgroup_oom_kills (s->cgroup);
  if (pipe2 (fds, O_CLOEXEC) < 0)
    return br_error_errno (err, "cannot start", "a worker");
  supervision->worker = fork ();
  if (supervision->worker == 0) {
    close (fds[0]);
    be_worker (s, self, fds[1]);
  }
  close (fds[1]);
  /* now, while the worker is busy */
  s->oom_kills = br_oom_kills ();
  if (s->heard.result->backend_module == NULL)
    br_identify (s->job, NULL, s->heard.result);
  supervision->events = fds[0];
  supervision->host = BR_WORKER_HOST;
  supervision->log = s->log;
  supervision->wall_end = s->wall_end;
  supervision->silence_seconds = s->job->silence_seconds;
  supervision->line = on_line;
  supervision->closure = s;
  ret =
      supervision->worker > 0 ? br_supervise (supervision) : br_error_errno (err, "cannot start", "a worker");
  close (fds[0]);
  return ret;
}

/* ---- Judging how a worker ended ---- */

static void
say_crash (const struct supervisor *s, const char *who, int status, struct br_error *why)
{
  char name[24];

  if (WIFSIGNALED (status) && s->heard.out_of_memory)
    br_error_set (why, "memory", "%s ran into the memory limit of %g MB (%s)", who, s->job->memory_mb,
                  br_signal_name (WTERMSIG (status), name));
  else if (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL && s->cgroup != NULL &&
           br_cgroup_oom_kills (s->cgroup) > s->group_kills)
    br_error_set (why, "memory", "%s was killed: the memory limit of %g MB was reached", who,
                  s->job->memory_mb);
  else if (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL && br_oom_kills () > s->oom_kills)
    br_error_set (why, "memory", "%s was killed: the machine ran out of memory", who);
  else if (WIFSIGNALED (status))
    br_error_set (why, "plugin_crash", "%s was killed by %s", who, br_signal_name (WTERMSIG (status), name));
  else if (!br_worker_mute_reason (WEXITSTATUS (status), who, why))
    br_error_set (why, "plugin_crash", "%s ended its process (exit status %d)", who, WEXITSTATUS (status));
}

/* The step to blame: the one that runs; or the one that a worker ended by itself when it was told to end. */
static size_t
blamed (const struct supervisor *s)
{
  if (s->heard.running == BR_NO_STEP && s->heard.outcome)
    return s->heard.failure.index;
  return s->heard.running;
}

static char *
culprit (const struct supervisor *s)
{
  return blamed (s) != BR_NO_STEP ? br_job_where (s->heard.result, blamed (s)) : strdup ("the worker");
}

static void
say_end (const struct supervisor *s, const struct br_supervision *end, struct br_error *why)
{
  BR_AUTOFREE char *where = culprit (s);
  const char *who = where != NULL ? where : "a plugin";
  char name[24];

  switch (end->end) {
  case BR_WORKER_WALL:
    br_error_set (why, "timeout", "%s was ended: the time limit of the build, %g s, struck", who,
                  s->job->wall_seconds);
    break;
  case BR_WORKER_SILENCE:
    br_error_set (why, "timeout", "%s was ended: nothing was heard of it for %g s, the silence limit", who,
                  s->job->silence_seconds);
    break;
  case BR_WORKER_INTERRUPTED:
    br_error_set (why, "interrupted", "the build was interrupted (%s)",
                  br_signal_name (end->signal_number, name));
    break;
  case BR_WORKER_CLOSED:
    br_error_set (why, "plugin_crash", "%s closed the descriptors of its process", who);
    break;
  case BR_WORKER_EXITED:
    say_crash (s, who, end->status, why);
    break;
  }
}

/* ---- A step that its worker did not survive ---- */

static int
fail_step (struct supervisor *s, size_t index, const struct br_error *why)
{
  struct br_step_result *step = &s->heard.result->steps[index];

  free (step->error_category);
  free (step->error_message);
  step->status = BR_STATUS_FAILED;
  step->error_category = strdup (why->category);
  step->error_message = strdup (br_error_text (why));
  return step->error_category != NULL && step->error_message != NULL ? 0 : -1;
}

static void
note_failure (struct br_failure *failure, size_t index, const struct br_error *why)
{
  if (br_error_is_set (&failure->error))
    return;
  failure->index = index;
  br_error_set (&failure->error, why->category, "%s", br_error_text (why));
}

/* An analysis costs itself; with a limit of time, what is behind it as well: there is no time left for any. */
static void
fail_analyses (struct supervisor *s, size_t first, size_t last, const struct br_error *why,
               struct br_failure *failure)
{
  for (size_t i = first; i <= last && i < s->job->n_postprocessing; i++) {
    size_t index = br_job_postprocessing_index (s->job, i);

    if (!s->job->postprocessing[i].enabled || s->heard.result->steps[index].status != BR_STATUS_NONE)
      continue;
    if (fail_step (s, index, why) < 0)
      br_error_oom (&failure->error);
    if (s->job->postprocessing[i].required)
      note_failure (failure, index, why);
  }
}

/* The first analysis that has neither run nor failed; n_postprocessing: none. */
static size_t
next_analysis (const struct supervisor *s)
{
  size_t i = 0;

  while (i < s->job->n_postprocessing &&
         s->heard.result->steps[br_job_postprocessing_index (s->job, i)].status != BR_STATUS_NONE)
    i++;
  return i;
}

/* 1: another worker has to go on with the analyses. Each round uses one up, also where none had begun. */
static int
judge_analyses (struct supervisor *s, const struct br_supervision *end, const struct br_error *why,
                struct br_failure *failure)
{
  size_t next = next_analysis (s);

  if (end->end == BR_WORKER_WALL)
    fail_analyses (s, 0, s->job->n_postprocessing, why, failure);
  else if (s->heard.running != BR_NO_STEP || next == (s->first == BR_NO_STEP ? 0 : s->first))
    fail_analyses (s, next, next, why, failure);
  s->first = next_analysis (s);
  return s->first < s->job->n_postprocessing;
}

/* What a worker says of itself after it was told to end is not the reason. */
static int
is_settled (const struct supervisor *s, const struct br_supervision *end)
{
  return s->heard.outcome && (end->end == BR_WORKER_EXITED || !br_error_is_set (&s->heard.failure.error));
}

/* 1: another worker has to go on. */
static int
judge (struct supervisor *s, const struct br_supervision *end, struct br_failure *failure)
{
  struct br_error why = { 0 };
  int go_on = 0;

  if (end->lost || s->heard.lost) {
    br_error_oom (&failure->error);
    return 0;
  }
  if (is_settled (s, end)) {
    if (br_error_is_set (&s->heard.failure.error))
      note_failure (failure, s->heard.failure.index, &s->heard.failure.error);
    return 0;
  }
  say_end (s, end, &why);
  if (s->heard.built && end->end != BR_WORKER_INTERRUPTED)
    go_on = judge_analyses (s, end, &why, failure);
  else {
    if (blamed (s) != BR_NO_STEP && fail_step (s, blamed (s), &why) < 0)
      br_error_oom (&failure->error);
    note_failure (failure, blamed (s), &why);
  }
  br_error_clear (&why);
  return go_on;
}

/* -1: the host has died. */
static int
run_workers (struct supervisor *s, struct br_failure *failure)
{
  int go_on = !s->job->skip;

  while (go_on) {
    struct br_supervision end = { 0 };

    s->heard.running = BR_NO_STEP;
    s->heard.outcome = s->heard.out_of_memory = 0;
    br_error_clear (&s->heard.failure.error);
    if (run_worker (s, &end, &failure->error) == 0)
      go_on = judge (s, &end, failure);
    else if (br_error_is_set (&failure->error))
      return 0;
    else
      return -1;
  }
  return 0;
}

/* ---- The build ---- */

void
br_worker_last_words (struct br_error *err)
{
  struct br_event_writer writer = { .fd = -1 };
  struct br_failure failure = { .index = BR_NO_STEP };

  br_error_move (&failure.error, err);
  if (br_event_writer_init (&writer, dup (BR_WORKER_HOST)) == 0)
    br_event_outcome (&writer, &failure);
  br_error_clear (&failure.error);
}

/* -1: the host does not know. */
static int
say_finished (void)
{
  static const char line[] = BR_EVENT_FINISHED "\n";

  return send (BR_WORKER_HOST, line, sizeof line - 1, MSG_NOSIGNAL) == sizeof line - 1 ? 0 : -1;
}

/* *again: the host has heard all that it was told, and may have another job. */
static int
build (const struct br_job *job, int lock, int *again)
{
  struct supervisor s = { .job = job, .lock = lock, .heard = { .running = BR_NO_STEP }, .first = BR_NO_STEP };
  struct br_failure failure = { .index = BR_NO_STEP };
  struct br_error err = { 0 };
  int ret = BR_EXIT_FAILED;

  s.heard.result = br_job_result (job);
  if (s.heard.result == NULL)
    return ret;
  s.wall_end = job->wall_seconds > 0 ? br_clock_now () + job->wall_seconds : 0;
  s.log = br_start (job, s.heard.result, &failure.error);
  if (job->memory_mb > 0)
    s.cgroup = br_cgroup_new (job->memory_mb);
  if (s.log < 0 || run_workers (&s, &failure) == 0) {
    if (br_finish (job, s.heard.result, br_error_is_set (&failure.error) ? &failure : NULL, &err) == 0)
      ret = BR_EXIT_OK;
    else
      br_worker_last_words (&err);
  } else
    br_finish_temporary (job, &err);
  *again = ret == BR_EXIT_OK && job->keep_supervisor && !s.host_is_deaf;
  br_cleanup_close (&s.log);
  br_cgroup_free (s.cgroup);
  br_error_clear (&err);
  br_error_clear (&failure.error);
  br_error_clear (&s.heard.failure.error);
  br_result_free (s.heard.result);
  return ret;
}

static int
take_job (const char *text, size_t size, int lock, int *again)
{
  struct br_error err = { 0 };
  struct br_job *job = br_job_parse (text, size, &err);
  int ret = BR_EXIT_USAGE;

  if (job != NULL)
    ret = build (job, lock, again);
  else
    br_worker_last_words (&err);
  br_job_free (job);
  br_error_clear (&err);
  return ret;
}

static int
serve (int *again)
{
  BR_AUTOCLOSE int lock = -1;
  size_t size = 0;
  BR_AUTOFREE char *text = br_worker_request (&size, &lock);

  return text != NULL ? take_job (text, size, lock, again) : BR_EXIT_USAGE;
}

/* The lock is free before the host hears of the end: its next build may be in the same folder. A host that cannot be told waits for the end of
   the conversation. */
int
br_worker_build (void)
{
  int ret = BR_EXIT_USAGE, again = br_worker_become_supervisor () == 0;

  while (again) {
    again = 0;
    ret = serve (&again);
    if (again)
      again = say_finished () == 0;
  }
  return ret;
}
