/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner model info: what is in a model. */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

/* Names, to be counted by name: borrowed from the model. */
struct tally {
  const char **names;
  size_t n;
};

static int
by_name (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static int
tally_start (struct tally *tally, size_t most)
{
  tally->n = 0;
  tally->names = calloc (most + 1, sizeof *tally->names);
  return tally->names == NULL ? -1 : 0;
}

/* How often the name at i stands there, when names are sorted. */
static size_t
run_length (const struct tally *tally, size_t i)
{
  size_t n = 1;

  while (i + n < tally->n && strcmp (tally->names[i], tally->names[i + n]) == 0)
    n++;
  return n;
}

static int
tally_operators (const struct qx_model *model, struct tally *tally)
{
  if (tally_start (tally, qx_n_nodes (model)) < 0)
    return -1;
  for (size_t i = 0; i < qx_n_nodes (model); i++)
    tally->names[tally->n++] = qx_node_op_type (qx_node_at (model, i));
  qsort (tally->names, tally->n, sizeof *tally->names, by_name);
  return 0;
}

static int
tally_datatypes (const struct qx_model *model, struct tally *tally)
{
  if (tally_start (tally, qx_n_values (model)) < 0)
    return -1;
  for (size_t i = 0; i < qx_n_values (model); i++) {
    const char *type = qx_annotation (model, qx_value (model, i), "finn_datatype");

    if (type != NULL)
      tally->names[tally->n++] = type;
  }
  qsort (tally->names, tally->n, sizeof *tally->names, by_name);
  return 0;
}

/* Old exporters list weights among the inputs: a caller need not give those. */
static int
is_real_input (const struct qx_model *model, const char *tensor)
{
  return qx_initializer (model, tensor) == NULL;
}

static uint64_t
count_parameters (const struct qx_model *model)
{
  uint64_t n = 0;

  for (size_t i = 0; i < qx_n_initializers (model); i++)
    n += qx_tensor_n_elements (qx_initializer (model, qx_initializer_name (model, i)));
  return n;
}

static void
write_tally (const char *key, const struct tally *tally, struct br_json_writer *w)
{
  br_json_key (w, key);
  br_json_object_begin (w);
  for (size_t i = 0; i < tally->n; i += run_length (tally, i)) {
    br_json_put_uint (w, tally->names[i], run_length (tally, i));
  }
  br_json_object_end (w);
}

/* A dimension that is not known is null, and so is a shape. */
static void
write_shape (const struct qx_model *model, const char *tensor, struct br_json_writer *w)
{
  size_t n = 0;
  const int64_t *dims = qx_shape (model, tensor, &n);

  br_json_key (w, "shape");
  if (dims == NULL) {
    br_json_null (w);
    return;
  }
  br_json_array_begin (w);
  for (size_t i = 0; i < n; i++)
    if (dims[i] >= 0)
      br_json_int (w, dims[i]);
    else
      br_json_null (w);
  br_json_array_end (w);
}

static void
write_tensor (const struct qx_model *model, const char *tensor, struct br_json_writer *w)
{
  struct qx_dtype dtype = qx_tensor_dtype (model, tensor);
  char name[QX_DTYPE_NAME];

  qx_dtype_name (&dtype, name);
  br_json_object_begin (w);
  br_json_put_string (w, "name", tensor);
  write_shape (model, tensor, w);
  br_json_put_string (w, "type", qx_elem_type_name (qx_elem_type (model, tensor)));
  br_json_put_string (w, "datatype", name);
  br_json_object_end (w);
}

static void
write_opsets (const struct qx_model *model, struct br_json_writer *w)
{
  br_json_key (w, "opsets");
  br_json_object_begin (w);
  for (size_t i = 0; i < qx_n_opsets (model); i++) {
    br_json_put_int (w, qx_opset_domain (model, i), qx_opset_version (model, i));
  }
  br_json_object_end (w);
}

static void
write_ends (const struct qx_model *model, struct br_json_writer *w)
{
  br_json_key (w, "inputs");
  br_json_array_begin (w);
  for (size_t i = 0; i < qx_n_inputs (model); i++)
    if (is_real_input (model, qx_input (model, i)))
      write_tensor (model, qx_input (model, i), w);
  br_json_array_end (w);
  br_json_key (w, "outputs");
  br_json_array_begin (w);
  for (size_t i = 0; i < qx_n_outputs (model); i++)
    write_tensor (model, qx_output (model, i), w);
  br_json_array_end (w);
}

static void
write_model (const char *file, const struct qx_model *model, const struct tally *operators,
             const struct tally *datatypes, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "file", file);
  br_json_put_int (w, "ir_version", qx_ir_version (model));
  br_json_put_string (w, "producer_name", qx_producer_name (model));
  br_json_put_string (w, "producer_version", qx_producer_version (model));
  write_opsets (model, w);
  br_json_put_string (w, "graph", qx_graph_name (model));
  br_json_put_uint (w, "nodes", qx_n_nodes (model));
  br_json_put_uint (w, "initializers", qx_n_initializers (model));
  br_json_put_uint (w, "parameters", count_parameters (model));
  write_ends (model, w);
  write_tally ("operators", operators, w);
  write_tally ("datatypes", datatypes, w);
  br_json_object_end (w);
}

static void
add_shape (const struct qx_model *model, const char *tensor, struct br_str *text)
{
  size_t n = 0;
  const int64_t *dims = qx_shape (model, tensor, &n);

  if (dims == NULL)
    br_str_add (text, "shape unknown");
  for (size_t i = 0; i < n && dims != NULL; i++)
    if (dims[i] >= 0)
      br_str_printf (text, "%s%" PRId64, i > 0 ? "x" : "", dims[i]);
    else
      br_str_printf (text, "%s?", i > 0 ? "x" : "");
}

static void
add_end (const struct qx_model *model, const char *label, const char *tensor, struct br_cli_table *table)
{
  struct qx_dtype dtype = qx_tensor_dtype (model, tensor);
  struct br_str shape = { 0 };
  char name[QX_DTYPE_NAME];

  qx_dtype_name (&dtype, name);
  add_shape (model, tensor, &shape);
  br_cli_table_add (table, "%s", label);
  br_cli_table_add (table, "%s  %s  %s", tensor, shape.text != NULL ? shape.text : "scalar", name);
  table->failed |= br_str_failed (&shape);
  br_str_free (&shape);
}

static void
add_tally (const char *label, const struct tally *tally, struct br_cli_table *table)
{
  struct br_str line = { 0 };

  for (size_t i = 0; i < tally->n; i += run_length (tally, i))
    br_str_printf (&line, "%s%zu %s", i > 0 ? ", " : "", run_length (tally, i), tally->names[i]);
  if (line.length > 0) {
    br_cli_table_add (table, "%s", label);
    br_cli_table_add (table, "%s", line.text);
  }
  table->failed |= br_str_failed (&line);
  br_str_free (&line);
}

static void
add_format (const struct qx_model *model, struct br_cli_table *table)
{
  struct br_str line = { 0 };

  br_str_printf (&line, "IR version %" PRId64, qx_ir_version (model));
  for (size_t i = 0; i < qx_n_opsets (model); i++)
    br_str_printf (&line, ", %s %" PRId64,
                   qx_opset_domain (model, i)[0] != '\0' ? qx_opset_domain (model, i) : "ai.onnx",
                   qx_opset_version (model, i));
  if (qx_producer_name (model)[0] != '\0')
    br_str_printf (&line, ", by %s %s", qx_producer_name (model), qx_producer_version (model));
  br_cli_table_add (table, "format");
  br_cli_table_add (table, "%s", line.text != NULL ? line.text : "");
  table->failed |= br_str_failed (&line);
  br_str_free (&line);
}

static void
add_model (const char *file, const struct qx_model *model, const struct tally *operators,
           const struct tally *datatypes, struct br_str *text)
{
  struct br_cli_table table = { .columns = 2, .align = "ll" };

  br_cli_table_add (&table, "file");
  br_cli_table_add (&table, "%s", file);
  add_format (model, &table);
  br_cli_table_add (&table, "graph");
  br_cli_table_add (&table, "%s: %zu nodes, %zu initializers with %" PRIu64 " values", qx_graph_name (model),
                    qx_n_nodes (model), qx_n_initializers (model), count_parameters (model));
  for (size_t i = 0; i < qx_n_inputs (model); i++)
    if (is_real_input (model, qx_input (model, i)))
      add_end (model, "input", qx_input (model, i), &table);
  for (size_t i = 0; i < qx_n_outputs (model); i++)
    add_end (model, "output", qx_output (model, i), &table);
  add_tally ("operators", operators, &table);
  add_tally ("data types", datatypes, &table);
  br_cli_table_write (&table, "", text);
}

/* One file, into what is printed. 0 or an exit status. */
static int
add_file (const struct br_cli *cli, const char *file, struct br_json_writer *w)
{
  struct tally operators = { 0 }, datatypes = { 0 };
  int status = 0;
  struct qx_model *model = br_cli_model_load (file, &status);

  if (model == NULL)
    return status;
  if (tally_operators (model, &operators) < 0 || tally_datatypes (model, &datatypes) < 0)
    status = br_cli_say_oom ();
  else if (cli->options.json)
    write_model (file, model, &operators, &datatypes, w);
  else
    add_model (file, model, &operators, &datatypes, w->out);
  free (operators.names);
  free (datatypes.names);
  qx_model_free (model);
  return status;
}

int
br_cli_model_info (struct br_cli *cli)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  int several = cli->args.n > 1, worst = 0, status;

  if (cli->options.json && several)
    br_json_array_begin (&w);
  for (size_t i = 0; i < cli->args.n; i++) {
    if (!cli->options.json && i > 0)
      br_str_add_char (&text, '\n');
    status = add_file (cli, cli->args.items[i], &w);
    worst = worst != 0 ? worst : status;
  }
  if (cli->options.json && several)
    br_json_array_end (&w);
  if (cli->options.json && text.length > 0)
    br_str_add_char (&text, '\n');
  status = br_cli_print (&text);
  return worst != 0 ? worst : status;
}
