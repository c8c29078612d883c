/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk from a model's path to hardware layers, on small graphs made by hand: what becomes a layer, what stays outside, and what
   is refused, each with the node's name. */
#include <config.h>

#include <check.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/dataflow_estimate/estimate/walk.h"

#define MAX      64
#define SLOTS    5
#define N(array) (sizeof (array) / sizeof (array)[0])

/* ---- a graph that grows at its end ---- */

static struct est_graph graph;
static struct est_tensor tensors[MAX];
static struct est_gnode nodes[MAX];
static struct est_attr attrs[MAX][SLOTS];
static int slots[MAX][2 * SLOTS];
static float values[MAX][512];
static int path; /* the tensor at the end */

static int
add_tensor (const char *name, int rank, const int64_t *dims)
{
  struct est_tensor *t = &tensors[graph.n_tensors];

  memset (t, 0, sizeof *t);
  t->name = name;
  t->known_shape = 1;
  t->rank = rank;
  for (int i = 0; i < rank; i++)
    t->dims[i] = dims[i];
  t->type = EST_TYPE_FLOAT;
  return (int) graph.n_tensors++;
}

static void
annotate (int tensor, struct est_type type)
{
  tensors[tensor].type = type;
  tensors[tensor].annotated = 1;
}

/* Filled with a pattern of the given values, over and over. */
static int
add_constant (int rank, const int64_t *dims, const float *pattern, size_t n)
{
  int index = add_tensor ("constant", rank, dims);
  struct est_tensor *t = &tensors[index];

  t->n = 1;
  for (int i = 0; i < rank; i++)
    t->n *= (size_t) dims[i];
  ck_assert_uint_le (t->n, N (values[0]));
  for (size_t i = 0; i < t->n; i++)
    values[index][i] = pattern[i % n];
  t->values = values[index];
  return index;
}

static int
add_scalar (float value)
{
  return add_constant (0, NULL, &value, 1);
}

static struct est_gnode *
add_node (const char *op, const char *name, int n_inputs, const int *inputs, int output)
{
  struct est_gnode *n = &nodes[graph.n_nodes];

  memset (n, 0, sizeof *n);
  n->op = op;
  n->name = name;
  n->inputs = slots[graph.n_nodes];
  n->outputs = n->inputs + SLOTS;
  n->attrs = attrs[graph.n_nodes];
  n->n_inputs = (size_t) n_inputs;
  n->n_outputs = 1;
  memcpy (n->inputs, inputs, (size_t) n_inputs * sizeof inputs[0]);
  n->outputs[0] = output;
  graph.n_nodes++;
  return n;
}

static void
set_int (struct est_gnode *n, const char *name, int64_t value)
{
  memset (&n->attrs[n->n_attrs], 0, sizeof n->attrs[0]);
  n->attrs[n->n_attrs].name = name;
  n->attrs[n->n_attrs++].i = value;
}

static void
begin (int rank, const int64_t *dims, struct est_type type)
{
  memset (&graph, 0, sizeof graph);
  graph.tensors = tensors;
  graph.nodes = nodes;
  path = graph.input = add_tensor ("in", rank, dims);
  if (est_type_is_integer (type))
    annotate (path, type);
}

static void
begin_flat (int64_t n, struct est_type type)
{
  begin (2, (const int64_t[]){ 1, n }, type);
}

/* A node with the path as its first input and at most one constant; the shape stays. */
static struct est_gnode *
then (const char *op, const char *name, int constant)
{
  int output = add_tensor ("t", tensors[path].rank, tensors[path].dims);
  const int inputs[2] = { path, constant };
  struct est_gnode *n = add_node (op, name, constant >= 0 ? 2 : 1, inputs, output);

  path = output;
  return n;
}

static struct est_gnode *
quant_of (int tensor, const char *name, float scale, float zero, float bits, int is_signed, int narrow)
{
  int output = add_tensor ("q", tensors[tensor].rank, tensors[tensor].dims);
  const int inputs[4] = { tensor, add_scalar (scale), add_scalar (zero), add_scalar (bits) };
  struct est_gnode *n = add_node ("Quant", name, 4, inputs, output);

  set_int (n, "signed", is_signed);
  set_int (n, "narrow", narrow);
  return n;
}

static void
then_quant (const char *name, float scale, float bits, int is_signed, int narrow)
{
  path = quant_of (path, name, scale, 0, bits, is_signed, narrow)->outputs[0];
}

static void
then_bipolar (const char *name, float scale)
{
  then ("BipolarQuant", name, add_scalar (scale));
}

static void
then_reshape (const char *name, int rank, const int64_t *dims)
{
  int output = add_tensor ("t", rank, dims);

  add_node ("Reshape", name, 1, &path, output);
  path = output;
}

/* weights: a tensor of [rows, columns] */
static void
then_product (const char *name, int weights, int64_t columns)
{
  int output = add_tensor ("t", 2, (const int64_t[]){ 1, columns });
  const int inputs[2] = { path, weights };

  add_node ("MatMul", name, 2, inputs, output);
  path = output;
}

/* A product with quantised weights that alternate between the values of a pattern. */
static void
then_matmul (const char *name, int64_t columns, float bits, int narrow, const float *pattern, size_t n)
{
  const int64_t dims[2] = { tensors[path].dims[1], columns };
  int weights = add_constant (2, dims, pattern, n);

  then_product (name, quant_of (weights, "weights", 1, 0, bits, 1, narrow)->outputs[0], columns);
}

static void
then_bipolar_matmul (const char *name, int64_t columns)
{
  static const float pattern[] = { 1, -1, -1 };
  const int64_t dims[2] = { tensors[path].dims[1], columns };
  int weights = add_constant (2, dims, pattern, 3), output = add_tensor ("w", 2, dims);
  const int inputs[2] = { weights, add_scalar (1) };

  add_node ("BipolarQuant", "weights", 2, inputs, output);
  then_product (name, output, columns);
}

static void
then_conv (const char *name, int64_t outputs, int64_t pad, int64_t group)
{
  static const float pattern[] = { 1, 0, -1 };
  static const int64_t ones[2] = { 1, 1 };
  static int64_t all_pads[MAX][4];
  int64_t *pads = all_pads[graph.n_nodes];
  const int64_t *in = tensors[path].dims;
  const int64_t dims[4] = { outputs, in[1] / group, 3, 3 };
  const int64_t shape[4] = { 1, outputs, in[2] + 2 * pad - 2, in[3] + 2 * pad - 2 };
  int weights = quant_of (add_constant (4, dims, pattern, 3), "weights", 1, 0, 2, 1, 1)->outputs[0];
  const int inputs[2] = { path, weights };
  struct est_gnode *n;

  path = add_tensor ("t", 4, shape);
  n = add_node ("Conv", name, 2, inputs, path);
  set_int (n, "group", group);
  set_int (n, "strides", 0);
  n->attrs[1].ints = ones;
  n->attrs[1].n_ints = 2;
  set_int (n, "pads", 0);
  pads[0] = pads[1] = pads[2] = pads[3] = pad;
  n->attrs[2].ints = pads;
  n->attrs[2].n_ints = 4;
}

/* ---- what comes of it ---- */

struct outcome {
  struct est_network net;
  struct est_layer *layers;
  size_t n;
  struct br_error err;
};

static int
finish_flow (struct outcome *o, int standalone, enum est_flow flow)
{
  const struct est_load_options options = { 8, flow };

  memset (o, 0, sizeof *o);
  tensors[path].is_output = 1;
  est_graph_link (&graph);
  if (est_walk_model (&graph, &options, &o->net, &o->err) < 0)
    return -1;
  return est_network_layers (&o->net, standalone, &o->layers, &o->n, &o->err);
}

static int
finish (struct outcome *o, int standalone)
{
  return finish_flow (o, standalone, EST_FLOW_DEFAULT);
}

static void
release (struct outcome *o)
{
  for (size_t i = 0; i < o->net.n; i++) {
    free (o->net.nodes[i].name);
    free (o->net.nodes[i].columns);
  }
  free (o->net.nodes);
  free (o->layers);
  br_error_clear (&o->err);
}

static void
assert_layers (int standalone, size_t n, const enum est_op *ops)
{
  struct outcome o;

  ck_assert_msg (finish (&o, standalone) == 0, "%s", br_error_text (&o.err));
  ck_assert_uint_eq (o.n, n);
  for (size_t i = 0; i < n; i++)
    ck_assert_int_eq (o.layers[i].op, ops[i]);
  release (&o);
}

static void
assert_refused (int standalone, const char *category, const char *begins)
{
  struct outcome o;

  ck_assert_int_eq (finish (&o, standalone), -1);
  ck_assert_str_eq (o.err.category, category);
  ck_assert_msg (strncmp (br_error_text (&o.err), begins, strlen (begins)) == 0, "%s",
                 br_error_text (&o.err));
  release (&o);
}

static const float ternary[] = { 1, 0, -1, 1, 1 };

START_TEST (activation_goes_into_the_matrix_before_it)
{
  static const enum est_op merged[] = { EST_MVAU, EST_MVAU },
                           apart[] = { EST_MVAU, EST_THRESHOLDING, EST_MVAU };

  for (int standalone = 0; standalone < 2; standalone++) {
    begin_flat (8, EST_TYPE_UINT (4));
    then_matmul ("mm0", 6, 2, 1, ternary, 5);
    then ("Add", "shift", add_scalar (0.3f));
    then_quant ("act0", 1, 2, 1, 1);
    then_matmul ("mm1", 3, 2, 1, ternary, 5);
    assert_layers (standalone, standalone ? 3 : 2, standalone ? apart : merged);
  }
}
END_TEST

START_TEST (quantiser_of_a_float_input_stays_outside)
{
  static const enum est_op ops[] = { EST_MVAU };

  begin_flat (8, EST_TYPE_FLOAT);
  then_quant ("act0", 1, 4, 1, 1);
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  assert_layers (0, 1, ops);
}
END_TEST

START_TEST (quantiser_of_an_integer_input_is_a_layer)
{
  static const enum est_op ops[] = { EST_THRESHOLDING, EST_MVAU };

  begin_flat (8, EST_TYPE_UINT (8));
  then_quant ("act0", 0.7f, 4, 1, 1);
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  assert_layers (0, 2, ops);
}
END_TEST

START_TEST (scaled_input_without_quantiser_is_carried_past_the_matrix)
{
  struct outcome o;

  begin_flat (8, EST_TYPE_UINT (8));
  then ("Div", "scale", add_scalar (255));
  then ("Sub", "shift", add_scalar (0.5f));
  then_matmul ("mm0", 6, 2, 1, ternary, 5);
  then_quant ("act0", 1, 2, 1, 1);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_uint_eq (o.n, 1);
  ck_assert (est_type_equal (o.layers[0].in, EST_TYPE_UINT (8)));
  release (&o);
}
END_TEST

START_TEST (bipolar_by_bipolar_counts_equal_bits)
{
  struct outcome o;

  begin_flat (8, EST_TYPE_UINT (8));
  then ("Sub", "shift", add_scalar (3.5f));
  then_bipolar ("act0", 1);
  then_bipolar_matmul ("mm0", 4);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_uint_eq (o.n, 2);
  ck_assert (est_type_equal (o.layers[0].out, EST_TYPE_BINARY));
  ck_assert (o.layers[1].xnor);
  ck_assert (est_type_equal (o.layers[1].in, EST_TYPE_BINARY));
  ck_assert (est_type_equal (o.layers[1].out, EST_TYPE_UINT (32)));
  release (&o);
}
END_TEST

START_TEST (negative_factor_flips_weights_that_admit_it)
{
  static const float lopsided[] = { 1, 1, -1, 0 };
  struct outcome o;

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 1, 2, 1, lopsided, 4);
  then ("Mul", "negate", add_scalar (-0.25f));
  then_quant ("act0", 1, 2, 1, 1);
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert_uint_eq (o.n, 1);
  ck_assert_double_eq (o.layers[0].columns[0].positive, 1);
  ck_assert_double_eq (o.layers[0].columns[0].negative, -2);
  release (&o);
}
END_TEST

START_TEST (negative_factor_that_weights_do_not_admit_is_refused)
{
  static const float full[] = { -2, 1, 0, 1 };

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 1, 2, 0, full, 4);
  then ("Mul", "negate", add_scalar (-0.25f));
  then_quant ("act0", 1.3f, 2, 1, 1);
  assert_refused (0, "transform", "act0: this node (multiplication by signs)");
}
END_TEST

START_TEST (wide_quantiser_ends_the_partition)
{
  static const enum est_op ops[] = { EST_MVAU };

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_quant ("wide", 0.5f, 16, 1, 0);
  then_matmul ("mm1", 4, 2, 1, ternary, 5);
  assert_layers (0, 1, ops);
}
END_TEST

START_TEST (wide_quantiser_of_scale_1_breaks_the_partition)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_quant ("wide", 1, 16, 1, 0);
  then_matmul ("mm1", 4, 2, 1, ternary, 5);
  assert_refused (0, "transform", "wide: ");
}
END_TEST

START_TEST (quantisers_that_cannot_be_thresholds)
{
  static const struct {
    const char *before;
    float zero, bits;
    int is_signed, narrow;
  } rows[] = {
    { NULL, 1, 4, 1, 0 }, { NULL, 0, 4, 0, 0 },   { NULL, 0, 1, 1, 0 },   { NULL, 0, 2.5f, 1, 0 },
    { NULL, 0, 0, 1, 0 }, { "Relu", 0, 4, 1, 0 }, { "Relu", 0, 4, 0, 1 },
  };

  for (size_t i = 0; i < N (rows); i++) {
    begin_flat (4, EST_TYPE_UINT (2));
    then_matmul ("mm0", 4, 2, 1, ternary, 5);
    if (rows[i].before != NULL)
      then (rows[i].before, "before", -1);
    path = quant_of (path, "act0", 0.5f, rows[i].zero, rows[i].bits, rows[i].is_signed, rows[i].narrow)
               ->outputs[0];
    assert_refused (0, "transform", "act0: ");
  }
}
END_TEST

START_TEST (bipolar_activation_with_another_scale_is_refused)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_bipolar ("act0", 0.5f);
  assert_refused (0, "transform", "act0: ");
}
END_TEST

START_TEST (bipolar_activation_of_its_own_is_refused_unless_it_becomes_bits)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_bipolar ("act0", 1);
  assert_refused (1, "kernel", "act0: ");
}
END_TEST

START_TEST (thresholds_that_were_integers_from_the_start_cannot_stand_alone)
{
  begin_flat (4, EST_TYPE_INT (8));
  then_quant ("act0", 2, 4, 1, 0);
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  assert_refused (0, "kernel", "act0: ");
}
END_TEST

START_TEST (term_behind_thresholds_has_to_fit_their_codes)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then ("Relu", "relu", -1);
  then_quant ("act0", 1, 4, 0, 0);
  then ("Add", "minus3", add_scalar (-3));
  assert_refused (0, "transform", "minus3: ");
}
END_TEST

START_TEST (term_behind_thresholds_makes_their_codes_signed)
{
  struct outcome o;

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then ("Relu", "relu", -1);
  then_quant ("act0", 1, 4, 0, 0);
  then ("Add", "minus8", add_scalar (-8));
  ck_assert_int_eq (finish (&o, 0), 0);
  ck_assert (est_type_equal (o.layers[0].out, EST_TYPE_INT (4)));
  release (&o);
}
END_TEST

START_TEST (flatten_between_layers_of_a_dense_network_is_refused)
{
  begin (4, (const int64_t[]){ 1, 1, 2, 2 }, EST_TYPE_UINT (8));
  then_quant ("act0", 0.7f, 4, 1, 1);
  then_reshape ("flat", 2, (const int64_t[]){ 1, 4 });
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  assert_refused (0, "transform", "flat: this node (Reshape)");
}
END_TEST

START_TEST (fork_is_refused)
{
  int forked;

  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  forked = path;
  then_quant ("act0", 1, 2, 1, 1);
  then ("Add", "join", forked);
  assert_refused (0, "transform", "mm0: ");
}
END_TEST

START_TEST (network_without_a_layer_is_refused)
{
  begin_flat (4, EST_TYPE_FLOAT);
  then ("Softmax", "softmax", -1);
  assert_refused (0, "transform", "softmax: ");
}
END_TEST

START_TEST (identity_breaks_the_partition)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  then_quant ("act0", 1, 2, 1, 1);
  then ("Identity", "same", -1);
  then_matmul ("mm1", 4, 2, 1, ternary, 5);
  assert_refused (0, "transform", "same: ");
}
END_TEST

START_TEST (shapes_that_do_not_fit_are_refused)
{
  begin_flat (4, EST_TYPE_UINT (2));
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  tensors[graph.input].dims[1] = 5;
  assert_refused (0, "transform", "mm0: ");
}
END_TEST

/* ---- images ---- */

static void
begin_image (struct est_type type)
{
  begin (4, (const int64_t[]){ 1, 2, 6, 6 }, type);
}

START_TEST (convolution_is_padding_window_and_matrix)
{
  static const enum est_op ops[] = { EST_FMPADDING, EST_SWG, EST_MVAU, EST_MVAU };

  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 1, 1);
  then_quant ("act0", 1, 2, 1, 1);
  then_reshape ("flat", 2, (const int64_t[]){ 1, 108 });
  then_matmul ("mm0", 4, 2, 1, ternary, 5);
  assert_layers (0, 4, ops);
}
END_TEST

START_TEST (padding_of_a_bipolar_image_is_refused)
{
  begin_image (EST_TYPE_UINT (4));
  then_bipolar ("act0", 1);
  then_conv ("conv0", 3, 1, 1);
  assert_refused (0, "kernel", "conv0: ");
}
END_TEST

START_TEST (groups_are_refused)
{
  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 4, 0, 2);
  assert_refused (0, "kernel", "conv0: ");
}
END_TEST

static void
make_depthwise (void)
{
  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 2, 1, 2);
  then_quant ("act0", 0.7f, 2, 1, 1);
  then_conv ("conv1", 3, 0, 1);
}

START_TEST (depthwise_convolutions_are_refused_by_the_default_steps)
{
  make_depthwise ();
  assert_refused (0, "transform", "conv0: this node (depthwise convolution");
}
END_TEST

START_TEST (depthwise_convolutions_are_layers_by_the_steps_for_mobilenet)
{
  static const enum est_op ops[] = { EST_FMPADDING, EST_SWG, EST_VVAU, EST_SWG, EST_MVAU };
  struct outcome o;

  make_depthwise ();
  ck_assert_msg (finish_flow (&o, 0, EST_FLOW_MOBILENET) == 0, "%s", br_error_text (&o.err));
  ck_assert_uint_eq (o.n, N (ops));
  for (size_t i = 0; i < N (ops); i++)
    ck_assert_int_eq (o.layers[i].op, ops[i]);
  ck_assert_int_eq (o.layers[1].depthwise, 1);
  ck_assert_int_eq (o.layers[3].depthwise, 0);
  release (&o);
}
END_TEST

static void
then_pool (const char *name, int64_t size)
{
  static int64_t kernel[2];
  const int64_t *in = tensors[path].dims;
  const int64_t shape[4] = { 1, in[1], in[2] / size, in[3] / size };
  int output = add_tensor ("t", 4, shape);
  struct est_gnode *n = add_node ("MaxPool", name, 1, &path, output);

  kernel[0] = kernel[1] = size;
  for (int i = 0; i < 2; i++) {
    set_int (n, i == 0 ? "kernel_shape" : "strides", 0);
    n->attrs[i].ints = kernel;
    n->attrs[i].n_ints = 2;
  }
  path = output;
}

START_TEST (pool_behind_an_activation_is_a_layer)
{
  static const enum est_op ops[] = { EST_SWG, EST_MVAU, EST_MAXPOOL };

  begin_image (EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then_quant ("act0", 1, 2, 1, 1);
  then_pool ("pool0", 2);
  assert_layers (0, 3, ops);
}
END_TEST

START_TEST (pool_that_divides_one_side_only_is_refused)
{
  begin (4, (const int64_t[]){ 1, 2, 6, 5 }, EST_TYPE_UINT (4));
  then_conv ("conv0", 3, 0, 1);
  then_quant ("act0", 1, 2, 1, 1);
  then_pool ("pool0", 2);
  assert_refused (0, "kernel", "pool0: ");
}
END_TEST

START_TEST (term_before_a_padded_convolution_keeps_it_outside)
{
  begin_image (EST_TYPE_UINT (4));
  then ("Sub", "shift", add_scalar (7.5f));
  then_conv ("conv0", 3, 1, 1);
  then_quant ("act0", 1, 2, 1, 1);
  assert_refused (0, "transform", "");
}
END_TEST

int
main (void)
{
  const TTest *const tests[] = {
    activation_goes_into_the_matrix_before_it,
    quantiser_of_a_float_input_stays_outside,
    quantiser_of_an_integer_input_is_a_layer,
    scaled_input_without_quantiser_is_carried_past_the_matrix,
    bipolar_by_bipolar_counts_equal_bits,
    negative_factor_flips_weights_that_admit_it,
    negative_factor_that_weights_do_not_admit_is_refused,
    wide_quantiser_ends_the_partition,
    wide_quantiser_of_scale_1_breaks_the_partition,
    quantisers_that_cannot_be_thresholds,
    bipolar_activation_with_another_scale_is_refused,
    bipolar_activation_of_its_own_is_refused_unless_it_becomes_bits,
    thresholds_that_were_integers_from_the_start_cannot_stand_alone,
    term_behind_thresholds_has_to_fit_their_codes,
    term_behind_thresholds_makes_their_codes_signed,
    flatten_between_layers_of_a_dense_network_is_refused,
    fork_is_refused,
    network_without_a_layer_is_refused,
    identity_breaks_the_partition,
    shapes_that_do_not_fit_are_refused,
    convolution_is_padding_window_and_matrix,
    padding_of_a_bipolar_image_is_refused,
    groups_are_refused,
    depthwise_convolutions_are_refused_by_the_default_steps,
    depthwise_convolutions_are_layers_by_the_steps_for_mobilenet,
    pool_behind_an_activation_is_a_layer,
    pool_that_divides_one_side_only_is_refused,
    term_before_a_padded_convolution_keeps_it_outside,
  };
  Suite *suite = suite_create ("est_walk");
  TCase *tc = tcase_create ("walk");
  SRunner *runner;
  int failed;

  for (size_t i = 0; i < N (tests); i++)
    tcase_add_test (tc, tests[i]);
  suite_add_tcase (suite, tc);
  runner = srunner_create (suite);
  srunner_run_all (runner, CK_NORMAL);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
