#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The example configs are ones that check accepts, without a warning.
. "$top_srcdir/tests/cli/lib.sh"

tiny_model model.onnx
for config in "$top_srcdir"/examples/*.json; do
  br check "$config" model.onnx -b brainsmith_stub -o out --strict
  expect_status 0
  expect_no_stderr
done
finish
