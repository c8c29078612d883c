/* SPDX-License-Identifier: BSD-3-Clause */
/* A window that is moved over the spatial dimensions of [N, C, spatial …]: what convolutions and pools share. */
#ifndef QX_EXEC_SLIDE_H
#define QX_EXEC_SLIDE_H

#include "qonnx/exec.h"

#define QX_MAX_SPATIAL 8

struct qx_slide {
  size_t n; /* spatial dimensions */
  int64_t in[QX_MAX_SPATIAL], kernel[QX_MAX_SPATIAL], stride[QX_MAX_SPATIAL], dilation[QX_MAX_SPATIAL];
  int64_t begin[QX_MAX_SPATIAL], end[QX_MAX_SPATIAL]; /* padding */
  int64_t out[QX_MAX_SPATIAL];
  size_t n_in, n_kernel, n_out; /* products of in, kernel, out */
};

/* Reads strides, dilations, pads and auto_pad for data of these dims and a kernel (the attribute kernel_shape where it is NULL), and
   finds the size of the result. Fails where they do not fit. */
int qx_slide_open (struct qx_exec *x, const struct qx_tensor *data, const int64_t *kernel,
                   struct qx_slide *w);
/* The same without the size of the result. */
int qx_slide_read (struct qx_exec *x, const struct qx_tensor *data, const int64_t *kernel,
                   struct qx_slide *w);
/* For each place in the result its source under kernel element k (an index into the spatial data), or -1 for padding. Places are those
   of the innermost spatial dimension: row tells the others, as indices into the result. */
struct qx_slide_row {
  int64_t first, step, from, to; /* places from … to-1 read first + place * step; the others are padding */
};
struct qx_slide_row qx_slide_row (const struct qx_slide *w, const int64_t *kernel_at, const int64_t *out_at);
/* Every combination of indices below dims in order; 0 behind the last. */
int qx_odometer (int64_t *at, const int64_t *dims, size_t n);

#endif
