#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The backend of buildrunner-plugin(3) compiles, and does what it says.
. "$top_srcdir/tests/cli/lib.sh"

cc=$(command -v cc || command -v gcc || command -v clang) || skip 'no compiler'
[ -z "${BR_VALGRIND-}" ] || skip 'covered without valgrind'

# the page's text between .nf and .fi, as a reader sees it
sed -n '/^\.SS A backend/,/^\.fi/p' "$top_srcdir/docs/buildrunner-plugin.3" |
  sed -e '/^\./d' -e 's/\\-/-/g' >mymodule.c
mkdir modules
shown='compiling the page'"'"'s example'
"$cc" -Wall -Wextra -Werror -std=c11 -shared -fPIC -Wl,-z,now -I "$top_srcdir/include" -o modules/mymodule.so mymodule.c \
  >stdout 2>stderr || wrong 'it does not compile'

tiny_model model.onnx
BR_PLUGIN_OPTIONS="--plugin-path $work/modules --plugin-path-only"
br run model.onnx -b mine --set /config_flags/clock_period_ns=5 --json
expect_status 0
expect_json stdout 'd["metrics"]["clock_frequency"] == 200'
br run model.onnx -b mine --set /config_flags/clock_period_ns=0.5 --json
expect_status 1
expect_json stdout 'd["error"]["category"] == "config" and "0.5 ns is too short" in d["error_message"]'

finish
