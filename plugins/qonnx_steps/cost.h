/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of a performance analysis that the model alone says. */
#ifndef QONNX_STEPS_COST_H
#define QONNX_STEPS_COST_H

#include "common/json_write.h"
#include "qonnx/qonnx.h"

/* Work and memory of one layer, or of all. A multiply-accumulate counts as two operations. */
struct qs_work {
  double macs, bops; /* bops: each MAC times the bits of both operands */
  double parameters, parameter_bits;
  double outputs, output_bits;
};

/* Sums up a group's entries. -1 with *err where a key is not of the form that the model library gives. */
int qs_work_of (const struct qx_cost_group *group, struct qs_work *work, struct qx_error *err);
/* "layers": one object for each node that has a cost; "total"; "unsupported_operators"; "discount_sparsity". -1 with *err. */
int qs_cost_write (const struct qx_cost *cost, struct br_json_writer *w, struct qx_error *err);
/* "inference_cost": the object that qonnx-inference-cost writes with --cost-breakdown. */
void qs_cost_write_raw (const struct qx_cost *cost, struct br_json_writer *w);

#endif
