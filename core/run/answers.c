/* SPDX-License-Identifier: BSD-3-Clause */
/* The latest answers, in a table of fixed size that all threads share. */
#include <config.h>

#include "core/run/answers.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/json_write.h"
#include "common/str.h"
#include "core/run/job.h"

#define N_ANSWERS 64

static struct {
  pthread_mutex_t lock;
  size_t n; /* kept so far; the oldest make room */
  struct {
    char key[BR_SHA256_HEX];
    int answer;
    struct br_error reason;
  } items[N_ANSWERS];
} answers = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- Keys ---- */

static int
is_name_only (const char *member)
{
  static const char *const names[] = {
    "id",         "design_space_id", "timestamp", "combination_index", "total_combinations",
    "output_dir", "model_path"
  };

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp (member, names[i]) == 0)
      return 1;
  return 0;
}

static void
add_text (struct br_str *all, const char *text)
{
  br_str_add_bytes (all, text != NULL ? text : "", text != NULL ? strlen (text) + 1 : 1);
}

static void
add_config (struct br_str *all, struct json_object *config)
{
  struct br_json_writer w = { .out = all };

  br_json_object_begin (&w);
  json_object_object_foreach (config, member, value)
  {
    if (is_name_only (member))
      continue;
    br_json_put_value (&w, member, value);
  }
  br_json_object_end (&w);
}

int
br_answers_key (const struct br_job *job, const char *worker, char key[BR_SHA256_HEX])
{
  struct br_str all = { 0 };
  struct br_json_writer w = { .out = &all };
  int ret;

  add_text (&all, worker);
  add_text (&all, job->backend.path);
  add_text (&all, job->backend.plugin);
  add_text (&all, job->config_dir);
  for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
    add_text (&all, *variable);
  br_json_value (&w, job->backend.parameters);
  add_config (&all, job->config);
  ret = br_str_failed (&all) ? -1 : 0;
  if (ret == 0)
    br_sha256 (all.text, all.length, key);
  br_str_free (&all);
  return ret;
}

/* ---- Answers ---- */

int
br_answers_find (const char *key, int *answer, struct br_error *reason)
{
  int found = 0;

  pthread_mutex_lock (&answers.lock);
  for (size_t i = 0; i < N_ANSWERS && !found; i++) {
    const struct br_error *why = &answers.items[i].reason;

    if (strcmp (answers.items[i].key, key) != 0)
      continue;
    found = 1;
    *answer = answers.items[i].answer;
    if (br_error_is_set (why))
      br_error_set (reason, why->category, "%s", br_error_text (why));
  }
  pthread_mutex_unlock (&answers.lock);
  return found;
}

void
br_answers_keep (const char *key, int answer, const struct br_error *reason)
{
  size_t at;

  if (answer < 0)
    return;
  pthread_mutex_lock (&answers.lock);
  at = answers.n++ % N_ANSWERS;
  memcpy (answers.items[at].key, key, BR_SHA256_HEX);
  answers.items[at].answer = answer;
  br_error_clear (&answers.items[at].reason);
  if (br_error_is_set (reason))
    br_error_set (&answers.items[at].reason, reason->category, "%s", br_error_text (reason));
  pthread_mutex_unlock (&answers.lock);
}
