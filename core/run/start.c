/* SPDX-License-Identifier: BSD-3-Clause */
/* The beginning of a build, once nothing can be in its way any more. */
#include <config.h>

#include "core/run/finish.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "core/run/output.h"

/* A limit that there is not is null. */
static int
add_limit (struct json_object *object, const char *key, double value)
{
  if (value > 0)
    return br_json_add (object, key, json_object_new_double (value));
  return json_object_object_add (object, key, NULL);
}

static int
add_limits (struct json_object *object, const struct br_job *job)
{
  if (add_limit (object, "wall_seconds", job->wall_seconds) < 0 ||
      add_limit (object, "silence_seconds", job->silence_seconds) < 0 ||
      add_limit (object, "memory_mb", job->memory_mb) < 0)
    return -1;
  if (job->memory_mb > 0)
    return br_json_add (object, "memory_by", json_object_new_string ("rlimit"));
  return json_object_object_add (object, "memory_by", NULL);
}

static int
fill_environment (struct json_object *environment, const struct br_job *job)
{
  struct json_object *limits = NULL;

  if (br_json_add (environment, "host_version", json_object_new_string (PACKAGE_VERSION)) < 0 ||
      br_json_add (environment, "tools", json_object_new_object ()) < 0 ||
      br_json_add (environment, "commands", json_object_new_array ()) < 0 ||
      br_json_add (environment, "limits", limits = json_object_new_object ()) < 0 ||
      add_limits (limits, job) < 0)
    return -1;
  return job->auto_reason != NULL
             ? br_json_add (environment, "auto", json_object_new_string (job->auto_reason))
             : 0;
}

static int
describe (const struct br_job *job, struct br_result *result)
{
  struct json_object *environment = json_object_new_object ();

  if (environment == NULL || fill_environment (environment, job) < 0) {
    json_object_put (environment);
    return -1;
  }
  json_object_put (result->environment);
  result->environment = environment;
  return 0;
}

int
br_start_limited_by_group (struct br_result *result)
{
  struct json_object *limits = NULL;

  if (!json_object_object_get_ex (result->environment, "limits", &limits))
    return -1;
  return br_json_add (limits, "memory_by", json_object_new_string ("cgroup"));
}

int
br_start (const struct br_job *job, struct br_result *result, struct br_error *err)
{
  BR_AUTOFREE char *log = br_output_path (job, NULL, BR_OUTPUT_LOG, "");
  int fd;

  if (log == NULL || describe (job, result) < 0)
    return br_error_oom (err);
  if (br_output_clear (job->output_dir, err) < 0 || br_output_prepare (job, err) < 0)
    return -1;
  /* a log that no result lists is of a build that was killed */
  fd = open (log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
  return fd >= 0 ? fd : br_error_errno (err, "cannot open", log);
}

/* Modules that are no files have no hash; that a file cannot be read is the worker's to say. */
int
br_identify (const struct br_job *job, const char *hash, struct br_result *result)
{
  struct br_error none = { 0 };
  char made[BR_SHA256_HEX];

  result->backend_module = strdup (job->backend.path);
  if (result->backend_module == NULL)
    return -1;
  if (hash == NULL && job->backend.path[0] == '/' && br_sha256_file (job->backend.path, made, &none) == 0)
    hash = made;
  if (hash != NULL)
    result->backend_sha256 = strdup (hash);
  br_error_clear (&none);
  return 0;
}
