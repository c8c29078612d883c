/* SPDX-License-Identifier: BSD-3-Clause */
/* Names inside subgraphs that mean tensors of the main graph. */
#ifndef QX_CAPTURE_H
#define QX_CAPTURE_H

#include "qonnx/model.h"

/* Notes what the subgraphs of a node read from outside. All values of the main graph must be known already. */
int qx_find_captures (struct qx_model *model, struct qx_node *node, struct qx_error *err);
/* The same for names of sparse initializers. */
int qx_find_sparse (struct qx_model *model, struct qx_error *err);

#endif
