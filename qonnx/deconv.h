/* SPDX-License-Identifier: BSD-3-Clause */
/* What the conversions to ConvTranspose share: a convolution whose weight can be replaced. */
#ifndef QX_DECONV_H
#define QX_DECONV_H

#include "qonnx/window.h"

struct qx_deconv {
  struct qx_node *conv;
  struct qx_node *quant; /* of the weight, or NULL */
  struct qx_window window;
  const struct qx_tensor *weight; /* [O, I, k, k] */
};

/* A convolution of images of one group with a square kernel, that keeps their size: 1; 0: it is none. */
int qx_deconv_read (struct qx_node *node, struct qx_deconv *d);
/* Replaces the convolution and the other node by a ConvTranspose from in to out, with the new weight. Its padding is the convolution's,
   so many times. */
void qx_deconv_replace (struct qx_edit *edit, const struct qx_deconv *d, struct qx_node *other,
                        struct qx_value *in, struct qx_value *out, struct qx_tensor *weight, int64_t stride,
                        int64_t times);

#endif
