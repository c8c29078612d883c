/* SPDX-License-Identifier: BSD-3-Clause */
/* Between what bounds tensors of a model lie while it runs on examples. */
#ifndef QX_CALIBRATE_H
#define QX_CALIBRATE_H

#include "qonnx/qonnx.h"

struct qx_range {
  double minimum, maximum;
  double sum; /* of magnitudes */
  size_t n;
};

/* More numbers; -1 where one is not finite. */
int qx_range_add (struct qx_range *range, const float *numbers, size_t n);
/* ranges: one for each of the n tensors, zeroed. inputs: in the order of graph inputs that are no constants. */
int qx_calibrate (struct qx_model *model, const char *const *tensors, size_t n,
                  const struct qx_tensor *const *inputs, struct qx_range *ranges, struct qx_error *err);

#endif
