/* SPDX-License-Identifier: BSD-3-Clause */
/* What happens during a run, as one JSON object a line, for programs. */
#include <config.h>

#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/json_write.h"
#include "core/cli/events.h"
#include "core/cli/out.h"

/* An event that is being built. */
struct event {
  struct br_str line;
  struct br_json_writer w;
};

static void
begin (struct event *e, const char *name)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_REALTIME, &now);
  memset (e, 0, sizeof *e);
  e->w.out = &e->line;
  br_json_object_begin (&e->w);
  br_json_key (&e->w, "event");
  br_json_string (&e->w, name);
  br_json_key (&e->w, "time");
  br_json_double (&e->w, (double) now.tv_sec + (double) (now.tv_nsec / 1000000) / 1000);
}

static void
add_string (struct event *e, const char *key, const char *value)
{
  br_json_key (&e->w, key);
  br_json_string (&e->w, value);
}

static void
add_double (struct event *e, const char *key, double value)
{
  br_json_key (&e->w, key);
  br_json_double (&e->w, value);
}

static void
write_line (struct br_cli_events *events, const struct br_str *line)
{
  if (events->failed != 0)
    return;
  errno = 0;
  if (events->file == NULL)
    events->file = fopen (events->path, "we");
  /* whoever follows the file wants the line now */
  if (events->file == NULL || br_str_failed (line) ||
      fwrite (line->text, 1, line->length, events->file) != line->length || fflush (events->file) != 0)
    events->failed = errno != 0 ? errno : ENOMEM;
}

static void
end (struct br_cli_events *events, struct event *e)
{
  br_json_object_end (&e->w);
  br_str_add_char (&e->line, '\n');
  write_line (events, &e->line);
  br_str_free (&e->line);
}

void
br_cli_event_step_begin (struct br_cli_events *events, const char *kind, const char *name)
{
  struct event e;

  if (events->path == NULL)
    return;
  begin (&e, "step_begin");
  add_string (&e, "kind", kind);
  add_string (&e, "name", name);
  end (events, &e);
}

void
br_cli_event_step_end (struct br_cli_events *events, const struct br_step_result *step)
{
  struct event e;

  if (events->path == NULL)
    return;
  begin (&e, "step_end");
  add_string (&e, "kind", step->kind);
  add_string (&e, "name", step->name);
  add_string (&e, "plugin", step->plugin);
  add_string (&e, "status", br_status_name (step->status));
  add_double (&e, "duration_seconds", step->duration_seconds);
  end (events, &e);
}

void
br_cli_event_progress (struct br_cli_events *events, double fraction, const char *text)
{
  struct event e;

  if (events->path == NULL)
    return;
  begin (&e, "progress");
  br_json_key (&e.w, "fraction");
  if (fraction >= 0)
    br_json_double (&e.w, fraction);
  else
    br_json_null (&e.w);
  add_string (&e, "text", text);
  end (events, &e);
}

void
br_cli_event_log (struct br_cli_events *events, int level, const char *text)
{
  struct event e;

  if (events->path == NULL)
    return;
  begin (&e, "log");
  br_json_key (&e.w, "level");
  br_json_int (&e.w, level);
  add_string (&e, "text", text);
  end (events, &e);
}

void
br_cli_event_result (struct br_cli_events *events, const struct br_result *result, int exit_code,
                     const char *output_dir)
{
  struct event e;

  if (events->path == NULL)
    return;
  begin (&e, "result");
  add_string (&e, "status", br_status_name (result->status));
  br_json_key (&e.w, "exit_code");
  br_json_int (&e.w, exit_code);
  add_string (&e, "output_dir", output_dir);
  add_double (&e, "duration_seconds", result->duration_seconds);
  end (events, &e);
}

int
br_cli_events_close (struct br_cli_events *events)
{
  if (events->file != NULL && fclose (events->file) != 0 && events->failed == 0)
    events->failed = errno;
  events->file = NULL;
  if (events->failed == 0)
    return 0;
  br_cli_say ("%s: %s", events->path, strerror (events->failed));
  return BR_EXIT_FAILED;
}
