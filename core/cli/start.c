/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting a build. */
#include <config.h>

#include "core/cli/interrupt.h"
#include "core/cli/out.h"
#include "core/cli/start.h"
#include "core/run/run.h"

void
br_cli_start_ahead (struct br_cli_build *build)
{
  build->kept = br_kept_new ();
  if (build->kept != NULL)
    br_kept_start (build->kept, NULL);
}

struct br_result *
br_cli_start (const struct br_cli *cli, struct br_cli_build *build, struct br_cli_progress *progress,
              int *status)
{
  struct br_run_observer observer;
  struct br_run_options options = {
    .keep_scratch = cli->options.keep, .kept = build->kept, .rules = build->rules, .observer = &observer
  };
  struct br_error err = { 0 };
  struct br_result *result;

  *status = BR_EXIT_FAILED;
  br_cli_progress_init (progress, build->config->global.log_level, cli->options.verbose, cli->options.quiet,
                        cli->options.events);
  br_cli_progress_observer (progress, &observer);
  if (build->plan->auto_reason != NULL && !progress->quiet)
    br_cli_say ("%s", build->plan->auto_reason);
  options.interrupt_fd = br_cli_interrupt_catch ();
  br_cli_adopt_orphans ();
  result = br_run (build->plan, &options, status, &err);
  br_kept_free (build->kept);
  build->kept = NULL;
  br_cli_end_orphans ();
  br_cli_progress_clear (progress);
  if (result == NULL)
    br_cli_say ("%s", br_error_text (&err));
  br_error_clear (&err);
  return result;
}
