/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer entry: running any bytes as a model, on inputs of zeroes and ones. Built by "make fuzz" with clang. */
#include <config.h>

#include <stdlib.h>

#include "qonnx/qonnx.h"

#define MAX_BYTES ((size_t) 1 << 20) /* of tensors: what is larger takes time and shows nothing new */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Of the shape that the model declares, 1 for what is not known, as far as it is small. */
static struct qx_tensor *
make_input (const struct qx_model *model, const char *name)
{
  size_t i, n_dims, n = 1;
  const int64_t *declared = qx_shape (model, name, &n_dims);
  int64_t dims[8];
  struct qx_tensor *zeroes, *tensor;
  float *values;

  if (declared == NULL || n_dims > 8)
    return NULL;
  for (i = 0; i < n_dims; i++) {
    dims[i] = declared[i] < 0 ? 1 : declared[i];
    if (dims[i] > 4096 || (n *= (size_t) dims[i]) > 65536)
      return NULL;
  }
  values = calloc (n + 1, sizeof *values);
  for (i = 0; values != NULL && i < n; i++)
    values[i] = (float) (i % 2);
  zeroes = values == NULL ? NULL : qx_tensor_create_floats (dims, n_dims, values, NULL);
  free (values);
  tensor = zeroes == NULL ? NULL : qx_tensor_convert (zeroes, qx_elem_type (model, name), NULL);
  qx_tensor_free (zeroes);
  return tensor;
}

static void
run (const struct qx_model *model, struct qx_runner *runner)
{
  size_t i, n_in = qx_runner_n_inputs (runner), n_out = qx_runner_n_outputs (runner);
  struct qx_tensor **inputs = calloc (n_in + 1, sizeof *inputs),
                   **outputs = calloc (n_out + 1, sizeof *outputs);

  for (i = 0; inputs != NULL && i < n_in; i++)
    inputs[i] = make_input (model, qx_runner_input (runner, i));
  if (inputs != NULL && outputs != NULL)
    (void) qx_run (runner, (const struct qx_tensor *const *) inputs, outputs, NULL);
  for (i = 0; inputs != NULL && i < n_in; i++)
    qx_tensor_free (inputs[i]);
  for (i = 0; outputs != NULL && i < n_out; i++)
    qx_tensor_free (outputs[i]);
  free (inputs);
  free (outputs);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const struct qx_run_options options = { .max_bytes = MAX_BYTES };
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load_bytes (data, size, "fuzz", NULL, &err);
  struct qx_runner *runner = model == NULL ? NULL : qx_runner_new (model, &options, &err);

  if (runner != NULL)
    run (model, runner);
  qx_runner_free (runner);
  qx_model_free (model);
  qx_error_clear (&err);
  return 0;
}
