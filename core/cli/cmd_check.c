/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner check: all that would stop a run, and nothing built. */
#include <config.h>

#include <buildrunner/plugin.h>

#include "common/json_write.h"
#include "core/cli/load.h"
#include "core/cli/out.h"

static void
write_problem (const struct br_problem *problem, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "file", problem->file);
  br_json_put_uint (w, "line", problem->line);
  br_json_put_uint (w, "column", problem->column);
  br_json_put_string (w, "pointer", problem->pointer);
  br_json_put_string (w, "category", problem->category);
  br_json_put_string (w, "text", problem->text);
  br_json_put_bool (w, "warning", problem->warning);
  br_json_object_end (w);
}

static int
print_json (const struct br_cli_build *build, int status)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };

  br_json_object_begin (&w);
  br_json_put_bool (&w, "ok", status == 0);
  br_json_put_int (&w, "exit_code", status);
  br_json_put_string (&w, "backend", build->plan != NULL ? build->plan->backend->name : NULL);
  br_json_key (&w, "problems");
  br_json_array_begin (&w);
  for (size_t i = 0; i < build->problems.n; i++)
    write_problem (&build->problems.items[i], &w);
  br_json_array_end (&w);
  br_json_object_end (&w);
  br_str_add_char (&text, '\n');
  return br_cli_print (&text);
}

static size_t
count_enabled (const struct br_planned_step *steps, size_t n)
{
  size_t enabled = 0;

  for (size_t i = 0; i < n; i++)
    enabled += steps[i].step->enabled != 0;
  return enabled;
}

static int
print_plan (const struct br_plan *plan)
{
  struct br_cli_table table = { .columns = 2, .align = "ll" };
  struct br_str text = { 0 };

  br_cli_table_add (&table, "config");
  br_cli_table_add (&table, "%s%s", plan->config->id,
                    plan->stage_unsupported ? ", would be skipped" : ", can be built");
  br_cli_table_add (&table, "backend");
  br_cli_table_add (&table, "%s %s%s", plan->backend->name, plan->backend->version,
                    plan->backend->backend_flags & BR_BACKEND_SIMULATED ? ", simulated" : "");
  br_cli_table_add (&table, "steps");
  br_cli_table_add (&table, "%zu before, %zu after",
                    count_enabled (plan->preprocessing, plan->n_preprocessing),
                    count_enabled (plan->postprocessing, plan->n_postprocessing));
  br_cli_table_add (&table, "stage");
  br_cli_table_add (&table, "%s", plan->config->global.output_stage);
  br_cli_table_add (&table, "output");
  br_cli_table_add (&table, "%s", plan->config->output_dir);
  br_cli_table_write (&table, "", &text);
  return br_cli_print (&text);
}

int
br_cli_check (struct br_cli *cli)
{
  struct br_cli_build build = { 0 };
  int status = br_cli_build_load (&build, cli);
  int shown = 0;

  if (cli->options.json)
    shown = print_json (&build, status);
  else
    br_cli_say_problems (&build.problems, cli->options.quiet);
  if (!cli->options.json && status == 0 && !cli->options.quiet)
    shown = print_plan (build.plan);
  br_cli_build_free (&build);
  return status != 0 ? status : shown;
}
