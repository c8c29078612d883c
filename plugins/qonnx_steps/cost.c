/* SPDX-License-Identifier: BSD-3-Clause */
/* Costs of layers: what each of qonnx's keys stands for, added up. */
#include <config.h>

#include "plugins/qonnx_steps/cost.h"

#include <string.h>

/* ---- Keys ---- */

/* Names of types have no underscore, so that a key ends with them: op_mac_INT2_INT2, mem_w_INT2. */
static int
bits_of (const char *name, size_t length, double *bits, struct qx_error *err)
{
  char text[QX_DTYPE_NAME];
  struct qx_dtype type;

  if (length >= sizeof text)
    length = sizeof text - 1; /* no type's name is as long: not parsed, and named as far as it fits */
  memcpy (text, name, length);
  text[length] = '\0';
  if (qx_dtype_parse (text, &type, err) == -1)
    return -1;
  *bits = qx_dtype_bits (&type);
  return 0;
}

static int
add_macs (const char *types, double value, struct qs_work *work, struct qx_error *err)
{
  size_t first = strcspn (types, "_");
  const char *second = types + first + (types[first] != '\0');
  double a, b;

  if (bits_of (types, first, &a, err) == -1 || bits_of (second, strlen (second), &b, err) == -1)
    return -1;
  work->macs += value;
  work->bops += value * a * b;
  return 0;
}

static int
add_memory (const char *type, double value, double *elements, double *all_bits, struct qx_error *err)
{
  double bits;

  if (bits_of (type, strlen (type), &bits, err) == -1)
    return -1;
  *elements += value;
  *all_bits += value * bits;
  return 0;
}

/* What key goes on with behind prefix, or NULL. */
static const char *
behind (const char *key, const char *prefix)
{
  size_t n = strlen (prefix);

  return strncmp (key, prefix, n) == 0 ? key + n : NULL;
}

static int
add_entry (const struct qx_cost_entry *entry, struct qs_work *work, struct qx_error *err)
{
  const char *types;

  if ((types = behind (entry->key, "op_mac_")) != NULL)
    return add_macs (types, entry->value, work, err);
  if ((types = behind (entry->key, "mem_w_")) != NULL)
    return add_memory (types, entry->value, &work->parameters, &work->parameter_bits, err);
  if ((types = behind (entry->key, "mem_o_")) != NULL)
    return add_memory (types, entry->value, &work->outputs, &work->output_bits, err);
  return 0; /* total_…: sums of the others */
}

int
qs_work_of (const struct qx_cost_group *group, struct qs_work *work, struct qx_error *err)
{
  memset (work, 0, sizeof *work);
  for (size_t i = 0; i < group->n; i++)
    if (add_entry (&group->entries[i], work, err) == -1)
      return -1;
  return 0;
}

/* ---- Layers ---- */

static void
write_work (struct br_json_writer *w, const struct qs_work *work)
{
  br_json_put_double (w, "operations", 2 * work->macs);
  br_json_put_double (w, "macs", work->macs);
  br_json_put_double (w, "bops", work->bops);
  br_json_put_double (w, "parameters", work->parameters);
  br_json_put_double (w, "parameter_bits", work->parameter_bits);
  br_json_put_double (w, "outputs", work->outputs);
  br_json_put_double (w, "output_bits", work->output_bits);
}

static int
write_layer (struct br_json_writer *w, const struct qx_cost_group *node, struct qx_error *err)
{
  struct qs_work work;

  if (qs_work_of (node, &work, err) == -1)
    return -1;
  br_json_object_begin (w);
  br_json_key (w, "name");
  br_json_string (w, node->name);
  br_json_key (w, "op_type");
  br_json_string (w, node->op_type);
  write_work (w, &work);
  br_json_object_end (w);
  return 0;
}

int
qs_cost_write (const struct qx_cost *cost, struct br_json_writer *w, struct qx_error *err)
{
  struct qs_work total;

  br_json_key (w, "layers");
  br_json_array_begin (w);
  for (size_t i = 0; i < qx_cost_n_nodes (cost); i++)
    if (write_layer (w, qx_cost_node (cost, i), err) == -1)
      return -1;
  br_json_array_end (w);
  if (qs_work_of (qx_cost_total (cost), &total, err) == -1)
    return -1;
  br_json_key (w, "total");
  br_json_object_begin (w);
  write_work (w, &total);
  br_json_object_end (w);
  br_json_key (w, "unsupported_operators");
  br_json_array_begin (w);
  for (size_t i = 0; i < qx_cost_n_unsupported (cost); i++)
    br_json_string (w, qx_cost_unsupported (cost, i));
  br_json_array_end (w);
  return 0;
}

/* ---- As qonnx writes it ---- */

static void
write_entries (struct br_json_writer *w, const struct qx_cost_group *group)
{
  br_json_key (w, group->name);
  br_json_object_begin (w);
  for (size_t i = 0; i < group->n; i++)
    br_json_put_double (w, group->entries[i].key, group->entries[i].value);
  br_json_object_end (w);
}

/* The two members that are no cost stand where sorting puts them: before mem_…, and behind total_…. */
static void
write_total (struct br_json_writer *w, const struct qx_cost *cost)
{
  const struct qx_cost_group *total = qx_cost_total (cost);

  br_json_key (w, "total_cost");
  br_json_object_begin (w);
  br_json_key (w, "discount_sparsity");
  br_json_bool (w, qx_cost_discount_sparsity (cost));
  for (size_t i = 0; i < total->n; i++)
    br_json_put_double (w, total->entries[i].key, total->entries[i].value);
  br_json_key (w, "unsupported");
  br_json_string (w, qx_cost_unsupported_set (cost));
  br_json_object_end (w);
}

void
qs_cost_write_raw (const struct qx_cost *cost, struct br_json_writer *w)
{
  br_json_key (w, "inference_cost");
  br_json_object_begin (w);
  br_json_key (w, "node_cost");
  br_json_object_begin (w);
  for (size_t i = 0; i < qx_cost_n_nodes (cost); i++)
    write_entries (w, qx_cost_node (cost, i));
  br_json_object_end (w);
  br_json_key (w, "optype_cost");
  br_json_object_begin (w);
  for (size_t i = 0; i < qx_cost_n_op_types (cost); i++)
    write_entries (w, qx_cost_op_type (cost, i));
  br_json_object_end (w);
  write_total (w, cost);
  br_json_object_end (w);
}
