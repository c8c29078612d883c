/* SPDX-License-Identifier: BSD-3-Clause */
/* Running one node on tensors. A table leads from operator to function; folding of constants and the runner of whole models
   share it. Operators see nothing but their inputs' data, their attributes and their version. */
#ifndef QX_EXEC_H
#define QX_EXEC_H

#include "qonnx/infer.h"
#include "qonnx/model.h"

/* What an operator works on. Inputs that are omitted are NULL. Outputs begin as NULL; the function sets those that the node
   has. */
struct qx_blas;

struct qx_exec {
  struct qx_model *model; /* where outputs lie; NULL: each is a tensor of its own */
  const struct qx_node *node;
  int64_t opset; /* of the node's domain */
  const struct qx_tensor **in;
  size_t n_in;
  struct qx_tensor **out;
  size_t n_out;
  struct qx_arena scratch; /* for the time of one node */
  size_t limit;            /* bytes that outputs and scratch may take */
  size_t taken;            /* of these */
  struct qx_blas *blas;    /* NULL: plain loops only */
  int refused;             /* it failed because something is not offered, not because the model is wrong */
  struct qx_error *err;
};

/* Bytes that a folded constant may take: an operator can ask for any number. */
#define QX_MAX_FOLDED ((size_t) 1 << 30)

typedef int qx_exec_op (struct qx_exec *x);

struct qx_exec_entry {
  const char *op_type;
  int since;     /* first version of the domain in which it is offered as it is here */
  int until;     /* last such version; 0: all that follow */
  int dims_only; /* of its input only the shape counts */
  qx_exec_op *op;
};

/* NULL where the operator is not offered in that version. */
const struct qx_exec_entry *qx_exec_find (const char *domain, const char *op_type, int64_t version);
/* The version of the node's domain that the model imports; 1 where it imports none. */
int64_t qx_exec_version (const struct qx_model *model, const struct qx_node *node);
/* Runs it; the outputs that are made are set. Fails where the inputs do not fit; the error names the node. What was made by then
   is the caller's to drop. */
int qx_exec_node (struct qx_exec *x, const struct qx_exec_entry *entry);

/* ---- for operators ---- */

int qx_exec_fail (struct qx_exec *x, const char *why);   /* "node NAME (OP): why" */
int qx_exec_refuse (struct qx_exec *x, const char *why); /* the same, and sets refused */
int qx_exec_refuse_type (struct qx_exec *x, int elem_type);
const struct qx_tensor *qx_exec_in (const struct qx_exec *x, size_t i); /* NULL where omitted */
/* The same, but it has to be there and has elements of whole bytes: NULL after failing. */
const struct qx_tensor *qx_exec_need (struct qx_exec *x, size_t i);
int qx_exec_has_out (const struct qx_exec *x, size_t k);
int qx_exec_type (const struct qx_tensor *tensor);
size_t
qx_exec_size (const struct qx_tensor *tensor); /* bytes of an element; 0: less than a byte, or strings */
/* Memory for the time of one node, zeroed; NULL after failing. */
void *qx_exec_scratch (struct qx_exec *x, size_t n, size_t size);
/* The same for rows of columns, whose product may be more than a size_t holds. */
void *qx_exec_matrix (struct qx_exec *x, size_t rows, size_t columns, size_t size);

/* Output k, made and zeroed. Dimensions below zero fail. */
struct qx_tensor *qx_exec_make (struct qx_exec *x, size_t k, int elem_type, const int64_t *dims,
                                size_t n_dims);
uint8_t *qx_exec_bytes (struct qx_tensor *tensor); /* of an output */
/* Numbers of an output, to be filled in any order until the operator returns; they are brought to its type then (integers wrap).
   NULL after failing. */
float *qx_exec_out_floats (struct qx_exec *x, struct qx_tensor *to);
double *qx_exec_out_doubles (struct qx_exec *x, struct qx_tensor *to);
int64_t *qx_exec_out_ints (struct qx_exec *x, struct qx_tensor *to);
/* Numbers of input i, which has to be there. */
const float *qx_exec_floats (struct qx_exec *x, size_t i);
const double *qx_exec_doubles (struct qx_exec *x, size_t i);
/* Any integer or boolean type; UINT64 as its bits. */
const int64_t *qx_exec_ints (struct qx_exec *x, size_t i);
/* Integers of a list: of the attribute, else of input i. NULL where there is neither. */
const int64_t *qx_exec_list (struct qx_exec *x, const char *attr, size_t i, size_t *n);
/* One number of an input that has one element, or fallback where it is omitted. -1 after failing. */
int qx_exec_number (struct qx_exec *x, size_t i, double fallback, double *value);
/* An axis attribute, counted from the front; -1 after failing. */
int64_t qx_exec_axis (struct qx_exec *x, int64_t fallback, size_t n_dims);

int qx_is_float (int elem_type);   /* FLOAT, DOUBLE, FLOAT16, BFLOAT16 */
int qx_is_integer (int elem_type); /* (U)INT8 … (U)INT64 */
int qx_is_unsigned (int elem_type);
int qx_is_small_float (int elem_type); /* of 8 or 4 bits */
/* One element of an output, from the machine's number to its type (integers wrap). */
void qx_put_float (struct qx_tensor *tensor, size_t i, float value);
void qx_put_double (struct qx_tensor *tensor, size_t i, double value);
void qx_put_int (struct qx_tensor *tensor, size_t i, int64_t value);
/* Brought into the range of its type: integers of a quantised tensor. */
void qx_put_quantised (struct qx_tensor *tensor, size_t i, double value);
/* To a float of 8 or 4 bits; saturate 0: what is too large becomes infinity, or NaN where there is none. */
void qx_put_exponent (struct qx_tensor *tensor, size_t i, float value, const char *round_mode, int saturate);
void qx_put_small (struct qx_tensor *tensor, size_t i, double value, int saturate);

void qx_copy_dims (int64_t *to, const int64_t *from, size_t n); /* from may be NULL where n is 0 */
/* The product of dims[from … to-1]. */
size_t qx_block (const int64_t *dims, size_t from, size_t to);
/* Row-major strides, in elements. */
void qx_strides (const int64_t *dims, size_t n_dims, int64_t *strides);

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
/* Output elements in order, each from where the walk says. base is the first one's place. */
int qx_copy_walk (const struct qx_tensor *from, struct qx_tensor *to, struct qx_walk *walk, int64_t base);

/* Tensors broadcast to one shape, row by row: inside a row each is either contiguous (step 1) or one number (step 0). */
#define QX_MAX_OPERANDS 6
struct qx_rows {
  int64_t dims[QX_MAX_RANK];
  size_t n_dims, n_operands;
  struct qx_walk walks[QX_MAX_OPERANDS];
  size_t n_rows, length;
  size_t step[QX_MAX_OPERANDS];
};
/* Operands are inputs first … first+n-1, which have to be there. Fails where they do not fit each other. */
int qx_rows_open (struct qx_exec *x, size_t first, size_t n, struct qx_rows *rows);
/* The same for any tensors of at most QX_MAX_OPERANDS; dims of the result are given. */
void qx_rows_start (struct qx_rows *rows, const struct qx_tensor *const *tensors, size_t n);
void qx_rows_next (struct qx_rows *rows);
size_t qx_rows_at (const struct qx_rows *rows, size_t k); /* where operand k's row begins */

/* A transposed copy; perm NULL reverses the dimensions. At most QX_MAX_RANK of them, elements of whole bytes, a permutation. */
struct qx_tensor *qx_transposed (struct qx_model *model, const struct qx_tensor *from, const int64_t *perm,
                                 struct qx_error *err);
int qx_is_permutation (const int64_t *perm, size_t n_perm, size_t n_dims);

#endif
