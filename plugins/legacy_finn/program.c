/* SPDX-License-Identifier: BSD-3-Clause */
/* FINN exits with 0 when a step has failed: what it says decides, then what it leaves. */
#include <config.h>

#include "plugins/legacy_finn/program.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/path.h"
#include "common/str.h"
#include "plugins/legacy_finn/fields.h"

/* ---- The command line ---- */

char **
finn_command (const struct br_host *host, struct br_build *build)
{
  const char *const *words = NULL;
  char **list;
  size_t n = 0;
  int32_t found = host->get_strings (build, BR_PARAMS, "/finn_command", &words);

  if (found != 1 || words[0] == NULL) {
    if (found != -1)
      host->fail (build, "config", "the parameter finn_command names no program");
    return NULL;
  }
  while (words[n] != NULL)
    n++;
  list = calloc (n + 1, sizeof *list);
  for (size_t i = 0; list != NULL && i < n; i++) {
    int is_path = i == 0 && strchr (words[i], '/') != NULL && host->config_dir (build) != NULL;

    list[i] = is_path ? br_path_join (host->config_dir (build), words[i]) : strdup (words[i]);
    if (list[i] == NULL) {
      br_strings_free (list);
      list = NULL;
    }
  }
  if (list == NULL)
    host->fail (build, "memory", "out of memory");
  return list;
}

/* finn-plus has no module that builds a folder: its own command takes the two files of it. -1: memory. */
static int
fill_plus (const char **argv, size_t n, char *files[2], const char *dir)
{
  files[0] = br_path_join (dir, "dataflow_build_config.json");
  files[1] = br_path_join (dir, "model.onnx");
  if (n >= 2 && strcmp (argv[n - 1], "finn.builder.build_dataflow") == 0 && strcmp (argv[n - 2], "-m") == 0) {
    argv[n - 1] = "finn.interface.run_finn";
    argv[n++] = "build";
  }
  argv[n++] = "--batch";
  argv[n++] = files[0];
  argv[n] = files[1];
  return files[0] != NULL && files[1] != NULL ? 0 : -1;
}

/* ---- The run ---- */

struct listener {
  const struct br_host *host;
  struct br_build *build;
  struct finn_watch *watch;
};

static int32_t
on_line (void *closure, const char *text, uint64_t length)
{
  const struct listener *l = closure;
  const struct finn_watch *watch = l->watch;

  if (finn_watch_line (l->watch, text, (size_t) length))
    l->host->progress (l->build, (double) (watch->number - 1) / (double) watch->total, watch->step);
  return 0;
}

/* "in step_x (3 of 10)", or "before its first step" */
static char *
where_of (const struct finn_watch *watch)
{
  if (watch->step[0] == '\0')
    return strdup ("before its first step");
  return br_printf ("in %s (%lu of %lu)", watch->step, watch->number, watch->total);
}

/* The log says more: the category is for the diagnosis to find. */
static int32_t
say_failed (const struct br_host *host, struct br_build *build, const struct finn_watch *watch,
            const char *how)
{
  BR_AUTOFREE char *where = where_of (watch);

  if (where == NULL || watch->lost)
    return host->fail (build, "memory", "out of memory");
  if (watch->cause == NULL)
    return host->fail (build, "unknown", "FINN failed %s: %s", where, how);
  return host->fail (build, "unknown", "FINN failed %s: %s", where, watch->cause);
}

static int32_t
say_killed (const struct br_host *host, struct br_build *build, const struct finn_watch *watch, int signal)
{
  BR_AUTOFREE char *where = where_of (watch);

  if (where == NULL)
    return host->fail (build, "memory", "out of memory");
  if (signal == SIGKILL)
    return host->fail (build, "memory",
                       "FINN was killed %s by SIGKILL, as the kernel does when memory runs out", where);
  return host->fail (build, "unknown", "FINN was killed %s by signal %d", where, signal);
}

static int32_t
judge (const struct br_host *host, struct br_build *build, const struct finn_watch *watch,
       const struct br_command_result *result)
{
  BR_AUTOFREE char *how = br_printf ("it ended with exit status %d", (int) result->exit_status);

  if (how == NULL)
    return host->fail (build, "memory", "out of memory");
  if (result->term_signal != 0)
    return say_killed (host, build, watch, (int) result->term_signal);
  if (result->exit_status != 0)
    return say_failed (host, build, watch, how);
  return watch->failed ? say_failed (host, build, watch, "it says so, and not why") : 0;
}

int32_t
finn_program_run (const struct br_host *host, struct br_build *build, char **words,
                  const struct finn_here *here, const struct finn_place *place, struct finn_watch *watch)
{
  struct listener listener = { host, build, watch };
  struct br_command command = { .struct_size = sizeof command,
                                .env = (const char *const *) place->env,
                                .cwd = place->dir,
                                .line = on_line,
                                .closure = &listener };
  struct br_command_result result = { .struct_size = sizeof result };
  BR_AUTOFREE char *config = NULL, *model = NULL;
  char *files[2] = { NULL, NULL };
  const char **argv;
  size_t n = 0;
  int32_t ret = 0;

  while (words[n] != NULL)
    n++;
  if ((argv = calloc (n + 5, sizeof *argv)) == NULL)
    return host->fail (build, "memory", "out of memory");
  memcpy (argv, words, n * sizeof *argv);
  argv[n] = place->dir;
  if (here->has_cli)
    ret = fill_plus (argv, n, files, place->dir);
  config = files[0];
  model = files[1];
  command.argv = argv;
  command.log = here->kind == FINN_PLUS ? FINN_CONSOLE_LOG : NULL;
  if (ret == -1)
    host->fail (build, "memory", "out of memory");
  else
    ret = host->run_command (build, &command, &result);
  free (argv);
  return ret == -1 ? -1 : judge (host, build, watch, &result);
}
