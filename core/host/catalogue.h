/* SPDX-License-Identifier: BSD-3-Clause */
/* What the modules on the path offer, without their code: made by a scan in a process of its own, so that a
   module which crashes, hangs, exits or prints while it is loaded costs nothing but its own place in the
   list. */
#ifndef BR_HOST_CATALOGUE_H
#define BR_HOST_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "core/data/params.h"
#include "core/data/stage.h"
#include "core/host/search.h"

enum br_kind { BR_KIND_BACKEND, BR_KIND_TRANSFORM, BR_KIND_ANALYSIS, BR_N_KINDS };
const char *
br_kind_name (enum br_kind kind); /* "backend", "transform", "analysis"; "plugin" for BR_N_KINDS */

/* One plugin; every string is owned. */
struct br_plugin_info {
  enum br_kind kind;
  char *name, *title, *version, *licence, *summary;
  char *module; /* file name without .so */
  char *
      path; /* of the module, absolute; "builtin:<module>" for one linked in; "registered" for br_modules_add_… */
  uint32_t flags;
  struct br_param_table params;
  /* backends only */
  char **aliases, **output_stages; /* end with NULL */
  struct br_step_list steps;
  int32_t auto_rank;
  uint32_t backend_flags;
  int has_probe; /* 0: a backend that serves every config, and need not be asked */
};

/* A backend with all that there is to say of one, which is not said of what is not offered. */
int br_plugin_is_backend (const struct br_plugin_info *info);
void br_plugin_info_free (struct br_plugin_info *info);

/* A module, or one descriptor of a module that offers others as well (the reason then begins with "KIND NAME:
   "). */
struct br_refusal {
  char *path, *reason;
};

/* A module that is used and broke a rule while it was loaded. */
struct br_module_warning {
  char *path, *text;
};

/* A plugin that an earlier one of its name hides; it can still be asked for by its module. */
struct br_shadow {
  char *name, *path, *by; /* by: path of the module that won */
  enum br_kind kind;
  struct br_plugin_info *info; /* owned */
};

struct br_catalogue {
  struct br_plugin_info **plugins; /* in path order, then by module, then as the module lists them */
  size_t n;
  struct br_plugin_info **left_out; /* names that a module knows and does not offer; the summary says why */
  size_t n_left_out;
  struct br_refusal *refused;
  size_t n_refused;
  struct br_shadow *shadowed;
  size_t n_shadowed;
  struct br_module_warning *warnings;
  size_t n_warnings;
  struct br_search search; /* its own copy, with what was found about each directory */
};

/* worker: path of the program that scans ("buildrunner-worker"; NULL: br_host_worker_path ()). Fails only
   when the scan cannot be made at all. */
int br_catalogue_scan (const struct br_search *search, const char *worker, struct br_catalogue **out,
                       struct br_error *err);
/* An empty one; NULL: memory. */
struct br_catalogue *br_catalogue_new (void);
/* Takes info over, also on failure (memory). first: before the others, so that it wins; else behind them. What is not offered goes to left_out. */
int br_catalogue_add (struct br_catalogue *c, struct br_plugin_info *info, int first);
/* name may be "KIND/NAME" and, for a backend, an alias. module may be NULL. kind: BR_N_KINDS for any.
   Borrowed. NULL when absent (or, for any kind, ambiguous: *ambiguous is 1). */
const struct br_plugin_info *br_catalogue_find (const struct br_catalogue *c, enum br_kind kind,
                                                const char *name, const char *module, int *ambiguous);
/* Names of a kind, for "did you mean" and lists: *names is an array of borrowed strings that the caller
   frees; returns its length. */
size_t br_catalogue_names (const struct br_catalogue *c, enum br_kind kind, const char ***names);
/* What a module says of a name that it knows and does not offer, of whatever kind; else NULL. Borrowed. */
const struct br_plugin_info *br_catalogue_left_out (const struct br_catalogue *c, const char *name);
/* Why a module of this name, or a plugin of this name, was refused, if one was; else NULL. Borrowed. */
const struct br_refusal *br_catalogue_refusal (const struct br_catalogue *c, const char *name);
void br_catalogue_free (struct br_catalogue *c);

/* What the worker program does when its argument is "scan" (scan_wire.h has the protocol). The exit status. */
int br_scan_main (void);
/* Path of buildrunner-worker: $BUILDRUNNER_WORKER (absolute; not under AT_SECURE), else
   that of the build tree that the program runs from, else the installed one; the linked-in program says /proc/self/exe by br_host_set_worker (path,
   argument) before anything else. Whoever starts this path puts br_host_worker_argument () (builtin.h), where
   it is not NULL, before the worker's own arguments. */
const char *br_host_worker_path (void);

#endif
