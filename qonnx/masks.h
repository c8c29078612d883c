/* SPDX-License-Identifier: BSD-3-Clause */
/* Which channels of a tensor are to go: a set for each axis, kept in the annotation tensor_sparsity as Python prints it. */
#ifndef QX_MASKS_H
#define QX_MASKS_H

#include <stddef.h>
#include <stdint.h>

#include "qonnx/model.h"

#define QX_MASK_AXES 8

/* Start with zeroes; memory is the model's. */
struct qx_mask {
  struct qx_mask_axis {
    int present; /* the axis is named, if only with an empty set */
    uint8_t *set;
    size_t n, count;
  } axes[QX_MASK_AXES];
};

int qx_mask_add (struct qx_model *model, struct qx_mask_axis *axis, int64_t channel, struct qx_error *err);
/* Adds all of one set to another; *changed becomes 1 where that makes a difference. */
int qx_mask_unite (struct qx_model *model, struct qx_mask_axis *to, const struct qx_mask_axis *from,
                   int *changed, struct qx_error *err);
int qx_mask_is_empty (const struct qx_mask *mask); /* no axis is named */
int qx_mask_has (const struct qx_mask_axis *axis, int64_t channel);
/* What the tensor's annotation says; other annotations count as none. */
int qx_mask_read (struct qx_model *model, const struct qx_value *value, struct qx_mask *mask,
                  struct qx_error *err);
int qx_mask_write (struct qx_model *model, const struct qx_value *value, const struct qx_mask *mask,
                   struct qx_error *err);
/* cut.c: takes the channels out of the tensor, which the node reads or makes: out of its data, or else its shape. */
int qx_cut_tensor (struct qx_model *model, struct qx_node *node, struct qx_value *value,
                   const struct qx_mask *mask, struct qx_error *err);

#endif
