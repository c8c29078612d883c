/* SPDX-License-Identifier: BSD-3-Clause */
/* libqonnxc: passes that move channels and what stands before a fork. The graph computes the same before and after. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/qx_graph.h"
#include "tests/unit/suite.h"

#define COUNT(a) (sizeof (a) / sizeof (a)[0])

static const int64_t last4[] = { 1, 3, 3, 2 };

/* ---- forks ---- */

#define FORK(node) "in x [1,3]\nout y [1,3]\nout z [1,3]\nc = [3] 1 2 3\n" node "\ny = Relu(a)\nz = Neg(a)"

START_TEST (a_node_before_a_fork_is_copied_into_its_branches)
{
  ck_text_keeps (FORK ("a = Add(x, c)"), "MoveAddPastFork", "Add Add Relu Neg", 0);
  ck_text_keeps (FORK ("a = Mul(x, c)"), "MoveMulPastFork", "Mul Mul Relu Neg", 0);
  ck_text_keeps (FORK ("b = Add(x, c)\na = Mul(b, c)"), "MoveLinearPastFork", "Add Add Mul Mul Relu Neg", 0);
  ck_text_keeps ("in x [2,3]\nout y [3,2]\nout z [3,2]\na = Transpose(x)\ny = Relu(a)\nz = Neg(a)",
                 "MoveTransposePastFork", "Transpose Transpose Relu Neg", 0);
}
END_TEST

/* Each copy has a constant of its own. */
START_TEST (copies_before_a_fork_share_nothing)
{
  struct qx_model *model = qx_graph (13, FORK ("a = Add(x, c)"));

  qx_apply (model, "MoveAddPastFork", NULL, NULL);
  ck_assert_str_ne (qx_node_input (qx_node_at (model, 0), 1), qx_node_input (qx_node_at (model, 1), 1));
  ck_assert_mem_eq (qx_constant (model, 0, 1), qx_constant (model, 1, 1), 3 * sizeof (float));
  qx_model_free (model);
}
END_TEST

/* One reader takes it twice: it is a branch for each. */
START_TEST (a_reader_that_reads_twice_gets_two_copies)
{
  ck_text_keeps (
      "in x [1,3]\nout y [1,3]\nout z [1,3]\nc = [3] 1 2 3\na = Add(x, c)\ny = Mul(a, a)\nz = Neg(a)",
      "MoveAddPastFork", "Add Add Add Mul Neg", 0);
}
END_TEST

START_TEST (operators_before_a_fork_can_be_named)
{
  struct qx_model *model = qx_graph (13, FORK ("a = LeakyRelu(x) alpha=0.25"));

  ck_keeps (model, "MoveOpPastFork", "op_name_list", "[\"Tanh\"]", "LeakyRelu Relu Neg", 0);
  ck_keeps (model, "MoveOpPastFork", "op_name_list", "[\"Tanh\", \"LeakyRelu\"]",
            "LeakyRelu LeakyRelu Relu Neg", 0);
  ck_assert (qx_node_float (qx_node_at (model, 1), "alpha", 0) == 0.25F);
  qx_model_free (model);
}
END_TEST

/* Each copy has all constants of its own. */
START_TEST (quantisers_before_a_fork_can_be_named)
{
  struct qx_model *model =
      qx_graph (13, FORK ("s = [] 0.5\nn = [] 0\nb = [] 4\na = q.Quant(x, s, n, b) signed=1 narrow=1"));

  ck_keeps (model, "MoveOpPastFork", "op_name_list", "[\"Quant\"]", "Quant Quant Relu Neg", 0);
  ck_assert_str_eq (qx_node_domain (qx_node_at (model, 1)), qx_node_domain (qx_node_at (model, 0)));
  ck_assert_int_eq (qx_node_int (qx_node_at (model, 1), "narrow", 0), 1);
  ck_assert (qx_constant (model, 1, 1)[0] == 0.5F && qx_constant (model, 1, 3)[0] == 4);
  ck_assert_str_ne (qx_node_input (qx_node_at (model, 0), 3), qx_node_input (qx_node_at (model, 1), 3));
  qx_model_free (model);
}
END_TEST

START_TEST (what_does_not_fork_stays)
{
  /* two inputs that are computed; one reader; one reader that reads twice; another operator */
  ck_text_stays ("in x [3]\nin u [3]\nout y [3]\nout z [3]\na = Add(x, u)\ny = Relu(a)\nz = Neg(a)",
                 "MoveAddPastFork");
  ck_text_stays ("in x [3]\nout y [3]\nc = [3] 1 2 3\na = Add(x, c)\ny = Relu(a)", "MoveAddPastFork");
  ck_text_stays ("in x [3]\nout y [3]\nc = [3] 1 2 3\na = Add(x, c)\ny = Mul(a, a)", "MoveAddPastFork");
  ck_text_stays (FORK ("a = Sub(x, c)"), "MoveLinearPastFork");
}
END_TEST

/* ---- a flattening and a product ---- */

#define FLAT(flatten, product)                                                                               \
  "in x [1,2,2,3]\nout y [1,2]\nw = [12,2] ~\nt = Transpose(x) perm=[0,3,1,2]\n" flatten "\n" product

START_TEST (the_weight_takes_the_order_of_the_pixels)
{
  static const char wanted[] = "Flatten MatMul";

  ck_text_keeps (FLAT ("f = Flatten(t) axis=1", "y = MatMul(f, w)"), "AbsorbChanFirstIntoMatMul", wanted, 0);
  ck_text_keeps (FLAT ("r = INT64 [2] 1 -1\nf = Reshape(t, r)", "y = MatMul(f, w)"),
                 "AbsorbChanFirstIntoMatMul", wanted, 0);
  ck_text_keeps (FLAT ("f = Flatten(t)", "b = [2] 1 2\ny = Gemm(f, w, b)"), "AbsorbChanFirstIntoMatMul",
                 "Flatten Gemm", 0);
  ck_text_keeps (FLAT ("f = Flatten(t)", "v = [2,12] ~\nb = [2] 1 2\ny = Gemm(f, v, b) transB=1"),
                 "AbsorbChanFirstIntoMatMul", "Flatten Gemm", 0);
  /* [N, W, C] */
  ck_text_keeps ("in x [1,4,3]\nout y [1,2]\nw = [12,2] ~\nt = Transpose(x) perm=[0,2,1]\nf = Flatten(t)\n"
                 "y = MatMul(f, w)",
                 "AbsorbChanFirstIntoMatMul", wanted, 0);
}
END_TEST

/* Row 1 of the weight was pixel 1 of channel 0 and is channel 1 of pixel 0, which was row 4. */
START_TEST (rows_of_the_weight_change_places)
{
  struct qx_model *model = qx_graph (13, FLAT ("f = Flatten(t)", "y = MatMul(f, w)"));
  float old[24];

  memcpy (old, qx_constant (model, 2, 1), sizeof old);
  qx_apply (model, "AbsorbChanFirstIntoMatMul", NULL, NULL);
  ck_assert_mem_eq (qx_constant (model, 1, 1) + 2, old + 8, 2 * sizeof *old);
  qx_model_free (model);
}
END_TEST

START_TEST (the_weight_of_a_quantiser_takes_the_order_too)
{
  static const char *const scales[] = { "s = [] 0.5", "s = [1,2] 0.5 0.25", "s = [2] 0.5 0.25" };
  char text[512];

  for (size_t i = 0; i < COUNT (scales); i++) {
    snprintf (text, sizeof text,
              FLAT ("f = Flatten(t)", "%s\nz = [] 0\nb = [] 4\nq = q.Quant(w, s, z, b) signed=1 narrow=0\n"
                                      "y = MatMul(f, q)"),
              scales[i]);
    ck_text_keeps (text, "AbsorbChanFirstIntoMatMul", "Flatten Quant MatMul", 0);
  }
}
END_TEST

/* The other product goes on with the weight as it was. */
START_TEST (a_weight_that_others_read_is_copied)
{
  ck_text_keeps ("in x [1,2,2,3]\nin u [1,12]\nout y [1,2]\nout z [1,2]\nw = [12,2] ~\n"
                 "t = Transpose(x) perm=[0,3,1,2]\nf = Flatten(t)\ny = MatMul(f, w)\nz = MatMul(u, w)",
                 "AbsorbChanFirstIntoMatMul", "Flatten MatMul MatMul", 0);
}
END_TEST

START_TEST (a_flattening_that_is_not_alone_stays)
{
  static const char pass[] = "AbsorbChanFirstIntoMatMul";

  /* read by another node; an output; the right side of the product; a computed weight; another transposition; batches too */
  ck_text_stays (FLAT ("f = Flatten(t)\nout z [1,12]\nz = Relu(f)", "y = MatMul(f, w)"), pass);
  ck_text_stays (FLAT ("f = Flatten(t)\nout z [1,3,2,2]\nz = Relu(t)", "y = MatMul(f, w)"), pass);
  ck_text_stays (FLAT ("out f [1,12]\nf = Flatten(t)", "y = MatMul(f, w)"), pass);
  ck_text_stays (
      "in x [1,2,2,3]\nout y [2,12]\nw = [2,1] ~\nt = Transpose(x) perm=[0,3,1,2]\nf = Flatten(t)\n"
      "y = MatMul(w, f)",
      pass);
  ck_text_stays ("in x [1,2,2,3]\nin u [12,2]\nout y [1,2]\nt = Transpose(x) perm=[0,3,1,2]\nf = Flatten(t)\n"
                 "y = MatMul(f, u)",
                 pass);
  ck_text_stays (
      "in x [1,2,2,3]\nout y [1,2]\nw = [12,2] ~\nt = Transpose(x) perm=[0,2,1,3]\nf = Flatten(t)\n"
      "y = MatMul(f, w)",
      pass);
  ck_text_stays ("in x [2,2,2,3]\nout y [1,2]\nw = [24,2] ~\nr = INT64 [2] 1 -1\n"
                 "t = Transpose(x) perm=[0,3,1,2]\nf = Reshape(t, r)\ny = MatMul(f, w)",
                 pass);
  ck_text_stays (FLAT ("f = Flatten(t)", "y = Gemm(w, f) transA=1 transB=1"), pass);
  /* a scale for each row; a quantiser that others read */
  ck_text_stays (FLAT ("f = Flatten(t)", "s = [12,1] 1 2 3 4 5 6 7 8 9 10 11 12\nz = [] 0\nb = [] 4\n"
                                         "q = q.Quant(w, s, z, b) signed=1 narrow=0\ny = MatMul(f, q)"),
                 pass);
  ck_text_stays (FLAT ("f = Flatten(t)", "s = [] 1\nz = [] 0\nb = [] 4\nout v [12,2]\nv = Relu(q)\n"
                                         "q = q.Quant(w, s, z, b) signed=1 narrow=0\ny = MatMul(f, q)"),
                 pass);
}
END_TEST

/* ---- pairs of transposes ---- */

#define PAIR(second) "in x [1,3,3,2]\nout y [1,3,3,2]\na = Relu(x)\nt = Transpose(a) perm=[0,3,1,2]\n" second

START_TEST (transposes_that_undo_each_other_go)
{
  static const char pass[] = "RemoveConsecutiveChanFirstAndChanLastTrafos";

  ck_text_keeps (PAIR ("u = Transpose(t) perm=[0,2,3,1]\ny = Neg(u)"), pass, "Relu Neg", 0);
  /* all readers of the second */
  ck_text_keeps (PAIR ("out z [1,3,3,2]\nu = Transpose(t) perm=[0,2,3,1]\ny = Neg(u)\nz = Exp(u)"), pass,
                 "Relu Neg Exp", 0);
  ck_text_keeps ("in x [1,3,2]\nout y [1,3,2]\na = Relu(x)\nt = Transpose(a) perm=[0,2,1]\n"
                 "u = Transpose(t) perm=[0,2,1]\ny = Neg(u)",
                 pass, "Relu Neg", 0);
  /* an output; read by others; not the other way */
  ck_text_stays (PAIR ("y = Transpose(t) perm=[0,2,3,1]"), pass);
  ck_text_stays (PAIR ("out z [1,2,3,3]\nz = Exp(t)\nu = Transpose(t) perm=[0,2,3,1]\ny = Neg(u)"), pass);
  ck_text_stays ("in x [1,3,3,2]\nout y [1,3,2,3]\na = Relu(x)\nt = Transpose(a) perm=[0,3,1,2]\n"
                 "u = Transpose(t) perm=[0,3,1,2]\ny = Neg(u)",
                 pass);
}
END_TEST

/* ---- to channels last, up ---- */

#define UP(node) "in x [1,2,3,3]\nout y [1,3,3,2]\n" node "\ny = Transpose(a) perm=[0,2,3,1]"

START_TEST (a_transpose_to_channels_last_goes_up)
{
  static const char pass[] = "MoveChanLastUpstream";

  ck_text_keeps (UP ("a = Relu(x)"), pass, "Transpose Relu", 0);
  ck_text_keeps (UP ("b = LeakyRelu(x) alpha=0.5\nc = [1] 2\na = Mul(b, c)"), pass, "Transpose LeakyRelu Mul",
                 0);
  ck_text_keeps (UP ("c = [] 2\na = Sub(x, c)"), pass, "Transpose Sub", 0);
  ck_text_keeps (UP ("s = [] 0.5\nz = [] 0\nb = [] 3\na = q.Quant(x, s, z, b) signed=1 narrow=0"), pass,
                 "Transpose Quant", 0);
}
END_TEST

START_TEST (a_transpose_does_not_pass_what_depends_on_places)
{
  static const char pass[] = "MoveChanLastUpstream";

  ck_text_stays (UP ("c = [1,2,1,1] 2 3\na = Mul(x, c)"), pass);
  ck_text_stays (UP ("c = [] 2\na = Sub(c, x)"), pass);
  ck_text_stays (UP ("s = [1,2,1,1] 0.5 1\nz = [] 0\nb = [] 3\na = q.Quant(x, s, z, b) signed=1 narrow=0"),
                 pass);
  ck_text_stays (UP ("a = Softmax(x) axis=1"), pass);
  ck_text_stays (UP ("out z [1,2,3,3]\nz = Neg(a)\na = Relu(x)"), pass);
  ck_text_stays ("in x [1,3,3,2]\nout y [1,2,3,3]\na = Relu(x)\ny = Transpose(a) perm=[0,3,1,2]", pass);
}
END_TEST

/* ---- to channels first, down ---- */

#define DOWN(node) "in x [1,3,3,2]\nout y [1,2,3,3]\na = Relu(x)\nt = Transpose(a) perm=[0,3,1,2]\n" node

START_TEST (a_transpose_to_channels_first_goes_down)
{
  static const char pass[] = "MoveChanFirstDownstream";

  ck_text_keeps (DOWN ("y = Neg(b)\nb = Exp(t)"), pass, "Relu Exp Transpose Neg", 0);
  ck_text_keeps (DOWN ("c = [1,2,1,1] 2 3\ny = Add(t, c)"), pass, "Relu Add Transpose", 0);
  ck_text_keeps (DOWN ("c = [2,3,3] ~\ny = Sub(c, t)"), pass, "Relu Sub Transpose", 0);
  ck_text_keeps (DOWN ("c = [] 2\ny = Pow(t, c)"), pass, "Relu Pow Transpose", 0);
  ck_text_keeps (DOWN ("s = [1,2,1,1] 0.5 1\nz = [] 0\nb = [] 3\ny = q.Quant(t, s, z, b) signed=1 narrow=0"),
                 pass, "Relu Quant Transpose", 0);
  /* another computed input is turned the other way */
  ck_text_keeps (DOWN ("in u [1,2,3,3]\ny = Mul(t, u)"), pass, "Relu Transpose Mul Transpose", 0);
}
END_TEST

/* Before opset 13 Unsqueeze has its axes as an attribute. */
START_TEST (a_constant_of_lower_rank_is_raised_in_all_versions)
{
  static const int64_t opsets[] = { 11, 13 };

  for (size_t i = 0; i < COUNT (opsets); i++) {
    struct qx_model *model = qx_graph (opsets[i], DOWN ("c = [3] 1 2 3\ny = Add(t, c)"));
    ck_keeps (model, "MoveChanFirstDownstream", NULL, NULL, "Relu Add Transpose", 0);
    qx_model_free (model);
  }
}
END_TEST

START_TEST (a_transpose_does_not_go_down_everywhere)
{
  static const char pass[] = "MoveChanFirstDownstream";

  ck_text_stays (DOWN ("y = Softmax(t) axis=1"), pass);
  ck_text_stays (DOWN ("y = Mul(t, t)"), pass);
  ck_text_stays (DOWN ("y = Exp(t)\nout z [1,2,3,3]\nz = Neg(t)"), pass);
  /* right behind the graph's input */
  ck_text_stays ("in x [1,3,3,2]\nout y [1,2,3,3]\nt = Transpose(x) perm=[0,3,1,2]\ny = Exp(t)", pass);
  /* the result has more dimensions than what is transposed */
  ck_text_stays ("in x [1,3,3,2]\nout y [1,1,2,3,3]\na = Relu(x)\nt = Transpose(a) perm=[0,3,1,2]\n"
                 "c = [1,1,1,1,1] 2\ny = Add(t, c)",
                 pass);
}
END_TEST

/* ---- the conversion ---- */

#define NET                                                                                                  \
  "in x [1,1,6,6]\nout y [1,3]\nw = [2,1,3,3] ~\nb = [2] 1 -1\ns = [2] 2 1\nh = [2] 0 1\nm = [2] 1 0\n"      \
  "v = [2] 0.25 1\nd = [8,3] ~\nc = Conv(x, w, b) kernel_shape=[3,3]\n"                                      \
  "n = BatchNormalization(c, s, h, m, v)\nr = Relu(n)\np = MaxPool(r) kernel_shape=[2,2] strides=[2,2]\n"    \
  "f = Flatten(p)\ny = MatMul(f, d)"

START_TEST (operators_get_their_channels_last)
{
  struct qx_model *model = qx_graph (13, NET);

  ck_keeps (
      model, "InsertChannelsLastDomainsAndTrafos", NULL, NULL,
      "Transpose Transpose Conv Transpose Transpose BatchNormalization Transpose Relu Transpose MaxPool "
      "Transpose Flatten MatMul",
      1e-6);
  ck_assert_str_eq (qx_node_domain (qx_node_at (model, 2)), "qonnx.custom_op.channels_last");
  ck_assert_int_eq (qx_opset_of (model, "qonnx.custom_op.channels_last"), 13);
  qx_model_free (model);
}
END_TEST

/* One channel: the order of the input's numbers is the same either way. */
START_TEST (a_whole_net_gets_its_channels_last)
{
  static const int64_t wanted[] = { 1, 6, 6, 1 };
  struct qx_model *model = qx_graph (13, NET);

  ck_keeps (model, "ConvertToChannelsLastAndClean", NULL, NULL,
            "Transpose Conv BatchNormalization Relu MaxPool Flatten MatMul", 1e-6);
  qx_model_free (model);
  model = qx_graph (13, NET);
  ck_keeps (model, "ConvertToChannelsLastAndClean", "make_input_channels_last", "true",
            "Conv BatchNormalization Relu MaxPool Flatten MatMul", 1e-6);
  ck_shape (model, qx_input (model, 0), 4, wanted);
  qx_model_free (model);
}
END_TEST

START_TEST (attributes_of_operators_with_channels_last_are_all_there)
{
  struct qx_model *model = qx_graph (13, "in x [1,2,5]\nout y [1,2,3]\nw = [2,1,2] ~\n"
                                         "a = Conv(x, w) group=2 auto_pad='SAME_UPPER'\n"
                                         "y = MaxPool(a) kernel_shape=[2] strides=[2] pads=[1,0]");
  const struct qx_node *conv;
  const int64_t *pads;
  size_t n;

  ck_keeps (model, "ConvertToChannelsLastAndClean", NULL, NULL, "Transpose Conv MaxPool Transpose", 0);
  conv = qx_node_at (model, 1);
  pads = qx_node_ints (conv, "pads", &n);
  ck_assert (n == 2 && pads[0] == 0 && pads[1] == 1);
  ck_assert_int_eq (qx_node_attr_type (conv, "auto_pad"), QX_ATTR_NONE);
  ck_assert_int_eq (qx_node_int (conv, "group", 0), 2);
  ck_assert (qx_node_ints (conv, "dilations", &n)[0] == 1 && qx_node_ints (conv, "strides", &n)[0] == 1);
  qx_model_free (model);
}
END_TEST

START_TEST (what_has_no_channels_to_move_stays)
{
  static const char pass[] = "InsertChannelsLastDomainsAndTrafos";

  ck_text_stays ("in x [1,2]\nout y [1,2]\ns = [2] 1 2\ny = BatchNormalization(x, s, s, s, s)", pass);
  ck_text_stays ("in x [1,1,2,2,2]\nout y [1,1,1,1,1]\ny = MaxPool(x) kernel_shape=[2,2,2]", pass);
}
END_TEST

START_TEST (the_first_input_gets_its_channels_last_once)
{
  struct qx_model *model = qx_graph (13, "in x [1,2,3,3]\nout y [1,2,3,3]\ny = Relu(x)");

  qx_apply (model, "MakeInputChannelsLast", NULL, NULL);
  ck_ops (model, "Transpose Relu");
  ck_shape (model, "x", 4, last4);
  ck_assert_str_eq (qx_annotation (model, "x_transposed", "tensor_layout"), "['N', 'C', 'H', 'W']");
  qx_apply (model, "MakeInputChannelsLast", NULL, NULL);
  ck_ops (model, "Transpose Relu");
  qx_model_free (model);
  model = qx_graph (13, "in x [1,2,3]\nout y [1,2,3]\ny = Relu(x)");
  qx_apply (model, "MakeInputChannelsLast", NULL, NULL);
  ck_assert_str_eq (qx_annotation (model, "x", "tensor_layout"), "['N', 'W', 'C']");
  qx_model_free (model);
  ck_text_stays ("in x [1,2]\nout y [1,2]\ny = Relu(x)", "MakeInputChannelsLast");
  model = qx_graph (13, "in x [1,2,3]\nout y [1,2,3]\nx_transposed = Neg(x)\ny = Relu(x_transposed)");
  qx_refuse (model, "MakeInputChannelsLast", NULL, NULL, "transform", "the name x_transposed is taken");
  qx_model_free (model);
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    a_node_before_a_fork_is_copied_into_its_branches,
    copies_before_a_fork_share_nothing,
    a_reader_that_reads_twice_gets_two_copies,
    operators_before_a_fork_can_be_named,
    quantisers_before_a_fork_can_be_named,
    what_does_not_fork_stays,
    the_weight_takes_the_order_of_the_pixels,
    rows_of_the_weight_change_places,
    the_weight_of_a_quantiser_takes_the_order_too,
    a_weight_that_others_read_is_copied,
    a_flattening_that_is_not_alone_stays,
    transposes_that_undo_each_other_go,
    a_transpose_to_channels_last_goes_up,
    a_transpose_does_not_pass_what_depends_on_places,
    a_transpose_to_channels_first_goes_down,
    a_constant_of_lower_rank_is_raised_in_all_versions,
    a_transpose_does_not_go_down_everywhere,
    operators_get_their_channels_last,
    a_whole_net_gets_its_channels_last,
    attributes_of_operators_with_channels_last_are_all_there,
    what_has_no_channels_to_move_stays,
    the_first_input_gets_its_channels_last_once,
  };

  return run_tests ("qx_pass_channels", tests, COUNT (tests), 60);
}
