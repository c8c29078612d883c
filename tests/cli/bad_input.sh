#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Bad configs and bad models: one clear error that names the file, exit status 3, and nothing left.
. "$top_srcdir/tests/cli/lib.sh"

tiny_model model.onnx
printf '{"id": "good", "model_path": "model.onnx", "backend": "brainsmith_stub"}' >good.json
br check good.json
expect_status 0

before=$(ls)

# rejected PATTERN ARGUMENT...: by run and by check alike
rejected ()
{
  pattern=$1
  shift
  for command in run check; do
    br "$command" "$@"
    expect_status 3
    expect_no_stdout
    expect_stderr "$pattern"
    [ "$(ls)" = "$before" ] || wrong "something was left: $(ls)"
  done
}

# bad_config PATTERN TEXT, in printf's form
bad_config ()
{
  printf "$2" >bad.json
  before=$(ls)
  rejected "^buildrunner: .*bad\.json.*$1" bad.json model.onnx
  [ "$(grep -vc 'warning: ' "$work/stderr")" -eq 1 ] || wrong 'not one error'
}

bad_config '1:1' 'not json'
bad_config '' ''
bad_config '' '   \n'
bad_config '1:1.*' '[]'
bad_config '1:.*' '"text"'
bad_config '' '{"id": "a"'
bad_config '1:13' '{"id": "a"} {}'
bad_config '/id' '{"id": 5}'
bad_config '/id' '{"id": ""}'
bad_config '/id' '{"id": "a/b"}'
bad_config '/id' '{"id": ".."}'
bad_config '/id' '{"id": "a\\nb"}'
bad_config 'id' '{}'
bad_config '1:.*' '{"id": "a\000b"}'
bad_config '1:.*' '{"id": "a\\u0000b"}'
bad_config '1:.*' '{"id": "\377"}'
bad_config '1:13.*id' '{"id": "a", "id": "b"}'
bad_config 'NaN|1:.*' '{"id": "a", "config_flags": {"clock_period_ns": NaN}}'
bad_config '/config_flags/clock_period_ns' '{"id": "a", "config_flags": {"clock_period_ns": 1e999}}'
bad_config '/config_flags/clock_period_ns' '{"id": "a", "config_flags": {"clock_period_ns": -1}}'
bad_config '/config_flags/clock_period_ns' '{"id": "a", "config_flags": {"clock_period_ns": "fast"}}'
bad_config '/config_flags/clock_period_ns' '{"id": "a", "config_flags": {"clock_period_ns": 1e-300}}'
bad_config '/config_flags/clock_period_ns' '{"id": "a", "config_flags": {"clock_period_ns": 1e300}}'
bad_config '/combination_index' '{"id": "a", "combination_index": 99999999999999999999}'
bad_config '/preprocessing' '{"id": "a", "preprocessing": {}}'
bad_config '/preprocessing/0/name' '{"id": "a", "preprocessing": [{"name": "../x", "type": "preprocessing"}]}'
bad_config '/preprocessing/0/name' '{"id": "a", "preprocessing": [{"name": "a/b", "type": "preprocessing"}]}'
bad_config '/global_config/output_stage.*did you mean "rtl"\?' '{"id": "a", "global_config": {"output_stage": "rtll"}}'
bad_config '/global_config/timeout_minutes' '{"id": "a", "global_config": {"timeout_minutes": -5}}'

# twenty thousand levels
awk 'BEGIN { printf "{\"id\": \"a\", \"config_flags\": {\"x\": "; for (i = 0; i < 20000; i++) printf "["; print "" }' >bad.json
before=$(ls)
rejected 'bad\.json:1:' bad.json model.onnx

# all problems at once; the first twenty in full
awk 'BEGIN { printf "{\"id\": \"a\", \"build_steps\": ["; for (i = 0; i < 30; i++) printf "%s%d", i ? ", " : "", i; print "]}" }' >bad.json
rejected '10 more like these' bad.json model.onnx
[ "$(grep -c '/build_steps/' "$work/stderr")" -eq 20 ] || wrong 'not twenty problems'

# unknown keys warn, and fail when that was asked for
printf '{"id": "a", "model_path": "model.onnx", "backend": "brainsmith_stub", "postprocesing": []}' >bad.json
br check bad.json
expect_status 0
expect_stderr 'warning: .*bad\.json:1:.*postprocesing.*did you mean "postprocessing"'
rejected 'postprocesing' bad.json --strict

# what a backend cannot serve is found before the build, whether the config names the backend or auto asks it
with_board ()
{
  printf '{"id": "a", "model_path": "model.onnx", %s"config_flags": {"board": "Pynq-Z9"}}' "$1"
}
bad_config '/backend.*Pynq-Z9' "$(with_board '"backend": "dataflow_estimate", ')"
bad_config '/backend.*Pynq-Z9' "$(with_board '')"

# what it has no use for is only warned about
printf '{"id": "a", "model_path": "model.onnx", "backend": "dataflow_estimate", "kernels": [["K", ["hls"]]]}' >unused.json
br check unused.json
expect_status 0
expect_stderr 'unused\.json:1:.*: /kernels: the backend dataflow_estimate has no use for kernels'
before=$(ls)

# the config as a file
rejected 'missing\.json' missing.json
mkdir folder
before=$(ls)
rejected 'folder' folder
rejected 'folder' good.json folder

# the model
bad_model ()
{
  before=$(ls)
  rejected "$1" good.json "$1"
  rejected "$1" "$1" -b brainsmith_stub
}
bad_model missing.onnx
: >empty.onnx
bad_model empty.onnx
printf 'this is no model, but some text that is long enough' >text.onnx
bad_model text.onnx
printf '\010\010\072\377\377\003\022' >cut.onnx
bad_model cut.onnx
printf '\010\010' >nograph.onnx
bad_model nograph.onnx
br run good.json -b brainsmith_stub missing.onnx -o out
expect_absent out

# the output directory
: >file
before=$(ls)
rejected 'file' good.json -o file
rejected 'file' good.json -o file/below
if [ "$(id -u)" -ne 0 ]; then
  mkdir readonly
  chmod 555 readonly
  before=$(ls)
  rejected 'readonly' good.json -o readonly/out
fi

# parameters and ranges
rejected 'mock_success_rate' good.json -p mock_success_rate=2
rejected 'mock_success_rate' good.json -p mock_success_rate=often
rejected 'mock_sucess_rate.*did you mean "mock_success_rate"' good.json -p mock_sucess_rate=1
rejected 'start_step' good.json --set /global_config/start_step=99999
rejected 'start_step' good.json --set /global_config/start_step=step_nowhere
rejected 'events cannot be written' good.json --events nowhere/events

# an older result stays where a build cannot start
br run good.json -o old -q
expect_status 0
cp old/build_result.json kept.json
br run good.json -o old -p mock_success_rate=2
expect_status 3
cmp -s old/build_result.json kept.json || wrong 'the older result was touched'

# a stage that no backend has is an error, and with --skip-unsupported a build that is skipped
before=$(ls)
rejected 'no output stage stitched_ip' model.onnx --set /global_config/output_stage=stitched_ip -o skipped
br run model.onnx --set /global_config/output_stage=stitched_ip -o skipped --skip-unsupported -q
expect_status 0
grep -q '"status": "skipped"' skipped/build_result.json || wrong 'the build was not skipped'
rm -rf skipped

# nor is a model taken that the build itself would remove, whatever name leads to it
ln -s old link
before=$(ls)
rejected 'processed_model\.onnx: is a product of the output folder' good.json old/processed_model.onnx -o link
rejected 'processed_model\.onnx: is a product of the output folder' good.json link/processed_model.onnx -o old
cmp -s old/build_result.json kept.json || wrong 'the older result was touched'
cp model.onnx old/mine.onnx
br run good.json old/mine.onnx -o old -q
expect_status 0

finish
