/* SPDX-License-Identifier: BSD-3-Clause */
/* The other side of events: each is applied to a result. */
#include <config.h>

#include "core/run/events.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/str.h"

struct hearing {
  struct br_heard *heard;
  const struct br_run_observer *observer; /* may be NULL */
  struct json_object *event;
};

/* ---- Members of an event ---- */

static const char *
text_of (const struct hearing *h, const char *key)
{
  struct json_object *value = json_object_object_get (h->event, key);

  return value != NULL ? json_object_get_string (value) : NULL;
}

static double
number_of (const struct hearing *h, const char *key)
{
  return json_object_get_double (json_object_object_get (h->event, key));
}

/* BR_NO_STEP where there is no such step. */
static size_t
index_of (const struct hearing *h)
{
  struct json_object *value = json_object_object_get (h->event, "index");
  int64_t index = value != NULL ? json_object_get_int64 (value) : -1;

  return index >= 0 && (uint64_t) index < h->heard->result->n_steps ? (size_t) index : BR_NO_STEP;
}

/* What was said is lost where memory ran out. */
static void
note (struct hearing *h, int ret)
{
  if (ret < 0)
    h->heard->lost = 1;
}

static void
replace_text (struct hearing *h, char **to, const char *text)
{
  free (*to);
  note (h, br_str_copy (to, text));
}

static void
copy_hash (char to[BR_SHA256_HEX], const char *hash)
{
  if (hash != NULL && strlen (hash) < BR_SHA256_HEX)
    memcpy (to, hash, strlen (hash) + 1);
}

/* ---- Steps ---- */

static void
hear_begin (struct hearing *h)
{
  size_t index = index_of (h);
  const struct br_step_result *step;

  if (index == BR_NO_STEP)
    return;
  h->heard->running = index;
  step = &h->heard->result->steps[index];
  if (h->observer != NULL && h->observer->step_begin != NULL)
    h->observer->step_begin (h->observer->closure, step->kind, step->name);
}

static void
hear_end (struct hearing *h)
{
  size_t index = index_of (h);
  struct br_step_result *step;
  const char *status = text_of (h, "status");

  if (index == BR_NO_STEP || status == NULL)
    return;
  h->heard->running = BR_NO_STEP;
  step = &h->heard->result->steps[index];
  step->status = strcmp (status, "success") == 0 ? BR_STATUS_SUCCESS : BR_STATUS_FAILED;
  step->duration_seconds = number_of (h, "seconds");
  copy_hash (step->input_sha256, text_of (h, "input"));
  copy_hash (step->output_sha256, text_of (h, "output"));
  replace_text (h, &step->error_category, text_of (h, "category"));
  replace_text (h, &step->error_message, text_of (h, "message"));
  if (h->observer != NULL && h->observer->step_end != NULL)
    h->observer->step_end (h->observer->closure, step);
}

/* ---- Values ---- */

static void
hear_metric (struct hearing *h)
{
  const char *name = text_of (h, "name"), *stage = text_of (h, "stage");
  int id = name != NULL ? br_metric_find (name) : -1;
  struct br_error err = { 0 };

  if (id >= 0 && stage != NULL)
    note (h, br_metrics_set (&h->heard->result->metrics, (enum br_metric_id) id, number_of (h, "value"),
                             stage, text_of (h, "file"), text_of (h, "key"), &err));
  br_error_clear (&err);
}

static void
set_raw (struct hearing *h, const char *name, struct json_object *value)
{
  struct br_error err = { 0 };

  note (h, br_metrics_set_raw (&h->heard->result->metrics, name, json_object_get (value), &err));
  br_error_clear (&err);
}

static void
hear_raw (struct hearing *h)
{
  if (text_of (h, "name") != NULL)
    set_raw (h, text_of (h, "name"), json_object_object_get (h->event, "value"));
}

static void
hear_all_raw (struct hearing *h)
{
  struct json_object *all = json_object_object_get (h->event, "value");
  struct br_error none = { 0 };

  h->heard->result->measured = 1;
  note (h, br_metrics_read_raw_origins (&h->heard->result->metrics,
                                        json_object_object_get (h->event, "origins"), &none));
  br_error_clear (&none);
  if (!json_object_is_type (all, json_type_object))
    return;
  json_object_object_foreach (all, key, value)
  {
    set_raw (h, key, value);
  }
}

static void
hear_artifact (struct hearing *h)
{
  if (text_of (h, "name") != NULL && text_of (h, "path") != NULL)
    note (h, br_result_add_artifact (h->heard->result, text_of (h, "name"), text_of (h, "path")));
}

static void
hear_log_file (struct hearing *h)
{
  if (text_of (h, "name") != NULL && text_of (h, "path") != NULL)
    note (h, br_result_add_log (h->heard->result, text_of (h, "name"), text_of (h, "path")));
}

static void
hear_environment (struct hearing *h)
{
  struct json_object *value = json_object_object_get (h->event, "value");

  if (!json_object_is_type (value, json_type_object))
    return;
  json_object_put (h->heard->result->environment);
  h->heard->result->environment = json_object_get (value);
}

static void
hear_warning (struct hearing *h)
{
  if (text_of (h, "name") != NULL)
    note (h, br_result_add_warning (h->heard->result, text_of (h, "name")));
}

/* ---- What people see ---- */

static void
hear_progress (struct hearing *h)
{
  const char *what = text_of (h, "what");

  if (h->observer != NULL && h->observer->progress != NULL)
    h->observer->progress (h->observer->closure, number_of (h, "fraction"), what != NULL ? what : "");
}

static void
hear_message (struct hearing *h)
{
  const char *text = text_of (h, "text");

  if (h->observer != NULL && h->observer->log != NULL && text != NULL)
    h->observer->log (h->observer->closure, (int) number_of (h, "level"), text);
}

/* ---- The build ---- */

static void
hear_built (struct hearing *h)
{
  h->heard->built = 1;
}

static void
hear_outcome (struct hearing *h)
{
  const char *category = text_of (h, "category"), *message = text_of (h, "message");

  h->heard->outcome = 1;
  /* the last one counts: a supervisor may have to say that what a worker said could not be kept */
  br_error_clear (&h->heard->failure.error);
  h->heard->failure.index = index_of (h);
  if (category != NULL)
    br_error_set (&h->heard->failure.error, category, "%s", message != NULL ? message : "");
}

static void
hear_exhausted (struct hearing *h)
{
  h->heard->out_of_memory = 1;
}

/* ---- All ---- */

/* shown: of interest to people, and so to the host */
static const struct {
  const char *name;
  void (*hear) (struct hearing *h);
  int shown;
} events[] = {
  { "begin", hear_begin, 1 },       { "end", hear_end, 1 },
  { "progress", hear_progress, 1 }, { "message", hear_message, 1 },
  { "outcome", hear_outcome, 1 },   { "metric", hear_metric, 0 },
  { "raw", hear_raw, 0 },           { "all_raw", hear_all_raw, 0 },
  { "artifact", hear_artifact, 0 }, { "log", hear_log_file, 0 },
  { "warning", hear_warning, 0 },   { "environment", hear_environment, 0 },
  { "built", hear_built, 0 },       { "exhausted", hear_exhausted, 0 },
};

int
br_worker_mute_reason (int status, const char *who, struct br_error *why)
{
  if (status == BR_WORKER_SPENT)
    br_error_set (why, "memory", "%s ran out of memory", who);
  else if (status == BR_WORKER_BARRED)
    br_error_set (why, "environment", "%s got no descriptor, or no room in the pipe, from the system", who);
  else if (status == BR_WORKER_MUTE)
    br_error_set (why, "plugin_crash", "%s closed the descriptors of its process", who);
  else
    return 0;
  return 1;
}

/* json-c alone will do: both ends are ours, and what a plugin may have written into the pipe has to harm nobody, not to be
   told what is wrong with it. */
static struct json_object *
parse (struct br_heard *heard, const char *text, size_t length)
{
  struct json_tokener *tokener = length <= INT_MAX ? json_tokener_new () : NULL;
  struct json_object *event = tokener != NULL ? json_tokener_parse_ex (tokener, text, (int) length) : NULL;

  if (tokener != NULL)
    json_tokener_free (tokener);
  else
    heard->lost = 1;
  return event;
}

int
br_heard_line (struct br_heard *heard, const char *text, size_t length,
               const struct br_run_observer *observer)
{
  struct hearing h = { .heard = heard, .observer = observer };
  const char *name;
  int shown = 0;

  /* whoever missed it would wait for ever: no memory is needed for it */
  if (length == sizeof BR_EVENT_FINISHED - 1 && memcmp (text, BR_EVENT_FINISHED, length) == 0) {
    heard->finished = 1;
    return 0;
  }
  h.event = parse (heard, text, length);
  name = json_object_is_type (h.event, json_type_object) ? text_of (&h, "event") : NULL;
  for (size_t i = 0; name != NULL && i < sizeof events / sizeof *events; i++)
    if (strcmp (events[i].name, name) == 0) {
      events[i].hear (&h);
      shown = events[i].shown;
      break;
    }
  json_object_put (h.event);
  return shown;
}
