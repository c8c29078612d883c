# SPDX-License-Identifier: BSD-3-Clause
# For scripts that look for what a build leaves running: a mark in the environment of everything that it starts. Sourced, behind lib.sh.
# shellcheck shell=sh

# Skips where the program under test has no module `command`, or /proc does not show what is looked for.
needs_command_module ()
{
  [ -r /proc/self/environ ] || skip 'there is no /proc'
  case " ${BR_PLUGIN_OPTIONS-} " in
  *" --plugin-path "*) ;;
  *) [ -n "${BR_PROGRAM-}" ] || skip 'no plugins' ;;
  esac
}

# env "$mark" COMMAND...: what it starts inherits the mark
mark=BUILDRUNNER_TEST_MARK=$work

# Process numbers, one a line. A zombie has no environment any more.
marked_processes ()
{
  grep -lsFz -e "$mark" /proc/[0-9]*/environ | sed 's|^/proc/||; s|/environ$||'
}

expect_no_processes ()
{
  left=$(marked_processes)
  [ -z "$left" ] || wrong "processes are left: $left"
  for pid in $left; do
    kill -KILL "$pid" 2>/dev/null
  done
}

# Those of a host that has died are ended by its supervisor, a moment later.
expect_all_gone ()
{
  tries=0
  while [ -n "$(marked_processes)" ] && [ $tries -lt 1500 ]; do
    sleep 0.02
    tries=$((tries + 1))
  done
  expect_no_processes
}
