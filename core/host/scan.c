/* SPDX-License-Identifier: BSD-3-Clause */
/* One child, or two where there are many, opens all modules. Where it ends early, the next child goes on
   behind the module that it was at. Then each module of which nothing good is known gets a child of its own,
   whose word is final: a module that damages the process of others and its victims are told apart so. */
#include <config.h>

#include "core/host/scan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "core/host/builtin.h"
#include "core/host/scan_process.h"

#define TOGETHER_MS  1000 /* a module that takes longer is waited for when it is alone */
#define LAST_WORD_MS 2000
#define MANY         32

/* Some files of a listing, scanned by one child. */
struct batch {
  const struct br_module_file *const *files;
  size_t n;
  struct br_module_report *reports; /* of each */
  int limit_ms;                     /* for each */
  struct br_scan_process process;
  /* what became of it */
  size_t told;
  int hello, timed_out, garbled, cut; /* cut: the child ended without its last line */
  int status;                         /* of the loader, as waitpid has it */
  char *printed;                      /* where status says that it did not end well; may be NULL */
};

/* ---- One child ---- */

static int
ask (const struct batch *batch, struct br_scan_process *process, struct br_error *err)
{
  struct br_str text = { 0 };

  for (size_t i = 0; i < batch->n; i++)
    br_str_add_bytes (&text, batch->files[i]->path, strlen (batch->files[i]->path) + 1);
  br_str_add_bytes (&text, "", 1);
  if (br_str_failed (&text)) {
    br_str_free (&text);
    return br_error_oom (err);
  }
  br_scan_process_ask (process, text.text,
                       text.length); /* a child that is gone is found out when it is listened to */
  br_str_free (&text);
  return 0;
}

/* 1: that was the last line; 0: go on; -1: garbled. */
static int
take_line (struct batch *batch, const char *line, size_t size)
{
  int more = batch->told < batch->n;
  const char *path = more ? batch->files[batch->told]->path : "";
  BR_AUTOFREE char *name = br_host_module_name (path);
  struct br_scan_message message;

  if (name == NULL || br_scan_read (line, size, name, path, &message) == -1)
    return -1;
  switch (message.kind) {
  case BR_SCAN_HELLO:
    batch->hello = 1;
    return 0;
  case BR_SCAN_END:
    batch->status = message.status;
    batch->printed = message.printed;
    return 1;
  case BR_SCAN_REPORT:
    break;
  }
  if (!more) {
    br_module_report_free (&message.report);
    return -1;
  }
  batch->reports[batch->told++] = message.report;
  return 0;
}

/* Until the child's last line. -1: it does not answer any more. */
static int
listen_to (struct batch *batch, struct br_scan_process *process)
{
  const char *line;
  size_t size;

  for (;;) {
    int got = br_scan_process_line (process, batch->timed_out ? LAST_WORD_MS : batch->limit_ms, &line, &size);

    if (got == 0 && batch->timed_out)
      return -1;
    if (got == 0) {
      batch->timed_out = 1;
      br_scan_process_end (process);
      continue;
    }
    if (got == -1) {
      batch->cut = 1;
      return 0;
    }
    got = take_line (batch, line, size);
    batch->garbled = got == -1;
    if (got != 0)
      return 0;
  }
}

static int
start (struct batch *batch, const char *worker, struct br_error *err)
{
  if (br_scan_process_start (&batch->process, worker, err) == -1)
    return -1;
  if (ask (batch, &batch->process, err) == 0)
    return 0;
  br_scan_process_finish (&batch->process, 0);
  return -1;
}

/* Fails only where no scan worker can be had. */
static int
finish (struct batch *batch, const char *worker, struct br_error *err)
{
  int silent = listen_to (batch, &batch->process) == -1;

  br_scan_process_finish (&batch->process, silent);
  if (batch->hello)
    return 0;
  return br_error_set (err, "environment", "%s: does not answer as buildrunner-worker",
                       worker != NULL ? worker : br_host_worker_path ());
}

/* ---- Verdicts ---- */

/* Why the child did not tell of a module that was alone in it; the caller frees. */
static char *
verdict (const struct batch *batch)
{
  const char *colon = batch->printed != NULL ? ": " : "",
             *printed = batch->printed != NULL ? batch->printed : "";

  if (batch->timed_out)
    return br_printf ("did not describe itself within %d s", BR_SCAN_SECONDS);
  if (WIFSIGNALED (batch->status))
    return br_printf ("crashed while it was loaded (SIG%s)%s%s", sigabbrev_np (WTERMSIG (batch->status)),
                      colon, printed);
  if (batch->cut)
    return br_printf ("ended the process above its own while it was loaded");
  if (batch->garbled || WEXITSTATUS (batch->status) == BR_SCAN_EXIT_CLOSED)
    return br_printf ("closed or wrote to a file descriptor that is not its own while it was loaded");
  return br_printf ("exited while it was loaded (status %d)%s%s", WEXITSTATUS (batch->status), colon,
                    printed);
}

static int
judge_alone (const struct br_module_file *file, const char *worker, struct br_module_report *report,
             struct br_error *err)
{
  struct batch batch = { .files = &file, .n = 1, .reports = report, .limit_ms = BR_SCAN_SECONDS * 1000 };
  int ret;

  br_module_report_free (report);
  ret = start (&batch, worker, err) == 0 ? finish (&batch, worker, err) : -1;
  if (ret == 0 && batch.told == 0 && (report->reason = verdict (&batch)) == NULL)
    ret = br_error_oom (err);
  free (batch.printed);
  return ret;
}

/* What is left of a batch whose child has ended. The module that it was at is left out: it will be judged
   alone. */
static int
go_on (struct batch *batch, struct br_error *err)
{
  size_t done = batch->told + 1;

  free (batch->printed);
  batch->printed = NULL;
  if (batch->told < batch->n && (batch->reports[batch->told].reason = strdup ("not told of")) == NULL)
    return br_error_oom (err);
  if (done > batch->n)
    done = batch->n;
  *batch = (struct batch){ .files = batch->files + done,
                           .n = batch->n - done,
                           .reports = batch->reports + done,
                           .limit_ms = batch->limit_ms };
  return 0;
}

/* Child after child, until no module is left. The batch has been started. */
static int
see_through (struct batch *batch, const char *worker, struct br_error *err)
{
  for (;;) {
    int ret = finish (batch, worker, err);

    if (go_on (batch, err) == -1 || ret == -1)
      return -1;
    if (batch->n == 0)
      return 0;
    if (start (batch, worker, err) == -1)
      return -1;
  }
}

/* Leaves a reason in the report of each module that no child had good news of. Many modules are shared out
   among two children, as mapping files is what takes the time. */
static int
scan_together (const struct br_module_file *const *files, size_t n, const char *worker,
               struct br_module_report *reports, struct br_error *err)
{
  size_t half = n < MANY ? n : n / 2;
  struct batch first = { .files = files, .n = half, .reports = reports, .limit_ms = TOGETHER_MS };
  struct batch second = {
    .files = files + half, .n = n - half, .reports = reports + half, .limit_ms = TOGETHER_MS
  };
  int ret;

  if (start (&first, worker, err) == -1)
    return -1;
  if (second.n > 0 && start (&second, worker, err) == -1) {
    br_scan_process_finish (&first.process, 0);
    return -1;
  }
  ret = see_through (&first, worker, err);
  if (second.n == 0)
    return ret;
  if (ret == 0)
    return see_through (&second, worker, err);
  br_scan_process_finish (&second.process, 0);
  return -1;
}

static int
scan_files (const struct br_module_file *const *files, size_t n, const char *worker,
            struct br_module_report *reports, struct br_error *err)
{
  if (n > 1 && scan_together (files, n, worker, reports, err) == -1)
    return -1;
  for (size_t i = 0; i < n; i++)
    if ((n == 1 || reports[i].reason != NULL) && judge_alone (files[i], worker, &reports[i], err) == -1)
      return -1;
  return 0;
}

int
br_scan (const struct br_listing *listing, const char *worker, struct br_module_report *reports,
         struct br_error *err)
{
  const struct br_module_file **files = calloc (listing->n + 1, sizeof *files);
  struct br_module_report *found = calloc (listing->n + 1, sizeof *found);
  size_t n = 0;
  int ret = -1;

  if (files == NULL || found == NULL) {
    br_error_oom (err);
    goto out;
  }
  for (size_t i = 0; i < listing->n; i++)
    if (listing->files[i].refused == NULL)
      files[n++] = &listing->files[i];
  ret = scan_files (files, n, worker, found, err);
  n = 0;
  for (size_t i = 0; i < listing->n; i++)
    if (listing->files[i].refused == NULL)
      reports[i] = found[n++];
out:
  free (files);
  free (found);
  return ret;
}
