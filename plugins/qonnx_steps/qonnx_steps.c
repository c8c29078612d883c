/* SPDX-License-Identifier: BSD-3-Clause */
/* Module qonnx_steps: transforms and analyses, thin over libqonnxc. A name is listed when what stands behind it does all of it. */
#include <config.h>

#include "plugins/qonnx_steps/steps.h"

BR_TRANSFORMS (qonnx_steps, &qs_graph_optimization);
BR_ANALYSES (qonnx_steps, &qs_performance_analysis);
