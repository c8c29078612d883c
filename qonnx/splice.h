/* SPDX-License-Identifier: BSD-3-Clause */
/* Putting one model's graph into another's. */
#ifndef QX_SPLICE_H
#define QX_SPLICE_H

#include "qonnx/model.h"

/* Copies everything inside other (nodes, constants, shapes and annotations, not its inputs and outputs) behind the nodes of model, or in front of them. other's
   tensors get names that are free in model first, save those that joint says stand for a tensor of model (both have that name then);
   they belong to model. other is left renamed. All pointers into model end. */
int qx_splice (struct qx_model *model, struct qx_model *other, struct qx_value *const *joint, size_t n_joint,
               int in_front, struct qx_error *err);

#endif
