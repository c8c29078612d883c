#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# For `make installcheck`: the installed program finds its own modules and builds with them.
. "$top_srcdir/tests/cli/lib.sh"

br --version
expect_status 0
br plugins list -q
expect_status 0
expect_stdout '^backend/dataflow_estimate$'
expect_stdout '^backend/brainsmith_stub$'
expect_stdout '^transform/graph_optimization$'
br plugins doctor
expect_status 0
tiny_model model.onnx
br run model.onnx -b brainsmith_stub -o out
expect_status 0
expect_file out/build_result.json

finish
