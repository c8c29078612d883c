/* SPDX-License-Identifier: BSD-3-Clause */
/* libFuzzer entry: any bytes are loaded as a model; one that loads is read in every form, saved, and its bytes load again. */
#include <config.h>

#include <stdlib.h>

#include "qonnx/qonnx.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What it cannot give is an error, and nothing worse. */
static void
read_tensor (const struct qx_tensor *tensor)
{
  size_t n;

  (void) qx_tensor_floats (tensor, NULL);
  (void) qx_tensor_doubles (tensor, NULL);
  (void) qx_tensor_ints (tensor, NULL);
  (void) qx_tensor_bytes (tensor, &n, NULL);
  (void) qx_tensor_count_nonzero (tensor, &n, NULL);
}

static void
read_node (const struct qx_node *node)
{
  for (size_t i = 0; i < qx_node_n_attrs (node); i++) {
    const char *name = qx_node_attr_name (node, i);
    const struct qx_tensor *tensor = qx_node_tensor (node, name);

    if (tensor != NULL)
      read_tensor (tensor);
  }
}

static void
read_all (const struct qx_model *model)
{
  size_t i, n;

  for (i = 0; i < qx_n_nodes (model); i++)
    read_node (qx_node_at (model, i));
  for (i = 0; i < qx_n_initializers (model); i++)
    read_tensor (qx_initializer (model, qx_initializer_name (model, i)));
  for (i = 0; i < qx_n_values (model); i++) {
    (void) qx_shape (model, qx_value (model, i), &n);
    (void) qx_tensor_dtype (model, qx_value (model, i));
  }
}

/* What was saved is a model that loads: else the writer is wrong. */
static void
save_and_load (struct qx_model *model)
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
  struct qx_error err = { { 0 }, NULL };
  struct qx_model *model = qx_load_bytes (data, size, "fuzz", NULL, &err);

  if (model != NULL) {
    read_all (model);
    save_and_load (model);
  }
  qx_model_free (model);
  qx_error_clear (&err);
  return 0;
}
