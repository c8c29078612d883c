#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Cleaned models equal those of the Python package node for node, under every option that both have.

. "$top_srcdir/tests/oracle/venv.sh"

mkdir "$work/exported" || exit 99
"$python" "$top_srcdir/tests/oracle/exported_models.py" "$work/exported" || exit 99
"$python" "$top_srcdir/tests/oracle/compare_models.py" "$qx_oracle" "$work" "$work/exported"/*.onnx "$BUILDRUNNER_MODELS"/*.onnx
