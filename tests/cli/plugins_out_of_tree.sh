#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# A module made outside the tree with nothing but the installed plugin.h, once as C and once as C++, dropped
# into the user's plugin directory and used by name. Not for a program with its modules linked in.
. "$top_srcdir/tests/cli/lib.sh"

cc=$(command -v cc || command -v gcc || command -v clang) || skip 'no C compiler'
cxx=$(command -v c++ || command -v g++ || command -v clang++) || skip 'no C++ compiler'
[ -z "${BR_VALGRIND-}" ] || skip 'covered without valgrind'
unset MAKEFLAGS MFLAGS MAKELEVEL

${MAKE-make} -C "$top_builddir" install-pkgincludeHEADERS DESTDIR="$work/dest" >install.log 2>&1 ||
  skip "the headers cannot be installed: $(tail -n 1 install.log)"
include=$(find "$work/dest" -name plugin.h) && include=${include%/buildrunner/plugin.h}
plugins=$XDG_DATA_HOME/buildrunner/plugins
mkdir -p "$plugins"
BR_PLUGIN_OPTIONS=

cat >outside_c.c <<'C'
#include <buildrunner/plugin.h>

static const char *const stages[] = { "dataflow_graph", NULL };
static const struct br_param speed = {
  .struct_size = sizeof speed, .type = BR_PARAM_FLOAT, .name = "speed", .default_json = "2.5",
  .flags = BR_PARAM_HAS_MIN, .minimum = 0
};
static const struct br_param *const params[] = { &speed, NULL };

static int32_t
run (const struct br_host *host, struct br_build *build)
{
  double value = 0;

  if (host->get_double (build, BR_PARAMS, "/speed", &value) == -1)
    return -1;
  if (host->write_file (build, "report/speed.txt", "fast\n", 5) == -1)
    return -1;
  if (host->add_artifact (build, "speed", "report/speed.txt") == -1)
    return -1;
  return host->set_metric (build, "throughput", value * 1000, "estimate", "report/speed.txt", NULL);
}

static const struct br_backend backend = {
  .struct_size = sizeof backend, .abi_minor = BR_ABI_MINOR, .name = "outside_c", .title = "Outside", .version = "1.0",
  .summary = "Made outside the tree", .params = params, .output_stages = stages, .run = run,
};
BR_BACKENDS (outside_c, &backend);
C
cat >outside_cxx.cc <<'C'
#include <buildrunner/plugin.h>
#include <string>

static const char *const stages[] = { "dataflow_graph", nullptr };

static int32_t
run (const br_host *host, br_build *build)
{
  const std::string text = std::string ("model ") + host->model (build);

  if (host->write_file (build, "report/model.txt", text.data (), text.size ()) == -1)
    return -1;
  return host->set_metric (build, "latency", 12.5, "estimate", nullptr, nullptr);
}

static br_backend
make_backend ()
{
  br_backend b = {};

  b.struct_size = sizeof b;
  b.abi_minor = BR_ABI_MINOR;
  b.name = "outside_cxx";
  b.title = "Outside";
  b.version = "1.0";
  b.summary = "Made outside the tree, in C++";
  b.output_stages = stages;
  b.run = run;
  return b;
}

static const br_backend backend = make_backend ();
BR_BACKENDS (outside_cxx, &backend);
C
shown='compiling outside_c.c'
"$cc" -std=c11 -Wall -Wextra -Werror -shared -fPIC -I "$include" -o "$plugins/outside_c.so" outside_c.c >stdout 2>stderr ||
  wrong 'it does not compile'
shown='compiling outside_cxx.cc'
"$cxx" -std=c++17 -Wall -Wextra -Werror -shared -fPIC -I "$include" -o "$plugins/outside_cxx.so" outside_cxx.cc >stdout 2>stderr ||
  wrong 'it does not compile'

br plugins list --json
expect_status 0
expect_json stdout "{'outside_c', 'outside_cxx'} <= {p['name'] for p in d['plugins']}"
br plugins show outside_c --json
expect_json stdout "d['path'] == '$plugins/outside_c.so' and d['parameters'][0]['default'] == 2.5"

tiny_model model.onnx
br run model.onnx -b outside_c -p speed=4 -o out_c
expect_status 0
expect_json out_c/build_result.json "d['status'] == 'success' and d['metrics']['throughput'] == 4000"
expect_json out_c/build_result.json "d['backend']['module'] == '$plugins/outside_c.so'"
expect_json out_c/build_result.json "d['artifacts']['speed'] == 'report/speed.txt'"
br run model.onnx -b outside_cxx -o out_cxx
expect_status 0
expect_json out_cxx/build_result.json "d['metrics']['latency'] == 12.5"
expect_file out_cxx/report/model.txt

# a value that its parameter does not take is an error before anything is made
br run model.onnx -b outside_c -p speed=-1 -o out_bad
expect_status 3
expect_absent out_bad

finish
