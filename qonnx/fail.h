/* SPDX-License-Identifier: BSD-3-Clause */
/* Setting a struct qx_error. */
#ifndef QX_FAIL_H
#define QX_FAIL_H

#include "common/error.h"
#include "qonnx/qonnx.h"

/* Returns -1; keeps a first error; err may be NULL. Category: "model_load", "transform", "environment" or "memory". */
int qx_fail (struct qx_error *err, const char *category, const char *format, ...) BR_PRINTF (3, 4);
int qx_oom (struct qx_error *err);
/* Passes on what common/ said; *from is empty afterwards. */
int qx_fail_from (struct qx_error *err, struct br_error *from);

#endif
