/* SPDX-License-Identifier: BSD-3-Clause */
/* The plan of a build: every name looked up, every parameter checked, the range resolved. All problems are found, not the
   first; nothing is opened but the catalogue. */
#include <config.h>

#include "core/run/plan_private.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <buildrunner/plugin.h>

#include "common/cleanup.h"
#include "common/nearest.h"
#include "common/path.h"
#include "common/str.h"

/* What the checks pass around. */
struct maker {
  struct br_config *config;
  const struct br_catalogue *catalogue;
  struct br_problems *problems;
  const char *pointer; /* of the parameters that are checked */
};

/* ---- Names ---- */

/* What may have been meant; of backends, which are few, all that there are. The caller frees; "" where there is nothing to say. */
static char *
known_names (const struct maker *m, enum br_kind kind, const char *name)
{
  const char **names = NULL;
  size_t n = br_catalogue_names (m->catalogue, kind, &names);
  const char *near = br_nearest (name, names, n);
  struct br_str text = { 0 };

  if (near != NULL)
    br_str_printf (&text, "; did you mean %s?", near);
  if (kind == BR_KIND_BACKEND) {
    br_str_add (&text, near != NULL ? " (auto" : "; known are auto");
    for (size_t i = 0; i < n; i++)
      br_str_printf (&text, ", %s", names[i]);
    br_str_add (&text, near != NULL ? ")" : "");
  }
  free (names);
  return br_str_take (&text);
}

static void
report_missing (const struct maker *m, enum br_kind kind, const char *name, const char *module,
                const char *pointer)
{
  const struct br_refusal *refusal = br_catalogue_refusal (m->catalogue, module != NULL ? module : name);
  const struct br_plugin_info *left_out = br_catalogue_left_out (m->catalogue, name);
  BR_AUTOFREE char *known = known_names (m, kind, name);

  if (known == NULL)
    m->problems->failed = 1;
  else if (refusal != NULL)
    br_config_problem (m->config, m->problems, "plugin", BR_EXIT_PLUGIN, pointer, "%s %s was refused: %s: %s",
                       br_kind_name (kind), name, refusal->path, refusal->reason);
  else if (module != NULL && br_catalogue_find (m->catalogue, kind, name, NULL, NULL) != NULL)
    br_config_problem (m->config, m->problems, "plugin", BR_EXIT_PLUGIN, pointer,
                       "no module %s offers the %s %s", module, br_kind_name (kind), name);
  else if (left_out != NULL)
    br_config_problem (m->config, m->problems, "plugin", BR_EXIT_PLUGIN, pointer, "%s is not offered: %s",
                       left_out->name, left_out->summary);
  else
    br_config_problem (m->config, m->problems, "plugin", BR_EXIT_PLUGIN, pointer, "there is no %s %s%s",
                       br_kind_name (kind), name, known);
}

static const struct br_plugin_info *
find (const struct maker *m, enum br_kind kind, const char *name, const char *module, const char *pointer)
{
  const struct br_plugin_info *info = br_catalogue_find (m->catalogue, kind, name, module, NULL);

  if (info == NULL)
    report_missing (m, kind, name, module, pointer);
  return info;
}

/* ---- Parameters ---- */

static void
report_parameter (void *closure, const char *pointer, const char *text)
{
  const struct maker *m = closure;
  BR_AUTOFREE char *full = br_printf ("%s%s", m->pointer, pointer);

  if (full == NULL)
    m->problems->failed = 1;
  else
    br_config_problem (m->config, m->problems, "config", BR_EXIT_CONFIG, full, "%s", text);
}

/* The effective parameters, or NULL after problems. */
static struct json_object *
check_parameters (struct maker *m, const struct br_plugin_info *info, struct json_object *values,
                  const char *pointer)
{
  struct json_object *effective;

  m->pointer = pointer;
  if (br_params_check (&info->params, values, report_parameter, m) > 0)
    return NULL;
  effective = br_params_effective (&info->params, values, m->config->base_dir);
  if (effective == NULL)
    m->problems->failed = 1;
  return effective;
}

static void
check_step_parameters (struct maker *m, struct br_planned_step *planned)
{
  BR_AUTOFREE char *pointer = br_printf ("%s/parameters", planned->step->pointer);
  struct json_object *effective;
  struct br_error err = { 0 };

  if (pointer == NULL) {
    m->problems->failed = 1;
    return;
  }
  effective = check_parameters (m, planned->info, planned->step->parameters, pointer);
  if (effective != NULL && br_config_set_step_parameters (m->config, planned->step, effective, &err) < 0)
    br_config_problem (m->config, m->problems, err.category, BR_EXIT_CONFIG, pointer, "%s",
                       br_error_text (&err));
  br_error_clear (&err);
}

/* 0, or -1 after problems. */
static int
check_backend_parameters (struct maker *m, const struct br_plugin_info *backend)
{
  struct json_object *effective =
      check_parameters (m, backend, m->config->backend_parameters, "/backend_parameters");
  struct br_error err = { 0 };
  int ret = effective != NULL ? 0 : -1;

  if (effective != NULL && br_config_set_backend (m->config, backend->name, effective, &err) < 0)
    br_config_problem (m->config, m->problems, err.category, BR_EXIT_CONFIG, "/backend_parameters", "%s",
                       br_error_text (&err));
  br_error_clear (&err);
  return ret;
}

/* ---- Steps ---- */

static int
is_taken (const struct br_planned_step *steps, size_t n, const char *file)
{
  for (size_t i = 0; i < n; i++)
    if (steps[i].file != NULL && strcmp (steps[i].file, file) == 0)
      return 1;
  return 0;
}

/* A name that is used again gets -2, -3 and so on behind it. */
static char *
file_of (const struct br_planned_step *before, size_t n, const char *name)
{
  char *file = strdup (name);

  for (unsigned i = 2; file != NULL && is_taken (before, n, file); i++) {
    free (file);
    file = br_printf ("%s-%u", name, i);
  }
  return file;
}

/* The i-th of the planned steps. */
static void
plan_step (struct maker *m, struct br_planned_step *planned, size_t i, enum br_kind kind)
{
  const struct br_step *step = planned[i].step;

  planned[i].file = file_of (planned, i, step->name);
  if (planned[i].file == NULL)
    m->problems->failed = 1;
  planned[i].info = find (m, kind, step->name, step->plugin, step->pointer);
  if (planned[i].info != NULL)
    check_step_parameters (m, &planned[i]);
}

/* A step without a name, or in the list of the other kind, was told of by whoever read it. */
static struct br_planned_step *
plan_steps (struct maker *m, struct br_steps *steps, enum br_kind kind)
{
  struct br_planned_step *planned = calloc (steps->n + 1, sizeof *planned);

  if (planned == NULL)
    m->problems->failed = 1;
  for (size_t i = 0; planned != NULL && i < steps->n; i++) {
    planned[i].step = &steps->items[i];
    if (steps->items[i].name != NULL && !br_config_is_wrong (m->config, steps->items[i].pointer))
      plan_step (m, planned, i, kind);
  }
  return planned;
}

/* ---- The backend, its stage and its range ---- */

int
br_plan_has_stage (const struct br_plugin_info *backend, const char *stage)
{
  for (char **s = backend->output_stages; s != NULL && *s != NULL; s++)
    if (strcmp (*s, stage) == 0)
      return 1;
  return 0;
}

/* 0, or -1 where the backend has nothing to do with this stage. */
static int
check_stage (struct maker *m, struct br_plan *plan, const struct br_plan_options *options)
{
  struct br_str known = { 0 };

  if (br_config_is_wrong (m->config, "/global_config/output_stage"))
    return -1;
  if (br_plan_has_stage (plan->backend, m->config->global.output_stage))
    return 0;
  plan->stage_unsupported = options->skip_unsupported;
  if (options->skip_unsupported)
    return -1;
  for (char **s = plan->backend->output_stages; s != NULL && *s != NULL; s++)
    br_str_printf (&known, "%s%s", known.length > 0 ? ", " : "", *s);
  br_config_problem (m->config, m->problems, "config", BR_EXIT_CONFIG, "/global_config/output_stage",
                     "the backend %s has no output stage %s; it has %s", plan->backend->name,
                     m->config->global.output_stage, known.text != NULL ? known.text : "none");
  br_str_free (&known);
  return -1;
}

/* The build step at fault, where a plugin knows the name and does not offer it; else NULL. */
static const struct br_plugin_info *
left_out_step (const struct maker *m, const char *where)
{
  static const char list[] = "build_steps/";

  if (!br_str_starts (where, list))
    return NULL;
  return br_catalogue_left_out (m->catalogue,
                                m->config->build_steps[strtoul (where + sizeof list - 1, NULL, 10)]);
}

static void
report_range (void *closure, const char *where, const char *text)
{
  const struct maker *m = closure;
  const struct br_plugin_info *left_out = left_out_step (m, where);
  BR_AUTOFREE char *pointer =
      br_printf ("%s%s", br_str_starts (where, "build_steps") ? "/" : "/global_config/", where);

  if (text == NULL || pointer == NULL)
    m->problems->failed = 1;
  else if (left_out != NULL)
    br_config_problem (m->config, m->problems, "config", BR_EXIT_CONFIG, pointer,
                       "%s is not offered, neither as a build step nor as another: %s", left_out->name,
                       left_out->summary);
  else
    br_config_problem (m->config, m->problems, "config", BR_EXIT_CONFIG, pointer, "%s", text);
}

static void
resolve_range (struct maker *m, struct br_plan *plan)
{
  const struct br_global_config *g = &m->config->global;
  const struct br_range_request request = {
    /* a type that could not be read is what would count */
    .start_step = br_config_is_wrong (m->config, "/global_config/input_type") ? NULL : g->start_step,
    .stop_step = br_config_is_wrong (m->config, "/global_config/output_type") ? NULL : g->stop_step,
    .input_type = g->input_type,
    .output_type = g->output_type,
    .build_steps = (const char *const *) m->config->build_steps,
    .any_steps = (plan->backend->backend_flags & BR_BACKEND_ANY_STEPS) != 0,
  };

  if (!br_config_is_wrong (m->config, "/build_steps"))
    br_range_resolve (&plan->backend->steps, &request, &plan->range, report_range, m);
}

/* As auto asks those that it could choose. */
static void
ask_named (struct maker *m, const struct br_plugin_info *backend, const struct br_plan_options *options)
{
  struct br_error reason = { 0 };

  if (options->probe (options->closure, backend, m->config, &reason) != 1)
    br_config_problem (m->config, m->problems, "plugin",
                       strcmp (reason.category, "config") == 0 ? BR_EXIT_CONFIG : BR_EXIT_PLUGIN, "/backend",
                       "backend %s cannot do this build here: %s", backend->name, br_error_text (&reason));
  br_error_clear (&reason);
}

/* By a stage or by parameters that could not be read, auto would choose another backend than the one that is wanted. */
static int
can_choose (const struct br_config *config)
{
  return !br_config_is_wrong (config, "/global_config/output_stage") &&
         !br_config_is_wrong (config, "/backend_parameters");
}

static const struct br_plugin_info *
find_backend (struct maker *m, struct br_plan *plan, const struct br_plan_options *options)
{
  const char *name = m->config->backend;

  if (br_config_is_wrong (m->config, "/backend"))
    return NULL;
  if (name != NULL && strcmp (name, "auto") != 0)
    return find (m, BR_KIND_BACKEND, name, NULL, "/backend");
  if (!can_choose (m->config))
    return NULL;
  return br_plan_auto (m->config, m->catalogue, options, &plan->auto_reason, m->problems);
}

static void
plan_backend (struct maker *m, struct br_plan *plan, const struct br_plan_options *options)
{
  int served;

  plan->backend = find_backend (m, plan, options);
  if (plan->backend == NULL)
    return;
  served = check_backend_parameters (m, plan->backend) == 0;
  served &= check_stage (m, plan, options) == 0;
  resolve_range (m, plan);
  if (served && options->ask_named && plan->auto_reason == NULL && plan->backend->has_probe)
    ask_named (m, plan->backend, options);
}

static int
holds_something (struct json_object *value)
{
  if (json_object_is_type (value, json_type_array))
    return json_object_array_length (value) > 0;
  return json_object_is_type (value, json_type_object) && json_object_object_length (value) > 0;
}

static void
warn_unused (struct maker *m, struct br_plan *plan, struct json_object *value, const char *pointer)
{
  size_t n = 0;

  if (plan->warnings == NULL || !holds_something (value))
    return;
  while (plan->warnings[n] != NULL)
    n++;
  plan->warnings[n] = br_printf ("the backend %s has no use for %s", plan->backend->name, pointer + 1);
  if (plan->warnings[n] == NULL)
    m->problems->failed = 1;
  else
    br_config_problem (m->config, m->problems, "config", 0, pointer, "%s", plan->warnings[n]);
}

/* What a backend has no use for is said once. */
static void
warn_backend (struct maker *m, struct br_plan *plan)
{
  if (plan->backend == NULL || (plan->backend->backend_flags & BR_BACKEND_USES_KERNELS) != 0)
    return;
  plan->warnings = calloc (4, sizeof *plan->warnings);
  if (plan->warnings == NULL)
    m->problems->failed = 1;
  warn_unused (m, plan, m->config->kernels, "/kernels");
  warn_unused (m, plan, m->config->transforms, "/transforms");
  warn_unused (m, plan, json_object_object_get (m->config->tree, "transforms_by_stage"),
               "/transforms_by_stage");
}

/* ---- The whole ---- */

struct br_plan *
br_plan_make (struct br_config *config, const struct br_catalogue *catalogue,
              const struct br_plan_options *options, struct br_problems *problems)
{
  struct maker m = { .config = config, .catalogue = catalogue, .problems = problems };
  struct br_plan *plan = calloc (1, sizeof *plan);

  if (plan == NULL) {
    problems->failed = 1;
    return NULL;
  }
  plan->config = config;
  plan_backend (&m, plan, options);
  warn_backend (&m, plan);
  plan->preprocessing = plan_steps (&m, &config->preprocessing, BR_KIND_TRANSFORM);
  plan->n_preprocessing = plan->preprocessing != NULL ? config->preprocessing.n : 0;
  plan->postprocessing = plan_steps (&m, &config->postprocessing, BR_KIND_ANALYSIS);
  plan->n_postprocessing = plan->postprocessing != NULL ? config->postprocessing.n : 0;
  if (problems->n_errors == 0 && !problems->failed)
    return plan;
  br_plan_free (plan);
  return NULL;
}

static void
free_steps (struct br_planned_step *steps, size_t n)
{
  for (size_t i = 0; i < n; i++)
    free (steps[i].file);
  free (steps);
}

void
br_plan_free (struct br_plan *plan)
{
  if (plan == NULL)
    return;
  free_steps (plan->preprocessing, plan->n_preprocessing);
  free_steps (plan->postprocessing, plan->n_postprocessing);
  br_range_free (&plan->range);
  for (size_t i = 0; plan->warnings != NULL && plan->warnings[i] != NULL; i++)
    free (plan->warnings[i]);
  free (plan->warnings);
  free (plan->auto_reason);
  free (plan);
}
