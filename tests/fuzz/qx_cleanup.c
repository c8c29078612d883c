/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer entry: the first byte chooses what is done with the model of the bytes behind it: cleanup and its cost, or one of the passes.
   What comes out is a model that loads. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "qonnx/qonnx.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Passes that need an argument, with one. */
static const struct {
  const char *pass, *name, *value;
} given[] = {
  { "ChangeBatchSize", "bsize", "2" },
  { "ExposeIntermediateTensorsPatternList", "pattern_list", "[\"_\"]" },
  { "FixedPointQuantizeParams", "fixedpt_dtype", "FIXED<8,4>" },
  { "InsertIdentity", "tensor_name", "x" },
  { "MoveOpPastFork", "op_name_list", "[\"Relu\", \"Quant\"]" },
  { "QuantizeGraph", "quantnode_map",
    "{\"op_type\": {\"MatMul\": [[[\"input\", 0], [1, 0, 8, 0, 1, \"ROUND\"]]]}}" },
  { "RebalanceIm2Col", "extract_channels", "2" },
};

static int
apply (struct qx_model *model, const struct qx_pass *pass)
{
  struct qx_argument argument = { NULL, NULL };

  for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
    if (strcmp (given[i].pass, pass->name) == 0) {
      argument.name = given[i].name;
      argument.value = given[i].value;
    }
  return qx_pass_apply (model, pass->name, &argument, argument.name != NULL, NULL);
}

static int
clean (struct qx_model *model, int all)
{
  const struct qx_cleanup_options options = { .fold_quantizers = all, .extract_conv_bias = all };

  if (qx_cleanup (model, &options, NULL) < 0)
    return -1;
  qx_cost_free (qx_inference_cost (model, NULL, NULL));
  return 0;
}

/* The first two numbers are cleanup's, with its defaults and with more; the others those of the passes. */
static int
change (struct qx_model *model, size_t choice)
{
  choice %= qx_n_passes () + 2;
  return choice < 2 ? clean (model, (int) choice) : apply (model, qx_pass_at (choice - 2));
}

static void
assert_loads (struct qx_model *model)
{
  unsigned char *bytes;
  size_t n;

  if (qx_save_bytes (model, &bytes, &n, NULL) == 0) {
    struct qx_model *again = qx_load_bytes (bytes, n, "again", NULL, NULL);

    if (again == NULL)
      abort ();
    qx_model_free (again);
    free (bytes);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct qx_model *model = size == 0 ? NULL : qx_load_bytes (data + 1, size - 1, "fuzz", NULL, NULL);

  if (model != NULL && change (model, data[0]) == 0)
    assert_loads (model);
  qx_model_free (model);
  return 0;
}
