/* SPDX-License-Identifier: BSD-3-Clause */
/* buildrunner model cleanup: the chain of qonnx-cleanup, with its options. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/json_write.h"
#include "common/str.h"
#include "core/cli/model.h"
#include "core/cli/out.h"

#define MAX_DIMS 16

/* What --override-inpsize says: a batch, or dims. */
struct input_size {
  int64_t dims[MAX_DIMS];
  size_t n;
  int is_shape;
};

/* "8", "1,3,32,32", "(1, 3, 32, 32)", "[1,3,32,32]" */
static int
read_input_size (const char *text, struct input_size *size)
{
  size->is_shape = strpbrk (text, "([,") != NULL;
  text += strspn (text, "([ ");
  for (size->n = 0; size->n < MAX_DIMS && *text >= '0' && *text <= '9';) {
    char *end;
    long long dim;

    errno = 0;
    dim = strtoll (text, &end, 10);
    if (errno != 0 || dim <= 0)
      return -1;
    size->dims[size->n++] = dim;
    text = end + strspn (end, ", ");
  }
  text += strspn (text, ")] ");
  return size->n > 0 && *text == '\0' ? 0 : -1;
}

static int
read_options (const struct br_cli *cli, struct input_size *size, struct qx_cleanup_options *options)
{
  const char *text = cli->options.override_inpsize;

  options->fold_quantizers = cli->options.no_preserve_qnt_ops;
  options->extract_conv_bias = cli->options.extract_conv_bias;
  if (text == NULL)
    return 0;
  if (read_input_size (text, size) < 0)
    return br_cli_usage (cli, "--override-inpsize %s: not a batch size or a shape, as 8 or 1,3,32,32", text);
  if (!size->is_shape) {
    options->batch = size->dims[0];
    return 0;
  }
  options->input_shape = size->dims;
  options->n_input_shape = size->n;
  return 0;
}

static void
report (const struct br_cli *cli, const char *file, const char *output, size_t before, size_t after,
        struct br_json_writer *w)
{
  if (!cli->options.json) {
    if (!cli->options.quiet)
      br_str_printf (w->out, "%s: %zu nodes, %zu after cleanup, in %s\n", file, before, after, output);
    return;
  }
  br_json_object_begin (w);
  br_json_put_string (w, "file", file);
  br_json_put_string (w, "output", output);
  br_json_put_uint (w, "nodes_before", before);
  br_json_put_uint (w, "nodes_after", after);
  br_json_object_end (w);
}

static int
clean_file (const struct br_cli *cli, const char *file, const struct qx_cleanup_options *options,
            struct br_json_writer *w)
{
  BR_AUTOFREE char *output = br_cli_model_output (cli, file, "clean");
  struct qx_error err = { 0 };
  struct qx_model *model;
  int status = 0;
  size_t before;

  if (output == NULL)
    return br_cli_say_oom ();
  model = br_cli_model_load (file, &status);
  if (model == NULL)
    return status;
  before = qx_n_nodes (model);
  if (qx_cleanup (model, options, &err) < 0)
    status = br_cli_model_error (file, &err);
  else if (qx_save (model, output, &err) < 0)
    status = br_cli_model_error (output, &err);
  else
    report (cli, file, output, before, qx_n_nodes (model), w);
  qx_model_free (model);
  return status;
}

int
br_cli_model_cleanup (struct br_cli *cli)
{
  struct br_str text = { 0 };
  struct br_json_writer w = { .out = &text, .indent = 2 };
  struct qx_cleanup_options options = { 0 };
  struct input_size size;
  int worst = 0, status = read_options (cli, &size, &options);

  if (status != 0)
    return status;
  if (cli->options.output != NULL && cli->args.n > 1)
    return br_cli_usage (cli, "--output names one file, and there are %zu models", cli->args.n);
  if (cli->options.json)
    br_json_array_begin (&w);
  for (size_t i = 0; i < cli->args.n; i++) {
    status = clean_file (cli, cli->args.items[i], &options, &w);
    worst = worst != 0 ? worst : status;
  }
  if (cli->options.json) {
    br_json_array_end (&w);
    br_str_add_char (&text, '\n');
  }
  status = br_cli_print (&text);
  return worst != 0 ? worst : status;
}
