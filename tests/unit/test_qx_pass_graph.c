/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: passes over a graph's edges, its names and its constants, and those that join and part models. */
#include <config.h>

#include <check.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/str.h"
#include "tests/unit/qx_graph.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define COUNT(a) (sizeof (a) / sizeof (a)[0])

static const char chain[] =
    "in x [1,3]\nout y [1,3]\na = Relu(x) @first\nb = Exp(a) @second\ny = Neg(b) @third";

static void
apply_2 (struct qx_model *model, const char *pass, const char *a, const char *value_a, const char *b,
         const char *value_b)
{
  const struct qx_argument arguments[] = { { a, value_a }, { b, value_b } };
  struct qx_error err = { { 0 }, NULL };

  ck_assert_msg (qx_pass_apply (model, pass, arguments, 2, &err) == 0, "%s", qx_error_text (&err));
}

static void
refuse_2 (struct qx_model *model, const char *pass, const char *a, const char *value_a, const char *b,
          const char *value_b, const char *category, const char *part)
{
  const struct qx_argument arguments[] = { { a, value_a }, { b, value_b } };
  struct qx_error err = { { 0 }, NULL };

  ck_assert_int_eq (qx_pass_apply (model, pass, arguments, 2, &err), -1);
  ck_error (&err, category, part);
}

/* ---- identities ---- */

static void
identity (struct qx_model *model, const char *tensor, const char *side)
{
  apply_2 (model, "InsertIdentity", "tensor_name", tensor, "producer_or_consumer", side);
}

START_TEST (an_identity_goes_to_either_side_of_a_tensor)
{
  struct qx_model *model = qx_graph (13, chain), *as_it_was = qx_graph (13, chain);

  identity (model, "a", "producer");
  ck_ops (model, "Relu Identity Exp Neg");
  ck_assert_str_eq (qx_node_output (qx_node_at (model, 0), 0), "a_identity");
  identity (model, "b", "consumer");
  ck_ops (model, "Relu Identity Exp Identity Neg");
  ck_assert_str_eq (qx_node_input (qx_node_at (model, 4), 0), "b_identity");
  ck_same (as_it_was, model, 0);
  qx_model_free (model);
  qx_model_free (as_it_was);
}
END_TEST

START_TEST (an_identity_at_the_edge_renames_it)
{
  struct qx_model *model = qx_graph (13, chain), *as_it_was = qx_graph (13, chain);

  identity (model, "x", "producer");
  identity (model, "y", "consumer");
  ck_ops (model, "Identity Relu Exp Neg Identity");
  ck_assert_uint_eq (qx_n_inputs (model), 1);
  ck_assert_str_eq (qx_input (model, 0), "x_identity");
  ck_assert_uint_eq (qx_n_outputs (model), 1);
  ck_assert_str_eq (qx_output (model, 0), "y_identity");
  ck_same (as_it_was, model, 0);
  qx_model_free (model);
  qx_model_free (as_it_was);
}
END_TEST

START_TEST (identities_at_all_edges_leave_their_names)
{
  static const char text[] = "in x [1,3]\nin w [3]\nin u [1,3]\nw = [3] 1 2 3\nout y [1,3]\nout z [1,3]\n"
                             "y = Add(x, w)\nz = Mul(x, u)";
  struct qx_model *model = qx_graph (13, text);

  ck_keeps (model, "InsertIdentityOnAllTopLevelIO", NULL, NULL, "Identity Identity Add Mul Identity Identity",
            0);
  ck_assert_uint_eq (qx_n_inputs (model), 2);
  ck_assert_str_eq (qx_input (model, 1), "u");
  ck_assert_str_eq (qx_output (model, 1), "z");
  qx_model_free (model);
}
END_TEST

START_TEST (an_identity_without_a_place_is_an_error)
{
  static const struct {
    const char *tensor, *side, *category, *part;
  } cases[] = {
    { "a", "left", "config", "must be producer or consumer" },
    { "nowhere", "producer", "transform", "tensor nowhere: not in the model" },
    { "c", "producer", "transform", "tensor c: a constant, which nothing makes" },
    { "aside", "consumer", "transform", "tensor aside: nothing reads it" },
    { "lost", "producer", "transform", "tensor lost: no node and no input makes it" },
    { "a", "producer", "transform", "tensor a: the name a_identity is taken" },
  };

  for (size_t i = 0; i < COUNT (cases); i++) {
    struct qx_model *model =
        qx_graph (13, "in x [3]\nout y [3]\nc = [3] 1 2 3\na = Add(x, c)\naside = Exp(a)\n"
                      "a_identity = Relu(a)\nd = Neg(lost)\ny = Neg(a_identity)");
    refuse_2 (model, "InsertIdentity", "tensor_name", cases[i].tensor, "producer_or_consumer", cases[i].side,
              cases[i].category, cases[i].part);
    qx_model_free (model);
  }
}
END_TEST

/* ---- outputs ---- */

START_TEST (tensors_inside_become_outputs)
{
  static const char text[] = "in x [1,2]\nout y [1,2]\nw_1 = [2,2] 1 2 3 4\nmid_a = MatMul(x, w_1)\n"
                             "mid_b = Relu(mid_a)\nother = Exp(mid_b)\ny = Neg(other)";
  static const int64_t row[] = { 1, 2 };
  struct qx_model *model = qx_graph (13, text);

  qx_apply (model, "InferShapes", NULL, NULL);
  apply_2 (model, "ExposeIntermediateTensorsPatternList", "pattern_list", "[\"id_\", \"w_\", \"x\"]",
           "dynamic_only", "true");
  ck_assert_uint_eq (qx_n_outputs (model), 3);
  ck_assert_int_eq (qx_is_output (model, "mid_a"), 1);
  ck_assert_int_eq (qx_is_output (model, "mid_b"), 1);
  ck_shape (model, "mid_b", 2, row);
  apply_2 (model, "ExposeIntermediateTensorsPatternList", "pattern_list", "[\"w_\"]", "dynamic_only",
           "false");
  ck_assert_uint_eq (qx_n_outputs (model), 4);
  ck_assert_int_eq (qx_is_output (model, "w_1"), 1);
  qx_model_free (model);
}
END_TEST

/* The least of -2.5, 1, -1 and 2.5 first; of each column; and places that are not there. */
START_TEST (topk_looks_where_it_is_told)
{
  static const struct qx_argument arguments[] = { { "k", "1" }, { "axis", "0" }, { "largest", "0" } };
  static const float in[] = { 3, 1, 2, 4, 0, 5 };
  static const int64_t dims[] = { 3, 2 }, row[] = { 1, 2 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, "in x [3,2]\nout y [3,2]\ny = Neg(x)");
  struct qx_tensor *input = qx_tensor_create_floats (dims, 2, in, &err), *output;
  struct qx_runner *runner;

  ck_ok (qx_pass_apply (model, "InsertTopK", arguments, 3, &err), &err);
  ck_ops (model, "Neg TopK");
  ck_shape (model, qx_output (model, 0), 2, row);
  ck_assert_str_eq (qx_annotation (model, qx_output (model, 0), "finn_datatype"), "UINT32");
  runner = qx_runner_new (model, NULL, &err);
  ck_ok (qx_run (runner, (const struct qx_tensor *const *) &input, &output, &err), &err);
  ck_assert (qx_tensor_ints (output, &err)[0] == 0 && qx_tensor_ints (output, &err)[1] == 2);
  qx_tensor_free (output);
  qx_tensor_free (input);
  qx_runner_free (runner);
  qx_model_free (model);
}
END_TEST

START_TEST (topk_refuses_what_is_not_there)
{
  struct qx_model *model = qx_graph (13, "in x [1,3]\nout y [1,3]\ny = Neg(x)");

  qx_refuse (model, "InsertTopK", "k", "4", "config", "not within the first output's dimension");
  qx_refuse (model, "InsertTopK", "k", "0", "config", "not within the first output's dimension");
  qx_refuse (model, "InsertTopK", "axis", "2", "config", "the first output has no such dimension");
  qx_model_free (model);
  model = qx_graph (13, "in x [1,3]\nout x2 [1,3]\nx2 = [1,3] 1 2 3");
  qx_refuse (model, "InsertTopK", NULL, NULL, "transform", "the graph has no output that a node makes");
  qx_model_free (model);
}
END_TEST

/* ---- names ---- */

/* Tensors with a shape, then inputs, then outputs. */
START_TEST (tensors_are_numbered)
{
  struct qx_model *model = qx_graph (13, chain), *as_it_was = qx_graph (13, chain);

  qx_apply (model, "InferShapes", NULL, NULL);
  qx_apply (model, "GiveUniqueTensorNames", NULL, NULL);
  ck_assert_str_eq (qx_node_output (qx_node_at (model, 0), 0), "tensor_0");
  ck_assert_str_eq (qx_node_output (qx_node_at (model, 1), 0), "tensor_1");
  ck_assert_str_eq (qx_input (model, 0), "tensor_2");
  ck_assert_str_eq (qx_output (model, 0), "tensor_3");
  ck_same (as_it_was, model, 0);
  qx_model_free (model);
  qx_model_free (as_it_was);
}
END_TEST

/* Names that are numbers already, in the other order: nothing becomes one. */
START_TEST (numbering_confuses_nothing)
{
  static const char text[] = "in tensor_0 [1,3]\nout tensor_2 [1,3]\ntensor_1 = Relu(tensor_0)\n"
                             "tensor_3 = Exp(tensor_1)\ntensor_2 = Sub(tensor_3, tensor_1)";

  ck_text_keeps (text, "GiveUniqueTensorNames", "Relu Exp Sub", 0);
}
END_TEST

START_TEST (random_names_are_six_letters_and_differ)
{
  struct qx_model *model = qx_graph (13, chain);

  ck_keeps (model, "GiveRandomTensorNames", NULL, NULL, "Relu Exp Neg", 0);
  for (size_t i = 0; i < 3; i++) {
    const char *name = qx_node_output (qx_node_at (model, i), 0);
    ck_assert_uint_eq (strlen (name), 6);
    for (size_t k = 0; k < 6; k++)
      ck_assert (isalnum ((unsigned char) name[k]));
    ck_assert_str_ne (name, qx_node_input (qx_node_at (model, i), 0));
  }
  qx_model_free (model);
}
END_TEST

START_TEST (nodes_get_a_prefix_and_readable_names_need_them)
{
  struct qx_model *model = qx_graph (13, "in x [1,3]\nout y [1,3]\na = Relu(x)\ny = Relu(a)");

  qx_refuse (model, "GiveReadableTensorNames", NULL, NULL, "transform", "has no name yet");
  qx_apply (model, "GiveUniqueNodeNames", "prefix", "top_");
  ck_assert_str_eq (qx_node_name (qx_node_at (model, 1)), "top_Relu_1");
  qx_apply (model, "GiveReadableTensorNames", NULL, NULL);
  ck_assert_str_eq (qx_node_output (qx_node_at (model, 0), 0), "top_Relu_0_out0");
  qx_model_free (model);
}
END_TEST

/* ---- constants ---- */

START_TEST (doubles_become_single_floats)
{
  struct qx_model *model =
      qx_graph (13, "in x [1,3]\nout y [1,3]\nc = DOUBLE [3] 0.5 -1 2\nd = FLOAT [] 1\n"
                    "s = INT64 [2] 1 3\na = Add(x, c)\nb = Reshape(a, s)\ny = Mul(b, d)");

  qx_apply (model, "DoubleToSingleFloat", NULL, NULL);
  ck_assert_int_eq (qx_elem_type (model, "c"), QX_FLOAT);
  ck_assert_int_eq (qx_tensor_type (qx_initializer (model, "c")), QX_FLOAT);
  ck_assert (qx_constant (model, 0, 1)[0] == 0.5F && qx_constant (model, 0, 1)[1] == -1);
  ck_assert_int_eq (qx_elem_type (model, "s"), QX_INT64);
  qx_model_free (model);
}
END_TEST

START_TEST (sums_and_products_compute_what_differences_and_quotients_did)
{
  ck_text_keeps ("in x [3]\nout y [3]\nc = [3] 1 -2 0.5\ny = Sub(x, c)", "ConvertSubToAdd", "Add", 0);
  ck_text_keeps ("in x INT64 [3]\nout y INT64 [3]\nx : INT8\nc = INT64 [3] 1 -2 3\ny = Sub(x, c)",
                 "ConvertSubToAdd", "Add", 0);
  ck_text_keeps ("in x [3]\nout y [3]\nc = [] 4\ny = Div(x, c)", "ConvertDivToMul", "Mul", 0);
  /* others read the constant as it is */
  ck_text_keeps ("in x [3]\nout y [3]\nc = [3] 1 -2 0.5\na = Sub(x, c)\ny = Mul(a, c)", "ConvertSubToAdd",
                 "Add Mul", 0);
  /* no constant, or on the other side, or of whole numbers, which have no reciprocal */
  ck_text_stays ("in x [3]\nin c [3]\nout y [3]\ny = Sub(x, c)", "ConvertSubToAdd");
  ck_text_stays ("in x [3]\nout y [3]\nc = [3] 1 2 3\ny = Sub(c, x)", "ConvertSubToAdd");
  ck_text_stays ("in x INT64 [3]\nout y INT64 [3]\nc = INT64 [] 2\ny = Div(x, c)", "ConvertDivToMul");
}
END_TEST

START_TEST (paddings_become_inputs)
{
  static const int64_t wanted[] = { 0, 1, 0, 2 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (10, "in x [1,3]\nout y [1,6]\ny = Pad(x) pads=[0,1,0,2] value=1.5"),
                  *before;
  const struct qx_tensor *pads;

  before = qx_model_copy (model, &err);
  qx_apply (model, "MovePadAttributeToTensor", NULL, NULL);
  pads = qx_initializer (model, qx_node_input (qx_node_at (model, 0), 1));
  ck_assert_uint_eq (qx_node_n_attrs (qx_node_at (model, 0)), 0);
  ck_assert_mem_eq (qx_tensor_ints (pads, &err), wanted, sizeof wanted);
  ck_assert (qx_constant (model, 0, 2)[0] == 1.5F);
  ck_ok (qx_set_opset (model, "", 11, &err), &err);
  ck_same (before, model, 0);
  qx_model_free (before);
  qx_model_free (model);
  model = qx_graph (
      10, "in x [1,3]\nout y [1,3]\na = Pad(x) pads=[0,0,0,0]\ny = Pad(a, b)\nb = INT64 [4] 0 0 0 0");
  qx_apply (model, "MovePadAttributeToTensor", NULL, NULL);
  ck_assert_uint_eq (qx_node_n_inputs (qx_node_at (model, 0)), 2);
  qx_model_free (model);
  model = qx_graph (10, "in x INT4 [1,3]\nout y INT4 [1,4]\ny = Pad(x) pads=[0,0,0,1] value=1.");
  qx_refuse (model, "MovePadAttributeToTensor", NULL, NULL, "transform",
             "no constant can be made of its input's type");
  qx_model_free (model);
}
END_TEST

/* ---- nodes that do nothing ---- */

START_TEST (nodes_that_do_nothing_go)
{
  static const char *const nodes[] = {
    "c = [] 0\nb = Sub(a, c)", "c = [1,3] 1 1 1\nb = Div(a, c)", "c = INT64 [4] 0 0 0 0\nb = Pad(a, c)",
    "b = Dropout(a)",          "c = [] 0\nb = Dropout(a, c)",    "b = Identity(a)"
  };
  char text[256];

  for (size_t i = 0; i < COUNT (nodes); i++) {
    snprintf (text, sizeof text, "in x [1,3]\nout y [1,3]\na = Relu(x)\n%s\ny = Neg(b)", nodes[i]);
    ck_text_keeps (text, "RemoveIdentityOps", "Relu Neg", 0);
  }
}
END_TEST

/* Before opset 12 the ratio is an attribute, 0.5 where it is left out. */
START_TEST (an_old_dropout_does_nothing_only_where_it_says_so)
{
  struct qx_model *model =
      qx_graph (11, "in x [1,3]\nout y [1,3]\na = Relu(x)\nb = Dropout(a) ratio=0.\ny = Neg(b)");

  ck_keeps (model, "RemoveIdentityOps", NULL, NULL, "Relu Neg", 0);
  qx_model_free (model);
  model = qx_graph (11, "in x [1,3]\nout y [1,3]\na = Relu(x)\nb = Dropout(a)\ny = Neg(b)");
  ck_keeps (model, "RemoveIdentityOps", NULL, NULL, "Relu Dropout Neg", 0);
  qx_model_free (model);
}
END_TEST

START_TEST (nodes_that_do_something_stay)
{
  static const char *const nodes[] = {
    "c = INT64 [4] 0 1 0 0\nb = Pad(a, c)",
    "c = [3] 0 0 0.1\nb = Add(a, c)",
    "b, m = Dropout(a)\nout m BOOL [1,3]",
    "in c [1,3]\nb = Add(a, c)",
    "c = [] 0\nb = Sub(c, a)",
    "c = [2,1] 0 0\nb = Add(a, c)",
    "c = [] 0.5\nb = Dropout(a, c)",
  };
  char text[256];

  for (size_t i = 0; i < COUNT (nodes); i++) {
    snprintf (text, sizeof text, "in x [1,3]\nout y [-1,-1]\na = Relu(x)\n%s\ny = Neg(b)", nodes[i]);
    ck_text_stays (text, "RemoveIdentityOps");
  }
}
END_TEST

/* ---- one model before another ---- */

struct folder {
  char *path, *file;
};

static void
open_folder (struct folder *folder, const char *text, int64_t opset)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (opset, text);

  folder->path = scratch_make ();
  folder->file = scratch_path (folder->path, "before.onnx");
  ck_ok (qx_save (model, folder->file, &err), &err);
  qx_model_free (model);
}

static void
close_folder (struct folder *folder)
{
  free (folder->file);
  scratch_remove (folder->path);
}

/* Both use the same names for other things: y = (relu (x) + 1, 2, 3) * (2, 3, 4) + u, in one graph. */
START_TEST (a_model_goes_before_another)
{
  static const char before[] =
      "import brevitas. 1\nin x [1,3]\nin other [1,3]\nout y [1,3]\nout z [1,3]\nx : INT4\n"
      "c = [3] 1 2 3\na = Relu(x) @node\nb = Add(a, c) @node2\ny = Mul(b, other)\nz = Neg(a)";
  static const char then[] =
      "in a [1,3]\nin u [1,3]\nout y [1,3]\nc = [3] 2 3 4\nb = Mul(a, c) @node\ny = Add(b, u)";
  static const char whole[] =
      "in x [1,3]\nin other [1,3]\nin u [1,3]\nout y [1,3]\nx : INT4\nc = [3] 1 2 3\n"
      "d = [3] 2 3 4\na = Relu(x)\nb = Add(a, c)\ne = Mul(b, other)\nf = Mul(e, d)\ny = Add(f, u)";
  struct qx_model *model = qx_graph (11, then), *wanted = qx_graph (13, whole);
  struct folder folder;

  open_folder (&folder, before, 13);
  qx_apply (model, "MergeONNXModels", "pre_model", folder.file);
  ck_same (wanted, model, 0);
  ck_assert_uint_eq (qx_n_outputs (model), 1);
  ck_assert_str_eq (qx_graph_name (model), "fuse-graph");
  ck_assert_str_eq (qx_producer_name (model), "fuse_model");
  ck_assert_int_eq (qx_opset_of (model, ""), 13);
  ck_assert_int_eq (qx_opset_of (model, "onnx.brevitas"), 1);
  ck_assert_str_eq (qx_annotation (model, qx_input (model, 0), "finn_datatype"), "INT4");
  ck_assert_str_eq (qx_input (model, 2), "global_in_2");
  ck_assert_str_eq (qx_output (model, 0), "global_out");
  qx_model_free (wanted);
  qx_model_free (model);
  close_folder (&folder);
}
END_TEST

START_TEST (models_that_do_not_join_are_refused)
{
  static const struct {
    const char *before, *then, *part;
  } cases[] = {
    { "in x [1,4]\nout y [1,4]\ny = Relu(x)", chain, "has not the shape of output y of the model before" },
    { "in x [1,3]\nout x2 [1,3]\nx2 = [1,3] 1 2 3\nz = Relu(x)", chain, "has no output that a node makes" },
    { chain, "out y [3]\nc = [3] 1 2 3\ny = Relu(c)", "the graph has no input to connect to" },
  };

  for (size_t i = 0; i < COUNT (cases); i++) {
    struct qx_model *model = qx_graph (13, cases[i].then);
    struct folder folder;
    open_folder (&folder, cases[i].before, 13);
    qx_refuse (model, "MergeONNXModels", "pre_model", folder.file, "transform", cases[i].part);
    qx_model_free (model);
    close_folder (&folder);
  }
}
END_TEST

START_TEST (a_model_before_that_is_not_there_is_an_error)
{
  struct qx_model *model = qx_graph (13, chain);

  qx_refuse (model, "MergeONNXModels", "pre_model", "/nowhere/x.onnx", "model_load", "/nowhere/x.onnx");
  ck_ops (model, "Relu Exp Neg");
  qx_model_free (model);
}
END_TEST

/* ---- partitions ---- */

/* Two ways from x to y; two of its nodes have results that are read outside. */
static const char ways[] =
    "in x [1,3]\nout y [1,3]\nout z [1,3]\nc = [3] 1 2 3\na = Relu(x) @n0\nb = Add(a, c) @n1\n"
    "d = Exp(b) @n2\ne = Mul(d, a) @n3\ny = Neg(e) @n4\nz = Sub(b, e) @n5";

static void
part (struct qx_model *model, const char *parts, const char *folder)
{
  apply_2 (model, "PartitionFromDict", "partitioning", parts, "partition_dir", folder);
}

START_TEST (a_part_becomes_a_model_and_comes_back)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, ways), *as_it_was = qx_graph (13, ways), *inner;
  char *folder = scratch_make (), *file = scratch_path (folder, "partition_0.onnx");

  part (model, "{\"0\": [1, 2, 3]}", folder);
  ck_ops (model, "Relu GenericPartition Neg Sub");
  ck_assert_str_eq (qx_node_name (qx_node_at (model, 1)), "GenericPartition_0");
  ck_assert_str_eq (qx_node_string (qx_node_at (model, 1), "model", ""), file);
  ck_assert_uint_eq (qx_node_n_inputs (qx_node_at (model, 1)), 1);
  ck_assert_uint_eq (qx_node_n_outputs (qx_node_at (model, 1)), 2);
  inner = qx_load (file, &err);
  ck_assert_ptr_nonnull (inner);
  ck_ops (inner, "Add Exp Mul");
  ck_assert_str_eq (qx_input (inner, 0), "a");
  qx_apply (model, "ExtendPartition", "extend_index", "[1]");
  ck_ops (model, "Relu Add Exp Mul Neg Sub");
  ck_same (as_it_was, model, 0);
  qx_model_free (inner);
  qx_model_free (model);
  qx_model_free (as_it_was);
  free (file);
  scratch_remove (folder);
}
END_TEST

/* Meanwhile the names outside have changed: to ones of tensors inside. */
START_TEST (a_part_comes_back_into_a_graph_of_other_names)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, ways), *as_it_was = qx_graph (13, ways);
  char *folder = scratch_make ();

  part (model, "{\"left\": [1, 2], \"right\": [3, 4, 5]}", folder);
  ck_ops (model, "Relu GenericPartition GenericPartition");
  ck_ok (qx_rename_tensor (model, "a", "d_", &err), &err);
  ck_ok (qx_rename_tensor (model, "d", "c", &err), &err);
  qx_apply (model, "ExtendPartition", "extend_index", "[2, 1]");
  ck_same (as_it_was, model, 0);
  qx_model_free (model);
  qx_model_free (as_it_was);
  scratch_remove (folder);
}
END_TEST

START_TEST (parts_that_cannot_be_are_refused)
{
  static const struct {
    const char *parts, *category, *text;
  } cases[] = {
    { "{\"0\": [1, 4, 0]}", "transform", "partition 0: depends on itself, through nodes outside" },
    { "{\"0\": [1, 2], \"1\": [2]}", "config", "node n2: in two partitions" },
    { "{\"0\": [6]}", "config", "a node index is beyond the last node" },
    { "{\"0\": [-1]}", "config", "a node index is beyond the last node" },
    { "{\"0\": []}", "config", "a partition has no nodes" },
    { "{\"0\": 1}", "config", "{ID: [NODE INDEX, ...]} is wanted" },
    { "[1]", "config", "{ID: [NODE INDEX, ...]} is wanted" },
  };
  char *folder = scratch_make ();

  for (size_t i = 0; i < COUNT (cases); i++) {
    struct qx_model *model = qx_graph (13, ways);
    refuse_2 (model, "PartitionFromDict", "partitioning", cases[i].parts, "partition_dir", folder,
              cases[i].category, cases[i].text);
    ck_ops (model, "Relu Add Exp Mul Neg Sub");
    qx_model_free (model);
  }
  scratch_remove (folder);
}
END_TEST

START_TEST (parts_need_a_folder)
{
  struct qx_model *model = qx_graph (13, ways);
  char *folder = scratch_make (), *file = scratch_path (folder, "file");

  scratch_write (file, "", 0);
  refuse_2 (model, "PartitionFromDict", "partitioning", "{\"0\": [1]}", "partition_dir", file, "environment",
            file);
  qx_model_free (model);
  free (file);
  scratch_remove (folder);
}
END_TEST

START_TEST (what_is_no_part_does_not_come_back)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_graph (13, ways);
  char *folder = scratch_make (), *file = scratch_path (folder, "partition_0.onnx");

  part (model, "{\"0\": [1, 2, 3]}", folder);
  qx_refuse (model, "ExtendPartition", "extend_index", "[0]", "config",
             "no GenericPartition with such an index");
  qx_refuse (model, "ExtendPartition", "extend_index", "[9]", "config",
             "no GenericPartition with such an index");
  qx_refuse (model, "ExtendPartition", "extend_index", "{}", "config", "a list of node indices is wanted");
  ck_ok (qx_node_set_input (model, qx_node_at (model, 1), 1, "x", &err), &err);
  qx_refuse (model, "ExtendPartition", "extend_index", "[1]", "transform",
             "node GenericPartition_0 (GenericPartition): has not the inputs and outputs of its model");
  ck_assert_int_eq (remove (file), 0);
  qx_refuse (model, "ExtendPartition", "extend_index", "[1]", "model_load", "partition_0.onnx");
  qx_model_free (model);
  free (file);
  scratch_remove (folder);
}
END_TEST

/* ---- batches ---- */

START_TEST (a_batch_changes_with_the_shapes_that_name_it)
{
  static const int64_t wanted[] = { 4, 6 };
  struct qx_model *model =
      qx_graph (13, "in x [1,2,3]\nout y [1,6]\ns = INT64 [2] 1 -1\na = Reshape(x, s)\ny = Relu(a)");

  qx_refuse (model, "ChangeBatchSize", "bsize", "0", "transform", "a batch has at least one element");
  qx_apply (model, "ChangeBatchSize", "bsize", "4");
  qx_apply (model, "InferShapes", NULL, NULL);
  ck_shape (model, "a", 2, wanted);
  ck_shape (model, "y", 2, wanted);
  qx_model_free (model);
  model = qx_graph (13, "in x []\nout y []\ny = Relu(x)");
  qx_refuse (model, "ChangeBatchSize", "bsize", "2", "transform",
             "tensor x: has no batch dimension to change");
  qx_model_free (model);
  model = qx_graph (13, "out y [1]\nc = [1] 1\ny = Relu(c)");
  qx_refuse (model, "ChangeBatchSize", "bsize", "2", "transform", "the graph has no input or no output");
  qx_model_free (model);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    an_identity_goes_to_either_side_of_a_tensor,
    an_identity_at_the_edge_renames_it,
    identities_at_all_edges_leave_their_names,
    an_identity_without_a_place_is_an_error,
    tensors_inside_become_outputs,
    topk_looks_where_it_is_told,
    topk_refuses_what_is_not_there,
    tensors_are_numbered,
    numbering_confuses_nothing,
    random_names_are_six_letters_and_differ,
    nodes_get_a_prefix_and_readable_names_need_them,
    doubles_become_single_floats,
    sums_and_products_compute_what_differences_and_quotients_did,
    paddings_become_inputs,
    nodes_that_do_nothing_go,
    an_old_dropout_does_nothing_only_where_it_says_so,
    nodes_that_do_something_stay,
    a_model_goes_before_another,
    models_that_do_not_join_are_refused,
    a_model_before_that_is_not_there_is_an_error,
    a_part_becomes_a_model_and_comes_back,
    a_part_comes_back_into_a_graph_of_other_names,
    parts_that_cannot_be_are_refused,
    parts_need_a_folder,
    what_is_no_part_does_not_come_back,
    a_batch_changes_with_the_shapes_that_name_it,
  };

  return run_tests ("qx_pass_graph", tests, COUNT (tests), 60);
}
