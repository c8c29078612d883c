/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer entry: normalising and quantising any bytes as a model, and comparing it with what it was. Built by "make fuzz" with clang. */
#include <config.h>

#include <stdlib.h>

#include "qonnx/qonnx.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
normalise (struct qx_model *model, unsigned choice)
{
  static const double scale[] = { 0.5, 2, -3 }, offset[] = { 1, 0, -2 }, none[] = { 0, 0, 0 };
  const struct qx_normalization options = { .scale = scale,
                                            .offset = choice & 1 ? offset : none,
                                            .n = choice & 2 ? 3 : 1,
                                            .axis = choice & 4 ? 3 : 1,
                                            .keep_apart = (choice & 8) != 0,
                                            .datatype = choice & 16 ? "UINT8" : NULL };

  (void) qx_normalize_input (model, &options, NULL, NULL);
}

/* Of the shape that the model declares, 2 for what is not known, as far as it is small; of zeroes and ones in turn. */
static struct qx_tensor *
make_input (const struct qx_model *model, const char *name)
{
  size_t n_dims, n = 1;
  const int64_t *declared = qx_shape (model, name, &n_dims);
  struct qx_tensor *tensor;
  int64_t dims[8];
  float *values;

  if (declared == NULL || n_dims > 8)
    return NULL;
  for (size_t i = 0; i < n_dims; i++) {
    dims[i] = declared[i] < 0 ? 2 : declared[i];
    if (dims[i] > 256 || (n *= (size_t) dims[i]) > 4096)
      return NULL;
  }
  if ((values = calloc (n + 1, sizeof *values)) == NULL)
    return NULL;
  for (size_t i = 0; i < n; i++)
    values[i] = (float) (i % 2);
  tensor = qx_tensor_create_floats (dims, n_dims, values, NULL);
  free (values);
  return tensor;
}

static void
quantise (struct qx_model *model, unsigned choice)
{
  size_t n = qx_n_inputs (model);
  struct qx_tensor **inputs = calloc (n + 1, sizeof *inputs);
  struct qx_quantization options = { .weight_bits = (int) (choice % 9),
                                     .activation_bits = choice & 16 ? 4 : 0,
                                     .per_channel = (choice & 32) != 0,
                                     .wide = (choice & 64) != 0 };
  size_t k = 0;

  for (size_t i = 0; inputs != NULL && i < n; i++)
    if (qx_initializer (model, qx_input (model, i)) == NULL)
      inputs[k++] = make_input (model, qx_input (model, i));
  options.calibration = (const struct qx_tensor *const *) inputs;
  (void) qx_quantize_model (model, &options, NULL, NULL, NULL);
  for (size_t i = 0; inputs != NULL && i < k; i++)
    qx_tensor_free (inputs[i]);
  free (inputs);
}

/* A model is no different from itself. */
static void
compare (const struct qx_model *before, const struct qx_model *after)
{
  struct qx_model *copy = qx_model_copy (before, NULL);
  struct qx_diff *same = copy == NULL ? NULL : qx_diff_models (before, copy, NULL);

  if (same != NULL && qx_diff_n (same) > 0)
    abort ();
  qx_diff_free (same);
  qx_diff_free (qx_diff_models (before, after, NULL));
  qx_model_free (copy);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct qx_model *model = size == 0 ? NULL : qx_load_bytes (data + 1, size - 1, "fuzz", NULL, NULL);
  struct qx_model *before = model == NULL ? NULL : qx_model_copy (model, NULL);

  if (before != NULL) {
    if (data[0] & 128)
      normalise (model, data[0]);
    else
      quantise (model, data[0]);
    compare (before, model);
  }
  qx_model_free (before);
  qx_model_free (model);
  return 0;
}
