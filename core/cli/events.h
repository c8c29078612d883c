/* SPDX-License-Identifier: BSD-3-Clause */
/* What happens during a run, as one JSON object a line, for programs. */
#ifndef BR_CLI_EVENTS_H
#define BR_CLI_EVENTS_H

#include <stdio.h>

#include "core/data/result.h"

/* Start with { .path = … }; path NULL: nothing is written. The file is opened by the first event. */
struct br_cli_events {
  const char *path;
  FILE *file;
  int failed; /* an errno: the first write or opening that failed; nothing is tried after it */
};

/* Each object has "event" and "time" (seconds since 1970), then:
     step_begin  kind, name
     step_end    kind, name, plugin, status, duration_seconds
     progress    fraction (null: not known), text
     log         level, text
     result      status, exit_code, output_dir, duration_seconds  */
void br_cli_event_step_begin (struct br_cli_events *events, const char *kind, const char *name);
void br_cli_event_step_end (struct br_cli_events *events, const struct br_step_result *step);
void br_cli_event_progress (struct br_cli_events *events, double fraction, const char *text);
void br_cli_event_log (struct br_cli_events *events, int level, const char *text);
void br_cli_event_result (struct br_cli_events *events, const struct br_result *result, int exit_code,
                          const char *output_dir);
/* Closes the file. 0 or an exit status, after saying what failed. */
int br_cli_events_close (struct br_cli_events *events);

#endif
