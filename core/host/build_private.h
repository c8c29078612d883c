/* SPDX-License-Identifier: BSD-3-Clause */
/* struct br_build, for the files that hold the host operations. */
#ifndef BR_HOST_BUILD_PRIVATE_H
#define BR_HOST_BUILD_PRIVATE_H

#include "core/host/build.h"
#include "core/host/pool.h"

struct br_build {
  struct br_build_spec spec;
  struct br_error error; /* the first reason that the plugin, or an operation on its behalf, gave */
  struct br_pool pool;
};

/* The operations, by subject (build_….c). Each is a member of struct br_host, documented in plugin.h. */
int32_t br_op_get_bool (struct br_build *build, uint32_t doc, const char *pointer, int32_t *value);
int32_t br_op_get_int (struct br_build *build, uint32_t doc, const char *pointer, int64_t *value);
int32_t br_op_get_double (struct br_build *build, uint32_t doc, const char *pointer, double *value);
int32_t br_op_get_string (struct br_build *build, uint32_t doc, const char *pointer, const char **value);
int32_t br_op_get_strings (struct br_build *build, uint32_t doc, const char *pointer,
                           const char *const **value);
int32_t br_op_json_type (struct br_build *build, uint32_t doc, const char *pointer);
uint64_t br_op_json_size (struct br_build *build, uint32_t doc, const char *pointer);
const char *br_op_json_key (struct br_build *build, uint32_t doc, const char *pointer, uint64_t i);
const char *br_op_json_text (struct br_build *build, uint32_t doc, const char *pointer);

const char *br_op_sha256 (struct br_build *build, const char *path);
int32_t br_op_add_artifact (struct br_build *build, const char *name, const char *path);
const char *br_op_get_artifact (struct br_build *build, const char *name);
int32_t br_op_add_log (struct br_build *build, const char *name, const char *path);
int32_t br_op_write_file (struct br_build *build, const char *path, const void *data, uint64_t size);
const char *br_op_temporary_dir (struct br_build *build);

int32_t br_op_set_metric (struct br_build *build, const char *name, double value, const char *stage,
                          const char *file, const char *key);
int32_t br_op_get_metric (struct br_build *build, const char *name, double *value);
int32_t br_op_set_raw (struct br_build *build, const char *key, const char *json);
const char *br_op_get_raw (struct br_build *build, const char *key);

int32_t br_op_run_command (struct br_build *build, const struct br_command *command,
                           struct br_command_result *result);
int32_t br_op_device (struct br_build *build, const char *name, struct br_device *device);

/* Keeps the first reason; always -1. */
int32_t br_build_fail (struct br_build *build, const char *category, const char *format, ...)
    BR_PRINTF (3, 4);
/* Moves an error of the host's own to the build; always -1. */
int32_t br_build_fail_with (struct br_build *build, struct br_error *why);
/* Tells the owner that a value of the result has changed. */
void br_build_changed (struct br_build *build, const char *what, const char *name);
/* An absolute path of the output folder, the caller's to free: path is relative to the folder, or absolute
   and inside. NULL after fail. Links of what is there already are followed: none leads out. what: for the
   message. */
char *br_build_inside (struct br_build *build, const char *what, const char *path);

#endif
