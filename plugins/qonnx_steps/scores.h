/* SPDX-License-Identifier: BSD-3-Clause */
/* How often an output is right, and how far two outputs are apart. */
#ifndef QONNX_STEPS_SCORES_H
#define QONNX_STEPS_SCORES_H

#include <stddef.h>
#include <stdint.h>

#include "qonnx/qonnx.h"

/* What an output says of each of its examples: n rows of classes. Floats are scores, of which the largest is the answer; integers are the answers,
   best first. */
struct qs_answers {
  size_t n, classes;
  const float *scores; /* one of the two; borrowed from the tensor */
  const int64_t *indices;
};

/* 1; 0 where an output of this shape or type holds no answers; -1 with *err. */
int qs_answers_of (const struct qx_tensor *output, size_t n, struct qs_answers *answers,
                   struct qx_error *err);
/* How many answers are before this one, in the order of scores (of equal ones the first, as in NumPy's argmax; what is not a number stands first):
   0 is the answer. classes, where it is none of them. */
size_t qs_answer_rank (const struct qs_answers *answers, size_t example, int64_t label);
int64_t qs_answer (const struct qs_answers *answers, size_t example);

/* How far numbers are from others, summed up over any number of calls. */
struct qs_distance {
  double largest, sum;
  size_t n;
  size_t odd; /* pairs of which one is not a finite number and the other is another */
};

/* 0 where one is not of floats (classes have no distance), or they have not as many elements; 1 otherwise. */
int qs_distance_add (struct qs_distance *distance, const struct qx_tensor *a, const struct qx_tensor *b);

#endif
