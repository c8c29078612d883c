#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# All that is wrong with an input is told at once, in the order of the file, by run and check alike; and nothing that only follows
# from something else that is wrong.
. "$top_srcdir/tests/cli/lib.sh"

tiny_model model.onnx
: >file

# problems STATUS LINE...: exactly these, each "LINE POINTER" in the file or the beginning of a text without a place. Nothing is left.
problems ()
{
  expected=$1
  shift
  printf '%s\n' "$@" >expected
  : >told
  before=$(ls)
  for command in run check; do
    br "$command" config.json ${options-}
    expect_status "$expected"
    expect_no_stdout
    sed -E -e '/^buildrunner: warning: /d' -e 's/^buildrunner: //' \
      -e 's/^config\.json:([0-9]+):[0-9]+: (\/[^ :]*): .*/\1 \2/' "$work/stderr" >told
    awk 'NR == FNR { want[++n] = $0; next }
      want[++m] == "" || index ($0, want[m]) != 1 || (want[m] ~ /^[0-9]/ && $0 != want[m]) { bad = 1 }
      END { exit bad || m != n }' expected told || { wrong 'not the problems that there are, which are these:'; sed 's/^/  /' expected; }
    [ "$(ls)" = "$before" ] || wrong "something was left: $(ls)"
  done
}

# values and names, the model and the output folder
cat >config.json <<'X'
{
  "id": "a/b",
  "model_path": "missing.onnx",
  "backend": "dataflow_estimat",
  "preprocessing": [
    {"name": "graph_optimisation"},
    {"name": "quantize_model", "parameters": {"bits": 0, "bitz": 1}},
    {"name": "a\nb"},
    {"name": "performance_analysis", "type": "postprocessing"},
    17
  ],
  "postprocessing": [{"enabled": 1}, {"name": "accuracy"}],
  "config_flags": {
    "clock_period_ns": 0
  },
  "global_config": {
    "output_stage": "rtll",
    "working_directory": "file"
  }
}
X
problems 3 '2 /id' '3 /model_path' '4 /backend' '6 /preprocessing/0' '7 /preprocessing/1/parameters/bits' \
  '7 /preprocessing/1/parameters/bitz' '8 /preprocessing/2/name' '9 /preprocessing/3' '10 /preprocessing/4' \
  '12 /postprocessing/0/name' '12 /postprocessing/0/enabled' '12 /postprocessing/1' '14 /config_flags/clock_period_ns' \
  '17 /global_config/output_stage' '18 /global_config/working_directory'

# the same as data
br check config.json --json
expect_status 3
expect_json stdout 'len(d["problems"]) == 15 and d["exit_code"] == 3 and not d["ok"]'
expect_json stdout '[p["line"] for p in d["problems"]] == [2, 3, 4, 6, 7, 7, 8, 9, 10, 12, 12, 12, 14, 17, 18]'

# a stage that there is not: neither is a backend chosen by it, nor does one refuse it
cat >config.json <<'X'
{"id": "a", "model_path": "model.onnx",
 "backend_parameters": {"no_such": 1},
 "global_config": {"output_stage": 1}}
X
problems 3 '3 /global_config/output_stage'
sed -i 's/^ "backend_param/ "backend": "dataflow_estimate",&/' config.json
problems 3 '2 /backend_parameters/no_such' '3 /global_config/output_stage'

# a backend that is asked, whatever else is wrong; what it cannot do is told once
cat >config.json <<'X'
{"id": "",
 "model_path": "model.onnx",
 "backend": "dataflow_estimate",
 "config_flags": {"board": "Pynq-Z9", "target_fps": "many"}}
X
problems 3 '1 /id' '3 /backend' '4 /config_flags/target_fps'
sed -i -e '/"backend"/d' config.json
problems 3 '1 /backend' '1 /id' '3 /config_flags/target_fps'

# neither the parameters of a backend that was not named, nor what they would have been
cat >config.json <<'X'
{"id": "a", "model_path": "model.onnx",
 "backend": 5,
 "backend_parameters": {"no_such": 1}}
X
problems 3 '2 /backend'
cat >config.json <<'X'
{"id": "a", "model_path": "model.onnx",
 "backend": "command",
 "backend_parameters": [],
 "postprocessing": [{"name": "command", "parameters": 1}]}
X
problems 3 '3 /backend_parameters' '4 /postprocessing/0/parameters'

# build steps and the ends of the range, by what can be known of them
cat >config.json <<'X'
{"id": "a", "model_path": "model.onnx", "backend": "dataflow_estimate",
 "build_steps": ["step_qonnx_to_finn",
  "a/b",
  "step_nowhere",
  5],
 "global_config": {"start_step": "step_streamline",
  "stop_step": "nothing",
  "output_type": 7}}
X
problems 3 '3 /build_steps/1' '4 /build_steps/2' '5 /build_steps/3' '8 /global_config/output_type'
sed -i 's/^  "output_type.*/  "output_type": null}}/' config.json
problems 3 '3 /build_steps/1' '4 /build_steps/2' '5 /build_steps/3' '7 /global_config/stop_step'

# of an end of the range that a type gives, the type alone counts
cat >config.json <<'X'
{"id": "a", "model_path": "model.onnx", "backend": "dataflow_estimate",
 "global_config": {"start_step": "nothing", "input_type": "hw",
  "stop_step": "nothing"}}
X
problems 3 '2 /global_config/input_type' '3 /global_config/stop_step'

# steps by stage
cat >config.json <<'X'
{"id": "a", "model_path": "model.onnx", "backend": "brainsmith_stub",
 "transforms_by_stage": {"pre_proc": ["no_such", 3,
  "InferShapes"], "post_proc": 4}}
X
problems 3 '2 /transforms_by_stage/pre_proc/0' '2 /transforms_by_stage/pre_proc/1' '3 /transforms_by_stage/post_proc'

# an output folder that cannot be known is not looked at
cat >config.json <<'X'
{"id": "a", "model_path": "model.onnx", "backend": "brainsmith_stub",
 "output_dir": "",
 "global_config": {"working_directory": "file"}}
X
problems 3 '2 /output_dir'

# duplicate keys and numbers that there are not leave the rest to be read
cat >config.json <<'X'
{"id": "a", "model_path": "model.onnx", "backend": "nowhere",
 "timestamp": "a", "timestamp": "b",
 "config_flags": {"clock_period_ns": 1e999, "board": "\ud800"},
 "combination_index": 99999999999999999999,
 "global_config": {"log_level": "LOUD"}}
X
problems 3 '1 /backend' '2 /timestamp' '3 /config_flags/clock_period_ns' '3 /config_flags/board' '4 /combination_index' \
  '5 /global_config/log_level'

# what is no JSON, or no object, has one error, whatever stands in it
printf '{"id": 5, "backend": "nowhere",}' >config.json
options=missing.onnx
problems 3 '1 /backend'
printf '["id"]' >config.json
problems 3 'config.json:1:1'

# with what the command line says, which has no place
cat >config.json <<'X'
{"id": "a",
 "model_path": "model.onnx",
 "build_steps": [1]}
X
options='missing.onnx -b brainsmith_stub -p mock_success_rate=often -p mock_sed=1 -o file
  --set /global_config/log_level=LOUD --events nowhere/events --rules nowhere.rules'
problems 3 '3 /build_steps/0' '/global_config/log_level: ' 'nowhere/events: ' 'cannot open nowhere.rules: ' \
  'parameter "mock_success_rate": ' "$work/missing.onnx: " "$work/file: " '/backend_parameters/mock_sed: '

# what is only missing here is 4; with anything that is wrong with the input it is 3
options=
printf '{"id": "a", "model_path": "model.onnx", "backend": "nowhere",\n "preprocessing": [{"name": "no_such"}]}' >config.json
problems 4 '1 /backend' '2 /preprocessing/0'
options='--set noPointer=1'
problems 2 '1 /backend' '2 /preprocessing/0' '--set noPointer=1: '

finish
