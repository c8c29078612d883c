# SPDX-License-Identifier: BSD-3-Clause
# Programs that get away, never end or say what nobody expects (hostile.c), run by the module command: limits end them, whatever they say is
# in the log as it was said, and nothing of them is left.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/processes.sh"

hostile=$top_builddir/tests/cli/hostile
[ -x "$hostile" ] || skip "$hostile was not built"
needs_command_module
tiny_model model.onnx

grace=2  # seconds between SIGTERM and SIGKILL
slack=30 # seconds that a busy machine may take beyond

# hostile BEHAVIOUR ARGUMENT OPTION...: leaves $status, and $seconds that it took
hostile ()
{
  shown="hostile $*"
  printf '{"id": "hostile", "model_path": "model.onnx", "backend": "command",
    "backend_parameters": {"command": ["%s", "%s", "%s"]}}' "$hostile" "$1" "$2" >config.json
  shift 2
  rm -rf out pid
  begun=$(date +%s)
  status=0
  env "$mark" "$program" run ${BR_PLUGIN_OPTIONS-} config.json -o out "$@" >stdout 2>stderr </dev/null || status=$?
  seconds=$(($(date +%s) - begun))
  expect_no_processes
}

# expect_timeout SECONDS TEXT: ended by the limit that TEXT names, not before it and not long after
expect_timeout ()
{
  expect_status 5
  expect_json out/build_result.json 'd["status"] == "timeout" and d["error"]["category"] == "timeout"'
  expect_json out/build_result.json "'$2' in d['error']['summary']"
  [ "$seconds" -ge "$(($1 - 1))" ] || wrong "ended after $seconds s, before its limit"
  [ "$seconds" -le "$(($1 + grace + slack))" ] || wrong "ended after $seconds s"
}

hostile daemon-and-stay "$work/pid" --timeout 2s
expect_timeout 2 'time limit'
expect_file pid

hostile daemon-and-stay "$work/pid" --silence 2s
expect_timeout 2 'silence limit'

hostile daemon-and-leave "$work/pid"
expect_status 0
expect_file pid
[ "$seconds" -le "$slack" ] || wrong "waited $seconds s for a daemon"

# talk is life: the silence limit does not strike
hostile chatter "$work/pid" --silence 3s --timeout 5s
expect_timeout 5 'time limit'
grep -q '^still here$' out/build_dataflow.log || wrong 'what it said is not in the log'

hostile bomb 300 --timeout 4s
expect_timeout 4 'time limit'
grep -q '^all are there$' out/build_dataflow.log || wrong 'it did not go off'

hostile comet "$work/pid" --timeout 2s
expect_timeout 2 'time limit'
expect_file pid

hostile parricide "$work/pid"
expect_status 1
expect_file pid
expect_json out/build_result.json 'd["error"]["category"] == "environment"'

# what it says, byte for byte; BUILDRUNNER_BIG_LINE: bytes of the one line
hostile line "${BUILDRUNNER_BIG_LINE:-67108864}"
expect_status 0
"$hostile" line "${BUILDRUNNER_BIG_LINE:-67108864}" | cmp -s - out/build_dataflow.log || wrong 'the log is not the line'

hostile noise 20000003
expect_status 0
"$hostile" noise 20000003 | cmp -s - out/build_dataflow.log || wrong 'the log is not what was said'

# a limit of memory, of whichever kind there is here
if grep -q __asan_init "$top_builddir/buildrunner-worker"; then
  echo 'the limit of memory is not looked at: the address sanitizer needs more'
else
  hostile glutton 2000 --memory 300M
  expect_status 1
  expect_json out/build_result.json 'd["error"]["category"] == "memory"'
  expect_json out/build_result.json 'd["environment"]["limits"]["memory_by"] in ("cgroup", "rlimit")'
fi

finish
