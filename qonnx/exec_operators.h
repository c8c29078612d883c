/* SPDX-License-Identifier: BSD-3-Clause */
/* The operators, each in the file of its family. */
#ifndef QX_EXEC_OPERATORS_H
#define QX_EXEC_OPERATORS_H

#include "qonnx/exec.h"

qx_exec_op qx_exec_arg, qx_exec_average_pool, qx_exec_batch_norm, qx_exec_binary, qx_exec_bipolar_quant,
    qx_exec_cast, qx_exec_cast_like, qx_exec_center_crop_pad, qx_exec_clip, qx_exec_compare, qx_exec_compress,
    qx_exec_concat, qx_exec_constant, qx_exec_constant_of_shape, qx_exec_conv, qx_exec_conv_integer,
    qx_exec_conv_transpose, qx_exec_cumsum, qx_exec_depth_to_space, qx_exec_dequantize, qx_exec_dropout,
    qx_exec_dynamic_quantize, qx_exec_einsum, qx_exec_elements, qx_exec_expand, qx_exec_eye_like,
    qx_exec_flatten, qx_exec_float_quant, qx_exec_gather, qx_exec_gather_elements, qx_exec_gather_nd,
    qx_exec_gemm, qx_exec_global_pool, qx_exec_group_norm, qx_exec_identity, qx_exec_im2col, qx_exec_is,
    qx_exec_last_batch_norm, qx_exec_last_conv, qx_exec_last_max_pool, qx_exec_layer_norm, qx_exec_lp_norm,
    qx_exec_lp_pool, qx_exec_lrn, qx_exec_matmul, qx_exec_matmul_integer, qx_exec_max_pool,
    qx_exec_max_unpool, qx_exec_mean_variance_norm, qx_exec_multi_threshold, qx_exec_non_zero, qx_exec_not,
    qx_exec_one_hot, qx_exec_pad, qx_exec_qlinear_conv, qx_exec_qlinear_matmul, qx_exec_quant,
    qx_exec_quant_avg_pool, qx_exec_quantize, qx_exec_range, qx_exec_recurrent, qx_exec_reduce,
    qx_exec_reshape, qx_exec_resize, qx_exec_reverse_sequence, qx_exec_scatter_elements, qx_exec_scatter_nd,
    qx_exec_shape, qx_exec_slice, qx_exec_softmax, qx_exec_space_to_depth, qx_exec_split, qx_exec_squeeze,
    qx_exec_tile, qx_exec_topk, qx_exec_transpose, qx_exec_trilu, qx_exec_trunc, qx_exec_unary,
    qx_exec_unsqueeze, qx_exec_variadic, qx_exec_where, qx_exec_xnor_popcount;

#endif
