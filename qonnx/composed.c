/* SPDX-License-Identifier: BSD-3-Clause */
/* Several passes over and over, until none of them finds anything to do. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/json_write.h"
#include "qonnx/args.h"
#include "qonnx/edit.h"

#define MOST_ROUNDS 1000 /* passes that undo each other never end */

/* Those that say of themselves that once is enough: what they change is no reason for another round. */
static int
is_once (const char *name)
{
  static const char *const once[] = { "ApplyMasks",
                                      "ChangeBatchSize",
                                      "Change3DTo4DTensors",
                                      "ConvertDivToMul",
                                      "ConvertSubToAdd",
                                      "ExposeIntermediateTensorsPatternList",
                                      "FixedPointQuantizeParams",
                                      "FixedPointQuantizeParamsFromDict",
                                      "GiveRandomTensorNames",
                                      "GiveReadableTensorNames",
                                      "GiveUniqueNodeNames",
                                      "GiveUniqueParameterTensors",
                                      "GiveUniqueTensorNames",
                                      "InferShapes",
                                      "InsertIdentity",
                                      "InsertIdentityOnAllTopLevelIO",
                                      "LowerConvsToMatMul",
                                      "MakeInputChannelsLast",
                                      "MergeONNXModels",
                                      "MovePadAttributeToTensor",
                                      "PartitionFromDict",
                                      "PruneChannels",
                                      "QuantToQCDQ",
                                      "QuantizeGraph",
                                      "SortGraph" };
  size_t i;

  for (i = 0; i < sizeof once / sizeof once[0]; i++)
    if (strcmp (once[i], name) == 0)
      return 1;
  return 0;
}

/* ---- one pass of the list ---- */

/* "NAME", or {"name": NAME, "parameters": {…}} */
static int
apply_with (struct qx_model *model, const char *name, struct json_object *params, int check_only,
            struct qx_error *err)
{
  size_t n = 0, capacity = params == NULL ? 0 : (size_t) json_object_object_length (params);
  struct qx_argument *arguments = calloc (capacity + 1, sizeof *arguments);
  struct json_object_iterator at, end;
  int ret = arguments == NULL ? qx_oom (err) : 0;

  if (ret == 0 && params != NULL) {
    at = json_object_iter_begin (params);
    end = json_object_iter_end (params);
    for (; !json_object_iter_equal (&at, &end) && ret == 0; json_object_iter_next (&at), n++) {
      arguments[n].name = json_object_iter_peek_name (&at);
      arguments[n].value = br_json_text (json_object_iter_peek_value (&at), 0);
      if (arguments[n].value == NULL)
        ret = qx_oom (err);
    }
  }
  if (ret == 0)
    ret =
        check_only ? qx_pass_check (name, arguments, n, err) : qx_pass_apply (model, name, arguments, n, err);
  while (n > 0)
    free ((char *) arguments[--n].value);
  free (arguments);
  return ret;
}

static int
read_item (const struct qx_args *args, struct json_object *item, const char **name,
           struct json_object **params, struct qx_error *err)
{
  struct json_object *word = item;

  *params = NULL;
  if (json_object_is_type (item, json_type_object)) {
    json_object_object_get_ex (item, "name", &word);
    json_object_object_get_ex (item, "parameters", params);
  }
  if (!json_object_is_type (word, json_type_string) ||
      (*params != NULL && !json_object_is_type (*params, json_type_object)))
    return qx_arg_fail (args, "transformations", err,
                        "names, or objects with a name and parameters, are wanted");
  *name = json_object_get_string (word);
  if (strcmp (*name, args->pass->name) == 0)
    return qx_arg_fail (args, "transformations", err, "cannot hold itself");
  return 0;
}

/* ---- rounds ---- */

/* The model's bytes, to see whether a pass changed it. */
struct snapshot {
  unsigned char *data;
  size_t size;
};

static int
differs (struct qx_model *model, const struct snapshot *before, int *changed, struct qx_error *err)
{
  struct snapshot now;

  if (qx_save_bytes (model, &now.data, &now.size, err) < 0)
    return -1;
  if (now.size != before->size || memcmp (now.data, before->data, now.size) != 0)
    *changed = 1;
  free (now.data);
  return 0;
}

static int
tidy_up (struct qx_model *model, struct qx_error *err)
{
  if (qx_remove_identity_ops (model, QX_IDENTITY_TOLERANCE, err) < 0 || qx_tidy (model, err) < 0 ||
      qx_give_unique_node_names (model, "", err) < 0 || qx_give_readable_tensor_names (model, err) < 0 ||
      qx_tidy (model, err) < 0 || qx_infer_shapes (model, err) < 0 || qx_infer_datatypes (model, 0, err) < 0)
    return -1;
  return qx_tidy (model, err);
}

static int
apply_item (struct qx_model *model, const char *name, struct json_object *params, int *changed,
            struct qx_error *err)
{
  struct snapshot before = { NULL, 0 };
  int ret;

  if (qx_tidy (model, err) < 0 ||
      (!is_once (name) && qx_save_bytes (model, &before.data, &before.size, err) < 0))
    return -1;
  ret = apply_with (model, name, params, 0, err);
  if (ret == 0 && before.data != NULL)
    ret = differs (model, &before, changed, err);
  free (before.data);
  return ret < 0 ? -1 : tidy_up (model, err);
}

static int
one_round (struct qx_model *model, const struct qx_args *args, int check_only, int *changed,
           struct qx_error *err)
{
  struct json_object *list = qx_arg_json (args, "transformations"), *params;
  const char *name = "";
  size_t i;

  for (i = 0; i < json_object_array_length (list); i++) {
    if (read_item (args, json_object_array_get_idx (list, i), &name, &params, err) < 0)
      return -1;
    if ((check_only ? apply_with (model, name, params, 1, err)
                    : apply_item (model, name, params, changed, err)) < 0)
      return -1;
  }
  return 0;
}

int
qx_pass_composed (struct qx_model *model, const struct qx_args *args, struct qx_error *err)
{
  int changed = 1, rounds;

  if (!json_object_is_type (qx_arg_json (args, "transformations"), json_type_array))
    return qx_arg_fail (args, "transformations", err, "a list is wanted");
  if (one_round (model, args, 1, NULL, err) < 0)
    return -1;
  for (rounds = 0; changed; rounds++) {
    if (rounds == MOST_ROUNDS)
      return qx_fail (err, "transform", "%s: the passes never come to an end", args->pass->name);
    changed = 0;
    if (one_round (model, args, 0, &changed, err) < 0)
      return -1;
  }
  return 0;
}
