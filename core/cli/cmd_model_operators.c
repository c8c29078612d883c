/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner model operators: what model run, and everything that runs models, can do. */
#include <config.h>

#include "common/json_write.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

static void
write_operator (const struct qx_operator *op, struct br_json_writer *w)
{
  br_json_object_begin (w);
  br_json_put_string (w, "domain", op->domain);
  br_json_put_string (w, "name", op->op_type);
  br_json_put_int (w, "since", op->since);
  br_json_key (w, "until");
  if (op->until > 0)
    br_json_int (w, op->until);
  else
    br_json_null (w);
  br_json_object_end (w);
}

static void
write_all (struct br_str *text)
{
  struct br_json_writer w = { .out = text, .indent = 2 };

  br_json_array_begin (&w);
  for (size_t i = 0; i < qx_n_operators (); i++) {
    struct qx_operator op = qx_operator_at (i);
    write_operator (&op, &w);
  }
  br_json_array_end (&w);
  br_str_add_char (text, '\n');
}

static void
add_all (int names_only, struct br_str *text)
{
  struct br_cli_table table = { .columns = 3, .align = "lll" };

  for (size_t i = 0; i < qx_n_operators (); i++) {
    struct qx_operator op = qx_operator_at (i);
    if (names_only) {
      br_str_printf (text, "%s\n", op.op_type);
      continue;
    }
    br_cli_table_add (&table, "%s", op.op_type);
    br_cli_table_add (&table, "%s", op.domain[0] == '\0' ? "ai.onnx" : op.domain);
    if (op.until > 0)
      br_cli_table_add (&table, "versions %d to %d", op.since, op.until);
    else
      br_cli_table_add (&table, "from version %d", op.since);
  }
  if (!names_only)
    br_cli_table_write (&table, "", text);
}

int
br_cli_model_operators (struct br_cli *cli)
{
  struct br_str text = { 0 };

  if (cli->options.json)
    write_all (&text);
  else
    add_all (cli->options.quiet, &text);
  return br_cli_print (&text);
}
