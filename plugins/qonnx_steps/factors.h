/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parameters of input_normalization come down to: x * scale + offset. */
#ifndef QONNX_STEPS_FACTORS_H
#define QONNX_STEPS_FACTORS_H

#include <stddef.h>

#include <buildrunner/plugin.h>

struct qs_factors {
  double *scale, *offset; /* owned */
  size_t n;               /* of each: 1, or one for each channel */
};

/* axis: the dimension of channels in data that statistics are taken of. 0, or -1 after fail. Free *factors in both cases. */
int32_t qs_factors_read (const struct br_host *host, struct br_build *build, size_t axis,
                         struct qs_factors *factors);
void qs_factors_free (struct qs_factors *factors);

#endif
