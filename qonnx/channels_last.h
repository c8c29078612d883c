/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the conversion to channels-last, each a pass of QONNX. *n counts what was changed. */
#ifndef QX_CHANNELS_LAST_H
#define QX_CHANNELS_LAST_H

#include "qonnx/edit.h"

/* perm moves channels from behind the last dimension to the second (first), or the other way (last): of 3 dimensions at least. */
void qx_perm_to_first (size_t n, int64_t *perm);
void qx_perm_to_last (size_t n, int64_t *perm);
/* A Transpose that does so, of tensors with a shape. */
int qx_is_to_first (const struct qx_node *node);
int qx_is_to_last (const struct qx_node *node);

int qx_insert_channels_last (struct qx_model *model, size_t *n, struct qx_error *err);
int qx_remove_transpose_pairs (struct qx_model *model, size_t *n, struct qx_error *err);
int qx_move_to_last_up (struct qx_model *model, size_t *n, struct qx_error *err);
int qx_move_to_first_down (struct qx_model *model, size_t *n, struct qx_error *err);
int qx_absorb_to_first (struct qx_model *model, size_t *n, struct qx_error *err);
/* ops: operator types, a list ended by NULL. */
int qx_move_past_fork (struct qx_model *model, const char *const *ops, size_t *n, struct qx_error *err);
int qx_make_input_last (struct qx_model *model, size_t *n, struct qx_error *err);

#endif
