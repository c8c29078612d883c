/* SPDX-License-Identifier: BSD-3-Clause */
/* The override_inpsize of qonnx-cleanup: a batch size, or the whole shape of the first input. */
#ifndef QONNX_STEPS_INPUT_SIZE_H
#define QONNX_STEPS_INPUT_SIZE_H

#include <buildrunner/plugin.h>

struct qs_input_size {
  int64_t batch;  /* 0: not given */
  int64_t *shape; /* NULL: not given; owned */
  uint64_t n_shape;
};

/* A number, a text such as "4" or "(1, 3, 32, 32)", or a list of numbers, each at least 1. 0, or -1 after fail. Free *size in both cases. */
int32_t qs_input_size_read (const struct br_host *host, struct br_build *build, const char *pointer,
                            struct qs_input_size *size);
void qs_input_size_free (struct qs_input_size *size);

#endif
