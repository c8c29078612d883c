#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# config prints what check accepts.
. "$top_srcdir/tests/cli/lib.sh"

tiny_model model.onnx
br config model.onnx --board zcu104 --fps 25000 --clock 5 --stage rtl -b brainsmith_stub
expect_status 0
expect_no_stderr
cp "$work/stdout" config.json
expect_json config.json 'd["id"] == "model" and d["backend"] == "brainsmith_stub"'
expect_json config.json 'd["config_flags"] == {"board": "ZCU104", "clock_period_ns": 5.0, "target_fps": 25000}'
expect_json config.json 'd["global_config"]["output_stage"] == "rtl"'
expect_json config.json '[s["name"] for s in d["preprocessing"]] == ["graph_optimization"]'
expect_json config.json '[s["name"] for s in d["postprocessing"]] == ["performance_analysis"]'
br check config.json
expect_status 0
expect_absent work

br config
expect_status 0
cp "$work/stdout" bare.json
expect_json bare.json '"model_path" not in d and d["config_flags"]["board"] == "Pynq-Z1"'
br check bare.json model.onnx -b brainsmith_stub
expect_status 0
expect_stdout '^backend +brainsmith_stub .*simulated'

br config model.onnx --board xczu7ev-ffvc1156-2-e
expect_status 0
expect_json stdout 'd["config_flags"]["fpga_part"] == "xczu7ev-ffvc1156-2-e"'

br config --clock 3.3
expect_status 0
expect_json stdout 'd["config_flags"]["clock_period_ns"] == 3.3'

br config model.onnx --board ZCU105
expect_status 3
expect_no_stdout
expect_one_error 'ZCU105: .*did you mean ZCU10[42]\?'
br config missing.onnx --board ZCU105
expect_status 3
expect_stderr 'ZCU105'
expect_stderr 'missing\.onnx'
br config model.onnx --stage bitstream
expect_status 2
br config missing.onnx
expect_status 3
expect_no_stdout
expect_one_error 'missing\.onnx'

finish
