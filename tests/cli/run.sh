#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# run: what a person sees, what a program reads, and the exit statuses.
. "$top_srcdir/tests/cli/lib.sh"

tiny_model model.onnx
cat >config.json <<'X'
{"id": "one", "model_path": "model.onnx", "backend": "brainsmith_stub",
 "kernels": [["MatMul", ["hls"]]], "config_flags": {"board": "Pynq-Z1"}}
X

br run config.json -o out
expect_status 0
expect_stdout '^status +success in '
expect_stdout '^backend +brainsmith_stub .*SIMULATED'
expect_stdout '^throughput +[0-9.]+ inferences/s \(simulated\)$'
expect_stdout '^latency +[0-9.]+ µs'
expect_stdout '^LUT +[0-9.]+ %'
expect_stdout "^files +$work/out\$"
grep -q "$(printf '\033')" stdout stderr && wrong 'colours, and no terminal'
expect_file out/build_result.json
expect_file out/build_config.json
expect_json out/build_result.json 'd["config_id"] == "one" and d["status"] == "success"'

br run config.json -o out --json
expect_status 0
expect_json stdout 'd["status"] == "success" and d["backend"]["name"] == "brainsmith_stub"'
cmp -s stdout out/build_result.json || wrong 'run --json prints something else than build_result.json'

br run config.json -o out -q
expect_status 0
expect_no_stdout
expect_no_stderr

# the config from standard input; relative paths are then relative to the current directory
shown='buildrunner run - <config.json'
status=0
program run ${BR_PLUGIN_OPTIONS-} - -o piped -q <config.json >stdout 2>stderr || status=$?
expect_status 0
expect_file piped/build_result.json

# --set and -p, which know the types
br run config.json -o out -q --set /id=two --set /config_flags/target_fps=5 -p mock_seed=7 -p 'mock_build_time_range=[1, 2]'
expect_status 0
expect_json out/build_config.json 'd["id"] == "two" and d["config_flags"]["target_fps"] == 5'
expect_json out/build_config.json 'd["backend_parameters"]["mock_seed"] == 7'
expect_json out/build_config.json 'd["backend_parameters"]["mock_build_time_range"] == [1, 2]'
br run config.json -o out -p mock_wait=perhaps
expect_status 3
expect_stderr 'mock_wait'

# events
br run config.json -o out -q --events events.ndjson
expect_status 0
tail -n 1 events.ndjson >last.json
expect_json last.json 'd["event"] == "result" and d["status"] == "success" and d["exit_code"] == 0'
grep '"step_end"' events.ndjson | tail -n 1 >step.json
expect_json step.json '(d["kind"], d["plugin"], d["status"]) == ("backend", "brainsmith_stub", "success")'

# a build that fails: category, cause, tips, where to look
br run config.json -o failed -p mock_success_rate=0
expect_status 1
expect_stdout '^status +failed in '
expect_stderr '^buildrunner: build failed, category [a-z_]+'
expect_stderr '^Tips:'
expect_stderr "$work/failed/error_report\\.txt\$"
expect_file failed/error_report.txt
expect_json failed/build_result.json 'd["status"] == "failed" and d["error"]["category"] and d["error"]["tips"]'
br run config.json -o failed -p mock_success_rate=0 --json -q
expect_status 1
expect_json stdout 'd["status"] == "failed" and d["metrics"]["throughput"] is None'

# a limit
br run config.json -o slow -p mock_wait=true -p 'mock_build_time_range=[30, 30]' --timeout 0.5s
expect_status 5
expect_stdout '^status +timeout in '
expect_json slow/build_result.json 'd["status"] == "timeout" and d["error"]["category"] == "timeout"'

# interrupted: 130 and 143, with a result that says so
interrupted ()
{
  shown="buildrunner run, then SIG$1"
  : >stdout
  # a shell starts background programs with SIGINT ignored, and what is ignored stays so
  env --default-signal=INT "$program" run ${BR_PLUGIN_OPTIONS-} config.json -o "$1" -p mock_wait=true \
    -p 'mock_build_time_range=[30, 30]' -q --events "$1.events" >stdout 2>stderr &
  pid=$!
  tries=0
  until [ -s "$1.events" ] || [ "$tries" -ge 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  kill -s "$1" "$pid"
  status=0
  wait "$pid" || status=$?
  expect_status "$2"
  expect_json "$1/build_result.json" 'd["status"] == "failed" and d["error"]["category"] == "interrupted"'
}
if env --default-signal=INT true 2>/dev/null; then
  interrupted INT 130
  interrupted TERM 143
else
  echo 'interruption is not looked at: env knows no --default-signal'
fi

# nothing stays when the supervisor dies, and the build has failed
nap=300.$$
printf '{"id": "nap", "model_path": "model.onnx", "backend": "command", "backend_parameters": {"command": ["sleep", "%s"]}}' \
  "$nap" >nap.json
napping ()
{
  for cmdline in /proc/[0-9]*/cmdline; do
    { tr '\0' ' ' <"$cmdline"; } 2>/dev/null | grep -qx "sleep $nap " && return 0
  done
  return 1
}
if [ -r "/proc/$$/task/$$/children" ] && [ -z "${BR_VALGRIND-}" ]; then
  shown='buildrunner run, and its supervisor is killed'
  "$program" run ${BR_PLUGIN_OPTIONS-} nap.json -o nap -q >stdout 2>stderr &
  pid=$!
  tries=0
  until napping || [ "$tries" -ge 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  napping || wrong 'the program of the backend was not started'
  read -r supervisor _ <"/proc/$pid/task/$pid/children"
  kill -KILL "$supervisor"
  status=0
  wait "$pid" || status=$?
  expect_status 1
  napping && wrong 'the program of the backend is still there'
else
  echo 'a dead supervisor is not looked at: no list of children in /proc, or valgrind'
fi

# an output stage that the backend lacks
br run config.json -b dataflow_estimate --set /global_config/output_stage=stitched_ip -o lacking
expect_status 3
expect_stderr 'stitched_ip'
expect_absent lacking
br run config.json -b dataflow_estimate --set /global_config/output_stage=stitched_ip -o lacking --skip-unsupported
expect_status 0
expect_stdout '^status +skipped in '
expect_json lacking/build_result.json 'd["status"] == "skipped"'

# plugins that are not there
br run config.json -b brainsmith_stubb -o none
expect_status 4
expect_stderr 'brainsmith_stubb; did you mean brainsmith_stub\? \(auto, .*brainsmith_stub.*\)$'
expect_absent none
br run config.json --set '/preprocessing=[{"name": "graph_optimisation", "type": "preprocessing"}]' -o none
expect_status 4
expect_stderr 'graph_optimisation.*graph_optimization'
expect_absent none

# a full disk is an error, whatever the build was
if [ -c /dev/full ]; then
  shown='buildrunner run >/dev/full'
  status=0
  : >stdout
  program run ${BR_PLUGIN_OPTIONS-} config.json -o out >/dev/full 2>stderr || status=$?
  expect_status 1
  expect_stderr 'standard output: No space left'
  br run config.json -o out -q --events /dev/full
  expect_status 1
  expect_stderr '/dev/full: No space left'
fi

# what auto chose is news like any other: not for those who asked for errors only
echo '{"id": "auto", "model_path": "model.onnx"}' >auto.json
br run auto.json -o auto
expect_stderr '^buildrunner: auto chose the backend '
br run auto.json -o auto --set /global_config/log_level=ERROR
grep -q 'auto chose' stderr && wrong 'log_level ERROR still tells what auto chose'

finish
