/* SPDX-License-Identifier: BSD-3-Clause */
/* Small models for tests of libqonnxc. Everything here ends the test when it cannot be done. */
#ifndef QX_TESTS_BUILD_H
#define QX_TESTS_BUILD_H

#include "qonnx/qonnx.h"

/* A test's only error. ck_ok () fails the test with the error's text. */
#define ck_ok(call, err) ck_assert_msg ((call) == 0, "%s", qx_error_text (err))
/* Fails unless the call failed with this category and a text that has part in it; clears the error. */
void ck_error (struct qx_error *err, const char *category, const char *part);

/* x [1,4] → Mul by half → MatMul with a quantised weight [4,3] behind a Transpose → Add of a bias → y [1,3], as an exporter
   leaves it: no shapes inside, constants first in Mul, a bit width computed by Pow. */
struct qx_model *qx_exported_model (void);
struct qx_node *qx_add (struct qx_model *model, const char *op_type, const char *a, const char *b,
                        const char *output);
void qx_floats (struct qx_model *model, const char *name, size_t n_dims, const int64_t *dims,
                const float *values);
/* Freed with qx_runner_free; options may be NULL. */
struct qx_runner *qx_runner_of (struct qx_model *model, const struct qx_run_options *options);
/* Freed with qx_tensor_free. */
struct qx_tensor *qx_tensor_of (size_t n_dims, const int64_t *dims, const float *values);
/* BUILDRUNNER_MODELS/name.onnx, freed by the caller; NULL, and a line that says so, where it is not there. */
char *qx_shared_model (const char *name);

#endif
