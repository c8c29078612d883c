/* SPDX-License-Identifier: BSD-3-Clause */
/* Asking a backend whether it can serve a configuration on this machine: in a process of its own, as builds run. */
#include <config.h>

#include "core/run/run_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/str.h"
#include "core/proc/clock.h"
#include "core/proc/supervise.h"
#include "core/run/answers.h"
#include "core/run/events.h"

#define PROBE_SECONDS 60 /* that a backend has for its answer */

/* An outcome is the answer: without a failure yes; with one no where its index is 0, cannot tell where it has none. */
#define INDEX_NO 0

/* ---- In the worker ---- */

static int
ask (const struct br_job *job, struct br_pipeline *p, struct br_failure *failure)
{
  struct br_module_handle *module = br_modules_open (p->modules, job->backend.path, &failure->error);
  const struct br_backend *backend =
      module != NULL ? br_modules_backend (p->modules, module, job->backend.plugin) : NULL;
  struct br_build_spec spec = { .config = job->config,
                                .params = job->backend.parameters,
                                .config_dir = job->config_dir,
                                .module = module,
                                .hooks = &br_pipeline_hooks,
                                .closure = p };

  if (backend == NULL)
    return br_error_set (&failure->error, "plugin", "%s has no backend %s any more", job->backend.path,
                         job->backend.plugin);
  return br_call_probe (backend, &spec, &failure->error);
}

/* The memory limit is the build's: a module that it has no room for is to fail there, and say so. */
_Noreturn static void
be_worker (const struct br_job *job, pid_t supervisor, int events)
{
  int null = open ("/dev/null", O_RDWR | O_CLOEXEC);
  struct br_event_writer writer;
  struct br_sink sink;
  struct br_pipeline p = { .job = job, .sink = &sink, .log_fd = null, .modules = br_modules_new () };
  struct br_failure failure = { .index = BR_NO_STEP };
  int answer;

  p.scratch = strdup ("/"); /* where programs run that the probe asks */
  if (p.modules == NULL || p.scratch == NULL)
    _exit (BR_WORKER_SPENT);
  if (null < 0 || dup2 (null, 0) < 0 || dup2 (null, 1) < 0 || dup2 (null, 2) < 0 ||
      br_event_writer_init (&writer, events) < 0 ||
      br_worker_become_worker (supervisor, 0, writer.fd, &p.cancel_fd) < 0)
    _exit (BR_WORKER_BARRED);
  br_event_sink (&writer, &sink);
  answer = ask (job, &p, &failure);
  if (answer == 0)
    failure.index = INDEX_NO;
  br_event_outcome (&writer, answer == 1 ? NULL : &failure);
  br_modules_free (p.modules);
  _exit (0);
}

/* ---- In the supervisor ---- */

static void
on_line (void *closure, const char *text, size_t length)
{
  struct br_str line = { 0 };

  if (!br_heard_line (closure, text, length, NULL))
    return;
  br_str_add_bytes (&line, text, length);
  br_str_add_char (&line, '\n');
  if (!br_str_failed (&line))
    (void) !send (BR_WORKER_HOST, line.text, line.length, MSG_NOSIGNAL);
  br_str_free (&line);
}

static void
say_no_answer (const struct br_supervision *end, const struct br_heard *heard, struct br_error *err)
{
  char name[24];

  if (end->lost || heard->lost)
    br_error_oom (err);
  else if (end->end == BR_WORKER_WALL)
    br_error_set (err, "plugin", "it gave no answer within %d s", PROBE_SECONDS);
  else if (WIFSIGNALED (end->status))
    br_error_set (err, "plugin_crash", "it was killed by %s while it was asked",
                  br_signal_name (WTERMSIG (end->status), name));
  else if (!br_worker_mute_reason (WEXITSTATUS (end->status), "it", err))
    br_error_set (err, "plugin_crash", "it ended its process while it was asked (exit status %d)",
                  WEXITSTATUS (end->status));
}

static int
supervise (const struct br_job *job, struct br_heard *heard)
{
  struct br_supervision end = { .host = BR_WORKER_HOST, .log = -1, .line = on_line, .closure = heard };
  pid_t self = getpid ();
  struct br_error err = { 0 };
  int fds[2], ret;

  if (pipe2 (fds, O_CLOEXEC) < 0)
    return BR_EXIT_FAILED;
  end.wall_end = br_clock_now () + PROBE_SECONDS;
  end.events = fds[0];
  end.worker = fork ();
  if (end.worker == 0) {
    close (fds[0]);
    be_worker (job, self, fds[1]);
  }
  close (fds[1]);
  ret = end.worker > 0 ? br_supervise (&end) : -1;
  close (fds[0]);
  if (ret == 0 && !heard->outcome) {
    say_no_answer (&end, heard, &err);
    br_worker_last_words (&err);
  }
  return ret == 0 ? BR_EXIT_OK : BR_EXIT_FAILED;
}

int
br_worker_probe (void)
{
  struct br_heard heard = { .running = BR_NO_STEP };
  struct br_error err = { 0 };
  BR_AUTOCLOSE int lock = -1;
  size_t size = 0;
  BR_AUTOFREE char *text = br_worker_become_supervisor () == 0 ? br_worker_request (&size, &lock) : NULL;
  struct br_job *job = text != NULL ? br_job_parse (text, size, &err) : NULL;
  int ret = BR_EXIT_USAGE;

  if (job != NULL && (heard.result = br_job_result (job)) != NULL)
    ret = supervise (job, &heard);
  br_result_free (heard.result);
  br_error_clear (&heard.failure.error);
  br_job_free (job);
  br_error_clear (&err);
  return ret;
}

/* ---- In the host ---- */

static void
hear_all (int host, struct br_heard *heard)
{
  struct br_str text = { 0 };
  char bytes[4096];
  ssize_t n;
  size_t at = 0;

  while ((n = br_fd_read (host, bytes, sizeof bytes)) > 0)
    br_str_add_bytes (&text, bytes, (size_t) n);
  while (!br_str_failed (&text) && at < text.length) {
    const char *newline = memchr (text.text + at, '\n', text.length - at);
    size_t length = newline != NULL ? (size_t) (newline - text.text) - at : text.length - at;

    br_heard_line (heard, text.text + at, length, NULL);
    at += length + 1;
  }
  br_str_free (&text);
}

static int
converse (const char *worker, const char *text, struct br_heard *heard, struct br_error *err)
{
  pid_t pid;
  int host;

  if (br_worker_spawn (worker, "probe", &pid, &host, err) < 0)
    return -1;
  if (br_worker_send (host, text, strlen (text), -1) == 0)
    hear_all (host, heard);
  close (host);
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    ;
  return 0;
}

static int
answer_of (struct br_heard *heard, struct br_error *reason)
{
  if (!heard->outcome)
    return br_error_set (reason, "plugin", "it gave no answer");
  if (!br_error_is_set (&heard->failure.error))
    return 1;
  br_error_move (reason, &heard->failure.error);
  return heard->failure.index == INDEX_NO ? 0 : -1;
}

static int
ask_worker (const struct br_job *job, const char *worker, struct br_error *reason)
{
  struct br_heard heard = { .running = BR_NO_STEP, .result = br_job_result (job) };
  BR_AUTOFREE char *text = br_job_text (job);
  int answer = -1;

  if (text == NULL || heard.result == NULL)
    br_error_oom (reason);
  else if (converse (worker, text, &heard, reason) == 0)
    answer = answer_of (&heard, reason);
  br_error_clear (&heard.failure.error);
  br_result_free (heard.result);
  return answer;
}

int
br_run_probe (const struct br_plugin_info *backend, const struct br_config *config, const char *worker,
              struct br_error *reason)
{
  struct br_job *job = br_job_new_probe (backend, config, reason);
  char key[BR_SHA256_HEX];
  int answer = -1;

  if (job == NULL || br_answers_key (job, worker, key) < 0)
    br_error_oom (reason);
  else if (!br_answers_find (key, &answer, reason)) {
    answer = ask_worker (job, worker, reason);
    br_answers_keep (key, answer, reason);
  }
  br_job_free (job);
  return answer;
}
