/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of nodes. */
#ifndef QX_ORDER_H
#define QX_ORDER_H

#include "qonnx/model.h"

/* All nodes by level, the longest distance from a source; inside a level in graph order. The caller frees. NULL with an
   error that names a node where the graph has a cycle. node->mark is the level afterwards. */
struct qx_node **qx_order (struct qx_model *model, size_t *n, struct qx_error *err);

#endif
