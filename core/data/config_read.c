/* SPDX-License-Identifier: BSD-3-Clause */
/* The members of a BuildConfig. */
#include <config.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/str.h"
#include "core/data/config_read.h"
#include "core/data/stage.h"

#define N(array) (sizeof (array) / sizeof (array)[0])

static const char *const log_levels[] = { "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", NULL };
static const char *const step_types[] = { "preprocessing", "postprocessing", NULL };

/* ---- Steps ---- */

static struct br_step *
append_step (struct br_config_reader *r, struct br_steps *steps, const char *type, const char *pointer)
{
  struct br_step *items = realloc (steps->items, (steps->n + 1) * sizeof *items);
  struct br_step *step;

  if (items == NULL) {
    r->problems->failed = 1;
    return NULL;
  }
  steps->items = items;
  step = &items[steps->n++];
  memset (step, 0, sizeof *step);
  step->enabled = 1;
  step->type = strdup (type);
  step->pointer = strdup (pointer);
  step->parameters = json_object_new_object ();
  if (step->type == NULL || step->pointer == NULL || step->parameters == NULL)
    r->problems->failed = 1;
  return step;
}

static const struct br_config_field step_fields[] = {
  { "name", br_config_read_name, offsetof (struct br_step, name), NULL },
  { "type", br_config_read_choice, offsetof (struct br_step, type), step_types },
  { "parameters", br_config_read_object, offsetof (struct br_step, parameters), NULL },
  { "enabled", br_config_read_bool, offsetof (struct br_step, enabled), NULL },
  { "plugin", br_config_read_filled, offsetof (struct br_step, plugin), NULL },
  { "required", br_config_read_bool, offsetof (struct br_step, required), NULL },
};

static void
read_one_step (struct br_config_reader *r, const char *pointer, struct json_object *value,
               struct br_steps *steps, const char *type)
{
  struct br_step *step;

  step = append_step (r, steps, type, pointer);
  if (step == NULL)
    return;
  if (!json_object_is_type (value, json_type_object)) {
    br_config_expected (r, pointer, "a step (an object with a name)", value);
    return;
  }
  br_config_read_fields (r, pointer, value, step_fields, N (step_fields), step);
  br_config_require (r, pointer, value, "name");
  if (step->type != NULL && strcmp (step->type, type) != 0)
    br_config_complain (r, pointer, "a step of type \"%s\" in the list of %s steps", step->type, type);
  json_object_object_del (step->parameters, "enabled");
}

/* field->choices holds the type of the list's steps. */
static BR_CONFIG_READER (read_steps)
{
  size_t n, i;

  if (!json_object_is_type (value, json_type_array)) {
    br_config_expected (r, pointer, "a list of steps", value);
    return;
  }
  n = json_object_array_length (value);
  for (i = 0; i < n; i++) {
    BR_AUTOFREE char *item = br_printf ("%s/%zu", pointer, i);

    read_one_step (r, item != NULL ? item : pointer, json_object_array_get_idx (value, i), target,
                   field->choices[0]);
  }
}

/* A list of step names of transforms_by_stage. */
static void
read_named_steps (struct br_config_reader *r, const char *pointer, struct json_object *value,
                  struct br_steps *steps, const char *type)
{
  size_t n = json_object_array_length (value), i;

  for (i = 0; i < n; i++) {
    BR_AUTOFREE char *item = br_printf ("%s/%zu", pointer, i);
    struct br_step *step = append_step (r, steps, type, item != NULL ? item : pointer);

    if (step != NULL)
      br_config_read_name (r, step->pointer, json_object_array_get_idx (value, i), &step->name, NULL);
  }
}

/* ---- Transforms and kernels ---- */

static void
check_strings (struct br_config_reader *r, const char *pointer, struct json_object *value)
{
  size_t n, i;

  if (!json_object_is_type (value, json_type_array)) {
    br_config_expected (r, pointer, "a list of names", value);
    return;
  }
  n = json_object_array_length (value);
  for (i = 0; i < n; i++) {
    struct json_object *item = json_object_array_get_idx (value, i);
    BR_AUTOFREE char *where = br_printf ("%s/%zu", pointer, i);

    if (!json_object_is_type (item, json_type_string))
      br_config_expected (r, where != NULL ? where : pointer, "a name", item);
  }
}

/* An object of stage → list of names; target: struct json_object *. */
static BR_CONFIG_READER (read_stages)
{
  br_config_read_object (r, pointer, value, target, field);
  if (!json_object_is_type (value, json_type_object))
    return;
  json_object_object_foreach (value, stage, names)
  {
    BR_AUTOFREE char *where = br_json_pointer_add (pointer, stage);

    if (names != NULL)
      check_strings (r, where != NULL ? where : pointer, names);
  }
}

/* target: struct br_config. The two lists are steps; the other stages stay where they are for whoever knows them. */
static BR_CONFIG_READER (read_transforms_by_stage)
{
  struct br_config *config = target;
  struct json_object *stages = NULL, *pre, *post;

  read_stages (r, pointer, value, &stages, field);
  if (stages == NULL)
    return;
  pre = br_config_member (stages, "pre_proc");
  post = br_config_member (stages, "post_proc");
  if (json_object_is_type (pre, json_type_array))
    read_named_steps (r, "/transforms_by_stage/pre_proc", pre, &config->preprocessing, step_types[0]);
  if (json_object_is_type (post, json_type_array))
    read_named_steps (r, "/transforms_by_stage/post_proc", post, &config->postprocessing, step_types[1]);
  json_object_put (stages);
}

static void
check_kernel (struct br_config_reader *r, const char *pointer, struct json_object *kernel)
{
  size_t n = json_object_is_type (kernel, json_type_array) ? json_object_array_length (kernel) : 0;
  struct json_object *parameters = n == 2 ? json_object_array_get_idx (kernel, 1) : NULL;
  BR_AUTOFREE char *where = NULL;

  if (n < 1 || n > 2 || !json_object_is_type (json_object_array_get_idx (kernel, 0), json_type_string)) {
    br_config_expected (r, pointer, "a kernel ([\"name\", [\"implementation\", …]])", kernel);
    return;
  }
  if (parameters == NULL || json_object_is_type (parameters, json_type_object))
    return;
  where = br_printf ("%s/1", pointer);
  check_strings (r, where != NULL ? where : pointer, parameters);
}

static BR_CONFIG_READER (read_kernels)
{
  size_t n, i;

  (void) field;
  if (!json_object_is_type (value, json_type_array)) {
    br_config_expected (r, pointer, "a list of kernels", value);
    return;
  }
  n = json_object_array_length (value);
  for (i = 0; i < n; i++) {
    BR_AUTOFREE char *item = br_printf ("%s/%zu", pointer, i);

    check_kernel (r, item != NULL ? item : pointer, json_object_array_get_idx (value, i));
  }
  json_object_put (*(struct json_object **) target);
  *(struct json_object **) target = json_object_get (value);
}

/* ---- Flags ---- */

/* The first wins, for every backend. */
static const char *const clock_keys[] = { "synth_clk_period_ns", "target_clock_ns", "clock_period_ns" };
static const char *const device_keys[] = { "fpga_part", "target_device", "board" };

/* Wider than any device: 1 kHz to 1 THz. Beyond it figures overflow. */
#define LEAST_CLOCK_NS 1e-3
#define MOST_CLOCK_NS  1e6

/* target: struct br_config */
static void
read_clock (struct br_config_reader *r, const char *pointer, struct json_object *value,
            struct br_config *config, int wins)
{
  int is_int = json_object_is_type (value, json_type_int);
  double period = json_object_get_double (value);

  if ((!is_int && !json_object_is_type (value, json_type_double)) || period < LEAST_CLOCK_NS ||
      period > MOST_CLOCK_NS) {
    br_config_expected (r, pointer, "a clock period in ns, 0.001 to 1000000,", value);
    return;
  }
  if (!wins)
    return;
  config->clock_period_ns = period;
  config->clock_is_int = is_int;
}

static void
read_clocks (struct br_config_reader *r, struct json_object *flags)
{
  size_t i;

  for (i = 0; i < N (clock_keys); i++) {
    struct json_object *value = br_config_member (flags, clock_keys[i]);
    BR_AUTOFREE char *pointer = br_json_pointer_add ("/config_flags", clock_keys[i]);

    if (value != NULL)
      read_clock (r, pointer != NULL ? pointer : "", value, r->config, r->config->clock_period_ns == 0);
  }
}

static void
read_devices (struct br_config_reader *r, struct json_object *flags)
{
  size_t i;

  for (i = 0; i < N (device_keys); i++) {
    struct json_object *value = br_config_member (flags, device_keys[i]);
    BR_AUTOFREE char *pointer = br_json_pointer_add ("/config_flags", device_keys[i]);
    BR_AUTOFREE char *device = NULL;

    if (value != NULL)
      br_config_read_filled (r, pointer != NULL ? pointer : "", value, &device, NULL);
    if (device == NULL || r->config->device != NULL)
      continue;
    r->config->device = device;
    device = NULL;
  }
}

static BR_CONFIG_READER (read_flags)
{
  struct json_object *fps;

  br_config_read_object (r, pointer, value, target, field);
  if (!json_object_is_type (value, json_type_object))
    return;
  read_clocks (r, value);
  read_devices (r, value);
  fps = br_config_member (value, "target_fps");
  if (fps != NULL &&
      !(json_object_is_type (fps, json_type_int) || json_object_is_type (fps, json_type_double)))
    br_config_expected (r, "/config_flags/target_fps", "a number above 0", fps);
  else if (fps != NULL && !(json_object_get_double (fps) > 0))
    br_config_expected (r, "/config_flags/target_fps", "a number above 0", fps);
}

/* ---- global_config and the whole ---- */

#define GLOBAL(member) offsetof (struct br_global_config, member)

static const struct br_config_field global_fields[] = {
  { "output_stage", br_config_read_choice, GLOBAL (output_stage), br_output_stages },
  { "working_directory", br_config_read_filled, GLOBAL (working_directory), NULL },
  { "cache_results", br_config_read_bool, GLOBAL (cache_results), NULL },
  { "save_artifacts", br_config_read_bool, GLOBAL (save_artifacts), NULL },
  { "log_level", br_config_read_choice, GLOBAL (log_level), log_levels },
  { "start_step", br_config_read_step, GLOBAL (start_step), NULL },
  { "stop_step", br_config_read_step, GLOBAL (stop_step), NULL },
  { "input_type", br_config_read_choice, GLOBAL (input_type), br_input_types },
  { "output_type", br_config_read_choice, GLOBAL (output_type), br_output_types },
  { "timeout_minutes", br_config_read_limit, GLOBAL (timeout_minutes), NULL },
  { "silence_minutes", br_config_read_limit, GLOBAL (silence_minutes), NULL },
  { "memory_mb", br_config_read_limit, GLOBAL (memory_mb), NULL },
  { "max_combinations", NULL, 0, NULL },
};

/* target: struct br_global_config */
static BR_CONFIG_READER (read_global)
{
  (void) field;
  if (json_object_is_type (value, json_type_object))
    br_config_read_fields (r, pointer, value, global_fields, N (global_fields), target);
  else
    br_config_expected (r, pointer, "an object", value);
}

#define MEMBER(member) offsetof (struct br_config, member)

static const struct br_config_field fields[] = {
  { "id", br_config_read_name, MEMBER (id), NULL },
  { "design_space_id", br_config_read_text, MEMBER (design_space_id), NULL },
  { "kernels", read_kernels, MEMBER (kernels), NULL },
  { "transforms", read_stages, MEMBER (transforms), NULL },
  { "preprocessing", read_steps, MEMBER (preprocessing), &step_types[0] },
  { "postprocessing", read_steps, MEMBER (postprocessing), &step_types[1] },
  { "build_steps", br_config_read_names, MEMBER (build_steps), NULL },
  { "config_flags", read_flags, MEMBER (config_flags), NULL },
  { "global_config", read_global, MEMBER (global), NULL },
  { "timestamp", br_config_read_text, MEMBER (timestamp), NULL },
  { "combination_index", br_config_read_count, MEMBER (combination_index), NULL },
  { "total_combinations", br_config_read_count, MEMBER (total_combinations), NULL },
  { "output_dir", br_config_read_filled, MEMBER (output_dir), NULL },
  { "model_path", br_config_read_filled, MEMBER (model_path), NULL },
  { "backend", br_config_read_filled, MEMBER (backend), NULL },
  { "backend_parameters", br_config_read_object, MEMBER (backend_parameters), NULL },
  /* behind the two lists that it adds to */
  { "transforms_by_stage", read_transforms_by_stage, 0, NULL },
  { "max_combinations", NULL, 0, NULL },
};

void
br_config_read_tree (struct br_config_reader *r, struct json_object *root)
{
  br_config_read_fields (r, "", root, fields, N (fields), r->config);
  br_config_require (r, "", root, "id");
}
