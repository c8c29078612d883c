# SPDX-License-Identifier: BSD-3-Clause
# Signals and dying processes, as the program meets them: its exit status, a result that is valid, and nothing left running.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/processes.sh"

[ -r /proc/self/task/$$/children ] || skip "the kernel does not list children"
needs_command_module
tiny_model model.onnx

# leaves its session, its parents and its group, ignores what can be ignored, says who it is
cat >hostile.sh <<'EOF'
trap '' TERM HUP INT
(setsid sh -c 'trap "" TERM HUP INT; echo $$ >"$1"; while :; do sleep 1; done' - "$1" &) &
while :; do sleep 1; done
EOF

cat >config.json <<EOF
{"id": "processes", "backend": "command",
 "backend_parameters": {"command": ["sh", "$work/hostile.sh", "$work/pid"]}}
EOF

start ()
{
  shown="buildrunner run (in the background), $1"
  rm -f pid
  # a shell starts background programs with SIGINT ignored, and what is ignored stays so
  env --default-signal=INT "$mark" "$program" ${BR_PLUGIN_OPTIONS-} run config.json model.onnx -o out >stdout 2>stderr </dev/null &
  host=$!
  tries=0
  until [ -s pid ] || [ $tries -gt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  [ -s pid ] || wrong "the backend did not start"
}

finish_build ()
{
  status=0
  wait "$host" || status=$?
}

# its processes were started ahead
shown='buildrunner run of a model that is not there'
status=0
env "$mark" "$program" ${BR_PLUGIN_OPTIONS-} run config.json missing.onnx -o out >stdout 2>stderr </dev/null || status=$?
expect_status 3
expect_no_processes

child_of ()
{
  cut -d' ' -f1 "/proc/$1/task/$1/children"
}

if env --default-signal=INT true 2>/dev/null; then
  start "interrupted"
  kill -INT "$host"
  finish_build
  expect_status 130
  expect_no_processes
  expect_json out/build_result.json 'd["status"] == "failed" and d["error"]["category"] == "interrupted"'
  expect_json out/build_result.json '"SIGINT" in d["error"]["summary"]'
else
  skip 'env knows no --default-signal'
fi

start "terminated"
kill -TERM "$host"
finish_build
expect_status 143
expect_no_processes
expect_json out/build_result.json 'd["status"] == "failed" and d["error"]["category"] == "interrupted"'

start "its supervisor killed"
kill -KILL "$(child_of "$host")"
finish_build
expect_status 1
expect_no_processes
expect_json out/build_result.json 'd["status"] == "failed" and d["error"]["category"] == "environment"'

start "its worker killed"
supervisor=$(child_of "$host")
kill -KILL "$(child_of "$supervisor")"
finish_build
expect_status 1
expect_no_processes
expect_json out/build_result.json 'd["status"] == "failed" and d["error"]["category"] == "plugin_crash"'
expect_json out/build_result.json '"command" in d["error"]["summary"] and "SIGKILL" in d["error"]["summary"]'

start "killed itself"
kill -KILL "$host"
finish_build
expect_all_gone
expect_absent out/build_result.json

start "with another build in its folder"
before=$shown
br run config.json model.onnx -o out
expect_status 3
expect_one_error 'another build is running'
shown=$before
kill -TERM "$host"
finish_build
expect_status 143
expect_no_processes

finish
