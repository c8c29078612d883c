/* SPDX-License-Identifier: BSD-3-Clause */
/* Rewriting a graph in one sweep. New nodes are collected and take their places at the end, so that the sweep may walk
   model->nodes.items by index all along (skipping what was removed) and a rewrite of any length takes linear time.

   A failure is remembered: what comes after it does nothing and returns NULL, and takes NULL; qx_edit_end () tells. */
#ifndef QX_EDIT_H
#define QX_EDIT_H

#include "qonnx/model.h"

#define QX_IDENTITY_TOLERANCE 1e-5 /* default of RemoveIdentityOps */

struct qx_edit {
  struct qx_model *model;
  struct qx_error *err;
  int failed;
  struct qx_edit_item *items;
  size_t n, capacity;
};

struct qx_edit_item {
  struct qx_node *node;
  size_t at;
};

void qx_edit_begin (struct qx_edit *edit, struct qx_model *model, struct qx_error *err);
/* Puts the new nodes in their places: 0, or -1 when anything failed. */
int qx_edit_end (struct qx_edit *edit);
/* Shows every node that is there to visit (), until one fails; visit () may remove nodes and add others. All in one edit. */
typedef void qx_edit_visit (struct qx_edit *edit, struct qx_node *node, const void *with);
int qx_edit_sweep (struct qx_model *model, qx_edit_visit *visit, const void *with, struct qx_error *err);
void qx_edit_no_memory (struct qx_edit *edit); /* the failure, category "memory" */
/* "node NAME (TYPE): why" as the failure, category "transform". */
void qx_edit_fail (struct qx_edit *edit, const struct qx_node *node, const char *why);

/* ---- tensors, under names of their own that begin with stem ---- */

/* Of floats, of that shape; dims NULL: unknown. */
struct qx_value *qx_edit_tensor (struct qx_edit *edit, const char *stem, const int64_t *dims, size_t n_dims);
/* Of another's shape and type. */
struct qx_value *qx_edit_like (struct qx_edit *edit, const char *stem, const struct qx_value *other);
struct qx_value *qx_edit_floats (struct qx_edit *edit, const char *stem, const int64_t *dims, size_t n_dims,
                                 const float *data);
struct qx_value *qx_edit_float (struct qx_edit *edit, const char *stem, float number); /* no dimensions */
struct qx_value *qx_edit_ints (struct qx_edit *edit, const char *stem, const int64_t *data, size_t n);
struct qx_value *qx_edit_constant (struct qx_edit *edit, const char *stem, struct qx_tensor *tensor);
/* Another's data type, where it is not FLOAT32 as without one. */
void qx_edit_copy_dtype (struct qx_edit *edit, struct qx_value *value, const struct qx_value *from);
void qx_edit_dtype (struct qx_edit *edit, struct qx_value *value, struct qx_dtype dtype);
void qx_edit_shape (struct qx_edit *edit, struct qx_value *value, const int64_t *dims, size_t n_dims);
void qx_edit_set_init (struct qx_edit *edit, struct qx_value *value, struct qx_tensor *tensor);

/* ---- nodes ---- */

/* A node of ONNX's own domain before the one at position; b may be NULL for one input. */
struct qx_node *qx_edit_node (struct qx_edit *edit, size_t at, const char *op_type, struct qx_value *a,
                              struct qx_value *b, struct qx_value *out);
struct qx_node *qx_edit_custom (struct qx_edit *edit, size_t at, const char *domain, const char *op_type,
                                struct qx_value *const *in, size_t n_in, struct qx_value *out);
/* Its result, of the permuted shape and a's element type; perm NULL reverses the dimensions. */
struct qx_value *qx_edit_transpose (struct qx_edit *edit, size_t at, struct qx_value *a, const int64_t *perm,
                                    size_t n_perm);
void qx_edit_in (struct qx_edit *edit, struct qx_node *node, size_t slot, struct qx_value *value);
void qx_edit_out (struct qx_edit *edit, struct qx_node *node, size_t slot, struct qx_value *value);
void qx_edit_attr_int (struct qx_edit *edit, struct qx_node *node, const char *name, int64_t value);
void qx_edit_attr_ints (struct qx_edit *edit, struct qx_node *node, const char *name, const int64_t *values,
                        size_t n);
void qx_edit_attr_float (struct qx_edit *edit, struct qx_node *node, const char *name, float value);
void qx_edit_attr_string (struct qx_edit *edit, struct qx_node *node, const char *name, const char *value);
/* Every reader of one tensor reads another. */
void qx_edit_redirect (struct qx_edit *edit, struct qx_value *from, struct qx_value *to);

/* ---- passes that other passes use ---- */

int qx_move_pad_attribute_to_tensor (struct qx_model *model, struct qx_error *err);

/* The reference sorts the graph anew after each step of some passes, which decides the order, and so the names, of nodes of one level. It is
   done here too as long as *budget, which counts nodes looked at, lasts: a pass stays linear in the end. Start with QX_SORT_BUDGET, or, where
   a step infers shapes too, with QX_STEP_BUDGET: a thousand steps in a graph of a thousand nodes.
   1: sorted; 0: the budget is used up, do the rest in one sweep; -1: failed. */
#define QX_SORT_BUDGET ((size_t) 5000000)
#define QX_STEP_BUDGET ((size_t) 1000000)
int qx_sort_between (struct qx_model *model, size_t *budget, struct qx_error *err);
int qx_remove_identity_ops (struct qx_model *model, double tolerance, struct qx_error *err);

/* ---- questions ---- */

int qx_is_standard (const struct qx_node *node, const char *op_type); /* of ONNX's own domain */
int qx_is_graph_output (const struct qx_value *value);
int qx_is_graph_input (const struct qx_value *value);
/* The constant's elements as floats; NULL where it is not constant or not numbers. */
const float *qx_static_floats (const struct qx_value *value, size_t *n);
/* The only node that reads the value, which is no graph output; NULL otherwise. */
struct qx_node *qx_only_reader (const struct qx_value *value);
/* Are all dimensions known? */
int qx_has_full_shape (const struct qx_value *value);
/* The same data under another shape of as many elements. */
struct qx_tensor *qx_tensor_reshaped (struct qx_model *model, const struct qx_tensor *tensor,
                                      const int64_t *dims, size_t n_dims, struct qx_error *err);
/* The value becomes the graph's output in the place of another, whose shape goes with its entry, as in the reference: InferShapes
   finds it again. */
int qx_replace_output (struct qx_model *model, struct qx_value *old, struct qx_value *value,
                       struct qx_error *err);
/* A new tensor called as another, with the suffix. NULL, with an error, where the name is taken. */
struct qx_value *qx_suffixed_value (struct qx_model *model, const struct qx_value *value, const char *suffix,
                                    struct qx_error *err);
/* All of another node's attributes, in the place of its own. */
int qx_copy_attributes (struct qx_model *model, struct qx_node *node, const struct qx_node *from,
                        struct qx_error *err);
/* Gives the node a constant of its own in the slot, where others read it too and must not see it change. */
int qx_own_constant (struct qx_model *model, struct qx_node *node, size_t slot, struct qx_error *err);
/* Floats as a constant. */
struct qx_tensor *qx_tensor_of_floats (struct qx_model *model, const int64_t *dims, size_t n_dims,
                                       const float *data, struct qx_error *err);

#endif
