/* SPDX-License-Identifier: BSD-3-Clause */
/* Inputs of a model out of .npy files that a step's parameters name. */
#ifndef QONNX_STEPS_INPUTS_H
#define QONNX_STEPS_INPUTS_H

#include <buildrunner/plugin.h>

#include "qonnx/qonnx.h"

struct qs_inputs {
  struct qx_tensor **tensors; /* in the runner's order; owned */
  size_t n;
};

/* The parameter is a path where the model has one input, else an object that gives a path for each input; relative ones are relative to the
   configuration. Numbers are brought to the inputs' types. 0, or -1 after fail. Free *inputs in both cases. */
int32_t qs_inputs_read (const struct br_host *host, struct br_build *build, const char *pointer,
                        const struct qx_model *model, const struct qx_runner *runner,
                        struct qs_inputs *inputs);
void qs_inputs_free (struct qs_inputs *inputs);

#endif
