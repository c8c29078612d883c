/* SPDX-License-Identifier: BSD-3-Clause */
/* The runner of the embedding interface: one backend, and builds with it. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <buildrunner/buildrunner.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "core/run/registry.h"
#include "core/run/run.h"

struct br_runner {
  struct br_registry *registry;         /* borrowed */
  const struct br_plugin_info *backend; /* NULL: auto, not yet decided */
  int in_process;
};

static const char *const no_stages[] = { NULL };

static void
give_reason (char **reason, const char *text)
{
  if (reason != NULL)
    *reason = strdup (text);
}

/* ---- Life ---- */

static void
list_known (const struct br_registry *registry, const char *name, char **reason)
{
  const char **names = NULL;
  size_t n = br_catalogue_names (registry->catalogue, BR_KIND_BACKEND, &names);
  struct br_str text = { 0 };

  br_str_printf (&text, "there is no backend %s; known are auto", name);
  for (size_t i = 0; i < n; i++)
    br_str_printf (&text, ", %s", names[i]);
  give_reason (reason, br_str_failed (&text) ? "out of memory" : text.text);
  br_str_free (&text);
  free (names);
}

struct br_runner *
br_runner_create (struct br_registry *registry, const char *backend, char **reason)
{
  const struct br_plugin_info *info = NULL;
  struct br_runner *runner;

  if (strcmp (backend, "auto") != 0) {
    info = br_catalogue_find (registry->catalogue, BR_KIND_BACKEND, backend, NULL, NULL);
    if (info == NULL) {
      list_known (registry, backend, reason);
      return NULL;
    }
  }
  runner = calloc (1, sizeof *runner);
  if (runner == NULL) {
    give_reason (reason, "out of memory");
    return NULL;
  }
  runner->registry = registry;
  runner->backend = info;
  return runner;
}

void
br_runner_free (struct br_runner *runner)
{
  free (runner);
}

const char *
br_runner_backend_name (const struct br_runner *runner)
{
  return runner->backend != NULL ? runner->backend->title : "auto";
}

const char *const *
br_runner_output_stages (const struct br_runner *runner)
{
  if (runner->backend == NULL || runner->backend->output_stages == NULL)
    return no_stages;
  return (const char *const *) runner->backend->output_stages;
}

void
br_runner_set_in_process (struct br_runner *runner, int in_process)
{
  runner->in_process = in_process;
}

const char *
br_version (void)
{
  return PACKAGE_VERSION;
}

/* ---- Running ---- */

static int
is_registered (const struct br_plugin_info *info)
{
  return strcmp (info->path, BR_REGISTERED) == 0;
}

/* What the program registered itself is not to be had in another process. */
static int
needs_this_process (const struct br_plan *plan)
{
  int needed = is_registered (plan->backend);

  for (size_t i = 0; i < plan->n_preprocessing; i++)
    needed |= is_registered (plan->preprocessing[i].info);
  for (size_t i = 0; i < plan->n_postprocessing; i++)
    needed |= is_registered (plan->postprocessing[i].info);
  return needed;
}

/* Registered backends are taken to serve: asking them would run their code before anybody wanted a build. */
static int
ask (void *closure, const struct br_plugin_info *backend, const struct br_config *config,
     struct br_error *reason)
{
  (void) closure;
  return is_registered (backend) ? 1 : br_run_probe (backend, config, NULL, reason);
}

static void
give_problems (const struct br_problems *problems, char **reason)
{
  struct br_str text = { 0 };

  for (size_t i = 0; i < problems->n; i++) {
    BR_AUTOFREE char *line = problems->items[i].warning ? NULL : br_problem_text (&problems->items[i]);

    if (line != NULL)
      br_str_printf (&text, "%s%s", text.length > 0 ? "\n" : "", line);
  }
  give_reason (reason, br_str_failed (&text) || text.text == NULL ? "out of memory" : text.text);
  br_str_free (&text);
}

static int
run_plan (struct br_runner *runner, struct br_plan *plan, char **result_json, char **reason)
{
  const struct br_run_options options = { .in_process = runner->in_process || needs_this_process (plan),
                                          .modules = runner->registry->modules,
                                          .kept = runner->registry->kept };
  struct br_error err = { 0 };
  int exit_code = BR_EXIT_FAILED;
  struct br_result *result;

  runner->backend = plan->backend;
  result = br_run (plan, &options, &exit_code, &err);
  if (result == NULL)
    give_reason (reason, br_error_text (&err));
  else if (result_json != NULL)
    *result_json = br_result_text (result);
  br_result_free (result);
  br_error_clear (&err);
  return exit_code;
}

static int
run_config (struct br_runner *runner, struct br_config *config, struct br_problems *problems,
            char **result_json, char **reason)
{
  const struct br_plan_options options = { .probe = ask };
  struct br_plan *plan = br_plan_make (config, runner->registry->catalogue, &options, problems);
  int exit_code;

  br_files_check (config, problems);
  br_problems_sort (problems);
  exit_code = problems->failed ? BR_EXIT_FAILED : br_problems_exit_code (problems);
  if (plan != NULL && exit_code == BR_EXIT_OK)
    exit_code = run_plan (runner, plan, result_json, reason);
  else
    give_problems (problems, reason);
  br_plan_free (plan);
  return exit_code;
}

int
br_runner_run (struct br_runner *runner, const char *config_text, const char *base_dir, const char *model,
               char **result_json, char **reason)
{
  const struct br_config_overrides over = { .model_path = model,
                                            .backend =
                                                runner->backend != NULL ? runner->backend->name : NULL };
  BR_AUTOFREE char *base = br_path_absolute (base_dir != NULL ? base_dir : ".");
  struct br_problems problems = { 0 };
  struct br_config *config = NULL;
  int exit_code = BR_EXIT_FAILED;

  if (result_json != NULL)
    *result_json = NULL;
  if (base != NULL)
    config = br_config_read (config_text, strlen (config_text), "configuration", base, &over, &problems);
  if (config != NULL)
    exit_code = run_config (runner, config, &problems, result_json, reason);
  else {
    exit_code = base != NULL && !problems.failed ? br_problems_exit_code (&problems) : BR_EXIT_FAILED;
    give_problems (&problems, reason);
  }
  br_config_free (config);
  br_problems_free (&problems);
  return exit_code;
}
