/* SPDX-License-Identifier: BSD-3-Clause */
/* A build for one plugin: the real host operations on a configuration, parameters and a folder of the test's own. What cannot be done ends the
   test. Members may be read and changed between calls. */
#ifndef BR_TESTS_PLUGIN_HOST_H
#define BR_TESTS_PLUGIN_HOST_H

#include "core/data/result.h"
#include "core/host/build.h"

struct json_object;

struct plugin_host {
  char *dir; /* the output folder */
  struct json_object *config, *params;
  struct br_result *result;
  struct br_memo *memo;
  const char *const *steps; /* NULL: none */
  char *model;              /* of the backend and the analyses; NULL: none */
  char *original;           /* before preprocessing; NULL: model */
  int cancelled;
  /* what becomes of the programs that the plugin runs; NULL: they cannot be run */
  int (*run_command) (const struct plugin_host *host, const struct br_command *command,
                      struct br_command_result *result);
  struct br_error err; /* of the last call that failed */
};

/* config and params are JSON text. */
void plugin_host_start (struct plugin_host *host, const char *config, const char *params);
void plugin_host_end (struct plugin_host *host);
void plugin_host_set_params (struct plugin_host *host, const char *params);
/* Forgets what the memo holds, as a new process would. */
void plugin_host_cool (struct plugin_host *host);

/* 0 or -1, with err set (and cleared before). */
int plugin_host_run (struct plugin_host *host, const struct br_backend *backend);
/* in and out are file names in the folder; the plugin gets whole paths. */
int plugin_host_apply (struct plugin_host *host, const struct br_transform *transform, const char *in,
                       const char *out);
int plugin_host_analyze (struct plugin_host *host, const struct br_analysis *analysis, const char *out);

/* Path of a file in the folder; the caller frees. */
char *plugin_host_path (const struct plugin_host *host, const char *name);
/* What a file of the folder holds; the caller frees. */
char *plugin_host_read (const struct plugin_host *host, const char *name, size_t *size);
/* The same as a tree, which the caller puts. */
struct json_object *plugin_host_read_json (const struct plugin_host *host, const char *name);

/* By JSON pointer, in a document; what is not there, or of another kind, ends the test. */
double json_number (struct json_object *document, const char *pointer);
const char *json_text_at (struct json_object *document, const char *pointer);
int json_truth (struct json_object *document, const char *pointer);
/* NULL for null. */
struct json_object *json_at (struct json_object *document, const char *pointer);

#endif
