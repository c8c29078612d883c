/* SPDX-License-Identifier: BSD-3-Clause */
/* Backend legacy_finn: drives an installation of FINN, as a program. */
#include <config.h>

#include <string.h>
#include <time.h>

#include <buildrunner/plugin.h>

#include "common/str.h"
#include "plugins/legacy_finn/here.h"
#include "plugins/legacy_finn/place.h"
#include "plugins/legacy_finn/products.h"
#include "plugins/legacy_finn/program.h"
#include "plugins/legacy_finn/request.h"
#include "plugins/legacy_finn/steps.h"

/* ---- Parameters ---- */

static const struct br_param finn_command_param = {
  .struct_size = sizeof finn_command_param,
  .type = BR_PARAM_STRING_LIST,
  .min_items = 1,
  .name = "finn_command",
  .default_json = "[\"python3\", \"-m\", \"finn.builder.build_dataflow\"]",
  .help = "program and arguments that start FINN; the folder to build is added, no shell reads it",
};

static const char *const kinds[] = { "auto", "main", "dev", "plus", NULL };

static const struct br_param finn_kind_param = {
  .struct_size = sizeof finn_kind_param,
  .type = BR_PARAM_CHOICE,
  .name = "finn_kind",
  .default_json = "\"auto\"",
  .choices = kinds,
  .help = "which FINN the command runs; auto: its Python is asked",
};

static const struct br_param finn_build_dir_param = {
  .struct_size = sizeof finn_build_dir_param,
  .type = BR_PARAM_PATH,
  .name = "finn_build_dir",
  .help = "folder in which each build makes its FINN_BUILD_DIR; absent: the output folder",
};

static const struct br_param temp_cleanup_param = {
  .struct_size = sizeof temp_cleanup_param,
  .type = BR_PARAM_BOOL,
  .name = "temp_cleanup",
  .default_json = "true",
  .help = "remove FINN_BUILD_DIR after a success; that of rtl and stitched_ip builds stays in any case",
};

static const struct br_param preserve_intermediate_param = {
  .struct_size = sizeof preserve_intermediate_param,
  .type = BR_PARAM_BOOL,
  .name = "preserve_intermediate",
  .default_json = "false",
  .help = "keep the model after each step, in intermediate_models",
};

static const struct br_param *const params[] = {
  &finn_command_param,          &finn_kind_param,
  &finn_build_dir_param,        &temp_cleanup_param,
  &preserve_intermediate_param, NULL,
};

/* ---- The build ---- */

struct finn {
  const struct br_host *host;
  struct br_build *build;
  char **command;
  struct finn_here here;
  struct finn_place place;
  struct finn_request request;
  struct finn_watch watch;
};

static int32_t
prepare (struct finn *finn)
{
  const struct br_host *host = finn->host;
  struct br_build *build = finn->build;

  struct finn_asking asking = { 0 };

  if ((finn->command = finn_command (host, build)) == NULL ||
      finn_place_begin (host, build, &finn->place) == -1)
    return -1;
  host->progress (build, -1, "asking which FINN is here");
  asking.command = (const char *const *) finn->command;
  asking.env = (const char *const *) finn->place.env;
  if (finn_here_ask (host, build, &asking, &finn->here) == -1 ||
      finn_place_know (host, build, &finn->here, &finn->place) == -1)
    return -1;
  if (finn_request_read (host, build, &finn->here, &finn->request) == -1)
    return -1;
  return finn_request_write (host, build, &finn->here, &finn->request, finn->place.dir);
}

/* What a failed build has left is listed as well: the next one in the folder removes it. */
static int32_t
build_and_judge (struct finn *finn)
{
  const struct br_host *host = finn->host;
  struct br_build *build = finn->build;
  struct timespec since;
  int32_t ret;

  clock_gettime (CLOCK_REALTIME_COARSE, &since); /* the clock of file times */
  finn->place.used = 1;
  ret = finn_program_run (host, build, finn->command, &finn->here, &finn->place, &finn->watch);
  if (ret == 0)
    ret = finn_products_judge (host, build, &finn->request, &finn->watch, &since);
  if (ret == 0) {
    finn_products_warn (host, build, &since);
    ret = finn_products_measure (host, build, &finn->request);
  }
  if (finn_products_list (host, build, &since) == -1)
    ret = -1;
  return ret;
}

static int32_t
run (const struct br_host *host, struct br_build *build)
{
  struct finn finn = { .host = host, .build = build };
  int32_t ret = prepare (&finn);

  if (ret == 0)
    ret = build_and_judge (&finn);
  finn_place_end (host, build, &finn.place, ret == 0);
  finn_watch_free (&finn.watch);
  finn_request_free (&finn.request);
  finn_here_free (&finn.here);
  br_strings_free (finn.command);
  return ret;
}

/* Where nobody has named it, yes only where FINN itself has shown that it can be started. */
static int32_t
probe (const struct br_host *host, struct br_build *build)
{
  static const char *const env[] = { "PYTHONUNBUFFERED=1", NULL };
  int named = host->json_type (build, BR_CONFIG, "/backend") == BR_JSON_STRING;
  struct finn_here here = { 0 };
  struct finn_request request = { 0 };
  char **command = finn_command (host, build);
  const struct finn_asking asking = { (const char *const *) command, env, !named };
  int32_t can = 0;

  if (command != NULL && finn_here_ask (host, build, &asking, &here) == 0) {
    if (!here.known && !named)
      host->fail (build, "environment", "%s does not say which FINN it runs", command[0]);
    else
      can = finn_request_read (host, build, &here, &request) == 0;
  }
  finn_request_free (&request);
  finn_here_free (&here);
  br_strings_free (command);
  return can;
}

static const char *const output_stages[] = { "dataflow_graph", "rtl", "stitched_ip", NULL };

static const struct br_backend legacy_finn = {
  .struct_size = sizeof legacy_finn,
  .abi_minor = BR_ABI_MINOR,
  .name = "legacy_finn",
  .title = "FINN Legacy Builder",
  .version = PACKAGE_VERSION,
  .licence = "BSD-3-Clause",
  .summary = "drives an installation of FINN: estimates, RTL, stitched IP, bitfiles",
  .params = params,
  .output_stages = output_stages,
  .steps = finn_steps,
  .extra_steps = finn_extra_steps,
  .input_types = finn_input_types,
  .output_types = finn_output_types,
  .auto_rank = 10,
  .probe = probe,
  .run = run,
};
BR_BACKENDS (legacy_finn, &legacy_finn);
