/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer entry: loading, cleaning, costing and saving any bytes as a model. Built by "make fuzz" with clang. */
#include <config.h>

#include <stdlib.h>

#include "qonnx/qonnx.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load_bytes (data, size, "fuzz", NULL, &err);
  unsigned char *bytes;
  size_t n;

  if (model != NULL && qx_cleanup (model, NULL, &err) == 0) {
    qx_cost_free (qx_inference_cost (model, NULL, &err));
    if (qx_save_bytes (model, &bytes, &n, NULL) == 0)
      free (bytes);
  }
  qx_model_free (model);
  qx_error_clear (&err);
  return 0;
}
