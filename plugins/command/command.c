/* SPDX-License-Identifier: BSD-3-Clause */
/* The module command: a program of the user's as backend, transform or analysis. */
#include <config.h>

#include <time.h>

#include <buildrunner/plugin.h>

#include "plugins/command/metrics.h"
#include "plugins/command/program.h"

static const struct br_param command = {
  .struct_size = sizeof command,
  .type = BR_PARAM_STRING_LIST,
  .flags = BR_PARAM_REQUIRED,
  .min_items = 1,
  .name = "command",
  .help = "program and arguments; {model}, {output}, {output_dir}, {config}, {params} are replaced, {{ is a "
          "brace",
};

static const struct br_param wall_seconds = {
  .struct_size = sizeof wall_seconds,
  .type = BR_PARAM_FLOAT,
  .flags = BR_PARAM_HAS_MIN,
  .name = "wall_seconds",
  .unit = "s",
  .help = "time that the program has; 0: no limit but the build's",
};

static const struct br_param silence_seconds = {
  .struct_size = sizeof silence_seconds,
  .type = BR_PARAM_FLOAT,
  .flags = BR_PARAM_HAS_MIN,
  .name = "silence_seconds",
  .unit = "s",
  .help = "time that the program may say nothing; 0: no limit but the build's",
};

static const struct br_param *const params[] = { &command, &wall_seconds, &silence_seconds, NULL };

static int32_t
run_backend (const struct br_host *host, struct br_build *build)
{
  struct timespec since;

  clock_gettime (CLOCK_REALTIME_COARSE, &since); /* the clock of file times */
  if (program_run (host, build, host->model (build), NULL, "unknown") != 0)
    return -1;
  return metrics_take (host, build, &since);
}

static int32_t
apply (const struct br_host *host, struct br_build *build, const char *in, const char *out)
{
  return program_run (host, build, in, out, "preprocessing");
}

static int32_t
analyze (const struct br_host *host, struct br_build *build, const char *out)
{
  return program_run (host, build, host->model (build), out, "postprocessing");
}

static const char *const stages[] = { "dataflow_graph", "rtl", "stitched_ip", NULL };

static const struct br_backend backend = {
  .struct_size = sizeof backend,
  .abi_minor = BR_ABI_MINOR,
  .name = "command",
  .title = "Command",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "runs a program of yours as the backend",
  .params = params,
  .output_stages = stages,
  .run = run_backend,
};
BR_BACKENDS (command, &backend);

static const struct br_transform transform = {
  .struct_size = sizeof transform,
  .abi_minor = BR_ABI_MINOR,
  .name = "command",
  .title = "Command",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "runs a program of yours that rewrites the model",
  .params = params,
  .apply = apply,
};
BR_TRANSFORMS (command, &transform);

static const struct br_analysis analysis = {
  .struct_size = sizeof analysis,
  .abi_minor = BR_ABI_MINOR,
  .name = "command",
  .title = "Command",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "runs a program of yours that reports on the build",
  .params = params,
  .analyze = analyze,
};
BR_ANALYSES (command, &analysis);
