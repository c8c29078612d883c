/* SPDX-License-Identifier: BSD-3-Clause */
/* Inference cost: multiplications, weights and outputs by data type, as QONNX's analysis counts them. Products of dimensions
   are integers; densities multiply them in float64; sums run in graph order. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/str.h"
#include "qonnx/infer.h"

#define MAX_KEY (8 + 2 * QX_DTYPE_NAME)

/* Entries that can grow; the public view points into it once the counting is over. */
struct group {
  struct qx_cost_group view;
  struct qx_cost_entry *entries;
  size_t n, capacity;
};

struct groups {
  struct group *items;
  size_t n, capacity;
};

struct qx_cost {
  struct qx_arena arena; /* everything below */
  struct group total;
  struct groups nodes, op_types;
  const char **unsupported, *unsupported_set;
  size_t n_unsupported, cap_unsupported;
  int discount_sparsity;
};

struct counter {
  const struct qx_model *model;
  struct qx_cost *cost;
  struct qx_error *err;
};

/* ---- groups ---- */

static int
add_value (struct qx_cost *cost, struct group *group, const char *key, double value)
{
  size_t i;

  for (i = 0; i < group->n; i++)
    if (strcmp (group->entries[i].key, key) == 0) {
      group->entries[i].value += value;
      return 0;
    }
  if (qx_arena_grow (&cost->arena, &group->entries, group->n, &group->capacity, sizeof *group->entries) < 0)
    return -1;
  group->entries[group->n].key = qx_arena_strdup (&cost->arena, key);
  group->entries[group->n].value = value;
  group->entries[group->n].rank = group->n;
  return group->entries[group->n++].key == NULL ? -1 : 0;
}

static struct group *
new_group (struct qx_cost *cost, struct groups *groups, const char *name)
{
  struct group *group;

  if (qx_arena_grow (&cost->arena, &groups->items, groups->n, &groups->capacity, sizeof *groups->items) < 0)
    return NULL;
  group = &groups->items[groups->n];
  memset (group, 0, sizeof *group);
  group->view.name = qx_arena_strdup (&cost->arena, name);
  return group->view.name == NULL ? NULL : &groups->items[groups->n++];
}

static struct group *
group_of (struct qx_cost *cost, struct groups *groups, const char *name)
{
  size_t i;

  for (i = 0; i < groups->n; i++)
    if (strcmp (groups->items[i].view.name, name) == 0)
      return &groups->items[i];
  return new_group (cost, groups, name);
}

/* ---- one node ---- */

/* What a node costs; a negative number has no entry. */
struct node_cost {
  double macs, weights, outputs;
  char type_in[QX_DTYPE_NAME], type_weight[QX_DTYPE_NAME], type_out[QX_DTYPE_NAME];
};

/* What could not be copied looks like what is not there. */
static int
fail (const struct counter *c, const struct qx_node *node, const char *why)
{
  if (c->cost->arena.spent)
    return qx_oom (c->err);
  return qx_fail (c->err, "transform", "node %s (%s): %s", qx_node_label (node), qx_node_op_type (node), why);
}

static void
type_name (const struct qx_model *model, const char *tensor, char name[QX_DTYPE_NAME])
{
  struct qx_dtype dtype = qx_tensor_dtype (model, tensor);

  qx_dtype_name (&dtype, name);
}

/* Complete dimensions; NULL where they are not known. Symbolic ones count as 0, as they do in QONNX. */
static int64_t *
shape_of (const struct counter *c, const char *tensor, size_t *n)
{
  const int64_t *dims = qx_shape (c->model, tensor, n);
  int64_t *copy = dims == NULL ? NULL : qx_arena_memdup (&c->cost->arena, dims, *n * sizeof *dims);
  size_t i;

  for (i = 0; copy != NULL && i < *n; i++)
    if (copy[i] < 0)
      copy[i] = 0;
  return copy;
}

/* Exact as long as it is below 2^53, which all numbers that mean anything are. */
static double
product (const int64_t *items, size_t n)
{
  double result = 1;
  size_t i;

  for (i = 0; i < n; i++)
    result *= (double) items[i];
  return result;
}

static int
density_of (const struct counter *c, const struct qx_tensor *weight, double *density)
{
  size_t n;

  *density = 1;
  if (!c->cost->discount_sparsity || weight == NULL || qx_tensor_n_elements (weight) == 0)
    return 0;
  if (qx_tensor_count_nonzero (weight, &n, c->err) < 0)
    return -1;
  *density = (double) n / (double) qx_tensor_n_elements (weight);
  return 0;
}

static void
set_types (const struct counter *c, const struct qx_node *node, struct node_cost *cost)
{
  type_name (c->model, qx_node_input (node, 0), cost->type_in);
  type_name (c->model, qx_node_input (node, 1), cost->type_weight);
  type_name (c->model, qx_node_output (node, 0), cost->type_out);
}

static int
conv_cost (const struct counter *c, const struct qx_node *node, struct node_cost *cost)
{
  const struct qx_tensor *weight = qx_initializer (c->model, qx_node_input (node, 1));
  size_t n_in, n_weight, n_out, n_kernel;
  int64_t *in = shape_of (c, qx_node_input (node, 0), &n_in),
          *w = shape_of (c, qx_node_input (node, 1), &n_weight);
  int64_t *out = shape_of (c, qx_node_output (node, 0), &n_out), group = qx_node_int (node, "group", 1);
  const int64_t *kernel = qx_node_ints (node, "kernel_shape", &n_kernel);
  double density;

  if (in == NULL || w == NULL || out == NULL || n_in < 3 || n_out != n_in || n_weight != n_in || group < 1)
    return fail (c, node, "its shapes are not known");
  if (kernel == NULL) {
    kernel = w + 2;
    n_kernel = n_weight - 2;
  }
  if (density_of (c, weight, &density) < 0)
    return -1;
  cost->macs = (double) in[0] * (double) (out[1] / group) * (double) in[1] * product (kernel, n_kernel) *
               product (out + 2, n_out - 2) * density;
  cost->weights = product (w, n_weight) * density;
  cost->outputs = product (out, n_out);
  return 0;
}

static int
matmul_cost (const struct counter *c, const struct qx_node *node, struct node_cost *cost)
{
  const struct qx_tensor *left = qx_initializer (c->model, qx_node_input (node, 0));
  const struct qx_tensor *right = qx_initializer (c->model, qx_node_input (node, 1));
  size_t n_in, n_out, n_weight;
  int64_t *in = shape_of (c, qx_node_input (node, 0), &n_in),
          *out = shape_of (c, qx_node_output (node, 0), &n_out), *w;
  double density;

  if (in == NULL || out == NULL || n_in == 0)
    return fail (c, node, "its shapes are not known");
  /* with two constants input 1 counts as the weight */
  w = shape_of (c, qx_node_input (node, right == NULL && left != NULL ? 0 : 1), &n_weight);
  if (density_of (c, right != NULL ? right : left, &density) < 0)
    return -1;
  cost->macs = (double) in[qx_node_is (node, "Gemm") && qx_node_int (node, "transA", 0) != 0 ? 0 : n_in - 1] *
               product (out, n_out) * density;
  cost->weights = left == NULL && right == NULL ? 0 : w == NULL ? 0 : product (w, n_weight) * density;
  cost->outputs = product (out, n_out);
  return 0;
}

/* Nearest costs nothing; linear two for each direction that grows. */
static int
upsample_cost (const struct counter *c, const struct qx_node *node, struct node_cost *cost)
{
  const char *mode = qx_node_string (node, "mode", "nearest");
  const struct qx_tensor *scales = qx_initializer (c->model, qx_node_input (node, 1));
  const float *values = scales == NULL ? NULL : qx_tensor_floats (scales, c->err);
  size_t i, n_out, growing = 0;
  int64_t *out = shape_of (c, qx_node_output (node, 0), &n_out);

  if (out == NULL || n_out < 3 || (strcmp (mode, "linear") == 0 && values == NULL))
    return fail (c, node, "its shapes or scales are not known");
  if (strcmp (mode, "nearest") != 0 && strcmp (mode, "linear") != 0)
    return fail (c, node, "there is no cost for its mode");
  for (i = 0; values != NULL && i < qx_tensor_n_elements (scales); i++)
    growing += values[i] > 1;
  cost->macs = strcmp (mode, "nearest") == 0 ? 0 : 2 * (double) growing * product (out, n_out);
  cost->weights = -1;
  cost->outputs = product (out, n_out);
  memcpy (cost->type_weight, cost->type_in, sizeof cost->type_in);
  return 0;
}

static const struct {
  const char *op_type;
  int (*cost) (const struct counter *c, const struct qx_node *node, struct node_cost *cost);
} costed[] = {
  { "Conv", conv_cost },
  { "Gemm", matmul_cost },
  { "MatMul", matmul_cost },
  { "Upsample", upsample_cost },
};

static const char *const free_of_cost[] = {
  "Add",      "AveragePool", "BatchNormalization",
  "Clip",     "Concat",      "DequantizeLinear",
  "Div",      "Elu",         "Flatten",
  "Identity", "MaxPool",     "Mul",
  "Pad",      "Quant",       "QuantizeLinear",
  "Relu",     "Reshape",     "Selu",
  "Sigmoid",  "Sub",         "Transpose",
  "Trunc",
};

static int
is_free (const char *op_type)
{
  size_t i;

  for (i = 0; i < sizeof free_of_cost / sizeof free_of_cost[0]; i++)
    if (strcmp (free_of_cost[i], op_type) == 0)
      return 1;
  return 0;
}

/* Everything about one node to one group. */
static int
add_to (struct qx_cost *cost, struct group *group, const struct node_cost *node)
{
  char key[MAX_KEY];

  if (group == NULL)
    return -1;
  snprintf (key, sizeof key, "op_mac_%s_%s", node->type_in, node->type_weight);
  if (add_value (cost, group, key, node->macs) < 0)
    return -1;
  snprintf (key, sizeof key, "mem_w_%s", node->type_weight);
  if (node->weights >= 0 && add_value (cost, group, key, node->weights) < 0)
    return -1;
  snprintf (key, sizeof key, "mem_o_%s", node->type_out);
  return add_value (cost, group, key, node->outputs);
}

/* Sorted, and each named once, when all are there. */
static int
note_unsupported (struct qx_cost *cost, const char *op_type)
{
  if (qx_arena_grow (&cost->arena, &cost->unsupported, cost->n_unsupported, &cost->cap_unsupported,
                     sizeof *cost->unsupported) < 0)
    return -1;
  cost->unsupported[cost->n_unsupported] = qx_arena_strdup (&cost->arena, op_type);
  return cost->unsupported[cost->n_unsupported++] == NULL ? -1 : 0;
}

static struct group *
node_group (struct qx_cost *cost, const struct qx_node *node)
{
  struct group *group = new_group (cost, &cost->nodes, qx_node_name (node));

  if (group == NULL)
    return NULL;
  group->view.op_type = qx_arena_strdup (&cost->arena, qx_node_op_type (node));
  return group->view.op_type == NULL ? NULL : group;
}

static int
count_node (const struct counter *c, const struct qx_node *node)
{
  const char *op_type = qx_node_op_type (node);
  struct node_cost cost;
  size_t i;

  for (i = 0; i < sizeof costed / sizeof costed[0] && strcmp (costed[i].op_type, op_type) != 0; i++)
    ;
  if (i == sizeof costed / sizeof costed[0])
    return is_free (op_type) || note_unsupported (c->cost, op_type) == 0 ? 0 : qx_oom (c->err);
  set_types (c, node, &cost);
  if (costed[i].cost (c, node, &cost) < 0)
    return -1;
  if (add_to (c->cost, &c->cost->total, &cost) < 0 ||
      add_to (c->cost, group_of (c->cost, &c->cost->op_types, op_type), &cost) < 0 ||
      add_to (c->cost, node_group (c->cost, node), &cost) < 0)
    return qx_oom (c->err);
  return 0;
}

/* ---- totals ---- */

static int
bits_of (const char *name, size_t n)
{
  char text[QX_DTYPE_NAME];
  struct qx_dtype dtype;

  if (n >= sizeof text)
    return 0;
  memcpy (text, name, n);
  text[n] = '\0';
  return qx_dtype_parse (text, &dtype, NULL) < 0 ? 0 : dtype.bits;
}

struct totals {
  double macs, bops, w_bits, w_elements, o_bits, o_elements;
};

static void
add_totals (struct totals *totals, const struct qx_cost_entry *entry)
{
  const char *name = entry->key, *between;

  if (br_str_starts (name, "mem_w_")) {
    totals->w_bits += entry->value * bits_of (name + 6, strlen (name + 6));
    totals->w_elements += entry->value;
  } else if (br_str_starts (name, "mem_o_")) {
    totals->o_bits += entry->value * bits_of (name + 6, strlen (name + 6));
    totals->o_elements += entry->value;
  } else if (br_str_starts (name, "op_mac_")) {
    between = strchr (name + 7, '_');
    totals->macs += entry->value;
    totals->bops += entry->value * bits_of (name + 7, (size_t) (between - name - 7)) *
                    bits_of (between + 1, strlen (between + 1));
  }
}

static int
add_total_keys (struct qx_cost *cost, struct group *group)
{
  struct totals totals = { 0 };
  size_t i;

  for (i = 0; i < group->n; i++)
    add_totals (&totals, &group->entries[i]);
  if (add_value (cost, group, "total_mem_w_bits", totals.w_bits) < 0 ||
      add_value (cost, group, "total_mem_w_elems", totals.w_elements) < 0 ||
      add_value (cost, group, "total_mem_o_bits", totals.o_bits) < 0 ||
      add_value (cost, group, "total_mem_o_elems", totals.o_elements) < 0 ||
      add_value (cost, group, "total_bops", totals.bops) < 0 ||
      add_value (cost, group, "total_macs", totals.macs) < 0)
    return -1;
  return 0;
}

static int
by_key (const void *a, const void *b)
{
  return strcmp (((const struct qx_cost_entry *) a)->key, ((const struct qx_cost_entry *) b)->key);
}

static int
by_text (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static int
close_group (struct qx_cost *cost, struct group *group)
{
  if (add_total_keys (cost, group) < 0)
    return -1;
  qsort (group->entries, group->n, sizeof *group->entries, by_key);
  group->view.entries = group->entries;
  group->view.n = group->n;
  return 0;
}

static int
print_unsupported (struct qx_cost *cost)
{
  struct br_str text = { 0 };
  size_t i;

  br_str_add (&text, cost->n_unsupported == 0 ? "set()" : "{");
  for (i = 0; i < cost->n_unsupported; i++)
    br_str_printf (&text, "%s'%s'", i > 0 ? ", " : "", cost->unsupported[i]);
  br_str_add (&text, cost->n_unsupported == 0 ? "" : "}");
  cost->unsupported_set = br_str_failed (&text) ? NULL : qx_arena_strdup (&cost->arena, text.text);
  br_str_free (&text);
  return cost->unsupported_set == NULL ? -1 : 0;
}

static int
close_unsupported (struct qx_cost *cost)
{
  size_t i, n = 0;

  if (cost->n_unsupported > 0)
    qsort (cost->unsupported, cost->n_unsupported, sizeof *cost->unsupported, by_text);
  for (i = 0; i < cost->n_unsupported; i++)
    if (n == 0 || strcmp (cost->unsupported[i], cost->unsupported[n - 1]) != 0)
      cost->unsupported[n++] = cost->unsupported[i];
  cost->n_unsupported = n;
  return print_unsupported (cost);
}

static int
close_cost (struct qx_cost *cost)
{
  size_t i;

  cost->total.view.name = "";
  if (close_group (cost, &cost->total) < 0)
    return -1;
  for (i = 0; i < cost->nodes.n; i++)
    if (close_group (cost, &cost->nodes.items[i]) < 0)
      return -1;
  for (i = 0; i < cost->op_types.n; i++)
    if (close_group (cost, &cost->op_types.items[i]) < 0)
      return -1;
  return close_unsupported (cost);
}

/* ---- the analysis ---- */

static int
force_quant_domain (struct qx_model *model, struct qx_error *err)
{
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++) {
    struct qx_node *node = qx_node_at (model, i);
    if (qx_node_is (node, "Quant") &&
        qx_node_set_op (model, node, "Quant", "qonnx.custom_op.general", err) < 0)
      return -1;
  }
  return 0;
}

/* Types are inferred before folding: what is folded keeps its annotation, and so weights keep their few bits. */
static int
preprocess (struct qx_model *model, struct qx_error *err)
{
  static const char *const none[] = { NULL };

  if (force_quant_domain (model, err) < 0 || qx_infer_shapes (model, err) < 0 || qx_tidy (model, err) < 0 ||
      qx_infer_datatypes (model, 1, err) < 0 || qx_tidy (model, err) < 0 ||
      qx_fold_constants (model, none, err) < 0 || qx_tidy (model, err) < 0 ||
      qx_infer_datatypes (model, 1, err) < 0)
    return -1;
  return qx_tidy (model, err);
}

static int
count_all (const struct qx_model *model, struct qx_cost *cost, struct qx_error *err)
{
  struct counter counter = { model, cost, err };
  size_t i;

  for (i = 0; i < qx_n_nodes (model); i++)
    if (count_node (&counter, qx_node_at (model, i)) < 0)
      return -1;
  return close_cost (cost) < 0 ? qx_oom (err) : 0;
}

static int
analyse (struct qx_model *model, const struct qx_cost_options *options, struct qx_cost *cost,
         struct qx_error *err)
{
  cost->discount_sparsity = !options->dense;
  if (!options->skip_preprocessing && preprocess (model, err) < 0)
    return -1;
  if (qx_give_unique_node_names (model, "", err) < 0 || qx_tidy (model, err) < 0 ||
      qx_give_readable_tensor_names (model, err) < 0 || qx_tidy (model, err) < 0)
    return -1;
  return count_all (model, cost, err);
}

struct qx_cost *
qx_inference_cost (const struct qx_model *model, const struct qx_cost_options *options, struct qx_error *err)
{
  static const struct qx_cost_options defaults;
  struct qx_cost *cost = calloc (1, sizeof *cost);
  struct qx_model *copy;
  int ret;

  if (cost == NULL) {
    qx_oom (err);
    return NULL;
  }
  copy = qx_model_copy (model, err);
  ret = copy == NULL ? -1 : analyse (copy, options == NULL ? &defaults : options, cost, err);
  qx_model_free (copy);
  if (ret == 0)
    return cost;
  qx_cost_free (cost);
  return NULL;
}

void
qx_cost_free (struct qx_cost *cost)
{
  if (cost == NULL)
    return;
  qx_arena_free (&cost->arena);
  free (cost);
}

/* ---- reading it ---- */

const struct qx_cost_group *
qx_cost_total (const struct qx_cost *cost)
{
  return &cost->total.view;
}

double
qx_cost_value (const struct qx_cost_group *group, const char *key)
{
  struct qx_cost_entry wanted = { key, 0, 0 };
  const struct qx_cost_entry *entry =
      group->n == 0 ? NULL : bsearch (&wanted, group->entries, group->n, sizeof wanted, by_key);

  return entry == NULL ? 0 : entry->value;
}

size_t
qx_cost_n_nodes (const struct qx_cost *cost)
{
  return cost->nodes.n;
}

const struct qx_cost_group *
qx_cost_node (const struct qx_cost *cost, size_t i)
{
  return i < cost->nodes.n ? &cost->nodes.items[i].view : NULL;
}

size_t
qx_cost_n_op_types (const struct qx_cost *cost)
{
  return cost->op_types.n;
}

const struct qx_cost_group *
qx_cost_op_type (const struct qx_cost *cost, size_t i)
{
  return i < cost->op_types.n ? &cost->op_types.items[i].view : NULL;
}

size_t
qx_cost_n_unsupported (const struct qx_cost *cost)
{
  return cost->n_unsupported;
}

const char *
qx_cost_unsupported (const struct qx_cost *cost, size_t i)
{
  return i < cost->n_unsupported ? cost->unsupported[i] : NULL;
}

const char *
qx_cost_unsupported_set (const struct qx_cost *cost)
{
  return cost->unsupported_set;
}

int
qx_cost_discount_sparsity (const struct qx_cost *cost)
{
  return cost->discount_sparsity;
}
