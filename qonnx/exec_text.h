/* SPDX-License-Identifier: BSD-3-Clause */
/* The few operators that take strings. */
#ifndef QX_EXEC_TEXT_H
#define QX_EXEC_TEXT_H

#include "qonnx/exec.h"

int qx_exec_text_copy (struct qx_exec *x, const struct qx_tensor *from); /* to output 0 */
int qx_exec_text_equal (struct qx_exec *x);
/* Casts, from and to strings. */
int qx_exec_text_parse (struct qx_exec *x, const struct qx_tensor *from, struct qx_tensor *to);
int qx_exec_text_print (struct qx_exec *x, const struct qx_tensor *from, struct qx_tensor *to);

#endif
