/* SPDX-License-Identifier: BSD-3-Clause */
/* What commands start from: the catalogue of plugins, and a build that is known to be possible. All problems are gathered before
   any is printed; nothing is written. */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"
#include "core/cli/load.h"
#include "core/cli/out.h"
#include "core/cli/params.h"
#include "core/diagnose/rules.h"
#include "core/run/run.h"

void
br_cli_say_none (const struct br_catalogue *catalogue)
{
  const struct br_search *search = &catalogue->search;
  struct br_str text = { 0 };

  if (catalogue->n > 0)
    return;
  if (catalogue->n_refused > 0) {
    br_cli_say ("warning: no plugin can be used: see buildrunner plugins doctor");
    return;
  }
  for (size_t i = 0; i < search->n; i++)
    br_str_printf (&text, "%s%s", i > 0 ? ", " : "", search->dirs[i].path);
  if (!br_str_failed (&text))
    br_cli_say ("warning: no plugin was found; looked in %s", text.length > 0 ? text.text : "no directory");
  br_str_free (&text);
}

struct br_catalogue *
br_cli_catalogue (const struct br_cli *cli, int *status)
{
  struct br_search search = { 0 };
  struct br_catalogue *catalogue = NULL;
  struct br_error err = { 0 };

  if (br_search_init (&search, cli->options.plugin_path.items, cli->options.plugin_path_only, &err) == 0)
    br_catalogue_scan (&search, NULL, &catalogue, &err);
  br_search_free (&search);
  if (br_error_is_set (&err))
    *status = br_cli_say_error (&err);
  br_error_clear (&err);
  return catalogue;
}

/* One name alone is a model when it ends as models do. */
static void
sort_arguments (const struct br_cli *cli, const char **config, const char **model)
{
  const char *const *args = cli->args.items;

  if (cli->args.n == 1 && br_str_ends (args[0], ".onnx")) {
    *config = NULL;
    *model = args[0];
    return;
  }
  *config = args[0];
  *model = cli->args.n > 1 ? args[1] : NULL;
}

static void
fill_overrides (const struct br_cli *cli, const char *model, struct br_config_overrides *over)
{
  const struct br_cli_options *o = &cli->options;

  over->sets = o->set.items;
  over->backend = o->backend;
  over->output_dir = o->output;
  over->model_path = model;
  over->timeout_minutes = o->timeout_minutes;
  over->silence_minutes = o->silence_minutes;
  over->memory_mb = o->memory_mb;
  over->strict = o->strict;
}

static char *
base_dir_of (const char *file)
{
  BR_AUTOFREE char *dir = NULL;

  if (strcmp (file, "-") == 0)
    return br_path_absolute (".");
  dir = br_path_dirname (file);
  return dir != NULL ? br_path_absolute (dir) : NULL;
}

static struct br_config *
read_config (const char *file, const struct br_config_overrides *over, struct br_problems *problems)
{
  const char *source = strcmp (file, "-") == 0 ? "/dev/stdin" : file;
  const char *shown = strcmp (file, "-") == 0 ? "standard input" : file;
  BR_AUTOFREE char *base_dir = base_dir_of (file);
  BR_AUTOFREE char *text = NULL;
  struct br_error err = { 0 };
  size_t size = 0;

  if (base_dir == NULL)
    br_error_oom (&err);
  else if (br_file_read (source, BR_CONFIG_LIMIT, &text, &size, &err) == 0)
    return br_config_read (text, size, shown, base_dir, over, problems);
  br_problems_add (problems, err.category, BR_EXIT_CONFIG, NULL, 0, 0, NULL, "%s", br_error_text (&err));
  br_error_clear (&err);
  return NULL;
}

/* The file is made when the first event comes: a build that cannot start makes no file. */
static void
check_events (struct br_cli_build *build, const char *file)
{
  BR_AUTOFREE char *dir = file != NULL ? br_path_dirname (file) : NULL;
  struct stat st;

  if (file == NULL)
    return;
  if (stat (file, &st) == 0 ? S_ISDIR (st.st_mode) || access (file, W_OK) < 0
                            : dir == NULL || access (dir, W_OK) < 0)
    br_problems_add (&build->problems, "environment", BR_EXIT_CONFIG, NULL, 0, 0, NULL,
                     "%s: events cannot be written there", file);
}

static int
ask (void *closure, const struct br_plugin_info *backend, const struct br_config *config,
     struct br_error *reason)
{
  (void) closure;
  return br_run_probe (backend, config, NULL, reason);
}

static int
make_plan (struct br_cli_build *build, const struct br_cli *cli)
{
  const struct br_plan_options options = { .skip_unsupported = cli->options.skip_unsupported,
                                           .ask_named = 1,
                                           .probe = ask };
  int status = 0;

  build->catalogue = br_cli_catalogue (cli, &status);
  if (build->catalogue == NULL)
    return status;
  br_cli_say_none (build->catalogue);
  br_cli_params_apply (&cli->options.param, build->config, build->catalogue, &build->problems);
  br_files_check (build->config, &build->problems);
  build->plan = br_plan_make (build->config, build->catalogue, &options, &build->problems);
  return 0;
}

/* What is wrong with a file of log rules is told before the build begins. */
static int
check_rules (struct br_cli_build *build, const struct br_cli *cli)
{
  struct br_rules *rules;

  if (cli->options.rules == NULL)
    return 0;
  rules = br_rules_load (cli->options.rules, &build->problems);
  br_rules_free (rules);
  build->rules = br_path_absolute (cli->options.rules);
  return build->rules == NULL || build->problems.failed ? -1 : 0;
}

static void
load_config (struct br_cli_build *build, const struct br_cli *cli)
{
  struct br_config_overrides over = { 0 };
  const char *file, *model;

  sort_arguments (cli, &file, &model);
  fill_overrides (cli, model, &over);
  build->config = file != NULL ? read_config (file, &over, &build->problems)
                               : br_config_default (model, &over, &build->problems);
}

/* The plan is made last: it is one only where nothing is wrong. */
int
br_cli_build_load (struct br_cli_build *build, const struct br_cli *cli)
{
  int status = 0;

  load_config (build, cli);
  check_events (build, cli->options.events);
  if (check_rules (build, cli) < 0 || build->problems.failed)
    return br_cli_say_oom ();
  if (build->config != NULL)
    status = make_plan (build, cli);
  br_problems_sort (&build->problems);
  return status != 0 ? status : br_problems_exit_code (&build->problems);
}

void
br_cli_build_free (struct br_cli_build *build)
{
  br_kept_free (build->kept);
  free (build->rules);
  br_plan_free (build->plan);
  br_config_free (build->config);
  br_catalogue_free (build->catalogue);
  br_problems_free (&build->problems);
}
