/* SPDX-License-Identifier: BSD-3-Clause */
/* For test programs: a graph that grows at the end of its path. There is one at a time; begin () starts it anew. Names are borrowed. */
#ifndef BR_TESTS_EST_BUILD_H
#define BR_TESTS_EST_BUILD_H

#include "plugins/dataflow_estimate/estimate/walk.h"

extern struct est_graph graph;
extern int path; /* the tensor at the end */

/* The input; FLOAT32 is not annotated. */
void begin (int rank, const int64_t *dims, struct est_type type);
void begin_flat (int64_t n, struct est_type type);

int add_tensor (const char *name, int rank, const int64_t *dims);
void annotate (int tensor, struct est_type type);
/* Filled with a pattern of n values, over and over. */
int add_constant (int rank, const int64_t *dims, const float *pattern, size_t n);
int add_scalar (float value);
struct est_gnode *add_node (const char *op, const char *name, int n_inputs, const int *inputs, int output);
void set_ints (struct est_gnode *n, const char *name, const int64_t *ints, size_t n_ints); /* borrowed */
void set_int (struct est_gnode *n, const char *name, int64_t value);
struct est_gnode *quant_of (int tensor, const char *name, float scale, float zero, float bits, int is_signed,
                            int narrow);

/* A node that reads the path and, unless it is -1, a constant; the shape stays. */
struct est_gnode *then (const char *op, const char *name, int constant);
void then_quant (const char *name, float scale, float bits, int is_signed, int narrow);
void then_bipolar (const char *name, float scale);
void then_reshape (const char *name, int rank, const int64_t *dims);
void then_product (const char *name, int weights, int64_t columns);
/* Weights quantised with scale 1. */
void then_matmul (const char *name, int64_t columns, float bits, int narrow, const float *pattern, size_t n);
void then_bipolar_matmul (const char *name, int64_t columns);
/* 3 x 3, with weights of two bits. */
void then_conv (const char *name, int64_t outputs, int64_t pad, int64_t group);
void then_pool (const char *name, int64_t size);
/* An average over the whole image, truncated to bits: AveragePool, Mul and the Trunc of that name. */
void then_average (const char *name, float bits);

#endif
