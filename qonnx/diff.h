/* SPDX-License-Identifier: BSD-3-Clause */
/* Which node and which tensor of one model is which of another. */
#ifndef QX_DIFF_H
#define QX_DIFF_H

#include "qonnx/model.h"

#define QX_UNMATCHED ((size_t) -1)

struct qx_match {
  const struct qx_model *models[2];
  size_t n[2];      /* nodes */
  size_t *other[2]; /* of each node, its place in the other model, or QX_UNMATCHED */
};

/* Fills in who is who. Tensors that are the same have the same mark, above 0, in both models; the others have none. qx_match_free () in any case. */
int qx_match_models (struct qx_match *match, const struct qx_model *a, const struct qx_model *b,
                     struct qx_error *err);
void qx_match_free (struct qx_match *match);

/* Two constants of the same type, shape and content. */
int qx_same_constant (const struct qx_tensor *a, const struct qx_tensor *b);
/* An attribute as the file has it, without its documentation, to be freed; NULL without memory. */
uint8_t *qx_pack_attribute (const Onnx__AttributeProto *attribute, size_t *size);

#endif
