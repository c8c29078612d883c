/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner/buildrunner.h: the embedding interface of libbuildrunner.
 *
 * Functions return 0 or a pointer on success, -1 or NULL on failure with the reason in *reason where they take one (may be NULL; the caller frees it with
 * free ()). The library does not print, does not exit, changes neither the working directory nor the environment nor the signal handlers of its
 * caller, and waits for no child process that it did not start.
 */
#ifndef BUILDRUNNER_BUILDRUNNER_H
#define BUILDRUNNER_BUILDRUNNER_H

#include <buildrunner/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

struct br_registry; /* plugins that this process knows */
struct br_runner;   /* a BuildRunner: one backend, and the pipelines around it */

/* An empty registry; NULL when memory ran out. Free it after the runners that use it. */
BR_PUBLIC struct br_registry *br_registry_new (void);
BR_PUBLIC void br_registry_free (struct br_registry *registry);
/* Looks for modules on these directories (ends with NULL; NULL: the usual places). May be called once a registry.
   Meanwhile buildrunner-worker starts, which supervises the builds of the registry's runners: it is a child of this process, idle between
   builds, and ends with br_registry_free or with this process. It has the umask, the limits and the current directory of the moment when it
   was started; where the environment has changed or it has died, the next build starts another. Builds at the same time each have their own. */
BR_PUBLIC int br_registry_scan (struct br_registry *registry, const char *const *directories, char **reason);
/* Registers a descriptor of the program itself; it must outlive the registry. Plugins registered so run in this process. */
BR_PUBLIC int br_registry_add_backend (struct br_registry *registry, const struct br_backend *backend,
                                       char **reason);
BR_PUBLIC int br_registry_add_transform (struct br_registry *registry, const struct br_transform *transform,
                                         char **reason);
BR_PUBLIC int br_registry_add_analysis (struct br_registry *registry, const struct br_analysis *analysis,
                                        char **reason);

/* backend: a name, an alias or "auto" (decided by the first run). NULL with the known names in *reason when there is none. Borrows the registry. */
BR_PUBLIC struct br_runner *br_runner_create (struct br_registry *registry, const char *backend,
                                              char **reason);
BR_PUBLIC void br_runner_free (struct br_runner *runner);
/* For people: the backend's title. Borrowed. */
BR_PUBLIC const char *br_runner_backend_name (const struct br_runner *runner);
/* Ends with NULL; borrowed. */
BR_PUBLIC const char *const *br_runner_output_stages (const struct br_runner *runner);
/* Plugins of modules run in a process of their own, under the registry's supervisor; 1: in this process. */
BR_PUBLIC void br_runner_set_in_process (struct br_runner *runner, int in_process);
/* Runs one build: config is the JSON text of a BuildConfig, base_dir what its relative paths are relative to (NULL: the current directory), model a path
   (NULL: the config's model_path). 0: success or skipped; else the exit code of buildrunner(1), 1 failed, 3 config or model, 4 plugin, 5 timeout. *result_json (may be NULL) is the
   BuildResult, freed by the caller, NULL when the build could not start; *reason says then why. */
BR_PUBLIC int br_runner_run (struct br_runner *runner, const char *config, const char *base_dir,
                             const char *model, char **result_json, char **reason);
BR_PUBLIC const char *br_version (void);

#ifdef __cplusplus
}
#endif

#endif
