#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The completion offers commands, options and the catalogue's names.
. "$top_srcdir/tests/cli/lib.sh"

command -v bash >/dev/null || skip 'no bash'
[ -z "${BR_VALGRIND-}" ] || skip 'a shell script is not worth running under valgrind'

# completes WANTED WORD...: the last word is the one that is being typed
completes ()
{
  wanted=$1
  shift
  shown="completion of: buildrunner $*"
  BUILDRUNNER_PLUGIN_PATH=$top_builddir/stage/plugins \
    bash -c '
      . "$1"; program=$2; wanted=$3; shift 3
      COMP_WORDS=("$program" "$@") COMP_CWORD=$#
      _buildrunner
      printf "%s\n" "${COMPREPLY[@]}"' bash "$top_srcdir/docs/completion/buildrunner" "$program" "$wanted" "$@" \
    >stdout 2>stderr
  grep -qxF -e "$wanted" stdout || wrong "$wanted is not offered"
  expect_no_stderr
}

completes run r
completes plugins ''
completes diff model d
completes --exit-code model diff --ex
completes doctor plugins d
completes --skip-unsupported run --sk
completes --json plugins list --j
completes --board config --
completes brainsmith_stub run -b brain
completes auto run --backend a
completes mock_seed= run -b brainsmith_stub -p mock_s
completes transform/graph_optimization plugins show tr
completes dataflow_estimate steps data
: >some.onnx
completes some.onnx run so

finish
