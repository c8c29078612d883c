#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The modules of examples/, compiled as their authors would outside the tree: in C and in C++, against plugin.h alone, nothing of buildrunner linked.
. "$top_srcdir/tests/cli/lib.sh"

cc=$(command -v cc || command -v gcc || command -v clang) || skip 'no C compiler'
cxx=$(command -v c++ || command -v g++ || command -v clang++) || skip 'no C++ compiler'
[ -z "${BR_VALGRIND-}" ] || skip 'covered without valgrind'

# compile COMPILER NAME SOURCE OPTION...
compile ()
{
  compiler=$1 name=$2 source=$3
  shift 3
  shown="compiling $source"
  "$compiler" -Wall -Wextra -Wpedantic -Werror -shared -fPIC -Wl,-z,now,-z,defs "$@" -I include \
    -o "modules/$name.so" "$top_srcdir/examples/$source" >stdout 2>stderr || wrong 'it does not compile'
}

mkdir -p modules include/buildrunner
cp "$top_srcdir/include/buildrunner/plugin.h" include/buildrunner/
compile "$cc" hello_backend hello_backend.c -std=c11
compile "$cxx" hello_analysis hello_analysis.cc -std=c++17

tiny_model model.onnx
cat >config.json <<'X'
{"id": "hello", "model_path": "model.onnx", "backend": "hello", "backend_parameters": {"cycles": 200},
 "config_flags": {"clock_period_ns": 5.0},
 "postprocessing": [{"name": "hello_metrics", "type": "postprocessing", "parameters": {}, "enabled": true}]}
X
BR_PLUGIN_OPTIONS="--plugin-path $work/modules --plugin-path-only"

# 1e9 ns / (5 ns * 200 cycles)
br run config.json -o out
expect_status 0
expect_json out/build_result.json 'd["status"] == "success" and d["metrics"]["throughput"] == 1e6'
expect_json out/build_result.json 'd["metrics"]["latency"] is None'
expect_json out/build_result.json 'd["artifacts"]["hello"] == "report/hello.json"'
expect_json out/build_result.json 'd["backend"]["name"] == "hello"'
expect_json out/report/hello.json 'd == {"throughput": 1e6}'
expect_json out/postprocessing/hello_metrics.json 'd["throughput"] is True and d["accuracy"] is False and len(d) == 9'

# what the table forbids is found before anything runs
br run config.json -o bad -p cycles=0
expect_status 3
expect_stderr 'cycles'
expect_absent bad

# both are listed as what they are
br plugins list --json
expect_status 0
expect_json stdout 'sorted((p["name"], p["kind"], p["module"]) for p in d["plugins"]) == [("hello", "backend", "hello_backend"), ("hello_metrics", "analysis", "hello_analysis")]'
br plugins show hello --json
expect_json stdout '[(p["name"], p["type"], p["unit"], p["default"]) for p in d["parameters"]] == [("cycles", "int", "cycles", 1000)]'

finish
