/* SPDX-License-Identifier: BSD-3-Clause */
/* struct br_build and the table of operations; calling plugins, and judging what they return. */
#include <config.h>

#include "core/host/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "core/host/build_private.h"

/* ---- Life ---- */

struct br_build *
br_build_new (const struct br_build_spec *spec)
{
  struct br_build *build = calloc (1, sizeof *build);

  if (build != NULL)
    build->spec = *spec;
  return build;
}

void
br_build_free (struct br_build *build)
{
  if (build == NULL)
    return;
  br_pool_free (&build->pool);
  br_error_clear (&build->error);
  free (build);
}

const struct br_build_spec *
br_build_spec (const struct br_build *build)
{
  return &build->spec;
}

const struct br_error *
br_build_error (const struct br_build *build)
{
  return &build->error;
}

/* ---- Failing ---- */

/* A category that the host does not know is "unknown": it may be a newer one. */
static const char *
known_category (const char *category)
{
  static const char *const known[] = { "model_load", "preprocessing", "postprocessing",
                                       "transform",  "kernel",        "synthesis",
                                       "timing",     "resource",      "memory",
                                       "metrics",    "config",        "environment",
                                       "plugin",     "timeout",       NULL };

  for (size_t i = 0; category != NULL && known[i] != NULL; i++)
    if (strcmp (category, known[i]) == 0)
      return known[i];
  return "unknown";
}

static int32_t
op_fail (struct br_build *build, const char *category, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  br_error_setv (&build->error, known_category (category), format, args);
  va_end (args);
  return -1;
}

static int32_t
op_fail_text (struct br_build *build, const char *category, const char *text)
{
  br_error_set (&build->error, known_category (category), "%s", text != NULL ? text : "gave no reason");
  return -1;
}

int32_t
br_build_fail (struct br_build *build, const char *category, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  br_error_setv (&build->error, category, format, args);
  va_end (args);
  return -1;
}

int32_t
br_build_fail_with (struct br_build *build, struct br_error *why)
{
  br_error_move (&build->error, why);
  br_error_clear (why);
  return -1;
}

void
br_build_changed (struct br_build *build, const char *what, const char *name)
{
  const struct br_build_hooks *hooks = build->spec.hooks;

  if (hooks != NULL && hooks->changed != NULL)
    hooks->changed (build->spec.closure, what, name);
}

/* ---- Paths that are lent as they are ---- */

static const char *
op_original_model (struct br_build *build)
{
  return build->spec.original_model;
}

static const char *
op_model (struct br_build *build)
{
  return build->spec.model;
}

static const char *
op_output_dir (struct br_build *build)
{
  return build->spec.output_dir;
}

static const char *
op_scratch_dir (struct br_build *build)
{
  return build->spec.scratch_dir;
}

static const char *
op_step_dir (struct br_build *build)
{
  return build->spec.step_dir;
}

static const char *
op_config_dir (struct br_build *build)
{
  return build->spec.config_dir;
}

static const char *
op_step_name (struct br_build *build)
{
  return build->spec.step_name;
}

static const char *const *
op_steps (struct br_build *build)
{
  static const char *const none[] = { NULL };

  return build->spec.steps != NULL ? build->spec.steps : none;
}

/* ---- From any thread: nothing of the build is written here ---- */

static void
op_progress (struct br_build *build, double fraction, const char *what)
{
  const struct br_build_hooks *hooks = build->spec.hooks;

  if (hooks != NULL && hooks->progress != NULL)
    hooks->progress (build->spec.closure, fraction > 1 ? 1 : fraction, what != NULL ? what : "");
}

static void
op_log (struct br_build *build, int32_t level, const char *format, ...)
{
  const struct br_build_hooks *hooks = build->spec.hooks;
  struct br_str text = { 0 };
  va_list args;

  if (hooks == NULL || hooks->log == NULL)
    return;
  va_start (args, format);
  br_str_vprintf (&text, format, args);
  va_end (args);
  hooks->log (build->spec.closure, level, br_str_failed (&text) || text.text == NULL ? format : text.text);
  br_str_free (&text);
}

static int32_t
op_cancelled (struct br_build *build)
{
  const struct br_build_hooks *hooks = build->spec.hooks;

  return hooks != NULL && hooks->cancelled != NULL && hooks->cancelled (build->spec.closure);
}

/* ---- Memo ---- */

static int32_t
op_memo_put (struct br_build *build, const char *key, void *pointer, void (*release) (void *))
{
  const struct br_build_spec *spec = &build->spec;

  if (spec->memo != NULL && key != NULL)
    return br_memo_put (spec->memo, spec->module, key, pointer, release);
  if (release != NULL && pointer != NULL)
    release (pointer);
  return -1;
}

static void *
op_memo_get (struct br_build *build, const char *key)
{
  const struct br_build_spec *spec = &build->spec;

  return spec->memo != NULL && key != NULL ? br_memo_get (spec->memo, spec->module, key) : NULL;
}

/* ---- The table ---- */

const struct br_host *
br_host_operations (void)
{
  static const struct br_host host = {
    .struct_size = sizeof host,
    .abi_minor = BR_ABI_MINOR,
    .version = PACKAGE_VERSION,
    .get_bool = br_op_get_bool,
    .get_int = br_op_get_int,
    .get_double = br_op_get_double,
    .get_string = br_op_get_string,
    .get_strings = br_op_get_strings,
    .json_type = br_op_json_type,
    .json_size = br_op_json_size,
    .json_key = br_op_json_key,
    .json_text = br_op_json_text,
    .original_model = op_original_model,
    .model = op_model,
    .output_dir = op_output_dir,
    .scratch_dir = op_scratch_dir,
    .step_dir = op_step_dir,
    .config_dir = op_config_dir,
    .step_name = op_step_name,
    .sha256 = br_op_sha256,
    .steps = op_steps,
    .set_metric = br_op_set_metric,
    .get_metric = br_op_get_metric,
    .set_raw = br_op_set_raw,
    .get_raw = br_op_get_raw,
    .add_artifact = br_op_add_artifact,
    .get_artifact = br_op_get_artifact,
    .add_log = br_op_add_log,
    .write_file = br_op_write_file,
    .device = br_op_device,
    .progress = op_progress,
    .log = op_log,
    .fail = op_fail,
    .fail_text = op_fail_text,
    .run_command = br_op_run_command,
    .cancelled = op_cancelled,
    .memo_put = op_memo_put,
    .memo_get = op_memo_get,
    .temporary_dir = br_op_temporary_dir,
  };

  return &host;
}
