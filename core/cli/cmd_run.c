/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner run: one build. */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/interrupt.h"
#include "core/cli/layers.h"
#include "core/cli/out.h"
#include "core/cli/start.h"
#include "core/cli/summary.h"

static int
print_result (const struct br_result *result)
{
  struct br_str text = { 0 };
  char *json = br_result_text (result);

  if (json == NULL)
    return br_cli_say_oom ();
  br_str_add (&text, json);
  free (json);
  return br_cli_print (&text);
}

static int
print_summary (const struct br_cli *cli, const struct br_cli_build *build, const struct br_result *result)
{
  struct br_str text = { 0 };

  if (cli->options.quiet)
    return 0;
  br_cli_summary (result, build->plan, br_cli_colour (1), &text);
  if (cli->options.layers) {
    br_str_add_char (&text, '\n');
    br_cli_layers (result, build->config->output_dir, &text);
  }
  return br_cli_print (&text);
}

static void
say_failure (const struct br_cli_build *build, const struct br_result *result)
{
  struct br_str text = { 0 };

  br_cli_failure (result, build->plan, &text);
  if (br_str_failed (&text))
    br_cli_say_oom ();
  else
    fwrite (text.text, 1, text.length, stderr);
  br_str_free (&text);
}

/* The exit status of a finished build; a result that could not be shown is a failure of ours. */
static int
show (const struct br_cli *cli, const struct br_cli_build *build, const struct br_result *result)
{
  int status = br_run_exit_code (result);
  int shown = cli->options.json ? print_result (result) : print_summary (cli, build, result);

  if (br_cli_interrupted () != 0 && result->status != BR_STATUS_SUCCESS)
    status = 128 + br_cli_interrupted ();
  if (result->status == BR_STATUS_FAILED || result->status == BR_STATUS_TIMEOUT)
    say_failure (build, result);
  return status != 0 ? status : shown;
}

static int
run_build (const struct br_cli *cli, struct br_cli_build *build)
{
  struct br_cli_progress progress;
  int status, written;
  struct br_result *result = br_cli_start (cli, build, &progress, &status);

  if (result != NULL) {
    status = show (cli, build, result);
    br_cli_event_result (&progress.events, result, status, build->config->output_dir);
  }
  written = br_cli_events_close (&progress.events);
  br_result_free (result);
  return status != 0 ? status : written;
}

int
br_cli_run (struct br_cli *cli)
{
  struct br_cli_build build = { 0 };
  int status;

  br_cli_start_ahead (&build);
  status = br_cli_build_load (&build, cli);
  br_cli_say_problems (&build.problems, cli->options.quiet);
  if (status == 0)
    status = run_build (cli, &build);
  br_cli_build_free (&build);
  return status;
}
