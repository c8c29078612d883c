#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The sources keep the include rule; and the check finds each way of breaking it.
set -eu
: "${top_srcdir:=.}"
awk_file=$top_srcdir/tests/tools/include-rules.awk
case $awk_file in /*) ;; *) awk_file=$PWD/$awk_file ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# breaks FILE INCLUDE: a file with this include is complained of
breaks ()
{
  mkdir -p "$work/$(dirname "$1")"
  printf '#include %s\n' "$2" >"$work/$1"
  if (cd "$work" && awk -f "$awk_file" "$1" >/dev/null); then
    echo "not found: $1 includes $2"
    failed=1
  fi
}

keeps ()
{
  mkdir -p "$work/$(dirname "$1")"
  printf '#include %s\n' "$2" >"$work/$1"
  (cd "$work" && awk -f "$awk_file" "$1") || failed=1
}

breaks common/x.c '"core/data/config.h"'
breaks common/x.c '"qonnx/qonnx.h"'
breaks common/x.h '<buildrunner/plugin.h>'
breaks qonnx/x.c '"core/data/config.h"'
breaks qonnx/x.c '<buildrunner/plugin.h>'
breaks core/data/x.c '"core/host/search.h"'
breaks core/host/x.c '"core/run/plan.h"'
breaks core/host/x.c '"core/proc/child.h"'
breaks core/host/x.c '<ltdl.h>'
breaks core/run/x.c '"core/cli/cli.h"'
breaks core/run/x.c '"qonnx/qonnx.h"'
breaks core/cli/x.c '<protobuf-c/protobuf-c.h>'
breaks core/cli/x.c '"plugins/command/command.h"'
breaks plugins/one/x.c '"core/data/config.h"'
breaks plugins/one/x.c '"plugins/two/x.h"'
breaks plugins/one/x.c '"qonnx/internal.h"'
breaks plugins/one/x.c '<buildrunner/buildrunner.h>'
breaks plugins/dataflow_estimate/estimate/x.c '<buildrunner/plugin.h>'
breaks include/buildrunner/x.h '<json-c/json.h>'
keeps core/cli/x.c '"qonnx/qonnx.h"'
keeps core/run/x.c '"core/host/modules.h"'
keeps core/host/ltdl.c '<ltdl.h>'
keeps plugins/one/x.c '"plugins/one/x.h"'
keeps plugins/one/x.c '"common/str.h"'

cd "$top_srcdir"
sources=$(find common core include plugins qonnx -name '*.[ch]' ! -name '*.pb-c.[ch]' | sort)
[ -n "$sources" ] || failed=1
# shellcheck disable=SC2086 # no path of ours has a space
awk -f "$awk_file" $sources || failed=1
exit "$failed"
