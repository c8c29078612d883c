#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# run.sh SECONDS OPTIONS PROGRAM...: lets each fuzzer run so long, one after the other. In the folder of the program, NAME.corpus keeps the
# inputs that reach new lines, found/ those that crash, hang or take too much memory; one of these makes it fail.
set -u
seconds=$1 options=$2
shift 2
status=0

for program; do
  name=$(basename "$program") here=$(dirname "$program")
  mkdir -p "$here/$name.corpus" "$here/found"
  sh "$top_srcdir/tests/fuzz/seeds.sh" "$name" "$here/$name.seeds" || exit 1
  # shellcheck disable=SC2086 # several options
  "$program" -fork=1 -ignore_crashes=1 -ignore_timeouts=1 -ignore_ooms=1 -max_total_time="$seconds" $options \
    -artifact_prefix="$here/found/$name-" "$here/$name.corpus" "$here/$name.seeds" || status=1
done
if [ -n "$(find "$here/found" -name "*-*")" ]; then
  echo "found:"
  ls "$here/found"
  status=1
fi
exit "$status"
