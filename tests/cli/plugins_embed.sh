#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# A program outside the tree that links libbuildrunner, registers a backend of its own and runs a build with it, as C and as C++.
. "$top_srcdir/tests/cli/lib.sh"

cc=$(command -v cc || command -v gcc || command -v clang) || skip 'no C compiler'
[ -z "${BR_VALGRIND-}" ] || skip 'covered without valgrind'
libs=$top_builddir/core/.libs
[ -e "$libs/libbuildrunner.so" ] || skip 'libbuildrunner is not built as a shared library'
! "$program" --dump-config | grep -q sanitizers || skip 'a plain program cannot load a library with sanitizers'

cat >embed.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <buildrunner/buildrunner.h>

static const char *const stages[] = { "dataflow_graph", NULL };

static int32_t
run (const struct br_host *host, struct br_build *build)
{
  return host->set_metric (build, "latency", 7.5, "estimate", NULL, NULL);
}

int
main (int argc, char **argv)
{
  struct br_backend backend;
  struct br_registry *registry = br_registry_new ();
  struct br_runner *runner;
  char *result = NULL, *reason = NULL;
  int status;

  memset (&backend, 0, sizeof backend);
  backend.struct_size = sizeof backend;
  backend.name = "embedded";
  backend.title = "Embedded";
  backend.version = "1";
  backend.summary = "Part of the program";
  backend.output_stages = stages;
  if (argc != 2 || registry == NULL || br_registry_add_backend (registry, &backend, &reason) != -1)
    return 10;
  fprintf (stderr, "%s\n", reason);
  free (reason);
  reason = NULL;
  backend.run = run;
  if (br_registry_add_backend (registry, &backend, &reason) != 0)
    return 11;
  if (br_runner_create (registry, "nowhere", &reason) != NULL)
    return 12;
  fprintf (stderr, "%s\n", reason);
  free (reason);
  reason = NULL;
  if ((runner = br_runner_create (registry, "embedded", &reason)) == NULL)
    return 13;
  printf ("%s: %s\n", br_version (), br_runner_backend_name (runner));
  if (strcmp (br_runner_output_stages (runner)[0], "dataflow_graph") != 0 ||
      br_runner_output_stages (runner)[1] != NULL)
    return 14;
  status = br_runner_run (runner, "{\"id\": \"one\", \"output_dir\": \"out\"}", NULL, argv[1], &result, &reason);
  if (status != 0)
    fprintf (stderr, "%s\n", reason != NULL ? reason : "no reason");
  free (result);
  free (reason);
  br_runner_free (runner);
  br_registry_free (registry);
  return status;
}
C
tiny_model model.onnx
try () # COMPILER STANDARD FILE
{
  shown="$1 -std=$2 $3"
  if ! "$1" -std="$2" -Wall -Wextra -Werror -I "$top_srcdir/include" -o embed "$3" -L "$libs" -lbuildrunner \
    -Wl,-rpath,"$libs" >stdout 2>stderr; then
    wrong 'it cannot be built'
    return 0
  fi
  rm -rf out
  status=0
  ./embed model.onnx >stdout 2>stderr || status=$?
  expect_status 0
  expect_stdout '^[0-9.]+: Embedded$'
  expect_stderr '^backend embedded: has no run function$'
  expect_stderr '^there is no backend nowhere; known are auto, embedded$'
  expect_json out/build_result.json "d['status'] == 'success' and d['metrics']['latency'] == 7.5"
}
try "$cc" c11 embed.c
cp embed.c embed.cc
cxx=$(command -v c++ || command -v g++ || command -v clang++) && try "$cxx" c++17 embed.cc

finish
