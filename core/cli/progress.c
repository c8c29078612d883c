/* SPDX-License-Identifier: BSD-3-Clause */
/* What a person sees while a build runs. All of it goes to standard error. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <buildrunner/plugin.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "core/cli/out.h"
#include "core/cli/progress.h"

#define BAR_WIDTH 20

static int
level_of (const char *name)
{
  static const struct {
    const char *name;
    int level;
  } levels[] = {
    { "DEBUG", BR_LOG_DEBUG },
    { "WARNING", BR_LOG_WARNING },
    { "ERROR", BR_LOG_ERROR },
    { "CRITICAL", BR_LOG_ERROR + 1 },
  };

  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
    if (strcmp (name, levels[i].name) == 0)
      return levels[i].level;
  return BR_LOG_INFO;
}

void
br_cli_progress_init (struct br_cli_progress *progress, const char *log_level, int verbose, int quiet,
                      const char *events)
{
  memset (progress, 0, sizeof *progress);
  progress->level = level_of (log_level);
  if (verbose)
    progress->level = BR_LOG_DEBUG;
  if (quiet)
    progress->level = BR_LOG_ERROR;
  progress->quiet = progress->level > BR_LOG_INFO;
  progress->bar = !progress->quiet && br_cli_is_terminal (2);
  progress->colour = br_cli_colour (2);
  progress->events.path = events;
}

void
br_cli_progress_clear (struct br_cli_progress *progress)
{
  if (progress->drawn)
    fputs ("\r\033[K", stderr);
  progress->drawn = 0;
}

static void
draw (struct br_cli_progress *progress, double fraction, const char *text)
{
  int filled = fraction >= 0 && fraction <= 1 ? (int) (fraction * BAR_WIDTH) : 0;

  br_cli_progress_clear (progress);
  fprintf (stderr, "[%.*s%*s] %s%s%.40s", filled, "####################", BAR_WIDTH - filled, "",
           progress->step, text[0] != '\0' ? ": " : "", text);
  fflush (stderr);
  progress->drawn = 1;
}

static void
on_step_begin (void *closure, const char *kind, const char *name)
{
  struct br_cli_progress *progress = closure;

  br_cli_event_step_begin (&progress->events, kind, name);
  if (!progress->bar)
    return;
  snprintf (progress->step, sizeof progress->step, "%.20s %.36s", kind, name);
  draw (progress, -1, "");
}

static const char *
status_colour (enum br_status status)
{
  if (status == BR_STATUS_SUCCESS)
    return "\033[32m";
  return status == BR_STATUS_SKIPPED ? "\033[33m" : "\033[31m";
}

static void
on_step_end (void *closure, const struct br_step_result *step)
{
  struct br_cli_progress *progress = closure;

  br_cli_event_step_end (&progress->events, step);
  if (progress->quiet)
    return;
  br_cli_progress_clear (progress);
  fprintf (stderr, "%-14s %-24s %s%s%s", step->kind, step->name,
           progress->colour ? status_colour (step->status) : "", br_status_name (step->status),
           progress->colour ? "\033[0m" : "");
  if (step->status != BR_STATUS_SKIPPED)
    fprintf (stderr, "  %.3f s", step->duration_seconds);
  if (step->error_message != NULL)
    fprintf (stderr, "  %s", step->error_message);
  fputc ('\n', stderr);
}

/* Names and messages come from plugins: nothing in them may steer a terminal. */
static char *
plain (const char *text)
{
  return br_str_escape (text != NULL ? text : "", text != NULL ? strlen (text) : 0);
}

static void
on_progress (void *closure, double fraction, const char *what)
{
  struct br_cli_progress *progress = closure;
  BR_AUTOFREE char *text = progress->bar ? plain (what) : NULL;

  br_cli_event_progress (&progress->events, fraction, what);
  if (text != NULL)
    draw (progress, fraction, text);
}

static void
on_log (void *closure, int level, const char *message)
{
  struct br_cli_progress *progress = closure;
  BR_AUTOFREE char *text = level >= progress->level ? plain (message) : NULL;
  const char *prefix = "";

  br_cli_event_log (&progress->events, level, message);
  if (text == NULL)
    return;
  if (level >= BR_LOG_WARNING)
    prefix = level >= BR_LOG_ERROR ? "error: " : "warning: ";
  br_cli_progress_clear (progress);
  br_cli_say ("%s%s", prefix, text);
}

void
br_cli_progress_observer (struct br_cli_progress *progress, struct br_run_observer *observer)
{
  observer->step_begin = on_step_begin;
  observer->step_end = on_step_end;
  observer->progress = on_progress;
  observer->log = on_log;
  observer->closure = progress;
}
