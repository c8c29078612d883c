/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner model cost: multiplications, weights and outputs of a model, as QONNX counts them. */
#include <config.h>

#include <stdlib.h>

#include "common/json_write.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

/* ---- as QONNX returns it ---- */

static int
by_rank (const void *a, const void *b)
{
  const struct qx_cost_entry *x = a, *y = b;

  return (x->rank > y->rank) - (x->rank < y->rank);
}

/* What was asked for stands between what was counted and the sums over it. */
static void
write_asked (const struct qx_cost *cost, struct br_json_writer *w)
{
  br_json_put_string (w, "unsupported", qx_cost_unsupported_set (cost));
  br_json_put_bool (w, "discount_sparsity", qx_cost_discount_sparsity (cost));
}

static void
write_entries (const struct qx_cost *cost, const struct qx_cost_entry *entries, size_t n,
               struct br_json_writer *w)
{
  int asked = 0;

  for (size_t i = 0; i < n; i++) {
    if (!asked && br_str_starts (entries[i].key, "total_")) {
      write_asked (cost, w);
      asked = 1;
    }
    br_json_put_double (w, entries[i].key, entries[i].value);
  }
}

static int
write_cost (const struct qx_cost *cost, struct br_str *text)
{
  const struct qx_cost_group *total = qx_cost_total (cost);
  struct qx_cost_entry *entries = calloc (total->n + 1, sizeof (*entries));
  struct br_json_writer w = { .out = text, .indent = 2 };

  if (entries == NULL)
    return br_cli_say_oom ();
  for (size_t i = 0; i < total->n; i++)
    entries[i] = total->entries[i];
  qsort (entries, total->n, sizeof *entries, by_rank);
  br_json_object_begin (&w);
  br_json_key (&w, "total_cost");
  br_json_object_begin (&w);
  write_entries (cost, entries, total->n, &w);
  br_json_object_end (&w);
  br_json_object_end (&w);
  br_str_add_char (text, '\n');
  free (entries);
  return 0;
}

/* ---- for people ---- */

static void
add_row (const char *name, const char *op_type, const struct qx_cost_group *group, struct br_cli_table *table)
{
  static const char *const keys[] = { "total_macs", "total_bops", "total_mem_w_elems", "total_mem_w_bits",
                                      "total_mem_o_bits" };

  br_cli_table_add (table, "%s", name);
  br_cli_table_add (table, "%s", op_type);
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    br_cli_table_add (table, "%.15g", qx_cost_value (group, keys[i]));
}

static void
add_cost (const struct qx_cost *cost, struct br_str *text)
{
  static const char *const heads[] = { "layer",   "operator",    "MACs",       "bit operations",
                                       "weights", "weight bits", "output bits" };
  struct br_cli_table table = { .columns = 7, .align = "llrrrrr" };

  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    br_cli_table_add (&table, "%s", heads[i]);
  for (size_t i = 0; i < qx_cost_n_nodes (cost); i++)
    add_row (qx_cost_node (cost, i)->name, qx_cost_node (cost, i)->op_type, qx_cost_node (cost, i), &table);
  add_row ("total", "", qx_cost_total (cost), &table);
  br_cli_table_write (&table, "", text);
  for (size_t i = 0; i < qx_cost_n_unsupported (cost); i++)
    br_str_printf (text, "%s%s", i > 0 ? ", " : "not counted: ", qx_cost_unsupported (cost, i));
  if (qx_cost_n_unsupported (cost) > 0)
    br_str_add_char (text, '\n');
}

/* ---- the command ---- */

int
br_cli_model_cost (struct br_cli *cli)
{
  const char *file = cli->args.items[0];
  struct qx_cost_options options = { .dense = cli->options.dense };
  struct br_str text = { 0 };
  struct qx_error err = { 0 };
  int status = 0;
  struct qx_model *model = br_cli_model_load (file, &status);
  struct qx_cost *cost;

  if (model == NULL)
    return status;
  cost = qx_inference_cost (model, &options, &err);
  qx_model_free (model);
  if (cost == NULL)
    return br_cli_model_error (file, &err);
  if (cli->options.json)
    status = write_cost (cost, &text);
  else
    add_cost (cost, &text);
  qx_cost_free (cost);
  if (status == 0)
    return br_cli_print (&text);
  br_str_free (&text);
  return status;
}
