/* SPDX-License-Identifier: BSD-3-Clause */
/* -p NAME=VALUE: parameters of the backend, by its own table. */
#include <config.h>

#include <string.h>

#include <json-c/json.h>

#include "common/cleanup.h"
#include "common/json_scan.h"
#include "common/str.h"
#include "core/cli/params.h"

/* The table entry of the backend that was named; with auto, that of any backend which auto may choose. Names that nobody knows are
   told by the plan, which knows the backend. */
static const struct br_param_spec *
find_spec (const char *name, const struct br_config *config, const struct br_catalogue *catalogue)
{
  const struct br_param_spec *spec = NULL;

  if (config->backend != NULL && strcmp (config->backend, "auto") != 0) {
    const struct br_plugin_info *info =
        br_catalogue_find (catalogue, BR_KIND_BACKEND, config->backend, NULL, NULL);

    return info != NULL ? br_param_find (&info->params, name) : NULL;
  }
  for (size_t i = 0; i < catalogue->n && spec == NULL; i++)
    if (catalogue->plugins[i]->kind == BR_KIND_BACKEND && catalogue->plugins[i]->auto_rank > 0)
      spec = br_param_find (&catalogue->plugins[i]->params, name);
  return spec;
}

/* By the table, else as JSON, else as the text itself. *value may be NULL for null. */
static int
read_value (const struct br_param_spec *spec, const char *text, struct json_object **value,
            struct br_error *err)
{
  struct br_error not_json = { 0 };

  *value = spec != NULL ? br_param_parse (spec, text, err) : br_json_parse (text, strlen (text), &not_json);
  if (spec == NULL && br_error_is_set (&not_json) && (*value = json_object_new_string (text)) == NULL)
    br_error_oom (err);
  br_error_clear (&not_json);
  return br_error_is_set (err) ? -1 : 0;
}

/* Whatever the config has there is not what is wanted. */
static int
mark_wrong (struct br_config *config, const char *name)
{
  BR_AUTOFREE char *pointer = br_json_pointer_add ("/backend_parameters", name);

  return pointer != NULL ? br_config_set_wrong (config, pointer) : -1;
}

static void
apply (const char *param, struct br_config *config, const struct br_catalogue *catalogue,
       struct br_problems *problems)
{
  const char *equals = strchr (param, '=');
  BR_AUTOFREE char *name = br_printf ("%.*s", (int) (equals - param), param);
  struct json_object *value = NULL;
  struct br_error err = { 0 };

  if (name == NULL)
    problems->failed = 1;
  else if (read_value (find_spec (name, config, catalogue), equals + 1, &value, &err) == 0)
    problems->failed |= br_config_set_parameter (config, name, value) < 0;
  else {
    br_problems_add (problems, err.category, BR_EXIT_CONFIG, NULL, 0, 0, NULL, "%s", br_error_text (&err));
    problems->failed |= mark_wrong (config, name) < 0;
  }
  br_error_clear (&err);
}

void
br_cli_params_apply (const struct br_cli_list *params, struct br_config *config,
                     const struct br_catalogue *catalogue, struct br_problems *problems)
{
  for (size_t i = 0; i < params->n; i++)
    apply (params->items[i], config, catalogue, problems);
}
