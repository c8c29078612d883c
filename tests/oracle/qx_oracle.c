/* SPDX-License-Identifier: BSD-3-Clause */
/* What the comparisons with the Python package run: cleanup and inference cost by libqonnxc.
   usage: qx_oracle cleanup IN OUT [fold-quantizers|extract-bias|batch=N]
          qx_oracle cost IN [dense] */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qonnx/qonnx.h"

static int
report (struct qx_error *err)
{
  fprintf (stderr, "qx_oracle: %s\n", qx_error_text (err));
  qx_error_clear (err);
  return 1;
}

static int
cleanup (int argc, char **argv)
{
  struct qx_cleanup_options options = { 0 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load (argv[2], &err);
  int ret;

  options.fold_quantizers = argc > 4 && strcmp (argv[4], "fold-quantizers") == 0;
  options.extract_conv_bias = argc > 4 && strcmp (argv[4], "extract-bias") == 0;
  if (argc > 4 && strncmp (argv[4], "batch=", 6) == 0)
    options.batch = strtol (argv[4] + 6, NULL, 10);
  ret = model == NULL || qx_cleanup (model, &options, &err) < 0 || qx_save (model, argv[3], &err) < 0;
  qx_model_free (model);
  return ret ? report (&err) : 0;
}

/* One line for each number: kind, name, key, value in hexadecimal form, so that nothing is rounded. */
static void
print_group (const char *kind, const struct qx_cost_group *group)
{
  size_t i;

  for (i = 0; i < group->n; i++)
    printf ("%s\t%s\t%s\t%a\n", kind, group->name, group->entries[i].key, group->entries[i].value);
}

static int
cost (int argc, char **argv)
{
  struct qx_cost_options options = { 0 };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load (argv[2], &err);
  struct qx_cost *result;
  size_t i;

  options.dense = argc > 3 && strcmp (argv[3], "dense") == 0;
  result = model == NULL ? NULL : qx_inference_cost (model, &options, &err);
  qx_model_free (model);
  if (result == NULL)
    return report (&err);
  print_group ("total", qx_cost_total (result));
  for (i = 0; i < qx_cost_n_op_types (result); i++)
    print_group ("optype", qx_cost_op_type (result, i));
  for (i = 0; i < qx_cost_n_nodes (result); i++)
    print_group ("node", qx_cost_node (result, i));
  for (i = 0; i < qx_cost_n_unsupported (result); i++)
    printf ("unsupported\t%s\t\t\n", qx_cost_unsupported (result, i));
  qx_cost_free (result);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc >= 4 && strcmp (argv[1], "cleanup") == 0)
    return cleanup (argc, argv);
  if (argc >= 3 && strcmp (argv[1], "cost") == 0)
    return cost (argc, argv);
  fprintf (stderr, "usage: qx_oracle cleanup IN OUT [OPTION] | cost IN [dense]\n");
  return 2;
}
