/* SPDX-License-Identifier: BSD-3-Clause */
/* The attributes of a convolution or pooling, every default filled in and every padding explicit. */
#ifndef QX_WINDOW_H
#define QX_WINDOW_H

#include "qonnx/edit.h"
#include "qonnx/infer.h"

struct qx_window {
  size_t n; /* spatial dimensions */
  int64_t kernel[QX_MAX_RANK], stride[QX_MAX_RANK], dilation[QX_MAX_RANK];
  int64_t pad[2 * QX_MAX_RANK]; /* all beginnings, then all ends */
  int64_t group;
};

/* size: the input's n spatial dimensions (needed where padding is automatic; may be -1 elsewhere); weight: those of the weight, NULL for pooling. -1: the
   attributes are not those of such a node. */
int qx_window_read (struct qx_window *window, const struct qx_node *node, size_t n, const int64_t *size,
                    const int64_t *weight);
/* Same size out as in: stride 1, no dilation, and as much padding as the kernel takes. */
int qx_window_keeps_size (const struct qx_window *window);

#endif
