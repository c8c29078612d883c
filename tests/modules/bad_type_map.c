/* SPDX-License-Identifier: BSD-3-Clause */
/* An input type that begins at a step which the backend does not have. */
#include "tests/modules/dummy.h"

static const char *const steps[] = { "step_one", "step_two", NULL };
static const struct br_type_step onnx = { .struct_size = sizeof onnx, .type = "onnx", .step = "step_three" };
static const struct br_type_step *const types[] = { &onnx, NULL };
static const struct br_backend backend = { DUMMY_BACKEND, .name = "bad_type_map", .steps = steps,
                                           .input_types = types };
BR_BACKENDS (bad_type_map, &backend);
