/* SPDX-License-Identifier: BSD-3-Clause */
/* Module qonnx_steps: transforms and analyses, thin over libqonnxc. A name is listed when what stands behind it does all of it. */
#include <config.h>

#include "plugins/qonnx_steps/passes.h"
#include "plugins/qonnx_steps/steps.h"

#define QX_PLAIN(pass, function, text) &qs_pass_##pass,
#define QX_PASS(pass, function, text)  &qs_pass_##pass,
#define QX_PARAM(param, kind, required, value, text)
#define QX_END(pass)
#define QX_LEFT_OUT(pass, reason) &qs_pass_##pass,

/* what BR_TRANSFORMS makes, with the passes behind the steps */
BR_DECLARE (const struct br_transform *const, BR_SYMBOL (qonnx_steps, br_transforms_v1)[])
const struct br_transform *const BR_SYMBOL (qonnx_steps, br_transforms_v1)[] = {
  &qs_graph_optimization,
  &qs_input_normalization,
  &qs_quantize_model,
#include "qonnx/passes.def"
  NULL,
};

BR_ANALYSES (qonnx_steps, &qs_accuracy_validation, &qs_performance_analysis, &qs_resource_analysis);
