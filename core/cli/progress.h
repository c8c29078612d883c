/* SPDX-License-Identifier: BSD-3-Clause */
/* What a person sees while a build runs: a line for each step that ended, messages, and on a terminal a bar that redraws itself. */
#ifndef BR_CLI_PROGRESS_H
#define BR_CLI_PROGRESS_H

#include "core/cli/events.h"
#include "core/run/run.h"

struct br_cli_progress {
  int level; /* messages below it are not shown */
  int quiet; /* nor are steps */
  int bar;   /* standard error is a terminal */
  int colour;
  int drawn;     /* a bar stands on the current line */
  char step[64]; /* what the bar calls the running step: shortened to fit a line */
  struct br_cli_events events;
};

/* What -v, -q and the config's log level ask for. */
void br_cli_progress_init (struct br_cli_progress *progress, const char *log_level, int verbose, int quiet,
                           const char *events);
void br_cli_progress_observer (struct br_cli_progress *progress, struct br_run_observer *observer);
/* Takes the bar away. */
void br_cli_progress_clear (struct br_cli_progress *progress);

#endif
