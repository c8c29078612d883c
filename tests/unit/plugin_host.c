/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs plugins by themselves, on the real operations. */
#include <config.h>

#include "tests/unit/plugin_host.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/file.h"
#include "common/json_scan.h"
#include "tests/unit/scratch.h"

/* ---- What the host would do ---- */

static int
is_cancelled (void *closure)
{
  return ((const struct plugin_host *) closure)->cancelled;
}

/* One device, without URAM: Zynq-7020. */
static int
find_device (void *closure, const char *name, struct br_device *device)
{
  (void) closure;
  if (name != NULL && strcmp (name, "Pynq-Z1") != 0)
    return 0;
  device->board = name;
  device->part = "xc7z020clg400-1";
  device->family = "7-series";
  device->lut = 53200;
  device->ff = 106400;
  device->bram_18k = 280;
  device->uram = 0;
  device->dsp = 220;
  return 1;
}

static int
run_command (void *closure, struct br_build *build, const struct br_command *command,
             struct br_command_result *result, struct br_error *err)
{
  const struct plugin_host *host = closure;

  (void) build;
  if (host->run_command == NULL)
    return br_error_set (err, "environment", "%s cannot be run here", command->argv[0]);
  return host->run_command (host, command, result);
}

static const struct br_build_hooks hooks = { .device = find_device,
                                             .cancelled = is_cancelled,
                                             .run_command = run_command };

static struct br_build_spec
spec_of (struct plugin_host *host)
{
  static const char *const none[] = { NULL };

  return (struct br_build_spec){ .config = host->config,
                                 .params = host->params,
                                 .original_model = host->original != NULL ? host->original : host->model,
                                 .model = host->model,
                                 .output_dir = host->dir,
                                 .scratch_dir = host->dir,
                                 .step_dir = host->dir,
                                 .temporary_dir = host->dir,
                                 .config_dir = host->dir,
                                 .steps = host->steps != NULL ? host->steps : none,
                                 .result = host->result,
                                 .memo = host->memo,
                                 .hooks = &hooks,
                                 .closure = host };
}

/* ---- Life ---- */

static struct json_object *
parse (const char *text)
{
  struct br_error err = { 0 };
  struct json_object *tree = br_json_parse (text, strlen (text), &err);

  ck_assert_msg (tree != NULL, "%s", br_error_text (&err));
  return tree;
}

void
plugin_host_start (struct plugin_host *host, const char *config, const char *params)
{
  memset (host, 0, sizeof *host);
  host->dir = scratch_make ();
  host->config = parse (config);
  host->params = parse (params);
  host->result = br_result_new ("test");
  host->memo = br_memo_new ();
  ck_assert_ptr_nonnull (host->result);
  ck_assert_ptr_nonnull (host->memo);
}

void
plugin_host_end (struct plugin_host *host)
{
  br_memo_free (host->memo);
  br_result_free (host->result);
  json_object_put (host->config);
  json_object_put (host->params);
  br_error_clear (&host->err);
  free (host->model);
  free (host->original);
  scratch_remove (host->dir);
}

void
plugin_host_set_params (struct plugin_host *host, const char *params)
{
  json_object_put (host->params);
  host->params = parse (params);
}

void
plugin_host_cool (struct plugin_host *host)
{
  br_memo_free (host->memo);
  host->memo = br_memo_new ();
  ck_assert_ptr_nonnull (host->memo);
}

/* ---- Calls ---- */

int
plugin_host_run (struct plugin_host *host, const struct br_backend *backend)
{
  struct br_build_spec spec = spec_of (host);

  br_error_clear (&host->err);
  return br_call_backend (backend, &spec, &host->err);
}

int
plugin_host_apply (struct plugin_host *host, const struct br_transform *transform, const char *in,
                   const char *out)
{
  struct br_build_spec spec = spec_of (host);
  char *from = plugin_host_path (host, in), *to = plugin_host_path (host, out);
  int ret;

  br_error_clear (&host->err);
  ret = br_call_transform (transform, &spec, from, to, &host->err);
  free (from);
  free (to);
  return ret;
}

int
plugin_host_analyze (struct plugin_host *host, const struct br_analysis *analysis, const char *out)
{
  struct br_build_spec spec = spec_of (host);
  char *to = plugin_host_path (host, out);
  int ret;

  spec.only_absent_metrics = 1;
  br_error_clear (&host->err);
  ret = br_call_analysis (analysis, &spec, to, &host->err);
  free (to);
  return ret;
}

/* ---- What it left ---- */

char *
plugin_host_path (const struct plugin_host *host, const char *name)
{
  return scratch_path (host->dir, name);
}

char *
plugin_host_read (const struct plugin_host *host, const char *name, size_t *size)
{
  char *path = plugin_host_path (host, name), *data = NULL;
  struct br_error err = { 0 };

  ck_assert_msg (br_file_read (path, 64u << 20, &data, size, &err) == 0, "%s", br_error_text (&err));
  free (path);
  return data;
}

struct json_object *
plugin_host_read_json (const struct plugin_host *host, const char *name)
{
  size_t size;
  char *text = plugin_host_read (host, name, &size);
  struct json_object *tree = parse (text);

  free (text);
  return tree;
}

struct json_object *
json_at (struct json_object *document, const char *pointer)
{
  struct json_object *value = NULL;

  ck_assert_msg (br_json_pointer_get (document, pointer, &value), "%s is not there", pointer);
  return value;
}

double
json_number (struct json_object *document, const char *pointer)
{
  struct json_object *value = json_at (document, pointer);

  ck_assert_msg (json_object_is_type (value, json_type_int) || json_object_is_type (value, json_type_double),
                 "%s is no number", pointer);
  return json_object_get_double (value);
}

const char *
json_text_at (struct json_object *document, const char *pointer)
{
  struct json_object *value = json_at (document, pointer);

  ck_assert_msg (json_object_is_type (value, json_type_string), "%s is no string", pointer);
  return json_object_get_string (value);
}

int
json_truth (struct json_object *document, const char *pointer)
{
  struct json_object *value = json_at (document, pointer);

  ck_assert_msg (json_object_is_type (value, json_type_boolean), "%s is neither true nor false", pointer);
  return json_object_get_boolean (value);
}
