/* SPDX-License-Identifier: BSD-3-Clause */
/* The worker's side of events. */
#include <config.h>

#include "core/run/events.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/file.h"
#include "common/json_write.h"

#define HIGH_DESCRIPTOR 200

int
br_event_writer_init (struct br_event_writer *writer, int fd)
{
  struct stat st;
  int high = fcntl (fd, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR);

  if (high < 0)
    high = fcntl (fd, F_DUPFD_CLOEXEC, 3);
  close (fd);
  if (high < 0 || fstat (high, &st) < 0)
    return -1;
  writer->fd = high;
  writer->dev = st.st_dev;
  writer->ino = st.st_ino;
  return pthread_mutex_init (&writer->lock, NULL) == 0 ? 0 : -1;
}

/* ---- One line ---- */

struct event {
  struct br_str text;
  struct br_json_writer w;
};

static void
begin (struct event *event, const char *name)
{
  memset (event, 0, sizeof *event);
  event->w.out = &event->text;
  br_json_object_begin (&event->w);
  br_json_key (&event->w, "event");
  br_json_string (&event->w, name);
}

static void
add_text (struct event *event, const char *key, const char *text)
{
  br_json_key (&event->w, key);
  br_json_string (&event->w, text);
}

static void
add_index (struct event *event, size_t index)
{
  br_json_key (&event->w, "index");
  br_json_int (&event->w, index == BR_NO_STEP ? -1 : (int64_t) index);
}

static void
add_value (struct event *event, const char *key, struct json_object *value)
{
  br_json_key (&event->w, key);
  br_json_value (&event->w, value);
}

static int
still_ours (const struct br_event_writer *writer)
{
  struct stat st;

  return fstat (writer->fd, &st) == 0 && st.st_dev == writer->dev && st.st_ino == writer->ino;
}

static void
say (struct br_event_writer *writer, struct event *event)
{
  int status = 0;

  br_json_object_end (&event->w);
  br_str_add_char (&event->text, '\n');
  pthread_mutex_lock (&writer->lock);
  if (br_str_failed (&event->text))
    status = BR_WORKER_SPENT;
  else if (!still_ours (writer))
    status = BR_WORKER_MUTE;
  else if (br_fd_write_all (writer->fd, event->text.text, event->text.length) < 0)
    status = BR_WORKER_BARRED;
  pthread_mutex_unlock (&writer->lock);
  br_str_free (&event->text);
  if (status != 0)
    _exit (status);
}

/* ---- The sink ---- */

static void
on_step_begin (void *closure, const struct br_result *result, size_t index)
{
  struct event event;

  (void) result;
  begin (&event, "begin");
  add_index (&event, index);
  say (closure, &event);
}

static void
on_step_end (void *closure, const struct br_result *result, size_t index)
{
  const struct br_step_result *step = &result->steps[index];
  struct event event;

  begin (&event, "end");
  add_index (&event, index);
  add_text (&event, "status", br_status_name (step->status));
  br_json_key (&event.w, "seconds");
  br_json_double (&event.w, step->duration_seconds);
  add_text (&event, "input", step->input_sha256);
  add_text (&event, "output", step->output_sha256);
  add_text (&event, "category", step->error_category);
  add_text (&event, "message", step->error_message);
  say (closure, &event);
}

static void
say_metric (struct br_event_writer *writer, const struct br_metrics *m, int id)
{
  struct event event;

  begin (&event, "metric");
  add_text (&event, "name", br_metric_name ((enum br_metric_id) id));
  br_json_key (&event.w, "value");
  br_json_double (&event.w, m->value[id]);
  add_text (&event, "stage", m->origin[id].stage);
  add_text (&event, "file", m->origin[id].file);
  add_text (&event, "key", m->origin[id].key);
  say (writer, &event);
}

static void
say_metrics (struct br_event_writer *writer, const struct br_metrics *m)
{
  struct event event;

  for (int id = 0; id < BR_N_METRICS; id++)
    if (m->has[id])
      say_metric (writer, m, id);
  begin (&event, "all_raw");
  add_value (&event, "value", m->raw);
  add_value (&event, "origins", m->raw_origin);
  say (writer, &event);
}

static void
say_named (struct br_event_writer *writer, const char *what, const char *name, const char *path)
{
  struct event event;

  begin (&event, what);
  add_text (&event, "name", name);
  add_text (&event, "path", path);
  say (writer, &event);
}

static const char *
path_of (const struct br_named_paths *paths, const char *name)
{
  for (size_t i = 0; i < paths->n; i++)
    if (strcmp (paths->items[i].name, name) == 0)
      return paths->items[i].path;
  return NULL;
}

static void
say_value (struct br_event_writer *writer, const char *what, const char *name, struct json_object *value)
{
  struct event event;

  begin (&event, what);
  add_text (&event, "name", name);
  add_value (&event, "value", value);
  say (writer, &event);
}

static void
on_changed (void *closure, const struct br_result *result, const char *what, const char *name)
{
  if (strcmp (what, "metric") == 0 && br_metric_find (name) >= 0)
    say_metric (closure, &result->metrics, br_metric_find (name));
  else if (strcmp (what, "metrics") == 0)
    say_metrics (closure, &result->metrics);
  else if (strcmp (what, "raw") == 0)
    say_value (closure, what, name, json_object_object_get (result->metrics.raw, name));
  else if (strcmp (what, "artifact") == 0)
    say_named (closure, what, name, path_of (&result->artifacts, name));
  else if (strcmp (what, "log") == 0)
    say_named (closure, what, name, path_of (&result->logs, name));
  else if (strcmp (what, "environment") == 0)
    say_value (closure, what, NULL, result->environment);
  else if (strcmp (what, "warning") == 0)
    say_named (closure, what, name, NULL);
}

static void
say_bare (struct br_event_writer *writer, const char *what)
{
  struct event event;

  begin (&event, what);
  say (writer, &event);
}

static void
on_built (void *closure)
{
  say_bare (closure, "built");
}

static void
on_alive (void *closure)
{
  say_bare (closure, "alive");
}

static void
on_progress (void *closure, double fraction, const char *what)
{
  struct event event;

  begin (&event, "progress");
  br_json_key (&event.w, "fraction");
  br_json_double (&event.w, fraction >= 0 ? fraction : -1);
  add_text (&event, "what", what);
  say (closure, &event);
}

static void
on_log (void *closure, int level, const char *text)
{
  struct event event;

  begin (&event, "message");
  br_json_key (&event.w, "level");
  br_json_int (&event.w, level);
  add_text (&event, "text", text);
  say (closure, &event);
}

void
br_event_sink (struct br_event_writer *writer, struct br_sink *sink)
{
  sink->step_begin = on_step_begin;
  sink->step_end = on_step_end;
  sink->changed = on_changed;
  sink->built = on_built;
  sink->progress = on_progress;
  sink->log = on_log;
  sink->alive = on_alive;
  sink->closure = writer;
}

void
br_event_outcome (struct br_event_writer *writer, const struct br_failure *failure)
{
  struct event event;

  begin (&event, "outcome");
  if (failure != NULL) {
    add_index (&event, failure->index);
    add_text (&event, "category", failure->error.category);
    add_text (&event, "message", br_error_text (&failure->error));
  }
  say (writer, &event);
}
