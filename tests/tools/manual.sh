#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The manual page and the help know the same commands and options; manual pages are well formed.
. "$top_srcdir/tests/cli/lib.sh"

page=$top_srcdir/docs/buildrunner.1

# options of all commands, out of their help
{
  program --help
  for command in run check config estimate 'plugins list' 'plugins show' steps diagnose 'model info' 'model cleanup' 'model transform' 'model cost' 'model run' 'model diff' 'model operators'; do
    # shellcheck disable=SC2086 # two words of a command
    program $command --help
  done
} >help
grep -Eo -- '--[a-z][a-z-]+' help | sort -u >in-help
sed -n '/^\.SH OPTIONS/,/^\.SH EVENTS/p' "$page" | sed 's/\\-/-/g' | grep -E '^\.(B|BR|TP)' | grep -Eo -- '--[a-z][a-z-]+' | sort -u >in-page
shown='options of the help and of the page'
[ -s in-help ] || wrong 'the help names no options'
diff in-help in-page >difference || wrong "they differ (< help, > page): $(tr '\n' ' ' <difference)"

# commands
for command in run check config 'plugins list' 'plugins show' 'plugins doctor' 'plugins path' steps diagnose 'model info' \
  'model cleanup' 'model transform' 'model cost' 'model run' 'model diff' 'model operators'; do
  grep -qx "\.B $command" "$page" || wrong "$command is not in the page's commands"
done

if command -v groff >/dev/null; then
  find "$top_srcdir/docs" "$top_srcdir/plugins" -name '*.[1-8]' >pages
  while read -r one; do
    shown=$one
    groff -man -ww -z "$one" >stdout 2>stderr
    expect_no_stderr
  done <pages
else
  echo 'manual pages are not formatted: no groff'
fi

finish
