#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Bad modules, as a person meets them: each is told of with its reason, and the good ones work. Not for a
# program with its modules linked in.
. "$top_srcdir/tests/cli/lib.sh"

dummies=$top_builddir/tests/modules/.libs
[ -e "$dummies/misbehave.so" ] || skip 'the dummy modules are not built'
BR_PLUGIN_OPTIONS="--plugin-path $work/m --plugin-path-only"
mkdir m
cp "$dummies/misbehave.so" m

# bad MODULE REASON: an extended regular expression that the reason matches
bad ()
{
  cp "$dummies/$1.so" m
  br plugins list --json
  expect_status 0
  grep -q '"misbehave_ok"' stdout || wrong "$1 hides the good ones"
  grep -Eq -- "\"reason\": \"$2" stdout || wrong "$1 is not refused with $2"
  tiny_model model.onnx
  br run model.onnx -b "$1" -o out
  expect_status 4
  expect_stderr "$1"
  expect_absent out
  rm "m/$1.so"
}

bad no_symbol 'no buildrunner plugin symbol'
bad newer_only 'has br_backends_v2 and no _v1: it needs a newer buildrunner'
bad abi_too_new 'backend abi_too_new: needs plugin ABI 1\.7, this buildrunner has 1\.0'
bad struct_too_small 'backend struct_too_small: descriptor too small'
bad missing_member 'backend missing_member: has no run function'
bad unknown_param_type 'backend unknown_param_type: parameter depth: unknown type 77'
bad load_fails 'its load function failed \(12\)'
bad undefined_symbol 'undefined symbol: there_is_no_such_function'
bad crashes_on_load 'crashed while it was loaded \(SIGSEGV\)'
bad crashes_in_constructor 'crashed while it was loaded \(SIGBUS\)'
bad exits_on_load 'exited while it was loaded \(status 3\)'

# a named plugin that was refused is told of with the reason of its refusal
cp "$dummies/abi_too_new.so" m
br run model.onnx -b abi_too_new -o out
expect_status 4
expect_stderr 'needs plugin ABI 1\.7'
br plugins doctor
expect_status 4
expect_stdout '^refused: .*/abi_too_new\.so: backend abi_too_new: needs plugin ABI 1\.7, this buildrunner has 1\.0$'
br run model.onnx -b misbehave_ok -o out
expect_status 0
rm -r m/abi_too_new.so out

# not ELF, empty, writable by all
echo 'this is a text and no module' >m/text.so
: >m/empty.so
cp "$dummies/good.so" m/open.so
chmod 666 m/open.so
br plugins list --json
expect_status 0
for reason in 'file too short' 'all users can write to it \(mode 0666\)'; do
  grep -Eq -- "\"reason\": \"$reason" stdout || wrong "no refusal with $reason"
done
expect_json stdout "len (d['refused']) == 3 and not [p for p in d['plugins'] if p['module'] == 'open']"
rm m/text.so m/empty.so m/open.so

# the first of a name wins, and the other is told of
cp "$dummies/duplicate_a.so" "$dummies/duplicate_b.so" m
br plugins list --json
expect_json stdout "[p['module'] for p in d['plugins'] if p['name'] == 'duplicate'] == ['duplicate_a']"
expect_json stdout "[(s['name'], s['kind'], s['path'], s['by']) for s in d['shadowed']] == [('duplicate', 'backend', '$work/m/duplicate_b.so', '$work/m/duplicate_a.so')]"

# a directory that all can write is not looked into
chmod 777 m
br plugins list --json
expect_status 0
expect_json stdout "d['plugins'] == []"
chmod 755 m

# a module that prints does not disturb what a program reads
cp "$dummies/prints_on_load.so" m
br plugins list --json
expect_status 0
expect_json stdout "'prints_on_load' in [p['name'] for p in d['plugins']]"
br plugins doctor
expect_stdout '^warning: .*/prints_on_load\.so: printed while it was loaded: '
br plugins doctor --json
expect_json stdout '[list(w) for w in d["warnings"]] == [["path", "text"]] and d["warnings"][0]["path"].endswith("/prints_on_load.so")'

finish
