/* SPDX-License-Identifier: BSD-3-Clause */
/* Graphs made by hand. */
#include <config.h>

#include <assert.h>
#include <string.h>

#include "tests/unit/est_build.h"

#define MAX        256
#define SLOTS      5
#define MAX_VALUES 4096

struct est_graph graph;
int path;

static struct est_tensor tensors[MAX];
static struct est_gnode nodes[MAX];
static struct est_attr attrs[MAX][SLOTS];
static int slots[MAX][2 * SLOTS];
static float values[MAX][MAX_VALUES];

int
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

void
annotate (int tensor, struct est_type type)
{
  tensors[tensor].type = type;
  tensors[tensor].annotated = 1;
}

/* Filled with a pattern of the given values, over and over. */
int
add_constant (int rank, const int64_t *dims, const float *pattern, size_t n)
{
  int index = add_tensor ("constant", rank, dims);
  struct est_tensor *t = &tensors[index];

  t->n = 1;
  for (int i = 0; i < rank; i++)
    t->n *= (size_t) dims[i];
  assert (t->n <= MAX_VALUES);
  for (size_t i = 0; i < t->n; i++)
    values[index][i] = pattern[i % n];
  t->values = values[index];
  return index;
}

int
add_scalar (float value)
{
  return add_constant (0, NULL, &value, 1);
}

struct est_gnode *
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

void
set_int (struct est_gnode *n, const char *name, int64_t value)
{
  memset (&n->attrs[n->n_attrs], 0, sizeof n->attrs[0]);
  n->attrs[n->n_attrs].name = name;
  n->attrs[n->n_attrs++].i = value;
}

void
set_ints (struct est_gnode *n, const char *name, const int64_t *ints, size_t n_ints)
{
  set_int (n, name, 0);
  n->attrs[n->n_attrs - 1].ints = ints;
  n->attrs[n->n_attrs - 1].n_ints = n_ints;
}

void
begin (int rank, const int64_t *dims, struct est_type type)
{
  memset (&graph, 0, sizeof graph);
  graph.tensors = tensors;
  graph.nodes = nodes;
  path = graph.input = add_tensor ("in", rank, dims);
  if (est_type_is_integer (type))
    annotate (path, type);
}

void
begin_flat (int64_t n, struct est_type type)
{
  begin (2, (const int64_t[]){ 1, n }, type);
}

/* A node with the path as its first input and at most one constant; the shape stays. */
struct est_gnode *
then (const char *op, const char *name, int constant)
{
  int output = add_tensor ("t", tensors[path].rank, tensors[path].dims);
  const int inputs[2] = { path, constant };
  struct est_gnode *n = add_node (op, name, constant >= 0 ? 2 : 1, inputs, output);

  path = output;
  return n;
}

struct est_gnode *
quant_of (int tensor, const char *name, float scale, float zero, float bits, int is_signed, int narrow)
{
  int output = add_tensor ("q", tensors[tensor].rank, tensors[tensor].dims);
  const int inputs[4] = { tensor, add_scalar (scale), add_scalar (zero), add_scalar (bits) };
  struct est_gnode *n = add_node ("Quant", name, 4, inputs, output);

  set_int (n, "signed", is_signed);
  set_int (n, "narrow", narrow);
  return n;
}

void
then_quant (const char *name, float scale, float bits, int is_signed, int narrow)
{
  path = quant_of (path, name, scale, 0, bits, is_signed, narrow)->outputs[0];
}

void
then_bipolar (const char *name, float scale)
{
  then ("BipolarQuant", name, add_scalar (scale));
}

void
then_reshape (const char *name, int rank, const int64_t *dims)
{
  int output = add_tensor ("t", rank, dims);

  add_node ("Reshape", name, 1, &path, output);
  path = output;
}

/* weights: a tensor of [rows, columns] */
void
then_product (const char *name, int weights, int64_t columns)
{
  int output = add_tensor ("t", 2, (const int64_t[]){ 1, columns });
  const int inputs[2] = { path, weights };

  add_node ("MatMul", name, 2, inputs, output);
  path = output;
}

/* A product with quantised weights that alternate between the values of a pattern. */
void
then_matmul (const char *name, int64_t columns, float bits, int narrow, const float *pattern, size_t n)
{
  const int64_t dims[2] = { tensors[path].dims[1], columns };
  int weights = add_constant (2, dims, pattern, n);

  then_product (name, quant_of (weights, "weights", 1, 0, bits, 1, narrow)->outputs[0], columns);
}

void
then_bipolar_matmul (const char *name, int64_t columns)
{
  static const float pattern[] = { 1, -1, -1 };
  const int64_t dims[2] = { tensors[path].dims[1], columns };
  int weights = add_constant (2, dims, pattern, 3), output = add_tensor ("w", 2, dims);
  const int inputs[2] = { weights, add_scalar (1) };

  add_node ("BipolarQuant", "weights", 2, inputs, output);
  then_product (name, output, columns);
}

void
then_conv (const char *name, int64_t outputs, int64_t pad, int64_t group)
{
  static const float pattern[] = { 1, 0, -1 };
  static const int64_t ones[2] = { 1, 1 }, kernel[2] = { 3, 3 };
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
  set_ints (n, "strides", ones, 2);
  pads[0] = pads[1] = pads[2] = pads[3] = pad;
  set_ints (n, "pads", pads, 4);
  set_ints (n, "kernel_shape", kernel, 2);
  set_ints (n, "dilations", ones, 2);
}

static void
add_pool (const char *op, const char *name, int64_t size)
{
  static int64_t all_kernels[MAX][2];
  static const int64_t no_pads[4];
  int64_t *kernel = all_kernels[graph.n_nodes];
  const int64_t *in = tensors[path].dims;
  const int64_t shape[4] = { 1, in[1], in[2] / size, in[3] / size };
  int output = add_tensor ("t", 4, shape);
  struct est_gnode *n = add_node (op, name, 1, &path, output);

  kernel[0] = kernel[1] = size;
  set_ints (n, "kernel_shape", kernel, 2);
  set_ints (n, "strides", kernel, 2);
  set_ints (n, "pads", no_pads, 4);
  path = output;
}

void
then_pool (const char *name, int64_t size)
{
  add_pool ("MaxPool", name, size);
}

void
then_average (const char *name, float bits)
{
  int64_t size = tensors[path].dims[2];
  int output, inputs[5];
  struct est_gnode *n;

  add_pool ("AveragePool", "pool", size);
  then ("Mul", "sum", add_scalar ((float) (size * size)));
  output = add_tensor ("t", tensors[path].rank, tensors[path].dims);
  inputs[0] = path;
  inputs[1] = add_scalar (1);
  inputs[2] = add_scalar (0);
  inputs[3] = add_scalar (8);
  inputs[4] = add_scalar (bits);
  n = add_node ("Trunc", name, 5, inputs, output);
  set_int (n, "rounding_mode", 0);
  n->attrs[0].s = "FLOOR";
  path = output;
}
