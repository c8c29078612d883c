#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# ONNX's own node cases (package libonnx-testdata): those of every operator that is offered pass.
# ONNX_CASES names another folder of such cases.

cases=${ONNX_CASES:-/usr/share/libonnx-testdata/data/node}
[ -d "$cases" ] || {
  echo "skipped: no cases in $cases (package libonnx-testdata)"
  exit 77
}
exec "$top_builddir/tests/oracle/qx_cases" "$cases"
