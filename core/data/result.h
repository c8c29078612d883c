/* SPDX-License-Identifier: BSD-3-Clause */
/* BuildResult: what a build left. */
#ifndef BR_DATA_RESULT_H
#define BR_DATA_RESULT_H

#include <stddef.h>
#include <time.h>

#include "common/error.h"
#include "common/hash.h"
#include "core/data/metrics.h"

struct json_object;

#define BR_RESULT_SCHEMA 1
#define BR_RESULT_LIMIT  (256u << 20) /* bytes of a document that is read back */

enum br_status { BR_STATUS_NONE, BR_STATUS_SUCCESS, BR_STATUS_FAILED, BR_STATUS_TIMEOUT, BR_STATUS_SKIPPED };
const char *br_status_name (enum br_status status); /* "success", …; NONE gives "running" */

/* name → path relative to the output folder; strings are owned. */
struct br_named_path {
  char *name, *path;
};

struct br_named_paths {
  struct br_named_path *items;
  size_t n;
};

struct br_step_result {
  char *name, *kind; /* kind: preprocessing, backend, postprocessing */
  char *plugin, *version;
  struct json_object *parameters; /* effective; owned */
  enum br_status status;          /* success, failed, skipped (NONE while it runs) */
  double duration_seconds;
  int cached, required;
  char input_sha256[BR_SHA256_HEX], output_sha256[BR_SHA256_HEX]; /* "" : none */
  char *error_category, *error_message;                           /* NULL unless it failed */
};

struct br_evidence {
  char *file, *text;
  size_t line; /* 0: none */
};

struct br_result_error {
  char *category; /* NULL: no error */
  char *summary;
  struct br_evidence *evidence;
  size_t n_evidence;
  char **tips;
  size_t n_tips;
  char *where; /* the step, or "backend legacy_finn" */
};

struct br_result {
  char *config_id;
  enum br_status status;
  struct br_metrics metrics;
  int measured;               /* a backend ran: has_metrics may hold */
  struct timespec start, end; /* CLOCK_REALTIME; end 0 until complete */
  struct timespec started;    /* CLOCK_MONOTONIC, for the duration */
  double duration_seconds;    /* by CLOCK_MONOTONIC */
  struct br_named_paths artifacts, logs;
  char *error_message;
  char *backend_name, *backend_version, *backend_module, *backend_sha256; /* NULL until chosen */
  struct br_step_result *steps;
  size_t n_steps;
  struct br_result_error error;
  struct json_object *environment; /* {"host_version", "tools": {}, "commands": [], …}; owned */
  struct json_object *warnings;    /* array of strings; owned */
  int simulated;
};

struct br_result *br_result_new (const char *config_id); /* start is now; NULL: memory */
void br_result_free (struct br_result *result);

/* Sets status, end, duration and error_message (NULL: none). */
int br_result_complete (struct br_result *result, enum br_status status, const char *error_message);
int br_result_is_successful (const struct br_result *result);
int br_result_has_metrics (
    const struct br_result *result); /* successful, and at least one of the nine is there */

int br_result_add_artifact (struct br_result *result, const char *name,
                            const char *path); /* replaces one of the name */
int br_result_add_log (struct br_result *result, const char *name, const char *path);
const char *br_result_artifact (const struct br_result *result, const char *name); /* borrowed path or NULL */
/* Appends a step; the pointer is valid until the next one is added. NULL: memory. */
struct br_step_result *br_result_add_step (struct br_result *result, const char *name, const char *kind,
                                           const char *plugin, const char *version);
int br_result_add_warning (struct br_result *result, const char *text);
/* Keeps the first error. */
int br_result_set_error (struct br_result *result, const char *category, const char *summary,
                         const char *where);
int br_result_add_evidence (struct br_result *result, const char *file, size_t line, const char *text);
int br_result_add_tip (struct br_result *result, const char *tip);

/* The whole document in Python's form, with a line end; the caller frees; NULL: memory. */
char *br_result_text (const struct br_result *result);
/* Reads one back (strictly: a file that is cut or not a result is refused). NULL with category "config". */
struct br_result *br_result_parse (const char *text, size_t size, struct br_error *err);

#endif
