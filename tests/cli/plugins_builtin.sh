#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# buildrunner-static has its modules in itself: no shared object of ours is needed, and the list says where
# they come from.
. "$top_srcdir/tests/cli/lib.sh"

program=$top_builddir/buildrunner-static
unset BUILDRUNNER_WORKER BUILDRUNNER_PLUGIN_PATH
BR_PLUGIN_OPTIONS=

if command -v ldd >/dev/null; then
  shown='ldd buildrunner-static'
  ldd "$program" >stdout 2>stderr || wrong 'it is no program'
  for plugin in "$top_builddir"/stage/plugins/*.so; do
    ! grep -q "[ /]${plugin##*/}" stdout || wrong "it needs ${plugin##*/}"
  done
fi

br plugins path
expect_status 0
expect_stdout '^builtin '
br plugins list --json
expect_status 0
for plugin in "$top_builddir"/stage/plugins/*.so; do
  name=${plugin##*/}
  name=${name%.so}
  grep -q "\"path\": \"builtin:$name\"" stdout || wrong "$name is not linked in"
done
expect_json stdout "d['refused'] == []"
br plugins doctor
expect_status 0

tiny_model model.onnx
br run model.onnx -b brainsmith_stub -o out
expect_status 0
expect_json out/build_result.json "d['status'] == 'success' and d['backend']['module'] == 'builtin:brainsmith_stub'"

# a file wins over what is linked in
mkdir m
cp -L "$top_builddir/stage/plugins/brainsmith_stub.so" m
br plugins list --plugin-path m --json
expect_json stdout "[p['path'] for p in d['plugins'] if p['name'] == 'brainsmith_stub'] == ['$work/m/brainsmith_stub.so']"
expect_json stdout "'builtin:brainsmith_stub' in [s['path'] for s in d['shadowed']]"

finish
