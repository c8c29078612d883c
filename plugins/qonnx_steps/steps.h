/* SPDX-License-Identifier: BSD-3-Clause */
/* The plugins of this module, a file each. */
#ifndef QONNX_STEPS_STEPS_H
#define QONNX_STEPS_STEPS_H

#include <buildrunner/plugin.h>

extern const struct br_transform qs_graph_optimization;
extern const struct br_transform qs_input_normalization;
extern const struct br_transform qs_quantize_model;
extern const struct br_analysis qs_accuracy_validation;
extern const struct br_analysis qs_performance_analysis;
extern const struct br_analysis qs_resource_analysis;

#endif
