#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# SIGKILL to the host, the supervisor or the worker while FINN works: nothing runs on, no folder for temporary files stays, and the next build works.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/processes.sh"
. "$top_srcdir/tests/finn/lib.sh"

[ -r "/proc/$$/task/$$/children" ] || skip 'the kernel does not list children'
[ -z "${BR_VALGRIND-}" ] || skip 'the processes are those of the program itself'

# start: FINN has come to a step that does not end; leaves $host and $temporary
start ()
{
  rm -rf out
  env "$mark" PYTHONPATH="$work/main" FAKE_FINN=main FAKE_FINN_DOES=silent "$program" run ${BR_PLUGIN_OPTIONS-} config.json -o out \
    -q >stdout 2>stderr </dev/null &
  host=$!
  tries=0
  until grep -qs '^temporary files in ' out/build_dataflow.log || [ $tries -ge 1200 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  temporary=$(sed -n 's|^temporary files in \(/tmp/[^/]*\)/.*|\1|p' out/build_dataflow.log)
  [ -n "$temporary" ] && [ -d "$temporary" ] || wrong 'FINN has no folder for temporary files'
}

child_of ()
{
  cut -d' ' -f1 "/proc/$1/task/$1/children"
}

for victim in host supervisor worker; do
  shown="the $victim killed"
  start
  pid=$host
  [ $victim = host ] || pid=$(child_of "$pid")
  [ $victim != worker ] || pid=$(child_of "$pid")
  kill -KILL "$pid"
  wait "$host"
  expect_all_gone
  expect_absent "$temporary"
  [ $victim = host ] && expect_absent $result || expect_json $result 'd["status"] == "failed"'
  finn main ok -o out
  expect_status 0
done

shown='interrupted'
start
kill -TERM "$host"
wait "$host"
expect_no_processes
expect_absent "$temporary"

finish
