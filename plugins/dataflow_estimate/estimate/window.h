/* SPDX-License-Identifier: BSD-3-Clause */
/* What a convolution or a pool reads at a time, and the layers that bring it. */
#ifndef BR_ESTIMATE_WINDOW_H
#define BR_ESTIMATE_WINDOW_H

#include "plugins/dataflow_estimate/estimate/walk.h"

struct est_window {
  int64_t kernel[2], stride[2], dilation[2], pad[4];
  int64_t in[2], out[2]; /* in: before padding */
  int64_t batch, channels, outputs, group;
};

/* From the attributes of a node and the shapes around it. Category "transform". */
int est_window_read (const struct est_walk *walk, const struct est_gnode *node, struct est_window *w,
                     struct br_error *err);
int est_window_is_padded (const struct est_window *w);
/* Reads single pixels, all of them: no generator is needed. */
int est_window_is_plain (const struct est_window *w);
void est_window_fill (struct est_layer *layer, const struct est_window *w, struct est_type type);
/* Padding and input generator, or down-sampler; nothing for a plain one. */
int est_walk_generator (struct est_walk *walk, const struct est_gnode *node, const struct est_window *w,
                        int depthwise, struct br_error *err);

#endif
