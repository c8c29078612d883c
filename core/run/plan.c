/* SPDX-License-Identifier: BSD-3-Clause */
/* The plan of a build: every name looked up, every parameter checked, the range resolved. All problems are found, not the
   first; nothing is opened but the catalogue. */
#include <config.h>

#include "core/run/plan_private.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/nearest.h"
#include "common/str.h"

/* ---- Names ---- */

/* What may have been meant; of backends, which are few, all that there are. The caller frees; "" where there is nothing to say. */
static char *
known_names (const struct br_plan_maker *m, enum br_kind kind, const char *name)
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
report_missing (const struct br_plan_maker *m, enum br_kind kind, const char *name, const char *module,
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

const struct br_plugin_info *
br_plan_find (const struct br_plan_maker *m, enum br_kind kind, const char *name, const char *module,
              const char *pointer)
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
  const struct br_plan_maker *m = closure;
  BR_AUTOFREE char *full = br_printf ("%s%s", m->pointer, pointer);

  if (full == NULL)
    m->problems->failed = 1;
  else
    br_config_problem (m->config, m->problems, "config", BR_EXIT_CONFIG, full, "%s", text);
}

struct json_object *
br_plan_check_parameters (struct br_plan_maker *m, const struct br_plugin_info *info,
                          struct json_object *values, const char *pointer)
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
check_step_parameters (struct br_plan_maker *m, struct br_planned_step *planned)
{
  BR_AUTOFREE char *pointer = br_printf ("%s/parameters", planned->step->pointer);
  struct json_object *effective;
  struct br_error err = { 0 };

  if (pointer == NULL) {
    m->problems->failed = 1;
    return;
  }
  effective = br_plan_check_parameters (m, planned->info, planned->step->parameters, pointer);
  if (effective != NULL && br_config_set_step_parameters (m->config, planned->step, effective, &err) < 0)
    br_config_problem (m->config, m->problems, err.category, BR_EXIT_CONFIG, pointer, "%s",
                       br_error_text (&err));
  br_error_clear (&err);
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
plan_step (struct br_plan_maker *m, struct br_planned_step *planned, size_t i, enum br_kind kind)
{
  const struct br_step *step = planned[i].step;

  planned[i].file = file_of (planned, i, step->name);
  if (planned[i].file == NULL)
    m->problems->failed = 1;
  planned[i].info = br_plan_find (m, kind, step->name, step->plugin, step->pointer);
  if (planned[i].info != NULL)
    check_step_parameters (m, &planned[i]);
}

/* A step without a name, or in the list of the other kind, was told of by whoever read it. */
static struct br_planned_step *
plan_steps (struct br_plan_maker *m, struct br_steps *steps, enum br_kind kind)
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

/* ---- The whole ---- */

struct br_plan *
br_plan_make (struct br_config *config, const struct br_catalogue *catalogue,
              const struct br_plan_options *options, struct br_problems *problems)
{
  struct br_plan_maker m = { .config = config, .catalogue = catalogue, .problems = problems };
  struct br_plan *plan = calloc (1, sizeof *plan);

  if (plan == NULL) {
    problems->failed = 1;
    return NULL;
  }
  plan->config = config;
  br_plan_backend (&m, plan, options);
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
