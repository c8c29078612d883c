/* SPDX-License-Identifier: BSD-3-Clause */
/* The effective BuildConfig: every default in its place, paths absolute, in the explorer's order. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "common/path.h"
#include "common/str.h"
#include "core/data/config_read.h"
#include "core/data/stage.h"

#define DEFAULT_CLOCK_NS  10.0
#define DEFAULT_BOARD     "Pynq-Z1"
#define DEFAULT_DIRECTORY "work"

/* ---- Members of the struct ---- */

static int
default_text (char **member, const char *text)
{
  if (*member == NULL)
    *member = strdup (text);
  return *member != NULL ? 0 : -1;
}

static int
make_absolute (char **path, const char *base_dir)
{
  BR_AUTOFREE char *joined = NULL;
  char *absolute;

  if (*path == NULL)
    return 0;
  joined = br_path_join (base_dir, *path);
  absolute = joined != NULL ? br_path_absolute (joined) : NULL;
  if (absolute == NULL)
    return -1;
  free (*path);
  *path = absolute;
  return 0;
}

static int
default_object (struct json_object **member, struct json_object *(*make) (void) )
{
  if (*member == NULL)
    *member = make ();
  return *member != NULL ? 0 : -1;
}

/* The folder of the build's name in the working directory, as far as these are known. */
static int
default_output (struct br_config *config)
{
  config->output_pointer = "/global_config/working_directory";
  if (config->id == NULL || br_config_is_wrong (config, config->output_pointer))
    return 0;
  config->output_dir = br_path_join (config->global.working_directory, config->id);
  return config->output_dir != NULL ? 0 : -1;
}

static int
fill_paths (struct br_config *config)
{
  config->output_pointer = "/output_dir";
  if (make_absolute (&config->global.working_directory, config->base_dir) < 0 ||
      make_absolute (&config->model_path, config->base_dir) < 0)
    return -1;
  if (config->output_dir != NULL)
    return make_absolute (&config->output_dir, config->base_dir);
  return br_config_is_wrong (config, config->output_pointer) ? 0 : default_output (config);
}

static int
fill_members (struct br_config *config)
{
  if (config->backend != NULL && strcmp (config->backend, "auto") == 0) {
    free (config->backend);
    config->backend = NULL;
  }
  if (config->build_steps == NULL)
    config->build_steps = calloc (1, sizeof *config->build_steps);
  if (config->build_steps == NULL || default_text (&config->global.output_stage, br_output_stages[0]) < 0 ||
      default_text (&config->global.log_level, "INFO") < 0 ||
      default_text (&config->global.working_directory, DEFAULT_DIRECTORY) < 0)
    return -1;
  if (default_object (&config->config_flags, json_object_new_object) < 0 ||
      default_object (&config->transforms, json_object_new_object) < 0 ||
      default_object (&config->backend_parameters, json_object_new_object) < 0 ||
      default_object (&config->kernels, json_object_new_array) < 0)
    return -1;
  return fill_paths (config);
}

/* ---- The tree ---- */

struct builder {
  struct json_object *object;
  int failed;
};

/* Takes value over. A NULL value is null: callers tell a failed allocation by is_null. */
static void
add (struct builder *b, const char *key, struct json_object *value, int is_null)
{
  if (value == NULL && !is_null)
    b->failed = 1;
  if (json_object_object_add (b->object, key, value) == 0)
    return;
  json_object_put (value);
  b->failed = 1;
}

static void
add_text (struct builder *b, const char *key, const char *text)
{
  add (b, key, text != NULL ? json_object_new_string (text) : NULL, text == NULL);
}

static void
add_bool (struct builder *b, const char *key, int value)
{
  add (b, key, json_object_new_boolean (value), 0);
}

static void
add_shared (struct builder *b, const char *key, struct json_object *value)
{
  add (b, key, json_object_get (value), value == NULL);
}

/* What the text has there, or null: numbers keep the form that they were given in. */
static void
add_given (struct builder *b, const char *key, struct json_object *from)
{
  add_shared (b, key, from != NULL ? br_config_member (from, key) : NULL);
}

/* Members of from that object does not have yet, such as those that we do not know. */
static void
add_rest (struct builder *b, struct json_object *from)
{
  if (from == NULL)
    return;
  json_object_object_foreach (from, key, value)
  {
    if (!json_object_object_get_ex (b->object, key, NULL))
      add_shared (b, key, value);
  }
}

/* An object made by a builder; NULL, with outer failed, when it failed. */
static struct json_object *
finish (struct builder *inner, struct builder *outer)
{
  if (!inner->failed)
    return inner->object;
  json_object_put (inner->object);
  outer->failed = 1;
  return NULL;
}

static int
begin (struct builder *b)
{
  b->failed = 0;
  b->object = json_object_new_object ();
  return b->object != NULL ? 0 : -1;
}

/* The step's own object in the text, for what we do not know of it; NULL for a step that was only named. */
static struct json_object *
given_step (struct json_object *root, const struct br_step *step, size_t i)
{
  struct json_object *list = br_config_member (root, step->type);

  if (br_str_starts (step->pointer, "/transforms_by_stage/") || !json_object_is_type (list, json_type_array))
    return NULL;
  return json_object_array_get_idx (list, i);
}

static struct json_object *
step_object (const struct br_step *step, struct json_object *given, struct builder *outer)
{
  struct builder b;

  if (begin (&b) < 0) {
    outer->failed = 1;
    return NULL;
  }
  add_text (&b, "name", step->name);
  add_text (&b, "type", step->type);
  add_shared (&b, "parameters", step->parameters);
  add_bool (&b, "enabled", step->enabled);
  add_rest (&b, given);
  return finish (&b, outer);
}

static void
add_steps (struct builder *b, const char *key, const struct br_steps *steps, struct json_object *root)
{
  struct json_object *list = json_object_new_array (), *step;
  size_t i;

  for (i = 0; list != NULL && i < steps->n; i++) {
    step = step_object (&steps->items[i], given_step (root, &steps->items[i], i), b);
    if (step != NULL && json_object_array_add (list, step) < 0) {
      json_object_put (step);
      b->failed = 1;
    }
  }
  add (b, key, list, 0);
}

static void
add_names (struct builder *b, const char *key, char *const *names)
{
  struct json_object *list = json_object_new_array ();
  size_t i;

  for (i = 0; list != NULL && names[i] != NULL; i++) {
    struct json_object *name = json_object_new_string (names[i]);

    if (name != NULL && json_object_array_add (list, name) == 0)
      continue;
    json_object_put (name);
    b->failed = 1;
  }
  add (b, key, list, 0);
}

/* The flags as given, and a clock and a device where there is none. */
static void
add_flags (struct builder *b, struct br_config *config)
{
  struct builder flags;

  if (begin (&flags) < 0) {
    b->failed = 1;
    return;
  }
  add_rest (&flags, config->config_flags);
  if (config->clock_period_ns == 0) {
    config->clock_period_ns = DEFAULT_CLOCK_NS;
    add (&flags, "clock_period_ns", json_object_new_double (DEFAULT_CLOCK_NS), 0);
  }
  if (config->device == NULL) {
    flags.failed |= default_text (&config->device, DEFAULT_BOARD) < 0;
    add_text (&flags, "board", DEFAULT_BOARD);
  }
  json_object_put (config->config_flags);
  config->config_flags = json_object_get (finish (&flags, b));
  add (b, "config_flags", config->config_flags, 0);
}

static void
add_global (struct builder *b, const struct br_global_config *global, struct json_object *root)
{
  static const char *const given_keys[] = { "start_step",      "stop_step",       "input_type", "output_type",
                                            "timeout_minutes", "silence_minutes", "memory_mb" };
  struct json_object *given = br_config_member (root, "global_config");
  struct builder inner;
  size_t i;

  if (begin (&inner) < 0) {
    b->failed = 1;
    return;
  }
  add_text (&inner, "output_stage", global->output_stage);
  add_text (&inner, "working_directory", global->working_directory);
  add_bool (&inner, "cache_results", global->cache_results);
  add_bool (&inner, "save_artifacts", global->save_artifacts);
  add_text (&inner, "log_level", global->log_level);
  for (i = 0; i < sizeof given_keys / sizeof given_keys[0]; i++)
    add_given (&inner, given_keys[i], given);
  add_rest (&inner, given);
  add (b, "global_config", finish (&inner, b), 1);
}

/* The stages that are not steps of ours by now; nothing when none remains. */
static void
add_other_stages (struct builder *b, struct json_object *root)
{
  struct json_object *given = br_config_member (root, "transforms_by_stage");
  struct builder inner;

  if (given == NULL)
    return;
  if (begin (&inner) < 0) {
    b->failed = 1;
    return;
  }
  json_object_object_foreach (given, stage, names)
  {
    if (strcmp (stage, "pre_proc") != 0 && strcmp (stage, "post_proc") != 0)
      add_shared (&inner, stage, names);
  }
  add (b, "transforms_by_stage", finish (&inner, b), 1);
}

static void
add_all (struct builder *b, struct br_config *config, struct json_object *root)
{
  add_text (b, "id", config->id);
  add_text (b, "design_space_id", config->design_space_id);
  add_shared (b, "kernels", config->kernels);
  add_shared (b, "transforms", config->transforms);
  add_steps (b, "preprocessing", &config->preprocessing, root);
  add_steps (b, "postprocessing", &config->postprocessing, root);
  add_names (b, "build_steps", config->build_steps);
  add_flags (b, config);
  add_global (b, &config->global, root);
  add_text (b, "timestamp", config->timestamp);
  add (b, "combination_index", json_object_new_int64 (config->combination_index), 0);
  add (b, "total_combinations", json_object_new_int64 (config->total_combinations), 0);
  add_text (b, "output_dir", config->output_dir);
  add_text (b, "model_path", config->model_path);
  add_text (b, "backend", config->backend);
  add_shared (b, "backend_parameters", config->backend_parameters);
  add_other_stages (b, root);
  add_rest (b, root);
}

int
br_config_fill (struct br_config *config, struct json_object *root)
{
  struct builder b;

  if (fill_members (config) < 0 || begin (&b) < 0)
    return -1;
  add_all (&b, config, root);
  config->tree = b.object;
  return b.failed ? -1 : 0;
}

/* ---- Changes by whoever knows the plugins ---- */

/* Both references go to the object; value is taken over, also on failure. */
static int
replace (struct json_object *object, const char *key, struct json_object *value, struct json_object **member,
         struct br_error *err)
{
  if (json_object_object_add (object, key, value) < 0) {
    json_object_put (value);
    return br_error_oom (err);
  }
  json_object_put (*member);
  *member = json_object_get (value);
  return 0;
}

int
br_config_set_backend (struct br_config *config, const char *backend, struct json_object *effective,
                       struct br_error *err)
{
  char *name = strdup (backend);
  struct json_object *text = json_object_new_string (backend);

  if (name == NULL || text == NULL || json_object_object_add (config->tree, "backend", text) < 0) {
    free (name);
    json_object_put (text);
    json_object_put (effective);
    return br_error_oom (err);
  }
  free (config->backend);
  config->backend = name;
  return replace (config->tree, "backend_parameters", effective, &config->backend_parameters, err);
}

int
br_config_set_step_parameters (struct br_config *config, struct br_step *step, struct json_object *effective,
                               struct br_error *err)
{
  struct json_object *list = br_config_member (config->tree, step->type);
  const struct br_steps *steps =
      strcmp (step->type, "preprocessing") == 0 ? &config->preprocessing : &config->postprocessing;
  struct json_object *object = json_object_array_get_idx (list, (size_t) (step - steps->items));

  return replace (object, "parameters", effective, &step->parameters, err);
}

void
br_config_write (const struct br_config *config, struct br_json_writer *w)
{
  br_json_value (w, config->tree);
}
