/* SPDX-License-Identifier: BSD-3-Clause */
/* Builds for tests. */
#include <config.h>

#include "tests/unit/run_rig.h"

#include <check.h>
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "common/str.h"
#include "tests/unit/scratch.h"

static const char model[] = "\x08\x08\x3a\x04\x12\x02g1";

static void
add_module (struct rig *rig, const char *path)
{
  struct br_module_handle *module = br_modules_open (rig->modules, path, &rig->error);
  struct br_plugin_info **infos = NULL;
  size_t n = 0;

  ck_assert_msg (module != NULL, "%s", br_error_text (&rig->error));
  ck_assert_int_eq (br_modules_describe (rig->modules, module, &infos, &n, &rig->error), 0);
  for (size_t i = 0; i < n; i++)
    ck_assert_int_eq (br_catalogue_add (rig->catalogue, infos[i], 0), 0);
  free (infos);
}

void
rig_make (struct rig *rig)
{
  BR_AUTOFREE char *misbehave = NULL;
  BR_AUTOFREE char *command = scratch_program ("plugins/command/.libs/command.so");

  memset (rig, 0, sizeof *rig);
  rig->dir = scratch_make ();
  rig->model = scratch_path (rig->dir, "model.onnx");
  rig->output = scratch_path (rig->dir, "out");
  rig->worker = scratch_program ("buildrunner-worker");
  rig->modules = br_modules_new ();
  rig->catalogue = br_catalogue_new ();
  rig->options.worker = rig->worker;
  scratch_write (rig->model, model, sizeof model - 1);
  scratch_module (rig->dir, "misbehave", "misbehave.so");
  misbehave = scratch_path (rig->dir, "misbehave.so");
  add_module (rig, misbehave);
  add_module (rig, command);
  ck_assert_int_eq (setenv ("BUILDRUNNER_TEST_RIG", rig->dir, 1), 0);
}

void
rig_free (struct rig *rig)
{
  br_result_free (rig->result);
  br_error_clear (&rig->error);
  br_catalogue_free (rig->catalogue);
  br_modules_free (rig->modules);
  free (rig->model);
  free (rig->output);
  free (rig->worker);
  scratch_remove (rig->dir);
}

void
rig_add_backend (struct rig *rig, const struct br_backend *backend)
{
  struct br_plugin_info **infos = NULL;
  size_t n = 0;

  ck_assert_int_eq (br_modules_add_backend (rig->modules, backend, &rig->error), 0);
  ck_assert_int_eq (
      br_modules_describe (rig->modules, br_modules_in_process (rig->modules), &infos, &n, &rig->error), 0);
  for (size_t i = 0; i < n; i++)
    ck_assert_int_eq (br_catalogue_add (rig->catalogue, infos[i], 1), 0);
  free (infos);
  rig->options.in_process = 1;
  rig->options.modules = rig->modules;
}

/* ---- Planning and running ---- */

static void
take_problem (struct rig *rig, const struct br_problems *problems)
{
  for (size_t i = 0; i < problems->n; i++)
    if (!problems->items[i].warning) {
      BR_AUTOFREE char *text = br_problem_text (&problems->items[i]);

      br_error_clear (&rig->error);
      br_error_set (&rig->error, problems->items[i].category, "%s", text);
      return;
    }
}

struct br_plan *
rig_plan (struct rig *rig, const char *members, struct br_config **config)
{
  const struct br_config_overrides over = { .model_path = rig->model, .output_dir = rig->output };
  const struct br_plan_options options = { 0 };
  struct br_problems problems = { 0 };
  BR_AUTOFREE char *text = br_printf ("{\"id\": \"rig\"%s%s}", members[0] != '\0' ? ", " : "", members);
  struct br_plan *plan = NULL;

  br_error_clear (&rig->error);
  *config = br_config_read (text, strlen (text), "rig.json", rig->dir, &over, &problems);
  if (*config != NULL)
    plan = br_plan_make (*config, rig->catalogue, &options, &problems);
  take_problem (rig, &problems);
  rig->exit_code = br_problems_exit_code (&problems);
  br_problems_free (&problems);
  return plan;
}

void
rig_run (struct rig *rig, const char *members)
{
  struct br_config *config;
  struct br_plan *plan = rig_plan (rig, members, &config);

  ck_assert_msg (plan != NULL, "%s", br_error_text (&rig->error));
  br_result_free (rig->result);
  rig->result = br_run (plan, &rig->options, &rig->exit_code, &rig->error);
  br_plan_free (plan);
  br_config_free (config);
}

/* ---- Looking ---- */

char *
rig_read (const struct rig *rig, const char *name)
{
  BR_AUTOFREE char *path = br_path_join (rig->output, name);
  struct br_error none = { 0 };
  char *text = NULL;
  size_t size;

  br_file_read (path, 1 << 24, &text, &size, &none);
  br_error_clear (&none);
  return text;
}

int
rig_has (const struct rig *rig, const char *name)
{
  BR_AUTOFREE char *path = br_path_join (rig->output, name);

  return access (path, F_OK) == 0;
}

const struct br_step_result *
rig_step (const struct rig *rig, const char *kind, size_t i)
{
  ck_assert_ptr_nonnull (rig->result);
  for (size_t k = 0; k < rig->result->n_steps; k++)
    if (strcmp (rig->result->steps[k].kind, kind) == 0 && i-- == 0)
      return &rig->result->steps[k];
  ck_abort_msg ("there is no such %s step", kind);
  return NULL;
}

void
rig_check_written (const struct rig *rig)
{
  BR_AUTOFREE char *text = rig_read (rig, "build_result.json");
  struct br_error err = { 0 };
  struct br_result *written;

  ck_assert_msg (text != NULL, "there is no build_result.json");
  written = br_result_parse (text, strlen (text), &err);
  ck_assert_msg (written != NULL, "%s", br_error_text (&err));
  ck_assert_int_eq (written->status, rig->result->status);
  ck_assert_uint_eq (written->n_steps, rig->result->n_steps);
  br_result_free (written);
}

/* The environment is inherited by whatever a build starts, unless it takes care not to be found. */
static int
belongs (const struct rig *rig, const char *pid)
{
  BR_AUTOFREE char *path = br_printf ("/proc/%s/environ", pid);
  struct br_error none = { 0 };
  BR_AUTOFREE char *text = NULL;
  size_t size = 0, at = 0;

  br_file_read (path, 1 << 20, &text, &size, &none);
  br_error_clear (&none);
  for (; at < size; at += strlen (text + at) + 1)
    if (br_str_starts (text + at, "BUILDRUNNER_TEST_RIG=") && br_str_ends (text + at, rig->dir))
      return 1;
  return 0;
}

int
rig_processes (const struct rig *rig)
{
  DIR *proc = opendir ("/proc");
  const struct dirent *entry;
  int n = 0;

  ck_assert_ptr_nonnull (proc);
  while ((entry = readdir (proc)) != NULL)
    if (isdigit ((unsigned char) entry->d_name[0]) && atol (entry->d_name) != getpid () &&
        atol (entry->d_name) != getppid ())
      n += belongs (rig, entry->d_name);
  closedir (proc);
  return n;
}
