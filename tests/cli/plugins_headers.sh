#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The installed headers compile alone, as C and as C++, with every warning.
. "$top_srcdir/tests/cli/lib.sh"

[ -z "${BR_VALGRIND-}" ] || skip 'nothing runs here'

compile () # COMPILER LANGUAGE STANDARD HEADER
{
  shown="$1 -std=$3 $4"
  printf '#include <%s>\nint main (void) { return BR_ABI_MAJOR - 1; }\n' "$4" >"alone.$2"
  "$1" -std="$3" -Wall -Wextra -pedantic -Werror -fsyntax-only -I "$top_srcdir/include" "alone.$2" >stdout 2>stderr ||
    wrong 'it does not compile'
}

found=
for header in buildrunner/plugin.h buildrunner/buildrunner.h; do
  for cc in cc gcc clang; do
    command -v "$cc" >/dev/null || continue
    found=yes
    compile "$cc" c c11 "$header"
    compile "$cc" c gnu17 "$header"
  done
  for cxx in c++ g++ clang++; do
    command -v "$cxx" >/dev/null || continue
    compile "$cxx" cc c++17 "$header"
    compile "$cxx" cc c++11 "$header"
  done
done
[ -n "$found" ] || skip 'no compiler'

finish
