/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include "core/diagnose/build_folder.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/file.h"
#include "common/path.h"
#include "core/diagnose/diagnose.h"

/* NULL without an error: there is none, or nothing that is one. */
static struct br_result *
read_result (const char *dir, struct br_error *err)
{
  BR_AUTOFREE char *path = br_path_join (dir, "build_result.json");
  BR_AUTOFREE char *text = NULL;
  struct br_error why = { 0 };
  struct br_result *found = NULL;
  size_t size = 0;

  if (path == NULL)
    br_error_oom (err);
  else if (br_file_read (path, BR_RESULT_LIMIT, &text, &size, &why) == 0)
    found = br_result_parse (text, size, &why);
  br_error_clear (&why);
  return found;
}

/* The logs are read again: the rules may be others than the build's. */
static int
explain (struct br_rules *rules, const char *dir, const struct br_result *found, struct br_result *result)
{
  if (found->error.category == NULL)
    return 0;
  for (size_t i = 0; i < found->logs.n; i++)
    if (br_result_add_log (result, found->logs.items[i].name, found->logs.items[i].path) < 0)
      return -1;
  if (br_result_set_error (result, found->error.category, found->error.summary, found->error.where) < 0)
    return -1;
  return br_diagnose (result, rules, dir, "build_dataflow.log");
}

int
br_diagnose_build_folder (struct br_rules *rules, const char *dir, struct br_result *result,
                          struct br_error *err)
{
  struct br_result *found = read_result (dir, err);
  int ret = found != NULL;

  if (br_error_is_set (err))
    return -1;
  if (found != NULL && explain (rules, dir, found, result) < 0)
    ret = br_error_oom (err);
  br_result_free (found);
  return ret;
}
