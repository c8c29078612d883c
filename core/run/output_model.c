/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a build would remove or overwrite its own model: one that lies where the build writes, or that the older
   result in the folder lists. */
#include <config.h>

#include "core/run/plan.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "core/data/result.h"
#include "core/run/output.h"

/* What a build makes in its folder, where a model could be. */
static const char *const own_names[] = {
  BR_OUTPUT_MODEL, BR_OUTPUT_CONFIG,  BR_OUTPUT_LOG,    BR_OUTPUT_REPORT,    BR_OUTPUT_PRE,
  BR_OUTPUT_POST,  BR_OUTPUT_SCRATCH, BR_OUTPUT_RESULT, BR_OUTPUT_ARTIFACTS, NULL
};

static int
holds (const char *dir, const char *name, const char *model)
{
  BR_AUTOFREE char *joined = br_path_join (dir, name);
  BR_AUTOFREE char *path = joined != NULL ? br_path_absolute (joined) : NULL;

  return path != NULL && br_path_inside (path, model);
}

/* A result that cannot be read lists nothing, here as where it is removed. */
static int
is_listed (const char *dir, const char *model)
{
  BR_AUTOFREE char *path = br_path_join (dir, BR_OUTPUT_RESULT);
  BR_AUTOFREE char *text = NULL;
  struct br_error unreadable = { 0 };
  struct br_result *older = NULL;
  size_t size = 0;
  int listed = 0;

  if (path != NULL && br_file_read (path, BR_RESULT_LIMIT, &text, &size, &unreadable) == 0)
    older = br_result_parse (text, size, &unreadable);
  for (size_t i = 0; older != NULL && i < older->artifacts.n && !listed; i++)
    listed = holds (dir, older->artifacts.items[i].path, model);
  br_result_free (older);
  br_error_clear (&unreadable);
  return listed;
}

int
br_output_model_check (const char *dir, const char *model, struct br_error *err)
{
  BR_AUTOFREE char *real_dir = realpath (dir, NULL);
  BR_AUTOFREE char *real_model = realpath (model, NULL);
  int own = 0;

  if (real_dir == NULL || real_model == NULL || !br_path_inside (real_dir, real_model))
    return 0;
  for (size_t i = 0; own_names[i] != NULL && !own; i++)
    own = holds (real_dir, own_names[i], real_model);
  if (!own && !is_listed (real_dir, real_model))
    return 0;
  return br_error_set (
      err, "config", "%s: is a product of the output folder %s, which this build would replace", model, dir);
}
