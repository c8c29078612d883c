/* SPDX-License-Identifier: BSD-3-Clause */
/* Graphs written as text, and passes tried on them. Everything here ends the test when it cannot be done. */
#ifndef QX_TESTS_GRAPH_H
#define QX_TESTS_GRAPH_H

#include "tests/unit/qx_build.h"

/* A model of a text, one thing a line, in the order of the graph:

     in x [1,4]                     a graph input, of FLOAT; "in x INT64 [1,4]" of another type. -1: unknown
     out y [1,4]                    a graph output
     w = [2,2] 1 2 3 4              a constant; "w = INT8 [2] 1 2" of another type, "w = [2,2] ~" of some numbers
     w : INT4                       the data type that w is annotated with
     y = Conv(x, w, ) pads=[1,1]    a node: blank where an input is left out. 1 is an integer attribute, 1. a float, 'a' a string
     a, b = q.Op(x) @name           several outputs; q., last. and brevitas. are QONNX's domains; a name
     import q. 2                    a domain's version; ai.onnx is ONNX's own

   QONNX's own domain is imported at version 1 at first. */
struct qx_model *qx_graph (int64_t opset, const char *text);

/* Applies a pass; name NULL: without an argument. */
void qx_apply (struct qx_model *model, const char *pass, const char *name, const char *value);
/* The pass fails with this category, and a text that has part in it. */
void qx_refuse (struct qx_model *model, const char *pass, const char *name, const char *value,
                const char *category, const char *part);
/* The operators in graph order, with blanks between. */
void ck_ops (const struct qx_model *model, const char *expected);
/* The numbers of the constant in a node's input slot. */
const float *qx_constant (const struct qx_model *model, size_t node, size_t slot);
void ck_dims (const int64_t *dims, size_t n, const int64_t *expected, size_t n_expected);
/* The shape of a tensor, constant or not. */
void ck_shape (const struct qx_model *model, const char *tensor, size_t n, const int64_t *expected);

/* The i-th output for inputs that hold numbers of a fixed pattern, within the tensor's data type; to be freed. */
struct qx_tensor *qx_answer (struct qx_model *model, size_t i);
/* Both models give the same outputs: all numbers differ by tolerance at most, relative where they are large. */
void ck_same (struct qx_model *a, struct qx_model *b, double tolerance);
/* The same of the second one as a program sees it that reads the model from a file. */
void ck_same_when_read (struct qx_model *before, struct qx_model *model, double tolerance);
/* Applies the pass: the operators are as expected then, and the outputs the same as before, also when the model was saved and read again. */
void ck_keeps (struct qx_model *model, const char *pass, const char *name, const char *value, const char *ops,
               double tolerance);
/* The same for a graph of a text, which is freed. */
void ck_text_keeps (const char *text, const char *pass, const char *ops, double tolerance);
/* The pass does nothing to the graph. */
void ck_text_stays (const char *text, const char *pass);
/* The model's only output is these numbers for its only input of those; freed. */
void ck_text_gives (const char *text, const float *in, const float *out, size_t n_out);
/* The graph's first output is these numbers, to the bit, for inputs of the pattern or none. */
void ck_text_is (const char *text, size_t n, const double *wanted);
/* A run of the graph fails, with category "transform" and a text that has part in it. */
void ck_text_fails (const char *text, const char *part);

#endif
