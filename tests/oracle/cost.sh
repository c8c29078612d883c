#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Inference cost equals the Python package's in every key.

. "$top_srcdir/tests/oracle/venv.sh"

mkdir "$work/exported" || exit 99
"$python" "$top_srcdir/tests/oracle/exported_models.py" "$work/exported" || exit 99
"$python" "$top_srcdir/tests/oracle/compare_costs.py" "$qx_oracle" "$top_builddir/buildrunner" \
  "$work" "$work/exported"/*.onnx "$BUILDRUNNER_MODELS"/*.onnx
