/* SPDX-License-Identifier: BSD-3-Clause */
/* The standard list is FINN's default one, behind the step that makes QONNX of plain ONNX: without that one no step would end with a QONNX
   model. */
#include <config.h>

#include "plugins/brainsmith_stub/steps.h"

const char *const stub_output_stages[] = { "dataflow_graph", "rtl", "stitched_ip", NULL };

const char *const stub_standard_steps[] = {
  "step_qonnx_cleanup",
  "step_qonnx_to_finn",
  "step_tidy_up",
  "step_streamline",
  "step_convert_to_hw",
  "step_create_dataflow_partition",
  "step_specialize_layers",
  "step_target_fps_parallelization",
  "step_apply_folding_config",
  "step_minimize_bit_width",
  "step_generate_estimate_reports",
  "step_hw_codegen",
  "step_hw_ipgen",
  "step_set_fifo_depths",
  "step_create_stitched_ip",
  "step_measure_rtlsim_performance",
  "step_out_of_context_synthesis",
  "step_synthesize_bitfile",
  "step_make_pynq_driver",
  "step_deployment_package",
  NULL,
};

#define TYPE_STEP(t, s)                                                                                      \
  &(const struct br_type_step)                                                                               \
  {                                                                                                          \
    .struct_size = sizeof (struct br_type_step), .type = (t), .step = (s)                                    \
  }

/* where a model of the type enters */
const struct br_type_step *const stub_input_types[] = {
  TYPE_STEP ("onnx", "step_qonnx_cleanup"),
  TYPE_STEP ("qonnx", "step_qonnx_to_finn"),
  TYPE_STEP ("finn", "step_tidy_up"),
  TYPE_STEP ("hwgraph", "step_create_dataflow_partition"),
  NULL,
};

/* the step that a model of the type comes out of */
const struct br_type_step *const stub_output_types[] = {
  TYPE_STEP ("qonnx", "step_qonnx_cleanup"),
  TYPE_STEP ("finn", "step_streamline"),
  TYPE_STEP ("hwgraph", "step_convert_to_hw"),
  TYPE_STEP ("rtl", "step_hw_codegen"),
  TYPE_STEP ("ip", "step_create_stitched_ip"),
  TYPE_STEP ("bitstream", "step_synthesize_bitfile"),
  NULL,
};
