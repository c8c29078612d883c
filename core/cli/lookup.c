/* SPDX-License-Identifier: BSD-3-Clause */
/* A plugin by the name that a person typed. */
#include <config.h>

#include <stdlib.h>

#include "common/nearest.h"
#include "core/cli/lookup.h"
#include "core/cli/out.h"

/* The nearest name of the kind, or of any kind; borrowed from the catalogue. */
static const char *
nearest (const struct br_catalogue *catalogue, enum br_kind kind, const char *name)
{
  const char *best = NULL;

  for (enum br_kind k = 0; k < BR_N_KINDS && best == NULL; k++) {
    const char **names = NULL;
    size_t n;

    if (kind != BR_N_KINDS && k != kind)
      continue;
    n = br_catalogue_names (catalogue, k, &names);
    best = br_nearest (name, names, n);
    free (names);
  }
  return best;
}

const struct br_plugin_info *
br_cli_lookup (const struct br_catalogue *catalogue, enum br_kind kind, const char *name, int *status)
{
  const char *what = kind == BR_N_KINDS ? "plugin" : br_kind_name (kind);
  const struct br_plugin_info *left_out = br_catalogue_left_out (catalogue, name);
  const struct br_refusal *refusal = br_catalogue_refusal (catalogue, name);
  const struct br_plugin_info *info;
  const char *near;
  int ambiguous = 0;

  info = br_catalogue_find (catalogue, kind, name, NULL, &ambiguous);
  if (info != NULL)
    return info;
  near = nearest (catalogue, kind, name);
  *status = ambiguous ? BR_EXIT_USAGE : BR_EXIT_PLUGIN;
  if (ambiguous)
    br_cli_say (
        "%s: more than one kind has a plugin of this name, say backend/%s, transform/%s or analysis/%s", name,
        name, name, name);
  else if (left_out != NULL)
    br_cli_say ("%s is not offered: %s", left_out->name, left_out->summary);
  else if (refusal != NULL)
    br_cli_say ("%s: the module was refused: %s", refusal->path, refusal->reason);
  else
    br_cli_say ("%s: no %s of this name was found%s%s%s", name, what, near != NULL ? "; did you mean " : "",
                near != NULL ? near : "", near != NULL ? "?" : "");
  return NULL;
}
