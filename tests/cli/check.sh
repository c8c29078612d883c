#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# check finds what run would find, and creates nothing.
. "$top_srcdir/tests/cli/lib.sh"

tiny_model model.onnx
cat >config.json <<'X'
{"id": "one", "model_path": "model.onnx", "backend": "brainsmith_stub"}
X
br --version
before=$(ls)

br check config.json -o out --events events
expect_status 0
expect_no_stderr
expect_stdout '^config +one, can be built$'
expect_stdout '^backend +brainsmith_stub .*simulated$'
expect_stdout "^output +$work/out\$"
br check config.json -q
expect_status 0
expect_no_stdout
br check model.onnx -b brainsmith_stub
expect_status 0

br check config.json --json
expect_status 0
expect_json stdout 'd == {"ok": True, "exit_code": 0, "backend": "brainsmith_stub", "problems": []}'
br check config.json --json --set /global_config/output_stage=rtll --set /postprocesing=3
expect_status 3
expect_no_stderr
expect_json stdout 'd["ok"] is False and d["exit_code"] == 3 and d["backend"] is None'
expect_json stdout 'any(p["pointer"] == "/global_config/output_stage" and not p["warning"] for p in d["problems"])'
expect_json stdout 'any(p["pointer"] == "/postprocesing" and p["warning"] for p in d["problems"])'

# plugin problems alone are 4; with a bad config they are 3
br check config.json -b nowhere
expect_status 4
expect_stderr 'there is no backend nowhere; known are auto, brainsmith_stub, .*dataflow_estimate'
br check config.json -b nowhere missing.onnx
expect_status 3
expect_stderr nowhere
expect_stderr 'missing\.onnx'

# a parameter for whichever auto chooses is read by its table
br check model.onnx -p fit=throughput --set /config_flags/board=Pynq-Z1
expect_status 0
br check model.onnx -p fit=thruput
expect_status 3
expect_one_error 'parameter "fit": "thruput" is none of none|throughput|resources; did you mean "throughput"\?'
br check model.onnx -p no_such=1
expect_status 3
expect_one_error '/backend_parameters/no_such: unknown parameter'

# neither the config nor the command line names a model
printf '{"id": "one", "backend": "brainsmith_stub"}' >bare.json
br check bare.json
expect_status 3
expect_one_error 'no model: give MODEL\.onnx, or model_path in the config'
rm bare.json

# a backend that cannot work here
br check config.json -b dataflow_estimate --set /config_flags/board=Nowhere
expect_status 3
expect_stderr 'Nowhere'

[ "$(ls)" = "$before" ] || wrong "something was left: $(ls)"
finish
