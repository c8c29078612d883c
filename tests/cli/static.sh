#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# buildrunner-static, which has its modules linked in, passes the scripts of the program but those of discovery.
static=$top_builddir/buildrunner-static
[ -x "$static" ] || { echo "skipped: $static was not built"; exit 77; }
status=0
for script in all_problems bad_input check config examples model plugins run usage; do
  BR_PROGRAM=$static BR_PLUGIN_OPTIONS='' ${SHELL:-sh} "$top_srcdir/tests/cli/$script.sh" && continue
  [ $? -eq 77 ] && continue
  echo "FAILED: $script.sh"
  status=1
done
exit "$status"
