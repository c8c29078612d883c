/* SPDX-License-Identifier: BSD-3-Clause */
/* qonnx_steps: every pass of the library as a transform. Each gives the very file that the library's pass of its name gives. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "plugins/qonnx_steps/passes.h"
#include "tests/unit/plugin_host.h"
#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

#define MOST 8 /* parameters */

static const struct br_transform *const transforms[] = {
#define QX_PLAIN(pass, function, text) &qs_pass_##pass,
#define QX_PASS(pass, function, text)  &qs_pass_##pass,
#define QX_PARAM(param, kind, required, value, text)
#define QX_END(pass)
#define QX_LEFT_OUT(pass, reason)
#include "qonnx/passes.def"
#undef QX_PLAIN
#undef QX_PASS
#undef QX_LEFT_OUT
};

static const struct br_transform *const left_out[] = {
#define QX_PLAIN(pass, function, text)
#define QX_PASS(pass, function, text)
#define QX_LEFT_OUT(pass, reason) &qs_pass_##pass,
#include "qonnx/passes.def"
};

#define N_LEFT_OUT (sizeof left_out / sizeof left_out[0])

#define N_TRANSFORMS (sizeof transforms / sizeof transforms[0])

/* Of those that need parameters, or do more with some. %s is the folder. */
static const char *const parameters[][2] = {
  { "ApplyMasks", "{\"prune_spec\": {\"a\": {\"1\": [0]}}}" },
  { "ChangeBatchSize", "{\"bsize\": 3}" },
  { "ComposedTransformation", "{\"transformations\": [\"InferShapes\", \"RemoveIdentityOps\"]}" },
  { "ExposeIntermediateTensorsPatternList", "{\"pattern_list\": [\"a\"], \"dynamic_only\": false}" },
  { "ExtendPartition", "{\"extend_index\": []}" },
  { "FixedPointQuantizeParams", "{\"fixedpt_dtype\": \"FIXED<4,2>\", \"op_types\": [\"MatMul\"]}" },
  { "FixedPointQuantizeParamsFromDict", "{\"fixedpt_dict\": {\"w\": \"FIXED<3,2>\"}}" },
  { "GiveUniqueNodeNames", "{\"prefix\": \"top_\"}" },
  { "InsertIdentity", "{\"tensor_name\": \"a\", \"producer_or_consumer\": \"producer\"}" },
  { "InsertTopK", "{\"k\": 2, \"largest\": 0}" },
  { "MergeONNXModels", "{\"pre_model\": \"%s/model.onnx\"}" },
  { "MoveOpPastFork", "{\"op_name_list\": [\"MatMul\"]}" },
  { "PartitionFromDict", "{\"partitioning\": {\"0\": [0, 1]}, \"partition_dir\": \"%s/parts\"}" },
  { "PruneChannels", "{\"prune_spec\": {\"a\": {\"1\": [0, 2]}}}" },
  { "QuantizeGraph",
    "{\"quantnode_map\": {\"name\": {\"last\": [[[\"input\", 1], [0.5, 0, 4, 0, 1, \"ROUND\"]]]}}}" },
  { "RebalanceIm2Col", "{\"extract_channels\": 2}" },
  { "RemoveIdentityOps", "{\"atol\": 0.001}" },
};

static void
parameters_of (const struct plugin_host *host, const char *name, char *text, size_t size)
{
  size_t i;

  for (i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
    if (strcmp (parameters[i][0], name) == 0) {
      const char *hole = strstr (parameters[i][1], "%s");
      if (hole == NULL)
        snprintf (text, size, "%s", parameters[i][1]);
      else
        snprintf (text, size, "%.*s%s%s", (int) (hole - parameters[i][1]), parameters[i][1], host->dir,
                  hole + 2);
      return;
    }
  snprintf (text, size, "{}");
}

static void
make_model (const struct plugin_host *host)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model =
      qx_graph (13, "in x [1,6]\nout y [1,6]\nw = [6,6] ~\nv = [6,6] ~\na = MatMul(x, w) @first\n"
                    "b = Relu(a) @middle\ny = MatMul(b, v) @last");

  ck_ok (qx_infer_shapes (model, &err), &err);
  ck_ok (qx_save (model, host->model, &err), &err);
  qx_model_free (model);
}

/* What the library makes of the model, in the file wanted.onnx. */
static void
apply_library (const struct plugin_host *host, const char *pass, struct json_object *params)
{
  char *path = plugin_host_path (host, "wanted.onnx");
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load (host->model, &err);
  struct qx_argument arguments[MOST];
  size_t n = 0;

  ck_assert_msg (model != NULL, "%s", qx_error_text (&err));
  json_object_object_foreach (params, key, value)
  {
    ck_assert_uint_lt (n, MOST);
    arguments[n].name = key;
    arguments[n++].value = json_object_to_json_string (value);
  }
  ck_assert_msg (qx_pass_apply (model, pass, arguments, n, &err) == 0, "%s: %s", pass, qx_error_text (&err));
  ck_ok (qx_save (model, path, &err), &err);
  qx_model_free (model);
  free (path);
}

static void
ck_same_files (const struct plugin_host *host, const char *pass)
{
  size_t n, n_wanted;
  char *bytes = plugin_host_read (host, "out.onnx", &n),
       *wanted = plugin_host_read (host, "wanted.onnx", &n_wanted);

  ck_assert_msg (n == n_wanted && memcmp (bytes, wanted, n) == 0, "%s is not the library's", pass);
  free (bytes);
  free (wanted);
}

START_TEST (every_transform_is_the_pass_of_its_name)
{
  struct plugin_host host;
  char text[4096];
  size_t i;

  plugin_host_start (&host, "{}", "{}");
  host.model = plugin_host_path (&host, "model.onnx");
  make_model (&host);
  for (i = 0; i < N_TRANSFORMS; i++) {
    const char *name = transforms[i]->name;
    parameters_of (&host, name, text, sizeof text);
    plugin_host_set_params (&host, text);
    ck_assert_msg (plugin_host_apply (&host, transforms[i], "model.onnx", "out.onnx") == 0, "%s: %s", name,
                   br_error_text (&host.err));
    apply_library (&host, name, host.params);
    ck_same_files (&host, name);
  }
  plugin_host_end (&host);
}
END_TEST

/* As many as the library offers, in its order, with its parameters. */
START_TEST (every_pass_is_a_transform)
{
  size_t i, k;

  for (i = 0; i < N_TRANSFORMS; i++) {
    const struct qx_pass *pass = qx_pass_at (i);
    ck_assert_str_eq (transforms[i]->name, pass->name);
    ck_assert_ptr_null (pass->left_out);
    for (k = 0; k < pass->n_params; k++)
      ck_assert_str_eq (transforms[i]->params[k]->name, pass->params[k].name);
    ck_assert (transforms[i]->params == NULL || transforms[i]->params[k] == NULL);
  }
  ck_assert_uint_eq (N_TRANSFORMS + N_LEFT_OUT, qx_n_passes ());
}
END_TEST

START_TEST (what_is_left_out_is_not_offered_and_says_why)
{
  for (size_t i = 0; i < N_LEFT_OUT; i++) {
    const struct qx_pass *pass = qx_pass_at (N_TRANSFORMS + i);

    ck_assert_str_eq (left_out[i]->name, pass->name);
    ck_assert_uint_eq (left_out[i]->flags, BR_NOT_OFFERED);
    ck_assert_str_eq (left_out[i]->summary, pass->left_out);
  }
}
END_TEST

START_TEST (what_the_pass_refuses_the_transform_does)
{
  struct plugin_host host;

  plugin_host_start (&host, "{}", "{\"k\": 7}");
  host.model = plugin_host_path (&host, "model.onnx");
  make_model (&host);
  ck_assert_int_eq (plugin_host_apply (&host, &qs_pass_InsertTopK, "model.onnx", "out.onnx"), -1);
  ck_assert_ptr_nonnull (strstr (br_error_text (&host.err), "not within the first output's dimension"));
  plugin_host_end (&host);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    every_transform_is_the_pass_of_its_name,
    every_pass_is_a_transform,
    what_is_left_out_is_not_offered_and_says_why,
    what_the_pass_refuses_the_transform_does,
  };

  return run_tests ("steps_passes", tests, sizeof tests / sizeof tests[0], 60);
}
