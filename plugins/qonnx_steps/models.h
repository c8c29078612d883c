/* SPDX-License-Identifier: BSD-3-Clause */
/* Parsed models, kept between the steps of a build by the content of their files. */
#ifndef QONNX_STEPS_MODELS_H
#define QONNX_STEPS_MODELS_H

#include <buildrunner/plugin.h>

#include "qonnx/qonnx.h"

/* Says an error of the model library to the host, and clears it. Always -1. */
int32_t qs_fail (const struct br_host *host, struct br_build *build, struct qx_error *why);
/* The same, with the file or other thing that it is about before it, where it does not begin with that. */
int32_t qs_fail_at (const struct br_host *host, struct br_build *build, const char *place,
                    struct qx_error *why);

/* The model of the file at path, to be read only: either the memo's, or *own, which is then the caller's to free or to hand on. NULL after fail. */
const struct qx_model *qs_model_read (const struct br_host *host, struct br_build *build, const char *path,
                                      struct qx_model **own);
/* The same as a model of the caller's, to be changed and freed. */
struct qx_model *qs_model_take (const struct br_host *host, struct br_build *build, const char *path);
/* Takes model (may be NULL), which is what the file at path holds, over for later steps. 0, or -1 after fail. */
int32_t qs_model_keep (const struct br_host *host, struct br_build *build, const char *path,
                       struct qx_model *model);

#endif
