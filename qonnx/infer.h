/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules of shape inference: one for each operator, found in a table. */
#ifndef QX_INFER_H
#define QX_INFER_H

#include "qonnx/model.h"

#define QX_MAX_RANK 32 /* shapes of more dimensions are taken as unknown */

/* What a rule works on. */
struct qx_infer {
  struct qx_model *model;
  struct qx_node *node;
  int64_t opset; /* of the node's domain */
  struct qx_error *err;
};

/* 0, also where nothing can be inferred; -1 with an error. */
typedef int qx_infer_rule (struct qx_infer *in);

struct qx_infer_entry {
  const char *op_type;
  qx_infer_rule *rule;
};

/* Dimensions of input i; NULL where omitted or unknown. */
const int64_t *qx_infer_dims (const struct qx_infer *in, size_t i, size_t *n_dims);
int qx_infer_type (const struct qx_infer *in, size_t i);
/* Constant integers of input i; NULL where it is not static (or not of integers). */
const int64_t *qx_infer_ints (const struct qx_infer *in, size_t i, size_t *n);
/* Merges what was inferred for output k: what is known already stays. dims may be NULL: only the type. */
int qx_infer_set (struct qx_infer *in, size_t k, const int64_t *dims, size_t n_dims, int elem_type);
/* The shape that a and b broadcast to, in out[QX_MAX_RANK]; -1 where they do not fit. Dimensions may be -1. */
int qx_broadcast (const int64_t *a, size_t n_a, const int64_t *b, size_t n_b, int64_t *out, size_t *n_out);
/* A negative axis counted from the end; -1 where there is no such axis. */
int64_t qx_axis (int64_t axis, size_t n_dims);

/* The tables, in alphabetical order. NULL: no rule. */
qx_infer_rule *qx_infer_find (const char *op_type);
/* For domains of QONNX: *known is 0 where the domain defines no such operator. */
qx_infer_rule *qx_infer_find_custom (const char *op_type, int *known);
int qx_is_custom_domain (const char *domain);

/* infer_layout.c: data movement */
qx_infer_rule qx_infer_concat, qx_infer_constant, qx_infer_constant_of_shape, qx_infer_expand,
    qx_infer_flatten, qx_infer_gather, qx_infer_pad, qx_infer_reshape, qx_infer_shape, qx_infer_slice,
    qx_infer_split, qx_infer_squeeze, qx_infer_tile, qx_infer_transpose, qx_infer_unsqueeze;
/* infer_spatial.c: convolution, pooling, resampling */
qx_infer_rule qx_infer_conv, qx_infer_conv_transpose, qx_infer_pool, qx_infer_global_pool,
    qx_infer_depth_to_space, qx_infer_space_to_depth, qx_infer_resize, qx_infer_quant_avg_pool,
    qx_infer_max_pool_nhwc, qx_infer_im2col, qx_infer_custom_conv;
/* infer_math.c: elementwise, matrices, reductions */
qx_infer_rule qx_infer_same, qx_infer_binary, qx_infer_compare, qx_infer_variadic, qx_infer_cast,
    qx_infer_matmul, qx_infer_gemm, qx_infer_reduce, qx_infer_arg, qx_infer_topk, qx_infer_quantize,
    qx_infer_dequantize, qx_infer_where, qx_infer_quant, qx_infer_float_quant, qx_infer_same_boolean;

#endif
