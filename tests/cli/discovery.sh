#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Where modules are looked for, as the program shows it. Not for a program with its modules linked in.
. "$top_srcdir/tests/cli/lib.sh"

stage=$top_builddir/stage/plugins
BR_PLUGIN_OPTIONS=

mkdir empty
br plugins path --plugin-path empty
expect_status 0
expect_stdout "^--plugin-path +$work/empty\$"
expect_stdout "^user +$work/home/data/buildrunner/plugins +not there\$"
expect_stdout '^installed +'
br plugins path --plugin-path empty -q
expect_stdout "^$work/empty\$"
br plugins path --plugin-path empty --plugin-path-only --json
expect_json stdout "[p['path'] for p in d['path']] == ['$work/empty'] and d['path'][0]['origin'] == '--plugin-path'"

br plugins list --plugin-path empty --plugin-path-only
expect_status 0
expect_no_stdout
expect_stderr "^buildrunner: warning: no plugin was found; looked in $work/empty\$"
br run config.onnx --plugin-path empty --plugin-path-only
expect_status 3

# a plugin that is nowhere is 4, and nothing is created
tiny_model model.onnx
br run model.onnx -b brainsmith_stub -o out --plugin-path empty --plugin-path-only
expect_status 4
expect_stderr 'brainsmith_stub'
expect_absent out

# the user's directory, the environment's before it
mkdir -p "$XDG_DATA_HOME/buildrunner/plugins" env
cp -L "$stage/brainsmith_stub.so" "$XDG_DATA_HOME/buildrunner/plugins"
br plugins show brainsmith_stub --json
expect_status 0
expect_json stdout "d['path'] == '$work/home/data/buildrunner/plugins/brainsmith_stub.so'"
cp -L "$stage/brainsmith_stub.so" env
BUILDRUNNER_PLUGIN_PATH=$work/env
export BUILDRUNNER_PLUGIN_PATH
br plugins list --json
expect_json stdout "[p['path'] for p in d['plugins'] if p['name'] == 'brainsmith_stub'] == ['$work/env/brainsmith_stub.so']"
expect_json stdout "[(s['name'], s['kind'], s['by']) for s in d['shadowed'] if s['name'] == 'brainsmith_stub'] == [('brainsmith_stub', 'backend', '$work/env/brainsmith_stub.so')]"
br plugins doctor
expect_status 0
expect_stdout '^shadowed: backend/brainsmith_stub of '
BUILDRUNNER_PLUGIN_PATH=relative
br plugins doctor
expect_status 4
expect_stdout 'relative +refused: '
unset BUILDRUNNER_PLUGIN_PATH

mkdir broken
echo 'not a module' >broken/broken.so
br run model.onnx --plugin-path broken --plugin-path-only
expect_status 4
expect_stderr 'warning: no plugin can be used: see buildrunner plugins doctor'

# what cannot be loaded is refused with its reason, and hinders nobody else
mkdir mixed
cp -L "$stage/brainsmith_stub.so" mixed
echo 'not a module' >mixed/broken.so
br plugins list --plugin-path mixed --plugin-path-only
expect_status 0
expect_stdout '^backend +brainsmith_stub '
expect_one_error 'modules that were refused: 1; buildrunner plugins doctor says why'
br plugins doctor --plugin-path mixed --plugin-path-only
expect_status 4
expect_stdout "^refused: $work/mixed/broken\\.so: ."
br plugins list --plugin-path mixed --plugin-path-only --json
expect_json stdout "[r['path'] for r in d['refused']] == ['$work/mixed/broken.so'] and d['refused'][0]['reason'] != ''"
br plugins show broken --plugin-path mixed --plugin-path-only
expect_status 4
expect_one_error 'broken\.so: the module was refused: '
br run model.onnx -b broken -o out --plugin-path mixed --plugin-path-only
expect_status 4
expect_absent out
br run model.onnx -b brainsmith_stub -o out -q --plugin-path mixed --plugin-path-only
expect_status 0

# a directory that others can write is refused
mkdir open
cp -L "$stage/brainsmith_stub.so" open
chmod 777 open
br plugins list --plugin-path open --plugin-path-only
expect_no_stdout
br plugins doctor --plugin-path open --plugin-path-only
expect_status 4
expect_stdout "$work/open +refused: "

finish
