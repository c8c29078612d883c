/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of passes, made of passes.def, and how one is applied. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "qonnx/args.h"
#include "qonnx/edit.h"
#include "qonnx/fail.h"

/* ---- the table ---- */

#define QX_LEFT_OUT(name, reason)
#define QX_PLAIN(name, function, summary) static const struct qx_param name##_params[] = {
#define QX_PASS(name, function, summary)  QX_PLAIN (name, function, summary)
#define QX_PARAM(name, type, required, default_json, help)                                                   \
  { #name, QX_PARAM_##type, required, default_json, help },
#define QX_END(name)                                                                                         \
  {                                                                                                          \
    NULL, 0, 0, NULL, NULL                                                                                   \
  }                                                                                                          \
  }                                                                                                          \
  ;
#include "qonnx/passes.def"
#undef QX_LEFT_OUT
#undef QX_PLAIN
#undef QX_PASS
#undef QX_PARAM
#undef QX_END

/* One of run and plain is set, unless it is left out. */
struct entry {
  struct qx_pass pass;
  qx_pass_run *run;
  qx_pass_plain *plain;
};

#define PASS(name, summary, left_out)                                                                        \
  {                                                                                                          \
#name, summary, name##_params, sizeof name##_params / sizeof name##_params[0] - 1, left_out              \
  }
#define QX_LEFT_OUT(name, reason)         { { #name, "", NULL, 0, reason }, NULL, NULL },
#define QX_PLAIN(name, function, summary) { PASS (name, summary, NULL), NULL, function },
#define QX_PASS(name, function, summary)  { PASS (name, summary, NULL), function, NULL },
#define QX_PARAM(name, type, required, default_json, help)
#define QX_END(name)

static const struct entry entries[] = {
#include "qonnx/passes.def"
};

#define N_ENTRIES (sizeof entries / sizeof entries[0])

size_t
qx_n_passes (void)
{
  return N_ENTRIES;
}

const struct qx_pass *
qx_pass_at (size_t i)
{
  return i < N_ENTRIES ? &entries[i].pass : NULL;
}

static const struct entry *
find (const char *name)
{
  size_t i;

  for (i = 0; i < N_ENTRIES; i++)
    if (strcmp (entries[i].pass.name, name) == 0)
      return &entries[i];
  return NULL;
}

const struct qx_pass *
qx_pass_find (const char *name)
{
  const struct entry *entry = find (name);

  return entry == NULL ? NULL : &entry->pass;
}

/* ---- applying ---- */

static const struct entry *
find_offered (const char *name, struct qx_error *err)
{
  const struct entry *entry = find (name);
  const char *names[N_ENTRIES], *meant;
  size_t i;

  if (entry != NULL && entry->pass.left_out == NULL)
    return entry;
  if (entry != NULL) {
    qx_fail (err, "config", "pass %s is not offered: %s", name, entry->pass.left_out);
    return NULL;
  }
  for (i = 0; i < N_ENTRIES; i++)
    names[i] = entries[i].pass.name;
  meant = br_nearest (name, names, N_ENTRIES);
  if (meant != NULL)
    qx_fail (err, "config", "no pass %s, did you mean %s?", name, meant);
  else
    qx_fail (err, "config", "no pass %s", name);
  return NULL;
}

int
qx_pass_check (const char *name, const struct qx_argument *arguments, size_t n, struct qx_error *err)
{
  const struct entry *entry = find_offered (name, err);
  struct qx_args args;
  int ret;

  if (entry == NULL)
    return -1;
  ret = qx_args_read (&args, &entry->pass, arguments, n, err);
  qx_args_free (&args);
  return ret;
}

int
qx_pass_apply (struct qx_model *model, const char *name, const struct qx_argument *arguments, size_t n,
               struct qx_error *err)
{
  const struct entry *entry = find_offered (name, err);
  struct qx_args args;
  int ret;

  if (entry == NULL)
    return -1;
  ret = qx_args_read (&args, &entry->pass, arguments, n, err);
  if (ret == 0)
    ret = entry->plain != NULL ? entry->plain (model, err) : entry->run (model, &args, err);
  qx_args_free (&args);
  return ret < 0 ? -1 : qx_tidy (model, err);
}

/* ---- passes that are functions of the public header ---- */

int
qx_pass_change_batch_size (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  return qx_change_batch_size (model, qx_arg_int (args, "bsize"), err);
}

int
qx_pass_fold_constants (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  const char **exclude = qx_arg_words (args, "exclude_op_types", err);
  int ret = exclude == NULL ? -1 : qx_fold_constants (model, exclude, err);

  free (exclude);
  return ret;
}

int
qx_pass_give_unique_node_names (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  return qx_give_unique_node_names (model, qx_arg_string (args, "prefix"), err);
}

int
qx_pass_infer_datatypes (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  return qx_infer_datatypes (model, qx_arg_bool (args, "allow_scaledint_dtypes"), err);
}

int
qx_pass_remove_identity_ops (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  return qx_remove_identity_ops (model, qx_arg_float (args, "atol"), err);
}
