#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The program where one operation of its own fails: it says so, or does what it does anyway; it never dies of it. BUILDRUNNER_FAULTS=all
# tries every operation (make check-faults); otherwise the further ones are sampled.
. "$top_srcdir/tests/cli/lib.sh"

program=$top_builddir/tests/unit/faulty_buildrunner
[ -x "$program" ] || skip 'the test programs are built with Check alone'
tiny_model model.onnx
printf '{"id": "one", "model_path": "model.onnx", "backend": "brainsmith_stub"}\n' >config.json
step=4
[ "${BUILDRUNNER_FAULTS-}" != all ] || step=100000
[ -z "${BR_VALGRIND-}" ] || step=1
usual=0     # exit status without a failure
words=alike # what is said then is the same each time; "differ": it is not

# once KIND N ARGUMENT...: leaves $status; false where the operation was not reached
once ()
{
  kind=$1 n=$2
  shift 2
  rm -rf out mark
  BUILDRUNNER_FAULT="supervisor $kind $n $work/mark"
  export BUILDRUNNER_FAULT
  br "$@"
  unset BUILDRUNNER_FAULT
  shown="$kind $n of $shown"
  [ -e mark ]
}

check ()
{
  [ "$status" -lt 128 ] || wrong "exit status $status"
  [ "$status" -eq 0 ] || [ -s stderr ] || [ -s stdout ] || wrong "exit status $status, and not a word"
  [ "$status" -ne 0 ] || [ $words = differ ] || cmp -s stdout expected || [ -s stderr ] || wrong 'other words, and no reason'
  [ ! -e out/build_result.json ] || [ "$status" -ne 3 ] || wrong 'a result of a build that did not start'
}

# sweep ARGUMENT...: of a command that ends with $usual
sweep ()
{
  rm -rf out
  br "$@"
  expect_status $usual
  cp stdout expected
  reached=0
  for kind in alloc open write fsync rename fork; do
    n=0
    while once "$kind" "$n" "$@"; do
      check
      n=$((n + 1 + n / step)) reached=$((reached + 1))
    done
    expect_status $usual
  done
  [ "$reached" -gt 0 ] || wrong 'no operation was reached'
}

sweep check config.json
# under valgrind, fifty times slower, the rest is left out
if [ -z "${BR_VALGRIND-}" ]; then
  sweep run config.json -o out -q
  sweep plugins list -q
  sweep model info model.onnx
  words=differ
  sweep run config.json -o out --json -q
  sweep run config.json -o out --events events -q
  words=alike
  # one that fails, and the diagnosis of what it leaves
  printf '{"id": "two", "model_path": "model.onnx", "backend": "command", "backend_parameters": {"command": ["false"]}}\n' >failing.json
  usual=1
  sweep run failing.json -o out -q
  usual=0
  printf 'ERROR: [Place 30-640] Place Check : This design requires more Slice LUTs cells than are available\n' >vivado.log
  sweep diagnose vivado.log --json
fi

finish
