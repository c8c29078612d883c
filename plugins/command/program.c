/* SPDX-License-Identifier: BSD-3-Clause */
/* The user's program: its command line, its parameters as a file, how it ended. */
#include <config.h>

#include "plugins/command/program.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"
#include "plugins/command/arguments.h"

#define PARAMS_FILE "command-parameters.json"
#define CONFIG_FILE "build_config.json"

static int32_t
fail_with (const struct br_host *host, struct br_build *build, struct br_error *why)
{
  int32_t ret = host->fail (build, why->category, "%s", br_error_text (why));

  br_error_clear (why);
  return ret;
}

/* The parameters as a file of the scratch folder, which is the caller's alone. */
static char *
write_params (const struct br_host *host, struct br_build *build, struct br_error *err)
{
  const char *scratch = host->scratch_dir (build), *text = host->json_text (build, BR_PARAMS, "");
  char *path = scratch != NULL ? br_path_join (scratch, PARAMS_FILE) : NULL;

  if (path == NULL || text == NULL) {
    free (path);
    br_error_oom (err);
    return NULL;
  }
  if (br_file_write_plain (path, text, strlen (text), err) == 0)
    return path;
  free (path);
  return NULL;
}

static int32_t
judge (const struct br_host *host, struct br_build *build, const char *program, const char *category,
       const struct br_command_result *result)
{
  switch (result->ended_by) {
  case BR_ENDED_WALL:
    return host->fail (build, "timeout", "%s was ended after %g s, its limit wall_seconds", program,
                       result->duration_seconds);
  case BR_ENDED_SILENCE:
    return host->fail (build, "timeout", "%s was ended: it said nothing for its limit silence_seconds",
                       program);
  default:
    break;
  }
  if (result->term_signal != 0)
    return host->fail (build, category, "%s was killed by signal %d", program, (int) result->term_signal);
  if (result->exit_status != 0)
    return host->fail (build, category, "%s ended with exit status %d", program, (int) result->exit_status);
  return 0;
}

static int32_t
run (const struct br_host *host, struct br_build *build, char **arguments, const char *category)
{
  struct br_command command = { .struct_size = sizeof command, .argv = (const char *const *) arguments };
  struct br_command_result result = { .struct_size = sizeof result };

  if (host->get_double (build, BR_PARAMS, "/wall_seconds", &command.wall_seconds) == -1 ||
      host->get_double (build, BR_PARAMS, "/silence_seconds", &command.silence_seconds) == -1 ||
      host->run_command (build, &command, &result) != 0)
    return -1;
  return judge (host, build, arguments[0], category, &result);
}

/* A relative path is relative to the configuration, as all its paths are. -1: memory. */
static int
find_program (char **arguments, const char *config_dir)
{
  char *path;

  if (strchr (arguments[0], '/') == NULL || config_dir == NULL)
    return 0;
  if ((path = br_path_join (config_dir, arguments[0])) == NULL)
    return -1;
  free (arguments[0]);
  arguments[0] = path;
  return 0;
}

int32_t
program_run (const struct br_host *host, struct br_build *build, const char *model, const char *output,
             const char *category)
{
  struct br_error why = { 0 };
  BR_AUTOFREE char *config = br_path_join (host->output_dir (build), CONFIG_FILE);
  BR_AUTOFREE char *params = write_params (host, build, &why);
  const struct arguments_values values = { .model = model,
                                           .output = output,
                                           .output_dir = host->output_dir (build),
                                           .config = config,
                                           .params = params };
  const char *const *template;
  char **arguments;
  int32_t ret;

  if (config == NULL || params == NULL) {
    br_error_oom (&why);
    return fail_with (host, build, &why);
  }
  if (host->get_strings (build, BR_PARAMS, "/command", &template) != 1)
    return host->fail (build, "config", "the parameter command is missing");
  if ((arguments = arguments_expand (template, &values, &why)) == NULL)
    return fail_with (host, build, &why);
  if (find_program (arguments, host->config_dir (build)) == -1)
    ret = host->fail (build, "memory", "out of memory");
  else
    ret = run (host, build, arguments, category);
  arguments_free (arguments);
  return ret;
}
