#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# brainsmith_stub through the program: what it hands over, step ranges, what it leaves, and that all of it is marked as simulated.
. "$top_srcdir/tests/cli/lib.sh"

tiny_model model.onnx
cat >config.json <<'X'
{"id": "config_00007", "design_space_id": "ds_1a2b", "model_path": "model.onnx", "backend": "future_brainsmith",
 "kernels": [["MatMul", ["hls"]], ["Softmax", ["rtl", "hls"]]],
 "transforms": {"streamline": ["AbsorbSignBias", "MoveScalar"], "tidy": ["RemoveUnused"]},
 "build_steps": [], "config_flags": {"clock_period_ns": 5.0, "board": "Pynq-Z1", "target_fps": 10000},
 "global_config": {"output_stage": "rtl"},
 "timestamp": "2026-01-01T00:00:00", "combination_index": 7, "total_combinations": 12}
X

br run config.json -o out
expect_status 0
request=out/finn_brainsmith_config.json
expect_json $request 'd["kernels"][1] == {"name": "Softmax", "parameters": ["rtl", "hls"], "metadata": {"index": 1, "type": "hw_kernel"}}'
expect_json $request 'd["transform_stages"] == {"streamline": ["AbsorbSignBias", "MoveScalar"], "tidy": ["RemoveUnused"]}'
expect_json $request '(d["output_stage"], d["target_device"], d["target_clock_ns"]) == ("rtl", "Pynq-Z1", 5.0)'
expect_json $request '(d["design_space_id"], d["combination_index"], d["total_combinations"]) == ("ds_1a2b", 7, 12)'
expect_json $request 'd["timestamp"] == "2026-01-01T00:00:00" and d["api_version"] and d["simulated"] is True'
expect_json $request 'd["config_flags"]["target_fps"] == 10000 and d["build_steps"] == []'
expect_json $request 'd["output_dir"].endswith("/out") and d["working_directory"].endswith("/work")'
expect_json $request 'set(d) == set("kernels transform_stages output_stage working_directory output_dir target_device target_clock_ns build_steps config_flags step_configuration design_space_id combination_index total_combinations api_version timestamp simulated".split())'

# no range: all of the standard list
expect_json $request 'd["step_configuration"]["step_filtering_applied"] is False'
expect_json $request 'd["step_configuration"]["resolved_steps"] == d["step_configuration"]["standard_steps"]'
expect_json $request 'd["step_configuration"]["total_steps"] == d["step_configuration"]["filtered_steps_count"] == len(d["step_configuration"]["standard_steps"])'
expect_json $request 'set(d["step_configuration"]) == set("original_build_steps output_stage start_step stop_step input_type output_type resolved_start_step resolved_stop_step resolved_steps total_steps filtered_steps_count step_filtering_applied standard_steps supported_input_types supported_output_types".split())'

expect_json out/build_result.json 'd["metrics"]["raw_metrics"]["kernel_count"] == 2 and d["metrics"]["raw_metrics"]["transform_count"] == 3'
expect_json out/build_result.json 'all(d["metrics"][m] is not None for m in "throughput latency clock_frequency lut_utilization dsp_utilization bram_utilization total_power".split())'
# a 7-series part has no URAM, and nothing measured an accuracy
expect_json out/build_result.json 'd["metrics"]["uram_utilization"] is None and d["metrics"]["accuracy"] is None'
expect_json out/build_result.json 'all(o["stage"] == "simulated" for o in d["metrics"]["raw_metrics"]["origin"].values())'
expect_json out/build_result.json 'all(abs(d["metrics"][m] - d["metrics"]["raw_metrics"]["counts"][r] / d["metrics"]["raw_metrics"]["totals"][r]) < 1e-12 for m, r in {"lut_utilization": "LUT", "dsp_utilization": "DSP", "bram_utilization": "BRAM_18K"}.items())'
for name in design_summary kernel_mapping transform_log performance_report resource_report; do
  expect_json out/build_result.json "d['artifacts']['$name'] == 'report/$name.json'"
  expect_json out/report/$name.json 'd["simulated"] is True'
done
expect_json out/report/design_summary.json 'd["design_stats"]["kernel_count"] == 2'
expect_json out/report/resource_report.json 'd["counts"]["LUT"] <= d["totals"]["LUT"] == 53200'
grep -q '^simulated: 20 build steps, step_qonnx_cleanup to step_deployment_package$' out/build_dataflow.log || wrong 'the log does not say that its steps are simulated'

# ranges: names, semantic types, steps that it does not know
br run config.json -o range --set /global_config/start_step=step_specialize_layers --set /global_config/stop_step=step_hw_codegen
expect_status 0
steps='d["step_configuration"]'
request=range/finn_brainsmith_config.json
expect_json $request "($steps['start_step'], $steps['resolved_start_step'], $steps['resolved_stop_step']) == ('step_specialize_layers', 'step_specialize_layers', 'step_hw_codegen')"
expect_json $request "$steps['step_filtering_applied'] is True and $steps['filtered_steps_count'] == len($steps['resolved_steps']) == 6"
br run config.json -o typed --set /global_config/input_type=hwgraph --set /global_config/output_type=rtl
request=typed/finn_brainsmith_config.json
expect_json $request "($steps['resolved_start_step'], $steps['resolved_stop_step']) == ('step_create_dataflow_partition', 'step_hw_codegen')"
br run config.json -o own --set '/build_steps=["my_step", "step_tidy_up"]'
expect_status 0
request=own/finn_brainsmith_config.json
expect_json $request "d['build_steps'] == $steps['resolved_steps'] == ['my_step', 'step_tidy_up'] and $steps['total_steps'] == 2"

# the same design is given the same numbers; another seed others
br run config.json -o again
expect_status 0
cmp -s out/report/performance_report.json again/report/performance_report.json || wrong 'equal builds differ'
br run config.json -o other -p mock_seed=8
cmp -s out/report/performance_report.json other/report/performance_report.json && wrong 'the seed changes nothing'

# a simulated failure is called so
br run config.json -o failed -p mock_success_rate=0
expect_status 1
expect_json failed/build_result.json 'd["error"]["category"] == "synthesis" and "simulated" in d["error_message"]'
expect_json failed/build_result.json 'd["metrics"]["throughput"] is None and d["metrics"]["raw_metrics"]["simulated"] is True'

# settings that do not fit
br run config.json -o bad -p mock_success_rate=1.5
expect_status 3
expect_absent bad
br run config.json -o bad -p 'mock_build_time_range=[1]'
expect_status 3
expect_absent bad

finish
