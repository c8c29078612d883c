/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry part of buildrunner.h: descriptors of the program itself, and modules found by a scan. */
#include <config.h>

#include "core/run/registry.h"

#include <stdlib.h>
#include <string.h>

/* Hands the text of an error out, where it is wanted; always -1. */
static int
give_reason (struct br_error *err, char **reason)
{
  if (reason != NULL)
    *reason = strdup (br_error_text (err));
  br_error_clear (err);
  return -1;
}

struct br_registry *
br_registry_new (void)
{
  struct br_registry *registry = calloc (1, sizeof *registry);

  if (registry == NULL)
    return NULL;
  registry->catalogue = br_catalogue_new ();
  registry->modules = br_modules_new ();
  registry->kept = br_kept_new ();
  if (registry->catalogue != NULL && registry->modules != NULL && registry->kept != NULL)
    return registry;
  br_registry_free (registry);
  return NULL;
}

void
br_registry_free (struct br_registry *registry)
{
  if (registry == NULL)
    return;
  br_catalogue_free (registry->catalogue);
  br_modules_free (registry->modules);
  br_kept_free (registry->kept);
  free (registry);
}

/* Puts what is registered in-process into a catalogue, before all else, in the order of registration. */
static int
add_registered (struct br_registry *registry, struct br_catalogue *catalogue, struct br_error *err)
{
  const struct br_module_handle *handle = br_modules_in_process (registry->modules);
  struct br_plugin_info **infos = NULL;
  size_t n = 0;
  int ret = 0;

  if (handle == NULL)
    return 0;
  if (br_modules_describe (registry->modules, handle, &infos, &n, err) == -1)
    return -1;
  while (n > 0)
    if (br_catalogue_add (catalogue, infos[--n], 1) == -1)
      ret = br_error_oom (err);
  free (infos);
  return ret;
}

static int
scan (struct br_registry *registry, const char *const *directories, struct br_error *err)
{
  struct br_catalogue *found = NULL;
  struct br_search search;
  int ret;

  if (registry->scanned)
    return br_error_set (err, "plugin", "a registry is scanned once");
  if (br_search_init (&search, directories, directories != NULL, err) == -1)
    return -1;
  br_kept_start (registry->kept, NULL);
  ret = br_catalogue_scan (&search, NULL, &found, err);
  br_search_free (&search);
  if (ret == -1 || add_registered (registry, found, err) == -1) {
    br_catalogue_free (found);
    return -1;
  }
  br_catalogue_free (registry->catalogue);
  registry->catalogue = found;
  registry->scanned = 1;
  return 0;
}

int
br_registry_scan (struct br_registry *registry, const char *const *directories, char **reason)
{
  struct br_error err = { 0 };

  return scan (registry, directories, &err) == 0 ? 0 : give_reason (&err, reason);
}

/* The descriptor that was registered last, into the catalogue. */
static int
add_last (struct br_registry *registry, struct br_error *err)
{
  const struct br_module_handle *handle = br_modules_in_process (registry->modules);
  struct br_plugin_info **infos = NULL;
  size_t n = 0;

  if (br_modules_describe (registry->modules, handle, &infos, &n, err) == -1)
    return -1;
  for (size_t i = 0; i + 1 < n; i++)
    br_plugin_info_free (infos[i]);
  if (br_catalogue_add (registry->catalogue, infos[n - 1], 1) == -1)
    br_error_oom (err);
  free (infos);
  return br_error_is_set (err) ? -1 : 0;
}

int
br_registry_add_backend (struct br_registry *registry, const struct br_backend *backend, char **reason)
{
  struct br_error err = { 0 };

  if (br_modules_add_backend (registry->modules, backend, &err) == 0 && add_last (registry, &err) == 0)
    return 0;
  return give_reason (&err, reason);
}

int
br_registry_add_transform (struct br_registry *registry, const struct br_transform *transform, char **reason)
{
  struct br_error err = { 0 };

  if (br_modules_add_transform (registry->modules, transform, &err) == 0 && add_last (registry, &err) == 0)
    return 0;
  return give_reason (&err, reason);
}

int
br_registry_add_analysis (struct br_registry *registry, const struct br_analysis *analysis, char **reason)
{
  struct br_error err = { 0 };

  if (br_modules_add_analysis (registry->modules, analysis, &err) == 0 && add_last (registry, &err) == 0)
    return 0;
  return give_reason (&err, reason);
}
