/* SPDX-License-Identifier: BSD-3-Clause */
/* The external data files that an ONNX model names. */
#ifndef BR_COMMON_MODEL_EXTERNAL_H
#define BR_COMMON_MODEL_EXTERNAL_H

#include <stddef.h>

#include "common/error.h"

/* Calls found once for each mention of a file, in the order of the model; location is borrowed and as the model has it. Stops with -1 where found
   does, or for what is no ONNX (category "model_load"). Memory beyond the mapped file is constant. */
int br_model_external (const char *path,
                       int (*found) (void *closure, const char *location, struct br_error *err),
                       void *closure, struct br_error *err);

#endif
