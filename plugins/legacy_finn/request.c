/* SPDX-License-Identifier: BSD-3-Clause */
/* From a BuildConfig to FINN's DataflowBuildConfig. Only fields that the FINN of this machine has are written: finn-plus stops at one that it does not
   know, and the others pass over it in silence. */
#include <config.h>

#include "plugins/legacy_finn/request.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/json_scan.h"
#include "common/json_write.h"
#include "common/model_copy.h"
#include "common/path.h"
#include "common/str.h"
#include "plugins/legacy_finn/fields.h"
#include "plugins/legacy_finn/steps.h"

#define FLAGS        "/config_flags"
#define CONFIG_FILE  "dataflow_build_config.json"
#define MODEL_FILE   "model.onnx"
#define DEFAULT_FOLD "folding_defaults.json"

static int32_t
oom (const struct br_host *host, struct br_build *build)
{
  return host->fail (build, "memory", "out of memory");
}

/* ---- config_flags ---- */

/* The setting: its pointer is the caller's to free; NULL: memory. */
static char *
flag_pointer (const char *name)
{
  return br_json_pointer_add (FLAGS, name);
}

/* Settings of ours that are no field of FINN's. */
static int
is_synonym (const char *name)
{
  return strcmp (name, "clock_period_ns") == 0 || strcmp (name, "target_clock_ns") == 0 ||
         strcmp (name, "target_device") == 0;
}

/* The field of FINN's that the setting is passed on as: 1, *field may be NULL for one that only FINN knows; 0: it is not passed on. */
static int
is_passed (const struct finn_here *here, const char *name, const struct finn_field **field)
{
  *field = finn_field_find (name, here->kind);
  if (*field == NULL) /* what a fork, or a later release, has added */
    return here->fields != NULL && !is_synonym (name) && finn_field_find (name, FINN_ALL) == NULL &&
           finn_here_has_field (here, name);
  return (*field)->type != FINN_OURS && finn_here_has_field (here, name);
}

/* Why a setting has no effect, where that is likely to surprise. */
static void
warn_unused (const struct br_host *host, struct br_build *build, const char *name)
{
  const struct finn_field *field = finn_field_find (name, FINN_ALL);
  const char *near = field == NULL && !is_synonym (name) ? finn_field_nearest (name) : NULL;

  if (field != NULL && field->type != FINN_OURS)
    host->log (build, BR_LOG_WARNING, "config_flags: the FINN that is here has no %s: not passed on", name);
  else if (field != NULL && (strcmp (name, "start_step") == 0 || strcmp (name, "stop_step") == 0))
    host->log (build, BR_LOG_WARNING, "config_flags: %s is read in global_config: not passed on", name);
  else if (field != NULL && strcmp (name, "steps") == 0)
    host->log (build, BR_LOG_WARNING, "config_flags: steps are read in build_steps: not passed on");
  else if (near != NULL)
    host->log (build, BR_LOG_WARNING, "config_flags: FINN has no %s: not passed on; did you mean %s?", name,
               near);
}

static int32_t
check_flag (const struct br_host *host, struct br_build *build, const struct finn_here *here,
            const char *name)
{
  BR_AUTOFREE char *pointer = flag_pointer (name);
  const struct finn_field *field;

  if (pointer == NULL)
    return oom (host, build);
  if (host->json_type (build, BR_CONFIG, pointer) <= BR_JSON_NULL)
    return 0;
  if (is_passed (here, name, &field))
    return field != NULL ? finn_field_check (host, build, field, pointer) : 0;
  warn_unused (host, build, name);
  return 0;
}

static int32_t
check_flags (const struct br_host *host, struct br_build *build, const struct finn_here *here)
{
  const char *name;

  for (uint64_t i = 0; (name = host->json_key (build, BR_CONFIG, FLAGS, i)) != NULL; i++)
    if (check_flag (host, build, here, name) == -1)
      return -1;
  return 0;
}

int32_t
finn_request_read (const struct br_host *host, struct br_build *build, const struct finn_here *here,
                   struct finn_request *request)
{
  memset (request, 0, sizeof *request);
  if (finn_target_read (host, build, &request->target) == -1 || check_flags (host, build, here) == -1)
    return -1;
  if (finn_outputs_read (host, build, here->kind, &request->outputs) == -1)
    return -1;
  if (host->output_dir (build) == NULL) /* a probe has no steps */
    return 0;
  return finn_steps_resolve (host, build, here, request->outputs, &request->steps);
}

void
finn_request_free (struct finn_request *request)
{
  br_strings_free (request->steps);
  request->steps = NULL;
}

/* ---- The document ---- */

struct document {
  const struct br_host *host;
  struct br_build *build;
  const struct finn_here *here;
  const struct finn_request *request;
  struct br_json_writer w;
  int failed; /* memory */
};

static int
is_given (struct document *d, const char *name)
{
  BR_AUTOFREE char *pointer = flag_pointer (name);

  d->failed |= pointer == NULL;
  return pointer != NULL && d->host->json_type (d->build, BR_CONFIG, pointer) > BR_JSON_NULL;
}

static void
put_string (struct document *d, const char *name, const char *value)
{
  if (value == NULL || !finn_here_has_field (d->here, name))
    return;
  br_json_key (&d->w, name);
  br_json_string (&d->w, value);
}

static void
put_bool (struct document *d, const char *name, int value)
{
  if (!finn_here_has_field (d->here, name))
    return;
  br_json_key (&d->w, name);
  br_json_bool (&d->w, value);
}

/* A value of the configuration, in the form that it has there. */
static void
put_value (struct document *d, const char *name, const char *pointer)
{
  const char *text = d->host->json_text (d->build, BR_CONFIG, pointer);
  struct br_error why = { 0 };
  struct json_object *value = text != NULL ? br_json_parse (text, strlen (text), &why) : NULL;

  d->failed |= value == NULL;
  br_json_key (&d->w, name);
  br_json_value (&d->w, value);
  json_object_put (value);
  br_error_clear (&why);
}

static void
put_path (struct document *d, const char *name, const char *pointer)
{
  const char *text = NULL;
  BR_AUTOFREE char *path = d->host->get_string (d->build, BR_CONFIG, pointer, &text) == 1
                               ? br_path_join (d->host->config_dir (d->build), text)
                               : NULL;

  d->failed |= path == NULL;
  put_string (d, name, path);
}

static void
put_clock (struct document *d)
{
  const struct finn_target *target = &d->request->target;

  if (target->clock != NULL) {
    put_value (d, "synth_clk_period_ns", target->clock);
    return;
  }
  br_json_key (&d->w, "synth_clk_period_ns");
  br_json_double (&d->w, target->clock_ns);
}

static void
put_outputs (struct document *d)
{
  br_json_key (&d->w, "generate_outputs");
  br_json_array_begin (&d->w);
  for (size_t i = 0; i < FINN_N_OUTPUTS; i++)
    if ((d->request->outputs & (1u << i)) != 0)
      br_json_string (&d->w, finn_outputs[i].name);
  br_json_array_end (&d->w);
}

static void
put_flag (struct document *d, const char *name)
{
  BR_AUTOFREE char *pointer = flag_pointer (name);
  const struct finn_field *field;

  if (pointer == NULL) {
    d->failed = 1;
    return;
  }
  if (d->host->json_type (d->build, BR_CONFIG, pointer) <= BR_JSON_NULL || !is_passed (d->here, name, &field))
    return;
  if (field != NULL && (field->type == FINN_PATH || field->type == FINN_FILE))
    put_path (d, name, pointer);
  else
    put_value (d, name, pointer);
}

static void
put_flags (struct document *d)
{
  const char *name;

  for (uint64_t i = 0; (name = d->host->json_key (d->build, BR_CONFIG, FLAGS, i)) != NULL; i++)
    put_flag (d, name);
}

/* FINN's own default would be a file of the folder that is made for it. */
static void
put_default_file (struct document *d, const char *name, const char *file)
{
  BR_AUTOFREE char *path = NULL;

  if (!is_given (d, "verify_steps") || is_given (d, name))
    return;
  path = br_path_join (d->host->config_dir (d->build), file);
  d->failed |= path == NULL;
  put_string (d, name, path);
}

static void
put_steps (struct document *d)
{
  br_json_key (&d->w, "steps");
  br_json_array_begin (&d->w);
  for (char **step = d->request->steps; *step != NULL; step++)
    br_json_string (&d->w, *step);
  br_json_array_end (&d->w);
}

/* FINN names its layers only on the way to a folding: without either setting its reports would be of one layer without a name. */
static int
needs_folding (struct document *d)
{
  return !is_given (d, "target_fps") && !is_given (d, "folding_config_file");
}

static void
put_document (struct document *d, const char *fold, int keep_models)
{
  br_json_object_begin (&d->w);
  put_string (d, "output_dir", d->host->output_dir (d->build));
  put_clock (d);
  put_outputs (d);
  put_string (d, "board", d->request->target.board);
  put_string (d, "fpga_part", d->request->target.part);
  if (!is_given (d, "shell_flow_type"))
    put_string (d, "shell_flow_type", d->request->target.shell);
  put_flags (d);
  put_default_file (d, "verify_input_npy", "input.npy");
  put_default_file (d, "verify_expected_output_npy", "expected_output.npy");
  put_string (d, "folding_config_file", fold);
  put_steps (d);
  put_bool (d, "save_intermediate_models", keep_models);
  put_bool (d, "enable_build_pdb_debug", 0);
  br_json_object_end (&d->w);
  br_str_add_char (d->w.out, '\n');
}

/* ---- The folder ---- */

static int32_t
write_text (const struct document *d, const char *dir, const char *name, const char *text, size_t length)
{
  BR_AUTOFREE char *path = br_path_join (dir, name);
  struct br_error why = { 0 };
  int32_t ret = 0;

  if (path == NULL)
    return oom (d->host, d->build);
  if (br_file_write_plain (path, text, length, &why) == -1)
    ret = d->host->fail (d->build, why.category, "%s", br_error_text (&why));
  br_error_clear (&why);
  return ret;
}

static int32_t
make_folder (const struct document *d, const char *dir)
{
  static const char *const ours[] = { MODEL_FILE, CONFIG_FILE, DEFAULT_FOLD, NULL };
  BR_AUTOFREE char *model = br_path_join (dir, MODEL_FILE);
  const struct br_model_copy copy = {
    .from = d->host->model (d->build), .to = model, .link_ok = 1, .reserved = ours
  };
  struct br_model_data data = { 0 };
  struct br_error why = { 0 };
  int32_t ret = 0;

  if (model == NULL)
    return oom (d->host, d->build);
  if (br_dir_make (dir, &why) == -1 || br_model_copy (&copy, &data, &why) == -1)
    ret = d->host->fail (d->build, why.category, "%s", br_error_text (&why));
  br_model_data_free (&data);
  br_error_clear (&why);
  return ret;
}

static int32_t
write_document (struct document *d, const char *dir, const char *fold)
{
  static const char no_folding[] = "{\"Defaults\": {}}\n";
  int32_t keep_models = 0;

  if (d->host->get_bool (d->build, BR_PARAMS, "/preserve_intermediate", &keep_models) == -1)
    return -1;
  if (fold != NULL && write_text (d, dir, DEFAULT_FOLD, no_folding, sizeof no_folding - 1) == -1)
    return -1;
  put_document (d, fold, keep_models);
  if (d->failed || br_str_failed (d->w.out))
    return oom (d->host, d->build);
  if (write_text (d, dir, CONFIG_FILE, d->w.out->text, d->w.out->length) == -1)
    return -1;
  if (d->host->write_file (d->build, "finn_config.json", d->w.out->text, d->w.out->length) == -1)
    return -1;
  return d->host->add_artifact (d->build, "finn_config", "finn_config.json");
}

int32_t
finn_request_write (const struct br_host *host, struct br_build *build, const struct finn_here *here,
                    const struct finn_request *request, const char *dir)
{
  struct br_str text = { 0 };
  struct document d = {
    .host = host, .build = build, .here = here, .request = request, .w = { .out = &text, .indent = 2 }
  };
  int bare = needs_folding (&d);
  BR_AUTOFREE char *fold = bare ? br_path_join (dir, DEFAULT_FOLD) : NULL;
  int32_t ret = make_folder (&d, dir);

  d.failed |= bare && fold == NULL;
  if (fold != NULL)
    host->log (
        build, BR_LOG_INFO,
        "neither target_fps nor folding_config_file is given: FINN gets a folding file without a layer "
        "in it, so that it names its layers");
  if (ret == 0)
    ret = write_document (&d, dir, fold);
  br_str_free (&text);
  return ret;
}
