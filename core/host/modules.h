/* SPDX-License-Identifier: BSD-3-Clause */
/* Modules that are open in this process, and checked copies of their descriptors. */
#ifndef BR_HOST_MODULES_H
#define BR_HOST_MODULES_H

#include <buildrunner/plugin.h>

#include "core/host/catalogue.h"

struct br_modules;
struct br_module_handle; /* one open module */

struct br_modules *br_modules_new (void); /* NULL: memory */
/* Calls unload and closes (not with sanitizers or valgrind: leak reports would lose their names). Memos are
   freed before. */
void br_modules_free (struct br_modules *modules);

/* Opens a module by absolute path or "builtin:<module>"; one that is open already is found again. NULL with
   category "plugin" and the real reason. Borrowed. */
struct br_module_handle *br_modules_open (struct br_modules *modules, const char *path, struct br_error *err);
const char *br_module_handle_name (const struct br_module_handle *module);
const char *br_module_handle_path (const struct br_module_handle *module);
/* The SHA-256 of its file, made once, when it is first asked for: what is open does not change with the file. NULL for what is no file,
   or cannot be read any more. Borrowed. */
const char *br_module_handle_sha256 (struct br_module_handle *module);
/* The i-th plugin that it offers, or why the i-th refused descriptor was refused ("backend x: …"); NULL
   beyond the last. Borrowed. */
const struct br_plugin_info *br_module_handle_info (const struct br_module_handle *module, size_t i);
const char *br_module_handle_refused (const struct br_module_handle *module, size_t i);

/* Path and module name of what is registered in-process. */
#define BR_REGISTERED "registered"

/* Checks the descriptor as if a module had brought it, and registers it in-process; it must outlive the
   modules. */
int br_modules_add_backend (struct br_modules *modules, const struct br_backend *backend,
                            struct br_error *err);
int br_modules_add_transform (struct br_modules *modules, const struct br_transform *transform,
                              struct br_error *err);
int br_modules_add_analysis (struct br_modules *modules, const struct br_analysis *analysis,
                             struct br_error *err);

/* The host's own sized copies; borrowed until the modules are freed. NULL: not in the module. */
const struct br_backend *br_modules_backend (struct br_modules *modules,
                                             const struct br_module_handle *module, const char *name);
const struct br_transform *br_modules_transform (struct br_modules *modules,
                                                 const struct br_module_handle *module, const char *name);
const struct br_analysis *br_modules_analysis (struct br_modules *modules,
                                               const struct br_module_handle *module, const char *name);
/* The handle that stands for in-process registrations; NULL when there are none. */
struct br_module_handle *br_modules_in_process (struct br_modules *modules);
/* Everything that one module offers, as catalogue entries (owned by the caller: br_plugin_info_free each,
   free the array). */
int br_modules_describe (struct br_modules *modules, const struct br_module_handle *module,
                         struct br_plugin_info ***out, size_t *n, struct br_error *err);

/* Memo of a build: values live until the build ends. Free it before the modules: what it holds is freed by
   their code. */
struct br_memo;
struct br_memo *br_memo_new (void); /* NULL: memory */
/* Takes value over, also when it fails (-1: memory); an earlier value under the key is released. */
int br_memo_put (struct br_memo *memo, const struct br_module_handle *module, const char *key, void *value,
                 void (*release) (void *));
void *br_memo_get (struct br_memo *memo, const struct br_module_handle *module, const char *key);
void br_memo_free (struct br_memo *memo);

#endif
