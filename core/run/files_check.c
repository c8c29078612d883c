/* SPDX-License-Identifier: BSD-3-Clause */
/* The files that a build reads and makes, looked at before it begins. */
#include <config.h>

#include "core/run/plan.h"

/* With its place, where the config's text says it. */
static void
add_problem (const struct br_config *config, struct br_problems *problems, const char *pointer,
             struct br_error *err)
{
  if (config->text != NULL && !br_config_was_set (config, pointer))
    br_config_problem (config, problems, err->category, BR_EXIT_CONFIG, pointer, "%s", br_error_text (err));
  else
    br_problems_add (problems, err->category, BR_EXIT_CONFIG, NULL, 0, 0, NULL, "%s", br_error_text (err));
  br_error_clear (err);
}

static void
check_model (const struct br_config *config, struct br_problems *problems)
{
  struct br_error err = { 0 };

  if (config->model_path == NULL)
    br_problems_add (problems, "model_load", BR_EXIT_CONFIG, NULL, 0, 0, NULL,
                     "no model: give MODEL.onnx, or model_path in the config");
  else if (br_model_probe (config->model_path, &err) < 0)
    add_problem (config, problems, "/model_path", &err);
}

/* Of a build whose folder is not known, the folder that it would be in. */
static void
check_output (const struct br_config *config, struct br_problems *problems)
{
  const char *dir = config->output_dir != NULL ? config->output_dir : config->global.working_directory;
  struct br_error err = { 0 };

  if (br_output_dir_check (dir, &err) < 0)
    add_problem (config, problems, config->output_pointer, &err);
  else if (config->output_dir != NULL && config->model_path != NULL &&
           br_output_model_check (dir, config->model_path, &err) < 0)
    add_problem (config, problems, config->output_pointer, &err);
}

void
br_files_check (const struct br_config *config, struct br_problems *problems)
{
  if (!br_config_is_wrong (config, "/model_path"))
    check_model (config, problems);
  if (!br_config_is_wrong (config, config->output_pointer))
    check_output (config, problems);
}
