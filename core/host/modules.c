/* SPDX-License-Identifier: BSD-3-Clause */
/* Modules that are open in this process. A descriptor that is refused costs its plugin only; a module of
   which nothing is left is refused itself, with the first reason. */
#include <config.h>

#include "core/host/modules.h"

#include <stdlib.h>
#include <string.h>

#include "common/hash.h"
#include "common/str.h"
#include "core/host/abi.h"
#include "core/host/builtin.h"
#include "core/host/describe.h"
#include "core/host/ltdl.h"

struct plugin {
  enum br_kind kind;
  union br_descriptor descriptor; /* our copy; what it points to is the module's */
  struct br_plugin_info *info;
};

struct br_module_handle {
  struct br_module_handle *next;
  char *name, *path;
  char sha256[BR_SHA256_HEX]; /* "" until it is asked for */
  struct br_dl *dl;           /* NULL for in-process registrations */
  struct br_module module;
  int loaded; /* its load function succeeded, or there is none */
  struct plugin **plugins;
  size_t n;
  char **refused; /* a line for each descriptor that was refused */
  size_t n_refused;
};

struct br_modules {
  struct br_module_handle *handles; /* latest first */
  int dl;                           /* br_dl_init succeeded */
};

static const char *const list_symbols[BR_N_KINDS] = { "br_backends_v1", "br_transforms_v1",
                                                      "br_analyses_v1" };
static const char *const newer_symbols[] = { "br_backends_v2", "br_transforms_v2", "br_analyses_v2", NULL };

struct br_modules *
br_modules_new (void)
{
  return calloc (1, sizeof (struct br_modules));
}

static void
handle_free (struct br_module_handle *handle)
{
  for (size_t i = 0; i < handle->n; i++) {
    br_plugin_info_free (handle->plugins[i]->info);
    free (handle->plugins[i]);
  }
  for (size_t i = 0; i < handle->n_refused; i++)
    free (handle->refused[i]);
  if (handle->loaded && handle->module.unload != NULL)
    handle->module.unload ();
  br_dl_close (handle->dl);
  free (handle->refused);
  free (handle->plugins);
  free (handle->name);
  free (handle->path);
  free (handle);
}

void
br_modules_free (struct br_modules *modules)
{
  struct br_module_handle *handle = modules != NULL ? modules->handles : NULL;

  while (handle != NULL) {
    struct br_module_handle *next = handle->next;

    handle_free (handle);
    handle = next;
  }
  if (modules != NULL && modules->dl)
    br_dl_exit ();
  free (modules);
}

static struct br_module_handle *
handle_new (const char *name, const char *path, struct br_error *err)
{
  struct br_module_handle *handle = calloc (1, sizeof *handle);

  if (handle != NULL) {
    handle->name = name != NULL ? strdup (name) : br_host_module_name (path);
    handle->path = strdup (path);
    if (handle->name != NULL && handle->path != NULL)
      return handle;
    handle_free (handle);
  }
  br_error_oom (err);
  return NULL;
}

/* ---- Plugins of a module ---- */

static struct plugin *
find_plugin (const struct br_module_handle *handle, enum br_kind kind, const char *name)
{
  for (size_t i = 0; i < handle->n; i++)
    if (handle->plugins[i]->kind == kind && strcmp (handle->plugins[i]->info->name, name) == 0)
      return handle->plugins[i];
  return NULL;
}

static int
plugin_read (struct plugin *plugin, const struct br_module_handle *handle, const void *theirs,
             struct br_error *err)
{
  const struct br_provenance from = { .module = handle->name,
                                      .path = handle->path,
                                      .licence = handle->module.licence };

  if (br_abi_copy (plugin->kind, theirs, &plugin->descriptor, err) == -1)
    return -1;
  if (find_plugin (handle, plugin->kind, plugin->descriptor.head.name) != NULL)
    return br_error_set (err, "plugin", "the module has two of this name");
  plugin->info = br_describe (plugin->kind, &plugin->descriptor, &from, err);
  return plugin->info != NULL ? 0 : -1;
}

static int
append (struct br_module_handle *handle, struct plugin *plugin, struct br_error *err)
{
  struct plugin **plugins = realloc (handle->plugins, (handle->n + 1) * sizeof (struct plugin *));

  if (plugins == NULL)
    return br_error_oom (err);
  handle->plugins = plugins;
  plugins[handle->n++] = plugin;
  return 0;
}

static void
plugin_free (struct plugin *plugin)
{
  br_plugin_info_free (plugin->info);
  free (plugin);
}

/* Checks a descriptor and keeps our copy of it. */
static int
add_plugin (struct br_module_handle *handle, enum br_kind kind, const void *theirs, struct br_error *err)
{
  struct plugin *plugin = calloc (1, sizeof *plugin);

  if (plugin == NULL)
    return br_error_oom (err);
  plugin->kind = kind;
  if (plugin_read (plugin, handle, theirs, err) == 0 && append (handle, plugin, err) == 0)
    return 0;
  plugin_free (plugin);
  return -1;
}

/* ---- Refusals inside a module ---- */

/* "backend dummy", or "backend number 2" where the name cannot be used. */
static char *
label_of (enum br_kind kind, const void *theirs, size_t i)
{
  const struct br_descriptor_head *head = theirs;

  if (head->struct_size >= offsetof (struct br_descriptor_head, name) + sizeof head->name &&
      head->name != NULL && br_abi_name_ok (head->name, 1))
    return br_printf ("%s %s", br_kind_name (kind), head->name);
  return br_printf ("%s number %zu", br_kind_name (kind), i + 1);
}

static int
add_refused (struct br_module_handle *handle, char *line, struct br_error *err)
{
  char **refused = line != NULL ? realloc (handle->refused, (handle->n_refused + 1) * sizeof (char *)) : NULL;

  if (refused == NULL) {
    free (line);
    return br_error_oom (err);
  }
  handle->refused = refused;
  refused[handle->n_refused++] = line;
  return 0;
}

/* Takes why over. Memory is nobody's fault and ends the reading; anything else is a line of the refused. */
static int
refuse (struct br_module_handle *handle, char *label, struct br_error *why, struct br_error *err)
{
  int ret = -1;

  if (strcmp (why->category, "memory") == 0)
    br_error_move (err, why);
  else
    ret = add_refused (handle, br_printf ("%s: %s", label != NULL ? label : "plugin", br_error_text (why)),
                       err);
  free (label);
  br_error_clear (why);
  return ret;
}

/* ---- Opening ---- */

static int
read_list (struct br_module_handle *handle, enum br_kind kind, const void *const *list, struct br_error *err)
{
  size_t n;

  if (br_abi_count (list, list_symbols[kind], &n, err) == -1)
    return -1;
  for (size_t i = 0; i < n; i++) {
    struct br_error why = { 0 };

    if (add_plugin (handle, kind, list[i], &why) == -1 &&
        refuse (handle, label_of (kind, list[i], i), &why, err) == -1)
      return -1;
  }
  return 0;
}

static int
no_symbol (const struct br_module_handle *handle, struct br_error *err)
{
  for (const char *const *symbol = newer_symbols; *symbol != NULL; symbol++)
    if (br_dl_symbol (handle->dl, *symbol) != NULL)
      return br_error_set (err, "plugin", "has %s and no _v1: it needs a newer buildrunner", *symbol);
  return br_error_set (err, "plugin",
                       "no buildrunner plugin symbol (br_backends_v1, br_transforms_v1, br_analyses_v1)");
}

static int
read_lists (struct br_module_handle *handle, struct br_error *err)
{
  int found = 0;

  for (int kind = 0; kind < BR_N_KINDS; kind++) {
    const void *list = br_dl_symbol (handle->dl, list_symbols[kind]);

    found |= list != NULL;
    if (read_list (handle, (enum br_kind) kind, list, err) == -1)
      return -1;
  }
  if (!found)
    return no_symbol (handle, err);
  if (handle->n > 0)
    return 0;
  if (handle->n_refused > 0)
    return br_error_set (err, "plugin", "%s", handle->refused[0]);
  return br_error_set (err, "plugin", "offers no plugin");
}

/* The optional module descriptor, whose load function comes before all else. */
static int
load (struct br_module_handle *handle, struct br_error *err)
{
  const struct br_module *theirs = br_dl_symbol (handle->dl, "br_module_v1");
  int32_t status;

  if (theirs != NULL && br_abi_copy_module (theirs, &handle->module, err) == -1)
    return -1;
  if (handle->module.load != NULL && (status = handle->module.load ()) != 0)
    return br_error_set (err, "plugin", "its load function failed (%d)", (int) status);
  handle->loaded = 1;
  return 0;
}

static int
open_handle (struct br_module_handle *handle, struct br_error *err)
{
  if ((handle->dl = br_dl_open (handle->path, err)) == NULL || load (handle, err) == -1)
    return -1;
  return read_lists (handle, err);
}

static struct br_module_handle *
find_handle (struct br_modules *modules, const char *path)
{
  for (struct br_module_handle *h = modules->handles; h != NULL; h = h->next)
    if (strcmp (h->path, path) == 0)
      return h;
  return NULL;
}

static struct br_module_handle *
keep (struct br_modules *modules, struct br_module_handle *handle)
{
  handle->next = modules->handles;
  modules->handles = handle;
  return handle;
}

struct br_module_handle *
br_modules_open (struct br_modules *modules, const char *path, struct br_error *err)
{
  struct br_module_handle *handle = find_handle (modules, path);

  if (handle != NULL)
    return handle;
  if (!modules->dl && br_dl_init (err) == -1)
    return NULL;
  modules->dl = 1;
  if ((handle = handle_new (NULL, path, err)) == NULL)
    return NULL;
  if (open_handle (handle, err) == 0)
    return keep (modules, handle);
  handle_free (handle);
  return NULL;
}

const char *
br_module_handle_name (const struct br_module_handle *module)
{
  return module->name;
}

const char *
br_module_handle_path (const struct br_module_handle *module)
{
  return module->path;
}

const char *
br_module_handle_sha256 (struct br_module_handle *module)
{
  struct br_error why = { 0 };

  if (module->path[0] != '/')
    return NULL;
  if (module->sha256[0] == '\0' && br_sha256_file (module->path, module->sha256, &why) == -1)
    module->sha256[0] = '\0';
  br_error_clear (&why);
  return module->sha256[0] != '\0' ? module->sha256 : NULL;
}

const struct br_plugin_info *
br_module_handle_info (const struct br_module_handle *module, size_t i)
{
  return i < module->n ? module->plugins[i]->info : NULL;
}

const char *
br_module_handle_refused (const struct br_module_handle *module, size_t i)
{
  return i < module->n_refused ? module->refused[i] : NULL;
}

/* ---- In-process registrations ---- */

struct br_module_handle *
br_modules_in_process (struct br_modules *modules)
{
  return find_handle (modules, BR_REGISTERED);
}

static int
add_in_process (struct br_modules *modules, enum br_kind kind, const void *theirs, struct br_error *err)
{
  struct br_module_handle *handle = br_modules_in_process (modules);
  struct br_error why = { 0 };
  char *label;

  if (handle == NULL && (handle = handle_new (BR_REGISTERED, BR_REGISTERED, err)) == NULL)
    return -1;
  if (br_modules_in_process (modules) == NULL)
    keep (modules, handle);
  if (add_plugin (handle, kind, theirs, &why) == 0)
    return 0;
  label = label_of (kind, theirs, handle->n);
  br_error_set (err, why.category, "%s: %s", label != NULL ? label : "plugin", br_error_text (&why));
  free (label);
  br_error_clear (&why);
  return -1;
}

int
br_modules_add_backend (struct br_modules *modules, const struct br_backend *backend, struct br_error *err)
{
  return add_in_process (modules, BR_KIND_BACKEND, backend, err);
}

int
br_modules_add_transform (struct br_modules *modules, const struct br_transform *transform,
                          struct br_error *err)
{
  return add_in_process (modules, BR_KIND_TRANSFORM, transform, err);
}

int
br_modules_add_analysis (struct br_modules *modules, const struct br_analysis *analysis, struct br_error *err)
{
  return add_in_process (modules, BR_KIND_ANALYSIS, analysis, err);
}

/* ---- Lookup ---- */

static const union br_descriptor *
find_descriptor (const struct br_module_handle *module, enum br_kind kind, const char *name)
{
  const struct plugin *plugin = find_plugin (module, kind, name);

  return plugin != NULL ? &plugin->descriptor : NULL;
}

const struct br_backend *
br_modules_backend (struct br_modules *modules, const struct br_module_handle *module, const char *name)
{
  const union br_descriptor *d = find_descriptor (module, BR_KIND_BACKEND, name);

  (void) modules;
  return d != NULL ? &d->backend : NULL;
}

const struct br_transform *
br_modules_transform (struct br_modules *modules, const struct br_module_handle *module, const char *name)
{
  const union br_descriptor *d = find_descriptor (module, BR_KIND_TRANSFORM, name);

  (void) modules;
  return d != NULL ? &d->transform : NULL;
}

const struct br_analysis *
br_modules_analysis (struct br_modules *modules, const struct br_module_handle *module, const char *name)
{
  const union br_descriptor *d = find_descriptor (module, BR_KIND_ANALYSIS, name);

  (void) modules;
  return d != NULL ? &d->analysis : NULL;
}

static struct br_plugin_info *
describe_again (const struct plugin *plugin, const struct br_module_handle *handle, struct br_error *err)
{
  const struct br_provenance from = { .module = handle->name,
                                      .path = handle->path,
                                      .licence = handle->module.licence };

  return br_describe (plugin->kind, &plugin->descriptor, &from, err);
}

int
br_modules_describe (struct br_modules *modules, const struct br_module_handle *module,
                     struct br_plugin_info ***out, size_t *n, struct br_error *err)
{
  struct br_plugin_info **infos = calloc (module->n + 1, sizeof (struct br_plugin_info *));

  (void) modules;
  if (infos == NULL)
    return br_error_oom (err);
  for (size_t i = 0; i < module->n; i++)
    if ((infos[i] = describe_again (module->plugins[i], module, err)) == NULL) {
      while (i > 0)
        br_plugin_info_free (infos[--i]);
      free (infos);
      return -1;
    }
  *out = infos;
  *n = module->n;
  return 0;
}
