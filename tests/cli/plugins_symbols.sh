#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What leaves a shared object: of a module the descriptor lists, of libbuildrunner its public header's
# functions. Nothing else, so that two modules cannot get into each other's way.
. "$top_srcdir/tests/cli/lib.sh"

command -v nm >/dev/null || skip 'no nm'
[ -z "${BR_VALGRIND-}" ] || skip 'nothing runs here'

exported () # FILE
{
  nm -D --defined-only "$1" | awk '{ print $NF }' | sed 's/@.*//' | grep -Ev '^(_edata|_end|__bss_start|_init|_fini|__gcov.*|mangle_path|__odr_asan.*)$' || true
}

modules=0
for module in "$top_builddir"/stage/plugins/*.so; do
  [ -e "$module" ] || continue
  modules=$((modules + 1))
  shown="exports of ${module##*/}"
  exported "$module" >stdout
  : >stderr
  [ -s stdout ] || wrong 'nothing is exported'
  if grep -Ev '^br_(backends|transforms|analyses|module)_v1$' stdout >more; then
    wrong "exported besides: $(tr '\n' ' ' <more)"
  fi
done
[ "$modules" -gt 0 ] || skip 'no modules in stage/plugins'

library=$top_builddir/core/.libs/libbuildrunner.so
if [ -e "$library" ]; then
  shown='exports of libbuildrunner'
  exported "$library" | sort >stdout
  : >stderr
  sed -n 's/^BR_PUBLIC .*[ *]\(br_[a-z_]*\) (.*/\1/p' "$top_srcdir/include/buildrunner/buildrunner.h" | sort >expected
  [ -s expected ] || wrong 'the header has no functions'
  cmp -s stdout expected || wrong "not what the header declares: $(diff expected stdout | grep '^[<>]' | tr '\n' ' ')"
fi

finish
