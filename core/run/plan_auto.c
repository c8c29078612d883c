/* SPDX-License-Identifier: BSD-3-Clause */
/* The choice of a backend where the config leaves it open. */
#include <config.h>

#include "core/run/plan_private.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"

static int
by_rank (const void *a, const void *b)
{
  const struct br_plugin_info *x = *(const struct br_plugin_info *const *) a;
  const struct br_plugin_info *y = *(const struct br_plugin_info *const *) b;

  if (x->auto_rank != y->auto_rank)
    return x->auto_rank < y->auto_rank ? -1 : 1;
  return strcmp (x->name, y->name);
}

static const struct br_plugin_info **
candidates (const struct br_catalogue *catalogue, size_t *n)
{
  const struct br_plugin_info **list = calloc (catalogue->n + 1, sizeof *list);

  *n = 0;
  if (list == NULL)
    return NULL;
  for (size_t i = 0; i < catalogue->n; i++)
    if (catalogue->plugins[i]->kind == BR_KIND_BACKEND && catalogue->plugins[i]->auto_rank != 0)
      list[(*n)++] = catalogue->plugins[i];
  qsort (list, *n, sizeof *list, by_rank);
  return list;
}

/* Why the backends before the chosen one were not chosen. */
struct refusals {
  struct br_str text;
  size_t by_config;                           /* of them: another config would have been served */
  size_t by_stage;                            /* of these: the output stage is none of theirs */
  const struct br_plugin_info *without_stage; /* the first of those */
};

/* What could be chosen on this machine, if anything, has not got the output stage. */
static int
lacks_stage (const struct refusals *refused)
{
  return refused->by_stage > 0 && refused->by_config == refused->by_stage;
}

/* 1, or 0 with what is in the way added to refused. */
static int
serves (const struct br_plugin_info *backend, const struct br_config *config,
        const struct br_plan_options *options, struct refusals *refused)
{
  struct br_error why = { 0 };
  int answer = 1;

  if (!br_plan_has_stage (backend, config->global.output_stage)) {
    br_error_set (&why, "config", "it has no output stage %s", config->global.output_stage);
    if (refused->by_stage++ == 0)
      refused->without_stage = backend;
    answer = 0;
  } else if (options->probe != NULL)
    answer = options->probe (options->closure, backend, config, &why);
  if (answer != 1) {
    br_str_printf (&refused->text, "%snot %s: %s", refused->text.length > 0 ? "; " : "", backend->name,
                   br_error_text (&why));
    refused->by_config += strcmp (why.category, "config") == 0;
  }
  br_error_clear (&why);
  return answer == 1;
}

/* What was chosen, and why the others were not; the caller frees. */
static char *
say_choice (const struct br_plugin_info *chosen, const struct br_config *config,
            const struct refusals *refused)
{
  const char *why = refused->text.length > 0 ? refused->text.text : "";

  if (chosen == refused->without_stage)
    return br_printf ("no backend that can be used here has the output stage %s: the build is skipped; %s",
                      config->global.output_stage, why);
  return br_printf ("auto chose the backend %s%s%s", chosen->name, why[0] != '\0' ? "; " : "", why);
}

/* A config that some backend would serve if it said something else is at fault itself: else none is here that could. */
static void
report_none (const struct br_config *config, const struct refusals *refused, struct br_problems *problems)
{
  int by_config = refused->by_config > 0;

  br_config_problem (config, problems, by_config ? "config" : "plugin",
                     by_config ? BR_EXIT_CONFIG : BR_EXIT_PLUGIN, "/backend",
                     "no backend for auto to choose%s%s", refused->text.length > 0 ? ": " : "",
                     refused->text.length > 0 ? refused->text.text : "");
}

const struct br_plugin_info *
br_plan_auto (const struct br_config *config, const struct br_catalogue *catalogue,
              const struct br_plan_options *options, char **reason, struct br_problems *problems)
{
  const struct br_plugin_info *chosen = NULL;
  struct refusals refused = { 0 };
  size_t n;
  const struct br_plugin_info **list = candidates (catalogue, &n);

  for (size_t i = 0; list != NULL && chosen == NULL && i < n; i++)
    if (serves (list[i], config, options, &refused))
      chosen = list[i];
  /* one stands for all where nobody has the stage and such a build is to be skipped */
  if (list != NULL && chosen == NULL && options->skip_unsupported && lacks_stage (&refused))
    chosen = refused.without_stage;
  if (list == NULL)
    problems->failed = 1;
  else if (chosen == NULL)
    report_none (config, &refused, problems);
  *reason = chosen != NULL ? say_choice (chosen, config, &refused) : NULL;
  br_str_free (&refused.text);
  free (list);
  return chosen;
}
