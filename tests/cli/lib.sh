# SPDX-License-Identifier: BSD-3-Clause
# What the scripts share: a folder of their own, a way to call the program that keeps what it said, and assertions. Sourced.
#
#   BR_PROGRAM         the program to test (default: the build tree's), BR_PLUGIN_OPTIONS what finds its plugins
#   BR_VALGRIND        a command to run it under
#
# An assertion that fails says what was expected and what was there, and the script goes on; `finish` is its last line.
# shellcheck shell=sh disable=SC2034

: "${top_srcdir:?is set by make check}" "${top_builddir:?is set by make check}"

work=$(mktemp -d "${TMPDIR:-/tmp}/buildrunner-test.XXXXXX") || exit 99
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99
mkdir home
: >stdout
: >stderr
HOME=$work/home XDG_DATA_HOME=$work/home/data
export HOME XDG_DATA_HOME

# another program than the build tree's knows its own worker and its own modules
program=${BR_PROGRAM:-$top_builddir/buildrunner}
if [ -n "${BR_PROGRAM-}" ]; then
  unset BUILDRUNNER_WORKER
else
  BUILDRUNNER_WORKER=$top_builddir/buildrunner-worker
  export BUILDRUNNER_WORKER
  : "${BR_PLUGIN_OPTIONS=--plugin-path $top_builddir/stage/plugins --plugin-path-only}"
fi
failures=0
shown=

# The program as it is, with no plugin options: for what a shell needs to redirect.
program ()
{
  if [ -n "${BR_VALGRIND-}" ]; then
    "$top_builddir/libtool" --silent --mode=execute $BR_VALGRIND "$program" "$@"
  else
    "$program" "$@"
  fi
}

# br ARGUMENT...: leaves $status, $work/stdout and $work/stderr
br ()
{
  shown="buildrunner $*"
  status=0
  program ${BR_PLUGIN_OPTIONS-} "$@" >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?
}

wrong ()
{
  failures=$((failures + 1))
  printf 'FAILED: %s: %s\n' "$shown" "$*"
  sed 's/^/  stdout: /' "$work/stdout" | head -n 20
  sed 's/^/  stderr: /' "$work/stderr" | head -n 20
}

expect_status ()
{
  [ "$status" -eq "$1" ] || wrong "exit status $status, not $1"
}

# expect_stdout PATTERN, expect_stderr PATTERN: an extended regular expression that some line matches
expect_stdout ()
{
  grep -Eq -e "$1" "$work/stdout" || wrong "no line of standard output matches $1"
}

expect_stderr ()
{
  grep -Eq -e "$1" "$work/stderr" || wrong "no line of standard error matches $1"
}

expect_no_stdout ()
{
  [ ! -s "$work/stdout" ] || wrong "standard output is not empty"
}

expect_no_stderr ()
{
  [ ! -s "$work/stderr" ] || wrong "standard error is not empty"
}

# expect_one_error PATTERN: one line on standard error, and it matches
expect_one_error ()
{
  [ "$(wc -l <"$work/stderr")" -eq 1 ] || wrong "not one line on standard error"
  expect_stderr "$1"
}

expect_file ()
{
  [ -f "$1" ] || wrong "$1 is not there"
}

expect_absent ()
{
  [ ! -e "$1" ] && [ ! -L "$1" ] || wrong "$1 is there"
}

# expect_json FILE EXPRESSION: a Python expression over the document d; without Python the check is left out, and said so once
expect_json ()
{
  if ! command -v python3 >/dev/null; then
    [ -n "${no_python_said-}" ] || echo "JSON is not looked at: no python3"
    no_python_said=1
    return 0
  fi
  python3 -c '
import json, os, sys
d = json.load(open(sys.argv[1]))
ok = eval(sys.argv[2])
if not ok: print(json.dumps(d, indent=1)[:2000])
sys.exit(0 if ok else 1)' "$1" "$2" || wrong "not so: $2"
}

# A file that is an ONNX model as far as its outermost fields go: an IR version, and a graph with a name.
tiny_model ()
{
  printf '\010\010\072\004\022\002g1' >"$1"
}

skip ()
{
  echo "skipped: $*"
  exit 77
}

finish ()
{
  [ "$failures" -eq 0 ] || exit 1
  exit 0
}
