#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Inference cost equals the Python package's in every key.

. "$top_srcdir/tests/oracle/venv.sh"

"$python" "$top_srcdir/tests/oracle/compare_costs.py" "$qx_oracle" "$top_builddir/buildrunner" \
  "$work" "$BUILDRUNNER_MODELS"/*.onnx
