/* SPDX-License-Identifier: BSD-3-Clause */
/* The backend of a plan: which, whether it takes the parameters and has the output stage and the build steps, and what it has no use for. */
#include <config.h>

#include "core/run/plan_private.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <buildrunner/plugin.h>

#include "common/cleanup.h"
#include "common/str.h"

/* ---- Parameters and stage ---- */

/* 0, or -1 after problems. */
static int
check_backend_parameters (struct br_plan_maker *m, const struct br_plugin_info *backend)
{
  struct json_object *effective =
      br_plan_check_parameters (m, backend, m->config->backend_parameters, "/backend_parameters");
  struct br_error err = { 0 };
  int ret = effective != NULL ? 0 : -1;

  if (effective != NULL && br_config_set_backend (m->config, backend->name, effective, &err) < 0)
    br_config_problem (m->config, m->problems, err.category, BR_EXIT_CONFIG, "/backend_parameters", "%s",
                       br_error_text (&err));
  br_error_clear (&err);
  return ret;
}

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
check_stage (struct br_plan_maker *m, struct br_plan *plan, const struct br_plan_options *options)
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

/* ---- The range ---- */

/* The build step at fault, where a plugin knows the name and does not offer it; else NULL. */
static const struct br_plugin_info *
left_out_step (const struct br_plan_maker *m, const char *where)
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
  const struct br_plan_maker *m = closure;
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
resolve_range (struct br_plan_maker *m, struct br_plan *plan)
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

/* ---- The choice ---- */

/* As auto asks those that it could choose. */
static void
ask_named (struct br_plan_maker *m, const struct br_plugin_info *backend,
           const struct br_plan_options *options)
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
find_backend (struct br_plan_maker *m, struct br_plan *plan, const struct br_plan_options *options)
{
  const char *name = m->config->backend;

  if (br_config_is_wrong (m->config, "/backend"))
    return NULL;
  if (name != NULL && strcmp (name, "auto") != 0)
    return br_plan_find (m, BR_KIND_BACKEND, name, NULL, "/backend");
  if (!can_choose (m->config))
    return NULL;
  return br_plan_auto (m->config, m->catalogue, options, &plan->auto_reason, m->problems);
}

static void
fill_backend (struct br_plan_maker *m, struct br_plan *plan, const struct br_plan_options *options)
{
  int served;

  plan->backend = find_backend (m, plan, options);
  if (plan->backend == NULL)
    return;
  served = check_backend_parameters (m, plan->backend) == 0;
  served &= check_stage (m, plan, options) == 0;
  resolve_range (m, plan);
  if (served && options->ask_named && options->probe != NULL && plan->auto_reason == NULL &&
      plan->backend->has_probe)
    ask_named (m, plan->backend, options);
}

/* ---- What it has no use for ---- */

static int
holds_something (struct json_object *value)
{
  if (json_object_is_type (value, json_type_array))
    return json_object_array_length (value) > 0;
  return json_object_is_type (value, json_type_object) && json_object_object_length (value) > 0;
}

static void
warn_unused (struct br_plan_maker *m, struct br_plan *plan, struct json_object *value, const char *pointer)
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
warn_backend (struct br_plan_maker *m, struct br_plan *plan)
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

void
br_plan_backend (struct br_plan_maker *m, struct br_plan *plan, const struct br_plan_options *options)
{
  fill_backend (m, plan, options);
  warn_backend (m, plan);
}
