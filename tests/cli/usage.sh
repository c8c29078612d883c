#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Help, version, wrong usage; and output that cannot be written.
. "$top_srcdir/tests/cli/lib.sh"

br
expect_status 2
expect_no_stdout
expect_stderr 'no command was given'

br --help
expect_status 0
expect_no_stderr
expect_stdout '^Usage: buildrunner COMMAND'
expect_stdout '  plugins doctor  '
expect_stdout 'https://github.com/buildrunner/buildrunner/issues'
expect_stdout '^Examples:'

for command in run check config estimate 'plugins list' 'plugins show' 'plugins doctor' 'plugins path' steps diagnose 'model info' \
  'model cleanup' 'model transform' 'model cost' 'model run' 'model diff' 'model operators'; do
  # shellcheck disable=SC2086 # two words of a command
  br $command --help
  expect_status 0
  expect_no_stderr
  expect_stdout "^Usage: buildrunner $command "
  expect_stdout '^Examples:'
  expect_stdout 'Report bugs at'
done

br plugins --help
expect_status 0
expect_stdout '^  plugins show '

br --version
expect_status 0
expect_stdout '^buildrunner [0-9]+\.[0-9]+\.[0-9]+$'
br run --version
expect_status 0

br --dump-config
expect_status 0
for key in version abi plugindir worker features; do
  expect_stdout "^$key=..*"
done
expect_stdout '^abi=1\.0$'

# wrong usage is 2, one line says what and another where to read on
wrong_usage ()
{
  text=$1
  shift
  br "$@"
  expect_status 2
  expect_no_stdout
  expect_stderr "$text"
  expect_stderr '^Try: buildrunner.* --help$'
}

wrong_usage 'unknown command rum; did you mean run\?' rum
wrong_usage 'unknown command plugins shwo; did you mean show\?' plugins shwo
wrong_usage 'unknown command xyzzy$' xyzzy
wrong_usage 'no command was given' model
wrong_usage 'unknown option --bakend; did you mean --backend\?' run --bakend x
wrong_usage 'unknown option --boart; did you mean --board\?' config --boart=ZCU104
wrong_usage 'unknown option --fpss$' run --fpss x.json
wrong_usage 'unknown option -x' run -x
wrong_usage '--fps is not an option of run' run --fps 3 x.json
wrong_usage '--keep is not an option of plugins list' plugins list --keep
wrong_usage '--backend stands before the command' --backend x run
wrong_usage '--backend needs a value: BACKEND' run x.json --backend
wrong_usage '--strict takes no value' run x.json --strict=1
wrong_usage 'an argument is missing' run
wrong_usage 'an argument is missing' plugins show
wrong_usage 'one argument too many: c' run a b c
wrong_usage 'one argument too many: x' plugins list x
wrong_usage '--set x: not of the form PTR=VALUE' run a.json --set x
wrong_usage '--param =3: not of the form NAME=VALUE' run a.json -p =3
wrong_usage '--preserve-qnt-ops perhaps: not true or false' model cleanup a.onnx --preserve-qnt-ops perhaps
for value in 0 -1 1x nan inf 1e3 0x10 1.2.3 '' ' 5' 3w; do
  wrong_usage "--timeout $value: not a duration" run a.json --timeout "$value"
done
for value in 0 -1 lots 1X nan; do
  wrong_usage "--memory $value: not a size" run a.json --memory "$value"
  wrong_usage "--fps $value: not a number" config --fps "$value"
done

# letters may be joined, with or without their value; -- ends the options
br plugins path -qv
expect_status 0
br run -bnone -onowhere -- --strict
expect_status 3
expect_stderr ' --strict: '

# output that cannot be written is an error
if [ -c /dev/full ]; then
  for command in --version --help 'plugins list --json' 'plugins path'; do
    shown="buildrunner $command >/dev/full"
    status=0
    : >"$work/stdout"
    # shellcheck disable=SC2086 # words of a command
    program ${BR_PLUGIN_OPTIONS-} $command >/dev/full 2>"$work/stderr" || status=$?
    expect_status 1
    expect_one_error 'standard output: No space left on device'
  done
fi
shown='buildrunner --help >&-'
status=0
program --help >&- 2>"$work/stderr" || status=$?
expect_status 1
expect_one_error 'standard output: '
# a pipe whose reader has gone before the program starts
shown='buildrunner --help | reader that has gone'
mkfifo pipe
: <pipe &
exec 4>pipe
wait
status=0
program --help >&4 2>"$work/stderr" || status=$?
exec 4>&-
expect_status 1
expect_one_error 'standard output: Broken pipe'

finish
