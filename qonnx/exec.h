/* SPDX-License-Identifier: BSD-3-Clause */
/* Running one node on constant inputs. A table leads from operator to function, so that the set can grow. */
#ifndef QX_EXEC_H
#define QX_EXEC_H

#include "qonnx/infer.h"
#include "qonnx/model.h"

/* What an operator works on. Inputs that are omitted are NULL. Outputs begin as NULL; the function sets those that the node
   has, made with qx_tensor_new (). */
struct qx_exec {
  struct qx_model *model;
  const struct qx_node *node;
  int64_t opset; /* of the node's domain */
  const struct qx_tensor **in;
  size_t n_in;
  struct qx_tensor **out;
  size_t n_out;
  struct qx_error *err;
};

/* Elements that a folded constant may have: an operator can ask for any number. */
#define QX_MAX_FOLDED ((size_t) 1 << 28)

typedef int qx_exec_op (struct qx_exec *x);

/* NULL where the operator is not offered. */
qx_exec_op *qx_exec_find (const char *domain, const char *op_type);
/* Runs it; the outputs that are made are set. Fails where the inputs do not fit; the error names the node. */
int qx_exec_node (struct qx_exec *x, qx_exec_op *op);

/* ---- for operators ---- */

int qx_exec_fail (struct qx_exec *x, const char *why);                  /* "node NAME: why" */
const struct qx_tensor *qx_exec_in (const struct qx_exec *x, size_t i); /* NULL where omitted */
/* Output k, made and zeroed. */
struct qx_tensor *qx_exec_make (struct qx_exec *x, size_t k, int elem_type, const int64_t *dims,
                                size_t n_dims);
/* Integers of a list: of the attribute, else of input i. NULL where there is neither. */
const int64_t *qx_exec_ints (struct qx_exec *x, const char *attr, size_t i, size_t *n);
int qx_is_float (int elem_type);
/* One element of an output, from the machine's number to its type (integers wrap). */
void qx_put_float (struct qx_tensor *tensor, size_t i, float value);
void qx_put_double (struct qx_tensor *tensor, size_t i, double value);
void qx_put_int (struct qx_tensor *tensor, size_t i, int64_t value);

/* Walks an array of shape dims and, for each element, says where it is in another one with the strides (in elements). */
struct qx_walk {
  size_t n_dims;
  int64_t dims[QX_MAX_RANK], strides[QX_MAX_RANK], at[QX_MAX_RANK];
  int64_t offset;
};
void qx_walk_next (struct qx_walk *walk);
/* Strides of a tensor broadcast to the walk's dims (0 where it is repeated). */
void qx_walk_broadcast (struct qx_walk *walk, const int64_t *dims, size_t n_dims,
                        const struct qx_tensor *tensor);

/* A transposed copy; perm NULL reverses the dimensions. At most QX_MAX_RANK of them, elements of whole bytes, a permutation. */
struct qx_tensor *qx_transposed (struct qx_model *model, const struct qx_tensor *from, const int64_t *perm,
                                 struct qx_error *err);
int qx_is_permutation (const int64_t *perm, size_t n_perm, size_t n_dims);

qx_exec_op qx_exec_cast, qx_exec_concat, qx_exec_constant, qx_exec_constant_of_shape, qx_exec_expand,
    qx_exec_flatten, qx_exec_gather, qx_exec_identity, qx_exec_reshape, qx_exec_shape, qx_exec_slice,
    qx_exec_squeeze, qx_exec_transpose, qx_exec_unsqueeze;
qx_exec_op qx_exec_binary, qx_exec_unary;
qx_exec_op qx_exec_quant, qx_exec_bipolar_quant, qx_exec_float_quant;

#endif
